/*
 * lib/options/encode.c - builds lists of TCP options.
 *
 * Room: options.  Includes: wire.  Nothing is refused for being nonsense: tests
 * and tools build the lists that a sane sender would not.  The one limit is the
 * header's: 40 octets.
 */
#include <tcpflow/options.h>

#include <string.h>

#include "wire/bytes.h"

/* The caller can write into a builder; a length that cannot be leaves no
   room. */
static size_t room_left(const tcpflow_options_builder *builder) {
  return builder->length < TCPFLOW_OPTIONS_MAX
           ? (size_t)(TCPFLOW_OPTIONS_MAX - builder->length)
           : 0;
}

static int has_no_length(uint8_t kind) {
  return kind == TCPFLOW_OPTION_EOL || kind == TCPFLOW_OPTION_NOP;
}

static int append_octet(tcpflow_options_builder *builder, uint8_t octet) {
  if (room_left(builder) < 1) {
    return TCPFLOW_ERR_LIMIT;
  }
  builder->bytes[builder->length++] = octet;
  return TCPFLOW_OK;
}

void tcpflow_options_builder_init(tcpflow_options_builder *builder) {
  *builder = (tcpflow_options_builder){.length = 0};
}

int tcpflow_options_builder_raw(tcpflow_options_builder *builder, uint8_t kind,
                                const uint8_t *data, size_t length) {
  if (length > 0 && (data == NULL || has_no_length(kind))) {
    return TCPFLOW_ERR_INVALID;
  }
  if (has_no_length(kind)) {
    return append_octet(builder, kind);
  }
  if (room_left(builder) < 2 || room_left(builder) - 2 < length) {
    return TCPFLOW_ERR_LIMIT;
  }
  builder->bytes[builder->length] = kind;
  builder->bytes[builder->length + 1] = (uint8_t)(length + 2);
  if (length > 0) {
    memcpy(builder->bytes + builder->length + 2, data, length);
  }
  builder->length = (uint8_t)(builder->length + length + 2);
  return TCPFLOW_OK;
}

/* Whether a length octet stands behind the kind.  Where the list or the capture
   ends before it, a walk leaves the length at 1. */
static int had_length(const tcpflow_option *option) {
  return !has_no_length(option->kind) &&
         (option->length != 1 ||
          (option->flags & TCPFLOW_OPTION_FLAG_LENGTH_BELOW_2) != 0);
}

int tcpflow_options_builder_copy(tcpflow_options_builder *builder,
                                 const tcpflow_option *option) {
  const size_t head = had_length(option) ? 2 : 1;
  const size_t length = option->data_length;

  if (length > 0 && option->data == NULL) {
    return TCPFLOW_ERR_INVALID;
  }
  if (room_left(builder) < head || room_left(builder) - head < length) {
    return TCPFLOW_ERR_LIMIT;
  }
  uint8_t *const at = builder->bytes + builder->length;

  at[0] = option->kind;
  if (head == 2) {
    at[1] = option->length;
  }
  if (length > 0) {
    memcpy(at + head, option->data, length);
  }
  builder->length = (uint8_t)(builder->length + head + length);
  return TCPFLOW_OK;
}

int tcpflow_options_builder_mss(tcpflow_options_builder *builder,
                                uint16_t mss) {
  uint8_t data[2];

  tcpflow__store16(data, mss);
  return tcpflow_options_builder_raw(builder, TCPFLOW_OPTION_MSS, data,
                                     sizeof(data));
}

int tcpflow_options_builder_wscale(tcpflow_options_builder *builder,
                                   uint8_t shift) {
  return tcpflow_options_builder_raw(builder, TCPFLOW_OPTION_WSCALE, &shift, 1);
}

int tcpflow_options_builder_sack_permitted(tcpflow_options_builder *builder) {
  return tcpflow_options_builder_raw(builder, TCPFLOW_OPTION_SACK_PERMITTED,
                                     NULL, 0);
}

int tcpflow_options_builder_sack(tcpflow_options_builder *builder,
                                 const tcpflow_sack_block *blocks,
                                 size_t count) {
  uint8_t data[8 * TCPFLOW_SACK_BLOCKS_MAX];

  if (count < 1 || count > TCPFLOW_SACK_BLOCKS_MAX) {
    return TCPFLOW_ERR_INVALID;
  }
  for (size_t i = 0; i < count; i++) {
    tcpflow__store32(data + 8 * i, blocks[i].left);
    tcpflow__store32(data + 8 * i + 4, blocks[i].right);
  }
  return tcpflow_options_builder_raw(builder, TCPFLOW_OPTION_SACK, data,
                                     8 * count);
}

int tcpflow_options_builder_timestamps(tcpflow_options_builder *builder,
                                       uint32_t ts_val, uint32_t ts_ecr) {
  uint8_t data[8];

  tcpflow__store32(data, ts_val);
  tcpflow__store32(data + 4, ts_ecr);
  return tcpflow_options_builder_raw(builder, TCPFLOW_OPTION_TIMESTAMPS, data,
                                     sizeof(data));
}

/* 40 is a multiple of four, so there is always room. */
void tcpflow_options_builder_pad(tcpflow_options_builder *builder,
                                 uint8_t pad) {
  const uint8_t octet =
    pad == TCPFLOW_OPTION_NOP ? TCPFLOW_OPTION_NOP : TCPFLOW_OPTION_EOL;

  while (builder->length % 4 != 0 && room_left(builder) > 0) {
    builder->bytes[builder->length++] = octet;
  }
}
