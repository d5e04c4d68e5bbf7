/*
 * examples/spreader/queue.h - frames on their way from one thread to another.
 *
 * One thread fills batches and puts them, one takes them and gives them back to
 * be filled again.  There are no more batches than allowed, so a fast reader
 * waits for a slow worker, and memory is bounded.
 */
#ifndef SPREADER_QUEUE_H
#define SPREADER_QUEUE_H

#include <tcpflow/packet.h>

#include <stddef.h>

enum {
  BATCH_FRAMES = 256
};

typedef struct batch {
  struct batch *next;
  size_t count; /* Frames. */
  size_t used;  /* Octets of them. */
  size_t room;
  uint8_t *bytes;
  tcpflow_frame frame[BATCH_FRAMES];
  tcpflow_time now[BATCH_FRAMES]; /* The latest time, when a frame came. */
} batch;

typedef struct queue queue;

/* A queue of at most LIMIT batches; NULL: no memory. */
queue *queue_new(size_t limit);

/* Releases a queue with its batches; it may be NULL. */
void queue_del(queue *q);

/* An empty batch, waited for if all are in use; NULL: no memory. */
batch *queue_blank(queue *q);

/* Copies a frame, which came at NOW, into a batch: 1.  0: it is full.  -1: no
   memory. */
int batch_add(batch *b, const tcpflow_frame *frame, tcpflow_time now);

/* Hands a batch over. */
void queue_put(queue *q, batch *b);

/* Says that no more will come. */
void queue_close(queue *q);

/* The next batch, waited for; NULL: that was all. */
batch *queue_take(queue *q);

/* Gives a batch back. */
void queue_return(queue *q, batch *b);

#endif /* SPREADER_QUEUE_H */
