/*
 * lib/track/evict.h - which flow has to go when there is no room.
 *
 * Room: track.  Includes: base, conn.
 */
#ifndef TCPFLOW__TRACK_EVICT_H
#define TCPFLOW__TRACK_EVICT_H

#include "track/flows.h"

/*
 * Chooses a flow other than NEWCOMER, of which there is one at least, and none
 * is dead: the lingering one that ended first; else the oldest that is not open
 * yet; else one that has been idle for long.  So a flood of openings costs at
 * most one open connection, however many there are.  Looks at a bounded number
 * of flows.
 */
uint32_t tcpflow__evict_choose(tcpflow__flows *flows, uint32_t newcomer);

#endif /* TCPFLOW__TRACK_EVICT_H */
