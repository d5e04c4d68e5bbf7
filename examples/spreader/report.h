/* examples/spreader/report.h - what several trackers did, as if it were one. */
#ifndef SPREADER_REPORT_H
#define SPREADER_REPORT_H

#include "worker.h"

/* Prints the sum of all workers' figures.  FRAMES: what the frames were, as who
   spread them counted; NULL: the workers saw them all. */
void report_sum(const worker *workers, unsigned count,
                const tcpflow_tracker_stats *frames);

/* Prints how long it took, and what each worker had to do. */
void report_time(const worker *workers, unsigned count, uint64_t frames,
                 double seconds);

#endif /* SPREADER_REPORT_H */
