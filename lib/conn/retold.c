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
#include "reasm/tail.h"

/* Is nothing of these octets wanted?  Takes away what is not. */
static bool is_skipped(const tcpflow_conn *conn, tcpflow_side side,
                       tcpflow_stream_data *data) {
  return conn->stream[side].off ||
         (tcpflow__conn_is(conn, TCPFLOW__CONN_SKIPS) &&
          !tcpflow__skip_data(conn, side, data));
}

static void remember(tcpflow_conn *conn, tcpflow_side side,
                     const tcpflow_stream_data *told) {
  tcpflow__conn_env *const env = conn->env;
  tcpflow__conn_extra *const extra = tcpflow__conn_extra_need(conn);

  if (extra != NULL) {
    tcpflow__tail_add(&extra->tail[side], &env->budget, env->max_tail, told);
  }
}

void tcpflow__retold_note(tcpflow_conn *conn, tcpflow_side side,
                          const tcpflow_stream_data *told) {
  tcpflow_stream_data rest = *told;

  if (conn->env->max_tail != 0 && !is_skipped(conn, side, &rest)) {
    remember(conn, side, &rest);
  }
}

bool tcpflow__retold_differs(tcpflow_conn *conn, tcpflow_side side,
                             const tcpflow__reasm_input *input,
                             tcpflow_stream_conflict *conflict) {
  return conn->extra != NULL &&
         tcpflow__tail_differs(conn->extra->tail[side], &conn->stream[side],
                               input, conflict);
}

bool tcpflow__retold_peek(const tcpflow_conn *conn, tcpflow_side side,
                          uint64_t offset, tcpflow_stream_data *found) {
  return conn->extra != NULL &&
         tcpflow__tail_peek(conn->extra->tail[side], offset, found);
}

void tcpflow__retold_clear(tcpflow_conn *conn, tcpflow_side side) {
  if (conn->extra != NULL) {
    tcpflow__tail_clear(&conn->extra->tail[side], &conn->env->budget);
  }
}

static void save_side(const tcpflow__tail *tail, tcpflow__record_writer *to) {
  if (tail == NULL) {
    tcpflow__record_number(to, 0, 4);
    return;
  }
  tcpflow__record_number(to, tail->length, 4);
  tcpflow__record_number(to, tail->end - tail->length, 8);
  tcpflow__record_octets(to, tail->bytes + tail->from, tail->length);
}

void tcpflow__retold_save(const tcpflow_conn *conn,
                          tcpflow__record_writer *to) {
  save_side(conn->extra->tail[TCPFLOW_SIDE_CLIENT], to);
  save_side(conn->extra->tail[TCPFLOW_SIDE_SERVER], to);
}

static void load_side(tcpflow_conn *conn, tcpflow_side side,
                      tcpflow__record_reader *from) {
  tcpflow_stream_data told = {.length = (size_t)tcpflow__record_take(from, 4)};

  if (told.length == 0) {
    return;
  }
  told.offset = tcpflow__record_take(from, 8);
  told.bytes = tcpflow__record_borrow(from, told.length);
  /* What is skipped since then lies behind them. */
  if (!from->bad && conn->env->max_tail != 0 && !conn->stream[side].off) {
    remember(conn, side, &told);
  }
}

/* When they were told there was room for them in half of the budget; of what is
   held since then, some may be read already, so all of it is theirs here. */
void tcpflow__retold_load(tcpflow_conn *conn, tcpflow__record_reader *from) {
  tcpflow__budget *const budget = &conn->env->budget;
  const uint64_t cap = budget->cap;

  budget->cap = cap > UINT64_MAX / 2 ? UINT64_MAX : 2 * cap;
  load_side(conn, TCPFLOW_SIDE_CLIENT, from);
  load_side(conn, TCPFLOW_SIDE_SERVER, from);
  budget->cap = cap;
}

static bool is_told(const tcpflow__tail *tail, const tcpflow__reasm *stream) {
  return tail == NULL ||
         (tail->end <= stream->next && tail->length <= tail->end);
}

bool tcpflow__retold_is_sound(const tcpflow_conn *conn) {
  const tcpflow__conn_extra *const extra = conn->extra;

  return extra == NULL || (is_told(extra->tail[TCPFLOW_SIDE_CLIENT],
                                   &conn->stream[TCPFLOW_SIDE_CLIENT]) &&
                           is_told(extra->tail[TCPFLOW_SIDE_SERVER],
                                   &conn->stream[TCPFLOW_SIDE_SERVER]));
}
