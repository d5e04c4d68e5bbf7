/*
 * lib/conn/follow.c - a segment's way through a connection.
 *
 * Room: conn.  Includes: base, wire, segment, fsm, reasm.  Judge, put the data
 * away (the only step that can fail), change numbers and states, and then tell:
 * so a call that has no memory has changed nothing, and a callback sees the
 * connection as it is after the segment.
 */
#include "conn/conn.h"
#include "conn/oddities.h"
#include "conn/place.h"
#include "conn/tell.h"
#include "segment/segment.h"

/* Wireshark's rule: later than a handshake's round trip is not reordering; 3 ms
   where no handshake was seen. */
static const tcpflow_time REORDER_DEFAULT = 3 * TCPFLOW_MILLISECOND;

/* What a segment brings, from judging to telling. */
typedef struct visit {
  tcpflow__cause cause;
  tcpflow_time now; /* Never goes backwards. */
  tcpflow__judgment judgment;
  tcpflow__reasm_input input;
  bool has_input;
  bool opens;
  uint8_t before[2];
  uint8_t moves;
  tcpflow__move move[TCPFLOW__HAPPENINGS_MAX];
} visit;

static tcpflow_time reorder_limit(const tcpflow_conn *conn) {
  const tcpflow_time server = conn->rtt[TCPFLOW_SIDE_SERVER];
  const tcpflow_time client = conn->rtt[TCPFLOW_SIDE_CLIENT];

  return server == TCPFLOW_TIME_NONE || client == TCPFLOW_TIME_NONE
           ? REORDER_DEFAULT
           : server + client;
}

static void judge(const tcpflow_conn *conn, visit *v) {
  const tcpflow__segment_context context = {
    .edge = tcpflow__place_edge(conn, v->cause.sender),
    .reorder = reorder_limit(conn),
  };

  tcpflow__segment_judge(&v->judgment, conn->end, v->cause.sender,
                         v->cause.segment, &context);
}

/* Hands the data to the stream of its sender. */
static int put_data(tcpflow_conn *conn, visit *v) {
  const tcpflow_side sender = v->cause.sender;

  if (!v->judgment.data) {
    return TCPFLOW_OK;
  }
  v->has_input = tcpflow__place_data(conn, sender, v->cause.segment,
                                     v->judgment.syn_first, &v->input);
  if (!v->has_input) {
    return TCPFLOW_OK;
  }
  return tcpflow__reasm_put(&conn->stream[sender], &conn->env->budget,
                            &conn->env->limits, &v->input);
}

/* Sends what happened through the diagram. */
static void move(tcpflow_conn *conn, visit *v) {
  v->before[0] = conn->end[0].state;
  v->before[1] = conn->end[1].state;
  for (unsigned i = 0; i < v->judgment.count; i++) {
    const tcpflow__happening *const at = &v->judgment.happening[i];
    tcpflow__endpoint *const end = &conn->end[at->side];
    const uint8_t from = end->state;
    const uint8_t to = (uint8_t)tcpflow_state_next(
      (tcpflow_state)from, (tcpflow_stimulus)at->stimulus);

    if (to != from) {
      end->state = to;
      v->move[v->moves++] = (tcpflow__move){
        at->side, from, to, at->stimulus, end->proof, at->inferred};
    }
  }
}

/* Once both endpoints are open, whatever they do next. */
static void note_open(tcpflow_conn *conn, visit *v) {
  if (tcpflow__conn_opened(conn) ||
      conn->end[0].state < TCPFLOW_STATE_ESTABLISHED ||
      conn->end[1].state < TCPFLOW_STATE_ESTABLISHED) {
    return;
  }
  tcpflow__conn_mark(conn, TCPFLOW__CONN_OPEN);
  v->opens = true;
  if (conn->open_kind == TCPFLOW_OPEN_UNKNOWN) {
    conn->open_kind = TCPFLOW_OPEN_THREE_WAY;
  }
}

/* What the segment says of how the connection begins. */
static tcpflow_open_kind kind_of(const tcpflow_conn *conn, const visit *v) {
  const tcpflow_verdict verdict = v->judgment.verdict;
  const bool syn = (v->cause.segment->flags & TCPFLOW_FLAG_SYN) != 0;
  const bool has_syn = tcpflow__endpoint_has(
    &conn->end[tcpflow_side_other(v->cause.sender)], TCPFLOW__END_SYN);

  if ((verdict & TCPFLOW_VERDICT_MID_STREAM) != 0) {
    return TCPFLOW_OPEN_MID_STREAM;
  }
  if ((verdict & TCPFLOW_VERDICT_FAST_OPEN_ACCEPTED) != 0) {
    return TCPFLOW_OPEN_FAST;
  }
  if (v->judgment.syn_first && v->judgment.peer_syn) {
    return TCPFLOW_OPEN_SYN_ACK_FIRST;
  }
  /* A SYN meets a SYN; or it comes again, with the ACK of one that was not
     captured (RFC 9293 Figure 7). */
  if (v->judgment.syn_first ? !v->judgment.ack && has_syn
                            : syn && v->judgment.peer_syn) {
    return TCPFLOW_OPEN_SIMULTANEOUS;
  }
  return TCPFLOW_OPEN_UNKNOWN;
}

/* How the connection begins, as soon as it shows: before the numbers of the
   segment are applied. */
static void note_kind(tcpflow_conn *conn, const visit *v) {
  if (conn->open_kind == TCPFLOW_OPEN_UNKNOWN) {
    conn->open_kind = (uint8_t)kind_of(conn, v);
  }
}

/*
 * A SYN that is sent again makes the round trip ambiguous (Karn); one with
 * another number does not, because the answer tells which one it answers.
 */
static void note_repeated_syn(tcpflow_conn *conn, const visit *v) {
  const bool ack = (v->cause.segment->flags & TCPFLOW_FLAG_ACK) != 0;
  const unsigned bit =
    ack ? TCPFLOW__CONN_SYN_ACK_AGAIN : TCPFLOW__CONN_SYN_AGAIN;

  if (v->judgment.syn_first) {
    conn->bits &= ~bit;
  } else if ((v->judgment.verdict & TCPFLOW_VERDICT_SYN_RETRANSMISSION) != 0) {
    tcpflow__conn_mark(conn, bit);
  }
}

/* Takes one half of the handshake's round trip. */
static void take_rtt(tcpflow_conn *conn, tcpflow_side side, unsigned again,
                     tcpflow_time now) {
  if (!tcpflow__conn_is(conn, again) && conn->syn_time != TCPFLOW_TIME_NONE) {
    conn->rtt[side] = now - conn->syn_time;
  }
}

static void note_handshake(tcpflow_conn *conn, const visit *v) {
  const bool answers = v->judgment.ack && !v->judgment.peer_syn;

  note_repeated_syn(conn, v);
  if (v->judgment.syn_first) {
    if (answers) {
      take_rtt(conn, TCPFLOW_SIDE_SERVER, TCPFLOW__CONN_SYN_AGAIN, v->now);
    }
    conn->syn_time = v->now;
  } else if (answers && v->opens && v->cause.sender == TCPFLOW_SIDE_CLIENT) {
    take_rtt(conn, TCPFLOW_SIDE_CLIENT, TCPFLOW__CONN_SYN_ACK_AGAIN, v->now);
  }
}

static void note_fin(tcpflow_conn *conn, const visit *v) {
  if (!v->judgment.fin_first) {
    return;
  }
  if (conn->first_fin < 0) {
    conn->first_fin = (int8_t)v->cause.sender;
  }
  if (v->judgment.crossed) {
    tcpflow__conn_mark(conn, TCPFLOW__CONN_CROSSED);
  }
}

/* A SYN that may begin the next connection of this tuple. */
static void note_candidate(tcpflow_conn *conn, const visit *v) {
  if ((v->judgment.verdict & TCPFLOW_VERDICT_SYN_IN_CONNECTION) != 0 &&
      (v->cause.segment->flags & TCPFLOW_FLAG_ACK) == 0) {
    conn->candidate_isn = v->cause.segment->seq;
    tcpflow__conn_mark(conn, TCPFLOW__CONN_CANDIDATE);
  }
}

/* All that changes, before anybody hears of it. */
static void settle(tcpflow_conn *conn, visit *v) {
  tcpflow__note_oddities(conn, v->cause.segment, v->judgment.verdict);
  note_kind(conn, v);
  tcpflow__segment_apply(conn->end, v->cause.sender, v->cause.segment,
                         &v->judgment, v->now);
  move(conn, v);
  note_open(conn, v);
  note_handshake(conn, v);
  note_fin(conn, v);
  note_candidate(conn, v);
  if (v->judgment.ack) {
    tcpflow__place_ack(conn, tcpflow_side_other(v->cause.sender));
  }
  /* Much data implies ACKs, captured or not. */
  if (v->judgment.data) {
    tcpflow__place_ack(conn, v->cause.sender);
  }
  conn->last = v->now;
}

static void tell_segment(tcpflow_conn *conn, const visit *v) {
  const tcpflow_segment *const segment = v->cause.segment;
  const tcpflow_side sender = v->cause.sender;
  const int scaling = tcpflow__endpoints_scaling(&conn->end[0], &conn->end[1]);
  const bool syn = (segment->flags & TCPFLOW_FLAG_SYN) != 0;
  tcpflow_segment_event event = {
    .time = v->cause.time,
    .segment = segment,
    .verdict = v->judgment.verdict,
    .offset = tcpflow__place_of(conn, sender, segment),
    .window = (uint64_t)segment->window
              << (!syn && scaling == 1 ? conn->end[sender].wscale : 0),
    .window_known = syn || scaling >= 0,
    .side = sender,
    .before = {(tcpflow_state)v->before[0], (tcpflow_state)v->before[1]},
    .after = {(tcpflow_state)conn->end[0].state,
              (tcpflow_state)conn->end[1].state},
    .proof = {(tcpflow_proof)conn->end[0].proof,
              (tcpflow_proof)conn->end[1].proof},
  };

  tcpflow__tell_segment(conn, &event);
}

/* Does the connection end here, because the segment ends it, or because a
   callback wants it? */
static tcpflow_end_reason end_of(const tcpflow_conn *conn, const visit *v) {
  const bool fins =
    tcpflow__endpoint_has(&conn->end[0], TCPFLOW__END_FIN_ACKED) &&
    tcpflow__endpoint_has(&conn->end[1], TCPFLOW__END_FIN_ACKED);

  if ((v->judgment.verdict & TCPFLOW_VERDICT_RST_ACCEPTED) != 0) {
    return TCPFLOW_END_RESET;
  }
  if (fins) {
    return TCPFLOW_END_FIN;
  }
  return tcpflow__conn_is(conn, TCPFLOW__CONN_END_ASKED)
           ? (tcpflow_end_reason)conn->end_reason
           : TCPFLOW_END_NONE;
}

/* Data comes before anomalies, so a stream that ends is emptied first. */
static void tell_rest(tcpflow_conn *conn, const visit *v) {
  if (end_of(conn, v) == TCPFLOW_END_NONE) {
    tcpflow__tell_anomalies(conn, &v->cause);
  }
  if (end_of(conn, v) != TCPFLOW_END_NONE) {
    tcpflow__conn_conclude(conn, &v->cause, end_of(conn, v));
  }
}

static void tell(tcpflow_conn *conn, const visit *v, bool begins) {
  const tcpflow_side sender = v->cause.sender;

  if (begins) {
    tcpflow__tell_new(conn, &v->cause);
  }
  tell_segment(conn, v);
  for (unsigned i = 0; i < v->moves; i++) {
    tcpflow__tell_move(conn, &v->cause, &v->move[i]);
  }
  if (v->opens) {
    tcpflow__tell_established(conn, &v->cause);
  }
  tcpflow__tell_stream(conn, tcpflow_side_other(sender), &v->cause, NULL);
  tcpflow__tell_stream(conn, sender, &v->cause,
                       v->has_input ? &v->input : NULL);
  /* A FIN has a place in the stream: what comes behind it does not count. */
  if (v->judgment.fin_first) {
    tcpflow__place_fin(conn, sender);
  }
  tcpflow__place_stopped(conn);
  tell_rest(conn, v);
}

int tcpflow__conn_feed(tcpflow_conn *conn, tcpflow_side sender,
                       const tcpflow_segment *segment) {
  const bool begins = !tcpflow__conn_is(conn, TCPFLOW__CONN_BEGUN);
  visit v;
  int error;

  v.cause = (tcpflow__cause){segment->time, segment, sender};
  v.now = segment->time > conn->last ? segment->time : conn->last;
  v.has_input = false;
  v.opens = false;
  v.moves = 0;
  judge(conn, &v);
  if (tcpflow__conn_is(conn, TCPFLOW__CONN_SUCCEEDS) && begins) {
    v.judgment.verdict |= TCPFLOW_VERDICT_PORT_REUSED;
  }
  error = put_data(conn, &v);
  if (error != TCPFLOW_OK) {
    return error;
  }

  if (begins) {
    conn->first = v.now;
    tcpflow__conn_mark(conn, TCPFLOW__CONN_BEGUN);
  }
  settle(conn, &v);
  tell(conn, &v, begins);
  return TCPFLOW_OK;
}
