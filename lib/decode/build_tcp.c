/*
 * lib/decode/build_tcp.c - a TCP segment (RFC 9293 section 3.1), and the
 * checksums that need an IP header: those of TCP, UDP and ICMPv6.
 *
 * Room: decode.  Includes: base/sized.h, wire.
 */
#include "base/sized.h"
#include "decode/builder.h"
#include "decode/pseudo.h"
#include "decode/steps.h"
#include "decode/tunnel.h"
#include "wire/bytes.h"
#include "wire/checksum.h"

#include <string.h>

TCPFLOW__NO_TAIL_PADDING(tcpflow_build_tcp, payload_length);

enum {
  HEADER_SIZE = 20,
  OPTIONS_MOST = 40,
  OFFSET_MOST = 15,
  RESERVED_MOST = 7,
  CHECKSUM_AT = 16,
  UDP_CHECKSUM_AT = 6,
  ICMPV6_CHECKSUM_AT = 2
};

static int is_valid(const tcpflow_build_tcp *tcp) {
  return tcp->options_length <= OPTIONS_MOST &&
         tcp->data_offset <= OFFSET_MOST &&
         tcp->reserved_bits <= RESERVED_MOST &&
         tcp->flags <= TCPFLOW_FLAGS_ALL &&
         tcp->checksum_mode <= TCPFLOW_BUILD_PARTIAL &&
         tcp->offset_mode <= TCPFLOW_BUILD_ZERO;
}

static void put_payload(tcpflow_builder *builder,
                        const tcpflow_build_tcp *tcp) {
  if (tcp->payload_length > tcp->payload_captured) {
    tcpflow_builder_absent(builder,
                           tcp->payload_length - tcp->payload_captured);
  }
  tcpflow_builder_bytes(builder, tcp->payload, tcp->payload_captured);
}

static void write_header(uint8_t *bytes, uint32_t size,
                         const tcpflow_tuple *tuple,
                         const tcpflow_build_tcp *tcp) {
  const unsigned words = tcpflow__builder_choose(
    tcp->offset_mode, (uint16_t)(size / 4), tcp->data_offset);

  memset(bytes, 0, size);
  tcpflow__store16(bytes, tuple->port[0]);
  tcpflow__store16(bytes + 2, tuple->port[1]);
  tcpflow__store32(bytes + 4, tcp->seq);
  tcpflow__store32(bytes + 8, tcp->ack);
  tcpflow__store16(
    bytes + 12,
    (uint16_t)(words << 12 | (unsigned)tcp->reserved_bits << 9 | tcp->flags));
  tcpflow__store16(bytes + 14, tcp->window);
  tcpflow__store16(bytes + 18, tcp->urgent);
  if (tcp->options_length != 0) {
    memcpy(bytes + HEADER_SIZE, tcp->options, tcp->options_length);
  }
}

void tcpflow_builder_tcp(tcpflow_builder *builder, const tcpflow_tuple *tuple,
                         const tcpflow_build_tcp *tcp) {
  tcpflow_build_tcp ours;
  const int error = tcpflow__sized_read(&ours, sizeof(ours), tcp);

  if (error != TCPFLOW_OK || !is_valid(&ours)) {
    tcpflow__builder_fail(builder,
                          error != TCPFLOW_OK ? error : TCPFLOW_ERR_INVALID);
    return;
  }
  put_payload(builder, &ours);

  const uint32_t size = HEADER_SIZE + (ours.options_length + 3) / 4 * 4;
  uint8_t *const bytes = tcpflow__builder_push(builder, size);
  if (bytes == NULL) {
    return;
  }
  write_header(bytes, size, tuple, &ours);
  tcpflow__builder_expect_sum(builder, TCPFLOW__PROTOCOL_TCP,
                              ours.checksum_mode, ours.checksum);
}

/* What the field may be taken for: 0 and 0xffff are the same number. */
typedef struct field_values {
  uint16_t right;
  uint16_t partial;
  uint16_t partial_without_length;
} field_values;

static int means_something(const field_values *values, uint16_t field) {
  return field == 0 || field == 0xffff || field == values->right ||
         field == values->partial || field == values->partial_without_length;
}

static uint16_t choose_field(const tcpflow_builder *builder,
                             const field_values *values) {
  uint16_t field = values->right;

  switch (builder->sum_mode) {
  case TCPFLOW_BUILD_PARTIAL:
    return values->partial;
  case TCPFLOW_BUILD_WRONG:
    while (means_something(values, field)) {
      field = (uint16_t)((field + 1U) & 0xffffU);
    }
    return field;
  default:
    return tcpflow__builder_choose(builder->sum_mode, values->right,
                                   builder->checksum);
  }
}

/* Where the checksum stands in a header. */
static uint32_t checksum_at(uint8_t protocol) {
  switch (protocol) {
  case TCPFLOW__PROTOCOL_UDP:
    return UDP_CHECKSUM_AT;
  case TCPFLOW__PROTOCOL_ICMPV6:
    return ICMPV6_CHECKSUM_AT;
  default:
    return CHECKSUM_AT;
  }
}

/* RFC 768: a sum of 0 is written as the other form of 0. */
static uint16_t right_sum(const tcpflow_builder *builder, uint64_t sum) {
  const uint16_t right = (uint16_t)(tcpflow__sum_fold(sum) ^ 0xffffU);

  return right == 0 && builder->sum_protocol == TCPFLOW__PROTOCOL_UDP ? 0xffff
                                                                      : right;
}

void tcpflow__builder_expect_sum(tcpflow_builder *builder, uint8_t protocol,
                                 uint8_t mode, uint16_t checksum) {
  builder->tcp_used = builder->used;
  builder->tcp_size = builder->used - builder->behind;
  builder->tcp_length = tcpflow__builder_length(builder);
  builder->sum_protocol = protocol;
  builder->sum_mode = mode;
  builder->checksum = checksum;
  tcpflow_builder_announce(builder, protocol, builder->ether_type);
}

void tcpflow__builder_sum_tcp(tcpflow_builder *builder) {
  uint8_t *const end = builder->buffer + builder->capacity;
  uint8_t *const segment = end - builder->tcp_used;
  const uint8_t *const datagram = end - builder->used;
  const uint32_t size = (uint32_t)(builder->used - builder->tcp_used);
  const uint8_t protocol = builder->sum_protocol;

  if (builder->tcp_used == 0) {
    return;
  }
  const uint64_t pseudo = tcpflow__pseudo_sum_of(protocol, datagram, size,
                                                 (uint32_t)builder->tcp_length);
  const uint64_t sum = tcpflow__sum_add(pseudo, segment, builder->tcp_size);
  const field_values values = {
    right_sum(builder, sum), tcpflow__sum_fold(pseudo),
    tcpflow__sum_fold(tcpflow__pseudo_sum_of(protocol, datagram, size, 0))};

  tcpflow__store16(segment + checksum_at(protocol),
                   choose_field(builder, &values));
  builder->tcp_used = 0;
}
