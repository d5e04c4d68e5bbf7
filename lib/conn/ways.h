/*
 * lib/conn/ways.h - the way that a segment takes through its connection.
 *
 * Room: conn.  Includes: base, wire, segment, reasm.  In a header, because each
 * packet of a connection comes this way.
 */
#ifndef TCPFLOW__CONN_WAYS_H
#define TCPFLOW__CONN_WAYS_H

#include <assert.h>

#include "conn/detour.h"
#include "conn/express.h"
#include "conn/stage.h"
#include "conn/straight.h"

/* Follows one that is not what the segment before it leads to, as
   tcpflow__conn_feed() does.  BETWEEN: tcpflow__conn_is_between(). */
int tcpflow__conn_follow(tcpflow_conn *conn, tcpflow_side sender,
                         const tcpflow_segment *segment, bool between);

/*
 * Follows a segment; see tcpflow_conn_feed().  TCPFLOW_OK, or
 * TCPFLOW_ERR_NOMEM with nothing changed.  env->stopped tells whether a
 * callback asked to stop.  segment is of the current size.
 */
static inline int tcpflow__conn_feed(tcpflow_conn *conn, tcpflow_side sender,
                                     const tcpflow_segment *segment) {
  /* In the stages of an opening and a close, one of both is not open. */
  const bool between = conn->stage <= TCPFLOW__STAGE_STEADY_LAST &&
                       tcpflow__conn_is_between(conn, segment);

  assert(between == tcpflow__conn_is_between(conn, segment));
  assert((conn->env->odd.word[0] | conn->env->odd.word[1]) == 0);
  return (between ? tcpflow__conn_express(conn, sender, segment)
                  : tcpflow__conn_straight(conn, sender, segment))
           ? TCPFLOW_OK
           : tcpflow__conn_follow(conn, sender, segment, between);
}

/* The same of a segment that tcpflow__shortway_in_time(), for an easy
   connection, where most of those that run were taken out before: it opens or
   closes that, as a rule, or has other options. */
static inline int tcpflow__conn_feed_easy(tcpflow_conn *conn,
                                          tcpflow_side sender,
                                          const tcpflow_segment *segment) {
  return conn->stage != 0 && tcpflow__conn_straight_on(conn, sender, segment)
           ? TCPFLOW_OK
           : tcpflow__conn_feed(conn, sender, segment);
}

/* The same for a connection that is not easy, as a rule because it waits for a
   hole: no segment of that runs. */
static inline int tcpflow__conn_feed_holed(tcpflow_conn *conn,
                                           tcpflow_side sender,
                                           const tcpflow_segment *segment) {
  assert((conn->bits & TCPFLOW__CONN_HOLES) == 0 ||
         conn->stage == TCPFLOW__STAGE_NONE);
  return (conn->bits & TCPFLOW__CONN_HOLES) != 0 &&
             tcpflow__conn_detour(conn, sender, segment)
           ? TCPFLOW_OK
           : tcpflow__conn_feed(conn, sender, segment);
}

#endif /* TCPFLOW__CONN_WAYS_H */
