/*
 * lib/text/lanline.h - links other than Ethernet that many hosts share.
 *
 * Room: text.  Includes: decode.
 */
#ifndef TCPFLOW__TEXT_LANLINE_H
#define TCPFLOW__TEXT_LANLINE_H

#include "text/view.h"

tcpflow__show tcpflow__show_fddi;
tcpflow__show tcpflow__show_token_ring;
tcpflow__show tcpflow__show_arcnet;
tcpflow__show tcpflow__show_arcnet_linux;
tcpflow__show tcpflow__show_fibre_channel;
tcpflow__show tcpflow__show_ipoib;
tcpflow__show tcpflow__show_atm;
tcpflow__show tcpflow__show_sunatm;
tcpflow__show tcpflow__show_slip;

#endif /* TCPFLOW__TEXT_LANLINE_H */
