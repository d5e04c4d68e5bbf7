/*
 * lib/conn/passby.c - the usual segment of a connection that is ignored.
 *
 * Room: conn.  Includes: base, wire, segment.  Of such a connection only `end`
 * is told.  What ends it is judged by numbers, so these are kept; what a
 * segment means beside them, its options and its data are not looked at.
 */
#include "conn/visit.h"

#include "segment/passed.h"

#define NUMBERS_ONLY                                                           \
  ((unsigned)(TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_FIN | TCPFLOW_FLAG_RST |         \
              TCPFLOW_FLAG_ACK))

static bool is_open(const tcpflow_conn *conn) {
  return conn->end[0].state == TCPFLOW_STATE_ESTABLISHED &&
         conn->end[1].state == TCPFLOW_STATE_ESTABLISHED &&
         tcpflow__conn_phase(conn) == TCPFLOW_PHASE_OPEN;
}

/* No hole before it, and an ACK of what is in flight. */
static bool is_next(const tcpflow__endpoint *snd, const tcpflow__endpoint *rcv,
                    const tcpflow_segment *segment) {
  return tcpflow__endpoint_has(snd, TCPFLOW__END_BASE) &&
         tcpflow__endpoint_has(rcv, TCPFLOW__END_BASE) &&
         segment->seq == snd->snd_nxt &&
         segment->payload_length <= TCPFLOW__WINDOW_MAX &&
         tcpflow_seq_leq(rcv->snd_una, segment->ack) &&
         tcpflow_seq_leq(segment->ack, rcv->snd_nxt);
}

bool tcpflow__conn_pass_by(tcpflow_conn *conn, tcpflow_side sender,
                           const tcpflow_segment *segment) {
  tcpflow__endpoint *const snd = &conn->end[sender];
  tcpflow__endpoint *const rcv = &conn->end[tcpflow_side_other(sender)];

  if ((segment->flags & NUMBERS_ONLY) != TCPFLOW_FLAG_ACK ||
      segment->checksum == TCPFLOW_CHECKSUM_BAD || !is_open(conn) ||
      tcpflow__conn_is(conn, TCPFLOW__CONN_END_ASKED)) {
    return false;
  }

  const int scaling = tcpflow__endpoints_scaling(snd, rcv);
  if (conn->env->routine && segment->time >= conn->last &&
      tcpflow__segment_passed(snd, rcv, segment, scaling)) {
    conn->last = segment->time;
    return true;
  }
  if (!is_next(snd, rcv, segment)) {
    return false;
  }
  const tcpflow_time now =
    segment->time > conn->last ? segment->time : conn->last;
  const tcpflow__judgment judgment = {
    .numbers = true,
    .ack = true,
    .scaling = (int8_t)scaling,
  };
  tcpflow__segment_apply(conn->end, NULL, sender, segment, &judgment, now);
  conn->last = now;
  return true;
}
