/*
 * lib/decode/ipv6.c - the IPv6 header and its extension headers (RFC 8200).
 *
 * Room: decode.  Includes: wire.  The authentication header is here too, for
 * both versions of IP: it has the form of an extension header.
 */
#include "decode/ip_options.h"
#include "decode/steps.h"
#include "wire/bytes.h"

#include <string.h>

enum {
  HEADER_SIZE = 40,
  EXTENSION_SIZE = 8, /* The least, and the unit. */
  AH_SIZE = 12,       /* Without the integrity check value. */
  OPTION_JUMBO = 0xc2,
  JUMBO_SIZE = 6,
  JUMBO_LEAST = 65536,
  FRAGMENT_OFFSET = 0xfff8,
  MORE_FRAGMENTS = 1
};

static inline void note_header(tcpflow_packet *packet, const uint8_t *bytes,
                               uint32_t offset) {
  packet->ip_offset = offset;
  packet->ip_header_length = HEADER_SIZE;
  packet->ip_tos = (uint8_t)(tcpflow__fetch16(bytes) >> 4 & 0xffU);
  packet->ip_flow_label = tcpflow__fetch32(bytes) & UINT32_C(0xfffff);
  packet->ip_protocol = bytes[6];
  packet->ip_ttl = bytes[7];
  packet->tuple.version = 6;
  memcpy(packet->tuple.address, bytes + 8, sizeof(packet->tuple.address));
}

uint32_t tcpflow__step_ipv6(tcpflow__walk *walk) {
  const uint32_t offset = walk->cursor.off;
  const uint8_t *const bytes =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_IPV6, HEADER_SIZE);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  if (bytes[0] >> 4 != 6) {
    return tcpflow__walk_stop(walk, TCPFLOW_PACKET_MALFORMED,
                              TCPFLOW_FINDING_IP_BAD_VERSION);
  }
  const uint32_t payload = tcpflow__fetch16(bytes + 4);

  if (walk->packet->tuple.version != 0) {
    tcpflow__walk_forget_datagram(walk);
  }
  note_header(walk->packet, bytes, offset);
  tcpflow__walk_limit(walk, offset, payload == 0 ? 0 : payload + HEADER_SIZE);
  return TCPFLOW__NEXT_IPV6 + bytes[6];
}

/* Takes the first SIZE octets of an extension header; NULL: stop. */
static const uint8_t *enter_extension(tcpflow__walk *walk,
                                      tcpflow_layer_type type, uint32_t size) {
  if (walk->extensions == walk->config->max_extensions) {
    (void)tcpflow__walk_stop(walk, TCPFLOW_PACKET_UNSUPPORTED,
                             TCPFLOW_FINDING_TOO_MANY_EXTENSIONS);
    return NULL;
  }
  walk->extensions++;
  return tcpflow__walk_enter(walk, type, size);
}

/*
 * Takes the rest of an extension header of SIZE octets, of which TAKEN are
 * taken, and notes what it carries.  Answers 0 if the walk must stop.
 */
static int take_rest(tcpflow__walk *walk, const uint8_t *bytes, uint32_t taken,
                     uint32_t size) {
  tcpflow_packet *const packet = walk->packet;

  if (size > taken && tcpflow__walk_take(walk, size - taken) == NULL) {
    packet->findings |= packet->kind == TCPFLOW_PACKET_MALFORMED
                          ? TCPFLOW_FINDING_IP_BAD_OPTIONS
                          : 0;
    return 0;
  }
  packet->findings |= TCPFLOW_FINDING_IP_OPTIONS;
  packet->ip_protocol = bytes[0];
  packet->ip_header_length = (uint16_t)(packet->ip_header_length + size);
  return 1;
}

static uint32_t size_in_eights(const uint8_t *bytes) {
  return (bytes[1] + 1U) * EXTENSION_SIZE;
}

/* A whole header whose length counts units of 8 octets; NULL: stop. */
static const uint8_t *take_extension(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    enter_extension(walk, TCPFLOW_LAYER_IPV6_EXTENSION, EXTENSION_SIZE);

  if (bytes == NULL ||
      !take_rest(walk, bytes, EXTENSION_SIZE, size_in_eights(bytes))) {
    return NULL;
  }
  return bytes;
}

uint32_t tcpflow__step_extension(tcpflow__walk *walk) {
  const uint8_t *const bytes = take_extension(walk);

  return bytes == NULL ? TCPFLOW__NEXT_STOP : TCPFLOW__NEXT_IPV6 + bytes[0];
}

/* A whole header that holds options; NULL: stop. */
static const uint8_t *take_options(tcpflow__walk *walk) {
  const uint8_t *const bytes = take_extension(walk);

  if (bytes != NULL &&
      !tcpflow__ip_options_good(tcpflow__ipv6_option_size, bytes + 2,
                                size_in_eights(bytes) - 2)) {
    walk->packet->findings |= TCPFLOW_FINDING_IP_BAD_OPTIONS;
  }
  return bytes;
}

uint32_t tcpflow__step_destination(tcpflow__walk *walk) {
  const uint8_t *const bytes = take_options(walk);

  return bytes == NULL ? TCPFLOW__NEXT_STOP : TCPFLOW__NEXT_IPV6 + bytes[0];
}

/*
 * RFC 2675 sections 2 and 3: the option is valid where the payload length is 0
 * and its own length needs more than 16 bits; anything else is an error, and
 * the datagram keeps the length that it had without the option.
 */
static void note_jumbo(tcpflow__walk *walk, const uint8_t *option) {
  tcpflow_packet *const packet = walk->packet;
  const uint32_t length =
    option[1] == JUMBO_SIZE - 2 ? tcpflow__fetch32(option + 2) : 0;

  if (length < JUMBO_LEAST ||
      (packet->findings & TCPFLOW_FINDING_IP_LENGTH_ZERO) == 0) {
    packet->findings |= TCPFLOW_FINDING_IP_BAD_OPTIONS;
    return;
  }
  packet->findings &= ~(uint32_t)TCPFLOW_FINDING_IP_LENGTH_ZERO;
  packet->findings |= TCPFLOW_FINDING_JUMBO;
  tcpflow__walk_limit(walk, packet->ip_offset,
                      length > UINT32_MAX - HEADER_SIZE ? UINT32_MAX
                                                        : length + HEADER_SIZE);
}

uint32_t tcpflow__step_hop_by_hop(tcpflow__walk *walk) {
  const uint8_t *const bytes = take_options(walk);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  const uint8_t *const jumbo =
    tcpflow__ip_option_find(tcpflow__ipv6_option_size, bytes + 2,
                            size_in_eights(bytes) - 2, OPTION_JUMBO);
  if (jumbo != NULL) {
    note_jumbo(walk, jumbo);
  }
  return TCPFLOW__NEXT_IPV6 + bytes[0];
}

/*
 * RFC 8200 section 4.5.  Neither offset nor M: an atomic fragment, which is a
 * whole datagram (RFC 6946).  Inside a first fragment there is another one's
 * fragment: what it says counts once the outer one is whole.
 */
uint32_t tcpflow__step_fragment(tcpflow__walk *walk) {
  tcpflow_packet *const packet = walk->packet;
  const uint8_t *const bytes =
    enter_extension(walk, TCPFLOW_LAYER_IPV6_EXTENSION, EXTENSION_SIZE);

  if (bytes == NULL ||
      !take_rest(walk, bytes, EXTENSION_SIZE, EXTENSION_SIZE)) {
    return TCPFLOW__NEXT_STOP;
  }
  if (walk->first_fragment != 0) {
    return tcpflow__walk_stop(walk, TCPFLOW_PACKET_FRAGMENT, 0);
  }
  packet->ip_fragment = tcpflow__fetch16(bytes + 2);
  packet->ip_id = tcpflow__fetch32(bytes + 4);
  if ((packet->ip_fragment & FRAGMENT_OFFSET) != 0) {
    return tcpflow__walk_stop_fragment(walk, TCPFLOW__NEXT_IPV6 + bytes[0]);
  }
  walk->first_fragment = packet->ip_fragment & MORE_FRAGMENTS;
  return TCPFLOW__NEXT_IPV6 + bytes[0];
}

/* RFC 4302 section 2.2: the length counts units of 4 octets, less 2. */
uint32_t tcpflow__step_ah(tcpflow__walk *walk) {
  const uint8_t *const bytes = enter_extension(walk, TCPFLOW_LAYER_AH, AH_SIZE);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  const uint32_t size = (bytes[1] + 2U) * 4;
  const uint32_t base =
    walk->packet->tuple.version == 4 ? TCPFLOW__NEXT_IPV4 : TCPFLOW__NEXT_IPV6;

  if (size < AH_SIZE) {
    return tcpflow__walk_stop(walk, TCPFLOW_PACKET_MALFORMED,
                              TCPFLOW_FINDING_IP_BAD_OPTIONS);
  }
  return take_rest(walk, bytes, AH_SIZE, size) ? base + bytes[0]
                                               : TCPFLOW__NEXT_STOP;
}
