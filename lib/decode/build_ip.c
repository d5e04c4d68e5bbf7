/*
 * lib/decode/build_ip.c - IPv4, IPv6 and IPv6 extension headers.
 *
 * Room: decode.  Includes: base/sized.h, wire.
 */
#include "base/sized.h"
#include "decode/builder.h"
#include "decode/steps.h"
#include "wire/bytes.h"
#include "wire/checksum.h"

#include <string.h>

TCPFLOW__NO_TAIL_PADDING(tcpflow_build_ip, options);

enum {
  IPV4_SIZE = 20,
  IPV4_OPTIONS_MOST = 40,
  IPV4_CHECKSUM_AT = 10,
  IPV4_IN_IP = 4,
  IPV4_DO_NOT_FRAGMENT = 0x4000,
  IPV6_SIZE = 40,
  IPV6_IN_IP = 41,
  WORDS_MOST = 15,
  DEFAULT_TTL = 64,
  EXTENSION_SIZE = 8,
  EXTENSION_MOST = 2048,
  AH_SIZE = 12,
  AH_MOST = 1028
};

static const tcpflow_build_ip defaults = {.size = sizeof(tcpflow_build_ip),
                                          .fragment = IPV4_DO_NOT_FRAGMENT,
                                          .ttl = DEFAULT_TTL};

void tcpflow_build_ip_defaults(tcpflow_build_ip *ip, size_t size) {
  tcpflow_sized_init(ip, size);
  tcpflow__sized_write(ip, &defaults, sizeof(defaults));
}

static int is_valid(const tcpflow_build_ip *ip) {
  return ip->options_length <= IPV4_OPTIONS_MOST &&
         ip->header_words <= WORDS_MOST &&
         ip->checksum_mode <= TCPFLOW_BUILD_WRONG &&
         ip->length_mode <= TCPFLOW_BUILD_ZERO &&
         ip->header_mode <= TCPFLOW_BUILD_ZERO;
}

/* A length that the field cannot hold is 0, as offload leaves it. */
static uint16_t choose_length(const tcpflow_build_ip *ip, uint32_t length) {
  return tcpflow__builder_choose(ip->length_mode,
                                 (uint16_t)(length > UINT16_MAX ? 0 : length),
                                 (uint16_t)(ip->length & UINT16_MAX));
}

/* RFC 791 section 3.1. */
static void sum_ipv4(uint8_t *bytes, uint32_t size,
                     const tcpflow_build_ip *ip) {
  const uint64_t sum = tcpflow__sum_add(0, bytes, size);
  const uint16_t right = (uint16_t)(tcpflow__sum_fold(sum) ^ 0xffffU);
  uint16_t field =
    tcpflow__builder_choose(ip->checksum_mode, right, ip->checksum);

  if (ip->checksum_mode == TCPFLOW_BUILD_WRONG) {
    /* Not the other form of 0 either. */
    field = (uint16_t)(right == 0x5555 ? 0xaaaa : 0x5555);
  }
  tcpflow__store16(bytes + IPV4_CHECKSUM_AT, field);
}

static void put_ipv4(tcpflow_builder *builder, const tcpflow_tuple *tuple,
                     const tcpflow_build_ip *ip) {
  const uint32_t size = IPV4_SIZE + (ip->options_length + 3) / 4 * 4;
  uint8_t *const bytes = tcpflow__builder_push(builder, size);

  if (bytes == NULL) {
    return;
  }
  memset(bytes, 0, size);
  bytes[0] = (uint8_t)(0x40U | tcpflow__builder_choose(ip->header_mode,
                                                       (uint16_t)(size / 4),
                                                       ip->header_words));
  bytes[1] = ip->tos;
  tcpflow__store16(bytes + 2,
                   choose_length(ip, tcpflow__builder_length(builder)));
  tcpflow__store16(bytes + 4, ip->id);
  tcpflow__store16(bytes + 6, ip->fragment);
  bytes[8] = ip->ttl;
  bytes[9] = builder->protocol;
  memcpy(bytes + 12, tuple->address[0], 4);
  memcpy(bytes + 16, tuple->address[1], 4);
  if (ip->options_length != 0) {
    memcpy(bytes + IPV4_SIZE, ip->options, ip->options_length);
  }
  sum_ipv4(bytes, size, ip);
  tcpflow__builder_sum_tcp(builder);
  tcpflow_builder_announce(builder, IPV4_IN_IP, TCPFLOW__ETHER_IPV4);
}

static void put_ipv6(tcpflow_builder *builder, const tcpflow_tuple *tuple,
                     const tcpflow_build_ip *ip) {
  const uint32_t length = tcpflow__builder_length(builder);
  uint8_t *const bytes = tcpflow__builder_push(builder, IPV6_SIZE);

  if (bytes == NULL) {
    return;
  }
  tcpflow__store32(bytes, UINT32_C(6) << 28 | (uint32_t)ip->tos << 20 |
                            (ip->flow_label & UINT32_C(0xfffff)));
  tcpflow__store16(bytes + 4, choose_length(ip, length));
  bytes[6] = builder->protocol;
  bytes[7] = ip->ttl;
  memcpy(bytes + 8, tuple->address, sizeof(tuple->address));
  tcpflow__builder_sum_tcp(builder);
  tcpflow_builder_announce(builder, IPV6_IN_IP, TCPFLOW__ETHER_IPV6);
}

void tcpflow_builder_ip(tcpflow_builder *builder, const tcpflow_tuple *tuple,
                        const tcpflow_build_ip *ip) {
  tcpflow_build_ip ours = defaults;
  const int error =
    ip == NULL ? TCPFLOW_OK : tcpflow__sized_read(&ours, sizeof(ours), ip);

  if (error != TCPFLOW_OK || !is_valid(&ours)) {
    tcpflow__builder_fail(builder,
                          error != TCPFLOW_OK ? error : TCPFLOW_ERR_INVALID);
  } else if (tuple->version == 4) {
    put_ipv4(builder, tuple, &ours);
  } else if (tuple->version == 6) {
    put_ipv6(builder, tuple, &ours);
  } else {
    tcpflow__builder_fail(builder, TCPFLOW_ERR_INVALID);
  }
}

/* What the length octet of an extension header counts, and its limits. */
typedef struct extension_form {
  size_t unit;
  size_t least;
  size_t most;
  size_t uncounted; /* Units that the octet leaves out. */
} extension_form;

static extension_form form_of(uint8_t type) {
  switch (type) {
  case TCPFLOW__PROTOCOL_AH:
    return (extension_form){4, AH_SIZE, AH_MOST, 2};
  case TCPFLOW__PROTOCOL_FRAGMENT:
    return (extension_form){8, EXTENSION_SIZE, EXTENSION_SIZE, 1};
  default:
    return (extension_form){8, EXTENSION_SIZE, EXTENSION_MOST, 1};
  }
}

void tcpflow_builder_extension(tcpflow_builder *builder, uint8_t type,
                               const uint8_t *body, size_t count) {
  const extension_form form = form_of(type);

  if (count > form.most - 2) {
    tcpflow__builder_fail(builder, TCPFLOW_ERR_INVALID);
    return;
  }
  const size_t filled = (count + 2 + form.unit - 1) / form.unit * form.unit;
  const size_t size = filled < form.least ? form.least : filled;
  uint8_t *const bytes = tcpflow__builder_push(builder, size);
  if (bytes == NULL) {
    return;
  }
  memset(bytes, 0, size);
  bytes[0] = builder->protocol;
  bytes[1] = (uint8_t)(size / form.unit - form.uncounted);
  if (count != 0) {
    memcpy(bytes + 2, body, count);
  }
  builder->protocol = type;
}
