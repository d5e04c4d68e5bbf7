/*
 * lib/conn/place.c - between sequence numbers and stream offsets.
 *
 * Room: conn.  Includes: base, wire, segment, reasm.
 */
#include "conn/place.h"

#include "base/compiler.h"
#include "base/order.h"
#include "conn/again.h"
#include "conn/far.h"
#include "conn/retold.h"
#include "conn/tell.h"
#include "reasm/pieces.h"
#include "reasm/rest.h"
#include "segment/segment.h"

/*
 * Positions are counted from 2^32 below base, so that a number a little before
 * the stream has a position, too, and is not taken for one far ahead.
 */
static const uint64_t LEAD = UINT64_C(1) << 32;

static uint64_t origin_of(tcpflow_seq base) {
  return LEAD + base;
}

/* The position of TO, from that of FROM: the nearest one, as
   tcpflow_seq_unwrap() has it where nothing lies below 0. */
TCPFLOW__FLAT uint64_t step(uint64_t position, tcpflow_seq from,
                            tcpflow_seq to) {
  const uint64_t ahead = tcpflow_seq_distance(from, to);

  return position + ahead - (ahead >> 31 << 32);
}

/* The position of a number of a side whose base is known: the one nearest to
   SND.NXT, as it was judged.  What the stream waits for may lie far behind. */
TCPFLOW__FLAT uint64_t position_of(const tcpflow_conn *conn, tcpflow_side side,
                                   tcpflow_seq seq) {
  const tcpflow__endpoint *const end = &conn->end[side];
  const uint64_t awaited =
    origin_of(end->base) + tcpflow__place_awaited(conn, side);
  const tcpflow_seq low = (tcpflow_seq)(awaited & UINT32_MAX);

  return step(step(awaited, low, end->snd_nxt), end->snd_nxt, seq);
}

tcpflow_seq tcpflow__place_edge(const tcpflow_conn *conn, tcpflow_side side) {
  const uint64_t edge = tcpflow__reasm_edge(&conn->sides->stream[side], NULL);

  return tcpflow_seq_add(conn->end[side].base, (uint32_t)(edge & UINT32_MAX));
}

uint64_t tcpflow__place_number(const tcpflow_conn *conn, tcpflow_side side,
                               tcpflow_seq seq) {
  const tcpflow__endpoint *const end = &conn->end[side];
  uint64_t position;

  if (!tcpflow__endpoint_has(end, TCPFLOW__END_BASE)) {
    return UINT64_MAX;
  }
  position = position_of(conn, side, seq);
  return position >= origin_of(end->base) ? position - origin_of(end->base)
                                          : UINT64_MAX;
}

uint64_t tcpflow__place_of(const tcpflow_conn *conn, tcpflow_side side,
                           const tcpflow_segment *segment) {
  const bool syn = (segment->flags & TCPFLOW_FLAG_SYN) != 0;

  return tcpflow__place_number(conn, side,
                               tcpflow_seq_add(segment->seq, syn ? 1 : 0));
}

uint64_t tcpflow__place_urgent(const tcpflow_conn *conn, tcpflow_side side,
                               const tcpflow_segment *segment) {
  return (segment->flags & TCPFLOW_FLAG_URG) == 0
           ? UINT64_MAX
           : tcpflow__place_number(
               conn, side, tcpflow_seq_add(segment->seq, segment->urgent));
}

bool tcpflow__place_untold(const tcpflow_conn *conn, tcpflow_side side) {
  const tcpflow__reasm *const stream = &conn->sides->stream[side];

  return tcpflow__conn_is(conn, TCPFLOW__CONN_BEGUN) && stream->next == 0 &&
         stream->end == UINT64_MAX && tcpflow__reasm_is_idle(stream) &&
         (stream->rest->gate == 0 || stream->rest->gate == UINT64_MAX) &&
         !tcpflow__conn_is(conn, TCPFLOW__CONN_SKIPS);
}

/* The end of the hole that OFFSET may lie in: octets are held there, or it was
   acknowledged so far. */
static uint64_t end_of_hole(const tcpflow_conn *conn, tcpflow_side side,
                            uint64_t offset) {
  const tcpflow__reasm *const stream = &conn->sides->stream[side];
  const tcpflow__piece *const behind =
    tcpflow__pieces_seek(&stream->rest->tree, offset);
  const uint64_t end =
    behind != NULL
      ? behind->offset
      : tcpflow__lower(tcpflow__place_acked(conn, side), stream->end);

  return tcpflow__higher(offset, end);
}

void tcpflow__place_moved(tcpflow_conn *conn, tcpflow_side side,
                          const tcpflow__stand *before) {
  const tcpflow__endpoint *const end = &conn->end[side];
  const uint64_t origin = origin_of(end->base);
  uint64_t sent;

  if (!before->known || before->snd_nxt == end->snd_nxt) {
    return;
  }
  sent = tcpflow_seq_unwrap(origin + before->awaited, before->snd_nxt);
  sent = tcpflow_seq_unwrap(sent, end->snd_nxt);
  if (sent >
      origin + tcpflow__place_awaited(conn, side) + TCPFLOW__WINDOW_MAX) {
    tcpflow__reasm_give_up(
      &conn->sides->stream[side], &conn->env->budget,
      end_of_hole(conn, side, sent - origin - TCPFLOW__WINDOW_MAX),
      TCPFLOW_GAP_ACKED);
  }
}

/* Drops octets at the front. */
static void drop_front(tcpflow__reasm_input *input, uint32_t n) {
  const uint32_t there = n < input->captured ? n : input->captured;

  input->length -= n;
  input->captured -= there;
  input->bytes = input->captured != 0 ? input->bytes + there : NULL;
}

bool tcpflow__place_data(const tcpflow_conn *conn, tcpflow_side side,
                         const tcpflow_segment *segment, bool syn,
                         tcpflow__reasm_input *input) {
  const tcpflow__endpoint *const end = &conn->end[side];
  const bool begun = !syn && tcpflow__endpoint_has(end, TCPFLOW__END_BASE);
  const tcpflow_seq base = begun ? end->base : segment->seq;
  const uint64_t origin = origin_of(base);
  const uint64_t position =
    begun ? position_of(conn, side, segment->seq) : origin;

  input->bytes = segment->payload_captured != 0 ? segment->payload : NULL;
  input->length = segment->payload_length;
  input->captured = segment->payload_captured;
  input->time = segment->time;
  input->number = segment->number;
  input->handle = segment->handle;
  input->chain = NULL;
  input->early = false;
  input->noted = false;
  input->disputed = false;
  if (position >= origin) {
    input->offset = position - origin;
    return true;
  }
  if (origin - position >= input->length) {
    return false;
  }
  drop_front(input, (uint32_t)(origin - position));
  input->offset = 0;
  return true;
}

void tcpflow__place_fin(tcpflow_conn *conn, tcpflow_side side) {
  const tcpflow__endpoint *const end = &conn->end[side];
  tcpflow__reasm *const stream = &conn->sides->stream[side];
  const uint64_t origin = origin_of(end->base);
  const uint64_t position = position_of(conn, side, end->fin);

  if (position >= origin + stream->next) {
    stream->end = position - origin;
    stream->doubtful =
      tcpflow__endpoint_has(end, TCPFLOW__END_FIN_ACKED) ? 0 : 1;
  }
  /* When the hole before it is given up, memory may be short. */
  if (stream->end != UINT64_MAX && stream->end > stream->next) {
    (void)tcpflow__rest_take(stream, &conn->env->budget);
  }
}

bool tcpflow__place_in_window(const tcpflow_conn *conn, tcpflow_side side,
                              tcpflow__reasm_input *input) {
  const tcpflow__endpoint *const rcv = &conn->end[tcpflow_side_other(side)];
  const uint64_t edge = tcpflow__place_number(conn, side, rcv->rcv_edge);

  if (edge <= input->offset || edge == UINT64_MAX) {
    return false;
  }
  if (edge - input->offset < input->length) {
    input->length = (uint32_t)(edge - input->offset);
  }
  if (input->captured > input->length) {
    input->captured = input->length;
  }
  return true;
}

int tcpflow__place_beyond(tcpflow_conn *conn, tcpflow_side side,
                          const tcpflow__reasm_input *input) {
  tcpflow__reasm *const stream = &conn->sides->stream[side];
  tcpflow__reasm_input beyond = *input;

  if (beyond.offset + beyond.length <= stream->end) {
    return TCPFLOW_OK;
  }
  if (beyond.offset < stream->end) {
    drop_front(&beyond, (uint32_t)(stream->end - beyond.offset));
    beyond.offset = stream->end;
  }
  return tcpflow__reasm_put_beyond(stream, &conn->env->budget,
                                   &conn->env->limits, &beyond);
}

void tcpflow__place_fin_told(tcpflow_conn *conn, tcpflow_side side,
                             bool refuted) {
  tcpflow__reasm *const stream = &conn->sides->stream[side];

  if (refuted) {
    stream->end = UINT64_MAX;
    stream->doubtful = 0;
    if (tcpflow__endpoint_has(&conn->end[side], TCPFLOW__END_FIN)) {
      tcpflow__place_fin(conn, side);
    }
  }
  if (tcpflow__endpoint_has(&conn->end[side], TCPFLOW__END_FIN_ACKED)) {
    stream->doubtful = 0;
  }
}

/* The position of what was acknowledged. */
static uint64_t position_acked(const tcpflow_conn *conn, tcpflow_side side,
                               tcpflow_seq acked) {
  const tcpflow__endpoint *const end = &conn->end[side];

  /* What is behind the last octet would keep the stream from being idle. */
  if (tcpflow__endpoint_has(end, TCPFLOW__END_FIN) &&
      tcpflow_seq_lt(end->fin, acked)) {
    acked = end->fin;
  }
  return position_of(conn, side, acked);
}

bool tcpflow__place_overtakes(const tcpflow_conn *conn, tcpflow_side side,
                              tcpflow_seq ack) {
  const tcpflow__endpoint *const end = &conn->end[side];
  const tcpflow__reasm *const stream = &conn->sides->stream[side];
  const uint64_t origin = origin_of(end->base);
  uint64_t position;

  if (!tcpflow__endpoint_has(end, TCPFLOW__END_BASE)) {
    return false;
  }
  position = position_acked(conn, side, ack);
  return position > origin + stream->next &&
         position > origin + tcpflow__reasm_edge(stream, NULL);
}

uint64_t tcpflow__place_acked(const tcpflow_conn *conn, tcpflow_side side) {
  const tcpflow__endpoint *const end = &conn->end[side];
  uint64_t position;

  if (!tcpflow__endpoint_has(end, TCPFLOW__END_BASE)) {
    return 0;
  }
  position = position_acked(conn, side, end->snd_una);
  return position > origin_of(end->base) ? position - origin_of(end->base) : 0;
}

void tcpflow__place_ack(tcpflow_conn *conn, tcpflow_side side) {
  const uint64_t origin = origin_of(conn->end[side].base);
  const uint64_t position = position_acked(conn, side, conn->end[side].snd_una);

  if (position <= origin + conn->sides->stream[side].next) {
    return;
  }
  if (conn->env->gap_grace == 0) {
    tcpflow__reasm_give_up(&conn->sides->stream[side], &conn->env->budget,
                           position - origin, TCPFLOW_GAP_ACKED);
  } else {
    tcpflow__conn_mark(conn, TCPFLOW__CONN_HOLE_NEWS);
  }
}

/* What was told so far is all that is told; what waits in order has come all
   the same. */
static void stop(tcpflow_conn *conn, tcpflow_side side) {
  const tcpflow__reasm_sink nobody = {NULL, NULL, NULL, NULL};
  tcpflow__reasm *const stream = &conn->sides->stream[side];

  if (stream->rest->gate != UINT64_MAX) {
    tcpflow__rest_open_gate(stream);
    tcpflow__reasm_drain(stream, &conn->env->budget, &conn->env->limits, NULL,
                         &nobody);
  }
  tcpflow__reasm_clear(stream, &conn->env->budget);
  tcpflow__far_clear(conn, side);
  tcpflow__retold_clear(conn, side);
  tcpflow__again_shorten(conn, side, 0);
}

void tcpflow__place_stopped(tcpflow_conn *conn) {
  if (!tcpflow__conn_is(conn, TCPFLOW__CONN_STOP_NEWS)) {
    return;
  }
  conn->bits &= ~(uint32_t)TCPFLOW__CONN_STOP_NEWS;
  if (tcpflow__conn_is(conn, TCPFLOW__CONN_STOP_CLIENT)) {
    stop(conn, TCPFLOW_SIDE_CLIENT);
  }
  if (tcpflow__conn_is(conn, TCPFLOW__CONN_STOP_SERVER)) {
    stop(conn, TCPFLOW_SIDE_SERVER);
  }
}
