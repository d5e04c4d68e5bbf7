/*
 * lib/track/several.c - what a frame holds that is not one segment: packets
 * side by side, fragments, ICMP messages.
 *
 * Room: track.  Includes: decode, frag, conn.
 */
#include "track/several.h"

#include "track/ahead.h"
#include "track/attach.h"
#include "track/find.h"
#include "track/fragments.h"
#include "track/general.h"

/* A packet that did not come with its batch: nothing was asked for ahead. */
static int follow_alone(tcpflow_tracker *tracker, tcpflow__batched *batched,
                        uint32_t anomalies) {
  if (!tcpflow__is_followed(&batched->packet)) {
    return tcpflow__attach_icmp(tracker, &batched->packet);
  }
  batched->flow = NULL;
  batched->index = TCPFLOW__UNSEARCHED;
  batched->keyed = false;
  return tcpflow__general_follow(
    tracker, batched, tcpflow__find_flow(tracker, batched), anomalies);
}

/* Follows the packets of a datagram but those that were followed before. */
static int follow_datagram(tcpflow_tracker *tracker, uint32_t anomalies) {
  tcpflow__batched *const datagram = &tracker->scratch.datagram;
  uint32_t at = 0;

  do {
    if (at >= tracker->resume.inner) {
      /* Something was dropped, and that is when the caller wants to stop. */
      const int error = tracker->env.stopped
                          ? TCPFLOW_ERR_CALLBACK
                          : follow_alone(tracker, datagram, anomalies);
      if (error != TCPFLOW_OK) {
        return error;
      }
      tracker->stats.datagrams[datagram->packet.kind]++;
      tracker->resume.inner = at + 1;
    }
    at++;
  } while (tcpflow_packet_next(&datagram->packet, &tracker->scratch.whole,
                               &tracker->decode) > 0);
  tracker->resume.inner = 0;
  return TCPFLOW_OK;
}

/* A packet that is not followed by itself. */
static int follow_fragment(tcpflow_tracker *tracker,
                           const tcpflow_packet *packet) {
  tcpflow__fragments_result result;
  int error;

  if (!tcpflow__fragments_wants(tracker, packet)) {
    return tcpflow__attach_icmp(tracker, packet);
  }
  error = tcpflow__fragments_feed(tracker, packet, &result);
  if (result.complete) {
    /* Its octets are not where the frame's are. */
    tracker->env.budget.copies = true;
    error = follow_datagram(tracker, result.anomalies);
    tracker->env.budget.copies = false;
  }
  tcpflow__fragments_done(tracker, error);
  return error;
}

/* Counts a packet that was followed. */
static inline void count_packet(tcpflow_tracker *tracker,
                                const tcpflow_packet *packet) {
  tcpflow_tracker_stats *const stats = &tracker->stats;

  stats->packets[packet->kind]++;
  if (packet->kind != TCPFLOW_PACKET_TCP || tcpflow__is_followed(packet)) {
    return;
  }
  if ((packet->findings & TCPFLOW_FINDING_FIRST_FRAGMENT) != 0) {
    stats->first_fragments++;
  } else {
    stats->bad_offset++;
  }
}

/* One packet of a frame that holds several. */
static int follow_further(tcpflow_tracker *tracker, tcpflow__batched *further) {
  const int error = tcpflow__is_followed(&further->packet)
                      ? follow_alone(tracker, further, 0)
                      : follow_fragment(tracker, &further->packet);

  if (error == TCPFLOW_OK) {
    count_packet(tracker, &further->packet);
  }
  return error;
}

/* Follows the packets of a frame but those that were followed before. */
static int follow_aggregate(tcpflow_tracker *tracker,
                            const tcpflow__batched *batched,
                            const tcpflow_frame *frame) {
  tcpflow__batched *const further = &tracker->scratch.further;
  uint32_t at = 0;

  *further = *batched;
  do {
    if (at >= tracker->resume.done) {
      const int error = tracker->env.stopped ? TCPFLOW_ERR_CALLBACK
                                             : follow_further(tracker, further);
      if (error != TCPFLOW_OK) {
        return error;
      }
      tracker->resume.done = at + 1;
    }
    at++;
  } while (tcpflow_packet_next(&further->packet, frame, &tracker->decode) > 0);
  tracker->resume.done = 0;
  return TCPFLOW_OK;
}

static int follow_single(tcpflow_tracker *tracker,
                         const tcpflow_packet *packet) {
  const int error = follow_fragment(tracker, packet);

  if (error == TCPFLOW_OK) {
    count_packet(tracker, packet);
  }
  return error;
}

int tcpflow__several_follow(tcpflow_tracker *tracker,
                            const tcpflow__batched *batched,
                            const tcpflow_frame *frame) {
  const tcpflow_packet *const packet = &batched->packet;
  const int error = (packet->findings & TCPFLOW_FINDING_AGGREGATE) != 0
                      ? follow_aggregate(tracker, batched, frame)
                      : follow_single(tracker, packet);

  if (error != TCPFLOW_OK) {
    tcpflow__resume_note(&tracker->resume, frame);
  }
  return error;
}
