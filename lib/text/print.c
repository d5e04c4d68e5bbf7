/*
 * lib/text/print.c - packets as lines, as tcpdump -nn writes them.
 *
 * Room: text.  Includes: base, decode, wire.  The line ends where tcpdump goes
 * on to the payload's own protocol.
 */
#include <tcpflow/text.h>

#include "base/mem.h"
#include "base/sized.h"
#include "text/line.h"
#include "text/relative.h"
#include "text/timeprint.h"
#include "text/view.h"

TCPFLOW__NO_TAIL_PADDING(tcpflow_printer_config, link_header);

enum {
  TCP_HEADER_SIZE = 20
};

struct tcpflow_printer {
  tcpflow_mem mem;
  tcpflow__clock clock;
  int absolute;
  int verbose;
  int link_header;
  tcpflow_time first;    /* Time of the first line; 0: none. */
  tcpflow_time previous; /* Time of the latest line; 0: none. */
  tcpflow__relative relative;
};

void tcpflow_printer_config_defaults(tcpflow_printer_config *config,
                                     size_t size) {
  tcpflow_printer_config ours = {.size = sizeof(ours), .max_flows = 65536};

  tcpflow_sized_init(config, size);
  tcpflow__sized_write(config, &ours, sizeof(ours));
}

static int is_valid(const tcpflow_printer_config *config) {
  return config->time <= TCPFLOW_TIME_STYLE_SINCE && config->max_flows > 0;
}

static int read_config(tcpflow_printer_config *ours,
                       const tcpflow_printer_config *theirs) {
  if (theirs == NULL) {
    tcpflow_printer_config_init(ours);
    return TCPFLOW_OK;
  }
  const int error = tcpflow__sized_read(ours, sizeof(*ours), theirs);

  if (error != TCPFLOW_OK) {
    return error;
  }
  if (ours->reserved != 0) {
    return TCPFLOW_ERR_VERSION;
  }
  return is_valid(ours) ? TCPFLOW_OK : TCPFLOW_ERR_INVALID;
}

int tcpflow_printer_new(tcpflow_printer **out,
                        const tcpflow_printer_config *config,
                        const tcpflow_mem *mem) {
  tcpflow_printer_config wanted;
  tcpflow_mem ours;
  int error = read_config(&wanted, config);

  if (error == TCPFLOW_OK) {
    error = tcpflow__mem_read(&ours, mem);
  }
  if (error != TCPFLOW_OK) {
    return error;
  }
  tcpflow_printer *const printer = tcpflow__calloc(&ours, 1, sizeof(*printer));
  if (printer == NULL) {
    return TCPFLOW_ERR_NOMEM;
  }
  printer->mem = ours;
  printer->clock.style = (tcpflow_time_style)wanted.time;
  printer->clock.nanoseconds = wanted.nanoseconds != 0;
  printer->absolute = wanted.absolute != 0;
  printer->verbose = wanted.verbose != 0;
  printer->link_header = wanted.link_header != 0;
  tcpflow__relative_init(&printer->relative, &printer->mem, wanted.max_flows);
  *out = printer;
  return TCPFLOW_OK;
}

void tcpflow_printer_del(tcpflow_printer *printer) {
  if (printer == NULL) {
    return;
  }
  const tcpflow_mem mem = printer->mem;

  tcpflow__relative_free(&printer->relative);
  tcpflow__free(&mem, printer);
}

void tcpflow_printer_set_zone(tcpflow_printer *printer, int32_t seconds) {
  printer->clock.zone = seconds;
}

/*
 * tcpdump starts a conversation with its first segment that has ACK, and again
 * with every SYN that has; these are written as they are, but their SACK blocks
 * are relative already.  Segments without ACK are never relative.
 */
static int find_numbers(tcpflow_printer *printer, const tcpflow_packet *packet,
                        tcpflow__numbers *n) {
  int fresh = 0;

  *n = (tcpflow__numbers){packet->seq, packet->ack, 0};
  if (printer->absolute || packet->kind != TCPFLOW_PACKET_TCP ||
      packet->header_length < TCP_HEADER_SIZE ||
      (packet->flags & TCPFLOW_FLAG_ACK) == 0) {
    return TCPFLOW_OK;
  }
  tcpflow__conversation *const one =
    tcpflow__relative_get(&printer->relative, &packet->tuple, &fresh);
  if (one == NULL) {
    return TCPFLOW_ERR_NOMEM;
  }
  const unsigned sender = tcpflow__conversation_side(&packet->tuple);
  if (fresh || (packet->flags & TCPFLOW_FLAG_SYN) != 0) {
    tcpflow__conversation_begin(one, sender, packet->seq, packet->ack);
  } else {
    n->seq = tcpflow_seq_distance(one->first[sender], packet->seq);
    n->ack = tcpflow_seq_distance(one->first[1 - sender], packet->ack);
  }
  n->sack_base = one->first[1 - sender];
  return TCPFLOW_OK;
}

/*
 * Times are remembered when a line is written, not before.  To tcpdump, and so
 * here, a time of 0 is none to count from.
 */
static void put_line_time(tcpflow_printer *printer, tcpflow__line *line,
                          tcpflow_time time) {
  printer->first = printer->first == 0 ? time : printer->first;
  printer->previous = printer->previous == 0 ? time : printer->previous;
  printer->clock.origin = printer->clock.style == TCPFLOW_TIME_STYLE_DELTA
                            ? printer->previous
                            : printer->first;
  tcpflow__put_time(line, &printer->clock, time);
  printer->previous = time;
}

/* A frame of which nothing was captured; tcpdump gives it no time. */
static void put_empty_frame(tcpflow__line *line, const tcpflow_packet *packet) {
  tcpflow__put(line, packet->length > 0
                       ? "[Invalid header: caplen==0]"
                       : "[Invalid header: caplen==0, len==0]");
}

static void put_packet(tcpflow_printer *printer, tcpflow__line *line,
                       const tcpflow_packet *packet,
                       const tcpflow__numbers *n) {
  tcpflow__view view = {.line = line,
                        .packet = packet,
                        .numbers = n,
                        .name = "",
                        .end = packet->captured,
                        .length = packet->length,
                        .verbose = printer->verbose != 0,
                        .link_header = printer->link_header != 0};

  if (packet->captured == 0) {
    put_empty_frame(line, packet);
    return;
  }
  put_line_time(printer, line, packet->time);
  tcpflow__view_walk(&view);
}

/* Is it TCP, or may it have been? */
static int is_for_a_line(const tcpflow_packet *packet) {
  return packet->kind == TCPFLOW_PACKET_TCP ||
         packet->kind == TCPFLOW_PACKET_FRAGMENT ||
         packet->kind == TCPFLOW_PACKET_TRUNCATED ||
         packet->kind == TCPFLOW_PACKET_MALFORMED;
}

int tcpflow_printer_line(tcpflow_printer *printer, const tcpflow_packet *packet,
                         char *buffer, size_t capacity, size_t *length) {
  tcpflow__line line = {buffer, capacity, 0};
  tcpflow__numbers n;

  if (!is_for_a_line(packet)) {
    return TCPFLOW_ERR_INVALID;
  }
  const int error = find_numbers(printer, packet, &n);
  if (error != TCPFLOW_OK) {
    return error;
  }
  put_packet(printer, &line, packet, &n);
  const size_t whole = tcpflow__line_end(&line);
  if (length != NULL) {
    *length = whole;
  }
  return TCPFLOW_OK;
}
