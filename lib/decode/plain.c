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
#include "decode/decode.h"
#include "decode/steps.h"
#include "wire/bytes.h"

#include <string.h>

enum {
  ETHERNET_SIZE = 14,
  TAGGED_SIZE = 18,
  IPV4_SIZE = 20,
  IPV6_SIZE = 40,
  TCP_SIZE = 20,
  IPV4_FIRST_OCTET = 0x45 /* Version 4, no options. */
};

/* Octets 6 to 9 of IPv4, but for DF and the time to live. */
#define IPV4_FRAGMENT_PROTOCOL UINT32_C(0x3fff00ff)

/* Octets 12 to 15 of TCP. */
#define TCP_RESERVED           UINT32_C(0x0e000000)

/* What is known of a frame before its lengths are looked at. */
typedef struct plain_form {
  uint32_t ip_offset;
  uint32_t ip_size; /* Of the header. */
  uint16_t ether_type;
  uint8_t version;
  uint8_t tags;
} plain_form;

TCPFLOW__FLAT uint32_t tcp_offset(const plain_form *form) {
  return form->ip_offset + form->ip_size;
}

TCPFLOW__FLAT void note_frame(tcpflow_packet *packet,
                              const tcpflow_frame *frame) {
  packet->time = frame->time;
  packet->bytes = frame->bytes;
  packet->captured = frame->captured;
  packet->link = TCPFLOW_LINK_ETHERNET;
  packet->findings = 0;
  packet->number = frame->number;
  packet->handle = frame->handle;
  packet->tuple.scope = frame->scope;
  packet->tuple.tunnel = frame->tunnel;
}

TCPFLOW__FLAT void note_layers(tcpflow_packet *packet, const plain_form *form) {
  tcpflow_layer *layer = packet->layer;

  *layer++ = (tcpflow_layer){TCPFLOW_LAYER_ETHERNET, 0, 0};
  if (form->tags != 0) {
    *layer++ = (tcpflow_layer){TCPFLOW_LAYER_VLAN, 0, ETHERNET_SIZE};
  }
  *layer++ = (tcpflow_layer){form->version == 4 ? TCPFLOW_LAYER_IPV4
                                                : TCPFLOW_LAYER_IPV6,
                             0, form->ip_offset};
  *layer = (tcpflow_layer){TCPFLOW_LAYER_TCP, 0, tcp_offset(form)};
}

/* The members that follow from the form alone, and those that are 0. */
TCPFLOW__FLAT void note_form(tcpflow_packet *packet, const plain_form *form) {
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

/* A snaplen that cuts the payload, or padding behind the datagram. */
static int decode_ends(tcpflow_packet *packet, uint32_t left) {
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
  if (there < packet->payload_length) {
    packet->payload_captured = there;
  }
  return 1;
}

/*
 * All that follows from the lengths of the datagram and the TCP header.  The
 * datagram of most frames is what was captured.
 */
TCPFLOW__FLAT int decode_lengths(tcpflow_packet *packet,
                                 const tcpflow_frame *frame,
                                 const plain_form *form, uint32_t ip_length,
                                 uint32_t tcp_size) {
  if (tcp_size < TCP_SIZE || ip_length < form->ip_size + tcp_size) {
    return 0;
  }
  const uint32_t left = frame->length - form->ip_offset;

  packet->length = frame->length;
  packet->ip_length = ip_length;
  packet->tcp_length = ip_length - form->ip_size;
  packet->header_length = (uint8_t)tcp_size;
  packet->options_length = (uint8_t)(tcp_size - TCP_SIZE);
  packet->options_captured = (uint8_t)(tcp_size - TCP_SIZE);
  packet->payload_offset = tcp_offset(form) + tcp_size;
  packet->payload_length = ip_length - form->ip_size - tcp_size;
  packet->payload_captured = ip_length - form->ip_size - tcp_size;
  return (frame->captured == frame->length && ip_length == left) ||
         decode_ends(packet, left);
}

/* Ends that have one port may be one and the same: left to the walk. */
TCPFLOW__FLAT int decode_ports(tcpflow_packet *packet, const uint8_t *tcp) {
  const uint32_t ports = tcpflow__fetch32(tcp);

  packet->tuple.port[0] = (uint16_t)(ports >> 16);
  packet->tuple.port[1] = (uint16_t)(ports & 0xffffU);
  return ports >> 16 != (ports & 0xffffU);
}

TCPFLOW__FLAT int decode_tcp(tcpflow_packet *packet, const tcpflow_frame *frame,
                             const plain_form *form, const uint8_t *tcp,
                             uint32_t ip_length) {
  const uint32_t word = tcpflow__fetch32(tcp + 12);

  if ((word & TCP_RESERVED) != 0 || !decode_ports(packet, tcp)) {
    return 0;
  }
  packet->flags = (uint16_t)(word >> 16 & TCPFLOW_FLAGS_ALL);
  packet->window = (uint16_t)(word & 0xffffU);
  packet->seq = tcpflow__fetch32(tcp + 4);
  packet->ack = tcpflow__fetch32(tcp + 8);
  packet->checksum = tcpflow__fetch16(tcp + 16);
  packet->urgent = tcpflow__fetch16(tcp + 18);
  return decode_lengths(packet, frame, form, ip_length, word >> 28 << 2);
}

/* Four octets, and twelve that are 0. */
TCPFLOW__FLAT void note_ipv4_address(uint8_t *address, const uint8_t *bytes) {
  uint64_t words[2] = {0, 0};

  memcpy(words, bytes, 4);
  memcpy(address, words, sizeof(words));
}

TCPFLOW__FLAT int decode_ipv4(tcpflow_packet *packet,
                              const tcpflow_frame *frame, uint32_t offset) {
  const plain_form form = {offset, IPV4_SIZE, TCPFLOW__ETHER_IPV4, 4,
                           offset != ETHERNET_SIZE};
  const tcpflow__cursor cursor = {frame->bytes, offset, frame->captured};
  const uint8_t *const ip = tcpflow__cursor_peek(&cursor, IPV4_SIZE + TCP_SIZE);

  if (ip == NULL || ip[0] != IPV4_FIRST_OCTET) {
    return 0;
  }
  const uint32_t word = tcpflow__fetch32(ip + 6);
  if ((word & IPV4_FRAGMENT_PROTOCOL) != TCPFLOW__PROTOCOL_TCP) {
    return 0;
  }
  note_form(packet, &form);
  packet->ip_tos = ip[1];
  packet->ip_ttl = ip[8];
  packet->ip_fragment = (uint16_t)(word >> 16);
  packet->ip_id = tcpflow__fetch16(ip + 4);
  note_ipv4_address(packet->tuple.address[0], ip + 12);
  note_ipv4_address(packet->tuple.address[1], ip + 16);
  return decode_tcp(packet, frame, &form, ip + IPV4_SIZE,
                    tcpflow__fetch16(ip + 2));
}

TCPFLOW__FLAT int decode_ipv6(tcpflow_packet *packet,
                              const tcpflow_frame *frame, uint32_t offset) {
  const plain_form form = {offset, IPV6_SIZE, TCPFLOW__ETHER_IPV6, 6,
                           offset != ETHERNET_SIZE};
  const tcpflow__cursor cursor = {frame->bytes, offset, frame->captured};
  const uint8_t *const ip = tcpflow__cursor_peek(&cursor, IPV6_SIZE + TCP_SIZE);

  if (ip == NULL || ip[0] >> 4 != 6 || ip[6] != TCPFLOW__PROTOCOL_TCP) {
    return 0;
  }
  const uint32_t word = tcpflow__fetch32(ip);

  note_form(packet, &form);
  packet->ip_tos = (uint8_t)(word >> 20 & 0xffU);
  packet->ip_ttl = ip[7];
  packet->ip_fragment = 0;
  packet->ip_id = 0;
  packet->ip_flow_label = word & UINT32_C(0xfffff);
  memcpy(packet->tuple.address, ip + 8, sizeof(packet->tuple.address));
  return decode_tcp(packet, frame, &form, ip + IPV6_SIZE,
                    IPV6_SIZE + (uint32_t)tcpflow__fetch16(ip + 4));
}

/* What a number of the EtherType registry announces, at OFFSET. */
TCPFLOW__FLAT int decode_ip(tcpflow_packet *packet, const tcpflow_frame *frame,
                            uint32_t offset, uint32_t ether_type,
                            uint32_t vlan) {
  packet->tuple.vlan = vlan;
  if (ether_type == TCPFLOW__ETHER_IPV4) {
    return decode_ipv4(packet, frame, offset);
  }
  return ether_type == TCPFLOW__ETHER_IPV6 &&
         decode_ipv6(packet, frame, offset);
}

/* A tag, and nothing but IP behind it.  The walk adds it to one that the
   network card took off. */
static int decode_tagged(tcpflow_packet *packet, const tcpflow_frame *frame,
                         const tcpflow_decode_config *config) {
  const uint32_t tag = tcpflow__fetch32(frame->bytes + ETHERNET_SIZE);
  const uint32_t mark = UINT32_C(0x1000) | (tag >> 16 & 0xfffU);

  if (frame->vlan != 0 || config->max_tags == 0) {
    return 0;
  }
  return decode_ip(packet, frame, TAGGED_SIZE, tag & 0xffffU, mark << 16);
}

/* Answers 0 if anything is odd; PACKET means nothing then. */
TCPFLOW__FLAT int decode_ethernet(tcpflow_packet *packet,
                                  const tcpflow_frame *frame,
                                  const tcpflow_decode_config *config) {
  if (frame->link != TCPFLOW_LINK_ETHERNET || frame->captured < TAGGED_SIZE) {
    return 0;
  }
  const uint32_t ether_type = tcpflow__fetch16(frame->bytes + 12);

  note_frame(packet, frame);
  return ether_type == TCPFLOW__ETHER_VLAN
           ? decode_tagged(packet, frame, config)
           : decode_ip(packet, frame, ETHERNET_SIZE, ether_type, frame->vlan);
}

int tcpflow__packet_decode(tcpflow_packet *packet, const tcpflow_frame *frame,
                           const tcpflow_decode_config *config) {
  return decode_ethernet(packet, frame, config)
           ? TCPFLOW_OK
           : tcpflow__packet_decode_walking(packet, frame, config);
}
