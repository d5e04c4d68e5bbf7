/*
 * lib/text/forge.c - a frame that says what a line said.
 *
 * Room: text.  Includes: decode.  A line hides the length of headers that hold
 * options of which it does not tell all; the length of the datagram, where -v
 * tells it, makes up for that.
 */
#include "text/forge.h"

enum {
  HEADER_SIZE = 20, /* Of TCP and of IPv4. */
  IPV6_SIZE = 40
};

static tcpflow_build_tcp make_tcp(const tcpflow__words *words) {
  tcpflow_build_tcp tcp;

  tcpflow_build_tcp_init(&tcp);
  tcp.seq = words->seq;
  tcp.ack = words->ack;
  tcp.flags = (uint16_t)words->flags;
  tcp.window = words->window;
  tcp.urgent = words->urgent;
  tcp.payload_length = words->payload;
  if (words->has_checksum) {
    tcp.checksum_mode = TCPFLOW_BUILD_GIVEN;
    tcp.checksum = words->checksum;
  }
  if (words->segment != 0) {
    tcp.offset_mode = TCPFLOW_BUILD_GIVEN;
    tcp.data_offset = (uint8_t)(words->header / 4);
    tcp.payload_length = words->segment - HEADER_SIZE;
  } else {
    tcp.options = words->list.octets;
    tcp.options_length = words->header > HEADER_SIZE
                           ? words->header - HEADER_SIZE
                           : tcpflow__option_list_size(&words->list);
  }
  return tcp;
}

/* Octets of the datagram behind the headers that the words tell. */
static uint32_t octets_hidden(const tcpflow__ip_words *ip,
                              const tcpflow_build_tcp *tcp) {
  const uint64_t told = (ip->version == 6 ? IPV6_SIZE : HEADER_SIZE) +
                        UINT64_C(20) + tcp->options_length +
                        tcp->payload_length;

  return ip->length > told ? (uint32_t)(ip->length - told) : 0;
}

/* An IPv4 header is as long as its datagram leaves it. */
static tcpflow_build_ip make_ip(const tcpflow__ip_words *words,
                                const tcpflow_build_tcp *tcp) {
  const uint32_t hidden = octets_hidden(words, tcp);
  tcpflow_build_ip ip = words->ip;

  if (!words->has_options) {
    return ip;
  }
  ip.options = words->options;
  ip.options_length =
    hidden <= TCPFLOW__IP_OPTIONS_MAX && hidden >= words->option_count
      ? hidden
      : words->option_count;
  return ip;
}

/*
 * A list of options whose text hides octets goes on up to the payload.  One
 * that is cut may be as long as can be; it is not if the datagram is shorter.
 */
static void fit_options(const tcpflow__ip_words *ip,
                        const tcpflow__words *words, tcpflow_build_tcp *tcp) {
  const uint32_t before = tcp->options_length;

  if (ip->length == 0 || ip->has_options || tcp->options == NULL) {
    return;
  }
  if (words->list.end == TCPFLOW__LIST_CUT) {
    tcp->options_length = (words->list.length + 3) / 4 * 4;
  }
  const uint32_t hidden = octets_hidden(ip, tcp);

  if (hidden % 4 == 0 && hidden <= TCPFLOW_OPTIONS_MAX - tcp->options_length) {
    tcp->options_length += hidden;
  } else {
    tcp->options_length = before;
  }
}

/* What a capture that ends in the TCP header does not hold. */
static uint32_t octets_cut(const tcpflow__words *words,
                           const tcpflow_build_tcp *tcp) {
  if (words->there != 0) {
    return words->header - words->there;
  }
  return words->list.end == TCPFLOW__LIST_CUT
           ? tcp->options_length - words->list.length
           : 0;
}

/* A first fragment may end in the header. */
static int holds_tcp(const tcpflow_frame *frame) {
  tcpflow_packet packet;

  tcpflow_packet_init(&packet);
  return tcpflow_packet_decode(&packet, frame, NULL) == TCPFLOW_OK &&
         packet.kind == TCPFLOW_PACKET_TCP;
}

const char *tcpflow__forge(uint8_t room[TCPFLOW__FORGE_MAX],
                           const tcpflow_tuple *tuple,
                           const tcpflow__ip_words *ip,
                           const tcpflow__words *words, tcpflow_frame *frame) {
  tcpflow_build_tcp tcp = make_tcp(words);
  tcpflow_builder builder;
  tcpflow_frame built;

  if (tcp.options_length + HEADER_SIZE < words->list.length + HEADER_SIZE) {
    return "more options than the header holds";
  }
  fit_options(ip, words, &tcp);
  const tcpflow_build_ip fields = make_ip(ip, &tcp);

  tcpflow_builder_init(&builder, room, TCPFLOW__FORGE_MAX);
  tcpflow_builder_tcp(&builder, tuple, &tcp);
  tcpflow_builder_ip(&builder, tuple, &fields);
  tcpflow_builder_link(&builder, TCPFLOW_LINK_RAW, NULL);
  if (tcpflow_builder_finish(&builder, &built) != TCPFLOW_OK) {
    return "a packet that cannot be built";
  }
  built.captured -= octets_cut(words, &tcp);
  const uint32_t absent = built.length - built.captured;

  built.length -= ip->missing < absent ? ip->missing : absent;
  built.vlan = ip->vlan;
  if (!holds_tcp(&built)) {
    return "a TCP header that is split between fragments";
  }
  *frame = built;
  return NULL;
}
