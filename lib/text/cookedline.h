/*
 * lib/text/cookedline.h - headers that a capture puts in front of IP.
 *
 * Room: text.  Includes: decode.
 */
#ifndef TCPFLOW__TEXT_COOKEDLINE_H
#define TCPFLOW__TEXT_COOKEDLINE_H

#include "text/view.h"

tcpflow__show tcpflow__show_sll;
tcpflow__show tcpflow__show_sll2;
tcpflow__show tcpflow__show_null;
tcpflow__show tcpflow__show_enc;
tcpflow__show tcpflow__show_ipnet;
tcpflow__show tcpflow__show_nflog;
tcpflow__show tcpflow__show_pflog;

#endif /* TCPFLOW__TEXT_COOKEDLINE_H */
