/*
 * lib/text/services.h - names of TCP ports.
 *
 * Room: text.  Includes: nothing of ours.
 */
#ifndef TCPFLOW__TEXT_SERVICES_H
#define TCPFLOW__TEXT_SERVICES_H

#include "text/scan.h"

/* Reads a port that is the whole of TEXT, a number or a name.  Answers 0 for
   anything else. */
int tcpflow__scan_port(tcpflow__scan text, uint16_t *port);

#endif /* TCPFLOW__TEXT_SERVICES_H */
