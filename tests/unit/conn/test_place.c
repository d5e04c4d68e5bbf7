/*
 * tests/unit/conn/test_place.c - mirror of lib/conn/place.c: between sequence
 * numbers and stream offsets.
 */
#include "play.h"

#include "conn/conn.h"

/* Numbers at which something turns over. */
static const uint32_t bases[] = {
  1, 1000, 0x7ffffff0, 0x80000000, 0xfffffff0, 0xfffffffe, 0xffffffff, 0, 5};

#define FOR_EVERY_BASE(b)                                                      \
  for (const uint32_t *b = bases;                                              \
       b < bases + sizeof(bases) / sizeof(bases[0]); b++)

/* Both SYNs; the client's data begins at BASE, the server's at 5001. */
static void play_from(play *p, uint32_t base) {
  play_begin(p, NULL);
  play_send(p, CLIENT, "S", base - 1, 0, "");
  play_send(p, SERVER, "S.", 5000, base, "");
  play_send(p, CLIENT, ".", base, 5001, "");
  (void)play_log(p);
}

static void place__data__counted_from_behind_the_syn(void **state) {
  (void)state;
  FOR_EVERY_BASE(base) {
    play p;

    play_from(&p, *base);
    play_send(&p, CLIENT, "P.", *base, 5001, "abc");
    assert_int_equal(p.last.offset, 0);
    play_send(&p, CLIENT, "P.", *base + 20, 5001, "xyz");
    assert_int_equal(p.last.offset, 20);
    play_send(&p, CLIENT, "P.", *base + 3, 5001, "defghijklmnopqrst");
    assert_string_equal(play_log(&p), "data client 0 abc\n"
                                      "data client 3 defghijklmnopqrst\n"
                                      "data client 20 xyz\n");
    play_finish(&p);
  }
}

/* What lies before the stream has no offset and is not told, but that it came
   is: nobody knows whether it was told ever. */
static void place__before_the_stream__cut_off(void **state) {
  (void)state;
  FOR_EVERY_BASE(base) {
    play p;

    play_begin(&p, NULL);
    play_send(&p, SERVER, ".", 5001, *base, "");
    (void)play_log(&p);
    play_send(&p, CLIENT, ".", *base - 3, 5001, "abc");
    assert_true(p.last.offset == UINT64_MAX);
    assert_string_equal(play_log(&p), "anomaly client before-stream x1\n");
    play_send(&p, CLIENT, ".", *base - 2000, 5001, "abc");
    assert_string_equal(play_log(&p), "");
    play_send(&p, CLIENT, ".", *base - 3, 5001, "abcd");
    assert_true(p.last.offset == UINT64_MAX);
    assert_string_equal(play_log(&p), "data client 0 d\n");
    /* A keep-alive, in passing. */
    play_send(&p, CLIENT, ".", *base, 5001, "");
    assert_int_equal(p.last.offset, 0);
    play_finish(&p);
  }
}

/* Captured are the octets before the stream, or some of those in it. */
static void place__before_the_stream_and_cut__gap_of_the_rest(void **state) {
  (void)state;
  for (uint32_t cut = 0; cut <= 8; cut++) {
    static const char *const told[] = {
      "data client 0 defgh\n",
      "data client 0 defg\ngap client 4+1 cut\n",
      "data client 0 def\ngap client 3+2 cut\n",
      "data client 0 de\ngap client 2+3 cut\n",
      "data client 0 d\ngap client 1+4 cut\n",
      "gap client 0+5 cut\n",
      "gap client 0+5 cut\n",
      "gap client 0+5 cut\n",
      "gap client 0+5 cut\n"};
    char expected[128];
    play p;

    play_begin(&p, NULL);
    play_send(&p, SERVER, ".", 5001, 1, "");
    (void)play_log(&p);
    p.cut = cut;
    play_send(&p, CLIENT, ".", 0xfffffffe, 5001, "abcdefgh");
    snprintf(expected, sizeof(expected), "%s%s%s", told[cut],
             cut != 0 ? "anomaly client payload-cut x1\n" : "",
             "anomaly client before-stream x1\n");
    assert_string_equal(play_log(&p), expected);
    play_finish(&p);
  }
}

static void place__no_number_known__no_offset(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  play_send(&p, SERVER, "R", 5000, 0, "");
  assert_true(p.last.offset == UINT64_MAX);
  play_finish(&p);
}

static void place__syn__its_data_is_offset_0(void **state) {
  (void)state;
  FOR_EVERY_BASE(base) {
    play p;

    play_begin(&p, NULL);
    p.options.present = TCPFLOW_HAS_OTHER;
    play_send(&p, CLIENT, "S", *base - 1, 0, "abc");
    assert_int_equal(p.last.offset, 0);
    assert_null(strstr(play_log(&p), "data"));
    play_send(&p, SERVER, "S.", 5000, *base + 3, "");
    assert_int_equal(p.last.offset, 0);
    assert_non_null(strstr(play_log(&p), "data client 0 abc\n"));
    play_send(&p, CLIENT, "P.", *base + 3, 5001, "def");
    assert_non_null(strstr(play_log(&p), "data client 3 def\n"));
    play_finish(&p);
  }
}

/* The FIN's number ends the stream; it is no octet of it. */
static void place_fin__behind_a_hole__gap_up_to_it(void **state) {
  (void)state;
  FOR_EVERY_BASE(base) {
    play p;

    play_from(&p, *base);
    play_send(&p, CLIENT, "F.", *base + 10, 5001, "");
    (void)play_log(&p);
    /* Its ACK covers one number more than there are octets. */
    play_send(&p, SERVER, ".", 5001, *base + 11, "");
    assert_string_equal(play_log(&p), "server ESTABLISHED>CLOSE-WAIT\n"
                                      "client FIN-WAIT-1>FIN-WAIT-2\n"
                                      "gap client 0+10 acked\n");
    assert_true(tcpflow__reasm_is_idle(&p.conn->sides->stream[CLIENT]));
    play_send(&p, CLIENT, ".", *base + 10, 5001, "late");
    assert_string_equal(play_log(&p), "anomaly client beyond-fin x1\n");
    play_finish(&p);
  }
}

/* The FIN goes with the octets before it. */
static void place_fin__with_data__ends_behind_them(void **state) {
  (void)state;
  FOR_EVERY_BASE(base) {
    play p;

    play_from(&p, *base);
    play_send(&p, CLIENT, "F.", *base, 5001, "abc");
    play_send(&p, CLIENT, ".", *base + 2, 5001, "cde");
    play_send(&p, SERVER, ".", 5001, *base + 4, "");
    play_finish(&p);
    assert_string_equal(play_log(&p), "client ESTABLISHED>FIN-WAIT-1\n"
                                      "data client 0 abc\n"
                                      "anomaly client beyond-fin x1\n"
                                      "server ESTABLISHED>CLOSE-WAIT\n"
                                      "client FIN-WAIT-1>FIN-WAIT-2\n"
                                      "end flushed client FIN-WAIT-2 "
                                      "CLOSE-WAIT\n");
  }
}

/* More was told than the FIN allows: it cannot be taken back. */
static void place_fin__below_what_was_told__stream_goes_on(void **state) {
  play p;

  (void)state;
  play_from(&p, 1001);
  play_send(&p, CLIENT, "P.", 1001, 5001, "abcdef");
  play_send(&p, CLIENT, "F.", 1004, 5001, "");
  play_send(&p, CLIENT, "P.", 1007, 5001, "ghi");
  assert_string_equal(play_log(&p), "data client 0 abcdef\n"
                                    "client ESTABLISHED>FIN-WAIT-1\n"
                                    "data client 6 ghi\n"
                                    "anomaly client beyond-fin x1\n");
  assert_true(p.conn->sides->stream[CLIENT].end == UINT64_MAX);
  play_finish(&p);
}

static void place_fin__where_the_stream_is__ends_at_once(void **state) {
  play p;

  (void)state;
  play_from(&p, 1001);
  play_send(&p, CLIENT, "P.", 1001, 5001, "abc");
  play_send(&p, CLIENT, "F.", 1004, 5001, "");
  (void)play_log(&p);
  play_send(&p, CLIENT, "P.", 1004, 5001, "x");
  assert_string_equal(play_log(&p), "anomaly client beyond-fin x1\n");
  play_finish(&p);
}

static void place_ack__of_all_or_less__no_gap(void **state) {
  (void)state;
  FOR_EVERY_BASE(base) {
    play p;

    play_from(&p, *base);
    play_send(&p, CLIENT, "P.", *base, 5001, "abc");
    (void)play_log(&p);
    play_send(&p, SERVER, ".", 5001, *base + 2, "");
    play_send(&p, SERVER, ".", 5001, *base + 3, "");
    assert_string_equal(play_log(&p), "");
    play_send(&p, SERVER, ".", 5001, *base + 4, "");
    assert_string_equal(play_log(&p), "gap client 3+1 acked\n"
                                      "anomaly server ack-unseen x1\n");
    play_finish(&p);
  }
}

/* The ACK comes while octets of a segment behind the hole are held. */
static void place_ack__into_what_is_held__hole_and_octets(void **state) {
  play p;

  (void)state;
  play_from(&p, 0xfffffffe);
  play_send(&p, CLIENT, "P.", 2, 5001, "efgh");
  (void)play_log(&p);
  play_send(&p, SERVER, ".", 5001, 0xffffffff, "");
  assert_string_equal(play_log(&p), "gap client 0+1 acked\n");
  play_send(&p, SERVER, ".", 5001, 4, "");
  assert_string_equal(play_log(&p), "gap client 1+3 acked\n"
                                    "data client 4 efgh\n");
  play_finish(&p);
}

/*
 * 9 GiB, most of them not captured: offsets go on where numbers turn over,
 * twice and more.  Nor were the SYNs, so no window forbids it.
 */
static void place__stream_beyond_2_to_33__offsets_go_on(void **state) {
  const uint32_t step = UINT32_C(1) << 24;

  (void)state;
  FOR_EVERY_BASE(base) {
    uint64_t offset = 0;
    play p;

    play_begin(&p, NULL);
    play_send(&p, SERVER, ".", 5001, *base, "");
    (void)play_log(&p);
    while (offset < UINT64_C(9) << 30) {
      char expected[128];
      const uint32_t seq = *base + (uint32_t)(offset & UINT32_MAX);

      play_send(&p, CLIENT, ".", seq, 5001, "abc");
      assert_int_equal(p.last.offset, offset);
      play_send(&p, SERVER, ".", 5001, seq + step, "");
      snprintf(expected, sizeof(expected),
               "data client %llu abc\ngap client %llu+%u acked\n",
               (unsigned long long)offset, (unsigned long long)offset + 3,
               step - 3);
      assert_memory_equal(play_log(&p), expected, strlen(expected));
      offset += step;
    }
    /* Half the circle back is old, whatever turned over since. */
    play_send(&p, CLIENT, ".", *base + (uint32_t)((offset - 10) & UINT32_MAX),
              5001, "0123456789abc");
    assert_int_equal(p.last.offset, offset - 10);
    play_finish(&p);
  }
}

/* One direction, with a hole, and nobody who wants its octets: what is behind
   the hole takes no room, and still the hole must be left behind. */
static void place__one_direction_beyond_2_to_32__hole_is_left(void **state) {
  const uint32_t step = UINT32_C(1) << 24;

  (void)state;
  FOR_EVERY_BASE(base) {
    tcpflow_conn_callbacks cb = play_callbacks();
    tcpflow_endpoint_info end;
    play p;

    cb.on_data = NULL;
    cb.on_gap = NULL;
    cb.on_conflict = NULL;
    play_clear(&p);
    const tcpflow_conn_config config = play_config();
    assert_int_equal(tcpflow_conn_new(&p.conn, &config, &cb, NULL, NULL, &p),
                     TCPFLOW_OK);
    play_send(&p, CLIENT, ".", *base, 5001, "");
    for (uint64_t at = 10; at < UINT64_C(6) << 30; at += step) {
      tcpflow_segment segment =
        play_segment(&p, ".", *base + (uint32_t)(at & UINT32_MAX), 5001, "");

      segment.payload_length = step;
      assert_int_equal(tcpflow_conn_feed(p.conn, CLIENT, &segment), TCPFLOW_OK);
      assert_int_equal(p.last.offset, at);
    }
    tcpflow_endpoint_info_init(&end);
    assert_int_equal(tcpflow_conn_get_endpoint(p.conn, CLIENT, &end),
                     TCPFLOW_OK);
    assert_int_equal(end.missing, 10);
    assert_int_equal(end.delivered, UINT64_C(6) << 30);
    play_finish(&p);
  }
}

/* The defaults, but that nothing is given up by time. */
static void play_patient(play *p, uint32_t base) {
  const tcpflow_conn_callbacks cb = play_callbacks();
  tcpflow_conn_config config = play_config();

  play_clear(p);
  config.gap_grace_ns = TCPFLOW_TIME_NONE;
  config.hole_timeout_ns = TCPFLOW_TIME_NONE;
  assert_int_equal(tcpflow_conn_new(&p->conn, &config, &cb, NULL, NULL, p),
                   TCPFLOW_OK);
  play_send(p, SERVER, ".", 5001, base, "");
  (void)play_log(p);
}

/* What the stream must tell of `abc` at each multiple of STEP but 0 once one
   was seen at AT: a hole that begins further back than the largest window is
   none that is waited for (RFC 7323 section 2.3).  TOLD: up to where it was. */
static void expect_left_behind(char *expected, size_t size, uint64_t *told,
                               uint64_t at, uint32_t step) {
  const uint64_t window = UINT64_C(65535) << 14;

  expected[0] = '\0';
  while (*told + window < at + 3) {
    const size_t used = strlen(expected);
    const uint64_t next = (*told / step + 1) * step;

    snprintf(expected + used, size - used,
             "gap client %llu+%llu acked\ndata client %llu abc\n",
             (unsigned long long)*told, (unsigned long long)(next - *told),
             (unsigned long long)next);
    *told = next + 3;
  }
}

/*
 * One direction, 9 GiB, of which almost nothing was captured, and no hole is
 * given up by time: those that no window reaches back to are left behind, and
 * offsets go on where numbers turn over.
 */
static void place_moved__jumps_pile_up__holes_beyond_a_window_go(void **state) {
  const uint32_t step = UINT32_C(1) << 24;

  (void)state;
  FOR_EVERY_BASE(base) {
    uint64_t told = 0;
    play p;

    play_patient(&p, *base);
    for (uint64_t at = step; at < UINT64_C(9) << 30; at += step) {
      char expected[512];

      play_send(&p, CLIENT, ".", *base + (uint32_t)(at & UINT32_MAX), 5001,
                "abc");
      assert_int_equal(p.last.offset, at);
      expect_left_behind(expected, sizeof(expected), &told, at, step);
      /* Behind it, that segments are small. */
      assert_memory_equal(play_log(&p), expected, strlen(expected));
    }
    assert_true(told > UINT64_C(7) << 30);
    play_finish(&p);
  }
}

/* Likewise, of ACKs of what was not captured. */
static void place_moved__acks_pile_up__holes_beyond_a_window_go(void **state) {
  const uint32_t step = UINT32_C(1) << 24;
  const uint64_t window = UINT64_C(65535) << 14;

  (void)state;
  FOR_EVERY_BASE(base) {
    uint64_t told = 0;
    play p;

    play_patient(&p, *base);
    for (uint64_t at = step; at < UINT64_C(5) << 30; at += step) {
      play_send(&p, SERVER, ".", 5001, *base + (uint32_t)(at & UINT32_MAX), "");
      if (at - told > window) {
        told = at;
      }
      assert_int_equal(p.conn->sides->stream[CLIENT].next, told);
      (void)play_log(&p);
    }
    play_send(&p, CLIENT, ".", *base + (UINT32_C(1) << 30), 5001, "abc");
    assert_int_equal(p.last.offset, UINT64_C(5) << 30);
    (void)play_log(&p);
    play_finish(&p);
  }
}

/* Three segments in a row that agree are believed, however far they are. */
static void
place_moved__one_jump_of_half_the_circle__offset_right(void **state) {
  const uint32_t far = UINT32_C(0x7fffff00);

  (void)state;
  FOR_EVERY_BASE(base) {
    const uint64_t at = (UINT64_C(0x7fffff00) * 2) + 2;
    uint32_t seq = *base + far;
    play p;

    play_patient(&p, *base);
    play_send(&p, CLIENT, ".", seq, 5001, "a");
    play_send(&p, CLIENT, ".", seq + 1, 5001, "b");
    play_send(&p, CLIENT, ".", seq + 2, 5001, "c");
    assert_int_equal(p.last.offset, UINT64_C(0x7fffff02));
    seq += far;
    play_send(&p, CLIENT, ".", seq, 5001, "a");
    play_send(&p, CLIENT, ".", seq + 1, 5001, "b");
    play_send(&p, CLIENT, ".", seq + 2, 5001, "c");
    assert_int_equal(p.last.offset, at);
    play_finish(&p);
  }
}

/* As play_from(), where the server's window is 5 octets and is kept to. */
static void play_strict(play *p, uint32_t base) {
  const tcpflow_conn_callbacks cb = play_callbacks();
  tcpflow_conn_config config = play_config();

  play_clear(p);
  config.strict = TCPFLOW_STRICT_WINDOW;
  assert_int_equal(tcpflow_conn_new(&p->conn, &config, &cb, NULL, NULL, p),
                   TCPFLOW_OK);
  p->window = 5;
  play_send(p, CLIENT, "S", base - 1, 0, "");
  play_send(p, SERVER, "S.", 5000, base, "");
  play_send(p, CLIENT, ".", base, 5001, "");
  (void)play_log(p);
}

static void place_in_window__crosses_the_edge__front_stays(void **state) {
  (void)state;
  FOR_EVERY_BASE(base) {
    play p;

    play_strict(&p, *base);
    play_send(&p, CLIENT, ".", *base + 2, 5001, "cdeX");
    play_send(&p, CLIENT, ".", *base, 5001, "ab");
    assert_string_equal(play_log(&p), "anomaly client beyond-window x1\n"
                                      "data client 0 ab\n"
                                      "data client 2 cde\n");
    play_finish(&p);
  }
}

static void place_in_window__all_beyond_the_edge__nothing_stays(void **state) {
  (void)state;
  FOR_EVERY_BASE(base) {
    play p;

    play_strict(&p, *base);
    play_send(&p, CLIENT, ".", *base + 5, 5001, "XY");
    play_send(&p, CLIENT, ".", *base, 5001, "abcde");
    play_send(&p, SERVER, ".", 5001, *base + 5, "");
    play_send(&p, CLIENT, ".", *base + 5, 5001, "fg");
    assert_string_equal(play_log(&p), "anomaly client beyond-window x1\n"
                                      "data client 0 abcde\n"
                                      "data client 5 fg\n");
    play_finish(&p);
  }
}

/* What was not captured is a hole as far as the window goes. */
static void place_in_window__payload_is_cut__hole_up_to_the_edge(void **state) {
  play p;

  (void)state;
  play_strict(&p, 1000);
  p.cut = 3;
  play_send(&p, CLIENT, ".", 1000, 5001, "abcd---");
  assert_string_equal(play_log(&p), "data client 0 abcd\n"
                                    "gap client 4+1 cut\n"
                                    "anomaly client beyond-window x1\n"
                                    "anomaly client payload-cut x1\n");
  play_finish(&p);
}

static void place_in_window__not_strict__told(void **state) {
  play p;

  (void)state;
  play_begin(&p, NULL);
  p.window = 5;
  play_send(&p, CLIENT, "S", 999, 0, "");
  play_send(&p, SERVER, "S.", 5000, 1000, "");
  play_send(&p, CLIENT, ".", 1000, 5001, "");
  (void)play_log(&p);
  play_send(&p, CLIENT, ".", 1000, 5001, "abcdefg");
  assert_string_equal(play_log(&p), "data client 0 abcdefg\n"
                                    "anomaly client beyond-window x1\n");
  play_finish(&p);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(place__data__counted_from_behind_the_syn),
    cmocka_unit_test(place__before_the_stream__cut_off),
    cmocka_unit_test(place__before_the_stream_and_cut__gap_of_the_rest),
    cmocka_unit_test(place__no_number_known__no_offset),
    cmocka_unit_test(place__syn__its_data_is_offset_0),
    cmocka_unit_test(place_fin__behind_a_hole__gap_up_to_it),
    cmocka_unit_test(place_fin__with_data__ends_behind_them),
    cmocka_unit_test(place_fin__below_what_was_told__stream_goes_on),
    cmocka_unit_test(place_fin__where_the_stream_is__ends_at_once),
    cmocka_unit_test(place_ack__of_all_or_less__no_gap),
    cmocka_unit_test(place_ack__into_what_is_held__hole_and_octets),
    cmocka_unit_test(place_moved__jumps_pile_up__holes_beyond_a_window_go),
    cmocka_unit_test(place_moved__acks_pile_up__holes_beyond_a_window_go),
    cmocka_unit_test(place_moved__one_jump_of_half_the_circle__offset_right),
    cmocka_unit_test(place_in_window__crosses_the_edge__front_stays),
    cmocka_unit_test(place_in_window__all_beyond_the_edge__nothing_stays),
    cmocka_unit_test(place_in_window__payload_is_cut__hole_up_to_the_edge),
    cmocka_unit_test(place_in_window__not_strict__told),
    cmocka_unit_test(place__stream_beyond_2_to_33__offsets_go_on),
    cmocka_unit_test(place__one_direction_beyond_2_to_32__hole_is_left),
  };

  return cmocka_run_group_tests_name("place", tests, NULL, NULL);
}
