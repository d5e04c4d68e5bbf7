/*
 * tests/unit/reasm/test_stream_keep.c - lib/reasm/stream.c: octets that are
 * told again.
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

/* What a stream told, as "text/kept " and "gap ". */
typedef struct listener {
  char log[256];
  size_t wanted;
  int answered;
} listener;

static int on_data(tcpflow_stream *stream, const tcpflow_stream_data *event,
                   void *user) {
  listener *const me = (listener *)user;
  const size_t used = strlen(me->log);

  snprintf(me->log + used, sizeof(me->log) - used, "%.*s/%u ",
           (int)event->length, (const char *)event->bytes,
           (unsigned)event->kept);
  me->answered = tcpflow_stream_keep(stream, me->wanted);
  return 0;
}

static int on_gap(tcpflow_stream *stream, const tcpflow_stream_gap *event,
                  void *user) {
  listener *const me = (listener *)user;

  (void)event;
  assert_int_equal(tcpflow_stream_keep(stream, 0), TCPFLOW_ERR_STATE);
  strncat(me->log, "gap ", sizeof(me->log) - strlen(me->log) - 1);
  return 0;
}

static tcpflow_stream *make(listener *me, uint64_t max,
                            const tcpflow_mem *mem) {
  tcpflow_stream_config config;
  tcpflow_stream_callbacks callbacks;
  tcpflow_stream *stream = NULL;

  memset(me, 0, sizeof(*me));
  tcpflow_stream_config_init(&config);
  config.max_held_bytes = max;
  tcpflow_stream_callbacks_init(&callbacks);
  callbacks.on_data = on_data;
  callbacks.on_gap = on_gap;
  assert_int_equal(tcpflow_stream_new(&stream, &config, &callbacks, mem, me),
                   TCPFLOW_OK);
  return stream;
}

static void add(tcpflow_stream *stream, uint64_t offset, const char *text) {
  assert_int_equal(tcpflow_stream_add(stream, offset, (const uint8_t *)text,
                                      strlen(text), strlen(text)),
                   TCPFLOW_OK);
}

static void keep__half_a_message__again_with_the_rest(void **state) {
  listener me;
  tcpflow_stream *const stream = make(&me, 10000, NULL);

  (void)state;
  me.wanted = 2;
  add(stream, 0, "abc");
  add(stream, 3, "de");
  me.wanted = 0;
  add(stream, 5, "f");
  add(stream, 6, "g");
  assert_string_equal(me.log, "abc/0 bcde/2 def/2 g/0 ");
  assert_int_equal(me.answered, TCPFLOW_OK);
  tcpflow_stream_del(stream);
}

static void keep__before_a_gap__once_more_by_themselves(void **state) {
  listener me;
  tcpflow_stream *const stream = make(&me, 10000, NULL);

  (void)state;
  me.wanted = 1;
  add(stream, 0, "abc");
  add(stream, 6, "ghi");
  assert_string_equal(me.log, "abc/0 ");
  me.wanted = 0;
  assert_int_equal(tcpflow_stream_skip(stream, 6, TCPFLOW_GAP_SKIPPED),
                   TCPFLOW_OK);
  assert_string_equal(me.log, "abc/0 c/1 gap ghi/0 ");
  tcpflow_stream_del(stream);
}

static void keep__to_the_end__once_more_when_it_is_reached(void **state) {
  listener me;
  tcpflow_stream *const stream = make(&me, 10000, NULL);

  (void)state;
  me.wanted = 1;
  assert_int_equal(tcpflow_stream_finish(stream, 5), TCPFLOW_OK);
  add(stream, 0, "abc");
  add(stream, 3, "de");
  assert_string_equal(me.log, "abc/0 cde/1 e/1 ");
  assert_int_equal(me.answered, TCPFLOW_ERR_STATE);
  tcpflow_stream_del(stream);
}

static void keep__end_behind_what_was_told__with_the_next_call(void **state) {
  listener me;
  tcpflow_stream *const stream = make(&me, 10000, NULL);

  (void)state;
  me.wanted = 1;
  add(stream, 0, "abc");
  assert_int_equal(tcpflow_stream_finish(stream, 3), TCPFLOW_OK);
  assert_string_equal(me.log, "abc/0 ");
  add(stream, 0, "abc");
  assert_string_equal(me.log, "abc/0 c/1 ");
  tcpflow_stream_del(stream);
}

static void flush__end_unknown__kept_ones_by_themselves(void **state) {
  listener me;
  tcpflow_stream *const stream = make(&me, 10000, NULL);

  (void)state;
  me.wanted = 1;
  add(stream, 0, "abc");
  assert_int_equal(tcpflow_stream_flush(stream, TCPFLOW_GAP_FLUSHED),
                   TCPFLOW_OK);
  me.wanted = 0;
  add(stream, 3, "d");
  assert_string_equal(me.log, "abc/0 c/1 d/0 ");
  tcpflow_stream_del(stream);
}

static void keep__no_room_or_memory__refused(void **state) {
  listener me;
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  tcpflow_stream *stream = make(&me, 0, &mem);

  (void)state;
  assert_int_equal(tcpflow_stream_keep(stream, 0), TCPFLOW_ERR_STATE);
  me.wanted = 1;
  add(stream, 0, "abc");
  assert_int_equal(me.answered, TCPFLOW_ERR_LIMIT);
  me.wanted = 2;
  add(stream, 3, "d");
  assert_int_equal(me.answered, TCPFLOW_ERR_INVALID);
  tcpflow_stream_del(stream);

  stream = make(&me, 10000, &mem);
  me.wanted = 1;
  fm.fail_at = fm.requests + 1;
  add(stream, 0, "abc");
  assert_int_equal(me.answered, TCPFLOW_ERR_NOMEM);
  add(stream, 3, "d");
  add(stream, 4, "e");
  assert_string_equal(me.log, "abc/0 d/0 de/1 ");
  tcpflow_stream_del(stream);
  assert_int_equal(fm.live_blocks, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(keep__half_a_message__again_with_the_rest),
    cmocka_unit_test(keep__before_a_gap__once_more_by_themselves),
    cmocka_unit_test(keep__to_the_end__once_more_when_it_is_reached),
    cmocka_unit_test(keep__end_behind_what_was_told__with_the_next_call),
    cmocka_unit_test(flush__end_unknown__kept_ones_by_themselves),
    cmocka_unit_test(keep__no_room_or_memory__refused),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
