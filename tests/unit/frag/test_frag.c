/* tests/unit/frag/test_frag.c - mirror of lib/frag/frag.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/failmem.h"
#include "unit/frag/cuts.h"

static const cut first = {.length = 24, .more = true, .protocol = 17};
static const cut last = {.start = 24, .length = 9, .protocol = 17};

/* --- made --- */

static void frag_new__no_memory__told_and_nothing_kept(void **state) {
  tcpflow_frag *frag = NULL;
  size_t failures = 0;

  (void)state;
  for (size_t n = 1; frag == NULL; n++) {
    failmem fm = {.fail_at = n};
    const tcpflow_mem mem = failmem_table(&fm);
    const int error = tcpflow_frag_new(&frag, NULL, NULL, &mem, NULL);
    if (error == TCPFLOW_OK) {
      tcpflow_frag_del(frag);
    } else {
      assert_int_equal(error, TCPFLOW_ERR_NOMEM);
      assert_null(frag);
      failures++;
    }
    assert_int_equal(fm.live_blocks, 0);
  }
  assert_int_equal(failures, 2);
}

static int try_config(const tcpflow_frag_config *config) {
  tcpflow_frag *frag = NULL;
  const int error = tcpflow_frag_new(&frag, config, NULL, NULL, NULL);

  tcpflow_frag_del(frag);
  return error;
}

static void frag_new__config_at_its_bounds__checked(void **state) {
  static const struct {
    uint64_t datagrams;
    uint64_t bytes;
    uint32_t fragments;
    uint32_t ipv4;
    uint32_t ipv6;
    int error;
  } rows[] = {
    {1, 1024, 2, 0, 0, TCPFLOW_OK},
    {UINT64_C(1) << 24, UINT64_MAX, 65535, 8, 8, TCPFLOW_OK},
    {0, 1024, 2, 0, 0, TCPFLOW_ERR_INVALID},
    {(UINT64_C(1) << 24) + 1, 1024, 2, 0, 0, TCPFLOW_ERR_INVALID},
    {1, 1023, 2, 0, 0, TCPFLOW_ERR_INVALID},
    {1, 1024, 1, 0, 0, TCPFLOW_ERR_INVALID},
    {1, 1024, 65536, 0, 0, TCPFLOW_ERR_INVALID},
    {1, 1024, 2, 9, 0, TCPFLOW_ERR_INVALID},
    {1, 1024, 2, 0, 9, TCPFLOW_ERR_INVALID},
  };

  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    tcpflow_frag_config config;
    tcpflow_frag_config_init(&config);
    config.max_datagrams = rows[i].datagrams;
    config.max_bytes = rows[i].bytes;
    config.max_fragments = rows[i].fragments;
    config.policy_ipv4 = rows[i].ipv4;
    config.policy_ipv6 = rows[i].ipv6;
    assert_int_equal(try_config(&config), rows[i].error);
  }
}

static void frag_new__structs_of_other_releases__read_or_refused(void **state) {
  struct {
    tcpflow_frag_config config;
    uint64_t future;
  } later;
  struct {
    tcpflow_frag_callbacks callbacks;
    uint64_t future;
  } wish;
  tcpflow_frag *frag = NULL;

  (void)state;
  tcpflow_frag_config_init(&later.config);
  later.config.size = sizeof(later);
  later.future = 0;
  assert_int_equal(try_config(&later.config), TCPFLOW_OK);
  later.future = 1;
  assert_int_equal(try_config(&later.config), TCPFLOW_ERR_VERSION);
  later.config.size = 0;
  assert_int_equal(try_config(&later.config), TCPFLOW_ERR_VERSION);

  tcpflow_sized_init(&wish, sizeof(wish));
  wish.future = 1;
  assert_int_equal(tcpflow_frag_new(&frag, NULL, &wish.callbacks, NULL, NULL),
                   TCPFLOW_ERR_VERSION);
  assert_null(frag);
}

static void frag_new__allocator_lacks_a_function__invalid(void **state) {
  tcpflow_mem mem = {0};
  tcpflow_frag *frag = NULL;

  (void)state;
  assert_int_equal(tcpflow_frag_new(&frag, NULL, NULL, &mem, NULL),
                   TCPFLOW_ERR_INVALID);
  tcpflow_frag_del(NULL);
}

/* --- callbacks --- */

typedef struct drop_log {
  tcpflow_frag *frag;
  tcpflow_frag_drop_event event;
  tcpflow_frag_query query;
  tcpflow_tuple ends;
  unsigned drops;
  unsigned asked;
  int answer;
  int busy; /* What calls in the callback answered, if not STATE. */
} drop_log;

static void call_in_callback(drop_log *l) {
  cutting made;
  tcpflow_frag_result result;
  tcpflow_frame datagram;

  if (l->frag == NULL) {
    return;
  }
  cutting_make(&made, &first);
  tcpflow_frag_result_init(&result);
  l->busy += tcpflow_frag_feed(l->frag, &made.packet, &result, &datagram) !=
             TCPFLOW_ERR_STATE;
  l->busy += tcpflow_frag_advance(l->frag, 5) != TCPFLOW_ERR_STATE;
  l->busy += tcpflow_frag_flush(l->frag) != TCPFLOW_ERR_STATE;
  tcpflow_frag_del(l->frag);
  (void)tcpflow_frag_deadline(l->frag);
  (void)cut_stats(l->frag);
  free(made.bytes);
}

static int note_drop(const tcpflow_frag_drop_event *event, void *user) {
  drop_log *const l = (drop_log *)user;

  l->event = *event;
  l->ends = *event->ends;
  l->drops++;
  call_in_callback(l);
  return l->answer;
}

static int note_choice(const tcpflow_frag_query *query, void *user) {
  drop_log *const l = (drop_log *)user;

  l->query = *query;
  l->ends = *query->ends;
  l->asked++;
  call_in_callback(l);
  return l->answer;
}

static tcpflow_frag *
make_with(drop_log *l, int (*choose)(const tcpflow_frag_query *, void *)) {
  tcpflow_frag_callbacks callbacks;
  tcpflow_frag *frag = NULL;

  tcpflow_frag_callbacks_init(&callbacks);
  callbacks.choose_policy = choose;
  callbacks.on_drop = choose == NULL ? note_drop : NULL;
  assert_int_equal(tcpflow_frag_new(&frag, NULL, &callbacks, NULL, l),
                   TCPFLOW_OK);
  l->frag = frag;
  return frag;
}

static void on_drop__timeout__told_with_all_there_is(void **state) {
  drop_log l = {0};
  tcpflow_frag *const frag = make_with(&l, NULL);
  cut c = first;

  (void)state;
  c.time = 5 * TCPFLOW_SECOND;
  c.vlan = 0x1009;
  (void)cut_feed(frag, &c);
  (void)cut_feed(frag, &c);
  assert_int_equal(tcpflow_frag_deadline(frag), 65 * TCPFLOW_SECOND);
  assert_int_equal(tcpflow_frag_advance(frag, 65 * TCPFLOW_SECOND - 1),
                   TCPFLOW_OK);
  assert_int_equal(l.drops, 0);
  assert_int_equal(tcpflow_frag_advance(frag, 65 * TCPFLOW_SECOND), TCPFLOW_OK);
  assert_int_equal(l.drops, 1);
  assert_int_equal(l.event.time, 65 * TCPFLOW_SECOND);
  assert_int_equal(l.event.first_time, 5 * TCPFLOW_SECOND);
  assert_int_equal(l.event.id, 7);
  assert_int_equal(l.event.protocol, 17);
  assert_int_equal(l.event.fragments, 2);
  assert_int_equal(l.event.anomalies, TCPFLOW_FRAG_ANOMALY_DUPLICATE);
  assert_int_equal(l.event.reason, TCPFLOW_FRAG_REASON_TIMEOUT);
  assert_int_equal(l.ends.vlan, 0x1009);
  assert_int_equal(l.ends.version, 4);
  assert_int_equal(l.busy, 0);
  assert_int_equal(tcpflow_frag_deadline(frag), TCPFLOW_TIME_NONE);
  tcpflow_frag_del(frag);
}

static void on_drop__asks_to_stop__done_all_the_same(void **state) {
  drop_log l = {.answer = 1};
  tcpflow_frag *const frag = make_with(&l, NULL);
  cut c = first;
  said s;

  (void)state;
  (void)cut_feed(frag, &c);
  c.id = 1;
  (void)cut_feed(frag, &c);
  c.id = 2;
  c.time = 61 * TCPFLOW_SECOND;
  s = cut_feed(frag, &c);
  assert_int_equal(s.error, TCPFLOW_ERR_CALLBACK);
  assert_int_equal(s.result.outcome, TCPFLOW_FRAG_HELD);
  assert_int_equal(l.drops, 2);
  assert_int_equal(tcpflow_frag_flush(frag), TCPFLOW_ERR_CALLBACK);
  assert_int_equal(l.event.reason, TCPFLOW_FRAG_REASON_FLUSHED);
  assert_int_equal(cut_stats(frag).held, 0);
  assert_int_equal(tcpflow_frag_flush(frag), TCPFLOW_OK);
  tcpflow_frag_del(frag);
}

/* A datagram that was dropped is not dropped again when it is forgotten. */
static void on_drop__remembered_one_goes__told_once(void **state) {
  drop_log l = {0};
  tcpflow_frag *const frag = make_with(&l, NULL);
  cut c = {.length = 24, .more = true, .version = 6};

  (void)state;
  (void)cut_feed(frag, &c);
  c.start = 8;
  (void)cut_feed(frag, &c);
  assert_int_equal(l.drops, 1);
  assert_int_equal(l.event.reason, TCPFLOW_FRAG_REASON_OVERLAP);
  assert_int_equal(tcpflow_frag_advance(frag, 100 * TCPFLOW_SECOND),
                   TCPFLOW_OK);
  assert_int_equal(l.drops, 1);
  assert_int_equal(cut_stats(frag).held, 0);
  tcpflow_frag_del(frag);
}

static void choose_policy__answers__used(void **state) {
  static const struct {
    int answer;
    uint8_t version;
    char winner; /* Of the octets that a later fragment shares; 0: dropped. */
  } rows[] = {
    {TCPFLOW_FRAG_POLICY_FIRST, 4, 'o'},
    {TCPFLOW_FRAG_POLICY_LAST, 4, 'n'},
    {TCPFLOW_FRAG_POLICY_LAST, 6, 'n'},
    {TCPFLOW_FRAG_POLICY_RFC5722, 4, 0},
    {TCPFLOW_FRAG_POLICY_DEFAULT, 6, 0},
    {TCPFLOW_FRAG_POLICY_DEFAULT, 4, 'o'},
    {-5, 4, 'o'},
    {99, 6, 0},
  };

  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    drop_log l = {.answer = rows[i].answer};
    tcpflow_frag *const frag = make_with(&l, note_choice);
    const uint8_t v = rows[i].version;
    const cut cuts[] = {
      {.length = 32, .more = true, .fill = 'o', .version = v, .time = 5},
      {.start = 24, .length = 16, .more = true, .fill = 'n', .version = v},
      {.start = 40, .length = 1, .fill = 'e', .version = v},
    };
    said s;
    for (unsigned k = 0; k < 3; k++) {
      s = cut_feed(frag, &cuts[k]);
    }
    assert_int_equal(l.asked, 1);
    assert_int_equal(l.busy, 0);
    assert_int_equal(l.ends.version, v);
    assert_int_equal(l.query.time, 5);
    assert_int_equal(l.query.id, 7);
    assert_int_equal(l.query.protocol, 6);
    if (rows[i].winner == 0) {
      assert_int_equal(s.result.outcome, TCPFLOW_FRAG_DROPPED);
    } else {
      assert_int_equal(s.result.outcome, TCPFLOW_FRAG_COMPLETE);
      assert_int_equal(s.datagram.bytes[(v == 4 ? 20 : 40) + 24],
                       rows[i].winner);
    }
    tcpflow_frag_del(frag);
  }
}

/* --- structs of other releases --- */

static void feed__short_and_long_results__as_stamped(void **state) {
  tcpflow_frag *frag = NULL;
  tcpflow_frag_result result;
  tcpflow_frame datagram;
  cutting made;

  (void)state;
  assert_int_equal(tcpflow_frag_new(&frag, NULL, NULL, NULL, NULL), TCPFLOW_OK);
  cutting_make(&made, &first);
  memset(&result, 0, sizeof(result));
  assert_int_equal(tcpflow_frag_feed(frag, &made.packet, &result, &datagram),
                   TCPFLOW_ERR_VERSION);
  assert_int_equal(cut_stats(frag).fragments, 0);
  tcpflow_frag_result_init(&result);
  result.size = offsetof(tcpflow_frag_result, fragments);
  result.fragments = 4711;
  assert_int_equal(tcpflow_frag_feed(frag, &made.packet, &result, &datagram),
                   TCPFLOW_OK);
  assert_int_equal(result.outcome, TCPFLOW_FRAG_HELD);
  assert_int_equal(result.fragments, 4711);
  made.packet.size = 0;
  assert_int_equal(tcpflow_frag_feed(frag, &made.packet, &result, &datagram),
                   TCPFLOW_ERR_VERSION);
  free(made.bytes);
  tcpflow_frag_del(frag);
}

static void get_stats__not_initialized__version(void **state) {
  tcpflow_frag *frag = NULL;
  tcpflow_frag_stats stats;

  (void)state;
  assert_int_equal(tcpflow_frag_new(&frag, NULL, NULL, NULL, NULL), TCPFLOW_OK);
  memset(&stats, 0, sizeof(stats));
  assert_int_equal(tcpflow_frag_get_stats(frag, &stats), TCPFLOW_ERR_VERSION);
  tcpflow_frag_del(frag);
}

/* --- time --- */

static void deadline__for_ever__none(void **state) {
  tcpflow_frag_config config;
  tcpflow_frag *frag = NULL;

  (void)state;
  tcpflow_frag_config_init(&config);
  config.timeout_ns = TCPFLOW_TIME_NONE;
  assert_int_equal(tcpflow_frag_new(&frag, &config, NULL, NULL, NULL),
                   TCPFLOW_OK);
  (void)cut_feed(frag, &first);
  assert_int_equal(tcpflow_frag_deadline(frag), TCPFLOW_TIME_NONE);
  assert_int_equal(tcpflow_frag_advance(frag, TCPFLOW_TIME_NONE), TCPFLOW_OK);
  assert_int_equal(cut_feed(frag, &last).result.outcome, TCPFLOW_FRAG_COMPLETE);
  tcpflow_frag_del(frag);
}

/* Many are late at once: one packet drops some of them, advance() all. */
static void advance__many_late__all_dropped(void **state) {
  tcpflow_frag *frag = NULL;
  cut c = first;

  (void)state;
  assert_int_equal(tcpflow_frag_new(&frag, NULL, NULL, NULL, NULL), TCPFLOW_OK);
  for (c.id = 0; c.id < 100; c.id++) {
    (void)cut_feed(frag, &c);
  }
  c.time = 100 * TCPFLOW_SECOND;
  (void)cut_feed(frag, &c);
  assert_int_equal(cut_stats(frag).datagrams_dropped[3], 32);
  assert_int_equal(tcpflow_frag_advance(frag, 0), TCPFLOW_OK);
  assert_int_equal(cut_stats(frag).datagrams_dropped[3], 100);
  assert_int_equal(cut_stats(frag).held, 1);
  tcpflow_frag_del(frag);
}

/* A datagram that is a fragment of a tunnel is fed while its bytes are the
   reassembler's own. */
static void feed__datagram_of_a_datagram__its_own_bytes(void **state) {
  uint8_t inner[2][64];
  tcpflow_frag *frag = NULL;
  said s;

  (void)state;
  assert_int_equal(tcpflow_frag_new(&frag, NULL, NULL, NULL, NULL), TCPFLOW_OK);
  for (unsigned i = 0; i < 2; i++) {
    const cut c = {
      .start = i * 24, .length = 24, .more = i == 0, .protocol = 17, .id = 9};
    (void)cut_ipv4(inner[i], &c);
    memset(inner[i] + 20, 'x' + (int)i, 24);
    for (unsigned k = 0; k < 2; k++) {
      const cut outer = {.start = k * 24,
                         .length = k == 0 ? 24 : 20,
                         .more = k == 0,
                         .data = inner[i] + k * 24,
                         .protocol = 4,
                         .id = i};
      s = cut_feed(frag, &outer);
    }
    assert_int_equal(s.result.outcome, TCPFLOW_FRAG_COMPLETE);
    tcpflow_packet packet;
    tcpflow_frame frame = s.datagram;
    /* As if decode had entered the tunnel. */
    frame.bytes += 20;
    frame.captured -= 20;
    frame.length -= 20;
    tcpflow_packet_init(&packet);
    (void)tcpflow_packet_decode(&packet, &frame, NULL);
    assert_int_equal(tcpflow_frag_feed(frag, &packet, &s.result, &s.datagram),
                     TCPFLOW_OK);
    assert_int_equal(s.result.outcome,
                     i == 0 ? TCPFLOW_FRAG_HELD : TCPFLOW_FRAG_COMPLETE);
  }
  assert_int_equal(s.datagram.length, 20 + 48);
  assert_memory_equal(s.datagram.bytes + 20,
                      "xxxxxxxxxxxxxxxxxxxxxxxxyyyyyyyyyyyyyyyyyyyyyyyy", 48);
  tcpflow_frag_del(frag);
}

/* The bytes of a datagram stay while others are held, dropped or forgotten. */
static void feed__bytes_of_a_datagram__until_the_next_one(void **state) {
  const cut pieces[] = {
    {.length = 24, .more = true, .fill = 'a', .protocol = 17},
    {.start = 24, .length = 9, .fill = 'b', .protocol = 17}};
  const cut others[] = {
    {.length = 24, .more = true, .fill = 'c', .protocol = 17, .id = 1},
    {.length = 24, .more = true, .fill = 'd', .version = 6, .id = 2},
    {.start = 8, .length = 24, .fill = 'e', .version = 6, .id = 2},
    {.length = 24, .fill = 'f', .protocol = 17, .id = 3}};
  static const char data[] = "aaaaaaaaaaaaaaaaaaaaaaaabbbbbbbbb";
  tcpflow_frag *frag = NULL;

  (void)state;
  assert_int_equal(tcpflow_frag_new(&frag, NULL, NULL, NULL, NULL), TCPFLOW_OK);
  (void)cut_feed(frag, &pieces[0]);
  const said s = cut_feed(frag, &pieces[1]);
  assert_int_equal(s.result.outcome, TCPFLOW_FRAG_COMPLETE);
  for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
    assert_int_not_equal(cut_feed(frag, &others[i]).result.outcome,
                         TCPFLOW_FRAG_COMPLETE);
    assert_memory_equal(s.datagram.bytes + 20, data, 33);
  }
  assert_int_equal(tcpflow_frag_advance(frag, 100 * TCPFLOW_SECOND),
                   TCPFLOW_OK);
  assert_int_equal(tcpflow_frag_flush(frag), TCPFLOW_OK);
  assert_memory_equal(s.datagram.bytes + 20, data, 33);
  tcpflow_frag_del(frag);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(frag_new__no_memory__told_and_nothing_kept),
    cmocka_unit_test(frag_new__config_at_its_bounds__checked),
    cmocka_unit_test(frag_new__structs_of_other_releases__read_or_refused),
    cmocka_unit_test(frag_new__allocator_lacks_a_function__invalid),
    cmocka_unit_test(on_drop__timeout__told_with_all_there_is),
    cmocka_unit_test(on_drop__asks_to_stop__done_all_the_same),
    cmocka_unit_test(on_drop__remembered_one_goes__told_once),
    cmocka_unit_test(choose_policy__answers__used),
    cmocka_unit_test(feed__bytes_of_a_datagram__until_the_next_one),
    cmocka_unit_test(feed__short_and_long_results__as_stamped),
    cmocka_unit_test(get_stats__not_initialized__version),
    cmocka_unit_test(deadline__for_ever__none),
    cmocka_unit_test(advance__many_late__all_dropped),
    cmocka_unit_test(feed__datagram_of_a_datagram__its_own_bytes),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
