/*
 * lib/conn/wait.h - what a connection waits for.
 *
 * Room: conn.  Includes: base.  An end that may prove to be none, and holes
 * that may be filled: most connections have neither for most of their time, and
 * pay for a pointer.
 */
#ifndef TCPFLOW__CONN_WAIT_H
#define TCPFLOW__CONN_WAIT_H

#include "conn/conn.h"

/* An acknowledged hole that is waited for. */
typedef struct tcpflow__acked {
  uint64_t to;        /* The offset behind it.  None: not behind `next`. */
  tcpflow_time since; /* When it was acknowledged. */
} tcpflow__acked;

/* An end that may prove to be none. */
typedef struct tcpflow__doubt {
  tcpflow_time time;    /* When it came. */
  tcpflow_seq seq;      /* Of the RST. */
  tcpflow_seq peer_nxt; /* SND.NXT of the one it was sent to. */
  uint8_t state[2];     /* Where both would stand without it. */
  uint8_t proof[2];
  uint8_t reason; /* tcpflow_end_reason */
  uint8_t side;   /* Who sent it. */
} tcpflow__doubt;

typedef struct tcpflow__wait {
  tcpflow__acked acked[2]; /* By side. */
  tcpflow_time looked;     /* Its owner's timer looks at it no later than the
                              first hole is given up, if that is not before
                              this.  TCPFLOW_TIME_NONE: nobody promises. */
  tcpflow__doubt doubt;    /* While TCPFLOW__CONN_DOUBTED is set. */
} tcpflow__wait;

/* That of a connection, made if there is none.  NULL: no memory. */
tcpflow__wait *tcpflow__wait_need(tcpflow_conn *conn);

/* Frees it, if there is one. */
void tcpflow__wait_clear(tcpflow_conn *conn);

#endif /* TCPFLOW__CONN_WAIT_H */
