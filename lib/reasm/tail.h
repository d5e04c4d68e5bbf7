/*
 * lib/reasm/tail.h - the last octets of a stream that were told.
 *
 * Room: reasm.  Includes: base.  What was told never changes, so only a copy of
 * it shows that a later segment says something else.  The owner of a stream
 * keeps a pointer; the engine knows nothing of it.
 */
#ifndef TCPFLOW__REASM_TAIL_H
#define TCPFLOW__REASM_TAIL_H

#include <stdbool.h>

#include "reasm/reasm.h"

/* The most octets that one may be made for. */
#define TCPFLOW__TAIL_MAX (UINT32_C(1) << 30)

/* Octets [end - length, end) of a stream, at bytes + from. */
typedef struct tcpflow__tail {
  uint64_t end;
  uint32_t from;
  uint32_t length;
  uint32_t capacity;
  uint8_t bytes[];
} tcpflow__tail;

/*
 * Adds octets that are told, of which the last MAX stay.  *tail may be NULL:
 * none so far.  Those of before stay if the new ones lie right behind them.
 * Where there is no memory, or all that is held and remembered would take more
 * than half of the budget, everything is forgotten: held octets come first.
 */
void tcpflow__tail_add(tcpflow__tail **tail, tcpflow__budget *budget,
                       uint32_t max, const tcpflow_stream_data *told);

/*
 * Does the input say something else of octets that were told?  Then CONFLICT is
 * all that both have, and R counts it.  Between put() and drain().  tail and
 * input may be NULL.
 */
bool tcpflow__tail_differs(const tcpflow__tail *tail, tcpflow__reasm *r,
                           const tcpflow__reasm_input *input,
                           tcpflow_stream_conflict *conflict);

/* The octets from OFFSET on; false if that one is not remembered.  tail may be
   NULL. */
bool tcpflow__tail_peek(const tcpflow__tail *tail, uint64_t offset,
                        tcpflow_stream_data *found);

/* Forgets everything. */
void tcpflow__tail_clear(tcpflow__tail **tail, tcpflow__budget *budget);

#endif /* TCPFLOW__REASM_TAIL_H */
