/*
 * lib/text/ipwords.h - what stands before the addresses: the IP header of -v,
 * and tags of -e.
 *
 * Room: text.  Includes: decode.
 */
#ifndef TCPFLOW__TEXT_IPWORDS_H
#define TCPFLOW__TEXT_IPWORDS_H

#include <tcpflow/build.h>

#include "text/scan.h"

enum {
  TCPFLOW__IP_OPTIONS_MAX = 40
};

/* What is not told has its default, or is 0. */
typedef struct tcpflow__ip_words {
  tcpflow_build_ip ip; /* Its options are those below. */
  uint32_t length;     /* Of the datagram, if TCP is next in it. */
  uint32_t missing;    /* Octets of it that the frame did not have. */
  uint32_t vlan;       /* Tags, in the form of a tuple's. */
  uint8_t version;     /* Of the innermost IP header that was told. */
  uint8_t quoting;     /* What follows is quoted in an ICMP error. */
  uint8_t has_options; /* There are IP options; what the text tells of them: */
  uint8_t option_count;
  uint8_t options[TCPFLOW__IP_OPTIONS_MAX];
} tcpflow__ip_words;

/* Sets the defaults. */
void tcpflow__ip_words_init(tcpflow__ip_words *ip);

/*
 * Reads a text, which adds to what was told before it: tags are further tags,
 * and an IP header stands inside the one before.  -v prints
 * `(tos 0x0, ttl 64, id 1, ...`, -e `vlan 7, p 0, `.
 */
void tcpflow__scan_ip_words(tcpflow__scan text, tcpflow__ip_words *ip);

/* Reads what -v tells of IP options, from behind the bracket on. */
void tcpflow__scan_ip_options(tcpflow__scan text, tcpflow__ip_words *ip);

#endif /* TCPFLOW__TEXT_IPWORDS_H */
