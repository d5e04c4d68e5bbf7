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

/* What a segment does; the other flags are of ECN. */
#define TCPFLOW__FIRSTSYN_DOING                                                \
  (TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_ACK | TCPFLOW_FLAG_FIN | TCPFLOW_FLAG_RST | \
   TCPFLOW_FLAG_PSH | TCPFLOW_FLAG_URG)

/* No octets (RFC 7413), and no option that few connections have. */
static inline bool tcpflow__firstsyn_is_short(const tcpflow_segment *segment) {
  const tcpflow_options *const options = segment->options;

  return (segment->flags & TCPFLOW__FIRSTSYN_DOING) == TCPFLOW_FLAG_SYN &&
         segment->payload_length == 0 && segment->fragment_anomalies == 0 &&
         segment->checksum != TCPFLOW_CHECKSUM_BAD &&
         (options == NULL ||
          (options->flags == 0 && (options->present & TCPFLOW_HAS_OTHER) == 0));
}

/* Is it such a SYN, from a PORT to another one, captured in time?  Then the
   connection that it begins may begin folded, unless it has an heirloom. */
static inline bool tcpflow__firstsyn_is(const tcpflow__conn_env *env,
                                        const uint16_t port[2],
                                        const tcpflow_segment *segment) {
  return tcpflow__firstsyn_is_short(segment) && env->routine &&
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
