/*
 * lib/text/pattern.c - octets as text by a pattern, and back by the same.
 *
 * Room: text.  Includes: wire.
 */
#include "text/pattern.h"

#include <string.h>

#include "text/address.h"
#include "wire/bytes.h"

enum {
  MAC_SIZE = 20 /* Of a subflow's HMAC (RFC 8684 section 3.2). */
};

/* How many octets a number takes; 0: it is none. */
static unsigned size_of_number(char code) {
  switch (code) {
  case '1':
  case 'x':
    return 1;
  case '2':
  case 'h':
    return 2;
  case '4':
  case 't':
    return 4;
  case '8':
  case 'k':
    return 8;
  default:
    return 0;
  }
}

static uint64_t fetch_number(const uint8_t *octets, unsigned size) {
  uint64_t number = 0;

  for (unsigned i = 0; i < size; i++) {
    number = number << 8 | octets[i];
  }
  return number;
}

static void store_number(uint8_t *octets, unsigned size, uint64_t number) {
  for (unsigned i = size; i > 0; i--) {
    octets[i - 1] = (uint8_t)(number & 0xffU);
    number >>= 8;
  }
}

static unsigned put_number(tcpflow__line *line, char code,
                           const uint8_t *octets) {
  const unsigned size = size_of_number(code);
  const uint64_t number = fetch_number(octets, size);

  if (tcpflow__is_digit(code)) {
    tcpflow__put_decimal(line, number);
  } else {
    tcpflow__put(line, code == 'x' ? "" : "0x");
    tcpflow__put_hex(line, number, code == 'x' ? 2 : 1);
  }
  return size;
}

/* RFC 5482 section 3: seconds; the first bit says that they are minutes.
   tcpdump takes the last bit for that. */
static unsigned user_timeout(unsigned value) {
  return (value & 0x7fffU) * ((value & 0x8000U) != 0 ? 60U : 1U);
}

/* Answers how many octets the code took. */
static unsigned put_code(tcpflow__line *line, char code,
                         const uint8_t *octets) {
  switch (code) {
  case 'a':
    tcpflow__put_address(line, 4, octets);
    return 4;
  case 'A':
    tcpflow__put_address(line, 6, octets);
    return 16;
  case 'm':
    tcpflow__put_octets(line, octets, MAC_SIZE);
    return MAC_SIZE;
  case 'u':
    tcpflow__put_decimal(line, user_timeout(tcpflow__fetch16(octets - 2)));
    return 0;
  default:
    return put_number(line, code, octets);
  }
}

void tcpflow__put_pattern(tcpflow__line *line, const char *form,
                          const uint8_t *octets) {
  for (; *form != '\0'; form++) {
    if (*form == '%') {
      octets += put_code(line, *++form, octets);
    } else {
      tcpflow__put_char(line, *form);
    }
  }
}

static uint64_t most_of(unsigned size) {
  return size == 8 ? UINT64_MAX : (UINT64_C(1) << 8 * size) - 1;
}

/* Answers how many octets it took, 0 if it could not. */
static unsigned scan_number(tcpflow__scan *scan, char code, uint8_t *octets) {
  const unsigned size = size_of_number(code);
  uint64_t number;

  if (tcpflow__is_digit(code)
        ? !tcpflow__scan_decimal(scan, most_of(size), &number)
        : !tcpflow__scan_hex(scan, &number) || number > most_of(size)) {
    return 0;
  }
  store_number(octets, size, number);
  return size;
}

static int is_of_address(char c) {
  return tcpflow__hex_value(c) < 16 || c == ':' || c == '.';
}

/* An address, and behind it what the form says next: `:` if a port follows. */
static unsigned scan_address(tcpflow__scan *scan, unsigned version, char next,
                             uint8_t *octets) {
  uint8_t address[16];
  tcpflow__scan text = *scan;

  while (is_of_address(tcpflow__scan_peek(&text))) {
    text.text++;
  }
  const char *const end = text.text;

  text = (tcpflow__scan){scan->text, end};
  while (next == ':' && text.end > text.text && *--text.end != ':') {
  }
  if (tcpflow__scan_address(text, address) != version) {
    return 0;
  }
  scan->text = text.end;
  memcpy(octets, address, version == 4 ? 4 : 16);
  return version == 4 ? 4 : 16;
}

/* Answers 0 if the text is not like that; *TAKEN counts octets. */
static int scan_code(tcpflow__scan *scan, const char *code, uint8_t *octets,
                     unsigned *taken) {
  uint64_t number;

  switch (*code) {
  case 'a':
    *taken = scan_address(scan, 4, code[1], octets);
    return *taken > 0;
  case 'A':
    *taken = scan_address(scan, 6, code[1], octets);
    return *taken > 0;
  case 'm':
    *taken = (unsigned)tcpflow__scan_octets(scan, octets, MAC_SIZE);
    return *taken == MAC_SIZE;
  case 'u':
    *taken = 0;
    return tcpflow__scan_decimal(scan, UINT32_MAX, &number);
  default:
    *taken = scan_number(scan, *code, octets);
    return *taken > 0;
  }
}

static int scan_literal(tcpflow__scan *scan, char c) {
  if (c == ' ') {
    tcpflow__scan_spaces(scan);
    return 1;
  }
  return tcpflow__scan_char(scan, c);
}

int tcpflow__scan_pattern(tcpflow__scan *scan, const char *form,
                          uint8_t *octets) {
  tcpflow__scan at = *scan;

  for (; *form != '\0'; form++) {
    unsigned taken = 0;

    if (*form == '%' ? !scan_code(&at, ++form, octets, &taken)
                     : !scan_literal(&at, *form)) {
      return 0;
    }
    octets = taken > 0 ? octets + taken : octets;
  }
  *scan = at;
  return 1;
}
