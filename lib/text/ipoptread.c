/*
 * lib/text/ipoptread.c - IP options, back from text.
 *
 * Room: text.  Includes: decode.  Where a text hides octets, or an option of
 * which it tells too little, what was read so far stands, and the rest of the
 * header, whose length the datagram's tells, is 0.
 */
#include "text/ipwords.h"

#include "text/address.h"

#include <string.h>

enum {
  OPTION_EOL = 0, /* RFC 791 section 3.1. */
  OPTION_NOP = 1,
  OPTION_RECORD_ROUTE = 7,
  OPTION_LOOSE_ROUTE = 131,
  OPTION_STRICT_ROUTE = 137,
  OPTION_ALERT = 148, /* RFC 2113 section 2.1. */
  ROUTE_HEAD = 3,
  ADDRESS_SIZE = 4
};

static int append(tcpflow__ip_words *ip, const uint8_t *octets,
                  unsigned count) {
  if (count > TCPFLOW__IP_OPTIONS_MAX - (unsigned)ip->option_count) {
    return 0;
  }
  memcpy(ip->options + ip->option_count, octets, count);
  ip->option_count = (uint8_t)(ip->option_count + count);
  return 1;
}

static int append_octet(tcpflow__ip_words *ip, uint8_t octet) {
  return append(ip, &octet, 1);
}

/* The address that the text goes on with, which is taken. */
static int scan_hop(tcpflow__scan *text, uint8_t address[16]) {
  tcpflow__scan word = *text;

  if (!tcpflow__scan_char(&word, ' ')) {
    return 0;
  }
  tcpflow__scan end = word;

  while (tcpflow__is_digit(tcpflow__scan_peek(&end)) ||
         tcpflow__scan_peek(&end) == '.') {
    end.text++;
  }
  word.end = end.text;
  if (tcpflow__scan_address(word, address) != 4) {
    return 0;
  }
  text->text = end.text;
  return 1;
}

/*
 * RR 192.0.2.1, 192.0.2.2 192.0.2.3: commas stand behind the hops that the
 * pointer has passed.  The one that ends the option has an option behind it.
 */
static int scan_route(tcpflow__scan *text, uint8_t type,
                      tcpflow__ip_words *ip) {
  uint8_t option[TCPFLOW__IP_OPTIONS_MAX + 16] = {type, ROUTE_HEAD,
                                                  ROUTE_HEAD + 1};

  while (option[1] + ADDRESS_SIZE <= TCPFLOW__IP_OPTIONS_MAX &&
         scan_hop(text, option + option[1])) {
    tcpflow__scan ahead = *text;

    option[1] += ADDRESS_SIZE;
    if (tcpflow__scan_char(&ahead, ',') &&
        (tcpflow__scan_peek(&ahead) == ' ' ||
         tcpflow__scan_peek(&ahead) == ',' ||
         tcpflow__scan_peek(&ahead) == ')')) {
      option[2] += ADDRESS_SIZE;
      *text = ahead;
    }
  }
  return append(ip, option, option[1]);
}

static int scan_alert(tcpflow__scan *text, tcpflow__ip_words *ip) {
  uint64_t value = 0;

  if (tcpflow__scan_string(text, " value ") &&
      !tcpflow__scan_decimal(text, UINT16_MAX, &value)) {
    return 0;
  }
  const uint8_t option[] = {OPTION_ALERT, 4, (uint8_t)(value >> 8),
                            (uint8_t)(value & 0xffU)};

  return append(ip, option, sizeof(option));
}

static int scan_option(tcpflow__scan *text, tcpflow__ip_words *ip) {
  if (tcpflow__scan_word(text, "NOP")) {
    return append_octet(ip, OPTION_NOP);
  }
  if (tcpflow__scan_word(text, "EOL")) {
    return append_octet(ip, OPTION_EOL);
  }
  if (tcpflow__scan_word(text, "RR")) {
    return scan_route(text, OPTION_RECORD_ROUTE, ip);
  }
  if (tcpflow__scan_word(text, "LSRR")) {
    return scan_route(text, OPTION_LOOSE_ROUTE, ip);
  }
  if (tcpflow__scan_word(text, "SSRR")) {
    return scan_route(text, OPTION_STRICT_ROUTE, ip);
  }
  return tcpflow__scan_word(text, "RA") && scan_alert(text, ip);
}

void tcpflow__scan_ip_options(tcpflow__scan text, tcpflow__ip_words *ip) {
  ip->has_options = 1;
  while (scan_option(&text, ip) && tcpflow__scan_char(&text, ',')) {
  }
}
