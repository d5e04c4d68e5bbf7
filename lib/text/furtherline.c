/*
 * lib/text/furtherline.c - headers that tcpdump does not go into.
 *
 * Room: text.  Includes: decode.  Where tcpdump writes a length or octets and
 * stops, and decoding found more, a header is written as its name, its number
 * if it has one, and how many octets there are from it on; tcpdump's words go
 * on with what it carries.
 */
#include "text/labels.h"
#include "text/shows.h"

/* Names for what tcpdump has none, or stops at. */
static const tcpflow__label_row rows[] = {
  {TCPFLOW_LAYER_LLC, "LLC"},
  {TCPFLOW_LAYER_PPP, "PPP"},
  {TCPFLOW_LAYER_PBB, "PBB"},
  {TCPFLOW_LAYER_VNTAG, "VN-Tag"},
  {TCPFLOW_LAYER_ETAG, "E-Tag"},
  {TCPFLOW_LAYER_FABRICPATH, "FabricPath"},
  {TCPFLOW_LAYER_CISCO_METADATA, "CMD"},
  {TCPFLOW_LAYER_PSEUDOWIRE, "PW"},
  {TCPFLOW_LAYER_AMSDU, "A-MSDU"},
  {TCPFLOW_LAYER_ERF, "ERF"},
  {TCPFLOW_LAYER_CAPTURE, "capture"},
  {TCPFLOW_LAYER_ERSPAN, "ERSPAN"},
  {TCPFLOW_LAYER_GTPU, "GTP-U"},
  {TCPFLOW_LAYER_TEREDO, "Teredo"},
  {TCPFLOW_LAYER_AYIYA, "AYIYA"},
  {TCPFLOW_LAYER_L2TP, "L2TPv3"},
  {TCPFLOW_LAYER_ETHERIP, "EtherIP"},
  {TCPFLOW_LAYER_ESP, "ESP"},
  {TCPFLOW_LAYER_CAPWAP, "CAPWAP"},
  {TCPFLOW_LAYER_TZSP, "TZSP"},
  {TCPFLOW_LAYER_VXLAN, "VXLAN"},
  {TCPFLOW_LAYER_GENEVE, "Geneve"},
  {TCPFLOW_LAYER_IPV6_EXTENSION, "extension"},
};
static const tcpflow__labels names = {rows, sizeof(rows) / sizeof(rows[0])};

/* Headers whose own steps can go on; 0: none. */
static uint32_t next_of_layer(unsigned type) {
  switch (type) {
  case TCPFLOW_LAYER_ETHERNET:
    return TCPFLOW__SHOW_LINK + TCPFLOW_LINK_ETHERNET;
  case TCPFLOW_LAYER_IPV4:
    return TCPFLOW__SHOW_ETHER + 0x0800;
  case TCPFLOW_LAYER_IPV6:
    return TCPFLOW__SHOW_ETHER + 0x86dd;
  case TCPFLOW_LAYER_TCP:
    return TCPFLOW__SHOW_IP + 6;
  case TCPFLOW_LAYER_UDP:
    return TCPFLOW__SHOW_IP + 17;
  case TCPFLOW_LAYER_GRE:
    return TCPFLOW__SHOW_IP + 47;
  case TCPFLOW_LAYER_AH:
    return TCPFLOW__SHOW_IP + 51;
  case TCPFLOW_LAYER_MPLS:
    return TCPFLOW__SHOW_ETHER + 0x8847;
  case TCPFLOW_LAYER_PPPOE:
    return TCPFLOW__SHOW_ETHER + 0x8864;
  case TCPFLOW_LAYER_NSH:
    return TCPFLOW__SHOW_ETHER + 0x894f;
  case TCPFLOW_LAYER_IEEE802_11:
    return TCPFLOW__SHOW_LINK + TCPFLOW_LINK_IEEE802_11;
  default:
    return 0;
  }
}

/* The first layer that has not been written; layer_count: there is none. */
static unsigned layer_at(const tcpflow__view *view) {
  unsigned i = 0;

  while (i < view->packet->layer_count &&
         view->packet->layer[i].offset < view->offset) {
    i++;
  }
  return i;
}

/* Goes to a layer, whose offset is inside the captured octets. */
static void go_to(tcpflow__view *view, unsigned index) {
  const uint32_t offset = view->packet->layer[index].offset;

  if (offset > view->end) {
    view->end = view->packet->captured;
    view->length = view->end - view->offset;
  }
  tcpflow__view_skip(view, offset - view->offset);
}

/* Link headers are -e's. */
static int is_link(unsigned type) {
  return type < TCPFLOW_LAYER_UDP && type != TCPFLOW_LAYER_IPV6_EXTENSION;
}

/* A layer that is known by its name only. */
static void put_layer(const tcpflow__view *view, unsigned index) {
  uint64_t id = 0;
  const char *const name =
    tcpflow__label(&names, view->packet->layer[index].type, NULL);

  if (name == NULL ||
      (is_link(view->packet->layer[index].type) && !view->link_header)) {
    return;
  }
  tcpflow__put(view->line, name);
  if (tcpflow_packet_layer_id(view->packet, index, &id)) {
    tcpflow__put_hex_word(view->line, ", id 0x", id, 1);
  }
  tcpflow__put_word(view->line, ", length ", view->length);
  tcpflow__put(view->line, ": ");
}

/* tcpdump's last words on what it does not know. */
static uint32_t put_unknown(const tcpflow__view *view, uint32_t next) {
  if (next == TCPFLOW__SHOW_LAYER + TCPFLOW_LAYER_UDP) {
    tcpflow__put_word(view->line, "UDP, length ", view->length);
  }
  if (next == TCPFLOW__SHOW_LINK + view->packet->link) {
    tcpflow__put(view->line, " [|link]");
  }
  if (next >= TCPFLOW__SHOW_IP && next < TCPFLOW__SHOW_PPP) {
    tcpflow__put_word(view->line, " ip-proto-", next - TCPFLOW__SHOW_IP);
    tcpflow__put_word(view->line, " ", view->length);
  }
  return TCPFLOW__SHOW_STOP;
}

uint32_t tcpflow__show_further(tcpflow__view *view, uint32_t next) {
  unsigned index = layer_at(view);

  if (index == view->packet->layer_count) {
    return put_unknown(view, next);
  }
  go_to(view, index);
  for (; index < view->packet->layer_count; index++) {
    const unsigned type = view->packet->layer[index].type;

    go_to(view, index);
    if (next_of_layer(type) != 0) {
      return next_of_layer(type);
    }
    put_layer(view, index);
  }
  return TCPFLOW__SHOW_STOP;
}
