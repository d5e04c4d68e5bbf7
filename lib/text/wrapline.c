/*
 * lib/text/wrapline.c - headers around frames of any link, and switch tags, as
 * tcpdump writes them.
 *
 * Room: text.  Includes: decode, wire.
 */
#include "text/etherline.h"
#include "text/labels.h"
#include "text/shows.h"
#include "text/wlanline.h"

enum {
  PKTAP_SIZE = 108,
  LINK_RAW = 12
};

static const tcpflow__label_row link_rows[] = {
  {TCPFLOW_LINK_NULL, "NULL"},
  {TCPFLOW_LINK_ETHERNET, "EN10MB"},
  {TCPFLOW_LINK_TOKEN_RING, "IEEE802"},
  {TCPFLOW_LINK_PPP, "PPP"},
  {TCPFLOW_LINK_FDDI, "FDDI"},
  {LINK_RAW, "RAW"},
  {TCPFLOW_LINK_IEEE802_11, "IEEE802_11"},
  {TCPFLOW_LINK_LOOP, "LOOP"},
  {TCPFLOW_LINK_LINUX_SLL, "LINUX_SLL"},
  {TCPFLOW_LINK_RADIOTAP, "IEEE802_11_RADIO"},
};
static const tcpflow__labels links = {link_rows,
                                      sizeof(link_rows) / sizeof(link_rows[0])};

static void put_link(const tcpflow__view *view, uint32_t link, uint32_t size) {
  tcpflow__put(view->line, "DLT ");
  tcpflow__put(view->line, tcpflow__label(&links, link, "UNKNOWN"));
  tcpflow__put_word(view->line, " (", link);
  tcpflow__put_word(view->line, ") len ", size);
  tcpflow__put_word(view->line, ", length ", view->length);
  tcpflow__put(view->line, ": ");
}

/* Little-endian. */
uint32_t tcpflow__show_ppi(tcpflow__view *view) {
  const uint8_t *const head = tcpflow__view_at(view, 0, 8);
  const uint32_t size = head == NULL ? 0 : head[2] | (unsigned)head[3] << 8;

  view->name = "ppi";
  if (head == NULL || size < 8 || tcpflow__view_at(view, 0, size) == NULL) {
    return tcpflow__view_cut(view);
  }
  const uint32_t link = tcpflow__fetch32_little(head + 4);

  if (view->link_header) {
    tcpflow__put_word(view->line, "V.", head[0]);
    tcpflow__put_char(view->line, ' ');
    put_link(view, link, size);
  }
  tcpflow__view_skip(view, size);
  return TCPFLOW__SHOW_LINK + link;
}

/* Apple's, little-endian. */
uint32_t tcpflow__show_pktap(tcpflow__view *view) {
  const uint8_t *const head = tcpflow__view_at(view, 0, PKTAP_SIZE);
  const uint32_t size = head == NULL ? 0 : tcpflow__fetch32_little(head);

  view->name = "pktap";
  if (head == NULL || size < PKTAP_SIZE ||
      tcpflow__view_at(view, 0, size) == NULL) {
    return tcpflow__view_cut(view);
  }
  const uint32_t link = tcpflow__fetch32_little(head + 8);

  if (view->link_header) {
    put_link(view, link, size);
  }
  tcpflow__view_skip(view, size);
  return TCPFLOW__SHOW_LINK + link;
}

/* Hilscher's: four octets that are not written. */
uint32_t tcpflow__show_netanalyzer(tcpflow__view *view) {
  view->name = "netanalyzer";
  if (tcpflow__view_at(view, 0, 4) == NULL) {
    return tcpflow__view_cut(view);
  }
  tcpflow__view_skip(view, 4);
  return tcpflow__show_ethernet(view);
}

static const char *broadcom_reason(unsigned bits) {
  static const char *const names[] = {"mirror",    "MAC learning", "switching",
                                      "prot term", "prot snoop",   "exception",
                                      "flood",     "reserved"};
  unsigned i = 0;

  while (i < 7 && (bits >> i & 1) == 0) {
    i++;
  }
  return bits == 0 ? "reserved" : names[i];
}

static void put_broadcom(const tcpflow__view *view, const uint8_t *tag) {
  static const char *const ways[] = {"None", "Untag", "Header", "Reserved"};
  tcpflow__line *const line = view->line;
  const unsigned operation = tag[0] >> 5;

  tcpflow__put(line,
               operation == 0 ? "BRCM tag OP: EG, " : "BRCM tag OP: IG, ");
  if (operation == 1) {
    tcpflow__put_word(line, "TC: ", tag[0] >> 2 & 7U);
    tcpflow__put(line, ", TE: ");
    tcpflow__put(line, ways[tag[0] & 3U]);
    tcpflow__put_word(line, ", TS: ", tag[1] >> 7);
    tcpflow__put_hex_word(line, ", DST map: 0x", tcpflow__fetch16(tag + 2), 4);
  } else {
    tcpflow__put_word(line, "CID: ", tag[1]);
    tcpflow__put(line, ", RC: ");
    tcpflow__put(line, broadcom_reason(tag[2]));
    tcpflow__put_word(line, ", TC: ", tag[3] >> 5);
    tcpflow__put_word(line, ", port: ", tag[3] & 0x1fU);
  }
  tcpflow__put(line, ", ");
}

uint32_t tcpflow__show_broadcom(tcpflow__view *view) {
  view->name = "brcm-tag";
  return tcpflow__show_frame(view, 4, put_broadcom);
}

/* The tag in front of the frame is written by -e only. */
uint32_t tcpflow__show_broadcom_first(tcpflow__view *view) {
  const uint8_t *const tag = tcpflow__view_at(view, 0, 4);

  view->name = "brcm-tag-prepend";
  if (tag == NULL) {
    return tcpflow__view_cut(view);
  }
  if (view->link_header) {
    put_broadcom(view, tag);
  }
  tcpflow__view_skip(view, 4);
  return tcpflow__show_ethernet(view);
}

/* Marvell's modes, of the first two bits. */
enum {
  MODE_TO_CPU,
  MODE_FROM_CPU,
  MODE_SNIFFER,
  MODE_FORWARD
};

static unsigned port_of(const uint8_t *tag) {
  return tag[1] >> 3;
}

static void put_port(tcpflow__line *line, const char *word,
                     const uint8_t *tag) {
  tcpflow__put_word(line, word, tag[0] & 0x1fU);
  tcpflow__put_word(line, ".", port_of(tag));
}

static void put_dsa_short(tcpflow__line *line, const uint8_t *tag) {
  switch (tag[0] >> 6) {
  case MODE_FORWARD:
    put_port(line, (tag[1] & 4U) != 0 ? "Forward trunk " : "Forward port ",
             tag);
    break;
  case MODE_FROM_CPU:
    put_port(line, "CPU > port ", tag);
    break;
  default:
    put_port(line, "port ", tag);
    tcpflow__put(line, " > CPU");
    break;
  }
  tcpflow__put_word(line, ", VLAN ", tcpflow__fetch16(tag + 2) & 0xfffU);
  tcpflow__put(line, (tag[0] & 0x20U) != 0 ? "t, " : "u, ");
}

static const char *code_name(const uint8_t *tag) {
  static const char *const names[] = {
    "BPDU (MGMT) Trap",   "Frame-to-Register Read/Write",
    "IGMP/MLD Trap",      "Policy Trap",
    "ARP Mirror or Trap", "Policy Mirror",
    "Reserved",           "Reserved"};

  return names[(tag[1] & 6U) | (tag[2] >> 4 & 1U)];
}

static void put_dsa_mode(tcpflow__line *line, const uint8_t *tag) {
  static const char *const names[] = {
    "mode To CPU, source dev ", "mode From CPU, target dev ",
    "mode To Sniffer, source dev ", "mode Forward, dev "};
  const unsigned mode = tag[0] >> 6;

  tcpflow__put_word(line, names[mode], tag[0] & 0x1fU);
  tcpflow__put_word(
    line, mode == MODE_FORWARD && (tag[1] & 4U) != 0 ? ", trunk " : ", port ",
    port_of(tag));
  if (mode == MODE_TO_CPU) {
    tcpflow__put(line, ", code ");
    tcpflow__put(line, code_name(tag));
  }
}

static void put_dsa_long(tcpflow__line *line, const uint8_t *tag) {
  put_dsa_mode(line, tag);
  tcpflow__put(line, (tag[0] & 0x20U) != 0 ? ", tagged" : ", untagged");
  tcpflow__put(line, (tag[1] & 1U) != 0 ? ", CFI" : "");
  tcpflow__put_word(line, ", VID ", tcpflow__fetch16(tag + 2) & 0xfffU);
  tcpflow__put_word(line, ", FPri ", tag[2] >> 5);
  tcpflow__put(line, ", ");
}

static void put_dsa(const tcpflow__view *view, const uint8_t *tag) {
  if (view->link_header) {
    tcpflow__put(view->line, "Marvell DSA ");
    put_dsa_long(view->line, tag);
  } else {
    tcpflow__put(view->line, "DSA ");
    put_dsa_short(view->line, tag);
  }
}

static void put_edsa(const tcpflow__view *view, const uint8_t *tag) {
  tcpflow__line *const line = view->line;
  const unsigned type = tcpflow__fetch16(tag);

  if (!view->link_header) {
    tcpflow__put_hex_word(line, "EDSA 0x", type, 4);
    tcpflow__put(line, ", ");
    put_dsa_short(line, tag + 4);
    return;
  }
  tcpflow__put_hex_word(line, "Marvell EDSA ethertype 0x", type, 4);
  tcpflow__put(line, " (");
  tcpflow__put(line, tcpflow__label(&tcpflow__ether_types, type, "Unknown"));
  tcpflow__put_word(line, "), rsvd ", tag[2]);
  tcpflow__put_word(line, " ", tag[3]);
  tcpflow__put(line, ", ");
  put_dsa_long(line, tag + 4);
}

uint32_t tcpflow__show_dsa(tcpflow__view *view) {
  view->name = "dsa";
  return tcpflow__show_frame(view, 4, put_dsa);
}

uint32_t tcpflow__show_edsa(tcpflow__view *view) {
  view->name = "edsa";
  return tcpflow__show_frame(view, 8, put_edsa);
}
