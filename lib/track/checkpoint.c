/*
 * lib/track/checkpoint.c - all connections are written.
 *
 * Room: track.  Includes: base, wire, conn.  Flows are written in the order of
 * their lists, and each notes its place, so that the other lists can name it
 * and no memory is needed.  The hash makes room for that, and is computed anew.
 */
#include "track/checkpoint.h"

#include "conn/connrecord.h"
#include "conn/heirrecord.h"
#include "conn/tuplerecord.h"
#include "track/life.h"

static const tcpflow__field kept_members[] = {
  TCPFLOW__FIELD_OF(tcpflow__kept, now),
  TCPFLOW__FIELD_OF(tcpflow__kept, tick),
  TCPFLOW__FIELDS_OF(tcpflow__kept, key, 2),
  TCPFLOW__FIELD_OF(tcpflow__kept, digest),
  TCPFLOW__FIELD_OF(tcpflow__kept, done),
  TCPFLOW__FIELD_OF(tcpflow__kept, flows),
  TCPFLOW__FIELD_OF(tcpflow__kept, hand),
  TCPFLOW__FIELDS_OF(tcpflow__kept, past_key, 2),
  TCPFLOW__FIELD_OF(tcpflow__kept, estate),
};
const tcpflow__fields tcpflow__kept_fields = TCPFLOW__FIELDS(kept_members);

static const tcpflow__field flow_members[] = {
  TCPFLOW__FIELD_OF(tcpflow__kept_flow, look),
  TCPFLOW__FIELD_OF(tcpflow__kept_flow, seen),
  TCPFLOW__FIELD_OF(tcpflow__kept_flow, swapped),
  TCPFLOW__FIELD_OF(tcpflow__kept_flow, timed),
  TCPFLOW__FIELD_OF(tcpflow__kept_flow, folded),
};
const tcpflow__fields tcpflow__kept_flow_fields = TCPFLOW__FIELDS(flow_members);

bool tcpflow__kept_record_covers(void) {
  return tcpflow__fields_cover(&tcpflow__kept_fields, sizeof(tcpflow__kept)) &&
         tcpflow__fields_cover(&tcpflow__kept_flow_fields,
                               sizeof(tcpflow__kept_flow));
}

/* --- the tracker --- */

/* The flow of the hand has its place by now. */
static uint32_t hand_of(const tcpflow__flows *flows) {
  return (flows->hand & TCPFLOW__LIST_HEAD) != 0
           ? TCPFLOW__FLOW_NONE
           : tcpflow__flows_at(flows, flows->hand)->place;
}

/* Fragments are not kept, and so is not how far a datagram of them was
   followed. */
static void save_head(const tcpflow_tracker *tracker,
                      tcpflow__record_writer *to) {
  const tcpflow__resume *const resume = &tracker->resume;
  tcpflow__kept kept = {
    .now = tracker->now,
    .tick = tracker->timers.at,
    .flows = tracker->flows.used,
    .hand = hand_of(&tracker->flows),
    .estate = tracker->estate.heir != NULL,
  };

  if (resume->done != 0) {
    kept.key[0] = resume->key.k0;
    kept.key[1] = resume->key.k1;
    kept.digest = resume->digest;
    kept.done = resume->done;
  }
  if (tracker->env.past.digests.max != 0) {
    kept.past_key[0] = tracker->env.past.digests.key.k0;
    kept.past_key[1] = tracker->env.past.digests.key.k1;
  }
  tcpflow__record_number(to, TCPFLOW__CHECKPOINT_MAGIC, 8);
  tcpflow__record_number(to, TCPFLOW__CHECKPOINT_MAJOR, 2);
  tcpflow__record_number(to, TCPFLOW__CHECKPOINT_MINOR, 2);
  tcpflow__record_object(to, &tcpflow__kept_fields, &kept);
}

static void save_figures(const tcpflow_tracker *tracker,
                         tcpflow__record_writer *to) {
  const uint8_t *const figures = (const uint8_t *)&tracker->stats.frames;

  tcpflow__record_number(to, TCPFLOW__FIGURES, 2);
  for (size_t i = 0; i < TCPFLOW__FIGURES; i++) {
    uint64_t figure;

    memcpy(&figure, figures + i * sizeof(figure), sizeof(figure));
    tcpflow__record_number(to, figure, sizeof(figure));
  }
}

/* --- its flows --- */

static uint32_t next_of(const tcpflow__flows *flows, tcpflow__chain chain,
                        uint32_t index) {
  return tcpflow__flows_at(flows, index)->link[chain].next;
}

/* Gives each flow of a list its place, the first PLACE; answers the next
   place. */
static uint32_t number_list(tcpflow__flows *flows, uint32_t list,
                            uint32_t place) {
  uint32_t index = flows->head[list].next;

  for (; (index & TCPFLOW__LIST_HEAD) == 0;
       index = next_of(flows, TCPFLOW__CHAIN_AGE, index)) {
    tcpflow__flows_at(flows, index)->place = place++;
  }
  return place;
}

/* Gives each flow of a list its hash back. */
static void hash_list(tcpflow_tracker *tracker, uint32_t list) {
  tcpflow__flows *const flows = &tracker->flows;
  uint32_t index = flows->head[list].next;

  for (; (index & TCPFLOW__LIST_HEAD) == 0;
       index = next_of(flows, TCPFLOW__CHAIN_AGE, index)) {
    tcpflow__flow *const flow = tcpflow__flows_at(flows, index);
    tcpflow_tuple room;
    tcpflow__key key;

    tcpflow__key_init(&key, &tracker->hasher,
                      tcpflow__ends_seen(&flow->conn.ends, &room));
    flow->hash = key.hash;
  }
}

/* Whoever ended, what is left of it is all that is saved. */
static void shed_ended(tcpflow_tracker *tracker) {
  const tcpflow__flows *const flows = &tracker->flows;
  uint32_t index = flows->head[TCPFLOW__LIST_ENDED].next;

  for (; (index & TCPFLOW__LIST_HEAD) == 0;
       index = next_of(flows, TCPFLOW__CHAIN_AGE, index)) {
    tcpflow__life_shed(tracker, index);
  }
}

static void save_flows(const tcpflow_tracker *tracker, uint32_t list,
                       tcpflow__record_writer *to) {
  const tcpflow__flows *const flows = &tracker->flows;
  uint32_t index = flows->head[list].next;

  for (; (index & TCPFLOW__LIST_HEAD) == 0;
       index = next_of(flows, TCPFLOW__CHAIN_AGE, index)) {
    const tcpflow__flow *const flow = tcpflow__flows_at(flows, index);
    const tcpflow__kept_flow kept = {
      tracker->look[flow->timed], flow->seen, (uint8_t)flow->swapped,
      (uint8_t)flow->timed,
      flow->folded != 0 && flow->phase == TCPFLOW_PHASE_OPENING};
    tcpflow_tuple room;

    tcpflow__tuple_save(tcpflow__ends_seen(&flow->conn.ends, &room), to);
    tcpflow__record_object(to, &tcpflow__kept_flow_fields, &kept);
    tcpflow__conn_save(&flow->conn, to);
  }
}

/* --- their lists --- */

static void save_end(tcpflow__record_writer *to) {
  tcpflow__record_number(to, TCPFLOW__FLOW_NONE, 4);
}

static void save_group(const tcpflow__flows *flows, uint32_t list,
                       tcpflow__record_writer *to) {
  uint32_t index = flows->head[list].next;

  for (; (index & TCPFLOW__LIST_HEAD) == 0;
       index = next_of(flows, TCPFLOW__CHAIN_GROUP, index)) {
    tcpflow__record_number(to, tcpflow__flows_at(flows, index)->place, 4);
  }
}

static void save_slot(const tcpflow_tracker *tracker, uint32_t list,
                      tcpflow__record_writer *to) {
  const tcpflow__flows *const flows = &tracker->flows;
  const uint64_t tick = tcpflow__timers_tick(&tracker->timers, list);
  uint32_t index = flows->head[list].next;

  for (; (index & TCPFLOW__LIST_HEAD) == 0;
       index = next_of(flows, TCPFLOW__CHAIN_TIMER, index)) {
    tcpflow__record_number(to, tcpflow__flows_at(flows, index)->place, 4);
    tcpflow__record_number(to, tick, 8);
  }
}

static void save_lists(const tcpflow_tracker *tracker,
                       tcpflow__record_writer *to) {
  save_group(&tracker->flows, TCPFLOW__LIST_RESET, to);
  save_group(&tracker->flows, TCPFLOW__LIST_EMBRYONIC, to);
  save_group(&tracker->flows, TCPFLOW__LIST_FOLDED, to);
  save_group(&tracker->flows, TCPFLOW__LIST_CLOSING, to);
  save_end(to);
  save_slot(tracker, TCPFLOW__LIST_PENDING, to);
  for (uint32_t list = 0; list < TCPFLOW__LIST_PENDING; list++) {
    save_slot(tracker, list, to);
  }
  save_end(to);
}

/* --- what was left --- */

static void save_estate(const tcpflow__estate *estate,
                        tcpflow__record_writer *to) {
  if (estate->heir != NULL) {
    tcpflow__tuple_save(&estate->tuple, to);
    tcpflow__record_number(to, estate->swapped, 1);
    tcpflow__heir_save(estate->heir, to);
  }
}

/* --- all of it --- */

static void save(tcpflow_tracker *tracker, tcpflow__record_writer *to) {
  tcpflow__flows *const flows = &tracker->flows;
  const uint32_t live = number_list(flows, TCPFLOW__LIST_LIVE, 0);

  (void)number_list(flows, TCPFLOW__LIST_ENDED, live);
  save_head(tracker, to);
  save_figures(tracker, to);
  shed_ended(tracker);
  save_flows(tracker, TCPFLOW__LIST_LIVE, to);
  save_flows(tracker, TCPFLOW__LIST_ENDED, to);
  save_lists(tracker, to);
  hash_list(tracker, TCPFLOW__LIST_LIVE);
  hash_list(tracker, TCPFLOW__LIST_ENDED);
  save_estate(&tracker->estate, to);
  tcpflow__prints_save(&tracker->env.prints, tracker->now, to);
}

int tcpflow_tracker_save(tcpflow_tracker *tracker, tcpflow_tracker_put put,
                         void *user) {
  tcpflow__record_writer to;

  if (tracker->env.telling) {
    return TCPFLOW_ERR_STATE;
  }
  tcpflow__life_reap(tracker);
  tracker->env.telling = true;
  tracker->env.saving = true;
  tcpflow__record_begin(&to, put, user);
  save(tracker, &to);
  const bool whole = tcpflow__record_end(&to);
  tracker->env.saving = false;
  tracker->env.telling = false;
  return whole ? TCPFLOW_OK : TCPFLOW_ERR_CALLBACK;
}
