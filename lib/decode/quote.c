/*
 * lib/decode/quote.c - the TCP header that an ICMP error quotes.
 *
 * Room: decode.  Includes: wire.  RFC 792 asks for 8 octets of it, RFC 1812
 * section 4.3.2.3 and RFC 4443 for as many as fit; so any number is taken, and
 * the packet tells how many.
 */
#include "decode/steps.h"

#include <string.h>

enum {
  HEADER_SIZE = 20,
  PORTS_SIZE = 4,
  FLAGS_BEHIND = 14 /* Where data offset and flags are over. */
};

/* Octets of the fixed header that end with a whole field. */
static uint32_t whole_fields(uint32_t there) {
  static const uint8_t ends[] = {20, 16, 14, 12, 8};

  for (size_t i = 0; i < sizeof(ends); i++) {
    if (there >= ends[i]) {
      return ends[i];
    }
  }
  return PORTS_SIZE;
}

/* Fields that are not quoted are 0. */
static void note_fields(tcpflow_packet *packet, const uint8_t *bytes,
                        uint32_t there) {
  uint8_t header[HEADER_SIZE] = {0};

  memcpy(header, bytes, whole_fields(there));
  tcpflow__tcp_note_header(packet, header);
}

static void note_options(tcpflow_packet *packet, uint32_t there) {
  const uint32_t options = packet->header_length - (uint32_t)HEADER_SIZE;
  const uint32_t quoted = there < HEADER_SIZE ? 0 : there - HEADER_SIZE;

  packet->options_length = (uint8_t)options;
  packet->options_captured = (uint8_t)(quoted < options ? quoted : options);
  if (quoted < options) {
    packet->findings |= TCPFLOW_FINDING_OPTIONS_CUT;
  }
}

/* Once the data offset is known. */
static void note_lengths(tcpflow_packet *packet, uint32_t there) {
  const uint32_t header = packet->header_length;

  if (header < HEADER_SIZE || header > packet->tcp_length) {
    packet->findings |= header < HEADER_SIZE
                          ? TCPFLOW_FINDING_TCP_BAD_OFFSET_SHORT
                          : TCPFLOW_FINDING_TCP_BAD_OFFSET_LONG;
    return;
  }
  note_options(packet, there);
  packet->payload_offset = packet->tcp_offset + header;
  packet->payload_length = packet->tcp_length - header;
  packet->payload_captured = there < header ? 0 : there - header;
}

/* Octets of the header, of THERE that are quoted of the segment. */
static uint8_t quoted_header(const tcpflow_packet *packet, uint32_t there) {
  const uint32_t header =
    there < FLAGS_BEHIND || packet->header_length < HEADER_SIZE
      ? HEADER_SIZE
      : packet->header_length;

  return (uint8_t)(there < header ? there : header);
}

uint32_t tcpflow__step_quoted_tcp(tcpflow__walk *walk) {
  tcpflow_packet *const packet = walk->packet;
  const uint32_t there = tcpflow__cursor_left(&walk->cursor);
  const uint32_t offset = walk->cursor.off;
  const uint8_t *const bytes =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_TCP, PORTS_SIZE);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  packet->tcp_offset = offset;
  packet->tcp_length = packet->ip_length - packet->ip_header_length;
  note_fields(packet, bytes, there);
  if (there >= FLAGS_BEHIND) {
    note_lengths(packet, there);
  }
  packet->quoted = quoted_header(packet, there);
  packet->findings |=
    walk->first_fragment != 0 ? TCPFLOW_FINDING_FIRST_FRAGMENT : 0;
  return tcpflow__walk_stop(walk, TCPFLOW_PACKET_ICMP_ERROR, 0);
}
