/*
 * lib/conn/ecn.h - what became of ECN in the handshake.
 *
 * Room: conn.  Includes: segment.
 */
#ifndef TCPFLOW__CONN_ECN_H
#define TCPFLOW__CONN_ECN_H

#include "conn/conn.h"

/* By what both SYNs say, as far as they were captured. */
tcpflow_ecn tcpflow__conn_ecn(const tcpflow_conn *conn);

#endif /* TCPFLOW__CONN_ECN_H */
