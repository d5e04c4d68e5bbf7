/*
 * lib/conn/routine.c - how a connection usually opens and closes.
 *
 * Room: conn.  Includes: base, wire, segment, fsm, reasm.  A segment that is
 * the next step of a handshake or a close (segment/expected.h) opens no hole
 * and closes none, and nothing is odd: what remains are numbers, states, the
 * segment and its octets.  The general way (follow.c) would tell the same, and
 * does so for every other segment; those in between are express.c's.
 */
#include "conn/extra.h"
#include "conn/flip.h"
#include "conn/opening.h"
#include "conn/place.h"
#include "conn/visit.h"
#include "segment/expected.h"

/* What has to be looked at with each segment. */
static const uint32_t UNUSUAL =
  TCPFLOW__CONN_ENDED | TCPFLOW__CONN_IGNORED | TCPFLOW__CONN_END_ASKED |
  TCPFLOW__CONN_STOP_NEWS | TCPFLOW__CONN_LONE | TCPFLOW__CONN_DOUBTED |
  TCPFLOW__CONN_SKIPS | TCPFLOW__CONN_GUESSED | TCPFLOW__CONN_GATED |
  TCPFLOW__CONN_KEEPS | TCPFLOW__CONN_HOLES | TCPFLOW__CONN_HOLE_NEWS;

/* What a callback may have asked for. */
static const uint32_t ASKED = TCPFLOW__CONN_END_ASKED | TCPFLOW__CONN_STOP_NEWS;

static bool is_usual(const tcpflow_conn *conn) {
  return (conn->bits & UNUSUAL) == 0 && conn->env->routine &&
         (conn->extra == NULL ||
          tcpflow__conn_extra_is_quiet(conn->extra, conn->last)) &&
         tcpflow__reasm_is_idle(&conn->sides->stream[0]) &&
         tcpflow__reasm_is_idle(&conn->sides->stream[1]);
}

/* The number of what a stream waits for. */
static tcpflow_seq edge_of(const tcpflow_conn *conn, tcpflow_side side) {
  return tcpflow_seq_add(
    conn->end[side].base,
    (uint32_t)(conn->sides->stream[side].next & UINT32_MAX));
}

/* Is all there that it acknowledges?  A FIN is no octet. */
static bool has_all(const tcpflow_conn *conn, tcpflow_side receiver,
                    tcpflow_seq ack) {
  const tcpflow__endpoint *const rcv = &conn->end[receiver];
  const bool fin = tcpflow__endpoint_has(rcv, TCPFLOW__END_FIN) &&
                   tcpflow_seq_lt(rcv->fin, ack);

  return tcpflow_seq_leq(fin ? rcv->fin : ack, edge_of(conn, receiver));
}

/* A tracker hands on its own latest time; then the packet has the frame's. */
static bool is_in_time(const tcpflow_conn *conn,
                       const tcpflow_segment *segment) {
  return segment->time >= conn->last &&
         (segment->packet == NULL || segment->packet->time >= segment->time);
}

/* What an endpoint sends shows that it is open (moves.c). */
static void prove(tcpflow__endpoint *snd) {
  if (snd->proof != TCPFLOW_PROOF_NONE) {
    snd->proof = TCPFLOW_PROOF_PROVED;
  }
}

static void settle_turn(tcpflow_conn *conn, tcpflow__visit *v) {
  const tcpflow_side sender = v->cause.sender;

  tcpflow__segment_take_turn(conn->end, sender, v->cause.segment, &v->judgment);
  tcpflow__conn_keep_print(conn, &v->cause, v->judgment.print);
  tcpflow__moves_turn(conn, v);
  if (conn->end[sender].state == TCPFLOW_STATE_ESTABLISHED) {
    prove(&conn->end[sender]);
  }
  if (!tcpflow__conn_opened(conn)) {
    tcpflow__opening_done(conn, v);
    tcpflow__opening_rtt(conn, v);
  }
  tcpflow__moves_note_fin(conn, v);
  if (v->judgment.count != 0) {
    tcpflow__place_fin_told(conn, tcpflow_side_other(sender), false);
  }
  conn->last = v->now;
}

static void tell_turn(tcpflow_conn *conn, const tcpflow__visit *v) {
  tcpflow__tell_turn(conn, v);
  if (v->judgment.data) {
    tcpflow__tell_next(conn, v->cause.sender, v->cause.segment);
  }
  if (v->judgment.fin_first) {
    tcpflow__place_fin(conn, v->cause.sender);
  }
  tcpflow__conn_rest(conn, v);
}

/* From here on v tells of a segment that was judged. */
static void begin_visit(const tcpflow_conn *conn, tcpflow__visit *v,
                        const tcpflow__cause *cause) {
  v->cause = *cause;
  v->now = cause->time;
  v->opens = false;
  v->doubts = false;
  v->before[0] = conn->end[0].state;
  v->before[1] = conn->end[1].state;
}

static bool follow_turn(tcpflow_conn *conn, const tcpflow__cause *cause) {
  tcpflow__visit v;

  if (!tcpflow__segment_is_turn(&v.judgment, conn->end, cause->sender,
                                cause->segment, edge_of(conn, cause->sender))) {
    return false;
  }
  begin_visit(conn, &v, cause);
  settle_turn(conn, &v);
  tell_turn(conn, &v);
  return true;
}

/* --- a SYN, or a SYN,ACK --- */

/* Does the side send it that does so in every handshake, to somebody else?
   What a connection has beside it may remember SYNs (subflow.h). */
static bool is_usual_greeting(const tcpflow_conn *conn,
                              const tcpflow__cause *cause) {
  const bool answer = (cause->segment->flags & TCPFLOW_FLAG_ACK) != 0;

  return conn->extra == NULL &&
         cause->sender ==
           (answer ? TCPFLOW_SIDE_SERVER : TCPFLOW_SIDE_CLIENT) &&
         answer == tcpflow__conn_is(conn, TCPFLOW__CONN_BEGUN) &&
         !(tcpflow__conn_is(conn, TCPFLOW__CONN_HAS_TUPLE) &&
           conn->tuple.port[0] == conn->tuple.port[1]);
}

static void settle_greeting(tcpflow_conn *conn, tcpflow__visit *v) {
  v->flips = false;
  tcpflow__flip_note(conn, v);
  tcpflow__segment_take_greeting(conn->end, v->cause.sender, v->cause.segment);
  tcpflow__conn_keep_print(conn, &v->cause, v->judgment.print);
  tcpflow__moves_turn(conn, v);
  tcpflow__opening_rtt(conn, v);
  conn->last = v->now;
}

static bool follow_greeting(tcpflow_conn *conn, const tcpflow__cause *cause) {
  const bool begins = !tcpflow__conn_is(conn, TCPFLOW__CONN_BEGUN);
  tcpflow__visit v;

  if (!is_usual_greeting(conn, cause) ||
      !tcpflow__segment_is_greeting(&v.judgment, conn->end, cause->sender,
                                    cause->segment)) {
    return false;
  }
  begin_visit(conn, &v, cause);
  if (begins) {
    conn->first = v.now;
    tcpflow__conn_mark(conn, TCPFLOW__CONN_BEGUN);
  }
  settle_greeting(conn, &v);
  if (begins) {
    tcpflow__tell_new(conn, cause);
  }
  tcpflow__tell_turn(conn, &v);
  if (tcpflow__conn_is(conn, ASKED)) {
    tcpflow__conn_asked(conn, cause);
  }
  return true;
}

/* May memory be wanted for its end?  Then it has to be taken first. */
static bool may_linger(const tcpflow_conn *conn,
                       const tcpflow_segment *segment) {
  return (segment->flags & TCPFLOW_FLAG_FIN) != 0 &&
         conn->env->close_linger != 0;
}

bool tcpflow__conn_routine(tcpflow_conn *conn, tcpflow_side sender,
                           const tcpflow_segment *segment) {
  const tcpflow__cause cause = {segment->time, segment, sender};

  if (!is_usual(conn) || !is_in_time(conn, segment)) {
    return false;
  }
  if ((segment->flags & TCPFLOW_FLAG_SYN) != 0) {
    return follow_greeting(conn, &cause);
  }
  return !may_linger(conn, segment) &&
         has_all(conn, tcpflow_side_other(sender), segment->ack) &&
         follow_turn(conn, &cause);
}
