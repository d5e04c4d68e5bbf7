/*
 * lib/text/geneveline.c - GENEVE (RFC 8926) as tcpdump writes it.
 *
 * Room: text.  Includes: decode, wire.
 */
#include "text/labels.h"
#include "text/overlayline.h"

enum {
  HEADER_SIZE = 8,
  TYPE_TEB = 0x6558
};

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
