/*
 * tests/unit/track/twins.h - two trackers of the same frames: one follows them
 * as it does, and one the general way.
 */
#ifndef TCPFLOW_TESTS_TWINS_H
#define TCPFLOW_TESTS_TWINS_H

#include "track/tracker.h"
#include "unit/track/traffic.h"

/* Flows at most, in each. */
#define TWIN_FLOWS 100

typedef struct twin {
  tcpflow_tracker *tracker;
  journal log;    /* Its `news` counts connections. */
  unsigned wish;  /* The test's: what some callbacks do. */
  unsigned asked; /* The test's. */
} twin;

static inline tcpflow_tracker_config twins_config(void) {
  tcpflow_tracker_config config;

  tcpflow_tracker_config_init(&config);
  config.max_flows = TWIN_FLOWS;
  return config;
}

/* Each twin is what its callbacks get. */
static inline void twins_begin(twin t[2], const tcpflow_tracker_config *config,
                               const tcpflow_conn_callbacks *callbacks,
                               unsigned wish) {
  for (unsigned i = 0; i < 2; i++) {
    t[i] = (twin){.wish = wish};
    assert_int_equal(
      tcpflow_tracker_new(&t[i].tracker, config, callbacks, NULL, &t[i]),
      TCPFLOW_OK);
    t[i].tracker->env.routine = i == 0 && t[i].tracker->env.routine;
  }
}

/* All of it, whatever a callback stops. */
static inline void twin_feed(const twin *t, const talk *said) {
  size_t done = 0;

  while (done < said->count) {
    size_t followed;
    const int error = tcpflow_tracker_feed(t->tracker, said->frame + done,
                                           said->count - done, &followed);
    assert_true(error == TCPFLOW_OK || error == TCPFLOW_ERR_CALLBACK);
    done += followed;
  }
}

/* Feeds both, which tell the same and count the same, MUST_HEAR among it unless
   that is NULL.  What was said is cleared. */
static inline void twins_compare(const tcpflow_tracker_config *config,
                                 const tcpflow_conn_callbacks *callbacks,
                                 talk *said, unsigned wish,
                                 const char *must_hear) {
  tcpflow_tracker_stats stats[2];
  twin t[2];

  twins_begin(t, config, callbacks, wish);
  for (unsigned i = 0; i < 2; i++) {
    twin_feed(&t[i], said);
    stats[i] = stats_of(t[i].tracker);
    stats[i].memory = 0; /* The general way needs sides for a moment. */
    tcpflow_tracker_del(t[i].tracker);
  }
  assert_true(t[0].log.news > 0);
  assert_true(must_hear == NULL || strstr(t[0].log.text, must_hear) != NULL);
  assert_string_equal(t[0].log.text, t[1].log.text);
  assert_memory_equal(&stats[0], &stats[1], sizeof(stats[0]));
  journal_clear(&t[0].log);
  journal_clear(&t[1].log);
  talk_clear(said);
}

#endif /* TCPFLOW_TESTS_TWINS_H */
