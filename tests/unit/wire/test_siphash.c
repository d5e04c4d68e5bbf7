/* tests/unit/wire/test_siphash.c - mirror of lib/wire/siphash.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/guard.h"
#include "wire/siphash.h"
#include "wire/sipround.h"

/* The designers' test: the key is 00 01 ... 0f, the message 00 01 ... */
static const tcpflow__sipkey published_key = {UINT64_C(0x0706050403020100),
                                              UINT64_C(0x0f0e0d0c0b0a0908)};

/* By the length of the message, from 0; the last one is in the paper. */
static const uint64_t published_24[16] = {
  UINT64_C(0x726fdb47dd0e0e31), UINT64_C(0x74f839c593dc67fd),
  UINT64_C(0x0d6c8009d9a94f5a), UINT64_C(0x85676696d7fb7e2d),
  UINT64_C(0xcf2794e0277187b7), UINT64_C(0x18765564cd99a68d),
  UINT64_C(0xcbc9466e58fee3ce), UINT64_C(0xab0200f58b01d137),
  UINT64_C(0x93f5f5799a932462), UINT64_C(0x9e0082df0ba9e4b0),
  UINT64_C(0x7a5dbbc594ddb9f3), UINT64_C(0xf4b32f46226bada7),
  UINT64_C(0x751e8fbc860ee5fb), UINT64_C(0x14ea5627c0843d90),
  UINT64_C(0xf723ca908e7af2ee), UINT64_C(0xa129ca6149be45e5),
};

static const uint64_t published_13[16] = {
  UINT64_C(0xabac0158050fc4dc), UINT64_C(0xc9f49bf37d57ca93),
  UINT64_C(0x82cb9b024dc7d44d), UINT64_C(0x8bf80ab8e7ddf7fb),
  UINT64_C(0xcf75576088d38328), UINT64_C(0xdef9d52f49533b67),
  UINT64_C(0xc50d2b50c59f22a7), UINT64_C(0xd3927d989bb11140),
  UINT64_C(0x369095118d299a8e), UINT64_C(0x25a48eb36c063de4),
  UINT64_C(0x79de85ee92ff097f), UINT64_C(0x70c118c1f94dc352),
  UINT64_C(0x78a384b157b4d9a2), UINT64_C(0x306f760c1229ffa7),
  UINT64_C(0x605aa111c0f95d34), UINT64_C(0xd320d86d2a519956),
};

static const uint8_t empty[1];

typedef uint64_t hash(const tcpflow__sipkey *key, const uint8_t *bytes,
                      size_t size);

static void compare(hash *function, const uint64_t *expected) {
  static const uint8_t message[16] = {0, 1, 2,  3,  4,  5,  6,  7,
                                      8, 9, 10, 11, 12, 13, 14, 15};

  for (size_t size = 0; size < 16; size++) {
    guard g = guard_put(message, size);

    assert_true(function(&published_key, g.bytes, size) == expected[size]);
    guard_free(&g);
  }
}

static void sipkey_read__octets__little_endian_numbers(void **state) {
  static const uint8_t octets[16] = {0, 1, 2,  3,  4,  5,  6,  7,
                                     8, 9, 10, 11, 12, 13, 14, 15};
  const tcpflow__sipkey key = tcpflow__sipkey_read(octets);

  (void)state;
  assert_true(key.k0 == published_key.k0);
  assert_true(key.k1 == published_key.k1);
}

static void siphash24__published_vectors__same(void **state) {
  (void)state;
  compare(tcpflow__siphash24, published_24);
}

static void siphash13__published_vectors__same(void **state) {
  (void)state;
  compare(tcpflow__siphash13, published_13);
}

static uint64_t little(const uint8_t *bytes) {
  uint64_t word = 0;

  for (unsigned i = 0; i < 8; i++) {
    word |= (uint64_t)bytes[i] << (8 * i);
  }
  return word;
}

static uint64_t hash_words(const uint64_t *words, size_t count) {
  tcpflow__sip sip = tcpflow__sip_begin(&published_key);

  for (size_t i = 0; i < count; i++) {
    tcpflow__sip_word(&sip, words[i], 1);
  }
  return tcpflow__sip_end13(&sip);
}

/* Words are but another way to say octets. */
static void sip_words__octets_of_any_size__same_hash(void **state) {
  uint64_t words[32];
  uint32_t dice = 1;

  (void)state;
  for (unsigned size = 0; size < 256; size++) {
    uint8_t bytes[sizeof(words)] = {0};

    for (unsigned i = 0; i < size; i++) {
      dice = dice * 1103515245U + 12345U;
      bytes[i] = (uint8_t)(dice >> 24);
    }
    for (unsigned i = 0; i <= size / 8; i++) {
      words[i] = little(bytes + (size_t)8 * i);
    }
    words[size / 8] |= (uint64_t)size << 56;
    assert_true(hash_words(words, size / 8 + 1) ==
                tcpflow__siphash13(&published_key, bytes, size));
  }
}

static void siphash13_pair__eight_to_fifteen_octets__same_hash(void **state) {
  const tcpflow__sip begun = tcpflow__sip_begin(&published_key);
  uint32_t dice = 7;

  (void)state;
  for (unsigned i = 0; i < 10000; i++) {
    const unsigned size = 8 + i % 8;
    uint8_t bytes[16] = {0};

    for (unsigned j = 0; j < size; j++) {
      dice = dice * 1103515245U + 12345U;
      bytes[j] = (uint8_t)(dice >> 24);
    }
    assert_true(
      tcpflow__siphash13_pair(&begun, little(bytes),
                              little(bytes + 8) | (uint64_t)size << 56) ==
      tcpflow__siphash13(&published_key, bytes, size));
  }
}

static void siphash__unaligned_message__same_hash(void **state) {
  uint8_t shifted[9 + 40];
  uint64_t first = 0;

  (void)state;
  for (size_t skew = 0; skew < 9; skew++) {
    for (size_t i = 0; i < 40; i++) {
      shifted[skew + i] = (uint8_t)(i * 7);
    }
    const uint64_t now = tcpflow__siphash13(&published_key, shifted + skew, 40);
    first = skew == 0 ? now : first;
    assert_true(now == first);
  }
}

static void siphash__one_key_bit_changed__other_hash(void **state) {
  const uint64_t base = tcpflow__siphash13(&published_key, empty, 0);

  (void)state;
  for (unsigned bit = 0; bit < 64; bit++) {
    tcpflow__sipkey key = published_key;

    key.k0 ^= UINT64_C(1) << bit;
    assert_true(tcpflow__siphash13(&key, empty, 0) != base);
    key = published_key;
    key.k1 ^= UINT64_C(1) << bit;
    assert_true(tcpflow__siphash13(&key, empty, 0) != base);
  }
}

static void siphash__length_256_more__other_words(void **state) {
  static const uint8_t zeros[264];

  (void)state;
  /* The last word holds the length modulo 256 only; the words differ. */
  assert_true(tcpflow__siphash24(&published_key, zeros, 8) !=
              tcpflow__siphash24(&published_key, zeros, 264));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(sipkey_read__octets__little_endian_numbers),
    cmocka_unit_test(siphash24__published_vectors__same),
    cmocka_unit_test(siphash13__published_vectors__same),
    cmocka_unit_test(sip_words__octets_of_any_size__same_hash),
    cmocka_unit_test(siphash13_pair__eight_to_fifteen_octets__same_hash),
    cmocka_unit_test(siphash__unaligned_message__same_hash),
    cmocka_unit_test(siphash__one_key_bit_changed__other_hash),
    cmocka_unit_test(siphash__length_256_more__other_words),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
