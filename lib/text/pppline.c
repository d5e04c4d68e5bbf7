/*
 * lib/text/pppline.c - PPP, PPPoE and Cisco HDLC as tcpdump writes them.
 *
 * Room: text.  Includes: decode, wire.
 */
#include "text/pppline.h"

#include "text/labels.h"
#include "text/shows.h"

enum {
  FRAMING = 0xff03, /* RFC 1662 section 3.1: address and control. */
  CHDLC_UNICAST = 0x0f,
  CHDLC_BROADCAST = 0x8f
};

static void put_protocol_name(tcpflow__line *line, unsigned protocol) {
  const char *const name =
    tcpflow__label(&tcpflow__ppp_protocols, protocol, NULL);

  if (name != NULL) {
    tcpflow__put(line, name);
    return;
  }
  tcpflow__put_hex_word(line, "unknown PPP protocol (0x", protocol, 4);
  tcpflow__put_char(line, ')');
}

/* RFC 1661 section 6.5: an odd first octet is all of the protocol. */
static uint32_t take_protocol(tcpflow__view *view, uint32_t length) {
  const uint8_t *const bytes = tcpflow__view_at(view, 0, 2);

  if (bytes == NULL) {
    return tcpflow__view_cut(view);
  }
  const unsigned protocol =
    bytes[0] % 2 != 0 ? bytes[0] : tcpflow__fetch16(bytes);

  if (view->link_header) {
    tcpflow__put(view->line,
                 tcpflow__label(&tcpflow__ppp_protocols, protocol, "unknown"));
    tcpflow__put_hex_word(view->line, " (0x", protocol, 4);
    tcpflow__put_word(view->line, "), length ", length);
    tcpflow__put(view->line, ": ");
  }
  tcpflow__view_skip(view, bytes[0] % 2 != 0 ? 1 : 2);
  return TCPFLOW__SHOW_PPP + protocol;
}

uint32_t tcpflow__show_ppp(tcpflow__view *view) {
  const uint8_t *const bytes = tcpflow__view_at(view, 0, 2);
  const uint32_t length = view->length;

  view->name = "ppp";
  if (bytes == NULL || length < 2) {
    return tcpflow__view_cut(view);
  }
  if (tcpflow__fetch16(bytes) == FRAMING) {
    tcpflow__view_skip(view, 2);
  }
  return take_protocol(view, length);
}

/* As a link of its own, it has room for the framing. */
uint32_t tcpflow__show_ppp_link(tcpflow__view *view) {
  view->name = "ppp";
  return tcpflow__view_there(view) < 4 ? tcpflow__view_cut(view)
                                       : tcpflow__show_ppp(view);
}

/* All four octets of framing and protocol are there. */
static uint32_t put_framed(tcpflow__view *view, const uint8_t *bytes) {
  put_protocol_name(view->line, tcpflow__fetch16(bytes + 2));
  tcpflow__put(view->line, ": ");
  tcpflow__view_skip(view, 4);
  return TCPFLOW__SHOW_PPP + tcpflow__fetch16(bytes + 2);
}

/* RFC 1662, or Cisco's framing on the same kind of line. */
uint32_t tcpflow__show_ppp_hdlc(tcpflow__view *view) {
  const uint8_t *const bytes = tcpflow__view_at(view, 0, 2);

  view->name = "ppp_hdlc";
  if (bytes == NULL) {
    return tcpflow__view_cut(view);
  }
  if (bytes[0] == CHDLC_UNICAST || bytes[0] == CHDLC_BROADCAST) {
    return tcpflow__show_chdlc(view);
  }
  const uint8_t *const others = tcpflow__view_at(view, 2, 2);

  if (others == NULL) {
    return tcpflow__view_cut(view);
  }
  if (view->link_header) {
    tcpflow__put_hex(view->line, bytes[0], 2);
    tcpflow__put_hex_word(view->line, " ", bytes[1], 2);
    tcpflow__put_word(view->line, " ", view->length);
    tcpflow__put_char(view->line, ' ');
  }
  if (bytes[0] == 0xff) {
    return put_framed(view, bytes);
  }
  tcpflow__put_hex_word(view->line, "unknown addr ", others[0], 2);
  tcpflow__put_hex_word(view->line, "; ctrl ", others[1], 2);
  return TCPFLOW__SHOW_STOP;
}

/* EtherType 0x880b. */
uint32_t tcpflow__show_ether_ppp(tcpflow__view *view) {
  if (view->length == 0) {
    return TCPFLOW__SHOW_STOP;
  }
  tcpflow__put(view->line, ": ");
  return tcpflow__show_ppp(view);
}

/* RFC 2516 section 4. */
uint32_t tcpflow__show_pppoe(tcpflow__view *view) {
  tcpflow__line *const line = view->line;
  const uint8_t *const head = tcpflow__view_at(view, 0, 6);

  view->name = "pppoe";
  if (view->length < 6) {
    tcpflow__put_word(line, " (length ", view->length);
    return tcpflow__view_stop(view, " < 6) (invalid)");
  }
  if (head == NULL) {
    return tcpflow__view_cut(view);
  }
  const uint32_t length = tcpflow__fetch16(head + 4);

  if (head[0] >> 4 != 1) {
    tcpflow__put_word(line, " [ver ", head[0] >> 4);
    tcpflow__put_char(line, ']');
  }
  if ((head[0] & 0xfU) != 1) {
    tcpflow__put_word(line, " [type ", head[0] & 0xfU);
    tcpflow__put_char(line, ']');
  }
  tcpflow__put(line, "PPPoE ");
  if (head[1] != 0) {
    return TCPFLOW__SHOW_STOP;
  }
  tcpflow__view_skip(view, 6);
  if (length > view->length) {
    tcpflow__put_word(line, " [len ", length);
    tcpflow__put_word(line, " > ", view->length);
    tcpflow__put(line, "!]");
  } else {
    view->length = length;
    tcpflow__view_limit(view, view->offset, length);
  }
  if (tcpflow__fetch16(head + 2) != 0) {
    tcpflow__put_hex_word(line, " [ses 0x", tcpflow__fetch16(head + 2), 1);
    tcpflow__put_char(line, ']');
  }
  tcpflow__put_char(line, ' ');
  return tcpflow__show_ppp(view);
}

uint32_t tcpflow__show_chdlc(tcpflow__view *view) {
  const uint8_t *const head = tcpflow__view_at(view, 0, 4);

  view->name = "chdlc";
  if (view->length < 4 || head == NULL) {
    return tcpflow__view_cut(view);
  }
  const unsigned type = tcpflow__fetch16(head + 2);

  if (view->link_header) {
    if (head[0] == CHDLC_UNICAST || head[0] == CHDLC_BROADCAST) {
      tcpflow__put(view->line, head[0] == CHDLC_UNICAST ? "unicast" : "bcast");
    } else {
      tcpflow__put_hex_word(view->line, "0x", head[0], 2);
    }
    tcpflow__put(view->line, ", ");
    tcpflow__put_ether_type(view->line, type);
    tcpflow__put_word(view->line, ", length ", view->length);
    tcpflow__put(view->line, ": ");
  }
  tcpflow__view_skip(view, 4);
  return TCPFLOW__SHOW_ETHER + type;
}
