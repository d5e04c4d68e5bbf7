/* examples/spreader/queue.c - frames on their way from one thread to another.
 */
#include "queue.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum {
  BATCH_OCTETS = 1 << 18
};

struct queue {
  pthread_mutex_t lock; /* Of everything below. */
  pthread_cond_t came;  /* A batch, or the end. */
  pthread_cond_t freed;
  batch *first;
  batch *last;
  batch *blank;
  size_t left; /* Batches that may still be made. */
  int closed;
};

queue *queue_new(size_t limit) {
  queue *const q = calloc(1, sizeof(*q));

  if (q != NULL) {
    pthread_mutex_init(&q->lock, NULL);
    pthread_cond_init(&q->came, NULL);
    pthread_cond_init(&q->freed, NULL);
    q->left = limit;
  }
  return q;
}

static void drop_all(batch *b) {
  while (b != NULL) {
    batch *const next = b->next;
    free(b->bytes);
    free(b);
    b = next;
  }
}

void queue_del(queue *q) {
  if (q != NULL) {
    drop_all(q->first);
    drop_all(q->blank);
    pthread_cond_destroy(&q->freed);
    pthread_cond_destroy(&q->came);
    pthread_mutex_destroy(&q->lock);
    free(q);
  }
}

static batch *make_batch(void) {
  batch *const b = malloc(sizeof(*b));

  if (b != NULL) {
    b->room = BATCH_OCTETS;
    b->bytes = malloc(b->room);
    if (b->bytes == NULL) {
      free(b);
      return NULL;
    }
  }
  return b;
}

/* One that came back; NULL: another one may be made. */
static batch *wait_for_blank(queue *q) {
  batch *b;

  pthread_mutex_lock(&q->lock);
  while (q->blank == NULL && q->left == 0) {
    pthread_cond_wait(&q->freed, &q->lock);
  }
  b = q->blank;
  if (b != NULL) {
    q->blank = b->next;
  } else {
    q->left--;
  }
  pthread_mutex_unlock(&q->lock);
  return b;
}

batch *queue_blank(queue *q) {
  batch *b = wait_for_blank(q);

  if (b == NULL) {
    b = make_batch();
  }
  if (b != NULL) {
    b->next = NULL;
    b->count = 0;
    b->used = 0;
  }
  return b;
}

/* A frame that is longer than a batch makes the batch longer. */
static int make_room(batch *b, size_t octets) {
  uint8_t *bytes;

  if (octets <= b->room - b->used) {
    return 1;
  }
  if (b->count > 0) {
    return 0;
  }
  bytes = realloc(b->bytes, octets);
  if (bytes == NULL) {
    return -1;
  }
  b->bytes = bytes;
  b->room = octets;
  return 1;
}

int batch_add(batch *b, const tcpflow_frame *frame, tcpflow_time now) {
  const int room = b->count == BATCH_FRAMES ? 0 : make_room(b, frame->captured);

  if (room == 1) {
    tcpflow_frame *const copy = &b->frame[b->count];

    *copy = *frame;
    b->now[b->count++] = now;
    copy->bytes = b->bytes + b->used;
    if (frame->captured > 0) {
      memcpy(b->bytes + b->used, frame->bytes, frame->captured);
    }
    b->used += frame->captured;
  }
  return room;
}

void queue_put(queue *q, batch *b) {
  pthread_mutex_lock(&q->lock);
  if (q->first == NULL) {
    q->first = b;
  } else {
    q->last->next = b;
  }
  q->last = b;
  pthread_cond_signal(&q->came);
  pthread_mutex_unlock(&q->lock);
}

void queue_close(queue *q) {
  pthread_mutex_lock(&q->lock);
  q->closed = 1;
  pthread_cond_signal(&q->came);
  pthread_mutex_unlock(&q->lock);
}

batch *queue_take(queue *q) {
  batch *b;

  pthread_mutex_lock(&q->lock);
  while (q->first == NULL && !q->closed) {
    pthread_cond_wait(&q->came, &q->lock);
  }
  b = q->first;
  if (b != NULL) {
    q->first = b->next;
  }
  pthread_mutex_unlock(&q->lock);
  return b;
}

void queue_return(queue *q, batch *b) {
  pthread_mutex_lock(&q->lock);
  b->next = q->blank;
  q->blank = b;
  pthread_cond_signal(&q->freed);
  pthread_mutex_unlock(&q->lock);
}
