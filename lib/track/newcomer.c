/*
 * lib/track/newcomer.c - a SYN of nobody begins a flow at once.
 *
 * Room: track.  Includes: base, options, segment, conn.  What birth.c does for
 * a flow that begins folded, where no memory is needed, nobody is asked, and
 * nothing was left to it.  A tuple that is not plain takes a place.  Those that
 * came one after the other stand so in all lists: the record before it is
 * looked for once.
 */
#include "track/newcomer.h"

#include <assert.h>

#include "base/later.h"
#include "conn/firstsyn.h"
#include "track/buckets.h"
#include "track/caps.h"
#include "track/expel.h"
#include "track/life.h"
#include "track/offered.h"

/* The flow that began folded before. */
typedef struct forerunner {
  tcpflow__flow *flow;
  uint32_t index; /* TCPFLOW__FLOW_NONE: there is none, and that is the new
                     one. */
} forerunner;

/* --- may it begin so? --- */

/* Is its tuple plain, so that a record holds all of it, if it is the usual
   SYN? */
TCPFLOW__FLAT bool is_plain(const tcpflow__batched *batched) {
  return TCPFLOW__MOSTLY(batched->form == 4);
}

/* Is nobody asked, and nothing left to it?  Callbacks may want sides. */
TCPFLOW__FLAT bool is_simple(const tcpflow_tracker *tracker) {
  return tracker->choose_admission == NULL && tracker->estate.heir == NULL &&
         !tracker->verify_checksums &&
         tcpflow__places_are_ready(&tracker->flows.places);
}

/* Is there memory for it, without asking for any? */
TCPFLOW__FLAT bool has_room(const tcpflow_tracker *tracker) {
  return tcpflow__flows_are_ready(&tracker->flows) &&
         tcpflow__table_is_ready(&tracker->table) &&
         (tracker->max_memory == UINT64_MAX || !tcpflow__caps_cramp(tracker));
}

/* A place of sides becomes places of tuples, if that asks for no memory, and
   there is one for sides then: otherwise the general way goes on from there. */
TCPFLOW__APART static bool lend_place(tcpflow__flows *flows) {
  return tcpflow__places_leave(&flows->places, 1) &&
         tcpflow__tuples_need(&flows->tuples, &flows->places) &&
         tcpflow__places_are_ready(&flows->places);
}

/* And for its tuple?  A plain one that needs a place goes the general way. */
TCPFLOW__FLAT bool has_place(tcpflow__flows *flows,
                             const tcpflow__batched *batched) {
  const tcpflow_tuple *const tuple = &batched->packet.tuple;

  return is_plain(batched)
           ? (tuple->tunnel | (tuple->vlan & TCPFLOW__ENDS_WHOLE)) == 0
           : tcpflow__ends_fit(tuple) || flows->tuples.spare != NULL ||
               lend_place(flows);
}

/* Is it the usual SYN (conn/firstsyn.h)? */
TCPFLOW__FLAT bool is_usual(const tcpflow_tracker *tracker,
                            const tcpflow_packet *packet,
                            const tcpflow_options *options) {
  return packet->payload_length == 0 && packet->time >= tracker->now &&
         packet->tuple.port[0] != packet->tuple.port[1] &&
         tracker->env.routine && tcpflow__offers_plainly(options);
}

/* --- its segment --- */

/* Of a segment that nobody hears of, nothing else is read than what is here:
   it never is in memory. */
TCPFLOW__FLAT tcpflow_segment segment_of(const tcpflow_tracker *tracker,
                                         const tcpflow_packet *packet,
                                         const tcpflow_options *options) {
  return (tcpflow_segment){
    .size = sizeof(tcpflow_segment),
    .time = tracker->now,
    .options = options,
    .packet = packet,
    .seq = packet->seq,
    .ack = packet->ack,
    .flags = packet->flags,
    .window = packet->window,
    .ip_ttl = packet->ip_ttl,
    .ip_id = packet->ip_id,
  };
}

TCPFLOW__FLAT void tell(tcpflow_tracker *tracker, tcpflow__flow *flow,
                        uint32_t index, const tcpflow__batched *batched,
                        const tcpflow_options *options) {
  const tcpflow_packet *const packet = &batched->packet;
  tcpflow_segment *const segment = &tracker->scratch.segment;

  tcpflow__segment_copy(segment, options, packet, tracker->now);
  tcpflow__firstsyn_tell(&flow->conn, &packet->tuple, segment);
  tcpflow__life_settle_folded(tracker, flow, index);
}

/* --- its record --- */

TCPFLOW__FLAT forerunner forerunner_of(const tcpflow__flows *flows,
                                       tcpflow__flow *newcomer) {
  const uint32_t index = flows->head[TCPFLOW__LIST_FOLDED].prev;

  return (index & TCPFLOW__LIST_HEAD) != 0
           ? (forerunner){newcomer, TCPFLOW__FLOW_NONE}
           : (forerunner){tcpflow__flows_at(flows, index), index};
}

/* The same as tcpflow__list_place(). */
TCPFLOW__FLAT void place(tcpflow__flows *flows, tcpflow__chain chain,
                         uint32_t list, tcpflow__flow *flow, uint32_t index,
                         const forerunner *before) {
  tcpflow__link *const head = &flows->head[list];
  const uint32_t last = head->prev;

  flow->link[chain] = (tcpflow__link){list | TCPFLOW__LIST_HEAD, last};
  head->prev = index;
  if (last == before->index) {
    before->flow->link[chain].next = index;
  } else {
    tcpflow__list_link(flows, chain, last)->next = index;
  }
}

/* Into all lists, that of its timer included. */
TCPFLOW__FLAT void enter_lists(tcpflow_tracker *tracker, tcpflow__flow *flow,
                               uint32_t index) {
  tcpflow__flows *const flows = &tracker->flows;
  const forerunner before = forerunner_of(flows, flow);
  const uint32_t timer = tcpflow__timers_list(
    &tracker->timers,
    tcpflow__later(tracker->now, tracker->look[TCPFLOW_PHASE_OPENING]));

  place(flows, TCPFLOW__CHAIN_TIMER, timer, flow, index, &before);
  place(flows, TCPFLOW__CHAIN_AGE, TCPFLOW__LIST_LIVE, flow, index, &before);
  place(flows, TCPFLOW__CHAIN_GROUP, TCPFLOW__LIST_FOLDED, flow, index,
        &before);
}

/* Of a tuple that is not plain; it may fit all the same. */
TCPFLOW__APART static void set_any(tcpflow__tuples *tuples, tcpflow__ends *ends,
                                   const tcpflow_tuple *tuple) {
  tcpflow__ends_set(ends, tuple,
                    tcpflow__ends_fit(tuple) ? NULL
                                             : tcpflow__tuples_take(tuples));
}

/* Whose it is. */
TCPFLOW__FLAT void set_ends(tcpflow__tuples *tuples, tcpflow__ends *ends,
                            const tcpflow__batched *batched) {
  const tcpflow_tuple *const tuple = &batched->packet.tuple;

  if (!is_plain(batched)) {
    set_any(tuples, ends, tuple);
    return;
  }
  ends->addresses = tcpflow__ends_addresses(tuple);
  ends->ports = tcpflow__ends_ports(tuple);
  ends->vlan = tuple->vlan;
}

/* What the connection begins as. */
TCPFLOW__FLAT void begin_conn(const tcpflow_tracker *tracker,
                              tcpflow_conn *conn) {
  const tcpflow_conn *const blank = &tracker->blank;

  conn->env = blank->env;
  conn->extra = NULL;
  conn->data = NULL;
  conn->bits = blank->bits;
  conn->kinds = blank->kinds;
  conn->role = TCPFLOW_ROLE_SYN;
}

/* Takes a record for it, that of *INDEX, into the table and all lists, and
   remembers that. */
TCPFLOW__FLAT tcpflow__flow *enter(tcpflow_tracker *tracker,
                                   const tcpflow__batched *batched,
                                   uint32_t *index) {
  const tcpflow__key *const key = &batched->key;
  tcpflow__flow *const flow = tcpflow__flows_pick(&tracker->flows, index);

  begin_conn(tracker, &flow->conn);
  flow->hash = key->hash;
  flow->phase = TCPFLOW_PHASE_OPENING;
  flow->swapped = key->swapped;
  flow->timed = TCPFLOW_PHASE_OPENING;
  flow->folded = 1;
  flow->seen = 0;
  enter_lists(tracker, flow, *index);
  tcpflow__table_put(&tracker->table, batched->bucket, *index, key->hash);
  tcpflow__recent_begin(&tracker->recent, batched->product, flow, *index);
  set_ends(&tracker->flows.tuples, &flow->conn.ends, batched);
  tracker->flows.count[TCPFLOW_PHASE_OPENING]++;
  tracker->stats.flows_new++;
  return flow;
}

/* --- all of it --- */

/* One flow too many?  Then the oldest of these goes, or another one. */
TCPFLOW__FLAT void make_room(tcpflow_tracker *tracker, uint32_t index) {
  if (tracker->flows.used > tracker->max_flows) {
    if (!tcpflow__expel_folded(tracker, index)) {
      tcpflow__life_make_room(tracker, index);
    }
  } else if (tracker->max_memory != UINT64_MAX) {
    tcpflow__life_make_room(tracker, index);
  }
}

bool tcpflow__newcomer_begin(tcpflow_tracker *tracker,
                             const tcpflow__batched *batched) {
  const tcpflow_packet *const packet = &batched->packet;

  if (!is_simple(tracker) || !has_room(tracker) ||
      !has_place(&tracker->flows, batched)) {
    return false;
  }
  const tcpflow_options *const options =
    tcpflow__offered_options(tracker, packet);
  if (!is_usual(tracker, packet, options)) {
    return false;
  }

  const tcpflow_segment segment = segment_of(tracker, packet, options);
  assert(tcpflow__firstsyn_is(&tracker->env, packet->tuple.port, &segment));
  uint32_t index;
  tcpflow__flow *const flow = enter(tracker, batched, &index);
  tcpflow__firstsyn_take(&flow->conn, &segment);
  if (tcpflow__firstsyn_is_news(&tracker->env)) {
    tell(tracker, flow, index, batched, options);
  }
  make_room(tracker, index);
  return true;
}
