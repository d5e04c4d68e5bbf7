/*
 * lib/conn/holes.c - holes of a stream that are still waited for.
 *
 * Room: conn.  Includes: base, wire, segment, reasm.  What a receiver
 * acknowledged, it has (RFC 9293 section 3.4), and nobody sends it again: a
 * hole for good, unless the capture shows the two directions out of order.  So
 * it is waited for a little.  A later ACK does not prolong that: of each side
 * the oldest position is kept, and the newest one replaces it when it is over.
 * How long a hole that nobody acknowledged is waited for, the octets right
 * behind it say: they know when they came.
 */
#include "conn/holes.h"

#include <string.h>

#include "base/compiler.h"
#include "base/later.h"
#include "base/order.h"
#include "conn/place.h"
#include "reasm/rest.h"

/* Up to where a side's stream can be told. */
static uint64_t reach_of(const tcpflow_conn *conn, unsigned side) {
  return tcpflow__lower(conn->sides->stream[side].end,
                        conn->sides->stream[side].rest->gate);
}

/* The acknowledged hole of a side, which may be none; NULL: it is none. */
static tcpflow__acked *hole_of(const tcpflow_conn *conn, unsigned side) {
  return conn->wait != NULL && tcpflow__holes_have_grace(conn)
           ? &conn->wait->acked[side]
           : NULL;
}

/* --- when --- */

static tcpflow_time acked_due(const tcpflow_conn *conn, unsigned side) {
  const tcpflow__acked *const acked = hole_of(conn, side);

  if (acked == NULL || tcpflow__lower(acked->to, reach_of(conn, side)) <=
                         conn->sides->stream[side].next) {
    return TCPFLOW_TIME_NONE;
  }
  return tcpflow__later(acked->since, conn->env->gap_grace);
}

static tcpflow_time front_due(const tcpflow_conn *conn, unsigned side) {
  uint64_t offset;
  tcpflow_time since;

  if (!tcpflow__reasm_front(&conn->sides->stream[side], &offset, &since)) {
    return TCPFLOW_TIME_NONE;
  }
  return tcpflow__later(since, conn->env->hole_timeout);
}

static tcpflow_time side_due(const tcpflow_conn *conn, unsigned side) {
  return tcpflow__lower(acked_due(conn, side), front_due(conn, side));
}

tcpflow_time tcpflow__holes_due(const tcpflow_conn *conn) {
  const tcpflow_time due = tcpflow__lower(side_due(conn, TCPFLOW_SIDE_CLIENT),
                                          side_due(conn, TCPFLOW_SIDE_SERVER));

  return due > conn->last ? due : conn->last;
}

/* --- what is waited for --- */

int tcpflow__holes_reserve(tcpflow_conn *conn) {
  return tcpflow__holes_have_grace(conn) && tcpflow__wait_need(conn) == NULL
           ? TCPFLOW_ERR_NOMEM
           : TCPFLOW_OK;
}

/* Up to where a side's stream was acknowledged. */
static uint64_t acked_of(const tcpflow_conn *conn, unsigned side) {
  return tcpflow__lower(tcpflow__place_acked(conn, (tcpflow_side)side),
                        conn->sides->stream[side].end);
}

static void give_up(tcpflow_conn *conn, unsigned side,
                    const tcpflow__cause *cause, uint64_t offset,
                    tcpflow_gap_reason reason) {
  tcpflow__reasm_give_up(&conn->sides->stream[side], &conn->env->budget, offset,
                         reason);
  tcpflow__tell_stream(conn, (tcpflow_side)side, cause, NULL);
  tcpflow__place_stopped(conn);
}

/* Notes an acknowledged hole from NOW on, unless an older one is waited for.
   Without memory it is given up.  When its time comes, or the end, memory may
   be short, so what telling it needs is taken here. */
static void note_acked(tcpflow_conn *conn, unsigned side,
                       const tcpflow__cause *cause, tcpflow_time now) {
  const uint64_t next = conn->sides->stream[side].next;
  const uint64_t to = acked_of(conn, side);
  tcpflow__acked *const hole = hole_of(conn, side);

  /* An ACK may have been a stranger's, and be taken back. */
  if (hole != NULL && hole->to > to) {
    hole->to = to;
  }
  if (to <= next || tcpflow__conn_ignored(conn)) {
    return;
  }
  (void)tcpflow__rest_take(&conn->sides->stream[side], &conn->env->budget);
  if (conn->env->gap_grace == TCPFLOW_TIME_NONE ||
      (hole != NULL && hole->to > next)) {
    return;
  }
  if (!tcpflow__holes_have_grace(conn) || tcpflow__wait_need(conn) == NULL) {
    give_up(conn, side, cause, to, TCPFLOW_GAP_ACKED);
    return;
  }
  conn->wait->acked[side] = (tcpflow__acked){to, now};
}

static bool is_waiting(const tcpflow_conn *conn, unsigned side) {
  const tcpflow__reasm *const stream = &conn->sides->stream[side];

  return stream->rest->tree.root != NULL || acked_of(conn, side) > stream->next;
}

/* An end that waits, or may do so, needs its memory. */
static void mark_waiting(tcpflow_conn *conn) {
  conn->bits &= ~(uint32_t)(TCPFLOW__CONN_HOLES | TCPFLOW__CONN_HOLE_NEWS);
  if (!tcpflow__conn_ignored(conn) && !tcpflow__conn_ended(conn) &&
      (is_waiting(conn, TCPFLOW_SIDE_CLIENT) ||
       is_waiting(conn, TCPFLOW_SIDE_SERVER))) {
    tcpflow__conn_mark(conn, TCPFLOW__CONN_HOLES);
  } else if (!tcpflow__conn_is(conn, TCPFLOW__CONN_DOUBTED) &&
             !tcpflow__conn_closing(conn)) {
    tcpflow__wait_clear(conn);
  }
}

/* Is none of a side given up before WHEN?  Most have none, or one that was not
   acknowledged. */
TCPFLOW__FLAT bool is_due_later(const tcpflow_conn *conn, unsigned side,
                                tcpflow_time when) {
  const tcpflow__reasm *const stream = &conn->sides->stream[side];
  const tcpflow__piece *const first =
    tcpflow__pieces_first(&stream->rest->tree);

  if (conn->wait->acked[side].to > stream->next) {
    return when <= side_due(conn, side);
  }
  return first == NULL ||
         when <= tcpflow__later(first->time, conn->env->hole_timeout) ||
         when <= front_due(conn, side);
}

/* What is at the front changes with what is told, and may have come before what
   was there: then the timer comes too late. */
bool tcpflow__holes_are_looked_at(const tcpflow_conn *conn) {
  const tcpflow__wait *const wait = conn->wait;

  return conn->env->on_timeout == NULL ||
         (wait != NULL && tcpflow__holes_have_grace(conn) &&
          wait->looked != TCPFLOW_TIME_NONE &&
          (wait->looked <= conn->last ||
           (is_due_later(conn, TCPFLOW_SIDE_CLIENT, wait->looked) &&
            is_due_later(conn, TCPFLOW_SIDE_SERVER, wait->looked))));
}

void tcpflow__holes_settle(tcpflow_conn *conn, const tcpflow__cause *cause,
                           tcpflow_time now) {
  note_acked(conn, TCPFLOW_SIDE_CLIENT, cause, now);
  note_acked(conn, TCPFLOW_SIDE_SERVER, cause, now);
  mark_waiting(conn);
  if (tcpflow__conn_is(conn, TCPFLOW__CONN_HOLES) &&
      !tcpflow__holes_are_looked_at(conn)) {
    /* Without memory it is set with each segment. */
    (void)tcpflow__holes_reserve(conn);
    conn->env->on_timeout(conn);
  }
}

/* --- when it is over --- */

/* The hole at the front has waited long enough; what of it was acknowledged
   says so. */
static void give_up_front(tcpflow_conn *conn, unsigned side,
                          const tcpflow__cause *cause) {
  const uint64_t acked = acked_of(conn, side);
  uint64_t offset;
  tcpflow_time since;

  if (!tcpflow__reasm_front(&conn->sides->stream[side], &offset, &since)) {
    return;
  }
  if (acked > conn->sides->stream[side].next) {
    give_up(conn, side, cause, tcpflow__lower(acked, offset),
            TCPFLOW_GAP_ACKED);
  }
  if (offset > conn->sides->stream[side].next) {
    give_up(conn, side, cause, offset, TCPFLOW_GAP_TIMEOUT);
  }
}

/* A gate may have kept a hole from being told in time; newer ACKs are no older
   for that. */
static void give_up_due(tcpflow_conn *conn, unsigned side,
                        const tcpflow__cause *cause, tcpflow_time due) {
  if (acked_due(conn, side) <= due) {
    give_up(conn, side, cause, conn->wait->acked[side].to, TCPFLOW_GAP_ACKED);
    note_acked(conn, side, cause, cause->time);
  } else {
    give_up_front(conn, side, cause);
  }
}

void tcpflow__holes_pass(tcpflow_conn *conn, tcpflow_time now) {
  while (!conn->env->stopped && !tcpflow__conn_ignored(conn)) {
    const tcpflow_time client = side_due(conn, TCPFLOW_SIDE_CLIENT);
    const tcpflow_time server = side_due(conn, TCPFLOW_SIDE_SERVER);
    const tcpflow_time due = tcpflow__lower(client, server);
    const tcpflow_side side =
      client <= server ? TCPFLOW_SIDE_CLIENT : TCPFLOW_SIDE_SERVER;
    const tcpflow__cause cause = {due > conn->last ? due : conn->last, NULL,
                                  tcpflow_side_other(side)};

    if (due > now || due == TCPFLOW_TIME_NONE) {
      break;
    }
    give_up_due(conn, side, &cause, due);
    tcpflow__tell_anomalies(conn, &cause);
    if (tcpflow__conn_is(conn, TCPFLOW__CONN_END_ASKED)) {
      tcpflow__conn_finish(conn, cause.time, NULL,
                           (tcpflow_end_reason)conn->end_reason);
      return;
    }
  }
  mark_waiting(conn);
}

void tcpflow__holes_close(tcpflow_conn *conn, tcpflow_side side,
                          const tcpflow__cause *cause) {
  if (!tcpflow__conn_is(conn, TCPFLOW__CONN_HOLES) ||
      tcpflow__conn_ignored(conn)) {
    return;
  }
  if (acked_of(conn, side) > conn->sides->stream[side].next) {
    give_up(conn, side, cause, acked_of(conn, side), TCPFLOW_GAP_ACKED);
  }
}

void tcpflow__holes_forget(tcpflow_conn *conn, unsigned side) {
  if (conn->wait != NULL) {
    conn->wait->acked[side].to = 0;
  }
}

/* --- as octets --- */

void tcpflow__holes_save(const tcpflow_conn *conn, tcpflow__record_writer *to) {
  const tcpflow__wait *const wait = conn->wait;
  const bool any = wait != NULL && tcpflow__holes_have_grace(conn);

  tcpflow__record_number(to, any, 1);
  for (unsigned side = 0; any && side < 2; side++) {
    tcpflow__record_number(to, wait->acked[side].to, 8);
    tcpflow__record_number(to, wait->acked[side].since, 8);
  }
  if (any) {
    tcpflow__record_number(to, wait->looked, 8);
  }
}

/* A tracker that waits for no ACK gives them up with the next segment. */
static int read_acked(tcpflow_conn *conn, tcpflow_time now,
                      tcpflow__record_reader *from) {
  tcpflow__acked acked[2];
  tcpflow_time looked;

  for (unsigned side = 0; side < 2; side++) {
    acked[side].to = tcpflow__record_take(from, 8);
    acked[side].since = tcpflow__record_take(from, 8);
    if (acked[side].since > now) {
      return TCPFLOW_ERR_INVALID;
    }
  }
  looked = tcpflow__record_take(from, 8);
  if (tcpflow__holes_reserve(conn) != TCPFLOW_OK) {
    return TCPFLOW_ERR_NOMEM;
  }
  if (tcpflow__holes_have_grace(conn)) {
    memcpy(conn->wait->acked, acked, sizeof(acked));
    conn->wait->looked = looked;
  }
  return TCPFLOW_OK;
}

int tcpflow__holes_load(tcpflow_conn *conn, tcpflow_time now,
                        tcpflow__record_reader *from) {
  if (tcpflow__conn_ended(conn)) {
    conn->bits &= ~(uint32_t)(TCPFLOW__CONN_HOLES | TCPFLOW__CONN_HOLE_NEWS);
  }
  return tcpflow__record_take(from, 1) != 0 ? read_acked(conn, now, from)
                                            : TCPFLOW_OK;
}
