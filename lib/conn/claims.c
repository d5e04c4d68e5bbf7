/*
 * lib/conn/claims.c - does a segment begin a connection, belong to one, or come
 * too late?
 *
 * Room: conn.  Includes: wire, segment.  RFC 9293 section 3.6.1 and RFC 6191
 * let a SYN take the place of a connection in TIME-WAIT.
 */
#include "conn/conn.h"
#include "segment/segment.h"

enum {
  SA = TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_ACK
};

bool tcpflow__conn_begins(const tcpflow_segment *segment) {
  return (segment->flags & TCPFLOW_FLAG_RST) == 0 &&
         segment->checksum != TCPFLOW_CHECKSUM_BAD &&
         !tcpflow__segment_bad_flags(segment->flags);
}

/* The sender's SYN of the connection that was followed, sent again. */
static bool is_old_syn(const tcpflow__endpoint *snd,
                       const tcpflow_segment *segment) {
  return tcpflow__endpoint_has(snd, TCPFLOW__END_ISS) &&
         snd->iss == segment->seq;
}

/* Both have closed, though the last ACK may not have been captured. */
static bool both_closed(const tcpflow_conn *conn) {
  return tcpflow__endpoint_has(&conn->end[0], TCPFLOW__END_FIN) &&
         tcpflow__endpoint_has(&conn->end[1], TCPFLOW__END_FIN);
}

/* It answers a SYN that had come in the middle of the connection. */
static bool answers_candidate(const tcpflow_conn *conn,
                              const tcpflow_segment *segment) {
  return (conn->bits & TCPFLOW__CONN_CANDIDATE) != 0 &&
         segment->ack == tcpflow_seq_add(conn->candidate_isn, 1);
}

tcpflow__conn_claim tcpflow__conn_claims(const tcpflow_conn *conn,
                                         tcpflow_side sender,
                                         const tcpflow_segment *segment) {
  const bool syn =
    tcpflow__conn_begins(segment) && (segment->flags & TCPFLOW_FLAG_SYN) != 0;
  const bool ack = (segment->flags & TCPFLOW_FLAG_ACK) != 0;

  if (!syn || is_old_syn(&conn->end[sender], segment)) {
    return tcpflow__conn_ended(conn) ? TCPFLOW__CLAIM_STRAGGLER
                                     : TCPFLOW__CLAIM_MINE;
  }
  if (tcpflow__conn_ended(conn) || (!ack && both_closed(conn)) ||
      (ack && answers_candidate(conn, segment))) {
    return TCPFLOW__CLAIM_SUCCESSOR;
  }
  return TCPFLOW__CLAIM_MINE;
}
