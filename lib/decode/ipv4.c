/*
 * lib/decode/ipv4.c - the IPv4 header (RFC 791 section 3.1).
 *
 * Room: decode.  Includes: wire.
 */
#include "decode/ip_options.h"
#include "decode/steps.h"
#include "wire/bytes.h"

#include <string.h>

enum {
  HEADER_SIZE = 20,
  MORE_FRAGMENTS = 0x2000,
  FRAGMENT_OFFSET = 0x1fff
};

static inline void note_header(tcpflow_packet *packet, const uint8_t *bytes,
                               uint32_t offset) {
  packet->ip_offset = offset;
  packet->ip_header_length = (uint16_t)((bytes[0] & 0xfU) * 4);
  packet->ip_tos = bytes[1];
  packet->ip_id = tcpflow__fetch16(bytes + 4);
  packet->ip_fragment = tcpflow__fetch16(bytes + 6);
  packet->ip_ttl = bytes[8];
  packet->ip_protocol = bytes[9];
  packet->tuple.version = 4;
  memcpy(packet->tuple.address[0], bytes + 12, 4);
  memcpy(packet->tuple.address[1], bytes + 16, 4);
}

/* HEADER is below 20, or the total length does not cover it. */
TCPFLOW__COLD static uint32_t stop_at_lengths(tcpflow__walk *walk,
                                              uint32_t header, uint32_t total) {
  uint32_t findings = 0;

  if (header < HEADER_SIZE || total >= HEADER_SIZE) {
    findings |= TCPFLOW_FINDING_IP_BAD_HEADER_LENGTH;
  }
  if (total != 0 && total < header) {
    findings |= TCPFLOW_FINDING_IP_BAD_LENGTH;
  }
  return tcpflow__walk_stop(walk, TCPFLOW_PACKET_MALFORMED, findings);
}

/* Answers 0 if the walk must stop. */
static int take_options(tcpflow__walk *walk, uint32_t size) {
  tcpflow_packet *const packet = walk->packet;
  const uint8_t *const options = tcpflow__walk_take(walk, size);

  packet->findings |= TCPFLOW_FINDING_IP_OPTIONS;
  if (options == NULL) {
    packet->findings |= packet->kind == TCPFLOW_PACKET_MALFORMED
                          ? TCPFLOW_FINDING_IP_BAD_HEADER_LENGTH
                          : 0;
    return 0;
  }
  if (!tcpflow__ip_options_good(tcpflow__ipv4_option_size, options, size)) {
    packet->findings |= TCPFLOW_FINDING_IP_BAD_OPTIONS;
  }
  return 1;
}

static int is_plain(const tcpflow_packet *packet) {
  return packet->ip_header_length == HEADER_SIZE &&
         (packet->ip_fragment & (FRAGMENT_OFFSET | MORE_FRAGMENTS)) == 0;
}

/* A header with options, or of a fragment. */
TCPFLOW__COLD static uint32_t finish_header(tcpflow__walk *walk) {
  const tcpflow_packet *const packet = walk->packet;
  const uint32_t options = packet->ip_header_length - (uint32_t)HEADER_SIZE;
  const uint32_t next = TCPFLOW__NEXT_IPV4 + packet->ip_protocol;

  if (options != 0 && !take_options(walk, options)) {
    return TCPFLOW__NEXT_STOP;
  }
  if ((packet->ip_fragment & FRAGMENT_OFFSET) != 0) {
    return tcpflow__walk_stop_fragment(walk, next);
  }
  walk->first_fragment = packet->ip_fragment & MORE_FRAGMENTS;
  return next;
}

uint32_t tcpflow__step_ipv4(tcpflow__walk *walk) {
  tcpflow_packet *const packet = walk->packet;
  const uint32_t offset = walk->cursor.off;
  const uint8_t *const bytes =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_IPV4, HEADER_SIZE);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  if (bytes[0] >> 4 != 4) {
    return tcpflow__walk_stop(walk, TCPFLOW_PACKET_MALFORMED,
                              TCPFLOW_FINDING_IP_BAD_VERSION);
  }
  const uint32_t total = tcpflow__fetch16(bytes + 2);

  if (packet->tuple.version != 0) {
    tcpflow__walk_forget_datagram(walk);
  }
  note_header(packet, bytes, offset);
  if (packet->ip_header_length < HEADER_SIZE ||
      (total < packet->ip_header_length && total != 0)) {
    return stop_at_lengths(walk, packet->ip_header_length, total);
  }
  tcpflow__walk_limit(walk, offset, total);
  return is_plain(packet) ? TCPFLOW__NEXT_IPV4 + packet->ip_protocol
                          : finish_header(walk);
}
