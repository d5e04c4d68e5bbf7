/*
 * examples/events_json.h - the events of a connection as JSON objects.
 *
 * Each function answers a new object with the event's own members, by their
 * names in tcpflow/conn.h and in their order; NULL when there is no memory.
 * doc/events.md describes the objects.
 */
#ifndef EXAMPLES_EVENTS_JSON_H
#define EXAMPLES_EVENTS_JSON_H

#include <jansson.h>
#include <tcpflow/tcpflow.h>

/* text knows the host names of lines that were read; NULL for a capture. */
json_t *events_json_new(const tcpflow_new_event *event,
                        const tcpflow_text_reader *text);
json_t *events_json_segment(const tcpflow_segment_event *event);
json_t *events_json_state(const tcpflow_state_event *event);
json_t *events_json_established(const tcpflow_established_event *event);
/* with_bytes: the octets, too, in hexadecimal. */
json_t *events_json_data(const tcpflow_data_event *event, int with_bytes);
json_t *events_json_gap(const tcpflow_gap_event *event);
json_t *events_json_urgent(const tcpflow_urgent_event *event);
/* with_bytes: both versions, too. */
json_t *events_json_conflict(const tcpflow_conflict_event *event,
                             int with_bytes);
/* with_bytes: what was captured of the octets, too. */
json_t *events_json_rst_data(const tcpflow_rst_data_event *event,
                             int with_bytes);
json_t *events_json_anomaly(const tcpflow_anomaly_event *event);
json_t *events_json_flip(const tcpflow_flip_event *event,
                         const tcpflow_text_reader *text);
json_t *events_json_icmp(const tcpflow_icmp_event *event);
/* With facts of the connection that only its end settles. */
json_t *events_json_end(const tcpflow_conn *conn,
                        const tcpflow_end_event *event);

#endif /* EXAMPLES_EVENTS_JSON_H */
