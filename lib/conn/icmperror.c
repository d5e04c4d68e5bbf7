/*
 * lib/conn/icmperror.c - an ICMP error about a connection.
 *
 * Room: conn.  Includes: base, wire, segment, fsm.  Whoever can guess addresses
 * and ports can forge one, so it counts only if it quotes a number that is in
 * flight (RFC 5927 section 4.1).  To an open connection it is a hint and no
 * more (RFC 5461 section 2); an opening it may end.
 */
#include "base/sized.h"
#include "conn/doubt.h"
#include "conn/place.h"
#include "conn/tell.h"

/* RFC 792, RFC 4443. */
enum {
  UNREACHABLE = 3,
  SOURCE_QUENCH = 4,
  TIME_EXCEEDED = 11,
  PARAMETER_PROBLEM = 12,
  CODE_HOST_UNREACHABLE = 1,
  CODE_FRAGMENTATION_NEEDED = 4,
  CODE_LAST = 15,
  V6_UNREACHABLE = 1,
  V6_TOO_BIG = 2,
  V6_TIME_EXCEEDED = 3,
  V6_PARAMETER_PROBLEM = 4,
  V6_CODE_PROHIBITED = 1,
  V6_CODE_PORT_UNREACHABLE = 4
};

/* The error that quotes, not one that is quoted. */
static bool is_v6(const tcpflow_packet *packet) {
  for (unsigned i = 0; i < packet->layer_count; i++) {
    if (packet->layer[i].type == TCPFLOW_LAYER_ICMP) {
      return false;
    }
    if (packet->layer[i].type == TCPFLOW_LAYER_ICMPV6) {
      return true;
    }
  }
  return packet->tuple.version == 6;
}

static tcpflow_icmp_kind kind_of_v4(const tcpflow_packet *packet) {
  switch (packet->icmp_type) {
  case UNREACHABLE:
    return packet->icmp_code == CODE_FRAGMENTATION_NEEDED
             ? TCPFLOW_ICMP_TOO_BIG
             : TCPFLOW_ICMP_UNREACHABLE;
  case SOURCE_QUENCH:
    return TCPFLOW_ICMP_QUENCH;
  case TIME_EXCEEDED:
    return TCPFLOW_ICMP_TIME_EXCEEDED;
  default:
    return TCPFLOW_ICMP_OTHER;
  }
}

static tcpflow_icmp_kind kind_of_v6(const tcpflow_packet *packet) {
  switch (packet->icmp_type) {
  case V6_UNREACHABLE:
    return TCPFLOW_ICMP_UNREACHABLE;
  case V6_TOO_BIG:
    return TCPFLOW_ICMP_TOO_BIG;
  case V6_TIME_EXCEEDED:
    return TCPFLOW_ICMP_TIME_EXCEEDED;
  default:
    return TCPFLOW_ICMP_OTHER;
  }
}

/* --- does it end an opening? --- */

/* Linux, tcp_v4_err() and tcp_v6_err(): what becomes an error code. */
static bool is_hard(const tcpflow_packet *packet) {
  if (is_v6(packet)) {
    return packet->icmp_type != V6_TOO_BIG;
  }
  switch (packet->icmp_type) {
  case UNREACHABLE:
    return packet->icmp_code != CODE_FRAGMENTATION_NEEDED &&
           packet->icmp_code <= CODE_LAST;
  case TIME_EXCEEDED:
  case PARAMETER_PROBLEM:
    return true;
  default:
    return false;
  }
}

/* The same: what a SYN,ACK of a listener does not outlive.  ICMP and ICMPv6
   differ there. */
static bool is_fatal(const tcpflow_packet *packet) {
  const uint8_t code = packet->icmp_code;

  if (!is_v6(packet)) {
    return packet->icmp_type == UNREACHABLE ? code <= CODE_HOST_UNREACHABLE
                                            : is_hard(packet);
  }
  return packet->icmp_type == V6_PARAMETER_PROBLEM ||
         (packet->icmp_type == V6_UNREACHABLE &&
          (code == V6_CODE_PROHIBITED || code >= V6_CODE_PORT_UNREACHABLE));
}

static bool ends_opening(const tcpflow_conn *conn, tcpflow_side quoted,
                         const tcpflow_packet *packet) {
  switch (conn->end[quoted].state) {
  case TCPFLOW_STATE_SYN_SENT:
    return is_hard(packet);
  case TCPFLOW_STATE_SYN_RECEIVED:
    return conn->open_kind == TCPFLOW_OPEN_SIMULTANEOUS ? is_hard(packet)
                                                        : is_fatal(packet);
  default:
    return false;
  }
}

/* --- followed --- */

/* Is the number that of an octet in flight, or (AT_END) behind the last one? */
static bool is_in_flight(const tcpflow__endpoint *end, tcpflow_seq seq,
                         bool at_end) {
  return tcpflow__endpoint_has(end, TCPFLOW__END_BASE) &&
         tcpflow_seq_leq(end->snd_una, seq) &&
         (tcpflow_seq_lt(seq, end->snd_nxt) || (at_end && seq == end->snd_nxt));
}

/* Closes an opening, for the one that the error is sent to; the other one does
   not hear of it (RFC 9293 section 3.9.2.2, RFC 5461 section 3.1).  Answers
   whether the end is in doubt. */
static bool close_opening(tcpflow_conn *conn, const tcpflow_icmp_event *event,
                          tcpflow__move *move) {
  tcpflow__endpoint *const end = &conn->end[event->side];
  const tcpflow_time now = event->time > conn->last ? event->time : conn->last;
  const bool doubted =
    tcpflow__doubt_begin(conn, now, TCPFLOW_END_UNREACHABLE,
                         tcpflow_side_other(event->side), event->seq);

  move->side = (uint8_t)event->side;
  move->from = end->state;
  move->stimulus = TCPFLOW_STIMULUS_RCV_ERROR;
  end->state = (uint8_t)tcpflow_state_next((tcpflow_state)end->state,
                                           TCPFLOW_STIMULUS_RCV_ERROR);
  move->to = end->state;
  move->proof = end->proof;
  return doubted;
}

static void describe(tcpflow_icmp_event *event, const tcpflow_conn *conn) {
  const tcpflow_packet *const packet = event->packet;

  event->kind = is_v6(packet) ? kind_of_v6(packet) : kind_of_v4(packet);
  event->seq = packet->seq;
  event->mtu = packet->icmp_mtu;
  event->plausible = is_in_flight(&conn->end[event->side], packet->seq, false);
}

void tcpflow__conn_icmp(tcpflow_conn *conn, tcpflow_side quoted,
                        const tcpflow_packet *packet, tcpflow_time now) {
  const tcpflow__cause cause = {now, NULL, quoted};
  tcpflow_icmp_event event = {.time = now, .packet = packet, .side = quoted};
  tcpflow__move move = {0};
  bool doubted = false;

  describe(&event, conn);
  if (!is_in_flight(&conn->end[quoted], event.seq, true)) {
    tcpflow__note_anomaly(conn, TCPFLOW_ANOMALY_ICMP_IMPLAUSIBLE);
  }
  /* Anybody can send it, so without memory for a doubt it changes nothing. */
  const bool ends =
    event.plausible && ends_opening(conn, quoted, packet) &&
    tcpflow__doubt_reserve(conn, TCPFLOW_FLAG_RST) == TCPFLOW_OK;
  if (ends) {
    doubted = close_opening(conn, &event, &move);
  }
  tcpflow__tell_icmp(conn, &event);
  if (ends) {
    tcpflow__tell_move(conn, &cause, &move);
  }
  tcpflow__place_stopped(conn);
  tcpflow__tell_anomalies(conn, &cause);
  if (ends && !doubted) {
    tcpflow__conn_conclude(conn, &cause, TCPFLOW_END_UNREACHABLE);
  } else if (tcpflow__conn_is(conn, TCPFLOW__CONN_END_ASKED)) {
    tcpflow__conn_finish(conn, now, NULL, (tcpflow_end_reason)conn->end_reason);
  }
}

static bool has_version(const tcpflow_packet *packet) {
  return tcpflow__sized_check(packet) == TCPFLOW_OK &&
         packet->size >=
           offsetof(tcpflow_packet, layer) + sizeof(packet->layer);
}

static bool quotes_number(const tcpflow_packet *packet) {
  return packet->kind == TCPFLOW_PACKET_ICMP_ERROR &&
         packet->quoted >= TCPFLOW__ICMP_QUOTED;
}

/* The time of the error comes: what was in doubt for too long is over. */
static bool is_live(tcpflow_conn *conn, tcpflow_time now) {
  if (tcpflow__conn_doubted(conn) && now >= tcpflow__conn_doubt_due(conn)) {
    tcpflow__conn_finish(conn, now, NULL, TCPFLOW_END_TIMEOUT);
  }
  return tcpflow__conn_is(conn, TCPFLOW__CONN_BEGUN) &&
         !tcpflow__conn_ended(conn);
}

int tcpflow_conn_feed_icmp(tcpflow_conn *conn, tcpflow_side quoted,
                           const tcpflow_packet *packet) {
  if (conn->env->telling) {
    return TCPFLOW_ERR_STATE;
  }
  if (!has_version(packet)) {
    return TCPFLOW_ERR_VERSION;
  }
  if (!tcpflow__is_side(quoted) || !quotes_number(packet)) {
    return TCPFLOW_ERR_INVALID;
  }
  conn->env->stopped = false;
  if (is_live(conn, packet->time)) {
    tcpflow__conn_icmp(conn, quoted, packet, packet->time);
  }
  return conn->env->stopped ? TCPFLOW_ERR_CALLBACK : TCPFLOW_OK;
}
