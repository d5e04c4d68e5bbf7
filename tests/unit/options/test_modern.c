/* tests/unit/options/test_modern.c - mirror of lib/options/modern.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/options/trio.h"

#define TAKE(bytes, flags) trio_take(bytes, sizeof(bytes), flags)

/* RFC 7413 section 4.1.1. */
static void take__fast_open__request_and_cookie(void **state) {
  static const uint8_t request[] = {34, 2};
  static const uint8_t cookie[] = {34, 10, 1, 2, 3, 4, 5, 6, 7, 8};
  static const uint8_t lengths[] = {2, 6, 8, 10, 12, 14, 16, 18};
  tcpflow_option_value v = TAKE(request, SYN);

  (void)state;
  assert_int_equal(v.type, TCPFLOW_VALUE_FAST_OPEN);
  assert_int_equal(v.as.octets.length, 0);
  v = TAKE(cookie, SYN | ACK);
  assert_int_equal(v.as.octets.length, 8);
  assert_ptr_equal(v.as.octets.bytes, cookie + 2);
  trio_lengths(request, 2, lengths, sizeof(lengths), SYN);
}

/* tcpdump's tfo-5c1fa7f9ae91: exp-tfo cookiereq, exp-tfo cookie 090909090000;
   the appendix of RFC 7413 has the identifier. */
static void take__fast_open_experiment__request_and_cookie(void **state) {
  static const uint8_t request[] = {0xfe, 0x04, 0xf9, 0x89};
  static const uint8_t cookie[] = {0xfe, 0x0a, 0xf9, 0x89, 9, 9, 9, 9, 0, 0};
  static const uint8_t lengths[] = {4, 8, 10, 12, 14, 16, 18, 20};
  tcpflow_option_value v = TAKE(request, SYN);

  (void)state;
  assert_int_equal(v.type, TCPFLOW_VALUE_FAST_OPEN);
  assert_int_equal(v.exid, TCPFLOW_EXID_FAST_OPEN);
  assert_int_equal(v.exid_length, 2);
  assert_int_equal(v.as.octets.length, 0);
  v = TAKE(cookie, SYN);
  assert_int_equal(v.as.octets.length, 6);
  assert_ptr_equal(v.as.octets.bytes, cookie + 4);
  trio_lengths(request, 4, lengths, sizeof(lengths), SYN);
}

/* RFC 9768 section 3.2.3, figure 3: EE0B, ECEB, EE1B in order 0 and EE1B, ECEB,
   EE0B in order 1.  The first is packetdrill's <ECN e1b 101 ceb 100 e0b
   101>. */
static void take__accecn__counters_by_order(void **state) {
  static const uint8_t order_1[] = {0xae, 0x0b, 0, 0, 0x65, 0,
                                    0,    0x64, 0, 0, 0x66};
  static const uint8_t order_0[] = {0xac, 0x0b, 0,    0,    1, 0,
                                    0,    2,    0xff, 0xff, 3};
  tcpflow_option_value v = TAKE(order_1, ACK);

  (void)state;
  assert_int_equal(v.type, TCPFLOW_VALUE_ACCECN);
  assert_int_equal(v.as.accecn.order, 1);
  assert_int_equal(v.as.accecn.count, 3);
  assert_int_equal(v.as.accecn.ee1b, 101);
  assert_int_equal(v.as.accecn.eceb, 100);
  assert_int_equal(v.as.accecn.ee0b, 102);
  v = TAKE(order_0, SYN | ACK);
  assert_int_equal(v.flags, 0);
  assert_int_equal(v.as.accecn.order, 0);
  assert_int_equal(v.as.accecn.ee0b, 1);
  assert_int_equal(v.as.accecn.eceb, 2);
  assert_int_equal(v.as.accecn.ee1b, 0xffff03);
  v = TAKE(order_0, SYN);
  assert_int_equal(v.flags, TCPFLOW_OPTION_FLAG_WRONG_SEGMENT);
}

static void take__accecn_shorter__last_counters_left_out(void **state) {
  static const uint8_t two[] = {174, 8, 0, 0, 7, 0, 0, 8};
  static const uint8_t one[] = {172, 5, 0, 0, 9};
  static const uint8_t none[] = {172, 2};
  static const uint8_t lengths[] = {2, 5, 8, 11};
  tcpflow_option_value v = TAKE(two, ACK);

  (void)state;
  assert_int_equal(v.as.accecn.count, 2);
  assert_int_equal(v.as.accecn.ee1b, 7);
  assert_int_equal(v.as.accecn.eceb, 8);
  assert_int_equal(v.as.accecn.ee0b, 0);
  v = TAKE(one, ACK);
  assert_int_equal(v.as.accecn.count, 1);
  assert_int_equal(v.as.accecn.ee0b, 9);
  v = TAKE(none, ACK);
  assert_int_equal(v.as.accecn.count, 0);
  trio_lengths(two, 2, lengths, sizeof(lengths), ACK);
  trio_lengths(one, 2, lengths, sizeof(lengths), ACK);
}

/* The first is in tcpdump's accecn_handshake: exp-acc0. */
static void take__accecn_drafts__orders_by_identifier(void **state) {
  static const uint8_t acc0[] = {0xfe, 0x0d, 0xac, 0xc0, 0, 0, 1,
                                 0,    0,    2,    0,    0, 3};
  static const uint8_t acc1[] = {0xfd, 0x0d, 0xac, 0xc1, 0, 0, 1,
                                 0,    0,    2,    0,    0, 3};
  static const uint8_t acce[] = {0xfe, 0x07, 0xac, 0xce, 0, 0, 1};
  tcpflow_option_value v = TAKE(acc0, SYN | ACK);

  (void)state;
  assert_int_equal(v.type, TCPFLOW_VALUE_ACCECN);
  assert_int_equal(v.as.accecn.order, 0);
  assert_int_equal(v.as.accecn.ee0b, 1);
  assert_int_equal(v.as.accecn.ee1b, 3);
  v = TAKE(acc1, ACK);
  assert_int_equal(v.as.accecn.order, 1);
  assert_int_equal(v.as.accecn.ee1b, 1);
  assert_int_equal(v.as.accecn.ee0b, 3);
  v = TAKE(acce, ACK);
  assert_int_equal(v.as.accecn.count, 1);
  assert_int_equal(v.as.accecn.ee0b, 1);
}

static void take__extended_offset__none_one_or_both_lengths(void **state) {
  static const uint8_t offered[] = {253, 4, 0x0e, 0xd0};
  static const uint8_t header[] = {253, 6, 0x0e, 0xd0, 0, 17};
  static const uint8_t both[] = {253, 8, 0x0e, 0xd0, 0, 17, 2, 0};
  static const uint8_t lengths[] = {4, 6, 8};
  tcpflow_option_value v = TAKE(offered, SYN);

  (void)state;
  assert_int_equal(v.type, TCPFLOW_VALUE_EXTENDED_OFFSET);
  assert_int_equal(v.as.extended_offset.count, 0);
  v = TAKE(header, ACK);
  assert_int_equal(v.as.extended_offset.count, 1);
  assert_int_equal(v.as.extended_offset.header_length, 17);
  v = TAKE(both, ACK);
  assert_int_equal(v.as.extended_offset.count, 2);
  assert_int_equal(v.as.extended_offset.segment_length, 512);
  trio_lengths(offered, 4, lengths, sizeof(lengths), ACK);
}

static void take__ack_rate__seven_bits(void **state) {
  static const uint8_t offered[] = {254, 4, 0x00, 0xac};
  static const uint8_t asked[] = {254, 5, 0x00, 0xac, 0x15};
  static const uint8_t lengths[] = {4, 5};
  tcpflow_option_value v = TAKE(offered, SYN);

  (void)state;
  assert_int_equal(v.type, TCPFLOW_VALUE_ACK_RATE);
  assert_int_equal(v.as.ack_rate.has_rate, 0);
  v = TAKE(asked, ACK);
  assert_int_equal(v.as.ack_rate.has_rate, 1);
  assert_int_equal(v.as.ack_rate.rate, 10);
  assert_int_equal(v.as.ack_rate.reserved, 1);
  trio_lengths(offered, 4, lengths, sizeof(lengths), ACK);
}

/* As Wireshark reads it: type and version 1 in two halves, or seven bits of
   type and a 0. */
static void take__riverbed_probe__both_versions(void **state) {
  static const uint8_t one[] = {76, 10, 0x01, 0, 10, 0, 0, 1, 0, 5};
  static const uint8_t two[] = {76, 4, 0x0e, 0x80};
  tcpflow_option_value v = TAKE(one, SYN);

  (void)state;
  assert_int_equal(v.flags, TCPFLOW_OPTION_FLAG_SQUAT);
  assert_int_equal(v.type, TCPFLOW_VALUE_RIVERBED_PROBE);
  assert_int_equal(v.as.riverbed_probe.version, 1);
  assert_int_equal(v.as.riverbed_probe.type, 0);
  assert_int_equal(v.as.riverbed_probe.octets.length, 7);
  v = TAKE(two, SYN);
  assert_int_equal(v.as.riverbed_probe.version, 2);
  assert_int_equal(v.as.riverbed_probe.type, 7);
}

static void take__riverbed_transparency__both_ends(void **state) {
  static const uint8_t bytes[] = {78, 16, 0, 1, 10,   0,    0,    1,
                                  10, 0,  0, 2, 0x1e, 0x78, 0x1e, 0x79};
  static const uint8_t client[] = {78, 18, 0, 3,    10,   0,    0,    1,   10,
                                   0,  0,  2, 0x1e, 0x78, 0x1e, 0x79, 156, 64};
  static const uint8_t lengths[] = {16, 18};
  tcpflow_option_value v = TAKE(bytes, ACK);

  (void)state;
  assert_int_equal(v.type, TCPFLOW_VALUE_RIVERBED_TRANSPARENCY);
  assert_int_equal(v.as.riverbed_transparency.flags, 1);
  assert_memory_equal(v.as.riverbed_transparency.source, bytes + 4, 4);
  assert_memory_equal(v.as.riverbed_transparency.destination, bytes + 8, 4);
  assert_int_equal(v.as.riverbed_transparency.source_port, 7800);
  assert_int_equal(v.as.riverbed_transparency.destination_port, 7801);
  assert_int_equal(v.as.riverbed_transparency.has_client_port, 0);
  v = TAKE(client, ACK);
  assert_int_equal(v.as.riverbed_transparency.has_client_port, 1);
  assert_int_equal(v.as.riverbed_transparency.client_port, 40000);
  trio_lengths(bytes, 2, lengths, sizeof(lengths), ACK);
}

static void give__counts_without_a_form__invalid(void **state) {
  tcpflow_option_value v = {.kind = 172, .type = TCPFLOW_VALUE_ACCECN};
  tcpflow_options_builder b;

  (void)state;
  tcpflow_options_builder_init(&b);
  v.as.accecn.count = 4;
  assert_int_equal(tcpflow_options_builder_value(&b, &v), TCPFLOW_ERR_INVALID);
  v.kind = 253;
  v.exid = TCPFLOW_EXID_EDO;
  v.exid_length = 2;
  v.type = TCPFLOW_VALUE_EXTENDED_OFFSET;
  v.as.extended_offset.count = 3;
  assert_int_equal(tcpflow_options_builder_value(&b, &v), TCPFLOW_ERR_INVALID);
  v.kind = TCPFLOW_OPTION_RIVERBED_PROBE;
  v.exid_length = 0;
  v.type = TCPFLOW_VALUE_RIVERBED_PROBE;
  memset(&v.as, 0, sizeof(v.as));
  assert_int_equal(tcpflow_options_builder_value(&b, &v), TCPFLOW_ERR_INVALID);
  assert_int_equal(b.length, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(take__fast_open__request_and_cookie),
    cmocka_unit_test(take__fast_open_experiment__request_and_cookie),
    cmocka_unit_test(take__accecn__counters_by_order),
    cmocka_unit_test(take__accecn_shorter__last_counters_left_out),
    cmocka_unit_test(take__accecn_drafts__orders_by_identifier),
    cmocka_unit_test(take__extended_offset__none_one_or_both_lengths),
    cmocka_unit_test(take__ack_rate__seven_bits),
    cmocka_unit_test(take__riverbed_probe__both_versions),
    cmocka_unit_test(take__riverbed_transparency__both_ends),
    cmocka_unit_test(give__counts_without_a_form__invalid),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
