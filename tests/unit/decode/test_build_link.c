/* tests/unit/decode/test_build_link.c - mirror of lib/decode/build_link.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/decode/frames.h"

static int finish(const tcpflow_builder *builder) {
  tcpflow_frame frame;

  return tcpflow_builder_finish(builder, &frame);
}

static void builder__link_headers__octet_for_octet(void **state) {
  static const struct {
    uint32_t link;
    uint8_t version;
    uint8_t size;
    uint8_t bytes[20];
  } rows[] = {
    {TCPFLOW_LINK_NULL, 4, 4, {2, 0, 0, 0}},
    {TCPFLOW_LINK_NULL, 6, 4, {30, 0, 0, 0}},
    {TCPFLOW_LINK_LOOP, 6, 4, {0, 0, 0, 30}},
    {TCPFLOW_LINK_LINUX_SLL,
     4,
     16,
     {0, 4, 0, 1, 0, 6, 9, 8, 7, 6, 5, 4, 0, 0, 8, 0}},
    {TCPFLOW_LINK_LINUX_SLL2, 6, 20, {0x86, 0xdd, 0, 0, 0, 0, 0, 3, 0, 1,
                                      4,    6,    9, 8, 7, 6, 5, 4, 0, 0}},
    {TCPFLOW_LINK_RAW, 4, 0, {0}},
  };
  tcpflow_build_link fields;

  (void)state;
  tcpflow_build_link_init(&fields);
  memcpy(fields.source, (const uint8_t[]){9, 8, 7, 6, 5, 4}, 6);
  fields.packet_type = 4;
  fields.interface_index = 3;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    const tcpflow_tuple tuple = frames_tuple(rows[i].version);
    tcpflow_builder builder;
    made_frame made;

    frames_begin(&made, &builder, rows[i].version);
    tcpflow_builder_ip(&builder, &tuple, NULL);
    tcpflow_builder_link(&builder, rows[i].link, &fields);
    frames_finish(&made, &builder);
    assert_int_equal(made.frame.link, rows[i].link);
    assert_int_equal(frames_decode(&made.frame).ip_offset, rows[i].size);
    assert_memory_equal(made.frame.bytes, rows[i].bytes, rows[i].size);
  }
}

static void builder__null_family_and_order__as_asked(void **state) {
  const tcpflow_tuple tuple = frames_tuple(6);
  tcpflow_build_link fields;
  tcpflow_builder builder;
  made_frame made;

  (void)state;
  tcpflow_build_link_init(&fields);
  fields.family = 24;
  fields.byte_order = 1;
  frames_begin(&made, &builder, 6);
  tcpflow_builder_ip(&builder, &tuple, NULL);
  tcpflow_builder_link(&builder, TCPFLOW_LINK_NULL, &fields);
  frames_finish(&made, &builder);
  assert_memory_equal(made.frame.bytes, "\0\0\0\x18", 4);
}

static void builder__padding_without_room__limit(void **state) {
  const tcpflow_tuple tuple = frames_tuple(4);
  tcpflow_build_link fields;
  tcpflow_build_tcp tcp;
  tcpflow_builder builder;
  uint8_t room[60];

  (void)state;
  tcpflow_build_link_init(&fields);
  fields.pad = 1;
  tcpflow_build_tcp_init(&tcp);
  for (size_t capacity = 54; capacity <= 60; capacity++) {
    tcpflow_builder_init(&builder, room, capacity);
    tcpflow_builder_tcp(&builder, &tuple, &tcp);
    tcpflow_builder_ip(&builder, &tuple, NULL);
    tcpflow_builder_link(&builder, TCPFLOW_LINK_ETHERNET, &fields);
    assert_int_equal(finish(&builder),
                     capacity < 60 ? TCPFLOW_ERR_LIMIT : TCPFLOW_OK);
  }
  assert_memory_equal(room + 54, "\0\0\0\0\0\0", 6);
  assert_int_equal(room[14], 0x45);
}

static void builder__padding_of_absent_octets__absent_too(void **state) {
  const tcpflow_tuple tuple = frames_tuple(4);
  tcpflow_build_tcp tcp;
  tcpflow_build_link fields;
  tcpflow_builder builder;
  made_frame made;

  (void)state;
  tcpflow_build_tcp_init(&tcp);
  tcp.payload_length = 2;
  tcpflow_build_link_init(&fields);
  fields.pad = 1;
  tcpflow_builder_init(&builder, made.room, sizeof(made.room));
  tcpflow_builder_tcp(&builder, &tuple, &tcp);
  tcpflow_builder_ip(&builder, &tuple, NULL);
  tcpflow_builder_link(&builder, TCPFLOW_LINK_ETHERNET, &fields);
  frames_finish(&made, &builder);
  assert_int_equal(made.frame.captured, 54);
  assert_int_equal(made.frame.length, 60);
  assert_int_equal(frames_decode(&made.frame).payload_length, 2);
}

static void builder_link__unknown_or_unstamped__refused(void **state) {
  tcpflow_build_link fields;
  tcpflow_builder builder;
  uint8_t room[64];

  (void)state;
  tcpflow_builder_init(&builder, room, sizeof(room));
  tcpflow_builder_link(&builder, 147, NULL);
  assert_int_equal(finish(&builder), TCPFLOW_ERR_INVALID);
  tcpflow_build_link_init(&fields);
  fields.size = 0;
  tcpflow_builder_init(&builder, room, sizeof(room));
  tcpflow_builder_link(&builder, TCPFLOW_LINK_RAW, &fields);
  assert_int_equal(finish(&builder), TCPFLOW_ERR_VERSION);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(builder__link_headers__octet_for_octet),
    cmocka_unit_test(builder__null_family_and_order__as_asked),
    cmocka_unit_test(builder__padding_without_room__limit),
    cmocka_unit_test(builder__padding_of_absent_octets__absent_too),
    cmocka_unit_test(builder_link__unknown_or_unstamped__refused),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
