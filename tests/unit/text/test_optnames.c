/* tests/unit/text/test_optnames.c - mirror of lib/text/optnames.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <tcpflow/option_names.h>

static void option_title__every_known_kind__named(void **state) {
  unsigned named = 0;

  (void)state;
  for (unsigned kind = 0; kind < 256; kind++) {
    named += tcpflow_option_title((uint8_t)kind)[0] != '?';
  }
  assert_int_equal(named, 44);
  assert_string_equal(tcpflow_option_title(2), "maximum segment size");
  assert_string_equal(tcpflow_option_title(13), "CC.ECHO");
  assert_string_equal(tcpflow_option_title(70), "unauthorized use");
  assert_string_equal(tcpflow_option_title(174), "accurate ECN order 1");
  assert_string_equal(tcpflow_option_title(254), "experiment 2");
  assert_string_equal(tcpflow_option_title(25), "?");
  assert_string_equal(tcpflow_option_title(255), "?");
}

static void option_flag_name__each_bit__the_constant(void **state) {
  static const struct {
    unsigned flag;
    const char *name;
  } rows[] = {
    {TCPFLOW_OPTION_FLAG_NO_LENGTH, "no-length"},
    {TCPFLOW_OPTION_FLAG_LENGTH_BELOW_2, "length-below-2"},
    {TCPFLOW_OPTION_FLAG_OVERRUN, "overrun"},
    {TCPFLOW_OPTION_FLAG_CUT, "cut"},
    {TCPFLOW_OPTION_FLAG_BAD_LENGTH, "bad-length"},
    {TCPFLOW_OPTION_FLAG_DUPLICATE, "duplicate"},
    {TCPFLOW_OPTION_FLAG_WRONG_SEGMENT, "wrong-segment"},
    {TCPFLOW_OPTION_FLAG_AFTER_EOL, "after-eol"},
    {TCPFLOW_OPTION_FLAG_OBSOLETE, "obsolete"},
    {TCPFLOW_OPTION_FLAG_SQUAT, "squat"},
    {TCPFLOW_OPTION_FLAG_UNKNOWN, "unknown"},
    {TCPFLOW_OPTION_FLAG_BAD_VALUE, "bad-value"},
    {TCPFLOW_OPTION_FLAG_CONFLICT, "conflict"},
  };

  (void)state;
  for (unsigned bit = 0; bit < TCPFLOW_OPTION_FLAG_COUNT; bit++) {
    assert_int_equal(rows[bit].flag, 1U << bit);
    assert_string_equal(tcpflow_option_flag_name(bit), rows[bit].name);
  }
  assert_string_equal(tcpflow_option_flag_name(TCPFLOW_OPTION_FLAG_COUNT), "?");
}

static void exid_name__each_identifier__as_registered(void **state) {
  static const struct {
    uint32_t exid;
    const char *name;
  } rows[] = {
    {0x00ac, "TARR"},
    {0x0348, "HOST_ID"},
    {0x0a0d, "ASC"},
    {0x0ca0, "CAPABILITY"},
    {0x0ed0, "EDO"},
    {0x454e, "ENO"},
    {0x5323, "SNO"},
    {0xacc0, "AccECN0"},
    {0xacc1, "AccECN1"},
    {0xacce, "AccECN"},
    {0xf989, "TFO"},
    {0xf990, "LOW_LATENCY"},
    {0x75ecffee, "TS_INTERVAL"},
    {0xe2d4c3d9, "SMC-R"},
    {0x1234, "?"},
  };

  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    assert_string_equal(tcpflow_exid_name(rows[i].exid), rows[i].name);
  }
}

/* RFC 8684 section 8.1 and 3.6, RFC 8548 section 7. */
static void names__in_options__as_registered(void **state) {
  (void)state;
  assert_string_equal(tcpflow_mptcp_subtype_name(0), "MP_CAPABLE");
  assert_string_equal(tcpflow_mptcp_subtype_name(2), "DSS");
  assert_string_equal(tcpflow_mptcp_subtype_name(8), "MP_TCPRST");
  assert_string_equal(tcpflow_mptcp_subtype_name(9), "?");
  assert_string_equal(tcpflow_mptcp_subtype_name(15), "MP_EXPERIMENTAL");
  assert_string_equal(tcpflow_mptcp_subtype_name(16), "?");
  assert_string_equal(tcpflow_mptcp_reason_name(0), "unspecified");
  assert_string_equal(tcpflow_mptcp_reason_name(6), "middlebox interference");
  assert_string_equal(tcpflow_mptcp_reason_name(7), "?");
  assert_string_equal(tcpflow_tep_name(0x21), "TCPCRYPT_ECDHE_P256");
  assert_string_equal(tcpflow_tep_name(0x24), "TCPCRYPT_ECDHE_Curve448");
  assert_string_equal(tcpflow_tep_name(0x25), "?");
  assert_string_equal(tcpflow_auth_name(TCPFLOW_AUTH_OK), "ok");
  assert_string_equal(tcpflow_auth_name(TCPFLOW_AUTH_NO_KEY), "no-key");
  assert_string_equal(tcpflow_auth_name((tcpflow_auth)99), "?");
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(option_title__every_known_kind__named),
    cmocka_unit_test(option_flag_name__each_bit__the_constant),
    cmocka_unit_test(exid_name__each_identifier__as_registered),
    cmocka_unit_test(names__in_options__as_registered),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
