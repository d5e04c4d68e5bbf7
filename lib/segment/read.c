/*
 * lib/segment/read.c - a decoded packet as a segment.
 *
 * Room: segment.  Includes: base, decode, options.
 */
#include "base/sized.h"
#include "options/options.h"
#include "segment/segment.h"

TCPFLOW__NO_TAIL_PADDING(tcpflow_segment, reserved1);

void tcpflow__segment_read(tcpflow_segment *segment, tcpflow_options *options,
                           const tcpflow_packet *packet) {
  const bool has_data = packet->payload_captured != 0;

  if (options != NULL) {
    tcpflow__options_parse(options, packet->bytes + packet->tcp_offset + 20,
                           packet->options_length, packet->options_captured,
                           packet->flags);
  }
  segment->size = sizeof(*segment);
  segment->time = packet->time;
  segment->payload = has_data ? packet->bytes + packet->payload_offset : NULL;
  segment->options = options;
  segment->packet = packet;
  segment->number = packet->number;
  segment->handle = packet->handle;
  segment->seq = packet->seq;
  segment->ack = packet->ack;
  segment->payload_length = packet->payload_length;
  segment->payload_captured = packet->payload_captured;
  segment->flags = packet->flags;
  segment->window = packet->window;
  segment->urgent = packet->urgent;
  segment->checksum = TCPFLOW_CHECKSUM_NONE;
  segment->ip_ttl = packet->ip_ttl;
  segment->ip_tos = packet->ip_tos;
  segment->ip_version = packet->tuple.version;
  segment->reserved[0] = 0;
  segment->reserved[1] = 0;
  segment->ip_id = packet->ip_id;
  segment->fragment_anomalies = 0;
  segment->reserved1 = 0;
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
