/*
 * lib/conn/shortends.c - who a connection is between, in few octets.
 *
 * Room: conn.  Includes: nothing of ours but wire.
 */
#include "conn/shortends.h"

const tcpflow_tuple *tcpflow__ends_seen(const tcpflow__ends *ends,
                                        tcpflow_tuple *room) {
  if (tcpflow__ends_are_whole(ends)) {
    return ends->whole;
  }
  uint8_t octets[8];

  tcpflow__store64_little(octets, ends->addresses);
  *room = (tcpflow_tuple){.vlan = ends->vlan, .version = 4};
  room->port[0] = (uint16_t)tcpflow__ends_turn(ends->ports & 0xffffU);
  room->port[1] = (uint16_t)tcpflow__ends_turn(ends->ports >> 16);
  memcpy(room->address[0], octets, 4);
  memcpy(room->address[1], octets + 4, 4);
  return room;
}

void tcpflow__ends_swap(tcpflow__ends *ends) {
  if (tcpflow__ends_are_whole(ends)) {
    *ends->whole = tcpflow_tuple_swap(ends->whole);
  } else {
    ends->addresses =
      (ends->addresses & UINT32_MAX) << 32 | ends->addresses >> 32;
  }
  ends->ports = (ends->ports & 0xffffU) << 16 | ends->ports >> 16;
}

bool tcpflow__ends_are_one(const tcpflow__ends *ends) {
  tcpflow_tuple room;
  const tcpflow_tuple *tuple;

  if (!tcpflow__ends_one_port(ends)) {
    return false;
  }
  tuple = tcpflow__ends_seen(ends, &room);
  return memcmp(tuple->address[0], tuple->address[1],
                sizeof(tuple->address[0])) == 0;
}
