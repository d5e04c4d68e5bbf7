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

/* Ports that systems give to clients: from 49152 on (RFC 6335 section 6), or
   from 32768 on, as Linux does. */
static int is_ephemeral_port(uint16_t port) {
  return port >= 32768;
}

/* 1: the source is the server.  -1: the destination is.  0: the ports do not
   tell. */
static int look_at_ports(uint16_t source, uint16_t destination) {
  const int system = is_system_port(source) - is_system_port(destination);

  if (system != 0 || source == 0 || destination == 0) {
    return system;
  }
  return is_ephemeral_port(destination) - is_ephemeral_port(source);
}

tcpflow_side tcpflow_conn_guess_sender(unsigned flags, uint16_t source_port,
                                       uint16_t destination_port,
                                       tcpflow_role_basis *basis) {
  const int ports = look_at_ports(source_port, destination_port);
  tcpflow_role_basis reason = TCPFLOW_ROLE_FIRST;
  tcpflow_side sender = TCPFLOW_SIDE_CLIENT;

  if ((flags & TCPFLOW_FLAG_SYN) != 0) {
    const int ack = (flags & TCPFLOW_FLAG_ACK) != 0;
    reason = ack ? TCPFLOW_ROLE_SYN_ACK : TCPFLOW_ROLE_SYN;
    sender = ack ? TCPFLOW_SIDE_SERVER : TCPFLOW_SIDE_CLIENT;
  } else if (ports != 0) {
    reason = TCPFLOW_ROLE_PORT;
    sender = ports > 0 ? TCPFLOW_SIDE_SERVER : TCPFLOW_SIDE_CLIENT;
  }
  if (basis != NULL) {
    *basis = reason;
  }
  return sender;
}
