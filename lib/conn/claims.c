/*
 * lib/conn/claims.c - does a segment begin a connection, belong to one, or come
 * too late?
 *
 * Room: conn.  Includes: wire, segment.  RFC 9293 section 3.6.1 and RFC 6191
 * let a SYN take the place of a connection in TIME-WAIT.
 */
#include "conn/conn.h"
#include "conn/doubt.h"
#include "segment/segment.h"

bool tcpflow__conn_begins(const tcpflow_segment *segment) {
  return (segment->flags & TCPFLOW_FLAG_RST) == 0 &&
         segment->checksum != TCPFLOW_CHECKSUM_BAD &&
         !tcpflow__segment_bad_flags(segment->flags);
}

/* A SYN and ACK with a number of the connection, from its SYN's on: it is not
   the answer to a new SYN. */
static bool is_old_answer(const tcpflow__endpoint *rcv,
                          const tcpflow_segment *segment) {
  return tcpflow__endpoint_has(rcv, TCPFLOW__END_BASE) &&
         tcpflow_seq_leq(tcpflow_seq_add(rcv->base, UINT32_MAX),
                         segment->ack) &&
         tcpflow_seq_leq(segment->ack, rcv->snd_nxt);
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

/*
 * RFC 6191 section 2 and RFC 9293 section 3.6.1: an endpoint in TIME-WAIT takes
 * a SYN only if its number, or its timestamp, is newer than all it has seen.
 * If it takes another one all the same, its SYN and ACK will tell.
 */
static bool is_newer(const tcpflow__endpoint *snd,
                     const tcpflow_segment *segment) {
  const tcpflow_options *const options = segment->options;

  if (tcpflow_seq_lt(snd->snd_nxt, segment->seq)) {
    return true;
  }
  return options != NULL && (options->present & TCPFLOW_HAS_TIMESTAMPS) != 0 &&
         tcpflow__endpoint_has(snd, TCPFLOW__END_TS_RECENT) &&
         tcpflow_seq_lt(snd->ts_recent, options->ts_val);
}

/* Does a SYN, or a SYN and ACK, begin the next connection of this tuple? */
static bool succeeds(const tcpflow_conn *conn, tcpflow_side sender,
                     const tcpflow_segment *segment) {
  const tcpflow__endpoint *const snd = &conn->end[sender];
  const tcpflow__endpoint *const rcv = &conn->end[tcpflow_side_other(sender)];
  const bool over = tcpflow__conn_ended(conn) || tcpflow__conn_doubted(conn) ||
                    both_closed(conn);

  /* The SYN of the connection that was followed, sent again. */
  if (tcpflow__endpoint_began_with(snd, segment->seq)) {
    return false;
  }
  if ((segment->flags & TCPFLOW_FLAG_ACK) != 0) {
    return answers_candidate(conn, segment) ||
           (over && !is_old_answer(rcv, segment));
  }
  return over &&
         (rcv->state != TCPFLOW_STATE_TIME_WAIT || is_newer(snd, segment));
}

tcpflow__conn_claim tcpflow__conn_claims(const tcpflow_conn *conn,
                                         tcpflow_side sender,
                                         const tcpflow_segment *segment) {
  if ((segment->flags & TCPFLOW_FLAG_SYN) != 0 &&
      tcpflow__conn_begins(segment) && succeeds(conn, sender, segment)) {
    return TCPFLOW__CLAIM_SUCCESSOR;
  }
  return tcpflow__conn_ended(conn) ? TCPFLOW__CLAIM_STRAGGLER
                                   : TCPFLOW__CLAIM_MINE;
}
