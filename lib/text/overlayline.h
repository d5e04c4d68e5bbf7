/*
 * lib/text/overlayline.h - tunnels in UDP that tcpdump knows.
 *
 * Room: text.  Includes: decode.
 */
#ifndef TCPFLOW__TEXT_OVERLAYLINE_H
#define TCPFLOW__TEXT_OVERLAYLINE_H

#include "text/view.h"

tcpflow__show tcpflow__show_vxlan;
tcpflow__show tcpflow__show_vxlan_gpe;
tcpflow__show tcpflow__show_geneve;
tcpflow__show tcpflow__show_otv;
tcpflow__show tcpflow__show_l2tp;

#endif /* TCPFLOW__TEXT_OVERLAYLINE_H */
