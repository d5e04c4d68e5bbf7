/*
 * lib/text/chainline.c - what stands between IP and TCP, as tcpdump writes it.
 *
 * Room: text.  Includes: decode, wire.  IPv6 extension headers (RFC 8200
 * section 4) and the authentication header (RFC 4302).  tcpdump knows the first
 * ones only as long as no other header came before them.
 */
#include "text/chainline.h"

#include "text/address.h"
#include "text/ipline.h"
#include "text/shows.h"

enum {
  FRAGMENT_OFFSET = 0xfff8,
  IPV6_SIZE = 40,
  PROTOCOL_HOP_BY_HOP = 0,
  PROTOCOL_ROUTING = 43,
  PROTOCOL_FRAGMENT = 44,
  PROTOCOL_DESTINATION = 60
};

/* Goes on behind a header of SIZE octets. */
static uint32_t go_on(tcpflow__view *view, uint8_t next, uint32_t size) {
  if (view->length < size) {
    view->name = "ip6";
    return tcpflow__view_cut(view);
  }
  view->headers++;
  tcpflow__view_skip(view, size);
  return TCPFLOW__SHOW_IP + next;
}

static uint32_t put_options(tcpflow__view *view, const char *word) {
  const uint8_t *const head = tcpflow__view_at(view, 0, 2);
  const uint32_t size = head == NULL ? 0 : (head[1] + 1U) * 8;

  if (head == NULL || tcpflow__view_at(view, 0, size) == NULL) {
    return tcpflow__view_cut(view);
  }
  tcpflow__put(view->line, word);
  if (!tcpflow__put_ip6_options(view, head + 2, size - 2)) {
    return tcpflow__view_cut(view);
  }
  return go_on(view, head[0], size);
}

/* RFC 8200 section 4.1: it comes first. */
static uint32_t show_hop_by_hop(tcpflow__view *view) {
  if (view->hop_by_hop || view->headers > 0) {
    return tcpflow__view_stop(
      view, view->hop_by_hop
              ? "[The Hop-by-Hop Options header was already found] (invalid)"
              : "[The Hop-by-Hop Options header don't follow the IPv6 header] "
                "(invalid)");
  }
  view->name = "hbhopt";
  const int has_length = tcpflow__view_at(view, 1, 1) != NULL;
  const uint32_t next = put_options(view, "HBH ");

  if (has_length && view->no_length && !view->jumbo) {
    return tcpflow__view_stop(
      view, "[No valid Jumbo Payload Hop-by-Hop option found] (invalid)");
  }
  view->hop_by_hop = 1;
  return next;
}

static uint32_t show_destination(tcpflow__view *view) {
  view->name = "dstopt";
  return put_options(view, "DSTOPT ");
}

/* Answers 0 if the addresses are not all there. */
static int put_addresses(const tcpflow__view *view, uint32_t count) {
  for (uint32_t i = 0; i < count; i++) {
    const uint8_t *const address = tcpflow__view_at(view, 8 + 16 * i, 16);

    if (address == NULL) {
      return 0;
    }
    tcpflow__put_word(view->line, ", [", i);
    tcpflow__put_char(view->line, ']');
    tcpflow__put_address(view->line, 6, address);
  }
  tcpflow__put(view->line, ") ");
  return 1;
}

static uint32_t put_route(tcpflow__view *view, const uint8_t *head) {
  if (head[1] % 2 != 0) {
    tcpflow__put_word(view->line, " (invalid length ", head[1]);
    return tcpflow__view_stop(view, ") (invalid)");
  }
  if (!put_addresses(view, head[1] / 2U)) {
    return tcpflow__view_cut(view);
  }
  return go_on(view, head[0], (head[1] + 1U) * 8);
}

/* Types 0 and 2: RFC 5095, RFC 6275 section 6.4. */
static uint32_t put_plain_route(tcpflow__view *view, const uint8_t *head) {
  const uint8_t *const reserved = tcpflow__view_at(view, 4, 4);

  if (reserved == NULL) {
    return tcpflow__view_cut(view);
  }
  if (view->verbose || tcpflow__fetch32(reserved) != 0) {
    tcpflow__put_hex_word(view->line, ", rsv=0x", tcpflow__fetch32(reserved),
                          1);
  }
  return put_route(view, head);
}

/* RFC 8754 section 2. */
static uint32_t put_segment_route(tcpflow__view *view, const uint8_t *head) {
  tcpflow__line *const line = view->line;
  const uint32_t there = tcpflow__view_there(view);

  if (there > 4) {
    tcpflow__put_word(line, ", last-entry=", head[4]);
  }
  if (there > 5 && (view->verbose || head[5] != 0)) {
    tcpflow__put_hex_word(line, ", flags=0x", head[5], 1);
  }
  if (there < 8) {
    return tcpflow__view_cut(view);
  }
  tcpflow__put_hex_word(line, ", tag=", tcpflow__fetch16(head + 6), 1);
  return put_route(view, head);
}

static uint32_t show_routing(tcpflow__view *view) {
  tcpflow__line *const line = view->line;
  const uint32_t there = tcpflow__view_there(view);
  const uint8_t *const head = tcpflow__view_at(view, 0, 1);

  view->name = head == NULL ? "ip6" : "rt6";
  tcpflow__put(line, head == NULL ? "" : "RT6");
  if (there > 1) {
    tcpflow__put_word(line, " (len=", head[1]);
  }
  if (there > 2) {
    tcpflow__put_word(line, ", type=", head[2]);
    tcpflow__put(line, head[2] == 0 ? " [Deprecated]" : "");
  }
  if (there < 4) {
    return tcpflow__view_cut(view);
  }
  tcpflow__put_word(line, ", segleft=", head[3]);
  switch (head[2]) {
  case 0:
  case 2:
    return put_plain_route(view, head);
  case 4:
    return put_segment_route(view, head);
  default:
    return tcpflow__view_stop(view, " (unknown type) (invalid)");
  }
}

/* tcpdump is content with half of the header, unless it writes the number. */
static uint32_t show_fragment(tcpflow__view *view) {
  tcpflow__line *const line = view->line;
  const uint8_t *const head = tcpflow__view_at(view, 0, view->verbose ? 8 : 4);

  view->name = "frag6";
  if (head == NULL) {
    return tcpflow__view_cut(view);
  }
  const unsigned offset = tcpflow__fetch16(head + 2) & FRAGMENT_OFFSET;

  tcpflow__put(line, "frag (");
  if (view->verbose) {
    tcpflow__put_hex_word(line, "0x", tcpflow__fetch32(head + 4), 8);
    tcpflow__put_char(line, ':');
  }
  tcpflow__put_decimal(line, offset);
  tcpflow__put_word(line, "|", view->length - 8);
  tcpflow__put_char(line, ')');
  if (offset != 0) {
    return TCPFLOW__SHOW_STOP;
  }
  tcpflow__put_char(line, ' ');
  view->fragment = 1;
  return tcpflow__view_there(view) > 8 ? go_on(view, head[0], 8)
                                       : TCPFLOW__SHOW_STOP;
}

/* RFC 2675 section 3: the jumbo payload's length counts from behind the IPv6
   header on. */
static void end_of_chain(tcpflow__view *view) {
  const uint32_t taken = view->offset - view->ip;

  if (view->chain && view->jumbo) {
    const uint32_t length = view->jumbo_length + IPV6_SIZE;

    view->length = view->whole;
    tcpflow__put_missing6(view, length);
    tcpflow__view_limit(view, view->ip, length);
    view->length = length - taken;
  }
  view->chain = 0;
}

static uint32_t show_chain(tcpflow__view *view, unsigned protocol) {
  switch (protocol) {
  case PROTOCOL_HOP_BY_HOP:
    return show_hop_by_hop(view);
  case PROTOCOL_DESTINATION:
    return show_destination(view);
  case PROTOCOL_ROUTING:
    return show_routing(view);
  default:
    return show_fragment(view);
  }
}

int tcpflow__show_extension(tcpflow__view *view, unsigned protocol,
                            uint32_t *next) {
  const int known =
    protocol == PROTOCOL_HOP_BY_HOP || protocol == PROTOCOL_DESTINATION ||
    protocol == PROTOCOL_ROUTING || protocol == PROTOCOL_FRAGMENT;

  if (known && view->chain) {
    *next = show_chain(view, protocol);
    return 1;
  }
  end_of_chain(view);
  return 0;
}

/* Answers 0 if the integrity check value is not all there. */
static int put_check_value(const tcpflow__view *view, uint32_t size) {
  tcpflow__put(view->line, "icv=0x");
  for (uint32_t i = 12; i < size; i++) {
    const uint8_t *const octet = tcpflow__view_at(view, i, 1);

    if (octet == NULL) {
      return 0;
    }
    tcpflow__put_octets(view->line, octet, 1);
  }
  tcpflow__put(view->line, "): ");
  return 1;
}

static void put_ah_length(tcpflow__line *line, unsigned length) {
  tcpflow__put_word(line, "length=", length);
  tcpflow__put_word(line, "(", (length + 2) * 4);
  tcpflow__put(line, "-bytes),");
}

uint32_t tcpflow__show_ah(tcpflow__view *view) {
  tcpflow__line *const line = view->line;
  const uint32_t there = tcpflow__view_there(view);
  const uint8_t *const head = tcpflow__view_at(view, 0, 1);

  view->name = "ah";
  tcpflow__put(line, there > 1 ? "AH(" : there > 0 ? "AH" : "");
  if (there > 1 && view->verbose) {
    put_ah_length(line, head[1]);
  }
  if (there >= 8) {
    tcpflow__put_hex_word(line, "spi=0x", tcpflow__fetch32(head + 4), 8);
    tcpflow__put_char(line, ',');
  }
  if (there < 12) {
    return tcpflow__view_cut(view);
  }
  tcpflow__put_hex_word(line, "seq=0x", tcpflow__fetch32(head + 8), 1);
  tcpflow__put_char(line, ',');
  const uint32_t size = (head[1] + 2U) * 4;

  if (!put_check_value(view, size)) {
    return tcpflow__view_cut(view);
  }
  tcpflow__view_skip(view, size);
  return TCPFLOW__SHOW_IP + head[0];
}
