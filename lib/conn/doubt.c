/*
 * lib/conn/doubt.c - an end that may prove to be none.
 *
 * Room: conn.  Includes: base, wire, segment, fsm.  RFC 9293 section 3.10.7.1:
 * an endpoint that has reset a connection, or took a RST of it, answers
 * whatever comes with a RST.  So anything else that it sends afterwards shows
 * that the RST was not its own, or had no effect.  "Afterwards" is the
 * difficulty: a segment that was sent before the RST may be captured behind it.
 */
#include "conn/doubt.h"

#include "base/later.h"
#include "segment/segment.h"

/* Whoever speaks that much later than a RST has sent it, knew of the RST. */
static const tcpflow_time PATIENCE = 200 * TCPFLOW_MILLISECOND;

/* How long an end waits. */
static tcpflow_time wait_of(const tcpflow_conn *conn, unsigned reason) {
  return reason == TCPFLOW_END_FIN ? conn->env->close_linger
                                   : conn->env->reset_linger;
}

tcpflow_time tcpflow__conn_doubt_due(const tcpflow_conn *conn) {
  if (!tcpflow__conn_doubted(conn)) {
    return TCPFLOW_TIME_NONE;
  }

  const tcpflow__doubt *const doubt = &conn->wait->doubt;

  return tcpflow__later(doubt->time, wait_of(conn, doubt->reason));
}

int tcpflow__doubt_reserve(tcpflow_conn *conn, unsigned flags) {
  const tcpflow_end_reason reason =
    (flags & TCPFLOW_FLAG_RST) != 0 ? TCPFLOW_END_RESET : TCPFLOW_END_FIN;

  return wait_of(conn, reason) != 0 && tcpflow__wait_need(conn) == NULL
           ? TCPFLOW_ERR_NOMEM
           : TCPFLOW_OK;
}

bool tcpflow__doubt_begin(tcpflow_conn *conn, tcpflow_time now,
                          tcpflow_end_reason reason, tcpflow_side side,
                          tcpflow_seq seq) {
  if (wait_of(conn, reason) == 0 || tcpflow__conn_doubted(conn) ||
      tcpflow__conn_ended(conn) || tcpflow__wait_need(conn) == NULL) {
    return false;
  }

  tcpflow__doubt *const doubt = &conn->wait->doubt;
  doubt->time = now;
  doubt->reason = (uint8_t)reason;
  doubt->side = (uint8_t)side;
  doubt->seq = seq;
  doubt->peer_nxt = conn->end[tcpflow_side_other(side)].snd_nxt;
  for (unsigned i = 0; i < 2; i++) {
    doubt->state[i] = conn->end[i].state;
    doubt->proof[i] = conn->end[i].proof;
  }
  tcpflow__conn_mark(conn, TCPFLOW__CONN_DOUBTED);
  return true;
}

void tcpflow__doubt_drop(tcpflow_conn *conn) {
  conn->bits &= ~(uint32_t)TCPFLOW__CONN_DOUBTED;
  for (unsigned i = 0; i < 2; i++) {
    conn->end[i].state = conn->wait->doubt.state[i];
    conn->end[i].proof = conn->wait->doubt.proof[i];
  }
}

/* So late that it cannot have been sent before. */
static bool is_late(const tcpflow_conn *conn, tcpflow_time now) {
  const tcpflow_time server = conn->sides->rtt[TCPFLOW_SIDE_SERVER];
  const tcpflow_time client = conn->sides->rtt[TCPFLOW_SIDE_CLIENT];
  tcpflow_time patience = PATIENCE;

  if (server != TCPFLOW_TIME_NONE && client != TCPFLOW_TIME_NONE &&
      server + client > patience) {
    patience = server + client;
  }
  return now - conn->wait->doubt.time > patience;
}

/*
 * The one who has sent the RST goes on: with octets behind its RST, or with an
 * ACK of what was sent to it after the RST had passed, or at leisure.
 */
static bool goes_on(const tcpflow_conn *conn, const tcpflow_segment *segment,
                    tcpflow_time now) {
  const tcpflow__doubt *const doubt = &conn->wait->doubt;
  const tcpflow_seq end = tcpflow_seq_add(
    segment->seq, segment->payload_length + tcpflow_seq_len(0, segment->flags));

  return (end != segment->seq && tcpflow_seq_lt(doubt->seq, end)) ||
         tcpflow_seq_lt(doubt->peer_nxt, segment->ack) || is_late(conn, now);
}

/* What the receiver of a RST sends within a round trip may have crossed it. */
void tcpflow__doubt_note(tcpflow_conn *conn, tcpflow_side sender,
                         const tcpflow_segment *segment, tcpflow_time now) {
  const bool own = sender == conn->wait->doubt.side;

  if (conn->wait->doubt.reason != TCPFLOW_END_RESET ||
      (segment->flags & (TCPFLOW_FLAG_RST | TCPFLOW_FLAG_SYN)) != 0 ||
      (!own && !is_late(conn, now))) {
    return;
  }
  if (segment->payload_length != 0) {
    tcpflow__note_anomaly(conn, own ? TCPFLOW_ANOMALY_DATA_AFTER_RST
                                    : TCPFLOW_ANOMALY_DATA_AFTER_RST_RECEIVED);
  }
  if ((segment->flags & TCPFLOW_FLAG_FIN) != 0) {
    tcpflow__note_anomaly(conn, TCPFLOW_ANOMALY_FIN_AFTER_RST);
  }
}

/* One acknowledges a SYN,ACK that came after the RST: it is not closed, or it
   would answer that with a RST (RFC 9293 section 3.10.7.1).  Hosts drop a RST
   whose timestamps answer nothing that they sent, and others; and who answers a
   SYN,ACK with a wrong ACK by a RST goes on waiting for a right one
   (section 3.10.7.3).  Where the RST has the SYN,ACK's next number, they were
   captured in the wrong order. */
static bool answers_on(const tcpflow_conn *conn, tcpflow_side sender,
                       const tcpflow_segment *segment) {
  const tcpflow__endpoint *const other = &conn->end[tcpflow_side_other(sender)];
  const bool own = sender == conn->wait->doubt.side;

  return (segment->flags & TCPFLOW_FLAG_ACK) != 0 &&
         tcpflow__endpoint_has(other, TCPFLOW__END_SYN) &&
         conn->sides->syn_time > conn->wait->doubt.time &&
         (own || conn->wait->doubt.seq != tcpflow_seq_add(other->iss, 1)) &&
         tcpflow_seq_lt(other->iss, segment->ack);
}

/* An opening goes on if anything of it is sent again, or answered. */
static bool opens_on(const tcpflow_conn *conn, tcpflow_side sender,
                     const tcpflow_segment *segment, tcpflow_time now) {
  const bool syn = (segment->flags & TCPFLOW_FLAG_SYN) != 0;

  if (conn->wait->doubt.reason == TCPFLOW_END_UNREACHABLE) {
    return true;
  }
  if (!syn) {
    return answers_on(conn, sender, segment);
  }
  return sender != conn->wait->doubt.side &&
         tcpflow__endpoint_began_with(&conn->end[sender], segment->seq) &&
         is_late(conn, now);
}

bool tcpflow__doubt_is_over(const tcpflow_conn *conn, tcpflow_side sender,
                            const tcpflow_segment *segment, tcpflow_time now) {
  if ((segment->flags & TCPFLOW_FLAG_RST) != 0 ||
      conn->wait->doubt.reason == TCPFLOW_END_FIN) {
    return false;
  }
  if (!tcpflow__conn_opened(conn)) {
    return opens_on(conn, sender, segment, now);
  }
  return (segment->flags & TCPFLOW_FLAG_SYN) == 0 &&
         sender == conn->wait->doubt.side && goes_on(conn, segment, now);
}

/* Who has sent the RST that was the end? */
static bool has_reset(const tcpflow_conn *conn, tcpflow_side side) {
  return conn->close_kind == (side == TCPFLOW_SIDE_SERVER
                                ? TCPFLOW_CLOSE_RESET_SERVER
                                : TCPFLOW_CLOSE_RESET_CLIENT);
}

/* At most WINDOW behind a number? */
static bool is_within(tcpflow_seq from, tcpflow_seq number, uint32_t window) {
  return tcpflow_seq_distance(from, number) <= window;
}

/* What nobody has sent before the RST: octets, or an ACK of octets that were
   sent behind the end; no copy that was long on its way. */
static bool brings_news(const tcpflow__endpoint *rcv,
                        const tcpflow_segment *segment) {
  return segment->payload_length != 0 ||
         tcpflow_seq_lt(rcv->snd_nxt, segment->ack);
}

/* Its number is near SND.NXT.  What its peer has sent since is not followed, so
   the ACK may be a whole window further on. */
bool tcpflow__doubt_outlived(const tcpflow_conn *conn, tcpflow_side sender,
                             const tcpflow_segment *segment) {
  const tcpflow__endpoint *const snd = &conn->end[sender];
  const tcpflow__endpoint *const rcv = &conn->end[tcpflow_side_other(sender)];

  return tcpflow__conn_ended(conn) && has_reset(conn, sender) &&
         (segment->flags & TCPFLOW_FLAG_ACK) != 0 &&
         brings_news(rcv, segment) && segment->time > conn->last &&
         segment->time - conn->last > PATIENCE &&
         is_within(snd->snd_nxt, segment->seq, UINT16_MAX) &&
         is_within(rcv->snd_una, segment->ack, TCPFLOW__WINDOW_MAX);
}
