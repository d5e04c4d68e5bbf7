/*
 * bench/workload.h - the packets that are measured: made, not captured, and the
 * same on every machine.
 */
#ifndef TCPFLOW_BENCH_WORKLOAD_H
#define TCPFLOW_BENCH_WORKLOAD_H

#include <tcpflow/packet.h>

#include <stddef.h>

/* Takes one frame, borrowed for the call.  0: go on. */
typedef int workload_sink(void *user, const tcpflow_frame *frame);

/*
 * Makes about COUNT packets of the workload called NAME: a kind of traffic, and
 * what carries it, such as "short" or "bulk-ipv6-vlan".  Answers 0; -1: no such
 * workload; or what the sink answered.
 */
int workload_make(const char *name, size_t count, workload_sink *sink,
                  void *user);

/* The kinds of traffic and what they are, to be printed. */
extern const char workload_names[];

#endif /* TCPFLOW_BENCH_WORKLOAD_H */
