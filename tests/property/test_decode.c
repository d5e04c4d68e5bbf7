/*
 * tests/property/test_decode.c - frames at random, from plain ones that were
 * damaged in a few places: known by sight or walked, they say the same.
 */
#include <tcpflow/packet.h>

#include "decode/decode.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "unit/decode/frames.h"

enum {
  ROUNDS = 400000
};

static uint32_t draw(uint64_t *random, uint32_t below) {
  *random ^= *random >> 12;
  *random ^= *random << 25;
  *random ^= *random >> 27;
  return (uint32_t)((*random * UINT64_C(0x2545f4914f6cdd1d)) >> 33) % below;
}

static void make(made_frame *made, uint64_t *random) {
  tcpflow_tuple tuple = frames_tuple(draw(random, 2) == 0 ? 4 : 6);
  tcpflow_build_tcp tcp = frames_segment();
  tcpflow_builder builder;

  if (draw(random, 8) == 0) {
    tuple.port[1] = tuple.port[0];
    memcpy(tuple.address[1], tuple.address[0], 16 - draw(random, 2));
  }
  tcp.options_length = draw(random, 2) * 12;
  tcp.payload_captured = draw(random, 6);
  tcpflow_builder_init(&builder, made->room, sizeof(made->room));
  tcpflow_builder_tcp(&builder, &tuple, &tcp);
  tcpflow_builder_ip(&builder, &tuple, NULL);
  for (uint32_t tags = draw(random, 3); tags > 0; tags--) {
    tcpflow_builder_vlan(&builder, draw(random, 4) == 0 ? 0x88a8 : 0x8100,
                         (uint16_t)draw(random, 0x10000));
  }
  tcpflow_builder_link(&builder, TCPFLOW_LINK_ETHERNET, NULL);
  frames_finish(made, &builder);
}

/* Damages up to three octets of the headers, and the lengths of the frame. */
static void damage(made_frame *made, uint64_t *random) {
  tcpflow_frame *const frame = &made->frame;

  for (uint32_t i = draw(random, 4); i > 0; i--) {
    uint8_t *const octet = frames_bytes(made) + draw(random, frame->captured);
    *octet = draw(random, 2) == 0 ? (uint8_t)draw(random, 256)
                                  : (uint8_t)(*octet ^ 1U << draw(random, 8));
  }
  if (draw(random, 3) == 0) {
    frame->captured -= draw(random, frame->captured + 1);
  }
  if (draw(random, 8) == 0) {
    frame->length -= draw(random, 20);
  }
  frame->vlan = draw(random, 8) == 0 ? UINT32_C(0x10030000) : 0;
}

static void check(const tcpflow_frame *frame, uint64_t *random) {
  tcpflow_decode_config config = tcpflow__decode_defaults;
  tcpflow_packet known;
  tcpflow_packet walked;

  config.max_tags = draw(random, 4);
  memset(&known, 0x5a, sizeof(known));
  memset(&walked, 0xa5, sizeof(walked));
  known.size = sizeof(known);
  walked.size = sizeof(walked);
  (void)tcpflow__packet_decode(&known, frame, &config);
  (void)tcpflow__packet_decode_walking(&walked, frame, &config);
  assert_memory_equal(&known, &walked, offsetof(tcpflow_packet, layer));
  assert_memory_equal(known.layer, walked.layer,
                      known.layer_count * sizeof(known.layer[0]));
}

static void packet_decode__damaged_at_random__as_walked(void **state) {
  uint64_t random = UINT64_C(0x9e3779b97f4a7c15);

  (void)state;
  for (unsigned i = 0; i < ROUNDS; i++) {
    made_frame made;

    make(&made, &random);
    damage(&made, &random);
    check(&made.frame, &random);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(packet_decode__damaged_at_random__as_walked),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
