/*
 * tests/unit/track/test_checkpoint.c - mirror of lib/track/checkpoint.c: all
 * connections as octets, and back.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include "conn/connrecord.h"
#include "unit/failmem.h"
#include "unit/guard.h"
#include "unit/track/traffic.h"
#include "wire/record.h"

typedef struct sink {
  uint8_t *bytes;
  size_t length;
  unsigned calls;
  unsigned stop_at;
} sink;

static int keep(const void *octets, size_t length, void *user) {
  sink *const to = user;

  assert_true(length > 0 && length <= 4096);
  to->bytes = realloc(to->bytes, to->length + length);
  assert_non_null(to->bytes);
  memcpy(to->bytes + to->length, octets, length);
  to->length += length;
  return ++to->calls == to->stop_at;
}

static void sink_clear(sink *to) {
  free(to->bytes);
  memset(to, 0, sizeof(*to));
}

static tcpflow_tracker *make(const tcpflow_tracker_config *config, journal *j,
                             const tcpflow_mem *mem) {
  const tcpflow_conn_callbacks callbacks = journal_callbacks();
  tcpflow_tracker *tracker = NULL;

  assert_int_equal(tcpflow_tracker_new(&tracker, config, &callbacks, mem, j),
                   TCPFLOW_OK);
  return tracker;
}

static void feed(tcpflow_tracker *tracker, const talk *t, size_t from,
                 size_t count) {
  size_t consumed = 0;

  assert_int_equal(
    tcpflow_tracker_feed(tracker, t->frame + from, count, &consumed),
    TCPFLOW_OK);
  assert_int_equal(consumed, count);
}

/* A bit of everything: open, held data, half-closed, reset, refused, used again,
   candidates, only one side, ended. */
static talk make_talk(void) {
  talk t = {0};

  for (uint32_t client = 1; client <= 6; client++) {
    t.now += TCPFLOW_MILLISECOND;
    talk_open(&t, client);
  }
  talk_up(&t, 1, F_PA, 1011, 5001, 10);
  talk_up(&t, 1, F_PA, 1031, 5001, 10);
  talk_down(&t, 2, F_FA, 5001, 1001, 20);
  talk_up(&t, 2, F_A, 1001, 5022, 0);
  talk_down(&t, 3, F_R, 5001, 0, 0);
  talk_close(&t, 4);
  talk_up(&t, 7, F_S, 1000, 0, 0);
  talk_up(&t, 7, F_S, 70000, 0, 0);
  talk_up(&t, 8, F_S, 1000, 0, 5);
  talk_down(&t, 9, F_SA, 5000, 1001, 0);
  talk_up(&t, 5, F_S, 400000, 0, 0);
  t.now += 10 * TCPFLOW_MILLISECOND;
  talk_down(&t, 7, F_SA, 5000, 70001, 0);
  talk_down(&t, 8, F_SA, 5000, 1006, 0);
  talk_up(&t, 7, F_A, 70001, 5001, 0);
  talk_down(&t, 5, F_SA, 900000, 400001, 0);
  talk_up(&t, 5, F_A, 400001, 900001, 0);
  talk_up(&t, 2, F_FA, 1001, 5022, 0);
  talk_down(&t, 2, F_A, 5022, 1002, 0);
  talk_down(&t, 3, F_PA, 5001, 1001, 7);
  talk_up(&t, 4, F_A, 1002, 5002, 0);
  talk_up(&t, 1, F_PA, 1001, 5001, 10);
  talk_up(&t, 1, F_PA, 1021, 5001, 10);
  talk_close(&t, 6);
  return t;
}

static sink save(tcpflow_tracker *tracker) {
  sink to = {0};

  assert_int_equal(tcpflow_tracker_save(tracker, keep, &to), TCPFLOW_OK);
  return to;
}

/* The same is told as without a cut, wherever the cut is. */
static void checkpoint__cut_anywhere__goes_on(void **state) {
  talk t = make_talk();
  journal whole = {0};
  tcpflow_tracker *const one = make(NULL, &whole, NULL);

  (void)state;
  feed(one, &t, 0, t.count);
  assert_int_equal(tcpflow_tracker_flush(one), TCPFLOW_OK);
  for (size_t cut = 0; cut <= t.count; cut++) {
    journal j = {0};
    tcpflow_tracker_config config;
    tcpflow_tracker *const before = make(NULL, &j, NULL);
    tcpflow_tracker *after = NULL;
    sink to;

    /* Another secret, another table. */
    tcpflow_tracker_config_init(&config);
    memset(config.hash_key, (int)cut + 1, sizeof(config.hash_key));
    feed(before, &t, 0, cut);
    to = save(before);
    after = make(&config, &j, NULL);
    assert_int_equal(tcpflow_tracker_load(after, to.bytes, to.length),
                     TCPFLOW_OK);
    feed(after, &t, cut, t.count - cut);
    assert_int_equal(tcpflow_tracker_flush(after), TCPFLOW_OK);
    assert_string_equal(j.text, whole.text);
    assert_int_equal(stats_of(after).flows_new, stats_of(one).flows_new);
    assert_int_equal(stats_of(after).frames, stats_of(one).frames);
    assert_int_equal(stats_of(after).stragglers, stats_of(one).stragglers);
    tcpflow_tracker_del(after);
    tcpflow_tracker_del(before);
    journal_clear(&j);
    sink_clear(&to);
  }
  tcpflow_tracker_del(one);
  journal_clear(&whole);
  talk_clear(&t);
}

/* Saving changes nothing, and what is loaded is saved the same. */
static void checkpoint__saved_again__the_same_octets(void **state) {
  talk t = make_talk();
  journal j = {0};

  (void)state;
  for (size_t cut = 0; cut <= t.count; cut += 3) {
    tcpflow_tracker *const a = make(NULL, &j, NULL);
    tcpflow_tracker *const b = make(NULL, &j, NULL);
    sink first;
    sink second;
    sink third;

    feed(a, &t, 0, cut);
    first = save(a);
    second = save(a);
    assert_int_equal(tcpflow_tracker_load(b, first.bytes, first.length),
                     TCPFLOW_OK);
    third = save(b);
    assert_int_equal(first.length, second.length);
    assert_memory_equal(first.bytes, second.bytes, first.length);
    assert_int_equal(first.length, third.length);
    assert_memory_equal(first.bytes, third.bytes, first.length);
    sink_clear(&first);
    sink_clear(&second);
    sink_clear(&third);
    tcpflow_tracker_del(a);
    tcpflow_tracker_del(b);
  }
  journal_clear(&j);
  talk_clear(&t);
}

static sink save_some(journal *j) {
  talk t = make_talk();
  tcpflow_tracker *const a = make(NULL, j, NULL);
  sink to;

  feed(a, &t, 0, t.count - 4);
  to = save(a);
  tcpflow_tracker_del(a);
  talk_clear(&t);
  return to;
}

/* After a failure the tracker follows what it followed before. */
static void expect_untouched(tcpflow_tracker *tracker) {
  const tcpflow_tracker_stats stats = stats_of(tracker);

  assert_int_equal(stats.flows_live, 1);
  assert_int_equal(stats.flows_in_phase[TCPFLOW_PHASE_ENDED], 0);
  assert_int_equal(stats.flows_new, 1);
  assert_int_equal(stats.held_memory, 0);
  assert_non_null(tcpflow_tracker_next(tracker, NULL));
}

static tcpflow_tracker *make_busy(const tcpflow_tracker_config *config,
                                  journal *j, const tcpflow_mem *mem) {
  tcpflow_tracker *const tracker = make(config, j, mem);
  talk t = {0};

  talk_open(&t, 100);
  feed(tracker, &t, 0, t.count);
  talk_clear(&t);
  return tracker;
}

static void checkpoint__each_allocation_fails__nothing_changed(void **state) {
  journal j = {0};
  sink to = save_some(&j);
  size_t failures = 0;
  int error = TCPFLOW_ERR_NOMEM;

  (void)state;
  for (size_t n = 1; error == TCPFLOW_ERR_NOMEM; n++) {
    failmem fm = {.fail_at = 0};
    const tcpflow_mem mem = failmem_table(&fm);
    tcpflow_tracker *const tracker = make_busy(NULL, &j, &mem);

    fm.requests = 0;
    fm.fail_at = n;
    error = tcpflow_tracker_load(tracker, to.bytes, to.length);
    fm.fail_at = 0;
    if (error != TCPFLOW_OK) {
      assert_int_equal(error, TCPFLOW_ERR_NOMEM);
      expect_untouched(tracker);
      failures++;
    }
    tcpflow_tracker_del(tracker);
    assert_int_equal(fm.live_blocks, 0);
  }
  assert_int_equal(error, TCPFLOW_OK);
  assert_true(failures > 3);
  sink_clear(&to);
  journal_clear(&j);
}

static void checkpoint__no_room__limit(void **state) {
  journal j = {0};
  sink to = save_some(&j);
  tcpflow_tracker_config config;
  tcpflow_tracker *tracker = NULL;

  (void)state;
  tcpflow_tracker_config_init(&config);
  config.max_flows = 4;
  tracker = make_busy(&config, &j, NULL);
  assert_int_equal(tcpflow_tracker_load(tracker, to.bytes, to.length),
                   TCPFLOW_ERR_LIMIT);
  expect_untouched(tracker);
  tcpflow_tracker_del(tracker);
  tcpflow_tracker_config_init(&config);
  config.max_held_bytes = 0;
  tracker = make_busy(&config, &j, NULL);
  assert_int_equal(tcpflow_tracker_load(tracker, to.bytes, to.length),
                   TCPFLOW_ERR_LIMIT);
  expect_untouched(tracker);
  tcpflow_tracker_del(tracker);
  sink_clear(&to);
  journal_clear(&j);
}

static void checkpoint__cut_at_any_length__invalid(void **state) {
  journal j = {0};
  sink to = save_some(&j);
  tcpflow_tracker *const tracker = make_busy(NULL, &j, NULL);

  (void)state;
  for (size_t length = 0; length < to.length; length += 1 + length / 64) {
    guard g = guard_put(to.bytes, length);
    assert_int_equal(tcpflow_tracker_load(tracker, g.bytes, length),
                     TCPFLOW_ERR_INVALID);
    expect_untouched(tracker);
    guard_free(&g);
  }
  tcpflow_tracker_del(tracker);
  sink_clear(&to);
  journal_clear(&j);
}

/* The digest is right, and what it covers may be anything: nothing breaks, now
   or with the frames that follow. */
static void checkpoint__any_octet_changed__nothing_breaks(void **state) {
  static const uint8_t values[] = {0, 1, 0x7f, 0xff};
  talk t = make_talk();
  journal j = {0};
  sink to = save_some(&j);

  (void)state;
  for (size_t at = 0; at < to.length - 8; at++) {
    for (unsigned i = 0; i < sizeof(values); i++) {
      failmem fm = {.fail_at = 0};
      const tcpflow_mem mem = failmem_table(&fm);
      tcpflow_tracker *const tracker = make_busy(NULL, &j, &mem);
      tcpflow__record_writer writer;
      sink bad = {0};

      tcpflow__record_begin(&writer, keep, &bad);
      tcpflow__record_octets(&writer, to.bytes, at);
      tcpflow__record_number(&writer, values[i], 1);
      tcpflow__record_octets(&writer, to.bytes + at + 1,
                             to.length - 8 - at - 1);
      assert_true(tcpflow__record_end(&writer));
      if (tcpflow_tracker_load(tracker, bad.bytes, bad.length) != TCPFLOW_OK) {
        expect_untouched(tracker);
      } else if (at % 8 == 0) {
        feed(tracker, &t, t.count - 4, 4);
      }
      tcpflow_tracker_del(tracker);
      assert_int_equal(fm.live_blocks, 0);
      sink_clear(&bad);
      j.length = 0;
    }
  }
  sink_clear(&to);
  journal_clear(&j);
  talk_clear(&t);
}

static void checkpoint__followed_already__kept(void **state) {
  journal j = {0};
  talk t = {0};
  tcpflow_tracker *const a = make(NULL, &j, NULL);
  tcpflow_tracker *const b = make(NULL, &j, NULL);
  sink to;

  (void)state;
  talk_open(&t, 1);
  talk_open(&t, 2);
  feed(a, &t, 0, t.count);
  feed(b, &t, 0, 3);
  to = save(a);
  assert_int_equal(tcpflow_tracker_load(b, to.bytes, to.length), TCPFLOW_OK);
  assert_int_equal(stats_of(b).flows_live, 2);
  sink_clear(&to);
  tcpflow_tracker_del(a);
  tcpflow_tracker_del(b);
  journal_clear(&j);
  talk_clear(&t);
}

static void checkpoint__put_stops__callback_error(void **state) {
  journal j = {0};
  tcpflow_tracker *const a = make_busy(NULL, &j, NULL);
  sink to = {.stop_at = 1};

  (void)state;
  assert_int_equal(tcpflow_tracker_save(a, keep, &to), TCPFLOW_ERR_CALLBACK);
  assert_int_equal(to.calls, 1);
  sink_clear(&to);
  tcpflow_tracker_del(a);
  journal_clear(&j);
}

static void checkpoint__other_major_number__version_error(void **state) {
  journal j = {0};
  sink to = save_some(&j);
  sink other = {0};
  tcpflow__record_writer writer;
  tcpflow_tracker *const tracker = make_busy(NULL, &j, NULL);

  (void)state;
  to.bytes[8]++;
  tcpflow__record_begin(&writer, keep, &other);
  tcpflow__record_octets(&writer, to.bytes, to.length - 8);
  assert_true(tcpflow__record_end(&writer));
  assert_int_equal(tcpflow_tracker_load(tracker, other.bytes, other.length),
                   TCPFLOW_ERR_VERSION);
  expect_untouched(tracker);
  tcpflow_tracker_del(tracker);
  sink_clear(&to);
  sink_clear(&other);
  journal_clear(&j);
}

/* Who adds a member has to say in connrecord.c whether it is kept. */
static void conn_record__tables__name_every_member(void **state) {
  (void)state;
  assert_true(tcpflow__conn_record_covers());
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(checkpoint__cut_anywhere__goes_on),
    cmocka_unit_test(checkpoint__saved_again__the_same_octets),
    cmocka_unit_test(checkpoint__each_allocation_fails__nothing_changed),
    cmocka_unit_test(checkpoint__no_room__limit),
    cmocka_unit_test(checkpoint__cut_at_any_length__invalid),
    cmocka_unit_test(checkpoint__any_octet_changed__nothing_breaks),
    cmocka_unit_test(checkpoint__followed_already__kept),
    cmocka_unit_test(checkpoint__put_stops__callback_error),
    cmocka_unit_test(checkpoint__other_major_number__version_error),
    cmocka_unit_test(conn_record__tables__name_every_member),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
