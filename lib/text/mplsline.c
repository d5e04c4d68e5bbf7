/*
 * lib/text/mplsline.c - an MPLS label stack as tcpdump writes it.
 *
 * Room: text.  Includes: decode, wire.
 */
#include "text/shows.h"

enum {
  ENTRIES_MAX = 64, /* More labels than a packet can list. */
  STACK_BOTTOM = 0x100
};

/* RFC 3032 section 2.1. */
static void put_label(const tcpflow__view *view, uint32_t entry, int first) {
  static const char *const names[] = {
    " (IPv4 explicit NULL)", " (router alert)", " (IPv6 explicit NULL)",
    " (implicit NULL)"};
  const uint32_t label = entry >> 12;

  tcpflow__put(view->line, !first && view->verbose ? "\n\t" : " ");
  tcpflow__put_word(view->line, "(label ", label);
  if (view->verbose && label < 16) {
    tcpflow__put(view->line, label < 4 ? names[label] : " (rsvd)");
  }
  tcpflow__put_word(view->line, ", tc ", entry >> 9 & 7);
  tcpflow__put(view->line, (entry & STACK_BOTTOM) != 0 ? ", [S]" : "");
  tcpflow__put_word(view->line, ", ttl ", entry & 0xff);
  tcpflow__put_char(view->line, ')');
}

/* A reserved label says what is next; otherwise the first octet does. */
static uint32_t next_of_label(tcpflow__view *view, uint32_t label) {
  const uint8_t *const first = tcpflow__view_at(view, 0, 1);

  if (label == 0 || label == 3) {
    return TCPFLOW__SHOW_ETHER + 0x0800;
  }
  if (label == 2) {
    return TCPFLOW__SHOW_ETHER + 0x86dd;
  }
  if (first == NULL) {
    return tcpflow__view_cut(view);
  }
  if (first[0] >= 0x45 && first[0] <= 0x4f) {
    return TCPFLOW__SHOW_ETHER + 0x0800;
  }
  return first[0] >> 4 == 6 ? TCPFLOW__SHOW_ETHER + 0x86dd
                            : TCPFLOW__SHOW_LAYER + TCPFLOW_LAYER_MPLS;
}

uint32_t tcpflow__show_mpls(tcpflow__view *view) {
  uint32_t entry = 0;

  view->name = "mpls";
  tcpflow__put(view->line, "MPLS");
  for (unsigned i = 0; i < ENTRIES_MAX && (entry & STACK_BOTTOM) == 0; i++) {
    const uint8_t *const bytes = tcpflow__view_at(view, 0, 4);

    if (view->length < 4) {
      return tcpflow__view_stop(view, " (invalid)");
    }
    if (bytes == NULL) {
      return tcpflow__view_cut(view);
    }
    entry = tcpflow__fetch32(bytes);
    put_label(view, entry, i == 0);
    tcpflow__view_skip(view, 4);
  }
  const uint32_t next = next_of_label(view, entry >> 12);

  if (next != TCPFLOW__SHOW_STOP) {
    tcpflow__put(view->line, view->verbose ? "\n\t" : " ");
  }
  return next;
}
