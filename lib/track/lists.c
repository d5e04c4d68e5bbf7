/*
 * lib/track/lists.c - rings through the records of flows.
 *
 * Room: track.  Includes: base, conn.
 */
#include "track/lists.h"

void tcpflow__list_init(tcpflow__flows *flows, uint32_t list) {
  flows->head[list].next = list | TCPFLOW__LIST_HEAD;
  flows->head[list].prev = list | TCPFLOW__LIST_HEAD;
}

void tcpflow__list_move_all(tcpflow__flows *flows, tcpflow__chain chain,
                            uint32_t from, uint32_t to) {
  const tcpflow__link all = flows->head[from];

  flows->head[to] = all;
  tcpflow__list_link(flows, chain, all.next)->prev = to | TCPFLOW__LIST_HEAD;
  tcpflow__list_link(flows, chain, all.prev)->next = to | TCPFLOW__LIST_HEAD;
  tcpflow__list_init(flows, from);
}
