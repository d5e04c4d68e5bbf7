/*
 * tests/unit/wire/test_sha.c - mirror of lib/wire/sha.c: the examples that NIST
 * publishes with FIPS 180-4, and the lengths around them.
 */
#include "wire/sha.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const char *hex(const uint32_t *words, unsigned count) {
  static char text[80];

  for (unsigned i = 0; i < count; i++) {
    snprintf(text + (size_t)8 * i, 9, "%08x", (unsigned)words[i]);
  }
  return text;
}

static void assert_sha1(const char *message, const char *expected) {
  uint32_t digest[TCPFLOW__SHA1_WORDS];

  tcpflow__sha1(digest, (const uint8_t *)message, strlen(message));
  assert_string_equal(hex(digest, TCPFLOW__SHA1_WORDS), expected);
}

static void assert_sha256(const char *message, const char *expected) {
  uint32_t digest[TCPFLOW__SHA256_WORDS];

  tcpflow__sha256(digest, (const uint8_t *)message, strlen(message));
  assert_string_equal(hex(digest, TCPFLOW__SHA256_WORDS), expected);
}

static void sha1__published_messages__published_digests(void **state) {
  (void)state;
  assert_sha1("", "da39a3ee5e6b4b0d3255bfef95601890afd80709");
  assert_sha1("abc", "a9993e364706816aba3e25717850c26c9cd0d89d");
  assert_sha1("0123456789012345678901234567890123456789012345678901234",
              "9f3a4ce7f66b1b74c34da2c5d732c39f81e0f8df");
}

static void sha256__published_messages__published_digests(void **state) {
  (void)state;
  assert_sha256(
    "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  assert_sha256(
    "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  assert_sha256(
    "0123456789012345678901234567890123456789012345678901234",
    "f34d5a0f80c0cbf84c8c0b90218c22637abd199965249da736a20143c8c9c9d9");
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(sha1__published_messages__published_digests),
    cmocka_unit_test(sha256__published_messages__published_digests),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
