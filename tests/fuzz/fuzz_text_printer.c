/*
 * tests/fuzz/fuzz_text_printer.c - any frame: its line, with -v and -e or
 * without, is the same in a buffer of any size as far as that goes, and, if it
 * tells all, is printed again by what is read from it.
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

static const uint32_t links[] = {TCPFLOW_LINK_RAW,
                                 TCPFLOW_LINK_ETHERNET,
                                 TCPFLOW_LINK_LINUX_SLL,
                                 TCPFLOW_LINK_LINUX_SLL2,
                                 TCPFLOW_LINK_NULL,
                                 TCPFLOW_LINK_LOOP,
                                 TCPFLOW_LINK_IPV4,
                                 TCPFLOW_LINK_IPV6,
                                 TCPFLOW_LINK_TOKEN_RING,
                                 TCPFLOW_LINK_ARCNET_BSD,
                                 TCPFLOW_LINK_ARCNET_LINUX,
                                 TCPFLOW_LINK_SLIP,
                                 TCPFLOW_LINK_PPP,
                                 TCPFLOW_LINK_PPP_HDLC,
                                 TCPFLOW_LINK_PPP_ETHER,
                                 TCPFLOW_LINK_FDDI,
                                 TCPFLOW_LINK_ATM_RFC1483,
                                 TCPFLOW_LINK_C_HDLC,
                                 TCPFLOW_LINK_FRELAY,
                                 TCPFLOW_LINK_IEEE802_11,
                                 TCPFLOW_LINK_RADIOTAP,
                                 TCPFLOW_LINK_PRISM,
                                 TCPFLOW_LINK_AVS,
                                 TCPFLOW_LINK_PPI,
                                 TCPFLOW_LINK_ENC,
                                 TCPFLOW_LINK_PFLOG,
                                 TCPFLOW_LINK_NFLOG,
                                 TCPFLOW_LINK_IPNET,
                                 TCPFLOW_LINK_IPOIB,
                                 TCPFLOW_LINK_IP_OVER_FC,
                                 TCPFLOW_LINK_SUNATM,
                                 TCPFLOW_LINK_PKTAP,
                                 TCPFLOW_LINK_NETANALYZER,
                                 TCPFLOW_LINK_DSA_TAG_BRCM,
                                 TCPFLOW_LINK_DSA_TAG_BRCM_PREPEND,
                                 TCPFLOW_LINK_DSA_TAG_DSA,
                                 TCPFLOW_LINK_DSA_TAG_EDSA,
                                 TCPFLOW_LINK_ERF,
                                 TCPFLOW_LINK_PPP_WITH_DIR,
                                 TCPFLOW_LINK_ETHERNET_MPACKET};

/* One line of a printer that has seen nothing; 0: there is none. */
static int print_once(const tcpflow_frame *frame, unsigned mode, char *line,
                      size_t capacity, size_t *length) {
  tcpflow_printer *printer = NULL;
  tcpflow_printer_config config;
  tcpflow_packet packet;

  tcpflow_printer_config_init(&config);
  config.time = TCPFLOW_TIME_STYLE_EPOCH;
  config.nanoseconds = 1;
  config.absolute = 1;
  config.verbose = mode & 1U;
  config.link_header = mode >> 1 & 1U;
  tcpflow_packet_init(&packet);
  round_must(tcpflow_packet_decode(&packet, frame, NULL) == TCPFLOW_OK &&
               tcpflow_printer_new(&printer, &config, NULL) == TCPFLOW_OK,
             "no printer");
  const int error =
    tcpflow_printer_line(printer, &packet, line, capacity, length);

  tcpflow_printer_del(printer);
  return error == TCPFLOW_OK;
}

/* The start of the line, and the length of all of it. */
static void check_short(const tcpflow_frame *frame, unsigned mode) {
  static char line[TCPFLOW_TEXT_LINE_MAX];
  char start[SHORT];
  size_t length = 0;
  size_t again = 0;

  if (!print_once(frame, mode, line, sizeof(line), &length)) {
    return;
  }
  round_must(print_once(frame, mode, start, sizeof(start), &again) &&
               again == length &&
               strncmp(line, start, sizeof(start) - 1) == 0 &&
               strlen(start) == (length < SHORT ? length : SHORT - 1),
             "a short buffer gets another line");
}

/* Whatever the lines of -v and -e tell of, it is one packet at most; where an
   ICMP error is behind it, none. */
static void check_reading(const tcpflow_frame *frame, unsigned mode) {
  static char line[4 * TCPFLOW_TEXT_LINE_MAX];
  tcpflow_text_reader *reader = NULL;
  tcpflow_frame back;
  size_t length = 0;

  if (!print_once(frame, mode, line, sizeof(line), &length)) {
    return;
  }
  round_must(tcpflow_text_reader_new(&reader, NULL, NULL) == TCPFLOW_OK,
             "no memory");
  round_must(round_read(reader, line, &back) <= 1,
             "more packets than were printed");
  tcpflow_text_reader_del(reader);
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
  for (unsigned mode = 0; mode < 4; mode++) {
    check_short(&frame, mode);
    check_reading(&frame, mode);
  }
  if (trip.line[0] != '\0' && round_print(trip.first, &frame, trip.line)) {
    if (round_is_told(trip.line) && (!back || !round_is_same(&trip))) {
      fprintf(stderr, "%s\n%s\n", trip.line, trip.again);
      abort();
    }
  }
  round_end(&trip);
  return 0;
}
