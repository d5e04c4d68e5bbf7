/*
 * lib/frag/fragment.h - what a decoded packet says as a fragment.
 *
 * Room: frag.  Includes: decode.
 */
#ifndef TCPFLOW__FRAG_FRAGMENT_H
#define TCPFLOW__FRAG_FRAGMENT_H

#include <stdbool.h>

#include <tcpflow/packet.h>

/*
 * Which datagram it is of.  There is no padding, so keys may be compared with
 * memcmp(3).  The fragments of an IPv4 datagram have one protocol (RFC 791
 * section 3.2); those of an IPv6 one may differ (RFC 8200 section 4.5).
 */
typedef struct tcpflow__frag_key {
  tcpflow_tuple ends; /* Without ports. */
  uint32_t id;
  uint32_t protocol; /* IPv6: 0. */
} tcpflow__frag_key;

/*
 * Offsets count octets of the datagram's data, from what follows `header`:
 * start <= end, captured <= end - start.  All pointers are into the packet.
 */
typedef struct tcpflow__fragment {
  tcpflow__frag_key key;
  const uint8_t *header; /* IPv4: the header.  IPv6: all before the fragment
                            header. */
  const uint8_t *data;   /* The captured octets. */
  uint32_t header_size;
  uint32_t next_at; /* IPv6: where in the header the fragment header is
                       announced. */
  uint32_t start;
  uint32_t end;
  uint32_t captured;
  uint32_t protocol; /* What the data is. */
  uint32_t longest;  /* What a datagram with this header can hold. */
  bool more;         /* M, MF: it is not the last one. */
  bool dont_fragment;
  bool bad_length; /* The header's length is not the frame's. */
  uint8_t tos;
} tcpflow__fragment;

/*
 * Reads the innermost IP header of a packet of this release.  Answers false if
 * it is not that of a fragment, or not all there.
 */
bool tcpflow__fragment_read(tcpflow__fragment *fragment,
                            const tcpflow_packet *packet);

/* Is the IPv4 header's checksum right?  True for IPv6, which has none. */
bool tcpflow__fragment_checksum(const tcpflow__fragment *fragment);

#endif /* TCPFLOW__FRAG_FRAGMENT_H */
