/*
 * tests/unit/fsm/test_fsm.c - mirror of lib/fsm/fsm.c.
 *
 * The table below is written from RFC 9293, Figure 5 and section 3.10.7.4, not
 * from fsm.c: the two must agree in every one of the 144 cells.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <limits.h>
#include <string.h>

#include <tcpflow/state.h>

enum {
  UNKNOWN = TCPFLOW_STATE_UNKNOWN,
  CLOSED = TCPFLOW_STATE_CLOSED,
  LISTEN = TCPFLOW_STATE_LISTEN,
  SYN_SENT = TCPFLOW_STATE_SYN_SENT,
  SYN_RECEIVED = TCPFLOW_STATE_SYN_RECEIVED,
  ESTABLISHED = TCPFLOW_STATE_ESTABLISHED,
  FIN_WAIT_1 = TCPFLOW_STATE_FIN_WAIT_1,
  FIN_WAIT_2 = TCPFLOW_STATE_FIN_WAIT_2,
  CLOSE_WAIT = TCPFLOW_STATE_CLOSE_WAIT,
  CLOSING = TCPFLOW_STATE_CLOSING,
  LAST_ACK = TCPFLOW_STATE_LAST_ACK,
  TIME_WAIT = TCPFLOW_STATE_TIME_WAIT
};

enum {
  SND_SYN = TCPFLOW_STIMULUS_SND_SYN,
  RCV_SYN = TCPFLOW_STIMULUS_RCV_SYN,
  SND_SYN_ACK = TCPFLOW_STIMULUS_SND_SYN_ACK,
  RCV_SYN_ACK = TCPFLOW_STIMULUS_RCV_SYN_ACK,
  RCV_ACK_OF_SYN = TCPFLOW_STIMULUS_RCV_ACK_OF_SYN,
  SND_FIN = TCPFLOW_STIMULUS_SND_FIN,
  RCV_FIN = TCPFLOW_STIMULUS_RCV_FIN,
  RCV_ACK_OF_FIN = TCPFLOW_STIMULUS_RCV_ACK_OF_FIN,
  SND_RST = TCPFLOW_STIMULUS_SND_RST,
  RCV_RST = TCPFLOW_STIMULUS_RCV_RST,
  RCV_ERROR = TCPFLOW_STIMULUS_RCV_ERROR,
  TIMEOUT = TCPFLOW_STIMULUS_TIMEOUT,
  PICK_UP = TCPFLOW_STIMULUS_PICK_UP
};

static const struct {
  int from;
  int stimulus;
  int to;
  const char *label;
} figure[] = {
  {UNKNOWN, SND_SYN, SYN_SENT, "active OPEN / snd SYN"},
  {UNKNOWN, RCV_SYN, LISTEN, "passive OPEN (obs)"},
  {UNKNOWN, SND_SYN_ACK, SYN_RECEIVED, "SYN not captured (obs)"},
  {UNKNOWN, PICK_UP, ESTABLISHED, "picked up mid-stream (obs)"},
  {LISTEN, SND_SYN_ACK, SYN_RECEIVED, "rcv SYN / snd SYN,ACK"},
  {LISTEN, SND_SYN, SYN_SENT, "SEND / snd SYN"},
  {SYN_SENT, RCV_SYN, SYN_RECEIVED, "rcv SYN / snd SYN,ACK"},
  {SYN_SENT, SND_SYN_ACK, SYN_RECEIVED, "SYNs crossed (obs)"},
  {SYN_SENT, RCV_SYN_ACK, ESTABLISHED, "rcv SYN,ACK / snd ACK"},
  {SYN_SENT, RCV_ERROR, CLOSED, "ICMP error (obs)"},
  {SYN_RECEIVED, RCV_ERROR, CLOSED, "ICMP error (obs)"},
  {SYN_RECEIVED, RCV_ACK_OF_SYN, ESTABLISHED, "rcv ACK of SYN / x"},
  {SYN_RECEIVED, SND_FIN, FIN_WAIT_1, "CLOSE / snd FIN"},
  {SYN_RECEIVED, RCV_FIN, CLOSE_WAIT, "rcv FIN / snd ACK (3.10.7.4)"},
  {ESTABLISHED, SND_FIN, FIN_WAIT_1, "CLOSE / snd FIN"},
  {ESTABLISHED, RCV_FIN, CLOSE_WAIT, "rcv FIN / snd ACK"},
  {FIN_WAIT_1, RCV_ACK_OF_FIN, FIN_WAIT_2, "rcv ACK of FIN / x"},
  {FIN_WAIT_1, RCV_FIN, CLOSING, "rcv FIN / snd ACK"},
  {CLOSE_WAIT, SND_FIN, LAST_ACK, "CLOSE / snd FIN"},
  {FIN_WAIT_2, RCV_FIN, TIME_WAIT, "rcv FIN / snd ACK"},
  {CLOSING, RCV_ACK_OF_FIN, TIME_WAIT, "rcv ACK of FIN / x"},
  {LAST_ACK, RCV_ACK_OF_FIN, CLOSED, "rcv ACK of FIN / x"},
  {TIME_WAIT, TIMEOUT, CLOSED, "Timeout=2MSL / delete TCB"},
};

enum {
  ARROWS = sizeof(figure) / sizeof(figure[0])
};

static tcpflow_state next(int from, int stimulus) {
  return tcpflow_state_next((tcpflow_state)from, (tcpflow_stimulus)stimulus);
}

static const char *arrow(int from, int stimulus) {
  return tcpflow_state_arrow((tcpflow_state)from, (tcpflow_stimulus)stimulus);
}

static int is_reset(int stimulus) {
  return stimulus == SND_RST || stimulus == RCV_RST;
}

/* The arrow of a cell, or -1. */
static int find_arrow(int from, int stimulus) {
  for (int i = 0; i < ARROWS; i++) {
    if (figure[i].from == from && figure[i].stimulus == stimulus) {
      return i;
    }
  }
  return -1;
}

static void next__every_cell__as_the_figure(void **state) {
  (void)state;
  for (int from = 0; from < TCPFLOW_STATE_COUNT; from++) {
    for (int stimulus = 0; stimulus < TCPFLOW_STIMULUS_COUNT; stimulus++) {
      const int i = find_arrow(from, stimulus);

      if (!is_reset(stimulus)) {
        assert_int_equal(next(from, stimulus), i < 0 ? from : figure[i].to);
      }
    }
  }
}

static void next__reset_from_anywhere__closed(void **state) {
  (void)state;
  for (int from = 0; from < TCPFLOW_STATE_COUNT; from++) {
    assert_int_equal(next(from, SND_RST), CLOSED);
    assert_int_equal(next(from, RCV_RST), CLOSED);
  }
}

static void next__closed__nothing_leads_out(void **state) {
  (void)state;
  for (int stimulus = 0; stimulus < TCPFLOW_STIMULUS_COUNT; stimulus++) {
    assert_int_equal(next(CLOSED, stimulus), CLOSED);
  }
}

static void next__unknown__nothing_leads_in(void **state) {
  (void)state;
  for (int from = 1; from < TCPFLOW_STATE_COUNT; from++) {
    for (int stimulus = 0; stimulus < TCPFLOW_STIMULUS_COUNT; stimulus++) {
      assert_int_not_equal(next(from, stimulus), UNKNOWN);
    }
  }
}

/* Every arrow leads forward, so no path has a circle. */
static void next__any_path__never_back(void **state) {
  static const int rank[TCPFLOW_STATE_COUNT] = {
    [UNKNOWN] = 0,     [LISTEN] = 1,     [SYN_SENT] = 2,   [SYN_RECEIVED] = 3,
    [ESTABLISHED] = 4, [FIN_WAIT_1] = 5, [CLOSE_WAIT] = 5, [FIN_WAIT_2] = 6,
    [CLOSING] = 6,     [LAST_ACK] = 6,   [TIME_WAIT] = 7,  [CLOSED] = 8};

  (void)state;
  for (int from = 0; from < TCPFLOW_STATE_COUNT; from++) {
    for (int stimulus = 0; stimulus < TCPFLOW_STIMULUS_COUNT; stimulus++) {
      const int to = (int)next(from, stimulus);

      assert_true(to == from || rank[to] > rank[from]);
    }
  }
}

static void next__from_unknown__every_state_is_reached(void **state) {
  unsigned reached = 1U << UNKNOWN;

  (void)state;
  for (int turn = 0; turn < TCPFLOW_STATE_COUNT; turn++) {
    for (int from = 0; from < TCPFLOW_STATE_COUNT; from++) {
      for (int s = 0; s < TCPFLOW_STIMULUS_COUNT; s++) {
        if ((reached >> from & 1U) != 0) {
          reached |= 1U << next(from, s);
        }
      }
    }
  }
  assert_int_equal(reached, (1U << TCPFLOW_STATE_COUNT) - 1);
}

static void next__argument_out_of_range__stays(void **state) {
  static const int bad[] = {-1, 14, 15, 255, 256, INT_MAX, INT_MIN};

  (void)state;
  for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
    for (int s = 0; s < TCPFLOW_STIMULUS_COUNT; s++) {
      assert_int_equal((int)next(bad[i], s), bad[i]);
      assert_null(arrow(bad[i], s));
    }
    for (int from = 0; from < TCPFLOW_STATE_COUNT; from++) {
      assert_int_equal((int)next(from, bad[i]), from);
      assert_null(arrow(from, bad[i]));
    }
    assert_int_equal((int)next(bad[i], bad[i]), bad[i]);
  }
}

static void arrow__every_cell__label_exactly_where_it_moves(void **state) {
  (void)state;
  for (int from = 0; from < TCPFLOW_STATE_COUNT; from++) {
    for (int stimulus = 0; stimulus < TCPFLOW_STIMULUS_COUNT; stimulus++) {
      const int moves = (int)next(from, stimulus) != from;

      assert_int_equal(arrow(from, stimulus) != NULL, moves);
    }
  }
}

static void arrow__every_row__words_of_the_figure(void **state) {
  (void)state;
  for (int i = 0; i < ARROWS; i++) {
    assert_string_equal(arrow(figure[i].from, figure[i].stimulus),
                        figure[i].label);
  }
  assert_string_equal(arrow(ESTABLISHED, RCV_RST), "rcv RST / delete TCB");
  assert_string_equal(arrow(ESTABLISHED, SND_RST), "snd RST / delete TCB");
}

/* A path: stimuli and the states they lead to, from UNKNOWN, ended by -1. */
typedef struct step {
  int stimulus;
  int to;
} step;

static void walk(const step *path) {
  int at = UNKNOWN;

  for (; path->stimulus >= 0; path++) {
    at = (int)next(at, path->stimulus);
    assert_int_equal(at, path->to);
  }
}

static void path__opener_closes_first__through_time_wait(void **state) {
  static const step path[] = {{SND_SYN, SYN_SENT},
                              {RCV_SYN_ACK, ESTABLISHED},
                              {SND_FIN, FIN_WAIT_1},
                              {RCV_ACK_OF_FIN, FIN_WAIT_2},
                              {RCV_FIN, TIME_WAIT},
                              {TIMEOUT, CLOSED},
                              {-1, 0}};

  (void)state;
  walk(path);
}

static void path__listener_closes_second__through_last_ack(void **state) {
  static const step path[] = {{RCV_SYN, LISTEN},
                              {SND_SYN_ACK, SYN_RECEIVED},
                              {RCV_ACK_OF_SYN, ESTABLISHED},
                              {RCV_FIN, CLOSE_WAIT},
                              {SND_FIN, LAST_ACK},
                              {RCV_ACK_OF_FIN, CLOSED},
                              {-1, 0}};

  (void)state;
  walk(path);
}

static void path__fins_cross__through_closing(void **state) {
  static const step path[] = {
    {PICK_UP, ESTABLISHED},      {SND_FIN, FIN_WAIT_1}, {RCV_FIN, CLOSING},
    {RCV_ACK_OF_FIN, TIME_WAIT}, {TIMEOUT, CLOSED},     {-1, 0}};

  (void)state;
  walk(path);
}

/* Note 2: FIN and the ACK of ours in one segment, ACK first. */
static void path__three_segment_close__fin_wait_2_in_passing(void **state) {
  static const step path[] = {{PICK_UP, ESTABLISHED},
                              {SND_FIN, FIN_WAIT_1},
                              {RCV_ACK_OF_FIN, FIN_WAIT_2},
                              {RCV_FIN, TIME_WAIT},
                              {-1, 0}};

  (void)state;
  walk(path);
}

/* RFC 9293 Figure 7, peer A: its SYN passes the observer first. */
static void path__simultaneous_open_first__syn_received(void **state) {
  static const step path[] = {{SND_SYN, SYN_SENT},
                              {RCV_SYN, SYN_RECEIVED},
                              {SND_SYN_ACK, SYN_RECEIVED},
                              {RCV_ACK_OF_SYN, ESTABLISHED},
                              {-1, 0}};

  (void)state;
  walk(path);
}

/* Peer B: the other SYN was on its way when it sent its own. */
static void path__simultaneous_open_second__syn_received(void **state) {
  static const step path[] = {{RCV_SYN, LISTEN},
                              {SND_SYN, SYN_SENT},
                              {SND_SYN_ACK, SYN_RECEIVED},
                              {RCV_ACK_OF_SYN, ESTABLISHED},
                              {-1, 0}};

  (void)state;
  walk(path);
}

static void path__close_before_the_handshake_ends__fin_wait_1(void **state) {
  static const step path[] = {{RCV_SYN, LISTEN},
                              {SND_SYN_ACK, SYN_RECEIVED},
                              {SND_FIN, FIN_WAIT_1},
                              {RCV_ACK_OF_SYN, FIN_WAIT_1},
                              {RCV_ACK_OF_FIN, FIN_WAIT_2},
                              {-1, 0}};

  (void)state;
  walk(path);
}

static void path__fin_with_the_syn__close_wait(void **state) {
  static const step path[] = {
    {RCV_SYN, LISTEN},     {SND_SYN_ACK, SYN_RECEIVED},
    {RCV_FIN, CLOSE_WAIT}, {RCV_ACK_OF_SYN, CLOSE_WAIT},
    {SND_FIN, LAST_ACK},   {-1, 0}};

  (void)state;
  walk(path);
}

static void path__retransmissions__stay(void **state) {
  static const step path[] = {{SND_SYN, SYN_SENT},
                              {SND_SYN, SYN_SENT},
                              {RCV_SYN_ACK, ESTABLISHED},
                              {RCV_SYN_ACK, ESTABLISHED},
                              {SND_FIN, FIN_WAIT_1},
                              {SND_FIN, FIN_WAIT_1},
                              {RCV_FIN, CLOSING},
                              {RCV_FIN, CLOSING},
                              {RCV_ACK_OF_FIN, TIME_WAIT},
                              {RCV_ACK_OF_FIN, TIME_WAIT},
                              {RCV_FIN, TIME_WAIT},
                              {PICK_UP, TIME_WAIT},
                              {-1, 0}};

  (void)state;
  walk(path);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(next__every_cell__as_the_figure),
    cmocka_unit_test(next__reset_from_anywhere__closed),
    cmocka_unit_test(next__closed__nothing_leads_out),
    cmocka_unit_test(next__unknown__nothing_leads_in),
    cmocka_unit_test(next__any_path__never_back),
    cmocka_unit_test(next__from_unknown__every_state_is_reached),
    cmocka_unit_test(next__argument_out_of_range__stays),
    cmocka_unit_test(arrow__every_cell__label_exactly_where_it_moves),
    cmocka_unit_test(arrow__every_row__words_of_the_figure),
    cmocka_unit_test(path__opener_closes_first__through_time_wait),
    cmocka_unit_test(path__listener_closes_second__through_last_ack),
    cmocka_unit_test(path__fins_cross__through_closing),
    cmocka_unit_test(path__three_segment_close__fin_wait_2_in_passing),
    cmocka_unit_test(path__simultaneous_open_first__syn_received),
    cmocka_unit_test(path__simultaneous_open_second__syn_received),
    cmocka_unit_test(path__close_before_the_handshake_ends__fin_wait_1),
    cmocka_unit_test(path__fin_with_the_syn__close_wait),
    cmocka_unit_test(path__retransmissions__stay),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
