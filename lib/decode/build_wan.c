/*
 * lib/decode/build_wan.c - link headers of PPP, Cisco HDLC and Frame Relay.
 *
 * Room: decode.  Includes: wire.  The mirror of lib/decode/link_ppp.c and
 * link_frelay.c.
 */
#include "decode/build_links.h"
#include "decode/steps.h"
#include "wire/bytes.h"

#include <string.h>

enum {
  CHDLC_SIZE = 4,
  CHDLC_UNICAST = 0x0f,
  CONTROL = 0x03,
  MFR_SIZE = 2,
  MFR_WHOLE = 0xc000,
  SLIP_SIZE = 16,
  FRELAY_SIZE_BITS = 3,
  FRELAY_ADDRESS_LEAST = 2,
  NLPID_SNAP = 0x80,
  NLPID_IPV6 = 0x8e,
  NLPID_IPV4 = 0xcc,
  NLPID_PPP = 0xcf
};

static void put_ppp(tcpflow_builder *builder,
                    const tcpflow_build_link *fields) {
  const tcpflow_build_layer layer = {.size = sizeof(layer),
                                     .form = fields->form,
                                     .number = fields->number,
                                     .number_mode = fields->number_mode};

  tcpflow__put_ppp(builder, &layer);
  builder->layer = TCPFLOW_LAYER_PPP;
}

void tcpflow__need_ppp(tcpflow_builder *builder,
                       const tcpflow_build_link *fields) {
  if (builder->layer != TCPFLOW_LAYER_PPP) {
    put_ppp(builder, fields);
  }
}

static void put_ppp_link(tcpflow_builder *builder,
                         const tcpflow_build_link *fields) {
  tcpflow__need_ppp(builder, fields);
}

static void put_direction(tcpflow_builder *builder,
                          const tcpflow_build_link *fields) {
  uint8_t *const bytes = tcpflow__builder_push(builder, 1);

  if (bytes != NULL) {
    bytes[0] = (uint8_t)(fields->packet_type & 0xffU);
  }
}

/* The direction stands where the address belongs. */
static void put_ppp_direction(tcpflow_builder *builder,
                              const tcpflow_build_link *fields) {
  static const uint8_t control[1] = {CONTROL};
  tcpflow_build_link ours = *fields;

  ours.form = (uint8_t)(fields->form & ~(unsigned)TCPFLOW_BUILD_PPP_HDLC);
  tcpflow__need_ppp(builder, &ours);
  tcpflow_builder_bytes(builder, control, sizeof(control));
  put_direction(builder, fields);
}

static void put_ppp_with_direction(tcpflow_builder *builder,
                                   const tcpflow_build_link *fields) {
  tcpflow__need_ppp(builder, fields);
  put_direction(builder, fields);
}

static void put_ppp_ether(tcpflow_builder *builder,
                          const tcpflow_build_link *fields) {
  const tcpflow_build_layer layer = {.size = sizeof(layer),
                                     .id = fields->id,
                                     .form = fields->form,
                                     .flags = fields->flags,
                                     .length = fields->length,
                                     .length_mode = fields->length_mode};
  const tcpflow_build_link plain = {.size = sizeof(plain)};

  if (builder->layer != TCPFLOW_LAYER_PPPOE) {
    tcpflow__need_ppp(builder, &plain);
    tcpflow__put_pppoe(builder, &layer);
  }
}

static void put_chdlc(tcpflow_builder *builder,
                      const tcpflow_build_link *fields) {
  const uint16_t number = tcpflow__link_number(fields, builder->ether_type);
  uint8_t *const bytes = tcpflow__builder_zeros(builder, CHDLC_SIZE);

  if (bytes != NULL) {
    bytes[0] = CHDLC_UNICAST;
    tcpflow__store16(bytes + 2, number);
  }
}

static void put_chdlc_with_direction(tcpflow_builder *builder,
                                     const tcpflow_build_link *fields) {
  put_chdlc(builder, fields);
  put_direction(builder, fields);
}

static uint8_t nlpid_of(const tcpflow_builder *builder) {
  switch (builder->ether_type) {
  case TCPFLOW__ETHER_IPV4:
    return NLPID_IPV4;
  case TCPFLOW__ETHER_IPV6:
    return NLPID_IPV6;
  case TCPFLOW__ANNOUNCED_PPP:
    return NLPID_PPP;
  default:
    return NLPID_SNAP;
  }
}

/* RFC 2427 section 4.1: organization and protocol. */
static void put_snap(tcpflow_builder *builder) {
  const uint16_t number = builder->ether_type;
  uint8_t *const bytes = tcpflow__builder_zeros(builder, 5);

  if (bytes != NULL) {
    tcpflow__store16(bytes + 3, number);
  }
}

/* What stands behind the address. */
static void put_frelay_control(tcpflow_builder *builder,
                               const tcpflow_build_link *fields,
                               uint32_t address) {
  uint8_t bytes[3] = {CONTROL, 0, 0};
  uint8_t nlpid = nlpid_of(builder);

  if ((fields->form & TCPFLOW_BUILD_FRELAY_CISCO) != 0) {
    tcpflow__store16(bytes, tcpflow__link_number(fields, builder->ether_type));
    tcpflow_builder_bytes(builder, bytes, 2);
    return;
  }
  if ((fields->form & TCPFLOW_BUILD_FRELAY_SNAP) != 0 || nlpid == NLPID_SNAP) {
    put_snap(builder);
    nlpid = NLPID_SNAP;
  }
  const size_t size = address == 3 ? 3 : 2;

  bytes[size - 1] = (uint8_t)(tcpflow__link_number(fields, nlpid) & 0xffU);
  tcpflow_builder_bytes(builder, bytes, size);
}

/* Q.922: the lowest bit of the last octet is set, and of no other. */
static void put_frelay(tcpflow_builder *builder,
                       const tcpflow_build_link *fields) {
  const uint32_t size =
    FRELAY_ADDRESS_LEAST + (fields->form & FRELAY_SIZE_BITS);
  uint8_t address[5];

  if (size > 4) {
    tcpflow__builder_fail(builder, TCPFLOW_ERR_INVALID);
    return;
  }
  put_frelay_control(builder, fields, size);
  tcpflow__store32(address, fields->id);
  for (uint32_t i = 0; i < size; i++) {
    address[i] = (uint8_t)((address[i] & 0xfeU) | (i + 1 == size ? 1U : 0U));
  }
  tcpflow_builder_bytes(builder, address, size);
}

static void put_frelay_with_direction(tcpflow_builder *builder,
                                      const tcpflow_build_link *fields) {
  put_frelay(builder, fields);
  put_direction(builder, fields);
}

/* FRF.16; a whole packet unless the flags say otherwise. */
static void put_mfr(tcpflow_builder *builder,
                    const tcpflow_build_link *fields) {
  const tcpflow_build_link plain = {.size = sizeof(plain), .id = 0x04000000};

  if (builder->layer != TCPFLOW_LAYER_FRAME_RELAY) {
    put_frelay(builder, &plain);
  }
  uint8_t *const bytes = tcpflow__builder_push(builder, MFR_SIZE);
  if (bytes != NULL) {
    tcpflow__store16(bytes,
                     (uint16_t)(fields->flags != 0 ? fields->flags & 0xffffU
                                                   : (uint32_t)MFR_WHOLE));
  }
}

/* The first octet is the direction, the others what was compressed. */
static void put_slip(tcpflow_builder *builder,
                     const tcpflow_build_link *fields) {
  const size_t most = SLIP_SIZE - 1;
  uint8_t *const bytes = tcpflow__builder_zeros(builder, SLIP_SIZE);

  if (bytes == NULL) {
    return;
  }
  bytes[0] = (uint8_t)(fields->packet_type & 0xffU);
  if (fields->extra_length != 0) {
    memcpy(bytes + 1, fields->extra,
           fields->extra_length < most ? fields->extra_length : most);
  }
}

static const tcpflow__link_put rows[] = {
  {TCPFLOW_LINK_PPP, put_ppp_link},
  {TCPFLOW_LINK_PPP_HDLC, put_ppp_link},
  {TCPFLOW_LINK_PPP_ETHER, put_ppp_ether},
  {TCPFLOW_LINK_PPP_DIRECTION, put_ppp_direction},
  {TCPFLOW_LINK_PPP_WITH_DIR, put_ppp_with_direction},
  {TCPFLOW_LINK_C_HDLC, put_chdlc},
  {TCPFLOW_LINK_C_HDLC_WITH_DIR, put_chdlc_with_direction},
  {TCPFLOW_LINK_FRELAY, put_frelay},
  {TCPFLOW_LINK_FRELAY_WITH_DIR, put_frelay_with_direction},
  {TCPFLOW_LINK_MFR, put_mfr},
  {TCPFLOW_LINK_SLIP, put_slip},
};

tcpflow__put_link *tcpflow__find_link_wan(uint32_t type) {
  return TCPFLOW__FIND_LINK_PUT(rows, type);
}
