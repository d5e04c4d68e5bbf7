/*
 * lib/reasm/rest.h - what few streams need, made when one needs it.
 *
 * Room: reasm.  Includes: base.  Most streams come in order, and all of them
 * share a rest that says so.  Who holds, gives up or counts something has one
 * of its own.  Some steps cannot fail and may need one: for these a pair is in
 * stock, and is made up for before the next input.
 */
#ifndef TCPFLOW__REASM_REST_H
#define TCPFLOW__REASM_REST_H

#include "reasm/reasm.h"

/* Does a stream share its rest?  Then it is not to be written to. */
static inline bool tcpflow__rest_is_shared(const tcpflow__reasm *r) {
  return r->rest->shared;
}

/* The rest of all streams that have a gate at 0, or none. */
tcpflow__reasm_rest *tcpflow__rest_shared(bool gated);

/* Gives a stream a rest of its own, unless it has one.  TCPFLOW_OK or
   TCPFLOW_ERR_NOMEM. */
int tcpflow__rest_own(tcpflow__reasm *r, tcpflow__budget *budget);

/* Likewise, from what is in stock.  False: there is none, and no memory. */
bool tcpflow__rest_take(tcpflow__reasm *r, tcpflow__budget *budget);

/* Gives a stream one that outlives it and is never freed. */
void tcpflow__rest_lend(tcpflow__reasm *r, tcpflow__reasm_rest *rest);

/* Counts octets that differ from some that were told; not where the stream
   shares its rest. */
void tcpflow__rest_differ(tcpflow__reasm *r, uint64_t octets);

/* The functions below where something is to be done. */
int tcpflow__rest_restock(tcpflow__budget *budget);

/* Sees to it that a pair is in stock.  TCPFLOW_OK or TCPFLOW_ERR_NOMEM. */
static inline int tcpflow__rest_stock(tcpflow__budget *budget) {
  return budget->spares == TCPFLOW__RESTS ? TCPFLOW_OK
                                          : tcpflow__rest_restock(budget);
}

/* Likewise for both STREAMs of a connection: who has rests of its own needs no
   pair. */
static inline int tcpflow__rest_stock_for(const tcpflow__reasm stream[2],
                                          tcpflow__budget *budget) {
  return tcpflow__rest_is_shared(&stream[0]) ||
             tcpflow__rest_is_shared(&stream[1])
           ? tcpflow__rest_stock(budget)
           : TCPFLOW_OK;
}

/* Frees what is in stock. */
void tcpflow__rest_unstock(tcpflow__budget *budget);

/* The function below for a stream that does not share its rest. */
void tcpflow__rest_drop_own(tcpflow__reasm *r, tcpflow__budget *budget);

/* Frees all that a stream has; it shares its rest from here on, unless that was
   lent. */
static inline void tcpflow__rest_drop(tcpflow__reasm *r,
                                      tcpflow__budget *budget) {
  if (!tcpflow__rest_is_shared(r)) {
    tcpflow__rest_drop_own(r, budget);
  }
}

/* There is no gate from here on. */
void tcpflow__rest_open_gate(tcpflow__reasm *r);

/* Where there was no gate there is one at OFFSET.  Takes a rest; where there is
   none, there is still no gate. */
void tcpflow__rest_shut_gate(tcpflow__reasm *r, tcpflow__budget *budget,
                             uint64_t offset);

/* Moves the gate forth.  Takes a rest; where there is none, there is no gate
   from here on. */
void tcpflow__rest_move_gate(tcpflow__reasm *r, tcpflow__budget *budget,
                             uint64_t offset);

#endif /* TCPFLOW__REASM_REST_H */
