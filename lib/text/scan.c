/*
 * lib/text/scan.c - reading forward through text that may say anything.
 *
 * Room: text.  Includes: nothing of ours.
 */
#include "text/scan.h"

#include <string.h>

void tcpflow__scan_spaces(tcpflow__scan *scan) {
  while (scan->text < scan->end && *scan->text == ' ') {
    scan->text++;
  }
}

int tcpflow__scan_char(tcpflow__scan *scan, char c) {
  if (scan->text == scan->end || *scan->text != c) {
    return 0;
  }
  scan->text++;
  return 1;
}

int tcpflow__scan_string(tcpflow__scan *scan, const char *string) {
  const size_t length = strlen(string);

  if (tcpflow__scan_left(scan) < length ||
      memcmp(scan->text, string, length) != 0) {
    return 0;
  }
  scan->text += length;
  return 1;
}

int tcpflow__scan_word(tcpflow__scan *scan, const char *word) {
  tcpflow__scan at = *scan;

  if (!tcpflow__scan_string(&at, word) ||
      tcpflow__is_letter(tcpflow__scan_peek(&at)) ||
      tcpflow__is_digit(tcpflow__scan_peek(&at))) {
    return 0;
  }
  *scan = at;
  return 1;
}

int tcpflow__scan_decimal(tcpflow__scan *scan, uint64_t max, uint64_t *number) {
  tcpflow__scan at = *scan;
  uint64_t value = 0;

  while (tcpflow__is_digit(tcpflow__scan_peek(&at))) {
    const uint64_t digit = (uint64_t)(*at.text++ - '0');

    if (digit > max || value > (max - digit) / 10) {
      return 0;
    }
    value = value * 10 + digit;
  }
  if (at.text == scan->text) {
    return 0;
  }
  *number = value;
  *scan = at;
  return 1;
}

int tcpflow__scan_hex(tcpflow__scan *scan, uint64_t *number) {
  tcpflow__scan at = *scan;
  uint64_t value = 0;
  unsigned count = 0;

  (void)tcpflow__scan_string(&at, "0x");
  while (tcpflow__hex_value(tcpflow__scan_peek(&at)) < 16) {
    if (++count > 16) {
      return 0;
    }
    value = value << 4 | tcpflow__hex_value(*at.text++);
  }
  if (count == 0) {
    return 0;
  }
  *number = value;
  *scan = at;
  return 1;
}

size_t tcpflow__scan_octets(tcpflow__scan *scan, uint8_t *octets, size_t room) {
  size_t count = 0;

  while (count < room && tcpflow__scan_left(scan) >= 2 &&
         tcpflow__hex_value(scan->text[0]) < 16 &&
         tcpflow__hex_value(scan->text[1]) < 16) {
    octets[count++] = (uint8_t)(tcpflow__hex_value(scan->text[0]) << 4 |
                                tcpflow__hex_value(scan->text[1]));
    scan->text += 2;
  }
  return count;
}

const char *tcpflow__scan_find(const tcpflow__scan *scan, const char *string) {
  tcpflow__scan at = *scan;

  while (tcpflow__scan_left(&at) > 0) {
    at.text = memchr(at.text, string[0], tcpflow__scan_left(&at));
    if (at.text == NULL) {
      return NULL;
    }
    const char *const found = at.text;

    if (tcpflow__scan_string(&at, string)) {
      return found;
    }
    at.text++;
  }
  return NULL;
}
