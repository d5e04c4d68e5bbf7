/*
 * lib/track/attach.c - ICMP errors and the connections that they are about.
 *
 * Room: track.  Includes: base, decode, conn.  An error quotes the addresses
 * and ports of a segment, its sender first.  What the quote lacks of the key,
 * the VLAN, the virtual network and the scope, are those that the error itself
 * came with: it comes back on the way that the segment went.  It begins no
 * connection, and does not keep one from falling silent.
 */
#include "track/attach.h"

#include "track/life.h"

/* The live flow of a key; TCPFLOW__FLOW_NONE: there is none. */
static uint32_t find_live(const tcpflow_tracker *tracker,
                          const tcpflow__key *key) {
  const uint32_t index = tcpflow__table_find(&tracker->table, key);

  return index != TCPFLOW__FLOW_NONE &&
             tcpflow__phase_is_live(
               tcpflow__flows_at(&tracker->flows, index)->phase)
           ? index
           : TCPFLOW__FLOW_NONE;
}

/* Attaches an error to a flow. */
static int attach(tcpflow_tracker *tracker, uint32_t index,
                  const tcpflow__key *key, const tcpflow_packet *packet) {
  tcpflow__flow *const flow = tcpflow__flows_at(&tracker->flows, index);
  const int error = tcpflow__life_unfold(tracker, flow, index);
  const tcpflow_side quoted =
    key->swapped == flow->swapped ? TCPFLOW_SIDE_CLIENT : TCPFLOW_SIDE_SERVER;

  if (error != TCPFLOW_OK) {
    return error;
  }
  tracker->stats.icmp_attached++;
  tcpflow__conn_icmp(&flow->conn, quoted, packet, tracker->now);
  tcpflow__life_settle(tracker, flow, index);
  return TCPFLOW_OK;
}

int tcpflow__attach_icmp(tcpflow_tracker *tracker,
                         const tcpflow_packet *packet) {
  tcpflow__key key;

  if (packet->kind != TCPFLOW_PACKET_ICMP_ERROR) {
    return TCPFLOW_OK;
  }
  tcpflow__key_init(&key, &tracker->hasher, &packet->tuple);

  uint32_t index = find_live(tracker, &key);
  if (index != TCPFLOW__FLOW_NONE && tcpflow__life_expire(tracker, index)) {
    index = TCPFLOW__FLOW_NONE;
  }
  if (tracker->env.stopped) {
    return TCPFLOW_ERR_CALLBACK;
  }
  index = index == TCPFLOW__FLOW_NONE ? index : find_live(tracker, &key);
  if (index == TCPFLOW__FLOW_NONE || packet->quoted < TCPFLOW__ICMP_QUOTED) {
    tracker->stats.icmp_without_flow++;
    return TCPFLOW_OK;
  }
  return attach(tracker, index, &key, packet);
}
