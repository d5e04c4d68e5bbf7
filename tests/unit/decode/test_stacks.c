/* tests/unit/decode/test_stacks.c - what stands in front of IP: of every link
   type, tag and shim. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/decode/stacks.h"

/* Padding is what a trailer behind the datagram looks like. */
static void must_be(const stack *row, const tcpflow_packet *packet) {
  const unsigned count = row->count;
  int good = packet->kind == TCPFLOW_PACKET_TCP &&
             (packet->findings & ~(uint32_t)TCPFLOW_FINDING_PADDING) == 0 &&
             packet->ip_offset == row->ip && packet->seq == 1000 &&
             packet->payload_length == 5 && packet->layer_count == count + 2;

  for (unsigned i = 0; good && i < count; i++) {
    good = packet->layer[i].type == row->layer[i].type &&
           packet->layer[i].offset == row->layer[i].offset;
  }
  if (good) {
    return;
  }
  print_error("%s: kind %u, findings %x, IP at %u, layers", row->name,
              (unsigned)packet->kind, (unsigned)packet->findings,
              (unsigned)packet->ip_offset);
  for (unsigned i = 0; i < packet->layer_count; i++) {
    print_error(" %u@%u", (unsigned)packet->layer[i].type,
                (unsigned)packet->layer[i].offset);
  }
  print_error("\n");
  fail();
}

static void stacks__built__decode_to_the_segment(void **state) {
  made_frame made;

  (void)state;
  for (size_t i = 0; i < STACK_COUNT; i++) {
    stack_make(&made, &stacks[i]);
    const tcpflow_packet packet = frames_decode(&made.frame);
    must_be(&stacks[i], &packet);
    assert_int_equal(tcpflow_packet_checksum(&packet), TCPFLOW_CHECKSUM_OK);
  }
}

/* A cut frame is never TCP before the header is there, and never wrong. */
static void stacks__cut_at_every_length__truncated_or_the_same(void **state) {
  made_frame made;

  (void)state;
  for (size_t i = 0; i < STACK_COUNT; i++) {
    const stack *const row = &stacks[i];
    stack_make(&made, row);
    const uint32_t whole = made.frame.captured;
    const uint32_t tcp = row->ip + (row->version == 4 ? 20U : 40U);

    for (uint32_t n = 0; n < whole; n++) {
      made.frame.captured = n;
      const tcpflow_packet packet = frames_decode(&made.frame);
      const int expected =
        n < tcp + 20 ? TCPFLOW_PACKET_TRUNCATED : TCPFLOW_PACKET_TCP;

      if (packet.kind != expected ||
          (packet.kind == TCPFLOW_PACKET_TCP &&
           (packet.ip_offset != row->ip || packet.payload_length != 5))) {
        fail_msg("%s cut at %u: kind %u, findings %x", row->name, (unsigned)n,
                 (unsigned)packet.kind, (unsigned)packet.findings);
      }
    }
  }
}

/* The same with a frame that ended there on the wire. */
static void stacks__short_at_every_length__never_the_segment(void **state) {
  made_frame made;

  (void)state;
  for (size_t i = 0; i < STACK_COUNT; i++) {
    const stack *const row = &stacks[i];
    stack_make(&made, row);
    const uint32_t tcp = row->ip + (row->version == 4 ? 20U : 40U);

    for (uint32_t n = 0; n < tcp + 20; n++) {
      made.frame.captured = n;
      made.frame.length = n;
      const tcpflow_packet packet = frames_decode(&made.frame);

      if (packet.kind == TCPFLOW_PACKET_TCP) {
        fail_msg("%s short at %u", row->name, (unsigned)n);
      }
    }
  }
}

/* Every octet in front of IP with every value: the decoder stays inside, and
   says nothing that contradicts itself. */
static void stacks__every_octet_damaged__consistent(void **state) {
  made_frame made;

  (void)state;
  for (size_t i = 0; i < STACK_COUNT; i++) {
    stack_make(&made, &stacks[i]);
    for (uint32_t at = 0; at < stacks[i].ip; at++) {
      uint8_t *const octet = frames_bytes(&made) + at;
      const uint8_t was = *octet;

      for (unsigned value = 0; value < 256; value += 5) {
        *octet = (uint8_t)(was ^ value);
        (void)frames_decode(&made.frame);
      }
      *octet = was;
    }
  }
}

static void stacks__no_room__limit(void **state) {
  made_frame made;

  (void)state;
  for (size_t i = 0; i < STACK_COUNT; i++) {
    const stack *const row = &stacks[i];
    stack_make(&made, row);
    const tcpflow_tuple tuple = frames_tuple(row->version);
    const tcpflow_build_tcp tcp = frames_segment();

    for (size_t room = 0; room < made.frame.captured; room++) {
      guard g = guard_room(room);
      tcpflow_build_link fields;
      tcpflow_builder builder;
      tcpflow_frame frame;

      tcpflow_build_link_init(&fields);
      tcpflow_builder_init(&builder, g.bytes, room);
      tcpflow_builder_tcp(&builder, &tuple, &tcp);
      tcpflow_builder_ip(&builder, &tuple, NULL);
      row->put(&builder, &fields);
      tcpflow_builder_link(&builder, row->link, &fields);
      assert_int_equal(tcpflow_builder_finish(&builder, &frame),
                       TCPFLOW_ERR_LIMIT);
      guard_free(&g);
    }
  }
}

/* Every link type of the header is in the table above. */
static void build_segment__every_link__decodes(void **state) {
  const tcpflow_build_tcp tcp = frames_segment();
  const tcpflow_tuple tuple = frames_tuple(4);
  made_frame made;

  (void)state;
  for (size_t i = 0; i < STACK_COUNT; i++) {
    if (stacks[i].put != stack_plain || stacks[i].version != 4 ||
        stacks[i].link == TCPFLOW_LINK_ERF) {
      continue;
    }
    assert_int_equal(tcpflow_build_segment(&made.frame, made.room,
                                           sizeof(made.room), stacks[i].link,
                                           &tuple, &tcp),
                     TCPFLOW_OK);
    const tcpflow_packet packet = frames_decode(&made.frame);
    must_be(&stacks[i], &packet);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(stacks__built__decode_to_the_segment),
    cmocka_unit_test(stacks__cut_at_every_length__truncated_or_the_same),
    cmocka_unit_test(stacks__short_at_every_length__never_the_segment),
    cmocka_unit_test(stacks__every_octet_damaged__consistent),
    cmocka_unit_test(stacks__no_room__limit),
    cmocka_unit_test(build_segment__every_link__decodes),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
