/*
 * tests/fuzz/fuzz_decode.c - any frame: decoding stays inside the capture, says
 * nothing that contradicts itself, and says the same twice: by sight where it
 * can, and walking.
 *
 * Input: link type (1 octet: an index into the known types, or itself), how
 * many octets the wire had more (1; odd: ESP is not encrypted), limits (1:
 * tags, and in the upper half extension headers and tunnels), then the frame.
 */
#include <tcpflow/packet.h>

#include "decode/decode.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit/decode/invariants.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
  HEAD = 3
};

static const uint32_t links[] = {
  TCPFLOW_LINK_ETHERNET,   TCPFLOW_LINK_RAW,  TCPFLOW_LINK_LINUX_SLL,
  TCPFLOW_LINK_LINUX_SLL2, TCPFLOW_LINK_NULL, TCPFLOW_LINK_LOOP,
  TCPFLOW_LINK_IPV4,       TCPFLOW_LINK_IPV6, TCPFLOW_LINK_RAW_12,
  TCPFLOW_LINK_RAW_14};

/* Those that an octet cannot name, in place of numbers that are not known. */
static const uint32_t more_links[] = {
  TCPFLOW_LINK_TOKEN_RING,   TCPFLOW_LINK_ARCNET_BSD,
  TCPFLOW_LINK_SLIP,         TCPFLOW_LINK_PPP,
  TCPFLOW_LINK_PKTAP,        TCPFLOW_LINK_ETHERNET_MPACKET,
  TCPFLOW_LINK_DSA_TAG_BRCM, TCPFLOW_LINK_DSA_TAG_BRCM_PREPEND,
  TCPFLOW_LINK_DSA_TAG_DSA,  TCPFLOW_LINK_DSA_TAG_EDSA};

enum {
  MORE_LINKS_FROM = 243
};

static uint32_t choose_link(uint8_t octet) {
  const size_t more = (size_t)octet - MORE_LINKS_FROM;

  if (octet >= MORE_LINKS_FROM &&
      more < sizeof(more_links) / sizeof(more_links[0])) {
    return more_links[more];
  }
  return octet < sizeof(links) / sizeof(links[0]) ? links[octet] : octet;
}

static tcpflow_packet decode(const tcpflow_frame *frame,
                             const tcpflow_decode_config *config,
                             uint8_t garbage) {
  tcpflow_packet packet;

  /* What stood there before must not matter. */
  memset(&packet, garbage, sizeof(packet));
  packet.size = sizeof(packet);
  if (tcpflow_packet_decode(&packet, frame, config) != TCPFLOW_OK) {
    abort();
  }
  return packet;
}

static tcpflow_packet walk(const tcpflow_frame *frame,
                           const tcpflow_decode_config *config) {
  tcpflow_packet packet;

  memset(&packet, 0x77, sizeof(packet));
  packet.size = sizeof(packet);
  (void)tcpflow__packet_decode_walking(&packet, frame, config);
  return packet;
}

static void check_same(const tcpflow_packet *a, const tcpflow_packet *b) {
  if (memcmp(a, b, offsetof(tcpflow_packet, layer)) != 0 ||
      memcmp(a->layer, b->layer, a->layer_count * sizeof(a->layer[0])) != 0) {
    fprintf(stderr, "one frame, two packets\n");
    abort();
  }
}

static void check_checksum(const tcpflow_packet *packet) {
  const tcpflow_checksum verdict = tcpflow_packet_checksum(packet);

  if ((packet->kind == TCPFLOW_PACKET_TCP) ==
        (verdict == TCPFLOW_CHECKSUM_NONE) &&
      packet->kind != TCPFLOW_PACKET_FRAGMENT) {
    abort();
  }
}

/* Fewer octets never tell more, and what both tell is the same. */
static void check_shorter(const tcpflow_frame *frame,
                          const tcpflow_decode_config *config,
                          const tcpflow_packet *whole) {
  tcpflow_frame cut = *frame;

  cut.captured = frame->captured / 2;
  cut.length = whole->length;
  const tcpflow_packet packet = decode(&cut, config, 0x33);
  if (packet.kind == TCPFLOW_PACKET_TCP &&
      (whole->kind != TCPFLOW_PACKET_TCP || packet.seq != whole->seq ||
       packet.tcp_offset != whole->tcp_offset ||
       packet.payload_length != whole->payload_length)) {
    abort();
  }
}

/* The packets of one frame come one behind the other, and they end. */
static void check_further(tcpflow_packet packet, const tcpflow_frame *frame,
                          const tcpflow_decode_config *config) {
  uint32_t before = packet.next_offset;

  while (tcpflow_packet_next(&packet, frame, config) > 0) {
    if (packet_violation(&packet) != NULL ||
        (packet.next_offset != 0 && packet.next_offset <= before)) {
      abort();
    }
    check_checksum(&packet);
    before = packet.next_offset;
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  tcpflow_decode_config config;

  if (size < HEAD) {
    return 0;
  }
  tcpflow_decode_config_init(&config);
  config.max_tags = data[2] & 0xfU;
  config.max_extensions = data[2] >> 4;
  config.max_tunnels = data[2] >> 4;
  config.tunnels |= (data[1] & UINT64_C(1)) << TCPFLOW_TUNNEL_ESP_NULL;

  /* A block of exactly that size, so that a sanitizer sees the first octet
     too many. */
  const size_t captured = size - HEAD;
  uint8_t *const bytes = malloc(captured);
  if (bytes == NULL && captured != 0) {
    return 0;
  }
  if (captured != 0) {
    memcpy(bytes, data + HEAD, captured);
  }
  const tcpflow_frame frame = {.bytes = bytes,
                               .captured = (uint32_t)captured,
                               .length = (uint32_t)captured + data[1] * 257U,
                               .link = choose_link(data[0])};
  const tcpflow_packet packet = decode(&frame, &config, 0x5a);
  const tcpflow_packet again = decode(&frame, &config, 0xa5);
  const tcpflow_packet walked = walk(&frame, &config);
  if (packet_violation(&packet) != NULL) {
    fprintf(stderr, "%s\n", packet_violation(&packet));
    abort();
  }
  check_same(&packet, &again);
  check_same(&packet, &walked);
  check_checksum(&packet);
  check_shorter(&frame, &config, &packet);
  check_further(packet, &frame, &config);
  free(bytes);
  return 0;
}
