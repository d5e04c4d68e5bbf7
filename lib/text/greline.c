/*
 * lib/text/greline.c - GRE as tcpdump writes it.
 *
 * Room: text.  Includes: decode, wire.
 */
#include "text/address.h"
#include "text/labels.h"
#include "text/shows.h"

/* RFC 2784, RFC 2890, RFC 2637: bits of the first two octets. */
enum {
  CHECKSUM = 0x8000,
  ROUTING = 0x4000,
  KEY = 0x2000,
  SEQUENCE = 0x1000,
  ACK = 0x0080,
  ROUTE_IP = 0x0800,
  ROUTE_ASN = 0xfffe,
  TYPE_PPP = 0x880b,
  TYPE_TEB = 0x6558,
  ROUTES_MAX = 64
};

static const struct {
  uint16_t mask;
  const char *name;
} flag_names[] = {
  {CHECKSUM, "checksum present"},
  {ROUTING, "routing present"},
  {KEY, "key present"},
  {SEQUENCE, "sequence# present"},
  {0x0800, "source routing present"},
  {0x0700, "recursion count"},
  {ACK, "ack present"},
};

static void put_flags(tcpflow__line *line, unsigned flags) {
  const char *separator = "";

  tcpflow__put(line, ", Flags [");
  for (size_t i = 0; i < sizeof(flag_names) / sizeof(flag_names[0]); i++) {
    if ((flags & flag_names[i].mask) == flag_names[i].mask) {
      tcpflow__put(line, separator);
      tcpflow__put(line, flag_names[i].name);
      separator = ", ";
    }
  }
  tcpflow__put(line, *separator == '\0' ? "none]" : "]");
}

/* Takes four octets and writes WORD and the number.  Answers 0 if they are not
   there. */
static int put_number(tcpflow__view *view, const char *word, unsigned mask) {
  const uint8_t *const bytes = tcpflow__view_at(view, 0, 4);

  if (bytes == NULL) {
    return 0;
  }
  tcpflow__put_word(view->line, word,
                    mask == 0 ? tcpflow__fetch32(bytes)
                              : tcpflow__fetch32(bytes) & mask);
  tcpflow__view_skip(view, 4);
  return 1;
}

static int put_key(tcpflow__view *view) {
  const uint8_t *const bytes = tcpflow__view_at(view, 0, 4);

  if (bytes == NULL) {
    return 0;
  }
  tcpflow__put_hex_word(view->line, ", key=0x", tcpflow__fetch32(bytes), 1);
  tcpflow__view_skip(view, 4);
  return 1;
}

static int put_offset(tcpflow__view *view) {
  const uint8_t *const sum = tcpflow__view_at(view, 0, 2);
  const uint8_t *const offset = tcpflow__view_at(view, 2, 2);

  if (sum != NULL && view->verbose) {
    tcpflow__put_hex_word(view->line, ", sum 0x", tcpflow__fetch16(sum), 1);
  }
  if (offset == NULL) {
    return 0;
  }
  tcpflow__put_hex_word(view->line, ", off 0x", tcpflow__fetch16(offset), 1);
  tcpflow__view_skip(view, 4);
  return 1;
}

/* An entry's octets, SIZE at a time; a star stands before the next one. */
static void put_route_entry(const tcpflow__view *view, const uint8_t *entry,
                            uint32_t size) {
  tcpflow__line *const line = view->line;
  const unsigned at = entry[2];
  const unsigned length = entry[3];

  if (at % size != 0 || length % size != 0) {
    tcpflow__put_word(line, at % size != 0 ? ", badoffset=" : ", badlength=",
                      at % size != 0 ? at : length);
    return;
  }
  if (at >= length) {
    tcpflow__put_word(line, ", badoff/len=", at);
    tcpflow__put_word(line, "/", length);
    return;
  }
  for (unsigned i = 0; i < length; i += size) {
    const uint8_t *const one = tcpflow__view_at(view, i, size);

    if (one == NULL) {
      return;
    }
    tcpflow__put(line, i == at ? " *" : " ");
    if (size == 4) {
      tcpflow__put_address(line, 4, one);
    } else {
      tcpflow__put_hex(line, tcpflow__fetch16(one), 1);
    }
  }
}

static void put_route_family(const tcpflow__view *view, const uint8_t *entry) {
  const unsigned family = tcpflow__fetch16(entry);

  if (family != ROUTE_IP && family != ROUTE_ASN) {
    tcpflow__put_hex_word(view->line, ", (rtaf=0x", family, 1);
    tcpflow__put_char(view->line, ')');
    return;
  }
  tcpflow__put(view->line, family == ROUTE_IP ? ", (rtaf=ip" : ", (rtaf=asn");
  put_route_entry(view, entry, family == ROUTE_IP ? 4 : 2);
  tcpflow__put_char(view->line, ')');
}

/* RFC 1701: entries up to one of family and length 0.  Answers 0 if they are
   cut. */
static int put_routes(tcpflow__view *view) {
  for (unsigned i = 0; i < ROUTES_MAX; i++) {
    const uint8_t *const entry = tcpflow__view_at(view, 0, 4);

    if (entry == NULL) {
      return 0;
    }
    tcpflow__view_skip(view, 4);
    if (tcpflow__fetch16(entry) == 0 && entry[3] == 0) {
      return 1;
    }
    put_route_family(view, entry);
    if (tcpflow__view_at(view, 0, entry[3]) == NULL) {
      return 0;
    }
    tcpflow__view_skip(view, entry[3]);
  }
  return 0;
}

static void put_end(const tcpflow__view *view, unsigned type, uint32_t length) {
  if (view->link_header) {
    tcpflow__put(view->line, ", proto ");
    tcpflow__put(view->line,
                 tcpflow__label(&tcpflow__ether_types, type, "unknown"));
    tcpflow__put_hex_word(view->line, " (0x", type, 4);
    tcpflow__put_char(view->line, ')');
  }
  tcpflow__put_word(view->line, ", length ", length);
}

/* Types that tcpdump does not go into are left to the decoded layers. */
static uint32_t next_of_type(unsigned type) {
  switch (type) {
  case 0x0800:
  case 0x86dd:
  case 0x8847:
    return TCPFLOW__SHOW_ETHER + type;
  case TYPE_TEB:
    return TCPFLOW__SHOW_LINK + TCPFLOW_LINK_ETHERNET;
  default:
    return TCPFLOW__SHOW_LAYER + TCPFLOW_LAYER_GRE;
  }
}

static uint32_t show_version_0(tcpflow__view *view, unsigned flags,
                               unsigned type, uint32_t length) {
  if (((flags & (CHECKSUM | ROUTING)) != 0 && !put_offset(view)) ||
      ((flags & KEY) != 0 && !put_key(view)) ||
      ((flags & SEQUENCE) != 0 && !put_number(view, ", seq ", 0)) ||
      ((flags & ROUTING) != 0 && !put_routes(view))) {
    return tcpflow__view_cut(view);
  }
  put_end(view, type, length);
  tcpflow__put(view->line, view->verbose ? "\n\t" : ": ");
  return next_of_type(type);
}

/* Answers 0 if the numbers are cut. */
static int put_call(tcpflow__view *view, unsigned flags) {
  return ((flags & KEY) == 0 || put_number(view, ", call ", 0xffff)) &&
         ((flags & SEQUENCE) == 0 || put_number(view, ", seq ", 0)) &&
         ((flags & ACK) == 0 || put_number(view, ", ack ", 0));
}

/* RFC 2637 section 4.1. */
static uint32_t show_version_1(tcpflow__view *view, unsigned flags,
                               unsigned type, uint32_t length) {
  if (!put_call(view, flags)) {
    return tcpflow__view_cut(view);
  }
  tcpflow__put(view->line, (flags & SEQUENCE) == 0 ? ", no-payload" : "");
  put_end(view, type, length);
  if ((flags & SEQUENCE) == 0) {
    return TCPFLOW__SHOW_STOP;
  }
  tcpflow__put(view->line, view->verbose ? "\n\t" : ": ");
  return type == TYPE_PPP ? tcpflow__show_ppp(view)
                          : TCPFLOW__SHOW_LAYER + TCPFLOW_LAYER_GRE;
}

uint32_t tcpflow__show_gre(tcpflow__view *view) {
  const uint8_t *const head = tcpflow__view_at(view, 0, 2);
  const uint8_t *const type = tcpflow__view_at(view, 2, 2);
  const uint32_t length = view->length;

  view->name = "gre";
  if (head == NULL) {
    return tcpflow__view_cut(view);
  }
  const unsigned flags = tcpflow__fetch16(head);

  tcpflow__put_word(view->line, "GREv", flags & 7U);
  if ((flags & 7U) > 1) {
    return tcpflow__view_stop(view, " ERROR: unknown-version");
  }
  if (view->verbose) {
    put_flags(view->line, flags);
  }
  if (type == NULL) {
    return tcpflow__view_cut(view);
  }
  tcpflow__view_skip(view, 4);
  return (flags & 7U) == 0
           ? show_version_0(view, flags, tcpflow__fetch16(type), length)
           : show_version_1(view, flags, tcpflow__fetch16(type), length);
}
