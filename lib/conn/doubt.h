/*
 * lib/conn/doubt.h - an end that may prove to be none.
 *
 * Room: conn.  Includes: base, segment, fsm.  A RST that the capture shows may
 * be forged, or may not have reached the one it was sent to; an ICMP error may
 * be ignored.  So a RST closes both endpoints at once, and an ICMP error the
 * one that gets it (RFC 9293 section 3.9.2.2: the other one does not hear of
 * it), and `end` waits for a while.  What happens meanwhile moves the states
 * that were left, and if the connection goes on, that is where it stands.  An
 * `end` that was told stays; what goes on behind it is the next connection.
 *
 * An end by two FINs can wait as well, for what comes late; that one is never
 * reversed.
 */
#ifndef TCPFLOW__CONN_DOUBT_H
#define TCPFLOW__CONN_DOUBT_H

#include "conn/conn.h"
#include "conn/tell.h"
#include "conn/wait.h"

/* The end of the connection is in doubt. */
static inline bool tcpflow__conn_doubted(const tcpflow_conn *conn) {
  return (conn->bits & TCPFLOW__CONN_DOUBTED) != 0;
}

/*
 * Begins a doubt, before the endpoints move to CLOSED and before the numbers of
 * its segment are applied: `reason` is TCPFLOW_END_RESET,
 * TCPFLOW_END_UNREACHABLE or TCPFLOW_END_FIN, `side` who is said to have sent
 * it.  False: there is a doubt, or an end, already, or nothing is to be
 * doubted.
 */
bool tcpflow__doubt_begin(tcpflow_conn *conn, tcpflow_time now,
                          tcpflow_end_reason reason, tcpflow_side side,
                          tcpflow_seq seq);

/* Takes the memory of the doubt that a segment with these flags may begin.
   TCPFLOW_OK, or TCPFLOW_ERR_NOMEM. */
int tcpflow__doubt_reserve(tcpflow_conn *conn, unsigned flags);

/* Does the segment show that the connection goes on?  By the numbers before it
   is applied. */
bool tcpflow__doubt_is_over(const tcpflow_conn *conn, tcpflow_side sender,
                            const tcpflow_segment *segment, tcpflow_time now);

/* Does the segment show, after the end, that the RST was none?  Its sender goes
   on, long after it, with new octets or an ACK of such. */
bool tcpflow__doubt_outlived(const tcpflow_conn *conn, tcpflow_side sender,
                             const tcpflow_segment *segment);

/* Notes what is odd about a segment that comes while the end is in doubt. */
void tcpflow__doubt_note(tcpflow_conn *conn, tcpflow_side sender,
                         const tcpflow_segment *segment, tcpflow_time now);

/* The connection goes on: puts the states back. */
void tcpflow__doubt_drop(tcpflow_conn *conn);

/* The state of an endpoint while its end is in doubt: the one that it would
   have if there had been none. */
static inline uint8_t *tcpflow__doubt_state(tcpflow_conn *conn, unsigned side) {
  return &conn->wait->doubt.state[side];
}

#endif /* TCPFLOW__CONN_DOUBT_H */
