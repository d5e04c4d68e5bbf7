/*
 * lib/text/wlanline.c - 802.11 data frames as tcpdump writes them.
 *
 * Room: text.  Includes: decode, wire.
 */
#include "text/wlanline.h"

#include "text/shows.h"

/* IEEE 802.11-2020 clause 9.2.4.1: the frame control field, which is
   little-endian. */
enum {
  TYPE_DATA = 0x08,
  TYPE_MASK = 0x0f, /* With the protocol version. */
  SUBTYPE_ACK = 0x10,
  SUBTYPE_POLL = 0x20,
  SUBTYPE_NULL = 0x40,
  SUBTYPE_QOS = 0x80,
  TO_DS = 0x0100,
  FROM_DS = 0x0200,
  PROTECTED = 0x4000
};

/* What -v writes before the addresses. */
static void put_details(tcpflow__line *line, unsigned control,
                        const uint8_t *head) {
  static const struct {
    uint16_t bit;
    const char *name;
  } names[] = {{0x2000, "More Data "},        {0x0400, "More Fragments "},
               {0x1000, "Pwr Mgmt "},         {0x0800, "Retry "},
               {0x8000, "Strictly Ordered "}, {PROTECTED, "Protected "}};

  for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
    tcpflow__put(line, (control & names[i].bit) != 0 ? names[i].name : "");
  }
  tcpflow__put_decimal(line, head[2] | (unsigned)head[3] << 8);
  tcpflow__put(line, "us ");
}

static void put_subtype(tcpflow__line *line, unsigned control) {
  const unsigned ack = control & SUBTYPE_ACK;
  const unsigned poll = control & SUBTYPE_POLL;

  if ((control & (SUBTYPE_ACK | SUBTYPE_POLL | SUBTYPE_QOS)) == 0) {
    return;
  }
  tcpflow__put(line, "CF ");
  tcpflow__put(line, ack != 0 ? "Ack" : "");
  tcpflow__put(line, poll == 0 ? "" : ack != 0 ? "/Poll" : "Poll");
  tcpflow__put(line, (control & SUBTYPE_QOS) != 0 ? "+QoS " : " ");
}

static void put_address(tcpflow__line *line, const char *name,
                        const uint8_t *octets) {
  tcpflow__put(line, name);
  tcpflow__put_mac(line, octets);
  tcpflow__put_char(line, ' ');
}

/* Table 9-30: which address is whose. */
static void put_addresses(tcpflow__line *line, unsigned control,
                          const uint8_t *head) {
  static const char *const names[4][3] = {{"DA:", "SA:", "BSSID:"},
                                          {"BSSID:", "SA:", "DA:"},
                                          {"DA:", "BSSID:", "SA:"},
                                          {"RA:", "TA:", "DA:"}};
  const unsigned way = control >> 8 & 3U;

  put_address(line, names[way][0], head + 4);
  put_address(line, names[way][1], head + 10);
  put_address(line, names[way][2], head + 16);
  if (way == 3) {
    put_address(line, "SA:", head + 24);
  }
}

static uint32_t header_size(unsigned control, int padded) {
  const uint32_t four = (control & (TO_DS | FROM_DS)) == (TO_DS | FROM_DS);
  const uint32_t size = 24 + four * 6 + ((control & SUBTYPE_QOS) != 0 ? 2 : 0);

  return padded ? (size + 3) & ~UINT32_C(3) : size;
}

/* Answers 0 if there is less than the check sequence. */
static int take_check(tcpflow__view *view, uint32_t check) {
  if (view->length < check) {
    return 0;
  }
  view->length -= check;
  tcpflow__view_limit(view, view->offset, view->length);
  return 1;
}

uint32_t tcpflow__show_wlan_frame(tcpflow__view *view, int padded,
                                  uint32_t check) {
  view->name = "802.11";
  const int enough = take_check(view, check);
  const uint8_t *head = tcpflow__view_at(view, 0, 2);

  if (!enough || head == NULL) {
    return tcpflow__view_cut(view);
  }
  const unsigned control = head[0] | (unsigned)head[1] << 8;
  const uint32_t size = header_size(control, padded);

  if ((control & TYPE_MASK) != TYPE_DATA) {
    return TCPFLOW__SHOW_STOP;
  }
  head = tcpflow__view_at(view, 0, size);
  if (head == NULL) {
    return tcpflow__view_cut(view);
  }
  if (view->link_header && view->verbose) {
    put_details(view->line, control, head);
  }
  if (view->link_header) {
    put_subtype(view->line, control);
    put_addresses(view->line, control, head);
  }
  tcpflow__view_skip(view, size);
  if ((control & SUBTYPE_NULL) != 0) {
    return TCPFLOW__SHOW_STOP;
  }
  return (control & PROTECTED) == 0
           ? tcpflow__show_llc(view)
           : TCPFLOW__SHOW_LAYER + TCPFLOW_LAYER_IEEE802_11;
}

uint32_t tcpflow__show_wlan(tcpflow__view *view) {
  return tcpflow__show_wlan_frame(view, 0, 0);
}
