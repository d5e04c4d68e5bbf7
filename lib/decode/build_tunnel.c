/*
 * lib/decode/build_tunnel.c - tunnels over IP itself: GRE and ERSPAN, L2TP,
 * EtherIP, ESP with NULL encryption.
 *
 * Room: decode.  Includes: wire.  The mirror of gre.c, l2tp.c and esp.c.
 */
#include "decode/builder.h"
#include "decode/tunnel.h"
#include "wire/bytes.h"
#include "wire/checksum.h"

#include <string.h>

enum {
  FIELD_SIZE = 4,
  GRE_CHECKSUM = 0x8000,
  GRE_ROUTING = 0x4000,
  GRE_KEY = 0x2000,
  GRE_SEQUENCE = 0x1000,
  GRE_ACKNOWLEDGMENT = 0x0080,
  GRE_VERSION = 7,
  PORT_GRE = 4754
};

enum {
  ERSPAN_SIZE = 8,
  ERSPAN_3_SIZE = 12,
  ERSPAN_SUBHEADER = 8,
  ANNOUNCED_ERSPAN = 0x88be,
  ANNOUNCED_ERSPAN_3 = 0x22eb
};

enum {
  L2TP_LENGTH = 0x4000,
  L2TP_SEQUENCE = 0x0800,
  L2TP_OFFSET = 0x0200,
  L2TP_VERSION_2 = 2,
  L2TP_VERSION_3 = 3,
  L2TP_OVER_UDP = 1,
  L2TP_OVER_IP = 2,
  PORT_L2TP = 1701
};

enum {
  ETHERIP_SIZE = 2,
  ETHERIP_VERSION_3 = 0x3000,
  ESP_SIZE = 8,
  ESP_UNIT = 4,
  ESP_TRAILER = 2
};

/* Puts a number of 32 bits in front. */
static void put_number(tcpflow_builder *builder, uint32_t number) {
  uint8_t *const bytes = tcpflow__builder_push(builder, FIELD_SIZE);

  if (bytes != NULL) {
    tcpflow__store32(bytes, number);
  }
}

static void put_number_if(tcpflow_builder *builder, unsigned present,
                          uint32_t number) {
  if (present != 0) {
    put_number(builder, number);
  }
}

/* RFC 2637 section 4.1: acknowledgment number, sequence number, key. */
static void put_gre_1(tcpflow_builder *builder,
                      const tcpflow_build_layer *fields) {
  const unsigned flags = fields->flags;
  const uint16_t length =
    tcpflow__builder_size(fields, tcpflow__builder_length(builder));

  if ((flags & GRE_ACKNOWLEDGMENT) != 0) {
    tcpflow_builder_bytes(builder, fields->extra, fields->extra_length);
  }
  put_number_if(builder, flags & GRE_SEQUENCE, fields->sequence);
  put_number_if(builder, flags & GRE_KEY,
                (uint32_t)length << 16 | (fields->id & 0xffffU));
}

/* RFC 1701, RFC 2890: routing, sequence number, key, checksum and offset. */
static void put_gre_0(tcpflow_builder *builder,
                      const tcpflow_build_layer *fields) {
  const unsigned flags = fields->flags;

  if ((flags & GRE_ROUTING) != 0) {
    put_number(builder, 0);
    tcpflow_builder_bytes(builder, fields->extra, fields->extra_length);
  }
  put_number_if(builder, flags & GRE_SEQUENCE, fields->sequence);
  put_number_if(builder, flags & GRE_KEY, fields->id);
  put_number_if(builder, flags & (GRE_CHECKSUM | GRE_ROUTING), 0);
}

void tcpflow__put_gre(tcpflow_builder *builder,
                      const tcpflow_build_layer *fields) {
  const uint16_t number = tcpflow__builder_number(builder, fields);

  if ((fields->flags & GRE_VERSION) == 1) {
    put_gre_1(builder, fields);
  } else {
    put_gre_0(builder, fields);
  }
  put_number(builder, (fields->flags & 0xffffU) << 16 | number);
  if (builder->error != TCPFLOW_OK) {
    return;
  }
  if ((fields->flags & GRE_CHECKSUM) != 0) {
    uint8_t *const bytes =
      builder->buffer + (builder->capacity - builder->used);
    const uint64_t sum =
      tcpflow__sum_add(0, bytes, builder->used - builder->behind);

    tcpflow__store16(bytes + 4, tcpflow__builder_checksum(fields, sum));
  }
  tcpflow_builder_announce(builder, TCPFLOW__PROTOCOL_GRE, 0);
  builder->port = PORT_GRE;
}

/* draft-foschiano-erspan sections 4.2 and 4.3. */
void tcpflow__put_erspan(tcpflow_builder *builder,
                         const tcpflow_build_layer *fields) {
  const int is_3 = fields->form != 0;
  const int has_more = is_3 && fields->extra_length == ERSPAN_SUBHEADER;

  if (has_more) {
    tcpflow_builder_bytes(builder, fields->extra, ERSPAN_SUBHEADER);
  }
  uint8_t *const bytes =
    tcpflow__builder_push(builder, is_3 ? ERSPAN_3_SIZE : ERSPAN_SIZE);
  if (bytes == NULL) {
    return;
  }
  tcpflow__store16(
    bytes, (uint16_t)((is_3 ? 0x2000U : 0x1000U) | (fields->flags & 0xfffU)));
  tcpflow__store16(bytes + 2, (uint16_t)(fields->id & 0x3ffU));
  tcpflow__store32(bytes + 4, fields->sequence);
  if (is_3) {
    tcpflow__store32(bytes + 8, (fields->flags >> 16 & 0x1fU) << 10 |
                                  (has_more ? 1U : 0U));
  }
  builder->ether_type = is_3 ? ANNOUNCED_ERSPAN_3 : ANNOUNCED_ERSPAN;
}

/* RFC 2661 section 3.1. */
static void put_l2tp_2(tcpflow_builder *builder,
                       const tcpflow_build_layer *fields) {
  const unsigned flags = fields->flags;
  uint8_t fixed[8];
  uint32_t size = 2;

  if ((flags & L2TP_OFFSET) != 0) {
    tcpflow__store16(fixed, (uint16_t)(fields->extra_length & 0xffffU));
    tcpflow_builder_bytes(builder, fields->extra, fields->extra_length);
    tcpflow_builder_bytes(builder, fixed, 2);
  }
  put_number_if(builder, flags & L2TP_SEQUENCE, fields->sequence << 16);
  put_number(builder, fields->id);
  tcpflow__store16(fixed, (uint16_t)((flags & 0xfff0U) | L2TP_VERSION_2));
  if ((flags & L2TP_LENGTH) != 0) {
    size = 4;
    tcpflow__store16(
      fixed + 2,
      tcpflow__builder_size(fields, tcpflow__builder_length(builder) + 4));
  }
  tcpflow_builder_bytes(builder, fixed, size);
}

/* RFC 3931 section 4.1. */
void tcpflow__put_l2tp(tcpflow_builder *builder,
                       const tcpflow_build_layer *fields) {
  if (fields->form == 0) {
    put_l2tp_2(builder, fields);
  } else {
    tcpflow_builder_bytes(builder, fields->extra, fields->extra_length);
    put_number(builder, fields->id);
    put_number_if(builder, fields->form == L2TP_OVER_UDP,
                  ((fields->flags & 0xfff0U) | L2TP_VERSION_3) << 16);
  }
  if (fields->form > L2TP_OVER_IP) {
    tcpflow__builder_fail(builder, TCPFLOW_ERR_INVALID);
  }
  tcpflow_builder_announce(builder, TCPFLOW__PROTOCOL_L2TP, 0);
  builder->port = PORT_L2TP;
}

/* RFC 3378 section 3. */
void tcpflow__put_etherip(tcpflow_builder *builder,
                          const tcpflow_build_layer *fields) {
  uint8_t *const bytes = tcpflow__builder_push(builder, ETHERIP_SIZE);

  if (bytes != NULL) {
    tcpflow__store16(bytes, (uint16_t)(fields->flags != 0 ? fields->flags
                                                          : ETHERIP_VERSION_3));
    tcpflow_builder_announce(builder, TCPFLOW__PROTOCOL_ETHERIP, 0);
  }
}

/* RFC 4303 section 2: the trailer fills up to a multiple of four octets. */
static void append_trailer(tcpflow_builder *builder,
                           const tcpflow_build_layer *fields) {
  const uint32_t length = tcpflow__builder_length(builder) + ESP_TRAILER;
  const uint32_t padding = (ESP_UNIT - length % ESP_UNIT) % ESP_UNIT;
  uint8_t trailer[ESP_UNIT + ESP_TRAILER] = {1, 2, 3};

  trailer[padding] = (uint8_t)(tcpflow__builder_size(fields, padding) & 0xffU);
  trailer[padding + 1] =
    (uint8_t)(tcpflow__builder_choose(fields->number_mode, builder->protocol,
                                      (uint16_t)(fields->number & 0xffU)) &
              0xffU);
  tcpflow__builder_append(builder, trailer, padding + ESP_TRAILER);
  tcpflow__builder_append(builder, fields->trailer, fields->trailer_length);
}

void tcpflow__put_esp(tcpflow_builder *builder,
                      const tcpflow_build_layer *fields) {
  append_trailer(builder, fields);
  put_number(builder, fields->sequence);
  put_number(builder, fields->id);
  tcpflow_builder_announce(builder, TCPFLOW__PROTOCOL_ESP, 0);
}
