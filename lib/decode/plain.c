/*
 * lib/decode/plain.c - the frames that most frames are, decoded in one go.
 *
 * Room: decode.  Includes: base, wire.  Ethernet with at most one VLAN tag,
 * IPv4 or IPv6 without options, and a TCP header that is all there.  A member
 * is written once, as soon as it is known, so that nothing is cleared to be set
 * again and little has to be kept at hand; all of it becomes one function, with
 * a way of its own for each of the four forms.  Whatever is the least bit odd
 * is left to the walk in decode.c, which knows all of it and starts afresh.
 * That both agree is tested with every octet of such frames changed to every
 * value, and by the fuzz target.
 */
#include "decode/plain.h"
#include "decode/decode.h"
#include "decode/steps.h"
#include "wire/bytes.h"

#include <string.h>

enum {
  TAGGED_SIZE = 18
};

/* What is known of a frame before its lengths are looked at. */
typedef struct plain_form {
  uint32_t ip_offset;
  uint32_t ip_size; /* Of the header. */
  uint16_t ether_type;
  uint8_t version;
  uint8_t tags;
} plain_form;

_Static_assert(TCPFLOW__PLAIN_IPV4_CARRIES == TCPFLOW__PROTOCOL_TCP, "TCP");

TCPFLOW__FLAT plain_form form_ipv4(uint32_t offset) {
  return (plain_form){offset, TCPFLOW__PLAIN_IPV4, TCPFLOW__ETHER_IPV4, 4,
                      offset != TCPFLOW__PLAIN_ETHERNET};
}

TCPFLOW__FLAT plain_form form_ipv6(uint32_t offset) {
  return (plain_form){offset, TCPFLOW__PLAIN_IPV6, TCPFLOW__ETHER_IPV6, 6,
                      offset != TCPFLOW__PLAIN_ETHERNET};
}

TCPFLOW__FLAT uint32_t tcp_offset(const plain_form *form) {
  return form->ip_offset + form->ip_size;
}

TCPFLOW__FLAT void note_layers(tcpflow_packet *packet, const plain_form *form) {
  tcpflow_layer *layer = packet->layer;

  *layer++ = (tcpflow_layer){TCPFLOW_LAYER_ETHERNET, 0, 0};
  if (form->tags != 0) {
    *layer++ = (tcpflow_layer){TCPFLOW_LAYER_VLAN, 0, TCPFLOW__PLAIN_ETHERNET};
  }
  *layer++ = (tcpflow_layer){form->version == 4 ? TCPFLOW_LAYER_IPV4
                                                : TCPFLOW_LAYER_IPV6,
                             0, form->ip_offset};
  *layer = (tcpflow_layer){TCPFLOW_LAYER_TCP, 0, tcp_offset(form)};
}

/* The members that follow from the form alone, and those that are 0; all but
   the first octets of addresses. */
TCPFLOW__FLAT void note_form(tcpflow_packet *packet, const plain_form *form) {
  packet->link = TCPFLOW_LINK_ETHERNET;
  packet->kind = TCPFLOW_PACKET_TCP;
  packet->layer_count = (uint8_t)(3 + form->tags);
  packet->tag_count = form->tags;
  packet->ip_protocol = TCPFLOW__PROTOCOL_TCP;
  packet->ether_type = form->ether_type;
  packet->ip_header_length = (uint16_t)form->ip_size;
  packet->ip_offset = form->ip_offset;
  packet->tcp_offset = tcp_offset(form);
  packet->tuple.version = form->version;
  packet->tuple.reserved[0] = 0;
  packet->tuple.reserved[1] = 0;
  packet->tuple.reserved[2] = 0;
  packet->reserved_bits = 0;
  packet->ip_flow_label = 0;
  packet->icmp_mtu = 0;
  packet->icmp_type = 0;
  packet->icmp_code = 0;
  packet->quoted = 0;
  packet->tunnel_count = 0;
  packet->next_offset = 0;
  note_layers(packet, form);
}

TCPFLOW__FLAT void note_network(tcpflow_packet *packet, uint64_t scope,
                                uint32_t vlan, uint32_t tunnel) {
  packet->tuple.scope = scope;
  packet->tuple.vlan = vlan;
  packet->tuple.tunnel = tunnel;
}

/* What IPv6 has not. */
TCPFLOW__FLAT void clear_ipv4(tcpflow_packet *packet) {
  packet->ip_fragment = 0;
  packet->ip_id = 0;
}

/* An address of IPv4 has nothing behind its first octets. */
TCPFLOW__FLAT void clear_addresses(tcpflow_packet *packet) {
  memset(packet->tuple.address, 0, sizeof(packet->tuple.address));
}

void tcpflow__plain_prepare_bare(tcpflow_packet *packet) {
  const plain_form form = form_ipv4(TCPFLOW__PLAIN_ETHERNET);

  note_network(packet, 0, 0, 0);
  note_form(packet, &form);
  clear_addresses(packet);
}

void tcpflow__plain_prepare_bare6(tcpflow_packet *packet) {
  const plain_form form = form_ipv6(TCPFLOW__PLAIN_ETHERNET);

  note_network(packet, 0, 0, 0);
  note_form(packet, &form);
  clear_ipv4(packet);
}

int tcpflow__plain_ends(tcpflow_packet *packet) {
  const uint32_t left = packet->length - packet->ip_offset;

  if (packet->length < packet->captured || packet->ip_length > left ||
      packet->payload_offset > packet->captured) {
    return 0;
  }
  const uint32_t there = packet->captured - packet->payload_offset;

  if (packet->captured < packet->length) {
    packet->findings |= TCPFLOW_FINDING_CUT;
  }
  if (packet->ip_length < left) {
    packet->findings |= TCPFLOW_FINDING_PADDING;
  }
  packet->payload_captured =
    there < packet->payload_length ? there : packet->payload_length;
  return 1;
}

/* Are the headers of a form captured, but for options? */
TCPFLOW__FLAT int is_there(const tcpflow_frame *frame, const plain_form *form) {
  return frame->captured >= tcp_offset(form) + TCPFLOW__PLAIN_TCP;
}

TCPFLOW__FLAT tcpflow__plain_found decode_ipv4(tcpflow_packet *packet,
                                               const tcpflow_frame *frame,
                                               uint32_t offset) {
  const plain_form form = form_ipv4(offset);

  if (!is_there(frame, &form) ||
      frame->bytes[offset] != TCPFLOW__PLAIN_IPV4_FIRST) {
    return TCPFLOW__PLAIN_ODD;
  }
  note_form(packet, &form);
  clear_addresses(packet);
  return tcpflow__plain_ipv4(packet, frame, frame->bytes, offset);
}

TCPFLOW__FLAT tcpflow__plain_found decode_ipv6(tcpflow_packet *packet,
                                               const tcpflow_frame *frame,
                                               uint32_t offset) {
  const plain_form form = form_ipv6(offset);

  if (!is_there(frame, &form)) {
    return TCPFLOW__PLAIN_ODD;
  }
  note_form(packet, &form);
  clear_ipv4(packet);
  return tcpflow__plain_ipv6(packet, frame, frame->bytes, offset);
}

/* What a number of the EtherType registry announces, at OFFSET. */
TCPFLOW__FLAT tcpflow__plain_found decode_ip(tcpflow_packet *packet,
                                             const tcpflow_frame *frame,
                                             uint32_t offset,
                                             uint32_t ether_type,
                                             uint32_t vlan) {
  note_network(packet, frame->scope, vlan, frame->tunnel);
  if (ether_type == TCPFLOW__ETHER_IPV4) {
    return decode_ipv4(packet, frame, offset);
  }
  return ether_type == TCPFLOW__ETHER_IPV6 ? decode_ipv6(packet, frame, offset)
                                           : TCPFLOW__PLAIN_ODD;
}

/* A tag, and nothing but IP behind it.  The walk adds it to one that the
   network card took off. */
static tcpflow__plain_found decode_tagged(tcpflow_packet *packet,
                                          const tcpflow_frame *frame,
                                          const tcpflow_decode_config *config) {
  const uint32_t tag = tcpflow__fetch32(frame->bytes + TCPFLOW__PLAIN_ETHERNET);
  const uint32_t mark = UINT32_C(0x1000) | (tag >> 16 & 0xfffU);

  if (frame->vlan != 0 || config->max_tags == 0) {
    return TCPFLOW__PLAIN_ODD;
  }
  return decode_ip(packet, frame, TAGGED_SIZE, tag & 0xffffU, mark << 16);
}

TCPFLOW__FLAT tcpflow__plain_found
decode_ethernet(tcpflow_packet *packet, const tcpflow_frame *frame,
                const tcpflow_decode_config *config) {
  if (frame->link != TCPFLOW_LINK_ETHERNET || frame->captured < TAGGED_SIZE) {
    return TCPFLOW__PLAIN_ODD;
  }
  const uint32_t ether_type = tcpflow__fetch16(frame->bytes + 12);

  tcpflow__plain_frame(packet, frame);
  return ether_type == TCPFLOW__ETHER_VLAN
           ? decode_tagged(packet, frame, config)
           : decode_ip(packet, frame, TCPFLOW__PLAIN_ETHERNET, ether_type,
                       frame->vlan);
}

int tcpflow__packet_decode(tcpflow_packet *packet, const tcpflow_frame *frame,
                           const tcpflow_decode_config *config) {
  const tcpflow__plain_found found = decode_ethernet(packet, frame, config);

  return found == TCPFLOW__PLAIN_WHOLE ||
             (found == TCPFLOW__PLAIN_ENDS && tcpflow__plain_ends(packet))
           ? TCPFLOW_OK
           : tcpflow__packet_decode_walking(packet, frame, config);
}
