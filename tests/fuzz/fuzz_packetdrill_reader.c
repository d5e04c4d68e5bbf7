/*
 * tests/fuzz/fuzz_packetdrill_reader.c - any script: reading stays inside the
 * line, what is read is TCP, and its line, read again, is the same packet.
 *
 * Input: text.
 */
#include <tcpflow/packetdrill.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
  HEADER_SIZE = 20
};

static void must(int good, const char *what) {
  if (!good) {
    fprintf(stderr, "packetdrill reader: %s\n", what);
    abort();
  }
}

static tcpflow_packetdrill *new_script(void) {
  tcpflow_packetdrill *script = NULL;
  tcpflow_packetdrill_config config;

  tcpflow_packetdrill_config_init(&config);
  config.tuple.version = 6;
  config.tuple.port[0] = 80;
  config.tuple.port[1] = 40000;
  config.tuple.address[0][15] = 1;
  config.tuple.address[1][15] = 2;
  config.isn[0] = 4000000000;
  config.isn[1] = 7;
  config.isn_known = 3;
  config.ip = 1;
  must(tcpflow_packetdrill_new(&script, &config, NULL) == TCPFLOW_OK,
       "no memory");
  return script;
}

/* The line in a block of its own size, so that a sanitizer sees the first octet
   too many. */
static tcpflow_text_result read_line(tcpflow_packetdrill *script,
                                     const void *line, size_t length,
                                     tcpflow_frame *frame) {
  tcpflow_text_result result;
  char *const copy = malloc(length > 0 ? length : 1);

  must(copy != NULL, "no memory");
  if (length > 0) {
    memcpy(copy, line, length);
  }
  must(tcpflow_packetdrill_read(script, copy, length, &result, frame) ==
         TCPFLOW_OK,
       "reading failed");
  free(copy);
  must((tcpflow_packetdrill_problem(script)[0] == '\0') ==
         (result == TCPFLOW_TEXT_PACKET || result == TCPFLOW_TEXT_BLANK),
       "a result and no problem, or the other way round");
  return result;
}

static void decode(tcpflow_packet *packet, const tcpflow_frame *frame) {
  tcpflow_packet_init(packet);
  must(tcpflow_packet_decode(packet, frame, NULL) == TCPFLOW_OK &&
         packet->kind == TCPFLOW_PACKET_TCP && frame->captured <= frame->length,
       "a frame that is not TCP");
}

/* All of the header; but numbers whose flags are not set are not written. */
static void check_same(const tcpflow_packet *a, const tcpflow_packet *b) {
  must(a->flags == b->flags && a->window == b->window && a->seq == b->seq &&
         a->ip_tos == b->ip_tos && a->ip_flow_label == b->ip_flow_label,
       "another header");
  must(a->payload_length == b->payload_length, "another length");
  must((a->flags & TCPFLOW_FLAG_ACK) == 0 || a->ack == b->ack, "another ack");
  must((a->flags & TCPFLOW_FLAG_URG) == 0 || a->urgent == b->urgent,
       "another urgent pointer");
  must(a->options_length == b->options_length &&
         memcmp(a->bytes + a->tcp_offset + HEADER_SIZE,
                b->bytes + b->tcp_offset + HEADER_SIZE, a->options_length) == 0,
       "other options");
}

/* A SYN may begin numbers anew, so every packet has writers of its own. */
static void check_again(const tcpflow_frame *frame) {
  tcpflow_packetdrill *const writer = new_script();
  char line[TCPFLOW_TEXT_LINE_MAX];
  tcpflow_packet packet;
  tcpflow_packet back;
  tcpflow_frame again;
  size_t length = 0;

  decode(&packet, frame);
  if (tcpflow_packetdrill_print(writer, &packet, line, sizeof(line), &length) ==
      TCPFLOW_OK) {
    must(length < sizeof(line) && strlen(line) == length, "a long line");
    must(read_line(writer, line, length, &again) == TCPFLOW_TEXT_PACKET,
         "a line that is not read back");
    decode(&back, &again);
    check_same(&packet, &back);
  }
  tcpflow_packetdrill_del(writer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  tcpflow_packetdrill *const script = new_script();
  tcpflow_frame frame;

  while (size > 0) {
    const uint8_t *const end = memchr(data, '\n', size);
    const size_t length = end == NULL ? size : (size_t)(end - data) + 1;

    if (read_line(script, data, length, &frame) == TCPFLOW_TEXT_PACKET) {
      check_again(&frame);
    }
    data += length;
    size -= length;
  }
  tcpflow_packetdrill_del(script);
  return 0;
}
