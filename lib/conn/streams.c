/*
 * lib/conn/streams.c - a caller's way into the streams of a connection.
 *
 * Room: conn.  Includes: base, reasm.
 */
#include "conn/fold.h"
#include "conn/retold.h"

#include "reasm/overlap.h"

int tcpflow_conn_set_overlap(tcpflow_conn *conn, tcpflow_side side,
                             tcpflow_overlap overlap) {
  if (!tcpflow__is_side(side) || !tcpflow__is_overlap(overlap)) {
    return TCPFLOW_ERR_INVALID;
  }
  if (tcpflow__conn_need_sides(conn) != TCPFLOW_OK) {
    return TCPFLOW_ERR_NOMEM;
  }
  conn->sides->stream[side].overlap = (uint8_t)overlap;
  return TCPFLOW_OK;
}

size_t tcpflow_conn_peek(const tcpflow_conn *conn, tcpflow_side side,
                         uint64_t offset, tcpflow_stream_data *found) {
  return tcpflow__is_side(side) && !tcpflow__conn_is_folded(conn) &&
             (tcpflow__reasm_peek(&conn->sides->stream[side], offset, found) ||
              tcpflow__retold_peek(conn, side, offset, found))
           ? found->length
           : 0;
}
