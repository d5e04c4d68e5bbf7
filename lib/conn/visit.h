/*
 * lib/conn/visit.h - what a segment brings to a connection, from judging to
 * telling.
 *
 * Room: conn.  Includes: base, segment, fsm, reasm.  It lives on the stack of
 * one call; the files that follow a segment hand it on among each other.
 */
#ifndef TCPFLOW__CONN_VISIT_H
#define TCPFLOW__CONN_VISIT_H

#include "conn/candidates.h"
#include "conn/conn.h"
#include "conn/tell.h"
#include "segment/segment.h"

/* What a choice among SYNs changes before the segment is judged. */
typedef struct tcpflow__unselected {
  tcpflow__endpoint end[2];
  tcpflow__reasm stream[2]; /* Those that were emptied, with what they hold. */
  bool emptied[2];
  tcpflow_time syn_time;
  tcpflow_time rtt;
} tcpflow__unselected;

typedef struct tcpflow__visit {
  tcpflow__cause cause;
  tcpflow_time now; /* Never goes backwards. */
  tcpflow__judgment judgment;
  tcpflow__reasm_input input;     /* Not early where there is none. */
  tcpflow__reasm_input syn_input; /* Octets of a SYN that were held. */
  bool has_input;
  bool has_syn_input;
  uint8_t syn_side; /* Who sent that. */
  bool syn_waits;   /* Until the input has been told. */
  bool selects;     /* Another SYN counts than before it: `saved`. */
  bool former;      /* It belongs to the connection before. */
  bool keeps;       /* It is a SYN to be remembered: `syn`. */
  bool opens;
  bool flips;     /* Client and server have changed places for it. */
  bool marks;     /* Its urgent pointer marks an octet that is to come. */
  bool overtakes; /* It acknowledges octets that are not there. */
  bool doubts;    /* It is a RST that begins a doubt. */
  uint8_t before[2];
  uint8_t moves;
  tcpflow__move
    move[TCPFLOW__HAPPENINGS_MAX + 2]; /* And two that are resumed. */
  tcpflow__syn syn;
  tcpflow__unselected saved;
} tcpflow__visit;

/* Does the input know pieces of its stream, which stay until it has been told?
   One for which there is no room knows none: it gets some once what lies before
   it is told. */
static inline bool tcpflow__visit_knows_pieces(const tcpflow__visit *v) {
  return v->input.early && (v->input.disputed || v->input.swallows);
}

/* May the stream of the sender be given more while its input is under way? */
static inline bool tcpflow__visit_is_open(const tcpflow__visit *v) {
  return !tcpflow__visit_knows_pieces(v) && !(v->input.early && v->input.noted);
}

/* Remembers a frame whose numbers were applied, to know a copy of it. */
static inline void tcpflow__conn_keep_print(const tcpflow_conn *conn,
                                            const tcpflow__cause *cause,
                                            uint32_t print) {
  tcpflow__prints_keep(&conn->env->prints, print, conn->end[cause->sender].base,
                       cause->segment);
}

/* How late a segment may be and yet be one that others have overtaken.
   Wireshark's rule: later than a handshake's round trip is not reordering; 3 ms
   where no handshake was seen. */
static inline tcpflow_time tcpflow__conn_reorder(const tcpflow_conn *conn) {
  const tcpflow_time server = conn->sides->rtt[TCPFLOW_SIDE_SERVER];
  const tcpflow_time client = conn->sides->rtt[TCPFLOW_SIDE_CLIENT];

  return server == TCPFLOW_TIME_NONE || client == TCPFLOW_TIME_NONE
           ? 3 * TCPFLOW_MILLISECOND
           : server + client;
}

/* Takes the numbers of a segment of a connection that is ignored, if it is the
   next one of its sender and means nothing else.  False: it has to be followed
   (passby.c). */
bool tcpflow__conn_pass_by(tcpflow_conn *conn, tcpflow_side sender,
                           const tcpflow_segment *segment);

/* Follows a segment that opens or closes as both endpoints expect it, of a
   connection that remembers nothing that it could touch.  False: it has to be
   followed the general way (routine.c). */
bool tcpflow__conn_routine(tcpflow_conn *conn, tcpflow_side sender,
                           const tcpflow_segment *segment);

/* Judges a segment, which BEGINS the connection or does not.  Where it chooses
   another SYN, the connection is as that one leaves it (judging.c). */
void tcpflow__conn_judge(tcpflow_conn *conn, tcpflow__visit *v, bool begins);

/* Takes all memory that the segment needs, and puts its data away.  TCPFLOW_OK,
   or TCPFLOW_ERR_NOMEM: it was not fed, and no SYN is chosen (supply.c). */
int tcpflow__conn_supply(tcpflow_conn *conn, tcpflow__visit *v);

/* Changes all that changes, before anybody hears of it (settle.c). */
void tcpflow__conn_settle(tcpflow_conn *conn, tcpflow__visit *v);

/* What comes last of each: tells holes that are not waited for any more,
   anomalies, and the end (windup.c). */
void tcpflow__conn_wind_up(tcpflow_conn *conn, const tcpflow__visit *v);

/* The same for one that moves nobody, behind what callbacks asked for. */
void tcpflow__conn_asked(tcpflow_conn *conn, const tcpflow__cause *cause);

/* Both endpoints' states before anything is changed, and whether the end is in
   doubt from here on, or is none (moves.c). */
void tcpflow__moves_begin(tcpflow_conn *conn, tcpflow__visit *v);

/* Sends what happened through the diagram. */
void tcpflow__moves_follow(tcpflow_conn *conn, tcpflow__visit *v);

/* Whose FIN came first, and whether they crossed. */
void tcpflow__moves_note_fin(tcpflow_conn *conn, const tcpflow__visit *v);

#endif /* TCPFLOW__CONN_VISIT_H */
