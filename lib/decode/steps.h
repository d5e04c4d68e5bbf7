/*
 * lib/decode/steps.h - the way through the headers of one frame.
 *
 * Room: decode.  Includes: base, wire.  Each header is one step.  A step
 * takes its octets from the cursor, notes what they say in the packet, and
 * answers what it announces: a number of the EtherType or of the IP protocol
 * registry.  The loop in decode.c finds the next step by that number, so steps
 * do not call each other, nothing recurses, and a new header is a row in a
 * table.
 *
 * Invariant: cursor.off <= cursor.end <= wire_end.  The octets from cursor.end
 * to wire_end were on the wire and are not in the capture.
 */
#ifndef TCPFLOW__DECODE_STEPS_H
#define TCPFLOW__DECODE_STEPS_H

#include <tcpflow/packet.h>

#include "base/compiler.h"
#include "wire/cursor.h"

typedef struct tcpflow__walk {
  tcpflow_packet *packet;
  const tcpflow_decode_config *config;
  tcpflow__cursor cursor;  /* Captured octets of the header's surroundings. */
  uint32_t wire_end;       /* Where these ended on the wire. */
  uint32_t extensions;     /* Extension headers crossed so far. */
  uint32_t first_fragment; /* Not 0: this datagram goes on elsewhere. */
  uint32_t quoted;         /* One of the states below. */
  uint32_t resume;         /* Not 0: where the packet of an aggregate starts. */
} tcpflow__walk;

/* Quotes of ICMP errors. */
enum {
  TCPFLOW__QUOTE_NONE = 0,
  TCPFLOW__QUOTE_OPEN = 1,  /* Inside a datagram that is quoted. */
  TCPFLOW__QUOTE_CLOSED = 2 /* Quotes are not to be looked into. */
};

/*
 * What comes next: one of these bases plus the number in its registry.  IPv4
 * and IPv6 have one registry of protocols, but not all of it is valid in both.
 */
#define TCPFLOW__NEXT_STOP  UINT32_C(0) /* Nothing: the kind is set. */
#define TCPFLOW__NEXT_ETHER UINT32_C(0x10000)
#define TCPFLOW__NEXT_IPV4  UINT32_C(0x20000)
#define TCPFLOW__NEXT_IPV6  UINT32_C(0x30000)
#define TCPFLOW__NEXT_PPP   UINT32_C(0x40000) /* PPP protocol numbers. */
#define TCPFLOW__NEXT_LINK  UINT32_C(0x50000) /* LINKTYPE_ numbers. */
#define TCPFLOW__NEXT_UDP   UINT32_C(0x60000) /* A tcpflow_tunnel in UDP. */
#define TCPFLOW__NEXT_OTHER UINT32_C(0x70000) /* A tcpflow_layer_type. */

enum {
  TCPFLOW__ETHER_LENGTH_MAX = 1500, /* Up to here it is a length. */
  TCPFLOW__ETHER_IPV4 = 0x0800,
  TCPFLOW__ETHER_TRILL = 0x22f3,
  TCPFLOW__ETHER_CENTRINO = 0x2452, /* A frame of 802.11. */
  TCPFLOW__ETHER_PPPOE_OLD = 0x3c13,
  TCPFLOW__ETHER_BRIDGED = 0x6558, /* A frame of Ethernet. */
  TCPFLOW__ETHER_VLAN = 0x8100,
  TCPFLOW__ETHER_PPP = 0x880b,
  TCPFLOW__ETHER_IPV6 = 0x86dd,
  TCPFLOW__ETHER_MPLS = 0x8847,
  TCPFLOW__ETHER_MPLS_MULTICAST = 0x8848,
  TCPFLOW__ETHER_PPPOE = 0x8864,
  TCPFLOW__ETHER_LLC = 0x8870, /* 802.2 that is longer than a length can say. */
  TCPFLOW__ETHER_QINQ = 0x88a8,
  TCPFLOW__ETHER_MACSEC = 0x88e5,
  TCPFLOW__ETHER_PBB = 0x88e7,
  TCPFLOW__ETHER_FABRICPATH = 0x8903,
  TCPFLOW__ETHER_METADATA = 0x8909,
  TCPFLOW__ETHER_VNTAG = 0x8926,
  TCPFLOW__ETHER_HSR = 0x892f,
  TCPFLOW__ETHER_ETAG = 0x893f,
  TCPFLOW__ETHER_QINQ_OLD = 0x9100,
  TCPFLOW__ETHER_QINQ_9200 = 0x9200,
  TCPFLOW__ETHER_QINQ_9300 = 0x9300,
  TCPFLOW__ETHER_ARISTA = 0xd28b,
  TCPFLOW__ETHER_RTAG = 0xf1c1
};

enum {
  TCPFLOW__PPP_IPV4 = 0x0021,
  TCPFLOW__PPP_IPV6 = 0x0057,
  TCPFLOW__PPP_MPLS = 0x0281,
  TCPFLOW__PPP_MPLS_MULTICAST = 0x0283
};

enum {
  TCPFLOW__PROTOCOL_HOP_BY_HOP = 0,
  TCPFLOW__PROTOCOL_TCP = 6,
  TCPFLOW__PROTOCOL_ROUTING = 43,
  TCPFLOW__PROTOCOL_FRAGMENT = 44,
  TCPFLOW__PROTOCOL_AH = 51,
  TCPFLOW__PROTOCOL_DESTINATION = 60,
  TCPFLOW__PROTOCOL_MOBILITY = 135,
  TCPFLOW__PROTOCOL_MPLS = 137,
  TCPFLOW__PROTOCOL_HIP = 139,
  TCPFLOW__PROTOCOL_SHIM6 = 140,
  TCPFLOW__PROTOCOL_ETHERNET = 143
};

/* One header; answers what is next. */
typedef uint32_t tcpflow__step(tcpflow__walk *walk);

/* link_ethernet.c, llc.c */
tcpflow__step tcpflow__step_ethernet;
tcpflow__step tcpflow__step_llc;

/* tags.c, bridges.c */
tcpflow__step tcpflow__step_vlan;
tcpflow__step tcpflow__step_pbb;
tcpflow__step tcpflow__step_vntag;
tcpflow__step tcpflow__step_etag;
tcpflow__step tcpflow__step_hsr;
tcpflow__step tcpflow__step_rtag;
tcpflow__step tcpflow__step_trill;
tcpflow__step tcpflow__step_fabricpath;
tcpflow__step tcpflow__step_metadata;
tcpflow__step tcpflow__step_macsec;
tcpflow__step tcpflow__step_arista;

/* mpls.c */
tcpflow__step tcpflow__step_mpls;
tcpflow__step tcpflow__step_pseudowire;

/* link_ppp.c */
tcpflow__step tcpflow__step_ppp;
tcpflow__step tcpflow__step_pppoe;

/* link_wifi.c */
tcpflow__step tcpflow__step_wifi;
tcpflow__step tcpflow__step_wifi_padded;
tcpflow__step tcpflow__step_wifi_swapped;
tcpflow__step tcpflow__step_amsdu;

tcpflow__step tcpflow__step_ipv4;
tcpflow__step tcpflow__step_ipv6;
tcpflow__step tcpflow__step_tcp;
tcpflow__step tcpflow__step_hop_by_hop;
tcpflow__step tcpflow__step_destination;
tcpflow__step tcpflow__step_extension;
tcpflow__step tcpflow__step_fragment;
tcpflow__step tcpflow__step_ah;

/* TCP inside a quote, and its members out of 20 octets. */
tcpflow__step tcpflow__step_quoted_tcp;
void tcpflow__tcp_note_header(tcpflow_packet *packet, const uint8_t *bytes);

/* The step of a link type; NULL if it is not known. */
tcpflow__step *tcpflow__link_step(uint32_t type);

/* The step of a header that is not the plain way of IP and TCP, by what
   announces it; NULL if none is known. */
tcpflow__step *tcpflow__step_of(uint32_t next);

/* Ends the walk. */
static inline uint32_t tcpflow__walk_stop(tcpflow__walk *walk,
                                          tcpflow_packet_kind kind,
                                          uint32_t findings) {
  walk->packet->kind = (uint8_t)kind;
  walk->packet->findings |= findings;
  return TCPFLOW__NEXT_STOP;
}

/* Octets that the wire still had. */
static inline uint32_t tcpflow__walk_wire_left(const tcpflow__walk *walk) {
  return walk->wire_end - walk->cursor.off;
}

/*
 * Looks at N octets, N > 0.  NULL: there are fewer, and the walk must stop; the
 * packet's kind tells whether the capture or the wire ended too early.
 */
static inline const uint8_t *tcpflow__walk_peek(tcpflow__walk *walk,
                                                uint32_t n) {
  const uint8_t *const bytes = tcpflow__cursor_peek(&walk->cursor, n);

  if (bytes == NULL) {
    walk->packet->kind = n > tcpflow__walk_wire_left(walk)
                           ? TCPFLOW_PACKET_MALFORMED
                           : TCPFLOW_PACKET_TRUNCATED;
  }
  return bytes;
}

/* Takes N octets, N > 0; NULL as for tcpflow__walk_peek(). */
static inline const uint8_t *tcpflow__walk_take(tcpflow__walk *walk,
                                                uint32_t n) {
  const uint8_t *const bytes = tcpflow__walk_peek(walk, n);

  if (bytes != NULL) {
    walk->cursor.off += n;
  }
  return bytes;
}

/* Takes N octets that do not matter; 0: the walk must stop. */
static inline int tcpflow__walk_skip(tcpflow__walk *walk, uint32_t n) {
  return n == 0 || tcpflow__walk_take(walk, n) != NULL;
}

/* Lets no more than N octets of the wire belong to what comes. */
static inline void tcpflow__walk_narrow(tcpflow__walk *walk, uint32_t n) {
  if (n < tcpflow__walk_wire_left(walk)) {
    walk->wire_end = walk->cursor.off + n;
    tcpflow__cursor_limit(&walk->cursor, n);
  }
}

/* The same for a length field, which must not say more than there is. */
static inline void tcpflow__walk_fit(tcpflow__walk *walk, uint32_t n) {
  if (n > tcpflow__walk_wire_left(walk)) {
    walk->packet->findings |= TCPFLOW_FINDING_BAD_HEADER;
  }
  tcpflow__walk_narrow(walk, n);
}

/* Ends the walk at a header that contradicts itself. */
static inline uint32_t tcpflow__walk_stop_bad(tcpflow__walk *walk) {
  return tcpflow__walk_stop(walk, TCPFLOW_PACKET_MALFORMED,
                            TCPFLOW_FINDING_BAD_HEADER);
}

/* Ends the walk where the payload cannot be read. */
static inline uint32_t tcpflow__walk_stop_encrypted(tcpflow__walk *walk) {
  return tcpflow__walk_stop(walk, TCPFLOW_PACKET_UNSUPPORTED,
                            TCPFLOW_FINDING_ENCRYPTED);
}

/* What an EtherType announces. */
static inline uint32_t tcpflow__walk_announce(tcpflow__walk *walk,
                                              uint16_t ether_type) {
  walk->packet->ether_type = ether_type;
  return TCPFLOW__NEXT_ETHER + ether_type;
}

/*
 * Enters a header: takes its first N octets, N > 0, and lists it.  NULL: the
 * walk must stop; the packet's kind is set.
 */
static inline const uint8_t *
tcpflow__walk_enter(tcpflow__walk *walk, tcpflow_layer_type type, uint32_t n) {
  tcpflow_packet *const packet = walk->packet;
  const uint32_t offset = walk->cursor.off;
  const uint8_t *const bytes = tcpflow__walk_take(walk, n);

  if (bytes == NULL) {
    return NULL;
  }
  if (packet->layer_count == TCPFLOW_LAYERS_MAX) {
    (void)tcpflow__walk_stop(walk, TCPFLOW_PACKET_UNSUPPORTED,
                             TCPFLOW_FINDING_TOO_MANY_LAYERS);
    return NULL;
  }
  packet->layer[packet->layer_count++] =
    (tcpflow_layer){(uint16_t)type, 0, offset};
  return bytes;
}

/*
 * Ends what can be read at the end of an IP datagram that starts at OFFSET and
 * is LENGTH octets long by its header; 0: as long as the frame.  LENGTH covers
 * what was taken so far, or is 0.
 */
void tcpflow__walk_limit(tcpflow__walk *walk, uint32_t offset, uint32_t length);

/*
 * Forgets what the packet says of the datagram that carries this one.  What
 * findings say of a datagram, they say of the innermost one.
 */
void tcpflow__walk_forget_datagram(tcpflow__walk *walk);

/* Says whether what is announced can lead to TCP, as far as the configuration
   lets it. */
int tcpflow__leads_to_tcp(const tcpflow_decode_config *config, uint32_t next);

/*
 * Ends the walk at a fragment that is not its datagram's first.  NEXT is what
 * the datagram carries: a FRAGMENT if that leads to TCP, else NOT_TCP.
 */
uint32_t tcpflow__walk_stop_fragment(tcpflow__walk *walk, uint32_t next);

/* What follows the type or length at the end of an Ethernet header or a tag. */
uint32_t tcpflow__next_type(tcpflow__walk *walk, uint16_t type);

/* What an address family announces: the numbers differ by system. */
uint32_t tcpflow__next_family(tcpflow__walk *walk, uint32_t family);

/* IPv4 or IPv6 by the first four bits; anything else is not IP. */
uint32_t tcpflow__next_guess(tcpflow__walk *walk);

/* What another link type announces. */
uint32_t tcpflow__next_link(tcpflow__walk *walk, uint32_t link);

/* What an NLPID announces (RFC 2427); PADDING is what a bridged frame has in
   front. */
uint32_t tcpflow__next_nlpid(tcpflow__walk *walk, uint8_t nlpid,
                             uint32_t padding);

#endif /* TCPFLOW__DECODE_STEPS_H */
