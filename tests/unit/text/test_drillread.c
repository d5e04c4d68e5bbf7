/*
 * tests/unit/text/test_drillread.c - mirror of lib/text/drillread.c, and of
 * what it reads with: drillprefix.c, drillsegment.c, drilloptread.c,
 * drillmptcpread.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <tcpflow/packetdrill.h>

#include <stdio.h>
#include <string.h>

#include "unit/guard.h"

/* Local 192.0.2.1.80, remote 192.0.2.2.40000; first numbers 1000 and 2000. */
static tcpflow_packetdrill *new_script(void) {
  tcpflow_packetdrill *script = NULL;
  tcpflow_packetdrill_config config;

  tcpflow_packetdrill_config_init(&config);
  config.tuple.version = 4;
  config.tuple.port[0] = 80;
  config.tuple.port[1] = 40000;
  memcpy(config.tuple.address[0], "\xc0\x00\x02\x01", 4);
  memcpy(config.tuple.address[1], "\xc0\x00\x02\x02", 4);
  config.isn[0] = 1000;
  config.isn[1] = 2000;
  config.start = 7 * TCPFLOW_SECOND;
  assert_int_equal(tcpflow_packetdrill_new(&script, &config, NULL), TCPFLOW_OK);
  return script;
}

/* Reads a line that ends at a guard page. */
static tcpflow_text_result read_text(tcpflow_packetdrill *script,
                                     const char *line, tcpflow_frame *frame) {
  guard g = guard_put(line, strlen(line));
  tcpflow_text_result result = TCPFLOW_TEXT_PROSE;

  assert_int_equal(tcpflow_packetdrill_read(script, (const char *)g.bytes,
                                            strlen(line), &result, frame),
                   TCPFLOW_OK);
  guard_free(&g);
  return result;
}

static void read_packet(tcpflow_packetdrill *script, const char *line,
                        tcpflow_packet *packet) {
  tcpflow_frame frame;

  if (read_text(script, line, &frame) != TCPFLOW_TEXT_PACKET) {
    print_error("%s: %s\n", line, tcpflow_packetdrill_problem(script));
    fail();
  }
  assert_string_equal(tcpflow_packetdrill_problem(script), "");
  tcpflow_packet_init(packet);
  assert_int_equal(tcpflow_packet_decode(packet, &frame, NULL), TCPFLOW_OK);
  assert_int_equal(packet->kind, TCPFLOW_PACKET_TCP);
}

static void expect_ends(const tcpflow_packet *packet, const char *want) {
  char ends[TCPFLOW_TEXT_TUPLE_MAX];

  tcpflow_text_tuple(ends, sizeof(ends), &packet->tuple);
  assert_string_equal(ends, want);
}

static void read__segment__everything_of_it(void **state) {
  static const uint8_t options[] = {2, 4, 3, 232, 4, 2, 1, 1, 1, 3, 3, 7};
  tcpflow_packetdrill *const script = new_script();
  tcpflow_packet packet;

  (void)state;
  read_packet(script,
              "+0 < S 0:0(0) win 32792 <mss 1000,sackOK,nop,nop,nop,wscale 7>",
              &packet);
  expect_ends(&packet, "192.0.2.2.40000 > 192.0.2.1.80");
  assert_int_equal(packet.flags, TCPFLOW_FLAG_SYN);
  assert_int_equal(packet.seq, 2000);
  assert_int_equal(packet.window, 32792);
  assert_int_equal(packet.options_length, sizeof(options));
  assert_memory_equal(packet.bytes + packet.tcp_offset + 20, options,
                      sizeof(options));
  assert_int_equal(tcpflow_packetdrill_untold_bits(script), 0);
  read_packet(script, "0.5>P.U 1:11(10)   ack 1 win 5 urg 9", &packet);
  expect_ends(&packet, "192.0.2.1.80 > 192.0.2.2.40000");
  assert_int_equal(packet.flags,
                   TCPFLOW_FLAG_PSH | TCPFLOW_FLAG_ACK | TCPFLOW_FLAG_URG);
  assert_int_equal(packet.seq, 1001);
  assert_int_equal(packet.ack, 2001);
  assert_int_equal(packet.urgent, 9);
  assert_int_equal(packet.payload_length, 10);
  tcpflow_packetdrill_del(script);
}

/* Times are those of events, and not only of segments. */
static void read__times__of_all_events(void **state) {
  static const struct {
    const char *line;
    tcpflow_time time; /* 0: no segment. */
    uint32_t untold;
  } rows[] = {
    {"0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3", 0, 0},
    {"+.25 bind(3, ..., ...) = 0", 0, 0},
    {"+0 < R 0:0(0) win 0", 7250000000, 0},
    {"+1 < R 0:0(0) win 0", 8250000000, 0},
    {"* > R 0:0(0) win 0", 8250000000, TCPFLOW_PACKETDRILL_UNTOLD_TIME},
    {"> R 0:0(0) win 0", 8250000000, TCPFLOW_PACKETDRILL_UNTOLD_TIME},
    {"+.1~+.2 > R 0:0(0) win 0", 8350000000, 0},
    {"5.000000001 ~ 6 > R 0:0(0) win 0", 12000000001, 0},
    {" 9...9.5 read(4, ..., 1000) = 1000", 0, 0},
    {"+ 0.1 > R 0:0(0) win 0", 16100000000, 0},
    {"1 < R 0:0(0) win 0", 8000000000, 0},
  };
  tcpflow_packetdrill *const script = new_script();
  tcpflow_frame frame;

  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    const tcpflow_text_result result = read_text(script, rows[i].line, &frame);

    assert_int_equal(result, rows[i].time == 0 ? TCPFLOW_TEXT_OTHER
                                               : TCPFLOW_TEXT_PACKET);
    if (rows[i].time != 0) {
      assert_int_equal(frame.time, rows[i].time);
      assert_int_equal(frame.number, i + 1);
    }
    assert_int_equal(tcpflow_packetdrill_untold_bits(script), rows[i].untold);
  }
  tcpflow_packetdrill_del(script);
}

/* A script with all that is no segment, on one line and on several. */
static void read__rest_of_a_script__skipped(void **state) {
  static const struct {
    const char *line;
    tcpflow_text_result result;
  } rows[] = {
    {"// +0 < S 0:0(0) win 1", TCPFLOW_TEXT_BLANK},
    {"", TCPFLOW_TEXT_BLANK},
    {" \t\r\n", TCPFLOW_TEXT_BLANK},
    {"--ip_version=ipv4", TCPFLOW_TEXT_OTHER},
    {"`../common/defaults.sh http://x`", TCPFLOW_TEXT_OTHER},
    {"0 `sysctl -q a=1; echo \\` '//'", TCPFLOW_TEXT_OTHER},
    {"+0 < S 0:0(0) win 1", TCPFLOW_TEXT_OTHER}, /* Of the command. */
    {"` // done", TCPFLOW_TEXT_OTHER},
    {"/* a comment", TCPFLOW_TEXT_BLANK},
    {"+0 < S 0:0(0) win 1 // ` %{", TCPFLOW_TEXT_BLANK},
    {"its end */ +0 < S 0:0(0) win 1", TCPFLOW_TEXT_PACKET},
    {"+0 %{ print(1)", TCPFLOW_TEXT_OTHER},
    {"+0 < S 0:0(0) win 1 }", TCPFLOW_TEXT_OTHER},
    {"}%", TCPFLOW_TEXT_OTHER},
    {"+0 write(4, \"/* ` // %{\", 9) = 9", TCPFLOW_TEXT_OTHER},
    {"+0 < icmp unreachable frag_needed mtu 1200 [1:1001(1000)]",
     TCPFLOW_TEXT_OTHER},
    {"+0 < [ect0] udp (1000)", TCPFLOW_TEXT_OTHER},
    {"+0 < sctp: INIT[flgs=0]", TCPFLOW_TEXT_OTHER},
    {"#ifdef Linux", TCPFLOW_TEXT_OTHER},
    {"+0 < . /* in the middle */ 1:1(0) ack 1 win 1 // behind",
     TCPFLOW_TEXT_PACKET},
  };
  tcpflow_packetdrill *const script = new_script();
  tcpflow_frame frame;

  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    const tcpflow_text_result result = read_text(script, rows[i].line, &frame);

    if (result != rows[i].result) {
      print_error("%s: %d\n", rows[i].line, (int)result);
      fail();
    }
    assert_int_equal(tcpflow_packetdrill_problem(script)[0] == '\0',
                     result != TCPFLOW_TEXT_OTHER);
  }
  tcpflow_packetdrill_del(script);
}

static void read__flags__letters_and_the_digit(void **state) {
  static const struct {
    const char *flags;
    unsigned want;
  } rows[] = {
    {"-", 0},
    {".", TCPFLOW_FLAG_ACK},
    {"SEWA",
     TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_ECE | TCPFLOW_FLAG_CWR | TCPFLOW_FLAG_AE},
    {"EAP.",
     TCPFLOW_FLAG_ECE | TCPFLOW_FLAG_AE | TCPFLOW_FLAG_PSH | TCPFLOW_FLAG_ACK},
    {"P.5",
     TCPFLOW_FLAG_PSH | TCPFLOW_FLAG_ACK | TCPFLOW_FLAG_AE | TCPFLOW_FLAG_ECE},
    {"F6.",
     TCPFLOW_FLAG_FIN | TCPFLOW_FLAG_ACK | TCPFLOW_FLAG_AE | TCPFLOW_FLAG_CWR},
    {"0.", TCPFLOW_FLAG_ACK},
    {"SF", TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_FIN},
  };
  tcpflow_packetdrill *const script = new_script();
  tcpflow_packet packet;
  char line[64];

  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    snprintf(line, sizeof(line), "+0 < %s 1:1(0) win 1", rows[i].flags);
    read_packet(script, line, &packet);
    assert_int_equal(packet.flags, rows[i].want);
  }
  tcpflow_packetdrill_del(script);
}

static void read__ip__what_the_brackets_say(void **state) {
  tcpflow_packetdrill *const script = new_script();
  tcpflow_packet packet;

  (void)state;
  read_packet(script, "+0 >[noecn] . 1:1(0) ack 1 win 1", &packet);
  assert_int_equal(packet.ip_tos, 0);
  assert_int_equal(packet.ip_ttl, 64);
  read_packet(script, "+0 > [ce] . 1:1(0) ack 1 win 1", &packet);
  assert_int_equal(packet.ip_tos, 3);
  read_packet(script, "+0 > (tos 0xfd, flowlabel 0x12345) . 1:1(0) win 1",
              &packet);
  assert_int_equal(packet.ip_tos, 0xfd);
  read_packet(script, "+0 > (ttl 3) . 1:1(0) ack 1 win 1", &packet);
  assert_int_equal(packet.ip_ttl, 3);
  read_packet(script, "+0 > [ect01] . 1:1(0) ack 1 win 1", &packet);
  assert_int_equal(packet.ip_tos, 2);
  assert_int_equal(tcpflow_packetdrill_untold_bits(script),
                   TCPFLOW_PACKETDRILL_UNTOLD_ECN);
  tcpflow_packetdrill_del(script);
}

/* Headers in front are left out; ports and addresses of the line count. */
static void read__headers_and_ends__the_segments_own(void **state) {
  tcpflow_packetdrill *const script = new_script();
  tcpflow_packet packet;

  (void)state;
  read_packet(script,
              "+0 < ipv4 (tos 0x10) 198.51.100.1 > 198.51.100.2: gre flags 0x0 "
              "proto 0x0800: . 1:1(0) ack 1 win 1",
              &packet);
  expect_ends(&packet, "192.0.2.2.40000 > 192.0.2.1.80");
  read_packet(
    script,
    "+0 < ipv6 2001:db8::1 > 2001:db8::2: mpls (label 1, tc 0, ttl 9) "
    "(label 2, tc 0, [S], ttl 9): . 1:1(0) ack 1 win 1",
    &packet);
  expect_ends(&packet, "192.0.2.2.40000 > 192.0.2.1.80");
  read_packet(script, "+0 < 7 > 8 . 1:1(0) ack 1 win 1", &packet);
  expect_ends(&packet, "192.0.2.2.7 > 192.0.2.1.8");
  read_packet(script, "+0 > 10.0.0.1:7 > 10.0.0.2:8 . 1:1(0) ack 1 win 1",
              &packet);
  expect_ends(&packet, "10.0.0.1.7 > 10.0.0.2.8");
  read_packet(script, "+0 < . 1:1(0) ack 1 win 1 <nop,nop,nop,nop>/udp(1 > 9)",
              &packet);
  expect_ends(&packet, "192.0.2.2.40000 > 192.0.2.1.80");
  tcpflow_packetdrill_del(script);
}

/* What a script leaves open is 0, and said so. */
static void read__open_values__said_so(void **state) {
  static const struct {
    const char *line;
    uint32_t untold;
  } rows[] = {
    {"+0 > . 1:1(0) ack 1", TCPFLOW_PACKETDRILL_UNTOLD_WINDOW},
    {"+0 > . 1:1(0) ack 1 win 3 <...>", TCPFLOW_PACKETDRILL_UNTOLD_OPTIONS},
    {"+0 > . 1:1(0) ack 1 win 3 <nop,nop,md5 valid>",
     TCPFLOW_PACKETDRILL_UNTOLD_OPTIONS},
    {"+0 > . 1:1(0) ack 1 win 3 <nop,nop,TS val ... ecr 7>",
     TCPFLOW_PACKETDRILL_UNTOLD_OPTIONS},
    {"+0 > S. ...(0) ack 1 win 3", TCPFLOW_PACKETDRILL_UNTOLD_SEQ},
    {"+0 > . 1:1(0) ack 1 win 3 <raw 0x63040102>",
     TCPFLOW_PACKETDRILL_UNTOLD_RAW},
  };
  tcpflow_packetdrill *const script = new_script();
  tcpflow_packet packet;

  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    read_packet(script, rows[i].line, &packet);
    assert_int_equal(tcpflow_packetdrill_untold_bits(script), rows[i].untold);
  }
  read_packet(script, "+0 > R. 7:7(0)! ack 2 win 0", &packet);
  assert_int_equal(packet.seq, 7); /* An absolute number. */
  tcpflow_packetdrill_del(script);
}

/* Words with spaces, and their octets. */
static void read__options__their_octets(void **state) {
  static const struct {
    const char *words;
    uint8_t count;
    uint8_t octets[40];
  } rows[] = {
    {"mss  1460 , nop,wscale 7", 8, {2, 4, 5, 0xb4, 1, 3, 3, 7}},
    {"TS val 1 ecr 4294967295,eol,eol",
     12,
     {8, 10, 0, 0, 0, 1, 255, 255, 255, 255}},
    {"nop,nop,sack 1:2 3:4294967295",
     20,
     {1, 1, 5, 18, 0, 0, 3, 0xe9, 0, 0, 3, 0xea, 0, 0, 3, 0xeb, 0, 0, 3, 0xe7}},
    {"md5 000102030405060708090a0b0c0d0e0f,nop,nop",
     20,
     {19, 18, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 1, 1}},
    {"FO,nop,nop", 4, {34, 2, 1, 1}},
    {"FO 1234,nop,nop,nop,nop", 8, {34, 4, 0x12, 0x34, 1, 1, 1, 1}},
    {"FOEXP", 4, {254, 4, 0xf9, 0x89}},
    {"ECN e1b 1 ceb 0 e0b 16777215 , nop",
     12,
     {174, 11, 0, 0, 1, 0, 0, 0, 255, 255, 255, 1}},
    {"ECN e0b 1,nop,nop,nop", 8, {172, 5, 0, 0, 1, 1, 1, 1}},
    {"mpcapable v1 flags[flag_h] nokey", 4, {30, 4, 1, 1}},
    {"mpcapable v1 flags 0x0 key[a=1, b=2] mpcdatalen 3,nop,nop",
     24,
     {30, 22, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1,
      0,  0,  0, 0, 0, 0, 0, 2, 0, 3, 1, 1}},
    {"dss dack8=2002                 dll=0    nocs",
     12,
     {30, 12, 32, 3, 0, 0, 0, 0, 0, 0, 7, 0xd2}},
    {"dss dack4=1 dsn8=2 ssn=3 dll=4 nocs fin,nop,nop",
     24,
     {30, 22, 32, 0x1d, 0, 0, 0, 1, 0, 0, 0, 0,
      0,  0,  0,  2,    0, 0, 0, 3, 0, 4, 1, 1}},
    {"mp_prio backup=0 address_id=9", 4, {30, 4, 0x50, 9}},
    {"mp_reset 2", 4, {30, 4, 0x80, 2}},
    {"mp_fail dsn8=1", 12, {30, 12, 0x60, 0, 0, 0, 0, 0, 0, 0, 0, 1}},
    {"nop,nop,raw 0x0309", 4, {1, 1, 3, 9}},
  };
  tcpflow_packetdrill *const script = new_script();
  tcpflow_packet packet;
  char line[256];

  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    snprintf(line, sizeof(line), "+0 < . 1:1(0) ack 1 win 1 <%s>",
             rows[i].words);
    read_packet(script, line, &packet);
    assert_int_equal(packet.options_length, rows[i].count);
    assert_memory_equal(packet.bytes + packet.tcp_offset + 20, rows[i].octets,
                        rows[i].count);
  }
  tcpflow_packetdrill_del(script);
}

/* Each is against the grammar, or needs a value that the line does not tell. */
static void read__broken_lines__a_reason(void **state) {
  static const char *const rows[][2] = {
    {"+0 < X 1:1(0) win 1", "flags that are not known"},
    {"+0 < P.E5 1:1(0) win 1", "a digit and letters for the same flags"},
    {"+0 < .55 1:1(0) win 1", "flags that are not known"},
    {"+0 <", "flags that are missing"},
    {"+0 < . 1:2(0) win 1", "numbers that do not fit the length"},
    {"+0 < . 4294967296:0(0) win 1", "a number that is missing or too large"},
    {"+0 < . 1:1 win 1", "a number that is missing or too large"},
    {"+0 < . 1:1(0) ack x win 1", "a number that is missing or too large"},
    {"+0 < . 1:1(0) win 65536", "a number that is missing or too large"},
    {"+0 < . 1:1(0) win 1 urg", "a number that is missing or too large"},
    {"+0 < [ect2] . 1:1(0) win 1", "something about IP that is not known"},
    {"+0 < [ect0) . 1:1(0) win 1", "a bracket that is not closed"},
    {"+0 < ipv4 1.2.3.4 . 1:1(0) win 1",
     "a header in front that cannot be read"},
    {"+0 < addr[a] > addr[b] . 1:1(0) win 1",
     "ends that are no ports and no addresses"},
    {"+0 < 1.2.3.4:5 > [::1]:6 . 1:1(0) win 1",
     "ends that are no ports and no addresses"},
    {"+0 < . 1:1(0) win 1 {trun ip 3-4}",
     "something behind the segment that is not known"},
    {"+0 < . 1:1(0) win 1 <nop,nop>",
     "options that are no multiple of four octets"},
    {"+0 < . 1:1(0) win 1 <nop,nop", "options without an end"},
    {"+0 < . 1:1(0) win 1 <what 1>", "an option that is not known"},
    {"+0 < . 1:1(0) win 1 <sack>", "an option with a value that is missing"},
    {"+0 < . 1:1(0) win 1 <FO 123>", "an odd number of hexadecimal digits"},
    {"+0 < . 1:1(0) win 1 <ECN e0b 16777216>",
     "an option with a value that is missing"},
    {"+0 < . 1:1(0) win 1 <sack 1:2 1:2 1:2 1:2, sack 1:2>",
     "more options than a TCP header holds"},
    {"+0 < . 1:1(0) win 1 <mpcapable v1 flags[flag_h] key[skey]>",
     "a Multipath TCP option with a value that the line does not tell"},
    {"+0 < . 1:1(0) win 1 <dss dack8=1 dsn8=1 dll=1 nocs>",
     "a Multipath TCP option with a value that the line does not tell"},
    {"+0 < . 1:1(0) win 1 <mp_fastclose>",
     "a Multipath TCP option with a value that the line does not tell"},
  };
  tcpflow_packetdrill *const script = new_script();
  tcpflow_frame frame = {.number = 77};

  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    assert_int_equal(read_text(script, rows[i][0], &frame),
                     TCPFLOW_TEXT_BROKEN);
    assert_string_equal(tcpflow_packetdrill_problem(script), rows[i][1]);
    assert_int_equal(tcpflow_packetdrill_untold_bits(script), 0);
  }
  assert_int_equal(frame.number, 77);
  tcpflow_packetdrill_del(script);
}

/* A line with everything, cut at every length: it stays inside. */
static void read__cut_at_every_length__stays_inside(void **state) {
  static const char line[] =
    "+0.1~+0.2 < ipv4 1.2.3.4 > 5.6.7.8: [ect0] 1 > 2 P.5 1:11(10) ack 1 win 2 "
    "urg 3 <mss 1460,TS val 1 ecr 2,sack 1:2,FO 12,ECN e0b 1 ceb 2,dss dack4=1 "
    "nocs>/udp(1 > 2) /* c */ \"s\\\"\" `x` %{y}%";
  tcpflow_packetdrill *const script = new_script();
  tcpflow_frame frame;
  char cut[sizeof(line)];

  (void)state;
  for (size_t length = 0; length < sizeof(line); length++) {
    memcpy(cut, line, length);
    cut[length] = '\0';
    (void)read_text(script, cut, &frame);
    (void)read_text(script, "*/}%`", &frame);
  }
  tcpflow_packetdrill_del(script);
}

static void read__without_ends__an_error(void **state) {
  tcpflow_packetdrill *script = NULL;
  tcpflow_text_result result;
  tcpflow_frame frame;

  (void)state;
  assert_int_equal(tcpflow_packetdrill_new(&script, NULL, NULL), TCPFLOW_OK);
  assert_int_equal(tcpflow_packetdrill_read(script, "+0 < R 1:1(0) win 0", 19,
                                            &result, &frame),
                   TCPFLOW_ERR_STATE);
  tcpflow_packetdrill_del(script);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(read__segment__everything_of_it),
    cmocka_unit_test(read__times__of_all_events),
    cmocka_unit_test(read__rest_of_a_script__skipped),
    cmocka_unit_test(read__flags__letters_and_the_digit),
    cmocka_unit_test(read__ip__what_the_brackets_say),
    cmocka_unit_test(read__headers_and_ends__the_segments_own),
    cmocka_unit_test(read__open_values__said_so),
    cmocka_unit_test(read__options__their_octets),
    cmocka_unit_test(read__broken_lines__a_reason),
    cmocka_unit_test(read__cut_at_every_length__stays_inside),
    cmocka_unit_test(read__without_ends__an_error),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
