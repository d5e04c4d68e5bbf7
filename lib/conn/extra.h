/*
 * lib/conn/extra.h - what few connections need to remember.
 *
 * Room: conn.  Includes: base, segment.  A well-behaved connection pays for a
 * pointer.  The memory is taken before anything of the segment at hand is
 * changed, so that a call without memory changes nothing; only counts of
 * anomalies may go without.
 */
#ifndef TCPFLOW__CONN_EXTRA_H
#define TCPFLOW__CONN_EXTRA_H

#include "conn/conn.h"
#include "conn/subflow.h"

typedef struct tcpflow__conn_extra {
  uint32_t anomalies[TCPFLOW_ANOMALY_COUNT];   /* How often each occurred. */
  tcpflow_time timeout[TCPFLOW__TIMED_PHASES]; /* Of its own, by phase. */
  tcpflow__subflow subflow;                    /* Of Multipath TCP. */
  uint8_t own_timeouts; /* Which of them are set: a bit for each. */
} tcpflow__conn_extra;

/* That of a connection, made if there is none.  NULL: no memory. */
tcpflow__conn_extra *tcpflow__conn_extra_need(tcpflow_conn *conn);

/* Frees it, if there is one. */
void tcpflow__conn_extra_clear(tcpflow_conn *conn);

#endif /* TCPFLOW__CONN_EXTRA_H */
