/* examples/common.c - where the example programs get their frames from. */
#include "common.h"

#include <errno.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct source {
  const char *program;
  const char *name;
  FILE *file;                  /* NULL: the capture owns it. */
  pcap_t *capture;             /* NULL: it is text. */
  tcpflow_text_reader *reader; /* NULL: it is a capture. */
  char *line;                  /* The latest line of text. */
  size_t line_size;
  uint64_t line_number;
  uint64_t broken_lines;
  uint64_t skipped_first; /* Lines to tell of; 0: none. */
  uint64_t skipped_last;
  int tell_skipped;
  uint64_t frames; /* Handed out so far. */
};

void complain(const char *program, const char *name, const char *problem) {
  fflush(stdout);
  fprintf(stderr, "%s: %s: %s\n", program, name, problem);
}

int32_t local_zone(tcpflow_time when) {
  const time_t seconds = (time_t)(when / TCPFLOW_SECOND);
  struct tm local;

  return localtime_r(&seconds, &local) == NULL ? 0 : (int32_t)local.tm_gmtoff;
}

static const char *name_overlap(uint32_t i) {
  return tcpflow_overlap_name((tcpflow_overlap)i);
}

static const char *name_urgent(uint32_t i) {
  return tcpflow_urgent_policy_name((tcpflow_urgent_policy)i);
}

static const char *name_delivery(uint32_t i) {
  return tcpflow_delivery_name((tcpflow_delivery)i);
}

static uint32_t policy_named(const char *program, const char *name,
                             const char *(*name_of)(uint32_t), uint32_t count) {
  const int list = strcmp(name, "help") == 0;

  for (uint32_t i = 0; i < count; i++) {
    if (list) {
      puts(name_of(i));
    } else if (strcmp(name, name_of(i)) == 0) {
      return i;
    }
  }
  if (!list) {
    complain(program, name, "no such policy");
  }
  exit(list ? EXIT_SUCCESS : 2);
}

uint32_t overlap_named(const char *program, const char *name) {
  return policy_named(program, name, name_overlap, TCPFLOW_OVERLAP_COUNT);
}

uint32_t urgent_named(const char *program, const char *name) {
  return policy_named(program, name, name_urgent,
                      TCPFLOW_URGENT_OUT_OF_BAND + 1U);
}

uint32_t delivery_named(const char *program, const char *name) {
  return policy_named(program, name, name_delivery,
                      TCPFLOW_DELIVERY_ACKED + 1U);
}

tcpflow_time wait_named(const char *program, const char *name) {
  char *end;

  if (strcmp(name, "never") == 0) {
    return TCPFLOW_TIME_NONE;
  }
  const double seconds = strtod(name, &end);
  if (name[0] < '0' || name[0] > '9' || *end != '\0' || seconds > 1e9 ||
      strspn(name, "0123456789.") != strlen(name)) {
    complain(program, name, "neither seconds nor never");
    exit(2);
  }
  return (tcpflow_time)(seconds * (double)TCPFLOW_SECOND + 0.5);
}

int finish_output(const char *program) {
  if (fflush(stdout) == 0 && !ferror(stdout)) {
    return 1;
  }
  fprintf(stderr, "%s: standard output: %s\n", program, strerror(errno));
  return 0;
}

/* Looks at the first four octets; a pipe cannot be rewound, so they are put
   back one by one. */
static int is_capture(FILE *file) {
  static const char magics[][5] = {
    "\xa1\xb2\xc3\xd4", "\xd4\xc3\xb2\xa1", /* pcap, microseconds */
    "\xa1\xb2\x3c\x4d", "\x4d\x3c\xb2\xa1", /* pcap, nanoseconds */
    "\xa1\xb2\xcd\x34", "\x34\xcd\xb2\xa1", /* pcap, Kuznetzov's */
    "\x0a\x0d\x0d\x0a",                     /* pcapng */
  };
  char start[4];
  size_t count = 0;
  int octet = 0;

  while (count < 4 && (octet = getc(file)) != EOF) {
    start[count++] = (char)octet;
  }
  for (size_t i = count; i > 0; i--) {
    (void)ungetc((unsigned char)start[i - 1], file);
  }
  for (size_t i = 0; i < sizeof(magics) / sizeof(magics[0]); i++) {
    if (count == 4 && memcmp(start, magics[i], 4) == 0) {
      return 1;
    }
  }
  return 0;
}

/* A link type is known if even an empty frame of it is. */
static int is_link_known(uint32_t link) {
  const tcpflow_frame frame = {.link = link};
  tcpflow_packet packet;

  tcpflow_packet_init(&packet);
  return tcpflow_packet_decode(&packet, &frame, NULL) == TCPFLOW_OK &&
         packet.kind != TCPFLOW_PACKET_UNSUPPORTED;
}

static int open_capture(source *from) {
  char problem[PCAP_ERRBUF_SIZE];

  from->capture = pcap_fopen_offline_with_tstamp_precision(
    from->file, PCAP_TSTAMP_PRECISION_NANO, problem);
  if (from->capture == NULL) {
    complain(from->program, from->name, problem);
    return 0;
  }
  from->file = NULL;
  const int link = pcap_datalink(from->capture);

  if (!is_link_known((uint32_t)link)) {
    const char *const name = pcap_datalink_val_to_name(link);

    snprintf(problem, sizeof(problem), "link type %d (%s) is not supported",
             link, name == NULL ? "unknown" : name);
    complain(from->program, from->name, problem);
    return 0;
  }
  return 1;
}

static int open_text(source *from) {
  const int error = tcpflow_text_reader_new(&from->reader, NULL, NULL);

  if (error != TCPFLOW_OK) {
    complain(from->program, from->name, tcpflow_strerror(error));
  }
  return error == TCPFLOW_OK;
}

static int open_file(source *from) {
  from->file = strcmp(from->name, "-") == 0 ? stdin : fopen(from->name, "rb");
  if (from->file == NULL) {
    complain(from->program, from->name, strerror(errno));
    return 0;
  }
  return is_capture(from->file) ? open_capture(from) : open_text(from);
}

source *source_open(const char *program, const char *name) {
  source *const from = calloc(1, sizeof(*from));

  if (from == NULL) {
    complain(program, name, strerror(errno));
    return NULL;
  }
  from->program = program;
  from->name = name;
  if (!open_file(from)) {
    source_close(from);
    return NULL;
  }
  return from;
}

void source_close(source *from) {
  if (from == NULL) {
    return;
  }
  if (from->capture != NULL) {
    pcap_close(from->capture);
  }
  if (from->file != NULL && from->file != stdin) {
    fclose(from->file);
  }
  tcpflow_text_reader_del(from->reader);
  free(from->line);
  free(from);
}

const tcpflow_text_reader *source_text(const source *from) {
  return from->reader;
}

/*
 * With nanosecond precision, libpcap counts nanoseconds in tv_usec.  Seconds in
 * a pcap file have 32 bits without a sign; libpcap gives them one after 2038.
 */
static tcpflow_time time_of(const struct timeval *when) {
  const tcpflow_time seconds = when->tv_sec < 0
                                 ? (uint32_t)(when->tv_sec & 0xffffffff)
                                 : (tcpflow_time)when->tv_sec;

  return seconds % UINT64_C(18000000000) * TCPFLOW_SECOND +
         (tcpflow_time)when->tv_usec;
}

static int next_packet(source *from, tcpflow_frame *frame) {
  struct pcap_pkthdr *head;
  const u_char *bytes;
  const int result = pcap_next_ex(from->capture, &head, &bytes);

  if (result == PCAP_ERROR_BREAK) {
    return 0;
  }
  if (result != 1) {
    complain(from->program, from->name, pcap_geterr(from->capture));
    return -1;
  }
  *frame = (tcpflow_frame){
    .time = time_of(&head->ts),
    .bytes = bytes,
    .captured = head->caplen,
    .length = head->len,
    .link = (uint32_t)pcap_datalink(from->capture),
    .number = ++from->frames,
  };
  return 1;
}

void source_tell_skipped(source *from) {
  from->tell_skipped = 1;
}

const char *source_line(const source *from, uint64_t *number) {
  *number = from->line_number;
  return from->line;
}

uint64_t source_broken_lines(const source *from) {
  return from->broken_lines;
}

/* Says which lines since the latest packet were skipped. */
static void complain_of_skipped(source *from) {
  const unsigned long long first = from->skipped_first;
  const unsigned long long last = from->skipped_last;

  from->skipped_first = 0;
  if (!from->tell_skipped || first == 0) {
    return;
  }
  fflush(stdout);
  fprintf(stderr, "%s: %s:%llu", from->program, from->name, first);
  if (last > first) {
    fprintf(stderr, "-%llu: not packet lines, skipped\n", last);
  } else {
    fputs(": not a packet line, skipped\n", stderr);
  }
}

/* Blank lines belong to the lines around them. */
static void skip_line(source *from, tcpflow_text_result result) {
  if (result == TCPFLOW_TEXT_BLANK) {
    return;
  }
  if (from->skipped_first == 0) {
    from->skipped_first = from->line_number;
  }
  from->skipped_last = from->line_number;
}

/* A line that begins like a packet's and cannot be read is worth a word. */
static void complain_of_line(source *from) {
  complain_of_skipped(from);
  from->broken_lines++;
  fflush(stdout);
  fprintf(stderr, "%s: %s:%llu: %s\n", from->program, from->name,
          (unsigned long long)from->line_number,
          tcpflow_text_reader_problem(from->reader));
}

static int end_of_text(source *from) {
  if (ferror(from->file)) {
    complain(from->program, from->name, strerror(errno));
    return -1;
  }
  if (from->frames > 0) {
    complain_of_skipped(from);
  }
  if (from->frames == 0) {
    complain(from->program, from->name,
             from->line_number == 0
               ? "the file is empty"
               : "neither a capture nor text with a TCP packet of tcpdump's");
    return -1;
  }
  return 0;
}

static int next_line(source *from, tcpflow_frame *frame) {
  tcpflow_text_result result;
  ssize_t length;

  while ((length = getline(&from->line, &from->line_size, from->file)) >= 0) {
    from->line_number++;
    const int error = tcpflow_text_reader_line(from->reader, from->line,
                                               (size_t)length, &result, frame);

    if (error != TCPFLOW_OK) {
      complain(from->program, from->name, tcpflow_strerror(error));
      return -1;
    }
    if (result == TCPFLOW_TEXT_PACKET) {
      complain_of_skipped(from);
      frame->number = ++from->frames;
      return 1;
    }
    if (result == TCPFLOW_TEXT_BROKEN) {
      complain_of_line(from);
    } else {
      skip_line(from, result);
    }
  }
  return end_of_text(from);
}

int source_next(source *from, tcpflow_frame *frame) {
  return from->capture != NULL ? next_packet(from, frame)
                               : next_line(from, frame);
}
