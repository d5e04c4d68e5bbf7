/*
 * tests/unit/conn/test_rstpolicy.c - mirror of lib/conn/rstpolicy.c: which RST
 * ends a connection, by what its endpoints run.
 */
#include <stdbool.h>

#include "unit/conn/play.h"

/* A hole of which the client has told; then the server's RST at SEQ.  Was it
   taken? */
static bool takes(play *p, uint32_t seq) {
  play_handshake(p);
  play_send(p, SERVER, "P.", 5101, 1001, "abcdef");
  play_send(p, CLIENT, ".", 1001, 5001, "");
  play_send(p, SERVER, "R", seq, 0, "");
  return (p->verdict & TCPFLOW_VERDICT_RST_ACCEPTED) != 0;
}

static const struct {
  tcpflow_rst_policy policy;
  bool in_window, last, beyond, before;
} cases[] = {
  {TCPFLOW_RST_RFC5961, false, true, false, false},
  {TCPFLOW_RST_RFC793, true, true, false, false},
  {TCPFLOW_RST_LINUX, false, false, false, false},
  {TCPFLOW_RST_OLD_LINUX, true, true, false, false},
  {TCPFLOW_RST_BSD, false, false, false, false},
  {TCPFLOW_RST_WINDOWS, false, false, false, false},
  {TCPFLOW_RST_VISTA, false, false, false, false},
  {TCPFLOW_RST_MACOS, false, false, false, false},
  {TCPFLOW_RST_SOLARIS, true, true, false, false},
  {TCPFLOW_RST_IRIX, true, true, false, false},
  {TCPFLOW_RST_HPUX10, true, true, false, false},
  {TCPFLOW_RST_HPUX11, true, true, true, false},
  {TCPFLOW_RST_ANY, true, true, true, true},
};

static void assert_takes(tcpflow_rst_policy policy, uint32_t seq, bool yes) {
  play p;

  play_begin(&p, NULL);
  assert_int_equal(tcpflow_conn_set_rst_policy(p.conn, policy), TCPFLOW_OK);
  assert_int_equal(takes(&p, seq), yes);
  play_finish(&p);
}

static void set_rst_policy__each__takes_what_it_says(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
    assert_takes(cases[i].policy, 5001, true);
    assert_takes(cases[i].policy, 5050, cases[i].in_window);
    assert_takes(cases[i].policy, 5107, cases[i].last);
    assert_takes(cases[i].policy, 5001 + 200000, cases[i].beyond);
    assert_takes(cases[i].policy, 4999, cases[i].before);
  }
}

static void set_rst_policy__none_of_those__invalid(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  assert_int_equal(tcpflow_conn_set_rst_policy(
                     p.conn, (tcpflow_rst_policy)(TCPFLOW_RST_ANY + 1)),
                   TCPFLOW_ERR_INVALID);
  assert_false(takes(&p, 5050));
  play_finish(&p);
}

static void conn_new__policy_of_the_configuration__taken(void **state) {
  const tcpflow_conn_callbacks cb = play_callbacks();
  tcpflow_conn_config config;
  play p;

  (void)state;
  tcpflow_conn_config_init(&config);
  config.rst_policy = TCPFLOW_RST_ANY + 1;
  play_clear(&p);
  assert_int_equal(tcpflow_conn_new(&p.conn, &config, &cb, NULL, NULL, &p),
                   TCPFLOW_ERR_INVALID);
  config.rst_policy = TCPFLOW_RST_RFC793;
  assert_int_equal(tcpflow_conn_new(&p.conn, &config, &cb, NULL, NULL, &p),
                   TCPFLOW_OK);
  assert_true(takes(&p, 5050));
  play_finish(&p);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(set_rst_policy__each__takes_what_it_says),
    cmocka_unit_test(set_rst_policy__none_of_those__invalid),
    cmocka_unit_test(conn_new__policy_of_the_configuration__taken),
  };

  return cmocka_run_group_tests_name("rstpolicy", tests, NULL, NULL);
}
