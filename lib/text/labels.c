/*
 * lib/text/labels.c - tcpdump's names of the numbers in headers.
 *
 * Room: text.  Includes: nothing of ours.  The names are those of tcpdump
 * 4.99.3, which knows some numbers and not others.
 */
#include "text/labels.h"

#include <stddef.h>

static const tcpflow__label_row ether_types[] = {
  {0x0600, "NS"},
  {0x0707, "GeoNet (old)"},
  {0x0800, "IPv4"},
  {0x0806, "ARP"},
  {0x1000, "Trail"},
  {0x1111, "CALM FAST"},
  {0x6001, "MOP DL"},
  {0x6002, "MOP RC"},
  {0x6003, "DN"},
  {0x6004, "LAT"},
  {0x6007, "SCA"},
  {0x6558, "TEB"},
  {0x8035, "Reverse ARP"},
  {0x8038, "Lanbridge"},
  {0x803c, "DEC DNS"},
  {0x803e, "DEC DTS"},
  {0x805b, "VEXP"},
  {0x805c, "VPROD"},
  {0x809b, "Appletalk"},
  {0x80f3, "Appletalk ARP"},
  {0x8100, "802.1Q"},
  {0x8137, "IPX"},
  {0x86dd, "IPv6"},
  {0x8808, "MPCP"},
  {0x8809, "Slow Protocols"},
  {0x880b, "PPP"},
  {0x8847, "MPLS unicast"},
  {0x8848, "MPLS multicast"},
  {0x8863, "PPPoE D"},
  {0x8864, "PPPoE S"},
  {0x886f, "MS NLB heartbeat"},
  {0x8870, "Jumbo"},
  {0x888e, "EAPOL"},
  {0x8899, "Realtek protocols"},
  {0x88a2, "AoE"},
  {0x88a8, "802.1Q-QinQ"},
  {0x88ca, "TIPC"},
  {0x88cc, "LLDP"},
  {0x88e5, "802.1AE MACsec"},
  {0x88f7, "PTP"},
  {0x8902, "CFM"},
  {0x893a, "IEEE1905.1"},
  {0x8947, "GeoNet"},
  {0x894f, "NSH"},
  {0x9000, "Loopback"},
  {0x9100, "802.1Q-9100"},
  {0x9200, "802.1Q-9200"},
  {0xabcd, "CFM (old)"},
  {0xd28b, "Arista Vendor Specific Protocol"},
  {0xfefe, "OSI"},
};

static const tcpflow__label_row ip_protocols[] = {
  {0, "Options"},
  {1, "ICMP"},
  {2, "IGMP"},
  {4, "IPIP"},
  {6, "TCP"},
  {8, "EGP"},
  {9, "IGRP"},
  {17, "UDP"},
  {33, "DCCP"},
  {41, "IPv6"},
  {43, "Routing"},
  {44, "Fragment"},
  {46, "RSVP"},
  {47, "GRE"},
  {50, "ESP"},
  {51, "AH"},
  {55, "Mobile IP"},
  {58, "ICMPv6"},
  {62, "Mobile IP"},
  {88, "EIGRP"},
  {89, "OSPF"},
  {103, "PIM"},
  {108, "Compressed IP"},
  {112, "VRRP"},
  {113, "PGM"},
  {132, "SCTP"},
  {135, "Mobility"},
  {143, "Ethernet"},
};

static const tcpflow__label_row ppp_protocols[] = {
  {0x0021, "IP"},     {0x0023, "OSI"},        {0x0025, "NS"},
  {0x0027, "DECNET"}, {0x0029, "APPLE"},      {0x002b, "IPX"},
  {0x002d, "VJC IP"}, {0x002f, "VJNC IP"},    {0x0031, "BRPDU"},
  {0x0033, "STII"},   {0x0035, "VINES"},      {0x003d, "MLPPP"},
  {0x0057, "IP6"},    {0x00fd, "Compressed"}, {0x0201, "HELLO"},
  {0x0231, "LUXCOM"}, {0x0233, "SNS"},        {0x0281, "MPLS"},
  {0x0283, "MPLS"},   {0x8021, "IPCP"},       {0x8057, "IP6CP"},
  {0x80fd, "CCP"},    {0xc021, "LCP"},        {0xc023, "PAP"},
  {0xc025, "LQM"},    {0xc223, "CHAP"},
};

static const tcpflow__label_row llc_points[] = {
  {0x00, "Null"},      {0x02, "802.1B I"}, {0x04, "SNA"},   {0x06, "IP"},
  {0x0e, "ProWay NM"}, {0x42, "STP"},      {0x4e, "RS511"}, {0x7e, "ISO8208"},
  {0x8e, "ProWay"},    {0xaa, "SNAP"},     {0xe0, "IPX"},   {0xf0, "NetBeui"},
  {0xfe, "OSI"},
};

#define LABELS(rows)                                                           \
  { rows, sizeof(rows) / sizeof(rows[0]) }

const tcpflow__labels tcpflow__ether_types = LABELS(ether_types);
const tcpflow__labels tcpflow__ip_protocols = LABELS(ip_protocols);
const tcpflow__labels tcpflow__ppp_protocols = LABELS(ppp_protocols);
const tcpflow__labels tcpflow__llc_points = LABELS(llc_points);

const char *tcpflow__label(const tcpflow__labels *labels, uint32_t number,
                           const char *other) {
  for (unsigned i = 0; i < labels->count; i++) {
    if (labels->row[i].number == number) {
      return labels->row[i].name;
    }
  }
  return other;
}
