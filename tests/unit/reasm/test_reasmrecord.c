/*
 * tests/unit/reasm/test_reasmrecord.c - a stream as octets, and back.
 */
#include "reasm/reasmrecord.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#include "unit/reasm/recorder.h"
#include "unit/sink.h"

static void save(sink *to, const tcpflow__reasm *r) {
  tcpflow__record_writer writer;

  sink_clear(to);
  tcpflow__record_begin(&writer, sink_put, to);
  tcpflow__reasm_save(r, &writer);
  assert_true(tcpflow__record_end(&writer));
}

static int load(rig *g, const sink *from) {
  tcpflow__record_reader reader;

  assert_true(tcpflow__record_open(&reader, from->bytes, from->length));
  const int error = tcpflow__reasm_load(&g->r, &g->budget, &g->limits, &reader);
  assert_true(error != TCPFLOW_OK || reader.left == 0);
  return error;
}

/* 10 octets told; 15 to 19 and 30 to 34, of which the capture has 3, held. */
static void hold_some(rig *g) {
  rig_start(g, 0);
  assert_int_equal(rig_add(g, 0, "0123456789"), TCPFLOW_OK);
  assert_int_equal(rig_add(g, 15, "fghij"), TCPFLOW_OK);
  assert_int_equal(rig_add_cut(g, 30, "uvw", 5), TCPFLOW_OK);
  assert_int_equal(rig_add(g, 2, "2"), TCPFLOW_OK);
  (void)rig_told(g);
}

static void reasm_load__what_was_saved__goes_on(void **state) {
  sink to = {0};
  static const char rest[] = "D10:abcde;H15:fghij;";
  rig a;
  rig b;

  (void)state;
  hold_some(&a);
  a.r.end = 100;
  save(&to, &a.r);
  rig_start(&b, 0);
  assert_int_equal(load(&b, &to), TCPFLOW_OK);
  assert_int_equal(b.r.rest->pieces, 2);
  assert_true(b.r.rest->duplicate == 1 && b.r.end == 100);
  assert_int_equal(rig_add(&a, 10, "abcde"), TCPFLOW_OK);
  assert_int_equal(rig_add(&b, 10, "abcde"), TCPFLOW_OK);
  assert_string_equal(rig_told(&a), rest);
  assert_string_equal(rig_told(&b), rest);
  rig_give_up(&a, 40, TCPFLOW_GAP_ACKED);
  rig_give_up(&b, 40, TCPFLOW_GAP_ACKED);
  assert_string_equal(rig_told(&a),
                      "G20+10:acked;H30:uvw;G33+2:cut;G35+5:acked;");
  assert_string_equal(rig_told(&b),
                      "G20+10:acked;H30:uvw;G33+2:cut;G35+5:acked;");
  assert_true(rig_stop(&a));
  assert_true(rig_stop(&b));
  sink_clear(&to);
}

static void reasm_load__nobody_wants_data__ranges_only(void **state) {
  sink to = {0};
  rig a;
  rig b;

  (void)state;
  hold_some(&a);
  save(&to, &a.r);
  rig_start(&b, 0);
  b.r.off = true;
  assert_int_equal(load(&b, &to), TCPFLOW_OK);
  assert_true(b.r.off);
  assert_int_equal(b.r.rest->memory, 2 * tcpflow__piece_cost(0));
  assert_true(rig_stop(&a));
  assert_true(rig_stop(&b));
  sink_clear(&to);
}

/* It became known after they were held: they go when it is reached. */
static void reasm_load__pieces_behind_the_end__held(void **state) {
  sink to = {0};
  rig a;
  rig b;

  (void)state;
  hold_some(&a);
  a.r.end = 18;
  save(&to, &a.r);
  rig_start(&b, 0);
  assert_int_equal(load(&b, &to), TCPFLOW_OK);
  assert_int_equal(b.r.end, 18);
  assert_int_equal(b.r.rest->memory, a.r.rest->memory);
  assert_int_equal(rig_add(&b, 10, "abcde"), TCPFLOW_OK);
  assert_string_equal(rig_told(&b), "D10:abcde;H15:fgh;");
  assert_int_equal(b.r.rest->pieces, 0);
  assert_true(rig_stop(&a));
  assert_true(rig_stop(&b));
  sink_clear(&to);
}

/* The caps count what a piece took when it came, here and there. */
static void reasm_load__pieces_were_shortened__charged_alike(void **state) {
  sink to = {0};
  rig a;
  rig b;

  (void)state;
  hold_some(&a);
  a.r.overlap = TCPFLOW_OVERLAP_LAST;
  assert_int_equal(rig_add(&a, 13, "DEFG"), TCPFLOW_OK);
  assert_int_equal(tcpflow__reasm_held(&a.r), 10);
  assert_int_equal(a.r.rest->memory, 3 * tcpflow__piece_cost(0) + 4 + 5 + 3);
  save(&to, &a.r);
  rig_start(&b, 0);
  assert_int_equal(load(&b, &to), TCPFLOW_OK);
  assert_int_equal(b.r.rest->memory, a.r.rest->memory);
  assert_true(b.budget.used == a.budget.used);
  assert_int_equal(rig_add(&b, 10, "abc"), TCPFLOW_OK);
  assert_string_equal(rig_told(&b), "D10:abc;H13:DEFG;H17:hij;");

  assert_true(rig_stop(&b));
  rig_start(&b, 0);
  b.limits.max_memory = a.r.rest->memory - 1;
  assert_int_equal(load(&b, &to), TCPFLOW_ERR_LIMIT);
  assert_true(rig_stop(&a));
  assert_true(rig_stop(&b));
  sink_clear(&to);
}

static void reasm_load__each_allocation_fails__nomem(void **state) {
  sink to = {0};
  rig a;

  (void)state;
  hold_some(&a);
  save(&to, &a.r);
  for (size_t n = 1;; n++) {
    rig b;
    rig_start(&b, 0);
    b.fm.fail_at = n;
    const int error = load(&b, &to);
    assert_string_equal(rig_told(&b), "");
    assert_true(rig_stop(&b));
    if (error == TCPFLOW_OK) {
      assert_true(n > 2);
      break;
    }
    assert_int_equal(error, TCPFLOW_ERR_NOMEM);
  }
  assert_true(rig_stop(&a));
  sink_clear(&to);
}

static void reasm_load__more_than_the_limits__limit(void **state) {
  sink to = {0};
  rig a;
  rig b;

  (void)state;
  hold_some(&a);
  save(&to, &a.r);
  rig_start(&b, 0);
  b.limits.max_pieces = 1;
  assert_int_equal(load(&b, &to), TCPFLOW_ERR_LIMIT);
  assert_string_equal(rig_told(&b), "");
  assert_true(rig_stop(&b));
  rig_start(&b, 0);
  b.budget.cap = tcpflow__piece_cost(5);
  assert_int_equal(load(&b, &to), TCPFLOW_ERR_LIMIT);
  assert_true(rig_stop(&b));
  assert_true(rig_stop(&a));
  sink_clear(&to);
}

/* Octets with a right digest that nobody has saved: any value may stand there.
   The stream is sound whatever is answered. */
static void reasm_load__any_octet_changed__sound(void **state) {
  sink to = {0};
  rig a;

  (void)state;
  hold_some(&a);
  save(&to, &a.r);
  for (size_t at = 0; at < to.length - 8; at++) {
    for (unsigned i = 0; i < 5; i++) {
      static const uint8_t values[] = {0, 1, 0x7f, 0x80, 0xff};
      sink bad = {0};
      tcpflow__record_writer writer;
      rig b;

      tcpflow__record_begin(&writer, sink_put, &bad);
      tcpflow__record_octets(&writer, to.bytes, at);
      tcpflow__record_number(&writer, values[i], 1);
      tcpflow__record_octets(&writer, to.bytes + at + 1,
                             to.length - 8 - at - 1);
      assert_true(tcpflow__record_end(&writer));

      tcpflow__record_reader reader;
      rig_start(&b, 0);
      assert_true(tcpflow__record_open(&reader, bad.bytes, bad.length));
      (void)tcpflow__reasm_load(&b.r, &b.budget, &b.limits, &reader);
      assert_true(rig_stop(&b));
      sink_clear(&bad);
    }
  }
  assert_true(rig_stop(&a));
  sink_clear(&to);
}

static void reasm_record__table__names_every_member(void **state) {
  (void)state;
  assert_true(tcpflow__reasm_record_covers());
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(reasm_load__what_was_saved__goes_on),
    cmocka_unit_test(reasm_load__nobody_wants_data__ranges_only),
    cmocka_unit_test(reasm_load__pieces_behind_the_end__held),
    cmocka_unit_test(reasm_load__pieces_were_shortened__charged_alike),
    cmocka_unit_test(reasm_load__each_allocation_fails__nomem),
    cmocka_unit_test(reasm_load__more_than_the_limits__limit),
    cmocka_unit_test(reasm_load__any_octet_changed__sound),
    cmocka_unit_test(reasm_record__table__names_every_member),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
