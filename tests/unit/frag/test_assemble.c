/* tests/unit/frag/test_assemble.c - mirror of lib/frag/assemble.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/frag/cuts.h"

static tcpflow_frag *make(void) {
  tcpflow_frag *frag = NULL;

  assert_int_equal(tcpflow_frag_new(&frag, NULL, NULL, NULL, NULL), TCPFLOW_OK);
  return frag;
}

/* Feeds COUNT fragments, of which the last one completes the datagram. */
static said feed_all(tcpflow_frag *frag, const cut *cuts, size_t count) {
  said s;

  memset(&s, 0, sizeof(s));
  for (size_t i = 0; i < count; i++) {
    s = cut_feed(frag, &cuts[i]);
    assert_int_equal(s.result.outcome,
                     i + 1 < count ? TCPFLOW_FRAG_HELD : TCPFLOW_FRAG_COMPLETE);
  }
  return s;
}

/* RFC 791 section 3.2: total length, fragment field and checksum; all else, and
   the options, are the first fragment's. */
static void assemble__ipv4__header_of_an_uncut_datagram(void **state) {
  tcpflow_frag *const frag = make();
  const cut cuts[] = {
    {.start = 16, .length = 5, .fill = 'b', .tos = 0x10},
    {.length = 16,
     .more = true,
     .fill = 'a',
     .tos = 0x20,
     .words = 2,
     .flags = 0xc000},
  };
  const said s = feed_all(frag, cuts, 2);
  const uint8_t *const ip = s.datagram.bytes;

  (void)state;
  assert_int_equal(s.datagram.link, TCPFLOW_LINK_IPV4);
  assert_int_equal(s.datagram.length, 28 + 21);
  assert_int_equal(s.datagram.captured, 28 + 21);
  assert_int_equal(ip[0], 0x47);
  assert_int_equal(ip[1], 0x20);
  assert_int_equal(ip[2] << 8 | ip[3], 49);
  assert_int_equal(ip[4] << 8 | ip[5], 7);
  assert_int_equal(ip[6] << 8 | ip[7], 0xc000);
  assert_int_equal(ip[8], 64);
  assert_int_equal(ip[9], 6);
  assert_int_equal(ip[20], 1);
  assert_int_equal(cut_sum(ip, 28), 0xffff);
  assert_memory_equal(ip + 28, "aaaaaaaaaaaaaaaabbbbb", 21);
  tcpflow_frag_del(frag);
}

/* RFC 8200 section 4.5: the fragment header is gone, and what announced it
   announces what it did. */
static void assemble__ipv6__no_fragment_header(void **state) {
  tcpflow_frag *const frag = make();

  (void)state;
  for (uint8_t extensions = 0; extensions < 3; extensions++) {
    const cut cuts[] = {
      {.length = 16,
       .more = true,
       .fill = 'a',
       .version = 6,
       .extensions = extensions},
      {.start = 16,
       .length = 5,
       .fill = 'b',
       .version = 6,
       .extensions = extensions},
    };
    const said s = feed_all(frag, cuts, 2);
    const uint8_t *const ip = s.datagram.bytes;
    const uint32_t header = 40 + extensions * 8U;

    assert_int_equal(s.datagram.link, TCPFLOW_LINK_IPV6);
    assert_int_equal(s.datagram.length, header + 21);
    assert_int_equal(ip[4] << 8 | ip[5], header - 40 + 21);
    assert_int_equal(ip[6], extensions == 0 ? 6 : 60);
    if (extensions != 0) {
      assert_int_equal(ip[header - 8], 6);
    }
    assert_memory_equal(ip + header, "aaaaaaaaaaaaaaaabbbbb", 21);
  }
  tcpflow_frag_del(frag);
}

/* RFC 8200 section 4.5: the next header of the first fragment, whichever comes
   first. */
static void assemble__ipv6_protocols_differ__that_of_the_first(void **state) {
  tcpflow_frag *const frag = make();
  const cut cuts[] = {
    {.start = 16, .length = 5, .version = 6, .protocol = 17},
    {.length = 16, .more = true, .version = 6, .protocol = 6},
  };
  const said s = feed_all(frag, cuts, 2);

  (void)state;
  assert_int_equal(s.datagram.bytes[6], 6);
  assert_int_equal(s.result.anomalies & TCPFLOW_FRAG_ANOMALY_PROTOCOL,
                   TCPFLOW_FRAG_ANOMALY_PROTOCOL);
  tcpflow_frag_del(frag);
}

static void assemble__frame__as_the_completing_packet_says(void **state) {
  tcpflow_frag *const frag = make();
  const cut cuts[] = {
    {.length = 16,
     .more = true,
     .vlan = 0x10070000,
     .tunnel = 0x03000009,
     .scope = 5,
     .time = 100,
     .number = 1},
    {.start = 16,
     .length = 5,
     .vlan = 0x10070000,
     .tunnel = 0x03000009,
     .scope = 5,
     .time = 200,
     .number = 2},
  };
  const said s = feed_all(frag, cuts, 2);

  (void)state;
  assert_int_equal(s.datagram.time, 200);
  assert_int_equal(s.datagram.number, 2);
  assert_non_null(s.datagram.handle);
  assert_int_equal(s.datagram.vlan, 0x10070000);
  assert_int_equal(s.datagram.tunnel, 0x03000009);
  assert_int_equal(s.datagram.scope, 5);
  assert_int_equal(s.datagram.reserved, 0);
  assert_int_equal(s.result.first_time, 100);
  tcpflow_frag_del(frag);
}

/* RFC 3168 section 5.3. */
static void assemble__ecn__congestion_is_kept(void **state) {
  static const struct {
    uint8_t first;
    uint8_t second;
    uint8_t whole;
    bool odd;
  } rows[] = {
    {2, 2, 2, false}, {2, 3, 3, false}, {1, 3, 3, false}, {3, 2, 3, false},
    {1, 2, 1, false}, {0, 0, 0, false}, {0, 3, 0, true},  {3, 0, 3, true},
  };
  tcpflow_frag *const frag = make();

  (void)state;
  for (size_t i = 0; i < 2 * sizeof(rows) / sizeof(rows[0]); i++) {
    const uint8_t version = i % 2 == 0 ? 4 : 6;
    const cut cuts[] = {
      {.length = 24,
       .more = true,
       .tos = (uint8_t)(0x50 | rows[i / 2].first),
       .version = version},
      {.start = 24, .length = 5, .tos = rows[i / 2].second, .version = version},
    };
    const said s = feed_all(frag, cuts, 2);
    const uint8_t *const ip = s.datagram.bytes;
    const unsigned tos =
      version == 4 ? ip[1] : ((ip[0] & 0xfU) << 4 | ip[1] >> 4);

    assert_int_equal(tos, 0x50 | rows[i / 2].whole);
    assert_int_equal((s.result.anomalies & TCPFLOW_FRAG_ANOMALY_ECN) != 0,
                     rows[i / 2].odd);
    assert_int_equal(version == 4 ? cut_sum(ip, 20) : 0xffff, 0xffff);
  }
  tcpflow_frag_del(frag);
}

/* --- what the capture does not hold --- */

static void assemble__tail_is_cut__captured_is_less(void **state) {
  tcpflow_frag *const frag = make();
  const cut cuts[] = {
    {.length = 16, .more = true, .fill = 'a', .protocol = 17},
    {.start = 16, .length = 20, .fill = 'b', .lacks = 13, .protocol = 17},
  };
  const said s = feed_all(frag, cuts, 2);

  (void)state;
  assert_int_equal(s.datagram.length, 20 + 36);
  assert_int_equal(s.datagram.captured, 20 + 23);
  assert_memory_equal(s.datagram.bytes + 20, "aaaaaaaaaaaaaaaabbbbbbb", 23);
  assert_int_equal(s.result.anomalies, TCPFLOW_FRAG_ANOMALY_CUT);
  assert_int_equal(cut_stats(frag).completed_cut, 1);
  tcpflow_frag_del(frag);
}

/* Octets behind the hole are known, but a frame cannot say so. */
static void assemble__hole_in_the_middle__captured_up_to_it(void **state) {
  tcpflow_frag *const frag = make();
  const cut cuts[] = {
    {.length = 16, .more = true, .fill = 'a', .lacks = 3},
    {.start = 16, .length = 20, .fill = 'b'},
  };
  const said s = feed_all(frag, cuts, 2);

  (void)state;
  assert_int_equal(s.datagram.length, 20 + 36);
  assert_int_equal(s.datagram.captured, 20 + 13);
  tcpflow_frag_del(frag);
}

/* Only headers were captured. */
static void assemble__no_data_captured__header_alone(void **state) {
  tcpflow_frag *const frag = make();
  const cut cuts[] = {
    {.length = 16, .more = true, .lacks = 16},
    {.start = 16, .length = 20, .lacks = 20},
  };
  const said s = feed_all(frag, cuts, 2);

  (void)state;
  assert_int_equal(s.datagram.length, 20 + 36);
  assert_int_equal(s.datagram.captured, 20);
  tcpflow_frag_del(frag);
}

/* The header that counts may be longer than those of the others. */
static void assemble__long_header_and_data__too_long(void **state) {
  tcpflow_frag *const frag = make();
  const cut cuts[] = {
    {.start = 65504, .length = 11, .fill = 'z'},
    {.length = 65504 - 8, .more = true, .words = 1},
    {.start = 65504 - 8, .length = 8, .more = true},
  };
  said s = cut_feed(frag, &cuts[0]);

  (void)state;
  assert_int_equal(s.result.outcome, TCPFLOW_FRAG_HELD);
  s = cut_feed(frag, &cuts[1]);
  assert_int_equal(s.result.outcome, TCPFLOW_FRAG_HELD);
  s = cut_feed(frag, &cuts[2]);
  assert_int_equal(s.result.outcome, TCPFLOW_FRAG_DROPPED);
  assert_int_equal(s.result.reason, TCPFLOW_FRAG_REASON_TOO_LONG);
  assert_int_equal(cut_stats(frag).completed, 0);
  tcpflow_frag_del(frag);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(assemble__ipv4__header_of_an_uncut_datagram),
    cmocka_unit_test(assemble__ipv6__no_fragment_header),
    cmocka_unit_test(assemble__ipv6_protocols_differ__that_of_the_first),
    cmocka_unit_test(assemble__frame__as_the_completing_packet_says),
    cmocka_unit_test(assemble__ecn__congestion_is_kept),
    cmocka_unit_test(assemble__tail_is_cut__captured_is_less),
    cmocka_unit_test(assemble__hole_in_the_middle__captured_up_to_it),
    cmocka_unit_test(assemble__no_data_captured__header_alone),
    cmocka_unit_test(assemble__long_header_and_data__too_long),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
