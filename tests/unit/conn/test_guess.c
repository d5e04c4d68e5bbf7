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
      assert_int_equal(tcpflow_conn_guess_sender(flags, ack ? 40000 : 80,
                                                 ack ? 80 : 40000, NULL),
                       ack ? SERVER : CLIENT);
    } else {
      assert_int_equal(tcpflow_conn_guess_sender(flags, 80, 40000, NULL),
                       SERVER);
      assert_int_equal(tcpflow_conn_guess_sender(flags, 40000, 80, NULL),
                       CLIENT);
    }
  }
}

/* RFC 6335 section 6: System Ports are 0 to 1023; 0 is not known here.  Clients
   are given ports from 32768 or from 49152 on. */
static void
conn_guess_sender__no_syn__system_port_is_the_servers(void **state) {
  static const struct {
    uint16_t source;
    uint16_t destination;
    tcpflow_side sender;
    tcpflow_role_basis basis;
  } cases[] = {
    {1, 1024, SERVER, TCPFLOW_ROLE_PORT},
    {1023, 1024, SERVER, TCPFLOW_ROLE_PORT},
    {1023, 65535, SERVER, TCPFLOW_ROLE_PORT},
    {1024, 1023, CLIENT, TCPFLOW_ROLE_PORT},
    {1024, 1, CLIENT, TCPFLOW_ROLE_PORT},
    {1024, 1025, CLIENT, TCPFLOW_ROLE_FIRST},
    {1025, 1024, CLIENT, TCPFLOW_ROLE_FIRST},
    {22, 80, CLIENT, TCPFLOW_ROLE_FIRST},
    {80, 22, CLIENT, TCPFLOW_ROLE_FIRST},
    {0, 0, CLIENT, TCPFLOW_ROLE_FIRST},
    {0, 80, CLIENT, TCPFLOW_ROLE_PORT},
    {80, 0, SERVER, TCPFLOW_ROLE_PORT},
    {0, 40000, CLIENT, TCPFLOW_ROLE_FIRST},
    {40000, 0, CLIENT, TCPFLOW_ROLE_FIRST},
    {40000, 40000, CLIENT, TCPFLOW_ROLE_FIRST},
    {1023, 1023, CLIENT, TCPFLOW_ROLE_FIRST},
    {8080, 50000, SERVER, TCPFLOW_ROLE_PORT},
    {32768, 3306, CLIENT, TCPFLOW_ROLE_PORT},
    {32767, 3306, CLIENT, TCPFLOW_ROLE_FIRST},
  };

  (void)state;
  for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
    tcpflow_role_basis basis = TCPFLOW_ROLE_UNKNOWN;
    assert_int_equal(tcpflow_conn_guess_sender(TCPFLOW_FLAG_ACK,
                                               cases[i].source,
                                               cases[i].destination, &basis),
                     cases[i].sender);
    assert_int_equal(basis, cases[i].basis);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(conn_guess_sender__syn__its_kind_tells),
    cmocka_unit_test(conn_guess_sender__no_syn__system_port_is_the_servers),
  };

  return cmocka_run_group_tests_name("guess", tests, NULL, NULL);
}
