/*
 * lib/decode/build_link.c - link headers.
 *
 * Room: decode.  Includes: base/sized.h, wire.  The mirror of
 * lib/decode/link.c: one row a link type.
 */
#include "base/sized.h"
#include "decode/builder.h"
#include "decode/steps.h"
#include "wire/bytes.h"

#include <string.h>

TCPFLOW__NO_TAIL_PADDING(tcpflow_build_link, interface_index);

enum {
  ETHERNET_SIZE = 14,
  ETHERNET_LEAST = 60, /* IEEE 802.3 clause 3.2.7, without the check sum. */
  ADDRESS_SIZE = 6,
  ARPHRD_ETHER = 1,
  NULL_SIZE = 4,
  SLL_SIZE = 16,
  SLL2_SIZE = 20,
  FAMILY_IPV4 = 2,
  FAMILY_IPV6 = 30
};

typedef void put_link(tcpflow_builder *builder,
                      const tcpflow_build_link *fields);

/* Octets that the capture does not hold are followed by padding that it does
   not hold either. */
static void pad_frame(tcpflow_builder *builder) {
  const uint32_t length = tcpflow__builder_length(builder);
  const size_t padding = length < ETHERNET_LEAST ? ETHERNET_LEAST - length : 0;
  const size_t used = builder->used;

  if (builder->absent != 0) {
    builder->absent += padding;
    return;
  }
  uint8_t *const bytes = tcpflow__builder_push(builder, padding);
  if (bytes != NULL && padding != 0) {
    memmove(bytes, bytes + padding, used);
    memset(bytes + used, 0, padding);
  }
}

static void put_ethernet(tcpflow_builder *builder,
                         const tcpflow_build_link *fields) {
  uint8_t *const bytes = tcpflow__builder_push(builder, ETHERNET_SIZE);

  if (bytes == NULL) {
    return;
  }
  memcpy(bytes, fields->destination, ADDRESS_SIZE);
  memcpy(bytes + 6, fields->source, ADDRESS_SIZE);
  tcpflow__store16(bytes + 12, builder->ether_type);
  if (fields->pad != 0) {
    pad_frame(builder);
  }
}

static void put_sll(tcpflow_builder *builder,
                    const tcpflow_build_link *fields) {
  uint8_t *const bytes = tcpflow__builder_push(builder, SLL_SIZE);

  if (bytes == NULL) {
    return;
  }
  memset(bytes, 0, SLL_SIZE);
  tcpflow__store16(bytes, fields->packet_type);
  tcpflow__store16(bytes + 2, ARPHRD_ETHER);
  tcpflow__store16(bytes + 4, ADDRESS_SIZE);
  memcpy(bytes + 6, fields->source, ADDRESS_SIZE);
  tcpflow__store16(bytes + 14, builder->ether_type);
}

static void put_sll2(tcpflow_builder *builder,
                     const tcpflow_build_link *fields) {
  uint8_t *const bytes = tcpflow__builder_push(builder, SLL2_SIZE);

  if (bytes == NULL) {
    return;
  }
  memset(bytes, 0, SLL2_SIZE);
  tcpflow__store16(bytes, builder->ether_type);
  tcpflow__store32(bytes + 4, fields->interface_index);
  tcpflow__store16(bytes + 8, ARPHRD_ETHER);
  bytes[10] = (uint8_t)(fields->packet_type & 0xffU);
  bytes[11] = ADDRESS_SIZE;
  memcpy(bytes + 12, fields->source, ADDRESS_SIZE);
}

static uint32_t choose_family(const tcpflow_builder *builder,
                              const tcpflow_build_link *fields) {
  if (fields->family != 0) {
    return fields->family;
  }
  return builder->ether_type == TCPFLOW__ETHER_IPV6 ? FAMILY_IPV6 : FAMILY_IPV4;
}

static void put_loop(tcpflow_builder *builder,
                     const tcpflow_build_link *fields) {
  uint8_t *const bytes = tcpflow__builder_push(builder, NULL_SIZE);

  if (bytes != NULL) {
    tcpflow__store32(bytes, choose_family(builder, fields));
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
    tcpflow__store32_little(bytes, choose_family(builder, fields));
  }
}

static void put_nothing(tcpflow_builder *builder,
                        const tcpflow_build_link *fields) {
  (void)builder;
  (void)fields;
}

typedef struct link_row {
  uint32_t type;
  put_link *put;
} link_row;

static const link_row links[] = {
  {TCPFLOW_LINK_ETHERNET, put_ethernet}, {TCPFLOW_LINK_NULL, put_null},
  {TCPFLOW_LINK_RAW, put_nothing},       {TCPFLOW_LINK_RAW_12, put_nothing},
  {TCPFLOW_LINK_RAW_14, put_nothing},    {TCPFLOW_LINK_LOOP, put_loop},
  {TCPFLOW_LINK_LINUX_SLL, put_sll},     {TCPFLOW_LINK_LINUX_SLL2, put_sll2},
  {TCPFLOW_LINK_IPV4, put_nothing},      {TCPFLOW_LINK_IPV6, put_nothing},
};

static put_link *find_link(uint32_t type) {
  for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
    if (links[i].type == type) {
      return links[i].put;
    }
  }
  return NULL;
}

void tcpflow_builder_link(tcpflow_builder *builder, uint32_t type,
                          const tcpflow_build_link *fields) {
  tcpflow_build_link ours = {.size = sizeof(ours)};
  put_link *const put = find_link(type);
  const int error = fields == NULL
                      ? TCPFLOW_OK
                      : tcpflow__sized_read(&ours, sizeof(ours), fields);

  if (error != TCPFLOW_OK || put == NULL) {
    tcpflow__builder_fail(builder,
                          error != TCPFLOW_OK ? error : TCPFLOW_ERR_INVALID);
    return;
  }
  put(builder, &ours);
  builder->link = type;
  builder->tcp_used = 0;
}
