/*
 * lib/text/pppline.h - links of two ends.
 *
 * Room: text.  Includes: decode.
 */
#ifndef TCPFLOW__TEXT_PPPLINE_H
#define TCPFLOW__TEXT_PPPLINE_H

#include "text/view.h"

tcpflow__show tcpflow__show_ppp_link;
tcpflow__show tcpflow__show_ppp_hdlc;
tcpflow__show tcpflow__show_ether_ppp;
tcpflow__show tcpflow__show_chdlc;
tcpflow__show tcpflow__show_frame_relay;

#endif /* TCPFLOW__TEXT_PPPLINE_H */
