/*
 * lib/decode/datagram.c - where an IP datagram ends inside its frame.
 *
 * Room: decode.  Includes: wire.  Both IP versions have the same four cases,
 * and what is behind the end (Ethernet's padding, a trailer) is never seen by
 * the headers inside.
 */
#include "decode/steps.h"

#include <string.h>

enum {
  IPV6_HEADER = 40,
  LENGTH_FIELD_MAX = 65535,
  DATAGRAM_FINDINGS = TCPFLOW_FINDING_PADDING | TCPFLOW_FINDING_IP_LENGTH_ZERO |
                      TCPFLOW_FINDING_IP_LENGTH_BEYOND |
                      TCPFLOW_FINDING_IP_OPTIONS |
                      TCPFLOW_FINDING_IP_BAD_OPTIONS | TCPFLOW_FINDING_JUMBO
};

/* Segmentation offload and BIG TCP leave a 0, and the frame is the datagram. */
static uint32_t frame_length(tcpflow_packet *packet, uint32_t left) {
  const uint32_t uncounted = packet->tuple.version == 6 ? IPV6_HEADER : 0;

  packet->findings |= TCPFLOW_FINDING_IP_LENGTH_ZERO;
  if (left - uncounted > LENGTH_FIELD_MAX) {
    packet->findings |= TCPFLOW_FINDING_JUMBO;
  }
  return left;
}

TCPFLOW__COLD static uint32_t other_length(tcpflow_packet *packet,
                                           uint32_t length, uint32_t left) {
  if (length == 0) {
    return frame_length(packet, left);
  }
  if (length > left) {
    packet->findings |= TCPFLOW_FINDING_IP_LENGTH_BEYOND;
    return left;
  }
  packet->findings |= TCPFLOW_FINDING_PADDING;
  return length;
}

/* A quote ends early, or has octets behind it; its datagram is as long as it
   says all the same. */
TCPFLOW__COLD static void limit_quote(tcpflow__walk *walk, uint32_t length,
                                      uint32_t left) {
  walk->packet->ip_length =
    length == 0 ? frame_length(walk->packet, left) : length;
  if (length != 0 && length < left) {
    walk->wire_end -= left - length;
    tcpflow__cursor_limit(&walk->cursor, tcpflow__walk_wire_left(walk));
  }
}

void tcpflow__walk_limit(tcpflow__walk *walk, uint32_t offset,
                         uint32_t length) {
  const uint32_t left = walk->wire_end - offset;

  if (length != left) {
    if (walk->quoted == TCPFLOW__QUOTE_OPEN) {
      limit_quote(walk, length, left);
      return;
    }
    length = other_length(walk->packet, length, left);
  }
  walk->packet->ip_length = length;
  walk->wire_end = offset + length;
  tcpflow__cursor_limit(&walk->cursor, tcpflow__walk_wire_left(walk));
}

TCPFLOW__COLD void tcpflow__walk_forget_datagram(tcpflow__walk *walk) {
  tcpflow_packet *const packet = walk->packet;

  walk->extensions = 0;
  walk->first_fragment = 0;
  packet->findings &= ~(uint32_t)DATAGRAM_FINDINGS;
  packet->ip_length = 0;
  packet->ip_id = 0;
  packet->ip_flow_label = 0;
  packet->ip_fragment = 0;
  memset(packet->tuple.address, 0, sizeof(packet->tuple.address));
}
