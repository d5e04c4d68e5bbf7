/*
 * lib/text/drillprefix.c - what stands before the flags of a segment in
 * packetdrill's notation.
 *
 * Room: text.  Includes: decode.
 */
#include "text/drill.h"

#include "text/address.h"
#include "text/drilltoken.h"

static const char bad_prefix[] = "a header in front that cannot be read";

/* ECN by its name; answers 0 if it is none. */
static int take_ecn(tcpflow__scan *scan, tcpflow__drill_segment *segment) {
  static const char *const ecn[] = {"noecn", "ect1", "ect0", "ce"};

  for (unsigned i = 0; i < sizeof(ecn) / sizeof(ecn[0]); i++) {
    if (tcpflow__drill_take_word(scan, ecn[i])) {
      segment->ip.tos = (uint8_t)i;
      return 1;
    }
  }
  if (tcpflow__drill_take_word(scan, "ect01")) {
    segment->ip.tos = 2;
    segment->list.untold |= TCPFLOW_PACKETDRILL_UNTOLD_ECN;
    return 1;
  }
  return 0;
}

/* One item of [ect0], (tos 0x12,flowlabel 0x12345), (ttl 9). */
static int take_ip_item(tcpflow__scan *scan, tcpflow__drill_segment *segment) {
  uint64_t number = 0;

  if (take_ecn(scan, segment)) {
    return 1;
  }
  if (tcpflow__drill_take_word(scan, "tos")) {
    const int good = tcpflow__scan_hex(scan, &number) && number <= UINT8_MAX;

    segment->ip.tos = (uint8_t)(number & 0xffU);
    return good;
  }
  if (tcpflow__drill_take_word(scan, "flowlabel")) {
    const int good = tcpflow__scan_hex(scan, &number) && number <= 0xfffff;

    segment->ip.flow_label = (uint32_t)(number & 0xfffffU);
    return good;
  }
  if (tcpflow__drill_take_word(scan, "ttl")) {
    const int good = tcpflow__scan_decimal(scan, UINT8_MAX, &number);

    segment->ip.ttl = (uint8_t)number;
    return good;
  }
  return 0;
}

const char *tcpflow__drill_scan_ip(tcpflow__scan *scan,
                                   tcpflow__drill_segment *segment) {
  const char close = tcpflow__scan_peek(scan) == '(' ? ')' : ']';

  if (!tcpflow__drill_take_sign(scan, '(') &&
      !tcpflow__drill_take_sign(scan, '[')) {
    return NULL;
  }
  do {
    if (!take_ip_item(scan, segment)) {
      return "something about IP that is not known";
    }
  } while (tcpflow__drill_take_sign(scan, ','));
  return tcpflow__drill_take_sign(scan, close) ? NULL
                                               : "a bracket that is not closed";
}

/* ipv4 192.0.2.1 > 192.0.2.2: */
static const char *skip_ip_header(tcpflow__scan *scan) {
  tcpflow__drill_segment outer = {.flags = 0};
  const char *const problem = tcpflow__drill_scan_ip(scan, &outer);

  if (problem != NULL) {
    return problem;
  }
  (void)tcpflow__drill_take_token(scan);
  if (!tcpflow__drill_take_sign(scan, '>')) {
    return bad_prefix;
  }
  const tcpflow__scan last = tcpflow__drill_take_token(scan);

  tcpflow__scan_spaces(scan);
  return tcpflow__scan_left(&last) > 0 && last.end[-1] == ':' ? NULL
                                                              : bad_prefix;
}

/* Headers that the segment travels in; each ends with a colon. */
const char *tcpflow__drill_skip_prefixes(tcpflow__scan *scan) {
  const char *problem = NULL;

  while (problem == NULL) {
    if (tcpflow__drill_take_word(scan, "ipv4") ||
        tcpflow__drill_take_word(scan, "ipv6")) {
      problem = skip_ip_header(scan);
    } else if (tcpflow__drill_take_word(scan, "gre") ||
               tcpflow__drill_take_word(scan, "GREv0") ||
               tcpflow__drill_take_word(scan, "mpls")) {
      problem = tcpflow__drill_skip_to(scan, ':') ? NULL : bad_prefix;
    } else {
      return NULL;
    }
  }
  return problem;
}

int tcpflow__drill_is_other(tcpflow__scan text) {
  static const char *const protocols[] = {"icmp", "icmpv4",  "icmpv6",
                                          "udp",  "udplite", "sctp"};

  for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++) {
    if (tcpflow__drill_take_word(&text, protocols[i])) {
      return 1;
    }
  }
  return 0;
}

/* A port, or an address, a colon and a port. */
static int scan_end(tcpflow__scan token, tcpflow_tuple *ends, unsigned side) {
  const char *colon = token.end;
  uint64_t port;

  while (colon > token.text && colon[-1] != ':') {
    colon--;
  }
  tcpflow__scan digits = {colon, token.end};

  if (!tcpflow__scan_decimal(&digits, UINT16_MAX, &port) ||
      tcpflow__scan_left(&digits) > 0) {
    return 0;
  }
  ends->port[side] = (uint16_t)port;
  if (colon == token.text) {
    return 1;
  }
  const unsigned version = tcpflow__scan_address(
    (tcpflow__scan){token.text, colon - 1}, ends->address[side]);
  const int same = side == 0 || ends->version == version;

  ends->version = (uint8_t)version;
  return version != 0 && same;
}

/* 40000 > 80; 192.0.2.1:40000 > 192.0.2.2:80.  Flags have no `>` behind them.
 */
const char *tcpflow__drill_scan_ends(tcpflow__scan *scan,
                                     tcpflow__drill_segment *segment) {
  tcpflow__scan at = *scan;
  const tcpflow__scan sender = tcpflow__drill_take_token(&at);

  if (!tcpflow__drill_take_sign(&at, '>')) {
    return NULL;
  }
  if (!scan_end(sender, &segment->ends, 0) ||
      !scan_end(tcpflow__drill_take_token(&at), &segment->ends, 1)) {
    return "ends that are no ports and no addresses";
  }
  tcpflow__scan_spaces(&at);
  segment->has_ends = 1;
  *scan = at;
  return NULL;
}
