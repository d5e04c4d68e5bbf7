/*
 * tests/unit/decode/stacks.h - packets below all headers that can stand in
 * front of IP, and where each header must be found.
 *
 * The segment of frames.h over IP, behind every link type and every tag.
 * Offsets are written by hand from the specifications.
 */
#ifndef TCPFLOW_TESTS_STACKS_H
#define TCPFLOW_TESTS_STACKS_H

#include "unit/decode/frames.h"

typedef struct stack_layer {
  uint16_t type;
  uint16_t offset;
} stack_layer;

typedef struct stack {
  const char *name;
  uint32_t link;
  uint8_t version;
  uint16_t ip; /* Where the IP header starts. */
  stack_layer layer[8];
  uint8_t count; /* Of the layers in front of it. */
  /* What stands between IP and the link header, and the link's fields. */
  void (*put)(tcpflow_builder *builder, tcpflow_build_link *fields);
} stack;

static inline tcpflow_build_layer stack_fields(uint32_t id) {
  tcpflow_build_layer fields;

  tcpflow_build_layer_init(&fields);
  fields.id = id;
  return fields;
}

/* One layer that has nothing but a number. */
static inline void stack_put(tcpflow_builder *builder, tcpflow_layer_type type,
                             uint32_t id) {
  const tcpflow_build_layer fields = stack_fields(id);

  tcpflow_builder_layer(builder, type, &fields);
}

static inline void stack_plain(tcpflow_builder *builder,
                               tcpflow_build_link *fields) {
  (void)builder;
  (void)fields;
}

static inline void stack_llc(tcpflow_builder *builder,
                             tcpflow_build_link *fields) {
  (void)fields;
  stack_put(builder, TCPFLOW_LAYER_LLC, 0);
}

static inline void stack_llc_cisco(tcpflow_builder *builder,
                                   tcpflow_build_link *fields) {
  (void)fields;
  stack_put(builder, TCPFLOW_LAYER_LLC, 0x0000f8);
}

static inline void stack_llc_sap(tcpflow_builder *builder,
                                 tcpflow_build_link *fields) {
  tcpflow_build_layer llc = stack_fields(0);

  (void)fields;
  llc.form = TCPFLOW_BUILD_LLC_SAP;
  tcpflow_builder_layer(builder, TCPFLOW_LAYER_LLC, &llc);
}

static inline void stack_llc_iso(tcpflow_builder *builder,
                                 tcpflow_build_link *fields) {
  static const uint8_t iso[] = {0xfe, 0xfe, 3, 0xcc};
  tcpflow_build_layer llc = stack_fields(0);

  (void)fields;
  llc.form = TCPFLOW_BUILD_LLC_RAW;
  llc.extra = iso;
  llc.extra_length = sizeof(iso);
  tcpflow_builder_layer(builder, TCPFLOW_LAYER_LLC, &llc);
}

/* The type of frames whose length does not fit. */
static inline void stack_llc_jumbo(tcpflow_builder *builder,
                                   tcpflow_build_link *fields) {
  stack_llc(builder, fields);
  fields->number_mode = TCPFLOW_BUILD_GIVEN;
  fields->number = 0x8870;
}

/* RFC 2684 section 5.2: two octets of padding. */
static inline void stack_llc_bridged(tcpflow_builder *builder,
                                     tcpflow_build_link *fields) {
  static const uint8_t padding[2];
  tcpflow_build_layer llc = stack_fields(0x0080c2);

  (void)fields;
  llc.number_mode = TCPFLOW_BUILD_GIVEN;
  llc.number = 7;
  stack_put(builder, TCPFLOW_LAYER_ETHERNET, 0);
  tcpflow_builder_bytes(builder, padding, sizeof(padding));
  tcpflow_builder_layer(builder, TCPFLOW_LAYER_LLC, &llc);
}

static inline void stack_vlans(tcpflow_builder *builder,
                               tcpflow_build_link *fields) {
  static const uint16_t types[] = {0x8100, 0x88a8, 0x9100, 0x9200, 0x9300};

  (void)fields;
  for (uint16_t i = 0; i < 5; i++) {
    tcpflow_builder_vlan(builder, types[i], (uint16_t)(i + 1));
  }
}

static inline void stack_pbb(tcpflow_builder *builder,
                             tcpflow_build_link *fields) {
  (void)fields;
  stack_put(builder, TCPFLOW_LAYER_ETHERNET, 0);
  stack_put(builder, TCPFLOW_LAYER_PBB, 0x123456);
  tcpflow_builder_vlan(builder, 0x88a8, 7);
}

static inline void stack_vntag(tcpflow_builder *builder,
                               tcpflow_build_link *fields) {
  (void)fields;
  stack_put(builder, TCPFLOW_LAYER_VNTAG, 0x8001c002);
}

static inline void stack_etag(tcpflow_builder *builder,
                              tcpflow_build_link *fields) {
  (void)fields;
  stack_put(builder, TCPFLOW_LAYER_ETAG, 0x2a5678);
}

static inline void stack_fabricpath(tcpflow_builder *builder,
                                    tcpflow_build_link *fields) {
  (void)fields;
  stack_put(builder, TCPFLOW_LAYER_ETHERNET, 0);
  stack_put(builder, TCPFLOW_LAYER_FABRICPATH, 1);
}

static inline void stack_metadata(tcpflow_builder *builder,
                                  tcpflow_build_link *fields) {
  (void)fields;
  stack_put(builder, TCPFLOW_LAYER_CISCO_METADATA, 16);
}

static inline void stack_hsr(tcpflow_builder *builder,
                             tcpflow_build_link *fields) {
  (void)fields;
  stack_put(builder, TCPFLOW_LAYER_HSR, 100);
}

static inline void stack_rtag(tcpflow_builder *builder,
                              tcpflow_build_link *fields) {
  (void)fields;
  stack_put(builder, TCPFLOW_LAYER_RTAG, 0);
}

static inline void stack_trill(tcpflow_builder *builder,
                               tcpflow_build_link *fields) {
  (void)fields;
  stack_put(builder, TCPFLOW_LAYER_ETHERNET, 0);
  stack_put(builder, TCPFLOW_LAYER_TRILL, 0x00010002);
}

static const uint8_t stack_icv[16] = {0xcc, 0xcc, 0xcc, 0xcc};

static inline void stack_macsec(tcpflow_builder *builder,
                                tcpflow_build_link *fields) {
  tcpflow_build_layer macsec = stack_fields(0);

  (void)fields;
  macsec.sequence = 9;
  macsec.trailer = stack_icv;
  macsec.trailer_length = sizeof(stack_icv);
  tcpflow_builder_layer(builder, TCPFLOW_LAYER_MACSEC, &macsec);
}

static inline void stack_macsec_channel(tcpflow_builder *builder,
                                        tcpflow_build_link *fields) {
  static const uint8_t channel[8] = {2, 0, 0, 0, 0, 1, 0, 1};
  tcpflow_build_layer macsec = stack_fields(0);

  (void)fields;
  macsec.flags = 0x20;
  macsec.extra = channel;
  macsec.extra_length = sizeof(channel);
  macsec.trailer = stack_icv;
  macsec.trailer_length = sizeof(stack_icv);
  tcpflow_builder_layer(builder, TCPFLOW_LAYER_MACSEC, &macsec);
}

static inline void stack_mpls(tcpflow_builder *builder,
                              tcpflow_build_link *fields) {
  (void)fields;
  stack_put(builder, TCPFLOW_LAYER_MPLS, 100000);
}

static inline void stack_mpls_3(tcpflow_builder *builder,
                                tcpflow_build_link *fields) {
  (void)fields;
  stack_put(builder, TCPFLOW_LAYER_MPLS, 16);
  stack_put(builder, TCPFLOW_LAYER_MPLS, 17);
  stack_put(builder, TCPFLOW_LAYER_MPLS, 18);
}

static inline void stack_mpls_null(tcpflow_builder *builder,
                                   tcpflow_build_link *fields) {
  (void)fields;
  stack_put(builder, TCPFLOW_LAYER_MPLS, 0);
}

static inline void stack_mpls_null_ipv6(tcpflow_builder *builder,
                                        tcpflow_build_link *fields) {
  (void)fields;
  stack_put(builder, TCPFLOW_LAYER_MPLS, 2);
}

static inline void stack_pseudowire(tcpflow_builder *builder,
                                    tcpflow_build_link *fields) {
  (void)fields;
  stack_put(builder, TCPFLOW_LAYER_ETHERNET, 0);
  stack_put(builder, TCPFLOW_LAYER_PSEUDOWIRE, 0);
  stack_put(builder, TCPFLOW_LAYER_MPLS, 99);
}

/* Without a control word, the first digit is the one of an address. */
static inline void put_pseudowire_to(tcpflow_builder *builder, uint8_t first) {
  tcpflow_build_layer ethernet = stack_fields(0);

  ethernet.destination[0] = first;
  ethernet.destination[5] = 1;
  tcpflow_builder_layer(builder, TCPFLOW_LAYER_ETHERNET, &ethernet);
  stack_put(builder, TCPFLOW_LAYER_MPLS, 99);
}

static inline void stack_pseudowire_00(tcpflow_builder *builder,
                                       tcpflow_build_link *fields) {
  (void)fields;
  put_pseudowire_to(builder, 0);
}

static inline void stack_pseudowire_48(tcpflow_builder *builder,
                                       tcpflow_build_link *fields) {
  (void)fields;
  put_pseudowire_to(builder, 0x48);
}

static inline void stack_pseudowire_6c(tcpflow_builder *builder,
                                       tcpflow_build_link *fields) {
  (void)fields;
  put_pseudowire_to(builder, 0x6c);
}

static inline void stack_pseudowire_f0(tcpflow_builder *builder,
                                       tcpflow_build_link *fields) {
  (void)fields;
  put_pseudowire_to(builder, 0xf0);
}

static inline void put_ppp_form(tcpflow_builder *builder, uint8_t form) {
  tcpflow_build_layer ppp = stack_fields(0);

  ppp.form = form;
  tcpflow_builder_layer(builder, TCPFLOW_LAYER_PPP, &ppp);
}

static inline void stack_pppoe(tcpflow_builder *builder,
                               tcpflow_build_link *fields) {
  (void)fields;
  put_ppp_form(builder, 0);
  stack_put(builder, TCPFLOW_LAYER_PPPOE, 0x1234);
}

static inline void stack_pppoe_short(tcpflow_builder *builder,
                                     tcpflow_build_link *fields) {
  (void)fields;
  put_ppp_form(builder, TCPFLOW_BUILD_PPP_SHORT);
  stack_put(builder, TCPFLOW_LAYER_PPPOE, 1);
}

static inline void stack_ppp_hdlc(tcpflow_builder *builder,
                                  tcpflow_build_link *fields) {
  (void)builder;
  fields->form = TCPFLOW_BUILD_PPP_HDLC;
}

static inline void stack_ppp_short(tcpflow_builder *builder,
                                   tcpflow_build_link *fields) {
  (void)builder;
  fields->form = TCPFLOW_BUILD_PPP_HDLC | TCPFLOW_BUILD_PPP_SHORT;
}

static inline void stack_ppp_direction(tcpflow_builder *builder,
                                       tcpflow_build_link *fields) {
  (void)builder;
  fields->packet_type = 1;
}

static inline void stack_ppp_mpls(tcpflow_builder *builder,
                                  tcpflow_build_link *fields) {
  stack_mpls(builder, fields);
  fields->form = TCPFLOW_BUILD_PPP_HDLC;
}

/* Octets of an address whose identifier is not 0. */
#define STACK_DLCI 0x18410204

static inline void stack_frelay(tcpflow_builder *builder,
                                tcpflow_build_link *fields) {
  (void)builder;
  fields->id = STACK_DLCI;
}

static inline void stack_frelay_3(tcpflow_builder *builder,
                                  tcpflow_build_link *fields) {
  (void)builder;
  fields->id = STACK_DLCI;
  fields->form = TCPFLOW_BUILD_FRELAY_3;
}

static inline void stack_frelay_4(tcpflow_builder *builder,
                                  tcpflow_build_link *fields) {
  (void)builder;
  fields->id = STACK_DLCI;
  fields->form = TCPFLOW_BUILD_FRELAY_4;
}

static inline void stack_frelay_cisco(tcpflow_builder *builder,
                                      tcpflow_build_link *fields) {
  (void)builder;
  fields->id = STACK_DLCI;
  fields->form = TCPFLOW_BUILD_FRELAY_CISCO;
}

static inline void stack_frelay_snap(tcpflow_builder *builder,
                                     tcpflow_build_link *fields) {
  (void)builder;
  fields->id = STACK_DLCI;
  fields->form = TCPFLOW_BUILD_FRELAY_SNAP;
}

static inline void stack_frelay_ppp(tcpflow_builder *builder,
                                    tcpflow_build_link *fields) {
  put_ppp_form(builder, 0);
  fields->id = STACK_DLCI;
}

static inline void stack_frad(tcpflow_builder *builder,
                              tcpflow_build_link *fields) {
  tcpflow_build_link frelay;

  tcpflow_build_link_init(&frelay);
  frelay.id = STACK_DLCI;
  tcpflow_builder_link(builder, TCPFLOW_LINK_FRELAY, &frelay);
  fields->hardware = 770;
  fields->number_mode = TCPFLOW_BUILD_GIVEN;
  fields->number = 4;
}

static inline void stack_radiotap(tcpflow_builder *builder,
                                  tcpflow_build_link *fields) {
  tcpflow_builder_link(builder, TCPFLOW_LINK_RADIOTAP, NULL);
  fields->hardware = 803;
}

static inline void stack_big(tcpflow_builder *builder,
                             tcpflow_build_link *fields) {
  (void)builder;
  fields->byte_order = 1;
}

/* A prefix attribute: length 6, type 10, "a", NUL, padding. */
static inline void stack_nflog(tcpflow_builder *builder,
                               tcpflow_build_link *fields) {
  static const uint8_t prefix[8] = {6, 0, 10, 0, 'a', 0};

  (void)builder;
  fields->extra = prefix;
  fields->extra_length = sizeof(prefix);
}

static inline void stack_nflog_big(tcpflow_builder *builder,
                                   tcpflow_build_link *fields) {
  static const uint8_t prefix[8] = {0, 6, 0, 10, 'a', 0};

  (void)builder;
  fields->byte_order = 1;
  fields->extra = prefix;
  fields->extra_length = sizeof(prefix);
}

/* A route of two rings. */
static inline void stack_route(tcpflow_builder *builder,
                               tcpflow_build_link *fields) {
  static const uint8_t route[6] = {0x06, 0x40, 0x00, 0x11, 0x00, 0x20};

  (void)builder;
  fields->extra = route;
  fields->extra_length = sizeof(route);
}

static inline void stack_arcnet_old(tcpflow_builder *builder,
                                    tcpflow_build_link *fields) {
  (void)builder;
  fields->number_mode = TCPFLOW_BUILD_GIVEN;
  fields->number = 240;
}

static inline void stack_arcnet_exception(tcpflow_builder *builder,
                                          tcpflow_build_link *fields) {
  (void)builder;
  fields->form = 1;
}

static inline void stack_form_1(tcpflow_builder *builder,
                                tcpflow_build_link *fields) {
  (void)builder;
  fields->form = 1;
}

static inline void stack_form_2(tcpflow_builder *builder,
                                tcpflow_build_link *fields) {
  (void)builder;
  fields->form = 2;
}

static inline void stack_lane(tcpflow_builder *builder,
                              tcpflow_build_link *fields) {
  (void)builder;
  fields->flags = 0x81;
}

/* To DS, QoS */
static inline void stack_wifi_qos(tcpflow_builder *builder,
                                  tcpflow_build_link *fields) {
  (void)builder;
  fields->flags = 0x0188;
}

/* To and from DS, QoS, with an HT control field */
static inline void stack_wifi_long(tcpflow_builder *builder,
                                   tcpflow_build_link *fields) {
  (void)builder;
  fields->flags = 0x8388;
}

/* From DS, QoS; mesh control with one more address */
static inline void stack_wifi_mesh(tcpflow_builder *builder,
                                   tcpflow_build_link *fields) {
  static const uint8_t mesh[12] = {1, 31, 1};

  stack_llc(builder, fields);
  tcpflow_builder_bytes(builder, mesh, sizeof(mesh));
  fields->flags = 0x0288;
  fields->id = 0x0100;
}

static inline void stack_amsdu(tcpflow_builder *builder,
                               tcpflow_build_link *fields) {
  (void)fields;
  stack_put(builder, TCPFLOW_LAYER_AMSDU, 0);
}

/* A time stamp, flags with a check sequence and padding; QoS makes the header
   26 octets, padded to 28. */
static inline void stack_radiotap_all(tcpflow_builder *builder,
                                      tcpflow_build_link *fields) {
  static const uint8_t time[8] = {1};
  static const uint8_t check[4] = {0xca, 0xfe, 0xca, 0xfe};
  tcpflow_build_link wifi;

  tcpflow_build_link_init(&wifi);
  wifi.flags = 0x0188;
  wifi.form = 1;
  wifi.trailer = check;
  wifi.trailer_length = sizeof(check);
  tcpflow_builder_link(builder, TCPFLOW_LINK_IEEE802_11, &wifi);
  fields->id = 1;
  fields->flags = 0x30;
  fields->extra = time;
  fields->extra_length = sizeof(time);
}

/* A second word of what is present, and so four octets to align the time. */
static inline void stack_radiotap_words(tcpflow_builder *builder,
                                        tcpflow_build_link *fields) {
  static const uint8_t rest[16] = {0, 0, 0, 0, 0, 0, 0, 0, 1};

  (void)builder;
  fields->id = UINT32_C(0xa0000001);
  fields->extra = rest;
  fields->extra_length = 16;
}

static inline void stack_prism_avs(tcpflow_builder *builder,
                                   tcpflow_build_link *fields) {
  tcpflow_build_link avs;

  (void)fields;
  tcpflow_build_link_init(&avs);
  avs.extra = (const uint8_t[56]){0};
  avs.extra_length = 56;
  tcpflow_builder_link(builder, TCPFLOW_LINK_AVS, &avs);
}

static inline void stack_avs(tcpflow_builder *builder,
                             tcpflow_build_link *fields) {
  static const uint8_t rest[56];

  (void)builder;
  fields->extra = rest;
  fields->extra_length = sizeof(rest);
}

static inline void stack_ethernet(tcpflow_builder *builder,
                                  tcpflow_build_link *fields) {
  (void)fields;
  tcpflow_builder_link(builder, TCPFLOW_LINK_ETHERNET, NULL);
}

/* A field of 802.11 with its check sequence told. */
static inline void stack_ppi_wifi(tcpflow_builder *builder,
                                  tcpflow_build_link *fields) {
  static const uint8_t common[24] = {2, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  static const uint8_t check[4] = {0xca, 0xfe, 0xca, 0xfe};
  tcpflow_build_link wifi;

  tcpflow_build_link_init(&wifi);
  wifi.trailer = check;
  wifi.trailer_length = sizeof(check);
  tcpflow_builder_link(builder, TCPFLOW_LINK_IEEE802_11, &wifi);
  fields->extra = common;
  fields->extra_length = sizeof(common);
}

static inline void stack_number(tcpflow_builder *builder,
                                tcpflow_build_link *fields, uint32_t number) {
  (void)builder;
  fields->number_mode = TCPFLOW_BUILD_GIVEN;
  fields->number = number;
}

/* A start of an mPacket, behind a preamble that begins inside an octet. */
static inline void stack_mpacket_start(tcpflow_builder *builder,
                                       tcpflow_build_link *fields) {
  static const uint8_t preamble[] = {0x50, 0x55, 0x55, 0x55};

  stack_number(builder, fields, 0xe6);
  fields->extra = preamble;
  fields->extra_length = sizeof(preamble);
}

static inline void stack_docsis_long(tcpflow_builder *builder,
                                     tcpflow_build_link *fields) {
  static const uint8_t extended[] = {0x10, 0x00, 0x00};

  (void)builder;
  fields->extra = extended;
  fields->extra_length = sizeof(extended);
}

static inline void stack_erf_ppp(tcpflow_builder *builder,
                                 tcpflow_build_link *fields) {
  put_ppp_form(builder, TCPFLOW_BUILD_PPP_HDLC);
  stack_number(builder, fields, 1);
}

static inline void stack_erf_chdlc(tcpflow_builder *builder,
                                   tcpflow_build_link *fields) {
  static const uint8_t extensions[16] = {3};
  static const uint8_t channel[4];

  tcpflow_builder_link(builder, TCPFLOW_LINK_C_HDLC, NULL);
  tcpflow_builder_bytes(builder, channel, sizeof(channel));
  stack_number(builder, fields, 5);
  fields->extra = extensions;
  fields->extra_length = sizeof(extensions);
}

static inline void stack_erf_atm(tcpflow_builder *builder,
                                 tcpflow_build_link *fields) {
  static const uint8_t cell[4];

  stack_llc(builder, fields);
  tcpflow_builder_bytes(builder, cell, sizeof(cell));
  stack_number(builder, fields, 4);
}

static inline void stack_erf_ipv4(tcpflow_builder *builder,
                                  tcpflow_build_link *fields) {
  stack_number(builder, fields, 22);
}

static inline void stack_erf_ipv6(tcpflow_builder *builder,
                                  tcpflow_build_link *fields) {
  stack_number(builder, fields, 23);
}

/* Juniper: extensions of four octets. */
static inline void stack_juniper_long(tcpflow_builder *builder,
                                      tcpflow_build_link *fields) {
  static const uint8_t extensions[] = {3, 2, 14, 0};

  (void)builder;
  fields->flags = 0x80;
  fields->extra = extensions;
  fields->extra_length = sizeof(extensions);
}

static inline void stack_juniper_bare(tcpflow_builder *builder,
                                      tcpflow_build_link *fields) {
  (void)builder;
  fields->flags = 0x02;
}

static inline void stack_cookie_2(tcpflow_builder *builder,
                                  tcpflow_build_link *fields) {
  static const uint8_t cookie[2] = {0x30, 0x01};

  (void)builder;
  fields->trailer = cookie;
  fields->trailer_length = sizeof(cookie);
}

static inline void stack_cookie_4(tcpflow_builder *builder,
                                  tcpflow_build_link *fields) {
  static const uint8_t cookie[4] = {0x10, 0x00, 0x00, 0x01};

  (void)builder;
  fields->trailer = cookie;
  fields->trailer_length = sizeof(cookie);
}

/* Incoming; GGSN: IPv4 */
static inline void stack_cookie_8(tcpflow_builder *builder,
                                  tcpflow_build_link *fields) {
  static const uint8_t cookie[8] = {1, 0, 2};

  (void)builder;
  fields->flags = 1;
  fields->trailer = cookie;
  fields->trailer_length = sizeof(cookie);
}

/* Adaptive services: IPv6 */
static inline void stack_cookie_as(tcpflow_builder *builder,
                                   tcpflow_build_link *fields) {
  static const uint8_t cookie[8] = {0x47, 0, 0, 0, 0, 0x10};

  (void)builder;
  fields->form = 1;
  fields->trailer = cookie;
  fields->trailer_length = sizeof(cookie);
}

static inline void stack_cookie_atm2(tcpflow_builder *builder,
                                     tcpflow_build_link *fields) {
  static const uint8_t cookie[8] = {0, 0, 0, 1};

  tcpflow_builder_link(builder, TCPFLOW_LINK_ETHERNET, NULL);
  fields->trailer = cookie;
  fields->trailer_length = sizeof(cookie);
}

static inline void stack_cookie_llc(tcpflow_builder *builder,
                                    tcpflow_build_link *fields) {
  stack_llc(builder, fields);
  stack_cookie_4(builder, fields);
}

#define L(name, at)                                                            \
  { TCPFLOW_LAYER_##name, at }
#define S(name, version, ip, put, count, ...)                                  \
  {                                                                            \
#name " " #put, TCPFLOW_LINK_##name, version, ip,                          \
      {__VA_ARGS__ }, count, stack_##put                                       \
  }

static const stack stacks[] = {
  S(ETHERNET, 4, 14, plain, 1, L(ETHERNET, 0)),
  S(ETHERNET, 4, 22, llc, 2, L(ETHERNET, 0), L(LLC, 14)),
  S(ETHERNET, 6, 22, llc_cisco, 2, L(ETHERNET, 0), L(LLC, 14)),
  S(ETHERNET, 4, 17, llc_sap, 2, L(ETHERNET, 0), L(LLC, 14)),
  S(ETHERNET, 4, 18, llc_iso, 2, L(ETHERNET, 0), L(LLC, 14)),
  S(ETHERNET, 6, 22, llc_jumbo, 2, L(ETHERNET, 0), L(LLC, 14)),
  S(ETHERNET, 4, 38, llc_bridged, 3, L(ETHERNET, 0), L(LLC, 14),
    L(ETHERNET, 24)),
  S(ETHERNET, 4, 34, vlans, 6, L(ETHERNET, 0), L(VLAN, 14), L(VLAN, 18),
    L(VLAN, 22), L(VLAN, 26), L(VLAN, 30)),
  S(ETHERNET, 4, 36, pbb, 4, L(ETHERNET, 0), L(VLAN, 14), L(PBB, 18),
    L(ETHERNET, 22)),
  S(ETHERNET, 4, 20, vntag, 2, L(ETHERNET, 0), L(VNTAG, 14)),
  S(ETHERNET, 4, 22, etag, 2, L(ETHERNET, 0), L(ETAG, 14)),
  S(ETHERNET, 4, 30, fabricpath, 3, L(ETHERNET, 0), L(FABRICPATH, 14),
    L(ETHERNET, 16)),
  S(ETHERNET, 4, 22, metadata, 2, L(ETHERNET, 0), L(CISCO_METADATA, 14)),
  S(ETHERNET, 4, 20, hsr, 2, L(ETHERNET, 0), L(HSR, 14)),
  S(ETHERNET, 6, 20, rtag, 2, L(ETHERNET, 0), L(RTAG, 14)),
  S(ETHERNET, 4, 34, trill, 3, L(ETHERNET, 0), L(TRILL, 14), L(ETHERNET, 20)),
  S(ETHERNET, 4, 22, macsec, 2, L(ETHERNET, 0), L(MACSEC, 14)),
  S(ETHERNET, 6, 30, macsec_channel, 2, L(ETHERNET, 0), L(MACSEC, 14)),
  S(ETHERNET, 4, 18, mpls, 2, L(ETHERNET, 0), L(MPLS, 14)),
  S(ETHERNET, 6, 26, mpls_3, 4, L(ETHERNET, 0), L(MPLS, 14), L(MPLS, 18),
    L(MPLS, 22)),
  S(ETHERNET, 4, 18, mpls_null, 2, L(ETHERNET, 0), L(MPLS, 14)),
  S(ETHERNET, 6, 18, mpls_null_ipv6, 2, L(ETHERNET, 0), L(MPLS, 14)),
  S(ETHERNET, 4, 36, pseudowire, 4, L(ETHERNET, 0), L(MPLS, 14),
    L(PSEUDOWIRE, 18), L(ETHERNET, 22)),
  S(ETHERNET, 6, 32, pseudowire_00, 3, L(ETHERNET, 0), L(MPLS, 14),
    L(ETHERNET, 18)),
  S(ETHERNET, 4, 32, pseudowire_48, 3, L(ETHERNET, 0), L(MPLS, 14),
    L(ETHERNET, 18)),
  S(ETHERNET, 4, 32, pseudowire_6c, 3, L(ETHERNET, 0), L(MPLS, 14),
    L(ETHERNET, 18)),
  S(ETHERNET, 6, 32, pseudowire_f0, 3, L(ETHERNET, 0), L(MPLS, 14),
    L(ETHERNET, 18)),
  S(ETHERNET, 4, 22, pppoe, 3, L(ETHERNET, 0), L(PPPOE, 14), L(PPP, 20)),
  S(ETHERNET, 6, 21, pppoe_short, 3, L(ETHERNET, 0), L(PPPOE, 14), L(PPP, 20)),
  S(PPP, 4, 2, plain, 1, L(PPP, 0)),
  S(PPP, 6, 4, ppp_hdlc, 1, L(PPP, 0)),
  S(PPP, 4, 3, ppp_short, 1, L(PPP, 0)),
  S(PPP_HDLC, 4, 8, ppp_mpls, 2, L(PPP, 0), L(MPLS, 4)),
  S(PPP_HDLC, 4, 4, ppp_hdlc, 1, L(PPP, 0)),
  S(PPP_ETHER, 4, 8, plain, 2, L(PPPOE, 0), L(PPP, 6)),
  S(PPP_DIRECTION, 4, 4, ppp_direction, 1, L(PPP, 0)),
  S(PPP_WITH_DIR, 6, 5, ppp_hdlc, 2, L(CAPTURE, 0), L(PPP, 1)),
  S(C_HDLC, 4, 4, plain, 1, L(CHDLC, 0)),
  S(C_HDLC, 4, 8, mpls, 2, L(CHDLC, 0), L(MPLS, 4)),
  S(C_HDLC_WITH_DIR, 6, 5, plain, 2, L(CAPTURE, 0), L(CHDLC, 1)),
  S(FRELAY, 4, 4, frelay, 1, L(FRAME_RELAY, 0)),
  S(FRELAY, 6, 6, frelay_3, 1, L(FRAME_RELAY, 0)),
  S(FRELAY, 4, 6, frelay_4, 1, L(FRAME_RELAY, 0)),
  S(FRELAY, 4, 4, frelay_cisco, 1, L(FRAME_RELAY, 0)),
  S(FRELAY, 4, 9, frelay_snap, 2, L(FRAME_RELAY, 0), L(LLC, 4)),
  S(FRELAY, 4, 6, frelay_ppp, 2, L(FRAME_RELAY, 0), L(PPP, 4)),
  S(FRELAY_WITH_DIR, 4, 5, frelay, 2, L(CAPTURE, 0), L(FRAME_RELAY, 1)),
  S(MFR, 4, 6, plain, 2, L(CAPTURE, 0), L(FRAME_RELAY, 2)),
  S(SLIP, 4, 16, plain, 1, L(SLIP, 0)),
  S(LINUX_SLL, 4, 24, llc, 2, L(SLL, 0), L(LLC, 16)),
  S(LINUX_SLL, 4, 20, frad, 2, L(SLL, 0), L(FRAME_RELAY, 16)),
  S(LINUX_SLL2, 6, 61, radiotap, 4, L(SLL2, 0), L(RADIOTAP, 20),
    L(IEEE802_11, 29), L(LLC, 53)),
  S(LINUX_SLL2, 6, 20, plain, 1, L(SLL2, 0)),
  S(NULL, 4, 4, plain, 1, L(NULL, 0)),
  S(NULL, 6, 4, big, 1, L(NULL, 0)),
  S(LOOP, 6, 4, plain, 1, L(NULL, 0)),
  S(RAW, 4, 0, plain, 0, L(NULL, 0)),
  S(IPV4, 4, 0, plain, 0, L(NULL, 0)),
  S(IPV6, 6, 0, plain, 0, L(NULL, 0)),
  S(MPLS, 4, 4, mpls, 1, L(MPLS, 0)),
  S(ENC, 4, 12, plain, 1, L(ENC, 0)),
  S(ENC, 6, 12, big, 1, L(ENC, 0)),
  S(PFLOG, 4, 64, plain, 1, L(PFLOG, 0)),
  S(PFLOG, 6, 64, plain, 1, L(PFLOG, 0)),
  S(NFLOG, 4, 16, nflog, 1, L(NFLOG, 0)),
  S(NFLOG, 6, 16, nflog_big, 1, L(NFLOG, 0)),
  S(IPNET, 4, 24, plain, 1, L(IPNET, 0)),
  S(IPNET, 6, 24, plain, 1, L(IPNET, 0)),
  S(FDDI, 4, 21, plain, 2, L(FDDI, 0), L(LLC, 13)),
  S(TOKEN_RING, 4, 22, plain, 2, L(TOKEN_RING, 0), L(LLC, 14)),
  S(TOKEN_RING, 6, 28, route, 2, L(TOKEN_RING, 0), L(LLC, 20)),
  S(ARCNET_BSD, 4, 6, plain, 1, L(ARCNET, 0)),
  S(ARCNET_BSD, 4, 3, arcnet_old, 1, L(ARCNET, 0)),
  S(ARCNET_BSD, 6, 10, arcnet_exception, 1, L(ARCNET, 0)),
  S(ARCNET_LINUX, 4, 8, plain, 1, L(ARCNET, 0)),
  S(ARCNET_LINUX, 4, 5, arcnet_old, 1, L(ARCNET, 0)),
  S(IP_OVER_FC, 4, 24, plain, 2, L(FIBRE_CHANNEL, 0), L(LLC, 16)),
  S(IPOIB, 4, 44, plain, 1, L(IPOIB, 0)),
  S(FIREWIRE, 4, 18, plain, 1, L(FIREWIRE, 0)),
  S(ATM_RFC1483, 4, 8, plain, 1, L(LLC, 0)),
  S(ATM_RFC1483, 4, 0, form_1, 0, L(NULL, 0)),
  S(ATM_RFC1483, 6, 2, form_2, 1, L(LLC, 0)),
  S(ATM_CLIP, 4, 8, plain, 1, L(LLC, 0)),
  S(ATM_CLIP, 4, 0, form_1, 0, L(NULL, 0)),
  S(SUNATM, 4, 12, plain, 2, L(ATM, 0), L(LLC, 4)),
  S(SUNATM, 4, 20, lane, 2, L(ATM, 0), L(ETHERNET, 6)),
  S(IEEE802_11, 4, 32, plain, 2, L(IEEE802_11, 0), L(LLC, 24)),
  S(IEEE802_11, 4, 34, wifi_qos, 2, L(IEEE802_11, 0), L(LLC, 26)),
  S(IEEE802_11, 6, 44, wifi_long, 2, L(IEEE802_11, 0), L(LLC, 36)),
  S(IEEE802_11, 4, 46, wifi_mesh, 2, L(IEEE802_11, 0), L(LLC, 38)),
  S(IEEE802_11, 4, 48, amsdu, 3, L(IEEE802_11, 0), L(AMSDU, 26), L(LLC, 40)),
  S(RADIOTAP, 4, 41, plain, 3, L(RADIOTAP, 0), L(IEEE802_11, 9), L(LLC, 33)),
  S(RADIOTAP, 4, 53, radiotap_all, 3, L(RADIOTAP, 0), L(IEEE802_11, 17),
    L(LLC, 45)),
  S(RADIOTAP, 4, 57, radiotap_words, 3, L(RADIOTAP, 0), L(IEEE802_11, 25),
    L(LLC, 49)),
  S(PRISM, 4, 176, plain, 3, L(PRISM, 0), L(IEEE802_11, 144), L(LLC, 168)),
  S(PRISM, 4, 176, big, 3, L(PRISM, 0), L(IEEE802_11, 144), L(LLC, 168)),
  S(AVS, 4, 96, avs, 3, L(AVS, 0), L(IEEE802_11, 64), L(LLC, 88)),
  S(PPI, 4, 22, ethernet, 2, L(PPI, 0), L(ETHERNET, 8)),
  S(PPI, 4, 64, ppi_wifi, 3, L(PPI, 0), L(IEEE802_11, 32), L(LLC, 56)),
  S(PKTAP, 4, 122, ethernet, 2, L(PKTAP, 0), L(ETHERNET, 108)),
  S(PKTAP, 6, 108, plain, 1, L(PKTAP, 0)),
  S(PKTAP_149, 4, 122, ethernet, 2, L(PKTAP, 0), L(ETHERNET, 108)),
  S(NETANALYZER, 4, 18, plain, 2, L(CAPTURE, 0), L(ETHERNET, 4)),
  S(NETANALYZER_WHOLE, 4, 26, plain, 2, L(CAPTURE, 0), L(ETHERNET, 12)),
  S(ETHERNET_MPACKET, 4, 22, plain, 2, L(CAPTURE, 0), L(ETHERNET, 8)),
  S(ETHERNET_MPACKET, 4, 19, mpacket_start, 2, L(CAPTURE, 0), L(ETHERNET, 5)),
  S(SYMANTEC, 4, 44, plain, 1, L(CAPTURE, 0)),
  S(DOCSIS, 4, 20, plain, 2, L(DOCSIS, 0), L(ETHERNET, 6)),
  S(DOCSIS, 4, 23, docsis_long, 2, L(DOCSIS, 0), L(ETHERNET, 9)),
  S(DSA_TAG_DSA, 4, 18, plain, 2, L(ETHERNET, 0), L(SWITCH_TAG, 12)),
  S(DSA_TAG_EDSA, 4, 22, plain, 2, L(ETHERNET, 0), L(SWITCH_TAG, 12)),
  S(DSA_TAG_BRCM, 4, 18, plain, 2, L(ETHERNET, 0), L(SWITCH_TAG, 12)),
  S(DSA_TAG_BRCM_PREPEND, 4, 18, plain, 2, L(SWITCH_TAG, 0), L(ETHERNET, 4)),
  S(ERF, 4, 32, plain, 2, L(ERF, 0), L(ETHERNET, 18)),
  S(ERF, 4, 20, erf_ppp, 2, L(ERF, 0), L(PPP, 16)),
  S(ERF, 4, 40, erf_chdlc, 2, L(ERF, 0), L(CHDLC, 36)),
  S(ERF, 4, 28, erf_atm, 2, L(ERF, 0), L(LLC, 20)),
  S(ERF, 4, 16, erf_ipv4, 1, L(ERF, 0)),
  S(ERF, 6, 16, erf_ipv6, 1, L(ERF, 0)),
  S(JUNIPER_ETHER, 4, 18, plain, 2, L(CAPTURE, 0), L(ETHERNET, 4)),
  S(JUNIPER_ETHER, 4, 24, juniper_long, 2, L(CAPTURE, 0), L(ETHERNET, 10)),
  S(JUNIPER_ETHER, 6, 8, juniper_bare, 1, L(CAPTURE, 0)),
  S(JUNIPER_PPPOE, 4, 18, plain, 2, L(CAPTURE, 0), L(ETHERNET, 4)),
  S(JUNIPER_PPP, 4, 6, plain, 2, L(CAPTURE, 0), L(PPP, 4)),
  S(JUNIPER_FRELAY, 4, 8, plain, 2, L(CAPTURE, 0), L(FRAME_RELAY, 4)),
  S(JUNIPER_CHDLC, 4, 8, plain, 2, L(CAPTURE, 0), L(CHDLC, 4)),
  S(JUNIPER_PPPOE_ATM, 4, 6, plain, 1, L(CAPTURE, 0)),
  S(JUNIPER_ES, 4, 20, plain, 1, L(CAPTURE, 0)),
  S(JUNIPER_MLPPP, 4, 8, cookie_2, 2, L(CAPTURE, 0), L(PPP, 6)),
  S(JUNIPER_MLPPP, 6, 12, cookie_as, 1, L(CAPTURE, 0)),
  S(JUNIPER_MLFR, 4, 8, cookie_2, 1, L(CAPTURE, 0)),
  S(JUNIPER_MFR, 4, 10, cookie_4, 1, L(CAPTURE, 0)),
  S(JUNIPER_GGSN, 4, 12, cookie_8, 1, L(CAPTURE, 0)),
  S(JUNIPER_SERVICES, 4, 12, cookie_8, 1, L(CAPTURE, 0)),
  S(JUNIPER_MONITOR, 4, 12, cookie_8, 1, L(CAPTURE, 0)),
  S(JUNIPER_ATM1, 4, 8, cookie_4, 1, L(CAPTURE, 0)),
  S(JUNIPER_ATM1, 4, 16, cookie_llc, 2, L(CAPTURE, 0), L(LLC, 8)),
  S(JUNIPER_ATM2, 4, 12, cookie_8, 1, L(CAPTURE, 0)),
  S(JUNIPER_ATM2, 4, 26, cookie_atm2, 2, L(CAPTURE, 0), L(ETHERNET, 12)),
};

#undef L
#undef S

#define STACK_COUNT (sizeof(stacks) / sizeof(stacks[0]))

/* Builds a row. */
static inline void stack_make(made_frame *made, const stack *row) {
  const tcpflow_tuple tuple = frames_tuple(row->version);
  tcpflow_build_link fields;
  tcpflow_builder builder;

  tcpflow_build_link_init(&fields);
  frames_begin(made, &builder, row->version);
  tcpflow_builder_ip(&builder, &tuple, NULL);
  row->put(&builder, &fields);
  tcpflow_builder_link(&builder, row->link, &fields);
  if (tcpflow_builder_finish(&builder, &made->frame) != TCPFLOW_OK) {
    frames_must(0, row->name);
  }
}

#endif /* TCPFLOW_TESTS_STACKS_H */
