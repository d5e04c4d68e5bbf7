/*
 * lib/text/overlayline.c - VXLAN, VXLAN-GPE, GENEVE, OTV, NSH and L2TP as
 * tcpdump writes them.
 *
 * Room: text.  Includes: decode, wire.  VXLAN and OTV end their line, and the
 * frame inside begins another one.
 */
#include "text/overlayline.h"

#include "text/labels.h"
#include "text/shows.h"

enum {
  HEADER_SIZE = 8,
  FLAG_INSTANCE = 0x08,
  TYPE_TEB = 0x6558
};

/* Letters for the bits that are set, from LETTERS's first at bit 7 on; '.' has
   none.  `none` if that is all. */
static void put_letters(tcpflow__line *line, const char *letters,
                        unsigned bits) {
  int some = 0;

  for (unsigned i = 0; i < 8; i++) {
    if ((bits << i & 0x80) != 0 && letters[i] != '.') {
      tcpflow__put_char(line, letters[i]);
      some = 1;
    }
  }
  tcpflow__put(line, some ? "" : "none");
}

static void put_instance(const tcpflow__view *view, unsigned flags) {
  tcpflow__put(view->line, ", flags [");
  tcpflow__put(view->line, (flags & FLAG_INSTANCE) != 0 ? "I" : "invalid");
  tcpflow__put_hex_word(view->line, "] (0x", flags, 2);
  tcpflow__put(view->line, "), ");
}

/* A number of three octets, SKIP octets from here.  Answers 0 if it is cut. */
static int put_number(const tcpflow__view *view, const char *word,
                      uint32_t skip) {
  const uint8_t *const number = tcpflow__view_at(view, skip, 3);

  if (number == NULL) {
    return 0;
  }
  tcpflow__put_word(view->line, word,
                    (uint32_t)number[0] << 16 | tcpflow__fetch16(number + 1));
  return 1;
}

/* Behind the numbers, an octet is left; then a frame begins a line. */
static uint32_t end_line(tcpflow__view *view) {
  tcpflow__put_char(view->line, '\n');
  if (tcpflow__view_there(view) < HEADER_SIZE) {
    return tcpflow__view_cut(view);
  }
  tcpflow__view_skip(view, HEADER_SIZE);
  return TCPFLOW__SHOW_LINK + TCPFLOW_LINK_ETHERNET;
}

/* RFC 7348 section 5. */
uint32_t tcpflow__show_vxlan(tcpflow__view *view) {
  const uint8_t *const flags = tcpflow__view_at(view, 0, 1);

  view->name = "vxlan";
  tcpflow__put(view->line, "VXLAN");
  if (view->length < HEADER_SIZE) {
    return tcpflow__view_stop(view, " (invalid)");
  }
  if (flags == NULL) {
    return tcpflow__view_cut(view);
  }
  put_instance(view, flags[0]);
  return put_number(view, "vni ", 4) ? end_line(view) : tcpflow__view_cut(view);
}

/* Cisco's overlay transport virtualization: VXLAN with one number more. */
uint32_t tcpflow__show_otv(tcpflow__view *view) {
  const uint8_t *const flags = tcpflow__view_at(view, 0, 1);

  view->name = "otv";
  tcpflow__put(view->line, "OTV");
  if (view->length < HEADER_SIZE) {
    return tcpflow__view_stop(view, " (invalid)");
  }
  if (flags == NULL) {
    tcpflow__put(view->line, ", ");
    return tcpflow__view_cut(view);
  }
  put_instance(view, flags[0]);
  if (!put_number(view, "overlay ", 1)) {
    return tcpflow__view_cut(view);
  }
  tcpflow__put(view->line, ", ");
  return put_number(view, "instance ", 4) ? end_line(view)
                                          : tcpflow__view_cut(view);
}

/* What "next protocol" says in VXLAN-GPE and NSH (RFC 8300 section 2.2). */
static uint32_t next_of(const tcpflow__view *view, unsigned protocol) {
  switch (protocol) {
  case 1:
    return TCPFLOW__SHOW_ETHER + 0x0800;
  case 2:
    return TCPFLOW__SHOW_ETHER + 0x86dd;
  case 3:
    return TCPFLOW__SHOW_LINK + TCPFLOW_LINK_ETHERNET;
  default:
    return tcpflow__view_stop(view, "ERROR: unknown-next-protocol (invalid)");
  }
}

uint32_t tcpflow__show_vxlan_gpe(tcpflow__view *view) {
  tcpflow__line *const line = view->line;
  const uint8_t *const head = tcpflow__view_at(view, 0, 1);

  view->name = "vxlan_gpe";
  tcpflow__put(line, "VXLAN-GPE");
  if (view->length < HEADER_SIZE) {
    return tcpflow__view_stop(view, " (invalid)");
  }
  tcpflow__put(line, ", ");
  if (head == NULL) {
    return tcpflow__view_cut(view);
  }
  tcpflow__put(line, "flags [");
  put_letters(line, "....IP.O", head[0]);
  tcpflow__put(line, "], ");
  if (tcpflow__view_there(view) < HEADER_SIZE) {
    return tcpflow__view_cut(view);
  }
  (void)put_number(view, "vni ", 4);
  tcpflow__put(line, view->verbose ? "\n    " : ": ");
  tcpflow__view_skip(view, HEADER_SIZE);
  return head[3] == 4 ? tcpflow__show_nsh(view) : next_of(view, head[3]);
}

/* The part behind the first word.  Answers 0 if it is cut. */
static int put_service_path(const tcpflow__view *view) {
  const uint8_t *const path = tcpflow__view_at(view, 4, 3);
  const uint8_t *const index = tcpflow__view_at(view, 7, 1);

  if (path == NULL) {
    return 0;
  }
  tcpflow__put(view->line, "service-path-id 0x");
  tcpflow__put_octets(view->line, path, 3);
  tcpflow__put(view->line, ", ");
  if (index == NULL) {
    return 0;
  }
  tcpflow__put_hex_word(view->line, "service-index 0x", index[0], 1);
  return 1;
}

/* RFC 8300 section 2. */
uint32_t tcpflow__show_nsh(tcpflow__view *view) {
  tcpflow__line *const line = view->line;
  const uint8_t *const head = tcpflow__view_at(view, 0, 4);
  const uint32_t size = head == NULL ? 0 : (head[1] & 0x3fU) * 4;

  view->name = "nsh";
  if (head == NULL || view->length < HEADER_SIZE) {
    return tcpflow__view_cut(view);
  }
  tcpflow__put(line, "NSH, ");
  if (head[0] >> 6 != 0) {
    return TCPFLOW__SHOW_STOP;
  }
  tcpflow__put(line, (head[0] & 0x20U) != 0 ? "flags [O], " : "flags [none], ");
  if (view->length < size) {
    tcpflow__put_word(line, " (too many headers for packet length ",
                      view->length);
    return tcpflow__view_stop(view, ") (invalid)");
  }
  if (!put_service_path(view)) {
    return tcpflow__view_cut(view);
  }
  if (size < HEADER_SIZE) {
    return tcpflow__view_stop(view, " (less than two headers) (invalid)");
  }
  if (tcpflow__view_at(view, 0, size) == NULL) {
    return tcpflow__view_cut(view);
  }
  tcpflow__put(line, view->verbose ? "\n    " : ": ");
  tcpflow__view_skip(view, size);
  return next_of(view, head[3]);
}

static const char *class_name(unsigned number) {
  static const char *const names[] = {
    "Linux", "Open vSwitch", "Open Virtual Networking (OVN)",
    "In-band Network Telemetry (INT)", "VMware"};

  if (number <= 0xff) {
    return "Standard";
  }
  if (number >= 0xfff0) {
    return "Experimental";
  }
  return number <= 0x104 ? names[number - 0x100] : "Unknown";
}

/* RFC 8926 section 3.5; SIZE octets that are all there. */
static void put_geneve_options(tcpflow__line *line, const uint8_t *options,
                               uint32_t size) {
  uint32_t step = 0;

  for (uint32_t at = 0; at < size; at += step) {
    const uint8_t *const option = options + at;
    const unsigned number = tcpflow__fetch16(option);

    step = 4 + (option[3] & 0x1fU) * 4;
    tcpflow__put(line, at == 0 ? "class " : ", class ");
    tcpflow__put(line, class_name(number));
    tcpflow__put_hex_word(line, " (0x", number, 1);
    tcpflow__put_hex_word(line, ") type 0x", option[2], 1);
    tcpflow__put(line, (option[2] & 0x80U) != 0 ? "(C)" : "");
    tcpflow__put_word(line, " len ", step);
    if (step > size - at) {
      tcpflow__put(line, " [bad length]");
      return;
    }
  }
}

static void put_geneve_head(const tcpflow__view *view, const uint8_t *head) {
  static const char *const names[] = {"O",  "C",  "R1", "R2",
                                      "R3", "R4", "R5", "R6"};
  tcpflow__line *const line = view->line;
  const unsigned type = tcpflow__fetch16(head + 2);

  tcpflow__put(line, ", Flags [");
  tcpflow__put(line, head[1] == 0 ? "none" : "");
  for (unsigned i = 0; i < 8; i++) {
    tcpflow__put(line, (head[1] << i & 0x80) != 0 ? names[i] : "");
  }
  tcpflow__put_hex_word(line, "], vni 0x", tcpflow__fetch32(head + 4) >> 8, 1);
  if (head[7] != 0) {
    tcpflow__put_hex_word(line, ", rsvd 0x", head[7], 1);
  }
  if (view->link_header) {
    tcpflow__put(line, ", proto ");
    tcpflow__put(line, tcpflow__label(&tcpflow__ether_types, type, "unknown"));
    tcpflow__put_hex_word(line, " (0x", type, 4);
    tcpflow__put_char(line, ')');
  }
}

/* Answers 0 if the line ends here. */
static int put_geneve_list(tcpflow__view *view, uint32_t size) {
  if (view->length < size) {
    tcpflow__put_word(view->line, " truncated-geneve - ", size - view->length);
    tcpflow__put(view->line, " bytes missing");
    return 0;
  }
  const uint8_t *const options = tcpflow__view_at(view, 0, size);

  if (options == NULL) {
    (void)tcpflow__view_cut(view);
    return 0;
  }
  if (size == 0) {
    return 1;
  }
  tcpflow__put(view->line, ", options [");
  if (view->verbose) {
    put_geneve_options(view->line, options, size);
  } else {
    tcpflow__put_word(view->line, "", size);
    tcpflow__put(view->line, " bytes");
  }
  tcpflow__put_char(view->line, ']');
  return 1;
}

uint32_t tcpflow__show_geneve(tcpflow__view *view) {
  const uint8_t *const head = tcpflow__view_at(view, 0, HEADER_SIZE);

  view->name = "geneve";
  tcpflow__put(view->line, "Geneve");
  if (head == NULL) {
    return tcpflow__view_cut(view);
  }
  if (head[0] >> 6 != 0) {
    tcpflow__put_word(view->line, " ERROR: unknown-version ", head[0] >> 6);
    return TCPFLOW__SHOW_STOP;
  }
  const uint32_t size = (head[0] & 0x3fU) * 4;
  const unsigned type = tcpflow__fetch16(head + 2);

  put_geneve_head(view, head);
  tcpflow__view_skip(view, HEADER_SIZE);
  if (!put_geneve_list(view, size)) {
    return TCPFLOW__SHOW_STOP;
  }
  tcpflow__view_skip(view, size);
  tcpflow__put(view->line, view->verbose ? "\n\t" : ": ");
  return type == TYPE_TEB ? TCPFLOW__SHOW_LINK + TCPFLOW_LINK_ETHERNET
                          : TCPFLOW__SHOW_ETHER + type;
}

/* RFC 2661 section 3.1: bits of the first octet. */
enum {
  L2TP_TYPE = 0x80,
  L2TP_LENGTH = 0x40,
  L2TP_SEQUENCE = 0x08,
  L2TP_OFFSET = 0x02
};

static void put_l2tp_flags(tcpflow__line *line, unsigned bits) {
  tcpflow__put_char(line, '[');
  tcpflow__put(line, (bits & L2TP_TYPE) != 0 ? "T" : "");
  tcpflow__put(line, (bits & L2TP_LENGTH) != 0 ? "L" : "");
  tcpflow__put(line, (bits & L2TP_SEQUENCE) != 0 ? "S" : "");
  tcpflow__put(line, (bits & L2TP_OFFSET) != 0 ? "O" : "");
  tcpflow__put(line, (bits & 1U) != 0 ? "P" : "");
  tcpflow__put_char(line, ']');
}

/* Takes a number of two octets.  Answers 0 if it is cut. */
static int put_half(tcpflow__view *view, const char *word, const char *behind) {
  const uint8_t *const number = tcpflow__view_at(view, 0, 2);

  if (number == NULL) {
    return 0;
  }
  tcpflow__put_word(view->line, word, tcpflow__fetch16(number));
  tcpflow__put(view->line, behind);
  tcpflow__view_skip(view, 2);
  return 1;
}

/* The length is passed by. */
static int skip_l2tp_length(tcpflow__view *view) {
  if (tcpflow__view_at(view, 0, 2) == NULL) {
    return 0;
  }
  tcpflow__view_skip(view, 2);
  return 1;
}

static int skip_l2tp_padding(tcpflow__view *view) {
  const uint8_t *const size = tcpflow__view_at(view, 0, 2);

  if (size == NULL ||
      tcpflow__view_at(view, 2, tcpflow__fetch16(size)) == NULL) {
    return 0;
  }
  tcpflow__view_skip(view, 2U + tcpflow__fetch16(size));
  return 1;
}

/* What the header has, by its first bits.  Answers 0 if it is cut. */
static int put_l2tp_numbers(tcpflow__view *view, unsigned bits) {
  return ((bits & L2TP_LENGTH) == 0 || skip_l2tp_length(view)) &&
         put_half(view, "(", "/") && put_half(view, "", ")") &&
         ((bits & L2TP_SEQUENCE) == 0 ||
          (put_half(view, "Ns=", ",") && put_half(view, "Nr=", ""))) &&
         ((bits & L2TP_OFFSET) == 0 || skip_l2tp_padding(view));
}

uint32_t tcpflow__show_l2tp(tcpflow__view *view) {
  const uint8_t *const head = tcpflow__view_at(view, 0, 2);

  view->name = "l2tp";
  if (head == NULL || view->length < 6) {
    return tcpflow__view_cut(view);
  }
  if ((head[1] & 0xfU) != 2) {
    return (head[1] & 0xfU) == 3 ? TCPFLOW__SHOW_LAYER + TCPFLOW_LAYER_L2TP
                                 : tcpflow__view_stop(view, " l2f:");
  }
  tcpflow__put(view->line, " l2tp:");
  put_l2tp_flags(view->line, head[0]);
  tcpflow__view_skip(view, 2);
  if (!put_l2tp_numbers(view, head[0])) {
    return tcpflow__view_cut(view);
  }
  if ((head[0] & L2TP_TYPE) != 0) {
    return TCPFLOW__SHOW_STOP;
  }
  tcpflow__put(view->line, " {");
  view->braces++;
  return tcpflow__show_ppp(view);
}
