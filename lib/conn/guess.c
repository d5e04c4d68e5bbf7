/*
 * lib/conn/guess.c - who is the client?
 *
 * Room: conn.  Includes: wire.
 */
#include <tcpflow/conn.h>

/* Ports that only a server uses: RFC 6335 section 6, System Ports. */
static int is_system_port(uint16_t port) {
  return port != 0 && port < 1024;
}

tcpflow_side tcpflow_conn_guess_sender(unsigned flags, uint16_t source_port,
                                       uint16_t destination_port) {
  if ((flags & TCPFLOW_FLAG_SYN) != 0) {
    return (flags & TCPFLOW_FLAG_ACK) != 0 ? TCPFLOW_SIDE_SERVER
                                           : TCPFLOW_SIDE_CLIENT;
  }
  return is_system_port(source_port) && !is_system_port(destination_port)
           ? TCPFLOW_SIDE_SERVER
           : TCPFLOW_SIDE_CLIENT;
}
