/*
 * tests/script/flow_log.h - what a connection tells, as lines of a .flow
 * script.
 */
#ifndef FLOW_LOG_H
#define FLOW_LOG_H

#include <stdbool.h>
#include <stdio.h>

#include <tcpflow/queue.h>
#include <tcpflow/tcpflow.h>

/* Where the lines go, and how they look. */
typedef struct flow_log {
  FILE *out;
  bool segments; /* `show segments`: verdicts, too. */
  bool facts;    /* `show facts`: what the handshake agreed on, at the end. */
  bool proofs;   /* `show proofs`: how sure the states are, when it changes. */
  bool quoted;   /* Print data; otherwise check that it is the pattern. */
  size_t keeps;  /* So many octets of the end of data are kept. */
  tcpflow_proof proof[2]; /* As told last. */
  bool shift_known[2];
  uint32_t shift[2]; /* Of the pattern, by side: offset 0 may be anywhere. */
} flow_log;

/* Callbacks that write into a flow_log, which is their user pointer. */
void flow_log_callbacks(tcpflow_conn_callbacks *callbacks);

/* Writes one event that waited in a queue, likewise. */
int flow_log_tell(flow_log *log, const tcpflow_event *event);

#endif /* FLOW_LOG_H */
