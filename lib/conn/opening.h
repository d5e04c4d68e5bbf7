/*
 * lib/conn/opening.h - how a connection opens.
 *
 * Room: conn.  Includes: base, segment, fsm, reasm.
 */
#ifndef TCPFLOW__CONN_OPENING_H
#define TCPFLOW__CONN_OPENING_H

#include "conn/visit.h"

/* Finds out, before the segment is judged, which SYN counts. */
void tcpflow__opening_select(tcpflow_conn *conn, tcpflow__visit *v);

/* The segment is followed: what was held of the other SYN goes. */
void tcpflow__opening_selected(tcpflow_conn *conn, tcpflow__visit *v);

/* The segment is not followed after all. */
void tcpflow__opening_unselect(tcpflow_conn *conn, const tcpflow__visit *v);

/* Is it a RST that answers a SYN in the middle? */
bool tcpflow__opening_is_refused(const tcpflow_conn *conn,
                                 const tcpflow__visit *v);

/* Is it a challenge ACK to a SYN in the middle (RFC 5961 section 4.2)? */
void tcpflow__opening_challenge(const tcpflow_conn *conn, tcpflow__visit *v);

/* Takes the memory that the segment needs to be remembered, once it is judged.
   TCPFLOW_OK or TCPFLOW_ERR_NOMEM. */
int tcpflow__opening_reserve(tcpflow_conn *conn, tcpflow__visit *v);

/* Gives it back. */
void tcpflow__opening_unreserve(tcpflow_conn *conn, tcpflow__visit *v);

/* Remembers it, before its numbers are applied. */
void tcpflow__opening_keep(tcpflow_conn *conn, const tcpflow__visit *v);

/* What became of octets that came with a SYN, behind that. */
void tcpflow__opening_release(tcpflow_conn *conn, tcpflow__visit *v);

/* Hands them to their stream, which tells them next: done already, unless they
   wait. */
void tcpflow__opening_put(tcpflow_conn *conn, tcpflow__visit *v);

/* Notes what is odd, before the numbers are applied. */
void tcpflow__opening_oddities(tcpflow_conn *conn, const tcpflow__visit *v);

/* Likewise, of the kind that it is, once that is known. */
void tcpflow__opening_kind_oddities(tcpflow_conn *conn);

/* Drops what is of no use once both are open. */
void tcpflow__opening_forget(tcpflow_conn *conn, const tcpflow__visit *v);

/* How the connection begins, as soon as it shows: before the numbers of the
   segment are applied. */
void tcpflow__opening_kind(tcpflow_conn *conn, const tcpflow__visit *v);

/* Once both endpoints are open, whatever they do next: sets v->opens. */
void tcpflow__opening_done(tcpflow_conn *conn, tcpflow__visit *v);

/* The round trips of the handshake, behind that. */
void tcpflow__opening_rtt(tcpflow_conn *conn, const tcpflow__visit *v);

#endif /* TCPFLOW__CONN_OPENING_H */
