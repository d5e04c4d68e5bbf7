/*
 * lib/text/arcnetline.c - ARCNET as tcpdump writes it.
 *
 * Room: text.  Includes: decode, wire.
 */
#include "text/labels.h"
#include "text/lanline.h"

/* RFC 1051 and RFC 1201. */
enum {
  ARCNET_OLD_IP = 0xf0,
  ARCNET_OLD_ARP = 0xf1,
  ARCNET_DIAGNOSE = 0x80,
  ARCNET_IP = 0xd4,
  ARCNET_IPV6 = 0xc4,
  ARCNET_EXCEPTION = 0xff
};

static int is_old(unsigned type) {
  return type == ARCNET_OLD_IP || type == ARCNET_OLD_ARP ||
         type == ARCNET_DIAGNOSE;
}

static uint32_t next_of_arcnet(unsigned type) {
  switch (type) {
  case ARCNET_OLD_IP:
  case ARCNET_IP:
    return TCPFLOW__SHOW_ETHER + 0x0800;
  case ARCNET_IPV6:
    return TCPFLOW__SHOW_ETHER + 0x86dd;
  default:
    return TCPFLOW__SHOW_LAYER + TCPFLOW_LAYER_ARCNET;
  }
}

static void put_arcnet_ends(tcpflow__line *line, const uint8_t *head) {
  tcpflow__put_hex(line, head[0], 2);
  tcpflow__put_hex_word(line, " ", head[1], 2);
  tcpflow__put_char(line, ' ');
}

static void put_arcnet_type(tcpflow__line *line, unsigned type) {
  static const tcpflow__label_row rows[] = {
    {ARCNET_OLD_IP, "oldip"}, {ARCNET_IP, "ip"}, {ARCNET_IPV6, "ipv6"}};
  static const tcpflow__labels names = {rows, 3};
  const char *const name = tcpflow__label(&names, type, NULL);

  if (name != NULL) {
    tcpflow__put(line, name);
  } else {
    tcpflow__put_hex(line, type, 2);
  }
}

static void put_arcnet(const tcpflow__view *view, const uint8_t *head,
                       const uint8_t *split) {
  tcpflow__line *const line = view->line;

  put_arcnet_ends(line, head);
  put_arcnet_type(line, head[2]);
  if (split != NULL) {
    tcpflow__put_hex_word(line, " seqid ", tcpflow__fetch16(split + 1), 4);
    if (split[0] % 2 != 0) {
      tcpflow__put_word(line, " (first of ", (split[0] + 3U) / 2);
      tcpflow__put(line, " fragments)");
    } else if (split[0] != 0) {
      tcpflow__put_word(line, " (fragment ", split[0] / 2 + 1U);
      tcpflow__put_char(line, ')');
    }
  }
  tcpflow__put_word(line, " ", view->length);
  tcpflow__put(line, ": ");
}

/* Octets of the header; an exception frame has its fields twice. */
static uint32_t size_of(const tcpflow__view *view, unsigned type) {
  const uint8_t *const split = tcpflow__view_at(view, 3, 3);

  if (is_old(type)) {
    return 3;
  }
  return split != NULL && split[0] == ARCNET_EXCEPTION ? 10 : 6;
}

uint32_t tcpflow__show_arcnet(tcpflow__view *view) {
  const uint8_t *const head = tcpflow__view_at(view, 0, 3);

  view->name = "arcnet";
  if (head == NULL) {
    return tcpflow__view_cut(view);
  }
  const uint32_t size = size_of(view, head[2]);
  const uint8_t *const split = tcpflow__view_at(view, size - 3, 3);

  if (split == NULL) {
    put_arcnet(view, head, NULL);
    tcpflow__put(view->line, size == 10 ? " phds extended" : " phds");
    return tcpflow__view_cut(view);
  }
  if (view->link_header) {
    put_arcnet(view, head, size == 3 ? NULL : split);
  }
  tcpflow__view_skip(view, size);
  if (size > 3 && split[0] != 0 && split[0] % 2 == 0) {
    return TCPFLOW__SHOW_STOP;
  }
  return next_of_arcnet(head[2]);
}

/* As Linux captures it.  tcpdump writes the octet in which others have the
   type. */
uint32_t tcpflow__show_arcnet_linux(tcpflow__view *view) {
  const uint8_t *const head = tcpflow__view_at(view, 0, 5);
  const uint32_t size = head != NULL && is_old(head[4]) ? 5 : 8;

  view->name = "arcnet_linux";
  if (head == NULL || tcpflow__view_at(view, 0, size) == NULL) {
    return tcpflow__view_cut(view);
  }
  if (view->link_header) {
    put_arcnet(view, head, NULL);
  }
  tcpflow__view_skip(view, size);
  return next_of_arcnet(head[4]);
}
