/*
 * lib/decode/decode.c - from one header to the next.
 *
 * Room: decode.  Includes: base, wire.  Frames in which nothing is odd are
 * decoded by plain.c; here is the way of all others.  IPv4, IPv6 and TCP are
 * called directly, because nearly every header is one of them; all other
 * headers are found in registry.c.
 */
#include "decode/decode.h"

#include "base/sized.h"
#include "decode/steps.h"

#include <string.h>

TCPFLOW__NO_TAIL_PADDING(tcpflow_packet, layer);
TCPFLOW__NO_TAIL_PADDING(tcpflow_decode_config, port);

#define ETHER(name) (TCPFLOW__NEXT_ETHER + TCPFLOW__ETHER_##name)
#define IPV4(name)  (TCPFLOW__NEXT_IPV4 + TCPFLOW__PROTOCOL_##name)
#define IPV6(name)  (TCPFLOW__NEXT_IPV6 + TCPFLOW__PROTOCOL_##name)

static uint32_t take_other_step(tcpflow__walk *walk, uint32_t next) {
  tcpflow__step *const step = tcpflow__step_of(next);

  if (step != NULL) {
    return step(walk);
  }
  return tcpflow__walk_stop(walk,
                            next < TCPFLOW__NEXT_IPV4 ? TCPFLOW_PACKET_NOT_IP
                                                      : TCPFLOW_PACKET_NOT_TCP,
                            0);
}

int tcpflow__protocol_leads_to_tcp(const tcpflow_decode_config *config,
                                   unsigned version, uint32_t protocol) {
  return tcpflow__leads_to_tcp(
    config,
    protocol + (version == 4 ? TCPFLOW__NEXT_IPV4 : TCPFLOW__NEXT_IPV6));
}

uint32_t tcpflow__walk_stop_fragment(tcpflow__walk *walk, uint32_t next) {
  return tcpflow__walk_stop(walk,
                            tcpflow__leads_to_tcp(walk->config, next)
                              ? TCPFLOW_PACKET_FRAGMENT
                              : TCPFLOW_PACKET_NOT_TCP,
                            0);
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
  packet->tuple = (tcpflow_tuple){
    .scope = frame->scope, .vlan = frame->vlan, .tunnel = frame->tunnel};
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

/* Answers the state of the walk at its end: one of the states of a quote. */
static inline uint32_t walk_frame(tcpflow_packet *packet,
                                  const tcpflow_frame *frame,
                                  const tcpflow_decode_config *config,
                                  uint32_t quoted, uint32_t resume) {
  begin(packet, frame);

  tcpflow__walk walk = {
    packet, config, {frame->bytes, 0, frame->captured}, packet->length, 0, 0,
    quoted, resume};
  uint32_t next = frame->link == TCPFLOW_LINK_ETHERNET
                    ? tcpflow__step_ethernet(&walk)
                    : take_link_step(&walk, frame->link);

  /* Every second step at least lists a layer or a tunnel, so their limits end
     this. */
  while (next != TCPFLOW__NEXT_STOP) {
    next = take_step(&walk, next);
  }
  return walk.quoted;
}

/*
 * An ICMP error that quotes no TCP header: the packet is that of the error, not
 * of what it quotes.  A quote that was entered and did not lead there is read
 * in vain, and then not entered.
 */
TCPFLOW__COLD static void close_quote(tcpflow_packet *packet,
                                      const tcpflow_frame *frame,
                                      const tcpflow_decode_config *config,
                                      uint32_t resume) {
  const int is_cut = packet->kind == TCPFLOW_PACKET_TRUNCATED;

  (void)walk_frame(packet, frame, config, TCPFLOW__QUOTE_CLOSED, resume);
  if (is_cut) {
    packet->kind = TCPFLOW_PACKET_TRUNCATED;
  }
}

static inline void decode_from(tcpflow_packet *packet,
                               const tcpflow_frame *frame,
                               const tcpflow_decode_config *config,
                               uint32_t resume) {
  if (walk_frame(packet, frame, config, TCPFLOW__QUOTE_NONE, resume) !=
        TCPFLOW__QUOTE_NONE &&
      packet->kind != TCPFLOW_PACKET_ICMP_ERROR) {
    close_quote(packet, frame, config, resume);
  }
}

int tcpflow__packet_decode_walking(tcpflow_packet *packet,
                                   const tcpflow_frame *frame,
                                   const tcpflow_decode_config *config) {
  decode_from(packet, frame, config, 0);
  return TCPFLOW_OK;
}

TCPFLOW__COLD void tcpflow__packet_decode_further(
  tcpflow_packet *packet, const tcpflow_frame *frame,
  const tcpflow_decode_config *config, uint32_t resume) {
  decode_from(packet, frame, config, resume);
}

/* For a packet of another release, or one that is none. */
TCPFLOW__COLD static int decode_sized(tcpflow_packet *packet,
                                      const tcpflow_frame *frame,
                                      const tcpflow_decode_config *config) {
  tcpflow_packet ours;

  if (tcpflow__sized_check(packet) != TCPFLOW_OK) {
    return TCPFLOW_ERR_VERSION;
  }
  tcpflow_packet_init(&ours);
  (void)tcpflow__packet_decode(&ours, frame, config);
  tcpflow__sized_write(packet, &ours, sizeof(ours));
  return TCPFLOW_OK;
}

static inline int decode_with(tcpflow_packet *packet,
                              const tcpflow_frame *frame,
                              const tcpflow_decode_config *config) {
  return packet->size == sizeof(*packet)
           ? tcpflow__packet_decode(packet, frame, config)
           : decode_sized(packet, frame, config);
}

static int decode_checked(tcpflow_packet *packet, const tcpflow_frame *frame,
                          const tcpflow_decode_config *config) {
  return tcpflow__decode_config_valid(config)
           ? decode_with(packet, frame, config)
           : TCPFLOW_ERR_INVALID;
}

/* A configuration of another release, or one that is none, is copied. */
TCPFLOW__APART static int
decode_configured(tcpflow_packet *packet, const tcpflow_frame *frame,
                  const tcpflow_decode_config *config) {
  tcpflow_decode_config ours;

  if (config->size == sizeof(ours)) {
    return decode_checked(packet, frame, config);
  }
  const int error = tcpflow__sized_read(&ours, sizeof(ours), config);

  return error == TCPFLOW_OK ? decode_checked(packet, frame, &ours) : error;
}

int tcpflow_packet_decode(tcpflow_packet *packet, const tcpflow_frame *frame,
                          const tcpflow_decode_config *config) {
  return config == NULL ? decode_with(packet, frame, &tcpflow__decode_defaults)
                        : decode_configured(packet, frame, config);
}
