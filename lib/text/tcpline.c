/*
 * lib/text/tcpline.c - a line from the TCP ports on.
 *
 * Room: text.  Includes: decode, wire.
 */
#include "text/tcpline.h"

#include "text/address.h"
#include "text/flags.h"
#include "text/optprint.h"

enum {
  HEADER_SIZE = 20,
  PORTS_SIZE = 4,
  PROTOCOL_TCP = 6
};

/* The segment as tcpdump sees it. */
typedef struct segment_view {
  const uint8_t *bytes;
  uint32_t there;  /* Captured octets. */
  uint32_t length; /* Octets by the IP header. */
} segment_view;

static void put_word(tcpflow__line *line, const char *word, uint64_t number) {
  tcpflow__put(line, word);
  tcpflow__put_decimal(line, number);
}

static int carries_tcp_at_once(const tcpflow_packet *packet) {
  const uint8_t *const ip = packet->bytes + packet->ip_offset;

  return ip[packet->tuple.version == 4 ? 9 : 6] == PROTOCOL_TCP;
}

/* Addresses too, unless headers between IP and TCP were written behind them. */
static void put_ports(tcpflow__line *line, const tcpflow_packet *packet) {
  for (unsigned i = 0; i < 2; i++) {
    tcpflow__put(line, i == 0 ? "" : " > ");
    if (carries_tcp_at_once(packet)) {
      tcpflow__put_address(line, packet->tuple.version,
                           packet->tuple.address[i]);
      tcpflow__put_char(line, '.');
    }
    tcpflow__put_decimal(line, packet->tuple.port[i]);
  }
  tcpflow__put(line, ": ");
}

/* Answers 0 if the list of options is broken off, and so the line. */
static int put_option_list(tcpflow__line *line, const tcpflow_packet *packet,
                           const tcpflow__numbers *n,
                           const segment_view *segment) {
  const unsigned header = packet->header_length;
  const tcpflow__option_source source = {segment->bytes + HEADER_SIZE,
                                         segment->there - HEADER_SIZE,
                                         header - HEADER_SIZE,
                                         packet->flags,
                                         n->sack_base,
                                         segment->there >= segment->length};

  if (header == HEADER_SIZE) {
    return 1;
  }
  tcpflow__put(line, ", options ");
  return tcpflow__put_options(line, &source);
}

static void put_seq(tcpflow__line *line, const tcpflow_packet *packet,
                    tcpflow_seq seq, uint32_t payload) {
  const unsigned with_seq =
    TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_FIN | TCPFLOW_FLAG_RST;

  if (payload > 0 || (packet->flags & with_seq) != 0) {
    put_word(line, ", seq ", seq);
  }
  if (payload > 0) {
    put_word(line, ":", tcpflow_seq_add(seq, payload));
  }
}

static void put_header(tcpflow__line *line, const tcpflow_packet *packet,
                       const tcpflow__numbers *n, const segment_view *segment) {
  const uint32_t payload = segment->length - packet->header_length;

  put_seq(line, packet, n->seq, payload);
  if ((packet->flags & TCPFLOW_FLAG_ACK) != 0) {
    put_word(line, ", ack ", n->ack);
  }
  put_word(line, ", win ", packet->window);
  if ((packet->flags & TCPFLOW_FLAG_URG) != 0) {
    put_word(line, ", urg ", packet->urgent);
  }
  if (!put_option_list(line, packet, n, segment)) {
    return;
  }
  put_word(line, ", length ", payload);
  if (payload > 0 && segment->there < packet->header_length) {
    put_word(line, " [remaining caplen(", segment->there);
    put_word(line, ") < header length(", packet->header_length);
    tcpflow__put(line, ")] [|tcp]");
  }
}

static void put_view(tcpflow__line *line, const tcpflow_packet *packet,
                     const tcpflow__numbers *n, const segment_view *segment) {
  const unsigned header = packet->header_length;

  if (segment->there < PORTS_SIZE) {
    tcpflow__put_ends(line, &packet->tuple);
    tcpflow__put(line, ": [|tcp]");
    return;
  }
  put_ports(line, packet);
  if (segment->there < HEADER_SIZE) {
    tcpflow__put(line, " [|tcp]");
    return;
  }
  if (header < HEADER_SIZE) {
    put_word(line, " tcp ", segment->length - header);
    put_word(line, " [bad hdr length ", header);
    tcpflow__put(line, " - too short, < 20]");
    return;
  }
  tcpflow__put(line, "Flags [");
  tcpflow__put_flags(line, packet->flags);
  tcpflow__put_char(line, ']');
  if (header > segment->length) {
    put_word(line, " [bad hdr length ", header);
    put_word(line, " - too long, > ", segment->length);
    tcpflow__put_char(line, ']');
    return;
  }
  put_header(line, packet, n, segment);
}

void tcpflow__put_segment(tcpflow__line *line, const tcpflow_packet *packet,
                          const tcpflow__extent *extent,
                          const tcpflow__numbers *n) {
  const uint32_t offset = packet->tcp_offset;
  const segment_view segment = {packet->bytes + offset,
                                extent->end > offset ? extent->end - offset : 0,
                                extent->length - (offset - packet->ip_offset)};

  put_view(line, packet, n, &segment);
}
