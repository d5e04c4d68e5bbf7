/*
 * bench/kernels.h - what is measured: from reading packets at all to following
 * connections with everything told.
 */
#ifndef TCPFLOW_BENCH_KERNELS_H
#define TCPFLOW_BENCH_KERNELS_H

#include <tcpflow/tcpflow.h>

/* What was found; two kernels that look for the same find the same. */
typedef struct finding {
  uint64_t packets;     /* With a TCP header, or that were followed. */
  uint64_t sum;         /* Of the fields that were read. */
  uint64_t connections; /* That ended. */
  uint64_t octets;      /* Told in order. */
  uint64_t gaps;        /* Octets that were missing. */
} finding;

typedef struct kernel kernel;

struct kernel {
  const char *name;
  void (*feed)(const kernel *k, const tcpflow_frame *frames, size_t count);
  void (*listen)(tcpflow_conn_callbacks *callbacks); /* NULL: no tracker. */
  tcpflow_tracker *tracker;
  finding *found;
};

/* All of them; the last one has no name. */
extern const kernel kernels[];

#endif /* TCPFLOW_BENCH_KERNELS_H */
