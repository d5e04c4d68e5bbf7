/*
 * lib/conn/sound.c - does what was read of a connection go together?
 *
 * Room: conn.  Includes: base, segment, reasm.  Each number may be anything,
 * but some go together wherever segments were followed, and who follows more of
 * them does not ask.
 */
#include "conn/sound.h"

#include "conn/again.h"
#include "conn/doubt.h"
#include "conn/retold.h"

/* --- numbers and states --- */

/* Since when an end waits, and for what: two FINs are not in doubt. */
static bool is_waiting(const tcpflow_conn *conn, const tcpflow__doubt *doubt) {
  if (!tcpflow__conn_is(conn, TCPFLOW__CONN_DOUBTED)) {
    return true;
  }
  if (doubt->time < conn->first) {
    return false;
  }
  return doubt->reason == TCPFLOW_END_FIN
           ? tcpflow__conn_closing(conn)
           : doubt->reason == TCPFLOW_END_RESET ||
               doubt->reason == TCPFLOW_END_UNREACHABLE;
}

static bool is_doubt(const tcpflow__doubt *doubt, tcpflow_time now) {
  return doubt->state[0] < TCPFLOW_STATE_COUNT &&
         doubt->state[1] < TCPFLOW_STATE_COUNT &&
         doubt->proof[0] <= TCPFLOW_PROOF_PROVED &&
         doubt->proof[1] <= TCPFLOW_PROOF_PROVED &&
         doubt->reason <= TCPFLOW_END_UNREACHABLE &&
         doubt->side <= TCPFLOW_SIDE_SERVER && doubt->time <= now;
}

/* One of them was the first. */
static bool is_first_fin(const tcpflow_conn *conn) {
  const uint32_t both = TCPFLOW__CONN_FIN_CLIENT | TCPFLOW__CONN_FIN_SERVER;

  return (conn->bits & both) != both;
}

/* Who asked for its end said why. */
static bool is_asked(const tcpflow_conn *conn) {
  return !tcpflow__conn_is(conn, TCPFLOW__CONN_END_ASKED) ||
         conn->end_reason != TCPFLOW_END_NONE;
}

/* Who acknowledges a FIN acknowledges one that is known, and whose FINs those
   are is known (RFC 9293 section 3.6). */
static bool are_fins(const tcpflow_conn *conn) {
  bool any = false;

  for (unsigned i = 0; i < 2; i++) {
    const bool fin = tcpflow__endpoint_has(&conn->end[i], TCPFLOW__END_FIN);

    if (!fin && tcpflow__endpoint_has(&conn->end[i], TCPFLOW__END_FIN_ACKED)) {
      return false;
    }
    any = any || fin;
  }
  return !any || tcpflow__conn_closing(conn);
}

bool tcpflow__conn_is_sound(const tcpflow_conn *conn,
                            const tcpflow__doubt *doubt, tcpflow_time now) {
  return tcpflow__conn_is(conn, TCPFLOW__CONN_BEGUN) &&
         conn->first <= conn->last && conn->last <= now && is_first_fin(conn) &&
         is_doubt(doubt, now) && is_waiting(conn, doubt) && is_asked(conn) &&
         are_fins(conn) && conn->end[0].proof <= TCPFLOW_PROOF_PROVED &&
         conn->end[1].proof <= TCPFLOW_PROOF_PROVED;
}

/* --- and what follows them --- */

/* Only who waits for acknowledgments has a gate. */
static bool are_gates(const tcpflow_conn *conn) {
  return tcpflow__conn_is(conn, TCPFLOW__CONN_GATED) ||
         (conn->sides->stream[0].rest->gate == UINT64_MAX &&
          conn->sides->stream[1].rest->gate == UINT64_MAX);
}

/* Is what it skips known?  What has ended skips nothing. */
static bool has_extra(const tcpflow_conn *conn) {
  return conn->extra != NULL || tcpflow__conn_ended(conn) ||
         !tcpflow__conn_is(conn, TCPFLOW__CONN_SKIPS);
}

/* Likewise what its endpoints have beside them. */
static bool has_beside(const tcpflow_conn *conn) {
  const unsigned jumps = conn->end[0].jumps | conn->end[1].jumps;
  const unsigned moved = conn->end[0].fin_moved | conn->end[1].fin_moved;

  return conn->extra != NULL || tcpflow__conn_ended(conn) ||
         (jumps | moved) == 0;
}

/* Who has sent no FIN, and is open, has a stream without an end; one that is
   off does not hear that its end was none. */
static bool is_endless(const tcpflow_conn *conn, unsigned side) {
  return conn->sides->stream[side].end == UINT64_MAX ||
         conn->sides->stream[side].off ||
         conn->end[side].state != TCPFLOW_STATE_ESTABLISHED ||
         tcpflow__endpoint_has(&conn->end[side], TCPFLOW__END_FIN);
}

static bool are_endless(const tcpflow_conn *conn) {
  return tcpflow__conn_ended(conn) || (is_endless(conn, TCPFLOW_SIDE_CLIENT) &&
                                       is_endless(conn, TCPFLOW_SIDE_SERVER));
}

bool tcpflow__conn_is_whole(const tcpflow_conn *conn) {
  return has_extra(conn) && has_beside(conn) && are_gates(conn) &&
         are_endless(conn) && tcpflow__retold_is_sound(conn) &&
         tcpflow__again_is_sound(conn);
}
