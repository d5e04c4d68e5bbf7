/*
 * lib/track/checkpoint.c - all connections as octets, and back.
 *
 * Room: track.  Includes: base, wire, conn.  Connections are written oldest
 * first, then those that have ended and whose stragglers are recognized; so
 * reading them in that order puts them into the same lists.  Hashes and timers
 * are the reader's own.  Nothing is told: what was told before stays told.
 */
#include "track/life.h"

#include "base/sized.h"
#include "conn/connrecord.h"
#include "track/lists.h"

/* "TCPFLOW" and a 0, least octet first. */
#define MAGIC      UINT64_C(0x00574f4c46504354)
/* One that cannot be read by what reads this one has another major number. */
#define MAJOR      1U
#define MINOR      0U

/* All of the figures are 64-bit numbers in a row. */
#define FIGURES_AT offsetof(tcpflow_tracker_stats, frames)

static const tcpflow__field figures[] = {
  {FIGURES_AT, sizeof(tcpflow_tracker_stats) - FIGURES_AT, sizeof(uint64_t)}};
static const tcpflow__fields figure_fields = TCPFLOW__FIELDS(figures);

/* --- saving --- */

static uint32_t next_of(tcpflow__flows *flows, uint32_t index) {
  return tcpflow__flows_at(flows, index)->link[TCPFLOW__CHAIN_AGE].next;
}

static void save_list(tcpflow_tracker *tracker, uint32_t list,
                      tcpflow__record_writer *to) {
  tcpflow__flows *const flows = &tracker->flows;
  uint32_t index = flows->head[list].next;

  for (; (index & TCPFLOW__LIST_HEAD) == 0; index = next_of(flows, index)) {
    const tcpflow_conn *const conn = &tcpflow__flows_at(flows, index)->conn;
    tcpflow__tuple_save(&conn->tuple, to);
    tcpflow__conn_save(conn, to);
  }
}

int tcpflow_tracker_save(tcpflow_tracker *tracker, tcpflow_save_fn put,
                         void *user) {
  const uint32_t ended = tracker->flows.count[TCPFLOW_PHASE_ENDED];
  tcpflow__record_writer to;

  if (tracker->env.telling) {
    return TCPFLOW_ERR_STATE;
  }
  tcpflow__life_reap(tracker);
  tracker->env.telling = true;
  tcpflow__record_begin(&to, put, user);
  tcpflow__record_number(&to, MAGIC, 8);
  tcpflow__record_number(&to, MAJOR, 2);
  tcpflow__record_number(&to, MINOR, 2);
  tcpflow__record_number(&to, tracker->now, 8);
  tcpflow__record_number(&to, tracker->flows.used, 4);
  tcpflow__record_number(&to, ended, 4);
  tcpflow__record_object(&to, &figure_fields, &tracker->stats);
  save_list(tracker, TCPFLOW__LIST_LIVE, &to);
  save_list(tracker, TCPFLOW__LIST_ENDED, &to);
  const bool whole = tcpflow__record_end(&to);
  tracker->env.telling = false;
  return whole ? TCPFLOW_OK : TCPFLOW_ERR_CALLBACK;
}

/* --- loading --- */

typedef struct heading {
  tcpflow_time now;
  uint64_t flows;
  tcpflow_tracker_stats *stats; /* The tracker's scratch. */
} heading;

static int load_heading(tcpflow__record_reader *from, heading *head) {
  const uint64_t magic = tcpflow__record_take(from, 8);
  const uint64_t major = tcpflow__record_take(from, 2);

  (void)tcpflow__record_take(from, 2);
  if (from->bad || magic != MAGIC) {
    return TCPFLOW_ERR_INVALID;
  }
  if (major != MAJOR) {
    return TCPFLOW_ERR_VERSION;
  }
  head->now = tcpflow__record_take(from, 8);
  head->flows = tcpflow__record_take(from, 4);
  (void)tcpflow__record_take(from, 4);
  tcpflow_tracker_stats_init(head->stats);
  tcpflow__record_into(from, &figure_fields, head->stats);
  return from->bad ? TCPFLOW_ERR_INVALID : TCPFLOW_OK;
}

/* One connection.  One whose ports are followed already is read and dropped,
   and counted if it is live. */
static int load_flow(tcpflow_tracker *tracker, tcpflow__record_reader *from,
                     uint64_t *left_out) {
  tcpflow_tuple tuple;
  tcpflow__key key;

  if (!tcpflow__tuple_load(&tuple, from)) {
    return TCPFLOW_ERR_INVALID;
  }
  tcpflow__key_init(&key, &tracker->hasher, &tuple);
  const bool known =
    tcpflow__table_find(&tracker->table, &key) != TCPFLOW__FLOW_NONE;
  const uint32_t index = tcpflow__life_adopt(tracker, &key);
  if (index == TCPFLOW__FLOW_NONE) {
    return TCPFLOW_ERR_NOMEM;
  }

  tcpflow_conn *const conn = &tcpflow__flows_at(&tracker->flows, index)->conn;
  const int error = tcpflow__conn_load(conn, tracker->now, from);
  *left_out += known && !tcpflow__conn_ended(conn);
  if (error != TCPFLOW_OK || known) {
    tcpflow__life_drop(tracker, index);
    return error;
  }
  tcpflow__life_adopted(tracker, index);
  if (tracker->flows.used > tracker->max_flows ||
      tcpflow__tracker_memory(tracker) > tracker->max_memory) {
    tcpflow__life_drop(tracker, index);
    return TCPFLOW_ERR_LIMIT;
  }
  return TCPFLOW_OK;
}

/* How many flows are live, and how many have ended. */
static uint32_t count_ended(const tcpflow_tracker *tracker) {
  return tracker->flows.count[TCPFLOW_PHASE_ENDED];
}

static uint32_t count_live(const tcpflow_tracker *tracker) {
  return tracker->flows.used - count_ended(tracker);
}

static int load_flows(tcpflow_tracker *tracker, tcpflow__record_reader *from,
                      heading *head) {
  const uint32_t live = count_live(tracker);
  const uint32_t ended = count_ended(tracker);
  uint64_t left_out = 0;
  int error = TCPFLOW_OK;

  for (uint64_t i = 0; i < head->flows && error == TCPFLOW_OK; i++) {
    error = load_flow(tracker, from, &left_out);
  }
  head->stats->flows_new -= left_out;
  if (error == TCPFLOW_OK && from->left != 0) {
    error = TCPFLOW_ERR_INVALID;
  }
  while (error != TCPFLOW_OK && count_live(tracker) > live) {
    tcpflow__life_drop(tracker, tracker->flows.head[TCPFLOW__LIST_LIVE].prev);
  }
  while (error != TCPFLOW_OK && count_ended(tracker) > ended) {
    tcpflow__life_drop(tracker, tracker->flows.head[TCPFLOW__LIST_ENDED].prev);
  }
  return error;
}

int tcpflow_tracker_load(tcpflow_tracker *tracker, const void *octets,
                         size_t length) {
  const tcpflow_time now = tracker->now;
  tcpflow__record_reader from;
  heading head = {.stats = &tracker->scratch.loaded};
  int error;

  if (tracker->env.telling) {
    return TCPFLOW_ERR_STATE;
  }
  if (!tcpflow__record_open(&from, octets, length)) {
    return TCPFLOW_ERR_INVALID;
  }
  error = load_heading(&from, &head);
  if (error != TCPFLOW_OK) {
    return error;
  }

  tcpflow__life_reap(tracker);
  tracker->now = head.now > now ? head.now : now;
  error = load_flows(tracker, &from, &head);
  if (error != TCPFLOW_OK) {
    tracker->now = now;
    return error;
  }
  tracker->stats.size = sizeof(tracker->stats);
  return tcpflow_tracker_stats_add(&tracker->stats, head.stats);
}
