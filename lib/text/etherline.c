/*
 * lib/text/etherline.c - Ethernet, VLAN tags and MACsec as tcpdump writes them.
 *
 * Room: text.  Includes: decode, wire.  Without -e nothing of them is written.
 */
#include "text/etherline.h"

#include "text/labels.h"
#include "text/shows.h"

enum {
  ADDRESSES_SIZE = 12,
  TYPE_MACSEC = 0x88e5,
  TYPE_JUMBO = 0x8870, /* LLC in frames that are too long for a length. */
  LENGTH_MAX = 1500,
  TAGS_MAX = 32 /* More than any configuration allows. */
};

/* IEEE 802.1AE-2006 clause 9.5: bits of the first octet of a SecTAG. */
enum {
  SECTAG_VERSION = 0x80,
  SECTAG_CHANNEL = 0x20,
  SECTAG_ENCRYPTED = 0x0c,
  SECTAG_SIZE = 6,
  SECTAG_LONG_SIZE = 14,
  CHECK_VALUE_SIZE = 16
};

/* What has been written of a frame. */
typedef struct frame {
  uint32_t length; /* On the wire, from the addresses on. */
  int told;        /* That length. */
  unsigned type;   /* The latest EtherType or length. */
} frame;

void tcpflow__put_mac(tcpflow__line *line, const uint8_t *octets) {
  for (unsigned i = 0; i < 6; i++) {
    tcpflow__put(line, i == 0 ? "" : ":");
    tcpflow__put_octets(line, octets + i, 1);
  }
}

void tcpflow__put_macs(tcpflow__line *line, const uint8_t *from,
                       const uint8_t *to) {
  tcpflow__put_mac(line, from);
  tcpflow__put(line, " > ");
  tcpflow__put_mac(line, to);
}

void tcpflow__put_ether_type(tcpflow__line *line, unsigned type) {
  tcpflow__put(line, "ethertype ");
  tcpflow__put(line, tcpflow__label(&tcpflow__ether_types, type, "Unknown"));
  tcpflow__put_hex_word(line, " (0x", type, 4);
  tcpflow__put_char(line, ')');
}

void tcpflow__put_tag(tcpflow__line *line, unsigned control) {
  tcpflow__put_word(line, "vlan ", control & 0xfffU);
  tcpflow__put_word(line, ", p ", control >> 13);
  tcpflow__put(line, (control & 0x1000U) != 0 ? ", DEI, " : ", ");
}

/* The EtherType, and what the frame's length was unless that was told. */
static void put_type(const tcpflow__view *view, frame *one) {
  if (!view->link_header) {
    return;
  }
  tcpflow__put_ether_type(view->line, one->type);
  if (one->told) {
    tcpflow__put(view->line, ", ");
    return;
  }
  tcpflow__put_word(view->line, ", length ", one->length);
  tcpflow__put(view->line, ": ");
  one->told = 1;
}

/* Answers 0 if there is none. */
static int take_type(tcpflow__view *view, frame *one) {
  const uint8_t *const type = tcpflow__view_at(view, 0, 2);

  if (type == NULL) {
    return 0;
  }
  one->type = tcpflow__fetch16(type);
  tcpflow__view_skip(view, 2);
  return 1;
}

static void put_sectag(tcpflow__line *line, const uint8_t *tag) {
  static const struct {
    uint8_t bit;
    char name;
  } flags[] = {{8, 'E'}, {4, 'C'}, {0x40, 'S'}, {0x10, 'B'}, {0x20, 'I'}};

  tcpflow__put_word(line, "an ", tag[0] & 3U);
  tcpflow__put_word(line, ", pn ", tcpflow__fetch32(tag + 2));
  tcpflow__put(line, ", flags ");
  tcpflow__put(line, (tag[0] & 0x7cU) == 0 ? "none" : "");
  for (unsigned i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
    if ((tag[0] & flags[i].bit) != 0) {
      tcpflow__put_char(line, flags[i].name);
    }
  }
  if (tag[1] != 0) {
    tcpflow__put_word(line, ", sl ", tag[1]);
  }
  if ((tag[0] & SECTAG_CHANNEL) != 0) {
    tcpflow__put(line, ", sci ");
    tcpflow__put_octets(line, tag + 6, 8);
  }
  tcpflow__put(line, ", ");
}

/* The integrity check value stands at the end of the frame.  Answers 0 if there
   is less than that. */
static int take_check_value(tcpflow__view *view, unsigned short_length) {
  const uint32_t there = tcpflow__view_there(view);

  if (there < CHECK_VALUE_SIZE || view->length < CHECK_VALUE_SIZE) {
    return 0;
  }
  view->end -= CHECK_VALUE_SIZE;
  view->length -= CHECK_VALUE_SIZE;
  if (short_length == 0) {
    return 1;
  }
  if (short_length > view->length || short_length > tcpflow__view_there(view)) {
    return 0;
  }
  view->length = short_length;
  return 1;
}

/* Answers 0 if the line ends here. */
static int put_macsec(tcpflow__view *view) {
  const uint8_t *tag = tcpflow__view_at(view, 0, SECTAG_SIZE);
  const uint32_t size = tag != NULL && (tag[0] & SECTAG_CHANNEL) != 0
                          ? SECTAG_LONG_SIZE
                          : SECTAG_SIZE;

  view->name = "macsec";
  tag = tcpflow__view_at(view, 0, size);
  if (tag == NULL || view->length < size) {
    (void)tcpflow__view_cut(view);
    return 0;
  }
  if (tag[1] >= 0x40 || (tag[0] & SECTAG_VERSION) != 0) {
    tcpflow__put(view->line, " (invalid)");
    return 0;
  }
  if (view->link_header) {
    put_sectag(view->line, tag);
  }
  tcpflow__view_skip(view, size);
  if ((tag[0] & SECTAG_ENCRYPTED) != 0) {
    return 0;
  }
  if (!take_check_value(view, tag[1])) {
    (void)tcpflow__view_cut(view);
    return 0;
  }
  view->name = "ether";
  return 1;
}

static int is_tag(unsigned type) {
  return type == 0x8100 || type == 0x9100 || type == 0x9200 || type == 0x88a8;
}

/* Answers 0 if the line ends here. */
static int put_tags(tcpflow__view *view, frame *one) {
  for (unsigned i = 0; i < TAGS_MAX && is_tag(one->type); i++) {
    const uint8_t *const tag = tcpflow__view_at(view, 0, 4);

    if (tag == NULL || view->length < 4) {
      view->name = "vlan";
      (void)tcpflow__view_cut(view);
      return 0;
    }
    put_type(view, one);
    if (view->link_header) {
      tcpflow__put_tag(view->line, tcpflow__fetch16(tag));
    }
    one->type = tcpflow__fetch16(tag + 2);
    tcpflow__view_skip(view, 4);
  }
  return 1;
}

/* IEEE 802.3 clause 3.2.6: a length, and LLC follows. */
static uint32_t put_length(tcpflow__view *view, const frame *one) {
  view->length = one->type < view->length ? one->type : view->length;
  tcpflow__view_limit(view, view->offset, view->length);
  if (view->link_header) {
    tcpflow__put(view->line, "802.3");
  }
  if (view->link_header && !one->told) {
    tcpflow__put_word(view->line, ", length ", view->length);
    tcpflow__put(view->line, ": ");
  }
  return tcpflow__show_llc(view);
}

static uint32_t put_payload(tcpflow__view *view, frame *one) {
  if (!put_tags(view, one)) {
    return TCPFLOW__SHOW_STOP;
  }
  if (one->type <= LENGTH_MAX) {
    return put_length(view, one);
  }
  if (one->type == TYPE_JUMBO) {
    return tcpflow__show_llc(view);
  }
  put_type(view, one);
  return TCPFLOW__SHOW_ETHER + one->type;
}

/* UDP's length may say less than IP's. */
static uint32_t put_too_short(const tcpflow__view *view) {
  tcpflow__put_word(view->line, "[length ", view->length);
  tcpflow__put_word(view->line, " < caplen ", tcpflow__view_there(view));
  return tcpflow__view_stop(view, "] (invalid)");
}

uint32_t tcpflow__show_frame(tcpflow__view *view, uint32_t tag_size,
                             tcpflow__put_switch_tag *put_tag) {
  frame one = {view->length, 0, 0};
  const uint8_t *const addresses =
    tcpflow__view_at(view, 0, ADDRESSES_SIZE + tag_size + 2);

  if (view->length < tcpflow__view_there(view)) {
    return put_too_short(view);
  }
  if (addresses == NULL || view->length < ADDRESSES_SIZE + tag_size + 2) {
    return tcpflow__view_cut(view);
  }
  if (view->link_header) {
    tcpflow__put_macs(view->line, addresses + 6, addresses);
    tcpflow__put(view->line, ", ");
  }
  if (put_tag != NULL) {
    put_tag(view, addresses + ADDRESSES_SIZE);
  }
  tcpflow__view_skip(view, ADDRESSES_SIZE + tag_size);
  (void)take_type(view, &one);
  if (one.type != TYPE_MACSEC) {
    return put_payload(view, &one);
  }
  put_type(view, &one);
  if (!put_macsec(view)) {
    return TCPFLOW__SHOW_STOP;
  }
  return take_type(view, &one) ? put_payload(view, &one)
                               : tcpflow__view_cut(view);
}

uint32_t tcpflow__show_ethernet(tcpflow__view *view) {
  view->name = "ether";
  return tcpflow__show_frame(view, 0, NULL);
}
