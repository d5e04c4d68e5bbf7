/*
 * tests/fuzz/fuzz_text_printer.c - any frame: its line fits, is the same in a
 * buffer of any size as far as that goes, and, if it tells all, is printed again
 * by what is read from it.
 *
 * Input: link type (1 octet: an index), how many octets the wire had more (1),
 * then the frame.
 */
#include "unit/text/round.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
  HEAD = 2,
  SHORT = 100
};

static const uint32_t links[] = {
  TCPFLOW_LINK_RAW,        TCPFLOW_LINK_ETHERNET, TCPFLOW_LINK_LINUX_SLL,
  TCPFLOW_LINK_LINUX_SLL2, TCPFLOW_LINK_NULL,     TCPFLOW_LINK_LOOP,
  TCPFLOW_LINK_IPV4,       TCPFLOW_LINK_IPV6};

/* The start of the line, and the length of all of it. */
static void check_short(const tcpflow_frame *frame, const char *line) {
  tcpflow_printer *printer = NULL;
  tcpflow_printer_config config;
  tcpflow_packet packet;
  char start[SHORT];
  size_t length = 0;

  tcpflow_printer_config_init(&config);
  config.time = TCPFLOW_TIME_STYLE_EPOCH;
  config.nanoseconds = 1;
  config.absolute = 1;
  tcpflow_packet_init(&packet);
  round_must(tcpflow_packet_decode(&packet, frame, NULL) == TCPFLOW_OK &&
               tcpflow_printer_new(&printer, &config, NULL) == TCPFLOW_OK &&
               tcpflow_printer_line(printer, &packet, start, sizeof(start),
                                    &length) == TCPFLOW_OK,
             "the second time it fails");
  round_must(length == strlen(line) &&
               strncmp(line, start, sizeof(start) - 1) == 0 &&
               strlen(start) == (length < SHORT ? length : SHORT - 1),
             "a short buffer gets another line");
  tcpflow_printer_del(printer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  round_trip trip;

  if (size < HEAD) {
    return 0;
  }
  const tcpflow_frame frame = {
    .bytes = data + HEAD,
    .captured = (uint32_t)(size - HEAD),
    .length = (uint32_t)(size - HEAD) + data[1],
    .link = links[data[0] % (sizeof(links) / sizeof(links[0]))]};

  round_begin(&trip, TCPFLOW_TIME_STYLE_EPOCH, 1);
  const int back = round_go(&trip, &frame);
  if (trip.line[0] != '\0' && round_print(trip.first, &frame, trip.line)) {
    check_short(&frame, trip.line);
    if (round_is_told(trip.line) && (!back || !round_is_same(&trip))) {
      fprintf(stderr, "%s\n%s\n", trip.line, trip.again);
      abort();
    }
  }
  round_end(&trip);
  return 0;
}
