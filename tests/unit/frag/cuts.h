/*
 * tests/unit/frag/cuts.h - fragments to feed a reassembler with.
 *
 * They are written octet by octet, from RFC 791 section 3.1 and RFC 8200
 * section 4.5, and not by the library's builder.  A `cut` says which octets of
 * a datagram's data a fragment has; the packet stands in a block of its size.
 */
#ifndef TCPFLOW_TESTS_CUTS_H
#define TCPFLOW_TESTS_CUTS_H

#include <tcpflow/frag.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define CUT_HEADERS 128

/* One fragment. */
typedef struct cut {
  uint32_t start;  /* Octets of the data. */
  uint32_t length; /* On the wire. */
  bool more;
  const uint8_t *data; /* Those octets; NULL: `fill`, `length` times. */
  uint8_t fill;
  uint8_t version;  /* 0 and 4: IPv4; 6. */
  uint8_t protocol; /* 0: TCP. */
  uint8_t tos;
  uint8_t extensions; /* IPv6: headers of 8 octets before the fragment one. */
  uint8_t words;      /* IPv4: words of options (NOP). */
  uint16_t flags;     /* IPv4: to set in the fragment field. */
  uint32_t id;        /* Beside 7. */
  uint32_t lacks;     /* Octets that the capture does not have. */
  int32_t lie;        /* Added to the length field. */
  uint32_t vlan;      /* Of the frame. */
  uint32_t tunnel;    /* Likewise. */
  uint64_t scope;     /* Likewise. */
  tcpflow_time time;  /* Likewise. */
  uint64_t number;    /* Likewise. */
  uint8_t bad_sum;    /* IPv4: a wrong checksum. */
} cut;

static inline void cut_put16(uint8_t *at, uint32_t value) {
  at[0] = (uint8_t)(value >> 8 & 0xff);
  at[1] = (uint8_t)(value & 0xff);
}

/* RFC 1071, word by word. */
static inline uint32_t cut_sum(const uint8_t *bytes, uint32_t size) {
  uint32_t sum = 0;

  for (uint32_t i = 0; i + 1 < size; i += 2) {
    sum += (uint32_t)bytes[i] << 8 | bytes[i + 1];
    sum = (sum & 0xffff) + (sum >> 16);
  }
  return sum;
}

static inline uint8_t cut_protocol(const cut *c) {
  return c->protocol == 0 ? 6 : c->protocol;
}

static inline uint32_t cut_ipv4(uint8_t *at, const cut *c) {
  const uint32_t size = 20 + c->words * 4U;

  memset(at, 1, size);
  at[0] = (uint8_t)(0x40 | size / 4);
  at[1] = c->tos;
  cut_put16(at + 2, size + c->length + (uint32_t)c->lie);
  cut_put16(at + 4, 7 + c->id);
  cut_put16(at + 6, c->start / 8 | (c->more ? 0x2000U : 0) | c->flags);
  at[8] = 64;
  at[9] = cut_protocol(c);
  cut_put16(at + 10, 0);
  memcpy(at + 12, "\x0a\x00\x00\x01\x0a\x00\x00\x02", 8);
  cut_put16(at + 10, (~cut_sum(at, size) & 0xffff) ^ c->bad_sum);
  return size;
}

static inline uint32_t cut_ipv6(uint8_t *at, const cut *c) {
  uint32_t size = 40;

  memset(at, 0, CUT_HEADERS);
  at[0] = (uint8_t)(0x60 | c->tos >> 4);
  at[1] = (uint8_t)(c->tos << 4 & 0xff);
  cut_put16(at + 4, c->extensions * 8U + 8 + c->length + (uint32_t)c->lie);
  at[6] = c->extensions != 0 ? 60 : 44;
  at[7] = 64;
  memset(at + 8, 0x20, 16);
  memset(at + 24, 0x21, 16);
  for (unsigned i = 0; i < c->extensions; i++) {
    at[size] = i + 1U < c->extensions ? 60 : 44;
    at[size + 2] = 1; /* PadN. */
    at[size + 3] = 4;
    size += 8;
  }
  at[size] = cut_protocol(c);
  cut_put16(at + size + 2, c->start | (c->more ? 1U : 0));
  cut_put16(at + size + 6, 7 + c->id);
  return size + 8;
}

/* A packet that a cut makes, and what it stands on. */
typedef struct cutting {
  uint8_t *bytes;
  tcpflow_packet packet;
} cutting;

static inline void cutting_make(cutting *made, const cut *c) {
  uint8_t header[CUT_HEADERS];
  const uint32_t size =
    c->version == 6 ? cut_ipv6(header, c) : cut_ipv4(header, c);
  uint8_t *const all = (uint8_t *)malloc(size + c->length);

  memcpy(all, header, size);
  if (c->data != NULL) {
    memcpy(all + size, c->data, c->length);
  } else {
    memset(all + size, c->fill, c->length);
  }
  made->bytes = (uint8_t *)malloc(size + c->length - c->lacks);
  memcpy(made->bytes, all, size + c->length - c->lacks);
  free(all);

  const tcpflow_frame frame = {.time = c->time,
                               .bytes = made->bytes,
                               .captured = size + c->length - c->lacks,
                               .length = size + c->length,
                               .link = c->version == 6 ? TCPFLOW_LINK_IPV6
                                                       : TCPFLOW_LINK_IPV4,
                               .vlan = c->vlan,
                               .scope = c->scope,
                               .number = c->number,
                               .handle = made,
                               .tunnel = c->tunnel};
  tcpflow_packet_init(&made->packet);
  (void)tcpflow_packet_decode(&made->packet, &frame, NULL);
}

/* What a reassembler said last. */
typedef struct said {
  tcpflow_frag_result result;
  tcpflow_frame datagram;
  int error;
} said;

static inline said cut_feed(tcpflow_frag *frag, const cut *c) {
  cutting made;
  said s;

  memset(&s, 0, sizeof(s));
  tcpflow_frag_result_init(&s.result);
  cutting_make(&made, c);
  s.error = tcpflow_frag_feed(frag, &made.packet, &s.result, &s.datagram);
  free(made.bytes);
  return s;
}

static inline tcpflow_frag_stats cut_stats(const tcpflow_frag *frag) {
  tcpflow_frag_stats stats;

  tcpflow_frag_stats_init(&stats);
  if (tcpflow_frag_get_stats(frag, &stats) != TCPFLOW_OK) {
    abort();
  }
  return stats;
}

#endif /* TCPFLOW_TESTS_CUTS_H */
