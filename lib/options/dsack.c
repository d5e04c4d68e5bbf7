/*
 * lib/options/dsack.c - SACK blocks that report a duplicate.
 *
 * Room: options.  Includes: wire.  RFC 2883 section 4: the first block tells of
 * a duplicate if it is below the acknowledgment number, or part of the second
 * one.  A block that is empty or turned around tells of nothing.
 */
#include <tcpflow/option_values.h>

static int is_block(const tcpflow_sack_block *block) {
  return !tcpflow_seq_leq(block->right, block->left);
}

int tcpflow_sack_is_duplicate(const tcpflow_sack_block *blocks, size_t count,
                              tcpflow_seq ack) {
  if (count == 0 || !is_block(&blocks[0])) {
    return 0;
  }
  if (tcpflow_seq_leq(blocks[0].right, ack)) {
    return 1;
  }
  return count > 1 && is_block(&blocks[1]) &&
         tcpflow_seq_leq(blocks[1].left, blocks[0].left) &&
         tcpflow_seq_leq(blocks[0].right, blocks[1].right);
}
