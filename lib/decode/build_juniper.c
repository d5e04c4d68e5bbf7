/*
 * lib/decode/build_juniper.c - link headers of Juniper's routers.
 *
 * Room: decode.  Includes: wire.  The mirror of lib/decode/link_juniper.c.
 */
#include "decode/build_links.h"
#include "decode/steps.h"
#include "wire/bytes.h"

enum {
  HEADER_SIZE = 4,
  WITHOUT_LINK = 0x02,
  WITHOUT_LINK_SIZE = 4,
  EXTENDED = 0x80,
  ES_SIZE = 16,
  ES_AUTHENTICATION = 3,
  UNNUMBERED_INFORMATION = 3
};

#define MAGIC UINT32_C(0x4d474300)

/* The magic number, flags and extensions; behind them the cookie, or what
   stands in its place without a link header. */
static void put_header(tcpflow_builder *builder,
                       const tcpflow_build_link *fields) {
  uint8_t length[2];

  if ((fields->flags & WITHOUT_LINK) != 0) {
    (void)tcpflow__builder_zeros(builder, WITHOUT_LINK_SIZE);
  } else {
    tcpflow_builder_bytes(builder, fields->trailer, fields->trailer_length);
  }
  if ((fields->flags & EXTENDED) != 0) {
    tcpflow_builder_bytes(builder, fields->extra, fields->extra_length);
    tcpflow__store16(length,
                     tcpflow__link_length(fields, fields->extra_length));
    tcpflow_builder_bytes(builder, length, sizeof(length));
  }
  uint8_t *const bytes = tcpflow__builder_push(builder, HEADER_SIZE);
  if (bytes != NULL) {
    tcpflow__store32(bytes, MAGIC | (fields->flags & 0xffU));
  }
}

/* Not if the packet itself stands behind the cookie. */
static int has_link(const tcpflow_build_link *fields) {
  return (fields->flags & WITHOUT_LINK) == 0 && fields->form == 0;
}

/* Ethernet, PPP, Frame Relay and Cisco HDLC are put by a link step first,
   unless one has been. */
static void put_ether(tcpflow_builder *builder,
                      const tcpflow_build_link *fields) {
  if (has_link(fields)) {
    tcpflow__need_ethernet(builder, fields);
  }
  put_header(builder, fields);
}

static void put_ppp(tcpflow_builder *builder,
                    const tcpflow_build_link *fields) {
  const tcpflow_build_link plain = {.size = sizeof(plain)};

  if (has_link(fields)) {
    tcpflow__need_ppp(builder, &plain);
  }
  put_header(builder, fields);
}

static void put_behind(tcpflow_builder *builder,
                       const tcpflow_build_link *fields, uint32_t link,
                       tcpflow_layer_type layer) {
  const tcpflow_build_link plain = {.size = sizeof(plain), .id = 0x04000000};

  if (has_link(fields) && builder->layer != layer) {
    tcpflow__find_link_wan(link)(builder, &plain);
  }
  put_header(builder, fields);
}

static void put_frelay(tcpflow_builder *builder,
                       const tcpflow_build_link *fields) {
  put_behind(builder, fields, TCPFLOW_LINK_FRELAY, TCPFLOW_LAYER_FRAME_RELAY);
}

static void put_chdlc(tcpflow_builder *builder,
                      const tcpflow_build_link *fields) {
  put_behind(builder, fields, TCPFLOW_LINK_C_HDLC, TCPFLOW_LAYER_CHDLC);
}

static void put_typed(tcpflow_builder *builder,
                      const tcpflow_build_link *fields) {
  const uint16_t number = tcpflow__link_number(fields, builder->ether_type);
  uint8_t *const type =
    has_link(fields) ? tcpflow__builder_push(builder, 2) : NULL;

  if (type != NULL) {
    tcpflow__store16(type, number);
  }
  put_header(builder, fields);
}

static void put_es(tcpflow_builder *builder, const tcpflow_build_link *fields) {
  uint8_t *const bytes =
    has_link(fields) ? tcpflow__builder_zeros(builder, ES_SIZE) : NULL;

  if (bytes != NULL) {
    bytes[3] = ES_AUTHENTICATION;
  }
  put_header(builder, fields);
}

/* A control octet and an NLPID. */
static void put_control(tcpflow_builder *builder,
                        const tcpflow_build_link *fields) {
  const uint8_t bytes[2] = {UNNUMBERED_INFORMATION,
                            builder->ether_type == TCPFLOW__ETHER_IPV6 ? 0x8e
                                                                       : 0xcc};

  if (has_link(fields)) {
    tcpflow_builder_bytes(builder, bytes, sizeof(bytes));
  }
  put_header(builder, fields);
}

static const tcpflow__link_put rows[] = {
  {TCPFLOW_LINK_JUNIPER_ETHER, put_ether},
  {TCPFLOW_LINK_JUNIPER_PPPOE, put_ether},
  {TCPFLOW_LINK_JUNIPER_PPP, put_ppp},
  {TCPFLOW_LINK_JUNIPER_MLPPP, put_ppp},
  {TCPFLOW_LINK_JUNIPER_FRELAY, put_frelay},
  {TCPFLOW_LINK_JUNIPER_CHDLC, put_chdlc},
  {TCPFLOW_LINK_JUNIPER_PPPOE_ATM, put_typed},
  {TCPFLOW_LINK_JUNIPER_ES, put_es},
  {TCPFLOW_LINK_JUNIPER_MLFR, put_control},
  {TCPFLOW_LINK_JUNIPER_MFR, put_control},
  {TCPFLOW_LINK_JUNIPER_GGSN, put_header},
  {TCPFLOW_LINK_JUNIPER_SERVICES, put_header},
  {TCPFLOW_LINK_JUNIPER_MONITOR, put_header},
  {TCPFLOW_LINK_JUNIPER_ATM1, put_header},
  {TCPFLOW_LINK_JUNIPER_ATM2, put_header},
};

tcpflow__put_link *tcpflow__find_link_juniper(uint32_t type) {
  return TCPFLOW__FIND_LINK_PUT(rows, type);
}
