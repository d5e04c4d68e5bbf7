/*
 * examples/spreader/worker.h - one tracker, and the thread that it belongs to.
 */
#ifndef SPREADER_WORKER_H
#define SPREADER_WORKER_H

#include "queue.h"

#include <tcpflow/tracker.h>

#include <pthread.h>

enum {
  WORKERS_MOST = 1024
};

/*
 * What was told.  `events` sums up a number for each event, made of what it
 * says and of the frame that it is about.  A sum does not depend on the order;
 * so it is the same however the frames were spread.
 */
typedef struct tally {
  uint64_t segments;
  uint64_t octets;
  uint64_t missing; /* Octets in gaps. */
  uint64_t anomalies;
  uint64_t events;
} tally;

typedef struct worker {
  tcpflow_tracker *tracker;
  queue *work;
  batch *filling; /* The reader's; NULL: none. */
  pthread_t thread;
  tcpflow_time end; /* Set before the queue is closed. */
  uint64_t frames;
  tally told;
  int socket;       /* Of a fanout. */
  uint64_t dropped; /* By the kernel. */
  double seconds;   /* Of a processor. */
  int error;        /* A tcpflow_error. */
} worker;

/* Makes the tracker, and a queue of at most LIMIT batches; 0: no tracker, no
   memory. */
int worker_open(worker *w, const uint8_t key[16], size_t limit);

/* Releases both. */
void worker_close(worker *w);

/* Begins the thread; 0: there is none. */
int worker_start(worker *w, void *(*body)(void *));

/* Follows the batches of the queue until it is closed. */
void *worker_follow(void *w);

/* Hands a frame, which came at NOW, over with its batch; 0: no memory. */
int worker_add(worker *w, const tcpflow_frame *frame, tcpflow_time now);

/* Hands over what is there. */
void worker_push(worker *w);

/* Says that it was all, at a time, and does not wait. */
void worker_finish(worker *w, tcpflow_time end);

/* Feeds frames in the worker's own thread. */
void worker_feed(worker *w, const tcpflow_frame *frames, size_t count);

/* Lets the time come up to END, and ends what is open. */
void worker_end(worker *w, tcpflow_time end);

#endif /* SPREADER_WORKER_H */
