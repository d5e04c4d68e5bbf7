/*
 * lib/decode/links.h - the steps of link types, which link.c has in its table.
 *
 * Room: decode.  Includes: decode/steps.h.
 */
#ifndef TCPFLOW__DECODE_LINKS_H
#define TCPFLOW__DECODE_LINKS_H

#include "decode/steps.h"

/* link_ethernet.c */
tcpflow__step tcpflow__step_dsa;
tcpflow__step tcpflow__step_edsa;
tcpflow__step tcpflow__step_broadcom;
tcpflow__step tcpflow__step_broadcom_first;

/* link_ppp.c */
tcpflow__step tcpflow__step_ppp_hdlc;
tcpflow__step tcpflow__step_ppp_directed;
tcpflow__step tcpflow__step_chdlc;
tcpflow__step tcpflow__step_chdlc_directed;

/* link_frelay.c */
tcpflow__step tcpflow__step_frelay;
tcpflow__step tcpflow__step_frelay_directed;
tcpflow__step tcpflow__step_mfr;

/* link_cooked.c */
tcpflow__step tcpflow__step_null;
tcpflow__step tcpflow__step_sll;
tcpflow__step tcpflow__step_sll2;
tcpflow__step tcpflow__step_enc;
tcpflow__step tcpflow__step_pflog;
tcpflow__step tcpflow__step_nflog;
tcpflow__step tcpflow__step_ipnet;
tcpflow__step tcpflow__step_slip;

/* link_lan.c */
tcpflow__step tcpflow__step_fddi;
tcpflow__step tcpflow__step_token_ring;
tcpflow__step tcpflow__step_arcnet;
tcpflow__step tcpflow__step_arcnet_linux;
tcpflow__step tcpflow__step_fibre_channel;
tcpflow__step tcpflow__step_ipoib;
tcpflow__step tcpflow__step_firewire;

/* link_atm.c */
tcpflow__step tcpflow__step_atm;
tcpflow__step tcpflow__step_atm_clip;
tcpflow__step tcpflow__step_sunatm;

/* link_radio.c */
tcpflow__step tcpflow__step_radiotap;
tcpflow__step tcpflow__step_prism;
tcpflow__step tcpflow__step_avs;

/* link_capture.c */
tcpflow__step tcpflow__step_ppi;
tcpflow__step tcpflow__step_pktap;
tcpflow__step tcpflow__step_pktap_or_other;
tcpflow__step tcpflow__step_netanalyzer;
tcpflow__step tcpflow__step_netanalyzer_whole;
tcpflow__step tcpflow__step_mpacket;
tcpflow__step tcpflow__step_symantec;
tcpflow__step tcpflow__step_docsis;
tcpflow__step tcpflow__step_erf;

/* link_juniper.c */
tcpflow__step tcpflow__step_juniper_atm1;
tcpflow__step tcpflow__step_juniper_atm2;
tcpflow__step tcpflow__step_juniper_chdlc;
tcpflow__step tcpflow__step_juniper_es;
tcpflow__step tcpflow__step_juniper_ether;
tcpflow__step tcpflow__step_juniper_frelay;
tcpflow__step tcpflow__step_juniper_ggsn;
tcpflow__step tcpflow__step_juniper_mfr;
tcpflow__step tcpflow__step_juniper_mlfr;
tcpflow__step tcpflow__step_juniper_mlppp;
tcpflow__step tcpflow__step_juniper_ip;
tcpflow__step tcpflow__step_juniper_ppp;
tcpflow__step tcpflow__step_juniper_pppoe;
tcpflow__step tcpflow__step_juniper_pppoe_atm;

#endif /* TCPFLOW__DECODE_LINKS_H */
