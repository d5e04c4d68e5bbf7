/*
 * lib/frag/assemble.h - all fragments of a datagram become the datagram.
 *
 * Room: frag.  Includes: base, wire.
 */
#ifndef TCPFLOW__FRAG_ASSEMBLE_H
#define TCPFLOW__FRAG_ASSEMBLE_H

#include "frag/board.h"

/* The longest datagram: an IPv6 header and what its length field can say. */
#define TCPFLOW__DATAGRAM_MAX (40U + 65535U)

/* Where datagrams are put together. */
typedef struct tcpflow__bench {
  tcpflow__board board;
  uint8_t bytes[TCPFLOW__DATAGRAM_MAX]; /* The last datagram. */
} tcpflow__bench;

/* What came out. */
typedef struct tcpflow__assembled {
  uint32_t captured; /* Octets of the datagram that are known. */
  uint32_t length;   /* All of them; 0: it would be too long. */
  bool conflict;     /* Fragments differ in octets that they share. */
} tcpflow__assembled;

/* Assembles a datagram whose units are all covered. */
tcpflow__assembled tcpflow__assemble(tcpflow__bench *bench,
                                     const tcpflow__pending *pending);

#endif /* TCPFLOW__FRAG_ASSEMBLE_H */
