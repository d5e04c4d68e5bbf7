/*
 * lib/text/overlayline.c - VXLAN, VXLAN-GPE, OTV and NSH as tcpdump writes
 * them.
 *
 * Room: text.  Includes: decode, wire.  VXLAN and OTV end their line, and the
 * frame inside begins another one.
 */
#include "text/overlayline.h"

#include "text/shows.h"

enum {
  HEADER_SIZE = 8,
  FLAG_INSTANCE = 0x08
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

/* The header is SIZE octets long, context and all. */
static uint32_t end_service(tcpflow__view *view, unsigned protocol,
                            uint32_t size) {
  if (!put_service_path(view)) {
    return tcpflow__view_cut(view);
  }
  if (size < HEADER_SIZE) {
    return tcpflow__view_stop(view, " (less than two headers) (invalid)");
  }
  if (tcpflow__view_at(view, 0, size) == NULL) {
    return tcpflow__view_cut(view);
  }
  tcpflow__put(view->line, view->verbose ? "\n    " : ": ");
  tcpflow__view_skip(view, size);
  return next_of(view, protocol);
}

/* RFC 8300 section 2. */
uint32_t tcpflow__show_nsh(tcpflow__view *view) {
  tcpflow__line *const line = view->line;
  const uint8_t *const head = tcpflow__view_at(view, 0, 4);
  const uint32_t size = head == NULL ? 0 : (head[1] & 0x3fU) * 4;

  view->name = "nsh";
  if (view->length < HEADER_SIZE) {
    tcpflow__put_word(line, " (packet length ", view->length);
    return tcpflow__view_stop(view, " < 8) (invalid)");
  }
  if (head == NULL) {
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
  return end_service(view, head[3], size);
}
