/*
 * lib/text/wirenames.c - the names of links, headers, tunnels and fragments.
 *
 * Room: text.  Includes: frag and below, for their constants.  As in names.c, a
 * name is the constant's own, in lower case with hyphens.
 */
#include <tcpflow/text.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *name_at(const char *const *names, size_t count,
                           uint32_t index) {
  return index < count && names[index] != NULL ? names[index] : "?";
}

static const char *const links[] = {
  [TCPFLOW_LINK_NULL] = "null",
  [TCPFLOW_LINK_ETHERNET] = "ethernet",
  [TCPFLOW_LINK_TOKEN_RING] = "token-ring",
  [TCPFLOW_LINK_ARCNET_BSD] = "arcnet-bsd",
  [TCPFLOW_LINK_SLIP] = "slip",
  [TCPFLOW_LINK_PPP] = "ppp",
  [TCPFLOW_LINK_FDDI] = "fddi",
  [TCPFLOW_LINK_ATM_11] = "atm-11",
  [TCPFLOW_LINK_RAW_12] = "raw-12",
  [TCPFLOW_LINK_RAW_14] = "raw-14",
  [TCPFLOW_LINK_ATM_CLIP_19] = "atm-clip-19",
  [TCPFLOW_LINK_PPP_HDLC] = "ppp-hdlc",
  [TCPFLOW_LINK_PPP_ETHER] = "ppp-ether",
  [TCPFLOW_LINK_SYMANTEC] = "symantec",
  [TCPFLOW_LINK_ATM_RFC1483] = "atm-rfc1483",
  [TCPFLOW_LINK_RAW] = "raw",
  [TCPFLOW_LINK_C_HDLC] = "c-hdlc",
  [TCPFLOW_LINK_IEEE802_11] = "ieee802-11",
  [TCPFLOW_LINK_ATM_CLIP] = "atm-clip",
  [TCPFLOW_LINK_FRELAY] = "frelay",
  [TCPFLOW_LINK_LOOP] = "loop",
  [TCPFLOW_LINK_ENC] = "enc",
  [TCPFLOW_LINK_LINUX_SLL] = "linux-sll",
  [TCPFLOW_LINK_PFLOG] = "pflog",
  [TCPFLOW_LINK_PRISM] = "prism",
  [TCPFLOW_LINK_IP_OVER_FC] = "ip-over-fc",
  [TCPFLOW_LINK_SUNATM] = "sunatm",
  [TCPFLOW_LINK_RADIOTAP] = "radiotap",
  [TCPFLOW_LINK_ARCNET_LINUX] = "arcnet-linux",
  [TCPFLOW_LINK_JUNIPER_MLPPP] = "juniper-mlppp",
  [TCPFLOW_LINK_JUNIPER_MLFR] = "juniper-mlfr",
  [TCPFLOW_LINK_JUNIPER_ES] = "juniper-es",
  [TCPFLOW_LINK_JUNIPER_GGSN] = "juniper-ggsn",
  [TCPFLOW_LINK_JUNIPER_MFR] = "juniper-mfr",
  [TCPFLOW_LINK_JUNIPER_ATM2] = "juniper-atm2",
  [TCPFLOW_LINK_JUNIPER_SERVICES] = "juniper-services",
  [TCPFLOW_LINK_JUNIPER_ATM1] = "juniper-atm1",
  [TCPFLOW_LINK_FIREWIRE] = "firewire",
  [TCPFLOW_LINK_DOCSIS] = "docsis",
  [TCPFLOW_LINK_PKTAP_149] = "pktap-149",
  [TCPFLOW_LINK_AVS] = "avs",
  [TCPFLOW_LINK_JUNIPER_MONITOR] = "juniper-monitor",
  [TCPFLOW_LINK_PPP_DIRECTION] = "ppp-direction",
  [TCPFLOW_LINK_JUNIPER_PPPOE] = "juniper-pppoe",
  [TCPFLOW_LINK_JUNIPER_PPPOE_ATM] = "juniper-pppoe-atm",
  [TCPFLOW_LINK_JUNIPER_ETHER] = "juniper-ether",
  [TCPFLOW_LINK_JUNIPER_PPP] = "juniper-ppp",
  [TCPFLOW_LINK_JUNIPER_FRELAY] = "juniper-frelay",
  [TCPFLOW_LINK_JUNIPER_CHDLC] = "juniper-chdlc",
  [TCPFLOW_LINK_MFR] = "mfr",
  [TCPFLOW_LINK_PPI] = "ppi",
  [TCPFLOW_LINK_ERF] = "erf",
  [TCPFLOW_LINK_PPP_WITH_DIR] = "ppp-with-dir",
  [TCPFLOW_LINK_C_HDLC_WITH_DIR] = "c-hdlc-with-dir",
  [TCPFLOW_LINK_FRELAY_WITH_DIR] = "frelay-with-dir",
  [TCPFLOW_LINK_MPLS] = "mpls",
  [TCPFLOW_LINK_IPNET] = "ipnet",
  [TCPFLOW_LINK_IPV4] = "ipv4",
  [TCPFLOW_LINK_IPV6] = "ipv6",
  [TCPFLOW_LINK_NFLOG] = "nflog",
  [TCPFLOW_LINK_NETANALYZER] = "netanalyzer",
  [TCPFLOW_LINK_NETANALYZER_WHOLE] = "netanalyzer-whole",
  [TCPFLOW_LINK_IPOIB] = "ipoib",
  [TCPFLOW_LINK_PKTAP] = "pktap",
  [TCPFLOW_LINK_ETHERNET_MPACKET] = "ethernet-mpacket",
  [TCPFLOW_LINK_LINUX_SLL2] = "linux-sll2",
  [TCPFLOW_LINK_DSA_TAG_BRCM] = "dsa-tag-brcm",
  [TCPFLOW_LINK_DSA_TAG_BRCM_PREPEND] = "dsa-tag-brcm-prepend",
  [TCPFLOW_LINK_DSA_TAG_DSA] = "dsa-tag-dsa",
  [TCPFLOW_LINK_DSA_TAG_EDSA] = "dsa-tag-edsa",
};

static const char *const layers[] = {
  [TCPFLOW_LAYER_NULL] = "null",
  [TCPFLOW_LAYER_ETHERNET] = "ethernet",
  [TCPFLOW_LAYER_VLAN] = "vlan",
  [TCPFLOW_LAYER_SLL] = "sll",
  [TCPFLOW_LAYER_SLL2] = "sll2",
  [TCPFLOW_LAYER_IPV4] = "ipv4",
  [TCPFLOW_LAYER_IPV6] = "ipv6",
  [TCPFLOW_LAYER_IPV6_EXTENSION] = "ipv6-extension",
  [TCPFLOW_LAYER_TCP] = "tcp",
  [TCPFLOW_LAYER_AH] = "ah",
  [TCPFLOW_LAYER_LLC] = "llc",
  [TCPFLOW_LAYER_MPLS] = "mpls",
  [TCPFLOW_LAYER_PPPOE] = "pppoe",
  [TCPFLOW_LAYER_PPP] = "ppp",
  [TCPFLOW_LAYER_CHDLC] = "chdlc",
  [TCPFLOW_LAYER_FRAME_RELAY] = "frame-relay",
  [TCPFLOW_LAYER_PBB] = "pbb",
  [TCPFLOW_LAYER_VNTAG] = "vntag",
  [TCPFLOW_LAYER_ETAG] = "etag",
  [TCPFLOW_LAYER_FABRICPATH] = "fabricpath",
  [TCPFLOW_LAYER_CISCO_METADATA] = "cisco-metadata",
  [TCPFLOW_LAYER_MACSEC] = "macsec",
  [TCPFLOW_LAYER_PSEUDOWIRE] = "pseudowire",
  [TCPFLOW_LAYER_IEEE802_11] = "ieee802-11",
  [TCPFLOW_LAYER_AMSDU] = "amsdu",
  [TCPFLOW_LAYER_RADIOTAP] = "radiotap",
  [TCPFLOW_LAYER_PRISM] = "prism",
  [TCPFLOW_LAYER_AVS] = "avs",
  [TCPFLOW_LAYER_PPI] = "ppi",
  [TCPFLOW_LAYER_PKTAP] = "pktap",
  [TCPFLOW_LAYER_PFLOG] = "pflog",
  [TCPFLOW_LAYER_NFLOG] = "nflog",
  [TCPFLOW_LAYER_ENC] = "enc",
  [TCPFLOW_LAYER_IPNET] = "ipnet",
  [TCPFLOW_LAYER_SLIP] = "slip",
  [TCPFLOW_LAYER_FDDI] = "fddi",
  [TCPFLOW_LAYER_TOKEN_RING] = "token-ring",
  [TCPFLOW_LAYER_ARCNET] = "arcnet",
  [TCPFLOW_LAYER_FIBRE_CHANNEL] = "fibre-channel",
  [TCPFLOW_LAYER_IPOIB] = "ipoib",
  [TCPFLOW_LAYER_SWITCH_TAG] = "switch-tag",
  [TCPFLOW_LAYER_ERF] = "erf",
  [TCPFLOW_LAYER_CAPTURE] = "capture",
  [TCPFLOW_LAYER_ATM] = "atm",
  [TCPFLOW_LAYER_HSR] = "hsr",
  [TCPFLOW_LAYER_RTAG] = "rtag",
  [TCPFLOW_LAYER_TRILL] = "trill",
  [TCPFLOW_LAYER_FIREWIRE] = "firewire",
  [TCPFLOW_LAYER_DOCSIS] = "docsis",
  [TCPFLOW_LAYER_UDP] = "udp",
  [TCPFLOW_LAYER_GRE] = "gre",
  [TCPFLOW_LAYER_ERSPAN] = "erspan",
  [TCPFLOW_LAYER_VXLAN] = "vxlan",
  [TCPFLOW_LAYER_GENEVE] = "geneve",
  [TCPFLOW_LAYER_GTPU] = "gtpu",
  [TCPFLOW_LAYER_TEREDO] = "teredo",
  [TCPFLOW_LAYER_AYIYA] = "ayiya",
  [TCPFLOW_LAYER_NSH] = "nsh",
  [TCPFLOW_LAYER_L2TP] = "l2tp",
  [TCPFLOW_LAYER_ETHERIP] = "etherip",
  [TCPFLOW_LAYER_ESP] = "esp",
  [TCPFLOW_LAYER_CAPWAP] = "capwap",
  [TCPFLOW_LAYER_TZSP] = "tzsp",
  [TCPFLOW_LAYER_ICMP] = "icmp",
  [TCPFLOW_LAYER_ICMPV6] = "icmpv6",
};

static const char *const tunnels[] = {
  [TCPFLOW_TUNNEL_NONE] = "none",
  [TCPFLOW_TUNNEL_IP_IN_IP] = "ip-in-ip",
  [TCPFLOW_TUNNEL_GRE] = "gre",
  [TCPFLOW_TUNNEL_VXLAN] = "vxlan",
  [TCPFLOW_TUNNEL_VXLAN_GPE] = "vxlan-gpe",
  [TCPFLOW_TUNNEL_GENEVE] = "geneve",
  [TCPFLOW_TUNNEL_GTPU] = "gtpu",
  [TCPFLOW_TUNNEL_TEREDO] = "teredo",
  [TCPFLOW_TUNNEL_AYIYA] = "ayiya",
  [TCPFLOW_TUNNEL_NSH] = "nsh",
  [TCPFLOW_TUNNEL_L2TP] = "l2tp",
  [TCPFLOW_TUNNEL_MPLS_IN_UDP] = "mpls-in-udp",
  [TCPFLOW_TUNNEL_ETHERIP] = "etherip",
  [TCPFLOW_TUNNEL_ESP_NULL] = "esp-null",
  [TCPFLOW_TUNNEL_CAPWAP] = "capwap",
  [TCPFLOW_TUNNEL_TZSP] = "tzsp",
  [TCPFLOW_TUNNEL_GRE_IN_UDP] = "gre-in-udp",
  [TCPFLOW_TUNNEL_MPLS_IN_IP] = "mpls-in-ip",
};

static const char *const outcomes[] = {
  [TCPFLOW_FRAG_NOT_A_FRAGMENT] = "not-a-fragment",
  [TCPFLOW_FRAG_HELD] = "held",
  [TCPFLOW_FRAG_COMPLETE] = "complete",
  [TCPFLOW_FRAG_DROPPED] = "dropped",
};

static const char *const reasons[] = {
  [TCPFLOW_FRAG_REASON_NONE] = "none",
  [TCPFLOW_FRAG_REASON_OVERLAP] = "overlap",
  [TCPFLOW_FRAG_REASON_ABANDONED] = "abandoned",
  [TCPFLOW_FRAG_REASON_TIMEOUT] = "timeout",
  [TCPFLOW_FRAG_REASON_EVICTED] = "evicted",
  [TCPFLOW_FRAG_REASON_TOO_MANY] = "too-many",
  [TCPFLOW_FRAG_REASON_NO_ROOM] = "no-room",
  [TCPFLOW_FRAG_REASON_TOO_LONG] = "too-long",
  [TCPFLOW_FRAG_REASON_EMPTY] = "empty",
  [TCPFLOW_FRAG_REASON_UNEVEN] = "uneven",
  [TCPFLOW_FRAG_REASON_BAD_LENGTH] = "bad-length",
  [TCPFLOW_FRAG_REASON_BAD_CHECKSUM] = "bad-checksum",
  [TCPFLOW_FRAG_REASON_BEYOND_END] = "beyond-end",
  [TCPFLOW_FRAG_REASON_FLUSHED] = "flushed",
};

_Static_assert(COUNT(reasons) == TCPFLOW_FRAG_REASON_COUNT,
               "a name for every reason");

/* In the order of the bits. */
static const char *const anomalies[] = {
  "overlap",      "conflict",      "duplicate", "tiny",
  "too-long",     "uneven",        "two-ends",  "beyond-end",
  "protocol",     "dont-fragment", "empty",     "bad-length",
  "bad-checksum", "too-many",      "ecn",       "cut",
};

_Static_assert(COUNT(anomalies) == TCPFLOW_FRAG_ANOMALY_COUNT,
               "a name for every bit");

static const char *const policies[] = {
  [TCPFLOW_FRAG_POLICY_DEFAULT] = "default",
  [TCPFLOW_FRAG_POLICY_FIRST] = "first",
  [TCPFLOW_FRAG_POLICY_LAST] = "last",
  [TCPFLOW_FRAG_POLICY_BSD] = "bsd",
  [TCPFLOW_FRAG_POLICY_BSD_RIGHT] = "bsd-right",
  [TCPFLOW_FRAG_POLICY_LINUX] = "linux",
  [TCPFLOW_FRAG_POLICY_WINDOWS] = "windows",
  [TCPFLOW_FRAG_POLICY_SOLARIS] = "solaris",
  [TCPFLOW_FRAG_POLICY_RFC5722] = "rfc5722",
};

_Static_assert(COUNT(policies) == TCPFLOW_FRAG_POLICY_COUNT,
               "a name for every policy");

const char *tcpflow_link_name(uint32_t link) {
  return name_at(links, COUNT(links), link);
}

const char *tcpflow_layer_name(unsigned type) {
  return name_at(layers, COUNT(layers), type);
}

const char *tcpflow_tunnel_name(unsigned tunnel) {
  return name_at(tunnels, COUNT(tunnels), tunnel);
}

const char *tcpflow_frag_outcome_name(unsigned outcome) {
  return name_at(outcomes, COUNT(outcomes), outcome);
}

const char *tcpflow_frag_reason_name(unsigned reason) {
  return name_at(reasons, COUNT(reasons), reason);
}

const char *tcpflow_frag_anomaly_name(unsigned bit) {
  return name_at(anomalies, COUNT(anomalies), bit);
}

const char *tcpflow_frag_policy_name(unsigned policy) {
  return name_at(policies, COUNT(policies), policy);
}
