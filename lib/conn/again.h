/*
 * lib/conn/again.h - octets that a callback wants to be told again.
 *
 * Room: conn.  Includes: base, reasm, wire.
 */
#ifndef TCPFLOW__CONN_AGAIN_H
#define TCPFLOW__CONN_AGAIN_H

#include "conn/conn.h"
#include "wire/record.h"

/* Where what is kept of a side lies; NULL: there was never anything. */
tcpflow__leftover **tcpflow__again_of(const tcpflow_conn *conn,
                                      tcpflow_side side);

/* Of what is kept of a side, the last OCTETS stay. */
void tcpflow__again_shorten(tcpflow_conn *conn, tcpflow_side side,
                            size_t octets);

/* For a checkpoint: what is kept of both.  There is an extra. */
void tcpflow__again_save(const tcpflow_conn *conn, tcpflow__record_writer *to);

/* TCPFLOW_OK, TCPFLOW_ERR_NOMEM, or TCPFLOW_ERR_INVALID. */
int tcpflow__again_load(tcpflow_conn *conn, tcpflow__record_reader *from);

/* Was all of it told? */
bool tcpflow__again_is_sound(const tcpflow_conn *conn);

#endif /* TCPFLOW__CONN_AGAIN_H */
