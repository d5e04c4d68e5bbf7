/*
 * lib/conn/phase.c - where a connection as a whole stands, and its timeouts.
 *
 * Room: conn.  Includes: base, segment.  A phase is read off the endpoints; the
 * only thing that is remembered is whether a connection of which one side alone
 * was heard may be trusted.  Anybody can send one segment from any address to
 * any other: an opening has a phase of its own for that, and a lone segment of
 * another kind has PICKED_UP.
 */
#include "conn/extra.h"
#include "conn/fold.h"
#include "conn/tell.h"

/* A side that is heard alone is trusted once so many segments of it came, over
   so long a time.  A flood of random tuples does not come back to one of them,
   and who comes back this often pays as much for a connection as a real one
   does.  A capture of one direction has them in the first round trips. */
#define LONE_SEGMENTS 4U
static const tcpflow_time LONE_TIME = 100 * TCPFLOW_MILLISECOND;

void tcpflow__conn_note_trust(tcpflow_conn *conn, tcpflow_side sender,
                              bool counts, bool starts) {
  const tcpflow__endpoint *const snd = &conn->end[sender];
  const tcpflow__endpoint *const rcv = &conn->end[tcpflow_side_other(sender)];
  const bool alone = rcv->segments == 0;

  if (starts && alone) {
    tcpflow__conn_mark(conn, TCPFLOW__CONN_LONE);
    return;
  }
  if (counts && (!alone || (snd->segments >= LONE_SEGMENTS &&
                            conn->last - conn->first >= LONE_TIME))) {
    conn->bits &= ~(uint32_t)TCPFLOW__CONN_LONE;
  }
}

/* Who is in LISTEN has not answered; a SYN that crosses another is an answer,
   too (RFC 9293 Figure 7). */
static tcpflow_phase phase_of_opening(const tcpflow_conn *conn) {
  return !tcpflow__conn_is_folded(conn) &&
             conn->end[0].state >= TCPFLOW_STATE_SYN_SENT &&
             conn->end[1].state >= TCPFLOW_STATE_SYN_SENT
           ? TCPFLOW_PHASE_ANSWERED
           : TCPFLOW_PHASE_OPENING;
}

tcpflow_phase tcpflow__conn_phase_slow(const tcpflow_conn *conn) {
  if (tcpflow__conn_ended(conn)) {
    return TCPFLOW_PHASE_ENDED;
  }
  if (tcpflow__conn_is(conn, TCPFLOW__CONN_DOUBTED)) {
    return TCPFLOW_PHASE_RESET;
  }
  if (tcpflow__conn_is(conn, TCPFLOW__CONN_LONE)) {
    return TCPFLOW_PHASE_PICKED_UP;
  }
  return phase_of_opening(conn);
}

/* --- timeouts of its own --- */

tcpflow_time tcpflow__conn_timeout_own(const tcpflow_conn *conn, unsigned phase,
                                       tcpflow_time common) {
  return phase < TCPFLOW__TIMED_PHASES &&
             ((unsigned)conn->extra->own_timeouts >> phase & 1U) != 0
           ? conn->extra->timeout[phase]
           : common;
}

int tcpflow_conn_set_timeout(tcpflow_conn *conn, unsigned phase,
                             tcpflow_time timeout) {
  const bool all = phase == TCPFLOW_PHASE_ALL;

  if (!all && phase >= TCPFLOW__TIMED_PHASES) {
    return TCPFLOW_ERR_INVALID;
  }
  if (conn->env->saving) {
    return TCPFLOW_ERR_STATE;
  }
  if (tcpflow__conn_ended(conn)) {
    return TCPFLOW_OK;
  }

  tcpflow__conn_extra *const extra = tcpflow__conn_extra_need(conn);
  if (extra == NULL) {
    return TCPFLOW_ERR_NOMEM;
  }
  for (unsigned i = 0; i < TCPFLOW__TIMED_PHASES; i++) {
    if (all || i == phase) {
      extra->timeout[i] = timeout;
      extra->own_timeouts = (uint8_t)(extra->own_timeouts | 1U << i);
    }
  }
  if (conn->env->on_timeout != NULL) {
    conn->env->on_timeout(conn);
  }
  return TCPFLOW_OK;
}
