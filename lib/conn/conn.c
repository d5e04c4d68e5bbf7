/*
 * lib/conn/conn.c - a connection's life: made, fed, ended, released.
 *
 * Room: conn.  Includes: base, segment, reasm.
 */
#include "conn/conn.h"

#include <string.h>

#include "base/mem.h"
#include "base/sized.h"
#include "conn/again.h"
#include "conn/candidates.h"
#include "conn/doubt.h"
#include "conn/extra.h"
#include "conn/far.h"
#include "conn/fold.h"
#include "conn/holes.h"
#include "conn/place.h"
#include "conn/retold.h"
#include "conn/rstpolicy.h"
#include "conn/tell.h"
#include "conn/ways.h"
#include "reasm/overlap.h"
#include "reasm/rest.h"

TCPFLOW__NO_TAIL_PADDING(tcpflow_conn_callbacks, on_rst_data);
TCPFLOW__NO_TAIL_PADDING(tcpflow_conn_config, hash_key);

/* What it knows of its latest frames. */
enum {
  PRINT_BITS = 4
};

/* A connection by itself, with an environment of its own. */
typedef struct alone {
  tcpflow_conn conn; /* First: the user holds a pointer to it. */
  tcpflow__sides sides;
  tcpflow_tuple tuple; /* If it needs a place of its own. */
  tcpflow__conn_env env;
  tcpflow__print_set prints[1 << PRINT_BITS];
  tcpflow__reasm_rest rest[2]; /* Of its streams. */
} alone;

void tcpflow_conn_config_defaults(tcpflow_conn_config *config, size_t size) {
  const tcpflow_conn_config defaults = {
    .size = sizeof(defaults),
    .max_held_bytes = UINT64_C(1) << 20,
    .max_held_pieces = 4096,
    .reset_linger_ns = 2 * TCPFLOW_SECOND,
    .rst_policy = TCPFLOW_RST_RFC5961,
    .gap_grace_ns = 100 * TCPFLOW_MILLISECOND,
    .hole_timeout_ns = 60 * TCPFLOW_SECOND,
  };

  tcpflow_sized_init(config, size);
  tcpflow__sized_write(config, &defaults, sizeof(defaults));
}

static bool in_range(const tcpflow_conn_config *config) {
  return config->max_held_bytes <= UINT64_C(1) << 31 &&
         config->max_held_pieces <= UINT32_MAX &&
         config->rst_policy <= TCPFLOW_RST_ANY &&
         tcpflow__is_overlap(config->overlap) &&
         config->urgent_policy <= TCPFLOW_URGENT_OUT_OF_BAND &&
         config->max_tail_bytes <= TCPFLOW__TAIL_MAX &&
         config->max_tail_digests <= TCPFLOW__DIGESTS_MAX &&
         config->delivery <= TCPFLOW_DELIVERY_ACKED;
}

static int read_config(tcpflow__conn_env *env,
                       const tcpflow_conn_config *config) {
  tcpflow_conn_config ours;

  tcpflow_conn_config_init(&ours);
  if (config != NULL &&
      tcpflow__sized_read(&ours, sizeof(ours), config) != TCPFLOW_OK) {
    return TCPFLOW_ERR_VERSION;
  }
  if (!in_range(&ours)) {
    return TCPFLOW_ERR_INVALID;
  }
  env->limits.max_memory = (uint32_t)ours.max_held_bytes;
  env->limits.max_pieces = (uint32_t)ours.max_held_pieces;
  env->reset_linger = ours.reset_linger_ns;
  env->strict = ours.strict;
  env->close_linger = ours.close_linger_ns;
  env->rst_taste = tcpflow__rst_taste_of(ours.rst_policy);
  env->overlap = (uint8_t)ours.overlap;
  env->urgent_policy = (uint8_t)ours.urgent_policy;
  env->delivery = (uint8_t)ours.delivery;
  env->gap_grace = ours.gap_grace_ns;
  env->hole_timeout = ours.hole_timeout_ns;
  env->past = tcpflow__past_rule_of(ours.max_tail_bytes, ours.max_tail_digests,
                                    ours.hash_key);
  env->routine = env->delivery == TCPFLOW_DELIVERY_AT_ONCE && !env->past.any;
  return tcpflow__keeper_read(&env->budget.keeper, ours.hold);
}

int tcpflow__conn_env_init(tcpflow__conn_env *env,
                           const tcpflow_conn_config *config,
                           const tcpflow_conn_callbacks *callbacks,
                           const tcpflow_mem *mem, void *user) {
  int error;

  memset(env, 0, sizeof(*env));
  error = read_config(env, config);
  if (error != TCPFLOW_OK) {
    return error;
  }
  if (callbacks != NULL &&
      tcpflow__sized_read(&env->callbacks, sizeof(env->callbacks), callbacks) !=
        TCPFLOW_OK) {
    return TCPFLOW_ERR_VERSION;
  }
  env->user = user;
  return tcpflow__mem_read(&env->budget.mem, mem);
}

void tcpflow__conn_init(tcpflow_conn *conn, tcpflow__sides *sides,
                        tcpflow__conn_env *env) {
  memset(conn, 0, sizeof(*conn));
  conn->env = env;
  conn->rst_taste = env->rst_taste & 15U;
  tcpflow__sides_init(sides, env);
  tcpflow__conn_attach(conn, sides);
  if (sides->stream[0].rest->gate != UINT64_MAX) {
    tcpflow__conn_mark(conn, TCPFLOW__CONN_GATED);
  }
}

/* Frees what is held; what was counted can still be asked for. */
static void clear_streams(tcpflow_conn *conn) {
  tcpflow__budget *const budget = &conn->env->budget;

  if (!tcpflow__conn_is_folded(conn)) {
    tcpflow__reasm_clear(&conn->sides->stream[TCPFLOW_SIDE_CLIENT], budget);
    tcpflow__reasm_clear(&conn->sides->stream[TCPFLOW_SIDE_SERVER], budget);
  }
  tcpflow__retold_clear(conn, TCPFLOW_SIDE_CLIENT);
  tcpflow__retold_clear(conn, TCPFLOW_SIDE_SERVER);
  tcpflow__far_clear(conn, TCPFLOW_SIDE_CLIENT);
  tcpflow__far_clear(conn, TCPFLOW_SIDE_SERVER);
}

void tcpflow__conn_clear(tcpflow_conn *conn) {
  tcpflow__budget *const budget = &conn->env->budget;

  clear_streams(conn);
  if (!tcpflow__conn_is_folded(conn)) {
    tcpflow__rest_drop(&conn->sides->stream[TCPFLOW_SIDE_CLIENT], budget);
    tcpflow__rest_drop(&conn->sides->stream[TCPFLOW_SIDE_SERVER], budget);
    tcpflow__wait_clear(conn);
  }
  tcpflow__conn_extra_clear(conn);
}

/* After the end only SYNs that may begin the next connection matter. */
static void clear_ended(tcpflow_conn *conn) {
  conn->bits &= ~(uint32_t)TCPFLOW__CONN_DOUBTED;
  clear_streams(conn);
  tcpflow__wait_clear(conn);
  tcpflow__again_shorten(conn, TCPFLOW_SIDE_CLIENT, 0);
  tcpflow__again_shorten(conn, TCPFLOW_SIDE_SERVER, 0);
  if (tcpflow__candidates_of(conn) == NULL) {
    tcpflow__conn_extra_clear(conn);
  }
}

int tcpflow_conn_new(tcpflow_conn **out, const tcpflow_conn_config *config,
                     const tcpflow_conn_callbacks *callbacks,
                     const tcpflow_tuple *tuple, const tcpflow_mem *mem,
                     void *user) {
  tcpflow__conn_env env;
  alone *self;
  int error = tcpflow__conn_env_init(&env, config, callbacks, mem, user);

  if (error != TCPFLOW_OK) {
    return error;
  }
  self = tcpflow__calloc(&env.budget.mem, 1, sizeof(*self));
  if (self == NULL) {
    return TCPFLOW_ERR_NOMEM;
  }

  /* Nobody else draws on it: the limits of the directions are the cap. */
  env.budget.cap = UINT64_MAX;
  tcpflow__prints_init(&env.prints, self->prints, PRINT_BITS);
  self->env = env;
  tcpflow__conn_init(&self->conn, &self->sides, &self->env);
  if (tuple != NULL) {
    tcpflow__ends_set(&self->conn.ends, tuple, &self->tuple);
    tcpflow__conn_mark(&self->conn, TCPFLOW__CONN_HAS_TUPLE);
  }
  self->conn.role = TCPFLOW_ROLE_CALLER;
  tcpflow__rest_lend(&self->conn.sides->stream[TCPFLOW_SIDE_CLIENT],
                     &self->rest[0]);
  tcpflow__rest_lend(&self->conn.sides->stream[TCPFLOW_SIDE_SERVER],
                     &self->rest[1]);
  *out = &self->conn;
  return TCPFLOW_OK;
}

void tcpflow_conn_del(tcpflow_conn *conn) {
  tcpflow_mem mem;

  if (conn == NULL || conn->env->telling) {
    return;
  }
  mem = conn->env->budget.mem;
  conn->env->stopped = false;
  tcpflow__conn_finish(conn, conn->last, NULL, TCPFLOW_END_FLUSHED);
  tcpflow__conn_clear(conn);
  tcpflow__rest_unstock(&conn->env->budget);
  tcpflow__free(&mem, conn);
}

/* Nothing has shown that it goes on: it ended then. */
static void conclude_doubt(tcpflow_conn *conn) {
  const tcpflow__doubt *const doubt = &conn->wait->doubt;
  const tcpflow__cause cause = {doubt->time, NULL, (tcpflow_side)doubt->side};

  tcpflow__conn_conclude(conn, &cause, (tcpflow_end_reason)doubt->reason);
}

/* Are its octets where it says they are? */
static bool has_payload(const tcpflow_segment *segment) {
  return segment->payload_captured <= segment->payload_length &&
         (segment->payload != NULL || segment->payload_captured == 0);
}

/* Tells what is due by NOW; but the end, if that is for a caller to tell. */
static bool is_over(tcpflow_conn *conn, tcpflow_time now) {
  if (tcpflow__holes_matter(conn)) {
    tcpflow__holes_pass(conn, now);
  }
  return !tcpflow__conn_ended(conn) && tcpflow__conn_doubted(conn) &&
         now >= tcpflow__conn_doubt_due(conn);
}

/* What comes after the time of doubt comes after the end. */
static int feed_live(tcpflow_conn *conn, tcpflow_side sender,
                     const tcpflow_segment *segment) {
  const bool over = is_over(conn, segment->time);

  if (!over && !tcpflow__conn_ended(conn)) {
    return tcpflow__conn_feed(conn, sender, segment);
  }
  /* It may need memory, so it is remembered first. */
  const int error = tcpflow__conn_linger(conn, sender, segment);

  if (over && error == TCPFLOW_OK) {
    conclude_doubt(conn);
  }
  return error;
}

int tcpflow_conn_advance(tcpflow_conn *conn, tcpflow_time now) {
  if (conn->env->telling || conn->env->saving) {
    return TCPFLOW_ERR_STATE;
  }
  conn->env->stopped = false;
  if (!tcpflow__conn_ended(conn) && is_over(conn, now)) {
    conclude_doubt(conn);
  }
  return conn->env->stopped ? TCPFLOW_ERR_CALLBACK : TCPFLOW_OK;
}

int tcpflow_conn_feed(tcpflow_conn *conn, tcpflow_side sender,
                      const tcpflow_segment *segment) {
  tcpflow_segment ours;
  int error;

  if (conn->env->telling) {
    return TCPFLOW_ERR_STATE;
  }
  if (tcpflow__sized_read(&ours, sizeof(ours), segment) != TCPFLOW_OK) {
    return TCPFLOW_ERR_VERSION;
  }
  if (!tcpflow__is_side(sender) || !has_payload(&ours)) {
    return TCPFLOW_ERR_INVALID;
  }
  if (tcpflow__conn_ended(conn)) {
    return tcpflow__conn_linger(conn, sender, &ours);
  }

  conn->env->stopped = false;
  error = feed_live(conn, sender, &ours);
  if (error != TCPFLOW_OK) {
    return error;
  }
  return conn->env->stopped ? TCPFLOW_ERR_CALLBACK : TCPFLOW_OK;
}

/* Why data that is still missing then is missing for good. */
static tcpflow_gap_reason gap_reason(tcpflow_end_reason reason) {
  switch (reason) {
  case TCPFLOW_END_TIMEOUT:
    return TCPFLOW_GAP_TIMEOUT;
  case TCPFLOW_END_EVICTED:
    return TCPFLOW_GAP_LIMIT;
  case TCPFLOW_END_FLUSHED:
  case TCPFLOW_END_CALLER:
    return TCPFLOW_GAP_FLUSHED;
  case TCPFLOW_END_NONE:
  case TCPFLOW_END_FIN:
  case TCPFLOW_END_RESET:
  case TCPFLOW_END_REUSED:
  case TCPFLOW_END_UNREACHABLE:
  default:
    return TCPFLOW_GAP_CLOSED;
  }
}

/* Nothing more comes: tells what waits to be acknowledged, and behind holes,
   and what was kept. */
static void empty_stream(tcpflow_conn *conn, tcpflow_side side,
                         const tcpflow__cause *cause,
                         tcpflow_end_reason reason) {
  tcpflow__reasm *const stream = &conn->sides->stream[side];
  uint64_t last;

  if (stream->rest->gate != UINT64_MAX) {
    tcpflow__rest_open_gate(stream);
    tcpflow__tell_stream(conn, side, cause, NULL);
  }
  tcpflow__holes_close(conn, side, cause);
  last = stream->end != UINT64_MAX ? stream->end : tcpflow__reasm_last(stream);

  if (last > stream->next) {
    if (reason == TCPFLOW_END_FIN || reason == TCPFLOW_END_RESET) {
      tcpflow__note_anomaly(conn, TCPFLOW_ANOMALY_CLOSED_WITH_HOLES);
    }
    tcpflow__reasm_give_up(stream, &conn->env->budget, last,
                           gap_reason(reason));
    tcpflow__tell_stream(conn, side, cause, NULL);
  }
  if (tcpflow__conn_is(conn, TCPFLOW__CONN_KEEPS)) {
    tcpflow__tell_left(conn, side, cause);
  }
}

/* Was all of a stream told, and is nothing held? */
static inline bool is_told(const tcpflow__reasm *stream) {
  return stream->rest->tree.root == NULL && stream->rest->gate == UINT64_MAX &&
         (stream->end == UINT64_MAX || stream->end <= stream->next);
}

bool tcpflow__conn_is_spent(const tcpflow_conn *conn) {
  const uint32_t left = TCPFLOW__CONN_HOLES | TCPFLOW__CONN_KEEPS;

  return !tcpflow__conn_is(conn, left) && conn->extra == NULL &&
         conn->wait == NULL && is_told(&conn->sides->stream[0]) &&
         is_told(&conn->sides->stream[1]);
}

void tcpflow__conn_conclude(tcpflow_conn *conn, const tcpflow__cause *cause,
                            tcpflow_end_reason reason) {
  const bool spent = tcpflow__conn_is_spent(conn);

  if (!spent) {
    empty_stream(conn, TCPFLOW_SIDE_CLIENT, cause, reason);
    empty_stream(conn, TCPFLOW_SIDE_SERVER, cause, reason);
  }
  tcpflow__tell_anomalies(conn, cause);
  conn->bits &= ~(uint32_t)TCPFLOW__CONN_HOLES;
  tcpflow__conn_mark(conn, TCPFLOW__CONN_ENDED);
  conn->end_reason = (unsigned)reason & 31U;
  conn->close_kind =
    (unsigned)tcpflow__conn_close_kind(conn, reason, cause->sender) & 31U;
  tcpflow__tell_end(conn, cause, reason);
  /* Anomalies are counted in an extra. */
  if (!spent || conn->extra != NULL) {
    clear_ended(conn);
  }
}

void tcpflow__conn_finish(tcpflow_conn *conn, tcpflow_time time,
                          const tcpflow_segment *segment,
                          tcpflow_end_reason reason) {
  const tcpflow__cause cause = {time, segment, TCPFLOW_SIDE_CLIENT};

  if (!tcpflow__conn_is(conn, TCPFLOW__CONN_BEGUN) ||
      tcpflow__conn_ended(conn)) {
    return;
  }
  if (tcpflow__conn_is_folded(conn)) {
    tcpflow__conn_finish_folded(conn, &cause, reason);
  } else if (tcpflow__conn_doubted(conn)) {
    conclude_doubt(conn);
  } else {
    tcpflow__conn_conclude(conn, &cause, reason);
  }
}

int tcpflow_conn_end(tcpflow_conn *conn, tcpflow_time time,
                     tcpflow_end_reason reason) {
  if (reason <= TCPFLOW_END_NONE || reason > TCPFLOW_END_UNREACHABLE) {
    return TCPFLOW_ERR_INVALID;
  }
  if (conn->env->saving) {
    return TCPFLOW_ERR_STATE;
  }
  if (tcpflow__conn_ended(conn)) {
    return TCPFLOW_OK;
  }
  if (conn->env->telling) {
    tcpflow__conn_mark(conn, TCPFLOW__CONN_END_ASKED);
    conn->end_reason = (unsigned)reason & 31U;
    return TCPFLOW_OK;
  }

  if (!tcpflow__conn_is(conn, TCPFLOW__CONN_BEGUN)) {
    tcpflow__conn_mark(conn, TCPFLOW__CONN_ENDED);
    conn->end_reason = (unsigned)reason & 31U;
    return TCPFLOW_OK;
  }

  conn->env->stopped = false;
  tcpflow__conn_finish(conn, time, NULL, reason);
  return conn->env->stopped ? TCPFLOW_ERR_CALLBACK : TCPFLOW_OK;
}

void tcpflow_conn_stop_data(tcpflow_conn *conn, tcpflow_side side) {
  if (!tcpflow__is_side(side) || conn->env->saving) {
    return;
  }
  tcpflow__conn_mark(conn, side == TCPFLOW_SIDE_CLIENT
                             ? TCPFLOW__CONN_STOP_CLIENT
                             : TCPFLOW__CONN_STOP_SERVER);
  if (tcpflow__conn_is_folded(conn)) {
    return; /* Its stream will be off, and holds nothing. */
  }
  tcpflow__conn_mark(conn, TCPFLOW__CONN_STOP_NEWS);
  conn->sides->stream[side].off = true;
  /* Inside a callback the stream is at work; its feed clears it then. */
  if (!conn->env->telling) {
    tcpflow__place_stopped(conn);
  }
}

void tcpflow_conn_ignore(tcpflow_conn *conn) {
  if (conn->env->saving) {
    return;
  }
  if (!tcpflow__conn_ignored(conn) && !tcpflow__conn_ended(conn)) {
    tcpflow__tally_one(conn->env->tally.ignored);
  }
  tcpflow__conn_mark(conn, TCPFLOW__CONN_IGNORED);
  tcpflow_conn_stop_data(conn, TCPFLOW_SIDE_CLIENT);
  tcpflow_conn_stop_data(conn, TCPFLOW_SIDE_SERVER);
}
