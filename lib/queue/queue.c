/*
 * lib/queue/queue.c - callbacks that keep what they are told.
 *
 * Room: queue.  Includes: base, conn's public face.  An event with all that it
 * points at is copied into an arena, which is let go once everything was taken
 * and more comes: until then, what was handed out stays.  An event that does
 * not fit stops the telling, so that what waits has no hole in it.
 */
#include <tcpflow/queue.h>

#include "queue/arena.h"
#include "queue/copies.h"

#define MAX_BYTES_DEFAULT (UINT64_C(64) << 20)

typedef struct node {
  struct node *next;
  tcpflow_event event;
} node;

struct tcpflow_queue {
  tcpflow_conn_callbacks callbacks;
  tcpflow__arena arena;
  tcpflow__copied_cause cause;
  node *first; /* The next to be taken; NULL: none waits. */
  node *last;
  uint64_t ends; /* How many of those that wait are ends. */
};

/* Everything was taken, and more comes. */
static void make_room(tcpflow_queue *queue) {
  if (queue->first == NULL) {
    tcpflow__arena_reset(&queue->arena);
    queue->cause.copy = NULL;
  }
}

/* A copy of an event; NULL: no room. */
static void *take_event(tcpflow_queue *queue, const void *event, size_t size) {
  make_room(queue);
  return tcpflow__arena_copy(&queue->arena, event, size);
}

static bool copy_cause(tcpflow_queue *queue, const tcpflow_segment **cause) {
  return tcpflow__copy_cause(&queue->arena, &queue->cause, cause);
}

/* Puts a node at the end.  Answers as a callback does. */
static int append(tcpflow_queue *queue, const tcpflow_event *event) {
  node *const added = tcpflow__arena_take(&queue->arena, sizeof(*added));

  if (added == NULL) {
    return 1;
  }
  *added = (node){NULL, *event};
  added->event.user_data = tcpflow_conn_user_data(event->conn);
  if (queue->first == NULL) {
    queue->first = added;
  } else {
    queue->last->next = added;
  }
  queue->last = added;
  queue->ends += event->kind == TCPFLOW_EVENT_END;
  return 0;
}

static int keep_new(tcpflow_conn *conn, const tcpflow_new_event *event,
                    void *user) {
  tcpflow_queue *const queue = user;
  tcpflow_new_event *const copy = take_event(queue, event, sizeof(*event));
  tcpflow_event out = {.kind = TCPFLOW_EVENT_NEW, .conn = conn};

  out.as.begin = copy;
  return copy == NULL || !copy_cause(queue, &copy->cause) ||
         !tcpflow__copy_tuple(&queue->arena, &copy->tuple) ||
         append(queue, &out);
}

static int keep_segment(tcpflow_conn *conn, const tcpflow_segment_event *event,
                        void *user) {
  tcpflow_queue *const queue = user;
  tcpflow_segment_event *const copy = take_event(queue, event, sizeof(*event));
  tcpflow_event out = {.kind = TCPFLOW_EVENT_SEGMENT, .conn = conn};

  out.as.segment = copy;
  return copy == NULL ||
         !tcpflow__copy_segment(&queue->arena, &copy->segment) ||
         append(queue, &out);
}

static int keep_state(tcpflow_conn *conn, const tcpflow_state_event *event,
                      void *user) {
  tcpflow_queue *const queue = user;
  tcpflow_state_event *const copy = take_event(queue, event, sizeof(*event));
  tcpflow_event out = {.kind = TCPFLOW_EVENT_STATE, .conn = conn};

  out.as.state = copy;
  return copy == NULL || !copy_cause(queue, &copy->cause) ||
         append(queue, &out);
}

static int keep_established(tcpflow_conn *conn,
                            const tcpflow_established_event *event,
                            void *user) {
  tcpflow_queue *const queue = user;
  tcpflow_established_event *const copy =
    take_event(queue, event, sizeof(*event));
  tcpflow_event out = {.kind = TCPFLOW_EVENT_ESTABLISHED, .conn = conn};

  out.as.established = copy;
  return copy == NULL || !copy_cause(queue, &copy->cause) ||
         append(queue, &out);
}

static bool copy_data(tcpflow_queue *queue, tcpflow_data_event *event) {
  tcpflow_stream_data *const copy =
    tcpflow__arena_copy(&queue->arena, event->data, sizeof(*event->data));

  event->data = copy;
  return copy != NULL &&
         tcpflow__copy_octets(&queue->arena, &copy->bytes, copy->length);
}

static int keep_data(tcpflow_conn *conn, const tcpflow_data_event *event,
                     void *user) {
  tcpflow_queue *const queue = user;
  tcpflow_data_event *const copy = take_event(queue, event, sizeof(*event));
  tcpflow_event out = {.kind = TCPFLOW_EVENT_DATA, .conn = conn};

  out.as.data = copy;
  return copy == NULL || !copy_cause(queue, &copy->cause) ||
         !copy_data(queue, copy) || append(queue, &out);
}

static int keep_gap(tcpflow_conn *conn, const tcpflow_gap_event *event,
                    void *user) {
  tcpflow_queue *const queue = user;
  tcpflow_gap_event *const copy = take_event(queue, event, sizeof(*event));
  tcpflow_event out = {.kind = TCPFLOW_EVENT_GAP, .conn = conn};

  if (copy == NULL || !copy_cause(queue, &copy->cause)) {
    return 1;
  }
  out.as.gap = copy;
  copy->gap =
    tcpflow__arena_copy(&queue->arena, event->gap, sizeof(*event->gap));
  return copy->gap == NULL || append(queue, &out);
}

static int keep_anomaly(tcpflow_conn *conn, const tcpflow_anomaly_event *event,
                        void *user) {
  tcpflow_queue *const queue = user;
  tcpflow_anomaly_event *const copy = take_event(queue, event, sizeof(*event));
  tcpflow_event out = {.kind = TCPFLOW_EVENT_ANOMALY, .conn = conn};

  out.as.anomaly = copy;
  return copy == NULL || !copy_cause(queue, &copy->cause) ||
         append(queue, &out);
}

static int keep_end(tcpflow_conn *conn, const tcpflow_end_event *event,
                    void *user) {
  tcpflow_queue *const queue = user;
  tcpflow_end_event *const copy = take_event(queue, event, sizeof(*event));
  tcpflow_event out = {.kind = TCPFLOW_EVENT_END, .conn = conn};

  out.as.end = copy;
  return copy == NULL || !copy_cause(queue, &copy->cause) ||
         append(queue, &out);
}

static int keep_flip(tcpflow_conn *conn, const tcpflow_flip_event *event,
                     void *user) {
  tcpflow_queue *const queue = user;
  tcpflow_flip_event *const copy = take_event(queue, event, sizeof(*event));
  tcpflow_event out = {.kind = TCPFLOW_EVENT_FLIP, .conn = conn};

  out.as.flip = copy;
  return copy == NULL || !copy_cause(queue, &copy->cause) ||
         !tcpflow__copy_tuple(&queue->arena, &copy->tuple) ||
         append(queue, &out);
}

static int keep_icmp(tcpflow_conn *conn, const tcpflow_icmp_event *event,
                     void *user) {
  tcpflow_queue *const queue = user;
  tcpflow_icmp_event *const copy = take_event(queue, event, sizeof(*event));
  tcpflow_event out = {.kind = TCPFLOW_EVENT_ICMP, .conn = conn};

  out.as.icmp = copy;
  return copy == NULL || !tcpflow__copy_packet(&queue->arena, &copy->packet) ||
         append(queue, &out);
}

static int keep_urgent(tcpflow_conn *conn, const tcpflow_urgent_event *event,
                       void *user) {
  tcpflow_queue *const queue = user;
  tcpflow_urgent_event *const copy = take_event(queue, event, sizeof(*event));
  tcpflow_event out = {.kind = TCPFLOW_EVENT_URGENT, .conn = conn};

  out.as.urgent = copy;
  return copy == NULL || !copy_cause(queue, &copy->cause) ||
         append(queue, &out);
}

static bool copy_versions(tcpflow_queue *queue, tcpflow_conflict_event *event) {
  tcpflow_stream_conflict *const copy = tcpflow__arena_copy(
    &queue->arena, event->conflict, sizeof(*event->conflict));

  event->conflict = copy;
  return copy != NULL &&
         tcpflow__copy_octets(&queue->arena, &copy->first, copy->length) &&
         tcpflow__copy_octets(&queue->arena, &copy->second, copy->length);
}

static int keep_conflict(tcpflow_conn *conn,
                         const tcpflow_conflict_event *event, void *user) {
  tcpflow_queue *const queue = user;
  tcpflow_conflict_event *const copy = take_event(queue, event, sizeof(*event));
  tcpflow_event out = {.kind = TCPFLOW_EVENT_CONFLICT, .conn = conn};

  out.as.conflict = copy;
  return copy == NULL || !copy_cause(queue, &copy->cause) ||
         !copy_versions(queue, copy) || append(queue, &out);
}

/* Listens to what is wanted only: the rest costs nothing then. */
static void listen(tcpflow_conn_callbacks *callbacks, uint64_t wanted) {
#define LISTEN(kind, member)                                                   \
  callbacks->on_##member =                                                     \
    (wanted & TCPFLOW_EVENT_BIT(kind)) != 0 ? keep_##member : NULL
  LISTEN(TCPFLOW_EVENT_NEW, new);
  LISTEN(TCPFLOW_EVENT_SEGMENT, segment);
  LISTEN(TCPFLOW_EVENT_STATE, state);
  LISTEN(TCPFLOW_EVENT_ESTABLISHED, established);
  LISTEN(TCPFLOW_EVENT_DATA, data);
  LISTEN(TCPFLOW_EVENT_GAP, gap);
  LISTEN(TCPFLOW_EVENT_ANOMALY, anomaly);
  LISTEN(TCPFLOW_EVENT_FLIP, flip);
  LISTEN(TCPFLOW_EVENT_ICMP, icmp);
  LISTEN(TCPFLOW_EVENT_URGENT, urgent);
  LISTEN(TCPFLOW_EVENT_CONFLICT, conflict);
#undef LISTEN
  callbacks->on_end = keep_end;
}

int tcpflow_queue_new(tcpflow_queue **out, uint64_t wanted, uint64_t max_bytes,
                      const tcpflow_mem *mem) {
  tcpflow_mem ours;
  const int error = tcpflow__mem_read(&ours, mem);

  if (error != TCPFLOW_OK || (wanted & ~TCPFLOW_EVENTS_ALL) != 0) {
    return TCPFLOW_ERR_INVALID;
  }
  tcpflow_queue *const queue = tcpflow__calloc(&ours, 1, sizeof(*queue));
  if (queue == NULL) {
    return TCPFLOW_ERR_NOMEM;
  }
  queue->arena.mem = ours;
  queue->arena.max = max_bytes == 0 ? MAX_BYTES_DEFAULT : max_bytes;
  tcpflow_conn_callbacks_init(&queue->callbacks);
  listen(&queue->callbacks, wanted);
  *out = queue;
  return TCPFLOW_OK;
}

void tcpflow_queue_del(tcpflow_queue *queue) {
  if (queue != NULL) {
    const tcpflow_mem mem = queue->arena.mem;
    tcpflow__arena_clear(&queue->arena);
    tcpflow__free(&mem, queue);
  }
}

const tcpflow_conn_callbacks *
tcpflow_queue_callbacks(const tcpflow_queue *queue) {
  return &queue->callbacks;
}

const tcpflow_event *tcpflow_queue_next(tcpflow_queue *queue) {
  node *const taken = queue->first;

  if (taken == NULL) {
    return NULL;
  }
  queue->first = taken->next;
  /* Behind an end there may be no connection to ask. */
  if (queue->ends == 0) {
    taken->event.user_data = tcpflow_conn_user_data(taken->event.conn);
  }
  queue->ends -= taken->event.kind == TCPFLOW_EVENT_END;
  return &taken->event;
}

int tcpflow_queue_error(tcpflow_queue *queue) {
  const int error = queue->arena.error;

  queue->arena.error = TCPFLOW_OK;
  return error;
}
