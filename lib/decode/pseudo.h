/*
 * lib/decode/pseudo.h - the pseudo-header that a TCP checksum covers.
 *
 * Room: decode.  Includes: nothing of ours.  It has the final destination,
 * which a source route or a routing header keeps elsewhere while the packet is
 * on its way.
 */
#ifndef TCPFLOW__DECODE_PSEUDO_H
#define TCPFLOW__DECODE_PSEUDO_H

#include <stdint.h>

/*
 * The sum (wire/checksum.h) of the pseudo-header of a TCP segment of LENGTH
 * octets.  DATAGRAM is its IP header with all options or extension headers,
 * SIZE octets.  Lengths inside of them that are wrong do no harm.
 */
uint64_t tcpflow__pseudo_sum(const uint8_t *datagram, uint32_t size,
                             uint32_t length);

/* The same for what another protocol carries. */
uint64_t tcpflow__pseudo_sum_of(uint8_t protocol, const uint8_t *datagram,
                                uint32_t size, uint32_t length);

/* Octets that the longest pseudo-header takes. */
enum {
  TCPFLOW__PSEUDO_MAX = 40
};

/*
 * The same pseudo-header as octets, for what is signed and not summed.  Answers
 * how many were written: 12 or 40.
 */
uint32_t tcpflow__pseudo_octets(uint8_t *to, const uint8_t *datagram,
                                uint32_t size, uint32_t length);

#endif /* TCPFLOW__DECODE_PSEUDO_H */
