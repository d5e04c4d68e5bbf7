/*
 * tests/unit/conn/test_guess.c - mirror of lib/conn/guess.c: who is the client?
 */
#include "play.h"

static void conn_guess_sender__syn__its_kind_tells(void **state) {
  (void)state;
  for (unsigned flags = 0; flags <= TCPFLOW_FLAGS_ALL; flags++) {
    const int syn = (flags & TCPFLOW_FLAG_SYN) != 0;
    const int ack = (flags & TCPFLOW_FLAG_ACK) != 0;

    /* The ports say the opposite, each time. */
    if (syn) {
      assert_int_equal(
        tcpflow_conn_guess_sender(flags, ack ? 40000 : 80, ack ? 80 : 40000),
        ack ? SERVER : CLIENT);
    } else {
      assert_int_equal(tcpflow_conn_guess_sender(flags, 80, 40000), SERVER);
      assert_int_equal(tcpflow_conn_guess_sender(flags, 40000, 80), CLIENT);
    }
  }
}

/* RFC 6335 section 6: System Ports are 0 to 1023; 0 is not known here. */
static void
conn_guess_sender__no_syn__system_port_is_the_servers(void **state) {
  static const struct {
    uint16_t source;
    uint16_t destination;
    tcpflow_side sender;
  } cases[] = {
    {1, 1024, SERVER},    {1023, 1024, SERVER}, {1023, 65535, SERVER},
    {1024, 1023, CLIENT}, {1024, 1, CLIENT},    {1024, 1025, CLIENT},
    {1025, 1024, CLIENT}, {22, 80, CLIENT},     {80, 22, CLIENT},
    {0, 0, CLIENT},       {0, 80, CLIENT},      {80, 0, SERVER},
    {0, 40000, CLIENT},   {40000, 0, CLIENT},   {40000, 40000, CLIENT},
    {1023, 1023, CLIENT},
  };

  (void)state;
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
    assert_int_equal(tcpflow_conn_guess_sender(
                       TCPFLOW_FLAG_ACK, cases[i].source, cases[i].destination),
                     cases[i].sender);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(conn_guess_sender__syn__its_kind_tells),
    cmocka_unit_test(conn_guess_sender__no_syn__system_port_is_the_servers),
  };

  return cmocka_run_group_tests_name("guess", tests, NULL, NULL);
}
