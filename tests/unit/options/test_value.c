/* tests/unit/options/test_value.c - mirror of lib/options/value.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/options/trio.h"

static void get__end_of_list__its_padding(void **state) {
  static const uint8_t bytes[] = {0, 0, 7, 0};
  tcpflow_options_builder b;
  tcpflow_option option;
  tcpflow_option_value v;

  (void)state;
  assert_true(trio_first(&option, bytes, 4, 4, ACK));
  assert_true(tcpflow_option_value_get(&v, &option));
  assert_int_equal(v.type, TCPFLOW_VALUE_EOL);
  assert_int_equal(v.as.octets.length, 3);
  tcpflow_options_builder_init(&b);
  assert_int_equal(tcpflow_options_builder_value(&b, &v), TCPFLOW_OK);
  assert_int_equal(b.length, 4);
  assert_memory_equal(b.bytes, bytes, 4);
  trio_copy(&option, bytes, 4);
}

static void get__end_of_list_cut__still_an_end(void **state) {
  static const uint8_t bytes[] = {0, 0, 0, 0};
  tcpflow_option option;
  tcpflow_option_value v;

  (void)state;
  assert_true(trio_first(&option, bytes, 4, 2, ACK));
  assert_false(tcpflow_option_value_get(&v, &option));
  assert_int_equal(v.type, TCPFLOW_VALUE_EOL);
  assert_int_equal(v.as.octets.length, 1);
}

static void get__no_operation__empty(void **state) {
  static const uint8_t bytes[] = {1};
  const tcpflow_option_value v = trio_take(bytes, 1, ACK);

  (void)state;
  assert_int_equal(v.type, TCPFLOW_VALUE_EMPTY);
}

static void get__damaged_option__raw_and_told(void **state) {
  static const struct {
    uint8_t bytes[4];
    uint8_t length;
    unsigned flag;
  } rows[] = {
    {{2}, 1, TCPFLOW_OPTION_FLAG_NO_LENGTH},
    {{2, 0, 1, 1}, 4, TCPFLOW_OPTION_FLAG_LENGTH_BELOW_2},
    {{2, 1, 1, 1}, 4, TCPFLOW_OPTION_FLAG_LENGTH_BELOW_2},
    {{2, 5, 1, 1}, 4, TCPFLOW_OPTION_FLAG_OVERRUN},
    {{2, 3, 1}, 3, TCPFLOW_OPTION_FLAG_BAD_LENGTH},
  };

  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    tcpflow_option option;
    tcpflow_option_value v;

    assert_true(
      trio_first(&option, rows[i].bytes, rows[i].length, rows[i].length, SYN));
    assert_false(tcpflow_option_value_get(&v, &option));
    assert_int_equal(v.type, TCPFLOW_VALUE_RAW);
    assert_true(v.flags & rows[i].flag);
    trio_copy(&option, rows[i].bytes, rows[i].length);
  }
}

/* A list of up to 255 octets may be walked; a header has room for 40. */
static void builder_value__option_longer_than_a_header__limit(void **state) {
  static const uint8_t bytes[60] = {200, 60};
  tcpflow_options_builder b;
  tcpflow_option option;
  tcpflow_option_value v;

  (void)state;
  tcpflow_options_builder_init(&b);
  assert_true(trio_first(&option, bytes, 60, 60, ACK));
  assert_true(tcpflow_option_value_get(&v, &option));
  assert_int_equal(tcpflow_options_builder_value(&b, &v), TCPFLOW_ERR_LIMIT);
  assert_int_equal(tcpflow_options_builder_copy(&b, &option),
                   TCPFLOW_ERR_LIMIT);
  v.kind = TCPFLOW_OPTION_EOL;
  v.type = TCPFLOW_VALUE_EOL;
  assert_int_equal(tcpflow_options_builder_value(&b, &v), TCPFLOW_ERR_LIMIT);
  v.as.octets.length = SIZE_MAX;
  assert_int_equal(tcpflow_options_builder_value(&b, &v), TCPFLOW_ERR_LIMIT);
  assert_int_equal(b.length, 0);
}

static void builder_value__nonsense__invalid_and_unchanged(void **state) {
  tcpflow_option_value v = {.kind = 200, .type = UINT16_MAX};
  tcpflow_options_builder b;

  (void)state;
  tcpflow_options_builder_init(&b);
  assert_int_equal(tcpflow_options_builder_value(&b, &v), TCPFLOW_ERR_INVALID);
  v.type = TCPFLOW_VALUE_RIVERBED_TRANSPARENCY + 1;
  assert_int_equal(tcpflow_options_builder_value(&b, &v), TCPFLOW_ERR_INVALID);
  v.type = TCPFLOW_VALUE_RAW;
  v.exid_length = 3;
  assert_int_equal(tcpflow_options_builder_value(&b, &v), TCPFLOW_ERR_INVALID);
  v.exid_length = 0;
  v.as.octets.length = 1;
  assert_int_equal(tcpflow_options_builder_value(&b, &v), TCPFLOW_ERR_INVALID);
  v.kind = TCPFLOW_OPTION_NOP;
  v.as.octets.bytes = &v.kind;
  assert_int_equal(tcpflow_options_builder_value(&b, &v), TCPFLOW_ERR_INVALID);
  assert_int_equal(b.length, 0);
}

/* Kinds, types and experiments that do not belong together. */
static void builder_value__type_of_another_kind__invalid(void **state) {
  static const struct {
    uint8_t kind;
    uint8_t exid_length;
    uint16_t type;
    uint32_t exid;
    int error;
  } rows[] = {
    {TCPFLOW_OPTION_MSS, 0, TCPFLOW_VALUE_MSS, 0, TCPFLOW_OK},
    {TCPFLOW_OPTION_MSS, 0, TCPFLOW_VALUE_RAW, 0, TCPFLOW_OK},
    {TCPFLOW_OPTION_MSS, 0, TCPFLOW_VALUE_WSCALE, 0, TCPFLOW_ERR_INVALID},
    {TCPFLOW_OPTION_MSS, 0, TCPFLOW_VALUE_EOL, 0, TCPFLOW_ERR_INVALID},
    {TCPFLOW_OPTION_MSS, 2, TCPFLOW_VALUE_MSS, 0, TCPFLOW_ERR_INVALID},
    {TCPFLOW_OPTION_MSS, 2, TCPFLOW_VALUE_RAW, 0, TCPFLOW_ERR_INVALID},
    {TCPFLOW_OPTION_EOL, 0, TCPFLOW_VALUE_EMPTY, 0, TCPFLOW_ERR_INVALID},
    {200, 0, TCPFLOW_VALUE_EMPTY, 0, TCPFLOW_ERR_INVALID},
    {TCPFLOW_OPTION_SCPS, 0, TCPFLOW_VALUE_SCPS, 0, TCPFLOW_OK},
    {TCPFLOW_OPTION_SCPS, 0, TCPFLOW_VALUE_SCPS_EXTENDED, 0, TCPFLOW_OK},
    {TCPFLOW_OPTION_SNACK, 0, TCPFLOW_VALUE_SCPS_EXTENDED, 0,
     TCPFLOW_ERR_INVALID},
    {TCPFLOW_OPTION_MPTCP, 0, TCPFLOW_VALUE_MP_DSS, 0, TCPFLOW_OK},
    {TCPFLOW_OPTION_MPTCP, 0, TCPFLOW_VALUE_MP_OTHER, 0, TCPFLOW_ERR_INVALID},
    {TCPFLOW_OPTION_MPTCP, 0, TCPFLOW_VALUE_ENO, 0, TCPFLOW_ERR_INVALID},
    {TCPFLOW_OPTION_MPTCP, 0, TCPFLOW_VALUE_AO, 0, TCPFLOW_ERR_INVALID},
    {TCPFLOW_OPTION_AO, 0, TCPFLOW_VALUE_MP_DSS, 0, TCPFLOW_ERR_INVALID},
    {253, 2, TCPFLOW_VALUE_ACK_RATE, TCPFLOW_EXID_TARR, TCPFLOW_OK},
    {253, 2, TCPFLOW_VALUE_ACCECN, TCPFLOW_EXID_TARR, TCPFLOW_ERR_INVALID},
    {253, 4, TCPFLOW_VALUE_ACK_RATE, TCPFLOW_EXID_TARR, TCPFLOW_ERR_INVALID},
    {253, 0, TCPFLOW_VALUE_ACK_RATE, TCPFLOW_EXID_TARR, TCPFLOW_ERR_INVALID},
    {254, 4, TCPFLOW_VALUE_EMPTY, TCPFLOW_EXID_SMC_R, TCPFLOW_OK},
    {254, 2, TCPFLOW_VALUE_RAW, 0x12345, TCPFLOW_ERR_INVALID},
    {254, 4, TCPFLOW_VALUE_RAW, 0x12345, TCPFLOW_OK},
  };

  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    tcpflow_options_builder b;
    tcpflow_option_value v;

    tcpflow_option_value_init(&v, rows[i].kind,
                              (tcpflow_value_type)rows[i].type);
    v.exid_length = rows[i].exid_length;
    v.exid = rows[i].exid;
    tcpflow_options_builder_init(&b);
    assert_int_equal(tcpflow_options_builder_value(&b, &v), rows[i].error);
    assert_int_equal(b.length != 0, rows[i].error == TCPFLOW_OK);
  }
}

/* MOST is what a field has room for; one more is not. */
#define EXPECT_ROOM(v, field, most)                                            \
  do {                                                                         \
    tcpflow_options_builder room;                                              \
    tcpflow_options_builder_init(&room);                                       \
    (v).as.field = (most);                                                     \
    assert_int_equal(tcpflow_options_builder_value(&room, &(v)), TCPFLOW_OK);  \
    tcpflow_options_builder_init(&room);                                       \
    (v).as.field++;                                                            \
    assert_int_equal(tcpflow_options_builder_value(&room, &(v)),               \
                     TCPFLOW_ERR_INVALID);                                     \
    assert_int_equal(room.length, 0);                                          \
    (v).as.field = 0;                                                          \
  } while (0)

static void builder_value__number_too_big__invalid(void **state) {
  tcpflow_option_value v;

  (void)state;
  tcpflow_option_value_init(&v, TCPFLOW_OPTION_MSS, TCPFLOW_VALUE_MSS);
  EXPECT_ROOM(v, number, 65535);
  tcpflow_option_value_init(&v, TCPFLOW_OPTION_WSCALE, TCPFLOW_VALUE_WSCALE);
  EXPECT_ROOM(v, number, 255);
  tcpflow_option_value_init(&v, TCPFLOW_OPTION_ALT_CHECKSUM_REQUEST,
                            TCPFLOW_VALUE_ALT_CHECKSUM);
  EXPECT_ROOM(v, number, 255);
  tcpflow_option_value_init(&v, TCPFLOW_OPTION_POC_PROFILE,
                            TCPFLOW_VALUE_PARTIAL_ORDER);
  EXPECT_ROOM(v, partial_order.start, 1);
  EXPECT_ROOM(v, partial_order.end, 1);
  EXPECT_ROOM(v, partial_order.filler, 0x3f);
  tcpflow_option_value_init(&v, TCPFLOW_OPTION_QUICK_START,
                            TCPFLOW_VALUE_QUICK_START);
  EXPECT_ROOM(v, quick_start.rate, 15);
  EXPECT_ROOM(v, quick_start.reserved, 15);
  EXPECT_ROOM(v, quick_start.nonce, UINT32_C(0x3fffffff));
  EXPECT_ROOM(v, quick_start.reserved_end, 3);
  tcpflow_option_value_init(&v, TCPFLOW_OPTION_USER_TIMEOUT,
                            TCPFLOW_VALUE_USER_TIMEOUT);
  EXPECT_ROOM(v, user_timeout.timeout, 32767);
  EXPECT_ROOM(v, user_timeout.minutes, 1);
  tcpflow_option_value_init(&v, TCPFLOW_OPTION_ACCECN_0, TCPFLOW_VALUE_ACCECN);
  v.as.accecn.count = 3;
  EXPECT_ROOM(v, accecn.ee0b, UINT32_C(0xffffff));
  EXPECT_ROOM(v, accecn.eceb, UINT32_C(0xffffff));
  EXPECT_ROOM(v, accecn.ee1b, UINT32_C(0xffffff));
  tcpflow_option_value_init(&v, 253, TCPFLOW_VALUE_ACK_RATE);
  v.exid = TCPFLOW_EXID_TARR;
  v.exid_length = 2;
  v.as.ack_rate.has_rate = 1;
  EXPECT_ROOM(v, ack_rate.rate, 127);
  EXPECT_ROOM(v, ack_rate.reserved, 1);
  tcpflow_option_value_init(&v, TCPFLOW_OPTION_RIVERBED_PROBE,
                            TCPFLOW_VALUE_RIVERBED_PROBE);
  v.as.riverbed_probe.version = 2;
  EXPECT_ROOM(v, riverbed_probe.type, 127);
  v.as.riverbed_probe.version = 1;
  EXPECT_ROOM(v, riverbed_probe.type, 15);
  EXPECT_ROOM(v, riverbed_probe.version_bits, 15);
}

static void builder_value__multipath_number_too_big__invalid(void **state) {
  tcpflow_option_value v;

  (void)state;
  tcpflow_option_value_init(&v, 30, TCPFLOW_VALUE_MP_CAPABLE);
  EXPECT_ROOM(v, mp_capable.version, 15);
  tcpflow_option_value_init(&v, 30, TCPFLOW_VALUE_MP_JOIN);
  v.as.mp_join.step = TCPFLOW_MP_JOIN_SYN;
  EXPECT_ROOM(v, mp_join.backup, 1);
  EXPECT_ROOM(v, mp_join.reserved, 7);
  tcpflow_option_value_init(&v, 30, TCPFLOW_VALUE_MP_DSS);
  EXPECT_ROOM(v, mp_dss.reserved, 15);
  v.as.mp_dss.flags = TCPFLOW_MP_DSS_ACK | TCPFLOW_MP_DSS_SEQ;
  EXPECT_ROOM(v, mp_dss.ack, UINT32_MAX);
  EXPECT_ROOM(v, mp_dss.seq, UINT32_MAX);
  tcpflow_option_value_init(&v, 30, TCPFLOW_VALUE_MP_ADD_ADDRESS);
  v.as.mp_add_address.version = 4;
  EXPECT_ROOM(v, mp_add_address.bits, 15);
  tcpflow_option_value_init(&v, 30, TCPFLOW_VALUE_MP_PRIORITY);
  EXPECT_ROOM(v, mp_priority.backup, 1);
  EXPECT_ROOM(v, mp_priority.reserved, 7);
  tcpflow_option_value_init(&v, 30, TCPFLOW_VALUE_MP_FAIL);
  EXPECT_ROOM(v, mp_number.reserved, 4095);
  tcpflow_option_value_init(&v, 30, TCPFLOW_VALUE_MP_RESET);
  EXPECT_ROOM(v, mp_reset.flags, 15);
  tcpflow_option_value_init(&v, 30, TCPFLOW_VALUE_MP_OTHER);
  EXPECT_ROOM(v, mp_other.subtype, 15);
  v.as.mp_other.subtype = 9;
  EXPECT_ROOM(v, mp_other.bits, 15);
}

static void value_init__garbage__cleared(void **state) {
  const tcpflow_option_value zero = {.kind = 5, .type = TCPFLOW_VALUE_SACK};
  tcpflow_option_value v;

  (void)state;
  memset(&v, 0x5a, sizeof(v));
  tcpflow_option_value_init(&v, TCPFLOW_OPTION_SACK, TCPFLOW_VALUE_SACK);
  assert_memory_equal(&v, &zero, offsetof(tcpflow_option_value, as));
  for (size_t i = 0; i < sizeof(v.as); i++) {
    assert_int_equal(((const uint8_t *)&v.as)[i], 0);
  }
}

static void builder_copy__no_room_or_no_data__unchanged(void **state) {
  tcpflow_option option = {.kind = 200, .length = 4, .data_length = 2};
  tcpflow_options_builder b;

  (void)state;
  tcpflow_options_builder_init(&b);
  assert_int_equal(tcpflow_options_builder_copy(&b, &option),
                   TCPFLOW_ERR_INVALID);
  option.data = b.bytes;
  for (b.length = 37; b.length <= 40; b.length++) {
    assert_int_equal(tcpflow_options_builder_copy(&b, &option),
                     TCPFLOW_ERR_LIMIT);
  }
  b.length = 36;
  assert_int_equal(tcpflow_options_builder_copy(&b, &option), TCPFLOW_OK);
  assert_int_equal(b.length, 40);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(get__end_of_list__its_padding),
    cmocka_unit_test(get__end_of_list_cut__still_an_end),
    cmocka_unit_test(get__no_operation__empty),
    cmocka_unit_test(get__damaged_option__raw_and_told),
    cmocka_unit_test(builder_value__option_longer_than_a_header__limit),
    cmocka_unit_test(builder_value__nonsense__invalid_and_unchanged),
    cmocka_unit_test(builder_value__type_of_another_kind__invalid),
    cmocka_unit_test(builder_value__number_too_big__invalid),
    cmocka_unit_test(builder_value__multipath_number_too_big__invalid),
    cmocka_unit_test(value_init__garbage__cleared),
    cmocka_unit_test(builder_copy__no_room_or_no_data__unchanged),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
