/*
 * lib/conn/firstsyn.h - the SYN with which a connection usually begins.
 *
 * Room: conn.  Includes: base, segment, fsm.  A SYN that says nothing unusual
 * leaves behind just what a folded connection knows (fold.h), so that is
 * written down without any sides.  The general way and a fold() behind it would
 * tell the same, and leave the same.
 */
#ifndef TCPFLOW__CONN_FIRSTSYN_H
#define TCPFLOW__CONN_FIRSTSYN_H

#include "conn/conn.h"
#include "segment/opens.h"

/* Is it such a SYN, from a PORT to another one, captured in time?  Then the
   connection that it begins may begin folded, unless it has an heirloom. */
static inline bool tcpflow__firstsyn_is(const tcpflow__conn_env *env,
                                        const uint16_t port[2],
                                        const tcpflow_segment *segment) {
  return tcpflow__opens_plainly(segment, TCPFLOW_FLAG_SYN) && env->routine &&
         port[0] != port[1] &&
         (segment->packet == NULL || segment->packet->time >= segment->time);
}

/* Begins a connection with it, and tells so.  CONN has nothing but what each
   connection begins with, its tuple and its role; its sides do not matter.  It
   is folded behind this, unless a callback has unfolded it, and may have
   ended. */
void tcpflow__firstsyn_begin(tcpflow_conn *conn,
                             const tcpflow_segment *segment);

#endif /* TCPFLOW__CONN_FIRSTSYN_H */
