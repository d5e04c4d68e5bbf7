/*
 * lib/decode/tcp.c - the TCP header (RFC 9293 section 3.1).
 *
 * Room: decode.  Includes: wire.  The last step: it sets the packet's kind.  A
 * header that is whole but has a wrong data offset still says ports, numbers
 * and flags, and printers and trackers want them; so it stays TCP, without
 * options or payload, and the finding says why.
 */
#include "decode/steps.h"
#include "wire/bytes.h"

#include <string.h>

enum {
  HEADER_SIZE = 20,
  PORTS_SIZE = 4
};

static inline uint32_t stop_whole(tcpflow__walk *walk) {
  if (walk->first_fragment != 0) {
    walk->packet->findings |= TCPFLOW_FINDING_FIRST_FRAGMENT;
  }
  walk->packet->kind = TCPFLOW_PACKET_TCP;
  return TCPFLOW__NEXT_STOP;
}

static inline void note_ports(tcpflow_packet *packet, const uint8_t *bytes) {
  packet->tuple.port[0] = tcpflow__fetch16(bytes);
  packet->tuple.port[1] = tcpflow__fetch16(bytes + 2);
}

/* What a printer can still say about a header that is not all there. */
TCPFLOW__COLD static void note_ports_alone(tcpflow__walk *walk) {
  const uint8_t *const bytes = tcpflow__cursor_peek(&walk->cursor, PORTS_SIZE);

  if (bytes != NULL) {
    note_ports(walk->packet, bytes);
  }
}

/* The datagram has less than a header; a fragment may go on elsewhere. */
TCPFLOW__COLD static uint32_t stop_short(tcpflow__walk *walk) {
  note_ports_alone(walk);
  if (walk->first_fragment != 0) {
    return tcpflow__walk_stop(walk, TCPFLOW_PACKET_FRAGMENT, 0);
  }
  return tcpflow__walk_stop(walk, TCPFLOW_PACKET_MALFORMED,
                            TCPFLOW_FINDING_TCP_SHORT);
}

static inline int is_same_end(const tcpflow_tuple *tuple) {
  return tuple->port[0] == tuple->port[1] &&
         memcmp(tuple->address[0], tuple->address[1],
                sizeof(tuple->address[0])) == 0;
}

/* Octets 12 to 15 are offset, reserved bits, flags and window. */
static inline void note_header(tcpflow_packet *packet, const uint8_t *bytes) {
  const uint32_t word = tcpflow__fetch32(bytes + 12);
  const unsigned reserved = word >> 25 & 7U;

  note_ports(packet, bytes);
  packet->seq = tcpflow__fetch32(bytes + 4);
  packet->ack = tcpflow__fetch32(bytes + 8);
  packet->header_length = (uint8_t)(word >> 28 << 2);
  packet->reserved_bits = (uint8_t)reserved;
  packet->flags = (uint16_t)(word >> 16 & TCPFLOW_FLAGS_ALL);
  packet->window = (uint16_t)(word & 0xffffU);
  packet->checksum = tcpflow__fetch16(bytes + 16);
  packet->urgent = tcpflow__fetch16(bytes + 18);
  if (reserved != 0) {
    packet->findings |= TCPFLOW_FINDING_RESERVED_BITS;
  }
  if (is_same_end(&packet->tuple)) {
    packet->findings |= TCPFLOW_FINDING_SAME_ENDS;
  }
}

void tcpflow__tcp_note_header(tcpflow_packet *packet, const uint8_t *bytes) {
  note_header(packet, bytes);
}

/* A data offset below 5, or beyond the datagram. */
TCPFLOW__COLD static uint32_t stop_at_offset(tcpflow__walk *walk) {
  tcpflow_packet *const packet = walk->packet;
  const int beyond = packet->header_length >= HEADER_SIZE;

  if (beyond && walk->first_fragment != 0) {
    return tcpflow__walk_stop(walk, TCPFLOW_PACKET_FRAGMENT, 0);
  }
  packet->payload_offset = walk->cursor.off;
  packet->findings |= beyond ? TCPFLOW_FINDING_TCP_BAD_OFFSET_LONG
                             : TCPFLOW_FINDING_TCP_BAD_OFFSET_SHORT;
  return stop_whole(walk);
}

/* The cursor stands behind the fixed part of the header. */
static inline void note_payload(tcpflow__walk *walk, uint32_t options) {
  tcpflow_packet *const packet = walk->packet;
  const uint32_t there = tcpflow__cursor_left(&walk->cursor);

  packet->options_length = (uint8_t)options;
  packet->payload_offset = walk->cursor.off + options;
  packet->payload_length = tcpflow__walk_wire_left(walk) - options;
  if (there < options) {
    packet->options_captured = (uint8_t)there;
    packet->findings |= TCPFLOW_FINDING_OPTIONS_CUT;
    return;
  }
  packet->options_captured = (uint8_t)options;
  packet->payload_captured = there - options;
}

uint32_t tcpflow__step_tcp(tcpflow__walk *walk) {
  tcpflow_packet *const packet = walk->packet;
  const uint32_t length = tcpflow__walk_wire_left(walk);

  if (walk->quoted == TCPFLOW__QUOTE_OPEN) {
    return tcpflow__step_quoted_tcp(walk);
  }
  packet->tcp_offset = walk->cursor.off;
  packet->tcp_length = length;
  if (length < HEADER_SIZE) {
    return stop_short(walk);
  }
  const uint8_t *const bytes =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_TCP, HEADER_SIZE);
  if (bytes == NULL) {
    note_ports_alone(walk);
    return TCPFLOW__NEXT_STOP;
  }
  note_header(packet, bytes);

  const uint32_t header = packet->header_length;
  if (header < HEADER_SIZE || header > length) {
    return stop_at_offset(walk);
  }
  note_payload(walk, header - HEADER_SIZE);
  return stop_whole(walk);
}
