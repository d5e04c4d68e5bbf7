/* tests/unit/frag/test_complete.c - mirror of lib/frag/complete.c. */
#include "unit/frag/feeds.h"

static void frag_undo__completed__fed_again_the_same(void **state) {
  static const cut first = {.length = 24, .more = true, .fill = 1};
  static const cut last = {.start = 24, .length = 9, .fill = 2, .lacks = 2};
  tcpflow_frag *const frag = make();
  tcpflow_frag_result result;
  tcpflow_frame datagram;
  cutting made;

  (void)state;
  (void)cut_feed(frag, &first);
  (void)cut_feed(frag, &first);
  const tcpflow_frag_stats before = cut_stats(frag);
  cutting_make(&made, &last);
  for (unsigned i = 0; i < 3; i++) {
    assert_int_equal(tcpflow__frag_take(frag, &made.packet, &result, &datagram),
                     TCPFLOW_OK);
    assert_int_equal(result.outcome, TCPFLOW_FRAG_COMPLETE);
    assert_int_equal(result.fragments, 3);
    assert_int_equal(datagram.length, 20 + 33);
    assert_int_equal(datagram.captured, 20 + 31);
    assert_int_equal(cut_stats(frag).completed, 1);
    assert_int_equal(cut_stats(frag).held, 0);
    tcpflow__frag_undo(frag);
    const tcpflow_frag_stats after = cut_stats(frag);
    assert_memory_equal(&after, &before, sizeof(after));
  }
  (void)tcpflow__frag_take(frag, &made.packet, &result, &datagram);
  tcpflow__frag_settle(frag);
  assert_int_equal(cut_stats(frag).held_memory, 0);
  free(made.bytes);
  tcpflow_frag_del(frag);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(frag_undo__completed__fed_again_the_same),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
