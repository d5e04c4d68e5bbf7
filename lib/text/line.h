/*
 * lib/text/line.h - a line being written into a buffer that may be too short.
 *
 * Room: text.  Includes: nothing of ours.  Octets that do not fit are counted
 * and left out, so a caller learns what room the whole line needs.  Numbers are
 * written by hand: snprintf(3) would ask the locale, and is slower.
 */
#ifndef TCPFLOW__TEXT_LINE_H
#define TCPFLOW__TEXT_LINE_H

#include <stddef.h>
#include <stdint.h>

typedef struct tcpflow__line {
  char *buffer;    /* CAPACITY octets; not read. */
  size_t capacity; /* May be 0. */
  size_t length;   /* Octets written or left out, without the 0. */
} tcpflow__line;

/* Appends one octet. */
static inline void tcpflow__put_char(tcpflow__line *line, char c) {
  if (line->length + 1 < line->capacity) {
    line->buffer[line->length] = c;
  }
  line->length++;
}

/* Appends a string. */
void tcpflow__put(tcpflow__line *line, const char *string);

/* Appends a number; PUT_PADDED with zeros in front up to WIDTH digits. */
void tcpflow__put_decimal(tcpflow__line *line, uint64_t number);
void tcpflow__put_padded(tcpflow__line *line, uint64_t number, unsigned width);

/* Appends a number in lower-case hexadecimal, WIDTH digits at least. */
void tcpflow__put_hex(tcpflow__line *line, uint64_t number, unsigned width);

/* Appends octets, two hexadecimal digits each. */
void tcpflow__put_octets(tcpflow__line *line, const uint8_t *octets,
                         size_t count);

/* Ends the line with a 0, where there is room for one; answers its length. */
size_t tcpflow__line_end(tcpflow__line *line);

#endif /* TCPFLOW__TEXT_LINE_H */
