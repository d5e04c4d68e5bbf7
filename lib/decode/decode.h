/*
 * lib/decode/decode.h - decoding for the rooms above: no checks of arguments.
 *
 * Room: decode.  Includes: nothing of ours.
 */
#ifndef TCPFLOW__DECODE_DECODE_H
#define TCPFLOW__DECODE_DECODE_H

#include <tcpflow/packet.h>

/*
 * Decodes a frame.  PACKET is a struct of this release, CONFIG is valid.  All
 * of PACKET is set but its stamp and the layers behind its count.  Answers
 * TCPFLOW_OK, always, so that the public call can end with this one.
 */
int tcpflow__packet_decode(tcpflow_packet *packet, const tcpflow_frame *frame,
                           const tcpflow_decode_config *config);

/*
 * The same by walking, always; tcpflow__packet_decode() knows the commonest
 * frames by sight.  Tests hold the one against the other.
 */
int tcpflow__packet_decode_walking(tcpflow_packet *packet,
                                   const tcpflow_frame *frame,
                                   const tcpflow_decode_config *config);

/* The same for the packet of an aggregate that starts at RESUME, which the one
   in front of it told. */
void tcpflow__packet_decode_further(tcpflow_packet *packet,
                                    const tcpflow_frame *frame,
                                    const tcpflow_decode_config *config,
                                    uint32_t resume);

/* Says whether every member is in its documented range. */
int tcpflow__decode_config_valid(const tcpflow_decode_config *config);

/* Can an IP datagram of a VERSION that carries PROTOCOL lead to TCP?  Fragments
   of such a datagram are FRAGMENT, and those of others NOT_TCP. */
int tcpflow__protocol_leads_to_tcp(const tcpflow_decode_config *config,
                                   unsigned version, uint32_t protocol);

/* The defaults, for a caller who has no wishes. */
extern const tcpflow_decode_config tcpflow__decode_defaults;

#endif /* TCPFLOW__DECODE_DECODE_H */
