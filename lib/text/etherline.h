/*
 * lib/text/etherline.h - an Ethernet frame with something in front of its type.
 *
 * Room: text.  Includes: decode.
 */
#ifndef TCPFLOW__TEXT_ETHERLINE_H
#define TCPFLOW__TEXT_ETHERLINE_H

#include "text/view.h"

/* Writes a switch's tag, whose octets are all there. */
typedef void tcpflow__put_switch_tag(const tcpflow__view *view,
                                     const uint8_t *tag);

/* Writes a frame that has TAG_SIZE octets behind its addresses. */
uint32_t tcpflow__show_frame(tcpflow__view *view, uint32_t tag_size,
                             tcpflow__put_switch_tag *put_tag);

#endif /* TCPFLOW__TEXT_ETHERLINE_H */
