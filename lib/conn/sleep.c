/*
 * lib/conn/sleep.c - an open connection in which nothing happens.
 *
 * Room: conn.  Includes: base, wire, segment, reasm.
 */
#include "conn/sleep.h"

#include "conn/tell.h"
#include "reasm/rest.h"
#include "segment/surprises.h"

/* Members whose values are few. */
static void surprise_stream(tcpflow__surprises *s, tcpflow__reasm *stream,
                            const tcpflow__reasm *blank) {
  uint8_t off = stream->off;

  tcpflow__surprise8(s, &stream->overlap, blank->overlap);
  tcpflow__surprise8(s, &off, blank->off);
  stream->off = off != 0;
}

/* The number of octets of both streams comes first: the rest is guessed by
   it. */
static void surprise_sides(tcpflow__surprises *s, const tcpflow_conn *conn,
                           tcpflow__sides *sides) {
  const tcpflow__sides *const blank = conn->env->blank;
  uint64_t next[2] = {sides->stream[0].next, sides->stream[1].next};

  tcpflow__surprise64(s, &next[0], 0);
  tcpflow__surprise64(s, &next[1], 0);
  sides->stream[0].next = next[0];
  sides->stream[1].next = next[1];
  surprise_stream(s, &sides->stream[0], &blank->stream[0]);
  surprise_stream(s, &sides->stream[1], &blank->stream[1]);
  tcpflow__surprise64(s, &sides->rtt[0], 0);
  tcpflow__surprise64(s, &sides->rtt[1], 0);
  tcpflow__surprise64(s, &sides->syn_time,
                      conn->first + sides->rtt[TCPFLOW_SIDE_SERVER]);
  tcpflow__endpoints_surprise(s, sides->end, conn->first, conn->last, next);
}

/* Nothing is held, missing, or known of its end. */
static bool is_smooth(const tcpflow__reasm *stream,
                      const tcpflow__reasm *blank) {
  return stream->rest == blank->rest && stream->end == UINT64_MAX &&
         stream->doubtful == 0;
}

static bool may_sleep(const tcpflow_conn *conn) {
  const uint32_t awake = TCPFLOW__CONN_FOLDED | TCPFLOW__CONN_HOLES |
                         TCPFLOW__CONN_HOLE_NEWS | TCPFLOW__CONN_STOP_NEWS |
                         TCPFLOW__CONN_END_ASKED;
  const tcpflow__reasm *const blank = conn->env->blank->stream;

  return (conn->bits & awake) == 0 && conn->extra == NULL &&
         tcpflow__conn_is_open(conn) && !tcpflow__conn_closing(conn) &&
         conn->wait == NULL && is_smooth(&conn->sides->stream[0], &blank[0]) &&
         is_smooth(&conn->sides->stream[1], &blank[1]);
}

size_t tcpflow__sleep_write(const tcpflow_conn *conn, uint8_t *octets) {
  tcpflow__surprises s = tcpflow__surprises_to(octets);

  if (!may_sleep(conn)) {
    return 0;
  }
  surprise_sides(&s, conn, conn->sides);
  return s.at;
}

void tcpflow__sleep_begin(tcpflow_conn *conn, uint8_t *octets) {
  conn->asleep = octets;
  tcpflow__conn_mark(conn, TCPFLOW__CONN_FOLDED | TCPFLOW__CONN_ASLEEP);
}

/* What a caller wants no more may have changed since. */
void tcpflow__sleep_end(tcpflow_conn *conn, tcpflow__sides *sides) {
  tcpflow__surprises s = tcpflow__surprises_from(conn->asleep);

  *sides = *conn->env->blank;
  surprise_sides(&s, conn, sides);
  sides->stream[TCPFLOW_SIDE_CLIENT].off |=
    tcpflow__conn_is(conn, TCPFLOW__CONN_STOP_CLIENT);
  sides->stream[TCPFLOW_SIDE_SERVER].off |=
    tcpflow__conn_is(conn, TCPFLOW__CONN_STOP_SERVER);
  conn->bits &= ~(uint32_t)(TCPFLOW__CONN_FOLDED | TCPFLOW__CONN_ASLEEP);
  conn->sides = sides;
}
