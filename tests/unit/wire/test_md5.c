/* tests/unit/wire/test_md5.c - mirror of lib/wire/md5.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/guard.h"
#include "wire/md5.h"

static void digest_of(const uint8_t *bytes, size_t size, char text[33]) {
  uint8_t digest[16];
  tcpflow__md5 md5;

  tcpflow__md5_init(&md5);
  tcpflow__md5_add(&md5, bytes, size);
  tcpflow__md5_end(&md5, digest);
  for (size_t i = 0; i < 16; i++) {
    (void)snprintf(text + 2 * i, 3, "%02x", digest[i]);
  }
}

/* RFC 1321 appendix A.5. */
static void md5__test_suite_of_the_rfc__its_digests(void **state) {
  static const char *const rows[][2] = {
    {"", "d41d8cd98f00b204e9800998ecf8427e"},
    {"a", "0cc175b9c0f1b6a831c399e269772661"},
    {"abc", "900150983cd24fb0d6963f7d28e17f72"},
    {"message digest", "f96b697d7cb7938d525a2f31aaf161d0"},
    {"abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"},
    {"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
     "d174ab98d277d9f5a5611c2c9f419d9f"},
    {"123456789012345678901234567890123456789012345678901234567890123456789012"
     "34567890",
     "57edf4a22be3c955ac49da2e2107b67a"},
  };

  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    guard g = guard_put(rows[i][0], strlen(rows[i][0]));
    char text[33];

    digest_of(g.bytes, g.size, text);
    assert_string_equal(text, rows[i][1]);
    guard_free(&g);
  }
}

/* By Python's hashlib: 55, 56, 63, 64, 65, 119, 120 and 1000 octets of 0x5a are
   where the padding goes into the next block, or does not. */
static void md5__lengths_around_a_block__as_another_computes(void **state) {
  static const struct {
    size_t size;
    const char *digest;
  } rows[] = {
    {55, "20917b2e6cdbb175c6108fa89594943b"},
    {56, "c2fc41ad4ba11395c51fc2b02023108c"},
    {63, "397f74f8f0b695d13a0f1911390fa677"},
    {64, "ce7b785b1be7ad4f72773217db8c5d3e"},
    {65, "c878211428b719b9ce802a0359044247"},
    {119, "e112bbda2b3f9e225228f7088843223f"},
    {120, "6946fb02e778e4c8780a866a86a27f5c"},
    {1000, "00dde050b563dc1cd920ba043e0d5d70"},
  };
  uint8_t bytes[1000];

  (void)state;
  memset(bytes, 0x5a, sizeof(bytes));
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    char text[33];

    digest_of(bytes, rows[i].size, text);
    assert_string_equal(text, rows[i].digest);
  }
}

static void md5_add__any_two_pieces__same_as_one(void **state) {
  uint8_t bytes[150];
  char whole[33];

  (void)state;
  for (size_t i = 0; i < sizeof(bytes); i++) {
    bytes[i] = (uint8_t)(i * 37 & 0xff);
  }
  digest_of(bytes, sizeof(bytes), whole);
  for (size_t cut = 0; cut <= sizeof(bytes); cut++) {
    uint8_t digest[16];
    char text[33];
    tcpflow__md5 md5;

    tcpflow__md5_init(&md5);
    tcpflow__md5_add(&md5, bytes, cut);
    tcpflow__md5_add(&md5, NULL, 0);
    tcpflow__md5_add(&md5, bytes + cut, sizeof(bytes) - cut);
    tcpflow__md5_end(&md5, digest);
    for (size_t i = 0; i < 16; i++) {
      (void)snprintf(text + 2 * i, 3, "%02x", digest[i]);
    }
    assert_string_equal(text, whole);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(md5__test_suite_of_the_rfc__its_digests),
    cmocka_unit_test(md5__lengths_around_a_block__as_another_computes),
    cmocka_unit_test(md5_add__any_two_pieces__same_as_one),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
