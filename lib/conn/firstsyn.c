/*
 * lib/conn/firstsyn.c - the SYN with which a connection usually begins.
 *
 * Room: conn.  Includes: base, segment, fsm.  RFC 9293 section 3.5: its sender
 * is in SYN-SENT by it, and its receiver in LISTEN.
 */
#include "conn/firstsyn.h"

#include "conn/fold.h"
#include "conn/visit.h"

/* Does what a callback wants.  Nothing is held, so without sides there is
   nothing to stop. */
static void follow_wish(tcpflow_conn *conn, const tcpflow__cause *cause) {
  if (!tcpflow__conn_is_folded(conn)) {
    tcpflow__conn_asked(conn, cause);
  } else if (tcpflow__conn_is(conn, TCPFLOW__CONN_END_ASKED)) {
    tcpflow__conn_finish_folded(conn, cause,
                                (tcpflow_end_reason)conn->end_reason);
  }
}

void tcpflow__firstsyn_obey(tcpflow_conn *conn,
                            const tcpflow_segment *segment) {
  const tcpflow__cause cause = {segment->time, segment, TCPFLOW_SIDE_CLIENT};

  follow_wish(conn, &cause);
}
