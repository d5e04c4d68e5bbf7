/*
 * lib/text/hosts.c - host names, and the addresses that stand for them.
 *
 * Room: text.  Includes: base/mem.h, wire.
 */
#include "text/hosts.h"

#include <string.h>

#include "wire/bytes.h"

struct tcpflow__host {
  tcpflow__crit_entry entry; /* First: it leads here. */
  uint32_t number;
  char name[TCPFLOW__HOST_NAME_MAX + 1];
};

enum {
  FIRST_ROOM = 16
};

#define FIRST_IPV4 UINT32_C(0xf0000001) /* 240.0.0.1 */

/* 2001:db8::, behind which the number stands. */
static const uint8_t block6[12] = {0x20, 0x01, 0x0d, 0xb8};

void tcpflow__hosts_init(tcpflow__hosts *hosts, const tcpflow_mem *mem,
                         uint32_t max) {
  *hosts = (tcpflow__hosts){mem, {{NULL, 0}}, NULL, 0, 0, max};
}

void tcpflow__hosts_free(tcpflow__hosts *hosts) {
  for (uint32_t i = 0; i < hosts->count; i++) {
    tcpflow__free(hosts->mem, hosts->all[i]);
  }
  tcpflow__free(hosts->mem, hosts->all);
}

int tcpflow__is_host_name(tcpflow__scan text) {
  const size_t length = tcpflow__scan_left(&text);
  int letters = 0;

  for (; tcpflow__scan_left(&text) > 0; text.text++) {
    const char c = *text.text;

    letters += tcpflow__is_letter(c);
    if (!tcpflow__is_letter(c) && !tcpflow__is_digit(c) && c != '-' &&
        c != '_' && c != '.') {
      return 0;
    }
  }
  return letters > 0 && length <= TCPFLOW__HOST_NAME_MAX;
}

static int make_room(tcpflow__hosts *hosts) {
  if (hosts->count < hosts->room) {
    return TCPFLOW_OK;
  }
  const uint32_t room = hosts->room == 0 ? FIRST_ROOM : hosts->room * 2;
  tcpflow__host **const all =
    tcpflow__realloc(hosts->mem, hosts->all, room * sizeof(*all));

  if (all == NULL) {
    return TCPFLOW_ERR_NOMEM;
  }
  hosts->all = all;
  hosts->room = room;
  return TCPFLOW_OK;
}

static int add_host(tcpflow__hosts *hosts, tcpflow__scan name) {
  if (hosts->count == hosts->max) {
    return TCPFLOW_ERR_LIMIT;
  }
  if (make_room(hosts) != TCPFLOW_OK) {
    return TCPFLOW_ERR_NOMEM;
  }
  tcpflow__host *const host = tcpflow__calloc(hosts->mem, 1, sizeof(*host));

  if (host == NULL) {
    return TCPFLOW_ERR_NOMEM;
  }
  memcpy(host->name, name.text, tcpflow__scan_left(&name));
  host->entry.key = (const uint8_t *)host->name;
  host->entry.length = tcpflow__scan_left(&name);
  host->number = hosts->count;
  tcpflow__crit_insert(&hosts->tree, &host->entry);
  hosts->all[hosts->count++] = host;
  return TCPFLOW_OK;
}

int tcpflow__hosts_number(tcpflow__hosts *hosts, tcpflow__scan name,
                          uint32_t *number) {
  const tcpflow__crit_entry *const found = tcpflow__crit_find(
    &hosts->tree, (const uint8_t *)name.text, tcpflow__scan_left(&name));

  if (found != NULL) {
    *number = ((const tcpflow__host *)found)->number;
    return TCPFLOW_OK;
  }
  *number = hosts->count;
  return add_host(hosts, name);
}

void tcpflow__host_address(uint32_t number, unsigned version,
                           uint8_t *address) {
  memset(address, 0, 16);
  if (version == 4) {
    tcpflow__store32(address, FIRST_IPV4 + number);
  } else {
    memcpy(address, block6, sizeof(block6));
    tcpflow__store32(address + sizeof(block6), number + 1);
  }
}

const char *tcpflow__hosts_name(const tcpflow__hosts *hosts, unsigned version,
                                const uint8_t *address) {
  uint32_t number = UINT32_MAX;

  if (version == 4 && tcpflow__fetch32(address) >= FIRST_IPV4) {
    number = tcpflow__fetch32(address) - FIRST_IPV4;
  } else if (version == 6 && memcmp(address, block6, sizeof(block6)) == 0) {
    number =
      (tcpflow__fetch32(address + sizeof(block6)) - UINT64_C(1)) & UINT32_MAX;
  }
  return number < hosts->count ? hosts->all[number]->name : NULL;
}
