/*
 * lib/text/wlanline.h - 802.11, and headers that a capture puts before it.
 *
 * Room: text.  Includes: decode.
 */
#ifndef TCPFLOW__TEXT_WLANLINE_H
#define TCPFLOW__TEXT_WLANLINE_H

#include "text/view.h"

tcpflow__show tcpflow__show_wlan;
tcpflow__show tcpflow__show_radiotap;
tcpflow__show tcpflow__show_prism;
tcpflow__show tcpflow__show_avs;
tcpflow__show tcpflow__show_ppi;
tcpflow__show tcpflow__show_pktap;
tcpflow__show tcpflow__show_netanalyzer;
tcpflow__show tcpflow__show_broadcom;
tcpflow__show tcpflow__show_broadcom_first;
tcpflow__show tcpflow__show_dsa;
tcpflow__show tcpflow__show_edsa;

/* A rate in tenths of a megabit; radiotap's fields of 3 and of 12 octets. */
void tcpflow__put_rate(tcpflow__line *line, unsigned tenths);
void tcpflow__put_mcs(tcpflow__line *line, const uint8_t *field);
void tcpflow__put_vht(tcpflow__line *line, const uint8_t *field);

/* An 802.11 frame; PADDED: its header is filled up to a multiple of four
   octets; CHECK octets of check sequence stand at its end. */
uint32_t tcpflow__show_wlan_frame(tcpflow__view *view, int padded,
                                  uint32_t check);

#endif /* TCPFLOW__TEXT_WLANLINE_H */
