/*
 * lib/track/restore.c - a tracker takes over what another one wrote.
 *
 * Room: track.  Includes: base, wire, conn.  Flows that are read become the
 * last ones of their lists, so if something goes wrong the last ones are
 * dropped.  The figures and the time come last.  Hashes are the reader's own.
 * Nothing is told: what was told before stays told.
 */
#include "track/checkpoint.h"

#include "base/mem.h"
#include "conn/connrecord.h"
#include "conn/heir.h"
#include "conn/heirrecord.h"
#include "conn/tuplerecord.h"
#include "track/estate.h"
#include "track/life.h"
#include "track/lull.h"

typedef struct loading {
  tcpflow_tracker *tracker;
  tcpflow__record_reader from;
  tcpflow__kept kept;
  unsigned minor;
  uint32_t *index; /* Of the flow of a place; TCPFLOW__FLOW_NONE: it was left
                      out, because its ports are followed already. */
  tcpflow_tracker_stats *figures; /* The tracker's scratch. */
  tcpflow__estate estate;         /* What waits, and nobody has taken. */
  bool folded;                    /* The flow at hand was. */
  uint64_t live;      /* Flows in the checkpoint that have not ended, ... */
  uint64_t left_out;  /* ... and those of them that were left out. */
  uint32_t had;       /* Flows in the tracker before, ... */
  uint32_t had_ended; /* ... and those of them that had ended. */
} loading;

/* --- the tracker --- */

static int load_head(loading *l) {
  tcpflow__record_reader *const from = &l->from;
  const uint64_t magic = tcpflow__record_take(from, 8);
  const uint64_t major = tcpflow__record_take(from, 2);

  l->minor = (unsigned)tcpflow__record_take(from, 2);
  if (from->bad || magic != TCPFLOW__CHECKPOINT_MAGIC) {
    return TCPFLOW_ERR_INVALID;
  }
  if (major != TCPFLOW__CHECKPOINT_MAJOR) {
    return TCPFLOW_ERR_VERSION;
  }
  l->kept.hand = TCPFLOW__FLOW_NONE;
  tcpflow__record_into(from, &tcpflow__kept_fields, &l->kept);
  /* Every flow takes far more than 4 octets. */
  return !from->bad && l->kept.flows <= from->left / 4 &&
             l->kept.tick <= l->kept.now >> TCPFLOW__TICK_BITS
           ? TCPFLOW_OK
           : TCPFLOW_ERR_INVALID;
}

/* Figures that are not known here are forgotten. */
static void load_figures(loading *l) {
  uint8_t *const figures = (uint8_t *)&l->figures->frames;
  const uint64_t count = tcpflow__record_take(&l->from, 2);

  for (uint64_t i = 0; i < count; i++) {
    const uint64_t figure = tcpflow__record_take(&l->from, sizeof(figure));

    if (i < TCPFLOW__FIGURES) {
      memcpy(figures + i * sizeof(figure), &figure, sizeof(figure));
    }
  }
}

/* --- its flows --- */

/* Other timeouts may have been set since. */
static uint32_t timed_of(const tcpflow_tracker *tracker,
                         const tcpflow__kept_flow *kept) {
  return kept->timed < TCPFLOW__PHASES &&
             kept->look <= tracker->look[kept->timed]
           ? kept->timed
           : TCPFLOW__PHASE_SPARE;
}

/* Reads a flow, but for who it is between. */
static int load_into(loading *l, tcpflow__flow *flow) {
  tcpflow__kept_flow kept = {0, 0, 0, 0, 0};

  tcpflow__record_into(&l->from, &tcpflow__kept_flow_fields, &kept);
  flow->seen = kept.seen & TCPFLOW__SEEN_MASK;
  flow->timed = timed_of(l->tracker, &kept) & 15U;
  l->folded = kept.folded != 0;
  if (tcpflow__ends_are_one(&flow->conn.ends)) {
    flow->swapped = kept.swapped & 1U;
  }
  return tcpflow__conn_load(&flow->conn, l->kept.now, &l->from);
}

/* It was read into a record of its own, which it keeps unless it is KNOWN. */
static int settle(loading *l, uint32_t index, bool known) {
  tcpflow_tracker *const tracker = l->tracker;
  const bool live =
    !tcpflow__conn_ended(&tcpflow__flows_at(&tracker->flows, index)->conn);

  l->live += live;
  if (known) {
    l->left_out += live;
    tcpflow__life_drop(tracker, index);
    return TCPFLOW_OK;
  }
  tcpflow__life_adopted(tracker, index, l->folded);
  return tracker->flows.used > tracker->max_flows ||
             tcpflow__tracker_memory(tracker) > tracker->max_memory
           ? TCPFLOW_ERR_LIMIT
           : TCPFLOW_OK;
}

static int load_flow(loading *l, uint32_t place) {
  tcpflow_tracker *const tracker = l->tracker;
  tcpflow_tuple tuple;
  tcpflow__key key;
  uint32_t index;
  int error;

  if (!tcpflow__tuple_load(&tuple, &l->from)) {
    return TCPFLOW_ERR_INVALID;
  }
  tcpflow__key_init(&key, &tracker->hasher, &tuple);
  const bool known =
    tcpflow__table_find(&tracker->table, &key) != TCPFLOW__FLOW_NONE;
  error = tcpflow__life_adopt(tracker, &key, &index);
  if (error != TCPFLOW_OK) {
    return error;
  }
  error = load_into(l, tcpflow__flows_at(&tracker->flows, index));
  if (error != TCPFLOW_OK) {
    tcpflow__life_drop(tracker, index);
    return error;
  }
  l->index[place] = known ? TCPFLOW__FLOW_NONE : index;
  return settle(l, index, known);
}

static int load_flows(loading *l) {
  for (uint32_t place = 0; place < l->kept.flows; place++) {
    const int error = load_flow(l, place);

    if (error != TCPFLOW_OK) {
      return error;
    }
  }
  return l->figures->flows_new - l->figures->flows_ended == l->live
           ? TCPFLOW_OK
           : TCPFLOW_ERR_INVALID;
}

/* --- their lists --- */

/* Reads the next name of a list.  False: it ends, or is none (`bad`).  *index
   may be TCPFLOW__FLOW_NONE. */
static bool next_name(loading *l, uint32_t *index) {
  const uint32_t name = (uint32_t)tcpflow__record_take(&l->from, 4);

  if (l->from.bad || name == TCPFLOW__FLOW_NONE) {
    return false;
  }
  if (name >= l->kept.flows) {
    l->from.bad = true;
    return false;
  }
  *index = l->index[name];
  return true;
}

static void order_groups(loading *l) {
  uint32_t index;

  while (next_name(l, &index)) {
    if (index != TCPFLOW__FLOW_NONE) {
      tcpflow__flows_requeue(&l->tracker->flows, index);
    }
  }
}

/* Those that nobody names come when their time is over. */
static void set_timers(loading *l) {
  uint32_t index;

  while (next_name(l, &index)) {
    const uint64_t tick = tcpflow__record_take(&l->from, 8);

    if (index != TCPFLOW__FLOW_NONE) {
      tcpflow__life_look(l->tracker, index, tick);
    }
  }
  for (uint32_t place = 0; place < l->kept.flows; place++) {
    if (l->index[place] != TCPFLOW__FLOW_NONE) {
      tcpflow__life_look(l->tracker, l->index[place], UINT64_MAX);
    }
  }
}

static int load_estate(loading *l) {
  tcpflow__estate *const estate = &l->estate;

  if (l->kept.estate == 0) {
    return TCPFLOW_OK;
  }
  if (!tcpflow__tuple_load(&estate->tuple, &l->from)) {
    return TCPFLOW_ERR_INVALID;
  }
  estate->swapped = tcpflow__record_take(&l->from, 1) != 0;
  return tcpflow__heir_load(&l->tracker->env, &estate->heir, &l->from);
}

/* They are read twice, so that a checkpoint that is refused leaves none. */
static int load_prints(loading *l) {
  tcpflow__record_reader begin = l->from;

  tcpflow__prints_load(NULL, &l->from);
  if (l->from.bad ||
      (l->from.left != 0 && l->minor <= TCPFLOW__CHECKPOINT_MINOR)) {
    return TCPFLOW_ERR_INVALID;
  }
  tcpflow__prints_load(&l->tracker->env.prints, &begin);
  return TCPFLOW_OK;
}

static int load_lists(loading *l) {
  order_groups(l);
  set_timers(l);

  const int error = load_estate(l);

  return error == TCPFLOW_OK ? load_prints(l) : error;
}

/* --- all of it --- */

static void set_hand(loading *l) {
  tcpflow__flows *const flows = &l->tracker->flows;
  const uint32_t hand =
    l->kept.hand < l->kept.flows ? l->index[l->kept.hand] : TCPFLOW__FLOW_NONE;

  if (hand != TCPFLOW__FLOW_NONE &&
      tcpflow__phase_is_live(tcpflow__flows_at(flows, hand)->phase)) {
    flows->hand = hand;
  }
}

/* It waits for the very next frame. */
static void set_estate(loading *l) {
  if (l->estate.heir != NULL) {
    tcpflow__estate_drop(l->tracker);
    l->tracker->estate = l->estate;
    l->estate.heir = NULL;
  }
}

/* What only a tracker takes over that followed nothing. */
static void set_progress(loading *l) {
  tcpflow__resume *const resume = &l->tracker->resume;

  set_hand(l);
  set_estate(l);
  if (l->kept.done != 0) {
    resume->key.k0 = l->kept.key[0];
    resume->key.k1 = l->kept.key[1];
    resume->digest = l->kept.digest;
    resume->done = l->kept.done;
    resume->inner = 0;
  }
}

/* Nothing can fail from here on. */
static void finish(loading *l) {
  tcpflow_tracker *const tracker = l->tracker;

  if (l->had == 0) {
    set_progress(l);
  }
  if (l->kept.now > tracker->now) {
    tracker->now = l->kept.now;
  }
  /* Who was loaded may have been idle for long. */
  tcpflow__lull_init(&tracker->rounds, tracker->rounds.idle);
  l->figures->flows_new -= l->left_out;
  tracker->stats.size = sizeof(tracker->stats);
  (void)tcpflow_tracker_stats_add(&tracker->stats, l->figures);
}

static void undo(loading *l) {
  tcpflow_tracker *const tracker = l->tracker;
  tcpflow__flows *const flows = &tracker->flows;
  const uint32_t *const ended = &flows->count[TCPFLOW_PHASE_ENDED];

  while (*ended > l->had_ended) {
    tcpflow__life_drop(tracker, flows->head[TCPFLOW__LIST_ENDED].prev);
  }
  while (flows->used > l->had) {
    tcpflow__life_drop(tracker, flows->head[TCPFLOW__LIST_LIVE].prev);
  }
}

/* Digests are of the key that made them.  Those of another one are passed over,
   so a tracker that followed nothing, and so has none, takes the key over. */
static void set_past_key(loading *l) {
  const uint64_t *const key = l->kept.past_key;

  if (l->had == 0 && (key[0] | key[1]) != 0) {
    l->tracker->env.past.digests.key = (tcpflow__sipkey){key[0], key[1]};
  }
}

static int load_mapped(loading *l) {
  tcpflow__timers *const timers = &l->tracker->timers;
  const tcpflow__sipkey past_key = l->tracker->env.past.digests.key;
  const uint64_t tick = timers->at;
  int error;

  /* A wheel without timers may stand anywhere. */
  if (l->had == 0 && l->kept.tick > tick) {
    timers->at = l->kept.tick;
  }
  set_past_key(l);
  load_figures(l);
  error = load_flows(l);
  if (error == TCPFLOW_OK) {
    error = load_lists(l);
  }
  if (error == TCPFLOW_OK) {
    finish(l);
    return TCPFLOW_OK;
  }
  undo(l);
  timers->at = tick;
  l->tracker->env.past.digests.key = past_key;
  return error;
}

static int load(loading *l) {
  const tcpflow_mem *const mem = &l->tracker->env.budget.mem;
  int error = load_head(l);

  if (error != TCPFLOW_OK) {
    return error;
  }
  l->index =
    tcpflow__malloc(mem, ((size_t)l->kept.flows + 1) * sizeof(*l->index));
  if (l->index == NULL) {
    return TCPFLOW_ERR_NOMEM;
  }
  error = load_mapped(l);
  tcpflow__heir_del(&l->tracker->env, l->estate.heir);
  tcpflow__free(mem, l->index);
  return error;
}

int tcpflow_tracker_load(tcpflow_tracker *tracker, const void *octets,
                         size_t length) {
  loading l = {.tracker = tracker, .figures = &tracker->scratch.loaded};

  if (tracker->env.telling) {
    return TCPFLOW_ERR_STATE;
  }
  if (!tcpflow__record_open(&l.from, octets, length)) {
    return TCPFLOW_ERR_INVALID;
  }
  tcpflow_tracker_stats_init(l.figures);
  tcpflow__life_reap(tracker);
  l.had = tracker->flows.used;
  l.had_ended = tracker->flows.count[TCPFLOW_PHASE_ENDED];
  return load(&l);
}
