/*
 * lib/decode/ip_options.h - options of IPv4 and of IPv6 extension headers.
 *
 * Room: decode.  Includes: nothing of ours.  They are stepped over, not
 * interpreted; the one step of each kind serves whoever looks for something.
 */
#ifndef TCPFLOW__DECODE_IP_OPTIONS_H
#define TCPFLOW__DECODE_IP_OPTIONS_H

#include <stdint.h>

/*
 * Octets of the option at BYTES, of which LEFT > 0 octets are there; 0 if its
 * length is wrong.  The end of an IPv4 list takes all that is left.
 */
typedef uint32_t tcpflow__ip_option_size(const uint8_t *bytes, uint32_t left);

tcpflow__ip_option_size tcpflow__ipv4_option_size;
tcpflow__ip_option_size tcpflow__ipv6_option_size;

/* The first option of kind KIND; NULL if there is none before the list ends or
   goes wrong. */
const uint8_t *tcpflow__ip_option_find(tcpflow__ip_option_size *size_of,
                                       const uint8_t *bytes, uint32_t size,
                                       uint8_t kind);

/* Says whether all lengths of a list are right. */
int tcpflow__ip_options_good(tcpflow__ip_option_size *size_of,
                             const uint8_t *bytes, uint32_t size);

#endif /* TCPFLOW__DECODE_IP_OPTIONS_H */
