/*
 * lib/conn/express.c - the next octets of a connection, or an ACK.
 *
 * Room: conn.  Includes: base, wire, segment, reasm.  Most segments are of this
 * kind, and most follow one that was: so what such a one leaves as it is, is
 * looked at once (stage.h).  No hole opens or closes, and nothing is
 * odd: what remains are numbers, the segment and its octets.  The general way
 * would tell the same, and does so for every other segment.
 */
#include "conn/express.h"

#include <assert.h>

#include "conn/expected.h"
#include "conn/shortway.h"
#include "conn/stage.h"
#include "conn/visit.h"
#include "conn/voice.h"
#include "segment/steady.h"

/* Nothing is held of it, and it waits for what its sender sends next. */
static bool is_up_to_date(const tcpflow_conn *conn, tcpflow_side side) {
  const tcpflow__reasm *const stream = &conn->sides->stream[side];
  const tcpflow_seq edge = tcpflow__shortway_edge(conn, side);

  return tcpflow__reasm_is_idle(stream) && edge == conn->end[side].snd_nxt;
}

/* It stands somewhere, for whatever reason. */
static bool is_placed(const tcpflow_conn *conn) {
  return conn->end[0].proof != TCPFLOW_PROOF_NONE &&
         conn->end[1].proof != TCPFLOW_PROOF_NONE;
}

/* Remembers whether nothing but numbers has to be looked at. */
TCPFLOW__APART static bool get_ready(tcpflow_conn *conn) {
  if (!tcpflow__shortway_quiet(conn, TCPFLOW__CONN_UNUSUAL) ||
      !tcpflow__endpoints_are_steady(conn->end) || !is_placed(conn) ||
      !is_up_to_date(conn, TCPFLOW_SIDE_CLIENT) ||
      !is_up_to_date(conn, TCPFLOW_SIDE_SERVER)) {
    return false;
  }
  tcpflow__stage_set(conn, TCPFLOW__STAGE_STEADY,
                     tcpflow__endpoints_scaling(&conn->end[0], &conn->end[1]));
  return true;
}

/* Tells it: its sender's window is what it has told, and both stay open. */
TCPFLOW__FLAT void tell(tcpflow_conn *conn, tcpflow_side sender,
                        const tcpflow_segment *segment, tcpflow_verdict verdict,
                        int scaling) {
  tcpflow__conn_env *const env = conn->env;
  const tcpflow__endpoint *const end = conn->end;

  if (env->callbacks.on_segment == NULL || env->stopped) {
    return;
  }

  const tcpflow_segment_event event = {
    .time = segment->time,
    .segment = segment,
    .verdict = verdict,
    .offset = conn->sides->stream[sender].next,
    .window = tcpflow__endpoint_window(&end[sender]),
    .window_known = scaling >= 0,
    .side = sender,
    .before = {TCPFLOW_STATE_ESTABLISHED, TCPFLOW_STATE_ESTABLISHED},
    .after = {TCPFLOW_STATE_ESTABLISHED, TCPFLOW_STATE_ESTABLISHED},
    .proof = {(tcpflow_proof)end[0].proof, (tcpflow_proof)end[1].proof},
    .urgent = UINT64_MAX,
  };
  tcpflow__voice_enter(conn);
  tcpflow__voice_leave(conn,
                       env->callbacks.on_segment(conn, &event, env->user));
}

bool tcpflow__conn_express(tcpflow_conn *conn, tcpflow_side sender,
                           const tcpflow_segment *segment) {
  if ((conn->stage == TCPFLOW__STAGE_NONE ||
       (conn->bits & TCPFLOW__CONN_UNUSUAL) != 0) &&
      !get_ready(conn)) {
    return false;
  }
  const int scaling = tcpflow__stage_scaling(conn, TCPFLOW__STAGE_STEADY);
  assert(tcpflow__stage_is(conn, TCPFLOW__STAGE_STEADY));
  const tcpflow_verdict verdict =
    tcpflow__shortway_in_time(conn, segment)
      ? tcpflow__segment_steady(conn->end, sender, segment, scaling)
      : 0;

  if (verdict == 0) {
    return false;
  }
  tcpflow__prints_keep(&conn->env->prints, tcpflow__segment_print(segment),
                       conn->end[sender].base, segment);
  /* What an endpoint sends shows that it is open (moves.c). */
  conn->end[sender].proof = TCPFLOW_PROOF_PROVED;
  conn->last = segment->time;
  tell(conn, sender, segment, verdict, scaling);
  if (segment->payload_length != 0) {
    tcpflow__tell_next(conn, sender, segment);
  }
  if (tcpflow__conn_is(conn, TCPFLOW__CONN_ASKED)) {
    tcpflow__expected_answer(conn, sender, segment);
  }
  return true;
}
