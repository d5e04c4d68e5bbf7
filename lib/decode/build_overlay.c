/*
 * lib/decode/build_overlay.c - tunnels over UDP, and NSH.
 *
 * Room: decode.  Includes: wire.  The mirror of vxlan.c, gtp.c, teredo.c and
 * capwap.c.
 */
#include "decode/builder.h"
#include "decode/tunnel.h"
#include "wire/bytes.h"

#include <string.h>

enum {
  HEADER_SIZE = 8,
  WORD_SIZE = 4,
  VXLAN_FLAGS = 0x08,
  VXLAN_GPE_FLAGS = 0x0c,
  GENEVE_EXTRA_MOST = 252,
  NSH_EXTRA_MOST = 244,
  NSH_FIXED_EXTRA = 16,
  GTP_REST = 4,
  GTP_0_REST = 12,
  GTP_FLAGS = 7,
  GTP_MESSAGE_DATA = 255,
  TEREDO_FIXED = 4,
  TEREDO_REST = 9,
  TEREDO_EXTRA_MOST = 255,
  AYIYA_FLAGS = 0x001,
  CAPWAP_EXTRA_MOST = 116,
  CAPWAP_802_11 = 0x0300, /* The binding, and T. */
  TZSP_802_11 = 18
};

enum {
  PORT_VXLAN = 4789,
  PORT_VXLAN_GPE = 4790,
  PORT_GENEVE = 6081,
  PORT_GTPU = 2152,
  PORT_TEREDO = 3544,
  PORT_AYIYA = 5072,
  PORT_CAPWAP = 5247,
  PORT_TZSP = 37008
};

/* Puts SIZE octets, and what FIELDS have to follow them, in front; filled up to
   a word.  NULL: the builder failed. */
static uint8_t *put_words(tcpflow_builder *builder,
                          const tcpflow_build_layer *fields, uint32_t size,
                          uint32_t most) {
  const uint32_t extra = (fields->extra_length + WORD_SIZE - 1) & ~3U;

  if (fields->extra_length > most) {
    tcpflow__builder_fail(builder, TCPFLOW_ERR_INVALID);
    return NULL;
  }
  uint8_t *const bytes = tcpflow__builder_push(builder, size + extra);
  if (bytes == NULL) {
    return NULL;
  }
  memset(bytes, 0, size + extra);
  if (fields->extra_length != 0) {
    memcpy(bytes + size, fields->extra, fields->extra_length);
  }
  return bytes;
}

static uint8_t words_of(const tcpflow_build_layer *fields, uint32_t size) {
  return (uint8_t)(tcpflow__builder_size(
                     fields, (size + fields->extra_length + WORD_SIZE - 1) /
                               WORD_SIZE) &
                   0xffU);
}

/* What VXLAN-GPE and NSH call what an EtherType announces. */
static uint8_t next_protocol(const tcpflow_builder *builder,
                             const tcpflow_build_layer *fields) {
  uint16_t number = 0;

  switch (builder->ether_type) {
  case TCPFLOW__ETHER_IPV4:
    number = TCPFLOW__NSH_IPV4;
    break;
  case TCPFLOW__ETHER_IPV6:
    number = TCPFLOW__NSH_IPV6;
    break;
  case TCPFLOW__ETHER_NSH:
    number = TCPFLOW__NSH_NSH;
    break;
  case TCPFLOW__ETHER_MPLS:
    number = TCPFLOW__NSH_MPLS;
    break;
  default:
    number = TCPFLOW__NSH_ETHERNET;
  }
  return (uint8_t)(tcpflow__builder_choose(fields->number_mode, number,
                                           (uint16_t)(fields->number & 0xffU)) &
                   0xffU);
}

/* What is behind is announced by a UDP port only. */
static void announce_port(tcpflow_builder *builder, uint16_t port) {
  tcpflow_builder_announce(builder, 0, 0);
  builder->port = port;
}

void tcpflow__put_vxlan(tcpflow_builder *builder,
                        const tcpflow_build_layer *fields) {
  const int is_gpe = fields->form != 0;
  const unsigned usual = is_gpe ? VXLAN_GPE_FLAGS : VXLAN_FLAGS;
  uint8_t *const bytes = tcpflow__builder_push(builder, HEADER_SIZE);

  if (bytes == NULL) {
    return;
  }
  tcpflow__store32(bytes, ((fields->flags != 0 ? fields->flags : usual) & 0xffU)
                            << 24);
  bytes[3] = is_gpe ? next_protocol(builder, fields) : 0;
  tcpflow__store32(bytes + 4, fields->id << 8);
  announce_port(builder, is_gpe ? PORT_VXLAN_GPE : PORT_VXLAN);
}

void tcpflow__put_geneve(tcpflow_builder *builder,
                         const tcpflow_build_layer *fields) {
  uint8_t *const bytes =
    put_words(builder, fields, HEADER_SIZE, GENEVE_EXTRA_MOST);

  if (bytes == NULL) {
    return;
  }
  tcpflow__store16(bytes, (uint16_t)((fields->flags & 0xc0ffU) |
                                     (words_of(fields, 0) & 0x3fU) << 8));
  tcpflow__store16(bytes + 2, tcpflow__builder_number(builder, fields));
  tcpflow__store32(bytes + 4, fields->id << 8);
  announce_port(builder, PORT_GENEVE);
}

/* RFC 8300 section 2.2: context headers of 16 octets are those of MD type 1. */
void tcpflow__put_nsh(tcpflow_builder *builder,
                      const tcpflow_build_layer *fields) {
  uint8_t *const bytes =
    put_words(builder, fields, HEADER_SIZE, NSH_EXTRA_MOST);

  if (bytes == NULL) {
    return;
  }
  tcpflow__store16(bytes, (uint16_t)((fields->flags & 0xffc0U) |
                                     (words_of(fields, HEADER_SIZE) & 0x3fU)));
  bytes[2] = fields->extra_length == NSH_FIXED_EXTRA ? 1 : 2;
  bytes[3] = next_protocol(builder, fields);
  tcpflow__store32(bytes + 4, fields->id << 8 | (fields->sequence & 0xffU));
  tcpflow_builder_announce(builder, 0, TCPFLOW__ETHER_NSH);
}

/* 3GPP TS 29.281 section 5.1. */
static void put_optional(tcpflow_builder *builder,
                         const tcpflow_build_layer *fields) {
  tcpflow_builder_bytes(builder, fields->extra, fields->extra_length);
  uint8_t *const bytes = tcpflow__builder_push(builder, GTP_REST);

  if (bytes != NULL) {
    tcpflow__store32(bytes, fields->sequence << 16 | (fields->number & 0xffU));
  }
}

/* GSM 09.60 section 6: sequence, flow label, SNDCP number, and the TID. */
static void put_rest_of_0(tcpflow_builder *builder,
                          const tcpflow_build_layer *fields) {
  uint8_t *const bytes = tcpflow__builder_push(builder, GTP_0_REST);

  if (bytes != NULL) {
    memset(bytes, 0xff, GTP_0_REST);
    tcpflow__store32(bytes + 4, fields->id);
  }
}

void tcpflow__put_gtpu(tcpflow_builder *builder,
                       const tcpflow_build_layer *fields) {
  const int is_0 = fields->form != 0;
  const unsigned flags = fields->flags & GTP_FLAGS;
  const uint32_t payload = tcpflow__builder_length(builder);

  if (is_0) {
    put_rest_of_0(builder, fields);
  } else if (flags != 0) {
    put_optional(builder, fields);
  }
  const uint32_t length = tcpflow__builder_length(builder);
  uint8_t *const bytes = tcpflow__builder_push(builder, HEADER_SIZE);
  if (bytes == NULL) {
    return;
  }
  bytes[0] = (uint8_t)(is_0 ? 0x1e : 0x30U | flags);
  bytes[1] = GTP_MESSAGE_DATA;
  tcpflow__store16(bytes + 2,
                   tcpflow__builder_size(fields, is_0 ? payload : length));
  tcpflow__store32(bytes + 4, is_0 ? fields->sequence << 16 : fields->id);
  announce_port(builder, PORT_GTPU);
}

/* RFC 4380 section 5.1.1: an origin has its port and address inverted. */
void tcpflow__put_teredo(tcpflow_builder *builder,
                         const tcpflow_build_layer *fields) {
  const int is_origin = fields->form == 0;
  const uint32_t client =
    fields->extra_length > TEREDO_EXTRA_MOST ? 0 : fields->extra_length;
  uint8_t *const bytes = tcpflow__builder_push(
    builder, is_origin ? HEADER_SIZE : TEREDO_FIXED + client + TEREDO_REST);

  if (bytes == NULL) {
    return;
  }
  if (is_origin) {
    tcpflow__store32(bytes, ~fields->number & 0xffffU);
    tcpflow__store32(bytes + 4, ~fields->id);
  } else {
    memset(bytes, 0, TEREDO_FIXED + client + TEREDO_REST);
    bytes[1] = 1;
    bytes[2] = (uint8_t)client;
    if (client != 0) {
      memcpy(bytes + TEREDO_FIXED, fields->extra, client);
    }
  }
  announce_port(builder, PORT_TEREDO);
}

/* The power of two that SIZE is; 16: none. */
static unsigned power_of(uint32_t size) {
  unsigned power = 0;

  while (power < 16 && UINT32_C(1) << power != size) {
    power++;
  }
  return power;
}

/* draft-massar-v6ops-ayiya section 3.1. */
void tcpflow__put_ayiya(tcpflow_builder *builder,
                        const tcpflow_build_layer *fields) {
  const unsigned power = power_of(fields->extra_length);
  const unsigned flags = fields->flags != 0 ? fields->flags : AYIYA_FLAGS;
  const uint32_t signature = (fields->form & 0xfU) * (uint32_t)WORD_SIZE;

  if (power == 16) {
    tcpflow__builder_fail(builder, TCPFLOW_ERR_INVALID);
    return;
  }
  uint8_t *const bytes = tcpflow__builder_push(
    builder, HEADER_SIZE + fields->extra_length + signature);
  if (bytes == NULL) {
    return;
  }
  memset(bytes, 0, HEADER_SIZE + fields->extra_length + signature);
  memcpy(bytes + HEADER_SIZE, fields->extra, fields->extra_length);
  bytes[0] = (uint8_t)(power << 4 | (flags >> 8 & 0xfU));
  bytes[1] = (uint8_t)((fields->form & 0xfU) << 4 | (flags >> 4 & 0xfU));
  bytes[2] = (uint8_t)(flags & 0xfU);
  bytes[3] =
    (uint8_t)(tcpflow__builder_choose(fields->number_mode, builder->protocol,
                                      (uint16_t)(fields->number & 0xffU)) &
              0xffU);
  tcpflow__store32(bytes + 4, fields->sequence);
  announce_port(builder, PORT_AYIYA);
}

/* RFC 5415 section 4.3. */
void tcpflow__put_capwap(tcpflow_builder *builder,
                         const tcpflow_build_layer *fields) {
  const uint32_t native =
    builder->layer == TCPFLOW_LAYER_IEEE802_11 ? CAPWAP_802_11 : 0;
  uint8_t *const bytes =
    put_words(builder, fields, HEADER_SIZE, CAPWAP_EXTRA_MOST);

  if (bytes == NULL) {
    return;
  }
  tcpflow__store32(bytes, (fields->flags & UINT32_C(0xff07ffff)) | native |
                            (words_of(fields, HEADER_SIZE) & 0x1fU) << 19);
  tcpflow__store32(bytes + 4, fields->sequence);
  announce_port(builder, PORT_CAPWAP);
}

void tcpflow__put_tzsp(tcpflow_builder *builder,
                       const tcpflow_build_layer *fields) {
  static const uint8_t end[] = {1};
  const uint16_t number = tcpflow__builder_choose(
    fields->number_mode,
    builder->layer == TCPFLOW_LAYER_IEEE802_11 ? TZSP_802_11 : 1,
    (uint16_t)(fields->number & 0xffffU));

  tcpflow_builder_bytes(builder, end, sizeof(end));
  tcpflow_builder_bytes(builder, fields->extra, fields->extra_length);
  uint8_t *const bytes = tcpflow__builder_push(builder, WORD_SIZE);
  if (bytes != NULL) {
    bytes[0] = 1;
    bytes[1] = fields->form;
    tcpflow__store16(bytes + 2, number);
    announce_port(builder, PORT_TZSP);
  }
}
