/* tests/unit/text/test_factnames.c - mirror of lib/text/factnames.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <tcpflow/text.h>

/* A constant in lower case with hyphens. */
static void expect_name(const char *name, const char *constant) {
  size_t i = 0;

  for (; constant[i] != '\0'; i++) {
    const char c = constant[i];

    assert_int_equal(name[i], c == '_'               ? '-'
                              : c >= 'A' && c <= 'Z' ? c - 'A' + 'a'
                                                     : c);
  }
  assert_int_equal(name[i], '\0');
}

#define ANOMALY(name)                                                          \
  expect_name(tcpflow_anomaly_name(TCPFLOW_ANOMALY_##name), #name)

static void anomaly_name__every_one__the_constants_own(void **state) {
  (void)state;
  ANOMALY(BAD_FLAGS);
  ANOMALY(CHRISTMAS);
  ANOMALY(NO_FLAGS);
  ANOMALY(BAD_OPTIONS);
  ANOMALY(OPTION_DUPLICATE);
  ANOMALY(OPTION_MISPLACED);
  ANOMALY(OPTION_UNNEGOTIATED);
  ANOMALY(WSCALE_RANGE);
  ANOMALY(BAD_CHECKSUM);
  ANOMALY(SAME_ENDS);
  ANOMALY(SYN_OTHER_ISN);
  ANOMALY(SYN_ACK_OTHER_ISN);
  ANOMALY(SYN_ACK_BAD_ACK);
  ANOMALY(SYN_ACK_OTHER_ACK);
  ANOMALY(SYN_ACK_UNSOLICITED);
  ANOMALY(SYN_ACK_FROM_CLIENT);
  ANOMALY(SYN_IN_CONNECTION);
  ANOMALY(SYN_ACK_IN_CONNECTION);
  ANOMALY(SYN_AFTER_FIN);
  ANOMALY(SYN_AFTER_RST);
  ANOMALY(SYN_AFTER_MID_STREAM);
  ANOMALY(SYN_DATA);
  ANOMALY(SYN_FLOOD);
  ANOMALY(SYN_ACK_FLOOD);
  ANOMALY(SYN_BAROQUE);
  ANOMALY(SPLIT_HANDSHAKE);
  ANOMALY(SIMULTANEOUS_OPEN);
  ANOMALY(HANDSHAKE_BAD_ACK);
  ANOMALY(FAST_OPEN_IGNORED);
  ANOMALY(DATA_BEFORE_OPEN);
  ANOMALY(PORT_REUSED);
  ANOMALY(PORT_REUSED_EARLY);
  ANOMALY(ACK_UNSEEN);
  ANOMALY(ACK_TOO_OLD);
  ANOMALY(SACK_INVALID);
  ANOMALY(NUMBERS_IMPOSSIBLE);
  ANOMALY(PAWS);
  ANOMALY(TIMESTAMP_MISSING);
  ANOMALY(TIMESTAMP_ECHO_BAD);
  ANOMALY(BEYOND_WINDOW);
  ANOMALY(WINDOW_SHRUNK);
  ANOMALY(WINDOW_SLAM);
  ANOMALY(SMALL_SEGMENTS);
  ANOMALY(DATA_WITHOUT_ACKS);
  ANOMALY(BEYOND_FIN);
  ANOMALY(FIN_MOVED);
  ANOMALY(FIN_OUT_OF_WINDOW);
  ANOMALY(FIN_AFTER_RST);
  ANOMALY(FIN_STORM);
  ANOMALY(CLOSED_WITH_HOLES);
  ANOMALY(RST_CHALLENGED);
  ANOMALY(RST_OUT_OF_WINDOW);
  ANOMALY(RST_UNACCEPTABLE);
  ANOMALY(RST_BAD_ACK);
  ANOMALY(RST_SUSPECT);
  ANOMALY(RST_REVERSED);
  ANOMALY(RST_DATA);
  ANOMALY(RST_STORM);
  ANOMALY(DATA_AFTER_RST);
  ANOMALY(DATA_AFTER_RST_RECEIVED);
  ANOMALY(URGENT);
  ANOMALY(OVERLAP_CONFLICT);
  ANOMALY(HELD_LIMIT);
  ANOMALY(PAYLOAD_CUT);
  ANOMALY(TIME_BACKWARDS);
  ANOMALY(DUPLICATE_FRAME);
  ANOMALY(ONE_SIDED);
  ANOMALY(ROLES_FLIPPED);
  ANOMALY(TTL_CHANGED);
  ANOMALY(ICMP_IMPLAUSIBLE);
  ANOMALY(FRAGMENT_OVERLAP);
  ANOMALY(FRAGMENT_CONFLICT);
  ANOMALY(FRAGMENT_TINY);
  ANOMALY(FRAGMENT_ODD);
  ANOMALY(URGENT_LOST);
  ANOMALY(BEFORE_STREAM);
  assert_string_not_equal(
    tcpflow_anomaly_name((tcpflow_anomaly)(TCPFLOW_ANOMALY_COUNT - 1)), "?");
  assert_string_equal(
    tcpflow_anomaly_name((tcpflow_anomaly)TCPFLOW_ANOMALY_COUNT), "?");
}

#define OPEN_KIND(name)                                                        \
  expect_name(tcpflow_open_kind_name(TCPFLOW_OPEN_##name), #name)

static void open_kind_name__every_one__the_constants_own(void **state) {
  (void)state;
  OPEN_KIND(UNKNOWN);
  OPEN_KIND(THREE_WAY);
  OPEN_KIND(SIMULTANEOUS);
  OPEN_KIND(SPLIT);
  OPEN_KIND(FAST);
  OPEN_KIND(MID_STREAM);
  OPEN_KIND(SYN_ACK_FIRST);
  assert_string_equal(tcpflow_open_kind_name((tcpflow_open_kind)999), "?");
}

#define END_REASON(name)                                                       \
  expect_name(tcpflow_end_reason_name(TCPFLOW_END_##name), #name)

static void end_reason_name__every_one__the_constants_own(void **state) {
  (void)state;
  END_REASON(NONE);
  END_REASON(FIN);
  END_REASON(RESET);
  END_REASON(TIMEOUT);
  END_REASON(EVICTED);
  END_REASON(REUSED);
  END_REASON(FLUSHED);
  END_REASON(CALLER);
  END_REASON(UNREACHABLE);
  assert_string_equal(tcpflow_end_reason_name((tcpflow_end_reason)999), "?");
}

#define CLOSE_KIND(name)                                                       \
  expect_name(tcpflow_close_kind_name(TCPFLOW_CLOSE_##name), #name)

static void close_kind_name__every_one__the_constants_own(void **state) {
  (void)state;
  CLOSE_KIND(NONE);
  CLOSE_KIND(FIN_CLIENT);
  CLOSE_KIND(FIN_SERVER);
  CLOSE_KIND(FIN_SIMULTANEOUS);
  CLOSE_KIND(RESET_CLIENT);
  CLOSE_KIND(RESET_SERVER);
  CLOSE_KIND(REFUSED);
  CLOSE_KIND(UNREACHABLE);
  CLOSE_KIND(TIMEOUT_OPENING);
  CLOSE_KIND(TIMEOUT_IDLE);
  CLOSE_KIND(TIMEOUT_CLOSING);
  CLOSE_KIND(EVICTED);
  CLOSE_KIND(REUSED);
  CLOSE_KIND(FLUSHED);
  CLOSE_KIND(CALLER);
  assert_string_equal(tcpflow_close_kind_name((tcpflow_close_kind)999), "?");
}

#define PHASE(name) expect_name(tcpflow_phase_name(TCPFLOW_PHASE_##name), #name)

static void phase_name__every_one__the_constants_own(void **state) {
  (void)state;
  PHASE(OPENING);
  PHASE(ANSWERED);
  PHASE(PICKED_UP);
  PHASE(OPEN);
  PHASE(HALF_CLOSED);
  PHASE(CLOSING);
  PHASE(RESET);
  PHASE(ENDED);
  assert_string_equal(tcpflow_phase_name((tcpflow_phase)TCPFLOW_PHASE_COUNT),
                      "?");
}

#define ROLE_BASIS(name)                                                       \
  expect_name(tcpflow_role_basis_name(TCPFLOW_ROLE_##name), #name)

static void role_basis_name__every_one__the_constants_own(void **state) {
  (void)state;
  ROLE_BASIS(UNKNOWN);
  ROLE_BASIS(FIRST);
  ROLE_BASIS(PORT);
  ROLE_BASIS(CALLER);
  ROLE_BASIS(SYN_ACK);
  ROLE_BASIS(SYN);
  assert_string_equal(tcpflow_role_basis_name((tcpflow_role_basis)999), "?");
}

#define PROOF(name) expect_name(tcpflow_proof_name(TCPFLOW_PROOF_##name), #name)

static void proof_name__every_one__the_constants_own(void **state) {
  (void)state;
  PROOF(NONE);
  PROOF(ASSUMED);
  PROOF(SEEN);
  PROOF(PROVED);
  assert_string_equal(tcpflow_proof_name((tcpflow_proof)999), "?");
}

#define ECN(name) expect_name(tcpflow_ecn_name(TCPFLOW_ECN_##name), #name)

static void ecn_name__every_one__the_constants_own(void **state) {
  (void)state;
  ECN(UNKNOWN);
  ECN(NOT_ASKED);
  ECN(REFUSED);
  ECN(CLASSIC);
  ECN(ACCURATE);
  ECN(BROKEN);
  assert_string_equal(tcpflow_ecn_name((tcpflow_ecn)999), "?");
}

#define RST_POLICY(name)                                                       \
  expect_name(tcpflow_rst_policy_name(TCPFLOW_RST_##name), #name)

static void rst_policy_name__every_one__the_constants_own(void **state) {
  (void)state;
  RST_POLICY(RFC5961);
  RST_POLICY(RFC793);
  RST_POLICY(LINUX);
  RST_POLICY(OLD_LINUX);
  RST_POLICY(BSD);
  RST_POLICY(WINDOWS);
  RST_POLICY(VISTA);
  RST_POLICY(MACOS);
  RST_POLICY(SOLARIS);
  RST_POLICY(IRIX);
  RST_POLICY(HPUX10);
  RST_POLICY(HPUX11);
  RST_POLICY(ANY);
  assert_string_equal(tcpflow_rst_policy_name((tcpflow_rst_policy)999), "?");
}

#define URGENT_POLICY(name)                                                    \
  expect_name(tcpflow_urgent_policy_name(TCPFLOW_URGENT_##name), #name)

static void urgent_policy_name__every_one__the_constants_own(void **state) {
  (void)state;
  URGENT_POLICY(INLINE);
  URGENT_POLICY(STRIP);
  URGENT_POLICY(OUT_OF_BAND);
  assert_string_equal(tcpflow_urgent_policy_name((tcpflow_urgent_policy)999),
                      "?");
}

#define DELIVERY(name)                                                         \
  expect_name(tcpflow_delivery_name(TCPFLOW_DELIVERY_##name), #name)

static void delivery_name__every_one__the_constants_own(void **state) {
  (void)state;
  DELIVERY(AT_ONCE);
  DELIVERY(ACKED);
  assert_string_equal(tcpflow_delivery_name((tcpflow_delivery)999), "?");
}

#define ICMP_KIND(name)                                                        \
  expect_name(tcpflow_icmp_kind_name(TCPFLOW_ICMP_##name), #name)

static void icmp_kind_name__every_one__the_constants_own(void **state) {
  (void)state;
  ICMP_KIND(OTHER);
  ICMP_KIND(UNREACHABLE);
  ICMP_KIND(TOO_BIG);
  ICMP_KIND(TIME_EXCEEDED);
  ICMP_KIND(QUENCH);
  assert_string_equal(tcpflow_icmp_kind_name((tcpflow_icmp_kind)999), "?");
}

#define SUBFLOW_KIND(name)                                                     \
  expect_name(tcpflow_subflow_kind_name(TCPFLOW_SUBFLOW_##name), #name)

static void subflow_kind_name__every_one__the_constants_own(void **state) {
  (void)state;
  SUBFLOW_KIND(NONE);
  SUBFLOW_KIND(FIRST);
  SUBFLOW_KIND(JOIN);
  assert_string_equal(tcpflow_subflow_kind_name((tcpflow_subflow_kind)999),
                      "?");
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(anomaly_name__every_one__the_constants_own),
    cmocka_unit_test(open_kind_name__every_one__the_constants_own),
    cmocka_unit_test(end_reason_name__every_one__the_constants_own),
    cmocka_unit_test(close_kind_name__every_one__the_constants_own),
    cmocka_unit_test(phase_name__every_one__the_constants_own),
    cmocka_unit_test(role_basis_name__every_one__the_constants_own),
    cmocka_unit_test(proof_name__every_one__the_constants_own),
    cmocka_unit_test(ecn_name__every_one__the_constants_own),
    cmocka_unit_test(rst_policy_name__every_one__the_constants_own),
    cmocka_unit_test(urgent_policy_name__every_one__the_constants_own),
    cmocka_unit_test(delivery_name__every_one__the_constants_own),
    cmocka_unit_test(icmp_kind_name__every_one__the_constants_own),
    cmocka_unit_test(subflow_kind_name__every_one__the_constants_own),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
