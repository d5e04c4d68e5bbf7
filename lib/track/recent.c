/*
 * lib/track/recent.c - what a flow is remembered by that is not plain.
 *
 * Room: track.  Includes: base, wire, conn.  All that counts of its tuple goes
 * in.
 */
#include "track/recent.h"

TCPFLOW__APART TCPFLOW__SIP_WRAPS uint64_t tcpflow__recent_product_long(
  const tcpflow__recent *recent, const tcpflow__hasher *hasher,
  const tcpflow_tuple *tuple) {
  const uint64_t factor = recent->factor;
  const uint64_t tags = tcpflow__tags_of(tuple) & hasher->tags_mask;
  const uint64_t ends = tcpflow__recent_product_six(recent, tuple);

  if ((tags | tuple->scope) == 0) {
    return ends;
  }
  return tcpflow__recent_mix(tcpflow__recent_mix(ends, tags, factor),
                             tuple->scope, factor) *
         factor;
}
