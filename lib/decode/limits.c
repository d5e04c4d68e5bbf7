/*
 * lib/decode/limits.c - how far decoding may go.
 *
 * Room: decode.  Includes: base/sized.h.
 */
#include "base/sized.h"
#include "decode/decode.h"

enum {
  MAX_TAGS = 16,
  MAX_EXTENSIONS = 16,
  MAX_TUNNELS = 16,
  MAX_ICV = 64
};

/* Whether a payload of ESP is readable cannot be told by looking at it. */
const tcpflow_decode_config tcpflow__decode_defaults = {
  .size = sizeof(tcpflow_decode_config),
  .max_tags = 8,
  .max_extensions = 8,
  .max_tunnels = 8,
  .tunnels = ~(UINT64_C(1) << TCPFLOW_TUNNEL_ESP_NULL),
  .esp_icv_length = 12};

void tcpflow_decode_config_defaults(tcpflow_decode_config *config,
                                    size_t size) {
  tcpflow_sized_init(config, size);
  tcpflow__sized_write(config, &tcpflow__decode_defaults,
                       sizeof(tcpflow__decode_defaults));
}

/* Those that travel in UDP. */
static const uint32_t in_udp =
  UINT32_C(1) << TCPFLOW_TUNNEL_VXLAN |
  UINT32_C(1) << TCPFLOW_TUNNEL_VXLAN_GPE |
  UINT32_C(1) << TCPFLOW_TUNNEL_GENEVE | UINT32_C(1) << TCPFLOW_TUNNEL_GTPU |
  UINT32_C(1) << TCPFLOW_TUNNEL_TEREDO | UINT32_C(1) << TCPFLOW_TUNNEL_AYIYA |
  UINT32_C(1) << TCPFLOW_TUNNEL_L2TP |
  UINT32_C(1) << TCPFLOW_TUNNEL_MPLS_IN_UDP |
  UINT32_C(1) << TCPFLOW_TUNNEL_CAPWAP | UINT32_C(1) << TCPFLOW_TUNNEL_TZSP |
  UINT32_C(1) << TCPFLOW_TUNNEL_GRE_IN_UDP;

/* Without ports of its own, a configuration is looked at in one go. */
static int are_ports_valid(const tcpflow_decode_config *config) {
  unsigned any = 0;

  for (size_t i = 0; i < TCPFLOW_TUNNEL_PORTS_MAX; i++) {
    any |= config->port[i].port;
  }
  for (size_t i = 0; any != 0 && i < TCPFLOW_TUNNEL_PORTS_MAX; i++) {
    const tcpflow_tunnel_port *const port = &config->port[i];

    if (port->port != 0 &&
        (port->tunnel > 31 || (in_udp >> port->tunnel & 1U) == 0)) {
      return 0;
    }
  }
  return 1;
}

int tcpflow__decode_config_valid(const tcpflow_decode_config *config) {
  return config->max_tags <= MAX_TAGS &&
         config->max_extensions <= MAX_EXTENSIONS &&
         config->max_tunnels <= MAX_TUNNELS &&
         config->esp_icv_length <= MAX_ICV && are_ports_valid(config);
}
