/*
 * lib/track/attach.h - ICMP errors and the connections that they are about.
 *
 * Room: track.  Includes: base, decode, conn.
 */
#ifndef TCPFLOW__TRACK_ATTACH_H
#define TCPFLOW__TRACK_ATTACH_H

#include "track/tracker.h"

/* Follows a packet if it is an ICMP error.  TCPFLOW_OK, or TCPFLOW_ERR_CALLBACK
   if something else ended before, and its callback asked to stop. */
int tcpflow__attach_icmp(tcpflow_tracker *tracker,
                         const tcpflow_packet *packet);

#endif /* TCPFLOW__TRACK_ATTACH_H */
