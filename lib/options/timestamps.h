/*
 * lib/options/timestamps.h - [nop,nop,TS], the list that most segments have.
 *
 * Room: options.  Includes: base, wire.  RFC 7323 appendix A recommends the
 * list, and nearly every segment of today's connections has it and nothing
 * else.  So whoever reads many segments keeps options that say so, in which
 * only the values change.
 */
#ifndef TCPFLOW__OPTIONS_TIMESTAMPS_H
#define TCPFLOW__OPTIONS_TIMESTAMPS_H

#include <stdbool.h>

#include <tcpflow/options.h>

#include "base/compiler.h"
#include "wire/bytes.h"

/* Octets of the list. */
#define TCPFLOW__TIMESTAMPS_LENGTH 12

/* How it begins, as a number: NOP, NOP, kind 8, length 10. */
#define TCPFLOW__TIMESTAMPS_START  UINT32_C(0x0101080a)

/* Is it that list?  BYTES has its length. */
TCPFLOW__FLAT bool tcpflow__options_are_timestamps(const uint8_t *bytes) {
  return tcpflow__fetch32(bytes) == TCPFLOW__TIMESTAMPS_START;
}

/* All of the list but the values, which are 0. */
TCPFLOW__FLAT void tcpflow__timestamps_init(tcpflow_options *options) {
  *options =
    (tcpflow_options){.size = sizeof(*options),
                      .present = TCPFLOW_HAS_NOP | TCPFLOW_HAS_TIMESTAMPS,
                      .count = 3};
}

/* The values, from behind kind and length. */
TCPFLOW__FLAT void tcpflow__timestamps_take(tcpflow_options *options,
                                            const uint8_t *data) {
  options->ts_val = tcpflow__fetch32(data);
  options->ts_ecr = tcpflow__fetch32(data + 4);
}

#endif /* TCPFLOW__OPTIONS_TIMESTAMPS_H */
