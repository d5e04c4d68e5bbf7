/*
 * lib/conn/claims.c - does a segment begin a connection, belong to one, or come
 * too late?
 *
 * Room: conn.  Includes: wire, segment.  RFC 9293 section 3.6.1 and RFC 6191
 * let a SYN take the place of a connection in TIME-WAIT.
 */
#include "base/sized.h"
#include "conn/candidates.h"
#include "conn/doubt.h"
#include "conn/fold.h"
#include "conn/heir.h"

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

/* Is the connection so far that SYNs with other numbers begin another one? */
static bool has_candidates(const tcpflow_conn *conn) {
  return tcpflow__candidates_of(conn) != NULL &&
         (tcpflow__conn_opened(conn) || tcpflow__conn_ended(conn));
}

/* It answers a SYN that had come in the middle of the connection. */
static bool answers_candidate(const tcpflow_conn *conn, tcpflow_side sender,
                              const tcpflow_segment *segment) {
  return has_candidates(conn) &&
         tcpflow__candidates_acked(tcpflow__candidates_of(conn),
                                   tcpflow_side_other(sender),
                                   segment->ack) != NULL;
}

/* Is it a number of the endpoint, or a little ahead? */
static bool is_near(const tcpflow__endpoint *end, tcpflow_seq number) {
  return tcpflow_seq_distance(tcpflow_seq_add(end->base, UINT32_MAX), number) <=
         tcpflow_seq_distance(end->base, end->snd_nxt) + 65536;
}

/* It goes on behind a SYN that had come in the middle, whose answer was not
   captured; and nothing of it fits the connection. */
static bool follows_candidate(const tcpflow_conn *conn, tcpflow_side sender,
                              const tcpflow_segment *segment) {
  return has_candidates(conn) && (segment->flags & TCPFLOW_FLAG_ACK) != 0 &&
         tcpflow__candidates_followed(tcpflow__candidates_of(conn), sender,
                                      segment->seq) != NULL &&
         !is_near(&conn->end[sender], segment->seq) &&
         !is_near(&conn->end[tcpflow_side_other(sender)], segment->ack);
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

/*
 * Does its receiver have no connection any more, so that a SYN begins one at
 * once?  In every other state the answer decides: RFC 9293 section 3.10.7.4,
 * fourth step.
 */
static bool is_free(const tcpflow_conn *conn, tcpflow_side sender,
                    const tcpflow_segment *segment) {
  const uint8_t state = conn->end[tcpflow_side_other(sender)].state;

  if (state == TCPFLOW_STATE_TIME_WAIT) {
    return (conn->bits & TCPFLOW__CONN_TIME_WAIT_OVER) != 0 ||
           is_newer(&conn->end[sender], segment);
  }
  return state == TCPFLOW_STATE_CLOSED || tcpflow__conn_ended(conn);
}

/* Does a SYN, or a SYN and ACK, begin the next connection of this tuple? */
static bool succeeds(const tcpflow_conn *conn, tcpflow_side sender,
                     const tcpflow_segment *segment) {
  const tcpflow__endpoint *const snd = &conn->end[sender];
  const tcpflow__endpoint *const rcv = &conn->end[tcpflow_side_other(sender)];
  const bool over = tcpflow__conn_ended(conn) || tcpflow__conn_doubted(conn) ||
                    tcpflow__conn_both_closed(conn);

  /* The SYN of the connection that was followed, sent again. */
  if (tcpflow__endpoint_began_with(snd, segment->seq)) {
    return false;
  }
  if ((segment->flags & TCPFLOW_FLAG_ACK) != 0) {
    return answers_candidate(conn, sender, segment) ||
           (over && !is_old_answer(rcv, segment));
  }
  return over && is_free(conn, sender, segment);
}

/* A segment without a SYN goes on with what the connection is not. */
static bool goes_on(const tcpflow_conn *conn, tcpflow_side sender,
                    const tcpflow_segment *segment) {
  return follows_candidate(conn, sender, segment) ||
         tcpflow__doubt_outlived(conn, sender, segment);
}

tcpflow_conn_claim tcpflow__conn_claims_slow(const tcpflow_conn *conn,
                                             tcpflow_side sender,
                                             const tcpflow_segment *segment) {
  const bool ended = tcpflow__conn_ended(conn);
  tcpflow__conn_view room;
  const bool syn = (segment->flags & TCPFLOW_FLAG_SYN) != 0;

  conn = tcpflow__conn_seen(conn, &room);
  if ((syn || ended || conn->extra != NULL) && tcpflow__conn_begins(segment) &&
      (syn ? succeeds(conn, sender, segment)
           : goes_on(conn, sender, segment))) {
    return TCPFLOW_CLAIM_SUCCESSOR;
  }
  return ended ? TCPFLOW_CLAIM_STRAGGLER : TCPFLOW_CLAIM_MINE;
}

tcpflow_conn_claim tcpflow_conn_claims(const tcpflow_conn *conn,
                                       tcpflow_side sender,
                                       const tcpflow_segment *segment) {
  tcpflow_segment ours;

  if (!tcpflow__is_side(sender) ||
      tcpflow__sized_read(&ours, sizeof(ours), segment) != TCPFLOW_OK ||
      !tcpflow__conn_is(conn, TCPFLOW__CONN_BEGUN)) {
    return TCPFLOW_CLAIM_MINE;
  }
  return tcpflow__conn_claims(conn, sender, &ours);
}

tcpflow_anomaly tcpflow__conn_reuse(const tcpflow_conn *conn,
                                    tcpflow_side sender,
                                    const tcpflow_segment *segment) {
  if (!tcpflow__conn_ended(conn) && !tcpflow__conn_doubted(conn) &&
      !tcpflow__conn_both_closed(conn)) {
    return TCPFLOW_ANOMALY_PORT_REUSED;
  }
  return tcpflow__conn_both_closed(conn) &&
             (segment->flags & TCPFLOW_FLAG_ACK) == 0 &&
             !is_newer(&conn->end[sender], segment)
           ? TCPFLOW_ANOMALY_PORT_REUSED_EARLY
           : (tcpflow_anomaly)0;
}
