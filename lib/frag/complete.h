/*
 * lib/frag/complete.h - a datagram that is all there.
 *
 * Room: frag.  Includes: base, decode.
 */
#ifndef TCPFLOW__FRAG_COMPLETE_H
#define TCPFLOW__FRAG_COMPLETE_H

#include "frag/arrival.h"

/* Are all units of a datagram covered, and is its end known? */
bool tcpflow__frag_is_complete(tcpflow_frag *frag,
                               const tcpflow__pending *pending);

/* Puts the datagram of the fragment together, and hands it out as a frame of
   PACKET, which the fragment came in; or drops it for what shows then. */
void tcpflow__frag_complete(tcpflow_frag *frag, tcpflow__frag_arrival *a,
                            const tcpflow_packet *packet,
                            tcpflow_frag_result *result,
                            tcpflow_frame *datagram);

#endif /* TCPFLOW__FRAG_COMPLETE_H */
