/*
 * lib/decode/decode.c - from one header to the next.
 *
 * Room: decode.  Includes: base/sized.h, wire.  IPv4, IPv6 and TCP are called
 * directly, because nearly every header is one of them and this is the hottest
 * way through the library; all other headers are found in a table.
 */
#include "decode/decode.h"

#include "base/sized.h"
#include "decode/steps.h"

#include <string.h>

TCPFLOW__NO_TAIL_PADDING(tcpflow_packet, layer);
TCPFLOW__NO_TAIL_PADDING(tcpflow_decode_config, max_extensions);

typedef struct header {
  uint32_t next; /* What announces it. */
  tcpflow__step *step;
} header;

#define ETHER(name) (TCPFLOW__NEXT_ETHER + TCPFLOW__ETHER_##name)
#define IPV4(name)  (TCPFLOW__NEXT_IPV4 + TCPFLOW__PROTOCOL_##name)
#define IPV6(name)  (TCPFLOW__NEXT_IPV6 + TCPFLOW__PROTOCOL_##name)

/* RFC 8200 section 4; RFC 4302; RFC 6275, 7401 and 5533 for the last three. */
static const header headers[] = {
  {ETHER(VLAN), tcpflow__step_vlan},
  {ETHER(QINQ), tcpflow__step_vlan},
  {ETHER(QINQ_OLD), tcpflow__step_vlan},
  {IPV4(AH), tcpflow__step_ah},
  {IPV6(AH), tcpflow__step_ah},
  {IPV6(HOP_BY_HOP), tcpflow__step_hop_by_hop},
  {IPV6(DESTINATION), tcpflow__step_destination},
  {IPV6(ROUTING), tcpflow__step_extension},
  {IPV6(FRAGMENT), tcpflow__step_fragment},
  {IPV6(MOBILITY), tcpflow__step_extension},
  {IPV6(HIP), tcpflow__step_extension},
  {IPV6(SHIM6), tcpflow__step_extension},
};

static tcpflow__step *find_step(uint32_t next) {
  for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
    if (headers[i].next == next) {
      return headers[i].step;
    }
  }
  return NULL;
}

static uint32_t take_other_step(tcpflow__walk *walk, uint32_t next) {
  tcpflow__step *const step = find_step(next);

  if (step != NULL) {
    return step(walk);
  }
  return tcpflow__walk_stop(walk,
                            next < TCPFLOW__NEXT_IPV4 ? TCPFLOW_PACKET_NOT_IP
                                                      : TCPFLOW_PACKET_NOT_TCP,
                            0);
}

uint32_t tcpflow__walk_stop_fragment(tcpflow__walk *walk, uint32_t next) {
  const int leads_to_tcp =
    next == IPV4(TCP) || next == IPV6(TCP) || find_step(next) != NULL;

  return tcpflow__walk_stop(
    walk, leads_to_tcp ? TCPFLOW_PACKET_FRAGMENT : TCPFLOW_PACKET_NOT_TCP, 0);
}

static inline uint32_t take_step(tcpflow__walk *walk, uint32_t next) {
  switch (next) {
  case ETHER(IPV4):
    return tcpflow__step_ipv4(walk);
  case ETHER(IPV6):
    return tcpflow__step_ipv6(walk);
  case IPV4(TCP):
  case IPV6(TCP):
    return tcpflow__step_tcp(walk);
  default:
    return take_other_step(walk, next);
  }
}

static uint32_t take_link_step(tcpflow__walk *walk, uint32_t link) {
  tcpflow__step *const step = tcpflow__link_step(link);

  return step == NULL ? tcpflow__walk_stop(walk, TCPFLOW_PACKET_UNSUPPORTED, 0)
                      : step(walk);
}

/* Clears the members of PACKET from FIRST up to, but without, BEHIND. */
#define CLEAR(packet, first, behind)                                           \
  memset((uint8_t *)(packet) + offsetof(tcpflow_packet, first), 0,             \
         offsetof(tcpflow_packet, behind) - offsetof(tcpflow_packet, first))

/*
 * Headers set what they have; the rest is 0, up to the layers.  Three blocks of
 * fixed and small sizes are a few wide stores; one block would be a loop.
 */
static inline void begin(tcpflow_packet *packet, const tcpflow_frame *frame) {
  CLEAR(packet, findings, tuple);
  packet->tuple = (tcpflow_tuple){.scope = frame->scope};
  CLEAR(packet, seq, layer);
  packet->time = frame->time;
  packet->bytes = frame->bytes;
  packet->number = frame->number;
  packet->handle = frame->handle;
  packet->captured = frame->captured;
  packet->length = frame->length;
  packet->link = frame->link;
  if (frame->captured != frame->length) {
    packet->findings = frame->captured < frame->length
                         ? TCPFLOW_FINDING_CUT
                         : TCPFLOW_FINDING_LONG_CAPTURE;
    packet->length =
      frame->captured < frame->length ? frame->length : frame->captured;
  }
}

void tcpflow__packet_decode(tcpflow_packet *packet, const tcpflow_frame *frame,
                            const tcpflow_decode_config *config) {
  begin(packet, frame);

  tcpflow__walk walk = {
    packet, config, {frame->bytes, 0, frame->captured}, packet->length, 0, 0};
  uint32_t next = frame->link == TCPFLOW_LINK_ETHERNET
                    ? tcpflow__step_ethernet(&walk)
                    : take_link_step(&walk, frame->link);

  /* Every step lists a layer, so there are TCPFLOW_LAYERS_MAX at most. */
  while (next != TCPFLOW__NEXT_STOP) {
    next = take_step(&walk, next);
  }
}

static int decode_with(tcpflow_packet *packet, const tcpflow_frame *frame,
                       const tcpflow_decode_config *config) {
  tcpflow_packet ours;

  if (packet->size == sizeof(ours)) {
    tcpflow__packet_decode(packet, frame, config);
    return TCPFLOW_OK;
  }
  if (tcpflow__sized_check(packet) != TCPFLOW_OK) {
    return TCPFLOW_ERR_VERSION;
  }
  tcpflow_packet_init(&ours);
  tcpflow__packet_decode(&ours, frame, config);
  tcpflow__sized_write(packet, &ours, sizeof(ours));
  return TCPFLOW_OK;
}

int tcpflow_packet_decode(tcpflow_packet *packet, const tcpflow_frame *frame,
                          const tcpflow_decode_config *config) {
  tcpflow_decode_config ours;

  if (config == NULL) {
    return decode_with(packet, frame, &tcpflow__decode_defaults);
  }
  const int error = tcpflow__sized_read(&ours, sizeof(ours), config);
  if (error != TCPFLOW_OK) {
    return error;
  }
  if (!tcpflow__decode_config_valid(&ours)) {
    return TCPFLOW_ERR_INVALID;
  }
  return decode_with(packet, frame, &ours);
}
