/*
 * lib/text/optlayout.c - the order of options as fingerprints write it.
 *
 * Room: text.  Includes: options.  p0f has six words and numbers for all other
 * kinds; JA4T has numbers only.
 */
#include <tcpflow/option_names.h>

#include "text/line.h"

static const char *p0f_word(uint8_t kind) {
  switch (kind) {
  case TCPFLOW_OPTION_NOP:
    return "nop";
  case TCPFLOW_OPTION_MSS:
    return "mss";
  case TCPFLOW_OPTION_WSCALE:
    return "ws";
  case TCPFLOW_OPTION_SACK_PERMITTED:
    return "sok";
  case TCPFLOW_OPTION_SACK:
    return "sack";
  case TCPFLOW_OPTION_TIMESTAMPS:
    return "ts";
  default:
    return NULL;
  }
}

static void put_p0f(tcpflow__line *line, uint8_t kind, unsigned padding) {
  const char *const word = p0f_word(kind);

  if (word != NULL) {
    tcpflow__put(line, word);
  } else if (kind == TCPFLOW_OPTION_EOL) {
    tcpflow__put(line, "eol+");
    tcpflow__put_decimal(line, padding);
  } else {
    tcpflow__put_char(line, '?');
    tcpflow__put_decimal(line, kind);
  }
}

/* A reader that knows no padding finds an end of list in each of its octets. */
static void put_ja4t(tcpflow__line *line, uint8_t kind, unsigned padding) {
  tcpflow__put_decimal(line, kind);
  for (unsigned i = 0; kind == TCPFLOW_OPTION_EOL && i < padding; i++) {
    tcpflow__put(line, "-0");
  }
}

size_t tcpflow_text_layout(char *buffer, size_t capacity,
                           const tcpflow_options_layout *layout,
                           tcpflow_layout_style style) {
  const int p0f = style == TCPFLOW_LAYOUT_STYLE_P0F;
  tcpflow__line line = {buffer, capacity, 0};

  for (unsigned i = 0; i < layout->count && i < TCPFLOW_OPTIONS_MAX; i++) {
    if (i > 0) {
      tcpflow__put_char(&line, p0f ? ',' : '-');
    }
    (p0f ? put_p0f : put_ja4t)(&line, layout->kind[i], layout->padding);
  }
  return tcpflow__line_end(&line);
}
