/* tests/unit/frag/test_pending.c - mirror of lib/frag/pending.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "frag/pending.h"
#include "unit/failmem.h"

/* --- kept fragments --- */

static void part_new__first__with_its_header(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  const uint8_t header[20] = {0x45, 1};
  const uint8_t data[16] = {7, 8};
  const tcpflow__fragment f = {.header = header,
                               .data = data,
                               .header_size = 20,
                               .end = 16,
                               .captured = 16};
  tcpflow__part *const part = tcpflow__part_new(&mem, &f);

  (void)state;
  assert_int_equal(fm.live_bytes, tcpflow__part_cost(&f));
  assert_int_equal(fm.live_bytes, sizeof(*part) + 36);
  assert_memory_equal(part->bytes, header, 20);
  assert_memory_equal(part->bytes + 20, data, 16);
  failmem_free(part, &fm);
}

/* Neither a header that does not count nor octets behind the end. */
static void part_new__later_and_cut_back__data_alone(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  const uint8_t header[20] = {0x45};
  const uint8_t data[16] = {7, 8};
  const tcpflow__fragment f = {.header = header,
                               .data = data,
                               .header_size = 20,
                               .start = 8,
                               .end = 16,
                               .captured = 13};
  tcpflow__part *const part = tcpflow__part_new(&mem, &f);

  (void)state;
  assert_int_equal(fm.live_bytes, sizeof(*part) + 8);
  assert_int_equal(part->header_size, 0);
  assert_int_equal(part->captured, 8);
  failmem_free(part, &fm);
}

static void part_new__no_memory__null(void **state) {
  failmem fm = {.fail_at = 1};
  const tcpflow_mem mem = failmem_table(&fm);
  const tcpflow__fragment f = {.start = 8, .end = 16};

  (void)state;
  assert_null(tcpflow__part_new(&mem, &f));
}

/* --- maps --- */

static void map_lie__rows__as_they_lie(void **state) {
  /* There are [8, 24), [24, 32) and [40, 53). */
  static const struct {
    uint32_t start;
    uint32_t end;
    tcpflow__lie lie;
  } rows[] = {
    {0, 8, TCPFLOW__LIE_APART},       {32, 40, TCPFLOW__LIE_APART},
    {56, 65536, TCPFLOW__LIE_APART},  {8, 24, TCPFLOW__LIE_DUPLICATE},
    {24, 32, TCPFLOW__LIE_DUPLICATE}, {40, 53, TCPFLOW__LIE_DUPLICATE},
    {8, 16, TCPFLOW__LIE_OVERLAP},    {16, 24, TCPFLOW__LIE_OVERLAP},
    {8, 32, TCPFLOW__LIE_OVERLAP},    {0, 9, TCPFLOW__LIE_OVERLAP},
    {24, 40, TCPFLOW__LIE_OVERLAP},   {40, 64, TCPFLOW__LIE_OVERLAP},
    {40, 48, TCPFLOW__LIE_OVERLAP},   {0, 65536, TCPFLOW__LIE_OVERLAP},
  };
  tcpflow__map map;

  (void)state;
  memset(&map, 0, sizeof(map));
  tcpflow__map_add(&map, 8, 24);
  tcpflow__map_add(&map, 24, 32);
  tcpflow__map_add(&map, 40, 53);
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    assert_int_equal(tcpflow__map_lie(&map, rows[i].start, rows[i].end),
                     rows[i].lie);
  }
}

static void map_lie__up_to_the_last_unit__found(void **state) {
  tcpflow__map map;

  (void)state;
  memset(&map, 0, sizeof(map));
  tcpflow__map_add(&map, 65528, 65535);
  assert_int_equal(tcpflow__map_lie(&map, 65528, 65535),
                   TCPFLOW__LIE_DUPLICATE);
  assert_int_equal(tcpflow__map_lie(&map, 65520, 65528), TCPFLOW__LIE_APART);
  assert_int_equal(tcpflow__map_lie(&map, 65520, 65535), TCPFLOW__LIE_OVERLAP);
}

/* --- a datagram --- */

static tcpflow__part *append(const tcpflow_mem *mem, tcpflow__pending *p,
                             uint32_t start, uint32_t end) {
  const tcpflow__fragment f = {.start = start, .end = end};
  tcpflow__part *const part = tcpflow__part_new(mem, &f);

  p->before = p->facts;
  if (p->facts.last == NULL) {
    p->first = part;
  } else {
    p->facts.last->next = part;
  }
  p->facts.last = part;
  p->facts.parts++;
  p->memory += sizeof(*part);
  return part;
}

static void pending_take_back__last__as_before(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  tcpflow__map map;
  tcpflow__pending p;
  tcpflow__part *first;

  (void)state;
  memset(&p, 0, sizeof(p));
  p.memory = sizeof(p);
  first = append(&mem, &p, 8, 16);
  (void)append(&mem, &p, 8, 24);
  p.map = &map;
  tcpflow__map_fill(&map, &p);
  assert_int_equal(tcpflow__map_lie(&map, 16, 24), TCPFLOW__LIE_OVERLAP);

  tcpflow__pending_take_back(&mem, &p);
  assert_ptr_equal(p.facts.last, first);
  assert_null(first->next);
  assert_int_equal(p.facts.parts, 1);
  assert_int_equal(p.memory, sizeof(p) + sizeof(*first));
  assert_int_equal(tcpflow__map_lie(&map, 16, 24), TCPFLOW__LIE_APART);
  assert_int_equal(tcpflow__map_lie(&map, 8, 16), TCPFLOW__LIE_DUPLICATE);
  p.map = NULL;
  assert_int_equal(tcpflow__pending_strip(&mem, &p), sizeof(*first));
  assert_int_equal(p.memory, sizeof(p));
  assert_null(p.first);
  assert_int_equal(fm.live_blocks, 0);
}

static void pending_take_back__only_one__empty(void **state) {
  failmem fm = {0};
  const tcpflow_mem mem = failmem_table(&fm);
  tcpflow__pending p;

  (void)state;
  memset(&p, 0, sizeof(p));
  p.memory = sizeof(p);
  (void)append(&mem, &p, 8, 16);
  tcpflow__pending_take_back(&mem, &p);
  assert_null(p.first);
  assert_null(p.facts.last);
  assert_int_equal(p.memory, sizeof(p));
  assert_int_equal(fm.live_blocks, 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(part_new__first__with_its_header),
    cmocka_unit_test(part_new__later_and_cut_back__data_alone),
    cmocka_unit_test(part_new__no_memory__null),
    cmocka_unit_test(map_lie__rows__as_they_lie),
    cmocka_unit_test(map_lie__up_to_the_last_unit__found),
    cmocka_unit_test(pending_take_back__last__as_before),
    cmocka_unit_test(pending_take_back__only_one__empty),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
