/*
 * lib/conn/far.c - octets of segments whose numbers are impossible so far.
 *
 * Room: conn.  Includes: base, wire, segment, reasm.  Whether a number far out
 * of the window is a stranger's guess or shows what the capture has missed,
 * later segments tell (segment/plausible.c): two more that agree, or the peer,
 * who acknowledges it.  Until then the octets belong to no stream.  They are
 * kept beside it, so that a guess moves nothing, and what proves true need not
 * be lost.
 */
#include "conn/far.h"

#include "conn/extra.h"
#include "conn/place.h"
#include "reasm/adopt.h"
#include "reasm/keep.h"
#include "reasm/reasmrecord.h"

/* With the next one they are believed. */
#define FAR_PIECES 2U

static unsigned count_of(const tcpflow__pieces *set) {
  unsigned count = 0;

  for (tcpflow__piece *p = tcpflow__pieces_first(set); p != NULL;
       p = tcpflow__pieces_next(p)) {
    count++;
  }
  return count;
}

static void drop(tcpflow_conn *conn, unsigned side) {
  tcpflow__pieces *const set = &conn->extra->far[side];

  while (set->root != NULL) {
    tcpflow__keep_free(&conn->env->budget, tcpflow__pieces_pop(set));
  }
}

/* What those that are kept of a side cost. */
static uint64_t cost_of(const tcpflow__pieces *set) {
  uint64_t cost = 0;

  for (tcpflow__piece *p = tcpflow__pieces_first(set); p != NULL;
       p = tcpflow__pieces_next(p)) {
    cost += tcpflow__piece_cost(p->size);
  }
  return cost;
}

/* Is there room, beside what the stream holds, and is it none that is kept
   already? */
static bool may_keep(const tcpflow_conn *conn, const tcpflow__pieces *set,
                     unsigned side, const tcpflow__reasm_input *input) {
  const uint64_t cost = tcpflow__piece_cost(input->captured);
  const tcpflow__piece *const at = tcpflow__pieces_seek(set, input->offset);

  return (at == NULL || at->offset >= input->offset + input->length) &&
         count_of(set) < FAR_PIECES &&
         cost_of(set) + conn->sides->stream[side].rest->memory + cost <=
           conn->env->limits.max_memory &&
         conn->env->budget.used + cost <= conn->env->budget.cap;
}

/* FRESH: in place of those that are kept, if there are any. */
static int keep(tcpflow_conn *conn, unsigned side, tcpflow__reasm_input *input,
                bool fresh) {
  const uint64_t middle = input->offset + input->captured;
  const tcpflow__arrival in = {.input = input,
                               .bytes = input->bytes,
                               .from = input->offset,
                               .middle = middle,
                               .end = input->offset + input->length};
  const tcpflow__pieces none = {NULL, NULL};
  tcpflow__piece *p;

  if (tcpflow__conn_extra_need(conn) == NULL) {
    return TCPFLOW_ERR_NOMEM;
  }
  if (!may_keep(conn, fresh ? &none : &conn->extra->far[side], side, input)) {
    if (fresh) {
      drop(conn, side);
    }
    return TCPFLOW_OK;
  }
  p = tcpflow__keep_piece(&conn->env->budget, &in,
                          (tcpflow__range){in.from, middle});
  if (p == NULL) {
    return TCPFLOW_ERR_NOMEM;
  }
  p->end = in.end;
  if (fresh) {
    drop(conn, side);
  }
  tcpflow__pieces_insert(&conn->extra->far[side], p);
  return TCPFLOW_OK;
}

int tcpflow__far_keep(tcpflow_conn *conn, const tcpflow__visit *v) {
  const tcpflow_side sender = v->cause.sender;
  const bool fresh = v->judgment.jumps == 1; /* It does not agree with them. */
  tcpflow__reasm_input input;

  if (v->cause.segment->payload_length == 0 ||
      conn->sides->stream[sender].off ||
      (conn->env->strict & TCPFLOW_STRICT_WINDOW) != 0 ||
      !tcpflow__place_data(conn, sender, v->cause.segment, false, &input)) {
    if (fresh && conn->extra != NULL) {
      drop(conn, sender);
    }
    return TCPFLOW_OK;
  }
  return keep(conn, sender, &input, fresh);
}

/* Hands over what begins in [FROM, TO]. */
static void hand_over(tcpflow_conn *conn, tcpflow_side side, uint64_t from,
                      uint64_t to) {
  tcpflow__pieces others = {NULL, NULL};

  while (conn->extra->far[side].root != NULL) {
    tcpflow__piece *const p = tcpflow__pieces_pop(&conn->extra->far[side]);

    if (p->offset < from || p->offset > to) {
      tcpflow__pieces_insert(&others, p);
    } else if (!tcpflow__reasm_adopt(&conn->sides->stream[side],
                                     &conn->env->budget, &conn->env->limits,
                                     p)) {
      tcpflow__keep_free(&conn->env->budget, p);
    }
  }
  conn->extra->far[side] = others;
  tcpflow__conn_mark(conn, TCPFLOW__CONN_HOLE_NEWS);
}

/* If an ACK is believed, what was impossible before it may not be so by it. */
static void believe_ack(tcpflow_conn *conn, const tcpflow__visit *v) {
  const tcpflow_side side = tcpflow_side_other(v->cause.sender);
  const tcpflow__endpoint *const end = &conn->end[side];
  const uint64_t acked =
    tcpflow__place_number(conn, side, v->cause.segment->ack);
  const uint64_t far = tcpflow__place_number(conn, side, end->snd_nxt);

  if (acked != UINT64_MAX && far != UINT64_MAX) {
    hand_over(conn, side, far + TCPFLOW__JUMP_MAX, acked + TCPFLOW__JUMP_MAX);
  }
}

void tcpflow__far_believe(tcpflow_conn *conn, const tcpflow__visit *v) {
  const bool third = v->judgment.jumps != 0 && !v->judgment.jump;
  const tcpflow_side sender = v->cause.sender;

  if (third && tcpflow__visit_is_open(v) &&
      conn->extra->far[sender].root != NULL) {
    hand_over(conn, sender, 0, UINT64_MAX);
  }
  if ((third || v->judgment.confirms) && v->judgment.ack) {
    believe_ack(conn, v);
  }
}

void tcpflow__far_settle(tcpflow_conn *conn) {
  for (unsigned side = 0; side < 2; side++) {
    if (conn->end[side].jumps == 0 || conn->sides->stream[side].off) {
      drop(conn, side);
    }
  }
}

void tcpflow__far_clear(tcpflow_conn *conn, tcpflow_side side) {
  if (conn->extra != NULL) {
    drop(conn, side);
  }
}

/* --- as octets --- */

void tcpflow__far_save(const tcpflow_conn *conn, tcpflow__record_writer *to) {
  for (unsigned side = 0; side < 2; side++) {
    const tcpflow__pieces *const set = &conn->extra->far[side];

    tcpflow__record_number(to, count_of(set), 1);
    for (tcpflow__piece *p = tcpflow__pieces_first(set); p != NULL;
         p = tcpflow__pieces_next(p)) {
      tcpflow__piece_save(p, to);
    }
  }
}

static int load(tcpflow_conn *conn, unsigned side,
                tcpflow__record_reader *from) {
  tcpflow__reasm_input input;

  for (uint64_t n = tcpflow__record_take(from, 1); n > 0; n--) {
    if (!tcpflow__piece_take(from, &input)) {
      return TCPFLOW_ERR_INVALID;
    }
    if (keep(conn, side, &input, false) != TCPFLOW_OK) {
      return TCPFLOW_ERR_NOMEM;
    }
  }
  return TCPFLOW_OK;
}

int tcpflow__far_load(tcpflow_conn *conn, tcpflow__record_reader *from) {
  const int error = load(conn, TCPFLOW_SIDE_CLIENT, from);

  return error == TCPFLOW_OK ? load(conn, TCPFLOW_SIDE_SERVER, from) : error;
}
