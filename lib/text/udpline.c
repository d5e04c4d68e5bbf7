/*
 * lib/text/udpline.c - UDP in front of a tunnel as tcpdump writes it.
 *
 * Room: text.  Includes: decode, wire.
 */
#include "text/ipline.h"
#include "text/overlayline.h"
#include "text/shows.h"
#include "wire/checksum.h"

enum {
  HEADER_SIZE = 8,
  PROTOCOL_UDP = 17
};

/* In the order in which tcpdump asks for them. */
static const struct {
  uint16_t port;
  tcpflow__show *show;
} ports[] = {
  {1701, tcpflow__show_l2tp},   {8472, tcpflow__show_otv},
  {4789, tcpflow__show_vxlan},  {4790, tcpflow__show_vxlan_gpe},
  {6081, tcpflow__show_geneve}, {6635, tcpflow__show_mpls},
};

tcpflow__show *tcpflow__show_of_port(uint16_t from, uint16_t to) {
  for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++) {
    if (ports[i].port == from || ports[i].port == to) {
      return ports[i].show;
    }
  }
  return NULL;
}

/* IPv6 alone, as tcpdump -v does; LENGTH octets from the UDP header on. */
static void put_checksum(const tcpflow__view *view, uint32_t length) {
  const uint8_t *const udp = tcpflow__view_at(view, 0, length);
  const uint8_t *const ip = view->packet->bytes + view->ip;
  uint8_t tail[8] = {0, 0, 0, 0, 0, 0, 0, PROTOCOL_UDP};

  if (!view->verbose || view->fragment || view->version != 6 || udp == NULL) {
    return;
  }
  tcpflow__store32(tail, length);
  const uint64_t pseudo =
    tcpflow__sum_add(tcpflow__sum_add(0, ip + 8, 32), tail, sizeof(tail));
  const uint16_t sum = tcpflow__sum_fold(tcpflow__sum_add(pseudo, udp, length));
  const uint16_t field = tcpflow__fetch16(udp + 6);

  if (sum == 0xffff) {
    tcpflow__put(view->line, "[udp sum ok] ");
    return;
  }
  tcpflow__put_hex_word(view->line, "[bad udp cksum 0x", field, 4);
  tcpflow__put_hex_word(view->line, " -> 0x",
                        tcpflow__checksum_wanted(field, sum), 4);
  tcpflow__put(view->line, "!] ");
}

/* The payload, of a length that may be lower than IP's. */
static uint32_t put_payload(tcpflow__view *view, const uint8_t *udp) {
  const uint16_t from = tcpflow__fetch16(udp);
  const uint16_t to = tcpflow__fetch16(udp + 2);
  const uint32_t length = tcpflow__fetch16(udp + 4);
  tcpflow__show *const show = tcpflow__show_of_port(from, to);

  put_checksum(view, view->length);
  tcpflow__view_skip(view, HEADER_SIZE);
  view->length =
    length - HEADER_SIZE < view->length ? length - HEADER_SIZE : view->length;
  return show != NULL ? show(view) : TCPFLOW__SHOW_LAYER + TCPFLOW_LAYER_UDP;
}

uint32_t tcpflow__show_udp(tcpflow__view *view) {
  const uint8_t *const ends = tcpflow__view_at(view, 0, 4);
  const uint8_t *const udp = tcpflow__view_at(view, 0, HEADER_SIZE);

  view->name = "udp";
  if (ends == NULL) {
    if (tcpflow__has_ports(view->protocol)) {
      tcpflow__put_ends(view);
      tcpflow__put(view->line, ": ");
    }
    return tcpflow__view_cut(view);
  }
  tcpflow__put_ports(view, ends);
  if (view->length < HEADER_SIZE) {
    tcpflow__put_word(view->line, "truncated-udp ", view->length);
    return TCPFLOW__SHOW_STOP;
  }
  const uint8_t *const length = tcpflow__view_at(view, 4, 2);

  if (length != NULL && tcpflow__fetch16(length) < HEADER_SIZE) {
    tcpflow__put_word(view->line, "truncated-udplength ",
                      tcpflow__fetch16(length));
    return TCPFLOW__SHOW_STOP;
  }
  return udp == NULL ? tcpflow__view_cut(view) : put_payload(view, udp);
}
