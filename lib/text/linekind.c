/*
 * lib/text/linekind.c - lines that hold no TCP packet.
 *
 * Room: text.  Includes: nothing of ours.
 */
#include "text/linekind.h"

#include <string.h>

#include "text/timeread.h"

/* What tcpdump says of itself, and how it starts octets of a payload. */
static const char *const remarks[] = {
  "listening on ",           "reading from file ", "tcpdump: ",
  " packets captured",       " packet captured",   " packets received by",
  " packets dropped by int", "link-type ",         "[Invalid header: ",
};

static int is_blank(tcpflow__scan line) {
  for (; tcpflow__scan_left(&line) > 0; line.text++) {
    if (strchr(" -=_#+|~>.", *line.text) == NULL || *line.text == '\0') {
      return 0;
    }
  }
  return 1;
}

static int is_remark(tcpflow__scan line) {
  for (size_t i = 0; i < sizeof(remarks) / sizeof(remarks[0]); i++) {
    if (tcpflow__scan_find(&line, remarks[i]) != NULL) {
      return 1;
    }
  }
  return 0;
}

/* 0x0010:  4500 0028 */
static int is_octets(tcpflow__scan line) {
  uint64_t offset;

  tcpflow__scan_spaces(&line);
  return tcpflow__scan_string(&line, "0x") &&
         tcpflow__scan_hex(&line, &offset) && tcpflow__scan_char(&line, ':');
}

static int has_word(const tcpflow__scan *line, const char *word) {
  return tcpflow__scan_find(line, word) != NULL;
}

/* A part of a packet's lines, with -v or -e: an IP header, an Ethernet header,
   an MPLS label. */
static int is_header(tcpflow__scan line) {
  return has_word(&line, "(tos 0x") || has_word(&line, ", next-header ") ||
         has_word(&line, ", ethertype ") || has_word(&line, "(label ");
}

/* A time, and the name of a protocol. */
static int is_packet(tcpflow__scan line) {
  return tcpflow__scan_moment(line).kind != TCPFLOW__MOMENT_NONE &&
         (has_word(&line, "IP") || has_word(&line, "ARP") ||
          has_word(&line, "[|") || has_word(&line, ", length "));
}

tcpflow__line_kind tcpflow__kind_of_line(tcpflow__scan line) {
  if (is_blank(line)) {
    return TCPFLOW__LINE_KIND_BLANK;
  }
  if (has_word(&line, "(tos 0x") && has_word(&line, "proto TCP")) {
    return TCPFLOW__LINE_KIND_HEAD;
  }
  if (is_remark(line) || is_octets(line) || is_header(line)) {
    return TCPFLOW__LINE_KIND_OTHER;
  }
  return is_packet(line) ? TCPFLOW__LINE_KIND_OTHER : TCPFLOW__LINE_KIND_PROSE;
}
