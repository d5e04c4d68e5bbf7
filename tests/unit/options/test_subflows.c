/* tests/unit/options/test_subflows.c - mirror of lib/options/subflows.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/options/trio.h"

enum {
  WRONG_SEGMENT = TCPFLOW_OPTION_FLAG_WRONG_SEGMENT
};

static unsigned flags_of(const uint8_t *bytes, size_t length,
                         unsigned tcp_flags) {
  tcpflow_option option;

  assert_true(trio_first(&option, bytes, length, length, tcp_flags));
  return option.flags;
}

/* First octets, and where such an option may stand: in a SYN, a SYN with ACK,
   an ACK, a RST. */
static void judge__each_form__in_its_segment_only(void **state) {
  static const struct {
    uint8_t head[4];
    const char *places;
  } rows[] = {
    {{30, 4, 0x01, 1}, "FS"},   /* MP_CAPABLE: RFC 8684 section 3.1 */
    {{30, 12, 0x00, 1}, "FS"},  /* with one key */
    {{30, 20, 0x01, 1}, "AR"},  /* with both */
    {{30, 22, 0x01, 1}, "AR"},  /* with data */
    {{30, 12, 0x10, 0}, "F"},   /* MP_JOIN: RFC 8684 section 3.2 */
    {{30, 16, 0x10, 0}, "S"},   /* the answer */
    {{30, 24, 0x10, 0}, "AR"},  /* the end */
    {{30, 4, 0x20, 0}, "AR"},   /* DSS: RFC 8684 section 3.3 */
    {{30, 8, 0x30, 1}, "AR"},   /* ADD_ADDR: RFC 8684 section 3.4 */
    {{30, 4, 0x40, 1}, "AR"},   /* REMOVE_ADDR */
    {{30, 4, 0x50, 1}, "AR"},   /* MP_PRIO */
    {{30, 12, 0x60, 0}, "AR"},  /* MP_FAIL: RFC 8684 section 3.7 */
    {{30, 12, 0x70, 0}, "AR"},  /* MP_FASTCLOSE: RFC 8684 section 3.5 */
    {{30, 4, 0x80, 0}, "R"},    /* MP_TCPRST: RFC 8684 section 3.6 */
    {{30, 4, 0xf0, 0}, "FSAR"}, /* an experiment */
  };
  static const struct {
    char name;
    unsigned flags;
  } segments[] = {{'F', SYN}, {'S', SYN | ACK}, {'A', ACK}, {'R', RST | ACK}};

  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    for (size_t j = 0; j < 4; j++) {
      const int may = strchr(rows[i].places, segments[j].name) != NULL;
      uint8_t bytes[24] = {0};

      memcpy(bytes, rows[i].head, 4);
      assert_int_equal(flags_of(bytes, bytes[1], segments[j].flags),
                       may ? 0 : WRONG_SEGMENT);
    }
  }
}

static void judge__length_of_another_subtype__bad_length(void **state) {
  static const uint8_t capable[13] = {30, 13};
  static const uint8_t join[4] = {30, 4, 0x10};
  static const uint8_t dss[3] = {30, 3, 0x20};
  static const uint8_t dss_short[8] = {30, 8, 0x20, 0x03};

  (void)state;
  assert_int_equal(flags_of(capable, 13, SYN), TCPFLOW_OPTION_FLAG_BAD_LENGTH);
  assert_int_equal(flags_of(join, 4, SYN), TCPFLOW_OPTION_FLAG_BAD_LENGTH);
  assert_int_equal(flags_of(dss, 3, ACK), TCPFLOW_OPTION_FLAG_BAD_LENGTH);
  assert_int_equal(flags_of(dss_short, 8, ACK), TCPFLOW_OPTION_FLAG_BAD_LENGTH);
}

/* RFC 8684 section 3.1 defines version 1, RFC 6824 section 3.1 version 0. */
static void judge__version_2__bad_value(void **state) {
  (void)state;
  for (uint8_t version = 0; version < 16; version++) {
    const uint8_t bytes[12] = {30, 12, version, 1};

    assert_int_equal(flags_of(bytes, 12, SYN),
                     version > 1 ? TCPFLOW_OPTION_FLAG_BAD_VALUE : 0);
  }
}

/* RFC 6824 section 3.4.1: IPVer is 4 or 6. */
static void judge__address_of_another_ip__bad_value(void **state) {
  static const uint8_t four[20] = {30, 20, 0x34};
  static const uint8_t six[8] = {30, 8, 0x36};
  static const uint8_t right[20] = {30, 20, 0x36};

  (void)state;
  assert_int_equal(flags_of(four, 20, ACK), TCPFLOW_OPTION_FLAG_BAD_VALUE);
  assert_int_equal(flags_of(six, 8, ACK), TCPFLOW_OPTION_FLAG_BAD_VALUE);
  assert_int_equal(flags_of(right, 20, ACK), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(judge__each_form__in_its_segment_only),
    cmocka_unit_test(judge__length_of_another_subtype__bad_length),
    cmocka_unit_test(judge__version_2__bad_value),
    cmocka_unit_test(judge__address_of_another_ip__bad_value),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
