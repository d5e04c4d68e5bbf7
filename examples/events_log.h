/*
 * examples/events_log.h - callbacks that write each event as a line of JSON on
 * standard output.
 */
#ifndef EXAMPLES_EVENTS_LOG_H
#define EXAMPLES_EVENTS_LOG_H

#include <tcpflow/tcpflow.h>

/* What the callbacks share: their user pointer. */
typedef struct events_log {
  const tcpflow_text_reader *text; /* Knows host names; NULL for a capture. */
  uintptr_t connections;           /* Begun so far. */
  int bytes;                       /* Not 0: the octets of data, too. */
  int flow_hash;                   /* Not 0: tcpflow_flow_hash(), of: */
  const uint8_t *key;
  uint32_t key_flags;
} events_log;

/* Sets every callback; the one of segments only if that is not 0.  They stop
   the run if there is no memory, or standard output takes no more. */
void events_log_callbacks(tcpflow_conn_callbacks *callbacks, int segments);

#endif /* EXAMPLES_EVENTS_LOG_H */
