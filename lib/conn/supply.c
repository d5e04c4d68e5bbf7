/*
 * lib/conn/supply.c - all memory that a segment takes.
 *
 * Room: conn.  Includes: base, wire, segment, reasm.  Its data, which is put
 * away here, comes last; so a call without memory changes nothing, and no step
 * behind this one can fail.
 */
#include "conn/doubt.h"
#include "conn/extra.h"
#include "conn/far.h"
#include "conn/holes.h"
#include "conn/opening.h"
#include "conn/place.h"
#include "conn/skip.h"
#include "conn/subflow.h"
#include "conn/urgent.h"
#include "conn/visit.h"
#include "reasm/rest.h"

/* --- its data --- */

/* Does its data end at the window?  Of a second copy of a frame nobody has
   judged that. */
static bool ends_at_window(const tcpflow_conn *conn, const tcpflow__visit *v) {
  const tcpflow_side receiver = tcpflow_side_other(v->cause.sender);

  if ((conn->env->strict & TCPFLOW_STRICT_WINDOW) == 0) {
    return false;
  }
  return (v->judgment.verdict & TCPFLOW_VERDICT_BEYOND_WINDOW) != 0 ||
         (v->judgment.duplicate && v->judgment.scaling >= 0 &&
          !tcpflow__subflow_shares(conn) &&
          tcpflow__endpoint_has(&conn->end[receiver], TCPFLOW__END_WINDOW));
}

/* What comes early has a hole before it. */
static inline int put(tcpflow_conn *conn, tcpflow__reasm *stream,
                      tcpflow__reasm_input *input) {
  const int error =
    tcpflow__reasm_put(stream, &conn->env->budget, &conn->env->limits, input);

  if (input->early && error == TCPFLOW_OK) {
    tcpflow__conn_mark(conn, TCPFLOW__CONN_HOLE_NEWS);
  }
  return error;
}

/* What lies behind a FIN comes first: it is held, and held once, however often
   the segment comes again for want of memory. */
static int put_input(tcpflow_conn *conn, tcpflow__visit *v) {
  const tcpflow_side sender = v->cause.sender;
  const int error = (v->judgment.verdict & TCPFLOW_VERDICT_BEYOND_FIN) == 0
                      ? TCPFLOW_OK
                      : tcpflow__place_beyond(conn, sender, &v->input);

  return error == TCPFLOW_OK
           ? put(conn, &conn->sides->stream[sender], &v->input)
           : error;
}

/* Has it octets in front of where the stream was picked up?  They have no
   place. */
static bool is_before(const tcpflow_conn *conn, const tcpflow__visit *v) {
  return !v->judgment.duplicate &&
         !tcpflow__endpoint_has(&conn->end[v->cause.sender],
                                TCPFLOW__END_SYN) &&
         (!v->has_input || v->input.length < v->cause.segment->payload_length);
}

/* Hands the data to the stream of its sender; that of a SYN waits. */
static int put_data(tcpflow_conn *conn, tcpflow__visit *v) {
  const tcpflow_side sender = v->cause.sender;

  if (!v->judgment.data || v->judgment.syn_first) {
    return TCPFLOW_OK;
  }
  v->has_input = tcpflow__place_data(conn, sender, v->cause.segment,
                                     v->judgment.syn_first, &v->input);
  if (is_before(conn, v)) {
    v->judgment.odd |= TCPFLOW__ODD_BEFORE_STREAM;
  }
  if (v->has_input && ends_at_window(conn, v)) {
    v->has_input = tcpflow__place_in_window(conn, sender, &v->input);
  }
  if (!v->has_input) {
    return TCPFLOW_OK;
  }
  if (tcpflow__conn_is(conn, TCPFLOW__CONN_SKIPS)) {
    tcpflow__skip_input(conn, sender, &v->input);
  }
  return put_input(conn, v);
}

/* Likewise; that of a segment which is not believed is kept beside it. */
static int take_data(tcpflow_conn *conn, tcpflow__visit *v) {
  if (tcpflow__conn_ignored(conn)) {
    return TCPFLOW_OK;
  }
  return v->judgment.jump && !v->judgment.ack_waits ? tcpflow__far_keep(conn, v)
                                                    : put_data(conn, v);
}

/* --- all of it --- */

/* May a hole be waited for from here on, because it was acknowledged?  An ACK
   may overtake its octets, those behind a FIN come to count, and much data
   implies ACKs. */
static bool may_wait(const tcpflow_conn *conn, const tcpflow__visit *v) {
  const tcpflow__endpoint *const snd = &conn->end[v->cause.sender];
  const tcpflow_seq end =
    tcpflow_seq_add(v->cause.segment->seq, v->cause.segment->payload_length);

  return v->overtakes || v->judgment.fin_refuted || v->judgment.begins_before ||
         v->judgment.peer_before ||
         (v->judgment.data && tcpflow__endpoint_has(snd, TCPFLOW__END_BASE) &&
          tcpflow_seq_distance(snd->snd_una, end) > TCPFLOW__WINDOW_MAX);
}

/* That needs memory. */
static int prepare_ack(tcpflow_conn *conn, tcpflow__visit *v) {
  v->overtakes = v->judgment.ack && tcpflow__place_overtakes(
                                      conn, tcpflow_side_other(v->cause.sender),
                                      v->cause.segment->ack);
  return !tcpflow__conn_ignored(conn) && may_wait(conn, v)
           ? tcpflow__holes_reserve(conn)
           : TCPFLOW_OK;
}

/* What steps may need that cannot fail. */
static int stock_up(tcpflow_conn *conn, unsigned flags) {
  const int error =
    tcpflow__rest_stock_for(conn->sides->stream, &conn->env->budget);

  return error == TCPFLOW_OK &&
             (flags & (TCPFLOW_FLAG_FIN | TCPFLOW_FLAG_RST)) != 0
           ? tcpflow__doubt_reserve(conn, flags)
           : error;
}

/* What few segments leave behind. */
static int prepare_extra(tcpflow_conn *conn, tcpflow__visit *v) {
  const int error = tcpflow__subflow_prepare(conn, v);

  return error == TCPFLOW_OK && tcpflow__judgment_goes_beside(&v->judgment) &&
             tcpflow__conn_extra_need(conn) == NULL
           ? TCPFLOW_ERR_NOMEM
           : error;
}

int tcpflow__conn_supply(tcpflow_conn *conn, tcpflow__visit *v) {
  int error = stock_up(conn, v->cause.segment->flags);

  if (error == TCPFLOW_OK &&
      (v->cause.segment->flags & TCPFLOW_FLAG_SYN) != 0) {
    error = tcpflow__opening_reserve(conn, v);
  }
  if (error == TCPFLOW_OK) {
    error = prepare_extra(conn, v);
  }
  if (error == TCPFLOW_OK &&
      (v->cause.segment->flags & TCPFLOW_FLAG_URG) != 0) {
    error = tcpflow__urgent_reserve(conn, v);
  }
  if (error == TCPFLOW_OK) {
    error = prepare_ack(conn, v);
  }
  if (error == TCPFLOW_OK) {
    error = take_data(conn, v);
  }
  if (error != TCPFLOW_OK) {
    tcpflow__opening_unreserve(conn, v);
    tcpflow__opening_unselect(conn, v);
  } else {
    tcpflow__opening_selected(conn, v);
  }
  return error;
}
