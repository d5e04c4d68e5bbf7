/*
 * bench/counters.h - time on the processor, and what the processor counts where
 * the machine lets it: instructions and cache misses, of this program only.
 */
#ifndef TCPFLOW_BENCH_COUNTERS_H
#define TCPFLOW_BENCH_COUNTERS_H

#include <stdint.h>

typedef enum counter {
  COUNTER_NS,
  COUNTER_INSTRUCTIONS,
  COUNTER_MISSES,
  COUNTERS
} counter;

/* Opens what there is.  0: the processor's own are not counted here. */
int counters_open(void);

/* Begins and ends a stretch, which is added to TOTAL.  What is not counted
   stays 0. */
void counters_start(void);
void counters_stop(uint64_t total[COUNTERS]);

/* The clock on the wall, in nanoseconds. */
uint64_t wall_ns(void);

#endif /* TCPFLOW_BENCH_COUNTERS_H */
