/*
 * lib/conn/subflow.h - what a connection is to Multipath TCP.
 *
 * Room: conn.  Includes: base, wire, options, segment.
 */
#ifndef TCPFLOW__CONN_SUBFLOW_H
#define TCPFLOW__CONN_SUBFLOW_H

#include <stdbool.h>

#include <tcpflow/conn.h>

struct tcpflow__visit;

/* What is known of it; all 0: nothing.  Of the arrays, one for each side. */
typedef struct tcpflow__subflow {
  uint64_t key[2];
  uint32_t token; /* In the SYN of a join: the server's. */
  uint32_t nonce[2];
  uint8_t kind;       /* tcpflow_subflow_kind */
  uint8_t version;    /* Of the server, once it has answered. */
  uint8_t flags[2];   /* Of MP_CAPABLE. */
  uint8_t address[2]; /* Identifiers. */
  uint8_t backup[2];  /* Asked for. */
  uint8_t known;      /* KNOWN_ bits, subflow.c. */
  uint8_t tries;      /* Segments that might have had the client's key. */
} tcpflow__subflow;

/* Takes the memory that a segment needs, if it is one of Multipath TCP.
   TCPFLOW_OK or TCPFLOW_ERR_NOMEM. */
int tcpflow__subflow_prepare(tcpflow_conn *conn,
                             const struct tcpflow__visit *v);

/* Client and server change places. */
void tcpflow__subflow_flip(tcpflow__subflow *subflow);

/* Takes what the segment says. */
void tcpflow__subflow_note(tcpflow_conn *conn, const struct tcpflow__visit *v);

/* Do both endpoints take the connection for a subflow, whose windows are not
   its own? */
bool tcpflow__subflow_shares(const tcpflow_conn *conn);

#endif /* TCPFLOW__CONN_SUBFLOW_H */
