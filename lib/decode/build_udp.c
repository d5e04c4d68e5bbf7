/*
 * lib/decode/build_udp.c - UDP in front of a tunnel, and ICMP errors that quote
 * what the frame has so far.
 *
 * Room: decode.  Includes: wire.
 */
#include "decode/builder.h"
#include "decode/tunnel.h"
#include "wire/bytes.h"
#include "wire/checksum.h"

#include <string.h>

enum {
  UDP_SIZE = 8,
  ICMP_SIZE = 8,
  ICMP_CHECKSUM_AT = 2,
  ICMP_LENGTH_AT = 5,
  ICMP_LENGTH_UNIT = 4,
  ICMP_UNREACHABLE = 3,
  ICMPV6_LENGTH_AT = 4,
  ICMPV6_LENGTH_UNIT = 8,
  ICMPV6_UNREACHABLE = 1,
  PORT_MPLS = 6635,
  PORT_TEREDO = 3544
};

uint16_t tcpflow__builder_checksum(const tcpflow_build_layer *fields,
                                   uint64_t sum) {
  const uint16_t right = (uint16_t)(tcpflow__sum_fold(sum) ^ 0xffffU);

  if (fields->checksum_mode == TCPFLOW_BUILD_WRONG) {
    /* Not the other form of 0 either. */
    return right == 0x5555 ? 0xaaaa : 0x5555;
  }
  return tcpflow__builder_choose(fields->checksum_mode, right,
                                 fields->checksum);
}

/* The registered port of what is behind; IPv6 alone is Teredo. */
static uint16_t usual_port(const tcpflow_builder *builder) {
  if (builder->layer == TCPFLOW_LAYER_MPLS) {
    return PORT_MPLS;
  }
  if (builder->layer == 0 && builder->ether_type == TCPFLOW__ETHER_IPV6) {
    return PORT_TEREDO;
  }
  return builder->port;
}

/* RFC 768; RFC 2675 section 4: a length that the field cannot hold is 0. */
void tcpflow__put_udp(tcpflow_builder *builder,
                      const tcpflow_build_layer *fields) {
  const uint32_t length = tcpflow__builder_length(builder);
  const uint16_t port =
    fields->port[1] != 0 ? fields->port[1] : usual_port(builder);
  uint8_t *const bytes = tcpflow__builder_push(builder, UDP_SIZE);

  if (bytes == NULL) {
    return;
  }
  tcpflow__store16(bytes, fields->port[0]);
  tcpflow__store16(bytes + 2, port);
  tcpflow__store16(bytes + 4,
                   tcpflow__builder_size(fields, length > UINT16_MAX - UDP_SIZE
                                                   ? 0
                                                   : length + UDP_SIZE));
  tcpflow__store16(bytes + 6, 0);
  tcpflow__builder_expect_sum(builder, TCPFLOW__PROTOCOL_UDP,
                              fields->checksum_mode, fields->checksum);
}

/* Drops all that the frame has behind its first KEEP octets; 0: nothing. */
static void cut_quote(tcpflow_builder *builder, size_t keep) {
  uint8_t *const front = builder->buffer + (builder->capacity - builder->used);
  const size_t drop = builder->used - keep;

  if (keep == 0 || keep >= builder->used) {
    return;
  }
  memmove(front + drop, front, keep);
  builder->used = keep;
  builder->absent = 0;
  builder->behind = 0;
}

/* What the two versions have of their own. */
typedef struct error_form {
  uint8_t type;
  uint8_t length_at;
  uint8_t length_unit;
} error_form;

/* RFC 792, RFC 4443; RFC 4884 section 4 for what follows the quote.  NULL: the
   builder failed. */
static uint8_t *put_error(tcpflow_builder *builder,
                          const tcpflow_build_layer *fields,
                          const error_form *form) {
  cut_quote(builder, fields->id);
  builder->tcp_used = 0;

  const uint32_t quoted = tcpflow__builder_length(builder);
  const uint32_t attribute =
    fields->trailer_length == 0 ? 0 : quoted / form->length_unit;
  const uint8_t length =
    (uint8_t)(tcpflow__builder_size(fields, attribute) & 0xffU);

  tcpflow__builder_append(builder, fields->trailer, fields->trailer_length);
  uint8_t *const bytes = tcpflow__builder_push(builder, ICMP_SIZE);
  if (bytes == NULL) {
    return NULL;
  }
  bytes[0] =
    (uint8_t)(tcpflow__builder_choose(fields->number_mode, form->type,
                                      (uint16_t)(fields->number & 0xffU)) &
              0xffU);
  bytes[1] = (uint8_t)(fields->flags & 0xffU);
  tcpflow__store16(bytes + ICMP_CHECKSUM_AT, 0);
  tcpflow__store32(bytes + 4, fields->sequence);
  if (length != 0) {
    bytes[form->length_at] = length;
  }
  return bytes;
}

void tcpflow__put_icmp(tcpflow_builder *builder,
                       const tcpflow_build_layer *fields) {
  static const error_form form = {ICMP_UNREACHABLE, ICMP_LENGTH_AT,
                                  ICMP_LENGTH_UNIT};
  uint8_t *const bytes = put_error(builder, fields, &form);

  if (bytes == NULL) {
    return;
  }
  tcpflow__store16(
    bytes + ICMP_CHECKSUM_AT,
    tcpflow__builder_checksum(
      fields, tcpflow__sum_add(0, bytes, builder->used - builder->behind)));
  tcpflow_builder_announce(builder, TCPFLOW__PROTOCOL_ICMP,
                           builder->ether_type);
}

void tcpflow__put_icmpv6(tcpflow_builder *builder,
                         const tcpflow_build_layer *fields) {
  static const error_form form = {ICMPV6_UNREACHABLE, ICMPV6_LENGTH_AT,
                                  ICMPV6_LENGTH_UNIT};

  if (put_error(builder, fields, &form) != NULL) {
    tcpflow__builder_expect_sum(builder, TCPFLOW__PROTOCOL_ICMPV6,
                                fields->checksum_mode, fields->checksum);
  }
}
