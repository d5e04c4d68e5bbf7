/*
 * tests/unit/conn/test_extra.c - mirror of lib/conn/extra.c: memory that few
 * connections need.
 */
#include "conn/extra.h"

#include "play.h"
#include "unit/failmem.h"

static void extra_need__twice__one_of_zeros(void **state) {
  const tcpflow__conn_extra zeros = {0};
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  play p;

  (void)state;
  play_begin(&p, &mem);
  const size_t blocks = fm.live_blocks;
  tcpflow__conn_extra *const extra = tcpflow__conn_extra_need(p.conn);
  assert_non_null(extra);
  assert_ptr_equal(p.conn->extra, extra);
  assert_memory_equal(extra, &zeros, sizeof(zeros));
  assert_ptr_equal(tcpflow__conn_extra_need(p.conn), extra);
  assert_int_equal(fm.live_blocks, blocks + 1);
  assert_int_equal(p.conn->env->extras, sizeof(*extra));
  play_finish(&p);
  assert_int_equal(fm.live_blocks, 0);
}

static void extra_need__no_memory__none(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  play p;

  (void)state;
  play_begin(&p, &mem);
  fm.fail_at = fm.requests + 1;
  assert_null(tcpflow__conn_extra_need(p.conn));
  assert_null(p.conn->extra);
  assert_int_equal(p.conn->env->extras, 0);
  assert_non_null(tcpflow__conn_extra_need(p.conn));
  play_finish(&p);
}

/* Octets of a SYN that were remembered go with it. */
static void extra_clear__with_candidates__all_is_freed(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  play p;

  (void)state;
  play_begin(&p, &mem);
  const size_t bytes = fm.live_bytes;
  play_send(&p, CLIENT, "S", 1000, 0, "one");
  play_send(&p, CLIENT, "S", 2000, 0, "other");
  assert_non_null(p.conn->extra);
  assert_non_null(p.conn->extra->candidates);
  tcpflow__conn_extra_clear(p.conn);
  assert_null(p.conn->extra);
  assert_int_equal(p.conn->env->extras, 0);
  assert_int_equal(p.conn->env->budget.used, 0);
  assert_int_equal(fm.live_bytes, bytes);
  tcpflow__conn_extra_clear(p.conn);
  assert_int_equal(fm.live_bytes, bytes);
  play_finish(&p);
}

/* A well-behaved connection pays for a pointer. */
static void extra__nothing_odd__never_made(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  play p;

  (void)state;
  play_begin(&p, &mem);
  const size_t requests = fm.requests;
  play_handshake(&p);
  play_send(&p, CLIENT, "P.", 1001, 5001, "question");
  play_send(&p, SERVER, "P.", 5001, 1009, "answer");
  play_send(&p, CLIENT, "F.", 1009, 5007, "");
  play_send(&p, SERVER, "F.", 5007, 1010, "");
  play_send(&p, CLIENT, ".", 1010, 5008, "");
  assert_int_equal(fm.requests, requests);
  assert_null(p.conn->extra);
  play_finish(&p);
}

/* The number of a FIN elsewhere stands there. */
static void extra__fin_elsewhere__no_memory_nothing_changed(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  size_t fail_at = 1;
  int answer;
  play p;

  (void)state;
  play_begin(&p, &mem);
  play_handshake(&p);
  play_send(&p, CLIENT, "F.", 1001, 5001, "");
  assert_null(p.conn->extra);
  (void)play_log(&p);
  do {
    fm.requests = 0;
    fm.fail_at = fail_at++;
    answer = play_try(&p, CLIENT, "F.", 1003, 5001, "");
    if (answer != TCPFLOW_OK) {
      assert_int_equal(answer, TCPFLOW_ERR_NOMEM);
      assert_int_equal(p.conn->end[CLIENT].fin_moved, 0);
      assert_string_equal(play_log(&p), "");
    }
  } while (answer != TCPFLOW_OK);
  assert_true(fail_at > 2);
  assert_int_equal(p.conn->end[CLIENT].fin_moved, 1);
  assert_int_equal(p.conn->end[CLIENT].fin, 1001);
  assert_int_equal(p.conn->extra->beside[CLIENT].fin, 1003);
  fm.fail_at = 0;
  play_finish(&p);
  assert_int_equal(fm.live_blocks, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(extra_need__twice__one_of_zeros),
    cmocka_unit_test(extra_need__no_memory__none),
    cmocka_unit_test(extra_clear__with_candidates__all_is_freed),
    cmocka_unit_test(extra__nothing_odd__never_made),
    cmocka_unit_test(extra__fin_elsewhere__no_memory_nothing_changed),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
