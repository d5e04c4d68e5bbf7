/*
 * tests/unit/conn/test_candidates.c - mirror of lib/conn/candidates.c: the list
 * of SYNs.
 */
#include "play.h"
#include "unit/failmem.h"

#include "conn/candidates.h"
#include "conn/conn.h"

static bool add(tcpflow_conn *conn, tcpflow_side side, uint32_t isn) {
  const tcpflow__syn syn = {.as = {.isn = isn, .length = 4},
                            .side = (uint8_t)side};

  assert_int_equal(tcpflow__candidates_reserve(conn), TCPFLOW_OK);
  return tcpflow__candidates_add(conn, &syn);
}

static void candidates_add__nine_of_a_side__the_oldest_goes(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  tcpflow__candidates *list;
  play p;

  (void)state;
  play_begin(&p, &mem);
  for (uint32_t i = 0; i < 8; i++) {
    assert_true(add(p.conn, CLIENT, 100 * i));
    assert_true(add(p.conn, SERVER, 100 * i + 50));
  }
  assert_false(add(p.conn, CLIENT, 800));
  list = tcpflow__candidates_of(p.conn);
  assert_int_equal(list->count, 16);
  assert_null(tcpflow__candidates_find(list, CLIENT, 0));
  assert_non_null(tcpflow__candidates_find(list, SERVER, 50));
  assert_non_null(tcpflow__candidates_find(list, CLIENT, 800));
  assert_null(tcpflow__candidates_find(list, SERVER, 800));
  play_finish(&p);
  assert_int_equal(fm.live_blocks, 0);
}

static void candidates_acked__several__the_newest(void **state) {
  tcpflow__candidates *list;
  play p;

  (void)state;
  play_begin(&p, NULL);
  (void)add(p.conn, CLIENT, 100);
  (void)add(p.conn, CLIENT, 102);
  list = tcpflow__candidates_of(p.conn);
  assert_int_equal(tcpflow__candidates_acked(list, CLIENT, 101)->as.isn, 100);
  assert_int_equal(tcpflow__candidates_acked(list, CLIENT, 103)->as.isn, 102);
  assert_int_equal(tcpflow__candidates_acked(list, CLIENT, 107)->as.isn, 102);
  assert_null(tcpflow__candidates_acked(list, CLIENT, 108));
  assert_null(tcpflow__candidates_acked(list, SERVER, 103));
  assert_null(tcpflow__candidates_acked(NULL, CLIENT, 103));
  play_finish(&p);
}

static void candidates_followed__behind_syn_or_data__found(void **state) {
  tcpflow__candidates *list;
  play p;

  (void)state;
  play_begin(&p, NULL);
  (void)add(p.conn, CLIENT, 100);
  list = tcpflow__candidates_of(p.conn);
  assert_non_null(tcpflow__candidates_followed(list, CLIENT, 101));
  assert_non_null(tcpflow__candidates_followed(list, CLIENT, 105));
  assert_null(tcpflow__candidates_followed(list, CLIENT, 102));
  assert_null(tcpflow__candidates_followed(list, SERVER, 101));
  play_finish(&p);
}

/* A second SYN needs memory; without it nothing has changed. */
static void candidates_reserve__no_memory__nothing_changed(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  play p;

  (void)state;
  play_begin(&p, &mem);
  p.options.present = TCPFLOW_HAS_OTHER;
  play_send(&p, CLIENT, "S", 1000, 0, "");
  assert_int_equal(fm.requests, 1);
  /* The extra; the list, once that is there; the octets. */
  for (size_t n = 0; n < 3; n++) {
    fm.fail_at = fm.requests + (n == 0 ? 1 : 2);
    (void)play_log(&p);
    assert_int_equal(play_try(&p, CLIENT, "S", 9000, 0, "abc"),
                     TCPFLOW_ERR_NOMEM);
    assert_string_equal(play_log(&p), "");
    assert_int_equal(p.conn->end[CLIENT].iss, 1000);
    assert_int_equal(p.conn->env->budget.used, 0);
  }
  fm.fail_at = 0;
  play_send(&p, CLIENT, "S", 9000, 0, "abc");
  assert_int_equal(p.conn->env->budget.used, 3);
  play_finish(&p);
  assert_int_equal(fm.live_blocks, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(candidates_add__nine_of_a_side__the_oldest_goes),
    cmocka_unit_test(candidates_acked__several__the_newest),
    cmocka_unit_test(candidates_followed__behind_syn_or_data__found),
    cmocka_unit_test(candidates_reserve__no_memory__nothing_changed),
  };

  return cmocka_run_group_tests_name("candidates", tests, NULL, NULL);
}
