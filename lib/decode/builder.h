/*
 * lib/decode/builder.h - what the steps of the builder share.
 *
 * Room: decode.  Includes: nothing of ours.  Invariant: behind <= used <=
 * capacity, and used + absent fits into 32 bits.  The USED octets at the end of
 * the buffer are the frame so far; the last BEHIND of them are packets that
 * follow the one under construction, as in an A-MSDU.
 */
#ifndef TCPFLOW__DECODE_BUILDER_H
#define TCPFLOW__DECODE_BUILDER_H

#include <tcpflow/build.h>

/* EtherTypes by which a header in front announces what has no number in every
   registry: a whole Ethernet frame (RFC 7637 section 3.2), PPP (RFC 2784,
   registry of EtherTypes). */
enum {
  TCPFLOW__ANNOUNCED_ETHERNET = 0x6558,
  TCPFLOW__ANNOUNCED_PPP = 0x880b
};

/* Makes the builder fail; the first error stays. */
void tcpflow__builder_fail(tcpflow_builder *builder, int error);

/* Puts SIZE octets of unknown content in front.  NULL: the builder failed. */
uint8_t *tcpflow__builder_push(tcpflow_builder *builder, size_t size);

/* The octets that the packet so far had on the wire. */
static inline uint32_t tcpflow__builder_length(const tcpflow_builder *builder) {
  return (uint32_t)(builder->behind == 0 ? builder->used + builder->absent
                                         : builder->used - builder->behind);
}

/* Puts SIZE octets behind the packet so far; on the wire only, if the frame
   does not hold all that is in front of them.  BYTES may be NULL: zeros. */
void tcpflow__builder_append(tcpflow_builder *builder, const uint8_t *bytes,
                             size_t size);

/* Writes a header that is not a link header in front. */
typedef void tcpflow__put_layer(tcpflow_builder *builder,
                                const tcpflow_build_layer *fields);

/* build_tags.c */
tcpflow__put_layer tcpflow__put_vlan;
tcpflow__put_layer tcpflow__put_pbb;
tcpflow__put_layer tcpflow__put_vntag;
tcpflow__put_layer tcpflow__put_etag;
tcpflow__put_layer tcpflow__put_fabricpath;
tcpflow__put_layer tcpflow__put_metadata;
tcpflow__put_layer tcpflow__put_hsr;
tcpflow__put_layer tcpflow__put_rtag;
tcpflow__put_layer tcpflow__put_trill;
tcpflow__put_layer tcpflow__put_macsec;

/* build_shims.c */
tcpflow__put_layer tcpflow__put_ethernet;
tcpflow__put_layer tcpflow__put_llc;
tcpflow__put_layer tcpflow__put_mpls;
tcpflow__put_layer tcpflow__put_pseudowire;
tcpflow__put_layer tcpflow__put_pppoe;
tcpflow__put_layer tcpflow__put_ppp;

/* build_tunnel.c */
tcpflow__put_layer tcpflow__put_gre;
tcpflow__put_layer tcpflow__put_erspan;
tcpflow__put_layer tcpflow__put_l2tp;
tcpflow__put_layer tcpflow__put_etherip;
tcpflow__put_layer tcpflow__put_esp;

/* build_overlay.c */
tcpflow__put_layer tcpflow__put_vxlan;
tcpflow__put_layer tcpflow__put_geneve;
tcpflow__put_layer tcpflow__put_nsh;
tcpflow__put_layer tcpflow__put_gtpu;
tcpflow__put_layer tcpflow__put_teredo;
tcpflow__put_layer tcpflow__put_ayiya;
tcpflow__put_layer tcpflow__put_capwap;
tcpflow__put_layer tcpflow__put_tzsp;

/* build_udp.c */
tcpflow__put_layer tcpflow__put_udp;
tcpflow__put_layer tcpflow__put_icmp;
tcpflow__put_layer tcpflow__put_icmpv6;

/* The checksum field of a message that is all of SUM: what FIELDS ask for. */
uint16_t tcpflow__builder_checksum(const tcpflow_build_layer *fields,
                                   uint64_t sum);
/* build_wifi.c */
tcpflow__put_layer tcpflow__put_amsdu;

/* RIGHT unless MODE asks for GIVEN or for 0. */
static inline uint16_t tcpflow__builder_choose(uint8_t mode, uint16_t right,
                                               uint16_t given) {
  if (mode == TCPFLOW_BUILD_GIVEN) {
    return given;
  }
  return mode == TCPFLOW_BUILD_ZERO ? 0 : right;
}

/* The EtherType of what is behind, unless FIELDS ask for another number. */
static inline uint16_t
tcpflow__builder_number(const tcpflow_builder *builder,
                        const tcpflow_build_layer *fields) {
  return tcpflow__builder_choose(fields->number_mode, builder->ether_type,
                                 (uint16_t)(fields->number & 0xffffU));
}

/* LENGTH, unless FIELDS ask for another one. */
static inline uint16_t tcpflow__builder_size(const tcpflow_build_layer *fields,
                                             size_t length) {
  return tcpflow__builder_choose(fields->length_mode,
                                 (uint16_t)(length & 0xffffU),
                                 (uint16_t)(fields->length & 0xffffU));
}

/* The number that announces a header is NUMBER, unless FIELDS ask for
   another. */
static inline uint16_t tcpflow__builder_type(const tcpflow_build_layer *fields,
                                             uint16_t number) {
  return fields->type != 0 ? fields->type : number;
}

/* The frame so far begins with a header of PROTOCOL, whose checksum of 0 is to
   be completed by the IP header in front, and announces it. */
void tcpflow__builder_expect_sum(tcpflow_builder *builder, uint8_t protocol,
                                 uint8_t mode, uint16_t checksum);

/* Completes that checksum behind the IP header in front. */
void tcpflow__builder_sum_tcp(tcpflow_builder *builder);

#endif /* TCPFLOW__DECODE_BUILDER_H */
