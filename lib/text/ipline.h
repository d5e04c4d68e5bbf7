/*
 * lib/text/ipline.h - what the lines of IPv4 and IPv6 have in common.
 *
 * Room: text.  Includes: decode.
 */
#ifndef TCPFLOW__TEXT_IPLINE_H
#define TCPFLOW__TEXT_IPLINE_H

#include "text/view.h"

/* How a list of IPv4 options ended. */
typedef enum tcpflow__ip_options_end {
  TCPFLOW__IP_OPTIONS_WHOLE,
  TCPFLOW__IP_OPTIONS_PART, /* An option is cut: tcpdump says so and stops. */
  TCPFLOW__IP_OPTIONS_CUT   /* So that tcpdump gives up on the packet. */
} tcpflow__ip_options_end;

/* Writes the options of the IPv4 header here, which has HEADER octets. */
tcpflow__ip_options_end tcpflow__put_ip_options(const tcpflow__view *view,
                                                uint32_t header);

/* Writes `sender > receiver` of the innermost IP header. */
void tcpflow__put_ends(const tcpflow__view *view);

/* Writes `sender.port > receiver.port: `; without addresses, if other headers
   stand between IP and the ports, since they are written behind those. */
void tcpflow__put_ports(const tcpflow__view *view, const uint8_t *ports);

/* Says whether tcpdump writes ports of an IP protocol at the addresses. */
int tcpflow__has_ports(unsigned protocol);

/* An IP header starts here. */
static inline void tcpflow__view_enter_ip(tcpflow__view *view, uint8_t version,
                                          uint8_t protocol) {
  view->ip = view->offset;
  view->version = version;
  view->protocol = protocol;
  view->fragment = 0;
  view->chain = 0;
}

/*
 * What a checksum field should hold: it holds FIELD, and the sum over all that
 * it covers is SUM (tcpflow__sum_fold()).  Of the two zeros of RFC 1071,
 * tcpdump writes 0xffff.
 */
static inline uint16_t tcpflow__checksum_wanted(uint16_t field, uint16_t sum) {
  const uint32_t wanted = (uint32_t)field + (0xffffU - sum);

  return (uint16_t)((wanted & 0xffffU) + (wanted >> 16));
}

#endif /* TCPFLOW__TEXT_IPLINE_H */
