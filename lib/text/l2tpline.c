/*
 * lib/text/l2tpline.c - L2TP version 2 (RFC 2661) as tcpdump writes it.
 *
 * Room: text.  Includes: decode, wire.  What it carries stands in braces.
 */
#include "text/overlayline.h"
#include "text/shows.h"

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
