/* tests/unit/options/test_multipath.c - mirror of lib/options/multipath.c.
 *
 * Octets and what tcpdump 4.99.3 says of them are from its own captures
 * (mptcp-v0, mptcp-v1, mptcp-aa-v1), unless an RFC is named.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/options/trio.h"

#define TAKE(bytes, flags) trio_take(bytes, sizeof(bytes), flags)

static void take_capable__version_0__one_key(void **state) {
  /* mptcp 12 capable v0 csum {0x9c9eabd1e46a33b2} */
  static const uint8_t syn[] = {0x1e, 0x0c, 0x00, 0x81, 0x9c, 0x9e,
                                0xab, 0xd1, 0xe4, 0x6a, 0x33, 0xb2};
  const tcpflow_option_value v = TAKE(syn, SYN);

  (void)state;
  assert_int_equal(v.type, TCPFLOW_VALUE_MP_CAPABLE);
  assert_int_equal(v.as.mp_capable.version, 0);
  assert_int_equal(v.as.mp_capable.flags,
                   TCPFLOW_MP_CAPABLE_CHECKSUM | TCPFLOW_MP_CAPABLE_HMAC);
  assert_int_equal(v.as.mp_capable.key_count, 1);
  assert_true(v.as.mp_capable.key[0] == UINT64_C(0x9c9eabd1e46a33b2));
  assert_int_equal(v.as.mp_capable.has_data_length, 0);
  assert_int_equal(v.flags, 0);
}

static void take_capable__version_1__by_length(void **state) {
  /* mptcp 4 capable v1 */
  static const uint8_t syn[] = {0x1e, 0x04, 0x01, 0x01};
  /* mptcp 22 capable v1 {0x1fdb5df328bc3def,0x29a6c86981ad933c}, length 8192 */
  static const uint8_t data[] = {0x1e, 0x16, 0x01, 0x01, 0x1f, 0xdb, 0x5d, 0xf3,
                                 0x28, 0xbc, 0x3d, 0xef, 0x29, 0xa6, 0xc8, 0x69,
                                 0x81, 0xad, 0x93, 0x3c, 0x20, 0x00};
  static const uint8_t lengths[] = {4, 12, 20, 22, 24};
  tcpflow_option_value v = TAKE(syn, SYN);

  (void)state;
  assert_int_equal(v.as.mp_capable.version, 1);
  assert_int_equal(v.as.mp_capable.key_count, 0);
  v = TAKE(data, ACK);
  assert_int_equal(v.as.mp_capable.key_count, 2);
  assert_true(v.as.mp_capable.key[0] == UINT64_C(0x1fdb5df328bc3def));
  assert_true(v.as.mp_capable.key[1] == UINT64_C(0x29a6c86981ad933c));
  assert_int_equal(v.as.mp_capable.has_data_length, 1);
  assert_int_equal(v.as.mp_capable.data_length, 8192);
  assert_int_equal(v.as.mp_capable.has_checksum, 0);
  trio_lengths(syn, 3, lengths, sizeof(lengths), ACK);
}

/* RFC 8684 section 3.1: with both keys, the data-level length and checksum. */
static void take_capable__24_octets__length_and_checksum(void **state) {
  static const uint8_t data[24] = {
    0x1e, 24, 0x01, 0x80, [20] = 0, 100, 0xca, 0xfe};
  const tcpflow_option_value v = TAKE(data, ACK);

  (void)state;
  assert_int_equal(v.as.mp_capable.data_length, 100);
  assert_int_equal(v.as.mp_capable.has_checksum, 1);
  assert_int_equal(v.as.mp_capable.checksum, 0xcafe);
}

static void take_join__three_steps__their_fields(void **state) {
  /* mptcp 12 join id 0 token 0xe47f0142 nonce 0x1b665a18 */
  static const uint8_t first[] = {0x1e, 0x0c, 0x10, 0x00, 0xe4, 0x7f,
                                  0x01, 0x42, 0x1b, 0x66, 0x5a, 0x18};
  /* mptcp 16 join id 1 hmac 0x5ab680c7884af03d nonce 0x33abe9d5 */
  static const uint8_t second[] = {0x1e, 0x10, 0x10, 0x01, 0x5a, 0xb6,
                                   0x80, 0xc7, 0x88, 0x4a, 0xf0, 0x3d,
                                   0x33, 0xab, 0xe9, 0xd5};
  /* mptcp 24 join hmac 0xcb7b87f5e5f0502f43b535fb70ef6607df2e6c7a */
  static const uint8_t third[] = {
    0x1e, 0x18, 0x10, 0x00, 0xcb, 0x7b, 0x87, 0xf5, 0xe5, 0xf0, 0x50, 0x2f,
    0x43, 0xb5, 0x35, 0xfb, 0x70, 0xef, 0x66, 0x07, 0xdf, 0x2e, 0x6c, 0x7a};
  /* RFC 8684 section 3.2: B asks for a backup path. */
  static const uint8_t backup[12] = {0x1e, 0x0c, 0x11, 0x05};
  static const uint8_t lengths[] = {12, 16, 24};
  tcpflow_option_value v = TAKE(first, SYN);

  (void)state;
  assert_int_equal(v.type, TCPFLOW_VALUE_MP_JOIN);
  assert_int_equal(v.as.mp_join.step, TCPFLOW_MP_JOIN_SYN);
  assert_int_equal(v.as.mp_join.address_id, 0);
  assert_int_equal(v.as.mp_join.token, 0xe47f0142U);
  assert_int_equal(v.as.mp_join.nonce, 0x1b665a18U);
  v = TAKE(second, SYN | ACK);
  assert_int_equal(v.as.mp_join.step, TCPFLOW_MP_JOIN_SYN_ACK);
  assert_int_equal(v.as.mp_join.address_id, 1);
  assert_memory_equal(v.as.mp_join.hmac, second + 4, 8);
  assert_int_equal(v.as.mp_join.nonce, 0x33abe9d5U);
  v = TAKE(third, ACK);
  assert_int_equal(v.as.mp_join.step, TCPFLOW_MP_JOIN_ACK);
  assert_memory_equal(v.as.mp_join.hmac, third + 4, 20);
  v = TAKE(backup, SYN);
  assert_int_equal(v.as.mp_join.backup, 1);
  assert_int_equal(v.as.mp_join.address_id, 5);
  trio_lengths(first, 3, lengths, sizeof(lengths), ACK);
}

static void take_dss__both_short__with_checksum(void **state) {
  /* mptcp 20 dss ack 3518592185 seq 3576348362 subseq 1 len 41 csum 0x45c9 */
  static const uint8_t bytes[] = {0x1e, 0x14, 0x20, 0x05, 0xd1, 0xb9, 0x74,
                                  0xb9, 0xd5, 0x2a, 0xbe, 0xca, 0x00, 0x00,
                                  0x00, 0x01, 0x00, 0x29, 0x45, 0xc9};
  const tcpflow_option_value v = TAKE(bytes, ACK);

  (void)state;
  assert_int_equal(v.type, TCPFLOW_VALUE_MP_DSS);
  assert_int_equal(v.as.mp_dss.flags, TCPFLOW_MP_DSS_SEQ | TCPFLOW_MP_DSS_ACK);
  assert_true(v.as.mp_dss.ack == 3518592185U);
  assert_true(v.as.mp_dss.seq == 3576348362U);
  assert_int_equal(v.as.mp_dss.subflow_seq, 1);
  assert_int_equal(v.as.mp_dss.length, 41);
  assert_int_equal(v.as.mp_dss.has_checksum, 1);
  assert_int_equal(v.as.mp_dss.checksum, 0x45c9);
}

static void take_dss__both_long__no_checksum(void **state) {
  /* mptcp 26 dss fin ack 11713449205243400434 seq 14413541604287240298
     subseq 0 len 1 */
  static const uint8_t bytes[] = {0x1e, 0x1a, 0x20, 0x1f, 0xa2, 0x8e, 0x87,
                                  0xfd, 0xdd, 0x1d, 0x50, 0xf2, 0xc8, 0x07,
                                  0x2f, 0xb9, 0x0e, 0xda, 0xd8, 0x6a, 0x00,
                                  0x00, 0x00, 0x00, 0x00, 0x01};
  const tcpflow_option_value v = TAKE(bytes, ACK);

  (void)state;
  assert_int_equal(v.as.mp_dss.flags, 0x1f);
  assert_true(v.as.mp_dss.ack == UINT64_C(11713449205243400434));
  assert_true(v.as.mp_dss.seq == UINT64_C(14413541604287240298));
  assert_int_equal(v.as.mp_dss.subflow_seq, 0);
  assert_int_equal(v.as.mp_dss.length, 1);
  assert_int_equal(v.as.mp_dss.has_checksum, 0);
}

/* RFC 8684 section 3.3: what is there is told by A, a, M and m; a checksum by
   the length.  An a without A, and an m without M, mean nothing. */
static void take_dss__any_flags__lengths_that_they_tell(void **state) {
  (void)state;
  for (unsigned flags = 0; flags < 256; flags++) {
    const unsigned ack = (flags & 1) == 0 ? 0 : (flags & 2) != 0 ? 8 : 4;
    const unsigned map = (flags & 4) == 0 ? 0 : (flags & 8) != 0 ? 14 : 10;
    const uint8_t head[] = {30, 0, 0x20, (uint8_t)flags};
    const uint8_t lengths[] = {
      (uint8_t)(4 + ack + map),
      (uint8_t)(map > 0 ? 4 + ack + map + 2 : 4 + ack + map)};

    trio_lengths(head, sizeof(head), lengths, 2, ACK);
  }
}

static void take_add_address__version_0__ip_in_the_low_bits(void **state) {
  /* mptcp 8 add-addr v0-ip4 id 1 10.1.2.2 */
  static const uint8_t bytes[] = {0x1e, 0x08, 0x34, 0x01, 10, 1, 2, 2};
  const tcpflow_option_value v = TAKE(bytes, ACK);

  (void)state;
  assert_int_equal(v.type, TCPFLOW_VALUE_MP_ADD_ADDRESS);
  assert_int_equal(v.as.mp_add_address.bits, 4);
  assert_int_equal(v.as.mp_add_address.version, 4);
  assert_int_equal(v.as.mp_add_address.address_id, 1);
  assert_memory_equal(v.as.mp_add_address.address, bytes + 4, 4);
  assert_int_equal(v.as.mp_add_address.has_port, 0);
  assert_int_equal(v.as.mp_add_address.has_hmac, 0);
}

static void take_add_address__version_1__echo_port_and_hmac(void **state) {
  /* mptcp 16 add-addr v1 id 1 192.168.136.225 hmac 0x669928744366716c */
  static const uint8_t bytes[] = {0x1e, 0x10, 0x30, 0x01, 192,  168,
                                  136,  225,  0x66, 0x99, 0x28, 0x74,
                                  0x43, 0x66, 0x71, 0x6c};
  /* RFC 8684 section 3.4.1: E, an IPv6 address and a port. */
  static const uint8_t echo[22] = {30,   22,   0x31,     9,    0x20, 0x01,
                                   0x0d, 0xb8, [19] = 1, 0x1f, 0x90};
  static const uint8_t lengths[] = {8, 10, 16, 18, 20, 22, 28, 30};
  tcpflow_option_value v = TAKE(bytes, ACK);

  (void)state;
  assert_int_equal(v.as.mp_add_address.version, 4);
  assert_int_equal(v.as.mp_add_address.has_hmac, 1);
  assert_true(v.as.mp_add_address.hmac == UINT64_C(0x669928744366716c));
  v = TAKE(echo, ACK);
  assert_int_equal(v.as.mp_add_address.bits, 1);
  assert_int_equal(v.as.mp_add_address.version, 6);
  assert_memory_equal(v.as.mp_add_address.address, echo + 4, 16);
  assert_int_equal(v.as.mp_add_address.has_port, 1);
  assert_int_equal(v.as.mp_add_address.port, 8080);
  assert_int_equal(v.as.mp_add_address.has_hmac, 0);
  trio_lengths(bytes, 3, lengths, sizeof(lengths), ACK);
}

/* RFC 8684 section 3.4.2: one identifier or more. */
static void take_remove_address__any_number__identifiers(void **state) {
  static const uint8_t three[] = {30, 6, 0x40, 1, 2, 255};
  static const uint8_t none[] = {30, 3, 0x40};
  const tcpflow_option_value v = TAKE(three, ACK);

  (void)state;
  assert_int_equal(v.type, TCPFLOW_VALUE_MP_REMOVE_ADDRESS);
  assert_int_equal(v.as.mp_other.octets.length, 3);
  assert_ptr_equal(v.as.mp_other.octets.bytes, three + 3);
  trio_refuse(none, sizeof(none), ACK);
}

static void take_priority__with_and_without_identifier(void **state) {
  static const uint8_t head[] = {30, 3, 0x51};
  static const uint8_t of_4[] = {30, 4, 0x50, 7};
  static const uint8_t lengths[] = {3, 4};
  tcpflow_option_value v = TAKE(head, ACK);

  (void)state;
  assert_int_equal(v.type, TCPFLOW_VALUE_MP_PRIORITY);
  assert_int_equal(v.as.mp_priority.backup, 1);
  assert_int_equal(v.as.mp_priority.has_address_id, 0);
  v = TAKE(of_4, ACK);
  assert_int_equal(v.as.mp_priority.backup, 0);
  assert_int_equal(v.as.mp_priority.has_address_id, 1);
  assert_int_equal(v.as.mp_priority.address_id, 7);
  trio_lengths(head, 3, lengths, sizeof(lengths), ACK);
}

/* packetdrill's MPTCP scripts have both. */
static void take_fail_and_fast_close__a_number(void **state) {
  static const uint8_t fail[] = {0x1e, 0x0c, 0x60, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  static const uint8_t close[] = {0x1e, 0x0c, 0x70, 0x00, 0x17, 0xab,
                                  0x33, 0x13, 0xb1, 0x9d, 0xf2, 0xbb};
  static const uint8_t lengths[] = {12};
  tcpflow_option_value v = TAKE(fail, ACK);

  (void)state;
  assert_int_equal(v.type, TCPFLOW_VALUE_MP_FAIL);
  assert_true(v.as.mp_number.number == 1);
  v = TAKE(close, RST | ACK);
  assert_int_equal(v.type, TCPFLOW_VALUE_MP_FAST_CLOSE);
  assert_true(v.as.mp_number.number == UINT64_C(0x17ab3313b19df2bb));
  trio_lengths(fail, 3, lengths, sizeof(lengths), ACK);
  trio_lengths(close, 3, lengths, sizeof(lengths), ACK);
}

/* RFC 8684 section 3.6; packetdrill's `mp_reset 1`. */
static void take_reset__flags_and_reason(void **state) {
  static const uint8_t bytes[] = {0x1e, 0x04, 0x81, 0x02};
  static const uint8_t lengths[] = {4};
  const tcpflow_option_value v = TAKE(bytes, RST | ACK);

  (void)state;
  assert_int_equal(v.type, TCPFLOW_VALUE_MP_RESET);
  assert_int_equal(v.as.mp_reset.flags, 1);
  assert_int_equal(v.as.mp_reset.reason, 2);
  assert_int_equal(v.flags, 0);
  trio_lengths(bytes, 3, lengths, sizeof(lengths), RST);
}

static void take_other__subtypes_9_to_15__octets(void **state) {
  (void)state;
  for (unsigned subtype = 9; subtype < 16; subtype++) {
    const uint8_t bytes[] = {30, 5, (uint8_t)(subtype << 4 | 3), 1, 2};
    const tcpflow_option_value v = TAKE(bytes, ACK);

    assert_int_equal(v.type, TCPFLOW_VALUE_MP_OTHER);
    assert_int_equal(v.as.mp_other.subtype, subtype);
    assert_int_equal(v.as.mp_other.bits, 3);
    assert_int_equal(v.as.mp_other.octets.length, 2);
  }
}

static int give(tcpflow_option_value *v, uint16_t type) {
  tcpflow_options_builder b;

  tcpflow_options_builder_init(&b);
  v->kind = 30;
  v->type = type;
  return tcpflow_options_builder_value(&b, v);
}

static void give__fields_that_contradict__invalid(void **state) {
  tcpflow_option_value v;

  (void)state;
  memset(&v, 0, sizeof(v));
  v.as.mp_capable.key_count = 3;
  assert_int_equal(give(&v, TCPFLOW_VALUE_MP_CAPABLE), TCPFLOW_ERR_INVALID);
  v.as.mp_capable.key_count = 1;
  v.as.mp_capable.has_data_length = 1;
  assert_int_equal(give(&v, TCPFLOW_VALUE_MP_CAPABLE), TCPFLOW_ERR_INVALID);
  v.as.mp_capable.key_count = 2;
  v.as.mp_capable.has_data_length = 0;
  v.as.mp_capable.has_checksum = 1;
  assert_int_equal(give(&v, TCPFLOW_VALUE_MP_CAPABLE), TCPFLOW_ERR_INVALID);
  memset(&v, 0, sizeof(v));
  assert_int_equal(give(&v, TCPFLOW_VALUE_MP_JOIN), TCPFLOW_ERR_INVALID);
  v.as.mp_join.step = 4;
  assert_int_equal(give(&v, TCPFLOW_VALUE_MP_JOIN), TCPFLOW_ERR_INVALID);
  memset(&v, 0, sizeof(v));
  assert_int_equal(give(&v, TCPFLOW_VALUE_MP_ADD_ADDRESS), TCPFLOW_ERR_INVALID);
  memset(&v, 0, sizeof(v));
  v.as.mp_dss.has_checksum = 1;
  assert_int_equal(give(&v, TCPFLOW_VALUE_MP_DSS), TCPFLOW_ERR_INVALID);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(take_capable__version_0__one_key),
    cmocka_unit_test(take_capable__version_1__by_length),
    cmocka_unit_test(take_capable__24_octets__length_and_checksum),
    cmocka_unit_test(take_join__three_steps__their_fields),
    cmocka_unit_test(take_dss__both_short__with_checksum),
    cmocka_unit_test(take_dss__both_long__no_checksum),
    cmocka_unit_test(take_dss__any_flags__lengths_that_they_tell),
    cmocka_unit_test(take_add_address__version_0__ip_in_the_low_bits),
    cmocka_unit_test(take_add_address__version_1__echo_port_and_hmac),
    cmocka_unit_test(take_remove_address__any_number__identifiers),
    cmocka_unit_test(take_priority__with_and_without_identifier),
    cmocka_unit_test(take_fail_and_fast_close__a_number),
    cmocka_unit_test(take_reset__flags_and_reason),
    cmocka_unit_test(take_other__subtypes_9_to_15__octets),
    cmocka_unit_test(give__fields_that_contradict__invalid),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
