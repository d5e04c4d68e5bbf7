/*
 * lib/conn/closekind.c - how a connection closed, in one word.
 *
 * Room: conn.  Includes: segment.
 */
#include "conn/tell.h"

static tcpflow_close_kind kind_of_fin(const tcpflow_conn *conn) {
  if (tcpflow__conn_is(conn, TCPFLOW__CONN_CROSSED)) {
    return TCPFLOW_CLOSE_FIN_SIMULTANEOUS;
  }
  return tcpflow__conn_first_fin(conn) == TCPFLOW_SIDE_SERVER
           ? TCPFLOW_CLOSE_FIN_SERVER
           : TCPFLOW_CLOSE_FIN_CLIENT;
}

/*
 * Was an opening refused?  Either nobody is there, or both have opened
 * actively, their SYNs have crossed, and one of them does not want it any more:
 * RFC 9293 section 3.10.7.4, second step, calls both "refused".  A RST to who
 * was in LISTEN takes the SYN back.
 */
static bool is_refused(const tcpflow_conn *conn, tcpflow_side side) {
  const tcpflow__endpoint *const snd = &conn->end[side];
  const tcpflow__endpoint *const rcv = &conn->end[tcpflow_side_other(side)];

  if (!tcpflow__endpoint_has(snd, TCPFLOW__END_SYN)) {
    return true;
  }
  return (rcv->ecn & TCPFLOW__ECN_HAS_SYN) != 0 &&
         (snd->ecn & (TCPFLOW__ECN_HAS_SYN | TCPFLOW__ECN_HAS_ANSWER)) ==
           TCPFLOW__ECN_HAS_SYN;
}

static tcpflow_close_kind kind_of_reset(const tcpflow_conn *conn,
                                        tcpflow_side side) {
  if (!tcpflow__conn_opened(conn) && is_refused(conn, side)) {
    return TCPFLOW_CLOSE_REFUSED;
  }
  return side == TCPFLOW_SIDE_SERVER ? TCPFLOW_CLOSE_RESET_SERVER
                                     : TCPFLOW_CLOSE_RESET_CLIENT;
}

static tcpflow_close_kind kind_of_timeout(const tcpflow_conn *conn) {
  if (!tcpflow__conn_opened(conn)) {
    return TCPFLOW_CLOSE_TIMEOUT_OPENING;
  }
  return tcpflow__conn_closing(conn) ? TCPFLOW_CLOSE_TIMEOUT_CLOSING
                                     : TCPFLOW_CLOSE_TIMEOUT_IDLE;
}

tcpflow_close_kind tcpflow__conn_close_kind(const tcpflow_conn *conn,
                                            tcpflow_end_reason reason,
                                            tcpflow_side side) {
  static const uint8_t plain[] = {
    [TCPFLOW_END_EVICTED] = TCPFLOW_CLOSE_EVICTED,
    [TCPFLOW_END_REUSED] = TCPFLOW_CLOSE_REUSED,
    [TCPFLOW_END_FLUSHED] = TCPFLOW_CLOSE_FLUSHED,
    [TCPFLOW_END_CALLER] = TCPFLOW_CLOSE_CALLER,
    [TCPFLOW_END_UNREACHABLE] = TCPFLOW_CLOSE_UNREACHABLE,
  };

  if (reason == TCPFLOW_END_FIN) {
    return kind_of_fin(conn);
  }
  if (reason == TCPFLOW_END_RESET) {
    return kind_of_reset(conn, side);
  }
  return reason == TCPFLOW_END_TIMEOUT ? kind_of_timeout(conn)
                                       : (tcpflow_close_kind)plain[reason];
}
