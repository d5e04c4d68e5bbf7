/*
 * lib/options/order.c - the order of a list: its kinds, and its padding.
 *
 * Room: options.  Includes: wire.  The strings that fingerprints are written in
 * are the business of the text room.
 */
#include <tcpflow/option_values.h>

static size_t at_most(size_t a, size_t b) {
  return a < b ? a : b;
}

void tcpflow_options_layout_get(tcpflow_options_layout *layout,
                                const uint8_t *bytes, size_t length,
                                size_t captured) {
  const size_t size = at_most(length, TCPFLOW_OPTIONS_MAX);
  tcpflow_option_walk walk;
  tcpflow_option option;

  *layout = (tcpflow_options_layout){.count = 0};
  tcpflow_option_walk_init(&walk, bytes, size, captured, 0);
  while (layout->count < TCPFLOW_OPTIONS_MAX &&
         tcpflow_option_walk_next(&walk, &option)) {
    layout->kind[layout->count++] = option.kind;
    layout->flags |=
      option.flags & ~(unsigned)TCPFLOW_OPTION_FLAG_WRONG_SEGMENT;
    if (option.kind == TCPFLOW_OPTION_EOL) {
      layout->padding = (uint8_t)(size - option.offset - 1U);
    }
  }
  if (captured < size) {
    layout->flags |= TCPFLOW_OPTION_FLAG_CUT;
  }
}
