/*
 * lib/text/scan.h - reading forward through text that may say anything.
 *
 * Room: text.  Includes: nothing of ours.  Invariant: text <= end, and the
 * octets between may be read.  What is not found is not taken.
 */
#ifndef TCPFLOW__TEXT_SCAN_H
#define TCPFLOW__TEXT_SCAN_H

#include <stddef.h>
#include <stdint.h>

typedef struct tcpflow__scan {
  const char *text; /* The next octet. */
  const char *end;  /* Behind the last one. */
} tcpflow__scan;

/* How many octets are left. */
static inline size_t tcpflow__scan_left(const tcpflow__scan *scan) {
  return (size_t)(scan->end - scan->text);
}

/* The next octet; 0 at the end. */
static inline char tcpflow__scan_peek(const tcpflow__scan *scan) {
  return scan->text < scan->end ? *scan->text : '\0';
}

static inline int tcpflow__is_digit(char c) {
  return c >= '0' && c <= '9';
}

static inline int tcpflow__is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The value of a hexadecimal digit; 16 for anything else. */
static inline unsigned tcpflow__hex_value(char c) {
  if (tcpflow__is_digit(c)) {
    return (unsigned)(c - '0');
  }
  if (c >= 'a' && c <= 'f') {
    return (unsigned)(c - 'a') + 10U;
  }
  return c >= 'A' && c <= 'F' ? (unsigned)(c - 'A') + 10U : 16U;
}

/* Takes spaces; tidying has left no other blanks. */
void tcpflow__scan_spaces(tcpflow__scan *scan);

/* Takes one octet, if it is C. */
int tcpflow__scan_char(tcpflow__scan *scan, char c);

/* Takes a string, if the text goes on with it. */
int tcpflow__scan_string(tcpflow__scan *scan, const char *string);

/* The same, if no letter or digit follows. */
int tcpflow__scan_word(tcpflow__scan *scan, const char *word);

/* Takes decimal digits, if there are some and they say at most MAX. */
int tcpflow__scan_decimal(tcpflow__scan *scan, uint64_t max, uint64_t *number);

/* Takes 1 to 16 hexadecimal digits; a `0x` before them does not matter. */
int tcpflow__scan_hex(tcpflow__scan *scan, uint64_t *number);

/* Takes pairs of hexadecimal digits, at most ROOM; answers how many. */
size_t tcpflow__scan_octets(tcpflow__scan *scan, uint8_t *octets, size_t room);

/* Where STRING first stands in the text; NULL: nowhere. */
const char *tcpflow__scan_find(const tcpflow__scan *scan, const char *string);

#endif /* TCPFLOW__TEXT_SCAN_H */
