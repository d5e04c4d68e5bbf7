/*
 * lib/conn/flip.c - who is the client, and what if it was the other one.
 *
 * Room: conn.  Includes: base, wire, segment, reasm.  Who is the client is
 * guessed from the first segment that was captured.  Only a SYN proves it
 * (RFC 9293 section 3.5); it may be captured late.  Everything that is kept by
 * side changes places then, so that nothing above has to remember how it was.
 */
#include "conn/flip.h"

#include <string.h>

#include "conn/doubt.h"
#include "conn/extra.h"
#include "conn/holes.h"
#include "conn/place.h"

/* What a segment says of the roles, if its SYN counts. */
static tcpflow_role_basis evidence_of(const tcpflow_segment *segment) {
  if ((segment->flags & TCPFLOW_FLAG_SYN) == 0) {
    return TCPFLOW_ROLE_UNKNOWN;
  }
  return (segment->flags & TCPFLOW_FLAG_ACK) != 0 ? TCPFLOW_ROLE_SYN_ACK
                                                  : TCPFLOW_ROLE_SYN;
}

/* Who is the client by that evidence. */
static tcpflow_side client_by(tcpflow_role_basis basis, tcpflow_side sender) {
  return basis == TCPFLOW_ROLE_SYN ? sender : tcpflow_side_other(sender);
}

/* Is it the SYN that began what was followed, and was not captured yet? */
static bool is_late_syn(const tcpflow_conn *conn, tcpflow_side sender,
                        const tcpflow_segment *segment) {
  const tcpflow__endpoint *const end = &conn->end[sender];

  return !tcpflow__endpoint_has(end, TCPFLOW__END_SYN) &&
         (tcpflow__endpoint_began_with(end, segment->seq) ||
          (segment->payload_length == 0 &&
           end->state >= TCPFLOW_STATE_ESTABLISHED &&
           tcpflow__place_untold(conn, sender) &&
           tcpflow__endpoint_may_begin(end, tcpflow_seq_add(segment->seq, 1))));
}

bool tcpflow__flip_is_due(const tcpflow_conn *conn, tcpflow_side sender,
                          const tcpflow_segment *segment) {
  const tcpflow_role_basis basis = evidence_of(segment);

  return (unsigned)basis > conn->role && conn->role != TCPFLOW_ROLE_CALLER &&
         client_by(basis, sender) != TCPFLOW_SIDE_CLIENT &&
         segment->checksum != TCPFLOW_CHECKSUM_BAD &&
         !tcpflow__segment_bad_flags(segment->flags) &&
         is_late_syn(conn, sender, segment);
}

#define SWAP(a, b)                                                             \
  do {                                                                         \
    unsigned char other[sizeof(a)];                                            \
    memcpy(other, &(a), sizeof(a));                                            \
    memcpy(&(a), &(b), sizeof(a));                                             \
    memcpy(&(b), other, sizeof(a));                                            \
  } while (0)

/* Of two bits, each takes the other's value. */
static uint32_t swap_bits(uint32_t bits, uint32_t a, uint32_t b) {
  uint32_t swapped = bits & ~(a | b);

  swapped |= (bits & a) != 0 ? b : 0;
  return swapped | ((bits & b) != 0 ? a : 0);
}

static uint8_t other_side(uint8_t side) {
  return side == TCPFLOW_SIDE_CLIENT ? TCPFLOW_SIDE_SERVER
                                     : TCPFLOW_SIDE_CLIENT;
}

static void flip_extra(tcpflow__conn_extra *extra) {
  tcpflow__candidates *const list = extra->candidates;

  SWAP(extra->skip[0], extra->skip[1]);
  if (extra->past != NULL) {
    SWAP(extra->past[0], extra->past[1]);
  }
  SWAP(extra->far[0], extra->far[1]);
  SWAP(extra->beside[0], extra->beside[1]);
  SWAP(extra->urgents[0], extra->urgents[1]);
  for (unsigned i = 0; i < TCPFLOW__URGENT_MARKS; i++) {
    SWAP(extra->urgent[0][i], extra->urgent[1][i]);
  }
  SWAP(extra->former.first[0], extra->former.first[1]);
  SWAP(extra->former.nxt[0], extra->former.nxt[1]);
  SWAP(extra->former.known[0], extra->former.known[1]);
  SWAP(extra->incarnations[0], extra->incarnations[1]);
  tcpflow__subflow_flip(&extra->subflow);
  for (unsigned i = 0; list != NULL && i < list->count; i++) {
    list->of[i].side = other_side(list->of[i].side);
  }
}

static void flip_doubt(tcpflow__doubt *doubt) {
  SWAP(doubt->state[0], doubt->state[1]);
  SWAP(doubt->proof[0], doubt->proof[1]);
  doubt->side = other_side(doubt->side);
}

void tcpflow__flip(tcpflow_conn *conn) {
  SWAP(conn->end[0], conn->end[1]);
  SWAP(conn->sides->stream[0], conn->sides->stream[1]);
  SWAP(conn->sides->rtt[0], conn->sides->rtt[1]);
  tcpflow__ends_swap(&conn->ends);
  conn->bits =
    swap_bits(conn->bits, TCPFLOW__CONN_STOP_CLIENT, TCPFLOW__CONN_STOP_SERVER);
  conn->bits = swap_bits(conn->bits, TCPFLOW__CONN_SPOKE_CLIENT,
                         TCPFLOW__CONN_SPOKE_SERVER);
  conn->bits =
    swap_bits(conn->bits, TCPFLOW__CONN_FIN_CLIENT, TCPFLOW__CONN_FIN_SERVER);
  if (conn->wait != NULL) {
    SWAP(conn->wait->acked[0], conn->wait->acked[1]);
    flip_doubt(&conn->wait->doubt);
  }
  if (conn->extra != NULL) {
    flip_extra(conn->extra);
  }
  if (conn->env->on_roles != NULL) {
    conn->env->on_roles(conn);
  }
}

int tcpflow_conn_set_role(tcpflow_conn *conn, tcpflow_role_basis basis) {
  if ((unsigned)basis < TCPFLOW_ROLE_FIRST ||
      (unsigned)basis > TCPFLOW_ROLE_SYN) {
    return TCPFLOW_ERR_INVALID;
  }
  if (tcpflow__conn_is(conn, TCPFLOW__CONN_BEGUN)) {
    return TCPFLOW_ERR_STATE;
  }
  conn->role = (unsigned)basis & 15U;
  return TCPFLOW_OK;
}

void tcpflow__flip_note(tcpflow_conn *conn, tcpflow__visit *v) {
  const tcpflow_role_basis basis = evidence_of(v->cause.segment);

  if (v->flips) {
    tcpflow__note_anomaly(conn, TCPFLOW_ANOMALY_ROLES_FLIPPED);
  }
  if ((v->flips || v->judgment.syn_first || v->judgment.syn_late) &&
      (unsigned)basis > conn->role &&
      client_by(basis, v->cause.sender) == TCPFLOW_SIDE_CLIENT) {
    conn->role = (unsigned)basis & 15U;
  }
}
