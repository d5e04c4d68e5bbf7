/*
 * tests/unit/text/test_reader.c - mirror of lib/text/reader.c, and of what it
 * reads with: ends.c, words.c, optread.c, absolute.c, hosts.c, forge.c,
 * heads.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit/failmem.h"
#include "unit/guard.h"
#include "unit/text/round.h"

static tcpflow_text_reader *new_reader(void) {
  tcpflow_text_reader *reader = NULL;

  assert_int_equal(tcpflow_text_reader_new(&reader, NULL, NULL), TCPFLOW_OK);
  return reader;
}

/* Reads a line that ends at a guard page. */
static tcpflow_text_result read_text(tcpflow_text_reader *reader,
                                     const char *line, tcpflow_frame *frame) {
  guard g = guard_put(line, strlen(line));
  tcpflow_text_result result = TCPFLOW_TEXT_BROKEN;

  assert_int_equal(tcpflow_text_reader_line(reader, (const char *)g.bytes,
                                            strlen(line), &result, frame),
                   TCPFLOW_OK);
  guard_free(&g);
  return result;
}

/* Reads a line and prints it with -S -tt. */
static const char *read_and_print(tcpflow_text_reader *reader,
                                  const char *line) {
  static char text[TCPFLOW_TEXT_LINE_MAX];
  tcpflow_printer *printer = NULL;
  tcpflow_printer_config config;
  tcpflow_frame frame;

  if (read_text(reader, line, &frame) != TCPFLOW_TEXT_PACKET) {
    return tcpflow_text_reader_problem(reader);
  }
  round_check_frame(&frame);
  tcpflow_printer_config_init(&config);
  config.absolute = 1;
  config.time = TCPFLOW_TIME_STYLE_EPOCH;
  assert_int_equal(tcpflow_printer_new(&printer, &config, NULL), TCPFLOW_OK);
  assert_true(round_print(printer, &frame, text));
  tcpflow_printer_del(printer);
  return text;
}

static void expect_alone(const char *line, const char *printed) {
  tcpflow_text_reader *const reader = new_reader();

  assert_string_equal(read_and_print(reader, line), printed);
  tcpflow_text_reader_del(reader);
}

/* All of these are the one line, as people paste it. */
static void reader__what_people_paste__the_one_line(void **state) {
  static const char *const lines[] = {
    "12:00:00.5 IP 10.0.0.1.80 > 10.0.0.2.90: Flags [P.], seq 1:6, ack 9, "
    "win 7, length 5",
    "12:00:00.5 IP 10.0.0.1.80 > 10.0.0.2.90: Flags [P.] seq 1:6 ack 9 win 7 "
    "length 5\r\n",
    "12:00:00.5 IP 10.0.0.1.80 > 10.0.0.2.90: Flags [P.], seq 1:6, ack 9, "
    "win 7, length 5: HTTP: GET / HTTP/1.1, length 99 > x",
    "- `12:00:00.5 IP 10.0.0.1.80 > 10.0.0.2.90: Flags [P.], seq 1:6, ack 9, "
    "win 7, length 5`",
    "> > 12:00:00.5 IP 10.0.0.1.80 > 10.0.0.2.90: Flags [P.], seq 1:6, ack 9, "
    "win 7, length 5",
    "$ 12:00:00.5 IP 10.0.0.1.80 &gt; 10.0.0.2.90: Flags [P.], seq 1:6, ack "
    "9, win 7, length 5",
    "  1) **12:00:00.5** IP 10.0.0.1.80 > 10.0.0.2.90: Flags \\[P.\\], seq "
    "1:6, ack 9, win 7, length 5",
    "    1  12:00:00.5 eth0  In  IP 10.0.0.1.80 > 10.0.0.2.90: Flags [P.], "
    "seq 1:6, ack 9, win 7, length 5",
    "12:00:00.5 aa:bb:cc:dd:ee:ff > 11:22:33:44:55:66, ethertype IPv4 "
    "(0x0800), length 74: 10.0.0.1.80 > 10.0.0.2.90: Flags [P.], seq 1:6, "
    "ack 9, win 7, length 5",
    "12:00:00.5 IP 10.0.0.1.http > 10.0.0.2.90: Flags [P.], cksum 0x1234 "
    "(incorrect -> 0x4321), seq 1:6, ack 9, win 7, length 5",
    "12:00:00.5 10.0.0.1.80 > 10.0.0.2.90: P 1:6(5) ack 9 win 7 (DF)",
    "12:00:00.5 IP 10.0.0.1:80 > 10.0.0.2:90: Flags [P.], seq 1:6, ack 9, "
    "win 7",
    "12:00:00.5\xe3\x80\x80IP 10.0.0.1.80 \xef\xbc\x9e 10.0.0.2.90"
    "\xef\xbc\x9a"
    "Flags [P.]\xef\xbc\x8cseq 1:6\xef\xbc\x8c"
    "ack 9\xef\xbc\x8cwin 7\xef\xbc\x8clength 5",
    "\x1b[1m12:00:00.5 IP 10.0.0.1.80 > 10.0.0.2.90: Flags [P.], length 5, "
    "seq 1:6",
  };

  (void)state;
  for (size_t i = 0; i + 1 < sizeof(lines) / sizeof(lines[0]); i++) {
    expect_alone(lines[i],
                 "43200.500000 IP 10.0.0.1.80 > 10.0.0.2.90: Flags [P.], seq "
                 "1:6, ack 9, win 7, length 5");
  }
}

/* A quoted line, and nothing but the sign between the ends. */
static void reader__sign_at_an_address__no_part_of_it(void **state) {
  (void)state;
  expect_alone(">10.0.0.1.80>10.0.0.2.90: Flags [S], seq 1, win 2, length 0",
               "0.000000 IP 10.0.0.1.80 > 10.0.0.2.90: Flags [S], seq 1, win "
               "2, length 0");
  expect_alone(
    "<pre>host.http > 10.0.0.2.90: Flags [S], seq 1, win 2, length 0",
    "0.000000 IP 240.0.0.1.80 > 10.0.0.2.90: Flags [S], seq 1, win "
    "2, length 0");
}

static void reader__ipv6__ports_behind_the_last_dot(void **state) {
  static const char want[] =
    "0.000000 IP6 2001:db8::1.80 > 2001:db8::2.90: Flags [S], seq 1, win 2, "
    "length 0";

  (void)state;
  expect_alone("IP6 2001:db8::1.80 > 2001:db8::2.90: Flags [S], seq 1, win 2, "
               "length 0",
               want);
  expect_alone("IP6 [2001:db8::1]:80 > [2001:db8::2]:90: Flags [S], seq 1, "
               "win 2, length 0",
               want);
  expect_alone("IP6 (flowlabel 0x12345, hlim 64, next-header TCP (6) payload "
               "length: 20) 2001:db8::1.80 > 2001:db8::2.90: Flags [S], cksum "
               "0x1 (correct), seq 1, win 2, length 0",
               want);
  expect_alone("IP6 truncated-ip6 - 7 bytes missing!::1.80 > ::2.90: Flags [.],"
               " seq 1:9, ack 2, win 2, length 8",
               "0.000000 IP6 truncated-ip6 - 7 bytes missing!::1.80 > ::2.90: "
               "Flags [.], seq 1:9, ack 2, win 2, length 8");
}

/* Every option is rebuilt, in the order of the text. */
static void reader__options__the_same_options(void **state) {
  static const char *const lists[] = {
    "mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7",
    "nop,nop,TS val 4294967295 ecr 1",
    "nop,nop,sack 2 {10:20}{30:40},eol",
    "echo 1,nop,nop,echoreply 2,nop,nop",
    "cc 1,nop,nop,ccnew 2,nop,nop, 3,nop,nop",
    "tfo  cookie 00112233,nop,nop",
    "tfo  cookiereq,nop,nop",
    "exp-tfo cookie 0011223344556677",
    "exp-acc0",
    "uto 0x8005 300",
    "scps cap 0a id 1",
    "tcp-ao keyid 1 rnextkeyid 2 mac 0x0011223344556677",
    ("md5 shared secret not supplied with -M, can't check - "
     "000102030405060708090a0b0c0d0e0f,nop,nop"),
    "unknown-99 0x0102,unknown-253 0xf98900,nop,nop,nop",
    "mptcp 12 capable v1 {0x1112131415161718}",
    "mptcp 12 join backup id 1 token 0xa nonce 0xb",
    "tcp-ao (invalid),nop",
    "tcp-ao (invalid),nop,nop",
    "exp-acc0,nop",
    "tfo  (invalid),nop,nop,sack 1 {4:5}",
    "mss 1281[len 3]",
    "nop,nop,mss[bad opt]",
    "nop,[bad opt]",
    "[bad opt",
    "nop,nop,TS [|tcp",
    "nop,nop,nop,unknown-9 0x11 [|tcp",
  };
  char line[512];
  char want[600];

  (void)state;
  for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
    const char *const list = lists[i];
    const int broken =
      strstr(list, "[|tcp") != NULL || strstr(list, "[bad opt") != NULL;

    snprintf(line, sizeof(line),
             "IP 1.2.3.4.5 > 6.7.8.9.10: Flags [S.], seq 1, ack 5, win 2, "
             "options [%s]%s%s",
             list, strstr(list, "[|tcp") != NULL ? ">" : "",
             broken ? "" : ", length 0");
    snprintf(want, sizeof(want), "0.000000 %s", line);
    expect_alone(line, want);
  }
}

static void reader__multipath__the_same_options(void **state) {
  static const char *const lists[] = {
    "mptcp 20 capable v0 csum {0x1,0x2}",
    "mptcp 22 capable v1 {0x1,0x2},nop,nop",
    "mptcp 24 join hmac 0x000102030405060708090a0b0c0d0e0f10111213",
    "mptcp 8 dss ack 7",
    "mptcp 12 dss fin ack 14413541604287230030",
    "mptcp 12 dss ack 7",
    "mptcp 20 dss ack 1 seq 2 subseq 3 len 4 csum 0x5",
    "mptcp 26 dss ack 1 seq 2 subseq 3 len 4,nop,nop",
    "mptcp 18 dss seq 1 subseq 3 len 4,nop,nop",
    "mptcp 8 add-addr v0-ip4 id 1 10.1.2.2",
    "mptcp 18 add-addr v1-echo id 1 10.1.2.2:80 hmac 0x1,nop,nop",
    "mptcp 22 add-addr v1 id 1 2001:db8::1:80,nop,nop",
    "mptcp 4 rem-addr id 9",
    "mptcp 4 prio non-backup id 1",
    "mptcp 12 fail seq 1",
    "mptcp 12 fast-close key 0xff",
    "mptcp 4 unknown",
  };
  char line[512];
  char want[600];

  (void)state;
  for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
    snprintf(line, sizeof(line),
             "IP 1.2.3.4.5 > 6.7.8.9.10: Flags [.], ack 5, win 2, options "
             "[%s], length 0",
             lists[i]);
    snprintf(want, sizeof(want), "0.000000 %s", line);
    expect_alone(line, want);
  }
}

static void reader__old_notation__the_same_options(void **state) {
  (void)state;
  expect_alone("10:00:00 10.0.0.1.1023 > 10.0.0.2.login: S 768512:768512(0) "
               "win 4096 <mss 1024,nop,nop,timestamp 1 2>",
               "36000.000000 IP 10.0.0.1.1023 > 10.0.0.2.513: Flags [S], seq "
               "768512, win 4096, options [mss 1024,nop,nop,TS val 1 ecr 2], "
               "length 0");
  expect_alone("10.0.0.1.1023 > 10.0.0.2.513: . ack 1 win 4096",
               "0.000000 IP 10.0.0.1.1023 > 10.0.0.2.513: Flags [.], ack 1, "
               "win 4096, length 0");
  expect_alone("10.0.0.1.1023 > 10.0.0.2.513: . 1:3(2) win 4096",
               "0.000000 IP 10.0.0.1.1023 > 10.0.0.2.513: Flags [none], seq "
               "1:3, win 4096, length 2");
}

/* Handshake, data and close without -S, and what it was. */
static void reader__relative_numbers__absolute_ones(void **state) {
  static const char *const pairs[][2] = {
    {"IP a.1 > b.80: Flags [S], seq 3147299277, win 1, length 0",
     "Flags [S], seq 3147299277, win 1, length 0"},
    {"IP b.80 > a.1: Flags [S.], seq 4150827340, ack 3147299278, win 1, "
     "length 0",
     "Flags [S.], seq 4150827340, ack 3147299278, win 1, length 0"},
    {"IP a.1 > b.80: Flags [.], ack 1, win 1, length 0",
     "Flags [.], ack 4150827341, win 1, length 0"},
    {"IP a.1 > b.80: Flags [P.], seq 1:11, ack 1, win 1, length 10",
     "Flags [P.], seq 3147299278:3147299288, ack 4150827341, win 1, length "
     "10"},
    {"IP b.80 > a.1: Flags [.], ack 11, win 1, options [nop,nop,sack 1 "
     "{21:31}], length 0",
     "Flags [.], ack 3147299288, win 1, options [nop,nop,sack 1 "
     "{3147299298:3147299308}], length 0"},
    {"IP a.1 > b.80: Flags [R], seq 3147299288, win 0, length 0",
     "Flags [R], seq 3147299288, win 0, length 0"},
  };
  tcpflow_text_reader *const reader = new_reader();

  (void)state;
  for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
    assert_string_equal(strstr(read_and_print(reader, pairs[i][0]), "Flags"),
                        pairs[i][1]);
  }
  tcpflow_text_reader_del(reader);
}

/* The same conversation with -S, and small numbers of made-up text. */
static void reader__absolute_numbers__stay(void **state) {
  static const char *const lines[] = {
    "Flags [S], seq 1000, win 1, length 0",
    "Flags [.], seq 1001:1101, ack 1, win 1, length 100",
    "Flags [.], seq 1101:1201, ack 1, win 1, length 100",
    "Flags [.], seq 1001:1101, ack 1, win 1, length 100",
    "Flags [F.], seq 1201, ack 1, win 1, length 0",
  };
  tcpflow_text_reader *const reader = new_reader();
  char line[256];

  (void)state;
  for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
    snprintf(line, sizeof(line), "IP 10.0.0.1.1 > 10.0.0.2.80: %s", lines[i]);
    assert_string_equal(strstr(read_and_print(reader, line), "Flags"),
                        lines[i]);
  }
  tcpflow_text_reader_del(reader);
}

/* Sent twice, 1:15 would be nearer as a relative number, but only a little. */
static void reader__tiny_numbers_sent_twice__stay(void **state) {
  static const char line[] =
    "IP 10.0.0.1.1 > 10.0.0.2.80: Flags [P.], seq 1:15, ack 1, win 1, length "
    "14";
  tcpflow_text_reader *const reader = new_reader();

  (void)state;
  for (unsigned i = 0; i < 3; i++) {
    assert_non_null(strstr(read_and_print(reader, line), "seq 1:15, ack 1,"));
  }
  tcpflow_text_reader_del(reader);
}

/* A new SYN makes the peer's numbers unknown; the same one again does not. */
static void reader__new_syn__nothing_is_expected_of_the_peer(void **state) {
  static const struct {
    const char *syn;
    tcpflow_seq expected;
  } rows[] = {
    {"IP a.1 > b.80: Flags [S], seq 700, win 1, length 0", 900},
    {"IP a.1 > b.80: Flags [S], seq 3000000000, win 1, length 0", 0},
  };
  tcpflow_packet packet;
  tcpflow_frame frame;

  (void)state;
  tcpflow_packet_init(&packet);
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    tcpflow_text_reader *const reader = new_reader();

    (void)read_text(reader, rows[0].syn, &frame);
    (void)read_text(reader, "IP a.1 > b.80: Flags [.], ack 900, win 1", &frame);
    (void)read_text(reader, rows[i].syn, &frame);
    assert_int_equal(
      read_text(reader, "IP b.80 > a.1: Flags [.], ack 701, win 1", &frame),
      TCPFLOW_TEXT_PACKET);
    assert_int_equal(tcpflow_packet_decode(&packet, &frame, NULL), TCPFLOW_OK);
    assert_int_equal(packet.seq, rows[i].expected);
    tcpflow_text_reader_del(reader);
  }
}

/* The sequence number of a pure ACK is where the sender goes on. */
static void reader__pure_ack__the_expected_number(void **state) {
  tcpflow_text_reader *const reader = new_reader();
  tcpflow_packet packet;
  tcpflow_frame frame;

  (void)state;
  tcpflow_packet_init(&packet);
  assert_int_equal(read_text(reader,
                             "IP a.1 > b.80: Flags [S], seq 700, win 1, length "
                             "0",
                             &frame),
                   TCPFLOW_TEXT_PACKET);
  assert_int_equal(read_text(reader,
                             "IP a.1 > b.80: Flags [.] ack 5, win 1, length 0",
                             &frame),
                   TCPFLOW_TEXT_PACKET);
  assert_int_equal(tcpflow_packet_decode(&packet, &frame, NULL), TCPFLOW_OK);
  assert_int_equal(packet.seq, 701);
  assert_int_equal(
    read_text(reader, "IP b.80 > a.1: Flags [.] ack 709, win 1, length 0",
              &frame),
    TCPFLOW_TEXT_PACKET);
  assert_int_equal(tcpflow_packet_decode(&packet, &frame, NULL), TCPFLOW_OK);
  assert_int_equal(packet.seq, 5);
  tcpflow_text_reader_del(reader);
}

/* -v prints two lines, and the first one has the time. */
static void reader__two_lines__one_packet(void **state) {
  tcpflow_text_reader *const reader = new_reader();
  tcpflow_packet packet;
  tcpflow_frame frame;

  (void)state;
  assert_int_equal(
    read_text(reader,
              "10:00:00.000001 IP (tos 0x2,ECT(0), ttl 61, id 41110, offset 0, "
              "flags [DF], proto TCP (6), length 60)",
              &frame),
    TCPFLOW_TEXT_OTHER);
  assert_int_equal(
    read_text(reader,
              "    10.0.0.1.80 > 10.0.0.2.90: Flags [S], cksum 0x38b9 "
              "(correct), seq 5, win 7, length 0",
              &frame),
    TCPFLOW_TEXT_PACKET);
  assert_int_equal(frame.time, UINT64_C(36000000001000));
  assert_int_equal(frame.number, 2);
  tcpflow_packet_init(&packet);
  assert_int_equal(tcpflow_packet_decode(&packet, &frame, NULL), TCPFLOW_OK);
  assert_int_equal(packet.ip_ttl, 61);
  assert_int_equal(packet.ip_tos, 2);
  assert_int_equal(packet.ip_id, 41110);
  tcpflow_text_reader_del(reader);
}

static void reader__host_names__remembered(void **state) {
  static const uint8_t unnamed[16] = {10, 0, 0, 1};
  static const uint8_t next[16] = {240, 0, 0, 3};
  tcpflow_text_reader *const reader = new_reader();
  tcpflow_packet packet;
  tcpflow_frame frame;

  (void)state;
  tcpflow_packet_init(&packet);
  for (int i = 0; i < 2; i++) {
    assert_int_equal(
      read_text(reader,
                "IP localhost.ssh > my-host.example.com.mysql: Flags [S], seq "
                "1, win 1, length 0",
                &frame),
      TCPFLOW_TEXT_PACKET);
    assert_int_equal(tcpflow_packet_decode(&packet, &frame, NULL), TCPFLOW_OK);
    assert_int_equal(packet.tuple.port[0], 22);
    assert_int_equal(packet.tuple.port[1], 3306);
    assert_string_equal(
      tcpflow_text_reader_host(reader, 4, packet.tuple.address[0]),
      "localhost");
    assert_string_equal(
      tcpflow_text_reader_host(reader, 4, packet.tuple.address[1]),
      "my-host.example.com");
  }
  assert_null(tcpflow_text_reader_host(reader, 4, unnamed));
  assert_null(tcpflow_text_reader_host(reader, 4, next));
  assert_int_equal(read_text(reader,
                             "IP6 localhost.22 > b.90: Flags [S], seq 1, win "
                             "1, length 0",
                             &frame),
                   TCPFLOW_TEXT_PACKET);
  assert_int_equal(tcpflow_packet_decode(&packet, &frame, NULL), TCPFLOW_OK);
  assert_int_equal(packet.tuple.version, 6);
  assert_string_equal(
    tcpflow_text_reader_host(reader, 6, packet.tuple.address[0]), "localhost");
  tcpflow_text_reader_del(reader);
}

static void reader__long_payload__ip_length_zero(void **state) {
  (void)state;
  expect_alone("IP 10.0.0.1.1 > 10.0.0.2.2: Flags [.], seq 1:80001, ack 1, win "
               "1, length 80000",
               "0.000000 IP 10.0.0.1.1 > 10.0.0.2.2: Flags [.], seq 1:80001, "
               "ack 1, win 1, length 80000");
}

static void reader__other_lines__what_they_are(void **state) {
  static const struct {
    const char *line;
    tcpflow_text_result result;
  } rows[] = {
    {"", TCPFLOW_TEXT_BLANK},
    {"  \r\n", TCPFLOW_TEXT_BLANK},
    {"```console", TCPFLOW_TEXT_BLANK},
    {"-----", TCPFLOW_TEXT_BLANK},
    {"# TCP", TCPFLOW_TEXT_PROSE},
    {"- **TCP flags**: SYN + ACK > nothing", TCPFLOW_TEXT_PROSE},
    {"a > b", TCPFLOW_TEXT_PROSE},
    {"10:00:00 ARP, Request who-has 10.0.0.1 tell 10.0.0.2, length 28",
     TCPFLOW_TEXT_OTHER},
    {"10:00:00 IP 10.0.0.1.53 > 10.0.0.2.53: 1+ A? x. (17)",
     TCPFLOW_TEXT_OTHER},
    {"10:00:00 IP 10.0.0.1.53 > 10.0.0.2.5353: UDP, length 9",
     TCPFLOW_TEXT_OTHER},
    {"listening on eth0, link-type EN10MB (Ethernet)", TCPFLOW_TEXT_OTHER},
    {"12 packets captured", TCPFLOW_TEXT_OTHER},
    {"\t0x0000:  4500 0028 0000", TCPFLOW_TEXT_OTHER},
    {"IP 10.0.0.1.1 > 10.0.0.2.2: Flags [Q], seq 1", TCPFLOW_TEXT_BROKEN},
    {"IP 10.0.0.1.1 > 10.0.0.2.2: Flags [S], seq 4294967296",
     TCPFLOW_TEXT_BROKEN},
    {"IP 10.0.0.1.1 > 10.0.0.2.2: Flags [S], win x", TCPFLOW_TEXT_BROKEN},
    {"IP 10.0.0.1.1 > 10.0.0.2.nonesuch: Flags [S]", TCPFLOW_TEXT_BROKEN},
    {"IP 10.0.0.1.1 > ::1.2: Flags [S]", TCPFLOW_TEXT_BROKEN},
    {"IP 10.0.0.1.1 > 10.0.0.2.2: Flags [S], options [mss",
     TCPFLOW_TEXT_BROKEN},
    {"IP 10.0.0.1.1 > 10.0.0.2.2: Flags [S], options [mss 1,xyz]",
     TCPFLOW_TEXT_BROKEN},
    {"IP 10.0.0.1.1 > 10.0.0.2.2: tcp 5", TCPFLOW_TEXT_BROKEN},
    {"IP 10.0.0.1.1 > 10.0.0.2.2:  [|tcp]", TCPFLOW_TEXT_BROKEN},
  };
  tcpflow_text_reader *const reader = new_reader();
  tcpflow_frame frame = {.number = 77};

  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    assert_int_equal(read_text(reader, rows[i].line, &frame), rows[i].result);
    assert_int_equal(frame.number, 77);
    assert_true((tcpflow_text_reader_problem(reader)[0] == '\0') ==
                (rows[i].result == TCPFLOW_TEXT_BLANK));
  }
  tcpflow_text_reader_del(reader);
}

/* Every prefix of a line, and every line with one octet turned. */
static void reader__truncated_and_damaged__stays_inside(void **state) {
  static const char line[] =
    "2020-01-13 15:51:06.676845 IP 1.2.3.4.5 > host.http: Flags [SP.], seq "
    "1:2, ack 3, win 4, urg 5, options [mss 1,nop,wscale 2,mptcp 8 dss ack 7,"
    "sack 1 {1:2},tfo  cookie 0011], length 1: HTTP";
  tcpflow_text_reader *const reader = new_reader();
  tcpflow_frame frame;
  char copy[sizeof(line)];

  (void)state;
  for (size_t length = 0; length < sizeof(line); length++) {
    memcpy(copy, line, sizeof(line));
    copy[length] = '\0';
    if (read_text(reader, copy, &frame) == TCPFLOW_TEXT_PACKET) {
      round_check_frame(&frame);
    }
  }
  for (size_t i = 0; i + 1 < sizeof(line); i++) {
    for (unsigned turn = 1; turn < 256; turn <<= 1) {
      memcpy(copy, line, sizeof(line));
      copy[i] = (char)((unsigned char)copy[i] ^ turn);
      if (copy[i] != '\0' &&
          read_text(reader, copy, &frame) == TCPFLOW_TEXT_PACKET) {
        round_check_frame(&frame);
      }
    }
  }
  tcpflow_text_reader_del(reader);
}

static void reader__a_megabyte_and_zeros__no_packet(void **state) {
  tcpflow_text_reader *const reader = new_reader();
  tcpflow_text_result result = TCPFLOW_TEXT_PACKET;
  char *const line = malloc(1 << 20);
  tcpflow_frame frame;

  (void)state;
  assert_non_null(line);
  for (int c = 0; c < 256; c++) {
    memset(line, c, 1 << 20);
    assert_int_equal(
      tcpflow_text_reader_line(reader, line, 1 << 20, &result, &frame),
      TCPFLOW_OK);
    assert_int_not_equal(result, TCPFLOW_TEXT_PACKET);
  }
  free(line);
  tcpflow_text_reader_del(reader);
}

static void reader_new__bad_config__said_so(void **state) {
  tcpflow_text_reader *reader = NULL;
  tcpflow_text_reader_config config;

  (void)state;
  tcpflow_text_reader_config_init(&config);
  config.max_flows = 0;
  assert_int_equal(tcpflow_text_reader_new(&reader, &config, NULL),
                   TCPFLOW_ERR_INVALID);
  memset(&config, 0, sizeof(config));
  assert_int_equal(tcpflow_text_reader_new(&reader, &config, NULL),
                   TCPFLOW_ERR_VERSION);
  assert_null(reader);
  tcpflow_text_reader_del(NULL);
}

static void reader__more_hosts_than_remembered__broken(void **state) {
  tcpflow_text_reader *reader = NULL;
  tcpflow_text_reader_config config;
  tcpflow_frame frame;

  (void)state;
  tcpflow_text_reader_config_init(&config);
  config.max_hosts = 1;
  assert_int_equal(tcpflow_text_reader_new(&reader, &config, NULL), TCPFLOW_OK);
  assert_int_equal(read_text(reader,
                             "IP a.1 > b.2: Flags [S], seq 1, win 1, length 0",
                             &frame),
                   TCPFLOW_TEXT_BROKEN);
  assert_int_equal(read_text(reader,
                             "IP a.1 > a.2: Flags [S], seq 1, win 1, length 0",
                             &frame),
                   TCPFLOW_TEXT_PACKET);
  tcpflow_text_reader_del(reader);
}

/* Each allocation fails once; the line can be read again, and is the same. */
static void reader__no_memory_at_n__the_line_can_be_read_again(void **state) {
  static const char line[] =
    "10:00:00 IP a.1 > b.2: Flags [S.], seq 1, ack 5, win 1, length 0";
  size_t n = 0;
  int failed = 1;

  (void)state;
  while (failed) {
    failmem fm = {.fail_at = ++n};
    const tcpflow_mem mem = failmem_table(&fm);
    tcpflow_text_reader *reader = NULL;
    tcpflow_text_result result = TCPFLOW_TEXT_PROSE;
    tcpflow_frame frame;

    failed = tcpflow_text_reader_new(&reader, NULL, &mem) != TCPFLOW_OK;
    if (!failed) {
      failed = tcpflow_text_reader_line(reader, line, strlen(line), &result,
                                        &frame) == TCPFLOW_ERR_NOMEM;
      assert_int_equal(read_text(reader, line, &frame), TCPFLOW_TEXT_PACKET);
      assert_int_equal(frame.number, failed ? 1 : 2);
    }
    tcpflow_text_reader_del(reader);
    assert_int_equal(fm.live_blocks, 0);
  }
  assert_int_equal(n, 6); /* The reader, a table, two names, a flow; none. */
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(reader__what_people_paste__the_one_line),
    cmocka_unit_test(reader__sign_at_an_address__no_part_of_it),
    cmocka_unit_test(reader__ipv6__ports_behind_the_last_dot),
    cmocka_unit_test(reader__options__the_same_options),
    cmocka_unit_test(reader__multipath__the_same_options),
    cmocka_unit_test(reader__old_notation__the_same_options),
    cmocka_unit_test(reader__relative_numbers__absolute_ones),
    cmocka_unit_test(reader__absolute_numbers__stay),
    cmocka_unit_test(reader__tiny_numbers_sent_twice__stay),
    cmocka_unit_test(reader__new_syn__nothing_is_expected_of_the_peer),
    cmocka_unit_test(reader__pure_ack__the_expected_number),
    cmocka_unit_test(reader__two_lines__one_packet),
    cmocka_unit_test(reader__host_names__remembered),
    cmocka_unit_test(reader__long_payload__ip_length_zero),
    cmocka_unit_test(reader__other_lines__what_they_are),
    cmocka_unit_test(reader__truncated_and_damaged__stays_inside),
    cmocka_unit_test(reader__a_megabyte_and_zeros__no_packet),
    cmocka_unit_test(reader_new__bad_config__said_so),
    cmocka_unit_test(reader__more_hosts_than_remembered__broken),
    cmocka_unit_test(reader__no_memory_at_n__the_line_can_be_read_again),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
