/*
 * lib/conn/candidates.h - the SYNs and SYN,ACKs of a connection of which only
 * the peer can say which one counts.
 *
 * Room: conn.  Includes: base, segment, reasm.  Most connections have one of
 * each and no list: memory is taken when a second one comes, or when one
 * carries data, which is held until it is acknowledged.
 */
#ifndef TCPFLOW__CONN_CANDIDATES_H
#define TCPFLOW__CONN_CANDIDATES_H

#include "conn/conn.h"
#include "segment/candidate.h"

/* Of each side; the oldest goes. */
#define TCPFLOW__CANDIDATES_A_SIDE 8U

typedef struct tcpflow__syn {
  tcpflow__candidate as;
  uint8_t *data;     /* Its first octets, copied; NULL: none. */
  uint64_t number;   /* Of the frame that they came in. */
  uint32_t captured; /* How many. */
  uint8_t side;      /* tcpflow_side: who sent it. */
  bool settled;      /* It is known what became of its data. */
} tcpflow__syn;

/* The oldest first. */
typedef struct tcpflow__candidates {
  uint8_t count;
  uint8_t room;
  tcpflow__syn of[];
} tcpflow__candidates;

/* What a list takes, without the octets of its SYNs. */
static inline size_t tcpflow__candidates_size(unsigned room) {
  return sizeof(tcpflow__candidates) + room * sizeof(tcpflow__syn);
}

/* Those of a connection; NULL: none. */
tcpflow__candidates *tcpflow__candidates_of(const tcpflow_conn *conn);

/* Makes sure that two more can be added.  TCPFLOW_OK or TCPFLOW_ERR_NOMEM. */
int tcpflow__candidates_reserve(tcpflow_conn *conn);

/* Copies the octets of a SYN if there is room for them; *data stays NULL if
   not.  TCPFLOW_OK or TCPFLOW_ERR_NOMEM. */
int tcpflow__candidates_copy(tcpflow_conn *conn, tcpflow_side side,
                             const tcpflow_segment *segment, tcpflow__syn *syn);

/* Gives the octets of a SYN back. */
void tcpflow__candidates_drop_data(tcpflow__budget *budget, tcpflow__syn *syn);

/* Adds one, whose octets are the list's then; room was reserved.  False: the
   oldest of its side had to go. */
bool tcpflow__candidates_add(tcpflow_conn *conn, const tcpflow__syn *syn);

/* Frees the list. */
void tcpflow__candidates_clear(tcpflow__conn_env *env,
                               tcpflow__candidates **list);

/* The newest of a side with a number; NULL: none. */
tcpflow__syn *tcpflow__candidates_find(tcpflow__candidates *list,
                                       tcpflow_side side, tcpflow_seq isn);

/* The newest SYN of a side that a number acknowledges; NULL: none. */
tcpflow__syn *tcpflow__candidates_acked(tcpflow__candidates *list,
                                        tcpflow_side side, tcpflow_seq ack);

/* The newest of a side that a segment with this number follows; NULL: none. */
tcpflow__syn *tcpflow__candidates_followed(tcpflow__candidates *list,
                                           tcpflow_side side, tcpflow_seq seq);

#endif /* TCPFLOW__CONN_CANDIDATES_H */
