/*
 * lib/decode/build_wifi.c - 802.11, A-MSDUs, and what cards write in front.
 *
 * Room: decode.  Includes: wire.  The mirror of lib/decode/link_wifi.c and
 * link_radio.c.  An A-MSDU grows like everything here from its end: its last
 * subframe first.
 */
#include "decode/build_links.h"
#include "decode/steps.h"
#include "wire/bytes.h"

#include <string.h>

enum {
  ADDRESS_SIZE = 6,
  SUBFRAME_SIZE = 14,
  DATA = 0x0008,
  QOS = 0x0080,
  BOTH_DS = 0x0300,
  ORDER = 0x8000,
  QOS_AMSDU = 0x80,
  HEADER_SIZE = 24,
  FOURTH_ADDRESS = 6,
  QOS_SIZE = 2,
  HT_CONTROL_SIZE = 4,
  RADIOTAP_SIZE = 8,
  RADIOTAP_FLAGS = 0x02,
  PRISM_SIZE = 144,
  PRISM_CODE = 0x44,
  AVS_SIZE = 8
};

#define AVS_MAGIC UINT32_C(0x80211001)

static void store16_little(uint8_t *p, uint32_t v) {
  p[0] = (uint8_t)(v & 0xffU);
  p[1] = (uint8_t)(v >> 8 & 0xffU);
}

/* IEEE 802.11 clause 9.3.2.2.2: all subframes but the last are padded. */
void tcpflow__put_amsdu(tcpflow_builder *builder,
                        const tcpflow_build_layer *fields) {
  tcpflow__need_llc(builder);
  const uint32_t length = tcpflow__builder_length(builder);
  const size_t padding = builder->behind == 0 ? 0 : (4 - (length + 2) % 4) % 4;
  uint8_t *const bytes = tcpflow__builder_push(builder, SUBFRAME_SIZE);

  if (bytes == NULL) {
    return;
  }
  memcpy(bytes, fields->destination, ADDRESS_SIZE);
  memcpy(bytes + 6, fields->source, ADDRESS_SIZE);
  tcpflow__store16(bytes + 12, tcpflow__builder_size(fields, length));
  tcpflow__builder_append(builder, NULL, padding);
  builder->behind = builder->used;
  builder->tcp_used = 0;
}

static uint32_t wifi_size(uint32_t control, uint32_t unit) {
  uint32_t size = HEADER_SIZE;

  size += (control & BOTH_DS) == BOTH_DS ? FOURTH_ADDRESS : 0U;
  if ((control & QOS) != 0) {
    size += QOS_SIZE;
    size += (control & ORDER) != 0 ? HT_CONTROL_SIZE : 0U;
  }
  return (size + unit - 1) / unit * unit;
}

static void put_wifi_header(tcpflow_builder *builder,
                            const tcpflow_build_link *fields, uint32_t control,
                            uint32_t qos) {
  uint8_t *const bytes = tcpflow__builder_zeros(
    builder, wifi_size(control, fields->form != 0 ? 4 : 2));

  if (bytes == NULL) {
    return;
  }
  store16_little(bytes, control);
  memcpy(bytes + 4, fields->destination, ADDRESS_SIZE);
  memcpy(bytes + 10, fields->source, ADDRESS_SIZE);
  memcpy(bytes + 16, fields->source, ADDRESS_SIZE);
  if ((control & QOS) != 0) {
    store16_little(bytes + ((control & BOTH_DS) == BOTH_DS
                              ? HEADER_SIZE + FOURTH_ADDRESS
                              : HEADER_SIZE),
                   qos);
  }
}

/* In front of subframes it says that there are some. */
static void put_wifi(tcpflow_builder *builder,
                     const tcpflow_build_link *fields) {
  const int is_aggregate = builder->layer == TCPFLOW_LAYER_AMSDU;
  uint32_t control = fields->flags != 0 ? fields->flags : (uint32_t)DATA;
  uint32_t qos = fields->id;

  if (is_aggregate) {
    builder->behind = 0;
    control |= QOS;
    qos |= QOS_AMSDU;
  } else if ((control & 0xcU) == DATA) {
    tcpflow__need_llc(builder);
  }
  put_wifi_header(builder, fields, control, qos);
  tcpflow__builder_append(builder, fields->trailer, fields->trailer_length);
  builder->layer = TCPFLOW_LAYER_IEEE802_11;
}

void tcpflow__need_wifi(tcpflow_builder *builder,
                        const tcpflow_build_link *fields) {
  tcpflow_build_link plain = {.size = sizeof(plain)};

  if (builder->layer != TCPFLOW_LAYER_IEEE802_11) {
    memcpy(plain.destination, fields->destination, ADDRESS_SIZE);
    memcpy(plain.source, fields->source, ADDRESS_SIZE);
    put_wifi(builder, &plain);
  }
}

/* Flags are the last field; the caller's stand in front of them. */
static void put_radiotap(tcpflow_builder *builder,
                         const tcpflow_build_link *fields) {
  const size_t size = RADIOTAP_SIZE + (size_t)fields->extra_length + 1;

  tcpflow__need_wifi(builder, fields);
  uint8_t *const bytes = tcpflow__builder_zeros(builder, size);
  if (bytes == NULL) {
    return;
  }
  store16_little(bytes + 2, tcpflow__link_length(fields, size));
  tcpflow__store32_little(bytes + 4, fields->id | RADIOTAP_FLAGS);
  if (fields->extra_length != 0) {
    memcpy(bytes + RADIOTAP_SIZE, fields->extra, fields->extra_length);
  }
  bytes[size - 1] = (uint8_t)(fields->flags & 0xffU);
}

static void put_prism(tcpflow_builder *builder,
                      const tcpflow_build_link *fields) {
  tcpflow__need_wifi(builder, fields);
  uint8_t *const bytes = tcpflow__builder_zeros(builder, PRISM_SIZE);

  if (bytes == NULL) {
    return;
  }
  if (fields->byte_order != 0) {
    tcpflow__store32(bytes, tcpflow__link_number(fields, PRISM_CODE));
    tcpflow__store32(bytes + 4, PRISM_SIZE);
  } else {
    tcpflow__store32_little(bytes, tcpflow__link_number(fields, PRISM_CODE));
    tcpflow__store32_little(bytes + 4, PRISM_SIZE);
  }
}

static void put_avs(tcpflow_builder *builder,
                    const tcpflow_build_link *fields) {
  const size_t size = AVS_SIZE + (size_t)fields->extra_length;

  tcpflow__need_wifi(builder, fields);
  tcpflow_builder_bytes(builder, fields->extra, fields->extra_length);
  uint8_t *const bytes = tcpflow__builder_push(builder, AVS_SIZE);
  if (bytes != NULL) {
    tcpflow__store32(bytes, AVS_MAGIC);
    tcpflow__store32(bytes + 4, tcpflow__link_length(fields, size));
  }
}

static const tcpflow__link_put rows[] = {
  {TCPFLOW_LINK_IEEE802_11, put_wifi},
  {TCPFLOW_LINK_RADIOTAP, put_radiotap},
  {TCPFLOW_LINK_PRISM, put_prism},
  {TCPFLOW_LINK_AVS, put_avs},
};

tcpflow__put_link *tcpflow__find_link_wifi(uint32_t type) {
  return TCPFLOW__FIND_LINK_PUT(rows, type);
}
