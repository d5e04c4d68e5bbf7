/*
 * streams_index.h - the index of what streams writes: JSON objects, one a line.
 *
 * Functions answer 0, or 1: that failed, and it was said.
 */
#ifndef EXAMPLES_STREAMS_INDEX_H
#define EXAMPLES_STREAMS_INDEX_H

#include "streams_files.h"

int index_gap(writer *to, const connection *c, const tcpflow_gap_event *event);

/* Octets that are written, of which none was seen to be acknowledged. */
int index_unacknowledged(writer *to, const connection *c,
                         const tcpflow_data_event *event, size_t length);

int index_conflict(writer *to, const connection *c,
                   const tcpflow_conflict_event *event);

int index_urgent(writer *to, const connection *c,
                 const tcpflow_urgent_event *event);

/* The connection is over. */
int index_connection(writer *to, const connection *c, const tcpflow_conn *conn,
                     const tcpflow_end_event *event);

#endif /* EXAMPLES_STREAMS_INDEX_H */
