/*
 * lib/conn/fold.h - a connection without sides, above all one of which nothing
 * but a SYN is known.
 *
 * Room: conn.  Includes: base, segment, reasm.  Anybody can send SYNs, so what
 * is kept of one has to be small: its numbers and offers stand where an answer
 * finds its own, and the sides of the connection go back to their owner.  They
 * are made anew, the same to the last octet, before another segment is
 * followed.  One that has ended (remains.h), or sleeps (sleep.h), is folded,
 * too.
 */
#ifndef TCPFLOW__CONN_FOLD_H
#define TCPFLOW__CONN_FOLD_H

#include "conn/tell.h"

/* Room to look at a folded connection in. */
typedef struct tcpflow__conn_view {
  tcpflow_conn conn;
  tcpflow__sides sides;
} tcpflow__conn_view;

/* Those of a connection that is not folded. */
static inline tcpflow__sides *tcpflow__conn_sides(const tcpflow_conn *conn) {
  return conn->sides;
}

/* What both sides begin as. */
void tcpflow__sides_init(tcpflow__sides *sides, const tcpflow__conn_env *env);

/* Has the connection these sides from here on. */
void tcpflow__conn_attach(tcpflow_conn *conn, tcpflow__sides *sides);

/* Folds a connection that a SYN alone began, and answers its sides, which it
   has no longer; NULL: it cannot be folded. */
tcpflow__sides *tcpflow__conn_fold(tcpflow_conn *conn);

/* Unfolds a folded connection, whether or not it has ended: SIDES are its
   own. */
void tcpflow__conn_unfold(tcpflow_conn *conn, tcpflow__sides *sides);

/* Unfolds a connection if it is folded, by means of its owner.  TCPFLOW_OK or
   TCPFLOW_ERR_NOMEM. */
int tcpflow__conn_need_sides(tcpflow_conn *conn);

/* Tells the end of a folded connection; it stays folded. */
void tcpflow__conn_finish_folded(tcpflow_conn *conn,
                                 const tcpflow__cause *cause,
                                 tcpflow_end_reason reason);

/* The connection to look at instead of CONN, which is folded. */
const tcpflow_conn *tcpflow__conn_spread(const tcpflow_conn *conn,
                                         tcpflow__conn_view *room);

/* The connection to look at: CONN, or if that is folded, a copy in ROOM that is
   not. */
static inline const tcpflow_conn *tcpflow__conn_seen(const tcpflow_conn *conn,
                                                     tcpflow__conn_view *room) {
  return tcpflow__conn_is_folded(conn) ? tcpflow__conn_spread(conn, room)
                                       : conn;
}

#endif /* TCPFLOW__CONN_FOLD_H */
