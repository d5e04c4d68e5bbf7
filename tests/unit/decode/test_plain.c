/*
 * tests/unit/decode/test_plain.c - frames known by sight say what the walk
 * says, to the bit, and so does everything that is nearly one of them.
 */
#include <tcpflow/packet.h>

#include "decode/decode.h"
#include "decode/plain.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "unit/decode/frames.h"

/* What stands at the places that a frame has. */
typedef struct shape {
  uint8_t version;
  uint8_t tagged;
  uint32_t options;
  uint32_t payload;
} shape;

static const shape shapes[] = {{4, 0, 12, 5}, {4, 1, 12, 5}, {6, 0, 12, 5},
                               {6, 1, 12, 5}, {4, 0, 0, 0},  {6, 1, 0, 0},
                               {4, 1, 40, 9}, {6, 0, 20, 0}};

#define EACH_SHAPE(s)                                                          \
  for (const shape *s = shapes;                                                \
       s < shapes + sizeof(shapes) / sizeof(shapes[0]); s++)

static void make(made_frame *made, const shape *s) {
  static const uint8_t nops[40] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                                   1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                                   1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
  const tcpflow_tuple tuple = frames_tuple(s->version);
  tcpflow_build_tcp tcp = frames_segment();
  static const uint8_t payload[16] = "payload";
  tcpflow_builder builder;

  tcp.options = s->options == 12 ? frames_timestamps : nops;
  tcp.options_length = s->options;
  tcp.payload = payload;
  tcp.payload_captured = s->payload;
  tcpflow_builder_init(&builder, made->room, sizeof(made->room));
  tcpflow_builder_tcp(&builder, &tuple, &tcp);
  tcpflow_builder_ip(&builder, &tuple, NULL);
  if (s->tagged) {
    tcpflow_builder_vlan(&builder, 0x8100, 0x2abc);
  }
  tcpflow_builder_link(&builder, TCPFLOW_LINK_ETHERNET, NULL);
  frames_finish(made, &builder);
  made->frame.time = 1234567890123456789;
  made->frame.scope = UINT64_C(0x0102030405060708);
  made->frame.number = UINT64_C(0x1112131415161718);
  made->frame.handle = made;
  made->frame.tunnel = 0x03000005;
}

/* From one member to another, both included: nothing lies between those on any
   machine. */
#define SAME(first, last)                                                      \
  (memcmp(&a->first, &b->first,                                                \
          offsetof(tcpflow_packet, last) + sizeof(a->last) -                   \
            offsetof(tcpflow_packet, first)) == 0)

static int is_same(const tcpflow_packet *a, const tcpflow_packet *b) {
  return a->size == b->size && SAME(time, findings) &&
         SAME(number, tcp_length) && SAME(tuple, next_offset) &&
         memcmp(a->layer, b->layer, a->layer_count * sizeof(a->layer[0])) == 0;
}

/* A packet for one frame after the other, as a tracker has them. */
typedef struct decode_place {
  tcpflow_packet packet;
  int version; /* It is prepared for a bare frame of it; 0: of none. */
} decode_place;

/* Makes it so. */
static void place_prepare(decode_place *place, int version) {
  if (place->version == version) {
    return;
  }
  memset(&place->packet, 0x3c, sizeof(place->packet));
  if (version == 4) {
    tcpflow__plain_prepare_bare(&place->packet);
  } else {
    tcpflow__plain_prepare_bare6(&place->packet);
  }
  place->packet.size = sizeof(place->packet);
  place->version = version;
}

static int is_bare(const tcpflow_frame *frame) {
  return tcpflow__plain_may_be_bare(frame) && tcpflow__plain_is_bare(frame);
}

static int is_bare6(const tcpflow_frame *frame) {
  return tcpflow__plain_may_be_bare(frame) && tcpflow__plain_is_bare6(frame);
}

/* True: a bare frame, of which nothing is odd. */
static int place_bare(decode_place *place, const tcpflow_frame *frame) {
  tcpflow__plain_found found = TCPFLOW__PLAIN_ODD;

  assert_false(is_bare(frame) && is_bare6(frame));
  if (is_bare(frame)) {
    place_prepare(place, 4);
    found = tcpflow__plain_bare(&place->packet, frame);
  } else if (is_bare6(frame)) {
    place_prepare(place, 6);
    found = tcpflow__plain_bare6(&place->packet, frame);
  }
  return found == TCPFLOW__PLAIN_WHOLE ||
         (found == TCPFLOW__PLAIN_ENDS && tcpflow__plain_ends(&place->packet));
}

/* Into the place where the frames before were decoded, too. */
static void check_again(const tcpflow_frame *frame,
                        const tcpflow_decode_config *config) {
  static decode_place place;
  tcpflow_packet walked;

  if (!place_bare(&place, frame)) {
    place.version = 0;
    place.packet.size = sizeof(place.packet);
    (void)tcpflow__packet_decode(&place.packet, frame, config);
  }
  memset(&walked, 0xa5, sizeof(walked));
  walked.size = sizeof(walked);
  (void)tcpflow__packet_decode_walking(&walked, frame, config);
  assert_true(is_same(&place.packet, &walked));
}

/* Both ways, and what stood in the packets before must not matter. */
static void check_at(const tcpflow_frame *frame,
                     const tcpflow_decode_config *config) {
  tcpflow_frame bare = *frame;
  tcpflow_packet known;
  tcpflow_packet walked;

  memset(&known, 0x5a, sizeof(known));
  memset(&walked, 0xa5, sizeof(walked));
  known.size = sizeof(known);
  walked.size = sizeof(walked);
  assert_int_equal(tcpflow__packet_decode(&known, frame, config), TCPFLOW_OK);
  (void)tcpflow__packet_decode_walking(&walked, frame, config);
  if (!is_same(&known, &walked)) {
    fail_msg("kind %u and %u, findings %x and %x, captured %u of %u",
             (unsigned)known.kind, (unsigned)walked.kind,
             (unsigned)known.findings, (unsigned)walked.findings,
             (unsigned)frame->captured, (unsigned)frame->length);
  }
  if (packet_violation(&known) != NULL) {
    fail_msg("%s", packet_violation(&known));
  }
  check_again(frame, config);
  bare.scope = 0;
  bare.tunnel = 0;
  check_again(&bare, config);
}

static void check(const tcpflow_frame *frame) {
  check_at(frame, &tcpflow__decode_defaults);
}

static void packet_decode__plain_frame__every_member(void **state) {
  made_frame made;
  tcpflow_packet p;

  (void)state;
  make(&made, &shapes[1]);
  tcpflow_packet_init(&p);
  assert_int_equal(
    tcpflow__packet_decode(&p, &made.frame, &tcpflow__decode_defaults),
    TCPFLOW_OK);
  assert_int_equal(p.kind, TCPFLOW_PACKET_TCP);
  assert_int_equal(p.findings, 0);
  assert_int_equal(p.layer_count, 4);
  assert_int_equal(p.layer[0].type, TCPFLOW_LAYER_ETHERNET);
  assert_int_equal(p.layer[1].type, TCPFLOW_LAYER_VLAN);
  assert_int_equal(p.layer[1].offset, 14);
  assert_int_equal(p.layer[2].type, TCPFLOW_LAYER_IPV4);
  assert_int_equal(p.layer[2].offset, 18);
  assert_int_equal(p.layer[3].type, TCPFLOW_LAYER_TCP);
  assert_int_equal(p.layer[3].offset, 38);
  assert_int_equal(p.tag_count, 1);
  assert_int_equal(p.tuple.vlan, 0x1abc0000);
  assert_int_equal(p.tuple.port[0], 40000);
  assert_int_equal(p.tuple.port[1], 80);
  assert_int_equal(p.seq, 1000);
  assert_int_equal(p.ack, 2000);
  assert_int_equal(p.flags, TCPFLOW_FLAG_PSH | TCPFLOW_FLAG_ACK);
  assert_int_equal(p.window, 512);
  assert_int_equal(p.options_length, 12);
  assert_int_equal(p.options_captured, 12);
  assert_int_equal(p.payload_offset, 70);
  assert_int_equal(p.payload_length, 5);
  assert_int_equal(p.payload_captured, 5);
  assert_true(p.time == made.frame.time && p.number == made.frame.number);
  assert_ptr_equal(p.bytes, made.frame.bytes);
  assert_ptr_equal(p.handle, &made);
  assert_true(p.tuple.scope == made.frame.scope);
  assert_int_equal(p.tuple.tunnel, made.frame.tunnel);
}

static void packet_decode__every_octet_any_value__as_walked(void **state) {
  (void)state;
  EACH_SHAPE(s) {
    made_frame made;

    make(&made, s);
    uint8_t *const bytes = frames_bytes(&made);
    for (uint32_t i = 0; i < made.frame.captured; i++) {
      const uint8_t was = bytes[i];
      for (unsigned value = 0; value < 256; value++) {
        bytes[i] = (uint8_t)value;
        check(&made.frame);
      }
      bytes[i] = was;
    }
  }
}

/* The IP length is what the others are held against. */
static void packet_decode__any_ip_length__as_walked(void **state) {
  (void)state;
  EACH_SHAPE(s) {
    made_frame made;

    make(&made, s);
    uint8_t *const bytes =
      frames_bytes(&made) + (s->tagged ? 18 : 14) + (s->version == 4 ? 2 : 4);
    for (unsigned length = 0; length < 0x10000; length++) {
      bytes[0] = (uint8_t)(length >> 8);
      bytes[1] = (uint8_t)length;
      check(&made.frame);
    }
  }
}

/* Cut, padded, and captured beyond the wire, each with a guard page behind. */
static void packet_decode__any_two_lengths__as_walked(void **state) {
  (void)state;
  EACH_SHAPE(s) {
    made_frame made;

    make(&made, s);
    const uint32_t whole = made.frame.captured;
    memset(made.room + sizeof(made.room) - 12, 0, 12);
    for (uint32_t captured = 0; captured <= whole + 12; captured++) {
      uint8_t padded[256] = {0};
      memcpy(padded, made.frame.bytes, whole);
      guard g = guard_put(padded, captured);
      tcpflow_frame frame = made.frame;

      frame.bytes = captured == 0 ? NULL : g.bytes;
      frame.captured = captured;
      for (frame.length = 0; frame.length <= whole + 14; frame.length++) {
        check(&frame);
      }
      guard_free(&g);
    }
  }
}

static void packet_decode__tag_beside_the_frame__as_walked(void **state) {
  (void)state;
  EACH_SHAPE(s) {
    made_frame made;

    make(&made, s);
    made.frame.vlan = UINT32_C(0x10070000);
    check(&made.frame);
  }
}

static void packet_decode__tags_switched_off__as_walked(void **state) {
  tcpflow_decode_config config = tcpflow__decode_defaults;

  (void)state;
  config.max_tags = 0;
  EACH_SHAPE(s) {
    made_frame made;

    make(&made, s);
    check_at(&made.frame, &config);
  }
}

static void packet_decode__other_link_types__as_walked(void **state) {
  (void)state;
  EACH_SHAPE(s) {
    made_frame made;

    make(&made, s);
    for (made.frame.link = 0; made.frame.link < 300; made.frame.link++) {
      check(&made.frame);
    }
  }
}

/* Whatever stood in the packet before: after any shape, cut or padded or as it
   is, each of them. */
static void plain_bare__any_frame_before__as_walked(void **state) {
  (void)state;
  EACH_SHAPE(before) {
    EACH_SHAPE(s) {
      for (unsigned how = 0; how < 9; how++) {
        made_frame first;
        made_frame made;

        make(&first, before);
        make(&made, s);
        first.frame.captured -= how % 3 == 1 ? 3 : 0;
        made.frame.captured -= how / 3 == 1 ? 3 : 0;
        first.frame.length += how % 3 == 2 ? 3 : 0;
        made.frame.length += how / 3 == 2 ? 3 : 0;
        check(&first.frame);
        check(&made.frame);
        check(&first.frame);
      }
    }
  }
}

static void plain_is_bare__what_is_beside_the_octets__decides(void **state) {
  made_frame made;

  (void)state;
  make(&made, &shapes[0]);
  assert_false(is_bare(&made.frame));
  made.frame.scope = 0;
  assert_false(is_bare(&made.frame));
  made.frame.tunnel = 0;
  assert_true(is_bare(&made.frame));
  made.frame.scope = UINT64_C(1) << 63;
  assert_false(is_bare(&made.frame));
  made.frame.scope = 0;
  made.frame.vlan = UINT32_C(0x10070000);
  assert_false(is_bare(&made.frame));
  made.frame.vlan = 0;
  made.frame.captured = 53;
  assert_false(is_bare(&made.frame));
  made.frame.captured = 54;
  assert_true(is_bare(&made.frame));
}

/* Likewise, if the first shape's octets said that they were IPv6. */
static void plain_is_bare6__what_is_beside_the_octets__decides(void **state) {
  made_frame made;

  (void)state;
  make(&made, &shapes[0]);
  made.frame.scope = made.frame.tunnel = 0;
  assert_false(is_bare6(&made.frame));
  memcpy(frames_bytes(&made) + 12, "\x86\xdd", 2);
  made.frame.captured = 73;
  assert_false(is_bare6(&made.frame));
  made.frame.captured = 74;
  assert_true(is_bare6(&made.frame));
  assert_false(is_bare(&made.frame));
  made.frame.tunnel = 1;
  assert_false(is_bare6(&made.frame));
  made.frame.tunnel = 0;
  made.frame.scope = 1;
  assert_false(is_bare6(&made.frame));
  made.frame.scope = 0;
  made.frame.vlan = UINT32_C(0x10070000);
  assert_false(is_bare6(&made.frame));
}

static void packet_decode__one_end_twice__is_told(void **state) {
  made_frame made;
  tcpflow_packet p;

  (void)state;
  make(&made, &shapes[0]);
  uint8_t *const ip = frames_bytes(&made) + 14;
  memcpy(ip + 16, ip + 12, 4);
  memcpy(ip + 22, ip + 20, 2);
  check(&made.frame);
  p = frames_decode(&made.frame);
  assert_int_equal(p.findings, TCPFLOW_FINDING_SAME_ENDS);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(packet_decode__plain_frame__every_member),
    cmocka_unit_test(packet_decode__every_octet_any_value__as_walked),
    cmocka_unit_test(packet_decode__any_ip_length__as_walked),
    cmocka_unit_test(packet_decode__any_two_lengths__as_walked),
    cmocka_unit_test(packet_decode__tag_beside_the_frame__as_walked),
    cmocka_unit_test(packet_decode__tags_switched_off__as_walked),
    cmocka_unit_test(packet_decode__other_link_types__as_walked),
    cmocka_unit_test(packet_decode__one_end_twice__is_told),
    cmocka_unit_test(plain_bare__any_frame_before__as_walked),
    cmocka_unit_test(plain_is_bare__what_is_beside_the_octets__decides),
    cmocka_unit_test(plain_is_bare6__what_is_beside_the_octets__decides),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
