/*
 * lib/track/recent.c - what a flow is remembered by that is not plain.
 *
 * Room: track.  Includes: base, wire, conn.  All that counts of its tuple goes
 * in, and each end by itself before they meet.
 */
#include "track/recent.h"

static uint64_t fetch_any64(const uint8_t *p) {
  uint64_t word;

  memcpy(&word, p, sizeof(word));
  return word;
}

/* Mixes in a word. */
TCPFLOW__SIP_WRAPS static uint64_t mix(uint64_t sum, uint64_t word,
                                       uint64_t factor) {
  const uint64_t product = (sum ^ word) * factor;

  return product ^ product >> 32;
}

/* One end. */
TCPFLOW__SIP_WRAPS static uint64_t end_of(const tcpflow_tuple *tuple,
                                          unsigned end, uint64_t factor) {
  const uint8_t *const address = tuple->address[end];
  const uint64_t near = mix(tuple->port[end], fetch_any64(address), factor);

  return mix(near, fetch_any64(address + 8), factor) + factor;
}

TCPFLOW__APART TCPFLOW__SIP_WRAPS uint64_t tcpflow__recent_product_long(
  const tcpflow__recent *recent, const tcpflow__hasher *hasher,
  const tcpflow_tuple *tuple) {
  const uint64_t factor = recent->factor;
  const uint64_t tags = tcpflow__tags_of(tuple) & hasher->tags_mask;
  const uint64_t ends = end_of(tuple, 0, factor) * end_of(tuple, 1, factor);

  return mix(mix(ends, tags, factor), tuple->scope, factor) * factor;
}
