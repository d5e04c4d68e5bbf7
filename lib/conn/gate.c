/*
 * lib/conn/gate.c - octets that wait until their receiver acknowledges them.
 *
 * Room: conn.  Includes: base, wire, segment, reasm.  RFC 9293 section 3.4: who
 * acknowledges a number has all octets before it, so which of them count is
 * settled then and not earlier.  An ACK of octets that the capture has not may
 * be a stranger's, so it opens no more than what was sent, until another
 * segment agrees with it.
 */
#include "conn/gate.h"

#include "conn/place.h"
#include "reasm/rest.h"

/* So many segments of a sender, and none of its receiver: the capture shows one
   direction only. */
#define UNHEARD_SEGMENTS 4U

/* The offset behind what was acknowledged of a side's stream. */
static uint64_t acked_of(const tcpflow_conn *conn, tcpflow_side side) {
  const tcpflow__endpoint *const end = &conn->end[side];
  const bool fin = tcpflow__endpoint_has(end, TCPFLOW__END_FIN);
  tcpflow_seq acked = end->unseen != 0 ? end->nxt_start : end->snd_una;
  uint64_t offset;

  /* A FIN is no octet of the stream. */
  if (fin && tcpflow_seq_lt(end->fin, acked)) {
    acked = end->fin;
  }
  offset = tcpflow__place_number(conn, side, acked);
  return offset == UINT64_MAX ? 0 : offset;
}

/* Nobody will acknowledge what SENDER sends. */
static bool is_unheard(const tcpflow_conn *conn, tcpflow_side sender) {
  return conn->end[tcpflow_side_other(sender)].segments == 0 &&
         conn->end[sender].segments >= UNHEARD_SEGMENTS;
}

static void move_gate(tcpflow_conn *conn, tcpflow_side side,
                      const tcpflow__visit *v) {
  tcpflow__reasm *const stream = &conn->sides->stream[side];
  uint64_t acked;

  if (stream->off || is_unheard(conn, side)) {
    tcpflow__rest_open_gate(stream);
    return;
  }
  if (stream->rest->gate == UINT64_MAX) {
    /* The receiver is heard at last.  It sends, so no octets of this side are
       between put() and drain(). */
    if (side == v->cause.sender) {
      return;
    }
    tcpflow__rest_shut_gate(stream, &conn->env->budget, stream->next);
  }
  acked = acked_of(conn, side);
  tcpflow__rest_move_gate(stream, &conn->env->budget, acked);
}

void tcpflow__gate_settle(tcpflow_conn *conn, const tcpflow__visit *v) {
  move_gate(conn, TCPFLOW_SIDE_CLIENT, v);
  move_gate(conn, TCPFLOW_SIDE_SERVER, v);
}

void tcpflow__gate_pass(tcpflow_conn *conn, tcpflow_side side,
                        uint64_t offset) {
  tcpflow__rest_move_gate(&conn->sides->stream[side], &conn->env->budget,
                          offset);
}

bool tcpflow__gate_is_ahead(const tcpflow_conn *conn, tcpflow_side side,
                            uint64_t offset) {
  return acked_of(conn, side) < offset;
}
