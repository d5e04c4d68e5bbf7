/*
 * tests/oracle/drillback.c - packets as lines of packetdrill scripts, and back;
 * no test by itself.
 *
 * Every packet of a capture is written as a line, the line is read, and both
 * packets are held against each other.  If standard input has lines of a
 * script, each behind the number of its frame and a tab, these are read as
 * well: what is read is what the frame holds, as far as the script tells it;
 * and written it is the same line.  Differences are printed, then the totals.
 */
#include <inttypes.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tcpflow/tcpflow.h>

/* One connection of the capture. */
typedef struct conversation {
  struct conversation *next;
  tcpflow_tuple tuple;
  tcpflow_packetdrill *script; /* Writes the packets. */
  tcpflow_packetdrill *lines;  /* Reads the script's lines. */
  tcpflow_packetdrill_config config;
} conversation;

typedef struct totals {
  unsigned long written;
  unsigned long untold;
  unsigned long read;
  unsigned long open;
  unsigned long refused;
  unsigned long differences;
} totals;

enum {
  BUCKETS = 4096
};

static conversation *bucket[BUCKETS];

static void must(int good, const char *what) {
  if (!good) {
    fprintf(stderr, "drillback: %s\n", what);
    exit(EXIT_FAILURE);
  }
}

static int is_same_end(const tcpflow_tuple *a, unsigned i,
                       const tcpflow_tuple *b, unsigned j) {
  return a->port[i] == b->port[j] &&
         memcmp(a->address[i], b->address[j], sizeof(a->address[i])) == 0;
}

/* Makes the packet's sender the local end: index 0 of both. */
static void begin(conversation *one, const tcpflow_tuple *tuple, int outbound) {
  tcpflow_tuple *const ends = &one->config.tuple;

  tcpflow_packetdrill_config_init(&one->config);
  one->config.ip = 1;
  one->tuple = *tuple;
  *ends = *tuple;
  for (unsigned i = 0; i < 2; i++) {
    ends->port[i] = tuple->port[outbound ? i : 1 - i];
    memcpy(ends->address[i], tuple->address[outbound ? i : 1 - i],
           sizeof(ends->address[i]));
  }
  must(tcpflow_packetdrill_new(&one->script, &one->config, NULL) == TCPFLOW_OK,
       "no memory");
}

/* The traces' maker chose first numbers, which the first line of each end tells
   together with its packet. */
static void learn(conversation *one, unsigned side, tcpflow_seq number,
                  const char *told) {
  if (told == NULL || (one->config.isn_known >> side & 1U) != 0) {
    return;
  }
  one->config.isn_known |= 1U << side;
  one->config.isn[side] = (tcpflow_seq)(number - strtoul(told, NULL, 10));
  tcpflow_packetdrill_del(one->lines);
  must(tcpflow_packetdrill_new(&one->lines, &one->config, NULL) == TCPFLOW_OK,
       "no memory");
}

static tcpflow_packetdrill *
lines_of(conversation *one, const tcpflow_packet *packet, const char *line) {
  const char *const way = strpbrk(line, "<>");
  const char *const flags = way == NULL ? NULL : strchr(way, ' ');
  const char *const seq = flags == NULL ? NULL : strchr(flags + 1, ' ');
  const char *const ack = strstr(line, " ack ");

  must(seq != NULL, "a line without numbers");
  const unsigned side = *way == '>' ? 0 : 1;

  learn(one, side, packet->seq, seq);
  if ((packet->flags & TCPFLOW_FLAG_ACK) != 0 && ack != NULL &&
      strncmp(ack, " ack 0", 6) != 0) {
    learn(one, 1 - side, packet->ack, ack + 5);
  }
  return one->lines;
}

/* The one that the packet belongs to, begun if need be: by its receiver's
   script, unless it is OUTBOUND. */
static conversation *find(const tcpflow_tuple *tuple, int outbound) {
  conversation **const at =
    &bucket[(tuple->port[0] ^ tuple->port[1]) % BUCKETS];
  conversation *one = *at;

  while (one != NULL && (one->tuple.version != tuple->version ||
                         (!(is_same_end(&one->tuple, 0, tuple, 0) &&
                            is_same_end(&one->tuple, 1, tuple, 1)) &&
                          !(is_same_end(&one->tuple, 0, tuple, 1) &&
                            is_same_end(&one->tuple, 1, tuple, 0))))) {
    one = one->next;
  }
  if (one == NULL) {
    one = calloc(1, sizeof(*one));
    must(one != NULL, "no memory");
    begin(one, tuple, outbound);
    one->next = *at;
    *at = one;
  }
  return one;
}

static void differ(totals *sum, uint64_t number, const char *what,
                   const char *line) {
  sum->differences++;
  printf("%" PRIu64 " %s: %s\n", number, what, line);
}

/* What of two packets is not the same, as far as UNTOLD goes; NULL: nothing. */
static const char *compare(const tcpflow_packet *read,
                           const tcpflow_packet *told, uint32_t untold) {
  if (read->kind != TCPFLOW_PACKET_TCP) {
    return "kind";
  }
  if (read->flags != told->flags) {
    return "flags";
  }
  if (read->seq != told->seq &&
      (untold & TCPFLOW_PACKETDRILL_UNTOLD_SEQ) == 0) {
    return "seq";
  }
  if ((told->flags & TCPFLOW_FLAG_ACK) != 0 && read->ack != told->ack) {
    return "ack";
  }
  if (read->window != told->window &&
      (untold & TCPFLOW_PACKETDRILL_UNTOLD_WINDOW) == 0) {
    return "window";
  }
  if ((told->flags & TCPFLOW_FLAG_URG) != 0 && read->urgent != told->urgent) {
    return "urgent";
  }
  if (read->payload_length != told->payload_length) {
    return "length";
  }
  if ((untold & TCPFLOW_PACKETDRILL_UNTOLD_OPTIONS) != 0) {
    return NULL;
  }
  return read->options_length == told->options_length &&
             memcmp(read->bytes + read->tcp_offset + 20,
                    told->bytes + told->tcp_offset + 20,
                    told->options_length) == 0
           ? NULL
           : "options";
}

static void decode(tcpflow_packet *packet, const tcpflow_frame *frame) {
  tcpflow_packet_init(packet);
  must(tcpflow_packet_decode(packet, frame, NULL) == TCPFLOW_OK,
       "decoding failed");
}

static tcpflow_text_result read_line(tcpflow_packetdrill *script,
                                     const char *line, tcpflow_packet *packet) {
  tcpflow_text_result result;
  tcpflow_frame frame;

  must(tcpflow_packetdrill_read(script, line, strlen(line), &result, &frame) ==
         TCPFLOW_OK,
       "reading failed");
  if (result == TCPFLOW_TEXT_PACKET) {
    decode(packet, &frame);
  }
  return result;
}

/* There and back; IP is told as well. */
static void check_packet(totals *sum, tcpflow_packetdrill *script,
                         const tcpflow_packet *told, char *line) {
  tcpflow_packet read;
  size_t length;

  must(tcpflow_packetdrill_print(script, told, line, TCPFLOW_TEXT_LINE_MAX,
                                 &length) == TCPFLOW_OK &&
         length < TCPFLOW_TEXT_LINE_MAX,
       "writing failed");
  const uint32_t untold = tcpflow_packetdrill_untold_bits(script);

  sum->written++;
  sum->untold += untold != 0;
  if (read_line(script, line, &read) != TCPFLOW_TEXT_PACKET) {
    differ(sum, told->number, tcpflow_packetdrill_problem(script), line);
    return;
  }
  const char *const what = compare(&read, told, untold);

  if (what != NULL) {
    differ(sum, told->number, what, line);
  } else if (read.ip_tos != told->ip_tos ||
             read.ip_flow_label != told->ip_flow_label ||
             !is_same_end(&read.tuple, 0, &told->tuple, 0) ||
             !is_same_end(&read.tuple, 1, &told->tuple, 1)) {
    differ(sum, told->number, "ends or IP", line);
  }
}

/* What stands behind the direction, without blanks; and, if the script does not
   tell it, without the window. */
static void squeeze(char *to, const char *line, int no_window) {
  const char *from = strpbrk(line, "<>");

  for (from = from == NULL ? "" : from; *from != '\0' && *from != '\n';) {
    if (no_window && strncmp(from, " win ", 5) == 0) {
      from += 5;
      from += strspn(from, "0123456789");
    } else {
      *to = *from++;
      to += *to != ' ' && *to != '\t';
    }
  }
  *to = '\0';
}

/* A line of the script, which the frame was made from. */
static void check_line(totals *sum, tcpflow_packetdrill *script,
                       const tcpflow_packet *told, const char *line) {
  char again[TCPFLOW_TEXT_LINE_MAX];
  char squeezed[2][TCPFLOW_TEXT_LINE_MAX];
  tcpflow_packet read;

  if (read_line(script, line, &read) != TCPFLOW_TEXT_PACKET) {
    sum->refused++;
    printf("%" PRIu64 " refused: %s: %s\n", told->number,
           tcpflow_packetdrill_problem(script), line);
    return;
  }
  const uint32_t untold = tcpflow_packetdrill_untold_bits(script);
  const char *const what = compare(&read, told, untold);

  sum->read++;
  sum->open += untold != 0;
  if (what != NULL) {
    differ(sum, told->number, what, line);
  }
  must(tcpflow_packetdrill_print(script, &read, again, sizeof(again), NULL) ==
         TCPFLOW_OK,
       "writing failed");
  squeeze(squeezed[0], again,
          (untold & TCPFLOW_PACKETDRILL_UNTOLD_WINDOW) != 0);
  squeeze(squeezed[1], line, 0);
  if ((untold & ~(unsigned)TCPFLOW_PACKETDRILL_UNTOLD_WINDOW) == 0 &&
      strcmp(squeezed[0], squeezed[1]) != 0) {
    differ(sum, told->number, "another line", again);
  }
}

/* The next line of the script, if it is that of the frame. */
static const char *next_line(uint64_t number) {
  static char line[TCPFLOW_TEXT_LINE_MAX];
  static unsigned long long at;

  if (at < number) {
    at = fgets(line, sizeof(line), stdin) == NULL ? UINT64_MAX
                                                  : strtoull(line, NULL, 10);
  }
  line[strcspn(line, "\n")] = '\0';
  return at == number ? strchr(line, '\t') + 1 : NULL;
}

static void check_capture(totals *sum, pcap_t *capture, int has_script) {
  struct pcap_pkthdr *head;
  const u_char *bytes;
  char line[TCPFLOW_TEXT_LINE_MAX];
  tcpflow_packet packet;

  for (uint64_t number = 1; pcap_next_ex(capture, &head, &bytes) == 1;
       number++) {
    const tcpflow_frame frame = {.time = (tcpflow_time)head->ts.tv_sec *
                                           TCPFLOW_SECOND +
                                         (tcpflow_time)head->ts.tv_usec * 1000,
                                 .bytes = bytes,
                                 .captured = head->caplen,
                                 .length = head->len,
                                 .link = (uint32_t)pcap_datalink(capture),
                                 .number = number};
    const char *const told = has_script ? next_line(number) : NULL;

    decode(&packet, &frame);
    if (packet.kind != TCPFLOW_PACKET_TCP) {
      continue;
    }
    conversation *const one = find(
      &packet.tuple, told != NULL && strchr(told, '>') == strpbrk(told, "<>"));

    check_packet(sum, one->script, &packet, line);
    if (told != NULL) {
      check_line(sum, lines_of(one, &packet, told), &packet, told);
    }
  }
}

int main(int argc, char **argv) {
  char problem[PCAP_ERRBUF_SIZE] = "[-s] CAPTURE";
  const int has_script = argc == 3 && strcmp(argv[1], "-s") == 0;
  pcap_t *const capture =
    argc == 2 + has_script ? pcap_open_offline(argv[argc - 1], problem) : NULL;
  totals sum = {0, 0, 0, 0, 0, 0};

  must(capture != NULL, problem);
  check_capture(&sum, capture, has_script);
  pcap_close(capture);
  printf("%lu written, %lu untold, %lu read, %lu open, %lu refused, %lu "
         "differences\n",
         sum.written, sum.untold, sum.read, sum.open, sum.refused,
         sum.differences);
  for (size_t i = 0; i < BUCKETS; i++) {
    while (bucket[i] != NULL) {
      conversation *const one = bucket[i];

      bucket[i] = one->next;
      tcpflow_packetdrill_del(one->script);
      tcpflow_packetdrill_del(one->lines);
      free(one);
    }
  }
  return EXIT_SUCCESS;
}
