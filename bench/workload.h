/*
 * bench/workload.h - the packets that are measured: made, not captured, and the
 * same on every machine.
 */
#ifndef TCPFLOW_BENCH_WORKLOAD_H
#define TCPFLOW_BENCH_WORKLOAD_H

#include <tcpflow/packet.h>

#include <stddef.h>

/*
 * Takes one frame, borrowed for the call.  0: go on.  NULL in place of a frame
 * comes once, in front of those that are counted: what came before only opens
 * the connections.
 */
typedef int workload_sink(void *user, const tcpflow_frame *frame);

/*
 * Makes COUNT packets of the workload called NAME, besides those that open
 * connections: a kind of traffic, what carries it, and settings, such as
 * "short", "bulk-ipv6-vlan" or "many,flows=1000000".  "loss" makes some more,
 * until all octets have arrived.  Answers 0; -1: no such workload, or no
 * memory; or what the sink answered.
 */
int workload_make(const char *name, size_t count, workload_sink *sink,
                  void *user);

/* The kinds of traffic and what they are, to be printed. */
extern const char workload_names[];

#endif /* TCPFLOW_BENCH_WORKLOAD_H */
