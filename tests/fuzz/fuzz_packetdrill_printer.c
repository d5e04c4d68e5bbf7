/*
 * tests/fuzz/fuzz_packetdrill_printer.c - any packet: its line fits, is the
 * same in a buffer of any size as far as that goes, and is read back to the
 * same segment, but for what it is said not to tell.
 *
 * Input: how many octets the wire had more (1 octet), then a datagram of IPv4
 * or IPv6.
 */
#include <tcpflow/packetdrill.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
  HEADER_SIZE = 20,
  SHORT = 30
};

static void must(int good, const char *what) {
  if (!good) {
    fprintf(stderr, "packetdrill printer: %s\n", what);
    abort();
  }
}

static tcpflow_packetdrill *new_script(void) {
  tcpflow_packetdrill *script = NULL;
  tcpflow_packetdrill_config config;

  tcpflow_packetdrill_config_init(&config);
  config.ip = 1;
  config.time = TCPFLOW_PACKETDRILL_TIME_ABSOLUTE;
  must(tcpflow_packetdrill_new(&script, &config, NULL) == TCPFLOW_OK,
       "no memory");
  return script;
}

static void check_short(const tcpflow_packet *packet, const char *line) {
  tcpflow_packetdrill *const script = new_script();
  char start[SHORT];
  size_t length = 0;

  must(tcpflow_packetdrill_print(script, packet, start, sizeof(start),
                                 &length) == TCPFLOW_OK &&
         length == strlen(line) &&
         strncmp(line, start, sizeof(start) - 1) == 0 &&
         strlen(start) == (length < SHORT ? length : SHORT - 1),
       "a short buffer gets another line");
  tcpflow_packetdrill_del(script);
}

static void check_options(const tcpflow_packet *told,
                          const tcpflow_packet *read) {
  must(read->options_length == told->options_length &&
         memcmp(read->bytes + read->tcp_offset + HEADER_SIZE,
                told->bytes + told->tcp_offset + HEADER_SIZE,
                told->options_length) == 0,
       "other options");
}

static void check_segment(const tcpflow_packet *told, uint32_t untold,
                          const tcpflow_frame *frame) {
  tcpflow_packet read;

  tcpflow_packet_init(&read);
  must(tcpflow_packet_decode(&read, frame, NULL) == TCPFLOW_OK &&
         read.kind == TCPFLOW_PACKET_TCP,
       "a frame that is not TCP");
  must(read.seq == told->seq && read.flags == told->flags &&
         read.window == told->window &&
         read.payload_length == told->payload_length,
       "another segment");
  must((told->flags & TCPFLOW_FLAG_ACK) == 0 || read.ack == told->ack,
       "another ack");
  must((told->flags & TCPFLOW_FLAG_URG) == 0 || read.urgent == told->urgent,
       "another urgent pointer");
  must(read.ip_tos == told->ip_tos && read.ip_flow_label == told->ip_flow_label,
       "another type of service or flow label");
  if ((untold & TCPFLOW_PACKETDRILL_UNTOLD_OPTIONS) == 0) {
    check_options(told, &read);
  }
}

static void check_packet(const tcpflow_packet *packet) {
  tcpflow_packetdrill *const script = new_script();
  char line[TCPFLOW_TEXT_LINE_MAX];
  tcpflow_text_result result;
  tcpflow_frame frame;
  size_t length = 0;
  const int error =
    tcpflow_packetdrill_print(script, packet, line, sizeof(line), &length);

  must((error == TCPFLOW_OK) == (packet->kind == TCPFLOW_PACKET_TCP),
       "refused, or not");
  if (error == TCPFLOW_OK) {
    const uint32_t untold = tcpflow_packetdrill_untold_bits(script);

    must(length < sizeof(line) && strlen(line) == length, "a long line");
    must(tcpflow_packetdrill_read(script, line, length, &result, &frame) ==
             TCPFLOW_OK &&
           result == TCPFLOW_TEXT_PACKET,
         "a line that is not read back");
    check_segment(packet, untold, &frame);
    check_short(packet, line);
  }
  tcpflow_packetdrill_del(script);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  tcpflow_packet packet;

  if (size < 1) {
    return 0;
  }
  const tcpflow_frame frame = {.bytes = data + 1,
                               .captured = (uint32_t)(size - 1),
                               .length = (uint32_t)(size - 1) + data[0],
                               .link = TCPFLOW_LINK_RAW};

  tcpflow_packet_init(&packet);
  must(tcpflow_packet_decode(&packet, &frame, NULL) == TCPFLOW_OK,
       "decoding failed");
  check_packet(&packet);
  return 0;
}
