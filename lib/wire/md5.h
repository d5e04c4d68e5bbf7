/*
 * lib/wire/md5.h - the MD5 message digest (RFC 1321).
 *
 * Room: wire.  Includes: nothing of ours.  Broken as a hash of documents; it is
 * here because RFC 2385 signs TCP segments with it.
 */
#ifndef TCPFLOW__WIRE_MD5_H
#define TCPFLOW__WIRE_MD5_H

#include <stddef.h>
#include <stdint.h>

/* Octets of a digest, and of a block. */
enum {
  TCPFLOW__MD5_SIZE = 16,
  TCPFLOW__MD5_BLOCK = 64
};

typedef struct tcpflow__md5 {
  uint64_t length;                   /* Octets so far. */
  uint32_t state[4];                 /* Of the whole blocks of them. */
  uint8_t block[TCPFLOW__MD5_BLOCK]; /* The others. */
} tcpflow__md5;

/* Starts a digest. */
void tcpflow__md5_init(tcpflow__md5 *md5);

/* Adds SIZE octets; BYTES may be NULL if there are none. */
void tcpflow__md5_add(tcpflow__md5 *md5, const uint8_t *bytes, size_t size);

/* Writes the digest of what was added; MD5 has no meaning afterwards. */
void tcpflow__md5_end(tcpflow__md5 *md5, uint8_t digest[TCPFLOW__MD5_SIZE]);

#endif /* TCPFLOW__WIRE_MD5_H */
