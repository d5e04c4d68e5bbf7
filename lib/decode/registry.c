/*
 * lib/decode/registry.c - which header is announced by which number.
 *
 * Room: decode.  Includes: nothing of ours.  One row, one number; a new header
 * is a row here and a step in a file of its own.  IPv4, IPv6 and TCP are not
 * here: decode.c calls them itself.
 */
#include "decode/steps.h"
#include "decode/tunnel.h"

#define ROW(base, name, step)                                                  \
  case TCPFLOW__NEXT_##base + TCPFLOW__##name:                                 \
    return tcpflow__step_##step;

/* IEEE 802 numbers. */
static tcpflow__step *step_of_ether_type(uint32_t next) {
  switch (next) {
    ROW(ETHER, ETHER_VLAN, vlan)
    ROW(ETHER, ETHER_QINQ, vlan)
    ROW(ETHER, ETHER_QINQ_OLD, vlan)
    ROW(ETHER, ETHER_NSH, nsh)
    ROW(ETHER, ETHER_QINQ_9200, vlan)
    ROW(ETHER, ETHER_QINQ_9300, vlan)
    ROW(ETHER, ETHER_MPLS, mpls)
    ROW(ETHER, ETHER_MPLS_MULTICAST, mpls)
    ROW(ETHER, ETHER_PPPOE, pppoe)
    ROW(ETHER, ETHER_PPPOE_OLD, pppoe)
    ROW(ETHER, ETHER_PPP, ppp)
    ROW(ETHER, ETHER_LLC, llc)
    ROW(ETHER, ETHER_BRIDGED, ethernet)
    ROW(ETHER, ETHER_CENTRINO, wifi)
    ROW(ETHER, ETHER_MACSEC, macsec)
    ROW(ETHER, ETHER_PBB, pbb)
    ROW(ETHER, ETHER_FABRICPATH, fabricpath)
    ROW(ETHER, ETHER_METADATA, metadata)
    ROW(ETHER, ETHER_VNTAG, vntag)
    ROW(ETHER, ETHER_ETAG, etag)
    ROW(ETHER, ETHER_HSR, hsr)
    ROW(ETHER, ETHER_RTAG, rtag)
    ROW(ETHER, ETHER_TRILL, trill)
    ROW(ETHER, ETHER_ARISTA, arista)
  default:
    return NULL;
  }
}

/* IANA's protocol numbers that are valid in both versions of IP. */
static tcpflow__step *step_of_payload(uint32_t next) {
  switch (next) {
    ROW(IPV4, PROTOCOL_AH, ah)
    ROW(IPV4, PROTOCOL_IPV4, ipv4_in_ip)
    ROW(IPV4, PROTOCOL_IPV6, ipv6_in_ip)
    ROW(IPV4, PROTOCOL_UDP, udp)
    ROW(IPV4, PROTOCOL_GRE, gre)
    ROW(IPV4, PROTOCOL_ESP, esp)
    ROW(IPV4, PROTOCOL_ETHERIP, etherip)
    ROW(IPV4, PROTOCOL_IPCOMP, ipcomp)
    ROW(IPV4, PROTOCOL_L2TP, l2tp_in_ip)
    ROW(IPV4, PROTOCOL_MPLS, mpls_in_ip)
    ROW(IPV4, PROTOCOL_ETHERNET, ethernet_in_ip)
    ROW(IPV4, PROTOCOL_ICMP, icmp)
  default:
    return NULL;
  }
}

/* Those of IPv6: RFC 8200 section 4; RFC 6275, 7401 and 5533 for mobility, HIP
   and shim6; RFC 4443. */
static tcpflow__step *step_of_ipv6(uint32_t next) {
  switch (next) {
    ROW(IPV6, PROTOCOL_HOP_BY_HOP, hop_by_hop)
    ROW(IPV6, PROTOCOL_DESTINATION, destination)
    ROW(IPV6, PROTOCOL_ROUTING, extension)
    ROW(IPV6, PROTOCOL_FRAGMENT, fragment)
    ROW(IPV6, PROTOCOL_MOBILITY, extension)
    ROW(IPV6, PROTOCOL_HIP, extension)
    ROW(IPV6, PROTOCOL_SHIM6, extension)
    ROW(IPV6, PROTOCOL_ICMPV6, icmpv6)
  case TCPFLOW__NEXT_IPV6 + TCPFLOW__PROTOCOL_ICMP:
    return NULL;
  default:
    return step_of_payload(next - TCPFLOW__NEXT_IPV6 + TCPFLOW__NEXT_IPV4);
  }
}

/* What travels in UDP, by the tunnel that the port stands for. */
static tcpflow__step *step_of_udp(uint32_t next) {
  switch (next - TCPFLOW__NEXT_UDP) {
  case TCPFLOW_TUNNEL_VXLAN:
    return tcpflow__step_vxlan;
  case TCPFLOW_TUNNEL_VXLAN_GPE:
    return tcpflow__step_vxlan_gpe;
  case TCPFLOW_TUNNEL_GENEVE:
    return tcpflow__step_geneve;
  case TCPFLOW_TUNNEL_GTPU:
    return tcpflow__step_gtpu;
  case TCPFLOW_TUNNEL_TEREDO:
    return tcpflow__step_teredo;
  case TCPFLOW_TUNNEL_AYIYA:
    return tcpflow__step_ayiya;
  case TCPFLOW_TUNNEL_L2TP:
    return tcpflow__step_l2tp_in_udp;
  case TCPFLOW_TUNNEL_MPLS_IN_UDP:
    return tcpflow__step_mpls_in_udp;
  case TCPFLOW_TUNNEL_CAPWAP:
    return tcpflow__step_capwap;
  case TCPFLOW_TUNNEL_TZSP:
    return tcpflow__step_tzsp;
  case TCPFLOW_TUNNEL_GRE_IN_UDP:
    return tcpflow__step_gre_in_udp;
  default:
    return NULL;
  }
}

/* Headers that no registry has a number for. */
static tcpflow__step *step_of_layer(uint32_t next) {
  switch (next - TCPFLOW__NEXT_OTHER) {
  case TCPFLOW_LAYER_ERSPAN:
    return tcpflow__step_erspan;
  case TCPFLOW_LAYER_TEREDO:
    return tcpflow__step_teredo_indication;
  case TCPFLOW_LAYER_NSH:
    return tcpflow__step_nsh;
  case TCPFLOW_LAYER_CAPWAP:
    return tcpflow__step_wifi_swapped;
  case TCPFLOW_LAYER_LLC:
    return tcpflow__step_llc;
  case TCPFLOW_LAYER_PSEUDOWIRE:
    return tcpflow__step_pseudowire;
  case TCPFLOW_LAYER_AMSDU:
    return tcpflow__step_amsdu;
  case TCPFLOW_LAYER_IEEE802_11:
    return tcpflow__step_wifi_padded;
  default:
    return NULL;
  }
}

/* ICMP is no way to TCP itself, and what IPComp carries cannot be read. */
int tcpflow__leads_to_tcp(const tcpflow_decode_config *config, uint32_t next) {
  const uint8_t protocol = (uint8_t)(next & 0xffU);
  const tcpflow_tunnel tunnel = tcpflow__tunnel_of_protocol(protocol);

  if (protocol == TCPFLOW__PROTOCOL_TCP) {
    return 1;
  }
  if (protocol == TCPFLOW__PROTOCOL_ICMP ||
      protocol == TCPFLOW__PROTOCOL_ICMPV6 ||
      protocol == TCPFLOW__PROTOCOL_IPCOMP) {
    return 0;
  }
  return (tunnel == TCPFLOW_TUNNEL_NONE || (config->tunnels >> tunnel & 1U)) &&
         tcpflow__step_of(next) != NULL;
}

tcpflow__step *tcpflow__step_of(uint32_t next) {
  switch (next & UINT32_C(0xf0000)) {
  case TCPFLOW__NEXT_ETHER:
    return step_of_ether_type(next);
  case TCPFLOW__NEXT_IPV4:
    return step_of_payload(next);
  case TCPFLOW__NEXT_IPV6:
    return step_of_ipv6(next);
  case TCPFLOW__NEXT_UDP:
    return step_of_udp(next);
  case TCPFLOW__NEXT_OTHER:
    return step_of_layer(next);
  case TCPFLOW__NEXT_LINK:
    return tcpflow__link_step(next - TCPFLOW__NEXT_LINK);
  default:
    return NULL;
  }
}
