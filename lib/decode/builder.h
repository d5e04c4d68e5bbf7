/*
 * lib/decode/builder.h - what the steps of the builder share.
 *
 * Room: decode.  Includes: nothing of ours.  Invariant: used <= capacity, and
 * used + absent fits into 32 bits.  The USED octets at the end of the buffer
 * are the frame so far.
 */
#ifndef TCPFLOW__DECODE_BUILDER_H
#define TCPFLOW__DECODE_BUILDER_H

#include <tcpflow/build.h>

/* Makes the builder fail; the first error stays. */
void tcpflow__builder_fail(tcpflow_builder *builder, int error);

/* Puts SIZE octets of unknown content in front.  NULL: the builder failed. */
uint8_t *tcpflow__builder_push(tcpflow_builder *builder, size_t size);

/* The octets that the frame so far had on the wire. */
static inline uint32_t tcpflow__builder_length(const tcpflow_builder *builder) {
  return (uint32_t)(builder->used + builder->absent);
}

/* RIGHT unless MODE asks for GIVEN or for 0. */
static inline uint16_t tcpflow__builder_choose(uint8_t mode, uint16_t right,
                                               uint16_t given) {
  if (mode == TCPFLOW_BUILD_GIVEN) {
    return given;
  }
  return mode == TCPFLOW_BUILD_ZERO ? 0 : right;
}

/* Completes the checksum of a TCP segment behind the IP header in front. */
void tcpflow__builder_sum_tcp(tcpflow_builder *builder);

#endif /* TCPFLOW__DECODE_BUILDER_H */
