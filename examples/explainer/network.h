/*
 * examples/explainer/network.h - what addresses, ports and sizes tell.
 *
 * Tables of well-known things; nothing here is looked up anywhere, so that the
 * output is the same on every machine.
 */
#ifndef EXPLAINER_NETWORK_H
#define EXPLAINER_NETWORK_H

#include <stdint.h>

enum address_class {
  ADDRESS_PUBLIC,
  ADDRESS_NAME,          /* Known by its name only. */
  ADDRESS_PRIVATE,       /* RFC 1918, RFC 4193. */
  ADDRESS_SHARED,        /* RFC 6598: carrier-grade NAT. */
  ADDRESS_LOOPBACK,      /* RFC 1122, RFC 4291. */
  ADDRESS_LINK_LOCAL,    /* RFC 3927, RFC 4291. */
  ADDRESS_DOCUMENTATION, /* RFC 5737, RFC 3849, RFC 9637. */
  ADDRESS_BENCHMARK,     /* RFC 2544, RFC 5180. */
  ADDRESS_MULTICAST,     /* Not an address for TCP. */
  ADDRESS_SPECIAL,       /* Unspecified, broadcast, reserved. */
  ADDRESS_COUNT
};

enum address_class classify_address(unsigned version, const uint8_t *address);

/* The RFCs that set such addresses apart; "" if none do. */
const char *name_address_rfc(unsigned version, enum address_class class);

/* Who of the two speaks first, once the connection is open. */
enum first_speaker {
  SPEAKER_UNKNOWN,
  SPEAKER_CLIENT,
  SPEAKER_SERVER
};

struct service {
  uint16_t port;
  const char *name;
  enum first_speaker speaker;
};

/* The service that usually listens at a port; NULL if none is known. */
const struct service *find_service(uint16_t port);

/* What a path of some MTU usually is. */
enum path_kind {
  PATH_UNUSUAL,   /* Nothing in particular. */
  PATH_ETHERNET,  /* 1500. */
  PATH_BELOW,     /* Between 1280 and 1500. */
  PATH_PPPOE,     /* 1492. */
  PATH_TUNNEL,    /* 1480, 1476. */
  PATH_OVERLAY,   /* 1450. */
  PATH_GCP,       /* 1460. */
  PATH_WIREGUARD, /* 1420. */
  PATH_MINIMUM6,  /* 1280. */
  PATH_DEFAULT4,  /* 576. */
  PATH_SMALL,     /* Less than 1280. */
  PATH_LOOPBACK,  /* 65535, 65536, 16384. */
  PATH_JUMBO,     /* 9000, 9001. */
  PATH_LARGE,     /* More than 1500. */
  PATH_COUNT
};

/* Octets of the IP and TCP headers without options: 40 or 60. */
unsigned header_octets(unsigned version);

enum path_kind classify_mtu(unsigned mtu);

/* The initial time to live that a packet probably had: 32, 64, 128 or 255. */
unsigned guess_initial_ttl(unsigned ttl);

#endif
