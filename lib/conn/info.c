/*
 * lib/conn/info.c - what a connection says when it is asked.
 *
 * Room: conn.  Includes: base, segment, reasm.
 */
#include <string.h>

#include "base/sized.h"
#include "conn/conn.h"
#include "conn/ecn.h"
#include "conn/extra.h"
#include "conn/fold.h"

TCPFLOW__NO_TAIL_PADDING(tcpflow_conn_info, reserved1);
TCPFLOW__NO_TAIL_PADDING(tcpflow_endpoint_info, reserved);

void tcpflow_conn_set_user_data(tcpflow_conn *conn, void *data) {
  conn->data = data;
}

void *tcpflow_conn_user_data(const tcpflow_conn *conn) {
  return conn->data;
}

int tcpflow_conn_get_tuple(const tcpflow_conn *conn, tcpflow_tuple *tuple) {
  tcpflow_tuple room;

  if ((conn->bits & TCPFLOW__CONN_HAS_TUPLE) == 0) {
    return TCPFLOW_ERR_STATE;
  }
  *tuple = *tcpflow__ends_seen(&conn->ends, &room);
  return TCPFLOW_OK;
}

tcpflow_state tcpflow_conn_state(const tcpflow_conn *conn, tcpflow_side side) {
  tcpflow__conn_view room;

  return tcpflow__is_side(side)
           ? (tcpflow_state)tcpflow__conn_seen(conn, &room)->end[side].state
           : TCPFLOW_STATE_UNKNOWN;
}

static uint32_t count_incarnations(const tcpflow_conn *conn,
                                   tcpflow_side side) {
  if (conn->extra != NULL && conn->extra->incarnations[side] != 0) {
    return conn->extra->incarnations[side];
  }
  return tcpflow__endpoint_has(&conn->end[side], TCPFLOW__END_SYN) ? 1 : 0;
}

/* What a side's own segments prove: the other one speaks, and is not seen. */
#define LONE_SEGMENTS 4U

static bool hears_the_unseen(const tcpflow__endpoint *seen,
                             const tcpflow__endpoint *unseen) {
  return unseen->segments == 0 && seen->segments >= LONE_SEGMENTS &&
         tcpflow__endpoint_has(unseen, TCPFLOW__END_BASE) &&
         tcpflow_seq_lt(unseen->base, unseen->snd_una);
}

int tcpflow__conn_one_sided(const tcpflow_conn *conn) {
  if (hears_the_unseen(&conn->end[0], &conn->end[1])) {
    return TCPFLOW_SIDE_CLIENT;
  }
  return hears_the_unseen(&conn->end[1], &conn->end[0]) ? TCPFLOW_SIDE_SERVER
                                                        : -1;
}

int tcpflow_conn_get_info(const tcpflow_conn *conn, tcpflow_conn_info *info) {
  tcpflow__conn_view room;
  tcpflow_conn_info ours;

  if (tcpflow__sized_check(info) != TCPFLOW_OK) {
    return TCPFLOW_ERR_VERSION;
  }
  conn = tcpflow__conn_seen(conn, &room);
  memset(&ours, 0, sizeof(ours));
  ours.first = conn->first;
  ours.last = conn->last;
  ours.open_kind = (tcpflow_open_kind)conn->open_kind;
  ours.end_reason = tcpflow__conn_ended(conn)
                      ? (tcpflow_end_reason)conn->end_reason
                      : TCPFLOW_END_NONE;
  ours.established = tcpflow__conn_opened(conn);
  ours.first_fin = tcpflow__conn_first_fin(conn);
  ours.rtt_server = conn->sides->rtt[TCPFLOW_SIDE_SERVER];
  ours.rtt_client = conn->sides->rtt[TCPFLOW_SIDE_CLIENT];
  ours.close_kind = (tcpflow_close_kind)conn->close_kind;
  ours.phase = tcpflow__conn_phase(conn);
  ours.role = (tcpflow_role_basis)conn->role;
  ours.ecn = tcpflow__conn_ecn(conn);
  ours.one_sided = tcpflow__conn_one_sided(conn);
  ours.incarnations[0] = count_incarnations(conn, TCPFLOW_SIDE_CLIENT);
  ours.incarnations[1] = count_incarnations(conn, TCPFLOW_SIDE_SERVER);
  ours.has_tuple = tcpflow_conn_get_tuple(conn, &ours.tuple) == TCPFLOW_OK;
  tcpflow__sized_write(info, &ours, sizeof(ours));
  return TCPFLOW_OK;
}

static int has(const tcpflow__endpoint *end, unsigned bit) {
  return tcpflow__endpoint_has(end, bit) ? 1 : 0;
}

static void describe_syn(tcpflow_endpoint_info *info,
                         const tcpflow__endpoint *end, int scaling) {
  info->iss_known = has(end, TCPFLOW__END_ISS);
  info->iss = end->iss;
  info->mss = end->mss;
  info->wscale = has(end, TCPFLOW__END_WSCALE) ? end->wscale : -1;
  info->scaling = scaling;
  info->wscale_min = scaling < 0 ? end->wscale_least : 0;
  info->wscale_max = scaling < 0 ? TCPFLOW_WSCALE_MAX : 0;
  if (scaling > 0) {
    info->wscale_min = end->wscale;
    info->wscale_max = end->wscale;
  }
  info->sack_permitted = has(end, TCPFLOW__END_SACK);
  info->timestamps = has(end, TCPFLOW__END_TS);
}

static void describe_stream(tcpflow_endpoint_info *info,
                            const tcpflow__reasm *stream) {
  info->missing = stream->rest->missing;
  info->delivered = stream->next - stream->rest->missing;
}

int tcpflow_conn_get_endpoint(const tcpflow_conn *conn, tcpflow_side side,
                              tcpflow_endpoint_info *info) {
  const tcpflow__endpoint *end;
  tcpflow__conn_view room;
  tcpflow_endpoint_info ours;

  if (tcpflow__sized_check(info) != TCPFLOW_OK) {
    return TCPFLOW_ERR_VERSION;
  }
  if (!tcpflow__is_side(side)) {
    return TCPFLOW_ERR_INVALID;
  }
  conn = tcpflow__conn_seen(conn, &room);
  end = &conn->end[side];
  memset(&ours, 0, sizeof(ours));
  ours.state = (tcpflow_state)end->state;
  ours.proof = (tcpflow_proof)end->proof;
  describe_syn(&ours, end,
               tcpflow__endpoints_scaling(&conn->end[0], &conn->end[1]));
  ours.snd_una = end->snd_una;
  ours.snd_nxt = end->snd_nxt;
  ours.window = tcpflow__endpoint_window(end);
  ours.fin_seen = has(end, TCPFLOW__END_FIN);
  ours.fin_acked = has(end, TCPFLOW__END_FIN_ACKED);
  ours.segments = end->segments;
  ours.payload = end->payload;
  ours.retransmissions = end->retransmissions;
  describe_stream(&ours, &conn->sides->stream[side]);
  tcpflow__sized_write(info, &ours, sizeof(ours));
  return TCPFLOW_OK;
}
