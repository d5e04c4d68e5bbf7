/*
 * lib/track/readopts.c - the options of a packet, for its segment: those that
 * are no timestamps by themselves.
 *
 * Room: track.  Includes: options.
 */
#include "track/readopts.h"

#include "options/options.h"
#include "options/sacked.h"

const tcpflow_options *tcpflow__readopts_parse(tcpflow_tracker *tracker,
                                               const tcpflow_packet *packet) {
  const uint8_t *const bytes = packet->bytes + packet->tcp_offset + 20;
  const size_t length = packet->options_length;

  if ((packet->flags & TCPFLOW_FLAG_SYN) == 0 &&
      length > TCPFLOW__SACKED_LENGTH && packet->options_captured == length &&
      tcpflow__options_are_sacked(bytes, length) &&
      tcpflow__sacked_take(&tracker->scratch.sacked, bytes, length)) {
    return &tracker->scratch.sacked;
  }
  tcpflow__options_parse(&tracker->scratch.options, bytes, length,
                         packet->options_captured, packet->flags);
  return &tracker->scratch.options;
}
