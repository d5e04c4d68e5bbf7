/* tests/unit/decode/test_limits.c - mirror of lib/decode/limits.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <tcpflow/packet.h>

#include "decode/decode.h"

static void decode_config_init__defaults__documented_and_valid(void **state) {
  tcpflow_decode_config config;

  (void)state;
  tcpflow_decode_config_init(&config);
  assert_int_equal(config.size, sizeof(config));
  assert_int_equal(config.max_tags, 8);
  assert_int_equal(config.max_extensions, 8);
  assert_int_equal(config.max_tunnels, 8);
  assert_int_equal(config.tunnels, ~(UINT64_C(1) << TCPFLOW_TUNNEL_ESP_NULL));
  assert_int_equal(config.esp_icv_length, 12);
  assert_true(tcpflow__decode_config_valid(&config));
}

static void decode_config_valid__ends_of_the_ranges__in_and_out(void **state) {
  tcpflow_decode_config config = tcpflow__decode_defaults;

  (void)state;
  config.max_tags = 0;
  config.max_extensions = 0;
  assert_true(tcpflow__decode_config_valid(&config));
  config.max_tags = 16;
  config.max_extensions = 16;
  assert_true(tcpflow__decode_config_valid(&config));
  config.max_tags = 17;
  assert_false(tcpflow__decode_config_valid(&config));
  config.max_tags = 16;
  config.max_extensions = 17;
  assert_false(tcpflow__decode_config_valid(&config));
  config.max_extensions = 16;
  config.max_tunnels = 17;
  assert_false(tcpflow__decode_config_valid(&config));
  config.max_tunnels = 16;
  config.esp_icv_length = 65;
  assert_false(tcpflow__decode_config_valid(&config));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(decode_config_init__defaults__documented_and_valid),
    cmocka_unit_test(decode_config_valid__ends_of_the_ranges__in_and_out),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
