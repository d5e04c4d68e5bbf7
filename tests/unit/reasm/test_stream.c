/* tests/unit/reasm/test_stream.c - mirror of lib/reasm/stream.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tcpflow/stream.h>

#include "unit/failmem.h"

/* A caller that notes events as "D0+3 G3+2/1 H5+1 C5+1 ". */
typedef struct listener {
  char log[256];
  int stop_at; /* The event with this number answers non-zero. */
  int events;
  int reenter;   /* Whether to call the stream from inside. */
  uint64_t next; /* What get_info() said in the last callback. */
} listener;

static int note(listener *me, const char *what, uint64_t offset,
                uint64_t length) {
  char text[64];

  snprintf(text, sizeof(text), "%s%llu+%llu ", what, (unsigned long long)offset,
           (unsigned long long)length);
  strncat(me->log, text, sizeof(me->log) - strlen(me->log) - 1);
  return ++me->events == me->stop_at ? 7 : 0;
}

static tcpflow_stream_info info_of(const tcpflow_stream *stream) {
  tcpflow_stream_info info;

  tcpflow_stream_info_init(&info);
  assert_int_equal(tcpflow_stream_get_info(stream, &info), TCPFLOW_OK);
  assert_int_equal(info.delivered + info.missing, info.next);
  return info;
}

/* Everything but get_info() is refused inside a callback. */
static void look_inside(tcpflow_stream *stream, listener *me) {
  me->next = info_of(stream).next;
  if (!me->reenter) {
    return;
  }
  assert_int_equal(tcpflow_stream_add(stream, 0, (const uint8_t *)"zzz", 3, 3),
                   TCPFLOW_ERR_STATE);
  assert_int_equal(tcpflow_stream_finish(stream, 1000), TCPFLOW_ERR_STATE);
  assert_int_equal(tcpflow_stream_skip(stream, 1000, TCPFLOW_GAP_SKIPPED),
                   TCPFLOW_ERR_STATE);
  assert_int_equal(tcpflow_stream_flush(stream, TCPFLOW_GAP_SKIPPED),
                   TCPFLOW_ERR_STATE);
  tcpflow_stream_del(stream);
  assert_int_equal(info_of(stream).next, me->next);
}

static int on_data(tcpflow_stream *stream, const tcpflow_stream_data *event,
                   void *user) {
  look_inside(stream, user);
  return note(user, event->held ? "H" : "D", event->offset, event->length);
}

static int on_gap(tcpflow_stream *stream, const tcpflow_stream_gap *event,
                  void *user) {
  char what[16];

  snprintf(what, sizeof(what), "G/%u:", (unsigned)event->reason);
  look_inside(stream, user);
  return note(user, what, event->offset, event->length);
}

static int on_conflict(tcpflow_stream *stream,
                       const tcpflow_stream_conflict *event, void *user) {
  look_inside(stream, user);
  return note(user, "C", event->offset, event->length);
}

static tcpflow_stream_callbacks all_callbacks(void) {
  tcpflow_stream_callbacks callbacks;

  tcpflow_stream_callbacks_init(&callbacks);
  callbacks.on_data = on_data;
  callbacks.on_gap = on_gap;
  callbacks.on_conflict = on_conflict;
  return callbacks;
}

static tcpflow_stream *new_stream(listener *me) {
  const tcpflow_stream_callbacks callbacks = all_callbacks();
  tcpflow_stream *stream = NULL;

  assert_int_equal(tcpflow_stream_new(&stream, NULL, &callbacks, NULL, me),
                   TCPFLOW_OK);
  return stream;
}

static int add(tcpflow_stream *stream, uint64_t offset, const char *text) {
  const size_t length = strlen(text);

  return tcpflow_stream_add(stream, offset, (const uint8_t *)text, length,
                            length);
}

static void new__no_arguments__works_and_is_silent(void **state) {
  tcpflow_stream *stream = NULL;

  (void)state;
  assert_int_equal(tcpflow_stream_new(&stream, NULL, NULL, NULL, NULL),
                   TCPFLOW_OK);
  assert_int_equal(add(stream, 2, "cd"), TCPFLOW_OK);
  assert_int_equal(add(stream, 2, "xx"), TCPFLOW_OK);
  assert_int_equal(tcpflow_stream_flush(stream, TCPFLOW_GAP_FLUSHED),
                   TCPFLOW_OK);
  assert_int_equal(info_of(stream).missing, 2);
  assert_int_equal(info_of(stream).conflicting, 2);
  tcpflow_stream_del(stream);
  tcpflow_stream_del(NULL);
}

static void new__no_memory__nothing_kept(void **state) {
  failmem fm = {.fail_at = 1};
  const tcpflow_mem mem = failmem_table(&fm);
  tcpflow_stream *stream = NULL;

  (void)state;
  assert_int_equal(tcpflow_stream_new(&stream, NULL, NULL, &mem, NULL),
                   TCPFLOW_ERR_NOMEM);
  assert_null(stream);
  assert_int_equal(tcpflow_stream_new(&stream, NULL, NULL, &mem, NULL),
                   TCPFLOW_OK);
  assert_int_equal(add(stream, 5, "abc"), TCPFLOW_OK);
  assert_int_equal(fm.live_blocks, 2);
  tcpflow_stream_del(stream);
  assert_int_equal(fm.live_blocks, 0);
}

static void new__table_lacks_a_function__invalid(void **state) {
  failmem fm = {0};
  tcpflow_mem mem = failmem_table(&fm);
  tcpflow_stream *stream = NULL;

  (void)state;
  mem.free = NULL;
  assert_int_equal(tcpflow_stream_new(&stream, NULL, NULL, &mem, NULL),
                   TCPFLOW_ERR_INVALID);
  assert_null(stream);
}

/* A struct of another release, on exactly as many octets as it has. */
static void *resized(const void *object, size_t size, size_t new_size) {
  uint8_t *copy = calloc(1, new_size);

  assert_non_null(copy);
  memcpy(copy, object, size < new_size ? size : new_size);
  memcpy(copy, &new_size, sizeof(new_size));
  return copy;
}

static void new__callbacks_from_the_future__version_error(void **state) {
  const tcpflow_stream_callbacks callbacks = all_callbacks();
  uint8_t *future =
    resized(&callbacks, sizeof(callbacks), sizeof(callbacks) + 8);
  tcpflow_stream *stream = NULL;

  (void)state;
  assert_int_equal(
    tcpflow_stream_new(&stream, NULL, (const void *)future, NULL, NULL),
    TCPFLOW_OK);
  tcpflow_stream_del(stream);
  stream = NULL;
  future[sizeof(callbacks)] = 1;
  assert_int_equal(
    tcpflow_stream_new(&stream, NULL, (const void *)future, NULL, NULL),
    TCPFLOW_ERR_VERSION);
  assert_null(stream);
  free(future);
}

static void new__callbacks_from_the_past__the_rest_is_unset(void **state) {
  const tcpflow_stream_callbacks callbacks = all_callbacks();
  const size_t size = offsetof(tcpflow_stream_callbacks, on_gap);
  uint8_t *past = resized(&callbacks, sizeof(callbacks), size);
  tcpflow_stream *stream = NULL;
  listener me = {.stop_at = 0};

  (void)state;
  assert_int_equal(
    tcpflow_stream_new(&stream, NULL, (const void *)past, NULL, &me),
    TCPFLOW_OK);
  assert_int_equal(add(stream, 2, "c"), TCPFLOW_OK);
  assert_int_equal(tcpflow_stream_flush(stream, TCPFLOW_GAP_FLUSHED),
                   TCPFLOW_OK);
  assert_string_equal(me.log, "H2+1 ");
  tcpflow_stream_del(stream);
  free(past);
}

static void new__struct_without_a_stamp__version_error(void **state) {
  const tcpflow_stream_callbacks callbacks = {.size = 0};
  const tcpflow_stream_config config = {.size = 0};
  tcpflow_stream *stream = NULL;

  (void)state;
  assert_int_equal(tcpflow_stream_new(&stream, NULL, &callbacks, NULL, NULL),
                   TCPFLOW_ERR_VERSION);
  assert_int_equal(tcpflow_stream_new(&stream, &config, NULL, NULL, NULL),
                   TCPFLOW_ERR_VERSION);
  assert_null(stream);
}

static void config_defaults__any_size__as_documented(void **state) {
  tcpflow_stream_config config;
  const size_t past = offsetof(tcpflow_stream_config, max_held_pieces);

  (void)state;
  tcpflow_stream_config_init(&config);
  assert_int_equal(config.size, sizeof(config));
  assert_int_equal(config.max_held_bytes, 1024 * 1024);
  assert_int_equal(config.max_held_pieces, 4096);
  config.max_held_pieces = 99;
  tcpflow_stream_config_defaults(&config, past);
  assert_int_equal(config.size, past);
  assert_int_equal(config.max_held_bytes, 1024 * 1024);
  assert_int_equal(config.max_held_pieces, 99);
}

static tcpflow_stream *new_limited(listener *me, uint64_t bytes,
                                   uint64_t pieces) {
  const tcpflow_stream_callbacks callbacks = all_callbacks();
  tcpflow_stream_config config;
  tcpflow_stream *stream = NULL;

  tcpflow_stream_config_init(&config);
  config.max_held_bytes = bytes;
  config.max_held_pieces = pieces;
  assert_int_equal(tcpflow_stream_new(&stream, &config, &callbacks, NULL, me),
                   TCPFLOW_OK);
  return stream;
}

static void config__limits__kept(void **state) {
  static const struct {
    uint64_t bytes;
    uint64_t pieces;
    const char *log;
  } cases[] = {
    {0, 4096, "G/2:0+2 D2+1 G/2:3+2 D5+1 "},
    {1, 4096, "G/2:0+2 D2+1 G/2:3+2 D5+1 "},
    {1 << 20, 0, "G/2:0+2 D2+1 G/2:3+2 D5+1 "},
    {1 << 20, 1, "G/2:0+2 H2+1 "},
    {1 << 20, 2, ""},
    {UINT64_MAX, UINT64_MAX, ""},
    {UINT64_C(1) << 32, UINT64_C(1) << 32, ""},
  };

  (void)state;
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
    listener me = {.stop_at = 0};
    tcpflow_stream *stream = new_limited(&me, cases[i].bytes, cases[i].pieces);

    assert_int_equal(add(stream, 2, "c"), TCPFLOW_OK);
    assert_int_equal(add(stream, 5, "f"), TCPFLOW_OK);
    assert_string_equal(me.log, cases[i].log);
    assert_true(info_of(stream).held_memory <= cases[i].bytes);
    tcpflow_stream_del(stream);
  }
}

static void add__out_of_range__invalid(void **state) {
  const uint64_t horizon = UINT64_C(1) << 63;
  const uint8_t *bytes = (const uint8_t *)"abc";
  listener me = {.stop_at = 0};
  tcpflow_stream *stream = new_stream(&me);

  (void)state;
  assert_int_equal(tcpflow_stream_add(stream, 0, bytes, 2, 3),
                   TCPFLOW_ERR_INVALID);
  assert_int_equal(tcpflow_stream_add(stream, 0, NULL, 3, 3),
                   TCPFLOW_ERR_INVALID);
  assert_int_equal(
    tcpflow_stream_add(stream, 0, bytes, (size_t)UINT32_MAX + 1, 3),
    TCPFLOW_ERR_INVALID);
  assert_int_equal(tcpflow_stream_add(stream, horizon - 2, bytes, 3, 3),
                   TCPFLOW_ERR_INVALID);
  assert_int_equal(tcpflow_stream_add(stream, horizon + 1, bytes, 0, 0),
                   TCPFLOW_ERR_INVALID);
  assert_int_equal(tcpflow_stream_add(stream, UINT64_MAX, bytes, 3, 3),
                   TCPFLOW_ERR_INVALID);
  assert_int_equal(info_of(stream).held_pieces, 0);
  assert_int_equal(tcpflow_stream_add(stream, horizon - 3, bytes, 3, 3),
                   TCPFLOW_OK);
  assert_int_equal(tcpflow_stream_add(stream, horizon, NULL, 0, 0), TCPFLOW_OK);
  assert_int_equal(tcpflow_stream_add(stream, 1, NULL, UINT32_MAX, 0),
                   TCPFLOW_OK);
  assert_int_equal(info_of(stream).held_pieces, 2);
  assert_string_equal(me.log, "");
  tcpflow_stream_del(stream);
}

static void add__no_memory__nothing_changed(void **state) {
  const tcpflow_stream_callbacks callbacks = all_callbacks();
  failmem fm = {.fail_at = 3};
  const tcpflow_mem mem = failmem_table(&fm);
  listener me = {.stop_at = 0};
  tcpflow_stream *stream = NULL;

  (void)state;
  assert_int_equal(tcpflow_stream_new(&stream, NULL, &callbacks, &mem, &me),
                   TCPFLOW_OK);
  assert_int_equal(add(stream, 5, "f"), TCPFLOW_OK);
  const tcpflow_stream_info before = info_of(stream);
  assert_int_equal(add(stream, 3, "deX"), TCPFLOW_ERR_NOMEM);
  const tcpflow_stream_info after = info_of(stream);
  assert_int_equal(before.size, after.size);
  assert_memory_equal(&before.next, &after.next,
                      sizeof(before) - offsetof(tcpflow_stream_info, next));
  assert_string_equal(me.log, "");
  assert_int_equal(add(stream, 3, "deX"), TCPFLOW_OK);
  assert_int_equal(add(stream, 0, "abc"), TCPFLOW_OK);
  assert_string_equal(me.log, "C5+1 D0+3 H3+2 H5+1 ");
  tcpflow_stream_del(stream);
  assert_int_equal(fm.live_blocks, 0);
}

static void callbacks__call_the_stream__refused(void **state) {
  listener me = {.reenter = 1};
  tcpflow_stream *stream = new_stream(&me);

  (void)state;
  assert_int_equal(add(stream, 2, "cd"), TCPFLOW_OK);
  assert_int_equal(add(stream, 0, "abX"), TCPFLOW_OK);
  assert_int_equal(me.next, 4);
  assert_int_equal(tcpflow_stream_skip(stream, 6, TCPFLOW_GAP_SKIPPED),
                   TCPFLOW_OK);
  assert_int_equal(me.next, 6);
  assert_string_equal(me.log, "C2+1 D0+2 H2+2 G/6:4+2 ");
  /* Outside, all is as usual. */
  assert_int_equal(tcpflow_stream_finish(stream, 6), TCPFLOW_OK);
  tcpflow_stream_del(stream);
}

static void callbacks__ask_to_stop__done_all_the_same(void **state) {
  static const char *const logs[] = {"C2+1 ", "C2+1 D0+2 ", "C2+1 D0+2 H2+2 ",
                                     "C2+1 D0+2 H2+2 G/1:4+2 ",
                                     "C2+1 D0+2 H2+2 G/1:4+2 H6+1 "};

  (void)state;
  for (int n = 1; n <= 5; n++) {
    listener me = {.stop_at = n};
    tcpflow_stream *stream = new_stream(&me);

    assert_int_equal(tcpflow_stream_add(stream, 2, (const uint8_t *)"cd", 4, 2),
                     TCPFLOW_OK);
    assert_int_equal(add(stream, 6, "g"), TCPFLOW_OK);
    assert_int_equal(add(stream, 0, "abX"), TCPFLOW_ERR_CALLBACK);
    assert_string_equal(me.log, logs[n - 1]);
    assert_int_equal(info_of(stream).next, 7);
    assert_int_equal(info_of(stream).held_memory, 0);
    /* The next call tells again. */
    assert_int_equal(add(stream, 7, "h"), TCPFLOW_OK);
    assert_int_equal(me.events, n + 1);
    tcpflow_stream_del(stream);
  }
}

static void skip_and_flush__callback_stops__done_all_the_same(void **state) {
  listener me = {.stop_at = 1};
  tcpflow_stream *stream = new_stream(&me);

  (void)state;
  assert_int_equal(add(stream, 2, "c"), TCPFLOW_OK);
  assert_int_equal(tcpflow_stream_skip(stream, 9, TCPFLOW_GAP_SKIPPED),
                   TCPFLOW_ERR_CALLBACK);
  assert_string_equal(me.log, "G/6:0+2 ");
  assert_int_equal(info_of(stream).next, 9);
  me.stop_at = 2;
  assert_int_equal(add(stream, 12, "m"), TCPFLOW_OK);
  assert_int_equal(tcpflow_stream_flush(stream, TCPFLOW_GAP_TIMEOUT),
                   TCPFLOW_ERR_CALLBACK);
  assert_string_equal(me.log, "G/6:0+2 G/3:9+3 ");
  assert_int_equal(info_of(stream).next, 13);
  tcpflow_stream_del(stream);
}

static void skip__bad_arguments__invalid(void **state) {
  const uint64_t horizon = UINT64_C(1) << 63;
  listener me = {.stop_at = 0};
  tcpflow_stream *stream = new_stream(&me);

  (void)state;
  assert_int_equal(
    tcpflow_stream_skip(stream, horizon + 1, TCPFLOW_GAP_SKIPPED),
    TCPFLOW_ERR_INVALID);
  for (int reason = -1; reason <= 8; reason += 8) {
    assert_int_equal(tcpflow_stream_skip(stream, 5, (tcpflow_gap_reason)reason),
                     TCPFLOW_ERR_INVALID);
    assert_int_equal(tcpflow_stream_flush(stream, (tcpflow_gap_reason)reason),
                     TCPFLOW_ERR_INVALID);
  }
  assert_int_equal(info_of(stream).next, 0);
  for (int reason = 0; reason <= TCPFLOW_GAP_SKIPPED; reason++) {
    assert_int_equal(tcpflow_stream_skip(stream, (uint64_t)reason + 1,
                                         (tcpflow_gap_reason)reason),
                     TCPFLOW_OK);
  }
  assert_string_equal(me.log, "G/0:0+1 G/1:1+1 G/2:2+1 G/3:3+1 G/4:4+1 "
                              "G/5:5+1 G/6:6+1 ");
  assert_int_equal(tcpflow_stream_skip(stream, horizon, TCPFLOW_GAP_SKIPPED),
                   TCPFLOW_OK);
  assert_int_equal(info_of(stream).next, horizon);
  tcpflow_stream_del(stream);
}

static void finish__first_call__counts(void **state) {
  const uint64_t horizon = UINT64_C(1) << 63;
  listener me = {.stop_at = 0};
  tcpflow_stream *stream = new_stream(&me);

  (void)state;
  assert_int_equal(info_of(stream).end, UINT64_MAX);
  assert_int_equal(add(stream, 0, "ab"), TCPFLOW_OK);
  assert_int_equal(tcpflow_stream_finish(stream, 1), TCPFLOW_ERR_INVALID);
  assert_int_equal(add(stream, 4, "ef"), TCPFLOW_OK);
  assert_int_equal(tcpflow_stream_finish(stream, 5), TCPFLOW_ERR_INVALID);
  assert_int_equal(tcpflow_stream_finish(stream, horizon + 1),
                   TCPFLOW_ERR_INVALID);
  assert_int_equal(info_of(stream).end, UINT64_MAX);
  assert_int_equal(tcpflow_stream_finish(stream, 8), TCPFLOW_OK);
  assert_int_equal(tcpflow_stream_finish(stream, 8), TCPFLOW_OK);
  assert_int_equal(tcpflow_stream_finish(stream, 9), TCPFLOW_ERR_INVALID);
  assert_int_equal(info_of(stream).end, 8);
  assert_int_equal(add(stream, 6, "ghij"), TCPFLOW_OK);
  assert_int_equal(info_of(stream).beyond_end, 2);
  assert_int_equal(tcpflow_stream_flush(stream, TCPFLOW_GAP_CLOSED),
                   TCPFLOW_OK);
  assert_string_equal(me.log, "D0+2 G/4:2+2 H4+2 H6+2 ");
  assert_int_equal(info_of(stream).next, 8);
  tcpflow_stream_del(stream);
}

static void flush__end_known__up_to_the_end(void **state) {
  listener me = {.stop_at = 0};
  tcpflow_stream *stream = new_stream(&me);

  (void)state;
  assert_int_equal(tcpflow_stream_flush(stream, TCPFLOW_GAP_FLUSHED),
                   TCPFLOW_OK);
  assert_int_equal(add(stream, 1, "b"), TCPFLOW_OK);
  assert_int_equal(tcpflow_stream_finish(stream, 5), TCPFLOW_OK);
  assert_int_equal(tcpflow_stream_flush(stream, TCPFLOW_GAP_FLUSHED),
                   TCPFLOW_OK);
  assert_string_equal(me.log, "G/5:0+1 H1+1 G/5:2+3 ");
  tcpflow_stream_del(stream);
}

static void get_info__held_pieces__counted(void **state) {
  listener me = {.stop_at = 0};
  tcpflow_stream *stream = new_stream(&me);
  tcpflow_stream_info unset = {.size = 0};

  (void)state;
  assert_int_equal(tcpflow_stream_get_info(stream, &unset),
                   TCPFLOW_ERR_VERSION);
  assert_int_equal(tcpflow_stream_add(stream, 4, (const uint8_t *)"ef", 5, 2),
                   TCPFLOW_OK);
  assert_int_equal(add(stream, 20, "uvw"), TCPFLOW_OK);
  const tcpflow_stream_info info = info_of(stream);
  assert_int_equal(info.size, sizeof(info));
  assert_int_equal(info.held_bytes, 5);
  assert_int_equal(info.held_pieces, 2);
  assert_true(info.held_memory > info.held_bytes);
  tcpflow_stream_del(stream);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(new__no_arguments__works_and_is_silent),
    cmocka_unit_test(new__no_memory__nothing_kept),
    cmocka_unit_test(new__table_lacks_a_function__invalid),
    cmocka_unit_test(new__callbacks_from_the_future__version_error),
    cmocka_unit_test(new__callbacks_from_the_past__the_rest_is_unset),
    cmocka_unit_test(new__struct_without_a_stamp__version_error),
    cmocka_unit_test(config_defaults__any_size__as_documented),
    cmocka_unit_test(config__limits__kept),
    cmocka_unit_test(add__out_of_range__invalid),
    cmocka_unit_test(add__no_memory__nothing_changed),
    cmocka_unit_test(callbacks__call_the_stream__refused),
    cmocka_unit_test(callbacks__ask_to_stop__done_all_the_same),
    cmocka_unit_test(skip_and_flush__callback_stops__done_all_the_same),
    cmocka_unit_test(skip__bad_arguments__invalid),
    cmocka_unit_test(finish__first_call__counts),
    cmocka_unit_test(flush__end_known__up_to_the_end),
    cmocka_unit_test(get_info__held_pieces__counted),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
