/*
 * lib/conn/oddities.h - which verdicts and options make an anomaly.
 *
 * Room: conn.  Includes: segment.
 */
#ifndef TCPFLOW__CONN_ODDITIES_H
#define TCPFLOW__CONN_ODDITIES_H

#include "conn/conn.h"
#include "segment/segment.h"

/* Notes the anomalies of a segment, to be told at its end.  conn->last is
   still the time before it. */
void tcpflow__note_oddities(tcpflow_conn *conn, const tcpflow_segment *segment,
                            const tcpflow__judgment *judgment);

/* Notes, once, that only one side is captured. */
void tcpflow__note_one_sided(tcpflow_conn *conn);

#endif /* TCPFLOW__CONN_ODDITIES_H */
