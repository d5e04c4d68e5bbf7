/*
 * lib/text/hosts.h - host names, and the addresses that stand for them.
 *
 * Room: text.  Includes: base/mem.h.  Without -n, tcpdump prints names.  Each
 * is given a number in the order of appearance, and that number an address out
 * of a block that no host has: 240.0.0.0/4 (RFC 1112 section 4) or
 * 2001:db8::/32 (RFC 3849).
 */
#ifndef TCPFLOW__TEXT_HOSTS_H
#define TCPFLOW__TEXT_HOSTS_H

#include "base/mem.h"
#include "text/critbit.h"
#include "text/scan.h"

enum {
  TCPFLOW__HOST_NAME_MAX = 255 /* RFC 1035 section 3.1. */
};

typedef struct tcpflow__host tcpflow__host;

typedef struct tcpflow__hosts {
  const tcpflow_mem *mem; /* The owner's. */
  tcpflow__crit_tree tree;
  tcpflow__host **all; /* By their numbers. */
  uint32_t room;       /* Of that array. */
  uint32_t count;
  uint32_t max;
} tcpflow__hosts;

/* Starts empty; MEM is borrowed. */
void tcpflow__hosts_init(tcpflow__hosts *hosts, const tcpflow_mem *mem,
                         uint32_t max);

/* Releases them all. */
void tcpflow__hosts_free(tcpflow__hosts *hosts);

/* Is the text a host name, and no number? */
int tcpflow__is_host_name(tcpflow__scan text);

/*
 * The number of a name, remembered from now on.  TCPFLOW_ERR_LIMIT: MAX names
 * are known already.  TCPFLOW_ERR_NOMEM: nothing changed.
 */
int tcpflow__hosts_number(tcpflow__hosts *hosts, tcpflow__scan name,
                          uint32_t *number);

/* The address of a number, for version 4 or 6: 16 octets. */
void tcpflow__host_address(uint32_t number, unsigned version, uint8_t *address);

/* The name that an address stands for; NULL: for none. */
const char *tcpflow__hosts_name(const tcpflow__hosts *hosts, unsigned version,
                                const uint8_t *address);

#endif /* TCPFLOW__TEXT_HOSTS_H */
