/*
 * tests/oracle/readback.c - what is read from tcpdump's text of a capture, held
 * against what the decoder says of the same frames; no test by itself.
 *
 * With -o the text is that of the library's own printer instead.
 *
 * The text has tcpdump's --number, which tells the frame of a line.  A number
 * that a line does not print is not compared; the header fields of -v are,
 * where the line told them.  Differences are printed, then the totals.
 * Explained are options of whose octets the text hides some, and headers that
 * the capture does not hold all of.
 */
#include <inttypes.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tcpflow/tcpflow.h>

/* All frames of a capture, with bytes of their own. */
typedef struct capture {
  tcpflow_frame *frame;
  size_t count;
} capture;

typedef struct totals {
  int absolute; /* The text is that of -S. */
  int own;      /* Of the library's printer. */
  unsigned long read;
  unsigned long explained;
  unsigned long differences;
} totals;

/* What is known of a frame's text. */
enum {
  SEEN_SEGMENT = 1, /* tcpdump told of flags. */
  SEEN_READ = 2     /* A line was read, or its problem was told. */
};

/* A line, and what was told before it of the same frame. */
typedef struct text_line {
  char *text;
  size_t length;
  uint64_t number; /* Of the frame; 0: none so far. */
  int verbose;     /* The IP header was told. */
  int tagged;      /* VLAN tags were. */
} text_line;

static void must(int good, const char *what) {
  if (!good) {
    fprintf(stderr, "readback: %s\n", what);
    exit(EXIT_FAILURE);
  }
}

/* A conversation of which the text without -S hides a first number: that of
   whoever sent the first segment with ACK, if it was printed without `seq`. */
typedef struct conversation {
  struct conversation *next;
  tcpflow_tuple tuple; /* Of that segment. */
  int hidden;
} conversation;

enum {
  BUCKETS = 4096
};

static conversation *bucket[BUCKETS];

static int is_same_end(const tcpflow_tuple *a, unsigned i,
                       const tcpflow_tuple *b, unsigned j) {
  return a->port[i] == b->port[j] &&
         memcmp(a->address[i], b->address[j], sizeof(a->address[i])) == 0;
}

/* Is the first number of one side of the packet hidden: 0 the sender's, 1 the
   receiver's?  Begins the conversation if need be. */
static int is_hidden(const totals *sum, const text_line *line,
                     const tcpflow_packet *packet, unsigned side) {
  const unsigned both = TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_ACK;
  const tcpflow_tuple *const tuple = &packet->tuple;
  conversation **const at =
    &bucket[(tuple->port[0] ^ tuple->port[1]) % BUCKETS];
  conversation *one = *at;

  if (sum->absolute || (packet->flags & TCPFLOW_FLAG_ACK) == 0) {
    return 0; /* Not relative. */
  }

  while (one != NULL &&
         !(is_same_end(&one->tuple, 0, tuple, 0) &&
           is_same_end(&one->tuple, 1, tuple, 1)) &&
         !(is_same_end(&one->tuple, 0, tuple, 1) &&
           is_same_end(&one->tuple, 1, tuple, 0))) {
    one = one->next;
  }
  if (one == NULL) {
    one = calloc(1, sizeof(*one));
    must(one != NULL, "no memory");
    *one = (conversation){*at, *tuple, strstr(line->text, ", seq ") == NULL};
    *at = one;
  }
  one->hidden &= (packet->flags & both) != both; /* These begin anew. */
  return one->hidden && is_same_end(&one->tuple, 0, tuple, side);
}

static void add_frame(capture *all, const struct pcap_pkthdr *head,
                      const u_char *bytes, uint32_t link) {
  if (all->count % 1024 == 0) {
    all->frame =
      realloc(all->frame, (all->count + 1024) * sizeof(all->frame[0]));
    must(all->frame != NULL, "no memory");
  }
  uint8_t *const copy = malloc(head->caplen + 1U);

  must(copy != NULL, "no memory");
  memcpy(copy, bytes, head->caplen);
  all->frame[all->count++] = (tcpflow_frame){
    .bytes = copy, .captured = head->caplen, .length = head->len, .link = link};
}

static capture read_capture(const char *name) {
  char problem[PCAP_ERRBUF_SIZE];
  pcap_t *const from = pcap_open_offline(name, problem);
  struct pcap_pkthdr *head;
  const u_char *bytes;
  capture all = {NULL, 0};

  must(from != NULL, problem);
  while (pcap_next_ex(from, &head, &bytes) == 1) {
    add_frame(&all, head, bytes, (uint32_t)pcap_datalink(from));
  }
  pcap_close(from);
  return all;
}

/* What differs, on one line of its own. */
static void differ(totals *sum, const text_line *line, const char *what,
                   uint64_t read, uint64_t told) {
  sum->differences++;
  printf("%" PRIu64 " %s: read %" PRIu64 ", is %" PRIu64 "\n", line->number,
         what, read, told);
}

static void compare_number(totals *sum, const text_line *line, const char *what,
                           uint64_t read, uint64_t told) {
  if (read != told) {
    differ(sum, line, what, read, told);
  }
}

static void compare_ends(totals *sum, const text_line *line,
                         const tcpflow_packet *read,
                         const tcpflow_packet *told) {
  char ends[2][TCPFLOW_TEXT_TUPLE_MAX];

  tcpflow_text_tuple(ends[0], sizeof(ends[0]), &read->tuple);
  tcpflow_text_tuple(ends[1], sizeof(ends[1]), &told->tuple);
  if (strcmp(ends[0], ends[1]) != 0) {
    sum->differences++;
    printf("%" PRIu64 " ends: read %s, is %s\n", line->number, ends[0],
           ends[1]);
  }
}

/* -v tells all of an IPv4 header but its options, and of IPv6 these three. */
static void compare_ip(totals *sum, const text_line *line,
                       const tcpflow_packet *read, const tcpflow_packet *told) {
  compare_number(sum, line, "tos", read->ip_tos, told->ip_tos);
  compare_number(sum, line, "ttl", read->ip_ttl, told->ip_ttl);
  compare_number(sum, line, "flow label", read->ip_flow_label,
                 told->ip_flow_label);
  if (told->tuple.version == 4) {
    compare_number(sum, line, "id", read->ip_id, told->ip_id);
    compare_number(sum, line, "fragment", read->ip_fragment, told->ip_fragment);
    compare_number(sum, line, "length of IP", read->ip_length, told->ip_length);
    compare_number(sum, line, "length of the IP header", read->ip_header_length,
                   told->ip_header_length);
  }
}

static int has_word(const text_line *line, const char *word) {
  return strstr(line->text, word) != NULL;
}

/* Does the text hide octets of options? */
static int hides_options(const text_line *line) {
  static const char *const words[] = {
    "exp-", "[bad opt]",        "[bad opt",  "[|tcp]",
    "eol",  "remaining caplen", " unknown,", "mptcp 22 capable"};

  for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
    if (has_word(line, words[i])) {
      return 1;
    }
  }
  return 0;
}

/* Options as far as they were captured. */
static void compare_options(totals *sum, const text_line *line,
                            const tcpflow_packet *read,
                            const tcpflow_packet *told) {
  const unsigned count = told->options_captured < read->options_captured
                           ? told->options_captured
                           : read->options_captured;

  const int same = memcmp(read->bytes + read->tcp_offset + 20,
                          told->bytes + told->tcp_offset + 20, count) == 0;

  if (hides_options(line)) {
    sum->explained += !same || read->options_length != told->options_length;
    return;
  }
  compare_number(sum, line, "length of options", read->options_length,
                 told->options_length);
  if (!same) {
    differ(sum, line, "options", 0, 0);
  }
}

static void compare_segment(totals *sum, const text_line *line,
                            const tcpflow_packet *read,
                            const tcpflow_packet *told) {
  const int hidden[2] = {is_hidden(sum, line, told, 0),
                         is_hidden(sum, line, told, 1)};

  if (has_word(line, ", seq ") && !hidden[0]) {
    compare_number(sum, line, "seq", read->seq, told->seq);
  }
  if (has_word(line, ", ack ") && !hidden[1]) {
    compare_number(sum, line, "ack", read->ack, told->ack);
  }
  if (has_word(line, ", cksum 0x")) {
    compare_number(sum, line, "checksum", read->checksum, told->checksum);
  }
  if (has_word(line, ", urg ")) {
    compare_number(sum, line, "urgent", read->urgent, told->urgent);
  }
  if (has_word(line, "[bad hdr")) {
    return;
  }
  compare_number(sum, line, "window", read->window, told->window);
  compare_number(sum, line, "length", read->payload_length,
                 told->payload_length);
  if (!hidden[1] || !has_word(line, "sack ")) {
    compare_options(sum, line, read, told);
  }
}

static void compare(totals *sum, const text_line *line,
                    const tcpflow_frame *back, const tcpflow_frame *frame) {
  tcpflow_packet read;
  tcpflow_packet told;

  tcpflow_packet_init(&read);
  tcpflow_packet_init(&told);
  must(tcpflow_packet_decode(&read, back, NULL) == TCPFLOW_OK &&
         tcpflow_packet_decode(&told, frame, NULL) == TCPFLOW_OK,
       "decoding failed");
  if (told.kind != TCPFLOW_PACKET_TCP || read.kind != TCPFLOW_PACKET_TCP) {
    compare_number(sum, line, "kind", read.kind, told.kind);
    return;
  }
  compare_ends(sum, line, &read, &told);
  if (!has_word(line, "too short, < 20]")) {
    compare_number(sum, line, "flags", read.flags,
                   sum->own ? told.flags
                            : told.flags & ~(unsigned)TCPFLOW_FLAG_AE);
  }
  compare_number(sum, line, "VLAN", read.tuple.vlan,
                 line->tagged ? told.tuple.vlan : 0);
  compare_segment(sum, line, &read, &told);
  if (line->verbose) {
    compare_ip(sum, line, &read, &told);
  }
}

/* The number that --number puts in front, if the line has one. */
static void look_at_number(text_line *line) {
  char *end;
  const unsigned long long number = strtoull(line->text, &end, 10);

  if (end - line->text >= 5 && strncmp(end, "  ", 2) == 0) {
    line->number = number;
    line->verbose = 0;
    line->tagged = 0;
  }
  line->verbose |= has_word(line, "(tos 0x") || has_word(line, ", hlim ") ||
                   has_word(line, "(hlim ");
  line->tagged |= has_word(line, "vlan ");
}

static uint8_t kind_of(const capture *all, uint64_t number) {
  tcpflow_packet told;

  tcpflow_packet_init(&told);
  must(tcpflow_packet_decode(&told, &all->frame[number - 1], NULL) ==
         TCPFLOW_OK,
       "decoding failed");
  return told.kind;
}

/* A broken line is explained by a frame without a whole TCP header. */
static void note_broken(totals *sum, tcpflow_text_reader *reader,
                        const text_line *line, const capture *all) {
  if (kind_of(all, line->number) == TCPFLOW_PACKET_TCP) {
    sum->differences++;
    printf("%" PRIu64 " broken: %s: %s", line->number,
           tcpflow_text_reader_problem(reader), line->text);
  } else {
    sum->explained++;
  }
}

static void read_line(totals *sum, tcpflow_text_reader *reader,
                      const text_line *line, const capture *all,
                      uint8_t *seen) {
  tcpflow_text_result result;
  tcpflow_frame back;

  must(tcpflow_text_reader_line(reader, line->text, line->length, &result,
                                &back) == TCPFLOW_OK,
       "no memory");
  if (line->number == 0 || line->number > all->count) {
    return;
  }
  seen[line->number] |= has_word(line, ": Flags [") ? SEEN_SEGMENT : 0;
  if (result == TCPFLOW_TEXT_BROKEN) {
    seen[line->number] |= SEEN_READ;
    note_broken(sum, reader, line, all);
  }
  if (result == TCPFLOW_TEXT_PACKET) {
    sum->read++;
    seen[line->number] |= SEEN_READ;
    compare(sum, line, &back, &all->frame[line->number - 1]);
  }
}

/* Frames of TCP that no line told of, although tcpdump told of flags. */
static void note_unread(totals *sum, const capture *all, const uint8_t *seen) {
  for (size_t i = 1; i <= all->count; i++) {
    if (seen[i] == SEEN_SEGMENT && kind_of(all, i) == TCPFLOW_PACKET_TCP) {
      sum->differences++;
      printf("%zu unread\n", i);
    }
  }
}

/* What `dump` prints of it: with -S, -v, -e as MODE has their letters. */
static FILE *print_capture(const capture *all, const char *mode) {
  FILE *const text = tmpfile();
  tcpflow_printer_config config;
  tcpflow_printer *printer = NULL;
  char line[4 * TCPFLOW_TEXT_LINE_MAX];
  tcpflow_packet packet;

  tcpflow_printer_config_init(&config);
  config.absolute = strchr(mode, 'S') != NULL;
  config.verbose = strchr(mode, 'v') != NULL;
  config.link_header = strchr(mode, 'e') != NULL;
  must(text != NULL &&
         tcpflow_printer_new(&printer, &config, NULL) == TCPFLOW_OK,
       "no memory");
  tcpflow_packet_init(&packet);
  for (size_t i = 0; i < all->count; i++) {
    must(tcpflow_packet_decode(&packet, &all->frame[i], NULL) == TCPFLOW_OK,
         "decoding failed");
    if (tcpflow_printer_line(printer, &packet, line, sizeof(line), NULL) ==
        TCPFLOW_OK) {
      fprintf(text, "%5zu  %s\n", i + 1, line);
    }
  }
  tcpflow_printer_del(printer);
  rewind(text);
  return text;
}

static void read_text(totals *sum, const capture *all, FILE *text) {
  uint8_t *const seen = calloc(all->count + 1, 1);
  text_line line = {NULL, 0, 0, 0, 0};
  tcpflow_text_reader *reader = NULL;
  size_t room = 0;
  ssize_t length;

  must(seen != NULL &&
         tcpflow_text_reader_new(&reader, NULL, NULL) == TCPFLOW_OK,
       "no memory");
  while ((length = getline(&line.text, &room, text)) >= 0) {
    line.length = (size_t)length;
    look_at_number(&line);
    read_line(sum, reader, &line, all, seen);
  }
  note_unread(sum, all, seen);
  tcpflow_text_reader_del(reader);
  free(line.text);
  free(seen);
}

int main(int argc, char **argv) {
  const char *const option = argc == 3 ? argv[1] : "";
  totals sum = {.absolute = strchr(option, 'S') != NULL,
                .own = strncmp(option, "-o", 2) == 0};

  must(argc == 3 || argc == 2,
       "[-S|-o[S][v][e]] CAPTURE; without -o, its text on standard input");
  const capture all = read_capture(argv[argc - 1]);

  read_text(&sum, &all, sum.own ? print_capture(&all, option + 2) : stdin);
  printf("%lu read, %lu explained, %lu differences\n", sum.read, sum.explained,
         sum.differences);
  for (size_t i = 0; i < all.count; i++) {
    free((void *)(uintptr_t)all.frame[i].bytes);
  }
  free(all.frame);
  return EXIT_SUCCESS;
}
