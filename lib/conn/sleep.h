/*
 * lib/conn/sleep.h - an open connection in which nothing happens.
 *
 * Room: conn.  Includes: base, wire, segment, reasm.  Most connections that a
 * monitor knows are open and idle, so what is kept of one has to be small: of
 * its sides, what could not be guessed (wire/surprise.h); they go back to their
 * owner.  They are made anew, the same to the last octet, before another
 * segment is followed.
 */
#ifndef TCPFLOW__CONN_SLEEP_H
#define TCPFLOW__CONN_SLEEP_H

#include "conn/conn.h"
#include "wire/surprise.h"

/* Writes what is surprising about the sides of a connection to
   TCPFLOW__SURPRISE_ROOM octets; answers how many these are.  0: it may not
   sleep, because it is not open, holds or waits for something, or has something
   beside it. */
size_t tcpflow__sleep_write(const tcpflow_conn *conn, uint8_t *octets);

/* Has the connection those octets in place of its sides, which are its own no
   longer.  They stay its owner's. */
void tcpflow__sleep_begin(tcpflow_conn *conn, uint8_t *octets);

/* Writes the sides of a connection that sleeps to SIDES, which are its own from
   here on; its octets are not any more. */
void tcpflow__sleep_end(tcpflow_conn *conn, tcpflow__sides *sides);

#endif /* TCPFLOW__CONN_SLEEP_H */
