/*
 * lib/conn/extra.h - what few connections need to remember.
 *
 * Room: conn.  Includes: base, segment.  A well-behaved connection pays for a
 * pointer.  The memory is taken before anything of the segment at hand is
 * changed, so that a call without memory changes nothing; only counts of
 * anomalies may go without.
 */
#ifndef TCPFLOW__CONN_EXTRA_H
#define TCPFLOW__CONN_EXTRA_H

#include "conn/conn.h"
#include "conn/subflow.h"

/* The connection that used the ports before, for segments of it that come
   late. */
typedef struct tcpflow__former {
  tcpflow_time until;   /* 0: there was none. */
  tcpflow_seq first[2]; /* By this connection's sides: its SYN. */
  tcpflow_seq nxt[2];   /* Behind the last number it used. */
  bool known[2];        /* Whether these are set. */
} tcpflow__former;

enum {
  TCPFLOW__URGENT_MARKS = 4 /* Marked octets that are remembered, by side. */
};

typedef struct tcpflow__conn_extra {
  uint32_t anomalies[TCPFLOW_ANOMALY_COUNT];   /* How often each occurred. */
  tcpflow_time timeout[TCPFLOW__TIMED_PHASES]; /* Of its own, by phase. */
  uint64_t skip[2]; /* By side: offset up to which octets are skipped. */
  tcpflow__subflow subflow;               /* Of Multipath TCP. */
  struct tcpflow__candidates *candidates; /* NULL: none. */
  tcpflow__past *past;    /* By side: what was told last.  NULL: nothing. */
  tcpflow__pieces far[2]; /* By side: what is not believed so far. */
  tcpflow__former former;
  tcpflow__beside beside[2]; /* By side: numbers of its endpoint. */
  uint32_t incarnations[2];  /* SYNs with different numbers; 0: one at most. */
  tcpflow_time crossing;     /* From the first SYN to the second, where neither
                               acknowledges the other. */
  uint8_t reuse;             /* The anomaly that it began with; 0: none. */
  uint8_t own_timeouts;      /* Which of them are set: a bit for each. */
  uint8_t urgents[2];        /* How many of these there are. */
  uint64_t urgent[2][TCPFLOW__URGENT_MARKS]; /* Offsets, the nearest first. */
} tcpflow__conn_extra;

/* That of a connection, made if there is none.  NULL: no memory. */
tcpflow__conn_extra *tcpflow__conn_extra_need(tcpflow_conn *conn);

/* What was told last, made if there is none.  NULL: no memory. */
tcpflow__past *tcpflow__conn_past_need(tcpflow_conn *conn);

/* What is remembered of a side's told octets; NULL: nothing. */
static inline tcpflow__past *tcpflow__conn_past(const tcpflow_conn *conn,
                                                tcpflow_side side) {
  return conn->extra == NULL || conn->extra->past == NULL
           ? NULL
           : &conn->extra->past[side];
}

/* Is there nothing in it that a segment without SYN could touch from NOW on?
   Counts of anomalies, and timeouts, are no matter, and nor is what is no
   subflow of Multipath TCP. */
static inline bool
tcpflow__conn_extra_is_quiet(const tcpflow__conn_extra *extra,
                             tcpflow_time now) {
  return extra->candidates == NULL && extra->former.until <= now &&
         extra->subflow.kind == TCPFLOW_SUBFLOW_NONE &&
         (extra->urgents[0] | extra->urgents[1]) == 0;
}

/* Frees it, if there is one. */
void tcpflow__conn_extra_clear(tcpflow_conn *conn);

#endif /* TCPFLOW__CONN_EXTRA_H */
