/*
 * lib/conn/parting.c - how a connection closes that nothing disturbs.
 *
 * Room: conn.  Includes: base, wire, segment, fsm, reasm.  A FIN, its ACK, with
 * another FIN or before it, and the ACK of that: where both endpoints stand
 * before each, and where they go, is known by who sends it, and stands in
 * tables, from which the events are made.  routine.c would find and tell the
 * same.
 */
#include "conn/parting.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "conn/expected.h"
#include "conn/news.h"
#include "conn/shortway.h"
#include "conn/stage.h"
#include "conn/voice.h"
#include "fsm/arrows.h"
#include "segment/closes.h"

/* --- which way they go, by the sender of a segment --- */

/* Where both stand: what tcpflow_segment_event has of it. */
typedef struct stand {
  tcpflow_side side; /* The sender. */
  tcpflow_state before[2];
  tcpflow_state after[2];
} stand;

/* An arrow of the diagram: what tcpflow_state_event has of it. */
typedef struct arrow {
  tcpflow_side side;
  tcpflow_state from;
  tcpflow_state to;
  tcpflow_stimulus stimulus;
  int inferred;
  tcpflow_proof proof;
} arrow;

_Static_assert(offsetof(tcpflow_segment_event, side) + offsetof(stand, after) ==
                 offsetof(tcpflow_segment_event, after),
               "the members are the same");
_Static_assert(offsetof(tcpflow_state_event, side) + offsetof(arrow, proof) ==
                 offsetof(tcpflow_state_event, proof),
               "the members are the same");

/* Where the sender and its peer stand, before and after. */
#define STANDS(sender, peer, sender_after, peer_after)                         \
  {                                                                            \
    {TCPFLOW_SIDE_CLIENT,                                                      \
     {TCPFLOW_STATE_##sender, TCPFLOW_STATE_##peer},                           \
     {TCPFLOW_STATE_##sender_after, TCPFLOW_STATE_##peer_after}},              \
    {                                                                          \
      TCPFLOW_SIDE_SERVER, {TCPFLOW_STATE_##peer, TCPFLOW_STATE_##sender}, {   \
        TCPFLOW_STATE_##peer_after, TCPFLOW_STATE_##sender_after               \
      }                                                                        \
    }                                                                          \
  }

#define ARROW(side, from, stimulus, to, sure)                                  \
  {                                                                            \
    TCPFLOW_SIDE_##side, TCPFLOW_STATE_##from, TCPFLOW_STATE_##to,             \
      TCPFLOW_STIMULUS_##stimulus, 0, TCPFLOW_PROOF_##sure                     \
  }

/* The sender goes along it, or its peer, who is taken to have got it. */
#define SENDER(from, stimulus, to)                                             \
  {                                                                            \
    ARROW(CLIENT, from, stimulus, to, PROVED),                                 \
      ARROW(SERVER, from, stimulus, to, PROVED)                                \
  }
#define PEER(from, stimulus, to)                                               \
  {                                                                            \
    ARROW(SERVER, from, stimulus, to, SEEN),                                   \
      ARROW(CLIENT, from, stimulus, to, SEEN)                                  \
  }

static const stand first_fin[2] =
  STANDS(ESTABLISHED, ESTABLISHED, FIN_WAIT_1, ESTABLISHED);
static const stand ack_of_fin[2] =
  STANDS(ESTABLISHED, FIN_WAIT_1, CLOSE_WAIT, FIN_WAIT_2);
static const stand fin_with_ack[2] =
  STANDS(ESTABLISHED, FIN_WAIT_1, LAST_ACK, FIN_WAIT_2);
static const stand other_fin[2] =
  STANDS(CLOSE_WAIT, FIN_WAIT_2, LAST_ACK, FIN_WAIT_2);
static const stand last_ack[2] =
  STANDS(FIN_WAIT_2, LAST_ACK, TIME_WAIT, CLOSED);

static const arrow closes[2] = SENDER(ESTABLISHED, SND_FIN, FIN_WAIT_1);
static const arrow hears[2] = SENDER(ESTABLISHED, RCV_FIN, CLOSE_WAIT);
static const arrow is_heard[2] = PEER(FIN_WAIT_1, RCV_ACK_OF_FIN, FIN_WAIT_2);
static const arrow closes_too[2] = SENDER(CLOSE_WAIT, SND_FIN, LAST_ACK);
static const arrow lingers[2] = SENDER(FIN_WAIT_2, RCV_FIN, TIME_WAIT);
static const arrow is_gone[2] = PEER(LAST_ACK, RCV_ACK_OF_FIN, CLOSED);

/* An endpoint comes where a table says. */
TCPFLOW__FLAT void come(tcpflow__endpoint *end, tcpflow_state to,
                        tcpflow_proof proof) {
  end->state = (uint8_t)to;
  end->proof = (uint8_t)proof;
}

/* --- telling --- */

/* Begins the event of a segment, before anything is changed.  SHIFT scales its
   window, if that is known. */
TCPFLOW__FLAT void begin(tcpflow_segment_event *event, const tcpflow_conn *conn,
                         tcpflow_side sender, const tcpflow_segment *segment,
                         unsigned shift) {
  event->time = segment->time;
  event->segment = segment;
  event->offset = conn->sides->stream[sender].next;
  event->window = (uint64_t)segment->window << shift;
  event->urgent = UINT64_MAX;
}

/* What a segment brings; NULL: nobody else goes anywhere. */
typedef struct course {
  const stand *stands;
  const arrow *along[3]; /* In this order. */
} course;

/* Tells the segment. */
TCPFLOW__FLAT void tell_segment(tcpflow__conn_env *env, tcpflow_conn *conn,
                                tcpflow_segment_event *event,
                                const stand *stands) {
  assert(stands->after[0] == (tcpflow_state)conn->end[0].state);
  assert(stands->after[1] == (tcpflow_state)conn->end[1].state);
  memcpy((uint8_t *)event + offsetof(tcpflow_segment_event, side), stands,
         sizeof(*stands));
  event->proof[0] = (tcpflow_proof)conn->end[0].proof;
  event->proof[1] = (tcpflow_proof)conn->end[1].proof;
  tcpflow__news_first(env, conn, event);
}

/* Tells that somebody has gone along an arrow; time and cause stand in the
   event. */
TCPFLOW__FLAT void tell_arrow(tcpflow__conn_env *env, tcpflow_conn *conn,
                              tcpflow_state_event *event, const arrow *along) {
  assert(tcpflow__state_after((uint8_t)along->from, (uint8_t)along->stimulus) ==
         (uint8_t)along->to);
  memcpy((uint8_t *)event + offsetof(tcpflow_state_event, side), along,
         sizeof(*along));
  tcpflow__news_state(env, conn, event);
}

/* Tells who has gone where. */
TCPFLOW__FLAT void tell_arrows(tcpflow__conn_env *env, tcpflow_conn *conn,
                               const tcpflow_segment *segment,
                               const arrow *const along[3]) {
  tcpflow_state_event event;

  event.time = segment->time;
  event.cause = segment;
  tell_arrow(env, conn, &event, along[0]);
  if (along[1] != NULL) {
    tell_arrow(env, conn, &event, along[1]);
  }
  if (along[2] != NULL) {
    tell_arrow(env, conn, &event, along[2]);
  }
}

/* Tells all of it to whom wants to hear.  No callback is left before the last
   one. */
TCPFLOW__FLAT void tell(tcpflow_conn *conn, tcpflow_segment_event *event,
                        const tcpflow_segment *segment, const course *what) {
  tcpflow__conn_env *const env = tcpflow__news_enter(conn);

  if (env->callbacks.on_segment != NULL) {
    tell_segment(env, conn, event, what->stands);
  }
  if (env->callbacks.on_state != NULL) {
    tell_arrows(env, conn, segment, what->along);
  }
  tcpflow__news_leave(env);
}

/* Tells the octets of one with or without a FIN, and does what a callback has
   asked for. */
TCPFLOW__FLAT void tell_rest(tcpflow_conn *conn, tcpflow_side sender,
                             const tcpflow_segment *segment, bool fin) {
  if (segment->payload_length != 0) {
    tcpflow__tell_next(conn, sender, segment);
  }
  if (fin) {
    tcpflow__expected_fin(conn, sender);
  }
  if (tcpflow__conn_is_asked(conn)) {
    tcpflow__expected_answer(conn, sender, segment);
  }
}

/* --- the first FIN --- */

bool tcpflow__part_first(tcpflow_conn *conn, tcpflow_side sender,
                         const tcpflow_segment *segment) {
  tcpflow__endpoint *const snd = &conn->end[sender];
  tcpflow__endpoint *const rcv = &conn->end[!sender];
  const int scaling = tcpflow__stage_scaling(conn, TCPFLOW__STAGE_STEADY);
  const tcpflow__closing closing = {.stamps =
                                      tcpflow__stamps_of(segment->options),
                                    .scaling = scaling,
                                    .shift = tcpflow__usual_shift(snd, scaling),
                                    .fin = true};
  tcpflow_segment_event event;

  /* Memory may be wanted for the end: then it is to be taken with each. */
  if (conn->env->close_linger != 0 ||
      !tcpflow__closing_begins(snd, rcv, segment, &closing)) {
    return false;
  }
  begin(&event, conn, sender, segment, closing.shift);
  event.window_known = scaling >= 0;
  event.verdict = tcpflow__usual_words(rcv, segment, false);
  tcpflow__closing_take(snd, rcv, segment, &closing);
  tcpflow__expected_print(conn, snd, segment, closing.stamps);
  come(snd, TCPFLOW_STATE_FIN_WAIT_1, TCPFLOW_PROOF_PROVED);
  tcpflow__conn_mark(conn, tcpflow__expected_fin_bit(sender));
  conn->last = segment->time;
  tcpflow__stage_set(conn, TCPFLOW__STAGE_CLOSING, scaling);
  tell(conn, &event, segment, &(course){&first_fin[sender], {&closes[sender]}});
  tell_rest(conn, sender, segment, true);
  return true;
}

/* --- what comes behind it --- */

/* The ACK of the first FIN, with or without the other one. */
TCPFLOW__FLAT bool reply(tcpflow_conn *conn, tcpflow_side sender,
                         const tcpflow_segment *segment, bool fin) {
  tcpflow__endpoint *const snd = &conn->end[sender];
  tcpflow__endpoint *const rcv = &conn->end[!sender];
  const int scaling = tcpflow__stage_scaling(conn, TCPFLOW__STAGE_CLOSING);
  const tcpflow__closing closing = {.stamps =
                                      tcpflow__stamps_of(segment->options),
                                    .scaling = scaling,
                                    .shift = tcpflow__usual_shift(snd, scaling),
                                    .fin = fin,
                                    .acks = true};
  tcpflow_segment_event event;

  if (!tcpflow__closing_goes_on(snd, rcv, segment, &closing)) {
    return false;
  }
  begin(&event, conn, sender, segment, closing.shift);
  event.window_known = scaling >= 0;
  event.verdict = tcpflow__closing_words(rcv, segment, fin);
  tcpflow__closing_take(snd, rcv, segment, &closing);
  tcpflow__expected_print(conn, snd, segment, closing.stamps);
  come(snd, fin ? TCPFLOW_STATE_LAST_ACK : TCPFLOW_STATE_CLOSE_WAIT,
       TCPFLOW_PROOF_PROVED);
  come(rcv, TCPFLOW_STATE_FIN_WAIT_2, TCPFLOW_PROOF_SEEN);
  conn->sides->stream[!sender].doubtful = 0;
  conn->last = segment->time;
  if (fin) {
    tcpflow__stage_set(conn, TCPFLOW__STAGE_LAST, scaling);
  }
  tell(conn, &event, segment,
       &(course){fin ? &fin_with_ack[sender] : &ack_of_fin[sender],
                 {&hears[sender], &is_heard[sender],
                  fin ? &closes_too[sender] : NULL}});
  tell_rest(conn, sender, segment, fin);
  return true;
}

TCPFLOW__APART static bool reply_fin(tcpflow_conn *conn, tcpflow_side sender,
                                     const tcpflow_segment *segment) {
  return reply(conn, sender, segment, true);
}

TCPFLOW__APART static bool reply_ack(tcpflow_conn *conn, tcpflow_side sender,
                                     const tcpflow_segment *segment) {
  return reply(conn, sender, segment, false);
}

/* The other FIN, behind the ACK of the first one. */
TCPFLOW__APART static bool reply_later(tcpflow_conn *conn, tcpflow_side sender,
                                       const tcpflow_segment *segment) {
  tcpflow__endpoint *const snd = &conn->end[sender];
  tcpflow__endpoint *const rcv = &conn->end[!sender];
  const int scaling = tcpflow__stage_scaling(conn, TCPFLOW__STAGE_CLOSING);
  const tcpflow__closing closing = {.stamps =
                                      tcpflow__stamps_of(segment->options),
                                    .scaling = scaling,
                                    .shift = tcpflow__usual_shift(snd, scaling),
                                    .fin = true};
  tcpflow_segment_event event;

  if (!tcpflow__closing_goes_on(snd, rcv, segment, &closing)) {
    return false;
  }
  begin(&event, conn, sender, segment, closing.shift);
  event.window_known = scaling >= 0;
  event.verdict = tcpflow__usual_full_words(rcv, segment, false);
  tcpflow__closing_take(snd, rcv, segment, &closing);
  tcpflow__expected_print(conn, snd, segment, closing.stamps);
  come(snd, TCPFLOW_STATE_LAST_ACK, TCPFLOW_PROOF_PROVED);
  conn->last = segment->time;
  tcpflow__stage_set(conn, TCPFLOW__STAGE_LAST, scaling);
  tell(conn, &event, segment,
       &(course){&other_fin[sender], {&closes_too[sender]}});
  tell_rest(conn, sender, segment, true);
  return true;
}

/* Where the sender stands says what is next: until it has acknowledged the
   first FIN, its receiver is in FIN-WAIT-1. */
bool tcpflow__part_next(tcpflow_conn *conn, tcpflow_side sender,
                        const tcpflow_segment *segment) {
  const uint8_t state = conn->end[sender].state;
  const bool fin = (segment->flags & TCPFLOW_FLAG_FIN) != 0;

  if (state == TCPFLOW_STATE_ESTABLISHED) {
    return fin ? reply_fin(conn, sender, segment)
               : reply_ack(conn, sender, segment);
  }
  return state == TCPFLOW_STATE_CLOSE_WAIT && fin &&
         reply_later(conn, sender, segment);
}

/* --- the end --- */

/* A callback wants something else, or has made the connection remember
   something. */
TCPFLOW__APART static void end_otherwise(tcpflow_conn *conn,
                                         tcpflow_side sender,
                                         const tcpflow_segment *segment) {
  if (tcpflow__conn_is_asked(conn)) {
    tcpflow__expected_answer(conn, sender, segment);
  } else {
    const tcpflow__cause cause = {segment->time, segment, sender};

    tcpflow__conn_conclude(conn, &cause, TCPFLOW_END_FIN);
  }
}

/* Is nothing left but to tell the end? */
TCPFLOW__FLAT bool has_nothing(const tcpflow_conn *conn) {
  return (conn->bits & TCPFLOW__CONN_UNUSUAL) == 0 && conn->extra == NULL &&
         conn->wait == NULL;
}

/* Ends what tcpflow__conn_conclude() would: the sender was the first to close,
   and nothing is held of either stream, all of which was told. */
TCPFLOW__FLAT void end(tcpflow_conn *conn, tcpflow_side sender,
                       const tcpflow_segment *segment) {
  tcpflow__conn_env *const env = conn->env;
  const tcpflow_close_kind kind = sender == TCPFLOW_SIDE_SERVER
                                    ? TCPFLOW_CLOSE_FIN_SERVER
                                    : TCPFLOW_CLOSE_FIN_CLIENT;

  assert(tcpflow__conn_is_spent(conn));
  assert(tcpflow__conn_close_kind(conn, TCPFLOW_END_FIN, sender) == kind);
  assert((env->odd.word[0] | env->odd.word[1]) == 0);
  tcpflow__conn_mark(conn, TCPFLOW__CONN_ENDED);
  conn->end_reason = TCPFLOW_END_FIN;
  conn->close_kind = (unsigned)kind & 31U;
  if (env->callbacks.on_end != NULL) {
    const tcpflow_end_event event = {
      segment->time,
      segment,
      TCPFLOW_END_FIN,
      sender,
      0,
      {last_ack[sender].after[0], last_ack[sender].after[1]},
      kind};

    tcpflow__voice_enter(conn);
    tcpflow__voice_leave(conn, env->callbacks.on_end(conn, &event, env->user));
  }
  assert(conn->extra == NULL && conn->wait == NULL);
}

bool tcpflow__part_last(tcpflow_conn *conn, tcpflow_side sender,
                        const tcpflow_segment *segment) {
  tcpflow__endpoint *const snd = &conn->end[sender];
  tcpflow__endpoint *const rcv = &conn->end[!sender];
  const int scaling = tcpflow__stage_scaling(conn, TCPFLOW__STAGE_LAST);
  const tcpflow__closing closing = {
    .stamps = tcpflow__stamps_of(segment->options),
    .scaling = scaling,
    .shift = tcpflow__usual_shift(snd, scaling)};
  tcpflow_segment_event event;

  if (snd->state != TCPFLOW_STATE_FIN_WAIT_2 ||
      !tcpflow__closing_is_last(snd, rcv, segment, &closing)) {
    return false;
  }
  begin(&event, conn, sender, segment, closing.shift);
  event.window_known = scaling >= 0;
  event.offset++; /* A FIN lies before it. */
  event.verdict = TCPFLOW_VERDICT_NEW_ACK | TCPFLOW_VERDICT_PURE_ACK |
                  tcpflow__segment_is_marked(segment);
  tcpflow__closing_take_last(snd, rcv, segment, closing.shift);
  tcpflow__expected_print(conn, snd, segment, closing.stamps);
  come(snd, TCPFLOW_STATE_TIME_WAIT, TCPFLOW_PROOF_PROVED);
  come(rcv, TCPFLOW_STATE_CLOSED, TCPFLOW_PROOF_SEEN);
  conn->sides->stream[!sender].doubtful = 0;
  conn->last = segment->time;
  tcpflow__stage_leave(conn);
  tell(
    conn, &event, segment,
    &(course){&last_ack[sender], {&lingers[sender], &is_gone[sender], NULL}});
  if (has_nothing(conn)) {
    end(conn, sender, segment);
  } else {
    end_otherwise(conn, sender, segment);
  }
  return true;
}
