/*
 * lib/decode/aggregate.c - the next packet of a frame that holds several.
 *
 * Room: decode.  Includes: base/sized.h.  The frame is decoded from its start
 * again, and the walk is told where to go on; so whatever stands
 * in front of the packets (tunnels, radio headers) is decoded for each of them,
 * and nothing has to be kept between two calls.  The place only ever grows, so
 * a loop over a frame's packets ends.
 */
#include "base/sized.h"
#include "decode/decode.h"

static int read_config(tcpflow_decode_config *ours,
                       const tcpflow_decode_config *config) {
  if (config == NULL) {
    *ours = tcpflow__decode_defaults;
    return TCPFLOW_OK;
  }
  const int error = tcpflow__sized_read(ours, sizeof(*ours), config);

  if (error != TCPFLOW_OK) {
    return error;
  }
  return tcpflow__decode_config_valid(ours) ? TCPFLOW_OK : TCPFLOW_ERR_INVALID;
}

/* 0 if there is none, or if the caller's struct is of a release that could not
   tell. */
static uint32_t next_offset(const tcpflow_packet *packet) {
  if (packet->size < offsetof(tcpflow_packet, layer) ||
      (packet->findings & TCPFLOW_FINDING_AGGREGATE) == 0) {
    return 0;
  }
  return packet->next_offset;
}

int tcpflow_packet_next(tcpflow_packet *packet, const tcpflow_frame *frame,
                        const tcpflow_decode_config *config) {
  tcpflow_decode_config ours;
  tcpflow_packet next;
  int error = tcpflow__sized_check(packet);

  if (error == TCPFLOW_OK) {
    error = read_config(&ours, config);
  }
  if (error != TCPFLOW_OK) {
    return error;
  }
  const uint32_t offset = next_offset(packet);
  if (offset == 0) {
    return 0;
  }
  tcpflow_packet_init(&next);
  tcpflow__packet_decode_further(&next, frame, &ours, offset);
  tcpflow__sized_write(packet, &next, sizeof(next));
  return 1;
}
