/*
 * tests/unit/frag/feeds.h - a reassembler that is fed cuts, and what it shall
 * say of each.
 */
#ifndef TCPFLOW_TESTS_FEEDS_H
#define TCPFLOW_TESTS_FEEDS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "frag/frag.h"
#include "unit/frag/cuts.h"

static inline tcpflow_frag *make_with(const tcpflow_frag_config *config,
                                      const tcpflow_mem *mem) {
  tcpflow_frag *frag = NULL;

  assert_int_equal(tcpflow_frag_new(&frag, config, NULL, mem, NULL),
                   TCPFLOW_OK);
  return frag;
}

static inline tcpflow_frag *make(void) {
  return make_with(NULL, NULL);
}

static inline void expect(const said *s, tcpflow_frag_outcome outcome,
                          tcpflow_frag_reason reason, uint32_t anomalies) {
  assert_int_equal(s->error, TCPFLOW_OK);
  assert_int_equal(s->result.outcome, outcome);
  assert_int_equal(s->result.reason, reason);
  assert_int_equal(s->result.anomalies, anomalies);
}

#define HELD       TCPFLOW_FRAG_HELD, TCPFLOW_FRAG_REASON_NONE
#define COMPLETE   TCPFLOW_FRAG_COMPLETE, TCPFLOW_FRAG_REASON_NONE
#define DROPPED(r) TCPFLOW_FRAG_DROPPED, TCPFLOW_FRAG_REASON_##r
#define ODD(a)     ((uint32_t)TCPFLOW_FRAG_ANOMALY_##a)

static inline void feed_one(tcpflow_frag *frag, cut c,
                            tcpflow_frag_outcome outcome,
                            tcpflow_frag_reason reason, uint32_t anomalies) {
  said s;

  c.protocol = c.protocol == 0 ? 17 : c.protocol;
  s = cut_feed(frag, &c);
  expect(&s, outcome, reason, anomalies);
}

#endif /* TCPFLOW_TESTS_FEEDS_H */
