/* tests/unit/text/test_names.c - mirror of lib/text/names.c and optform.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

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

static unsigned number_of_bit(uint64_t bit) {
  unsigned number = 0;

  while (bit >> number != 1) {
    number++;
  }
  return number;
}

#define VERDICT(name)                                                          \
  expect_name(tcpflow_verdict_name(number_of_bit(TCPFLOW_VERDICT_##name)),     \
              #name)

static void verdict_name__every_bit__the_constants_own(void **state) {
  (void)state;
  VERDICT(SPURIOUS_RETRANSMISSION);
  assert_string_equal(tcpflow_verdict_name(TCPFLOW_VERDICT_COUNT), "?");
  assert_string_equal(tcpflow_verdict_name(64), "?");
}

#define GAP_REASON(name)                                                       \
  expect_name(tcpflow_gap_reason_name(TCPFLOW_GAP_##name), #name)

static void gap_reason_name__every_one__the_constants_own(void **state) {
  (void)state;
  GAP_REASON(ACKED);
  GAP_REASON(CUT);
  GAP_REASON(LIMIT);
  GAP_REASON(TIMEOUT);
  GAP_REASON(CLOSED);
  GAP_REASON(FLUSHED);
  GAP_REASON(SKIPPED);
  assert_string_equal(tcpflow_gap_reason_name((tcpflow_gap_reason)999), "?");
}

#define OVERLAP(name)                                                          \
  expect_name(tcpflow_overlap_name(TCPFLOW_OVERLAP_##name), #name)

static void overlap_name__every_one__the_constants_own(void **state) {
  (void)state;
  OVERLAP(FIRST);
  OVERLAP(LAST);
  OVERLAP(LINUX);
  OVERLAP(OLD_LINUX);
  OVERLAP(BSD);
  OVERLAP(MACOS);
  OVERLAP(WINDOWS);
  OVERLAP(W2K3);
  OVERLAP(VISTA);
  OVERLAP(HPUX10);
  OVERLAP(HPUX11);
  OVERLAP(IRIX);
  OVERLAP(SOLARIS);
  OVERLAP(PROXY);
  assert_string_equal(tcpflow_overlap_name(TCPFLOW_OVERLAP_COUNT), "?");
}

#define PACKET_KIND(name)                                                      \
  expect_name(tcpflow_packet_kind_name(TCPFLOW_PACKET_##name), #name)

static void packet_kind_name__every_one__the_constants_own(void **state) {
  (void)state;
  PACKET_KIND(TCP);
  PACKET_KIND(FRAGMENT);
  PACKET_KIND(NOT_TCP);
  PACKET_KIND(NOT_IP);
  PACKET_KIND(TRUNCATED);
  PACKET_KIND(MALFORMED);
  PACKET_KIND(UNSUPPORTED);
  assert_string_equal(tcpflow_packet_kind_name((tcpflow_packet_kind)999), "?");
}

#define CHECKSUM(name)                                                         \
  expect_name(tcpflow_checksum_name(TCPFLOW_CHECKSUM_##name), #name)

static void checksum_name__every_one__the_constants_own(void **state) {
  (void)state;
  CHECKSUM(OK);
  CHECKSUM(BAD);
  CHECKSUM(PARTIAL);
  CHECKSUM(ABSENT);
  CHECKSUM(UNCOVERED);
  CHECKSUM(FRAGMENT);
  CHECKSUM(NONE);
  assert_string_equal(tcpflow_checksum_name((tcpflow_checksum)999), "?");
}

static unsigned bit_number(unsigned bits) {
  unsigned number = 0;

  while ((bits >> number & 1) == 0) {
    number++;
  }
  return number;
}

#define FINDING(name)                                                          \
  expect_name(tcpflow_finding_name(bit_number(TCPFLOW_FINDING_##name)), #name)

static void finding_name__every_one__the_constants_own(void **state) {
  (void)state;
  FINDING(CUT);
  FINDING(LONG_CAPTURE);
  FINDING(PADDING);
  FINDING(IP_LENGTH_ZERO);
  FINDING(IP_LENGTH_BEYOND);
  FINDING(IP_BAD_VERSION);
  FINDING(IP_BAD_HEADER_LENGTH);
  FINDING(IP_BAD_LENGTH);
  FINDING(FIRST_FRAGMENT);
  FINDING(TCP_SHORT);
  FINDING(TCP_BAD_OFFSET_SHORT);
  FINDING(TCP_BAD_OFFSET_LONG);
  FINDING(OPTIONS_CUT);
  FINDING(IP_OPTIONS);
  FINDING(IP_BAD_OPTIONS);
  FINDING(TOO_MANY_TAGS);
  FINDING(TOO_MANY_EXTENSIONS);
  FINDING(RESERVED_BITS);
  FINDING(JUMBO);
  FINDING(SAME_ENDS);
  for (unsigned bit = 0; bit < TCPFLOW_FINDING_COUNT; bit++) {
    assert_string_not_equal(tcpflow_finding_name(bit), "?");
  }
  assert_string_equal(tcpflow_finding_name(TCPFLOW_FINDING_COUNT), "?");
}

static void state_name__every_state__as_rfc_9293_spells_it(void **state) {
  static const char *const names[TCPFLOW_STATE_COUNT] = {
    "UNKNOWN",      "CLOSED",      "LISTEN",     "SYN-SENT",
    "SYN-RECEIVED", "ESTABLISHED", "FIN-WAIT-1", "FIN-WAIT-2",
    "CLOSE-WAIT",   "CLOSING",     "LAST-ACK",   "TIME-WAIT"};

  (void)state;
  for (unsigned i = 0; i < TCPFLOW_STATE_COUNT; i++) {
    assert_string_equal(tcpflow_state_name((tcpflow_state)i), names[i]);
  }
  assert_string_equal(tcpflow_state_name((tcpflow_state)12), "?");
}

static void stimulus_name__every_stimulus__has_one(void **state) {
  (void)state;
  for (unsigned i = 0; i < TCPFLOW_STIMULUS_COUNT; i++) {
    assert_string_not_equal(tcpflow_stimulus_name((tcpflow_stimulus)i), "?");
  }
  assert_string_equal(tcpflow_stimulus_name(TCPFLOW_STIMULUS_RCV_ACK_OF_FIN),
                      "rcv ACK of FIN");
  assert_string_equal(
    tcpflow_stimulus_name((tcpflow_stimulus)TCPFLOW_STIMULUS_COUNT), "?");
}

static void side_name__both__client_and_server(void **state) {
  (void)state;
  assert_string_equal(tcpflow_side_name(TCPFLOW_SIDE_CLIENT), "client");
  assert_string_equal(tcpflow_side_name(TCPFLOW_SIDE_SERVER), "server");
  assert_string_equal(tcpflow_side_name((tcpflow_side)2), "?");
}

static void option_name__every_kind__tcpdumps(void **state) {
  (void)state;
  assert_string_equal(tcpflow_option_name(TCPFLOW_OPTION_EOL), "eol");
  assert_string_equal(tcpflow_option_name(TCPFLOW_OPTION_SACK_PERMITTED),
                      "sackOK");
  assert_string_equal(tcpflow_option_name(TCPFLOW_OPTION_TIMESTAMPS), "TS");
  assert_string_equal(tcpflow_option_name(TCPFLOW_OPTION_CC_ECHO), "ccecho");
  assert_string_equal(tcpflow_option_name(253), "unknown");
  for (unsigned kind = 0; kind < 256; kind++) {
    assert_true(strlen(tcpflow_option_name((uint8_t)kind)) > 1);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(verdict_name__every_bit__the_constants_own),
    cmocka_unit_test(gap_reason_name__every_one__the_constants_own),
    cmocka_unit_test(overlap_name__every_one__the_constants_own),
    cmocka_unit_test(packet_kind_name__every_one__the_constants_own),
    cmocka_unit_test(checksum_name__every_one__the_constants_own),
    cmocka_unit_test(finding_name__every_one__the_constants_own),
    cmocka_unit_test(state_name__every_state__as_rfc_9293_spells_it),
    cmocka_unit_test(stimulus_name__every_stimulus__has_one),
    cmocka_unit_test(side_name__both__client_and_server),
    cmocka_unit_test(option_name__every_kind__tcpdumps),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
