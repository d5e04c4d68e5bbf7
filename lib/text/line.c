/*
 * lib/text/line.c - a line being written into a buffer that may be too short.
 *
 * Room: text.  Includes: nothing of ours.
 */
#include "text/line.h"

enum {
  DIGITS_MAX = 20 /* Of a 64-bit number. */
};

void tcpflow__put(tcpflow__line *line, const char *string) {
  for (; *string != '\0'; string++) {
    tcpflow__put_char(line, *string);
  }
}

static void put_number(tcpflow__line *line, uint64_t number, unsigned base,
                       unsigned width) {
  char digits[DIGITS_MAX];
  unsigned count = 0;

  do {
    digits[count++] = "0123456789abcdef"[number % base];
    number /= base;
  } while (number > 0);
  for (unsigned i = count; i < width; i++) {
    tcpflow__put_char(line, '0');
  }
  while (count > 0) {
    tcpflow__put_char(line, digits[--count]);
  }
}

void tcpflow__put_decimal(tcpflow__line *line, uint64_t number) {
  put_number(line, number, 10, 1);
}

void tcpflow__put_padded(tcpflow__line *line, uint64_t number, unsigned width) {
  put_number(line, number, 10, width);
}

void tcpflow__put_hex(tcpflow__line *line, uint64_t number, unsigned width) {
  put_number(line, number, 16, width);
}

void tcpflow__put_octets(tcpflow__line *line, const uint8_t *octets,
                         size_t count) {
  for (size_t i = 0; i < count; i++) {
    put_number(line, octets[i], 16, 2);
  }
}

size_t tcpflow__line_end(tcpflow__line *line) {
  if (line->capacity > 0) {
    const size_t last = line->capacity - 1;

    line->buffer[line->length < last ? line->length : last] = '\0';
  }
  return line->length;
}
