/*
 * lib/decode/build_lan.c - link headers of local networks and ATM.
 *
 * Room: decode.  Includes: wire.  The mirror of lib/decode/link_lan.c and
 * link_atm.c.
 */
#include "decode/build_links.h"
#include "decode/steps.h"
#include "wire/bytes.h"

#include <string.h>

enum {
  ADDRESS_SIZE = 6,
  FDDI_SIZE = 13,
  FDDI_LLC = 0x50,
  TOKEN_SIZE = 14,
  TOKEN_ACCESS = 0x10,
  TOKEN_LLC = 0x40,
  TOKEN_ROUTED = 0x80,
  ARCNET_SIZE = 3,
  ARCNET_LINUX_SIZE = 5,
  ARCNET_FRAGMENT_SIZE = 3,
  ARCNET_EXCEPTION_SIZE = 7,
  ARCNET_IPV6 = 0xc4,
  ARCNET_IPV4 = 0xd4,
  ARCNET_OLD = 0xf0, /* IP and ARP of RFC 1051: no fragments. */
  FIBRE_CHANNEL_SIZE = 16,
  IPOIB_SIZE = 44,
  FIREWIRE_SIZE = 18,
  SUNATM_SIZE = 4,
  SUNATM_KIND = 0x0f,
  SUNATM_LANE = 1,
  SUNATM_LLC = 2,
  SUNATM_CIRCUIT = 32,
  LANE_SIZE = 2
};

void tcpflow__need_llc(tcpflow_builder *builder) {
  const tcpflow_build_layer plain = {.size = sizeof(plain)};

  if (builder->layer != TCPFLOW_LAYER_LLC) {
    tcpflow__put_llc(builder, &plain);
  }
}

static void put_fddi(tcpflow_builder *builder,
                     const tcpflow_build_link *fields) {
  tcpflow__need_llc(builder);
  uint8_t *const bytes = tcpflow__builder_push(builder, FDDI_SIZE);

  if (bytes != NULL) {
    bytes[0] = (uint8_t)(fields->flags != 0 ? fields->flags & 0xffU
                                            : (uint32_t)FDDI_LLC);
    memcpy(bytes + 1, fields->destination, ADDRESS_SIZE);
    memcpy(bytes + 7, fields->source, ADDRESS_SIZE);
  }
}

/* IEEE 802.5 clause 3.3: a bit of the source address tells of a route. */
static void put_token_ring(tcpflow_builder *builder,
                           const tcpflow_build_link *fields) {
  tcpflow__need_llc(builder);
  tcpflow_builder_bytes(builder, fields->extra, fields->extra_length);
  uint8_t *const bytes = tcpflow__builder_push(builder, TOKEN_SIZE);

  if (bytes == NULL) {
    return;
  }
  bytes[0] = TOKEN_ACCESS;
  bytes[1] =
    (uint8_t)(fields->flags != 0 ? fields->flags & 0xffU : (uint32_t)TOKEN_LLC);
  memcpy(bytes + 2, fields->destination, ADDRESS_SIZE);
  memcpy(bytes + 8, fields->source, ADDRESS_SIZE);
  if (fields->extra_length != 0) {
    bytes[8] = (uint8_t)(bytes[8] | (unsigned)TOKEN_ROUTED);
  }
}

static uint8_t arcnet_type(const tcpflow_builder *builder,
                           const tcpflow_build_link *fields) {
  const uint16_t right =
    builder->ether_type == TCPFLOW__ETHER_IPV6 ? ARCNET_IPV6 : ARCNET_IPV4;

  return (uint8_t)(tcpflow__link_number(fields, right) & 0xffU);
}

static int has_fragments(uint8_t type) {
  return (type & 0xfeU) != ARCNET_OLD && type != 0x80;
}

static void put_arcnet_fragment(tcpflow_builder *builder,
                                const tcpflow_build_link *fields) {
  const uint8_t flag = (uint8_t)(fields->flags & 0xffU);
  uint8_t *const bytes = tcpflow__builder_zeros(
    builder, fields->form != 0 ? ARCNET_EXCEPTION_SIZE : ARCNET_FRAGMENT_SIZE);

  if (bytes == NULL) {
    return;
  }
  if (fields->form != 0) {
    memset(bytes, 0xff, ARCNET_FRAGMENT_SIZE);
    bytes[4] = flag;
  } else {
    bytes[0] = flag;
  }
}

/* SIZE ends with the type. */
static void put_arcnet(tcpflow_builder *builder,
                       const tcpflow_build_link *fields, uint32_t size) {
  const uint8_t type = arcnet_type(builder, fields);

  if (has_fragments(type)) {
    put_arcnet_fragment(builder, fields);
  }
  uint8_t *const bytes = tcpflow__builder_zeros(builder, size);
  if (bytes != NULL) {
    bytes[0] = fields->source[0];
    bytes[1] = fields->destination[0];
    bytes[size - 1] = type;
  }
}

static void put_arcnet_bsd(tcpflow_builder *builder,
                           const tcpflow_build_link *fields) {
  put_arcnet(builder, fields, ARCNET_SIZE);
}

static void put_arcnet_linux(tcpflow_builder *builder,
                             const tcpflow_build_link *fields) {
  put_arcnet(builder, fields, ARCNET_LINUX_SIZE);
}

static void put_fibre_channel(tcpflow_builder *builder,
                              const tcpflow_build_link *fields) {
  tcpflow__need_llc(builder);
  uint8_t *const bytes = tcpflow__builder_zeros(builder, FIBRE_CHANNEL_SIZE);

  if (bytes != NULL) {
    bytes[0] = 0x10;
    memcpy(bytes + 2, fields->destination, ADDRESS_SIZE);
    bytes[8] = 0x10;
    memcpy(bytes + 10, fields->source, ADDRESS_SIZE);
  }
}

/* A header of SIZE octets with an EtherType AT. */
static void put_typed(tcpflow_builder *builder,
                      const tcpflow_build_link *fields, uint32_t size,
                      uint32_t at) {
  const uint16_t number = tcpflow__link_number(fields, builder->ether_type);
  uint8_t *const bytes = tcpflow__builder_zeros(builder, size);

  if (bytes != NULL) {
    tcpflow__store16(bytes + at, number);
  }
}

static void put_ipoib(tcpflow_builder *builder,
                      const tcpflow_build_link *fields) {
  put_typed(builder, fields, IPOIB_SIZE, 40);
}

static void put_firewire(tcpflow_builder *builder,
                         const tcpflow_build_link *fields) {
  put_typed(builder, fields, FIREWIRE_SIZE, 16);
}

/* RFC 2684 section 4.1 as Cisco writes it. */
static void put_nlpid(tcpflow_builder *builder) {
  const uint8_t bytes[2] = {
    3, builder->ether_type == TCPFLOW__ETHER_IPV6 ? 0x8e : 0xcc};

  tcpflow_builder_bytes(builder, bytes, sizeof(bytes));
}

static void put_atm(tcpflow_builder *builder,
                    const tcpflow_build_link *fields) {
  switch (fields->form) {
  case TCPFLOW_BUILD_ATM_LLC:
    tcpflow__need_llc(builder);
    break;
  case TCPFLOW_BUILD_ATM_RAW:
    break;
  case TCPFLOW_BUILD_ATM_NLPID:
    put_nlpid(builder);
    break;
  default:
    tcpflow__builder_fail(builder, TCPFLOW_ERR_INVALID);
  }
}

static void put_sunatm(tcpflow_builder *builder,
                       const tcpflow_build_link *fields) {
  const uint32_t flags = fields->flags != 0 ? fields->flags : SUNATM_LLC;

  if ((flags & SUNATM_KIND) == SUNATM_LANE) {
    tcpflow__need_ethernet(builder, fields);
    (void)tcpflow__builder_zeros(builder, LANE_SIZE);
  } else {
    tcpflow__need_llc(builder);
  }
  uint8_t *const bytes = tcpflow__builder_push(builder, SUNATM_SIZE);
  if (bytes != NULL) {
    tcpflow__store32(bytes, fields->id != 0 ? fields->id : SUNATM_CIRCUIT);
    bytes[0] = (uint8_t)(flags & 0xffU);
  }
}

static const tcpflow__link_put rows[] = {
  {TCPFLOW_LINK_FDDI, put_fddi},
  {TCPFLOW_LINK_TOKEN_RING, put_token_ring},
  {TCPFLOW_LINK_ARCNET_BSD, put_arcnet_bsd},
  {TCPFLOW_LINK_ARCNET_LINUX, put_arcnet_linux},
  {TCPFLOW_LINK_IP_OVER_FC, put_fibre_channel},
  {TCPFLOW_LINK_IPOIB, put_ipoib},
  {TCPFLOW_LINK_FIREWIRE, put_firewire},
  {TCPFLOW_LINK_ATM_11, put_atm},
  {TCPFLOW_LINK_ATM_RFC1483, put_atm},
  {TCPFLOW_LINK_ATM_CLIP, put_atm},
  {TCPFLOW_LINK_ATM_CLIP_19, put_atm},
  {TCPFLOW_LINK_SUNATM, put_sunatm},
};

tcpflow__put_link *tcpflow__find_link_lan(uint32_t type) {
  return TCPFLOW__FIND_LINK_PUT(rows, type);
}
