/* tests/unit/queue/test_listen.c - mirror of lib/queue/listen.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <tcpflow/queue.h>

#include "unit/failmem.h"

typedef int (*any_callback)(void);

enum {
  /* A table is its size, and pointers to functions. */
  CALLBACKS = (sizeof(tcpflow_conn_callbacks) -
               offsetof(tcpflow_conn_callbacks, on_new)) /
              sizeof(any_callback)
};

_Static_assert((int)CALLBACKS == (int)TCPFLOW_EVENT_COUNT,
               "a callback has no kind of event");

/* Everything that events point at, and that is gone behind each telling. */
typedef struct telling {
  tcpflow_queue *queue;
  tcpflow_conn *conn;
  uint8_t octets[8];
  uint8_t others[8];
  tcpflow_tuple tuple;
  tcpflow_options options;
  tcpflow_segment cause;
  tcpflow_packet packet;
  tcpflow_stream_data data;
  tcpflow_stream_gap gap;
  tcpflow_stream_conflict conflict;
} telling;

static void set_up(telling *t, uint64_t max_bytes, const tcpflow_mem *mem) {
  tcpflow_conn_callbacks none;

  memset(t, 0, sizeof(*t));
  tcpflow_conn_callbacks_init(&none);
  assert_int_equal(
    tcpflow_queue_new(&t->queue, TCPFLOW_EVENTS_ALL, max_bytes, mem),
    TCPFLOW_OK);
  assert_int_equal(
    tcpflow_conn_new(&t->conn, NULL, &none, NULL, NULL, t->queue), TCPFLOW_OK);
  memcpy(t->octets, "abcdefgh", 8);
  memcpy(t->others, "ABCDEFGH", 8);
  t->tuple.port[0] = 1024;
  tcpflow_options_init(&t->options);
  t->options.mss = 1460;
  tcpflow_segment_init(&t->cause);
  t->cause.options = &t->options;
  t->cause.payload = t->octets;
  t->cause.payload_captured = 8;
  t->cause.seq = 1000;
  tcpflow_packet_init(&t->packet);
  t->packet.bytes = t->octets;
  t->packet.captured = 8;
  t->data.offset = 5;
  t->data.bytes = t->octets;
  t->data.length = 8;
  t->gap.offset = 6;
  t->gap.length = 9;
  t->conflict.first = t->octets;
  t->conflict.second = t->others;
  t->conflict.length = 8;
}

static void tear_down(telling *t) {
  tcpflow_conn_del(t->conn);
  tcpflow_queue_del(t->queue);
}

/* --- one event of each kind --- */

static int tell_new(const telling *t) {
  const tcpflow_new_event e = {.tuple = &t->tuple, .cause = &t->cause};

  return tcpflow_queue_callbacks(t->queue)->on_new(t->conn, &e, t->queue);
}

static int tell_segment(const telling *t) {
  const tcpflow_segment_event e = {.segment = &t->cause, .offset = 5};

  return tcpflow_queue_callbacks(t->queue)->on_segment(t->conn, &e, t->queue);
}

static int tell_state(const telling *t) {
  const tcpflow_state_event e = {.cause = &t->cause,
                                 .to = TCPFLOW_STATE_CLOSED};

  return tcpflow_queue_callbacks(t->queue)->on_state(t->conn, &e, t->queue);
}

static int tell_established(const telling *t) {
  const tcpflow_established_event e = {.cause = &t->cause, .rtt_server = 5};

  return tcpflow_queue_callbacks(t->queue)->on_established(t->conn, &e,
                                                           t->queue);
}

static int tell_data(const telling *t) {
  const tcpflow_data_event e = {.cause = &t->cause, .data = &t->data};

  return tcpflow_queue_callbacks(t->queue)->on_data(t->conn, &e, t->queue);
}

static int tell_gap(const telling *t) {
  const tcpflow_gap_event e = {.cause = &t->cause, .gap = &t->gap};

  return tcpflow_queue_callbacks(t->queue)->on_gap(t->conn, &e, t->queue);
}

static int tell_anomaly(const telling *t) {
  const tcpflow_anomaly_event e = {.cause = &t->cause, .count = 5};

  return tcpflow_queue_callbacks(t->queue)->on_anomaly(t->conn, &e, t->queue);
}

static int tell_end(const telling *t) {
  const tcpflow_end_event e = {.cause = &t->cause,
                               .reason = TCPFLOW_END_TIMEOUT};

  return tcpflow_queue_callbacks(t->queue)->on_end(t->conn, &e, t->queue);
}

static int tell_flip(const telling *t) {
  const tcpflow_flip_event e = {.cause = &t->cause, .tuple = &t->tuple};

  return tcpflow_queue_callbacks(t->queue)->on_flip(t->conn, &e, t->queue);
}

static int tell_icmp(const telling *t) {
  const tcpflow_icmp_event e = {.packet = &t->packet, .mtu = 5};

  return tcpflow_queue_callbacks(t->queue)->on_icmp(t->conn, &e, t->queue);
}

static int tell_urgent(const telling *t) {
  const tcpflow_urgent_event e = {.cause = &t->cause, .octet = 'u'};

  return tcpflow_queue_callbacks(t->queue)->on_urgent(t->conn, &e, t->queue);
}

static int tell_conflict(const telling *t) {
  const tcpflow_conflict_event e = {.cause = &t->cause,
                                    .conflict = &t->conflict};

  return tcpflow_queue_callbacks(t->queue)->on_conflict(t->conn, &e, t->queue);
}

static int tell_rst_data(const telling *t) {
  const tcpflow_rst_data_event e = {
    .cause = &t->cause, .length = 9, .captured = 8, .bytes = t->octets};

  return tcpflow_queue_callbacks(t->queue)->on_rst_data(t->conn, &e, t->queue);
}

static int (*const tellers[TCPFLOW_EVENT_COUNT])(const telling *) = {
  [TCPFLOW_EVENT_NEW] = tell_new,
  [TCPFLOW_EVENT_SEGMENT] = tell_segment,
  [TCPFLOW_EVENT_STATE] = tell_state,
  [TCPFLOW_EVENT_ESTABLISHED] = tell_established,
  [TCPFLOW_EVENT_DATA] = tell_data,
  [TCPFLOW_EVENT_GAP] = tell_gap,
  [TCPFLOW_EVENT_ANOMALY] = tell_anomaly,
  [TCPFLOW_EVENT_END] = tell_end,
  [TCPFLOW_EVENT_FLIP] = tell_flip,
  [TCPFLOW_EVENT_ICMP] = tell_icmp,
  [TCPFLOW_EVENT_URGENT] = tell_urgent,
  [TCPFLOW_EVENT_CONFLICT] = tell_conflict,
  [TCPFLOW_EVENT_RST_DATA] = tell_rst_data,
};

/* Tells one event, and forgets all that it is made of. */
static const tcpflow_event *tell(telling *t, tcpflow_event_kind kind) {
  const tcpflow_event *event;

  assert_int_equal(tellers[kind](t), 0);
  memset(t->octets, 0, sizeof(t->octets));
  memset(t->others, 0, sizeof(t->others));
  memset(&t->tuple, 0, sizeof(t->tuple));
  memset(&t->options, 0, sizeof(t->options));
  memset(&t->cause, 0, sizeof(t->cause));
  memset(&t->packet, 0, sizeof(t->packet));
  memset(&t->data, 0, sizeof(t->data));
  memset(&t->gap, 0, sizeof(t->gap));
  memset(&t->conflict, 0, sizeof(t->conflict));
  event = tcpflow_queue_next(t->queue);
  assert_non_null(event);
  assert_int_equal(event->kind, kind);
  assert_ptr_equal(event->conn, t->conn);
  assert_null(tcpflow_queue_next(t->queue));
  return event;
}

static void check_cause(const tcpflow_segment *cause) {
  assert_int_equal(cause->seq, 1000);
  assert_int_equal(cause->options->mss, 1460);
  assert_null(cause->payload);
}

/* --- tests --- */

static unsigned listening(const tcpflow_conn_callbacks *callbacks) {
  any_callback pointers[CALLBACKS];
  unsigned count = 0;

  memcpy(pointers,
         (const uint8_t *)callbacks + offsetof(tcpflow_conn_callbacks, on_new),
         sizeof(pointers));
  for (size_t i = 0; i < CALLBACKS; i++) {
    count += pointers[i] != NULL;
  }
  return count;
}

static void listen__wanted__these_and_the_end(void **state) {
  (void)state;
  for (unsigned kind = 0; kind <= TCPFLOW_EVENT_COUNT; kind++) {
    const bool all = kind == TCPFLOW_EVENT_COUNT;
    tcpflow_queue *queue;
    assert_int_equal(
      tcpflow_queue_new(
        &queue, all ? TCPFLOW_EVENTS_ALL : TCPFLOW_EVENT_BIT(kind), 0, NULL),
      TCPFLOW_OK);
    assert_int_equal(listening(tcpflow_queue_callbacks(queue)),
                     all                         ? TCPFLOW_EVENT_COUNT
                     : kind == TCPFLOW_EVENT_END ? 1
                                                 : 2);
    tcpflow_queue_del(queue);
  }
}

static void flip__cause_and_tuple__copies(void **state) {
  telling t;
  const tcpflow_event *event;

  (void)state;
  set_up(&t, 0, NULL);
  event = tell(&t, TCPFLOW_EVENT_FLIP);
  check_cause(event->as.flip->cause);
  assert_int_equal(event->as.flip->tuple->port[0], 1024);
  tear_down(&t);
}

static void icmp__frame__copy(void **state) {
  telling t;
  const tcpflow_event *event;

  (void)state;
  set_up(&t, 0, NULL);
  event = tell(&t, TCPFLOW_EVENT_ICMP);
  assert_int_equal(event->as.icmp->mtu, 5);
  assert_int_equal(event->as.icmp->packet->captured, 8);
  assert_memory_equal(event->as.icmp->packet->bytes, "abcdefgh", 8);
  tear_down(&t);
}

static void urgent__octet_and_cause__copies(void **state) {
  telling t;
  const tcpflow_event *event;

  (void)state;
  set_up(&t, 0, NULL);
  event = tell(&t, TCPFLOW_EVENT_URGENT);
  check_cause(event->as.urgent->cause);
  assert_int_equal(event->as.urgent->octet, 'u');
  tear_down(&t);
}

static void conflict__both_versions__copies(void **state) {
  telling t;
  const tcpflow_event *event;

  (void)state;
  set_up(&t, 0, NULL);
  event = tell(&t, TCPFLOW_EVENT_CONFLICT);
  check_cause(event->as.conflict->cause);
  assert_int_equal(event->as.conflict->conflict->length, 8);
  assert_memory_equal(event->as.conflict->conflict->first, "abcdefgh", 8);
  assert_memory_equal(event->as.conflict->conflict->second, "ABCDEFGH", 8);
  tear_down(&t);
}

/* A digest of what was told is no octets. */
static void conflict__first_is_not_known__stays_so(void **state) {
  telling t;
  const tcpflow_event *event;

  (void)state;
  set_up(&t, 0, NULL);
  t.conflict.first = NULL;
  event = tell(&t, TCPFLOW_EVENT_CONFLICT);
  assert_null(event->as.conflict->conflict->first);
  assert_memory_equal(event->as.conflict->conflict->second, "ABCDEFGH", 8);
  tear_down(&t);
}

static void rst_data__octets__copy(void **state) {
  telling t;
  const tcpflow_event *event;

  (void)state;
  set_up(&t, 0, NULL);
  event = tell(&t, TCPFLOW_EVENT_RST_DATA);
  check_cause(event->as.rst_data->cause);
  assert_int_equal(event->as.rst_data->length, 9);
  assert_memory_equal(event->as.rst_data->bytes, "abcdefgh", 8);
  tear_down(&t);
}

/* What a connection came to is asked for while it is there. */
static void end__facts__of_the_connection(void **state) {
  telling t;
  const tcpflow_event *event;

  (void)state;
  set_up(&t, 0, NULL);
  event = tell(&t, TCPFLOW_EVENT_END);
  check_cause(event->as.end->cause);
  assert_non_null(event->info);
  assert_int_equal(event->info->open_kind, TCPFLOW_OPEN_UNKNOWN);
  assert_int_equal(event->endpoint[1].delivered, 0);
  assert_int_equal(event->subflow->kind, TCPFLOW_SUBFLOW_NONE);
  tear_down(&t);
}

static void other__facts__none(void **state) {
  (void)state;
  for (unsigned kind = 0; kind < TCPFLOW_EVENT_COUNT; kind++) {
    const bool end = kind == TCPFLOW_EVENT_END;
    telling t;
    const tcpflow_event *event;
    set_up(&t, 0, NULL);
    event = tell(&t, (tcpflow_event_kind)kind);
    assert_int_equal(event->info != NULL, end);
    assert_int_equal(event->endpoint != NULL, end);
    assert_int_equal(event->subflow != NULL, end);
    tear_down(&t);
  }
}

/* Wherever the room ends: the telling stops, and nothing half is there. */
static void any__no_room__stops_the_telling(void **state) {
  (void)state;
  for (unsigned kind = 0; kind < TCPFLOW_EVENT_COUNT; kind++) {
    int answer = 1;
    for (uint64_t max = 16; answer != 0; max += 16) {
      telling t;
      set_up(&t, max, NULL);
      answer = tellers[kind](&t);
      assert_int_equal(tcpflow_queue_error(t.queue),
                       answer == 0 ? TCPFLOW_OK : TCPFLOW_ERR_LIMIT);
      assert_int_equal(tcpflow_queue_next(t.queue) != NULL, answer == 0);
      assert_true(max < 8192);
      tear_down(&t);
    }
  }
}

static void any__no_memory__stops_the_telling(void **state) {
  (void)state;
  for (unsigned kind = 0; kind < TCPFLOW_EVENT_COUNT; kind++) {
    failmem fm = {0};
    const tcpflow_mem mem = failmem_table(&fm);
    telling t;
    set_up(&t, 0, &mem);
    fm.fail_at = fm.requests + 1;
    assert_int_not_equal(tellers[kind](&t), 0);
    assert_int_equal(tcpflow_queue_error(t.queue), TCPFLOW_ERR_NOMEM);
    assert_null(tcpflow_queue_next(t.queue));
    assert_int_equal(tellers[kind](&t), 0);
    assert_non_null(tcpflow_queue_next(t.queue));
    tear_down(&t);
    assert_int_equal(fm.live_blocks, 0);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(listen__wanted__these_and_the_end),
    cmocka_unit_test(flip__cause_and_tuple__copies),
    cmocka_unit_test(icmp__frame__copy),
    cmocka_unit_test(urgent__octet_and_cause__copies),
    cmocka_unit_test(conflict__both_versions__copies),
    cmocka_unit_test(conflict__first_is_not_known__stays_so),
    cmocka_unit_test(rst_data__octets__copy),
    cmocka_unit_test(end__facts__of_the_connection),
    cmocka_unit_test(other__facts__none),
    cmocka_unit_test(any__no_room__stops_the_telling),
    cmocka_unit_test(any__no_memory__stops_the_telling),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
