/*
 * lib/track/general.c - a segment, whatever it is.
 *
 * Room: track.  Includes: segment, conn.  It may be of no flow, or of one whose
 * time is over, that has ended, or that it ends by beginning the next one.
 */
#include "track/general.h"

#include "conn/heir.h"
#include "segment/reading.h"
#include "track/admit.h"
#include "track/estate.h"
#include "track/find.h"
#include "track/life.h"
#include "track/readopts.h"

static int follow_unknown(tcpflow_tracker *tracker, const tcpflow__key *key,
                          const tcpflow_segment *segment) {
  if (!tcpflow__conn_begins(segment)) {
    tracker->stats.without_flow++;
    return TCPFLOW_OK;
  }
  if (!tcpflow__admits(tracker, key, segment)) {
    return TCPFLOW_OK;
  }
  return tcpflow__life_begin(tracker, key, segment);
}

/* Something ended before the segment could be followed.  If a callback of that
   asked to stop, the segment is not followed by this call. */
static int follow_after_end(tcpflow_tracker *tracker, const tcpflow__key *key,
                            const tcpflow_segment *segment) {
  return tracker->env.stopped ? TCPFLOW_ERR_CALLBACK
                              : follow_unknown(tracker, key, segment);
}

/* The segment takes the ports over from a flow.  The memory comes first, so
   that nothing can fail once the old one has ended: its record is the new
   one's, and the data of a SYN is never early. */
static int begin_successor(tcpflow_tracker *tracker, uint32_t index,
                           tcpflow_side sender, const tcpflow__key *key,
                           const tcpflow_segment *segment) {
  tcpflow_conn *const old = &tcpflow__flows_at(&tracker->flows, index)->conn;
  const int error = tcpflow__life_reserve(tracker, key, index);

  if (error != TCPFLOW_OK) {
    return error;
  }
  tcpflow__conn_extra *const heir =
    tcpflow__table_reserve(&tracker->table) == TCPFLOW_OK
      ? tcpflow__heir_new(&tracker->env, old, sender, segment,
                          tracker->timeout[TCPFLOW_PHASE_ENDED])
      : NULL;

  if (heir == NULL) {
    return TCPFLOW_ERR_NOMEM;
  }
  tcpflow__estate_leave(tracker, key, heir);
  tcpflow__life_forget(tracker, index, tracker->now, segment,
                       TCPFLOW_END_REUSED);
  return tcpflow__life_begin(tracker, key, segment);
}

/* Refused or not, it shows that the old one is over. */
static int follow_successor(tcpflow_tracker *tracker, uint32_t index,
                            tcpflow_side sender, const tcpflow__key *key,
                            const tcpflow_segment *segment) {
  if (tcpflow__admits(tracker, key, segment)) {
    return begin_successor(tracker, index, sender, key, segment);
  }
  tcpflow__life_forget(tracker, index, tracker->now, segment,
                       TCPFLOW_END_REUSED);
  return TCPFLOW_OK;
}

static int follow_straggler(tcpflow_tracker *tracker, tcpflow_conn *conn,
                            tcpflow_side sender,
                            const tcpflow_segment *segment) {
  const int error = tcpflow__conn_linger(conn, sender, segment);

  tracker->stats.stragglers += error == TCPFLOW_OK;
  return error;
}

/* Do the options of a segment not matter to its flow?  That is ignored; those
   of a SYN always do. */
static inline bool is_deaf(const tcpflow__flow *flow, unsigned flags) {
  return tcpflow__conn_ignored(&flow->conn) &&
         flow->phase < TCPFLOW_PHASE_RESET && (flags & TCPFLOW_FLAG_SYN) == 0;
}

static int follow_known(tcpflow_tracker *tracker, tcpflow__batched *batched,
                        tcpflow__flow *flow, tcpflow_segment *segment) {
  const uint32_t index = batched->index;
  const tcpflow_side sender = batched->sender;

  switch (tcpflow__conn_claims(&flow->conn, sender, segment)) {
  case TCPFLOW_CLAIM_STRAGGLER:
    return follow_straggler(tracker, &flow->conn, sender, segment);
  case TCPFLOW_CLAIM_SUCCESSOR:
    return follow_successor(tracker, index, sender,
                            tcpflow__find_key(tracker, batched), segment);
  case TCPFLOW_CLAIM_MINE:
  default:
    if (is_deaf(flow, segment->flags)) {
      segment->options = NULL; /* They may have been read for another one. */
    }
    return tcpflow__life_feed(tracker, flow, index, sender, segment);
  }
}

/* May the options of a packet matter to somebody?  Where the time of its flow
   is over, it may begin the next one. */
static inline bool wants_options(const tcpflow_tracker *tracker,
                                 const tcpflow__flow *flow,
                                 const tcpflow_packet *packet) {
  return flow == NULL || !is_deaf(flow, packet->flags) ||
         !tcpflow__life_is_early(tracker, flow);
}

/* The segment of a packet, at the tracker's time.  WHOLE: with its options. */
static inline tcpflow_segment *read_segment(tcpflow_tracker *tracker,
                                            const tcpflow_packet *packet,
                                            uint32_t anomalies, bool whole) {
  tcpflow_segment *const segment = &tracker->scratch.segment;

  tcpflow__segment_copy(
    segment,
    whole ? tcpflow__readopts_all(tracker, packet,
                                  tcpflow__readopts_stamps(tracker, packet))
          : NULL,
    packet, tracker->now);
  segment->fragment_anomalies = anomalies;
  if (tracker->verify_checksums) {
    segment->checksum = (uint8_t)tcpflow_packet_checksum(packet);
  }
  return segment;
}

static inline int follow_read(tcpflow_tracker *tracker,
                              tcpflow__batched *batched, tcpflow__flow *flow,
                              tcpflow_segment *segment) {
  if (flow == NULL) {
    return follow_unknown(tracker, tcpflow__find_key(tracker, batched),
                          segment);
  }
  if (!tcpflow__life_is_early(tracker, flow) &&
      tcpflow__life_expire(tracker, batched->index)) {
    return follow_after_end(tracker, tcpflow__find_key(tracker, batched),
                            segment);
  }
  if (tracker->env.stopped) {
    return TCPFLOW_ERR_CALLBACK;
  }
  const int error = tcpflow__life_unfold(tracker, flow, batched->index);
  return error == TCPFLOW_OK ? follow_known(tracker, batched, flow, segment)
                             : error;
}

int tcpflow__general_follow(tcpflow_tracker *tracker, tcpflow__batched *batched,
                            tcpflow__flow *flow, uint32_t anomalies) {
  tcpflow_segment *const segment =
    read_segment(tracker, &batched->packet, anomalies,
                 wants_options(tracker, flow, &batched->packet));
  const int error = follow_read(tracker, batched, flow, segment);

  if (error == TCPFLOW_OK) {
    tracker->stats.bad_checksum += segment->checksum == TCPFLOW_CHECKSUM_BAD;
  }
  return error;
}
