/*
 * tests/unit/reasm/test_stream_tail.c - lib/reasm/stream.c: pieces that say
 * something else of octets that were told.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include <tcpflow/stream.h>

#include "unit/failmem.h"

/* What a stream told. */
typedef struct listener {
  char log[256];
  int stops; /* What the callback of a conflict answers. */
} listener;

static int on_data(tcpflow_stream *stream, const tcpflow_stream_data *event,
                   void *user) {
  listener *const me = user;
  const size_t used = strlen(me->log);

  (void)stream;
  snprintf(me->log + used, sizeof(me->log) - used, "%.*s ", (int)event->length,
           (const char *)event->bytes);
  return 0;
}

static int on_conflict(tcpflow_stream *stream,
                       const tcpflow_stream_conflict *event, void *user) {
  listener *const me = user;
  const size_t used = strlen(me->log);

  (void)stream;
  snprintf(me->log + used, sizeof(me->log) - used, "%u:%.*s/%.*s%s ",
           (unsigned)event->offset, (int)event->length,
           (const char *)event->first, (int)event->length,
           (const char *)event->second, event->delivered ? "!" : "");
  return me->stops;
}

static tcpflow_stream *make(listener *me, uint64_t max,
                            const tcpflow_mem *mem) {
  tcpflow_stream_config config;
  tcpflow_stream_callbacks callbacks;
  tcpflow_stream *stream = NULL;

  memset(me, 0, sizeof(*me));
  tcpflow_stream_config_init(&config);
  config.max_tail_bytes = max;
  tcpflow_stream_callbacks_init(&callbacks);
  callbacks.on_data = on_data;
  callbacks.on_conflict = on_conflict;
  assert_int_equal(tcpflow_stream_new(&stream, &config, &callbacks, mem, me),
                   TCPFLOW_OK);
  return stream;
}

static int add(tcpflow_stream *stream, uint64_t offset, const char *text) {
  return tcpflow_stream_add(stream, offset, (const uint8_t *)text, strlen(text),
                            strlen(text));
}

static void add__told_octets_differ__conflict_then_the_rest(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  tcpflow_stream_info info;
  listener me;

  (void)state;
  tcpflow_stream *const stream = make(&me, 4, &mem);
  assert_int_equal(add(stream, 0, "abcd"), TCPFLOW_OK);
  assert_int_equal(add(stream, 6, "gh"), TCPFLOW_OK);
  assert_int_equal(add(stream, 1, "XcdefGh"), TCPFLOW_OK);
  assert_string_equal(me.log, "abcd 1:bcd/Xcd! 6:gh/Gh ef gh ");
  tcpflow_stream_info_init(&info);
  assert_int_equal(tcpflow_stream_get_info(stream, &info), TCPFLOW_OK);
  assert_int_equal(info.conflicting, 5);
  assert_int_equal(info.held_memory, 0);
  tcpflow_stream_del(stream);
  assert_int_equal(fm.live_blocks, 0);
}

static void add__default__told_octets_are_not_compared(void **state) {
  listener me;

  (void)state;
  tcpflow_stream *const stream = make(&me, 0, NULL);
  assert_int_equal(add(stream, 0, "abcd"), TCPFLOW_OK);
  assert_int_equal(add(stream, 0, "XXXX"), TCPFLOW_OK);
  assert_string_equal(me.log, "abcd ");
  tcpflow_stream_del(stream);
}

/* What is not told any more counts as told, and is remembered. */
static void add__callback_asks_to_stop__silent_and_remembered(void **state) {
  listener me;

  (void)state;
  tcpflow_stream *const stream = make(&me, 1000, NULL);
  assert_int_equal(add(stream, 0, "ab"), TCPFLOW_OK);
  assert_int_equal(add(stream, 3, "d"), TCPFLOW_OK);
  me.stops = 1;
  assert_int_equal(add(stream, 0, "aBcd"), TCPFLOW_ERR_CALLBACK);
  assert_string_equal(me.log, "ab 0:ab/aB! ");
  me.stops = 0;
  assert_int_equal(add(stream, 2, "CDe"), TCPFLOW_OK);
  assert_string_equal(me.log, "ab 0:ab/aB! 2:cd/CD! e ");
  tcpflow_stream_del(stream);
}

static void add__no_memory_to_remember__told_all_the_same(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  listener me;

  (void)state;
  tcpflow_stream *const stream = make(&me, 1000, &mem);
  fm.fail_at = fm.requests + 1;
  assert_int_equal(add(stream, 0, "ab"), TCPFLOW_OK);
  assert_int_equal(add(stream, 0, "aB"), TCPFLOW_OK);
  assert_string_equal(me.log, "ab ");
  tcpflow_stream_del(stream);
  assert_int_equal(fm.live_blocks, 0);
}

static void peek__told_octets__those_that_are_remembered(void **state) {
  tcpflow_stream_data found;
  listener me;

  (void)state;
  tcpflow_stream *const stream = make(&me, 3, NULL);
  assert_int_equal(add(stream, 0, "abcd"), TCPFLOW_OK);
  assert_int_equal(tcpflow_stream_peek(stream, 0, &found), 0);
  assert_int_equal(tcpflow_stream_peek(stream, 2, &found), 2);
  assert_memory_equal(found.bytes, "cd", 2);
  assert_true(found.number == UINT64_MAX);
  tcpflow_stream_del(stream);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(add__told_octets_differ__conflict_then_the_rest),
    cmocka_unit_test(add__default__told_octets_are_not_compared),
    cmocka_unit_test(add__callback_asks_to_stop__silent_and_remembered),
    cmocka_unit_test(add__no_memory_to_remember__told_all_the_same),
    cmocka_unit_test(peek__told_octets__those_that_are_remembered),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
