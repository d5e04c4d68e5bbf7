/*
 * lib/conn/skip.h - octets of a stream that nobody wants.
 *
 * Room: conn.  Includes: base, segment, reasm.  Each looks at what has to do
 * with a side's stream, and takes away what is skipped.
 */
#ifndef TCPFLOW__CONN_SKIP_H
#define TCPFLOW__CONN_SKIP_H

#include "conn/tell.h"

/* Before the stream gets it. */
void tcpflow__skip_input(const tcpflow_conn *conn, tcpflow_side side,
                         tcpflow__reasm_input *input);

/* Before it is told; false: nothing is left to tell. */
bool tcpflow__skip_data(const tcpflow_conn *conn, tcpflow_side side,
                        tcpflow_stream_data *data);

/* Likewise. */
bool tcpflow__skip_gap(tcpflow_conn *conn, tcpflow_side side,
                       tcpflow_stream_gap *gap);

#endif /* TCPFLOW__CONN_SKIP_H */
