/*
 * lib/text/lanline.c - FDDI, Token Ring, Fibre Channel, InfiniBand, ATM
 * and SLIP as tcpdump writes them.
 *
 * Room: text.  Includes: decode, wire.
 */
#include "text/lanline.h"

#include "text/labels.h"
#include "text/shows.h"

static void put_link(const tcpflow__view *view, const uint8_t *to,
                     const uint8_t *from) {
  tcpflow__put_macs(view->line, from, to);
  tcpflow__put_word(view->line, ", length ", view->length);
  tcpflow__put(view->line, ": ");
}

/* ANSI X3.139: an asynchronous LLC frame has a priority in the low bits. */
uint32_t tcpflow__show_fddi(tcpflow__view *view) {
  const uint8_t *const head = tcpflow__view_at(view, 0, 13);

  view->name = "fddi";
  if (head == NULL || view->length < 13) {
    return tcpflow__view_cut(view);
  }
  if ((head[0] & 0xf0U) != 0x50) {
    return TCPFLOW__SHOW_LAYER + TCPFLOW_LAYER_FDDI;
  }
  if (view->link_header) {
    tcpflow__put_word(view->line, "async", head[0] & 0xfU);
    tcpflow__put_char(view->line, ' ');
    put_link(view, head + 1, head + 7);
  }
  tcpflow__view_skip(view, 13);
  return tcpflow__show_llc(view);
}

/* IEEE 802.5: routing information, if the sender's address says so. */
enum {
  RING_SIZE = 14,
  ROUTED = 0x80,
  ROUTE_MAX = 30
};

static unsigned route_size(const uint8_t *head, const uint8_t *route) {
  return route == NULL || (head[8] & ROUTED) == 0 ? 0 : route[0] & 0x1fU;
}

/* What -v writes in front of the segments. */
static void put_route_kind(tcpflow__line *line, unsigned control) {
  static const char *const broadcasts[] = {
    "Non-Broadcast", "Non-Broadcast", "Non-Broadcast", "Non-Broadcast",
    "All-Routes",    "All-Routes",    "Single-route",  "Single-route"};

  tcpflow__put(line, broadcasts[control >> 13]);
  tcpflow__put(line, (control & 0x80U) != 0 ? " Backward" : " Forward");
}

static void put_route(const tcpflow__view *view, const uint8_t *route,
                      unsigned size) {
  static const char *const frames[] = {"516",  "1500",  "2052",  "4472",
                                       "8144", "11407", "17800", "??"};
  tcpflow__line *const line = view->line;
  const unsigned control = tcpflow__fetch16(route);

  if (view->verbose) {
    put_route_kind(line, control);
  } else {
    tcpflow__put_hex_word(line, "rt = ", control, 1);
  }
  for (unsigned at = 2; at + 2 <= size; at += 2) {
    const unsigned segment = tcpflow__fetch16(route + at);

    if (view->verbose) {
      tcpflow__put_word(line, " [", segment >> 4);
      tcpflow__put_word(line, ":", segment & 0xfU);
      tcpflow__put_char(line, ']');
    } else {
      tcpflow__put_hex_word(line, ":", segment, 1);
    }
  }
  tcpflow__put(line, " (");
  tcpflow__put(line, frames[control >> 4 & 7U]);
  tcpflow__put(line, ") ");
}

static int has_route(const tcpflow__view *view, const uint8_t *head,
                     unsigned size) {
  const uint32_t least = (head[8] & ROUTED) != 0 ? 2 : 0;

  return size <= ROUTE_MAX &&
         tcpflow__view_at(view, RING_SIZE, least) != NULL &&
         tcpflow__view_at(view, RING_SIZE, size) != NULL;
}

static void put_ring(const tcpflow__view *view, const uint8_t *head) {
  uint8_t from[6];

  for (unsigned i = 0; i < 6; i++) {
    from[i] = i == 0 ? head[8] & 0x7fU : head[8 + i];
  }
  tcpflow__put_hex(view->line, head[0], 1);
  tcpflow__put_hex_word(view->line, " ", head[1], 1);
  tcpflow__put_char(view->line, ' ');
  put_link(view, head + 2, from);
}

uint32_t tcpflow__show_token_ring(tcpflow__view *view) {
  const uint8_t *const head = tcpflow__view_at(view, 0, RING_SIZE);

  view->name = "token-ring";
  if (head == NULL || view->length < RING_SIZE) {
    return tcpflow__view_cut(view);
  }
  const uint8_t *const route = tcpflow__view_at(view, RING_SIZE, 2);
  const unsigned size = route_size(head, route);

  if (view->link_header) {
    put_ring(view, head);
  }
  if (!has_route(view, head, size)) {
    return tcpflow__view_cut(view);
  }
  if (size > 0) {
    put_route(view, route, size);
  }
  tcpflow__view_skip(view, RING_SIZE + size);
  return (head[1] & 0xc0U) == 0x40
           ? tcpflow__show_llc(view)
           : TCPFLOW__SHOW_LAYER + TCPFLOW_LAYER_TOKEN_RING;
}

/* RFC 2625 section 3.3. */
uint32_t tcpflow__show_fibre_channel(tcpflow__view *view) {
  const uint8_t *const head = tcpflow__view_at(view, 0, 16);

  view->name = "ipfc";
  if (head == NULL || view->length < 16) {
    return tcpflow__view_cut(view);
  }
  if (view->link_header) {
    put_link(view, head + 2, head + 10);
  }
  tcpflow__view_skip(view, 16);
  return tcpflow__show_llc(view);
}

/* RFC 4391: 40 octets, then an EtherType and two reserved octets. */
uint32_t tcpflow__show_ipoib(tcpflow__view *view) {
  const uint8_t *const head = tcpflow__view_at(view, 0, 44);

  view->name = "ipoib";
  if (head == NULL || view->length < 44) {
    return tcpflow__view_cut(view);
  }
  const unsigned type = tcpflow__fetch16(head + 40);

  if (view->link_header) {
    tcpflow__put(view->line, "IPOIB, ");
    tcpflow__put_ether_type(view->line, type);
    tcpflow__put_word(view->line, ", length ", view->length);
    tcpflow__put(view->line, ": ");
  }
  tcpflow__view_skip(view, 44);
  return TCPFLOW__SHOW_ETHER + type;
}

/* RFC 2684: LLC; other octets are taken for the header of RFC 1483's time. */
uint32_t tcpflow__show_atm(tcpflow__view *view) {
  const uint8_t *const head = tcpflow__view_at(view, 0, 3);

  view->name = "atm";
  if (head == NULL || view->length < 8) {
    return tcpflow__view_cut(view);
  }
  const int known = head[0] == head[1] && head[2] == 3 &&
                    (head[0] == 0xaa || head[0] == 0xfe || head[0] == 0x06);

  return known ? tcpflow__show_llc(view)
               : TCPFLOW__SHOW_LAYER + TCPFLOW_LAYER_CAPTURE;
}

/* Flags, VPI, VCI; the low nibble says whether a LAN is emulated. */
uint32_t tcpflow__show_sunatm(tcpflow__view *view) {
  const uint8_t *const head = tcpflow__view_at(view, 0, 4);

  const uint8_t *const flags = tcpflow__view_at(view, 0, 1);

  view->name = "sunatm";
  if (flags != NULL && view->link_header) {
    tcpflow__put(view->line, (flags[0] & 0x80U) != 0 ? "Tx: " : "Rx: ");
  }
  if (head == NULL) {
    return tcpflow__view_cut(view);
  }
  if (view->link_header) {
    tcpflow__put_word(view->line, "VPI:", head[1]);
    tcpflow__put_word(view->line, " VCI:", tcpflow__fetch16(head + 2));
    tcpflow__put_char(view->line, ' ');
  }
  tcpflow__view_skip(view, 4);
  if ((head[0] & 0xfU) == 2) {
    return tcpflow__show_llc(view);
  }
  const uint8_t *const emulator = tcpflow__view_at(view, 0, 2);

  if ((head[0] & 0xfU) != 1 || emulator == NULL) {
    return TCPFLOW__SHOW_LAYER + TCPFLOW_LAYER_ATM;
  }
  if (tcpflow__view_at(view, 2, 14) != NULL) {
    tcpflow__put_hex_word(view->line, "lecid:", tcpflow__fetch16(emulator), 1);
    tcpflow__put_char(view->line, ' ');
  }
  tcpflow__view_skip(view, 2);
  return TCPFLOW__SHOW_LINK + TCPFLOW_LINK_ETHERNET;
}

/* BSD's 16 octets: a direction, then what was on the line. */
static void put_slip(const tcpflow__view *view, const uint8_t *head) {
  tcpflow__line *const line = view->line;

  if (head[0] > 1) {
    tcpflow__put_word(line, "Invalid direction ", head[0]);
    tcpflow__put_char(line, ' ');
    return;
  }
  tcpflow__put(line, head[0] == 0 ? "I " : "O ");
  switch (head[1] & 0xf0U) {
  case 0x40:
    tcpflow__put_word(line, "ip ", view->length);
    break;
  case 0x70:
    tcpflow__put_word(line, "utcp ", head[10]);
    break;
  default:
    tcpflow__put_word(line, "slip-", head[1]);
    tcpflow__put_char(line, '!');
    break;
  }
  tcpflow__put(line, ": ");
}

uint32_t tcpflow__show_slip(tcpflow__view *view) {
  const uint8_t *const head = tcpflow__view_at(view, 0, 16);
  const uint8_t *const version = tcpflow__view_at(view, 16, 1);

  view->name = "slip";
  if (head == NULL || view->length < 16) {
    return tcpflow__view_cut(view);
  }
  if (view->link_header) {
    put_slip(view, head);
  }
  if (version == NULL) {
    return tcpflow__view_cut(view);
  }
  tcpflow__view_skip(view, 16);
  switch (version[0] >> 4) {
  case 4:
    return TCPFLOW__SHOW_ETHER + 0x0800;
  case 6:
    return TCPFLOW__SHOW_ETHER + 0x86dd;
  default:
    tcpflow__put_word(view->line, "ip v", version[0] >> 4);
    return TCPFLOW__SHOW_STOP;
  }
}
