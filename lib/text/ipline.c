/*
 * lib/text/ipline.c - an IPv4 header as tcpdump writes it.
 *
 * Room: text.  Includes: decode, wire.
 */
#include "text/ipline.h"

#include "text/address.h"
#include "text/labels.h"
#include "text/shows.h"
#include "wire/checksum.h"

enum {
  HEADER_SIZE = 20,
  MORE_FRAGMENTS = 0x2000,
  FRAGMENT_OFFSET = 0x1fff,
  ECN = 3 /* RFC 3168 section 5: the low bits of the type of service. */
};

void tcpflow__put_ends(const tcpflow__view *view) {
  const uint8_t *const ip = view->packet->bytes + view->ip;
  const int old = view->version == 4;

  tcpflow__put_address(view->line, view->version, ip + (old ? 12 : 8));
  tcpflow__put(view->line, " > ");
  tcpflow__put_address(view->line, view->version, ip + (old ? 16 : 24));
}

int tcpflow__has_ports(unsigned protocol) {
  return protocol == 6 || protocol == 17 || protocol == 33 || protocol == 132;
}

void tcpflow__put_ports(const tcpflow__view *view, const uint8_t *ports) {
  const uint8_t *const ip = view->packet->bytes + view->ip;
  const uint32_t size = view->version == 4 ? 4 : 16;
  const uint8_t *const ends = ip + (view->version == 4 ? 12 : 8);

  for (unsigned i = 0; i < 2; i++) {
    tcpflow__put(view->line, i == 0 ? "" : " > ");
    if (tcpflow__has_ports(view->protocol)) {
      tcpflow__put_address(view->line, view->version, ends + size * i);
      tcpflow__put_char(view->line, '.');
    }
    tcpflow__put_decimal(view->line, tcpflow__fetch16(ports + (size_t)2 * i));
  }
  tcpflow__put(view->line, ": ");
}

static uint32_t put_wrong_version(const tcpflow__view *view, unsigned version) {
  if (version == 6) {
    tcpflow__put(view->line, "IP6, wrong link-layer encapsulation");
  } else {
    tcpflow__put_word(view->line, "IP", version);
  }
  tcpflow__put(view->line, " (invalid)");
  return TCPFLOW__SHOW_STOP;
}

static void put_flags(tcpflow__line *line, unsigned fragment) {
  static const char *const names[] = {"+", "DF", "rsvd"};
  const char *separator = "";

  tcpflow__put(line, ", flags [");
  for (unsigned i = 0; i < 3; i++) {
    if ((fragment >> (13 + i) & 1) != 0) {
      tcpflow__put(line, separator);
      tcpflow__put(line, names[i]);
      separator = ", ";
    }
  }
  tcpflow__put(line, *separator == '\0' ? "none]" : "]");
}

/* A length of 0 is what segmentation offload leaves; the words are those of
   later releases of tcpdump. */
static void put_fields(const tcpflow__view *view, const uint8_t *ip,
                       uint32_t length) {
  static const char *const ecn[] = {"", ",ECT(1)", ",ECT(0)", ",CE"};
  tcpflow__line *const line = view->line;
  const unsigned fragment = tcpflow__fetch16(ip + 6);

  tcpflow__put_hex_word(line, "(tos 0x", ip[1], 1);
  tcpflow__put(line, ecn[ip[1] & ECN]);
  if (ip[8] > 0) {
    tcpflow__put_word(line, ", ttl ", ip[8]);
  }
  tcpflow__put_word(line, ", id ", tcpflow__fetch16(ip + 4));
  tcpflow__put_word(line, ", offset ", (fragment & FRAGMENT_OFFSET) * 8U);
  put_flags(line, fragment);
  tcpflow__put(line, ", proto ");
  tcpflow__put(line, tcpflow__label(&tcpflow__ip_protocols, ip[9], "unknown"));
  tcpflow__put_word(line, " (", ip[9]);
  tcpflow__put_word(line, "), length ", length);
  tcpflow__put(line,
               tcpflow__fetch16(ip + 2) == 0 ? " [was 0, presumed TSO]" : "");
}

static void put_checksum(tcpflow__line *line, const uint8_t *ip,
                         uint32_t header) {
  const uint16_t field = tcpflow__fetch16(ip + 10);
  const uint16_t sum = tcpflow__sum_fold(tcpflow__sum_add(0, ip, header));

  if (sum != 0xffff) {
    tcpflow__put_hex_word(line, ", bad cksum ", field, 1);
    tcpflow__put_hex_word(line, " (->", tcpflow__checksum_wanted(field, sum),
                          1);
    tcpflow__put(line, ")!");
  }
}

/* Answers 0 if the line ends here. */
static int put_verbose(tcpflow__view *view, const uint8_t *ip, uint32_t header,
                       uint32_t length) {
  tcpflow__ip_options_end end = TCPFLOW__IP_OPTIONS_WHOLE;

  put_fields(view, ip, length);
  if (header > HEADER_SIZE) {
    tcpflow__put(view->line, ", options (");
    end = tcpflow__put_ip_options(view, header);
    if (end == TCPFLOW__IP_OPTIONS_CUT) {
      (void)tcpflow__view_cut(view);
      return 0;
    }
    tcpflow__put(view->line, end == TCPFLOW__IP_OPTIONS_WHOLE
                               ? ")"
                               : " [truncated-option])");
  }
  if (tcpflow__view_at(view, 0, header) != NULL) {
    put_checksum(view->line, ip, header);
  }
  tcpflow__put(view->line, ")\n    ");
  if (end == TCPFLOW__IP_OPTIONS_WHOLE) {
    return 1;
  }
  tcpflow__put_ends(view);
  tcpflow__put(view->line, ": ");
  (void)tcpflow__view_cut(view);
  return 0;
}

/* What stands behind the header. */
static uint32_t put_payload(tcpflow__view *view, const uint8_t *ip,
                            uint32_t header) {
  if ((tcpflow__fetch16(ip + 6) & FRAGMENT_OFFSET) != 0) {
    tcpflow__put_ends(view);
    tcpflow__put_word(view->line, ": ip-proto-", ip[9]);
    return TCPFLOW__SHOW_STOP;
  }
  if (!tcpflow__has_ports(ip[9])) {
    tcpflow__put_ends(view);
    tcpflow__put(view->line, ": ");
  }
  if (tcpflow__view_at(view, 0, header) == NULL) {
    tcpflow__put_word(view->line, " [remaining caplen(",
                      tcpflow__view_there(view));
    tcpflow__put_word(view->line, ") < header length(", header);
    tcpflow__put(view->line, ")]");
    return tcpflow__view_cut(view);
  }
  tcpflow__view_skip(view, header);
  return TCPFLOW__SHOW_IP + ip[9];
}

static uint32_t put_datagram(tcpflow__view *view, const uint8_t *ip) {
  const uint32_t header = (ip[0] & 0xfU) * 4;
  const uint32_t claimed = tcpflow__fetch16(ip + 2);
  const uint32_t length = claimed == 0 ? view->length : claimed;

  if (header < HEADER_SIZE) {
    tcpflow__put_word(view->line, "bad-hlen ", header);
    return TCPFLOW__SHOW_STOP;
  }
  if (view->length < length) {
    tcpflow__put_word(view->line, "truncated-ip - ", length - view->length);
    tcpflow__put(view->line, " bytes missing! ");
  }
  if (length < header) {
    tcpflow__put_word(view->line, "bad-len ", claimed);
    return TCPFLOW__SHOW_STOP;
  }
  tcpflow__view_limit(view, view->offset, length);
  view->length = length;
  tcpflow__view_enter_ip(view, 4, ip[9]);
  view->fragment = (tcpflow__fetch16(ip + 6) & MORE_FRAGMENTS) != 0;
  if (view->verbose && !put_verbose(view, ip, header, length)) {
    return TCPFLOW__SHOW_STOP;
  }
  return put_payload(view, ip, header);
}

uint32_t tcpflow__show_ipv4(tcpflow__view *view) {
  const uint8_t *const version = tcpflow__view_at(view, 0, 1);
  const uint8_t *const ip = tcpflow__view_at(view, 0, HEADER_SIZE);

  view->name = "ip";
  if (version == NULL) {
    return tcpflow__view_cut(view);
  }
  if (version[0] >> 4 != 4) {
    return put_wrong_version(view, version[0] >> 4);
  }
  tcpflow__put(view->line, view->link_header ? "" : "IP ");
  if (ip == NULL) {
    return tcpflow__view_cut(view);
  }
  if (view->length < HEADER_SIZE) {
    tcpflow__put_word(view->line, "truncated-ip ", view->length);
    return TCPFLOW__SHOW_STOP;
  }
  return put_datagram(view, ip);
}
