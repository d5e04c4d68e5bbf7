/*
 * lib/decode/tunnel.h - what the steps of tunnels share.
 *
 * Room: decode.  Includes: nothing of ours.  A tunnel is entered once its
 * header is announced, before its header is taken.  What it carries is a whole
 * datagram or frame again; IP's step forgets the outer datagram, an inner
 * Ethernet header the outer network's tags.
 */
#ifndef TCPFLOW__DECODE_TUNNEL_H
#define TCPFLOW__DECODE_TUNNEL_H

#include "decode/steps.h"

enum {
  TCPFLOW__PROTOCOL_ICMP = 1,
  TCPFLOW__PROTOCOL_IPV4 = 4,
  TCPFLOW__PROTOCOL_UDP = 17,
  TCPFLOW__PROTOCOL_IPV6 = 41,
  TCPFLOW__PROTOCOL_GRE = 47,
  TCPFLOW__PROTOCOL_ESP = 50,
  TCPFLOW__PROTOCOL_ICMPV6 = 58,
  TCPFLOW__PROTOCOL_ETHERIP = 97,
  TCPFLOW__PROTOCOL_IPCOMP = 108,
  TCPFLOW__PROTOCOL_L2TP = 115
};

enum {
  TCPFLOW__ETHER_TRANSPARENT = 0x6558,
  TCPFLOW__ETHER_NSH = 0x894f
};

/* Numbers of "next protocol" that VXLAN-GPE and NSH (RFC 8300 section 2.2)
   have in common. */
enum {
  TCPFLOW__NSH_IPV4 = 1,
  TCPFLOW__NSH_IPV6 = 2,
  TCPFLOW__NSH_ETHERNET = 3,
  TCPFLOW__NSH_NSH = 4,
  TCPFLOW__NSH_MPLS = 5
};

/* IP in IP, told by the protocol's number. */
tcpflow__step tcpflow__step_ipv4_in_ip;
tcpflow__step tcpflow__step_ipv6_in_ip;
tcpflow__step tcpflow__step_mpls_in_ip;
tcpflow__step tcpflow__step_etherip;
tcpflow__step tcpflow__step_ethernet_in_ip;
tcpflow__step tcpflow__step_udp;
tcpflow__step tcpflow__step_mpls_in_udp;
tcpflow__step tcpflow__step_gre;
tcpflow__step tcpflow__step_gre_in_udp;
tcpflow__step tcpflow__step_erspan;
tcpflow__step tcpflow__step_vxlan;
tcpflow__step tcpflow__step_vxlan_gpe;
tcpflow__step tcpflow__step_geneve;
tcpflow__step tcpflow__step_nsh;
tcpflow__step tcpflow__step_gtpu;
tcpflow__step tcpflow__step_teredo;
tcpflow__step tcpflow__step_teredo_indication;
tcpflow__step tcpflow__step_ayiya;
tcpflow__step tcpflow__step_l2tp_in_udp;
tcpflow__step tcpflow__step_l2tp_in_ip;
tcpflow__step tcpflow__step_esp;
tcpflow__step tcpflow__step_ipcomp;
tcpflow__step tcpflow__step_capwap;
tcpflow__step tcpflow__step_tzsp;
tcpflow__step tcpflow__step_icmp;
tcpflow__step tcpflow__step_icmpv6;

/* Enters a tunnel.  Answers 0 if the walk must stop: the tunnel is switched
   off, one too many, or begins in a fragment. */
int tcpflow__tunnel_enter(tcpflow__walk *walk, tcpflow_tunnel tunnel);

/* Enters a header of a tunnel: its first N octets, N > 0.  NULL: stop. */
const uint8_t *tcpflow__tunnel_header(tcpflow__walk *walk,
                                      tcpflow_layer_type type, uint32_t n);

/* Takes N octets of a tunnel's header, 0 or more.  Answers 0 if the walk must
   stop. */
int tcpflow__tunnel_skip(tcpflow__walk *walk, uint32_t n);

/* Takes N octets of a tunnel's header, N > 0.  NULL: stop. */
const uint8_t *tcpflow__tunnel_take(tcpflow__walk *walk, uint32_t n);

/* What follows is N octets long by a tunnel's header; it ends there, or where
   the surroundings end. */
void tcpflow__tunnel_limit(tcpflow__walk *walk, uint32_t n);

/* Notes the number of a virtual network: its low 24 bits. */
void tcpflow__tunnel_number(tcpflow__walk *walk, tcpflow_tunnel tunnel,
                            uint32_t number);

/* What is next: a frame of another network, which has tags of its own. */
uint32_t tcpflow__tunnel_frame(tcpflow__walk *walk, uint32_t next);

/* What is next: an Ethernet frame of another network. */
uint32_t tcpflow__tunnel_ethernet(tcpflow__walk *walk);

/* What is next: IP, told by its first four bits. */
uint32_t tcpflow__tunnel_ip(tcpflow__walk *walk);

/* What is next: what an EtherType says, transparent Ethernet included. */
uint32_t tcpflow__tunnel_type(tcpflow__walk *walk, uint16_t ether_type);

/* What is next: what VXLAN-GPE or NSH say. */
uint32_t tcpflow__tunnel_next_protocol(tcpflow__walk *walk, uint8_t protocol);

/* IP that carries something else. */
static inline uint32_t tcpflow__tunnel_other(tcpflow__walk *walk) {
  return tcpflow__walk_stop(walk, TCPFLOW_PACKET_NOT_TCP, 0);
}

/* A version that no specification here describes. */
static inline uint32_t tcpflow__tunnel_unknown(tcpflow__walk *walk) {
  return tcpflow__walk_stop(walk, TCPFLOW_PACKET_UNSUPPORTED, 0);
}

/* The tunnel that an IP protocol begins; 0: none. */
tcpflow_tunnel tcpflow__tunnel_of_protocol(uint8_t protocol);

/* What tcpflow_packet_layer_id() says of a tunnel's header. */
int tcpflow__tunnel_id(const tcpflow_packet *packet, unsigned index,
                       uint64_t *id);

#endif /* TCPFLOW__DECODE_TUNNEL_H */
