/*
 * lib/track/readopts.h - the options of a packet, for its segment.
 *
 * Room: track.  Includes: options.  Timestamps by themselves, and beside SACK
 * blocks, are what most segments have; they are known by their pattern.
 */
#ifndef TCPFLOW__TRACK_READOPTS_H
#define TCPFLOW__TRACK_READOPTS_H

#include "options/timestamps.h"
#include "track/tracker.h"

/* Other than timestamps by themselves. */
const tcpflow_options *tcpflow__readopts_parse(tcpflow_tracker *tracker,
                                               const tcpflow_packet *packet);

_Static_assert(offsetof(tcpflow_packet, options_captured) ==
                 offsetof(tcpflow_packet, options_length) + 1,
               "what there is stands side by side with what was captured");

/* Are there as many octets of options as timestamps by themselves have, and
   were all captured? */
TCPFLOW__FLAT bool tcpflow__readopts_fit(const tcpflow_packet *packet) {
  static const uint8_t both[2] = {TCPFLOW__TIMESTAMPS_LENGTH,
                                  TCPFLOW__TIMESTAMPS_LENGTH};

  return memcmp((const uint8_t *)packet +
                  offsetof(tcpflow_packet, options_length),
                both, sizeof(both)) == 0;
}

/* Timestamps by themselves, which most segments have; NULL: there are others,
   or none. */
TCPFLOW__FLAT const tcpflow_options *
tcpflow__readopts_stamps(tcpflow_tracker *tracker,
                         const tcpflow_packet *packet) {
  const uint8_t *const bytes = packet->bytes + packet->tcp_offset + 20;
  tcpflow_options *const options = &tracker->scratch.timestamps;

  if (!tcpflow__readopts_fit(packet) ||
      !tcpflow__options_are_timestamps(bytes)) {
    return NULL;
  }
  tcpflow__timestamps_take(options, bytes + 4);
  return options;
}

/* All options; STAMPS is tcpflow__readopts_stamps() the packet. */
TCPFLOW__FLAT const tcpflow_options *
tcpflow__readopts_all(tcpflow_tracker *tracker, const tcpflow_packet *packet,
                      const tcpflow_options *stamps) {
  return stamps != NULL ? stamps : tcpflow__readopts_parse(tracker, packet);
}

#endif /* TCPFLOW__TRACK_READOPTS_H */
