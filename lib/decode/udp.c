/*
 * lib/decode/udp.c - UDP (RFC 768) in front of a tunnel.
 *
 * Room: decode.  Includes: wire.  A tunnel is told by one of the ports; UDP of
 * any other ports carries no TCP.
 */
#include "decode/tunnel.h"
#include "wire/bytes.h"

enum {
  HEADER_SIZE = 8
};

typedef struct port_row {
  uint16_t port;
  uint16_t tunnel;
} port_row;

/* The registry of service names and ports; 8472 is the port that Linux took
   for VXLAN before there was one, and OTV's, which has the same header; 3386
   is GTP version 0. */
static const port_row ports[] = {
  {1701, TCPFLOW_TUNNEL_L2TP},        {2152, TCPFLOW_TUNNEL_GTPU},
  {3386, TCPFLOW_TUNNEL_GTPU},        {3544, TCPFLOW_TUNNEL_TEREDO},
  {4754, TCPFLOW_TUNNEL_GRE_IN_UDP},  {4789, TCPFLOW_TUNNEL_VXLAN},
  {4790, TCPFLOW_TUNNEL_VXLAN_GPE},   {5072, TCPFLOW_TUNNEL_AYIYA},
  {5247, TCPFLOW_TUNNEL_CAPWAP},      {6081, TCPFLOW_TUNNEL_GENEVE},
  {6635, TCPFLOW_TUNNEL_MPLS_IN_UDP}, {8472, TCPFLOW_TUNNEL_VXLAN},
  {37008, TCPFLOW_TUNNEL_TZSP},
};

static uint16_t registered_tunnel(uint16_t port) {
  for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++) {
    if (ports[i].port == port) {
      return ports[i].tunnel;
    }
  }
  return TCPFLOW_TUNNEL_NONE;
}

static uint16_t configured_tunnel(const tcpflow_decode_config *config,
                                  uint16_t port) {
  for (size_t i = 0; port != 0 && i < TCPFLOW_TUNNEL_PORTS_MAX; i++) {
    if (config->port[i].port == port) {
      return config->port[i].tunnel;
    }
  }
  return TCPFLOW_TUNNEL_NONE;
}

/* The destination is the port that was registered; the source may be chosen
   for its entropy (RFC 7348 section 5), so it is asked last. */
static uint16_t find_tunnel(const tcpflow_decode_config *config,
                            const uint8_t *bytes) {
  const uint16_t source = tcpflow__fetch16(bytes);
  const uint16_t destination = tcpflow__fetch16(bytes + 2);
  uint16_t tunnel = configured_tunnel(config, destination);

  if (tunnel == TCPFLOW_TUNNEL_NONE) {
    tunnel = configured_tunnel(config, source);
  }
  if (tunnel == TCPFLOW_TUNNEL_NONE) {
    tunnel = registered_tunnel(destination);
  }
  return tunnel == TCPFLOW_TUNNEL_NONE ? registered_tunnel(source) : tunnel;
}

/* 0 is what segmentation offload leaves, and what RFC 2675 section 4 says of a
   jumbogram. */
static void limit_payload(tcpflow__walk *walk, uint32_t length) {
  if (length >= HEADER_SIZE) {
    tcpflow__tunnel_limit(walk, length - HEADER_SIZE);
  } else if (length != 0) {
    walk->packet->findings |= TCPFLOW_FINDING_BAD_HEADER;
  }
}

uint32_t tcpflow__step_udp(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__tunnel_header(walk, TCPFLOW_LAYER_UDP, HEADER_SIZE);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  const uint16_t tunnel = find_tunnel(walk->config, bytes);

  limit_payload(walk, tcpflow__fetch16(bytes + 4));
  if (tunnel == TCPFLOW_TUNNEL_NONE || tcpflow__walk_wire_left(walk) == 0) {
    return tcpflow__tunnel_other(walk);
  }
  return TCPFLOW__NEXT_UDP + tunnel;
}
