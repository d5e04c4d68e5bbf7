/*
 * lib/conn/holes.h - holes of a stream that are still waited for.
 *
 * Room: conn.  Includes: base, wire, segment, reasm.
 */
#ifndef TCPFLOW__CONN_HOLES_H
#define TCPFLOW__CONN_HOLES_H

#include "conn/conn.h"
#include "conn/tell.h"
#include "conn/wait.h"
#include "wire/record.h"

/* Is a hole waited for, or does one begin with the segment at hand? */
static inline bool tcpflow__holes_matter(const tcpflow_conn *conn) {
  return tcpflow__conn_is(conn, TCPFLOW__CONN_HOLES | TCPFLOW__CONN_HOLE_NEWS);
}

/* Is it plain to see that none is given up by NOW? */
static inline bool tcpflow__holes_are_early(const tcpflow_conn *conn,
                                            tcpflow_time now) {
  return !tcpflow__holes_matter(conn) ||
         (conn->wait != NULL &&
          !tcpflow__conn_is(conn, TCPFLOW__CONN_HOLE_NEWS) &&
          conn->wait->looked != TCPFLOW_TIME_NONE && now < conn->wait->looked);
}

/* Are acknowledged holes waited for, and not for ever? */
static inline bool tcpflow__holes_have_grace(const tcpflow_conn *conn) {
  return conn->env->gap_grace != 0 && conn->env->gap_grace != TCPFLOW_TIME_NONE;
}

/* The owner's timer was set, and looks at DUE, which is not behind
   tcpflow__holes_due(), or earlier. */
static inline void tcpflow__holes_note_look(tcpflow_conn *conn,
                                            tcpflow_time due) {
  if (!tcpflow__conn_is_folded(conn) && conn->wait != NULL) {
    conn->wait->looked = due;
  }
}

/* Likewise of a connection that was loaded, whose owner may have changed. */
static inline void tcpflow__holes_look_again(tcpflow_conn *conn,
                                             tcpflow_time due) {
  if (!tcpflow__conn_is_folded(conn) && conn->wait != NULL &&
      conn->wait->looked != TCPFLOW_TIME_NONE && due < conn->wait->looked) {
    conn->wait->looked = due;
  }
}

/* When the first of them is given up, if nothing comes; TCPFLOW_TIME_NONE:
   never. */
tcpflow_time tcpflow__holes_due(const tcpflow_conn *conn);

/* Makes room for an acknowledged hole.  TCPFLOW_OK, or TCPFLOW_ERR_NOMEM. */
int tcpflow__holes_reserve(tcpflow_conn *conn);

/* Does its owner's timer look at it no later than the first of them is given
   up?  Or is there none. */
bool tcpflow__holes_are_looked_at(const tcpflow_conn *conn);

/* The same behind a segment with which no hole has begun or moved.  What was
   settled before it stands then, unless nobody promised anything, for want of
   memory. */
static inline bool tcpflow__holes_stay_looked_at(const tcpflow_conn *conn) {
  return conn->env->on_timeout == NULL ||
         (conn->wait != NULL && tcpflow__holes_have_grace(conn) &&
          conn->wait->looked != TCPFLOW_TIME_NONE);
}

/* A segment was told at NOW: notes what is waited for from here on. */
void tcpflow__holes_settle(tcpflow_conn *conn, const tcpflow__cause *cause,
                           tcpflow_time now);

/* It is NOW: tells the holes whose time is over, each at its time.  A callback
   may end the connection; not from within a callback. */
void tcpflow__holes_pass(tcpflow_conn *conn, tcpflow_time now);

/* Nothing more comes: tells a side's holes as far as they were acknowledged. */
void tcpflow__holes_close(tcpflow_conn *conn, tcpflow_side side,
                          const tcpflow__cause *cause);

/* The offsets of a side's stream have begun anew. */
void tcpflow__holes_forget(tcpflow_conn *conn, unsigned side);

/* As octets, and back, at NOW, behind the streams.  TCPFLOW_OK,
   TCPFLOW_ERR_INVALID or TCPFLOW_ERR_NOMEM. */
void tcpflow__holes_save(const tcpflow_conn *conn, tcpflow__record_writer *to);
int tcpflow__holes_load(tcpflow_conn *conn, tcpflow_time now,
                        tcpflow__record_reader *from);

#endif /* TCPFLOW__CONN_HOLES_H */
