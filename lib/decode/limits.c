/*
 * lib/decode/limits.c - how far decoding may go.
 *
 * Room: decode.  Includes: base/sized.h.
 */
#include "base/sized.h"
#include "decode/decode.h"

enum {
  MAX_TAGS = 16,
  MAX_EXTENSIONS = 16
};

const tcpflow_decode_config tcpflow__decode_defaults = {
  sizeof(tcpflow_decode_config), 8, 8};

void tcpflow_decode_config_defaults(tcpflow_decode_config *config,
                                    size_t size) {
  tcpflow_sized_init(config, size);
  tcpflow__sized_write(config, &tcpflow__decode_defaults,
                       sizeof(tcpflow__decode_defaults));
}

int tcpflow__decode_config_valid(const tcpflow_decode_config *config) {
  return config->max_tags <= MAX_TAGS &&
         config->max_extensions <= MAX_EXTENSIONS;
}
