/*
 * lib/text/heads.c - lines before the one that tells a packet's segment.
 *
 * Room: text.  Includes: decode.
 */
#include "text/heads.h"

/*
 * Does a line go on with the packet of the lines before?  One with a time never
 * does; without it, text of -t has to be indented, but behind a tunnel whose
 * payload is a frame.
 */
static int goes_on(const tcpflow__heads *heads, tcpflow__scan line,
                   const tcpflow__moment *when) {
  if (!heads->any || when->kind != TCPFLOW__MOMENT_NONE) {
    return 0;
  }
  return heads->when.kind != TCPFLOW__MOMENT_NONE || heads->tunnel ||
         (tcpflow__scan_peek(&line) == ' ' &&
          tcpflow__scan_find(&line, "ethertype ") == NULL);
}

static void add(tcpflow__heads *heads, tcpflow__scan line) {
  const tcpflow__moment when = tcpflow__scan_moment(line);

  if (!goes_on(heads, line, &when)) {
    heads->when = when;
    tcpflow__ip_words_init(&heads->ip);
  }
  tcpflow__scan_ip_words(line, &heads->ip);
}

void tcpflow__heads_add(tcpflow__heads *heads, tcpflow__scan line) {
  add(heads, line);
  heads->any = 1;
  heads->tunnel = tcpflow__scan_find(&line, ", vni ") != NULL;
}

/* Nothing but spaces: all was told on the lines before. */
static int is_blank(tcpflow__scan text) {
  tcpflow__scan_spaces(&text);
  return tcpflow__scan_left(&text) == 0;
}

int tcpflow__heads_end(tcpflow__heads *heads, tcpflow__scan before,
                       tcpflow__moment *when, tcpflow__ip_words *ip) {
  const int whole = is_blank(before) && heads->ip.version != 0;

  add(heads, before);
  *when = heads->when;
  *ip = heads->ip;
  heads->any = 0;
  heads->tunnel = 0;
  return whole && ip->quoting;
}
