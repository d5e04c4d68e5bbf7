/* examples/spreader/worker.c - one tracker, and the thread that it belongs to.
 */
#include "worker.h"

#include <string.h>
#include <time.h>

/* --- what is told --- */

static uint64_t mix(uint64_t x) {
  x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
  x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
  return x ^ x >> 31;
}

static uint64_t number_of(const tcpflow_segment *segment) {
  return segment == NULL ? 0 : segment->number;
}

static int on_segment(tcpflow_conn *conn, const tcpflow_segment_event *event,
                      void *user) {
  tally *const t = user;

  (void)conn;
  t->segments++;
  t->events += mix(mix(event->segment->number) ^ event->verdict);
  return 0;
}

static int on_data(tcpflow_conn *conn, const tcpflow_data_event *event,
                   void *user) {
  tally *const t = user;

  (void)conn;
  t->octets += event->data->length;
  t->events += mix(mix(number_of(event->cause) + event->data->offset) +
                   event->data->length);
  return 0;
}

/* A clock may tell of it, so no frame is named. */
static int on_gap(tcpflow_conn *conn, const tcpflow_gap_event *event,
                  void *user) {
  tally *const t = user;

  (void)conn;
  t->missing += event->gap->length;
  t->events += mix(mix(event->gap->offset) + event->gap->length);
  return 0;
}

static int on_anomaly(tcpflow_conn *conn, const tcpflow_anomaly_event *event,
                      void *user) {
  tally *const t = user;

  (void)conn;
  t->anomalies++;
  t->events += mix(mix(number_of(event->cause)) + event->anomaly);
  return 0;
}

static int on_end(tcpflow_conn *conn, const tcpflow_end_event *event,
                  void *user) {
  (void)conn;
  ((tally *)user)->events += mix(event->time + event->reason);
  return 0;
}

/* --- a worker --- */

int worker_open(worker *w, const uint8_t key[16], size_t limit) {
  tcpflow_conn_callbacks callbacks;
  tcpflow_tracker_config config;

  tcpflow_tracker_config_init(&config);
  memcpy(config.hash_key, key, sizeof(config.hash_key));
  tcpflow_conn_callbacks_init(&callbacks);
  callbacks.on_segment = on_segment;
  callbacks.on_data = on_data;
  callbacks.on_gap = on_gap;
  callbacks.on_anomaly = on_anomaly;
  callbacks.on_end = on_end;
  w->socket = -1;
  w->error =
    tcpflow_tracker_new(&w->tracker, &config, &callbacks, NULL, &w->told);
  w->work = queue_new(limit);
  return w->error == TCPFLOW_OK && w->work != NULL;
}

void worker_close(worker *w) {
  tcpflow_tracker_del(w->tracker);
  queue_del(w->work);
}

int worker_start(worker *w, void *(*body)(void *)) {
  return pthread_create(&w->thread, NULL, body, w) == 0;
}

void worker_feed(worker *w, const tcpflow_frame *frames, size_t count) {
  const int error = tcpflow_tracker_feed(w->tracker, frames, count, NULL);

  w->frames += count;
  if (error != TCPFLOW_OK) {
    w->error = error;
  }
}

void worker_end(worker *w, tcpflow_time end) {
  struct timespec used;

  (void)tcpflow_tracker_advance(w->tracker, end);
  (void)tcpflow_tracker_flush(w->tracker);
  if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used) == 0) {
    w->seconds = (double)used.tv_sec + (double)used.tv_nsec / 1e9;
  }
}

/* A frame that is earlier than the one before counts as just as late; but the
   one before may have been another worker's. */
static void follow_batch(worker *w, const batch *b) {
  size_t fed = 0;

  for (size_t i = 0; i < b->count; i++) {
    if (b->frame[i].time < b->now[i]) {
      worker_feed(w, b->frame + fed, i - fed);
      (void)tcpflow_tracker_advance(w->tracker, b->now[i]);
      fed = i;
    }
  }
  worker_feed(w, b->frame + fed, b->count - fed);
}

void *worker_follow(void *argument) {
  worker *const w = argument;
  batch *b;

  while ((b = queue_take(w->work)) != NULL) {
    follow_batch(w, b);
    queue_return(w->work, b);
  }
  worker_end(w, w->end);
  return NULL;
}

/* --- the reader's side --- */

void worker_push(worker *w) {
  if (w->filling != NULL) {
    queue_put(w->work, w->filling);
    w->filling = NULL;
  }
}

/* As batch_add(), with a batch that is got for it. */
static int try_to_add(worker *w, const tcpflow_frame *frame, tcpflow_time now) {
  if (w->filling == NULL) {
    w->filling = queue_blank(w->work);
  }
  return w->filling == NULL ? -1 : batch_add(w->filling, frame, now);
}

int worker_add(worker *w, const tcpflow_frame *frame, tcpflow_time now) {
  int added = try_to_add(w, frame, now);

  if (added == 0) {
    worker_push(w);
    added = try_to_add(w, frame, now);
  }
  return added == 1;
}

void worker_finish(worker *w, tcpflow_time end) {
  worker_push(w);
  w->end = end;
  queue_close(w->work);
}
