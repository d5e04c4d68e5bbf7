/*
 * lib/segment/reading.h - a decoded packet as a segment, in the caller's code.
 *
 * Room: segment.  Includes: base, decode.  What both structs have stands in
 * both in one order, so that it is copied in wide pieces.
 */
#ifndef TCPFLOW__SEGMENT_READING_H
#define TCPFLOW__SEGMENT_READING_H

#include <stddef.h>
#include <string.h>

#include <tcpflow/segment.h>

#include "base/compiler.h"

/* How far a member is behind another one, in both. */
#define TCPFLOW__LAID_OUT_ALIKE(first, member)                                 \
  _Static_assert(                                                              \
    offsetof(tcpflow_packet, member) - offsetof(tcpflow_packet, first) ==      \
      offsetof(tcpflow_segment, member) - offsetof(tcpflow_segment, first),    \
    #member " is laid out alike")

TCPFLOW__LAID_OUT_ALIKE(number, handle);
TCPFLOW__LAID_OUT_ALIKE(seq, ack);
TCPFLOW__LAID_OUT_ALIKE(seq, payload_length);
TCPFLOW__LAID_OUT_ALIKE(seq, payload_captured);
TCPFLOW__LAID_OUT_ALIKE(seq, flags);
TCPFLOW__LAID_OUT_ALIKE(seq, window);
TCPFLOW__LAID_OUT_ALIKE(seq, urgent);
TCPFLOW__LAID_OUT_ALIKE(seq, checksum);
TCPFLOW__LAID_OUT_ALIKE(seq, ip_ttl);
TCPFLOW__LAID_OUT_ALIKE(seq, ip_tos);
TCPFLOW__LAID_OUT_ALIKE(seq, ip_id);

_Static_assert(offsetof(tcpflow_segment, reserved2) ==
                   offsetof(tcpflow_segment, ip_version) + 1 &&
                 offsetof(tcpflow_packet, tuple.reserved) ==
                   offsetof(tcpflow_packet, tuple.version) + 1,
               "an octet that is 0 stands behind the version");

/* What all segments have that were read.  Who reads one after the other into
   one place needs it once. */
TCPFLOW__FLAT void tcpflow__segment_prepare(tcpflow_segment *segment) {
  segment->size = sizeof(*segment);
  memset(segment->reserved1, 0, sizeof(segment->reserved1));
}

/* As tcpflow__segment_read(), at TIME, into one that is prepared; OPTIONS are
   parsed already. */
TCPFLOW__FLAT void tcpflow__segment_copy(tcpflow_segment *segment,
                                         const tcpflow_options *options,
                                         const tcpflow_packet *packet,
                                         tcpflow_time time) {
  segment->time = time;
  segment->payload = packet->payload_captured == 0
                       ? NULL
                       : packet->bytes + packet->payload_offset;
  segment->options = options;
  segment->packet = packet;
  memcpy((uint8_t *)segment + offsetof(tcpflow_segment, number),
         (const uint8_t *)packet + offsetof(tcpflow_packet, number), 16);
  memcpy((uint8_t *)segment + offsetof(tcpflow_segment, seq),
         (const uint8_t *)packet + offsetof(tcpflow_packet, seq), 32);
  /* The packet's checksum, and its fragment field, stand in their places. */
  segment->checksum = TCPFLOW_CHECKSUM_NONE;
  segment->reserved = 0;
  /* With the octet behind it. */
  memcpy((uint8_t *)segment + offsetof(tcpflow_segment, ip_version),
         (const uint8_t *)packet + offsetof(tcpflow_packet, tuple.version), 2);
  segment->fragment_anomalies = 0;
}

#endif /* TCPFLOW__SEGMENT_READING_H */
