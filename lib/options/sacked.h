/*
 * lib/options/sacked.h - [nop,nop,TS,nop,nop,sack], the list of an ACK that
 * reports what came behind a loss.
 *
 * Room: options.  Includes: base, wire.  Beside timestamps.h the other list
 * that comes in numbers: while a segment is missing, most ACKs have it, with
 * one to three blocks, which is all that fits behind timestamps (RFC 2018
 * section 3).  Likewise kept is what does not change.
 */
#ifndef TCPFLOW__OPTIONS_SACKED_H
#define TCPFLOW__OPTIONS_SACKED_H

#include <string.h>

#include "options/timestamps.h"

/* Octets of the list in front of the first block. */
#define TCPFLOW__SACKED_LENGTH 16

/* NOP, NOP, kind 5, length 2 and that of the blocks. */
#define TCPFLOW__NOP_NOP_SACK  UINT32_C(0x01010502)

/* Most blocks behind timestamps. */
#define TCPFLOW__SACKED_MOST   3U

/* Is it that list, in a segment that is no SYN?  BYTES has LENGTH. */
TCPFLOW__FLAT bool tcpflow__options_are_sacked(const uint8_t *bytes,
                                               size_t length) {
  const size_t blocks = length - TCPFLOW__SACKED_LENGTH;

  return blocks - 8 <= 8 * (TCPFLOW__SACKED_MOST - 1) && blocks % 8 == 0 &&
         tcpflow__options_are_timestamps(bytes) &&
         tcpflow__fetch32(bytes + 12) == TCPFLOW__NOP_NOP_SACK + blocks;
}

/* All of the list but the values, which are 0. */
TCPFLOW__FLAT void tcpflow__sacked_init(tcpflow_options *options) {
  *options = (tcpflow_options){
    .size = sizeof(*options),
    .present = TCPFLOW_HAS_NOP | TCPFLOW_HAS_TIMESTAMPS | TCPFLOW_HAS_SACK,
    .count = 6};
}

/* Answers whether the walk would find nothing wrong with the block.  A block of
   2^31 octets is also one that is turned around. */
TCPFLOW__FLAT bool tcpflow__sacked_block(tcpflow_sack_block *block,
                                         const uint8_t *data) {
  block->left = tcpflow__fetch32(data);
  block->right = tcpflow__fetch32(data + 4);
  return !tcpflow_seq_leq(block->right, block->left);
}

/* The blocks of a list, from DATA on; false: there is something wrong with
   one, and what was taken means nothing. */
TCPFLOW__FLAT bool tcpflow__sacked_blocks(tcpflow_options *options,
                                          const uint8_t *data,
                                          unsigned blocks) {
  options->sack_count = (uint8_t)blocks;
  for (unsigned i = 0; i < blocks; i++) {
    if (!tcpflow__sacked_block(&options->sack[i], data + 8 * (size_t)i)) {
      return false;
    }
  }
  return true;
}

/* The values of a list of LENGTH.  False as above. */
TCPFLOW__FLAT bool tcpflow__sacked_take(tcpflow_options *options,
                                        const uint8_t *bytes, size_t length) {
  tcpflow__timestamps_take(options, bytes + 4);
  memset(options->sack, 0, sizeof(options->sack));
  return tcpflow__sacked_blocks(options, bytes + TCPFLOW__SACKED_LENGTH,
                                (unsigned)(length - TCPFLOW__SACKED_LENGTH) /
                                  8);
}

#endif /* TCPFLOW__OPTIONS_SACKED_H */
