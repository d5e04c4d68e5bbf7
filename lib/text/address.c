/*
 * lib/text/address.c - IP addresses in text.
 *
 * Room: text.  Includes: wire.  IPv6 addresses are written as RFC 5952 section
 * 4 wants them; as tcpdump does, the last 32 bits are written as IPv4 behind
 * 0::/96 and ::ffff:0:0/96 (RFC 4291 section 2.5.5).
 */
#include "text/address.h"

#include <tcpflow/text.h>

#include <string.h>

#include "wire/bytes.h"

enum {
  GROUPS = 8, /* Of 16 bits, in an IPv6 address. */
  GROUPS_BEFORE_IPV4 = 6
};

/* A run of groups that are 0. */
typedef struct zeros {
  unsigned first;
  unsigned count;
} zeros;

static unsigned group(const uint8_t *address, unsigned i) {
  return tcpflow__fetch16(address + 2 * i);
}

static void put_ipv4(tcpflow__line *line, const uint8_t *address) {
  for (unsigned i = 0; i < 4; i++) {
    if (i > 0) {
      tcpflow__put_char(line, '.');
    }
    tcpflow__put_decimal(line, address[i]);
  }
}

/* The longest run, the first of several; a single 0 is not worth it. */
static zeros find_zeros(const uint8_t *address) {
  zeros best = {GROUPS, 1};
  zeros here = {0, 0};

  for (unsigned i = 0; i < GROUPS; i++) {
    if (group(address, i) != 0) {
      here = (zeros){i + 1, 0};
      continue;
    }
    here.count++;
    if (here.count > best.count) {
      best = here;
    }
  }
  return best;
}

static int holds_ipv4(const uint8_t *address, zeros run) {
  return run.first == 0 &&
         (run.count == GROUPS_BEFORE_IPV4 ||
          (run.count == GROUPS_BEFORE_IPV4 - 1 && group(address, 5) == 0xffff));
}

static void put_ipv6(tcpflow__line *line, const uint8_t *address) {
  const zeros run = find_zeros(address);
  const unsigned count = holds_ipv4(address, run) ? GROUPS_BEFORE_IPV4 : GROUPS;

  for (unsigned i = 0; i < count; i++) {
    if (i == run.first) {
      tcpflow__put(line, "::");
      i += run.count - 1;
      continue;
    }
    if (i > 0 && i != run.first + run.count) {
      tcpflow__put_char(line, ':');
    }
    tcpflow__put_hex(line, group(address, i), 1);
  }
  if (count == GROUPS_BEFORE_IPV4) {
    if (run.count < GROUPS_BEFORE_IPV4) {
      tcpflow__put_char(line, ':');
    }
    put_ipv4(line, address + 12);
  }
}

void tcpflow__put_address(tcpflow__line *line, unsigned version,
                          const uint8_t *address) {
  if (version == 4) {
    put_ipv4(line, address);
  } else {
    put_ipv6(line, address);
  }
}

size_t tcpflow_text_address(char *buffer, size_t capacity, unsigned version,
                            const uint8_t *address) {
  tcpflow__line line = {buffer, capacity, 0};

  tcpflow__put_address(&line, version, address);
  return tcpflow__line_end(&line);
}

static int scan_ipv4(tcpflow__scan *text, uint8_t *address) {
  for (unsigned i = 0; i < 4; i++) {
    uint64_t octet;

    if ((i > 0 && !tcpflow__scan_char(text, '.')) ||
        !tcpflow__scan_decimal(text, 255, &octet)) {
      return 0;
    }
    address[i] = (uint8_t)octet;
  }
  return 1;
}

/* The groups of an IPv6 address as they are read. */
typedef struct groups {
  uint8_t octets[16];
  unsigned count; /* Groups read. */
  unsigned gap;   /* How many of them stand before the `::`; GROUPS: none. */
} groups;

/* Four numbers with dots take the place of the last two groups. */
static int scan_ipv4_tail(tcpflow__scan *text, groups *all) {
  tcpflow__scan at = *text;

  if (all->count > GROUPS_BEFORE_IPV4 ||
      !scan_ipv4(&at, all->octets + 2 * all->count)) {
    return 0;
  }
  all->count += 2;
  *text = at;
  return 1;
}

static int scan_group(tcpflow__scan *text, groups *all) {
  unsigned value = 0;
  unsigned digits = 0;

  if (scan_ipv4_tail(text, all)) {
    return 1;
  }
  while (tcpflow__hex_value(tcpflow__scan_peek(text)) < 16) {
    value = (value << 4 | tcpflow__hex_value(*text->text++)) & 0xfffffU;
    digits++;
  }
  if (digits == 0 || digits > 4 || all->count == GROUPS) {
    return 0;
  }
  tcpflow__store16(all->octets + 2 * all->count++, (uint16_t)value);
  return 1;
}

/* What stands behind a group: nothing, a colon and more, or the `::`. */
static int scan_colon(tcpflow__scan *text, groups *all) {
  if (tcpflow__scan_left(text) == 0) {
    return 1;
  }
  if (all->gap == GROUPS && all->count < GROUPS &&
      tcpflow__scan_string(text, "::")) {
    all->gap = all->count;
    return 1;
  }
  return tcpflow__scan_char(text, ':') && tcpflow__scan_left(text) > 0;
}

static int scan_groups(tcpflow__scan *text, groups *all) {
  if (tcpflow__scan_string(text, "::")) {
    all->gap = 0;
  }
  while (tcpflow__scan_left(text) > 0) {
    if (!scan_group(text, all) || !scan_colon(text, all)) {
      return 0;
    }
  }
  return all->gap == GROUPS ? all->count == GROUPS : all->count < GROUPS;
}

static unsigned scan_ipv6(tcpflow__scan text, uint8_t *address) {
  groups all = {{0}, 0, GROUPS};

  if (!scan_groups(&text, &all)) {
    return 0;
  }
  const unsigned before = all.gap == GROUPS ? GROUPS : all.gap;
  const unsigned behind = all.count - (before < all.count ? before : all.count);

  memset(address, 0, 16);
  memcpy(address, all.octets, 2U * (all.count - behind));
  memcpy(address + 2U * (GROUPS - behind), all.octets + 2U * before,
         2U * behind);
  return 6;
}

unsigned tcpflow__scan_address(tcpflow__scan text, uint8_t *address) {
  uint8_t ipv4[4];
  tcpflow__scan at = text;

  if (scan_ipv4(&at, ipv4) && tcpflow__scan_left(&at) == 0) {
    memset(address, 0, 16);
    memcpy(address, ipv4, sizeof(ipv4));
    return 4;
  }
  return memchr(text.text, ':', tcpflow__scan_left(&text)) == NULL
           ? 0
           : scan_ipv6(text, address);
}
