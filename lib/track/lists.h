/*
 * lib/track/lists.h - rings through the records of flows.
 *
 * Room: track.  Includes: base, conn.  A ring goes through its head, so that
 * linking and unlinking know no ends; an index with TCPFLOW__LIST_HEAD set
 * names a head.  All are O(1).
 */
#ifndef TCPFLOW__TRACK_LISTS_H
#define TCPFLOW__TRACK_LISTS_H

#include "track/flows.h"

#define TCPFLOW__LIST_HEAD UINT32_C(0x80000000)

/* The link of a flow or a head. */
static inline tcpflow__link *tcpflow__list_link(tcpflow__flows *flows,
                                                tcpflow__chain chain,
                                                uint32_t index) {
  return (index & TCPFLOW__LIST_HEAD) != 0
           ? &flows->head[index & ~TCPFLOW__LIST_HEAD]
           : &tcpflow__flows_at(flows, index)->link[chain];
}

/* The first of a list; TCPFLOW__FLOW_NONE if it is empty. */
static inline uint32_t tcpflow__list_first(const tcpflow__flows *flows,
                                           uint32_t list) {
  const uint32_t first = flows->head[list].next;

  return (first & TCPFLOW__LIST_HEAD) != 0 ? TCPFLOW__FLOW_NONE : first;
}

/* Makes a list empty; what was in it is not told. */
void tcpflow__list_init(tcpflow__flows *flows, uint32_t list);

/* Puts a flow, which is in no list of this chain and has that LINK, behind the
   last. */
static inline void tcpflow__list_place(tcpflow__flows *flows,
                                       tcpflow__chain chain, uint32_t list,
                                       uint32_t index, tcpflow__link *link) {
  tcpflow__link *const head = &flows->head[list];

  link->next = list | TCPFLOW__LIST_HEAD;
  link->prev = head->prev;
  tcpflow__list_link(flows, chain, head->prev)->next = index;
  head->prev = index;
}

/* The same without the link. */
static inline void tcpflow__list_append(tcpflow__flows *flows,
                                        tcpflow__chain chain, uint32_t list,
                                        uint32_t index) {
  tcpflow__list_place(flows, chain, list, index,
                      tcpflow__list_link(flows, chain, index));
}

/* Takes a flow out of its list. */
static inline void tcpflow__list_unlink(tcpflow__flows *flows,
                                        tcpflow__chain chain,
                                        const tcpflow__link *link) {
  tcpflow__list_link(flows, chain, link->next)->prev = link->prev;
  tcpflow__list_link(flows, chain, link->prev)->next = link->next;
}

/* Moves all of FROM, which is not empty, to the empty list TO. */
void tcpflow__list_move_all(tcpflow__flows *flows, tcpflow__chain chain,
                            uint32_t from, uint32_t to);

#endif /* TCPFLOW__TRACK_LISTS_H */
