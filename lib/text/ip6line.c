/*
 * lib/text/ip6line.c - an IPv6 header as tcpdump writes it.
 *
 * Room: text.  Includes: decode, wire.
 */
#include "text/chainline.h"
#include "text/ipline.h"
#include "text/labels.h"
#include "text/shows.h"

enum {
  HEADER_SIZE = 40
};

static void put_fields(const tcpflow__view *view, const uint8_t *ip,
                       uint32_t payload) {
  tcpflow__line *const line = view->line;
  const uint32_t flow = tcpflow__fetch32(ip);

  tcpflow__put_char(line, '(');
  if ((flow & UINT32_C(0x0ff00000)) != 0) {
    tcpflow__put_hex_word(line, "class 0x", flow >> 20 & 0xff, 2);
    tcpflow__put(line, ", ");
  }
  if ((flow & UINT32_C(0x000fffff)) != 0) {
    tcpflow__put_hex_word(line, "flowlabel 0x", flow & 0xfffff, 5);
    tcpflow__put(line, ", ");
  }
  tcpflow__put_word(line, "hlim ", ip[7]);
  tcpflow__put(line, ", next-header ");
  tcpflow__put(line, tcpflow__label(&tcpflow__ip_protocols, ip[6], "unknown"));
  tcpflow__put_word(line, " (", ip[6]);
  tcpflow__put_word(line, ") payload length: ", payload);
  tcpflow__put(line, ") ");
}

void tcpflow__put_missing6(const tcpflow__view *view, uint32_t length) {
  if (view->length < length) {
    tcpflow__put_word(view->line, "truncated-ip6 - ", length - view->length);
    tcpflow__put(view->line, " bytes missing!");
  }
}

/* A payload length of 0 is that of a jumbogram or of segmentation offload: the
   frame's end is the datagram's, until an option says otherwise. */
static uint32_t put_datagram(tcpflow__view *view, const uint8_t *ip) {
  const uint32_t payload = tcpflow__fetch16(ip + 4);
  const uint32_t length = payload == 0 ? view->length : payload + HEADER_SIZE;

  tcpflow__put_missing6(view, length);
  if (view->verbose) {
    put_fields(view, ip, payload);
  }
  tcpflow__view_enter_ip(view, 6, ip[6]);
  view->whole = view->length;
  tcpflow__view_limit(view, view->offset, length);
  view->length = length;
  view->chain = 1;
  view->headers = 0;
  view->hop_by_hop = 0;
  view->jumbo = 0;
  view->no_length = payload == 0;
  tcpflow__view_skip(view, HEADER_SIZE);
  if (!tcpflow__has_ports(ip[6])) {
    tcpflow__put_ends(view);
    tcpflow__put(view->line, ": ");
  }
  return TCPFLOW__SHOW_IP + ip[6];
}

uint32_t tcpflow__show_ipv6(tcpflow__view *view) {
  const uint8_t *const ip = tcpflow__view_at(view, 0, HEADER_SIZE);

  view->name = "ip6";
  if (ip == NULL) {
    return tcpflow__view_cut(view);
  }
  if (view->length < HEADER_SIZE) {
    tcpflow__put_word(view->line, "truncated-ip6 ", view->length);
    return TCPFLOW__SHOW_STOP;
  }
  tcpflow__put(view->line, view->link_header ? "" : "IP6 ");
  if (ip[0] >> 4 != 6) {
    tcpflow__put_word(view->line, "version error: ", ip[0] >> 4);
    return tcpflow__view_stop(view, " != 6");
  }
  return put_datagram(view, ip);
}
