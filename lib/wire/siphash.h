/*
 * lib/wire/siphash.h - SipHash: a hash that only the holder of the key can
 * predict (Aumasson and Bernstein, 2012).
 *
 * Room: wire.  Includes: nothing of ours.  The flow table uses 1-3, so nobody
 * can choose tuples that fall together; 2-4 is there for whoever wants the
 * designers' margin.
 */
#ifndef TCPFLOW__WIRE_SIPHASH_H
#define TCPFLOW__WIRE_SIPHASH_H

#include <stddef.h>
#include <stdint.h>

/* The 128-bit key: its first and its last 8 octets as little-endian numbers. */
typedef struct tcpflow__sipkey {
  uint64_t k0;
  uint64_t k1;
} tcpflow__sipkey;

/* A key of 16 octets. */
tcpflow__sipkey tcpflow__sipkey_read(const uint8_t octets[16]);

/* One round a word, three at the end.  The same on every machine. */
uint64_t tcpflow__siphash13(const tcpflow__sipkey *key, const uint8_t *bytes,
                            size_t size);

/* Two rounds a word, four at the end.  The same on every machine. */
uint64_t tcpflow__siphash24(const tcpflow__sipkey *key, const uint8_t *bytes,
                            size_t size);

#endif /* TCPFLOW__WIRE_SIPHASH_H */
