/*
 * lib/segment/read.c - a decoded packet as a segment.
 *
 * Room: segment.  Includes: base, decode, options.
 */
#include "base/sized.h"
#include "options/options.h"
#include "segment/reading.h"
#include "segment/segment.h"

TCPFLOW__NO_TAIL_PADDING(tcpflow_segment, reserved1);

void tcpflow__segment_read(tcpflow_segment *segment, tcpflow_options *options,
                           const tcpflow_packet *packet) {
  if (options != NULL) {
    tcpflow__options_parse(options, packet->bytes + packet->tcp_offset + 20,
                           packet->options_length, packet->options_captured,
                           packet->flags);
  }
  tcpflow__segment_prepare(segment);
  tcpflow__segment_copy(segment, options, packet, packet->time);
}

int tcpflow_segment_from_packet(tcpflow_segment *segment,
                                tcpflow_options *options,
                                const tcpflow_packet *packet) {
  tcpflow_packet whole;
  tcpflow_segment read;
  tcpflow_options parsed;

  if (tcpflow__sized_check(segment) != TCPFLOW_OK ||
      tcpflow__sized_check(options) != TCPFLOW_OK ||
      tcpflow__sized_read(&whole, sizeof(whole), packet) != TCPFLOW_OK) {
    return TCPFLOW_ERR_VERSION;
  }
  if (packet->kind != TCPFLOW_PACKET_TCP) {
    return TCPFLOW_ERR_INVALID;
  }

  tcpflow__segment_read(&read, &parsed, &whole);
  read.options = options;
  read.packet = packet;
  tcpflow__sized_write(options, &parsed, sizeof(parsed));
  tcpflow__sized_write(segment, &read, sizeof(read));
  return TCPFLOW_OK;
}
