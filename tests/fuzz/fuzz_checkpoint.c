/*
 * tests/fuzz/fuzz_checkpoint.c - any octets as a checkpoint.
 *
 * Input: a checkpoint without its digest, which is put behind it.  Holds: what
 * is taken over is saved and taken over again, and is the same then; frames,
 * time and a flush find it in order; memory is given back.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <tcpflow/tracker.h>

#include "unit/failmem.h"
#include "unit/sink.h"
#include "unit/track/traffic.h"
#include "wire/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void hold(int invariant) {
  if (!invariant) {
    abort();
  }
}

static tcpflow_tracker *make(const tcpflow_mem *mem, journal *j) {
  const tcpflow_conn_callbacks callbacks = journal_callbacks();
  tcpflow_tracker_config config;
  tcpflow_tracker *tracker = NULL;

  tcpflow_tracker_config_init(&config);
  config.max_flows = 64;
  config.max_held_bytes = 1 << 20;
  hold(tcpflow_tracker_new(&tracker, &config, &callbacks, mem, j) ==
       TCPFLOW_OK);
  return tracker;
}

/* A few segments to connections that a checkpoint of the corpus has. */
static void feed_some(tcpflow_tracker *tracker) {
  talk t = {0};

  for (uint32_t client = 1; client < 10; client++) {
    talk_down(&t, client, F_PA, 5001, 1001, 20);
    talk_up(&t, client, F_PA, 1001, 5021, 30);
    talk_up(&t, client, F_S, 400000, 0, 0);
    talk_close(&t, client);
  }
  (void)tcpflow_tracker_feed(tracker, t.frame, t.count, NULL);
  talk_clear(&t);
}

/* What was taken over is saved, and the same comes out of that. */
static void check_again(tcpflow_tracker *tracker, journal *j) {
  tcpflow_tracker *const other = make(NULL, j);
  sink first = {0};
  sink second = {0};

  hold(tcpflow_tracker_save(tracker, sink_put, &first) == TCPFLOW_OK);
  hold(tcpflow_tracker_load(other, first.bytes, first.length) == TCPFLOW_OK);
  hold(tcpflow_tracker_save(other, sink_put, &second) == TCPFLOW_OK);
  hold(first.length == second.length &&
       memcmp(first.bytes, second.bytes, first.length) == 0);
  sink_clear(&first);
  sink_clear(&second);
  tcpflow_tracker_del(other);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  failmem fm = {.fail_at = 0};
  const tcpflow_mem mem = failmem_table(&fm);
  journal j = {0};
  sink whole = {0};
  tcpflow__record_writer writer;
  tcpflow_tracker *const tracker = make(&mem, &j);

  tcpflow__record_begin(&writer, sink_put, &whole);
  tcpflow__record_octets(&writer, data, size);
  hold(tcpflow__record_end(&writer));
  if (tcpflow_tracker_load(tracker, whole.bytes, whole.length) == TCPFLOW_OK) {
    check_again(tracker, &j);
    feed_some(tracker);
    (void)tcpflow_tracker_advance(tracker, TCPFLOW_TIME_NONE - 1);
    (void)tcpflow_tracker_flush(tracker);
  } else {
    hold(stats_of(tracker).flows_live == 0);
  }
  tcpflow_tracker_del(tracker);
  hold(fm.live_blocks == 0);
  sink_clear(&whole);
  journal_clear(&j);
  return 0;
}
