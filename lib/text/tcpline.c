/*
 * lib/text/tcpline.c - a line from the TCP ports on.
 *
 * Room: text.  Includes: decode, wire.
 */
#include "decode/pseudo.h"
#include "text/flags.h"
#include "text/ipline.h"
#include "text/optprint.h"
#include "text/shows.h"
#include "wire/checksum.h"

enum {
  HEADER_SIZE = 20,
  IPV4_SIZE = 20,
  PORTS_SIZE = 4
};

/* The segment as tcpdump sees it. */
typedef struct segment_view {
  const uint8_t *bytes; /* NULL if less than a header is there. */
  uint32_t there;       /* Captured octets. */
  uint32_t length;      /* Octets by the headers around it. */
  uint32_t header;      /* By its data offset. */
  unsigned flags;
} segment_view;

/* The numbers as they shall be written are those of the packet; another segment
   is one that only tcpdump sees. */
static tcpflow__numbers numbers_of(const tcpflow__view *view,
                                   const segment_view *segment) {
  return view->packet->kind == TCPFLOW_PACKET_TCP &&
             view->packet->tcp_offset == view->offset
           ? *view->numbers
           : (tcpflow__numbers){tcpflow__fetch32(segment->bytes + 4),
                                tcpflow__fetch32(segment->bytes + 8), 0};
}

/* The whole of the segment must be there, and no other part of it elsewhere. */
static void put_checksum(const tcpflow__view *view,
                         const segment_view *segment) {
  if (!view->verbose || view->fragment || segment->there < segment->length ||
      view->offset - view->ip < IPV4_SIZE) {
    return;
  }
  const uint64_t pseudo = tcpflow__pseudo_sum(
    view->packet->bytes + view->ip, view->offset - view->ip, segment->length);
  const uint16_t sum = tcpflow__sum_fold(
    tcpflow__sum_add(pseudo, segment->bytes, segment->length));
  const uint16_t field = tcpflow__fetch16(segment->bytes + 16);

  tcpflow__put_hex_word(view->line, ", cksum 0x", field, 4);
  if (sum == 0xffff) {
    tcpflow__put(view->line, " (correct)");
    return;
  }
  tcpflow__put_hex_word(view->line, " (incorrect -> 0x",
                        tcpflow__checksum_wanted(field, sum), 4);
  tcpflow__put_char(view->line, ')');
}

/* Answers 0 if the list of options is broken off, and so the line. */
static int put_option_list(tcpflow__line *line, const segment_view *segment,
                           tcpflow_seq sack_base) {
  const tcpflow__option_source source = {segment->bytes + HEADER_SIZE,
                                         segment->there - HEADER_SIZE,
                                         segment->header - HEADER_SIZE,
                                         segment->flags,
                                         sack_base,
                                         segment->there >= segment->length};

  if (segment->header == HEADER_SIZE) {
    return 1;
  }
  tcpflow__put(line, ", options ");
  return tcpflow__put_options(line, &source);
}

static void put_seq(tcpflow__line *line, unsigned flags, tcpflow_seq seq,
                    uint32_t payload) {
  const unsigned with_seq =
    TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_FIN | TCPFLOW_FLAG_RST;

  if (payload > 0 || (flags & with_seq) != 0) {
    tcpflow__put_word(line, ", seq ", seq);
  }
  if (payload > 0) {
    tcpflow__put_word(line, ":", tcpflow_seq_add(seq, payload));
  }
}

/* Answers 0 if tcpdump gives up on the packet. */
static int put_header(const tcpflow__view *view, const segment_view *segment) {
  tcpflow__line *const line = view->line;
  const uint32_t payload = segment->length - segment->header;
  const tcpflow__numbers n = numbers_of(view, segment);

  put_checksum(view, segment);
  put_seq(line, segment->flags, n.seq, payload);
  if ((segment->flags & TCPFLOW_FLAG_ACK) != 0) {
    tcpflow__put_word(line, ", ack ", n.ack);
  }
  tcpflow__put_word(line, ", win ", tcpflow__fetch16(segment->bytes + 14));
  if ((segment->flags & TCPFLOW_FLAG_URG) != 0) {
    tcpflow__put_word(line, ", urg ", tcpflow__fetch16(segment->bytes + 18));
  }
  if (!put_option_list(line, segment, n.sack_base)) {
    return 1;
  }
  tcpflow__put_word(line, ", length ", payload);
  if (payload > 0 && segment->there < segment->header) {
    tcpflow__put_word(line, " [remaining caplen(", segment->there);
    tcpflow__put_word(line, ") < header length(", segment->header);
    tcpflow__put(line, ")] [|tcp]");
    return 0;
  }
  return 1;
}

static int put_segment(const tcpflow__view *view, const segment_view *segment) {
  tcpflow__line *const line = view->line;

  if (segment->header < HEADER_SIZE) {
    tcpflow__put_word(line, " tcp ", segment->length - segment->header);
    tcpflow__put_word(line, " [bad hdr length ", segment->header);
    tcpflow__put(line, " - too short, < 20]");
    return 1;
  }
  tcpflow__put(line, "Flags [");
  tcpflow__put_flags(line, segment->flags);
  tcpflow__put_char(line, ']');
  if (segment->header > segment->length) {
    tcpflow__put_word(line, " [bad hdr length ", segment->header);
    tcpflow__put_word(line, " - too long, > ", segment->length);
    tcpflow__put_char(line, ']');
    return 1;
  }
  return put_header(view, segment);
}

/* What stands around the segment is closed, unless the line was broken off. */
uint32_t tcpflow__show_tcp(tcpflow__view *view) {
  const uint8_t *const ports = tcpflow__view_at(view, 0, PORTS_SIZE);
  const uint8_t *const bytes = tcpflow__view_at(view, 0, HEADER_SIZE);

  view->name = "tcp";
  if (ports == NULL) {
    tcpflow__put_ends(view);
    tcpflow__put(view->line, ": [|tcp]");
    return tcpflow__view_stop(view, view->braces > 0 ? "}" : "");
  }
  tcpflow__put_ports(view, ports);
  if (bytes == NULL) {
    return tcpflow__view_cut(view);
  }
  const segment_view segment = {bytes, tcpflow__view_there(view), view->length,
                                (uint32_t)(bytes[12] >> 4) * 4,
                                (bytes[12] & 1U) << 8 | bytes[13]};
  const int whole = put_segment(view, &segment);

  for (unsigned i = 0; whole && i < view->braces; i++) {
    tcpflow__put_char(view->line, '}');
  }
  return TCPFLOW__SHOW_STOP;
}
