/* tests/unit/reasm/test_pieces.c - mirror of lib/reasm/pieces.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "reasm/pieces.h"

enum {
  MANY = 600,
  FLOOD = 100000
};

/* They may not be an array, for what follows each. */
static tcpflow__piece *new_pieces(size_t n) {
  tcpflow__piece *pieces = calloc(n, sizeof(*pieces));

  assert_non_null(pieces);
  return pieces;
}

static void assert_sound(const tcpflow__pieces *set, uint64_t expected) {
  uint64_t count = 0;
  uint64_t memory = 0;

  assert_true(tcpflow__pieces_check(set, &count, &memory));
  assert_int_equal(count, expected);
  assert_int_equal(memory, expected * sizeof(tcpflow__piece));
}

/* Piece I is [10 i + 10, 10 i + 15). */
static void number(tcpflow__piece *p, size_t i) {
  memset(p, 0x5a, sizeof(*p));
  p->offset = 10 * i + 10;
  p->end = p->offset + 5;
  p->captured = 0;
  p->size = 0;
}

static tcpflow__pieces fill(tcpflow__piece *pieces, const size_t *order,
                            size_t n) {
  tcpflow__pieces set = {0};

  for (size_t i = 0; i < n; i++) {
    number(&pieces[order[i]], order[i]);
    tcpflow__pieces_insert(&set, &pieces[order[i]]);
    assert_sound(&set, i + 1);
  }
  return set;
}

enum {
  RISING,
  FALLING,
  INWARD,
  SCATTERED,
  ORDERS
};

static void arrange(size_t *order, size_t n, int how) {
  for (size_t i = 0; i < n; i++) {
    order[i] = how == FALLING ? n - 1 - i : i;
    if (how == INWARD) {
      order[i] = i % 2 == 0 ? i / 2 : n - 1 - i / 2;
    }
  }
  for (size_t i = n; how == SCATTERED && i > 1; i--) {
    const size_t k = (i * i * 31 + 7919) % i;
    const size_t other = order[i - 1];

    order[i - 1] = order[k];
    order[k] = other;
  }
}

static void insert__any_order__balanced_and_sorted(void **state) {
  tcpflow__piece *pieces = new_pieces(MANY);
  size_t order[MANY];

  (void)state;
  for (int how = RISING; how < ORDERS; how++) {
    arrange(order, MANY, how);
    tcpflow__pieces set = fill(pieces, order, MANY);
    tcpflow__piece *p = tcpflow__pieces_first(&set);

    for (size_t i = 0; i < MANY; i++, p = tcpflow__pieces_next(p)) {
      assert_ptr_equal(p, &pieces[i]);
    }
    assert_null(p);
    assert_ptr_equal(tcpflow__pieces_last(&set), &pieces[MANY - 1]);
  }
  free(pieces);
}

/* All orders of up to 7: each case of each rotation. */
static void insert__every_order_of_seven__balanced(void **state) {
  tcpflow__piece *pieces = new_pieces(7);
  size_t order[7];
  unsigned orders = 0;

  (void)state;
  for (unsigned code = 0; code < 823543; code++) {
    unsigned rest = code;
    unsigned seen = 0;

    for (size_t i = 0; i < 7; i++, rest /= 7) {
      order[i] = rest % 7;
      seen |= 1U << order[i];
    }
    if (seen == 0x7f) {
      tcpflow__pieces set = fill(pieces, order, 7);

      for (size_t i = 0; i < 7; i++) {
        assert_ptr_equal(tcpflow__pieces_pop(&set), &pieces[i]);
        assert_sound(&set, 6 - i);
      }
      orders++;
    }
  }
  assert_int_equal(orders, 5040);
  free(pieces);
}

static void pop__until_empty__in_order_and_balanced(void **state) {
  tcpflow__piece *pieces = new_pieces(MANY);
  size_t order[MANY];

  (void)state;
  for (int how = RISING; how < ORDERS; how++) {
    arrange(order, MANY, how);
    tcpflow__pieces set = fill(pieces, order, MANY);

    for (size_t i = 0; i < MANY; i++) {
      assert_ptr_equal(tcpflow__pieces_pop(&set), &pieces[i]);
      assert_sound(&set, MANY - 1 - i);
    }
    assert_null(set.root);
    assert_null(tcpflow__pieces_pop(&set));
  }
  free(pieces);
}

static void floor_and_seek__every_offset__as_a_linear_search(void **state) {
  tcpflow__piece *pieces = new_pieces(MANY);
  size_t order[MANY];

  const tcpflow__pieces none = {0};

  (void)state;
  assert_null(tcpflow__pieces_first(&none));
  assert_null(tcpflow__pieces_last(&none));
  assert_null(tcpflow__pieces_floor(&none, 5));
  assert_null(tcpflow__pieces_seek(&none, 5));
  arrange(order, MANY, SCATTERED);
  tcpflow__pieces set = fill(pieces, order, MANY);
  for (uint64_t offset = 0; offset < 10 * MANY + 20; offset++) {
    tcpflow__piece *floor = NULL;
    tcpflow__piece *seek = NULL;

    for (size_t i = 0; i < MANY; i++) {
      floor = pieces[i].offset <= offset ? &pieces[i] : floor;
      seek = seek == NULL && pieces[i].end > offset ? &pieces[i] : seek;
    }
    assert_ptr_equal(tcpflow__pieces_floor(&set, offset), floor);
    assert_ptr_equal(tcpflow__pieces_seek(&set, offset), seek);
  }
  free(pieces);
}

static void replace__every_piece__takes_its_place(void **state) {
  tcpflow__piece *pieces = new_pieces(MANY);
  tcpflow__piece *others = new_pieces(MANY);
  size_t order[MANY];

  (void)state;
  arrange(order, MANY, SCATTERED);
  tcpflow__pieces set = fill(pieces, order, MANY);
  for (size_t i = 0; i < MANY; i++) {
    number(&others[i], i);
    tcpflow__pieces_replace(&set, &pieces[i], &others[i]);
    memset(&pieces[i], 0xff, sizeof(pieces[i]));
    assert_sound(&set, MANY);
  }
  for (size_t i = 0; i < MANY; i++) {
    assert_ptr_equal(tcpflow__pieces_pop(&set), &others[i]);
  }
  free(pieces);
  free(others);
}

static unsigned depth_of(const tcpflow__piece *p) {
  unsigned depth = 0;

  for (; p != NULL; p = p->parent) {
    depth++;
  }
  return depth;
}

/* SegmentSmack, CVE-2018-5390: every second octet is missing.  An AVL tree of
   n nodes is at most 1.4405 log2(n + 2) high: 24 for 100000. */
static void insert__a_flood_of_pieces__logarithmic_depth(void **state) {
  tcpflow__piece *pieces = new_pieces(FLOOD);

  (void)state;
  for (int how = RISING; how < ORDERS; how++) {
    tcpflow__pieces set = {0};
    unsigned deepest = 0;

    for (size_t i = 0; i < FLOOD; i++) {
      size_t at = how == FALLING ? FLOOD - 1 - i : i;

      at = how == INWARD ? (i % 2 == 0 ? i / 2 : FLOOD - 1 - i / 2) : at;
      at = how == SCATTERED ? i * 7919 % FLOOD : at;
      number(&pieces[at], at);
      tcpflow__pieces_insert(&set, &pieces[at]);
    }
    assert_sound(&set, FLOOD);
    for (size_t i = 0; i < FLOOD; i++) {
      const unsigned depth = depth_of(&pieces[i]);

      deepest = depth > deepest ? depth : deepest;
    }
    assert_in_range(deepest, 17, 24);
  }
  free(pieces);
}

/* Three pieces, the middle one on top. */
static tcpflow__pieces three(tcpflow__piece *pieces) {
  static const size_t order[] = {1, 0, 2};

  return fill(pieces, order, 3);
}

static void check__each_fault__seen(void **state) {
  tcpflow__piece *pieces = new_pieces(3);
  uint64_t count = 0;
  uint64_t memory = 0;
  tcpflow__pieces set = {0};

  (void)state;
  assert_true(tcpflow__pieces_check(&set, &count, &memory));

  set = three(pieces);
  set.root->parent = &pieces[0];
  assert_false(tcpflow__pieces_check(&set, &count, &memory));

  set = three(pieces);
  pieces[0].end = pieces[1].offset + 1; /* Overlap. */
  assert_false(tcpflow__pieces_check(&set, &count, &memory));
  pieces[0].end = pieces[1].offset; /* They may touch. */
  assert_true(tcpflow__pieces_check(&set, &count, &memory));

  set = three(pieces);
  pieces[2].end = pieces[2].offset;
  assert_false(tcpflow__pieces_check(&set, &count, &memory));

  set = three(pieces);
  pieces[1].size = 7;
  pieces[1].captured = 6; /* More than the range. */
  assert_false(tcpflow__pieces_check(&set, &count, &memory));
  pieces[1].captured = 5;
  assert_true(tcpflow__pieces_check(&set, &count, &memory));
  assert_int_equal(memory, 3 * sizeof(tcpflow__piece) + 7);
  pieces[1].size = 4; /* Less than what is there. */
  assert_false(tcpflow__pieces_check(&set, &count, &memory));

  set = three(pieces);
  pieces[1].lean = 1;
  assert_false(tcpflow__pieces_check(&set, &count, &memory));

  set = three(pieces);
  pieces[0].parent = &pieces[2];
  assert_false(tcpflow__pieces_check(&set, &count, &memory));
  pieces[0].parent = NULL;
  assert_false(tcpflow__pieces_check(&set, &count, &memory));
  pieces[0].parent = &pieces[1];
  pieces[2].parent = NULL;
  assert_false(tcpflow__pieces_check(&set, &count, &memory));

  set = three(pieces);
  pieces[2].near[0] = &pieces[0];
  assert_false(tcpflow__pieces_check(&set, &count, &memory));
  pieces[2].near[0] = &pieces[1];
  assert_true(tcpflow__pieces_check(&set, &count, &memory));
  pieces[1].near[1] = NULL;
  assert_false(tcpflow__pieces_check(&set, &count, &memory));
  pieces[1].near[1] = &pieces[2];
  pieces[0].near[0] = &pieces[1];
  assert_false(tcpflow__pieces_check(&set, &count, &memory));
  pieces[0].near[0] = &pieces[2];
  set.first = &pieces[1];
  assert_false(tcpflow__pieces_check(&set, &count, &memory));
  set.first = NULL;
  assert_false(tcpflow__pieces_check(&set, &count, &memory));
  free(pieces);
}

/* Three in a row that lean as they should, if they were allowed to. */
static void try_list(int side) {
  tcpflow__piece *pieces = new_pieces(3);
  uint64_t count = 0;
  uint64_t memory = 0;
  const tcpflow__pieces set = {&pieces[side == 1 ? 0 : 2], &pieces[0]};

  for (size_t i = 0; i < 3; i++) {
    const size_t at = side == 1 ? i : 2 - i;
    const size_t below = side == 1 ? i + 1 : 1 - i;

    number(&pieces[at], at);
    pieces[at].parent = i > 0 ? &pieces[side == 1 ? at - 1 : at + 1] : NULL;
    pieces[at].child[1 - side] = NULL;
    pieces[at].child[side] = i < 2 ? &pieces[below] : NULL;
    pieces[at].near[0] = &pieces[at > 0 ? at - 1 : 2];
    pieces[at].near[1] = at < 2 ? &pieces[at + 1] : NULL;
    pieces[at].lean = (side == 1 ? 1 : -1) * (int32_t)(2 - i);
  }
  assert_false(tcpflow__pieces_check(&set, &count, &memory));
  free(pieces);
}

static void check__a_list__out_of_balance(void **state) {
  (void)state;
  try_list(0);
  try_list(1);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(insert__any_order__balanced_and_sorted),
    cmocka_unit_test(insert__every_order_of_seven__balanced),
    cmocka_unit_test(pop__until_empty__in_order_and_balanced),
    cmocka_unit_test(floor_and_seek__every_offset__as_a_linear_search),
    cmocka_unit_test(replace__every_piece__takes_its_place),
    cmocka_unit_test(insert__a_flood_of_pieces__logarithmic_depth),
    cmocka_unit_test(check__each_fault__seen),
    cmocka_unit_test(check__a_list__out_of_balance),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
