/*
 * lib/options/signed.h - what signed segments have in common.
 *
 * Room: options.  Includes: nothing of ours.
 */
#ifndef TCPFLOW__OPTIONS_SIGNED_H
#define TCPFLOW__OPTIONS_SIGNED_H

#include <tcpflow/auth.h>

/* TCPFLOW_AUTH_OK if all octets of the segment are there, _UNCOVERED or _NONE
   otherwise. */
tcpflow_auth tcpflow__signed_check(const tcpflow_packet *packet);

/* The header without its options, the checksum 0: 20 octets. */
void tcpflow__signed_header(uint8_t *to, const tcpflow_packet *packet);

/* The first option of a kind whose length is right; 0: there is none. */
int tcpflow__signed_find(tcpflow_option *option, const tcpflow_packet *packet,
                         uint8_t kind);

#endif /* TCPFLOW__OPTIONS_SIGNED_H */
