/*
 * lib/text/walkprint.c - from one header to the next, as tcpdump goes.
 *
 * Room: text.  Includes: decode.
 */
#include "text/chainline.h"
#include "text/cookedline.h"
#include "text/lanline.h"
#include "text/pppline.h"
#include "text/shows.h"
#include "text/wlanline.h"

enum {
  STEPS_MAX = 128, /* A packet lists at most TCPFLOW_LAYERS_MAX headers. */
  DLT_ATM = 11,    /* As libpcap numbers it. */
  PROTOCOL_IPV4 = 4,
  PROTOCOL_TCP = 6,
  PROTOCOL_UDP = 17,
  PROTOCOL_IPV6 = 41,
  PROTOCOL_GRE = 47,
  PROTOCOL_AH = 51,
  PROTOCOL_ETHERNET = 143
};

typedef struct show_row {
  uint32_t next;
  tcpflow__show *show;
} show_row;

#define ETHER(type) (TCPFLOW__SHOW_ETHER + (type))
#define IP(number)  (TCPFLOW__SHOW_IP + PROTOCOL_##number)
#define PPP(number) (TCPFLOW__SHOW_PPP + (number))
#define LINK(name)  (TCPFLOW__SHOW_LINK + TCPFLOW_LINK_##name)

static const show_row rows[] = {
  {ETHER(0x0800), tcpflow__show_ipv4},
  {ETHER(0x86dd), tcpflow__show_ipv6},
  {ETHER(0x8847), tcpflow__show_mpls},
  {ETHER(0x8848), tcpflow__show_mpls},
  {ETHER(0x8864), tcpflow__show_pppoe},
  {ETHER(0x3c13), tcpflow__show_pppoe},
  {ETHER(0x880b), tcpflow__show_ether_ppp},
  {ETHER(0x894f), tcpflow__show_nsh},
  {IP(TCP), tcpflow__show_tcp},
  {IP(UDP), tcpflow__show_udp},
  {IP(IPV4), tcpflow__show_ipv4},
  {IP(IPV6), tcpflow__show_ipv6},
  {IP(GRE), tcpflow__show_gre},
  {IP(AH), tcpflow__show_ah},
  {PPP(0x0021), tcpflow__show_ipv4},
  {PPP(0x0057), tcpflow__show_ipv6},
  {PPP(0x002f), tcpflow__show_ipv4},
  {PPP(0x0800), tcpflow__show_ipv4},
  {PPP(0x86dd), tcpflow__show_ipv6},
  {PPP(0x0281), tcpflow__show_mpls},
  {PPP(0x0283), tcpflow__show_mpls},
  {LINK(ETHERNET), tcpflow__show_ethernet},
  {LINK(NULL), tcpflow__show_null},
  {LINK(LOOP), tcpflow__show_null},
  {LINK(RAW), tcpflow__show_raw},
  {LINK(RAW_12), tcpflow__show_raw},
  {LINK(RAW_14), tcpflow__show_raw},
  {LINK(IPV4), tcpflow__show_raw},
  {LINK(IPV6), tcpflow__show_raw},
  {LINK(LINUX_SLL), tcpflow__show_sll},
  {LINK(LINUX_SLL2), tcpflow__show_sll2},
  {LINK(ENC), tcpflow__show_enc},
  {LINK(IPNET), tcpflow__show_ipnet},
  {LINK(NFLOG), tcpflow__show_nflog},
  {LINK(PFLOG), tcpflow__show_pflog},
  {LINK(PPP), tcpflow__show_ppp_link},
  {LINK(PPP_HDLC), tcpflow__show_ppp_hdlc},
  {LINK(PPP_ETHER), tcpflow__show_pppoe},
  {LINK(C_HDLC), tcpflow__show_chdlc},
  {LINK(FRELAY), tcpflow__show_frame_relay},
  {LINK(FDDI), tcpflow__show_fddi},
  {LINK(TOKEN_RING), tcpflow__show_token_ring},
  {LINK(ARCNET_BSD), tcpflow__show_arcnet},
  {LINK(ARCNET_LINUX), tcpflow__show_arcnet_linux},
  {LINK(IP_OVER_FC), tcpflow__show_fibre_channel},
  {LINK(IPOIB), tcpflow__show_ipoib},
  {LINK(ATM_RFC1483), tcpflow__show_atm},
  {TCPFLOW__SHOW_LINK + DLT_ATM, tcpflow__show_atm},
  {LINK(SUNATM), tcpflow__show_sunatm},
  {LINK(PPP_DIRECTION), tcpflow__show_ppp_link},
  {LINK(SLIP), tcpflow__show_slip},
  {LINK(IEEE802_11), tcpflow__show_wlan},
  {LINK(RADIOTAP), tcpflow__show_radiotap},
  {LINK(PRISM), tcpflow__show_prism},
  {LINK(AVS), tcpflow__show_avs},
  {LINK(PPI), tcpflow__show_ppi},
  {LINK(PKTAP), tcpflow__show_pktap},
  {LINK(NETANALYZER), tcpflow__show_netanalyzer},
  {LINK(DSA_TAG_BRCM), tcpflow__show_broadcom},
  {LINK(DSA_TAG_BRCM_PREPEND), tcpflow__show_broadcom_first},
  {LINK(DSA_TAG_DSA), tcpflow__show_dsa},
  {LINK(DSA_TAG_EDSA), tcpflow__show_edsa},
};

static tcpflow__show *show_of(uint32_t next) {
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    if (rows[i].next == next) {
      return rows[i].show;
    }
  }
  return NULL;
}

/* IPv6's own headers, which no other way leads to. */
static int show_in_ipv6(tcpflow__view *view, uint32_t *next) {
  if (*next < TCPFLOW__SHOW_IP || *next >= TCPFLOW__SHOW_PPP) {
    return 0;
  }
  const unsigned protocol = *next - TCPFLOW__SHOW_IP;

  if (view->version == 6 && protocol == PROTOCOL_ETHERNET) {
    *next = TCPFLOW__SHOW_LINK + TCPFLOW_LINK_ETHERNET;
    return 1;
  }
  return tcpflow__show_extension(view, protocol, next);
}

static uint32_t take_step(tcpflow__view *view, uint32_t next) {
  if (show_in_ipv6(view, &next)) {
    return next;
  }
  tcpflow__show *const show = show_of(next);

  return show != NULL ? show(view) : tcpflow__show_further(view, next);
}

void tcpflow__view_walk(tcpflow__view *view) {
  uint32_t next = TCPFLOW__SHOW_LINK + view->packet->link;

  for (unsigned i = 0; i < STEPS_MAX && next != TCPFLOW__SHOW_STOP; i++) {
    next = take_step(view, next);
  }
}
