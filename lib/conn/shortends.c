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
  memcpy(room->port, &ends->ports, sizeof(ends->ports));
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
  return tcpflow__ends_are_whole(ends) && tcpflow__ends_of_one(ends->whole);
}
