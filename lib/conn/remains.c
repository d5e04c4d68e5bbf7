/*
 * lib/conn/remains.c - what is left of a connection that has ended.
 *
 * Room: conn.  Includes: base, segment, reasm.  What claims.c, heir.c and
 * keepsyn.c ask of an ended connection: where its numbers began and ended, what
 * was acknowledged, the latest timestamp, which FINs there were, and whether an
 * endpoint is in TIME-WAIT (RFC 9293 section 3.6.1, RFC 6191, RFC 1337).
 */
#include "conn/remains.h"

#include "base/compiler.h"
#include "conn/tell.h"
#include "conn/wait.h"
#include "reasm/rest.h"

/* Of an endpoint: bits. */
enum {
  LEFT_BASE = 1 << 0,      /* TCPFLOW__END_BASE */
  LEFT_FIN = 1 << 1,       /* TCPFLOW__END_FIN */
  LEFT_TS_RECENT = 1 << 2, /* TCPFLOW__END_TS_RECENT */
  LEFT_TIME_WAIT = 1 << 3, /* It is there; otherwise it has no connection. */
  LEFT_BITS = 4            /* How many these are. */
};

static tcpflow__remains numbers_of(const tcpflow__endpoint *end) {
  return (tcpflow__remains){end->base, end->snd_una, end->snd_nxt,
                            end->ts_recent};
}

static unsigned bit_if(bool is, unsigned bit) {
  return is ? bit : 0;
}

/* A bit of a word, as another one that is less. */
static unsigned bit_from(unsigned word, unsigned bit, unsigned as) {
  return (word & bit) / (bit / as);
}

static unsigned bits_of(const tcpflow__endpoint *end) {
  return bit_from(end->bits, TCPFLOW__END_BASE, LEFT_BASE) |
         bit_from(end->bits, TCPFLOW__END_FIN, LEFT_FIN) |
         bit_from(end->bits, TCPFLOW__END_TS_RECENT, LEFT_TS_RECENT) |
         (unsigned)(end->state == TCPFLOW_STATE_TIME_WAIT) * LEFT_TIME_WAIT;
}

/* Frees what it held. */
TCPFLOW__APART static void let_go(tcpflow_conn *conn) {
  tcpflow__sides *const sides = conn->sides;
  tcpflow__budget *const budget = &conn->env->budget;

  tcpflow__rest_drop(&sides->stream[TCPFLOW_SIDE_CLIENT], budget);
  tcpflow__rest_drop(&sides->stream[TCPFLOW_SIDE_SERVER], budget);
  if (conn->wait != NULL) {
    tcpflow__wait_clear(conn);
  }
}

/* Does it hold nothing, as most that have ended? */
static bool is_empty(const tcpflow_conn *conn) {
  return tcpflow__rest_is_shared(&conn->sides->stream[TCPFLOW_SIDE_CLIENT]) &&
         tcpflow__rest_is_shared(&conn->sides->stream[TCPFLOW_SIDE_SERVER]) &&
         conn->wait == NULL;
}

tcpflow__sides *tcpflow__remains_leave(tcpflow_conn *conn) {
  tcpflow__sides *const sides = conn->sides;
  const tcpflow__endpoint *const end = sides->end;

  if (!is_empty(conn)) {
    let_go(conn);
  }
  conn->client = numbers_of(&end[TCPFLOW_SIDE_CLIENT]);
  conn->server = numbers_of(&end[TCPFLOW_SIDE_SERVER]);
  conn->stage = (bits_of(&end[TCPFLOW_SIDE_CLIENT]) |
                 bits_of(&end[TCPFLOW_SIDE_SERVER]) << LEFT_BITS) &
                255U;
  conn->bits =
    (conn->bits & ~(uint32_t)(TCPFLOW__CONN_HOLES | TCPFLOW__CONN_HOLE_NEWS)) |
    TCPFLOW__CONN_FOLDED | TCPFLOW__CONN_REMAINS;
  return sides;
}

static void restore(tcpflow__endpoint *end, const tcpflow__remains *left,
                    unsigned bits) {
  end->base = left->base;
  end->snd_una = left->snd_una;
  end->snd_nxt = left->snd_nxt;
  end->ts_recent = left->ts_recent;
  end->bits =
    (uint16_t)(bit_if((bits & LEFT_BASE) != 0, TCPFLOW__END_BASE) |
               bit_if((bits & LEFT_FIN) != 0, TCPFLOW__END_FIN) |
               bit_if((bits & LEFT_TS_RECENT) != 0, TCPFLOW__END_TS_RECENT));
  end->state = (bits & LEFT_TIME_WAIT) != 0 ? TCPFLOW_STATE_TIME_WAIT
                                            : TCPFLOW_STATE_CLOSED;
}

void tcpflow__remains_unfold(tcpflow_conn *conn, tcpflow__sides *sides) {
  const tcpflow__remains client = conn->client;
  const tcpflow__remains server = conn->server;
  const unsigned bits = conn->stage;

  *sides = *conn->env->blank;
  restore(&sides->end[TCPFLOW_SIDE_CLIENT], &client, bits);
  restore(&sides->end[TCPFLOW_SIDE_SERVER], &server, bits >> LEFT_BITS);
  sides->stream[TCPFLOW_SIDE_CLIENT].off |=
    tcpflow__conn_is(conn, TCPFLOW__CONN_STOP_CLIENT);
  sides->stream[TCPFLOW_SIDE_SERVER].off |=
    tcpflow__conn_is(conn, TCPFLOW__CONN_STOP_SERVER);
  conn->bits &= ~(uint32_t)(TCPFLOW__CONN_FOLDED | TCPFLOW__CONN_REMAINS);
  conn->stage = 0;
  conn->sides = sides;
  conn->wait = NULL;
  conn->data = NULL;
  conn->first = conn->last;
}
