/*
 * lib/text/ipwords.c - what stands before the addresses: the IP header of -v,
 * and tags of -e.
 *
 * Room: text.  Includes: decode.  Headers stand in the order of the packet, so
 * the last IP header of a text is the innermost one; all others are crossed.
 */
#include "text/ipwords.h"

enum {
  IPV6_SIZE = 40,
  FLAG_RESERVED = 0x8000, /* RFC 791 section 3.1. */
  FLAG_DONT_FRAGMENT = 0x4000,
  FLAG_MORE = 0x2000,
  OFFSET_UNIT = 8,
  HARDWARE_TEXT = 17 /* Characters of an Ethernet address. */
};

/* A present tag; the outer one is 16 bits further up. */
#define TAG_PRESENT UINT32_C(0x1000)

void tcpflow__ip_words_init(tcpflow__ip_words *ip) {
  *ip = (tcpflow__ip_words){.length = 0};
  tcpflow_build_ip_init(&ip->ip);
}

/* Goes behind WORD; answers 0 if it is not there. */
static int go_behind(tcpflow__scan *text, const char *word) {
  const char *const found = tcpflow__scan_find(text, word);

  if (found == NULL) {
    return 0;
  }
  text->text = found;
  return tcpflow__scan_string(text, word);
}

/* The number behind a word; answers 0 if it is not there. */
static int find_number(tcpflow__scan text, const char *word, int hex,
                       uint64_t *number) {
  if (!go_behind(&text, word)) {
    return 0;
  }
  return hex ? tcpflow__scan_hex(&text, number)
             : tcpflow__scan_decimal(&text, UINT32_MAX, number);
}

/* How an IP header of -v begins; a version, or 0. */
static unsigned version_of_header(tcpflow__scan text) {
  if (tcpflow__scan_string(&text, "(tos 0x")) {
    return 4;
  }
  return tcpflow__scan_string(&text, "(class 0x") ||
             tcpflow__scan_string(&text, "(flowlabel 0x") ||
             tcpflow__scan_string(&text, "(hlim ")
           ? 6
           : 0;
}

/* Goes to the last IP header of a text; answers its version, or 0. */
static unsigned find_header(tcpflow__scan *text) {
  tcpflow__scan at = *text;
  unsigned version = 0;

  while ((at.text = tcpflow__scan_find(&at, "(")) != NULL) {
    const unsigned here = version_of_header(at);

    if (here != 0) {
      version = here;
      *text = at;
    }
    at.text++;
  }
  return version;
}

/* none; DF; +, DF, rsvd.  What is not known is stepped over. */
static uint16_t scan_fragment_flags(tcpflow__scan text) {
  uint16_t flags = 0;

  if (!go_behind(&text, "flags [")) {
    return FLAG_DONT_FRAGMENT;
  }
  while (tcpflow__scan_left(&text) > 0 && *text.text != ']') {
    if (tcpflow__scan_word(&text, "DF")) {
      flags |= FLAG_DONT_FRAGMENT;
    } else if (tcpflow__scan_word(&text, "rsvd")) {
      flags |= FLAG_RESERVED;
    } else if (tcpflow__scan_char(&text, '+')) {
      flags |= FLAG_MORE;
    } else {
      text.text++;
    }
  }
  return flags;
}

static void scan_ipv4(tcpflow__scan header, tcpflow__ip_words *ip) {
  uint64_t number;
  tcpflow__scan options = header;

  if (find_number(header, "tos 0x", 1, &number)) {
    ip->ip.tos = (uint8_t)(number & 0xffU);
  }
  ip->ip.ttl = 0; /* The only one that is not printed. */
  if (find_number(header, ", ttl ", 0, &number)) {
    ip->ip.ttl = (uint8_t)(number & 0xffU);
  }
  if (find_number(header, " id ", 0, &number)) {
    ip->ip.id = (uint16_t)(number & 0xffffU);
  }
  ip->ip.fragment = scan_fragment_flags(header);
  if (find_number(header, " offset ", 0, &number)) {
    ip->ip.fragment |= (uint16_t)(number / OFFSET_UNIT & 0x1fffU);
  }
  if (find_number(header, "proto TCP (6), length ", 0, &number)) {
    ip->length = (uint32_t)number;
    ip->ip.length_mode = number == 0 ? TCPFLOW_BUILD_ZERO : TCPFLOW_BUILD_RIGHT;
  }
  if (find_number(header, ", bad cksum ", 1, &number)) {
    ip->ip.checksum_mode = TCPFLOW_BUILD_GIVEN;
    ip->ip.checksum = (uint16_t)(number & 0xffffU);
  }
  if (go_behind(&options, ", options (")) {
    tcpflow__scan_ip_options(options, ip);
  }
}

static void scan_ipv6(tcpflow__scan header, tcpflow__ip_words *ip) {
  uint64_t number;

  if (find_number(header, "class 0x", 1, &number)) {
    ip->ip.tos = (uint8_t)(number & 0xffU);
  }
  if (find_number(header, "flowlabel 0x", 1, &number)) {
    ip->ip.flow_label = (uint32_t)(number & 0xfffffU);
  }
  if (find_number(header, "hlim ", 0, &number)) {
    ip->ip.ttl = (uint8_t)(number & 0xffU);
  }
  if (find_number(header, "next-header TCP (6) payload length: ", 0, &number) &&
      number <= UINT16_MAX) {
    ip->length = number == 0 ? 0 : (uint32_t)number + IPV6_SIZE;
    ip->ip.length_mode = number == 0 ? TCPFLOW_BUILD_ZERO : TCPFLOW_BUILD_RIGHT;
  }
}

/* Everything of the header before belongs to another datagram. */
static void scan_header(tcpflow__scan text, tcpflow__ip_words *ip) {
  const unsigned version = find_header(&text);

  if (version == 0) {
    return;
  }
  tcpflow_build_ip_init(&ip->ip);
  ip->version = (uint8_t)version;
  ip->length = 0;
  ip->has_options = 0;
  ip->option_count = 0;
  if (version == 4) {
    scan_ipv4(text, ip);
  } else {
    scan_ipv6(text, ip);
  }
}

/* Of more than two tags, the outermost and the innermost count. */
static void add_tag(tcpflow__ip_words *ip, uint32_t tag) {
  if (ip->vlan == 0) {
    ip->vlan = (tag | TAG_PRESENT) << 16;
  } else {
    ip->vlan = (ip->vlan & UINT32_C(0xffff0000)) | tag | TAG_PRESENT;
  }
}

/* 00:53:00:00:00:01 */
static int is_hardware_address(tcpflow__scan text) {
  for (unsigned i = 0; i < HARDWARE_TEXT; i += 3) {
    if (tcpflow__hex_value(text.text[i]) > 15 ||
        tcpflow__hex_value(text.text[i + 1]) > 15 ||
        (i + 3 < HARDWARE_TEXT && text.text[i + 2] != ':')) {
      return 0;
    }
  }
  return 1;
}

/* Does AT end the second address of Ethernet, or is it followed by the sender
   of 802.11? */
static int is_link_header(tcpflow__scan at, const char *start) {
  tcpflow__scan ahead = at;

  if (tcpflow__scan_string(&ahead, ", ethertype ") ||
      tcpflow__scan_string(&ahead, ", 802.3")) {
    return at.text - start >= HARDWARE_TEXT &&
           is_hardware_address(
             (tcpflow__scan){at.text - HARDWARE_TEXT, at.text});
  }
  return tcpflow__scan_string(&ahead, " SA:") &&
         tcpflow__scan_left(&ahead) >= HARDWARE_TEXT &&
         is_hardware_address(ahead);
}

/* Goes to the last link header of a text; answers 0 if there is none. */
static int find_link_header(tcpflow__scan *text) {
  const char *const start = text->text;
  tcpflow__scan at = *text;
  int found = 0;

  for (; tcpflow__scan_left(&at) > 0; at.text++) {
    if (is_link_header(at, start)) {
      *text = at;
      found = 1;
    }
  }
  return found;
}

/*
 * vlan 7, p 0, ethertype IPv4 (0x0800),
 *
 * A link header inside of a tunnel has tags of its own; those in front of the
 * tunnel are another network's.
 */
static void scan_tags(tcpflow__scan text, tcpflow__ip_words *ip) {
  uint64_t tag;

  if (find_link_header(&text)) {
    ip->vlan = 0;
  }
  while (go_behind(&text, "vlan ")) {
    if (tcpflow__scan_decimal(&text, 0xfff, &tag) &&
        tcpflow__scan_string(&text, ", p ")) {
      add_tag(ip, (uint32_t)tag);
    }
  }
}

/* Each datagram tells of its own octets, so inside a tunnel they add up. */
static void scan_missing(tcpflow__scan text, tcpflow__ip_words *ip) {
  uint64_t number;

  while (go_behind(&text, "truncated-ip")) {
    (void)tcpflow__scan_char(&text, '6');
    if (tcpflow__scan_string(&text, " - ") &&
        tcpflow__scan_decimal(&text, UINT32_MAX, &number) &&
        ip->missing <= UINT32_MAX - number) {
      ip->missing += (uint32_t)number;
    }
  }
}

void tcpflow__scan_ip_words(tcpflow__scan text, tcpflow__ip_words *ip) {
  scan_header(text, ip);
  scan_tags(text, ip);
  scan_missing(text, ip);
  ip->quoting |= tcpflow__scan_find(&text, ": ICMP ") != NULL;
}
