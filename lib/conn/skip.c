/*
 * lib/conn/skip.c - octets of a stream that nobody wants.
 *
 * Room: conn.  Includes: base, segment, reasm.  They take their way through the
 * stream like all others, so that it knows what has come and what is missing,
 * but without their contents, and are not told.  What crosses the end of them
 * is told from there on.
 */
#include "conn/skip.h"

#include "conn/extra.h"
#include "conn/fold.h"

/* The offset at which telling goes on. */
static uint64_t end_of_skip(const tcpflow_conn *conn, tcpflow_side side) {
  return tcpflow__conn_is(conn, TCPFLOW__CONN_SKIPS) ? conn->extra->skip[side]
                                                     : 0;
}

void tcpflow__skip_input(const tcpflow_conn *conn, tcpflow_side side,
                         tcpflow__reasm_input *input) {
  /* In order it is not held. */
  if (input->offset > conn->sides->stream[side].next &&
      input->offset + input->length <= end_of_skip(conn, side)) {
    input->bytes = NULL;
    input->captured = 0;
  }
}

bool tcpflow__skip_data(const tcpflow_conn *conn, tcpflow_side side,
                        tcpflow_stream_data *data) {
  const uint64_t end = end_of_skip(conn, side);

  if (data->offset + data->length <= end) {
    return false;
  }
  if (data->offset < end) {
    const size_t passed = (size_t)(end - data->offset);
    data->bytes += passed;
    data->offset += passed;
    data->length -= passed;
  }
  return true;
}

bool tcpflow__skip_gap(tcpflow_conn *conn, tcpflow_side side,
                       tcpflow_stream_gap *gap) {
  const uint64_t end = end_of_skip(conn, side);
  const uint64_t behind = gap->offset + gap->length;
  const uint64_t stop = behind < end ? behind : end;

  if (gap->offset >= stop) {
    return true;
  }
  /* What was not held because nobody wants it is not missing. */
  if (gap->reason == TCPFLOW_GAP_CUT) {
    conn->sides->stream[side].rest->missing -= stop - gap->offset;
  }
  gap->length = behind - stop;
  gap->offset = stop;
  return gap->length > 0;
}

int tcpflow_conn_skip(tcpflow_conn *conn, tcpflow_side side, uint64_t octets) {
  if (!tcpflow__is_side(side)) {
    return TCPFLOW_ERR_INVALID;
  }
  if (conn->env->saving) {
    return TCPFLOW_ERR_STATE;
  }
  if (octets == 0 || tcpflow__conn_ended(conn)) {
    return TCPFLOW_OK;
  }

  if (tcpflow__conn_need_sides(conn) != TCPFLOW_OK) {
    return TCPFLOW_ERR_NOMEM;
  }
  tcpflow__conn_extra *const extra = tcpflow__conn_extra_need(conn);
  if (extra == NULL) {
    return TCPFLOW_ERR_NOMEM;
  }
  const uint64_t next = conn->sides->stream[side].next;
  const uint64_t end = octets < UINT64_MAX - next ? next + octets : UINT64_MAX;
  if (extra->skip[side] < end) {
    extra->skip[side] = end;
  }
  tcpflow__conn_mark(conn, TCPFLOW__CONN_SKIPS);
  return TCPFLOW_OK;
}
