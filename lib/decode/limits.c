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
  .tunnels = ~(UINT32_C(1) << TCPFLOW_TUNNEL_ESP_NULL),
  .esp_icv_length = 12};

void tcpflow_decode_config_defaults(tcpflow_decode_config *config,
                                    size_t size) {
  tcpflow_sized_init(config, size);
  tcpflow__sized_write(config, &tcpflow__decode_defaults,
                       sizeof(tcpflow__decode_defaults));
}

int tcpflow__decode_config_valid(const tcpflow_decode_config *config) {
  return config->max_tags <= MAX_TAGS &&
         config->max_extensions <= MAX_EXTENSIONS &&
         config->max_tunnels <= MAX_TUNNELS &&
         config->esp_icv_length <= MAX_ICV;
}
