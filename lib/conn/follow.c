/*
 * lib/conn/follow.c - a segment's way through a connection.
 *
 * Room: conn.  Includes: base, wire, segment, fsm, reasm.  Judge, put the data
 * away (the only step that can fail), change numbers and states, and then tell:
 * so a call that has no memory has changed nothing, and a callback sees the
 * connection as it is after the segment.
 */
#include "base/compiler.h"
#include "conn/detour.h"
#include "conn/doubt.h"
#include "conn/extra.h"
#include "conn/far.h"
#include "conn/flip.h"
#include "conn/gate.h"
#include "conn/heir.h"
#include "conn/holes.h"
#include "conn/oddities.h"
#include "conn/opening.h"
#include "conn/place.h"
#include "conn/skip.h"
#include "conn/stage.h"
#include "conn/subflow.h"
#include "conn/urgent.h"
#include "conn/visit.h"
#include "conn/ways.h"
#include "reasm/rest.h"

/* Up to where the sender's stream is complete.  One that is not followed has no
   holes. */
static tcpflow_seq edge_of(const tcpflow_conn *conn, tcpflow_side sender) {
  return tcpflow__conn_ignored(conn) ? conn->end[sender].snd_nxt
                                     : tcpflow__place_edge(conn, sender);
}

/* What stands beside the endpoints of a connection that has nothing there. */
static const tcpflow__beside nothing_beside[2];

static void judge_numbers(const tcpflow_conn *conn, tcpflow__visit *v) {
  const bool syn = (v->cause.segment->flags & TCPFLOW_FLAG_SYN) != 0;
  const tcpflow__segment_context context = {
    .prints = &conn->env->prints,
    .beside = conn->extra == NULL ? nothing_beside : conn->extra->beside,
    .edge = edge_of(conn, v->cause.sender),
    .reorder = tcpflow__conn_reorder(conn),
    .untold = {syn && tcpflow__place_untold(conn, TCPFLOW_SIDE_CLIENT),
               syn && tcpflow__place_untold(conn, TCPFLOW_SIDE_SERVER)},
    .shared_window = tcpflow__subflow_shares(conn),
    .strict_paws = (conn->env->strict & TCPFLOW_STRICT_PAWS) != 0,
    .refuses = conn->extra != NULL && tcpflow__opening_is_refused(conn, v),
    .strict_ack = (conn->env->strict & TCPFLOW_STRICT_ACK) != 0,
    .rst_taste = conn->rst_taste,
  };

  if (!tcpflow__conn_doubted(conn)) {
    tcpflow__segment_judge(&v->judgment, conn->end, v->cause.sender,
                           v->cause.segment, &context);
    return;
  }
  /* As if it had not been closed. */
  tcpflow__endpoint end[2] = {conn->end[0], conn->end[1]};
  end[0].state = conn->wait->doubt.state[0];
  end[1].state = conn->wait->doubt.state[1];
  tcpflow__segment_judge(&v->judgment, end, v->cause.sender, v->cause.segment,
                         &context);
}

/* The segment has chosen another SYN; that counts if it does so itself, as a
   segment of the connection which that one begins. */
static void judge_choice(tcpflow_conn *conn, tcpflow__visit *v) {
  if (v->judgment.numbers) {
    v->judgment.verdict |= TCPFLOW_VERDICT_INCARNATION_SELECTED;
    return;
  }
  tcpflow__opening_unselect(conn, v);
  v->selects = false;
  judge_numbers(conn, v);
}

/* The segment of a connection that remembers something. */
static void judge_with_memory(tcpflow_conn *conn, tcpflow__visit *v) {
  v->former = tcpflow__heir_is_former(conn, v);
  if (v->former) {
    v->judgment = (tcpflow__judgment){.verdict = TCPFLOW_VERDICT_AFTER_END};
    return;
  }
  tcpflow__opening_select(conn, v);
  judge_numbers(conn, v);
  if (v->selects) {
    judge_choice(conn, v);
  }
  tcpflow__opening_challenge(conn, v);
}

/* The first segment of a connection. */
static void judge_first(tcpflow_conn *conn, tcpflow__visit *v) {
  const bool seeded = tcpflow__heir_seed(conn, v->now);

  judge_numbers(conn, v);
  if (seeded) {
    tcpflow__heir_seeded(conn, v);
  }
  if (tcpflow__conn_is(conn, TCPFLOW__CONN_SUCCEEDS)) {
    v->judgment.verdict |= TCPFLOW_VERDICT_PORT_REUSED;
  }
}

static void judge(tcpflow_conn *conn, tcpflow__visit *v, bool begins) {
  if (begins) {
    judge_first(conn, v);
  } else if (conn->extra != NULL) {
    judge_with_memory(conn, v);
  } else {
    judge_numbers(conn, v);
  }
}

/* Does its data end at the window?  Of a second copy of a frame nobody has
   judged that. */
static bool ends_at_window(const tcpflow_conn *conn, const tcpflow__visit *v) {
  const tcpflow_side receiver = tcpflow_side_other(v->cause.sender);

  if ((conn->env->strict & TCPFLOW_STRICT_WINDOW) == 0) {
    return false;
  }
  return (v->judgment.verdict & TCPFLOW_VERDICT_BEYOND_WINDOW) != 0 ||
         (v->judgment.duplicate && v->judgment.scaling >= 0 &&
          !tcpflow__subflow_shares(conn) &&
          tcpflow__endpoint_has(&conn->end[receiver], TCPFLOW__END_WINDOW));
}

/* What comes early has a hole before it. */
static inline int put(tcpflow_conn *conn, tcpflow__reasm *stream,
                      tcpflow__reasm_input *input) {
  const int error =
    tcpflow__reasm_put(stream, &conn->env->budget, &conn->env->limits, input);

  if (input->early && error == TCPFLOW_OK) {
    tcpflow__conn_mark(conn, TCPFLOW__CONN_HOLE_NEWS);
  }
  return error;
}

/* What lies behind a FIN comes first: it is held, and held once, however often
   the segment comes again for want of memory. */
static int put_input(tcpflow_conn *conn, tcpflow__visit *v) {
  const tcpflow_side sender = v->cause.sender;
  const int error = (v->judgment.verdict & TCPFLOW_VERDICT_BEYOND_FIN) == 0
                      ? TCPFLOW_OK
                      : tcpflow__place_beyond(conn, sender, &v->input);

  return error == TCPFLOW_OK
           ? put(conn, &conn->sides->stream[sender], &v->input)
           : error;
}

/* Has it octets in front of where the stream was picked up?  They have no
   place. */
static bool is_before(const tcpflow_conn *conn, const tcpflow__visit *v) {
  return !v->judgment.duplicate &&
         !tcpflow__endpoint_has(&conn->end[v->cause.sender],
                                TCPFLOW__END_SYN) &&
         (!v->has_input || v->input.length < v->cause.segment->payload_length);
}

/* Hands the data to the stream of its sender; that of a SYN waits. */
static int put_data(tcpflow_conn *conn, tcpflow__visit *v) {
  const tcpflow_side sender = v->cause.sender;

  if (!v->judgment.data || v->judgment.syn_first) {
    return TCPFLOW_OK;
  }
  v->has_input = tcpflow__place_data(conn, sender, v->cause.segment,
                                     v->judgment.syn_first, &v->input);
  if (is_before(conn, v)) {
    v->judgment.odd |= TCPFLOW__ODD_BEFORE_STREAM;
  }
  if (v->has_input && ends_at_window(conn, v)) {
    v->has_input = tcpflow__place_in_window(conn, sender, &v->input);
  }
  if (!v->has_input) {
    return TCPFLOW_OK;
  }
  if (tcpflow__conn_is(conn, TCPFLOW__CONN_SKIPS)) {
    tcpflow__skip_input(conn, sender, &v->input);
  }
  return put_input(conn, v);
}

/* Likewise; that of a segment which is not believed is kept beside it. */
static int take_data(tcpflow_conn *conn, tcpflow__visit *v) {
  if (tcpflow__conn_ignored(conn)) {
    return TCPFLOW_OK;
  }
  return v->judgment.jump && !v->judgment.ack_waits ? tcpflow__far_keep(conn, v)
                                                    : put_data(conn, v);
}

/* May a hole be waited for from here on, because it was acknowledged?  An ACK
   may overtake its octets, those behind a FIN come to count, and much data
   implies ACKs. */
static bool may_wait(const tcpflow_conn *conn, const tcpflow__visit *v) {
  const tcpflow__endpoint *const snd = &conn->end[v->cause.sender];
  const tcpflow_seq end =
    tcpflow_seq_add(v->cause.segment->seq, v->cause.segment->payload_length);

  return v->overtakes || v->judgment.fin_refuted || v->judgment.begins_before ||
         v->judgment.peer_before ||
         (v->judgment.data && tcpflow__endpoint_has(snd, TCPFLOW__END_BASE) &&
          tcpflow_seq_distance(snd->snd_una, end) > TCPFLOW__WINDOW_MAX);
}

/* That needs memory. */
static int prepare_ack(tcpflow_conn *conn, tcpflow__visit *v) {
  v->overtakes = v->judgment.ack && tcpflow__place_overtakes(
                                      conn, tcpflow_side_other(v->cause.sender),
                                      v->cause.segment->ack);
  return !tcpflow__conn_ignored(conn) && may_wait(conn, v)
           ? tcpflow__holes_reserve(conn)
           : TCPFLOW_OK;
}

/* What steps may need that cannot fail.  For who has rests of its own, a pair
   need not be in stock. */
static int stock_up(tcpflow_conn *conn, unsigned flags) {
  int error = TCPFLOW_OK;

  if (tcpflow__rest_is_shared(&conn->sides->stream[0]) ||
      tcpflow__rest_is_shared(&conn->sides->stream[1])) {
    error = tcpflow__rest_stock(&conn->env->budget);
  }
  return error == TCPFLOW_OK &&
             (flags & (TCPFLOW_FLAG_FIN | TCPFLOW_FLAG_RST)) != 0
           ? tcpflow__doubt_reserve(conn, flags)
           : error;
}

/* What few segments leave behind. */
static int prepare_extra(tcpflow_conn *conn, tcpflow__visit *v) {
  const int error = tcpflow__subflow_prepare(conn, v);

  return error == TCPFLOW_OK && tcpflow__judgment_goes_beside(&v->judgment) &&
             tcpflow__conn_extra_need(conn) == NULL
           ? TCPFLOW_ERR_NOMEM
           : error;
}

/* Takes all memory that the segment needs. */
static int reserve(tcpflow_conn *conn, tcpflow__visit *v) {
  int error = stock_up(conn, v->cause.segment->flags);

  if (error == TCPFLOW_OK &&
      (v->cause.segment->flags & TCPFLOW_FLAG_SYN) != 0) {
    error = tcpflow__opening_reserve(conn, v);
  }
  if (error == TCPFLOW_OK) {
    error = prepare_extra(conn, v);
  }
  if (error == TCPFLOW_OK &&
      (v->cause.segment->flags & TCPFLOW_FLAG_URG) != 0) {
    error = tcpflow__urgent_reserve(conn, v);
  }
  if (error == TCPFLOW_OK) {
    error = prepare_ack(conn, v);
  }
  if (error == TCPFLOW_OK) {
    error = take_data(conn, v);
  }
  if (error != TCPFLOW_OK) {
    tcpflow__opening_unreserve(conn, v);
    tcpflow__opening_unselect(conn, v);
  } else {
    tcpflow__opening_selected(conn, v);
  }
  return error;
}

static void settle_streams(tcpflow_conn *conn, const tcpflow__visit *v) {
  const tcpflow_side receiver = tcpflow_side_other(v->cause.sender);

  if (v->judgment.count != 0 || v->judgment.fin_refuted) {
    tcpflow__place_fin_told(conn, receiver, v->judgment.fin_refuted);
  }
  if (v->overtakes || v->judgment.fin_refuted) {
    tcpflow__place_ack(conn, receiver);
  }
  /* Much data implies ACKs, captured or not. */
  if (v->judgment.data) {
    tcpflow__place_ack(conn, v->cause.sender);
  }
}

/* Does the segment concern how a connection opens?  Most do not. */
static bool may_open(const tcpflow_conn *conn, const tcpflow__visit *v) {
  return !tcpflow__conn_opened(conn) || conn->extra != NULL ||
         (v->cause.segment->flags & TCPFLOW_FLAG_SYN) != 0;
}

/* What few connections, or few segments, ask for. */
static void settle_few(tcpflow_conn *conn, const tcpflow__visit *v) {
  if (tcpflow__conn_is(conn, TCPFLOW__CONN_GATED)) {
    tcpflow__gate_settle(conn, v);
  }
  if (v->opens || tcpflow__conn_is(conn, TCPFLOW__CONN_LONE)) {
    tcpflow__conn_note_trust(conn, v->cause.sender, v->judgment.numbers,
                             v->opens);
  }
}

/* Does it know octets that are not believed? */
static bool has_far(const tcpflow_conn *conn) {
  return conn->extra != NULL &&
         (conn->extra->far[0].root != NULL || conn->extra->far[1].root != NULL);
}

/* The numbers of both, and what these leave behind. */
static void apply(tcpflow_conn *conn, const tcpflow__visit *v) {
  const bool far = has_far(conn);
  const tcpflow__stand before[2] = {
    tcpflow__place_stand(conn, TCPFLOW_SIDE_CLIENT),
    tcpflow__place_stand(conn, TCPFLOW_SIDE_SERVER)};

  if (far) {
    tcpflow__far_believe(conn, v);
  }
  tcpflow__segment_apply(
    conn->end, conn->extra == NULL ? NULL : conn->extra->beside,
    v->cause.sender, v->cause.segment, &v->judgment, v->now);
  if (far) {
    tcpflow__far_settle(conn);
  }
  if (v->judgment.begins_before || v->judgment.peer_before) {
    return; /* Offsets begin anew. */
  }
  if (!v->judgment.syn_first && !tcpflow__conn_ignored(conn)) {
    tcpflow__place_moved(conn, TCPFLOW_SIDE_CLIENT, &before[0]);
    tcpflow__place_moved(conn, TCPFLOW_SIDE_SERVER, &before[1]);
  }
}

/* All that changes, before anybody hears of it. */
static void settle(tcpflow_conn *conn, tcpflow__visit *v) {
  const bool opens = may_open(conn, v);

  tcpflow__moves_begin(conn, v);
  tcpflow__note_oddities(conn, v->cause.segment, &v->judgment);
  if (opens) {
    tcpflow__flip_note(conn, v);
    tcpflow__opening_oddities(conn, v);
    tcpflow__opening_kind(conn, v);
    tcpflow__opening_keep(conn, v);
  }
  apply(conn, v);
  if (v->judgment.print != 0) {
    tcpflow__conn_keep_print(conn, &v->cause, v->judgment.print);
  }
  tcpflow__moves_follow(conn, v);
  if (opens) {
    tcpflow__opening_release(conn, v);
    tcpflow__opening_done(conn, v);
    tcpflow__opening_rtt(conn, v);
  }
  tcpflow__moves_note_fin(conn, v);
  tcpflow__subflow_note(conn, v);
  if (v->marks) {
    tcpflow__urgent_note(conn, v);
  }
  if (!tcpflow__conn_ignored(conn)) {
    settle_streams(conn, v);
  }
  conn->last = v->now;
  if (conn->end[tcpflow_side_other(v->cause.sender)].segments == 0) {
    tcpflow__note_one_sided(conn);
  }
  if (v->opens ||
      tcpflow__conn_is(conn, TCPFLOW__CONN_LONE | TCPFLOW__CONN_GATED)) {
    settle_few(conn, v);
  }
}

/* Does the connection end here, because the segment ends it, or because a
   callback wants it? */
static tcpflow_end_reason end_of(const tcpflow_conn *conn,
                                 const tcpflow__visit *v) {
  const bool fins =
    tcpflow__endpoint_has(&conn->end[0], TCPFLOW__END_FIN_ACKED) &&
    tcpflow__endpoint_has(&conn->end[1], TCPFLOW__END_FIN_ACKED);

  if (tcpflow__conn_doubted(conn)) {
    return tcpflow__conn_is(conn, TCPFLOW__CONN_END_ASKED)
             ? (tcpflow_end_reason)conn->wait->doubt.reason
             : TCPFLOW_END_NONE;
  }
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

/* After two FINs: the end waits for what comes late, unless somebody wants it
   now. */
static bool lingers(tcpflow_conn *conn, const tcpflow__visit *v) {
  if (tcpflow__conn_is(conn, TCPFLOW__CONN_END_ASKED) ||
      !tcpflow__doubt_begin(conn, v->now, TCPFLOW_END_FIN,
                            (tcpflow_side)tcpflow__conn_first_fin(conn),
                            v->cause.segment->seq)) {
    return false;
  }
  tcpflow__tell_anomalies(conn, &v->cause);
  return !tcpflow__conn_is(conn, TCPFLOW__CONN_END_ASKED);
}

/* The connection has ended: now, or when what comes late has come. */
static void end(tcpflow_conn *conn, const tcpflow__visit *v,
                tcpflow_end_reason reason) {
  const bool doubted = tcpflow__conn_doubted(conn);

  if (reason == TCPFLOW_END_FIN && !doubted && lingers(conn, v)) {
    return;
  }
  if (doubted) {
    tcpflow__conn_finish(conn, v->cause.time, NULL, reason);
  } else {
    tcpflow__conn_conclude(conn, &v->cause, reason);
  }
}

/* Data comes before anomalies, so a stream that ends is emptied first. */
static void tell_rest(tcpflow_conn *conn, const tcpflow__visit *v) {
  tcpflow_end_reason reason;

  if (tcpflow__holes_matter(conn)) {
    tcpflow__holes_settle(conn, &v->cause, v->now);
  }
  reason = end_of(conn, v);
  if (reason == TCPFLOW_END_NONE) {
    tcpflow__tell_anomalies(conn, &v->cause);
    if (!tcpflow__conn_is(conn, TCPFLOW__CONN_END_ASKED)) {
      return;
    }
    reason = end_of(conn, v);
  }
  if (reason != TCPFLOW_END_NONE) {
    end(conn, v, reason);
  }
}

/* RFC 9293 section 3.5.3: a RST may have payload; it is not of the stream. */
static void tell_beside(tcpflow_conn *conn, const tcpflow__visit *v) {
  const tcpflow_segment *const segment = v->cause.segment;

  if ((segment->flags & TCPFLOW_FLAG_RST) != 0 &&
      segment->payload_length != 0 && !v->former) {
    tcpflow__tell_rst_data(conn, &v->cause);
  }
}

/* The octets that came with a SYN. */
static void tell_syn(tcpflow_conn *conn, tcpflow__visit *v) {
  if (v->has_syn_input) {
    tcpflow__tell_stream(conn, (tcpflow_side)v->syn_side, &v->cause,
                         &v->syn_input);
  }
  tcpflow__opening_forget(conn, v);
}

static void tell(tcpflow_conn *conn, tcpflow__visit *v, bool begins) {
  const tcpflow_side sender = v->cause.sender;
  const bool waits = v->has_syn_input && v->syn_waits;

  if (begins) {
    tcpflow__tell_new(conn, &v->cause);
  }
  if (v->flips) {
    tcpflow__tally_one(conn->env->tally.flipped);
    tcpflow__tell_flip(conn, &v->cause);
  }
  tcpflow__tell_segment(conn, v);
  tcpflow__tell_moves(conn, v);
  if (!waits) {
    tell_syn(conn, v);
  }
  tcpflow__tell_stream(conn, tcpflow_side_other(sender), &v->cause, NULL);
  if (v->has_input && conn->env->past.any) {
    tcpflow__tell_retold(conn, sender, &v->cause, &v->input);
  }
  tcpflow__tell_stream(conn, sender, &v->cause,
                       v->has_input ? &v->input : NULL);
  if (waits) {
    tcpflow__opening_put(conn, v);
    tell_syn(conn, v);
  }
  /* A FIN has a place in the stream: what comes behind it does not count. */
  if (v->judgment.fin_first) {
    tcpflow__place_fin(conn, sender);
  }
  tcpflow__place_stopped(conn);
  tell_beside(conn, v);
  tell_rest(conn, v);
}

void tcpflow__conn_rest(tcpflow_conn *conn, const tcpflow__visit *v) {
  tcpflow__place_stopped(conn);
  tell_rest(conn, v);
}

void tcpflow__conn_asked(tcpflow_conn *conn, const tcpflow__cause *cause) {
  tcpflow__visit v;

  v.cause = *cause;
  v.now = conn->last;
  v.judgment.verdict = 0;
  tcpflow__conn_rest(conn, &v);
}

/* The general way. */
TCPFLOW__APART static int follow(tcpflow_conn *conn, tcpflow_side sender,
                                 const tcpflow_segment *segment) {
  const bool begins = !tcpflow__conn_is(conn, TCPFLOW__CONN_BEGUN);
  tcpflow__visit v;
  int error;

  v.flips = tcpflow__flip_is_due(conn, sender, segment);
  if (v.flips) {
    tcpflow__flip(conn);
    sender = tcpflow_side_other(sender);
  }
  v.cause = (tcpflow__cause){segment->time, segment, sender};
  v.now = segment->time > conn->last ? segment->time : conn->last;
  v.has_input = false;
  v.input.early = false;
  v.has_syn_input = false;
  v.selects = false;
  v.former = false;
  v.keeps = false;
  v.opens = false;
  v.doubts = false;
  v.marks = false;
  v.moves = 0;
  judge(conn, &v, begins);
  v.judgment.verdict |= v.flips ? TCPFLOW_VERDICT_ROLES_FLIPPED : 0;
  error = reserve(conn, &v);
  if (error != TCPFLOW_OK) {
    if (v.flips) {
      tcpflow__flip(conn);
    }
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

/* The ways of what is known beforehand. */
static bool follow_known(tcpflow_conn *conn, tcpflow_side sender,
                         const tcpflow_segment *segment, bool between) {
  if (tcpflow__conn_ignored(conn)) {
    return tcpflow__conn_pass_by(conn, sender, segment);
  }
  return between ? tcpflow__conn_detour(conn, sender, segment)
                 : tcpflow__conn_routine(conn, sender, segment);
}

int tcpflow__conn_follow(tcpflow_conn *conn, tcpflow_side sender,
                         const tcpflow_segment *segment, bool between) {
  tcpflow__stage_leave(conn);
  return follow_known(conn, sender, segment, between)
           ? TCPFLOW_OK
           : follow(conn, sender, segment);
}
