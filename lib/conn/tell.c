/*
 * lib/conn/tell.c - one function an event.
 *
 * Room: conn.  Includes: base, segment, fsm, reasm.
 */
#include "base/compiler.h"
#include "conn/again.h"
#include "conn/gate.h"
#include "conn/handon.h"
#include "conn/place.h"
#include "conn/retold.h"
#include "conn/skip.h"
#include "conn/urgent.h"
#include "conn/visit.h"

/* The tuple of a connection, which may be written to ROOM; NULL: none. */
static const tcpflow_tuple *tuple_of(const tcpflow_conn *conn,
                                     tcpflow_tuple *room) {
  return tcpflow__conn_is(conn, TCPFLOW__CONN_HAS_TUPLE)
           ? tcpflow__ends_seen(&conn->ends, room)
           : NULL;
}

void tcpflow__tell_new(tcpflow_conn *conn, const tcpflow__cause *cause) {
  tcpflow__conn_env *const env = conn->env;
  tcpflow_tuple room;

  if (env->callbacks.on_new == NULL || !tcpflow__voice_is_heard(conn)) {
    return;
  }
  const tcpflow_new_event event = {cause->time, tuple_of(conn, &room),
                                   cause->segment, cause->sender,
                                   (tcpflow_role_basis)conn->role};
  tcpflow__voice_enter(conn);
  tcpflow__voice_leave(conn, env->callbacks.on_new(conn, &event, env->user));
}

void tcpflow__tell_flip(tcpflow_conn *conn, const tcpflow__cause *cause) {
  tcpflow__conn_env *const env = conn->env;
  tcpflow_tuple room;

  if (env->callbacks.on_flip == NULL || !tcpflow__voice_is_heard(conn)) {
    return;
  }
  const tcpflow_flip_event event = {cause->time, cause->segment,
                                    tuple_of(conn, &room),
                                    (tcpflow_role_basis)conn->role};
  tcpflow__voice_enter(conn);
  tcpflow__voice_leave(conn, env->callbacks.on_flip(conn, &event, env->user));
}

/* Is anybody listening to segments? */
static bool may_tell_segment(const tcpflow_conn *conn) {
  return conn->env->callbacks.on_segment != NULL &&
         tcpflow__voice_is_heard(conn);
}

/* A segment as the states are behind it, which the caller completes. */
static tcpflow_segment_event
describe(const tcpflow_conn *conn, const tcpflow__cause *cause, int scaling) {
  const tcpflow_segment *const segment = cause->segment;
  const tcpflow__endpoint *const end = conn->end;
  const bool syn = (segment->flags & TCPFLOW_FLAG_SYN) != 0;

  return (tcpflow_segment_event){
    .time = cause->time,
    .segment = segment,
    .window = (uint64_t)segment->window
              << (!syn && scaling == 1 ? end[cause->sender].wscale : 0),
    .window_known = syn || scaling >= 0,
    .side = cause->sender,
    .after = {(tcpflow_state)end[0].state, (tcpflow_state)end[1].state},
    .proof = {(tcpflow_proof)end[0].proof, (tcpflow_proof)end[1].proof},
    .urgent = UINT64_MAX,
  };
}

static void tell_segment(tcpflow_conn *conn,
                         const tcpflow_segment_event *event) {
  tcpflow__conn_env *const env = conn->env;

  tcpflow__voice_enter(conn);
  tcpflow__voice_leave(conn, env->callbacks.on_segment(conn, event, env->user));
}

void tcpflow__tell_segment(tcpflow_conn *conn, const tcpflow__visit *v) {
  if (!may_tell_segment(conn)) {
    return;
  }

  const tcpflow_segment *const segment = v->cause.segment;
  const tcpflow_side sender = v->cause.sender;
  tcpflow_segment_event event = describe(conn, &v->cause, v->judgment.scaling);

  event.verdict = v->judgment.verdict;
  event.offset = tcpflow__place_of(conn, sender, segment);
  event.before[0] = (tcpflow_state)v->before[0];
  event.before[1] = (tcpflow_state)v->before[1];
  event.urgent = tcpflow__place_urgent(conn, sender, segment);
  tell_segment(conn, &event);
}

void tcpflow__tell_move(tcpflow_conn *conn, const tcpflow__cause *cause,
                        const tcpflow__move *move) {
  tcpflow__conn_env *const env = conn->env;
  const tcpflow_state_event event = {cause->time,
                                     cause->segment,
                                     (tcpflow_side)move->side,
                                     (tcpflow_state)move->from,
                                     (tcpflow_state)move->to,
                                     (tcpflow_stimulus)move->stimulus,
                                     move->inferred,
                                     (tcpflow_proof)move->proof};

  if (env->callbacks.on_state == NULL || !tcpflow__voice_is_heard(conn)) {
    return;
  }
  tcpflow__voice_enter(conn);
  tcpflow__voice_leave(conn, env->callbacks.on_state(conn, &event, env->user));
}

void tcpflow__tell_established(tcpflow_conn *conn,
                               const tcpflow__cause *cause) {
  tcpflow__conn_env *const env = conn->env;
  const tcpflow_established_event event = {
    cause->time, cause->segment, (tcpflow_open_kind)conn->open_kind,
    conn->sides->rtt[TCPFLOW_SIDE_SERVER],
    conn->sides->rtt[TCPFLOW_SIDE_CLIENT]};

  if (env->callbacks.on_established == NULL || !tcpflow__voice_is_heard(conn)) {
    return;
  }
  tcpflow__voice_enter(conn);
  tcpflow__voice_leave(conn,
                       env->callbacks.on_established(conn, &event, env->user));
}

static void tell_open(tcpflow_conn *conn, const tcpflow__cause *cause) {
  tcpflow__tally_one(conn->env->tally.established);
  tcpflow__tell_established(conn, cause);
}

void tcpflow__tell_moves(tcpflow_conn *conn, const tcpflow__visit *v) {
  for (unsigned i = 0; i < v->moves; i++) {
    tcpflow__tell_move(conn, &v->cause, &v->move[i]);
  }
  if (v->opens) {
    tell_open(conn, &v->cause);
  }
}

void tcpflow__tell_rst_data(tcpflow_conn *conn, const tcpflow__cause *cause) {
  tcpflow__conn_env *const env = conn->env;
  const tcpflow_segment *const rst = cause->segment;
  const uint32_t captured = rst->payload_captured;
  const tcpflow_rst_data_event event = {
    cause->time,         rst,      cause->sender,
    rst->payload_length, captured, captured != 0 ? rst->payload : NULL};

  if (env->callbacks.on_rst_data == NULL || !tcpflow__voice_is_heard(conn)) {
    return;
  }
  tcpflow__voice_enter(conn);
  tcpflow__voice_leave(conn,
                       env->callbacks.on_rst_data(conn, &event, env->user));
}

void tcpflow__tell_icmp(tcpflow_conn *conn, const tcpflow_icmp_event *event) {
  tcpflow__conn_env *const env = conn->env;

  if (env->callbacks.on_icmp == NULL || !tcpflow__voice_is_heard(conn)) {
    return;
  }
  tcpflow__voice_enter(conn);
  tcpflow__voice_leave(conn, env->callbacks.on_icmp(conn, event, env->user));
}

/* What the stream's sink needs to know. */
typedef struct teller {
  tcpflow_conn *conn;
  const tcpflow__cause *cause;
  tcpflow_side side;
} teller;

static void mark_unacknowledged(const tcpflow_conn *conn, tcpflow_side side,
                                tcpflow_stream_data *data) {
  if (tcpflow__conn_is(conn, TCPFLOW__CONN_GATED)) {
    data->unacknowledged =
      tcpflow__gate_is_ahead(conn, side, data->offset + data->length);
  }
}

/* Some of these octets may be skipped, or not acknowledged. */
static bool is_left_out(const tcpflow_conn *conn, tcpflow_side side,
                        tcpflow_stream_data *data) {
  if (tcpflow__conn_is(conn, TCPFLOW__CONN_SKIPS) &&
      !tcpflow__skip_data(conn, side, data)) {
    return true;
  }
  mark_unacknowledged(conn, side, data);
  return false;
}

/* Is nothing of these octets wanted?  Takes away what is not. */
static bool is_skipped(const teller *to, tcpflow_stream_data *data) {
  const unsigned few = TCPFLOW__CONN_SKIPS | TCPFLOW__CONN_GATED;

  return to->conn->sides->stream[to->side].off ||
         (tcpflow__conn_is(to->conn, few) &&
          is_left_out(to->conn, to->side, data));
}

/* Kept octets by themselves may have been acknowledged in the meantime. */
static void call_on_data(void *user, const tcpflow_stream_data *data) {
  const teller *const to = user;
  tcpflow__conn_env *const env = to->conn->env;
  tcpflow_stream_data left;

  if (data->kept == data->length) {
    left = *data;
    mark_unacknowledged(to->conn, to->side, &left);
    data = &left;
  }
  const tcpflow_data_event event = {to->cause->time, to->cause->segment, data,
                                    to->side};
  tcpflow__voice_enter(to->conn);
  tcpflow__voice_leave(to->conn,
                       env->callbacks.on_data(to->conn, &event, env->user));
}

static bool listens(void *user) {
  const teller *const to = user;

  return tcpflow__voice_is_heard(to->conn) &&
         !to->conn->sides->stream[to->side].off;
}

static tcpflow__retell retell_of(teller *to, tcpflow__leftover **left) {
  tcpflow__conn_env *const env = to->conn->env;

  return (tcpflow__retell){
    left,    &env->budget, &env->hearing,         call_on_data,
    listens, to,           env->limits.max_memory};
}

/* Octets whose end may be kept. */
static void hand_out(teller *to, const tcpflow_stream_data *data) {
  tcpflow__conn_env *const env = to->conn->env;
  tcpflow__leftover **const left =
    tcpflow__conn_is(to->conn, TCPFLOW__CONN_KEEPS)
      ? tcpflow__again_of(to->conn, to->side)
      : NULL;

  env->told_of = to->conn;
  env->told_side = to->side;
  if (left == NULL) {
    env->hearing.told = data;
    call_on_data(to, data);
    env->hearing.told = NULL;
    return;
  }
  const tcpflow__retell retell = retell_of(to, left);
  tcpflow__retell_next(&retell, data);
}

/* What is kept, by itself. */
static void tell_left(teller *to) {
  tcpflow__leftover **const left = tcpflow__again_of(to->conn, to->side);

  if (left != NULL) {
    const tcpflow__retell retell = retell_of(to, left);
    tcpflow__retell_left(&retell);
  }
}

static void tell_octets(teller *to, const tcpflow_stream_data *data) {
  tcpflow_stream_data rest = *data;

  if (to->conn->env->callbacks.on_data == NULL || rest.length == 0 ||
      !tcpflow__voice_is_heard(to->conn) || is_skipped(to, &rest)) {
    return;
  }
  hand_out(to, &rest);
}

/* OCTET is at BYTES, or missing: NULL. */
static void tell_urgent(const teller *to, uint64_t offset,
                        const uint8_t *bytes) {
  tcpflow__conn_env *const env = to->conn->env;
  const bool bare = bytes == NULL || env->urgent_policy == TCPFLOW_URGENT_STRIP;
  const tcpflow_urgent_event event = {to->cause->time, to->cause->segment,
                                      offset, bare ? -1 : *bytes, to->side};
  tcpflow_stream_data octet = {.offset = offset, .length = 1};

  if (env->callbacks.on_urgent != NULL && tcpflow__voice_is_heard(to->conn) &&
      !is_skipped(to, &octet)) {
    tcpflow__voice_enter(to->conn);
    tcpflow__voice_leave(to->conn,
                         env->callbacks.on_urgent(to->conn, &event, env->user));
  }
}

/* Tells the urgent ones among some octets, and what lies in front of those that
   do not stay; leaves the rest. */
static void tell_marked(teller *to, tcpflow_stream_data *rest) {
  const uint64_t end = rest->offset + rest->length;

  while (tcpflow__urgent_waits(to->conn, to->side, end)) {
    const uint64_t at = tcpflow__urgent_take(to->conn, to->side);
    if (at < rest->offset) {
      continue;
    }
    const size_t before = (size_t)(at - rest->offset);
    tcpflow_stream_data front = *rest;
    if (to->conn->env->urgent_policy == TCPFLOW_URGENT_INLINE) {
      tell_urgent(to, at, rest->bytes + before);
      continue;
    }
    front.length = before;
    tell_octets(to, &front);
    if (tcpflow__conn_is(to->conn, TCPFLOW__CONN_KEEPS)) {
      tell_left(to);
    }
    tell_urgent(to, at, rest->bytes + before);
    rest->offset += before + 1;
    rest->bytes += before + 1;
    rest->length -= before + 1;
  }
}

/* Some may be marked, remembered, skipped, or kept. */
static void tell_few(teller *to, const tcpflow_stream_data *data) {
  tcpflow_stream_data rest = *data;

  if (to->conn->env->past.any) {
    tcpflow__retold_note(to->conn, to->side, data);
  }
  if (tcpflow__urgent_waits(to->conn, to->side, rest.offset + rest.length)) {
    tell_marked(to, &rest);
  }
  tell_octets(to, &rest);
}

static bool tell_data(void *user, const tcpflow_stream_data *data) {
  teller *const to = user;
  const tcpflow__conn_env *const env = to->conn->env;
  const tcpflow_data_event event = {to->cause->time, to->cause->segment, data,
                                    to->side};

  if (to->conn->extra != NULL || env->past.any ||
      !tcpflow__is_handed_on(to->conn, to->side)) {
    tell_few(to, data);
  } else if (env->callbacks.on_data != NULL && !env->stopped) {
    tcpflow__hand_on(to->conn, &event);
  }
  return true;
}

/* Urgent octets that are missing. */
static void tell_lost_marks(const teller *to, const tcpflow_stream_gap *gap) {
  while (tcpflow__urgent_waits(to->conn, to->side, gap->offset + gap->length)) {
    const uint64_t at = tcpflow__urgent_take(to->conn, to->side);
    if (at >= gap->offset) {
      tell_urgent(to, at, NULL);
    }
  }
}

/* Likewise of a gap.  The callback of a mark in it may have stopped the
   data. */
static bool is_gap_skipped(const teller *to, tcpflow_stream_gap *gap) {
  return (tcpflow__conn_is(to->conn, TCPFLOW__CONN_SKIPS) &&
          !tcpflow__skip_gap(to->conn, to->side, gap)) ||
         to->conn->sides->stream[to->side].off;
}

static bool tell_gap(void *user, const tcpflow_stream_gap *gap) {
  teller *const to = user;
  tcpflow__conn_env *const env = to->conn->env;
  tcpflow_stream_gap rest = *gap;
  const tcpflow_gap_event event = {to->cause->time, to->cause->segment, &rest,
                                   to->side};

  tell_lost_marks(to, gap);
  if (is_gap_skipped(to, &rest)) {
    return true;
  }
  if (gap->reason == TCPFLOW_GAP_LIMIT) {
    tcpflow__note_anomaly(to->conn, TCPFLOW_ANOMALY_HELD_LIMIT);
  }
  if (tcpflow__conn_is(to->conn, TCPFLOW__CONN_KEEPS)) {
    tell_left(to);
  }
  if (env->callbacks.on_gap != NULL && tcpflow__voice_is_heard(to->conn) &&
      !to->conn->sides->stream[to->side].off) {
    tcpflow__voice_enter(to->conn);
    tcpflow__voice_leave(to->conn,
                         env->callbacks.on_gap(to->conn, &event, env->user));
  }
  return true;
}

static bool tell_conflict(void *user, const tcpflow_stream_conflict *conflict) {
  const teller *const to = user;
  tcpflow__conn_env *const env = to->conn->env;
  const tcpflow_conflict_event event = {to->cause->time, to->cause->segment,
                                        conflict, to->side};

  tcpflow__note_anomaly(to->conn, TCPFLOW_ANOMALY_OVERLAP_CONFLICT);
  if (env->callbacks.on_conflict != NULL && tcpflow__voice_is_heard(to->conn)) {
    tcpflow__voice_enter(to->conn);
    tcpflow__voice_leave(
      to->conn, env->callbacks.on_conflict(to->conn, &event, env->user));
  }
  return true;
}

void tcpflow__tell_left(tcpflow_conn *conn, tcpflow_side side,
                        const tcpflow__cause *cause) {
  teller to = {conn, cause, side};

  tell_left(&to);
}

void tcpflow__tell_next(tcpflow_conn *conn, tcpflow_side sender,
                        const tcpflow_segment *segment) {
  const tcpflow__conn_env *const env = conn->env;
  const uint64_t offset = conn->sides->stream[sender].next;

  conn->sides->stream[sender].next = offset + segment->payload_length;
  if (env->callbacks.on_data == NULL || env->stopped) {
    return;
  }
  const tcpflow_stream_data data = {.offset = offset,
                                    .bytes = segment->payload,
                                    .length = segment->payload_length,
                                    .time = segment->time,
                                    .number = segment->number};
  if (tcpflow__is_handed_on(conn, sender)) {
    const tcpflow_data_event event = {segment->time, segment, &data, sender};
    tcpflow__hand_on(conn, &event);
    return;
  }
  const tcpflow__cause cause = {segment->time, segment, sender};
  teller to = {conn, &cause, sender};
  tell_octets(&to, &data);
}

void tcpflow__tell_retold(tcpflow_conn *conn, tcpflow_side side,
                          const tcpflow__cause *cause,
                          const tcpflow__reasm_input *input) {
  teller to = {conn, cause, side};
  tcpflow_stream_conflict conflict[2];
  const unsigned conflicts =
    tcpflow__retold_differs(conn, side, input, conflict);

  for (unsigned i = 0; i < conflicts && !conn->sides->stream[side].off; i++) {
    (void)tell_conflict(&to, &conflict[i]);
  }
}

void tcpflow__tell_stream(tcpflow_conn *conn, tcpflow_side side,
                          const tcpflow__cause *cause,
                          tcpflow__reasm_input *input) {
  /* A direction that is not wanted is off, and tells nothing by itself. */
  teller to = {conn, cause, side};
  const tcpflow__reasm_sink sink = {tell_data, tell_gap, tell_conflict, &to};
  tcpflow__reasm_drain(&conn->sides->stream[side], &conn->env->budget,
                       &conn->env->limits, input, &sink);
}

void tcpflow__tell_end(tcpflow_conn *conn, const tcpflow__cause *cause,
                       tcpflow_end_reason reason) {
  tcpflow__conn_env *const env = conn->env;
  const bool by_fin = reason == TCPFLOW_END_FIN && tcpflow__conn_closing(conn);
  const tcpflow_end_event event = {
    cause->time,
    cause->segment,
    reason,
    by_fin ? (tcpflow_side)tcpflow__conn_first_fin(conn) : cause->sender,
    reason == TCPFLOW_END_FIN && tcpflow__conn_is(conn, TCPFLOW__CONN_CROSSED),
    {(tcpflow_state)conn->end[0].state, (tcpflow_state)conn->end[1].state},
    (tcpflow_close_kind)conn->close_kind};

  if (env->callbacks.on_end == NULL) {
    return;
  }
  tcpflow__voice_enter(conn);
  tcpflow__voice_leave(conn, env->callbacks.on_end(conn, &event, env->user));
}
