/* tests/unit/frag/test_fragment.c - mirror of lib/frag/fragment.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "frag/fragment.h"
#include "unit/frag/cuts.h"
#include "unit/guard.h"

static bool read_cut(const cut *c, cutting *made, tcpflow__fragment *f) {
  cutting_make(made, c);
  return tcpflow__fragment_read(f, &made->packet);
}

static void fragment_read__ipv4__what_the_header_says(void **state) {
  const cut c = {.start = 1480,
                 .length = 100,
                 .more = true,
                 .fill = 0x5a,
                 .tos = 0x2b,
                 .words = 3,
                 .flags = 0x4000,
                 .scope = 99};
  tcpflow__fragment f;
  cutting made;

  (void)state;
  assert_true(read_cut(&c, &made, &f));
  assert_int_equal(f.start, 1480);
  assert_int_equal(f.end, 1580);
  assert_int_equal(f.captured, 100);
  assert_int_equal(f.data[99], 0x5a);
  assert_int_equal(f.header_size, 32);
  assert_int_equal(f.longest, 65535 - 32);
  assert_int_equal(f.protocol, 6);
  assert_int_equal(f.tos, 0x2b);
  assert_true(f.more && f.dont_fragment && !f.bad_length);
  assert_int_equal(f.key.id, 7);
  assert_int_equal(f.key.protocol, 6);
  assert_int_equal(f.key.ends.scope, 99);
  assert_int_equal(f.key.ends.version, 4);
  assert_true(tcpflow__fragment_checksum(&f));
  free(made.bytes);
}

static void fragment_read__ipv6__what_the_headers_say(void **state) {
  const cut c = {.start = 8,
                 .length = 21,
                 .fill = 0x5a,
                 .version = 6,
                 .protocol = 17,
                 .extensions = 2,
                 .id = 0x100};
  tcpflow__fragment f;
  cutting made;

  (void)state;
  assert_true(read_cut(&c, &made, &f));
  assert_int_equal(f.start, 8);
  assert_int_equal(f.end, 29);
  assert_int_equal(f.captured, 21);
  assert_int_equal(f.header_size, 56);
  assert_int_equal(f.next_at, 48);
  assert_int_equal(f.longest, 65535 - 16);
  assert_int_equal(f.protocol, 17);
  assert_int_equal(f.key.protocol, 0);
  assert_int_equal(f.key.id, 0x107);
  assert_false(f.more);
  assert_true(tcpflow__fragment_checksum(&f));
  free(made.bytes);
}

/* The ports of a first fragment are no part of its datagram's key. */
static void fragment_read__first_and_later__one_key(void **state) {
  static const uint8_t tcp[40] = {1, 2, 3, 4, [12] = 0x50};
  const cut first = {.length = 40, .more = true, .data = tcp};
  const cut later = {.start = 40, .length = 40};
  tcpflow__fragment a;
  tcpflow__fragment b;
  cutting made[2];

  (void)state;
  assert_true(read_cut(&first, &made[0], &a));
  assert_int_equal(made[0].packet.kind, TCPFLOW_PACKET_TCP);
  assert_int_equal(made[0].packet.tuple.port[0], 0x102);
  assert_true(read_cut(&later, &made[1], &b));
  assert_int_equal(made[1].packet.kind, TCPFLOW_PACKET_FRAGMENT);
  assert_memory_equal(&a.key, &b.key, sizeof(a.key));
  free(made[0].bytes);
  free(made[1].bytes);
}

/* Destination options behind the fragment header are part of the data. */
static void fragment_read__ipv6_options_inside__data(void **state) {
  static const uint8_t data[48] = {6, 0, 1, 4, [8] = 1, 2, 3, 4, [20] = 0x50};
  const cut c = {
    .length = 48, .more = true, .data = data, .version = 6, .protocol = 60};
  tcpflow__fragment f;
  cutting made;

  (void)state;
  assert_true(read_cut(&c, &made, &f));
  assert_int_equal(made.packet.kind, TCPFLOW_PACKET_TCP);
  assert_int_equal(made.packet.ip_header_length, 56);
  assert_int_equal(f.header_size, 40);
  assert_int_equal(f.next_at, 6);
  assert_int_equal(f.protocol, 60);
  assert_int_equal(f.end, 48);
  free(made.bytes);
}

/* RFC 6946: M is 0 and so is the offset. */
static void fragment_read__whole_datagram__no_fragment(void **state) {
  static const uint8_t tcp[40] = {[12] = 0x50};
  const cut v4 = {.length = 40, .data = tcp, .flags = 0x4000};
  const cut v6 = {.length = 40, .data = tcp, .version = 6};
  tcpflow__fragment f;
  cutting made;

  (void)state;
  assert_false(read_cut(&v4, &made, &f));
  free(made.bytes);
  assert_false(read_cut(&v6, &made, &f));
  assert_int_equal(made.packet.kind, TCPFLOW_PACKET_TCP);
  free(made.bytes);
}

/* An atomic fragment header inside a first fragment does not make it whole. */
static void fragment_read__ipv6_twice__the_outer_one(void **state) {
  static const uint8_t data[32] = {6, [7] = 9, [20] = 0x50};
  const cut c = {
    .length = 32, .more = true, .data = data, .version = 6, .protocol = 44};
  tcpflow__fragment f;
  cutting made;

  (void)state;
  assert_true(read_cut(&c, &made, &f));
  assert_int_equal(made.packet.kind, TCPFLOW_PACKET_FRAGMENT);
  assert_int_equal(f.protocol, 44);
  assert_int_equal(f.key.id, 7);
  assert_true(f.more);
  assert_int_equal(f.end, 32);
  free(made.bytes);
}

static void fragment_read__icmp_error_with_a_fragment__no(void **state) {
  const cut c = {.start = 8, .length = 8};
  tcpflow__fragment f;
  cutting made;

  (void)state;
  cutting_make(&made, &c);
  made.packet.kind = TCPFLOW_PACKET_ICMP_ERROR;
  assert_false(tcpflow__fragment_read(&f, &made.packet));
  free(made.bytes);
}

static void fragment_read__length_is_not_the_frames__told(void **state) {
  static const int32_t lies[] = {1, 8, 1000};
  tcpflow__fragment f;
  cutting made;

  (void)state;
  for (unsigned i = 0; i < 6; i++) {
    const cut c = {.start = 8,
                   .length = 40,
                   .lie = lies[i / 2],
                   .version = i % 2 == 0 ? 4 : 6};
    assert_true(read_cut(&c, &made, &f));
    assert_true(f.bad_length);
    free(made.bytes);
  }
}

/* Ethernet's padding is not in the length. */
static void fragment_read__padding__left_out(void **state) {
  const cut c = {.start = 8, .length = 40, .lie = -4};
  tcpflow__fragment f;
  cutting made;

  (void)state;
  assert_true(read_cut(&c, &made, &f));
  assert_false(f.bad_length);
  assert_int_equal(f.end, 8 + 36);
  assert_int_equal(f.captured, 36);
  free(made.bytes);
}

static void fragment_checksum__wrong__told(void **state) {
  const cut c = {.start = 8, .length = 40, .bad_sum = 1};
  tcpflow__fragment f;
  cutting made;

  (void)state;
  assert_true(read_cut(&c, &made, &f));
  assert_false(tcpflow__fragment_checksum(&f));
  free(made.bytes);
}

/* However little is captured: nothing behind that is read, and it is a fragment
   as soon as its headers are there. */
static void read_cut_off(const cut *c, uint32_t headers) {
  tcpflow__fragment f;
  cutting made;

  cutting_make(&made, c);
  for (uint32_t size = 0; size <= made.packet.captured; size++) {
    guard room = guard_put(made.bytes, size);
    const tcpflow_frame frame = {.bytes = room.bytes,
                                 .captured = size,
                                 .length = made.packet.captured,
                                 .link = made.packet.link};
    tcpflow_packet packet;

    tcpflow_packet_init(&packet);
    assert_int_equal(tcpflow_packet_decode(&packet, &frame, NULL), TCPFLOW_OK);
    assert_int_equal(tcpflow__fragment_read(&f, &packet), size >= headers);
    if (size >= headers) {
      assert_int_equal(f.captured, size - headers);
      assert_int_equal(f.end - f.start, c->length);
      assert_int_equal(f.captured == 0 || f.data == room.bytes + headers, 1);
    }
    guard_free(&room);
  }
  free(made.bytes);
}

static void fragment_read__cut_at_every_length__never_beyond(void **state) {
  const cut first = {.length = 48, .more = true, .words = 2};
  const cut later = {.start = 8, .length = 30};
  const cut first6 = {.length = 48, .more = true, .version = 6};
  const cut later6 = {
    .start = 8, .length = 30, .version = 6, .extensions = 3, .protocol = 17};

  (void)state;
  read_cut_off(&first, 28);
  read_cut_off(&later, 20);
  read_cut_off(&first6, 48);
  read_cut_off(&later6, 72);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(fragment_read__ipv4__what_the_header_says),
    cmocka_unit_test(fragment_read__ipv6__what_the_headers_say),
    cmocka_unit_test(fragment_read__first_and_later__one_key),
    cmocka_unit_test(fragment_read__ipv6_options_inside__data),
    cmocka_unit_test(fragment_read__whole_datagram__no_fragment),
    cmocka_unit_test(fragment_read__ipv6_twice__the_outer_one),
    cmocka_unit_test(fragment_read__icmp_error_with_a_fragment__no),
    cmocka_unit_test(fragment_read__length_is_not_the_frames__told),
    cmocka_unit_test(fragment_read__padding__left_out),
    cmocka_unit_test(fragment_checksum__wrong__told),
    cmocka_unit_test(fragment_read__cut_at_every_length__never_beyond),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
