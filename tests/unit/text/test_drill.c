/*
 * tests/unit/text/test_drill.c - mirror of lib/text/drill.c, and of how it
 * writes: drillprint.c, drilloptprint.c, drillmptcp.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <tcpflow/build.h>
#include <tcpflow/packetdrill.h>

#include <string.h>

#include "unit/failmem.h"
#include "unit/guard.h"

/* A segment on its way into a line. */
typedef struct sample {
  int inbound;
  tcpflow_build_tcp tcp;
  tcpflow_build_ip ip;
  tcpflow_time time;
} sample;

static sample sample_of(int inbound, unsigned flags, tcpflow_seq seq,
                        tcpflow_seq ack) {
  sample one = {.inbound = inbound};

  tcpflow_build_tcp_init(&one.tcp);
  tcpflow_build_ip_init(&one.ip);
  one.tcp.flags = (uint16_t)flags;
  one.tcp.seq = seq;
  one.tcp.ack = ack;
  one.tcp.window = 257;
  return one;
}

/* The ends: local 192.0.2.1.80, remote 192.0.2.2.40000; the sender first. */
static tcpflow_tuple ends_of(int inbound) {
  tcpflow_tuple ends = {.version = 4};
  const unsigned local = inbound ? 1 : 0;

  ends.port[local] = 80;
  ends.port[1 - local] = 40000;
  memcpy(ends.address[local], "\xc0\x00\x02\x01", 4);
  memcpy(ends.address[1 - local], "\xc0\x00\x02\x02", 4);
  return ends;
}

static void make_packet(const sample *one, tcpflow_packet *packet) {
  static uint8_t room[256];
  const tcpflow_tuple ends = ends_of(one->inbound);
  tcpflow_builder builder;
  tcpflow_frame frame;

  tcpflow_builder_init(&builder, room, sizeof(room));
  tcpflow_builder_tcp(&builder, &ends, &one->tcp);
  tcpflow_builder_ip(&builder, &ends, &one->ip);
  tcpflow_builder_link(&builder, TCPFLOW_LINK_RAW, NULL);
  assert_int_equal(tcpflow_builder_finish(&builder, &frame), TCPFLOW_OK);
  frame.time = one->time;
  tcpflow_packet_init(packet);
  assert_int_equal(tcpflow_packet_decode(packet, &frame, NULL), TCPFLOW_OK);
}

static const char *print(tcpflow_packetdrill *script, const sample *one) {
  static char line[TCPFLOW_TEXT_LINE_MAX];
  tcpflow_packet packet;
  size_t length = 0;

  make_packet(one, &packet);
  assert_int_equal(
    tcpflow_packetdrill_print(script, &packet, line, sizeof(line), &length),
    TCPFLOW_OK);
  assert_int_equal(length, strlen(line));
  return line;
}

static tcpflow_packetdrill *new_script(tcpflow_packetdrill_time time, int ip) {
  tcpflow_packetdrill *script = NULL;
  tcpflow_packetdrill_config config;

  tcpflow_packetdrill_config_init(&config);
  config.time = time;
  config.ip = (uint32_t)ip;
  assert_int_equal(tcpflow_packetdrill_new(&script, &config, NULL), TCPFLOW_OK);
  return script;
}

/* A line by itself, without a time. */
static void expect(sample one, const char *line) {
  tcpflow_packetdrill *const script =
    new_script(TCPFLOW_PACKETDRILL_TIME_OMITTED, 1);

  assert_string_equal(print(script, &one), line);
  tcpflow_packetdrill_del(script);
}

static void print__handshake_and_data__numbers_from_the_syns(void **state) {
  tcpflow_packetdrill *const script =
    new_script(TCPFLOW_PACKETDRILL_TIME_RELATIVE, 0);
  static const uint8_t syn[] = {2, 4, 3, 232, 4, 2, 1, 1, 1, 3, 3, 7};
  static const uint8_t sack[] = {1, 1,    5,    10,   0x70, 0,
                                 0, 0x0b, 0x70, 0x00, 0x00, 0x15};
  sample one = sample_of(1, TCPFLOW_FLAG_SYN, 4000000000, 0);

  (void)state;
  one.tcp.options = syn;
  one.tcp.options_length = sizeof(syn);
  one.time = UINT64_C(5000000000);
  assert_string_equal(
    print(script, &one),
    "+0 < S 0:0(0) win 257 <mss 1000,sackOK,nop,nop,nop,wscale 7>");
  one =
    sample_of(0, TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_ACK, 0x70000000, 4000000001);
  one.time = UINT64_C(5000020000);
  assert_string_equal(print(script, &one),
                      "+0.00002 > S. 0:0(0) ack 1 win 257");
  one =
    sample_of(1, TCPFLOW_FLAG_ACK | TCPFLOW_FLAG_PSH, 4000000001, 0x70000001);
  one.tcp.payload_length = 1000;
  one.time = UINT64_C(6100020000);
  assert_string_equal(print(script, &one),
                      "+1.1 < P. 1:1001(1000) ack 1 win 257");
  one.tcp.payload_length = 0;
  one.tcp.seq = 4000001001;
  one.tcp.flags = TCPFLOW_FLAG_ACK;
  one.tcp.options = sack;
  one.tcp.options_length = sizeof(sack);
  one.time = UINT64_C(6000000000); /* Back in time: not for packetdrill. */
  assert_string_equal(print(script, &one),
                      "+0 < . 1001:1001(0) ack 1 win 257 <nop,nop,sack 11:21>");
  assert_int_equal(tcpflow_packetdrill_untold_bits(script), 0);
  tcpflow_packetdrill_del(script);
}

static void print__all_flags__in_packetdrills_order(void **state) {
  sample one = sample_of(1, TCPFLOW_FLAGS_ALL, 7, 9);

  (void)state;
  one.tcp.urgent = 3;
  expect(one, "< FSRP.UEWA 0:0(0) ack 1 win 257 urg 3");
  expect(sample_of(1, 0, 7, 9), "< - 1:1(0) win 257");
}

/* Numbers of ends whose SYN was not seen, a wrap, and a new connection. */
static void print__no_syn__from_the_number_before(void **state) {
  tcpflow_packetdrill *const script =
    new_script(TCPFLOW_PACKETDRILL_TIME_OMITTED, 0);
  sample one = sample_of(1, TCPFLOW_FLAG_ACK, 0, 5000);

  (void)state;
  one.tcp.payload_length = 10;
  assert_string_equal(print(script, &one), "< . 1:11(10) ack 1 win 257");
  one = sample_of(0, TCPFLOW_FLAG_ACK, 5000, 10);
  assert_string_equal(print(script, &one), "> . 1:1(0) ack 11 win 257");
  one = sample_of(1, TCPFLOW_FLAG_SYN, 20, 0); /* In the window. */
  assert_string_equal(print(script, &one), "< S 21:21(0) win 257");
  one = sample_of(1, TCPFLOW_FLAG_SYN, 0x80000000, 0);
  assert_string_equal(print(script, &one), "< S 0:0(0) win 257");
  one =
    sample_of(0, TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_ACK, 0x10000000, 0x80000001);
  assert_string_equal(print(script, &one), "> S. 0:0(0) ack 1 win 257");
  tcpflow_packetdrill_del(script);
}

static void print__ip__ecn_by_name(void **state) {
  sample one = sample_of(1, TCPFLOW_FLAG_ACK, 1, 1);

  (void)state;
  one.ip.tos = 1;
  expect(one, "< [ect1] . 1:1(0) ack 1 win 257");
  one.ip.tos = 2;
  expect(one, "< [ect0] . 1:1(0) ack 1 win 257");
  one.ip.tos = 3;
  expect(one, "< [ce] . 1:1(0) ack 1 win 257");
  one.ip.tos = 0x12;
  expect(one, "< (tos 0x12) . 1:1(0) ack 1 win 257");
}

/* Octets of options, and the words of packetdrill. */
static void print__options__their_words(void **state) {
  static const struct {
    const char *words;
    uint32_t untold;
    uint8_t count;
    uint8_t octets[40];
  } rows[] = {
    {"TS val 1 ecr 4294967295,eol,eol",
     0,
     12,
     {8, 10, 0, 0, 0, 1, 255, 255, 255, 255}},
    {"md5 000102030405060708090a0b0c0d0e0f,nop,nop",
     0,
     20,
     {19, 18, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 1, 1}},
    {"FO,nop,nop", 0, 4, {34, 2, 1, 1}},
    {"FO 0123456789abcdef,nop,nop",
     0,
     12,
     {34, 10, 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 1, 1}},
    {"FOEXP 0123,nop,nop", 0, 8, {254, 6, 0xf9, 0x89, 0x01, 0x23, 1, 1}},
    {"ECN e0b 1 ceb 65536 e1b 3,nop",
     0,
     12,
     {172, 11, 0, 0, 1, 1, 0, 0, 0, 0, 3, 1}},
    {"ECN e1b 1,nop,nop,nop", 0, 8, {174, 5, 0, 0, 1, 1, 1, 1}},
    {"mpcapable v1 flags[flag_h] nokey", 0, 4, {30, 4, 1, 1}},
    {"mpcapable v0 flags 0x81 key[ckey=258]",
     0,
     12,
     {30, 12, 0, 0x81, 0, 0, 0, 0, 0, 0, 1, 2}},
    {"dss dack8=1001 nocs", 0, 12, {30, 12, 32, 3, 0, 0, 0, 0, 0, 0, 3, 0xe9}},
    {"dss dack4=1 dsn4=2 ssn=3 dll=4 nocs fin,nop,nop",
     0,
     20,
     {30, 18, 32, 0x15, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 4, 1, 1}},
    {"mp_prio backup=1,nop", 0, 4, {30, 3, 0x51, 1}},
    {"mp_reset 1", 0, 4, {30, 4, 0x80, 1}},
    {"mp_fail dsn8=7", 0, 12, {30, 12, 0x60, 0, 0, 0, 0, 0, 0, 0, 0, 7}},
    {"raw 0x63040102", 64, 4, {99, 4, 1, 2}},
    {"nop,raw 0x020301", 64, 4, {1, 2, 3, 1}},
    {"nop,nop,raw 0x0309", 64, 4, {1, 1, 3, 9}},
    {"eol,eol,eol,raw 0x07", 64, 4, {0, 0, 0, 7}},
  };

  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    tcpflow_packetdrill *const script =
      new_script(TCPFLOW_PACKETDRILL_TIME_OMITTED, 0);
    sample one = sample_of(1, TCPFLOW_FLAG_SYN, 1, 0);
    const char *line;

    one.tcp.options = rows[i].octets;
    one.tcp.options_length = rows[i].count;
    line = print(script, &one);
    assert_int_equal(strncmp(line, "< S 0:0(0) win 257 <", 20), 0);
    assert_int_equal(strncmp(line + 20, rows[i].words, strlen(rows[i].words)),
                     0);
    assert_string_equal(line + 20 + strlen(rows[i].words), ">");
    assert_int_equal(tcpflow_packetdrill_untold_bits(script), rows[i].untold);
    tcpflow_packetdrill_del(script);
  }
}

static void print__what_it_has_no_words_for__said_so(void **state) {
  tcpflow_packetdrill *const script =
    new_script(TCPFLOW_PACKETDRILL_TIME_ABSOLUTE, 0);
  static const uint8_t nops[] = {1, 1, 1, 1};
  sample one = sample_of(1, TCPFLOW_FLAG_SYN, 1, 0);
  char line[TCPFLOW_TEXT_LINE_MAX];
  tcpflow_packet packet;

  (void)state;
  one.tcp.options = nops;
  one.tcp.options_length = sizeof(nops);
  one.tcp.reserved_bits = 1;
  make_packet(&one, &packet);
  packet.options_captured = 3;
  assert_int_equal(
    tcpflow_packetdrill_print(script, &packet, line, sizeof(line), NULL),
    TCPFLOW_OK);
  assert_string_equal(line, "0 < S 0:0(0) win 257 <...>");
  assert_int_equal(tcpflow_packetdrill_untold_bits(script),
                   TCPFLOW_PACKETDRILL_UNTOLD_OPTIONS |
                     TCPFLOW_PACKETDRILL_UNTOLD_RESERVED);
  tcpflow_packetdrill_del(script);
}

/* The line in buffers of all sizes, the last octet before a guard page. */
static void print__short_buffer__the_start_of_the_line(void **state) {
  const sample one = sample_of(1, TCPFLOW_FLAG_SYN, 1, 0);
  static const char whole[] = "< S 0:0(0) win 257";
  tcpflow_packet packet;

  (void)state;
  make_packet(&one, &packet);
  for (size_t size = 0; size <= sizeof(whole); size++) {
    tcpflow_packetdrill *const script =
      new_script(TCPFLOW_PACKETDRILL_TIME_OMITTED, 0);
    guard g = guard_room(size);
    size_t length = 0;

    assert_int_equal(tcpflow_packetdrill_print(script, &packet, (char *)g.bytes,
                                               size, &length),
                     TCPFLOW_OK);
    assert_int_equal(length, sizeof(whole) - 1);
    if (size > 0) {
      assert_int_equal(strlen((char *)g.bytes),
                       size < sizeof(whole) ? size - 1 : sizeof(whole) - 1);
      assert_memory_equal(g.bytes, whole, strlen((char *)g.bytes));
    }
    guard_free(&g);
    tcpflow_packetdrill_del(script);
  }
}

static void print__another_connection__refused(void **state) {
  tcpflow_packetdrill *const script =
    new_script(TCPFLOW_PACKETDRILL_TIME_OMITTED, 0);
  sample one = sample_of(1, TCPFLOW_FLAG_SYN, 1, 0);
  char line[TCPFLOW_TEXT_LINE_MAX] = "untouched";
  tcpflow_packet packet;

  (void)state;
  make_packet(&one, &packet);
  packet.kind = TCPFLOW_PACKET_NOT_TCP;
  assert_int_equal(
    tcpflow_packetdrill_print(script, &packet, line, sizeof(line), NULL),
    TCPFLOW_ERR_INVALID);
  (void)print(script, &one);
  make_packet(&one, &packet);
  packet.tuple.port[0]++;
  assert_int_equal(
    tcpflow_packetdrill_print(script, &packet, line, sizeof(line), NULL),
    TCPFLOW_ERR_INVALID);
  packet.tuple.port[0]--;
  packet.tuple.version = 6;
  assert_int_equal(
    tcpflow_packetdrill_print(script, &packet, line, sizeof(line), NULL),
    TCPFLOW_ERR_INVALID);
  assert_string_equal(line, "untouched");
  tcpflow_packetdrill_del(script);
}

/* First numbers that the caller knows. */
static void print__known_numbers__counted_from_them(void **state) {
  tcpflow_packetdrill *script = NULL;
  tcpflow_packetdrill_config config;
  const sample one = sample_of(1, TCPFLOW_FLAG_ACK, 1500, 77);

  (void)state;
  tcpflow_packetdrill_config_init(&config);
  config.tuple = ends_of(0);
  config.isn[1] = 1000;
  config.isn_known = 2;
  config.time = TCPFLOW_PACKETDRILL_TIME_OMITTED;
  assert_int_equal(tcpflow_packetdrill_new(&script, &config, NULL), TCPFLOW_OK);
  assert_string_equal(print(script, &one), "< . 500:500(0) ack 1 win 257");
  tcpflow_packetdrill_del(script);
}

static void new__bad_config__said_so(void **state) {
  tcpflow_packetdrill *script = NULL;
  tcpflow_packetdrill_config config;

  (void)state;
  memset(&config, 0, sizeof(config));
  assert_int_equal(tcpflow_packetdrill_new(&script, &config, NULL),
                   TCPFLOW_ERR_VERSION);
  tcpflow_packetdrill_config_init(&config);
  config.tuple.version = 5;
  assert_int_equal(tcpflow_packetdrill_new(&script, &config, NULL),
                   TCPFLOW_ERR_INVALID);
  tcpflow_packetdrill_config_init(&config);
  config.isn_known = 4;
  assert_int_equal(tcpflow_packetdrill_new(&script, &config, NULL),
                   TCPFLOW_ERR_INVALID);
  tcpflow_packetdrill_config_init(&config);
  config.time = 3;
  assert_int_equal(tcpflow_packetdrill_new(&script, &config, NULL),
                   TCPFLOW_ERR_INVALID);
  assert_null(script);
  tcpflow_packetdrill_del(NULL);
}

static void new__no_memory__nothing_kept(void **state) {
  failmem memory = {.fail_at = 1};
  const tcpflow_mem mem = failmem_table(&memory);
  tcpflow_packetdrill *script = NULL;

  (void)state;
  assert_int_equal(tcpflow_packetdrill_new(&script, NULL, &mem),
                   TCPFLOW_ERR_NOMEM);
  assert_null(script);
  assert_int_equal(memory.live_blocks, 0);
  assert_int_equal(tcpflow_packetdrill_new(&script, NULL, &mem), TCPFLOW_OK);
  assert_int_equal(memory.live_blocks, 1);
  tcpflow_packetdrill_del(script);
  assert_int_equal(memory.live_blocks, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(print__handshake_and_data__numbers_from_the_syns),
    cmocka_unit_test(print__all_flags__in_packetdrills_order),
    cmocka_unit_test(print__no_syn__from_the_number_before),
    cmocka_unit_test(print__ip__ecn_by_name),
    cmocka_unit_test(print__options__their_words),
    cmocka_unit_test(print__what_it_has_no_words_for__said_so),
    cmocka_unit_test(print__short_buffer__the_start_of_the_line),
    cmocka_unit_test(print__another_connection__refused),
    cmocka_unit_test(print__known_numbers__counted_from_them),
    cmocka_unit_test(new__bad_config__said_so),
    cmocka_unit_test(new__no_memory__nothing_kept),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
