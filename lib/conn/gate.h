/*
 * lib/conn/gate.h - octets that wait until their receiver acknowledges them.
 *
 * Room: conn.  Includes: base, segment, reasm.  For connections with
 * TCPFLOW__CONN_GATED only.
 */
#ifndef TCPFLOW__CONN_GATE_H
#define TCPFLOW__CONN_GATE_H

#include "conn/visit.h"

/* Opens the gates of both streams as far as a segment lets them: its numbers
   were applied. */
void tcpflow__gate_settle(tcpflow_conn *conn, const tcpflow__visit *v);

/* Octets of a SYN that were taken pass. */
void tcpflow__gate_pass(tcpflow_conn *conn, tcpflow_side side, uint64_t offset);

/* Are there octets before OFFSET that were not acknowledged? */
bool tcpflow__gate_is_ahead(const tcpflow_conn *conn, tcpflow_side side,
                            uint64_t offset);

#endif /* TCPFLOW__CONN_GATE_H */
