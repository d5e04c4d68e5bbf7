/*
 * lib/decode/plain.h - the frame that most frames are, in the caller's code.
 *
 * Room: decode.  Includes: base, wire.  A member of the packet of a plain frame
 * either follows from the frame's form (plain.c) or is the frame's own.  Who
 * decodes frame after frame into one packet needs to have the former written
 * once: what is here writes the latter, and plain.c is made of it.
 */
#ifndef TCPFLOW__DECODE_PLAIN_H
#define TCPFLOW__DECODE_PLAIN_H

#include <stddef.h>
#include <string.h>

#include <tcpflow/packet.h>

#include "base/compiler.h"
#include "wire/bytes.h"

enum {
  TCPFLOW__PLAIN_ETHERNET = 14, /* Octets of the headers. */
  TCPFLOW__PLAIN_IPV4 = 20,
  TCPFLOW__PLAIN_IPV6 = 40,
  TCPFLOW__PLAIN_TCP = 20,
  TCPFLOW__PLAIN_IPV4_FIRST = 0x45 /* Version 4, no options. */
};

/* Octets 6 to 9 of IPv4, but for DF and the time to live: not of a fragment,
   and TCP. */
#define TCPFLOW__PLAIN_IPV4_MASK    UINT32_C(0x3fff00ff)
#define TCPFLOW__PLAIN_IPV4_CARRIES UINT32_C(6)

/* Octets 12 to 15 of TCP. */
#define TCPFLOW__PLAIN_TCP_RESERVED UINT32_C(0x0e000000)
#define TCPFLOW__PLAIN_TCP_KEPT     UINT32_C(0x01ffffff) /* Flags, window. */

_Static_assert(TCPFLOW__PLAIN_TCP_KEPT >> 16 == TCPFLOW_FLAGS_ALL, "all flags");

/* What follows from the form of a frame that is bare: Ethernet without tags,
   IPv4 or IPv6 without options, of no scope and no virtual network. */
void tcpflow__plain_prepare_bare(tcpflow_packet *packet);
void tcpflow__plain_prepare_bare6(tcpflow_packet *packet);

/* What is found when a plain frame is decoded. */
typedef enum tcpflow__plain_found {
  TCPFLOW__PLAIN_ODD,  /* It is none, and the packet means nothing. */
  TCPFLOW__PLAIN_ENDS, /* Not known before tcpflow__plain_ends() has looked. */
  TCPFLOW__PLAIN_WHOLE /* Its datagram is what was captured: all is done. */
} tcpflow__plain_found;

/* A snaplen that cuts the payload, or padding behind the datagram.  0: it is
   odd. */
int tcpflow__plain_ends(tcpflow_packet *packet);

/* How far a member is behind another one: in a packet and in its frame, */
#define TCPFLOW__FRAMED_ALIKE(first, member)                                   \
  _Static_assert(                                                              \
    offsetof(tcpflow_packet, member) - offsetof(tcpflow_packet, first) ==      \
      offsetof(tcpflow_frame, member) - offsetof(tcpflow_frame, first),        \
    #member " stands alike in both")

TCPFLOW__FRAMED_ALIKE(time, bytes);
TCPFLOW__FRAMED_ALIKE(time, captured);
TCPFLOW__FRAMED_ALIKE(time, length);
TCPFLOW__FRAMED_ALIKE(number, handle);

/* and where it stands beside one of 16 bits: both are one store. */
#define TCPFLOW__PLAIN_BESIDE(first, member)                                   \
  _Static_assert(offsetof(tcpflow_packet, member) ==                           \
                   offsetof(tcpflow_packet, first) + 2,                        \
                 #member " stands beside it")

TCPFLOW__PLAIN_BESIDE(flags, window);
TCPFLOW__PLAIN_BESIDE(urgent, checksum);

/* What the caller tells beside the octets, but for the frame's network: its
   members from TIME to LENGTH, and both behind the packet's own. */
TCPFLOW__FLAT void tcpflow__plain_frame(tcpflow_packet *packet,
                                        const tcpflow_frame *frame) {
  memcpy((uint8_t *)packet + offsetof(tcpflow_packet, time),
         (const uint8_t *)frame + offsetof(tcpflow_frame, time),
         offsetof(tcpflow_frame, link) - offsetof(tcpflow_frame, time));
  packet->findings = 0;
  memcpy((uint8_t *)packet + offsetof(tcpflow_packet, number),
         (const uint8_t *)frame + offsetof(tcpflow_frame, number),
         sizeof(frame->number) + sizeof(frame->handle));
}

/*
 * All that follows from the lengths of the datagram and the TCP header.  The
 * datagram of most frames is what was captured.
 */
TCPFLOW__FLAT tcpflow__plain_found tcpflow__plain_lengths(
  tcpflow_packet *packet, const tcpflow_frame *frame, uint32_t ip_offset,
  uint32_t ip_size, uint32_t ip_length, uint32_t tcp_size) {
  const uint32_t length = frame->length;
  const uint32_t payload_length = ip_length - ip_size - tcp_size;

  /* All lengths are small: one that seems to be huge is below 0. */
  if (tcp_size < TCPFLOW__PLAIN_TCP || payload_length > INT32_MAX) {
    return TCPFLOW__PLAIN_ODD;
  }
  packet->ip_length = ip_length;
  packet->tcp_length = ip_length - ip_size;
  packet->header_length = (uint8_t)tcp_size;
  packet->options_length = (uint8_t)(tcp_size - TCPFLOW__PLAIN_TCP);
  packet->options_captured = (uint8_t)(tcp_size - TCPFLOW__PLAIN_TCP);
  packet->payload_offset = ip_offset + ip_size + tcp_size;
  packet->payload_length = payload_length;
  if (frame->captured != length || ip_length + ip_offset != length) {
    return TCPFLOW__PLAIN_ENDS;
  }
  packet->payload_captured = payload_length;
  return TCPFLOW__PLAIN_WHOLE;
}

/* A TCP header, which is all there but for its options.  Ends that have one
   port may be one and the same, which is odd. */
TCPFLOW__FLAT tcpflow__plain_found tcpflow__plain_tcp(
  tcpflow_packet *packet, const tcpflow_frame *frame, const uint8_t *tcp,
  uint32_t ip_offset, uint32_t ip_size, uint32_t ip_length) {
  const uint32_t ports = tcpflow__fetch32(tcp);
  const uint32_t word = tcpflow__fetch32(tcp + 12);

  if ((word & TCPFLOW__PLAIN_TCP_RESERVED) != 0 ||
      ports == tcpflow__turn_halves(ports)) {
    return TCPFLOW__PLAIN_ODD;
  }
  tcpflow__store_halves(&packet->tuple.port[0], ports);
  tcpflow__store_halves(&packet->flags, word & TCPFLOW__PLAIN_TCP_KEPT);
  packet->seq = tcpflow__fetch32(tcp + 4);
  packet->ack = tcpflow__fetch32(tcp + 8);
  /* The checksum comes before the urgent pointer there. */
  tcpflow__store_halves(&packet->urgent,
                        tcpflow__turn_halves(tcpflow__fetch32(tcp + 16)));
  return tcpflow__plain_lengths(packet, frame, ip_offset, ip_size, ip_length,
                                (uint32_t)tcp[12] >> 2 & 0x3cU);
}

/* IPv4 at an offset where it, without options, and TCP are captured.  BYTES are
   the frame's: read before the packet is written to, they are read once. */
TCPFLOW__FLAT tcpflow__plain_found
tcpflow__plain_ipv4(tcpflow_packet *packet, const tcpflow_frame *frame,
                    const uint8_t *bytes, uint32_t offset) {
  const uint8_t *const ip = bytes + offset;
  const uint32_t size = tcpflow__fetch32(ip + 2);
  const uint32_t word = tcpflow__fetch32(ip + 6);

  if ((word & TCPFLOW__PLAIN_IPV4_MASK) != TCPFLOW__PLAIN_IPV4_CARRIES) {
    return TCPFLOW__PLAIN_ODD;
  }
  packet->ip_tos = ip[1];
  packet->ip_ttl = ip[8];
  packet->ip_fragment = (uint16_t)(word >> 16);
  packet->ip_id = size & 0xffffU;
  memcpy(packet->tuple.address[0], ip + 12, 4);
  memcpy(packet->tuple.address[1], ip + 16, 4);
  return tcpflow__plain_tcp(packet, frame, ip + TCPFLOW__PLAIN_IPV4, offset,
                            TCPFLOW__PLAIN_IPV4, size >> 16);
}

/* Likewise of IPv6, without a header between it and TCP. */
TCPFLOW__FLAT tcpflow__plain_found
tcpflow__plain_ipv6(tcpflow_packet *packet, const tcpflow_frame *frame,
                    const uint8_t *bytes, uint32_t offset) {
  const uint8_t *const ip = bytes + offset;
  const uint32_t word = tcpflow__fetch32(ip);
  const uint32_t next = tcpflow__fetch32(ip + 4);

  if (word >> 28 != 6 || (next >> 8 & 0xffU) != TCPFLOW__PLAIN_IPV4_CARRIES) {
    return TCPFLOW__PLAIN_ODD;
  }
  packet->ip_tos = (uint8_t)(word >> 20 & 0xffU);
  packet->ip_ttl = (uint8_t)(next & 0xffU);
  packet->ip_flow_label = word & UINT32_C(0xfffff);
  memcpy(packet->tuple.address, ip + 8, sizeof(packet->tuple.address));
  return tcpflow__plain_tcp(packet, frame, ip + TCPFLOW__PLAIN_IPV6, offset,
                            TCPFLOW__PLAIN_IPV6,
                            TCPFLOW__PLAIN_IPV6 + (next >> 16));
}

/* May a frame be bare: of Ethernet and no network, with headers that could all
   be there but for options? */
TCPFLOW__FLAT int tcpflow__plain_may_be_bare(const tcpflow_frame *frame) {
  return frame->link == TCPFLOW_LINK_ETHERNET &&
         frame->captured >=
           TCPFLOW__PLAIN_ETHERNET + TCPFLOW__PLAIN_IPV4 + TCPFLOW__PLAIN_TCP &&
         (frame->scope | frame->vlan | frame->tunnel) == 0;
}

/* Is such a frame bare, as far as the first octet of IPv4? */
TCPFLOW__FLAT int tcpflow__plain_is_bare(const tcpflow_frame *frame) {
  static const uint8_t type[2] = {0x08, 0x00};

  return memcmp(frame->bytes + 12, type, sizeof(type)) == 0 &&
         frame->bytes[TCPFLOW__PLAIN_ETHERNET] == TCPFLOW__PLAIN_IPV4_FIRST;
}

/* Is it bare as far as IPv6, by what its Ethernet says? */
TCPFLOW__FLAT int tcpflow__plain_is_bare6(const tcpflow_frame *frame) {
  static const uint8_t type[2] = {0x86, 0xdd};

  return memcmp(frame->bytes + 12, type, sizeof(type)) == 0 &&
         frame->captured >=
           TCPFLOW__PLAIN_ETHERNET + TCPFLOW__PLAIN_IPV6 + TCPFLOW__PLAIN_TCP;
}

/* Decodes a bare frame into a packet that is prepared for it, and stays so
   unless something is odd. */
TCPFLOW__FLAT tcpflow__plain_found
tcpflow__plain_bare(tcpflow_packet *packet, const tcpflow_frame *frame) {
  const uint8_t *const bytes = frame->bytes;

  tcpflow__plain_frame(packet, frame);
  return tcpflow__plain_ipv4(packet, frame, bytes, TCPFLOW__PLAIN_ETHERNET);
}

TCPFLOW__FLAT tcpflow__plain_found
tcpflow__plain_bare6(tcpflow_packet *packet, const tcpflow_frame *frame) {
  const uint8_t *const bytes = frame->bytes;

  tcpflow__plain_frame(packet, frame);
  return tcpflow__plain_ipv6(packet, frame, bytes, TCPFLOW__PLAIN_ETHERNET);
}

#endif /* TCPFLOW__DECODE_PLAIN_H */
