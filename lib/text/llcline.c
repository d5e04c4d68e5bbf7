/*
 * lib/text/llcline.c - IEEE 802.2 and SNAP as tcpdump writes them.
 *
 * Room: text.  Includes: decode, wire.
 */
#include "text/labels.h"
#include "text/shows.h"

enum {
  POINT_IP = 0x06,
  POINT_SNAP = 0xaa,
  POINT_OSI = 0xfe,
  UNNUMBERED = 3, /* The low bits of such a control field, and a UI's all. */
  SNAP_SIZE = 5,
  OUI_ETHERNET = 0,
  OUI_CISCO = 0xf8,    /* Bridged by Cisco's. */
  OUI_BRIDGED = 0x80c2 /* RFC 2684 section 5.2. */
};

static const tcpflow__label_row oui_rows[] = {
  {OUI_ETHERNET, "Ethernet"},
  {OUI_CISCO, "Cisco bridged"},
  {OUI_BRIDGED, "Ethernet bridged"},
};
static const tcpflow__labels ouis = {oui_rows, 3};

static const tcpflow__label_row bridged_rows[] = {
  {1, "Ethernet + FCS"}, {2, "802.4 + FCS"},     {3, "802.5 + FCS"},
  {4, "FDDI + FCS"},     {5, "802.6 + FCS"},     {7, "Ethernet w/o FCS"},
  {8, "802.4 w/o FCS"},  {9, "802.5 w/o FCS"},   {10, "FDDI w/o FCS"},
  {11, "802.6 w/o FCS"}, {12, "802.6 FRAGMENT"}, {14, "BPDU"},
};
static const tcpflow__labels bridged = {bridged_rows, 12};

static void put_point(tcpflow__line *line, const char *word, unsigned point) {
  tcpflow__put(line, word);
  tcpflow__put(line, tcpflow__label(&tcpflow__llc_points, point, "Unknown"));
  tcpflow__put_hex_word(line, " (0x", point, 2);
  tcpflow__put(line, ") ");
}

static void put_header(const tcpflow__view *view, const uint8_t *llc,
                       unsigned control) {
  tcpflow__line *const line = view->line;

  put_point(line, "LLC, dsap ", llc[0] & 0xfeU);
  tcpflow__put(line, (llc[0] & 1U) != 0 ? "Group" : "Individual");
  put_point(line, ", ssap ", llc[1] & 0xfeU);
  tcpflow__put(line, (llc[1] & 1U) != 0 ? "Response" : "Command");
  tcpflow__put_hex_word(line, ", ctrl 0x", control,
                        (llc[2] & UNNUMBERED) == UNNUMBERED ? 2 : 4);
  tcpflow__put(line, ": ");
}

static void put_snap(const tcpflow__view *view, uint32_t oui, unsigned type) {
  tcpflow__line *const line = view->line;
  const tcpflow__labels *const types =
    oui == OUI_BRIDGED ? &bridged : &tcpflow__ether_types;

  tcpflow__put(line, "oui ");
  tcpflow__put(line, tcpflow__label(&ouis, oui, "Unknown"));
  tcpflow__put_hex_word(line, " (0x", oui, 6);
  tcpflow__put(line, oui == OUI_ETHERNET ? "), ethertype " : "), pid ");
  tcpflow__put(line, tcpflow__label(types, type, "Unknown"));
  tcpflow__put_hex_word(line, " (0x", type, 4);
  tcpflow__put_word(line, "), length ", view->length - SNAP_SIZE);
  tcpflow__put(line, ": ");
}

/* A whole frame of another kind; FDDI has one octet of padding more. */
static uint32_t show_bridged(tcpflow__view *view, unsigned type, uint32_t pad) {
  const unsigned kind = type > 6 ? type - 6 : type;

  if (kind == 4) {
    pad++;
  }
  if (tcpflow__view_at(view, 0, pad) == NULL) {
    return tcpflow__view_cut(view);
  }
  tcpflow__view_skip(view, pad);
  switch (kind) {
  case 1:
    return TCPFLOW__SHOW_LINK + TCPFLOW_LINK_ETHERNET;
  case 3:
    return TCPFLOW__SHOW_LINK + TCPFLOW_LINK_TOKEN_RING;
  case 4:
    return TCPFLOW__SHOW_LINK + TCPFLOW_LINK_FDDI;
  default:
    return TCPFLOW__SHOW_LAYER + TCPFLOW_LAYER_LLC;
  }
}

uint32_t tcpflow__show_snap(tcpflow__view *view, uint32_t pad) {
  const uint8_t *const snap = tcpflow__view_at(view, 0, SNAP_SIZE);

  view->name = "snap";
  if (snap == NULL || view->length < SNAP_SIZE) {
    return tcpflow__view_cut(view);
  }
  const uint32_t oui = tcpflow__fetch32(snap) >> 8;
  const unsigned type = tcpflow__fetch16(snap + 3);

  if (view->link_header) {
    put_snap(view, oui, type);
  }
  tcpflow__view_skip(view, SNAP_SIZE);
  if (oui == OUI_ETHERNET || oui == OUI_CISCO) {
    return TCPFLOW__SHOW_ETHER + type;
  }
  return oui == OUI_BRIDGED ? show_bridged(view, type, pad)
                            : TCPFLOW__SHOW_LAYER + TCPFLOW_LAYER_LLC;
}

uint32_t tcpflow__next_of_nlpid(unsigned nlpid) {
  switch (nlpid) {
  case 0xcc:
    return TCPFLOW__SHOW_ETHER + 0x0800;
  case 0x8e:
    return TCPFLOW__SHOW_ETHER + 0x86dd;
  default:
    return TCPFLOW__SHOW_LAYER + TCPFLOW_LAYER_LLC;
  }
}

static uint32_t show_osi(tcpflow__view *view) {
  const uint8_t *const nlpid = tcpflow__view_at(view, 0, 1);

  view->name = "isoclns";
  if (nlpid == NULL) {
    return tcpflow__view_cut(view);
  }
  if (view->link_header && (nlpid[0] == 0xcc || nlpid[0] == 0x8e)) {
    tcpflow__put(view->line, nlpid[0] == 0xcc ? "OSI NLPID IPv4 (0xcc): "
                                              : "OSI NLPID IPv6 (0x8e): ");
  }
  tcpflow__view_skip(view, 1);
  return tcpflow__next_of_nlpid(nlpid[0]);
}

/* What an unnumbered information frame carries. */
static uint32_t show_information(tcpflow__view *view, unsigned point) {
  tcpflow__view_skip(view, 3);
  switch (point) {
  case POINT_SNAP:
    return tcpflow__show_snap(view, 2);
  case POINT_IP:
    return TCPFLOW__SHOW_ETHER + 0x0800;
  case POINT_OSI:
    return show_osi(view);
  default:
    return TCPFLOW__SHOW_LAYER + TCPFLOW_LAYER_LLC;
  }
}

uint32_t tcpflow__show_llc(tcpflow__view *view) {
  const uint8_t *llc = tcpflow__view_at(view, 0, 3);
  const int long_control = llc != NULL && (llc[2] & UNNUMBERED) != UNNUMBERED;

  view->name = "llc";
  llc = tcpflow__view_at(view, 0, long_control ? 4 : 3);
  if (llc == NULL || view->length < (long_control ? 4U : 3U)) {
    return tcpflow__view_cut(view);
  }
  if (view->link_header) {
    put_header(view, llc,
               long_control ? llc[2] | (unsigned)llc[3] << 8 : llc[2]);
  }
  if (llc[2] == UNNUMBERED && (llc[0] & 0xfeU) == (llc[1] & 0xfeU)) {
    return show_information(view, llc[0] & 0xfeU);
  }
  return TCPFLOW__SHOW_LAYER + TCPFLOW_LAYER_LLC;
}
