/*
 * lib/text/address.h - IP addresses in text.
 *
 * Room: text.  Includes: nothing of ours.
 */
#ifndef TCPFLOW__TEXT_ADDRESS_H
#define TCPFLOW__TEXT_ADDRESS_H

#include "text/line.h"
#include "text/scan.h"

/* Writes an address of version 4 or 6. */
void tcpflow__put_address(tcpflow__line *line, unsigned version,
                          const uint8_t *address);

/*
 * Reads an address that is the whole of TEXT into 16 octets; those that IPv4
 * does not need become 0.  Answers the version; 0, and nothing written, if it
 * is none.
 */
unsigned tcpflow__scan_address(tcpflow__scan text, uint8_t *address);

#endif /* TCPFLOW__TEXT_ADDRESS_H */
