/*
 * lib/wire/sha.h - SHA-1 and SHA-256 (FIPS 180-4) of short messages.
 *
 * Room: wire.  Includes: nothing of ours.  Multipath TCP names a connection by
 * the digest of a key of eight octets (RFC 8684 section 3.2, RFC 6824); what
 * fits one block is all that is needed.
 */
#ifndef TCPFLOW__WIRE_SHA_H
#define TCPFLOW__WIRE_SHA_H

#include <stddef.h>
#include <stdint.h>

/* Words of a digest, octets of the longest message. */
enum {
  TCPFLOW__SHA1_WORDS = 5,
  TCPFLOW__SHA256_WORDS = 8,
  TCPFLOW__SHA_MESSAGE_MAX = 55
};

/* size: at most TCPFLOW__SHA_MESSAGE_MAX.  message may be NULL if it is 0. */
void tcpflow__sha1(uint32_t digest[TCPFLOW__SHA1_WORDS], const uint8_t *message,
                   size_t size);
void tcpflow__sha256(uint32_t digest[TCPFLOW__SHA256_WORDS],
                     const uint8_t *message, size_t size);

#endif /* TCPFLOW__WIRE_SHA_H */
