/*
 * tests/unit/text/test_print.c - mirror of lib/text/print.c, and of what it
 * prints with: the steps of shows.h, optprint.c, mptcp.c, pattern.c.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include <tcpflow/text.h>

#include "unit/failmem.h"
#include "unit/guard.h"
#include "unit/text/tcpdump_lines.h"
#include "unit/text/tcpdump_links.h"
#include "unit/text/tcpdump_tunnels.h"
#include "unit/text/tcpdump_verbose.h"

enum {
  FRAME_MAX = 256
};

static uint8_t digit(char c) {
  return (uint8_t)(c <= '9' ? c - '0' : c - 'a' + 10);
}

static size_t octets_of(const tcpdump_line *row, uint8_t octets[FRAME_MAX]) {
  const size_t size = strlen(row->octets) / 2;

  assert_true(size <= FRAME_MAX);
  for (size_t i = 0; i < size; i++) {
    octets[i] =
      (uint8_t)(digit(row->octets[2 * i]) << 4 | digit(row->octets[2 * i + 1]));
  }
  return size;
}

/* Prints a frame whose last octet stands against a guard page. */
static int print_row(tcpflow_printer *printer, const tcpdump_line *row,
                     char *line, size_t capacity, size_t *length) {
  uint8_t octets[FRAME_MAX];
  const size_t size = octets_of(row, octets);
  guard g = guard_put(octets, size);
  const tcpflow_frame frame = {.bytes = g.bytes,
                               .captured = (uint32_t)size,
                               .length = (uint32_t)size + row->cut,
                               .link = row->link};
  tcpflow_packet packet;

  tcpflow_packet_init(&packet);
  assert_int_equal(tcpflow_packet_decode(&packet, &frame, NULL), TCPFLOW_OK);
  const int error =
    tcpflow_printer_line(printer, &packet, line, capacity, length);
  guard_free(&g);
  return error;
}

static tcpflow_printer *printer_with(int absolute, uint32_t max_flows,
                                     const tcpflow_mem *mem) {
  tcpflow_printer *printer = NULL;
  tcpflow_printer_config config;

  tcpflow_printer_config_init(&config);
  config.time = TCPFLOW_TIME_STYLE_OMITTED;
  config.absolute = (uint32_t)absolute;
  config.max_flows = max_flows;
  assert_int_equal(tcpflow_printer_new(&printer, &config, mem), TCPFLOW_OK);
  return printer;
}

/* Behind a colon, tcpdump goes on with the payload's own protocol. */
static void expect_line(const char *line, const char *tcpdump) {
  const size_t length = strlen(line);

  if (strncmp(line, tcpdump, length) != 0 ||
      (tcpdump[length] != '\0' && tcpdump[length] != ':')) {
    assert_string_equal(line, tcpdump);
  }
}

static void expect_rows(tcpflow_printer *printer, const tcpdump_line *rows,
                        size_t count) {
  char line[TCPFLOW_TEXT_LINE_MAX];

  for (size_t i = 0; i < count; i++) {
    size_t length = 0;

    assert_int_equal(print_row(printer, &rows[i], line, sizeof(line), &length),
                     TCPFLOW_OK);
    assert_int_equal(length, strlen(line));
    expect_line(line, rows[i].line);
  }
  tcpflow_printer_del(printer);
}

#define COUNT(rows) (sizeof(rows) / sizeof(rows[0]))

static void print__frames_of_all_sorts__tcpdumps_line(void **state) {
  (void)state;
  expect_rows(printer_with(1, 1, NULL), tcpdump_lines, COUNT(tcpdump_lines));
}

static tcpflow_printer *printer_of(uint32_t verbose, uint32_t link_header) {
  tcpflow_printer *printer = NULL;
  tcpflow_printer_config config;

  tcpflow_printer_config_init(&config);
  config.time = TCPFLOW_TIME_STYLE_OMITTED;
  config.absolute = 1;
  config.verbose = verbose;
  config.link_header = link_header;
  assert_int_equal(tcpflow_printer_new(&printer, &config, NULL), TCPFLOW_OK);
  return printer;
}

static void print__link_headers__tcpdumps_lines_with_e(void **state) {
  (void)state;
  expect_rows(printer_of(0, 1), tcpdump_link_lines, COUNT(tcpdump_link_lines));
}

static void print__links_and_tunnels__tcpdumps_lines(void **state) {
  (void)state;
  expect_rows(printer_of(0, 0), tcpdump_tunnel_lines,
              COUNT(tcpdump_tunnel_lines));
}

static void print__verbose__tcpdumps_lines_with_v(void **state) {
  (void)state;
  expect_rows(printer_of(1, 0), tcpdump_verbose_lines,
              COUNT(tcpdump_verbose_lines));
}

/* What is told of a cut frame fits, and reads nothing behind it. */
static void cut_row(tcpflow_printer *printer, const tcpdump_line *row) {
  char line[TCPFLOW_TEXT_LINE_MAX];
  char octets[2 * FRAME_MAX + 1];
  const size_t size = strlen(row->octets) / 2;

  for (size_t n = 0; n < size; n++) {
    const tcpdump_line cut = {row->link, row->cut + (uint32_t)(size - n),
                              octets, ""};
    size_t length = 0;

    memcpy(octets, row->octets, 2 * n);
    octets[2 * n] = '\0';
    if (print_row(printer, &cut, line, sizeof(line), &length) == TCPFLOW_OK) {
      assert_int_equal(length, strlen(line));
      assert_in_range(length, 1, sizeof(line) - 1);
    }
  }
}

static void print__cut_at_every_length__a_line_that_fits(void **state) {
  static const struct {
    const tcpdump_line *rows;
    size_t count;
  } tables[] = {{tcpdump_link_lines, COUNT(tcpdump_link_lines)},
                {tcpdump_verbose_lines, COUNT(tcpdump_verbose_lines)},
                {tcpdump_tunnel_lines, COUNT(tcpdump_tunnel_lines)}};
  tcpflow_printer *const printer = printer_of(1, 1);

  (void)state;
  for (size_t i = 0; i < COUNT(tables); i++) {
    for (size_t k = 0; k < tables[i].count; k++) {
      cut_row(printer, &tables[i].rows[k]);
    }
  }
  tcpflow_printer_del(printer);
}

static void print__where_tcpdump_is_wrong__what_the_rfc_says(void **state) {
  (void)state;
  expect_rows(printer_with(1, 1, NULL), corrected_lines,
              COUNT(corrected_lines));
}

static void print__without_S__tcpdumps_relative_numbers(void **state) {
  tcpflow_printer *const printer = printer_with(0, 100, NULL);
  char line[TCPFLOW_TEXT_LINE_MAX];

  (void)state;
  for (size_t i = 0;
       i < sizeof(tcpdump_relative_lines) / sizeof(tcpdump_relative_lines[0]);
       i++) {
    assert_int_equal(
      print_row(printer, &tcpdump_relative_lines[i], line, sizeof(line), NULL),
      TCPFLOW_OK);
    expect_line(line, tcpdump_relative_lines[i].line);
  }
  tcpflow_printer_del(printer);
}

static void print__every_capacity__the_start_of_the_line(void **state) {
  tcpflow_printer *const printer = printer_with(1, 1, NULL);
  const tcpdump_line *const row = &tcpdump_lines[3];
  char whole[TCPFLOW_TEXT_LINE_MAX];
  size_t length = 0;

  (void)state;
  assert_int_equal(print_row(printer, row, whole, sizeof(whole), &length), 0);
  for (size_t capacity = 1; capacity <= length + 1; capacity++) {
    guard room = guard_room(capacity);
    char *const line = (char *)room.bytes;
    size_t told = 0;

    assert_int_equal(print_row(printer, row, line, capacity, &told), 0);
    assert_int_equal(told, length);
    assert_int_equal(strlen(line), capacity - 1);
    assert_memory_equal(line, whole, capacity - 1);
    guard_free(&room);
  }
  tcpflow_printer_del(printer);
}

/* With room for one conversation, the second one makes the first one new. */
static void
print__more_flows_than_remembered__the_oldest_begins_anew(void **state) {
  tcpflow_printer *const printer = printer_with(0, 1, NULL);
  char line[TCPFLOW_TEXT_LINE_MAX];

  (void)state;
  /* 4000 > 80: begins, and goes on; 7 > 7: takes its place. */
  assert_int_equal(
    print_row(printer, &tcpdump_relative_lines[1], line, sizeof(line), NULL),
    TCPFLOW_OK);
  assert_int_equal(
    print_row(printer, &tcpdump_relative_lines[3], line, sizeof(line), NULL),
    TCPFLOW_OK);
  assert_non_null(strstr(line, "seq 1:31, ack 1,"));
  assert_int_equal(
    print_row(printer, &tcpdump_relative_lines[11], line, sizeof(line), NULL),
    TCPFLOW_OK);
  assert_int_equal(
    print_row(printer, &tcpdump_relative_lines[3], line, sizeof(line), NULL),
    TCPFLOW_OK);
  assert_non_null(strstr(line, "seq 4294967281:15, ack 5001,"));
  tcpflow_printer_del(printer);
}

/* A SYN of a connection over IPv4 that carries UDP, or ARP: no line. */
static void print__not_tcp__invalid_and_nothing_written(void **state) {
  static const tcpdump_line udp = {
    101, 0, "4500001c00010000401100000a0000010a0000020035003500080000", ""};
  static const tcpdump_line arp = {1, 0, "0000000000000000000000000806", ""};
  static const tcpdump_line other = {147, 0, "00", ""};
  tcpflow_printer *const printer = printer_with(1, 1, NULL);
  char line[8] = "before";

  (void)state;
  assert_int_equal(print_row(printer, &udp, line, sizeof(line), NULL),
                   TCPFLOW_ERR_INVALID);
  assert_int_equal(print_row(printer, &arp, line, sizeof(line), NULL),
                   TCPFLOW_ERR_INVALID);
  assert_int_equal(print_row(printer, &other, line, sizeof(line), NULL),
                   TCPFLOW_ERR_INVALID);
  assert_string_equal(line, "before");
  tcpflow_printer_del(printer);
}

static void printer_new__bad_config__said_so(void **state) {
  tcpflow_printer *printer = NULL;
  tcpflow_printer_config config;
  tcpflow_mem mem = {0};

  (void)state;
  tcpflow_printer_config_init(&config);
  config.max_flows = 0;
  assert_int_equal(tcpflow_printer_new(&printer, &config, NULL),
                   TCPFLOW_ERR_INVALID);
  tcpflow_printer_config_init(&config);
  config.time = 6;
  assert_int_equal(tcpflow_printer_new(&printer, &config, NULL),
                   TCPFLOW_ERR_INVALID);
  tcpflow_printer_config_init(&config);
  config.reserved = 1;
  assert_int_equal(tcpflow_printer_new(&printer, &config, NULL),
                   TCPFLOW_ERR_VERSION);
  memset(&config, 0, sizeof(config));
  assert_int_equal(tcpflow_printer_new(&printer, &config, NULL),
                   TCPFLOW_ERR_VERSION);
  assert_int_equal(tcpflow_printer_new(&printer, NULL, &mem),
                   TCPFLOW_ERR_INVALID);
  assert_null(printer);
  tcpflow_printer_del(NULL);
}

static void printer__no_memory__nothing_written_and_goes_on(void **state) {
  failmem fm = {.fail_at = 1};
  const tcpflow_mem mem = failmem_table(&fm);
  tcpflow_printer *printer = NULL;
  char line[TCPFLOW_TEXT_LINE_MAX] = "before";

  (void)state;
  assert_int_equal(tcpflow_printer_new(&printer, NULL, &mem),
                   TCPFLOW_ERR_NOMEM);
  assert_null(printer);
  assert_int_equal(fm.live_blocks, 0);

  fm = (failmem){0};
  printer = printer_with(0, 10, &mem);
  fm.fail_at = fm.requests + 1;
  assert_int_equal(
    print_row(printer, &tcpdump_relative_lines[1], line, sizeof(line), NULL),
    TCPFLOW_ERR_NOMEM);
  assert_string_equal(line, "before");
  assert_int_equal(
    print_row(printer, &tcpdump_relative_lines[1], line, sizeof(line), NULL),
    TCPFLOW_OK);
  expect_line(line, tcpdump_relative_lines[1].line);
  tcpflow_printer_del(printer);
  assert_int_equal(fm.live_blocks, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(print__frames_of_all_sorts__tcpdumps_line),
    cmocka_unit_test(print__link_headers__tcpdumps_lines_with_e),
    cmocka_unit_test(print__links_and_tunnels__tcpdumps_lines),
    cmocka_unit_test(print__verbose__tcpdumps_lines_with_v),
    cmocka_unit_test(print__cut_at_every_length__a_line_that_fits),
    cmocka_unit_test(print__where_tcpdump_is_wrong__what_the_rfc_says),
    cmocka_unit_test(print__without_S__tcpdumps_relative_numbers),
    cmocka_unit_test(print__every_capacity__the_start_of_the_line),
    cmocka_unit_test(print__more_flows_than_remembered__the_oldest_begins_anew),
    cmocka_unit_test(print__not_tcp__invalid_and_nothing_written),
    cmocka_unit_test(printer_new__bad_config__said_so),
    cmocka_unit_test(printer__no_memory__nothing_written_and_goes_on),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
