/*
 * lib/decode/link.c - link types: what a capture file says its frames are.
 *
 * Room: decode.  Includes: nothing of ours.  A link type is a row in the table
 * and a step of its own.  Types are told by
 * https://www.tcpdump.org/linktypes.html; the numbers below 100 that libpcap
 * uses in their place while it runs (DLT_) are here too.
 */
#include "decode/links.h"

typedef struct link_row {
  uint32_t type;
  tcpflow__step *step;
} link_row;

/* The version is told by the first four bits, and nothing announced it. */
static uint32_t step_raw(tcpflow__walk *walk) {
  const uint8_t *const bytes = tcpflow__walk_peek(walk, 1);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  switch (bytes[0] >> 4) {
  case 4:
    return TCPFLOW__NEXT_ETHER + TCPFLOW__ETHER_IPV4;
  case 6:
    return TCPFLOW__NEXT_ETHER + TCPFLOW__ETHER_IPV6;
  default:
    return tcpflow__walk_stop(walk, TCPFLOW_PACKET_MALFORMED,
                              TCPFLOW_FINDING_IP_BAD_VERSION);
  }
}

static uint32_t step_raw_ipv4(tcpflow__walk *walk) {
  (void)walk;
  return TCPFLOW__NEXT_ETHER + TCPFLOW__ETHER_IPV4;
}

static uint32_t step_raw_ipv6(tcpflow__walk *walk) {
  (void)walk;
  return TCPFLOW__NEXT_ETHER + TCPFLOW__ETHER_IPV6;
}

static const link_row links[] = {
  {TCPFLOW_LINK_ETHERNET, tcpflow__step_ethernet},
  {TCPFLOW_LINK_RAW, step_raw},
  {TCPFLOW_LINK_LINUX_SLL, tcpflow__step_sll},
  {TCPFLOW_LINK_LINUX_SLL2, tcpflow__step_sll2},
  {TCPFLOW_LINK_NULL, tcpflow__step_null},
  {TCPFLOW_LINK_LOOP, tcpflow__step_null},
  {TCPFLOW_LINK_RAW_12, step_raw},
  {TCPFLOW_LINK_RAW_14, step_raw},
  {TCPFLOW_LINK_IPV4, step_raw_ipv4},
  {TCPFLOW_LINK_IPV6, step_raw_ipv6},
  {TCPFLOW_LINK_IEEE802_11, tcpflow__step_wifi},
  {TCPFLOW_LINK_RADIOTAP, tcpflow__step_radiotap},
  {TCPFLOW_LINK_PRISM, tcpflow__step_prism},
  {TCPFLOW_LINK_AVS, tcpflow__step_avs},
  {TCPFLOW_LINK_PPI, tcpflow__step_ppi},
  {TCPFLOW_LINK_PKTAP, tcpflow__step_pktap},
  {TCPFLOW_LINK_PKTAP_149, tcpflow__step_pktap_or_other},
  {TCPFLOW_LINK_PPP, tcpflow__step_ppp_hdlc},
  {TCPFLOW_LINK_PPP_HDLC, tcpflow__step_ppp_hdlc},
  {TCPFLOW_LINK_PPP_ETHER, tcpflow__step_pppoe},
  {TCPFLOW_LINK_PPP_DIRECTION, tcpflow__step_ppp_hdlc},
  {TCPFLOW_LINK_PPP_WITH_DIR, tcpflow__step_ppp_directed},
  {TCPFLOW_LINK_C_HDLC, tcpflow__step_chdlc},
  {TCPFLOW_LINK_C_HDLC_WITH_DIR, tcpflow__step_chdlc_directed},
  {TCPFLOW_LINK_FRELAY, tcpflow__step_frelay},
  {TCPFLOW_LINK_FRELAY_WITH_DIR, tcpflow__step_frelay_directed},
  {TCPFLOW_LINK_MFR, tcpflow__step_mfr},
  {TCPFLOW_LINK_SLIP, tcpflow__step_slip},
  {TCPFLOW_LINK_ENC, tcpflow__step_enc},
  {TCPFLOW_LINK_PFLOG, tcpflow__step_pflog},
  {TCPFLOW_LINK_NFLOG, tcpflow__step_nflog},
  {TCPFLOW_LINK_IPNET, tcpflow__step_ipnet},
  {TCPFLOW_LINK_MPLS, tcpflow__step_mpls},
  {TCPFLOW_LINK_TOKEN_RING, tcpflow__step_token_ring},
  {TCPFLOW_LINK_FDDI, tcpflow__step_fddi},
  {TCPFLOW_LINK_ARCNET_BSD, tcpflow__step_arcnet},
  {TCPFLOW_LINK_ARCNET_LINUX, tcpflow__step_arcnet_linux},
  {TCPFLOW_LINK_IP_OVER_FC, tcpflow__step_fibre_channel},
  {TCPFLOW_LINK_IPOIB, tcpflow__step_ipoib},
  {TCPFLOW_LINK_FIREWIRE, tcpflow__step_firewire},
  {TCPFLOW_LINK_ATM_11, tcpflow__step_atm},
  {TCPFLOW_LINK_ATM_RFC1483, tcpflow__step_atm},
  {TCPFLOW_LINK_ATM_CLIP, tcpflow__step_atm_clip},
  {TCPFLOW_LINK_ATM_CLIP_19, tcpflow__step_atm_clip},
  {TCPFLOW_LINK_SUNATM, tcpflow__step_sunatm},
  {TCPFLOW_LINK_ERF, tcpflow__step_erf},
  {TCPFLOW_LINK_NETANALYZER, tcpflow__step_netanalyzer},
  {TCPFLOW_LINK_NETANALYZER_WHOLE, tcpflow__step_netanalyzer_whole},
  {TCPFLOW_LINK_ETHERNET_MPACKET, tcpflow__step_mpacket},
  {TCPFLOW_LINK_SYMANTEC, tcpflow__step_symantec},
  {TCPFLOW_LINK_DOCSIS, tcpflow__step_docsis},
  {TCPFLOW_LINK_DSA_TAG_BRCM, tcpflow__step_broadcom},
  {TCPFLOW_LINK_DSA_TAG_BRCM_PREPEND, tcpflow__step_broadcom_first},
  {TCPFLOW_LINK_DSA_TAG_DSA, tcpflow__step_dsa},
  {TCPFLOW_LINK_DSA_TAG_EDSA, tcpflow__step_edsa},
  {TCPFLOW_LINK_JUNIPER_MLPPP, tcpflow__step_juniper_mlppp},
  {TCPFLOW_LINK_JUNIPER_MLFR, tcpflow__step_juniper_mlfr},
  {TCPFLOW_LINK_JUNIPER_ES, tcpflow__step_juniper_es},
  {TCPFLOW_LINK_JUNIPER_GGSN, tcpflow__step_juniper_ggsn},
  {TCPFLOW_LINK_JUNIPER_MFR, tcpflow__step_juniper_mfr},
  {TCPFLOW_LINK_JUNIPER_ATM2, tcpflow__step_juniper_atm2},
  {TCPFLOW_LINK_JUNIPER_SERVICES, tcpflow__step_juniper_ip},
  {TCPFLOW_LINK_JUNIPER_ATM1, tcpflow__step_juniper_atm1},
  {TCPFLOW_LINK_JUNIPER_MONITOR, tcpflow__step_juniper_ip},
  {TCPFLOW_LINK_JUNIPER_PPPOE, tcpflow__step_juniper_pppoe},
  {TCPFLOW_LINK_JUNIPER_PPPOE_ATM, tcpflow__step_juniper_pppoe_atm},
  {TCPFLOW_LINK_JUNIPER_ETHER, tcpflow__step_juniper_ether},
  {TCPFLOW_LINK_JUNIPER_PPP, tcpflow__step_juniper_ppp},
  {TCPFLOW_LINK_JUNIPER_FRELAY, tcpflow__step_juniper_frelay},
  {TCPFLOW_LINK_JUNIPER_CHDLC, tcpflow__step_juniper_chdlc},
};

tcpflow__step *tcpflow__link_step(uint32_t type) {
  for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
    if (links[i].type == type) {
      return links[i].step;
    }
  }
  return NULL;
}

uint32_t tcpflow__next_link(tcpflow__walk *walk, uint32_t link) {
  return tcpflow__link_step(link) == NULL
           ? tcpflow__walk_stop(walk, TCPFLOW_PACKET_UNSUPPORTED, 0)
           : TCPFLOW__NEXT_LINK + link;
}
