/*
 * lib/queue/listen.c - callbacks that keep what they are told.
 *
 * Room: queue.  Includes: base, conn's public face.  An event with all that it
 * points at is copied into an arena.  One that does not fit stops the telling,
 * so that what waits has no hole in it.
 */
#include "queue/listen.h"

/* Of a connection that is over. */
typedef struct facts {
  tcpflow_conn_info info;
  tcpflow_endpoint_info endpoint[2];
  tcpflow_subflow_info subflow;
} facts;

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
  tcpflow__queue_node *const added =
    tcpflow__arena_take(&queue->arena, sizeof(*added));

  if (added == NULL) {
    return 1;
  }
  *added = (tcpflow__queue_node){NULL, *event};
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

/* What can be asked for in the callback of an end only. */
static bool keep_facts(tcpflow_queue *queue, tcpflow_event *out) {
  facts *const kept = tcpflow__arena_take(&queue->arena, sizeof(*kept));

  if (kept == NULL) {
    return false;
  }
  tcpflow_conn_info_init(&kept->info);
  tcpflow_subflow_info_init(&kept->subflow);
  (void)tcpflow_conn_get_info(out->conn, &kept->info);
  (void)tcpflow_conn_get_subflow(out->conn, &kept->subflow);
  for (unsigned side = 0; side < 2; side++) {
    tcpflow_endpoint_info_init(&kept->endpoint[side]);
    (void)tcpflow_conn_get_endpoint(out->conn, (tcpflow_side)side,
                                    &kept->endpoint[side]);
  }
  out->info = &kept->info;
  out->endpoint = kept->endpoint;
  out->subflow = &kept->subflow;
  return true;
}

static int keep_end(tcpflow_conn *conn, const tcpflow_end_event *event,
                    void *user) {
  tcpflow_queue *const queue = user;
  tcpflow_end_event *const copy = take_event(queue, event, sizeof(*event));
  tcpflow_event out = {.kind = TCPFLOW_EVENT_END, .conn = conn};

  out.as.end = copy;
  return copy == NULL || !copy_cause(queue, &copy->cause) ||
         !keep_facts(queue, &out) || append(queue, &out);
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

static int keep_rst_data(tcpflow_conn *conn,
                         const tcpflow_rst_data_event *event, void *user) {
  tcpflow_queue *const queue = user;
  tcpflow_rst_data_event *const copy = take_event(queue, event, sizeof(*event));
  tcpflow_event out = {.kind = TCPFLOW_EVENT_RST_DATA, .conn = conn};

  out.as.rst_data = copy;
  return copy == NULL || !copy_cause(queue, &copy->cause) ||
         !tcpflow__copy_octets(&queue->arena, &copy->bytes, copy->captured) ||
         append(queue, &out);
}

void tcpflow__queue_listen(tcpflow_conn_callbacks *callbacks, uint64_t wanted) {
  tcpflow_conn_callbacks_init(callbacks);
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
  LISTEN(TCPFLOW_EVENT_RST_DATA, rst_data);
#undef LISTEN
  callbacks->on_end = keep_end;
}
