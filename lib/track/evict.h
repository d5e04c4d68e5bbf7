/*
 * lib/track/evict.h - which flow has to go when there is no room.
 *
 * Room: track.  Includes: base, conn.
 */
#ifndef TCPFLOW__TRACK_EVICT_H
#define TCPFLOW__TRACK_EVICT_H

#include "track/table.h"

/*
 * Chooses a flow other than NEWCOMER, of which there is one at least (NEWCOMER
 * only if it has ended); none is dead.  In this order:
 *
 *   ended     the first to end: only stragglers miss it;
 *   reset     the first to be reset;
 *   embryonic the oldest that is opening, answered or picked up;
 *   closing   the first to have both FINs;
 *   others    one that has been idle for long, open or half-closed.
 *
 * So a flood of openings or of segments of no connection costs at most one open
 * connection, however many there are.  Embryonic ones go by age alone: if one
 * phase of them went before another, a flood of that other would fill the table
 * and every real newcomer would go at once.  By age each has the same time, the
 * cap divided by the rate of newcomers.  Looks at a bounded number of flows.
 */
uint32_t tcpflow__evict_choose(tcpflow__flows *flows, uint32_t newcomer);

/* Likewise, one that is not folded, so that its sides are to be had;
   TCPFLOW__FLOW_NONE: none was found in a bounded number of looks. */
uint32_t tcpflow__evict_choose_unfolded(tcpflow__flows *flows,
                                        uint32_t newcomer);

/* Likewise, one whose tuple does not fit into its record, folded or not. */
uint32_t tcpflow__evict_choose_whole(tcpflow__flows *flows, uint32_t newcomer);

/* INDEX goes: where many go one after the other, asks for what the next ones'
   going will read, so that it comes in the meantime. */
void tcpflow__evict_look_ahead(const tcpflow__table *table, uint32_t index);

#endif /* TCPFLOW__TRACK_EVICT_H */
