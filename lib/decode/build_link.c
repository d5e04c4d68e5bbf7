/*
 * lib/decode/build_link.c - link headers: Ethernet and what systems write in
 * place of a link header.
 *
 * Room: decode.  Includes: base/sized.h, wire.  The mirror of
 * lib/decode/link.c, link_ethernet.c and link_cooked.c: one row a link type.
 */
#include "base/sized.h"
#include "decode/build_links.h"
#include "decode/steps.h"
#include "wire/bytes.h"

#include <string.h>

TCPFLOW__NO_TAIL_PADDING(tcpflow_build_link, trailer);

enum {
  ETHERNET_LEAST = 60, /* IEEE 802.3 clause 3.2.7, without the check sum. */
  ADDRESS_SIZE = 6,
  ADDRESSES_SIZE = 12,
  DSA_SIZE = 4,
  EDSA_SIZE = 8,
  EDSA_TYPE = 0xdada,
  ARPHRD_ETHER = 1,
  NULL_SIZE = 4,
  SLL_SIZE = 16,
  SLL2_SIZE = 20,
  SLL_LLC = 4,
  ENC_SIZE = 12,
  IPNET_SIZE = 24,
  FAMILY_IPV6 = 30,
  FAMILY_IPV6_SOLARIS = 26
};

uint8_t *tcpflow__builder_zeros(tcpflow_builder *builder, size_t size) {
  uint8_t *const bytes = tcpflow__builder_push(builder, size);

  if (bytes != NULL) {
    memset(bytes, 0, size);
  }
  return bytes;
}

/* Octets that the capture does not hold are followed by padding that it does
   not hold either. */
static void pad_frame(tcpflow_builder *builder) {
  const uint32_t length = tcpflow__builder_length(builder);

  if (length < ETHERNET_LEAST) {
    tcpflow__builder_append(builder, NULL, ETHERNET_LEAST - length);
  }
}

static void put_ethernet(tcpflow_builder *builder,
                         const tcpflow_build_link *fields) {
  tcpflow_build_layer layer = {.size = sizeof(layer),
                               .number = fields->number,
                               .number_mode = fields->number_mode,
                               .length = fields->length,
                               .length_mode = fields->length_mode};

  memcpy(layer.destination, fields->destination, ADDRESS_SIZE);
  memcpy(layer.source, fields->source, ADDRESS_SIZE);
  tcpflow__put_ethernet(builder, &layer);
  if (fields->pad != 0) {
    pad_frame(builder);
  }
  builder->layer = TCPFLOW_LAYER_ETHERNET;
}

void tcpflow__need_ethernet(tcpflow_builder *builder,
                            const tcpflow_build_link *fields) {
  tcpflow_build_link plain = {.size = sizeof(plain)};

  if (builder->layer != TCPFLOW_LAYER_ETHERNET) {
    memcpy(plain.destination, fields->destination, ADDRESS_SIZE);
    memcpy(plain.source, fields->source, ADDRESS_SIZE);
    put_ethernet(builder, &plain);
  }
}

/* A tag of SIZE octets, of which the last four are the caller's. */
static void put_switch_tag(tcpflow_builder *builder,
                           const tcpflow_build_link *fields, uint32_t size) {
  const uint16_t number = tcpflow__link_number(fields, builder->ether_type);
  uint8_t *const bytes =
    tcpflow__builder_zeros(builder, ADDRESSES_SIZE + size + 2);

  if (bytes == NULL) {
    return;
  }
  memcpy(bytes, fields->destination, ADDRESS_SIZE);
  memcpy(bytes + 6, fields->source, ADDRESS_SIZE);
  if (size == EDSA_SIZE) {
    tcpflow__store16(bytes + ADDRESSES_SIZE, EDSA_TYPE);
  }
  tcpflow__store32(bytes + ADDRESSES_SIZE + size - 4, fields->id);
  tcpflow__store16(bytes + ADDRESSES_SIZE + size, number);
}

static void put_dsa(tcpflow_builder *builder,
                    const tcpflow_build_link *fields) {
  put_switch_tag(builder, fields, DSA_SIZE);
}

static void put_edsa(tcpflow_builder *builder,
                     const tcpflow_build_link *fields) {
  put_switch_tag(builder, fields, EDSA_SIZE);
}

static void put_broadcom_first(tcpflow_builder *builder,
                               const tcpflow_build_link *fields) {
  tcpflow__need_ethernet(builder, fields);
  uint8_t *const bytes = tcpflow__builder_push(builder, DSA_SIZE);

  if (bytes != NULL) {
    tcpflow__store32(bytes, fields->id);
  }
}

/* LLC has a number of its own there. */
static uint16_t cooked_number(const tcpflow_builder *builder,
                              const tcpflow_build_link *fields) {
  return tcpflow__link_number(fields, builder->layer == TCPFLOW_LAYER_LLC
                                        ? (uint16_t)SLL_LLC
                                        : builder->ether_type);
}

static uint16_t cooked_hardware(const tcpflow_build_link *fields) {
  return fields->hardware != 0 ? fields->hardware : (uint16_t)ARPHRD_ETHER;
}

static void put_sll(tcpflow_builder *builder,
                    const tcpflow_build_link *fields) {
  uint8_t *const bytes = tcpflow__builder_zeros(builder, SLL_SIZE);

  if (bytes == NULL) {
    return;
  }
  tcpflow__store16(bytes, fields->packet_type);
  tcpflow__store16(bytes + 2, cooked_hardware(fields));
  tcpflow__store16(bytes + 4, ADDRESS_SIZE);
  memcpy(bytes + 6, fields->source, ADDRESS_SIZE);
  tcpflow__store16(bytes + 14, cooked_number(builder, fields));
}

static void put_sll2(tcpflow_builder *builder,
                     const tcpflow_build_link *fields) {
  uint8_t *const bytes = tcpflow__builder_zeros(builder, SLL2_SIZE);

  if (bytes == NULL) {
    return;
  }
  tcpflow__store16(bytes, cooked_number(builder, fields));
  tcpflow__store32(bytes + 4, fields->interface_index);
  tcpflow__store16(bytes + 8, cooked_hardware(fields));
  bytes[10] = (uint8_t)(fields->packet_type & 0xffU);
  bytes[11] = ADDRESS_SIZE;
  memcpy(bytes + 12, fields->source, ADDRESS_SIZE);
}

static void put_loop(tcpflow_builder *builder,
                     const tcpflow_build_link *fields) {
  uint8_t *const bytes = tcpflow__builder_push(builder, NULL_SIZE);

  if (bytes != NULL) {
    tcpflow__store32(bytes, tcpflow__link_family(builder, fields, FAMILY_IPV6));
  }
}

static void put_null(tcpflow_builder *builder,
                     const tcpflow_build_link *fields) {
  if (fields->byte_order != 0) {
    put_loop(builder, fields);
    return;
  }
  uint8_t *const bytes = tcpflow__builder_push(builder, NULL_SIZE);
  if (bytes != NULL) {
    tcpflow__store32_little(bytes,
                            tcpflow__link_family(builder, fields, FAMILY_IPV6));
  }
}

static void put_enc(tcpflow_builder *builder,
                    const tcpflow_build_link *fields) {
  const uint32_t family = tcpflow__link_family(builder, fields, FAMILY_IPV6);
  uint8_t *const bytes = tcpflow__builder_push(builder, ENC_SIZE);

  if (bytes == NULL) {
    return;
  }
  tcpflow__store32(bytes + 4, fields->id);
  if (fields->byte_order != 0) {
    tcpflow__store32(bytes, family);
    tcpflow__store32(bytes + 8, fields->flags);
  } else {
    tcpflow__store32_little(bytes, family);
    tcpflow__store32_little(bytes + 8, fields->flags);
  }
}

static void put_ipnet(tcpflow_builder *builder,
                      const tcpflow_build_link *fields) {
  const uint32_t length = tcpflow__builder_length(builder);
  uint8_t *const bytes = tcpflow__builder_zeros(builder, IPNET_SIZE);

  if (bytes != NULL) {
    bytes[0] = 1;
    bytes[1] =
      (uint8_t)(tcpflow__link_family(builder, fields, FAMILY_IPV6_SOLARIS) &
                0xffU);
    tcpflow__store32(bytes + 4, length);
  }
}

static void put_nothing(tcpflow_builder *builder,
                        const tcpflow_build_link *fields) {
  (void)builder;
  (void)fields;
}

static const tcpflow__link_put rows[] = {
  {TCPFLOW_LINK_ETHERNET, put_ethernet},
  {TCPFLOW_LINK_NULL, put_null},
  {TCPFLOW_LINK_RAW, put_nothing},
  {TCPFLOW_LINK_RAW_12, put_nothing},
  {TCPFLOW_LINK_RAW_14, put_nothing},
  {TCPFLOW_LINK_LOOP, put_loop},
  {TCPFLOW_LINK_LINUX_SLL, put_sll},
  {TCPFLOW_LINK_LINUX_SLL2, put_sll2},
  {TCPFLOW_LINK_IPV4, put_nothing},
  {TCPFLOW_LINK_IPV6, put_nothing},
  {TCPFLOW_LINK_MPLS, put_nothing},
  {TCPFLOW_LINK_ENC, put_enc},
  {TCPFLOW_LINK_IPNET, put_ipnet},
  {TCPFLOW_LINK_DSA_TAG_BRCM, put_dsa},
  {TCPFLOW_LINK_DSA_TAG_BRCM_PREPEND, put_broadcom_first},
  {TCPFLOW_LINK_DSA_TAG_DSA, put_dsa},
  {TCPFLOW_LINK_DSA_TAG_EDSA, put_edsa},
};

tcpflow__put_link *tcpflow__find_link_plain(uint32_t type) {
  return TCPFLOW__FIND_LINK_PUT(rows, type);
}
