/*
 * lib/text/extension.h - what stands between IP and TCP, as tcpdump writes it.
 *
 * Room: text.  Includes: decode.
 */
#ifndef TCPFLOW__TEXT_EXTENSION_H
#define TCPFLOW__TEXT_EXTENSION_H

#include "text/headline.h"

/*
 * Writes extension headers and authentication headers, with the addresses in
 * front of them; nothing, if TCP follows IP at once.  Answers 0 if the packet
 * ends before TCP begins, and then writes all of the line.
 */
int tcpflow__put_extensions(tcpflow__line *line, const tcpflow_packet *packet,
                            const tcpflow__extent *extent);

#endif /* TCPFLOW__TEXT_EXTENSION_H */
