/*
 * lib/options/signed.c - what signed segments have in common.
 *
 * Room: options.  Includes: base, decode.  A signature covers every octet of a
 * segment, so a segment that is not all there cannot be judged.
 */
#include "options/signed.h"

#include <string.h>

enum {
  TCP_HEADER = 20,
  TCP_CHECKSUM = 16 /* Where it stands in the header. */
};

tcpflow_auth tcpflow__signed_check(const tcpflow_packet *packet) {
  if (packet->kind == TCPFLOW_PACKET_FRAGMENT) {
    return TCPFLOW_AUTH_UNCOVERED;
  }
  if (packet->kind != TCPFLOW_PACKET_TCP ||
      packet->header_length < TCP_HEADER ||
      packet->header_length > packet->tcp_length) {
    return TCPFLOW_AUTH_NONE;
  }
  if ((packet->findings & (TCPFLOW_FINDING_FIRST_FRAGMENT |
                           TCPFLOW_FINDING_IP_LENGTH_BEYOND)) != 0 ||
      packet->tcp_length > packet->captured - packet->tcp_offset) {
    return TCPFLOW_AUTH_UNCOVERED;
  }
  return TCPFLOW_AUTH_OK;
}

void tcpflow__signed_header(uint8_t *to, const tcpflow_packet *packet) {
  memcpy(to, packet->bytes + packet->tcp_offset, TCP_HEADER);
  to[TCP_CHECKSUM] = 0;
  to[TCP_CHECKSUM + 1] = 0;
}

int tcpflow__signed_find(tcpflow_option *option, const tcpflow_packet *packet,
                         uint8_t kind) {
  tcpflow_option_walk walk;

  tcpflow_option_walk_packet(&walk, packet);
  while (tcpflow_option_walk_next(&walk, option)) {
    tcpflow_option_value value;

    if (option->kind == kind && tcpflow_option_value_get(&value, option)) {
      return 1;
    }
  }
  return 0;
}
