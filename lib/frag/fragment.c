/*
 * lib/frag/fragment.c - what a decoded packet says as a fragment.
 *
 * Room: frag.  Includes: wire, decode.  The packet's own members describe the
 * headers of a first fragment up to TCP, and those of others up to the fragment
 * header.  So the header is read again here: what a fragment is begins right
 * behind the IPv4 header, or behind the IPv6 fragment header.  That layers are
 * listed means that their fixed part was captured.
 */
#include "frag/fragment.h"

#include "wire/bytes.h"
#include "wire/checksum.h"
#include "wire/cursor.h"

#include <string.h>

enum {
  IPV4_SIZE = 20,
  IPV4_RESERVED = 0x8000,
  IPV4_DONT_FRAGMENT = 0x4000,
  IPV4_MORE = 0x2000,
  IPV4_OFFSET = 0x1fff,
  IPV6_SIZE = 40,
  IPV6_MORE = 1,
  IPV6_OFFSET = 0xfff8,
  FRAGMENT_SIZE = 8,
  PROTOCOL_FRAGMENT = 44,
  LENGTH_MAX = 65535
};

/* Notes the data, which begins at DATA and ends with the datagram, OFFSET
   octets into the whole one. */
static void note_data(tcpflow__fragment *fragment, const tcpflow_packet *packet,
                      uint32_t data, uint32_t offset) {
  const uint32_t end = packet->ip_offset + packet->ip_length;
  const uint32_t there = packet->captured < end ? packet->captured : end;

  fragment->start = offset;
  fragment->end = offset + (end - data);
  fragment->captured = there > data ? there - data : 0;
  fragment->data = fragment->captured == 0 ? NULL : packet->bytes + data;
  fragment->tos = packet->ip_tos;
}

static void note_key(tcpflow__fragment *fragment, const tcpflow_packet *packet,
                     uint32_t id) {
  fragment->key = (tcpflow__frag_key){.ends = packet->tuple, .id = id};
  memset(fragment->key.ends.port, 0, sizeof(fragment->key.ends.port));
}

static bool read_ipv4(tcpflow__fragment *fragment,
                      const tcpflow_packet *packet) {
  const uint8_t *const header = packet->bytes + packet->ip_offset;
  const uint32_t size = (header[0] & 0xfU) * 4;
  const uint32_t field = tcpflow__fetch16(header + 6);

  if ((field & (IPV4_MORE | IPV4_OFFSET)) == 0 || size < IPV4_SIZE ||
      size > packet->captured - packet->ip_offset || size > packet->ip_length) {
    return false;
  }
  note_key(fragment, packet, tcpflow__fetch16(header + 4));
  note_data(fragment, packet, packet->ip_offset + size,
            (field & IPV4_OFFSET) * 8);
  fragment->header = header;
  fragment->header_size = size;
  fragment->protocol = header[9];
  fragment->key.protocol = header[9];
  fragment->longest = (uint32_t)LENGTH_MAX - size;
  fragment->more = (field & IPV4_MORE) != 0;
  fragment->dont_fragment = (field & IPV4_DONT_FRAGMENT) != 0;
  fragment->bad_length = tcpflow__fetch16(header + 2) != packet->ip_length;
  return true;
}

/* Where a walk over the headers of an IPv6 datagram is. */
typedef struct walk {
  unsigned layer;
  uint32_t next;    /* What the last header announces, ... */
  uint32_t next_at; /* ... and where in the frame. */
} walk;

static bool is_extension(const tcpflow_packet *packet, unsigned layer) {
  return layer < packet->layer_count &&
         (packet->layer[layer].type == TCPFLOW_LAYER_IPV6_EXTENSION ||
          packet->layer[layer].type == TCPFLOW_LAYER_AH);
}

/* The fragment header of an atomic fragment is like any other one here. */
static bool is_fragment_header(const tcpflow_packet *packet, const walk *at) {
  const uint8_t *const bytes = packet->bytes + packet->layer[at->layer].offset;

  return at->next == PROTOCOL_FRAGMENT &&
         (tcpflow__fetch16(bytes + 2) & (IPV6_OFFSET | IPV6_MORE)) != 0;
}

/* The layer of the innermost IP header. */
static unsigned find_ip(const tcpflow_packet *packet) {
  unsigned layer = packet->layer_count;

  while (layer > 0 && packet->layer[layer - 1].offset != packet->ip_offset) {
    layer--;
  }
  return layer;
}

/* Answers false if there is no such header. */
static bool find_fragment_header(const tcpflow_packet *packet, walk *at) {
  at->layer = find_ip(packet);
  at->next_at = packet->ip_offset + 6;
  at->next = packet->bytes[at->next_at];
  while (is_extension(packet, at->layer)) {
    if (is_fragment_header(packet, at)) {
      return true;
    }
    at->next_at = packet->layer[at->layer].offset;
    at->next = packet->bytes[at->next_at];
    at->layer++;
  }
  return false;
}

static bool read_ipv6(tcpflow__fragment *fragment,
                      const tcpflow_packet *packet) {
  const uint8_t *const header = packet->bytes + packet->ip_offset;
  walk at;

  if (!find_fragment_header(packet, &at)) {
    return false;
  }
  const uint32_t offset = packet->layer[at.layer].offset;
  const uint8_t *const bytes = packet->bytes + offset;
  const uint32_t field = tcpflow__fetch16(bytes + 2);
  const uint32_t size = offset - packet->ip_offset;

  if (size > packet->ip_length - FRAGMENT_SIZE ||
      size - IPV6_SIZE > LENGTH_MAX) {
    return false;
  }
  note_key(fragment, packet, tcpflow__fetch32(bytes + 4));
  note_data(fragment, packet, offset + FRAGMENT_SIZE, field & IPV6_OFFSET);
  fragment->header = header;
  fragment->header_size = size;
  fragment->next_at = at.next_at - packet->ip_offset;
  fragment->protocol = bytes[0];
  fragment->longest = (uint32_t)LENGTH_MAX - (size - IPV6_SIZE);
  fragment->more = (field & IPV6_MORE) != 0;
  fragment->bad_length =
    tcpflow__fetch16(header + 4) + (uint32_t)IPV6_SIZE != packet->ip_length;
  return true;
}

bool tcpflow__fragment_read(tcpflow__fragment *fragment,
                            const tcpflow_packet *packet) {
  if (packet->kind == TCPFLOW_PACKET_ICMP_ERROR || packet->ip_fragment == 0) {
    return false;
  }
  memset(fragment, 0, sizeof(*fragment));
  switch (packet->tuple.version) {
  case 4:
    return read_ipv4(fragment, packet);
  case 6:
    return read_ipv6(fragment, packet);
  default:
    return false;
  }
}

bool tcpflow__fragment_checksum(const tcpflow__fragment *fragment) {
  return fragment->key.ends.version != 4 ||
         tcpflow__sum_fold(tcpflow__sum_add(0, fragment->header,
                                            fragment->header_size)) == 0xffff;
}
