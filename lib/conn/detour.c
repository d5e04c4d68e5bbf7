/*
 * lib/conn/detour.c - what comes while a stream has a hole.
 *
 * Room: conn.  Includes: base, wire, segment, reasm.  A lost segment is sent
 * again a round trip later, and until then all that comes lies behind it, or
 * reports that.  Nothing is odd about such a segment, nor about the one that
 * shows the hole and the one that fills it from its beginning: what remains are
 * numbers, the segment, and octets, which are held, or told where the other
 * stream has the hole, or where there is none any more.  The general way
 * (follow.c) would tell the same, and does so for every other segment.
 */
#include "conn/detour.h"

#include <assert.h>

#include <tcpflow/facts.h>

#include "conn/holes.h"
#include "conn/run.h"
#include "conn/shortway.h"
#include "conn/visit.h"
#include "reasm/append.h"
#include "reasm/rest.h"
#include "segment/steady.h"
#include "segment/uneven.h"

/* A hole that is waited for is what it is about. */
static const uint32_t UNUSUAL =
  TCPFLOW__CONN_UNUSUAL & ~(uint32_t)TCPFLOW__CONN_HOLES;

/* Are holes waited for exactly where something is held, and for no other
   reason? */
TCPFLOW__FLAT bool has_plain_holes(const tcpflow_conn *conn) {
  const tcpflow__reasm *const a = &conn->sides->stream[0];
  const tcpflow__reasm *const b = &conn->sides->stream[1];
  const bool held = a->rest->tree.root != NULL || b->rest->tree.root != NULL;

  return held == tcpflow__conn_is(conn, TCPFLOW__CONN_HOLES) &&
         a->rest->give_up <= a->next && b->rest->give_up <= b->next;
}

/* Can such a segment come? */
TCPFLOW__FLAT bool is_quiet(const tcpflow_conn *conn) {
  return tcpflow__shortway_quiet(conn, UNUSUAL) &&
         tcpflow__endpoints_are_steady(conn->end) && has_plain_holes(conn);
}

/* Is all there that was acknowledged, in both directions, and nothing of it
   that is not sent? */
TCPFLOW__FLAT bool has_all(const tcpflow_conn *conn,
                           const tcpflow__cause *cause, tcpflow_seq edge) {
  return tcpflow_seq_leq(cause->segment->ack,
                         tcpflow__shortway_edge(conn, !cause->sender)) &&
         tcpflow_seq_leq(conn->end[cause->sender].snd_una, edge) &&
         tcpflow_seq_leq(edge, cause->segment->seq);
}

/* What supply.c has in stock for any segment.  False: no memory. */
static bool has_stock(tcpflow_conn *conn) {
  return tcpflow__rest_stock_for(conn->sides->stream, &conn->env->budget) ==
         TCPFLOW_OK;
}

/* Octets behind a hole, OFFSET into the stream.  No more of them are waited for
   than fit the largest window (place.c). */
static bool hold(tcpflow_conn *conn, const tcpflow__cause *cause,
                 uint64_t offset) {
  const tcpflow_segment *const segment = cause->segment;
  tcpflow__reasm *const stream = &conn->sides->stream[cause->sender];
  tcpflow__reasm_input input;

  if (offset + segment->payload_length - stream->next > TCPFLOW__WINDOW_MAX) {
    return false;
  }
  input.bytes = segment->payload;
  input.offset = offset;
  input.length = segment->payload_length;
  input.captured = segment->payload_captured;
  input.time = segment->time;
  input.number = segment->number;
  input.handle = segment->handle;
  return tcpflow__reasm_append(stream, &conn->env->budget, &conn->env->limits,
                               &input);
}

/* Behind the first hole.  It begins with them, and may be given up. */
static bool open_hole(tcpflow_conn *conn, const tcpflow__cause *cause,
                      uint64_t offset) {
  if (!has_stock(conn) || !hold(conn, cause, offset)) {
    return false;
  }
  tcpflow__conn_mark(conn, TCPFLOW__CONN_HOLE_NEWS);
  return true;
}

/* Are the octets of nobody else, which are next in a stream with a hole? */
static bool fits_hole(tcpflow_conn *conn, const tcpflow__cause *cause) {
  const tcpflow__reasm *const stream = &conn->sides->stream[cause->sender];
  const tcpflow__piece *const first =
    tcpflow__pieces_first(&stream->rest->tree);

  return first != NULL && stream->end == UINT64_MAX &&
         stream->rest->gate == UINT64_MAX &&
         cause->segment->payload_length <= first->offset - stream->next &&
         has_stock(conn);
}

/* The octets: held, or to be told. */
static bool put(tcpflow_conn *conn, const tcpflow__cause *cause,
                const tcpflow__uneven *found, uint64_t offset) {
  const tcpflow__reasm *const stream = &conn->sides->stream[cause->sender];

  if (cause->segment->payload_length == 0) {
    return true;
  }
  if (found->lie == TCPFLOW__UNEVEN_LATE) {
    return fits_hole(conn, cause);
  }
  if (found->in_order) {
    return tcpflow__reasm_is_idle(stream);
  }
  return stream->rest->tree.root == NULL ? open_hole(conn, cause, offset)
                                         : hold(conn, cause, offset);
}

/* Where the segment begins, which is no further ahead than a window. */
TCPFLOW__FLAT uint64_t place(const tcpflow_conn *conn,
                             const tcpflow__cause *cause, tcpflow_seq edge) {
  return conn->sides->stream[cause->sender].next +
         tcpflow_seq_distance(edge, cause->segment->seq);
}

/* The numbers, and what they show (moves.c). */
static void settle(tcpflow_conn *conn, const tcpflow__cause *cause,
                   const tcpflow__uneven *found) {
  tcpflow__endpoint *const snd = &conn->end[cause->sender];

  tcpflow__segment_take_uneven(conn->end, cause->sender, cause->segment, found);
  tcpflow__prints_push(&conn->env->prints, found->print.place,
                       found->print.word);
  if (snd->proof != TCPFLOW_PROOF_NONE) {
    snd->proof = TCPFLOW_PROOF_PROVED;
  }
  conn->last = cause->time;
}

/* Is the owner's timer to be set, which was not, for want of memory? */
TCPFLOW__FLAT bool lacks_look(const tcpflow_conn *conn) {
  const bool lacks = tcpflow__conn_is(conn, TCPFLOW__CONN_HOLES) &&
                     !tcpflow__holes_stay_looked_at(conn);

  assert(lacks || !tcpflow__conn_is(conn, TCPFLOW__CONN_HOLES) ||
         tcpflow__holes_are_looked_at(conn));
  return lacks;
}

/* Tells it, and what is left: callbacks may have asked for something. */
static void tell(tcpflow_conn *conn, const tcpflow__cause *cause,
                 const tcpflow__uneven *found, uint64_t offset) {
  /* A hole that was given up before it may have made a callback stop. */
  if (!conn->env->stopped) {
    tcpflow__run_tell(conn, cause->sender, &conn->end[cause->sender],
                      cause->segment, found->verdict, found->scaling, offset);
  }
  if (found->in_order && cause->segment->payload_length != 0) {
    tcpflow__tell_next(conn, cause->sender, cause->segment);
  }
  if (found->lie == TCPFLOW__UNEVEN_LATE) {
    tcpflow__tell_stream(conn, cause->sender, cause, NULL);
  }
  if (found->lie == TCPFLOW__UNEVEN_LATE || tcpflow__conn_is(conn, UNUSUAL) ||
      lacks_look(conn)) {
    tcpflow__conn_asked(conn, cause);
  }
}

bool tcpflow__conn_detour(tcpflow_conn *conn, tcpflow_side sender,
                          const tcpflow_segment *segment) {
  const tcpflow__cause cause = {segment->time, segment, sender};
  tcpflow__uneven found;

  if (!is_quiet(conn) || !tcpflow__shortway_in_time(conn, segment)) {
    return false;
  }

  const tcpflow_seq edge = tcpflow__shortway_edge(conn, sender);
  const uint64_t offset = place(conn, &cause, edge);

  found.in_order = edge == segment->seq;
  found.reorder = tcpflow__conn_reorder(conn);
  if (!has_all(conn, &cause, edge) ||
      !tcpflow__segment_is_uneven(&found, conn->end, sender, segment,
                                  &conn->env->prints) ||
      !put(conn, &cause, &found, offset)) {
    return false;
  }
  settle(conn, &cause, &found);
  tell(conn, &cause, &found, offset);
  return true;
}
