/* tests/unit/options/test_md5sign.c - mirror of lib/options/md5sign.c and
   signed.c.

   RFC 2385 has no examples.  The digests are computed with Python:
   hashlib.md5(pseudo + header[:16] + b"\0\0" + header[18:20] + rest), where
   the rest is payload + key. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <tcpflow/auth.h>

#include "unit/decode/frames.h"

static const uint8_t key[] = "secret";
enum {
  KEY = sizeof(key) - 1
};

/* 48967f5aedb920338c163d14b86f5bdd for IPv4, */
static const uint8_t digest_4[16] = {0x48, 0x96, 0x7f, 0x5a, 0xed, 0xb9,
                                     0x20, 0x33, 0x8c, 0x16, 0x3d, 0x14,
                                     0xb8, 0x6f, 0x5b, 0xdd};
/* 01e86e0aee5d5caebe810e7a23ad76a4 for IPv6. */
static const uint8_t digest_6[16] = {0x01, 0xe8, 0x6e, 0x0a, 0xee, 0x5d,
                                     0x5c, 0xae, 0xbe, 0x81, 0x0e, 0x7a,
                                     0x23, 0xad, 0x76, 0xa4};

/* 10.0.0.1.40000 > 10.0.0.2.80 or 2001:db8::1.40000 > 2001:db8::2.80:
   Flags [P.], seq 1000:1005, ack 2000, win 512, options [nop,nop,md5],
   length 5: hello */
static void make(made_frame *made, uint8_t version, const uint8_t *digest) {
  const tcpflow_tuple tuple = frames_tuple(version);
  tcpflow_build_tcp tcp = frames_segment();
  uint8_t options[20] = {1, 1, 19, 18};

  memcpy(options + 4, digest, 16);
  tcp.options = options;
  tcp.options_length = sizeof(options);
  frames_must(tcpflow_build_segment(&made->frame, made->room,
                                    sizeof(made->room), TCPFLOW_LINK_ETHERNET,
                                    &tuple, &tcp) == TCPFLOW_OK,
              "a signed frame cannot be built");
}

static void digest__signed_segment__as_computed_elsewhere(void **state) {
  made_frame made;
  uint8_t digest[16];

  (void)state;
  make(&made, 4, digest_6);
  tcpflow_packet packet = frames_decode(&made.frame);
  assert_int_equal(tcpflow_md5_digest(digest, &packet, key, KEY),
                   TCPFLOW_AUTH_OK);
  assert_memory_equal(digest, digest_4, 16);
  make(&made, 6, digest_4);
  packet = frames_decode(&made.frame);
  assert_int_equal(tcpflow_md5_digest(digest, &packet, key, KEY),
                   TCPFLOW_AUTH_OK);
  assert_memory_equal(digest, digest_6, 16);
}

static void verify__right_and_wrong_key__told_apart(void **state) {
  made_frame made;

  (void)state;
  for (uint8_t version = 4; version <= 6; version = (uint8_t)(version + 2)) {
    make(&made, version, version == 4 ? digest_4 : digest_6);
    const tcpflow_packet packet = frames_decode(&made.frame);

    assert_int_equal(tcpflow_md5_verify(&packet, key, KEY), TCPFLOW_AUTH_OK);
    assert_int_equal(tcpflow_md5_verify(&packet, key, KEY - 1),
                     TCPFLOW_AUTH_BAD);
    assert_int_equal(tcpflow_md5_verify(&packet, NULL, 0), TCPFLOW_AUTH_BAD);
  }
}

/* What is signed is all of the segment but its checksum and its options. */
static void verify__any_octet_changed__bad_if_it_is_signed(void **state) {
  made_frame made;

  (void)state;
  make(&made, 4, digest_4);
  const tcpflow_packet before = frames_decode(&made.frame);

  for (uint32_t at = 0; at < before.tcp_length; at++) {
    const int checksum = at == 16 || at == 17;
    const int padding = at == 20 || at == 21;

    if (at == 12 || at == 22 || at == 23) {
      continue; /* Then the option is another one, or elsewhere. */
    }
    uint8_t *const octet = frames_bytes(&made) + before.tcp_offset + at;

    *octet = (uint8_t)(*octet ^ (padding ? 0 : 0x40));
    const tcpflow_packet packet = frames_decode(&made.frame);
    assert_int_equal(tcpflow_md5_verify(&packet, key, KEY),
                     checksum || padding ? TCPFLOW_AUTH_OK : TCPFLOW_AUTH_BAD);
    *octet = (uint8_t)(*octet ^ (padding ? 0 : 0x40));
  }
}

static void verify__cut_at_any_octet__uncovered_or_none(void **state) {
  made_frame made;

  (void)state;
  make(&made, 4, digest_4);
  const uint32_t whole = made.frame.captured;
  const tcpflow_packet before = frames_decode(&made.frame);

  for (uint32_t captured = 0; captured < whole; captured++) {
    guard g = guard_put(made.frame.bytes, captured);
    tcpflow_frame frame = made.frame;
    tcpflow_packet packet;

    frame.captured = captured;
    frame.bytes = captured > 0 ? g.bytes : NULL;
    tcpflow_packet_init(&packet);
    assert_int_equal(tcpflow_packet_decode(&packet, &frame, NULL), TCPFLOW_OK);
    const tcpflow_auth auth = tcpflow_md5_verify(&packet, key, KEY);
    if (captured >= before.tcp_offset + before.tcp_length) {
      assert_int_equal(auth, TCPFLOW_AUTH_OK); /* Padding only. */
    } else if (captured >= before.tcp_offset + 20) {
      assert_int_equal(auth, TCPFLOW_AUTH_UNCOVERED);
    } else {
      assert_int_equal(auth, TCPFLOW_AUTH_NONE);
    }
    guard_free(&g);
  }
}

static void verify__no_option_or_a_short_one__absent(void **state) {
  static const uint8_t short_one[4] = {19, 4, 1, 2};
  const tcpflow_tuple tuple = frames_tuple(4);
  tcpflow_build_tcp tcp = frames_segment();
  made_frame made;

  (void)state;
  frames_make(&made, TCPFLOW_LINK_RAW, 4);
  tcpflow_packet packet = frames_decode(&made.frame);
  assert_int_equal(tcpflow_md5_verify(&packet, key, KEY), TCPFLOW_AUTH_ABSENT);
  tcp.options = short_one;
  tcp.options_length = sizeof(short_one);
  assert_int_equal(tcpflow_build_segment(&made.frame, made.room,
                                         sizeof(made.room), TCPFLOW_LINK_RAW,
                                         &tuple, &tcp),
                   TCPFLOW_OK);
  packet = frames_decode(&made.frame);
  assert_int_equal(tcpflow_md5_verify(&packet, key, KEY), TCPFLOW_AUTH_ABSENT);
}

static void verify__fragment_or_bad_offset__not_judged(void **state) {
  made_frame made;

  (void)state;
  make(&made, 4, digest_4);
  tcpflow_packet packet = frames_decode(&made.frame);
  uint8_t *const ip = frames_bytes(&made) + packet.ip_offset;
  uint8_t *const tcp = frames_bytes(&made) + packet.tcp_offset;

  ip[6] = 0x20; /* More fragments. */
  packet = frames_decode(&made.frame);
  assert_int_equal(tcpflow_md5_verify(&packet, key, KEY),
                   TCPFLOW_AUTH_UNCOVERED);
  ip[7] = 1; /* Behind 8 octets. */
  packet = frames_decode(&made.frame);
  assert_int_equal(tcpflow_md5_verify(&packet, key, KEY),
                   TCPFLOW_AUTH_UNCOVERED);
  ip[6] = 0;
  ip[7] = 0;
  tcp[12] = 0x40; /* Data offset 4. */
  packet = frames_decode(&made.frame);
  assert_int_equal(tcpflow_md5_verify(&packet, key, KEY), TCPFLOW_AUTH_NONE);
  tcp[12] = 0xf0; /* Data offset 15, beyond the segment. */
  packet = frames_decode(&made.frame);
  assert_int_equal(tcpflow_md5_verify(&packet, key, KEY), TCPFLOW_AUTH_NONE);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(digest__signed_segment__as_computed_elsewhere),
    cmocka_unit_test(verify__right_and_wrong_key__told_apart),
    cmocka_unit_test(verify__any_octet_changed__bad_if_it_is_signed),
    cmocka_unit_test(verify__cut_at_any_octet__uncovered_or_none),
    cmocka_unit_test(verify__no_option_or_a_short_one__absent),
    cmocka_unit_test(verify__fragment_or_bad_offset__not_judged),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
