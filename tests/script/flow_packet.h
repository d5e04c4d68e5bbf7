/*
 * tests/script/flow_packet.h - a packet line of a .flow script becomes a
 * frame.
 *
 * README.md describes the lines.
 */
#ifndef FLOW_PACKET_H
#define FLOW_PACKET_H

#include <stdbool.h>

#include <tcpflow/tcpflow.h>

/* Octets that a frame of a script may have. */
#define FLOW_FRAME_MAX 66000

/* Who talks, and what their numbers count from. */
typedef struct flow_ends {
  tcpflow_tuple tuple; /* Client first. */
  tcpflow_seq isn[2];  /* By tcpflow_side. */
} flow_ends;

/* One frame, in storage of its own. */
typedef struct flow_packet {
  tcpflow_frame frame; /* Time and number are not set. */
  bool quoted;         /* Its data stood in the script. */
  uint8_t storage[FLOW_FRAME_MAX];
} flow_packet;

/*
 * Reads what stands behind `>` or `<`.  Answers NULL, or what is wrong with
 * it.  Data that the line does not quote is flow_pattern().
 */
const char *flow_packet_read(flow_packet *packet, const flow_ends *ends,
                             tcpflow_side sender, const char *text);

/* The octet at an offset of a side's stream: letters, over and over. */
uint8_t flow_pattern(tcpflow_side side, uint32_t offset);

/* Reads `ADDRESS.PORT`, as tcpdump writes it, into one end of a tuple. */
bool flow_endpoint_read(tcpflow_tuple *tuple, tcpflow_side side,
                        const char *text);

#endif /* FLOW_PACKET_H */
