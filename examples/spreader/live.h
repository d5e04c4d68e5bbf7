/* examples/spreader/live.h - frames of an interface. */
#ifndef SPREADER_LIVE_H
#define SPREADER_LIVE_H

#include "worker.h"

/* From now on signals that would end the program, and the end of so many
   seconds (0: never), only set what live_over() answers. */
void live_begin(unsigned seconds);
int live_over(void);

/* The time of the clock that frames have. */
tcpflow_time live_clock(void);

/*
 * Reads an interface with libpcap until live_over().  Each frame is handed to
 * SINK, and NULL from time to time, when none comes; it answers 0 if that
 * failed.  Answers 1; 0: it failed, which was said.
 */
typedef int live_sink(void *user, const tcpflow_frame *frame);
int live_read(const char *program, const char *interface, live_sink *sink,
              void *user);

/* Opens a socket for each worker, among which the kernel spreads the frames of
   an interface (packet(7), PACKET_FANOUT); 0: it cannot, which was said. */
int fanout_open(const char *program, const char *interface, worker *workers,
                unsigned count);

/* Follows what comes out of a worker's socket until live_over(). */
void *fanout_follow(void *w);

/* Closes the sockets. */
void fanout_close(worker *workers, unsigned count);

#endif /* SPREADER_LIVE_H */
