/* tests/unit/queue/test_queue.c - mirror of lib/queue/queue.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <tcpflow/queue.h>

#include "unit/failmem.h"
#include "unit/track/traffic.h"

typedef struct pull {
  tcpflow_queue *queue;
  tcpflow_tracker *tracker;
} pull;

static pull make(uint64_t wanted, uint64_t max_bytes, const tcpflow_mem *mem) {
  pull p = {NULL, NULL};

  assert_int_equal(tcpflow_queue_new(&p.queue, wanted, max_bytes, mem),
                   TCPFLOW_OK);
  assert_int_equal(tcpflow_tracker_new(&p.tracker, NULL,
                                       tcpflow_queue_callbacks(p.queue), NULL,
                                       p.queue),
                   TCPFLOW_OK);
  return p;
}

static void drop(pull *p) {
  tcpflow_tracker_del(p->tracker);
  tcpflow_queue_del(p->queue);
}

static int feed(pull *p, const talk *t, size_t at) {
  return tcpflow_tracker_feed(p->tracker, &t->frame[at], 1, NULL);
}

static const tcpflow_event *expect(pull *p, tcpflow_event_kind kind) {
  const tcpflow_event *const event = tcpflow_queue_next(p->queue);

  assert_non_null(event);
  assert_int_equal(event->kind, kind);
  return event;
}

static void next__whole_connection__order_of_telling(void **state) {
  talk t = {0};
  pull p = make(TCPFLOW_EVENTS_ALL, 0, NULL);
  const tcpflow_event *event;

  (void)state;
  talk_open(&t, 1);
  assert_int_equal(feed(&p, &t, 0), TCPFLOW_OK);
  event = expect(&p, TCPFLOW_EVENT_NEW);
  assert_int_equal(event->as.begin->side, TCPFLOW_SIDE_CLIENT);
  assert_int_equal(event->as.begin->cause->seq, 1000);
  assert_null(event->as.begin->cause->packet);
  assert_non_null(event->as.begin->tuple);
  tcpflow_conn_set_user_data(event->conn, &t);
  event = expect(&p, TCPFLOW_EVENT_SEGMENT);
  assert_ptr_equal(event->user_data, &t);
  assert_int_equal(event->as.segment->segment->flags, F_S);
  event = expect(&p, TCPFLOW_EVENT_STATE);
  while (tcpflow_queue_next(p.queue) != NULL) {
  }
  assert_int_equal(feed(&p, &t, 1), TCPFLOW_OK);
  assert_int_equal(feed(&p, &t, 2), TCPFLOW_OK);
  do {
    event = tcpflow_queue_next(p.queue);
    assert_non_null(event);
  } while (event->kind != TCPFLOW_EVENT_ESTABLISHED);
  assert_int_equal(event->as.established->cause->ack, 5001);
  assert_int_equal(tcpflow_tracker_flush(p.tracker), TCPFLOW_OK);
  while (event->kind != TCPFLOW_EVENT_END) {
    event = tcpflow_queue_next(p.queue);
    assert_non_null(event);
  }
  assert_ptr_equal(event->user_data, &t);
  assert_int_equal(event->as.end->reason, TCPFLOW_END_FLUSHED);
  assert_null(tcpflow_queue_next(p.queue));
  assert_int_equal(tcpflow_queue_error(p.queue), TCPFLOW_OK);
  drop(&p);
  talk_clear(&t);
}

/* The held octets come in a segment that is gone. */
static void next__frames_overwritten__octets_stay(void **state) {
  talk t = {0};
  pull p = make(TCPFLOW_EVENT_BIT(TCPFLOW_EVENT_DATA), 0, NULL);
  const tcpflow_event *first;
  const tcpflow_event *second;

  (void)state;
  talk_open(&t, 1);
  talk_up(&t, 1, F_PA, 1011, 5001, 10);
  talk_up(&t, 1, F_PA, 1001, 5001, 10);
  for (size_t i = 0; i < t.count; i++) {
    uint8_t *const bytes = malloc(t.frame[i].captured);
    tcpflow_frame frame = t.frame[i];

    assert_non_null(bytes);
    memcpy(bytes, frame.bytes, frame.captured);
    frame.bytes = bytes;
    assert_int_equal(tcpflow_tracker_feed(p.tracker, &frame, 1, NULL),
                     TCPFLOW_OK);
    free(bytes);
  }
  first = expect(&p, TCPFLOW_EVENT_DATA);
  second = expect(&p, TCPFLOW_EVENT_DATA);
  assert_int_equal(first->as.data->data->offset, 0);
  assert_memory_equal(first->as.data->data->bytes, "abcdefghij", 10);
  assert_int_equal(second->as.data->data->offset, 10);
  assert_int_equal(second->as.data->data->held, 1);
  assert_memory_equal(second->as.data->data->bytes, "abcdefghij", 10);
  assert_ptr_equal(first->as.data->cause, second->as.data->cause);
  assert_null(first->as.data->cause->payload);
  assert_int_equal(first->as.data->cause->payload_captured, 0);
  assert_null(tcpflow_queue_next(p.queue));
  drop(&p);
  talk_clear(&t);
}

static void next__hole__gap_with_reason(void **state) {
  talk t = {0};
  pull p = make(TCPFLOW_EVENT_BIT(TCPFLOW_EVENT_GAP), 0, NULL);
  const tcpflow_event *event;

  (void)state;
  talk_open(&t, 1);
  talk_up(&t, 1, F_PA, 1011, 5001, 10);
  for (size_t i = 0; i < t.count; i++) {
    assert_int_equal(feed(&p, &t, i), TCPFLOW_OK);
  }
  assert_int_equal(tcpflow_tracker_flush(p.tracker), TCPFLOW_OK);
  event = expect(&p, TCPFLOW_EVENT_GAP);
  assert_int_equal(event->as.gap->gap->offset, 0);
  assert_int_equal(event->as.gap->gap->length, 10);
  expect(&p, TCPFLOW_EVENT_END);
  assert_null(tcpflow_queue_next(p.queue));
  drop(&p);
  talk_clear(&t);
}

/* What waits is whole, and memory comes back when it was taken. */
static void next__cap_reached__stops_and_says_so(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  talk t = {0};
  pull p = make(TCPFLOW_EVENTS_ALL, 4096, &mem);
  const size_t before = fm.live_bytes;
  int error = TCPFLOW_OK;
  size_t at = 0;
  size_t events = 0;

  (void)state;
  for (uint32_t client = 1; client < 100; client++) {
    talk_open(&t, client);
  }
  while (at < t.count && error == TCPFLOW_OK) {
    error = feed(&p, &t, at++);
  }
  assert_int_equal(error, TCPFLOW_ERR_CALLBACK);
  assert_int_equal(tcpflow_queue_error(p.queue), TCPFLOW_ERR_LIMIT);
  assert_int_equal(tcpflow_queue_error(p.queue), TCPFLOW_OK);
  assert_true(fm.peak_bytes - before <= 4096);
  while (tcpflow_queue_next(p.queue) != NULL) {
    events++;
  }
  assert_true(events > 3);
  assert_int_equal(feed(&p, &t, at), TCPFLOW_OK);
  drop(&p);
  assert_int_equal(fm.live_blocks, 0);
  talk_clear(&t);
}

static void next__no_memory__every_request(void **state) {
  talk t = {0};
  size_t n = 1;
  int error = TCPFLOW_ERR_CALLBACK;

  (void)state;
  talk_open(&t, 1);
  for (unsigned i = 0; i < 60; i++) {
    talk_up(&t, 1, F_PA, 1001 + i * 60, 5001, 60);
  }
  talk_up(&t, 1, F_R, 1001 + 60 * 60, 0, 0);
  for (; error != TCPFLOW_OK; n++) {
    failmem fm = {0};
    const tcpflow_mem mem = failmem_table(&fm);
    pull p = make(TCPFLOW_EVENTS_ALL, 0, &mem);

    fm.fail_at = fm.requests + n;
    error = tcpflow_tracker_feed(p.tracker, t.frame, t.count, NULL);
    assert_int_equal(tcpflow_queue_error(p.queue),
                     error == TCPFLOW_OK ? TCPFLOW_OK : TCPFLOW_ERR_NOMEM);
    while (tcpflow_queue_next(p.queue) != NULL) {
    }
    drop(&p);
    assert_int_equal(fm.live_blocks, 0);
  }
  assert_true(n > 3);
  talk_clear(&t);
}

static void new__bad_arguments__refused(void **state) {
  failmem fm = {.fail_at = 1};
  const tcpflow_mem mem = failmem_table(&fm);
  const tcpflow_mem broken = {.malloc = failmem_malloc};
  tcpflow_queue *queue = NULL;

  (void)state;
  assert_int_equal(tcpflow_queue_new(&queue, 0, 0, &mem), TCPFLOW_ERR_NOMEM);
  assert_int_equal(tcpflow_queue_new(&queue, 0, 0, &broken),
                   TCPFLOW_ERR_INVALID);
  assert_int_equal(tcpflow_queue_new(&queue, UINT64_C(1) << 63, 0, NULL),
                   TCPFLOW_ERR_INVALID);
  assert_null(queue);
  tcpflow_queue_del(NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(next__whole_connection__order_of_telling),
    cmocka_unit_test(next__frames_overwritten__octets_stay),
    cmocka_unit_test(next__hole__gap_with_reason),
    cmocka_unit_test(next__cap_reached__stops_and_says_so),
    cmocka_unit_test(next__no_memory__every_request),
    cmocka_unit_test(new__bad_arguments__refused),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
