/*
 * tests/unit/decode/test_gtp.c - GTP-U with its optional fields and extension
 * headers.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/decode/shells.h"

#define CHECK(version, stack) shells_check(version, stack, SHELL_COUNT(stack))

/* A PDU session container of one unit, and a long PDCP number of two. */
static const uint8_t extensions[12] = {1, 0, 9, 0x82, 2, 0, 0, 0, 0, 0, 0, 0};

static void step_gtpu__each_flag__inner_segment(void **state) {
  (void)state;
  for (uint32_t flags = 0; flags < 8; flags++) {
    const int has_more = (flags & 4) != 0;
    const shell stack[] = {
      {TCPFLOW_LAYER_GTPU,
       {.id = 0x01020304,
        .flags = flags,
        .sequence = 5,
        .number = has_more ? 0x85 : 0x77,
        .extra = extensions,
        .extra_length = has_more ? sizeof(extensions) : 0}},
      {TCPFLOW_LAYER_UDP, {.port = {2152}}},
      {TCPFLOW_LAYER_IPV4, {0}}};

    for (uint8_t version = 4; version <= 6; version = (uint8_t)(version + 2)) {
      const tcpflow_packet packet = CHECK(version, stack);

      assert_int_equal(packet.findings, 0);
      assert_int_equal(packet.tuple.tunnel, 0);
      assert_int_equal(frames_layer_id(&packet, 3), 0x01020304);
    }
  }
}

/* GSM 09.60: the header has 20 octets, and its own port. */
static void step_gtpu__version_0__inner_segment(void **state) {
  static const shell stack[] = {{TCPFLOW_LAYER_GTPU, {.form = 1, .id = 7}},
                                {TCPFLOW_LAYER_UDP, {.port = {3386, 3386}}},
                                {TCPFLOW_LAYER_IPV4, {0}}};
  const tcpflow_packet packet = CHECK(4, stack);

  (void)state;
  assert_int_equal(packet.findings, 0);
  assert_int_equal(packet.ip_offset, 14 + 20 + 8 + 20);
}

static tcpflow_packet decode_octet(uint32_t at, uint8_t value) {
  static const shell stack[] = {{TCPFLOW_LAYER_GTPU, {.flags = 4}},
                                {TCPFLOW_LAYER_UDP, {.port = {2152}}},
                                {TCPFLOW_LAYER_IPV4, {0}}};
  static made_frame made;

  shells_make(&made, 4, stack, SHELL_COUNT(stack));
  frames_bytes(&made)[14 + 28 + at] = value;
  return frames_decode(&made.frame);
}

/* Only message type 255 is a packet; GTP' and other versions are not. */
static void step_gtpu__other_messages__not_tcp(void **state) {
  static const uint8_t first[] = {0x24, 0x04, 0x54, 0xf4};

  (void)state;
  for (unsigned type = 0; type < 255; type++) {
    assert_int_equal(decode_octet(1, (uint8_t)type).kind,
                     TCPFLOW_PACKET_NOT_TCP);
  }
  for (size_t i = 0; i < sizeof(first); i++) {
    assert_int_equal(decode_octet(0, first[i]).kind, TCPFLOW_PACKET_NOT_TCP);
  }
}

/* The chain would read the inner header as an extension of 0x45 units. */
static void step_gtpu__chain_beyond_payload__malformed(void **state) {
  const tcpflow_packet packet = decode_octet(11, 0x85);

  (void)state;
  assert_int_equal(packet.kind, TCPFLOW_PACKET_MALFORMED);
  assert_int_equal(packet.findings, TCPFLOW_FINDING_BAD_HEADER);
}

static void step_gtpu__extension_of_length_0__malformed(void **state) {
  static const uint8_t none[4] = {0};
  static const shell stack[] = {
    {TCPFLOW_LAYER_GTPU,
     {.flags = 4, .number = 0x85, .extra = none, .extra_length = 4}},
    {TCPFLOW_LAYER_UDP, {.port = {2152}}},
    {TCPFLOW_LAYER_IPV4, {0}}};
  static made_frame made;

  (void)state;
  shells_make(&made, 4, stack, SHELL_COUNT(stack));
  const tcpflow_packet packet = frames_decode(&made.frame);
  assert_int_equal(packet.kind, TCPFLOW_PACKET_MALFORMED);
  assert_int_equal(packet.findings, TCPFLOW_FINDING_BAD_HEADER);
}

/* A chain of a hundred extension headers is walked to its end. */
static void step_gtpu__long_chain__inner_segment(void **state) {
  uint8_t chain[400];
  const shell stack[] = {
    {TCPFLOW_LAYER_GTPU,
     {.flags = 4, .number = 0xc0, .extra = chain, .extra_length = 400}},
    {TCPFLOW_LAYER_UDP, {.port = {2152}}},
    {TCPFLOW_LAYER_IPV4, {0}}};

  (void)state;
  memset(chain, 0, sizeof(chain));
  for (size_t i = 0; i < sizeof(chain); i += 4) {
    chain[i] = 1;
    chain[i + 3] = i + 4 < sizeof(chain) ? 0xc0 : 0;
  }
  (void)CHECK(4, stack);
}

/* The length counts what follows the first 8 octets. */
static void step_gtpu__length__limits(void **state) {
  static const struct {
    uint32_t length;
    uint32_t findings;
    uint32_t payload;
  } rows[] = {{20 + 32 + 5, 0, 5},
              {20 + 32 + 6, TCPFLOW_FINDING_BAD_HEADER, 5},
              {20 + 32 + 3, TCPFLOW_FINDING_IP_LENGTH_BEYOND, 3}};

  (void)state;
  for (size_t i = 0; i < SHELL_COUNT(rows); i++) {
    const shell stack[] = {
      {TCPFLOW_LAYER_GTPU,
       {.length = rows[i].length, .length_mode = TCPFLOW_BUILD_GIVEN}},
      {TCPFLOW_LAYER_UDP, {.port = {2152}}},
      {TCPFLOW_LAYER_IPV4, {0}}};
    static made_frame made;

    shells_make(&made, 4, stack, SHELL_COUNT(stack));
    const tcpflow_packet packet = frames_decode(&made.frame);
    assert_int_equal(packet.kind, TCPFLOW_PACKET_TCP);
    assert_int_equal(packet.findings, rows[i].findings);
    assert_int_equal(packet.payload_length, rows[i].payload);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(step_gtpu__each_flag__inner_segment),
    cmocka_unit_test(step_gtpu__version_0__inner_segment),
    cmocka_unit_test(step_gtpu__other_messages__not_tcp),
    cmocka_unit_test(step_gtpu__chain_beyond_payload__malformed),
    cmocka_unit_test(step_gtpu__extension_of_length_0__malformed),
    cmocka_unit_test(step_gtpu__long_chain__inner_segment),
    cmocka_unit_test(step_gtpu__length__limits),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
