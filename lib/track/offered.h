/*
 * lib/track/offered.h - a SYN of a frame, as a segment with what it offers.
 *
 * Room: track.  Includes: base, options, segment.  For newcomer.c and answer.c,
 * which follow SYNs without asking what else a segment could be.
 */
#ifndef TCPFLOW__TRACK_OFFERED_H
#define TCPFLOW__TRACK_OFFERED_H

#include "options/offers.h"
#include "options/options.h"
#include "segment/reading.h"
#include "track/tracker.h"

/* The options of a SYN. */
TCPFLOW__FLAT const tcpflow_options *
tcpflow__offered_options(tcpflow_tracker *tracker,
                         const tcpflow_packet *packet) {
  static const tcpflow_options none = {.size = sizeof(tcpflow_options)};
  const uint8_t *const bytes = packet->bytes + packet->tcp_offset + 20;
  const unsigned length = packet->options_length;

  if (length == 0) {
    return &none;
  }
  if (length == TCPFLOW__OFFERS_LENGTH && packet->options_captured == length &&
      tcpflow__options_are_offers(bytes)) {
    tcpflow__offers_take(&tracker->scratch.offers, bytes);
    return &tracker->scratch.offers;
  }
  tcpflow__options_parse(&tracker->scratch.options, bytes, length,
                         packet->options_captured, packet->flags);
  return &tracker->scratch.options;
}

/* The segment of a SYN, at the tracker's time. */
TCPFLOW__FLAT const tcpflow_segment *
tcpflow__offered_segment(tcpflow_tracker *tracker,
                         const tcpflow_packet *packet) {
  tcpflow_segment *const segment = &tracker->scratch.segment;

  tcpflow__segment_copy(segment, tcpflow__offered_options(tracker, packet),
                        packet, tracker->now);
  return segment;
}

#endif /* TCPFLOW__TRACK_OFFERED_H */
