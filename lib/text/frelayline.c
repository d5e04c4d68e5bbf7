/*
 * lib/text/frelayline.c - Frame Relay (RFC 2427) as tcpdump writes it.
 *
 * Room: text.  Includes: decode, wire.
 */
#include "text/labels.h"
#include "text/pppline.h"
#include "text/shows.h"

/* Q.922 (RFC 2427 section 4): an address of 2 to 4 octets. */
typedef struct address {
  uint32_t size;
  uint32_t circuit; /* DLCI. */
  unsigned flags;   /* Bits: C/R, DE, BECN, FECN, DL-CORE control. */
} address;

enum {
  FLAG_COMMAND = 1,
  FLAG_DISCARD = 2,
  FLAG_BACKWARD = 4,
  FLAG_FORWARD = 8,
  FLAG_CONTROL = 16
};

/* The third and fourth octets.  Answers 0 if there is no end. */
static int take_long_address(const tcpflow__view *view, address *one) {
  const uint8_t *octet = tcpflow__view_at(view, 2, 1);

  if (octet == NULL) {
    return 0;
  }
  one->size = 3;
  if (octet[0] % 2 == 0) {
    one->circuit = one->circuit << 7 | octet[0] >> 1;
    one->size = 4;
    octet = tcpflow__view_at(view, 3, 1);
  }
  if (octet == NULL || octet[0] % 2 == 0) {
    return 0;
  }
  one->flags |= (octet[0] & 2U) != 0 ? FLAG_CONTROL : 0;
  one->circuit = one->circuit << 6 | octet[0] >> 2;
  return 1;
}

static int take_address(const tcpflow__view *view, address *one) {
  const uint8_t *const head = tcpflow__view_at(view, 0, 2);

  if (head == NULL || head[0] % 2 != 0) {
    return 0;
  }
  one->size = 2;
  one->circuit = (uint32_t)head[0] >> 2 << 4 | (uint32_t)head[1] >> 4;
  one->flags = ((head[0] & 2U) != 0 ? FLAG_COMMAND : 0) |
               ((head[1] & 2U) != 0 ? FLAG_DISCARD : 0) |
               ((head[1] & 4U) != 0 ? FLAG_BACKWARD : 0) |
               ((head[1] & 8U) != 0 ? FLAG_FORWARD : 0);
  return head[1] % 2 != 0 || take_long_address(view, one);
}

static void put_circuit(tcpflow__line *line, const address *one) {
  static const char *const names[] = {"C!", "DE", "BECN", "FECN", "sdlcore"};
  const char *separator = "";

  tcpflow__put_word(line, "Q.922, hdr-len ", one->size);
  tcpflow__put_word(line, ", DLCI ", one->circuit);
  tcpflow__put(line, ", Flags [");
  tcpflow__put(line, one->flags == 0 ? "none" : "");
  for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
    if ((one->flags >> i & 1) != 0) {
      tcpflow__put(line, separator);
      tcpflow__put(line, names[i]);
      separator = ", ";
    }
  }
  tcpflow__put(line, "], ");
}

static void put_nlpid(tcpflow__view *view, const address *one, unsigned nlpid) {
  static const tcpflow__label_row rows[] = {
    {0x80, "SNAP"}, {0x8e, "IPv6"}, {0xcc, "IPv4"}, {0xcf, "PPP"}};
  static const tcpflow__labels names = {rows, 4};

  put_circuit(view->line, one);
  tcpflow__put(view->line, "NLPID ");
  tcpflow__put(view->line, tcpflow__label(&names, nlpid, "unknown"));
  tcpflow__put_hex_word(view->line, " (0x", nlpid, 2);
  tcpflow__put_word(view->line, "), length ", view->length);
  tcpflow__put(view->line, ": ");
}

/* Cisco's framing has an EtherType in the place of the control octet. */
static uint32_t show_circuit_type(tcpflow__view *view, const address *one) {
  const uint8_t *const bytes = tcpflow__view_at(view, one->size, 2);

  if (bytes == NULL) {
    return tcpflow__view_cut(view);
  }
  if (view->link_header) {
    put_circuit(view->line, one);
    tcpflow__put(view->line, "cisco-");
    tcpflow__put_ether_type(view->line, tcpflow__fetch16(bytes));
    tcpflow__put_word(view->line, ", length ", view->length);
    tcpflow__put(view->line, ": ");
  }
  tcpflow__view_skip(view, one->size + 2);
  return TCPFLOW__SHOW_ETHER + tcpflow__fetch16(bytes);
}

static uint32_t show_nlpid(tcpflow__view *view, const address *one) {
  const uint8_t *const head = tcpflow__view_at(view, one->size, 2);

  if (head == NULL) {
    return tcpflow__view_cut(view);
  }
  const uint32_t padding = head[1] == 0;

  if (padding != (one->size == 3)) {
    tcpflow__put(view->line, padding ? "Pad! " : "No pad! ");
  }
  const uint8_t *const nlpid =
    tcpflow__view_at(view, one->size + 1 + padding, 1);

  if (nlpid == NULL) {
    return tcpflow__view_cut(view);
  }
  if (view->link_header) {
    put_nlpid(view, one, nlpid[0]);
  }
  tcpflow__view_skip(view, one->size + 2 + padding);
  switch (nlpid[0]) {
  case 0x80:
    return tcpflow__show_snap(view, 0);
  case 0xcf:
    return tcpflow__show_ppp(view);
  default:
    return tcpflow__next_of_nlpid(nlpid[0]);
  }
}

uint32_t tcpflow__show_frame_relay(tcpflow__view *view) {
  address one = {0, 0, 0};
  const uint8_t *const head = tcpflow__view_at(view, 0, 4);

  view->name = "fr";
  if (head == NULL) {
    return tcpflow__view_cut(view);
  }
  if (!take_address(view, &one)) {
    return tcpflow__view_stop(view, "Q.922, invalid address");
  }
  const uint8_t *const control = tcpflow__view_at(view, one.size, 1);

  if (control == NULL) {
    return tcpflow__view_cut(view);
  }
  return control[0] != 3 && one.circuit != 0 ? show_circuit_type(view, &one)
                                             : show_nlpid(view, &one);
}
