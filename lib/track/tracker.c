/*
 * lib/track/tracker.c - a tracker is made, asked, told the time, released.
 *
 * Room: track.  Includes: base, frag, conn.
 */
#include "track/tracker.h"

#include "base/mem.h"
#include "base/sized.h"
#include "options/offers.h"
#include "options/sacked.h"
#include "reasm/rest.h"
#include "segment/reading.h"
#include "track/estate.h"
#include "track/fragments.h"
#include "track/life.h"

/* --- made and released --- */

static int make_prints(tcpflow_tracker *tracker) {
  const unsigned bits = tcpflow__prints_bits(tracker->max_flows);
  tcpflow__print_set *const set = (tcpflow__print_set *)tcpflow__calloc(
    &tracker->env.budget.mem, 1, tcpflow__prints_size(bits));

  tcpflow__prints_init(&tracker->env.prints, set, bits);
  return set == NULL ? TCPFLOW_ERR_NOMEM : TCPFLOW_OK;
}

static int make_flows(tcpflow_tracker *tracker) {
  const tcpflow_mem *const mem = &tracker->env.budget.mem;

  /* One more: a newcomer is followed first, then an older flow has to go. */
  if (tcpflow__flows_init(&tracker->flows, mem, tracker->max_flows + 1) !=
      TCPFLOW_OK) {
    return TCPFLOW_ERR_NOMEM;
  }
  if (tcpflow__table_init(&tracker->table, mem, &tracker->flows) !=
      TCPFLOW_OK) {
    tcpflow__flows_clear(&tracker->flows);
    return TCPFLOW_ERR_NOMEM;
  }
  if (make_prints(tracker) != TCPFLOW_OK) {
    tcpflow__table_clear(&tracker->table);
    tcpflow__flows_clear(&tracker->flows);
    return TCPFLOW_ERR_NOMEM;
  }
  return TCPFLOW_OK;
}

static void set_tally(tcpflow_tracker *tracker) {
  tcpflow_tracker_stats *const stats = &tracker->stats;

  tracker->env.tally = (tcpflow__tally){
    .established = &stats->flows_established,
    .flipped = &stats->flows_flipped,
    .ignored = &stats->flows_ignored,
    .reversed = &stats->ends_reversed,
  };
}

static int set_up(tcpflow_tracker *tracker,
                  const tcpflow_tracker_config *config,
                  const tcpflow_conn_callbacks *callbacks,
                  const tcpflow_mem *mem, void *user) {
  const int error =
    tcpflow__tracker_configure(tracker, config, callbacks, mem, user);

  if (error != TCPFLOW_OK) {
    return error;
  }
  tracker->on_end = tracker->env.callbacks.on_end;
  tracker->env.callbacks.on_end = tcpflow__life_ended;
  tracker->env.on_timeout = tcpflow__life_rearm;
  tracker->env.on_roles = tcpflow__life_flipped;
  tracker->env.unfold = tcpflow__life_unfold_within;
  set_tally(tracker);
  tcpflow__conn_init(&tracker->blank, &tracker->blank_sides, &tracker->env);
  tracker->blank.bits |= TCPFLOW__CONN_HAS_TUPLE;
  tracker->env.blank = &tracker->blank_sides;
  tcpflow__segment_prepare(&tracker->scratch.segment);
  tcpflow__timestamps_init(&tracker->scratch.timestamps);
  tcpflow__sacked_init(&tracker->scratch.sacked);
  tcpflow__offers_init(&tracker->scratch.offers);
  tcpflow__timers_init(&tracker->timers);
  if (make_flows(tracker) != TCPFLOW_OK) {
    tcpflow_frag_del(tracker->frag);
    return TCPFLOW_ERR_NOMEM;
  }
  return TCPFLOW_OK;
}

int tcpflow_tracker_new(tcpflow_tracker **out,
                        const tcpflow_tracker_config *config,
                        const tcpflow_conn_callbacks *callbacks,
                        const tcpflow_mem *mem, void *user) {
  tcpflow_tracker *tracker;
  tcpflow_mem ours;
  int error = tcpflow__mem_read(&ours, mem);

  if (error != TCPFLOW_OK) {
    return error;
  }
  tracker = (tcpflow_tracker *)tcpflow__calloc(&ours, 1, sizeof(*tracker));
  if (tracker == NULL) {
    return TCPFLOW_ERR_NOMEM;
  }

  error = set_up(tracker, config, callbacks, mem, user);
  if (error != TCPFLOW_OK) {
    tcpflow__free(&ours, tracker);
    return error;
  }
  *out = tracker;
  return TCPFLOW_OK;
}

/* Ends all; first, what the fragments wait for that are held. */
static void end_all(tcpflow_tracker *tracker) {
  tcpflow__fragments_flush(tracker);
  tcpflow__life_flush(tracker);
}

void tcpflow_tracker_del(tcpflow_tracker *tracker) {
  /* Inside a callback the connection is still at work: rather leak. */
  if (tracker == NULL || tracker->env.telling) {
    return;
  }

  const tcpflow_mem mem = tracker->env.budget.mem;
  tracker->env.stopped = false;
  tcpflow__life_reap(tracker);
  end_all(tracker);
  tcpflow__estate_drop(tracker);
  tcpflow_frag_del(tracker->frag);
  tcpflow__table_clear(&tracker->table);
  tcpflow__flows_clear(&tracker->flows);
  tcpflow__rest_unstock(&tracker->env.budget);
  tcpflow__shelf_drop(&tracker->env.budget.shelf, &mem);
  tcpflow__free(&mem, tracker->env.prints.set);
  tcpflow__free(&mem, tracker);
}

/* --- told --- */

/* Begins a call that may call the user.  TCPFLOW_OK or TCPFLOW_ERR_STATE. */
static int enter(tcpflow_tracker *tracker) {
  if (tracker->env.telling) {
    return TCPFLOW_ERR_STATE;
  }
  tracker->env.stopped = false;
  tcpflow__life_reap(tracker);
  return TCPFLOW_OK;
}

static int leave(const tcpflow_tracker *tracker) {
  return tracker->env.stopped ? TCPFLOW_ERR_CALLBACK : TCPFLOW_OK;
}

int tcpflow_tracker_advance(tcpflow_tracker *tracker, tcpflow_time now) {
  const int error = enter(tracker);

  if (error != TCPFLOW_OK) {
    return error;
  }
  tracker->now = now > tracker->now ? now : tracker->now;
  tcpflow__fragments_pass(tracker, UINT64_MAX);
  tcpflow__life_pass(tracker, UINT64_MAX);
  return leave(tracker);
}

int tcpflow_tracker_flush(tcpflow_tracker *tracker) {
  const int error = enter(tracker);

  if (error != TCPFLOW_OK) {
    return error;
  }
  end_all(tracker);
  return leave(tracker);
}

/* --- asked --- */

tcpflow_time tcpflow_tracker_deadline(const tcpflow_tracker *tracker) {
  const tcpflow_time flows =
    tcpflow__timers_deadline(&tracker->timers, &tracker->flows);

  return flows < tracker->frag_due ? flows : tracker->frag_due;
}

tcpflow_conn *tcpflow_tracker_find(tcpflow_tracker *tracker,
                                   const tcpflow_tuple *tuple) {
  tcpflow__key key;

  tcpflow__key_init(&key, &tracker->hasher, tuple);

  const uint32_t index = tcpflow__table_find(&tracker->table, &key);
  if (index == TCPFLOW__FLOW_NONE) {
    return NULL;
  }

  tcpflow__flow *const flow = tcpflow__flows_at(&tracker->flows, index);
  return tcpflow__phase_is_live(flow->phase) ? &flow->conn : NULL;
}

tcpflow_conn *tcpflow_tracker_next(tcpflow_tracker *tracker,
                                   const tcpflow_conn *conn) {
  tcpflow__flows *const flows = &tracker->flows;
  uint32_t index;

  if (conn == NULL) {
    index = tcpflow__list_first(flows, TCPFLOW__LIST_LIVE);
  } else {
    const tcpflow__flow *const flow = (const tcpflow__flow *)(const void *)conn;
    index = tcpflow__phase_is_live(flow->phase)
              ? flow->link[TCPFLOW__CHAIN_AGE].next
              : TCPFLOW__FLOW_NONE;
  }
  return (index & TCPFLOW__LIST_HEAD) != 0
           ? NULL
           : &tcpflow__flows_at(flows, index)->conn;
}
