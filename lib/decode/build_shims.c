/*
 * lib/decode/build_shims.c - LLC, MPLS, pseudowires, PPP, and Ethernet.
 *
 * Room: decode.  Includes: wire.  What these announce is told by an EtherType,
 * or translated from it.
 */
#include "decode/builder.h"
#include "decode/steps.h"
#include "wire/bytes.h"

#include <string.h>

enum {
  ADDRESS_SIZE = 6,
  ETHERNET_SIZE = 14,
  SNAP_SIZE = 8,
  SAP_SIZE = 3,
  MPLS_SIZE = 4,
  CONTROL_WORD_SIZE = 4,
  PPPOE_SIZE = 6
};

/* IEEE 802.3 clause 3.2.6: in front of LLC stands a length. */
void tcpflow__put_ethernet(tcpflow_builder *builder,
                           const tcpflow_build_layer *fields) {
  const uint16_t number =
    builder->layer == TCPFLOW_LAYER_LLC && fields->number_mode == 0
      ? tcpflow__builder_size(fields, tcpflow__builder_length(builder))
      : tcpflow__builder_number(builder, fields);
  uint8_t *const bytes = tcpflow__builder_push(builder, ETHERNET_SIZE);

  if (bytes == NULL) {
    return;
  }
  memcpy(bytes, fields->destination, ADDRESS_SIZE);
  memcpy(bytes + 6, fields->source, ADDRESS_SIZE);
  tcpflow__store16(bytes + 12, number);
  tcpflow_builder_announce(builder, TCPFLOW__PROTOCOL_ETHERNET,
                           TCPFLOW__ANNOUNCED_ETHERNET);
}

static void put_snap(tcpflow_builder *builder,
                     const tcpflow_build_layer *fields) {
  const uint16_t number = tcpflow__builder_number(builder, fields);
  uint8_t *const bytes = tcpflow__builder_push(builder, SNAP_SIZE);

  if (bytes != NULL) {
    tcpflow__store32(bytes, UINT32_C(0xaaaa0300));
    tcpflow__store16(bytes + 4, (uint16_t)(fields->id & 0xffffU));
    bytes[3] = (uint8_t)(fields->id >> 16 & 0xffU);
    tcpflow__store16(bytes + 6, number);
  }
}

/* RFC 1042; IEEE 802.2. */
void tcpflow__put_llc(tcpflow_builder *builder,
                      const tcpflow_build_layer *fields) {
  static const uint8_t sap[SAP_SIZE] = {6, 6, 3};

  switch (fields->form) {
  case TCPFLOW_BUILD_LLC_SNAP:
    put_snap(builder, fields);
    break;
  case TCPFLOW_BUILD_LLC_SAP:
    tcpflow_builder_bytes(builder, sap, sizeof(sap));
    break;
  case TCPFLOW_BUILD_LLC_RAW:
    tcpflow_builder_bytes(builder, fields->extra, fields->extra_length);
    break;
  default:
    tcpflow__builder_fail(builder, TCPFLOW_ERR_INVALID);
  }
  builder->ether_type = TCPFLOW__ETHER_LLC;
}

/* RFC 3032 section 2.1: the entry in front of something else is the bottom of
   the stack. */
void tcpflow__put_mpls(tcpflow_builder *builder,
                       const tcpflow_build_layer *fields) {
  const uint32_t bottom = builder->layer == TCPFLOW_LAYER_MPLS ? 0 : 1;
  uint8_t *const bytes = tcpflow__builder_push(builder, MPLS_SIZE);

  if (bytes == NULL) {
    return;
  }
  tcpflow__store32(bytes, (fields->id & UINT32_C(0xfffff)) << 12 |
                            (fields->flags & 7U) << 9 |
                            (bottom ^ (fields->flags >> 3 & 1U)) << 8 |
                            (fields->sequence & 0xffU));
  tcpflow_builder_announce(builder, TCPFLOW__PROTOCOL_MPLS,
                           tcpflow__builder_type(fields, TCPFLOW__ETHER_MPLS));
}

/* RFC 4385 section 3. */
void tcpflow__put_pseudowire(tcpflow_builder *builder,
                             const tcpflow_build_layer *fields) {
  uint8_t *const bytes = tcpflow__builder_push(builder, CONTROL_WORD_SIZE);

  if (bytes != NULL) {
    tcpflow__store16(bytes, (uint16_t)(fields->flags & 0xffffU));
    tcpflow__store16(bytes + 2, (uint16_t)(fields->sequence & 0xffffU));
  }
}

/* RFC 2516 section 4. */
void tcpflow__put_pppoe(tcpflow_builder *builder,
                        const tcpflow_build_layer *fields) {
  const uint32_t length = tcpflow__builder_length(builder);
  uint8_t *const bytes = tcpflow__builder_push(builder, PPPOE_SIZE);

  if (bytes == NULL) {
    return;
  }
  bytes[0] = fields->form != 0 ? fields->form : 0x11;
  bytes[1] = (uint8_t)(fields->flags & 0xffU);
  tcpflow__store16(bytes + 2, (uint16_t)(fields->id & 0xffffU));
  tcpflow__store16(bytes + 4, tcpflow__builder_size(fields, length));
  builder->ether_type = tcpflow__builder_type(fields, TCPFLOW__ETHER_PPPOE);
}

/* IANA's PPP numbers of what EtherTypes announce. */
static uint16_t ppp_number(uint16_t ether_type) {
  switch (ether_type) {
  case TCPFLOW__ETHER_IPV4:
    return TCPFLOW__PPP_IPV4;
  case TCPFLOW__ETHER_IPV6:
    return TCPFLOW__PPP_IPV6;
  case TCPFLOW__ETHER_MPLS:
    return TCPFLOW__PPP_MPLS;
  case TCPFLOW__ETHER_MPLS_MULTICAST:
    return TCPFLOW__PPP_MPLS_MULTICAST;
  default:
    return ether_type;
  }
}

/* RFC 1661 section 2; RFC 1662 section 3.1. */
void tcpflow__put_ppp(tcpflow_builder *builder,
                      const tcpflow_build_layer *fields) {
  const uint16_t number = tcpflow__builder_choose(
    fields->number_mode, ppp_number(builder->ether_type),
    (uint16_t)(fields->number & 0xffffU));
  uint8_t bytes[4] = {0xff, 3};
  const size_t from = (fields->form & TCPFLOW_BUILD_PPP_HDLC) != 0 ? 0 : 2;

  tcpflow__store16(bytes + 2, number);
  if ((fields->form & TCPFLOW_BUILD_PPP_SHORT) != 0) {
    bytes[2] = bytes[3];
    tcpflow_builder_bytes(builder, bytes + from, 3 - from);
  } else {
    tcpflow_builder_bytes(builder, bytes + from, 4 - from);
  }
  builder->ether_type = TCPFLOW__ANNOUNCED_PPP;
}
