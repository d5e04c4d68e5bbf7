/* tests/unit/conn/test_shortends.c - mirror of lib/conn/shortends.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "conn/shortends.h"

/* The first octets of the addresses are in both forms. */
static tcpflow_tuple ipv4(void) {
  return (tcpflow_tuple){.vlan = UINT32_C(0x10641065),
                         .port = {0x1234, 0x0050},
                         .version = 4,
                         .address = {{192, 0, 2, 1}, {198, 51, 100, 2}}};
}

static tcpflow_tuple ipv6(void) {
  return (tcpflow_tuple){
    .scope = 7,
    .vlan = 5,
    .tunnel = UINT32_MAX,
    .port = {0x1234, 0x0050},
    .version = 6,
    .address = {{0x20, 1, 0xd, 0xb8, [15] = 1}, {0x20, 1, 0xd, 0xb8, [15] = 2}},
  };
}

/* In and out, as it is and with its ends changed, twice. */
static void check(const tcpflow_tuple *tuple, bool fits) {
  const tcpflow_tuple back = tcpflow_tuple_swap(tuple);
  tcpflow_tuple place;
  tcpflow_tuple room;
  tcpflow__ends ends;

  memset(&ends, 0xa5, sizeof(ends));
  assert_int_equal(tcpflow__ends_fit(tuple), fits);
  tcpflow__ends_set(&ends, tuple, fits ? NULL : &place);
  assert_int_equal(tcpflow__ends_are_whole(&ends), !fits);
  for (unsigned i = 0; i < 4; i++) {
    assert_memory_equal(tcpflow__ends_seen(&ends, &room),
                        i % 2 == 0 ? tuple : &back, sizeof(*tuple));
    assert_int_equal(tcpflow__ends_one_port(&ends),
                     tuple->port[0] == tuple->port[1]);
    assert_int_equal(tcpflow__ends_are_one(&ends),
                     tuple->port[0] == tuple->port[1] &&
                       memcmp(tuple->address[0], tuple->address[1], 16) == 0);
    tcpflow__ends_swap(&ends);
  }
}

static void ends__ipv4__no_place(void **state) {
  tcpflow_tuple tuple = ipv4();

  (void)state;
  check(&tuple, true);
  tuple.vlan = 0;
  check(&tuple, true);
}

static void ends__ipv6__a_place(void **state) {
  const tcpflow_tuple tuple = ipv6();

  (void)state;
  check(&tuple, false);
}

static uint32_t mark_of(const tcpflow_tuple *tuple) {
  tcpflow_tuple place;
  tcpflow__ends ends;

  tcpflow__ends_set(&ends, tuple, &place);
  assert_true(tcpflow__ends_are_whole(&ends));
  return ends.vlan;
}

/* Whatever else could count, and one port, takes the mark away; addresses do
   not matter to it. */
static void ends__ipv6_and_nothing_else__marked(void **state) {
  tcpflow_tuple base = ipv6();

  (void)state;
  base.scope = 0;
  base.vlan = 0;
  base.tunnel = 0;
  assert_int_equal(mark_of(&base), TCPFLOW__ENDS_SIX);
  for (size_t i = 0; i < sizeof(base); i++) {
    tcpflow_tuple tuple = base;
    ((uint8_t *)&tuple)[i] ^= 0xff;
    const bool is = tuple.version == 6 && tuple.scope == 0 && tuple.vlan == 0 &&
                    tuple.tunnel == 0;
    assert_int_equal(mark_of(&tuple),
                     is ? TCPFLOW__ENDS_SIX : TCPFLOW__ENDS_WHOLE);
  }
  base.port[1] = base.port[0];
  assert_int_equal(mark_of(&base), TCPFLOW__ENDS_WHOLE);
}

/* Nothing is lost of a tuple, whoever made it. */
static void ends__each_octet_of_ipv4__kept(void **state) {
  const tcpflow_tuple base = ipv4();

  (void)state;
  for (size_t i = 0; i < sizeof(base); i++) {
    tcpflow_tuple tuple = base;
    ((uint8_t *)&tuple)[i] ^= 0xff;
    const bool vlan = tuple.vlan < UINT32_C(0x80000000);
    const bool fits =
      vlan && tuple.scope == 0 && tuple.tunnel == 0 && tuple.version == 4 &&
      memcmp(tuple.reserved, base.reserved, sizeof(base.reserved)) == 0 &&
      memcmp(tuple.address[0] + 4, base.address[0] + 4, 12) == 0 &&
      memcmp(tuple.address[1] + 4, base.address[1] + 4, 12) == 0;
    check(&tuple, fits);
  }
}

static void ends_are_one__same_ends__only_then(void **state) {
  tcpflow_tuple tuple = ipv4();
  tcpflow_tuple whole = ipv6();

  (void)state;
  tuple.port[1] = tuple.port[0];
  check(&tuple, true);
  memcpy(tuple.address[1], tuple.address[0], 16);
  check(&tuple, false);
  tuple.port[1]++;
  check(&tuple, true);
  whole.port[1] = whole.port[0];
  check(&whole, false);
  memcpy(whole.address[1], whole.address[0], 16);
  check(&whole, false);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(ends__ipv4__no_place),
    cmocka_unit_test(ends__ipv6__a_place),
    cmocka_unit_test(ends__ipv6_and_nothing_else__marked),
    cmocka_unit_test(ends__each_octet_of_ipv4__kept),
    cmocka_unit_test(ends_are_one__same_ends__only_then),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
