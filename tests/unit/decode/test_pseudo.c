/* tests/unit/decode/test_pseudo.c - mirror of lib/decode/pseudo.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "decode/pseudo.h"
#include "unit/guard.h"
#include "wire/checksum.h"

/* The pseudo-header written out: source, destination, length, protocol. */
static uint16_t sum_by_hand(const uint8_t *source, const uint8_t *destination,
                            size_t size, uint32_t length) {
  uint8_t header[40] = {0};

  memcpy(header, source, size);
  memcpy(header + size, destination, size);
  header[2 * size] = (uint8_t)(length >> 24);
  header[2 * size + 1] = (uint8_t)(length >> 16 & 0xff);
  header[2 * size + 2] = (uint8_t)(length >> 8 & 0xff);
  header[2 * size + 3] = (uint8_t)(length & 0xff);
  header[2 * size + 7] = 6;
  return tcpflow__sum_fold(tcpflow__sum_add(0, header, 2 * size + 8));
}

/* Says whether the pseudo-header of this datagram has DESTINATION. */
static int is_for(const uint8_t *datagram, uint32_t size,
                  const uint8_t *destination) {
  const size_t address = datagram[0] >> 4 == 4 ? 4 : 16;
  guard g = guard_put(datagram, size);
  const uint16_t sum =
    tcpflow__sum_fold(tcpflow__pseudo_sum(g.bytes, size, 0x12345));

  guard_free(&g);
  return sum == sum_by_hand(datagram + (address == 4 ? 12 : 8), destination,
                            address, 0x12345);
}

/* 10.0.0.1 > 10.0.0.2 with room for options. */
static const uint8_t ipv4[60] = {0x45, 0, 0,  0, 0, 0, 0,  0, 64, 6,
                                 0,    0, 10, 0, 0, 1, 10, 0, 0,  2};

typedef struct route_row {
  uint8_t words;
  uint8_t size;
  uint8_t options[16];
  int final; /* Where in the options the final destination is; -1: nowhere. */
} route_row;

static void
pseudo_sum__ipv4_options__destination_or_last_of_route(void **state) {
  static const route_row rows[] = {
    /* no options; a tail that only looks like them */
    {5, 20, {0}, -1},
    {5, 32, {131, 11, 4, 9, 9, 9, 9, 8, 7, 6, 5, 0}, -1},
    /* loose and strict, on the way: at the first, second, last octet */
    {8, 32, {131, 11, 4, 9, 9, 9, 9, 8, 7, 6, 5, 0}, 7},
    {8, 32, {137, 11, 8, 9, 9, 9, 9, 8, 7, 6, 5, 0}, 7},
    {8, 32, {131, 11, 11, 9, 9, 9, 9, 8, 7, 6, 5, 0}, 7},
    /* arrived */
    {8, 32, {131, 11, 12, 9, 9, 9, 9, 8, 7, 6, 5, 0}, -1},
    /* one address, none, and less than one */
    {7, 28, {131, 7, 4, 8, 7, 6, 5, 0}, 3},
    {7, 28, {131, 3, 3, 0, 0, 0, 0, 0}, -1},
    {7, 28, {131, 6, 4, 8, 7, 6, 0, 0}, -1},
    /* behind other options; behind the end of the list */
    {8, 32, {1, 148, 4, 0, 0, 137, 7, 4, 8, 7, 6, 5}, 8},
    {8, 32, {0, 131, 7, 4, 8, 7, 6, 5, 0, 0, 0, 0}, -1},
    /* the header length is damaged */
    {4, 32, {131, 11, 4, 9, 9, 9, 9, 8, 7, 6, 5, 0}, -1},
    {0, 32, {131, 11, 4, 9, 9, 9, 9, 8, 7, 6, 5, 0}, -1},
    {9, 32, {131, 11, 4, 9, 9, 9, 9, 8, 7, 6, 5, 0}, -1},
  };

  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    uint8_t datagram[60];

    memcpy(datagram, ipv4, sizeof(datagram));
    datagram[0] = (uint8_t)(0x40 | rows[i].words);
    memcpy(datagram + 20, rows[i].options, 16);
    const uint8_t *const expected =
      datagram + (rows[i].final < 0 ? 16 : 20 + rows[i].final);
    assert_true(is_for(datagram, rows[i].size, expected));
  }
}

typedef struct chain_row {
  uint8_t first; /* Next header of the IPv6 header. */
  uint8_t size;  /* Octets of extension headers. */
  uint8_t bytes[64];
  int final; /* Where in them the final destination is; -1: nowhere. */
} chain_row;

static void
pseudo_sum__ipv6_chain__destination_or_routing_header(void **state) {
  static const chain_row rows[] = {
    {6, 0, {0}, -1},
    /* routing: type 0, one address, one segment left; none left */
    {43, 24, {6, 2, 0, 1, 0, 0, 0, 0, 0x11, 0x22, 0x33}, 8},
    {43, 24, {6, 2, 0, 0, 0, 0, 0, 0, 0x11, 0x22, 0x33}, -1},
    /* two addresses: the last; segment routing: the first */
    {43, 40, {6, 4, 0, 2, 0, 0, 0, 0, 0x11, [24] = 0x44}, 24},
    {43, 40, {6, 4, 4, 1, 0, 0, 0, 0, 0x11, [24] = 0x44}, 8},
    {43, 24, {6, 2, 2, 1, 0, 0, 0, 0, 0x11}, 8},
    /* of a type that is not known; too short for an address */
    {43, 24, {6, 2, 9, 1, 0, 0, 0, 0, 0x11}, -1},
    {43, 16, {6, 1, 0, 1, 0, 0, 0, 0, 0x11}, -1},
    /* behind destination options, a fragment header whose reserved octet is
       not 0, and an authentication header of 12 octets */
    {60, 32, {43, 0, [8] = 6, 2, 0, 1, [16] = 0x11}, 16},
    {44, 32, {43, 7, [8] = 6, 2, 0, 1, [16] = 0x11}, 16},
    {51, 36, {43, 1, [12] = 6, 2, 0, 1, [20] = 0x11}, 20},
    /* a destination header that is formed like one */
    {60, 24, {6, 2, 0, 1, 0, 0, 0, 0, 0x11}, -1},
    /* a chain that runs over its end */
    {60, 16, {43, 9, 0, 1, 0, 0, 0, 0, 43, 0, 0, 1}, -1},
  };

  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    uint8_t datagram[40 + 64] = {0x60, 0, 0, 0, 0, 0, 0, 64};

    datagram[6] = rows[i].first;
    datagram[8] = 0xfe;
    datagram[24] = 0xfd;
    memcpy(datagram + 40, rows[i].bytes, 64);
    const uint8_t *const expected =
      datagram + (rows[i].final < 0 ? 24 : 40 + rows[i].final);
    assert_true(is_for(datagram, 40U + rows[i].size, expected));
  }
}

/* RFC 9293 section 3.1: addresses, zero and protocol, length; RFC 8200 section
   8.1: addresses, length, zeros and next header. */
static void pseudo_octets__ipv4_and_ipv6__written_out(void **state) {
  static const uint8_t four[12] = {10, 0, 0, 1, 10, 0, 0, 2, 0, 6, 0x23, 0x45};
  static const uint8_t six[40] = {0x60, 0,  0, 0,        0, 0,
                                  6,    64, 1, [23] = 2, 3, [39] = 4};
  static const uint8_t six_tail[8] = {0, 1, 0x23, 0x45, 0, 0, 0, 6};
  guard to = guard_room(TCPFLOW__PSEUDO_MAX);

  (void)state;
  assert_int_equal(tcpflow__pseudo_octets(to.bytes, ipv4, 20, 0x2345), 12);
  assert_memory_equal(to.bytes, four, 12);
  assert_int_equal(tcpflow__pseudo_octets(to.bytes, six, 40, 0x12345), 40);
  assert_memory_equal(to.bytes, six + 8, 32);
  assert_memory_equal(to.bytes + 32, six_tail, 8);
  guard_free(&to);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(pseudo_sum__ipv4_options__destination_or_last_of_route),
    cmocka_unit_test(pseudo_sum__ipv6_chain__destination_or_routing_header),
    cmocka_unit_test(pseudo_octets__ipv4_and_ipv6__written_out),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
