/*
 * lib/conn/urgent.h - octets of a stream that a sender has marked.
 *
 * Room: conn.  Includes: base, wire, segment, reasm.  RFC 6093 section 3.1: the
 * urgent pointer names the octet behind the urgent data, so the last urgent
 * octet lies in front of it; it is the one that the sockets of BSD, and of all
 * that followed, take out of the stream.
 */
#ifndef TCPFLOW__CONN_URGENT_H
#define TCPFLOW__CONN_URGENT_H

#include "conn/visit.h"

/* Takes the memory that the mark of a segment with URG needs, if it has one
   (v->marks).  TCPFLOW_OK or TCPFLOW_ERR_NOMEM. */
int tcpflow__urgent_reserve(tcpflow_conn *conn, tcpflow__visit *v);

/* Notes the mark that there is room for. */
void tcpflow__urgent_note(tcpflow_conn *conn, const tcpflow__visit *v);

/* Is there a mark in a side's octets before END? */
bool tcpflow__urgent_waits(const tcpflow_conn *conn, tcpflow_side side,
                           uint64_t end);

/* Takes the first one.  There is one. */
uint64_t tcpflow__urgent_take(tcpflow_conn *conn, tcpflow_side side);

/* Do the marks of a checkpoint make sense? */
bool tcpflow__urgent_is_sound(const tcpflow_conn *conn);

#endif /* TCPFLOW__CONN_URGENT_H */
