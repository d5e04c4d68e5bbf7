/*
 * lib/reasm/takein.c - taking an arrival in, where there is room for it.
 *
 * Room: reasm.  Includes: base.
 */
#include "reasm/takein.h"

#include "base/order.h"
#include "reasm/contest.h"

bool tcpflow__takein_fits(const tcpflow__reasm *r,
                          const tcpflow__budget *budget,
                          const tcpflow__reasm_limits *limits,
                          const tcpflow__survey *need,
                          const tcpflow__survey *old) {
  if (need->pieces == 0) {
    return true;
  }
  return r->rest->pieces - old->pieces - need->gone + need->pieces <=
           limits->max_pieces &&
         r->rest->memory - old->memory + need->memory <= limits->max_memory &&
         budget->used - old->memory + need->memory <= budget->cap;
}

int tcpflow__takein(tcpflow__reasm *r, tcpflow__budget *budget,
                    const tcpflow__arrival *in, const tcpflow__survey *need) {
  const bool takes = need->contested || in->input->swallows;
  tcpflow__piece *chain = NULL;
  tcpflow__piece *place = NULL;
  uint64_t reach = 0;

  if (need->pieces > 0 &&
      tcpflow__hold_make(r, budget, in, takes, &chain) != TCPFLOW_OK) {
    return TCPFLOW_ERR_NOMEM;
  }
  if (takes) {
    reach = tcpflow__contest_yield(r, budget, in, &place);
  }
  if (chain != NULL) {
    chain->end = tcpflow__higher(chain->end, reach);
  }
  tcpflow__hold_link(r, budget, in, chain, place);
  return TCPFLOW_OK;
}
