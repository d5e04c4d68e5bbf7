/*
 * lib/text/forge.c - a frame that says what a line said.
 *
 * Room: text.  Includes: decode.
 */
#include "text/forge.h"

enum {
  HEADER_SIZE = 20
};

/* The number behind a word of the IP header; answers 0 if it is not there. */
static int find_number(const tcpflow__scan *text, const char *word, int hex,
                       uint64_t *number) {
  const char *const found = tcpflow__scan_find(text, word);

  if (found == NULL) {
    return 0;
  }
  tcpflow__scan at = {found, text->end};

  (void)tcpflow__scan_string(&at, word);
  return hex ? tcpflow__scan_hex(&at, number)
             : tcpflow__scan_decimal(&at, UINT32_MAX, number);
}

void tcpflow__scan_ip_words(tcpflow__scan before, tcpflow__ip_words *ip) {
  uint64_t number;

  if (find_number(&before, "tos 0x", 1, &number) ||
      find_number(&before, "class 0x", 1, &number)) {
    ip->ip.tos = (uint8_t)(number & 0xffU);
  }
  if (find_number(&before, "ttl ", 0, &number) ||
      find_number(&before, "hlim ", 0, &number)) {
    ip->ip.ttl = (uint8_t)(number & 0xffU);
  }
  if (find_number(&before, " id ", 0, &number)) {
    ip->ip.id = (uint16_t)(number & 0xffffU);
  }
  if (find_number(&before, "flowlabel 0x", 1, &number)) {
    ip->ip.flow_label = (uint32_t)(number & 0xfffffU);
  }
  if (find_number(&before, "truncated-ip - ", 0, &number) ||
      find_number(&before, "truncated-ip6 - ", 0, &number)) {
    ip->missing = (uint32_t)number;
  }
}

static tcpflow_build_tcp make_tcp(const tcpflow__words *words) {
  tcpflow_build_tcp tcp;

  tcpflow_build_tcp_init(&tcp);
  tcp.seq = words->seq;
  tcp.ack = words->ack;
  tcp.flags = (uint16_t)words->flags;
  tcp.window = words->window;
  tcp.urgent = words->urgent;
  tcp.payload_length = words->payload;
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

const char *tcpflow__forge(uint8_t room[TCPFLOW__FORGE_MAX],
                           const tcpflow_tuple *tuple,
                           const tcpflow__ip_words *ip,
                           const tcpflow__words *words, tcpflow_frame *frame) {
  const tcpflow_build_tcp tcp = make_tcp(words);
  tcpflow_builder builder;

  if (tcp.options_length + HEADER_SIZE < words->list.length + HEADER_SIZE) {
    return "more options than the header holds";
  }
  tcpflow_builder_init(&builder, room, TCPFLOW__FORGE_MAX);
  tcpflow_builder_tcp(&builder, tuple, &tcp);
  tcpflow_builder_ip(&builder, tuple, &ip->ip);
  tcpflow_builder_link(&builder, TCPFLOW_LINK_RAW, NULL);
  if (tcpflow_builder_finish(&builder, frame) != TCPFLOW_OK) {
    return "a packet that cannot be built";
  }
  frame->captured -= octets_cut(words, &tcp);
  const uint32_t absent = frame->length - frame->captured;

  frame->length -= ip->missing < absent ? ip->missing : absent;
  return NULL;
}
