/*
 * lib/conn/run.h - the next octets of a connection, or an ACK, in one go.
 *
 * Room: conn.  Includes: base, wire, segment, reasm.  The body of express.c, in
 * a header because most packets of a tracker come this way.
 */
#ifndef TCPFLOW__CONN_RUN_H
#define TCPFLOW__CONN_RUN_H

#include <assert.h>

#include "conn/handon.h"
#include "conn/shortway.h"
#include "conn/stage.h"
#include "segment/steady.h"

/* Does nothing but numbers have to be looked at of an easy connection, as was
   found before? */
TCPFLOW__FLAT bool tcpflow__conn_runs(const tcpflow_conn *conn) {
  return tcpflow__stage_is(conn, TCPFLOW__STAGE_STEADY);
}

/* Tells a segment whose octets begin at OFFSET: its sender's window is what it
   has told, and both stay open.  Comes before the octets are told. */
TCPFLOW__FLAT void tcpflow__run_tell(tcpflow_conn *conn, tcpflow_side sender,
                                     const tcpflow__endpoint *snd,
                                     const tcpflow_segment *segment,
                                     tcpflow_verdict verdict, int scaling,
                                     uint64_t offset) {
  tcpflow__conn_env *const env = conn->env;
  const tcpflow__endpoint *const end = conn->end;

  if (env->callbacks.on_segment == NULL) {
    return;
  }

  const tcpflow_segment_event event = {
    .time = segment->time,
    .segment = segment,
    .verdict = verdict,
    .offset = offset,
    .window = tcpflow__endpoint_window(snd),
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

/* Tells its octets, unless the callback above wants something else of them. */
TCPFLOW__FLAT void tcpflow__run_hand_on(tcpflow_conn *conn, tcpflow_side sender,
                                        const tcpflow_segment *segment) {
  const tcpflow__conn_env *const env = conn->env;
  tcpflow__reasm *const stream = &conn->sides->stream[sender];

  if (env->callbacks.on_data == NULL || env->stopped ||
      !tcpflow__is_handed_on(conn, sender)) {
    tcpflow__tell_next(conn, sender, segment);
    return;
  }
  /* All members, or what is left out would be cleared before. */
  const tcpflow_stream_data data = {.offset = stream->next,
                                    .bytes = segment->payload,
                                    .length = segment->payload_length,
                                    .held = 0,
                                    .unacknowledged = 0,
                                    .time = segment->time,
                                    .number = segment->number,
                                    .kept = 0};
  const tcpflow_data_event event = {segment->time, segment, &data, sender};

  stream->next += segment->payload_length;
  tcpflow__hand_on(conn, &event);
}

/* Follows a segment with tcpflow__steady_flags() and tcpflow__usual_options(),
   of which STAMPS are the timestamps, and which tcpflow__shortway_in_time(), of
   an easy connection that tcpflow__conn_runs(), if it brings the next octets or
   acknowledges some; what a callback has asked for is left to do.  False: it is
   another one, nothing has changed, and it has to be followed. */
TCPFLOW__FLAT bool tcpflow__conn_run(tcpflow_conn *conn, tcpflow_side sender,
                                     const tcpflow_segment *segment,
                                     const tcpflow_options *stamps) {
  const int scaling = tcpflow__stage_scaling(conn, TCPFLOW__STAGE_STEADY);
  tcpflow__endpoint *const snd = &conn->end[sender];
  tcpflow__endpoint *const rcv = &conn->end[!sender];
  const tcpflow_verdict verdict =
    tcpflow__segment_steady(snd, rcv, segment, stamps, scaling);

  assert(!conn->env->stopped);
  if (verdict == 0) {
    return false;
  }
  tcpflow__prints_keep(&conn->env->prints,
                       tcpflow__segment_print_of(segment, stamps), snd->base,
                       segment);
  /* What an endpoint sends shows that it is open (moves.c). */
  snd->proof = TCPFLOW_PROOF_PROVED;
  conn->last = segment->time;
  tcpflow__run_tell(conn, sender, snd, segment, verdict, scaling,
                    conn->sides->stream[sender].next);
  if (segment->payload_length != 0) {
    tcpflow__run_hand_on(conn, sender, segment);
  }
  return true;
}

#endif /* TCPFLOW__CONN_RUN_H */
