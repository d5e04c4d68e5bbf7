/*
 * lib/text/completeness.c - what Wireshark calls the completeness of a
 * conversation.
 *
 * Room: text.  Includes: wire.  It asks for flags and data, of both directions
 * together, and for no numbers.  The rules are those that Wireshark 4.0 shows.
 */
#include <tcpflow/profile.h>

#include "text/line.h"

/* What is remembered beside Wireshark's bits. */
enum {
  BEGUN = 1 << 8,     /* A segment was seen. */
  FIRST_DATA = 1 << 9 /* The first one had data, which counts once there is a
                         second one. */
};

/* SYN and SYN and ACK. */
static uint32_t of_handshake(uint32_t before, unsigned flags) {
  if ((flags & TCPFLOW_FLAG_ACK) != 0) {
    return TCPFLOW_COMPLETENESS_SYN_ACK;
  }
  /* A SYN behind the SYN and ACK begins nothing. */
  return (before & TCPFLOW_COMPLETENESS_SYN_ACK) == 0 ? TCPFLOW_COMPLETENESS_SYN
                                                      : 0;
}

/* An ACK without data, and data. */
static uint32_t of_others(uint32_t before, unsigned flags, uint32_t length) {
  uint32_t now = 0;

  if ((before & BEGUN) == 0) {
    return length > 0 ? FIRST_DATA : 0;
  }
  if ((flags & TCPFLOW_FLAG_ACK) != 0 && length == 0) {
    now |= TCPFLOW_COMPLETENESS_ACK;
  }
  if ((flags & TCPFLOW_FLAG_FIN) != 0) {
    now |= TCPFLOW_COMPLETENESS_FIN;
  }
  return length > 0 ? now | TCPFLOW_COMPLETENESS_DATA : now;
}

uint32_t tcpflow_completeness_add(uint32_t completeness,
                                  const tcpflow_segment *segment) {
  const unsigned flags = segment->flags;
  uint32_t now = BEGUN;

  if ((completeness & FIRST_DATA) != 0) {
    now |= TCPFLOW_COMPLETENESS_DATA;
  }
  if ((flags & TCPFLOW_FLAG_SYN) != 0) {
    now |= of_handshake(completeness, flags);
    now |= segment->payload_length > 0 ? TCPFLOW_COMPLETENESS_DATA : 0;
  } else {
    now |= of_others(completeness, flags, segment->payload_length);
  }
  if ((flags & TCPFLOW_FLAG_RST) != 0) {
    now |= TCPFLOW_COMPLETENESS_RST;
  }
  return completeness | now;
}

size_t tcpflow_text_completeness(char *text, size_t size,
                                 uint32_t completeness) {
  static const char letters[] = "RFDASS";
  tcpflow__line line = {text, size, 0};

  for (unsigned i = 0; i < 6; i++) {
    if ((completeness >> (5 - i) & 1U) != 0) {
      tcpflow__put_char(&line, letters[i]);
    } else {
      tcpflow__put(&line, "\xc2\xb7");
    }
  }
  return tcpflow__line_end(&line);
}
