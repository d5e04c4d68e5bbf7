/*
 * lib/queue/copies.h - copies of what events point at.
 *
 * Room: queue.  Includes: base, segment.  Each function below is given where a
 * pointer of a copied event stands, and lets it point at a copy; NULL stays
 * NULL.  false: there is no room, and the event is to be given up.
 */
#ifndef TCPFLOW__QUEUE_COPIES_H
#define TCPFLOW__QUEUE_COPIES_H

#include "queue/arena.h"

#include <tcpflow/conn.h>

#include <stdbool.h>

/* The segment that brought some events. */
typedef struct tcpflow__copied_cause {
  tcpflow_segment *copy;   /* NULL: none. */
  tcpflow_segment segment; /* As it was before it was copied. */
} tcpflow__copied_cause;

bool tcpflow__copy_octets(tcpflow__arena *arena, const uint8_t **bytes,
                          size_t length);
bool tcpflow__copy_tuple(tcpflow__arena *arena, const tcpflow_tuple **tuple);

/* With its payload, and its options. */
bool tcpflow__copy_segment(tcpflow__arena *arena,
                           const tcpflow_segment **segment);

/* Without its payload; once for all events of a segment. */
bool tcpflow__copy_cause(tcpflow__arena *arena, tcpflow__copied_cause *latest,
                         const tcpflow_segment **cause);

/* With the octets of its frame. */
bool tcpflow__copy_packet(tcpflow__arena *arena, const tcpflow_packet **packet);

#endif /* TCPFLOW__QUEUE_COPIES_H */
