/*
 * lib/text/cookedline.c - headers that a capture puts in front of IP, as
 * tcpdump writes them.
 *
 * Room: text.  Includes: decode, wire.
 */
#include "text/cookedline.h"

#include "text/labels.h"
#include "text/shows.h"

enum {
  SLL_SIZE = 16,
  SLL2_SIZE = 20,
  SLL_802_2 = 4,
  LENGTH_MAX = 1500,
  TYPE_VLAN = 0x8100,
  TAGS_MAX = 32
};

static const char *direction_of(unsigned type) {
  static const char *const names[] = {"In", "B", "M", "P", "Out"};

  return type < sizeof(names) / sizeof(names[0]) ? names[type] : "?";
}

/* A name in a column of WIDTH, flush right or left. */
static void put_column(tcpflow__line *line, const char *name, unsigned width,
                       int right) {
  unsigned used = 0;

  while (name[used] != '\0') {
    used++;
  }
  for (unsigned i = used; right && i < width; i++) {
    tcpflow__put_char(line, ' ');
  }
  tcpflow__put(line, name);
  for (unsigned i = used; !right && i < width; i++) {
    tcpflow__put_char(line, ' ');
  }
  tcpflow__put_char(line, ' ');
}

/* The part of -e that both versions have. */
static void put_protocol(const tcpflow__view *view, const uint8_t *address,
                         unsigned address_length, unsigned type) {
  if (address_length == 6) {
    tcpflow__put_mac(view->line, address);
    tcpflow__put_char(view->line, ' ');
  }
  if (type == 1 || type == SLL_802_2) {
    tcpflow__put(view->line, type == 1 ? "802.3" : "802.2");
  } else {
    tcpflow__put_ether_type(view->line, type);
  }
  tcpflow__put_word(view->line, ", length ", view->length);
  tcpflow__put(view->line, ": ");
}

/* A tag's own type is written always, and without its number. */
static uint32_t show_type(tcpflow__view *view, unsigned type) {
  for (unsigned i = 0; i < TAGS_MAX && type == TYPE_VLAN; i++) {
    const uint8_t *const tag = tcpflow__view_at(view, 0, 4);

    if (tag == NULL || view->length < 4) {
      view->name = "vlan";
      return tcpflow__view_cut(view);
    }
    if (view->link_header) {
      tcpflow__put_tag(view->line, tcpflow__fetch16(tag));
    }
    type = tcpflow__fetch16(tag + 2);
    type = type <= LENGTH_MAX ? SLL_802_2 : type;
    tcpflow__put(view->line, "ethertype ");
    tcpflow__put(view->line,
                 tcpflow__label(&tcpflow__ether_types, type, "Unknown"));
    tcpflow__put(view->line, ", ");
    tcpflow__view_skip(view, 4);
  }
  return type == SLL_802_2 ? tcpflow__show_llc(view)
                           : TCPFLOW__SHOW_ETHER + type;
}

uint32_t tcpflow__show_sll(tcpflow__view *view) {
  const uint8_t *const sll = tcpflow__view_at(view, 0, SLL_SIZE);

  view->name = "sll";
  if (sll == NULL || view->length < SLL_SIZE) {
    return tcpflow__view_cut(view);
  }
  if (view->link_header) {
    put_column(view->line, direction_of(tcpflow__fetch16(sll)), 3, 1);
    put_protocol(view, sll + 6, tcpflow__fetch16(sll + 4),
                 tcpflow__fetch16(sll + 14));
  }
  tcpflow__view_skip(view, SLL_SIZE);
  return show_type(view, tcpflow__fetch16(sll + 14));
}

/* The interface has a name on the host that captured only. */
uint32_t tcpflow__show_sll2(tcpflow__view *view) {
  const uint8_t *const sll = tcpflow__view_at(view, 0, SLL2_SIZE);

  view->name = "sll2";
  if (sll == NULL || view->length < SLL2_SIZE) {
    return tcpflow__view_cut(view);
  }
  put_column(view->line, "?", 5, 0);
  put_column(view->line, direction_of(sll[10]), 3, 0);
  if (view->link_header) {
    tcpflow__put_word(view->line, "ifindex ", tcpflow__fetch32(sll + 4));
    tcpflow__put_char(view->line, ' ');
    put_protocol(view, sll + 12, sll[11], tcpflow__fetch16(sll));
  }
  tcpflow__view_skip(view, SLL2_SIZE);
  return show_type(view, tcpflow__fetch16(sll));
}

/* Families are small numbers, so their byte order can be told. */
static uint32_t family_of(const uint8_t *bytes) {
  const uint32_t little = tcpflow__fetch32_little(bytes);

  return little > 0xffff ? tcpflow__fetch32(bytes) : little;
}

static const char *family_name(uint32_t family) {
  switch (family) {
  case 2:
    return "IPv4";
  case 7:
    return "ISO";
  case 10:
  case 24:
  case 28:
  case 30:
    return "IPv6";
  default:
    return "Unknown";
  }
}

/* IPv6: that of NetBSD, FreeBSD, macOS; tcpdump does not know Linux's. */
static uint32_t next_of_family(uint32_t family) {
  switch (family) {
  case 2:
    return TCPFLOW__SHOW_ETHER + 0x0800;
  case 10:
  case 24:
  case 28:
  case 30:
    return TCPFLOW__SHOW_ETHER + 0x86dd;
  default:
    return TCPFLOW__SHOW_LAYER + TCPFLOW_LAYER_NULL;
  }
}

uint32_t tcpflow__show_null(tcpflow__view *view) {
  const uint8_t *const bytes = tcpflow__view_at(view, 0, 4);

  view->name = "null";
  if (bytes == NULL || view->length < 4) {
    return tcpflow__view_cut(view);
  }
  const uint32_t family = family_of(bytes);

  if (view->link_header) {
    tcpflow__put(view->line, "AF ");
    tcpflow__put(view->line, family_name(family));
    tcpflow__put_word(view->line, " (", family);
    tcpflow__put_word(view->line, "), length ", view->length);
    tcpflow__put(view->line, ": ");
  }
  tcpflow__view_skip(view, 4);
  return next_of_family(family);
}

/* Behind -e's word, the version tells what it is. */
uint32_t tcpflow__show_raw(tcpflow__view *view) {
  const uint8_t *const version = tcpflow__view_at(view, 0, 1);

  tcpflow__put(view->line, view->link_header ? "ip: " : "");
  view->name = "ipn";
  if (version == NULL) {
    return tcpflow__view_cut(view);
  }
  switch (version[0] >> 4) {
  case 4:
    return TCPFLOW__SHOW_ETHER + 0x0800;
  case 6:
    return TCPFLOW__SHOW_ETHER + 0x86dd;
  default:
    tcpflow__put_word(view->line, "unknown ip ", version[0] >> 4);
    return TCPFLOW__SHOW_STOP;
  }
}

/* OpenBSD's flags: 0x0400 encrypted, 0x0800 authentic. */
uint32_t tcpflow__show_enc(tcpflow__view *view) {
  const uint8_t *const enc = tcpflow__view_at(view, 0, 12);

  view->name = "enc";
  if (enc == NULL) {
    return tcpflow__view_cut(view);
  }
  const int little = tcpflow__fetch32_little(enc) <= 0xffff;
  const uint32_t flags =
    little ? tcpflow__fetch32_little(enc + 8) : tcpflow__fetch32(enc + 8);

  tcpflow__put(view->line, flags == 0 ? "(unprotected): " : "(");
  if ((flags & 0x800) != 0) {
    tcpflow__put(view->line, flags == 0x800 ? "authentic): " : "authentic,");
  }
  if ((flags & 0x400) != 0) {
    tcpflow__put(view->line, (flags & ~UINT32_C(0x800)) == 0x400
                               ? "confidential): "
                               : "confidential,");
  }
  tcpflow__put_hex_word(view->line, "SPI 0x", tcpflow__fetch32(enc + 4), 8);
  tcpflow__put(view->line, ": ");
  tcpflow__view_skip(view, 12);
  return next_of_family(family_of(enc));
}

/* Solaris' families: 2 and 26. */
uint32_t tcpflow__show_ipnet(tcpflow__view *view) {
  const uint8_t *const head = tcpflow__view_at(view, 0, 24);

  view->name = "ipnet";
  if (head == NULL) {
    return tcpflow__view_cut(view);
  }
  if (view->link_header) {
    tcpflow__put_word(view->line, "", tcpflow__fetch32(head + 16));
    tcpflow__put_word(view->line, " > ", tcpflow__fetch32(head + 20));
    tcpflow__put(view->line, ", family ");
    tcpflow__put(view->line, head[1] == 2    ? "IPv4"
                             : head[1] == 26 ? "IPv6"
                                             : "Unknown");
    tcpflow__put_word(view->line, " (", head[1]);
    tcpflow__put_word(view->line, "), length ", view->length);
    tcpflow__put(view->line, ": ");
  }
  tcpflow__view_skip(view, 24);
  return next_of_family(head[1] == 26 ? 24 : head[1]);
}
