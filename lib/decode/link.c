/*
 * lib/decode/link.c - link headers: what a capture file's link type says.
 *
 * Room: decode.  Includes: wire.  A link type is a row in the table and a step
 * of its own.  Types are told by https://www.tcpdump.org/linktypes.html.
 */
#include "decode/steps.h"
#include "wire/bytes.h"

typedef struct link_row {
  uint32_t type;
  tcpflow__step *step;
} link_row;

enum {
  ETHERNET_SIZE = 14,
  VLAN_SIZE = 4,
  NULL_SIZE = 4,
  SLL_SIZE = 16,
  SLL2_SIZE = 20
};

static inline uint32_t announce(tcpflow__walk *walk, uint16_t ether_type) {
  walk->packet->ether_type = ether_type;
  return TCPFLOW__NEXT_ETHER + ether_type;
}

/*
 * A number below 0x0600 is the length of an 802.3 frame (IEEE 802.3 clause
 * 3.2.6); no step has such a number, so it is not taken for IP.
 */
uint32_t tcpflow__step_ethernet(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_ETHERNET, ETHERNET_SIZE);

  return bytes == NULL ? TCPFLOW__NEXT_STOP
                       : announce(walk, tcpflow__fetch16(bytes + 12));
}

/* The first tag is the outer one, unless the network card took one off; the
   last one stays as the inner one. */
static void note_tag(tcpflow_packet *packet, uint16_t control) {
  const uint32_t mark = UINT32_C(0x1000) | (control & 0xfffU);

  packet->tag_count++;
  if (packet->tuple.vlan == 0) {
    packet->tuple.vlan = mark << 16;
  } else {
    packet->tuple.vlan = (packet->tuple.vlan & UINT32_C(0xffff0000)) | mark;
  }
}

uint32_t tcpflow__step_vlan(tcpflow__walk *walk) {
  if (walk->packet->tag_count >= walk->config->max_tags) {
    return tcpflow__walk_stop(walk, TCPFLOW_PACKET_UNSUPPORTED,
                              TCPFLOW_FINDING_TOO_MANY_TAGS);
  }
  const uint8_t *const bytes =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_VLAN, VLAN_SIZE);
  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  note_tag(walk->packet, tcpflow__fetch16(bytes));
  return announce(walk, tcpflow__fetch16(bytes + 2));
}

static uint32_t step_sll(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_SLL, SLL_SIZE);

  return bytes == NULL ? TCPFLOW__NEXT_STOP
                       : announce(walk, tcpflow__fetch16(bytes + 14));
}

static uint32_t step_sll2(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_SLL2, SLL2_SIZE);

  return bytes == NULL ? TCPFLOW__NEXT_STOP
                       : announce(walk, tcpflow__fetch16(bytes));
}

/* The number of IPv6 differs by system: Linux, NetBSD, FreeBSD, macOS. */
static uint16_t ether_type_of_family(uint32_t family) {
  switch (family) {
  case 2:
    return TCPFLOW__ETHER_IPV4;
  case 10:
  case 24:
  case 28:
  case 30:
    return TCPFLOW__ETHER_IPV6;
  default:
    return 0;
  }
}

/*
 * NULL has the byte order of the machine that captured, which no one noted, and
 * LOOP is big-endian.  Families are small numbers, so either order is told from
 * the other.
 */
static uint32_t step_null(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_NULL, NULL_SIZE);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  const uint32_t big = tcpflow__fetch32(bytes);
  const uint32_t little = tcpflow__fetch32_little(bytes);

  return announce(walk, ether_type_of_family(big < little ? big : little));
}

/* The version is told by the first four bits, and nothing announced it. */
static uint32_t step_raw(tcpflow__walk *walk) {
  const uint8_t *const bytes = tcpflow__cursor_peek(&walk->cursor, 1);

  if (bytes == NULL) {
    return tcpflow__walk_stop(walk,
                              walk->wire_end == 0 ? TCPFLOW_PACKET_MALFORMED
                                                  : TCPFLOW_PACKET_TRUNCATED,
                              0);
  }
  switch (bytes[0] >> 4) {
  case 4:
    return TCPFLOW__NEXT_ETHER + TCPFLOW__ETHER_IPV4;
  case 6:
    return TCPFLOW__NEXT_ETHER + TCPFLOW__ETHER_IPV6;
  default:
    return tcpflow__walk_stop(walk, TCPFLOW_PACKET_MALFORMED,
                              TCPFLOW_FINDING_IP_BAD_VERSION);
  }
}

static uint32_t step_raw_ipv4(tcpflow__walk *walk) {
  (void)walk;
  return TCPFLOW__NEXT_ETHER + TCPFLOW__ETHER_IPV4;
}

static uint32_t step_raw_ipv6(tcpflow__walk *walk) {
  (void)walk;
  return TCPFLOW__NEXT_ETHER + TCPFLOW__ETHER_IPV6;
}

static const link_row links[] = {
  {TCPFLOW_LINK_ETHERNET, tcpflow__step_ethernet},
  {TCPFLOW_LINK_NULL, step_null},
  {TCPFLOW_LINK_RAW, step_raw},
  {TCPFLOW_LINK_RAW_12, step_raw},
  {TCPFLOW_LINK_RAW_14, step_raw},
  {TCPFLOW_LINK_LOOP, step_null},
  {TCPFLOW_LINK_LINUX_SLL, step_sll},
  {TCPFLOW_LINK_LINUX_SLL2, step_sll2},
  {TCPFLOW_LINK_IPV4, step_raw_ipv4},
  {TCPFLOW_LINK_IPV6, step_raw_ipv6},
};

tcpflow__step *tcpflow__link_step(uint32_t type) {
  for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
    if (links[i].type == type) {
      return links[i].step;
    }
  }
  return NULL;
}
