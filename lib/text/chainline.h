/*
 * lib/text/chainline.h - what stands between IP and TCP.
 *
 * Room: text.  Includes: decode.
 */
#ifndef TCPFLOW__TEXT_CHAINLINE_H
#define TCPFLOW__TEXT_CHAINLINE_H

#include "text/view.h"

/* Writes the extension header here if PROTOCOL is one that tcpdump knows at
   this place; *NEXT is what follows.  Answers 0, and nothing written, if
   not. */
int tcpflow__show_extension(tcpflow__view *view, unsigned protocol,
                            uint32_t *next);

/* Writes ` truncated-ip6` if fewer than LENGTH octets were on the wire. */
void tcpflow__put_missing6(const tcpflow__view *view, uint32_t length);

/*
 * Walks the options of a hop-by-hop or destination options header, SIZE octets
 * that are all there; -v writes them.  Notes a jumbo payload.  Answers 0 if
 * tcpdump calls them cut.
 */
int tcpflow__put_ip6_options(tcpflow__view *view, const uint8_t *options,
                             uint32_t size);

#endif /* TCPFLOW__TEXT_CHAINLINE_H */
