/*
 * lib/queue/listen.h - a queue inside, and the callbacks that fill it.
 *
 * Room: queue.  Includes: base, conn's public face.
 */
#ifndef TCPFLOW__QUEUE_LISTEN_H
#define TCPFLOW__QUEUE_LISTEN_H

#include <tcpflow/queue.h>

#include "queue/arena.h"
#include "queue/copies.h"

typedef struct tcpflow__queue_node {
  struct tcpflow__queue_node *next;
  tcpflow_event event;
} tcpflow__queue_node;

struct tcpflow_queue {
  tcpflow_conn_callbacks callbacks;
  tcpflow__arena arena;
  tcpflow__copied_cause cause;
  tcpflow__queue_node *first; /* The next to be taken; NULL: none waits. */
  tcpflow__queue_node *last;
  uint64_t ends; /* How many of those that wait are ends. */
};

/* Callbacks, whose user is a queue, for the kinds that are wanted: the rest
   costs nothing then.  An end is always heard. */
void tcpflow__queue_listen(tcpflow_conn_callbacks *callbacks, uint64_t wanted);

#endif /* TCPFLOW__QUEUE_LISTEN_H */
