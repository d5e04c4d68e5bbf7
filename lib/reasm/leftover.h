/*
 * lib/reasm/leftover.h - octets that were told and are wanted once more.
 *
 * Room: reasm.  Includes: base.  A reader of messages may find half of one at
 * the end of what it is told.  It leaves that, and gets it again in one piece
 * with what follows.  The owner of a stream keeps a pointer; the engine knows
 * nothing of it.
 */
#ifndef TCPFLOW__REASM_LEFTOVER_H
#define TCPFLOW__REASM_LEFTOVER_H

#include <stdbool.h>

#include "reasm/reasm.h"

/* Octets [offset, offset + length) of a stream. */
typedef struct tcpflow__leftover {
  uint64_t offset;
  uint32_t length;
  uint32_t capacity;
  uint8_t bytes[];
} tcpflow__leftover;

/*
 * Keeps the last OCTETS of what is told in place of what is kept; 0: nothing.
 * *left may be NULL: nothing is.  Charged to the budget, and MAX at most.
 * TCPFLOW_OK; TCPFLOW_ERR_LIMIT or TCPFLOW_ERR_NOMEM, with nothing kept.
 */
int tcpflow__leftover_keep(tcpflow__leftover **left, tcpflow__budget *budget,
                           uint32_t max, const tcpflow_stream_data *told,
                           size_t octets);

/* Puts the next octets behind what is kept.  Then JOINED is both, in one piece
   that stays until it is shortened.  False, with nothing changed: they do not
   lie right behind, or there is no room.  *left is not NULL. */
bool tcpflow__leftover_join(tcpflow__leftover **left, tcpflow__budget *budget,
                            uint32_t max, const tcpflow_stream_data *next,
                            tcpflow_stream_data *joined);

/* Of what is kept, the last OCTETS stay; 0: nothing.  *left may be NULL. */
void tcpflow__leftover_shorten(tcpflow__leftover **left,
                               tcpflow__budget *budget, size_t octets);

/* What is kept, as it is told by itself. */
tcpflow_stream_data tcpflow__leftover_all(const tcpflow__leftover *left);

#endif /* TCPFLOW__REASM_LEFTOVER_H */
