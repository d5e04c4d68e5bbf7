/*
 * lib/track/recent.c - what a flow is remembered by that is not plain.
 *
 * Room: track.  Includes: base, wire, conn.  All that counts of its tuple goes
 * in, in words that are the same both ways.
 */
#include "track/recent.h"

static uint64_t fetch_any64(const uint8_t *p) {
  uint64_t word;

  memcpy(&word, p, sizeof(word));
  return word;
}

/* Mixes in a word that is the same both ways. */
TCPFLOW__SIP_WRAPS static uint64_t mix(uint64_t sum, uint64_t word,
                                       uint64_t factor) {
  const uint64_t product = (sum ^ word) * factor;

  return product ^ product >> 32;
}

TCPFLOW__APART TCPFLOW__SIP_WRAPS uint64_t tcpflow__recent_product_long(
  const tcpflow__recent *recent, const tcpflow__hasher *hasher,
  const tcpflow_tuple *tuple) {
  const uint8_t *const a = tuple->address[0];
  const uint8_t *const b = tuple->address[1];
  const uint64_t ports = (uint64_t)tuple->port[0] + tuple->port[1];
  uint64_t sum = tcpflow__tags_of(tuple) & hasher->tags_mask;

  sum = mix(sum, fetch_any64(a) + fetch_any64(b), recent->factor);
  sum = mix(sum, fetch_any64(a + 8) + fetch_any64(b + 8), recent->factor);
  sum = mix(sum, tuple->scope, recent->factor);
  return (sum ^ ports) * recent->factor;
}
