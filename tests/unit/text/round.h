/*
 * tests/unit/text/round.h - a frame printed, the line read, and printed again.
 *
 * What a line hides comes back as something else, so the second line is the one
 * that is compared, and not the frame.
 */
#ifndef TCPFLOW_TESTS_TEXT_ROUND_H
#define TCPFLOW_TESTS_TEXT_ROUND_H

#include <tcpflow/text.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A printer and a reader that have seen nothing. */
typedef struct round_trip {
  tcpflow_printer *first;
  tcpflow_text_reader *reader;
  tcpflow_printer *second;
  char line[TCPFLOW_TEXT_LINE_MAX];  /* What the first one printed. */
  char again[TCPFLOW_TEXT_LINE_MAX]; /* What the second one printed. */
  tcpflow_text_result result;        /* What the reader said. */
} round_trip;

static inline void round_must(int good, const char *what) {
  if (!good) {
    fprintf(stderr, "round trip: %s\n", what);
    abort();
  }
}

static inline void round_begin(round_trip *trip, tcpflow_time_style style,
                               int absolute) {
  tcpflow_printer_config config;

  tcpflow_printer_config_init(&config);
  config.time = style;
  config.absolute = (uint32_t)absolute;
  config.nanoseconds = 1;
  round_must(tcpflow_printer_new(&trip->first, &config, NULL) == TCPFLOW_OK &&
               tcpflow_printer_new(&trip->second, &config, NULL) ==
                 TCPFLOW_OK &&
               tcpflow_text_reader_new(&trip->reader, NULL, NULL) == TCPFLOW_OK,
             "no memory");
}

static inline void round_end(round_trip *trip) {
  tcpflow_printer_del(trip->first);
  tcpflow_printer_del(trip->second);
  tcpflow_text_reader_del(trip->reader);
}

/* Prints a frame; 0: there is no line for it. */
static inline int round_print(tcpflow_printer *printer,
                              const tcpflow_frame *frame, char *line) {
  tcpflow_packet packet;
  size_t length;

  tcpflow_packet_init(&packet);
  round_must(tcpflow_packet_decode(&packet, frame, NULL) == TCPFLOW_OK,
             "decoding failed");
  const int error = tcpflow_printer_line(printer, &packet, line,
                                         TCPFLOW_TEXT_LINE_MAX, &length);

  round_must(error == TCPFLOW_OK || error == TCPFLOW_ERR_INVALID,
             "printing failed");
  round_must(error != TCPFLOW_OK || strlen(line) == length ||
               (length >= TCPFLOW_TEXT_LINE_MAX &&
                strlen(line) == TCPFLOW_TEXT_LINE_MAX - 1),
             "a line that has a 0 in it, or is cut");
  return error == TCPFLOW_OK;
}

/* What was read is TCP, and it does not claim what it does not have. */
static inline void round_check_frame(const tcpflow_frame *frame) {
  tcpflow_packet packet;

  tcpflow_packet_init(&packet);
  round_must(tcpflow_packet_decode(&packet, frame, NULL) == TCPFLOW_OK &&
               packet.kind == TCPFLOW_PACKET_TCP &&
               frame->link == TCPFLOW_LINK_RAW &&
               frame->captured <= frame->length,
             "a frame that is not TCP");
}

/* Reads all lines of a text; answers how many packets they tell of.  The last
   one's frame is valid until the next call. */
static inline unsigned round_read(tcpflow_text_reader *reader, const char *text,
                                  tcpflow_frame *frame) {
  unsigned packets = 0;

  while (*text != '\0') {
    const size_t length = strcspn(text, "\n");
    tcpflow_text_result result;

    round_must(tcpflow_text_reader_line(reader, text, length, &result, frame) ==
                 TCPFLOW_OK,
               "reading failed");
    if (result == TCPFLOW_TEXT_PACKET) {
      round_check_frame(frame);
      packets++;
    }
    text += length + (text[length] == '\n');
  }
  return packets;
}

/* 0: no line, or not one of a TCP packet. */
static inline int round_go(round_trip *trip, const tcpflow_frame *frame) {
  tcpflow_frame back;

  trip->line[0] = '\0';
  trip->again[0] = '\0';
  if (!round_print(trip->first, frame, trip->line)) {
    return 0;
  }
  round_must(tcpflow_text_reader_line(trip->reader, trip->line,
                                      strlen(trip->line), &trip->result,
                                      &back) == TCPFLOW_OK,
             "reading failed");
  if (trip->result != TCPFLOW_TEXT_PACKET) {
    return 0;
  }
  round_check_frame(&back);
  round_must(round_print(trip->second, &back, trip->again), "no second line");
  return 1;
}

/*
 * Can the line be rebuilt?  Not if it tells of headers that a frame without a
 * link layer and without extension headers does not have, of a payload's
 * octets, or of an option of which it does not tell enough; nor if the frame
 * on the wire ended in the TCP header.
 */
static inline int round_is_told(const char *line) {
  static const char *const hidden[] = {
    "HBH",       "DSTOPT", "frag (", "RT6",   "AH(", "md5",     ": extension",
    "(invalid)", "exp",    "?     ", "sack ", "tfo", "[Invalid"};

  /* One IP header behind the time, and none around it. */
  const char *const ip = strchr(line, ' ');

  if (ip == NULL || strncmp(ip, " IP", 3) != 0 ||
      strstr(ip + 3, "IP") != NULL || strchr(line, '\n') != NULL) {
    return 0;
  }
  for (size_t i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++) {
    if (strstr(line, hidden[i]) != NULL) {
      return 0;
    }
  }
  const char *const missing = strstr(line, "truncated-ip");
  const char *const length = strstr(line, ", length ");

  if (missing != NULL &&
      (length == NULL || strtoul(length + strlen(", length "), NULL, 10) <
                           strtoul(strchr(missing, ' ') + 3, NULL, 10))) {
    return 0;
  }
  return strstr(line, ": Flags [") != NULL ||
         strstr(line, "[bad hdr length") != NULL;
}

/*
 * Are both lines the same?  A kind as the 40th octet of a list is bad for the
 * octet of payload behind it, which a frame of headers does not have; it is cut
 * there.
 */
static inline int round_is_same(const round_trip *trip) {
  const size_t length = strlen(trip->again);

  return strcmp(trip->line, trip->again) == 0 ||
         (length > 7 && strcmp(trip->again + length - 7, " [|tcp]") == 0 &&
          strncmp(trip->line, trip->again, length - 7) == 0 &&
          strcmp(trip->line + length - 7, "[bad opt]]") == 0);
}

#endif /* TCPFLOW_TESTS_TEXT_ROUND_H */
