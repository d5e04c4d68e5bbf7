/*
 * lib/text/tuple.c - who talks to whom, in text.
 *
 * Room: text.  Includes: decode.  As tcpdump writes it, so that it can be
 * looked for in tcpdump's lines.
 */
#include <tcpflow/text.h>

#include "text/address.h"

size_t tcpflow_text_tuple(char *buffer, size_t capacity,
                          const tcpflow_tuple *tuple) {
  tcpflow__line line = {buffer, capacity, 0};

  for (unsigned i = 0; i < 2; i++) {
    tcpflow__put(&line, i == 0 ? "" : " > ");
    tcpflow__put_address(&line, tuple->version, tuple->address[i]);
    tcpflow__put_char(&line, '.');
    tcpflow__put_decimal(&line, tuple->port[i]);
  }
  return tcpflow__line_end(&line);
}
