/*
 * tests/unit/segment/test_endpointrecord.c - an endpoint as octets, and back.
 */
#include "segment/endpointrecord.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include <tcpflow/base.h>

#include "unit/sink.h"

static void save(sink *to, const tcpflow__endpoint *end) {
  tcpflow__record_writer writer;

  sink_clear(to);
  tcpflow__record_begin(&writer, sink_put, to);
  tcpflow__endpoint_save(end, &writer);
  assert_true(tcpflow__record_end(&writer));
}

static bool load(tcpflow__endpoint *end, const sink *from) {
  tcpflow__record_reader reader;

  assert_true(tcpflow__record_open(&reader, from->bytes, from->length));
  return tcpflow__endpoint_load(end, &reader);
}

static tcpflow__endpoint make_endpoint(void) {
  tcpflow__endpoint end;

  memset(&end, 0, sizeof(end));
  end.iss = 0xfffffff0;
  end.snd_nxt = 17;
  end.nxt_time = UINT64_C(1700000000123456789);
  end.payload = UINT64_C(1) << 40;
  end.bits = TCPFLOW__END_ISS | TCPFLOW__END_SYN;
  end.mss = 1460;
  end.wscale = 14;
  end.window_raw = 10000;
  end.window_shift = 14;
  end.wscale_least = 14;
  end.jumps = 2;
  end.unseen = 1;
  end.fin_moved = 1;
  end.state = TCPFLOW_STATE_FIN_WAIT_2;
  return end;
}

static void endpoint_load__what_was_saved__the_same(void **state) {
  sink to = {0};
  const tcpflow__endpoint end = make_endpoint();
  tcpflow__endpoint back;

  (void)state;
  save(&to, &end);
  memset(&back, 0, sizeof(back));
  assert_true(load(&back, &to));
  assert_memory_equal(&back, &end, sizeof(end));
  sink_clear(&to);
}

static void endpoint_load__impossible_values__refused(void **state) {
  sink to = {0};
  tcpflow__endpoint end = make_endpoint();
  tcpflow__endpoint back;

  (void)state;
  memset(&back, 0, sizeof(back));
  end.wscale = 15;
  save(&to, &end);
  assert_false(load(&back, &to));
  end = make_endpoint();
  end.window_shift = 15;
  save(&to, &end);
  assert_false(load(&back, &to));
  end = make_endpoint();
  end.wscale_least = 15;
  save(&to, &end);
  assert_false(load(&back, &to));
  end = make_endpoint();
  end.state = TCPFLOW_STATE_COUNT;
  save(&to, &end);
  assert_false(load(&back, &to));
  assert_int_equal(back.mss, 0);
  sink_clear(&to);
}

/* Who adds a member has to say in endpointrecord.c whether it is kept. */
static void endpoint_record__table__names_every_member(void **state) {
  (void)state;
  assert_true(tcpflow__endpoint_record_covers());
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(endpoint_load__what_was_saved__the_same),
    cmocka_unit_test(endpoint_load__impossible_values__refused),
    cmocka_unit_test(endpoint_record__table__names_every_member),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
