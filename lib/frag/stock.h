/*
 * lib/frag/stock.h - what is asked for on behalf of a fragment, before anything
 * is changed.
 *
 * Room: frag.  Includes: base.  What was asked for is given back or added.
 */
#ifndef TCPFLOW__FRAG_STOCK_H
#define TCPFLOW__FRAG_STOCK_H

#include "frag/arrival.h"

typedef struct tcpflow__stock {
  tcpflow__part *part;
  tcpflow__map *map; /* If the datagram shall have one from now on. */
  uint64_t memory;   /* All of it, and a new datagram. */
} tcpflow__stock;

/* Asks for the memory.  TCPFLOW_OK or TCPFLOW_ERR_NOMEM. */
int tcpflow__stock_ask(const tcpflow_mem *mem, const tcpflow__frag_arrival *a,
                       tcpflow__stock *s);

void tcpflow__stock_give_back(const tcpflow_mem *mem, tcpflow__stock *s);

/* Drops other datagrams, the oldest first, until it fits.  False: that does not
   help. */
bool tcpflow__stock_make_room(tcpflow_frag *frag,
                              const tcpflow__frag_arrival *a,
                              const tcpflow__stock *s);

/* Adds the fragment to its datagram, which is entered if it is new. */
void tcpflow__stock_add(tcpflow_frag *frag, tcpflow__frag_arrival *a,
                        const tcpflow__stock *s);

#endif /* TCPFLOW__FRAG_STOCK_H */
