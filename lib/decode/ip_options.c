/*
 * lib/decode/ip_options.c - options of IPv4 and of IPv6 extension headers.
 *
 * Room: decode.  Includes: wire/cursor.h.
 */
#include "decode/ip_options.h"

#include "wire/cursor.h"

enum {
  IPV4_EOL = 0,
  IPV4_NOP = 1,
  IPV6_PAD1 = 0
};

/* RFC 791 section 3.1: the length counts kind and length. */
uint32_t tcpflow__ipv4_option_size(const uint8_t *bytes, uint32_t left) {
  if (bytes[0] == IPV4_EOL) {
    return left;
  }
  if (bytes[0] == IPV4_NOP) {
    return 1;
  }
  return left < 2 || bytes[1] < 2 || bytes[1] > left ? 0 : bytes[1];
}

/* RFC 8200 section 4.2: the length counts neither. */
uint32_t tcpflow__ipv6_option_size(const uint8_t *bytes, uint32_t left) {
  if (bytes[0] == IPV6_PAD1) {
    return 1;
  }
  return left < 2 || bytes[1] > left - 2 ? 0 : bytes[1] + 2U;
}

/* Takes the next option; NULL if the list is over or its length is wrong. */
static const uint8_t *take_option(tcpflow__cursor *list,
                                  tcpflow__ip_option_size *size_of) {
  const uint8_t *const bytes = tcpflow__cursor_peek(list, 1);

  if (bytes == NULL) {
    return NULL;
  }
  const uint32_t size = size_of(bytes, tcpflow__cursor_left(list));
  return size == 0 ? NULL : tcpflow__cursor_take(list, size);
}

const uint8_t *tcpflow__ip_option_find(tcpflow__ip_option_size *size_of,
                                       const uint8_t *bytes, uint32_t size,
                                       uint8_t kind) {
  tcpflow__cursor list = {bytes, 0, size};
  const uint8_t *option = take_option(&list, size_of);

  while (option != NULL && option[0] != kind) {
    option = take_option(&list, size_of);
  }
  return option;
}

int tcpflow__ip_options_good(tcpflow__ip_option_size *size_of,
                             const uint8_t *bytes, uint32_t size) {
  tcpflow__cursor list = {bytes, 0, size};

  while (take_option(&list, size_of) != NULL) {
  }
  return tcpflow__cursor_left(&list) == 0;
}
