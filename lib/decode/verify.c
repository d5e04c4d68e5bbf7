/*
 * lib/decode/verify.c - what the TCP checksum of a packet says.
 *
 * Room: decode.  Includes: wire.  A checksum that is not right is more often
 * not done yet (offload to the network card) than wrong, so that is told apart.
 */
#include <tcpflow/packet.h>

#include "decode/pseudo.h"
#include "wire/checksum.h"

/* Says whether the capture, and the frame itself, hold the whole segment. */
static int is_covered(const tcpflow_packet *packet) {
  return (packet->findings & TCPFLOW_FINDING_IP_LENGTH_BEYOND) == 0 &&
         packet->tcp_length <= packet->captured - packet->tcp_offset;
}

static uint64_t sum_pseudo_header(const tcpflow_packet *packet,
                                  uint32_t length) {
  return tcpflow__pseudo_sum(packet->bytes + packet->ip_offset,
                             packet->ip_header_length, length);
}

/* Large send offload leaves the length out (Windows and some drivers). */
static int is_partial(const tcpflow_packet *packet, uint64_t pseudo) {
  return packet->checksum == tcpflow__sum_fold(pseudo) ||
         packet->checksum == tcpflow__sum_fold(sum_pseudo_header(packet, 0));
}

static tcpflow_checksum judge(const tcpflow_packet *packet) {
  const uint64_t pseudo = sum_pseudo_header(packet, packet->tcp_length);
  const uint64_t sum = tcpflow__sum_add(
    pseudo, packet->bytes + packet->tcp_offset, packet->tcp_length);

  if (tcpflow__sum_fold(sum) == 0xffff) {
    return TCPFLOW_CHECKSUM_OK;
  }
  if (packet->checksum == 0) {
    return TCPFLOW_CHECKSUM_ABSENT;
  }
  return is_partial(packet, pseudo) ? TCPFLOW_CHECKSUM_PARTIAL
                                    : TCPFLOW_CHECKSUM_BAD;
}

tcpflow_checksum tcpflow_packet_checksum(const tcpflow_packet *packet) {
  if (packet->kind == TCPFLOW_PACKET_FRAGMENT ||
      (packet->kind == TCPFLOW_PACKET_TCP &&
       (packet->findings & TCPFLOW_FINDING_FIRST_FRAGMENT) != 0)) {
    return TCPFLOW_CHECKSUM_FRAGMENT;
  }
  if (packet->kind != TCPFLOW_PACKET_TCP) {
    return TCPFLOW_CHECKSUM_NONE;
  }
  return is_covered(packet) ? judge(packet) : TCPFLOW_CHECKSUM_UNCOVERED;
}
