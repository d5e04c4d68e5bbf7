/*
 * lib/conn/place.h - between sequence numbers and stream offsets.
 *
 * Room: conn.  Includes: base, wire, segment, reasm.  The segment room knows
 * numbers, the reasm room knows offsets; here they meet.  Offset 0 is the
 * number `base` of the endpoint: behind its SYN, or where it was picked up.
 */
#ifndef TCPFLOW__CONN_PLACE_H
#define TCPFLOW__CONN_PLACE_H

#include "base/order.h"
#include "conn/conn.h"

/* The number up to which a side's stream is complete. */
tcpflow_seq tcpflow__place_edge(const tcpflow_conn *conn, tcpflow_side side);

/* The offset of a segment's first octet; UINT64_MAX if it has none. */
uint64_t tcpflow__place_of(const tcpflow_conn *conn, tcpflow_side side,
                           const tcpflow_segment *segment);

/* The offset of a number; UINT64_MAX: it lies before the stream. */
uint64_t tcpflow__place_number(const tcpflow_conn *conn, tcpflow_side side,
                               tcpflow_seq seq);

/* Where a side stands: SND.NXT, and the offset that its stream waits for. */
typedef struct tcpflow__stand {
  uint64_t awaited;
  tcpflow_seq snd_nxt;
  bool known; /* Its base is. */
} tcpflow__stand;

/* Was nothing of a side's stream told, and is nothing held or given up?  Then
   it may still prove to begin earlier. */
bool tcpflow__place_untold(const tcpflow_conn *conn, tcpflow_side side);

/* The offset that a side's stream waits for. */
static inline uint64_t tcpflow__place_awaited(const tcpflow_conn *conn,
                                              tcpflow_side side) {
  const tcpflow__reasm *const stream = &conn->sides->stream[side];

  return tcpflow__higher(stream->next, stream->rest->give_up);
}

static inline tcpflow__stand tcpflow__place_stand(const tcpflow_conn *conn,
                                                  tcpflow_side side) {
  const tcpflow__endpoint *const end = &conn->end[side];

  return (tcpflow__stand){tcpflow__place_awaited(conn, side), end->snd_nxt,
                          tcpflow__endpoint_has(end, TCPFLOW__END_BASE)};
}

/* A side has moved on from BEFORE, with the same base: gives up holes that
   begin further behind SND.NXT than the largest window.  Nobody sends that far
   ahead of what was acknowledged (RFC 7323 section 2.3). */
void tcpflow__place_moved(tcpflow_conn *conn, tcpflow_side side,
                          const tcpflow__stand *before);

/* The offset behind the urgent data that a segment announces (RFC 6093 section
   3.1); UINT64_MAX if it does not, or it has no place. */
uint64_t tcpflow__place_urgent(const tcpflow_conn *conn, tcpflow_side side,
                               const tcpflow_segment *segment);

/*
 * Describes a segment's data as input for its sender's stream, before the
 * segment's numbers are applied.  syn: it carries the SYN that begins the
 * stream.  False: none of it lies in the stream.
 */
bool tcpflow__place_data(const tcpflow_conn *conn, tcpflow_side side,
                         const tcpflow_segment *segment, bool syn,
                         tcpflow__reasm_input *input);

/* The side's FIN ends its stream, unless it proves to be none. */
void tcpflow__place_fin(tcpflow_conn *conn, tcpflow_side side);

/* An ACK has told of the side's FIN: that it was taken, or (REFUTED) that it
   was none, and another one counts, or there is none. */
void tcpflow__place_fin_told(tcpflow_conn *conn, tcpflow_side side,
                             bool refuted);

/* Takes away what lies beyond every window that the side was offered; false:
   nothing is left. */
bool tcpflow__place_in_window(const tcpflow_conn *conn, tcpflow_side side,
                              tcpflow__reasm_input *input);

/* Keeps what lies behind the side's FIN while that may prove to be none.
   Returns TCPFLOW_OK, or TCPFLOW_ERR_NOMEM. */
int tcpflow__place_beyond(tcpflow_conn *conn, tcpflow_side side,
                          const tcpflow__reasm_input *input);

/* The offset up to which the side's octets were acknowledged; 0: none. */
uint64_t tcpflow__place_acked(const tcpflow_conn *conn, tcpflow_side side);

/* Does a segment with ACK acknowledge octets of the side that are not there? */
bool tcpflow__place_overtakes(const tcpflow_conn *conn, tcpflow_side side,
                              tcpflow_seq ack);

/* What was acknowledged to the side is not waited for, but for a little
   (holes.h).  Its base is known, as it is of whoever has sent data, or was sent
   an ACK, that counts. */
void tcpflow__place_ack(tcpflow_conn *conn, tcpflow_side side);

/* Releases, once, what is held of streams that are not wanted any more; from
   then on they hold ranges without octets. */
void tcpflow__place_stopped(tcpflow_conn *conn);

#endif /* TCPFLOW__CONN_PLACE_H */
