/*
 * lib/conn/retold.c - segments that say something else of octets that were
 * told.
 *
 * Room: conn.  Includes: base, wire, reasm.  Nothing depends on what is
 * remembered but that such a segment is noticed.  So a connection goes on
 * without it where there is no memory, and the extra is made when the first
 * octets are told.
 */
#include "conn/retold.h"

#include "conn/extra.h"
#include "conn/skip.h"
#include "conn/tell.h"
#include "conn/toldrecord.h"
#include "reasm/past.h"
#include "reasm/rest.h"

/* Is nothing of these octets wanted?  Takes away what is not. */
static bool is_skipped(const tcpflow_conn *conn, tcpflow_side side,
                       tcpflow_stream_data *data) {
  return conn->sides->stream[side].off ||
         (tcpflow__conn_is(conn, TCPFLOW__CONN_SKIPS) &&
          !tcpflow__skip_data(conn, side, data));
}

void tcpflow__retold_note(tcpflow_conn *conn, tcpflow_side side,
                          const tcpflow_stream_data *told) {
  tcpflow__conn_env *const env = conn->env;
  tcpflow_stream_data rest = *told;

  if (!env->past.any || is_skipped(conn, side, &rest)) {
    return;
  }
  tcpflow__past *const past = tcpflow__conn_past_need(conn);
  if (past != NULL) {
    tcpflow__past_add(&past[side], &env->budget, &env->past, &rest);
  }
}

unsigned tcpflow__retold_differs(tcpflow_conn *conn, tcpflow_side side,
                                 const tcpflow__reasm_input *input,
                                 tcpflow_stream_conflict conflict[2]) {
  const tcpflow__past *const past = tcpflow__conn_past(conn, side);
  tcpflow__reasm *const stream = &conn->sides->stream[side];
  const bool shared = tcpflow__rest_is_shared(stream);
  unsigned found;

  if (past == NULL) {
    return 0;
  }
  found =
    tcpflow__past_differs(past, &conn->env->past, stream, input, conflict);
  /* One that comes behind the octets of a SYN was next when it was put. */
  if (shared && found != 0 && tcpflow__rest_take(stream, &conn->env->budget)) {
    for (unsigned i = 0; i < found; i++) {
      tcpflow__rest_differ(stream, conflict[i].length);
    }
  }
  return found;
}

bool tcpflow__retold_peek(const tcpflow_conn *conn, tcpflow_side side,
                          uint64_t offset, tcpflow_stream_data *found) {
  const tcpflow__past *const past = tcpflow__conn_past(conn, side);

  return past != NULL && tcpflow__tail_peek(past->tail, offset, found);
}

void tcpflow__retold_clear(tcpflow_conn *conn, tcpflow_side side) {
  tcpflow__past *const past = tcpflow__conn_past(conn, side);

  if (past != NULL) {
    tcpflow__past_clear(past, &conn->env->budget);
  }
}

static void save_tail(const tcpflow__tail *tail, tcpflow__record_writer *to) {
  if (tail == NULL) {
    tcpflow__told_save(0, NULL, 0, to);
  } else {
    tcpflow__told_save(tail->end - tail->length, tail->bytes + tail->from,
                       tail->length, to);
  }
}

void tcpflow__retold_save(const tcpflow_conn *conn,
                          tcpflow__record_writer *to) {
  for (unsigned side = 0; side < 2; side++) {
    const tcpflow__past *const past =
      tcpflow__conn_past(conn, (tcpflow_side)side);

    save_tail(past == NULL ? NULL : past->tail, to);
    tcpflow__digests_save(past == NULL ? NULL : past->digests,
                          &conn->env->past.digests.key, to);
  }
}

/* Without PAST they are passed over. */
static void load_tail(tcpflow__past *past, tcpflow__conn_env *env,
                      tcpflow__record_reader *from) {
  const tcpflow_stream_data told = tcpflow__told_take(from);

  if (told.length != 0 && !from->bad && past != NULL &&
      env->past.max_tail != 0) {
    tcpflow__tail_add(&past->tail, &env->budget, env->past.max_tail, &told);
  }
}

static void load_side(tcpflow__past *past, tcpflow__conn_env *env,
                      tcpflow__record_reader *from) {
  tcpflow__digest_rule rule = env->past.digests;
  tcpflow__digests *none = NULL;

  load_tail(past, env, from);
  rule.max = past == NULL ? 0 : rule.max;
  tcpflow__digests_load(past == NULL ? &none : &past->digests, &env->budget,
                        &rule, from);
}

/* When they were told there was room for them in half of the budget; of what is
   held since then, some may be read already, so all of it is theirs here. */
void tcpflow__retold_load(tcpflow_conn *conn, tcpflow__record_reader *from) {
  tcpflow__conn_env *const env = conn->env;
  tcpflow__past *const past =
    env->past.any ? tcpflow__conn_past_need(conn) : NULL;
  const uint64_t cap = env->budget.cap;

  env->budget.cap = cap > UINT64_MAX / 2 ? UINT64_MAX : 2 * cap;
  for (unsigned side = 0; side < 2; side++) {
    const bool wanted = past != NULL && !conn->sides->stream[side].off;

    load_side(wanted ? &past[side] : NULL, env, from);
  }
  env->budget.cap = cap;
}

static bool is_told(const tcpflow_conn *conn, tcpflow_side side) {
  const tcpflow__past *const past = tcpflow__conn_past(conn, side);
  const uint64_t next = conn->sides->stream[side].next;

  return past == NULL ||
         ((past->tail == NULL || (past->tail->end <= next &&
                                  past->tail->length <= past->tail->end)) &&
          (past->digests == NULL || past->digests->end <= next));
}

bool tcpflow__retold_is_sound(const tcpflow_conn *conn) {
  return is_told(conn, TCPFLOW_SIDE_CLIENT) &&
         is_told(conn, TCPFLOW_SIDE_SERVER);
}
