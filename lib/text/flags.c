/*
 * lib/text/flags.c - TCP flags as tcpdump writes them, and back.
 *
 * Room: text.  Includes: wire.  The order is tcpdump's, not that of the bits.
 * AE has the `e` that tcpdump writes since it knows Accurate ECN (RFC 9768);
 * 4.99.3 and earlier leave it out.
 */
#include <tcpflow/text.h>

#include "text/flags.h"
#include "text/line.h"

#include <string.h>

typedef struct letter {
  uint16_t flag;
  char name;
} letter;

static const letter letters[] = {
  {TCPFLOW_FLAG_FIN, 'F'}, {TCPFLOW_FLAG_SYN, 'S'}, {TCPFLOW_FLAG_RST, 'R'},
  {TCPFLOW_FLAG_PSH, 'P'}, {TCPFLOW_FLAG_ACK, '.'}, {TCPFLOW_FLAG_URG, 'U'},
  {TCPFLOW_FLAG_ECE, 'E'}, {TCPFLOW_FLAG_CWR, 'W'}, {TCPFLOW_FLAG_AE, 'e'},
};

enum {
  LETTERS = sizeof(letters) / sizeof(letters[0])
};

void tcpflow__put_flags(tcpflow__line *line, unsigned flags) {
  if ((flags & TCPFLOW_FLAGS_ALL) == 0) {
    tcpflow__put(line, "none");
    return;
  }
  for (unsigned i = 0; i < LETTERS; i++) {
    if ((flags & letters[i].flag) != 0) {
      tcpflow__put_char(line, letters[i].name);
    }
  }
}

size_t tcpflow_text_flags(char *buffer, size_t capacity, unsigned flags) {
  tcpflow__line line = {buffer, capacity, 0};

  tcpflow__put_flags(&line, flags);
  return tcpflow__line_end(&line);
}

static unsigned flag_of(char name) {
  for (unsigned i = 0; i < LETTERS; i++) {
    if (letters[i].name == name) {
      return letters[i].flag;
    }
  }
  return 0;
}

int tcpflow__scan_flags(tcpflow__scan *scan, unsigned *flags) {
  tcpflow__scan at = *scan;
  unsigned found = 0;

  if (!tcpflow__scan_word(&at, "none")) {
    for (unsigned flag; (flag = flag_of(tcpflow__scan_peek(&at))) != 0;) {
      found |= flag;
      at.text++;
    }
    if (found == 0) {
      return 0;
    }
  }
  *flags = found;
  *scan = at;
  return 1;
}
