/* tests/unit/frag/test_board.c - mirror of lib/frag/board.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "frag/board.h"
#include "unit/frag/cuts.h"

/* --- the vectors of the papers --- */

/*
 * The fragments of Novak ("Target-Based Fragmentation Reassembly", 2005), which
 * begin with those of Shankar and Paxson (2003): nine that lie apart, then
 * eight over them.  Each has a letter; units are 8 octets.
 */
static const struct {
  char letter;
  uint32_t unit;
  uint32_t units;
} novak[] = {
  {'A', 0, 3},  {'B', 4, 2},  {'C', 6, 3},  {'D', 10, 1}, {'E', 13, 2},
  {'F', 15, 3}, {'G', 18, 2}, {'H', 20, 2}, {'I', 22, 1}, {'J', 1, 4},
  {'K', 6, 3},  {'L', 9, 3},  {'M', 12, 3}, {'N', 16, 1}, {'O', 19, 1},
  {'P', 20, 1}, {'Q', 22, 2},
};

static const struct {
  tcpflow_frag_policy policy;
  const char *whose; /* Unit by unit. */
} novak_says[] = {
  {TCPFLOW_FRAG_POLICY_FIRST, "AAAJBBCCCLDLMEEFFFGGHHIQ"},
  {TCPFLOW_FRAG_POLICY_LAST, "AJJJJBKKKLLLMMMFNFGOPHQQ"},
  {TCPFLOW_FRAG_POLICY_BSD, "AAAJJBCCCLLLMMMFFFGGHHIQ"},
  {TCPFLOW_FRAG_POLICY_BSD_RIGHT, "AJJJBBKKKLLLMMMFFFGGHHQQ"},
  {TCPFLOW_FRAG_POLICY_LINUX, "AAAJJBKKKLLLMMMFFFGGPHQQ"},
  {TCPFLOW_FRAG_POLICY_WINDOWS, "AAAJBBCCCLLLMEEFFFGGHHIQ"},
  {TCPFLOW_FRAG_POLICY_SOLARIS, "AAAJBBCCCLLLMMMFFFGGHHIQ"},
};

static tcpflow_frag *make(tcpflow_frag_policy policy) {
  tcpflow_frag_config config;
  tcpflow_frag *frag = NULL;

  tcpflow_frag_config_init(&config);
  config.policy_ipv4 = (uint32_t)policy;
  config.policy_ipv6 = (uint32_t)policy;
  assert_int_equal(tcpflow_frag_new(&frag, &config, NULL, NULL, NULL),
                   TCPFLOW_OK);
  return frag;
}

static void check_novak(tcpflow_frag_policy policy, const char *whose,
                        uint8_t version) {
  tcpflow_frag *const frag = make(policy);
  const size_t count = sizeof(novak) / sizeof(novak[0]);
  const uint32_t header = version == 6 ? 40 : 20;
  said s;

  for (size_t i = 0; i < count; i++) {
    const cut c = {.start = novak[i].unit * 8,
                   .length = novak[i].units * 8,
                   .more = i + 1 < count,
                   .fill = (uint8_t)novak[i].letter,
                   .protocol = 1,
                   .version = version};
    s = cut_feed(frag, &c);
    assert_int_equal(s.result.outcome,
                     i + 1 < count ? TCPFLOW_FRAG_HELD : TCPFLOW_FRAG_COMPLETE);
    assert_int_equal(s.result.anomalies & TCPFLOW_FRAG_ANOMALY_OVERLAP,
                     i < 9 ? 0 : TCPFLOW_FRAG_ANOMALY_OVERLAP);
  }
  assert_int_equal(s.datagram.length, header + strlen(whose) * 8);
  for (size_t i = 0; i < strlen(whose) * 8; i++) {
    assert_int_equal(s.datagram.bytes[header + i], whose[i / 8]);
  }
  assert_true((s.result.anomalies & TCPFLOW_FRAG_ANOMALY_CONFLICT) != 0);
  tcpflow_frag_del(frag);
}

static void board_lay__fragments_of_novak__as_published(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof(novak_says) / sizeof(novak_says[0]); i++) {
    check_novak(novak_says[i].policy, novak_says[i].whose, 4);
    check_novak(novak_says[i].policy, novak_says[i].whose, 6);
  }
}

/* --- two fragments, in every way --- */

/*
 * The old fragment has units 4 to 7.  A row is a way to lie; for each policy,
 * who has what they share: O or N.  From Suricata's defrag.c and Snort's
 * ip_defrag.cc; the order is that of the enumeration.
 */
static const struct {
  const char *what;
  uint32_t from;
  uint32_t end;
  const char *whose; /* first last bsd bsd-right linux windows solaris */
} ways[] = {
  {"ends inside, starts before", 2, 6, "ONNONOO"},
  {"same end, starts before", 2, 8, "ONNNNON"},
  {"around", 2, 10, "ONNNNNN"},
  {"same start, ends inside", 4, 6, "ONOONOO"},
  {"same", 4, 8, "ONONNOO"},
  {"same start, ends behind", 4, 10, "ONONNOO"},
  {"inside", 5, 7, "ONOOOOO"},
  {"starts inside, same end", 6, 8, "ONOOOOO"},
  {"starts inside, ends behind", 6, 10, "ONONOOO"},
};

static tcpflow__part *part_of(uint32_t from, uint32_t end, uint8_t fill) {
  tcpflow__part *const part =
    (tcpflow__part *)calloc(1, sizeof(*part) + (end - from) * 8);

  part->start = from * 8;
  part->end = end * 8;
  part->captured = part->end - part->start;
  memset(part->bytes, fill, part->captured);
  return part;
}

static const tcpflow__part *owner_of(const tcpflow__board *board,
                                     uint32_t unit) {
  const tcpflow__run run = tcpflow__board_run(board, unit);

  return run.owner != NULL && run.from <= unit ? run.owner : NULL;
}

static void board_lay__two_fragments__as_the_table_says(void **state) {
  tcpflow__board *const board = (tcpflow__board *)malloc(sizeof(*board));
  tcpflow__part *const old = part_of(4, 8, 'o');

  (void)state;
  for (size_t i = 0; i < sizeof(ways) / sizeof(ways[0]); i++) {
    tcpflow__part *const new_one = part_of(ways[i].from, ways[i].end, 'n');
    for (int p = TCPFLOW_FRAG_POLICY_FIRST; p <= TCPFLOW_FRAG_POLICY_SOLARIS;
         p++) {
      tcpflow__board_clear(board);
      assert_false(tcpflow__board_lay(board, old, 80, (tcpflow_frag_policy)p));
      assert_true(
        tcpflow__board_lay(board, new_one, 80, (tcpflow_frag_policy)p));
      for (uint32_t unit = 0; unit < 12; unit++) {
        const bool in_old = unit >= 4 && unit < 8;
        const bool in_new = unit >= ways[i].from && unit < ways[i].end;
        const bool wins = ways[i].whose[p - 1] == 'N';
        const tcpflow__part *const right = in_new && (!in_old || wins) ? new_one
                                           : in_old                    ? old
                                                                       : NULL;
        assert_ptr_equal(owner_of(board, unit), right);
      }
    }
    free(new_one);
  }
  free(old);
  free(board);
}

/* --- more than two: a fragment is compared with what is left --- */

/* 4.4BSD: the second fragment keeps its last unit; the third one starts before
   that and takes it. */
static void board_lay__old_one_was_trimmed__its_rest_counts(void **state) {
  tcpflow__board *const board = (tcpflow__board *)malloc(sizeof(*board));
  tcpflow__part *const a = part_of(0, 2, 'a');
  tcpflow__part *const b = part_of(1, 3, 'b');
  tcpflow__part *const c = part_of(1, 3, 'c');

  (void)state;
  tcpflow__board_clear(board);
  (void)tcpflow__board_lay(board, a, 24, TCPFLOW_FRAG_POLICY_BSD);
  (void)tcpflow__board_lay(board, b, 24, TCPFLOW_FRAG_POLICY_BSD);
  assert_ptr_equal(owner_of(board, 2), b);
  (void)tcpflow__board_lay(board, c, 24, TCPFLOW_FRAG_POLICY_BSD);
  assert_ptr_equal(owner_of(board, 0), a);
  assert_ptr_equal(owner_of(board, 1), a);
  assert_ptr_equal(owner_of(board, 2), c);
  free(a);
  free(b);
  free(c);
  free(board);
}

/* Reported for Suricata on Linux ("Jeremy"): a new fragment that trims an old
   one is not trimmed by it in turn. */
static void board_lay__linux_front_trimmed__new_one_whole(void **state) {
  static const char whose[] = "AAACCCCCCBBDD";
  tcpflow_frag *const frag = make(TCPFLOW_FRAG_POLICY_LINUX);
  const cut cuts[] = {
    {.start = 0, .length = 24, .more = true, .fill = 'A', .protocol = 1},
    {.start = 40, .length = 48, .more = true, .fill = 'B', .protocol = 1},
    {.start = 24, .length = 48, .more = true, .fill = 'C', .protocol = 1},
    {.start = 88, .length = 14, .fill = 'D', .protocol = 1},
  };
  said s;

  (void)state;
  for (size_t i = 0; i < 4; i++) {
    s = cut_feed(frag, &cuts[i]);
  }
  assert_int_equal(s.result.outcome, TCPFLOW_FRAG_COMPLETE);
  assert_int_equal(s.datagram.length, 20 + 102);
  for (uint32_t i = 0; i < 102; i++) {
    assert_int_equal(s.datagram.bytes[20 + i], whose[i / 8]);
  }
  tcpflow_frag_del(frag);
}

/* A new one fills the gaps between old ones that keep what they have. */
static void board_lay__over_many_that_stay__fills_the_gaps(void **state) {
  tcpflow__board *const board = (tcpflow__board *)malloc(sizeof(*board));
  tcpflow__part *const wide = part_of(0, 9, 'w');
  tcpflow__part *narrow[4];

  (void)state;
  tcpflow__board_clear(board);
  for (uint32_t i = 0; i < 4; i++) {
    narrow[i] = part_of(2 * i + 1, 2 * i + 2, 'n');
    (void)tcpflow__board_lay(board, narrow[i], 72, TCPFLOW_FRAG_POLICY_FIRST);
  }
  (void)tcpflow__board_lay(board, wide, 72, TCPFLOW_FRAG_POLICY_FIRST);
  for (uint32_t i = 0; i < 9; i++) {
    assert_ptr_equal(owner_of(board, i), i % 2 == 1 ? narrow[i / 2] : wide);
  }
  for (uint32_t i = 0; i < 4; i++) {
    free(narrow[i]);
  }
  free(wide);
  free(board);
}

/* Octets behind the end are not compared, nor are those of neither capture. */
static void board_lay__differs_only_behind_the_end__no_conflict(void **state) {
  tcpflow__board *const board = (tcpflow__board *)malloc(sizeof(*board));
  tcpflow__part *const a = part_of(0, 2, 'x');
  tcpflow__part *const b = part_of(0, 2, 'x');

  (void)state;
  b->bytes[13] = 'y';
  tcpflow__board_clear(board);
  assert_false(tcpflow__board_lay(board, a, 13, TCPFLOW_FRAG_POLICY_FIRST));
  assert_false(tcpflow__board_lay(board, b, 13, TCPFLOW_FRAG_POLICY_FIRST));
  tcpflow__board_clear(board);
  assert_false(tcpflow__board_lay(board, a, 14, TCPFLOW_FRAG_POLICY_FIRST));
  assert_true(tcpflow__board_lay(board, b, 14, TCPFLOW_FRAG_POLICY_FIRST));
  b->captured = 13;
  tcpflow__board_clear(board);
  assert_false(tcpflow__board_lay(board, a, 16, TCPFLOW_FRAG_POLICY_FIRST));
  assert_false(tcpflow__board_lay(board, b, 16, TCPFLOW_FRAG_POLICY_FIRST));
  free(a);
  free(b);
  free(board);
}

/* The first last fragment says where the datagram ends.  Another one that ends
   earlier in the same 8 octets does not take them away. */
static void board_lay__other_end_in_the_same_unit__nothing_lost(void **state) {
  static const tcpflow_frag_policy policies[] = {
    TCPFLOW_FRAG_POLICY_FIRST,   TCPFLOW_FRAG_POLICY_LAST,
    TCPFLOW_FRAG_POLICY_BSD,     TCPFLOW_FRAG_POLICY_BSD_RIGHT,
    TCPFLOW_FRAG_POLICY_LINUX,   TCPFLOW_FRAG_POLICY_WINDOWS,
    TCPFLOW_FRAG_POLICY_SOLARIS,
  };
  const cut last = {.start = 24, .length = 4, .fill = 'A'};
  const cut other = {.start = 24, .length = 1, .fill = 'X'};
  const cut first = {.length = 24, .more = true, .fill = 'F'};

  (void)state;
  for (size_t i = 0; i < sizeof(policies) / sizeof(policies[0]); i++) {
    tcpflow_frag *const frag = make(policies[i]);

    (void)cut_feed(frag, &last);
    (void)cut_feed(frag, &other);
    const said s = cut_feed(frag, &first);
    assert_int_equal(s.result.outcome, TCPFLOW_FRAG_COMPLETE);
    assert_int_equal(s.datagram.captured, 20 + 28);
    assert_int_equal(s.datagram.length, 20 + 28);
    assert_memory_equal(s.datagram.bytes + 20 + 24, "AAAA", 4);
    assert_int_not_equal(s.result.anomalies & TCPFLOW_FRAG_ANOMALY_CONFLICT, 0);
    assert_int_not_equal(s.result.anomalies & TCPFLOW_FRAG_ANOMALY_TWO_ENDS, 0);
    tcpflow_frag_del(frag);
  }
}

/* Nobody has the octets behind the earlier end: the datagram is known up to
   there. */
static void board_lay__other_end_alone_in_its_unit__known_up_to(void **state) {
  tcpflow_frag *const frag = make(TCPFLOW_FRAG_POLICY_LAST);
  const cut last = {.start = 32, .length = 4, .fill = 'A'};
  const cut other = {.start = 24, .length = 1, .fill = 'X'};
  const cut first = {.length = 24, .more = true, .fill = 'F'};

  (void)state;
  (void)cut_feed(frag, &last);
  (void)cut_feed(frag, &other);
  const said s = cut_feed(frag, &first);
  assert_int_equal(s.result.outcome, TCPFLOW_FRAG_COMPLETE);
  assert_int_equal(s.datagram.captured, 20 + 25);
  assert_int_equal(s.datagram.length, 20 + 36);
  assert_memory_equal(s.datagram.bytes + 20 + 24, "X", 1);
  tcpflow_frag_del(frag);
}

/* Two that end earlier in one unit: who has more of it has it. */
static void board_fill__two_in_a_unit__longer_one(void **state) {
  tcpflow_frag *const frag = make(TCPFLOW_FRAG_POLICY_FIRST);
  const cut last = {.start = 16, .length = 8, .fill = 'A'};
  const cut shorter = {.start = 8, .length = 1, .fill = 'X'};
  const cut longer = {.start = 8, .length = 3, .fill = 'X'};
  const cut first = {.length = 8, .more = true, .fill = 'F'};

  (void)state;
  (void)cut_feed(frag, &last);
  (void)cut_feed(frag, &shorter);
  (void)cut_feed(frag, &longer);
  (void)cut_feed(frag, &shorter);
  const said s = cut_feed(frag, &first);
  assert_int_equal(s.result.outcome, TCPFLOW_FRAG_COMPLETE);
  assert_int_equal(s.datagram.captured, 20 + 11);
  assert_memory_equal(s.datagram.bytes + 20, "FFFFFFFFXXX", 11);
  tcpflow_frag_del(frag);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(board_lay__fragments_of_novak__as_published),
    cmocka_unit_test(board_lay__two_fragments__as_the_table_says),
    cmocka_unit_test(board_lay__old_one_was_trimmed__its_rest_counts),
    cmocka_unit_test(board_lay__linux_front_trimmed__new_one_whole),
    cmocka_unit_test(board_lay__over_many_that_stay__fills_the_gaps),
    cmocka_unit_test(board_lay__differs_only_behind_the_end__no_conflict),
    cmocka_unit_test(board_lay__other_end_in_the_same_unit__nothing_lost),
    cmocka_unit_test(board_lay__other_end_alone_in_its_unit__known_up_to),
    cmocka_unit_test(board_fill__two_in_a_unit__longer_one),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
