/*
 * lib/text/shows.h - the steps of the walk, one a header.
 *
 * Room: text.  Includes: decode.
 */
#ifndef TCPFLOW__TEXT_SHOWS_H
#define TCPFLOW__TEXT_SHOWS_H

#include "text/view.h"

tcpflow__show tcpflow__show_ethernet;
tcpflow__show tcpflow__show_llc;
tcpflow__show tcpflow__show_raw;
tcpflow__show tcpflow__show_ipv4;
tcpflow__show tcpflow__show_ipv6;
tcpflow__show tcpflow__show_ah;
tcpflow__show tcpflow__show_tcp;
tcpflow__show tcpflow__show_udp;
tcpflow__show tcpflow__show_gre;
tcpflow__show tcpflow__show_mpls;
tcpflow__show tcpflow__show_pppoe;
tcpflow__show tcpflow__show_ppp;
tcpflow__show tcpflow__show_nsh;

/* The step of a link type; NULL if tcpdump has none. */
tcpflow__show *tcpflow__show_of_link(uint32_t link);

/* What a UDP port leads to; NULL: nothing that is known here. */
tcpflow__show *tcpflow__show_of_port(uint16_t from, uint16_t to);

/* Goes on where tcpdump knows no more: NEXT is what it stopped at. */
uint32_t tcpflow__show_further(tcpflow__view *view, uint32_t next);

/* The parts of Ethernet that other links share. */
void tcpflow__put_mac(tcpflow__line *line, const uint8_t *octets);
void tcpflow__put_macs(tcpflow__line *line, const uint8_t *from,
                       const uint8_t *to);
void tcpflow__put_ether_type(tcpflow__line *line, unsigned type);
void tcpflow__put_tag(tcpflow__line *line, unsigned control);

/* SNAP, PAD octets in front of a bridged frame. */
uint32_t tcpflow__show_snap(tcpflow__view *view, uint32_t pad);

/* What a network layer protocol identifier (NLPID) leads to. */
uint32_t tcpflow__next_of_nlpid(unsigned nlpid);

#endif /* TCPFLOW__TEXT_SHOWS_H */
