/*
 * examples/drill.c - a capture's connection as a packetdrill script, and a
 * script's segments as a capture.
 */
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common.h"

static const char program[] = "drill";

static const char help[] =
  "usage: drill FILE|-              prints the first connection of a capture, "
  "or of\n"
  "                                 tcpdump text, as packetdrill writes it\n"
  "       drill SCRIPT.pkt CAPTURE  writes the segments of a script";

/* What a line does not tell stands behind it, in a comment. */
static void print_untold(uint32_t untold) {
  static const char *const words[] = {"", "options cut",   "",           "",
                                      "", "reserved bits", "raw options"};

  for (unsigned bit = 0; bit < sizeof(words) / sizeof(words[0]); bit++) {
    if ((untold >> bit & 1U) != 0) {
      printf(" // %s", words[bit]);
    }
  }
  putchar('\n');
}

static int print_packet(tcpflow_packetdrill *script,
                        const tcpflow_frame *frame) {
  char line[TCPFLOW_TEXT_LINE_MAX];
  tcpflow_packet packet;

  tcpflow_packet_init(&packet);
  int error = tcpflow_packet_decode(&packet, frame, NULL);
  if (error == TCPFLOW_OK) {
    error =
      tcpflow_packetdrill_print(script, &packet, line, sizeof(line), NULL);
  }
  if (error == TCPFLOW_OK) {
    fputs(line, stdout);
    print_untold(tcpflow_packetdrill_untold_bits(script));
  }
  return error == TCPFLOW_ERR_INVALID ? TCPFLOW_OK : error; /* Another one. */
}

static int print_connection(const char *name) {
  source *const from = source_open(program, name);
  tcpflow_packetdrill *script = NULL;
  tcpflow_packetdrill_config config;
  tcpflow_frame frame;
  int more = 0;

  if (from == NULL) {
    return 0;
  }
  tcpflow_packetdrill_config_init(&config);
  config.ip = 1;
  int error = tcpflow_packetdrill_new(&script, &config, NULL);
  while (error == TCPFLOW_OK && (more = source_next(from, &frame)) > 0) {
    error = print_packet(script, &frame);
  }
  if (error != TCPFLOW_OK) {
    complain(program, name, tcpflow_strerror(error));
  }
  tcpflow_packetdrill_del(script);
  source_close(from);
  return error == TCPFLOW_OK && more == 0;
}

/* packetdrill's own addresses: the host's, and that of the script's peer. */
static int new_script(tcpflow_packetdrill **script) {
  tcpflow_packetdrill_config config;

  tcpflow_packetdrill_config_init(&config);
  config.tuple.version = 4;
  config.tuple.port[0] = 8080;
  config.tuple.port[1] = 40000;
  memcpy(config.tuple.address[0], "\xc0\xa8\x00\x01", 4);
  memcpy(config.tuple.address[1], "\xc0\x00\x02\x01", 4);
  return tcpflow_packetdrill_new(script, &config, NULL);
}

static void write_frame(pcap_dumper_t *out, const tcpflow_frame *frame) {
  struct pcap_pkthdr head = {.caplen = frame->captured, .len = frame->length};

  head.ts.tv_sec = (time_t)(frame->time / TCPFLOW_SECOND);
  head.ts.tv_usec = (suseconds_t)(frame->time % TCPFLOW_SECOND / 1000);
  pcap_dump((u_char *)out, &head, frame->bytes);
}

/* Answers 0 if a segment could not be read. */
static int write_segments(tcpflow_packetdrill *script, FILE *from,
                          pcap_dumper_t *out, const char *name) {
  char line[4096];
  int good = 1;

  for (unsigned number = 1; fgets(line, sizeof(line), from) != NULL; number++) {
    tcpflow_text_result result;
    tcpflow_frame frame;

    if (tcpflow_packetdrill_read(script, line, strlen(line), &result, &frame) !=
        TCPFLOW_OK) {
      return 0;
    }
    if (result == TCPFLOW_TEXT_PACKET) {
      write_frame(out, &frame);
    } else if (result == TCPFLOW_TEXT_BROKEN) {
      fprintf(stderr, "%s: %s: line %u: %s\n", program, name, number,
              tcpflow_packetdrill_problem(script));
      good = 0;
    }
  }
  return good;
}

static int write_capture(const char *name, const char *capture) {
  FILE *const from = fopen(name, "r");
  pcap_t *const shape = pcap_open_dead(DLT_RAW, 65535);
  pcap_dumper_t *const out =
    from == NULL || shape == NULL ? NULL : pcap_dump_open(shape, capture);
  tcpflow_packetdrill *script = NULL;
  int done = 0;

  if (out == NULL) {
    complain(program, from == NULL ? name : capture, "it cannot be opened");
  } else if (new_script(&script) == TCPFLOW_OK) {
    done = write_segments(script, from, out, name);
    done &= pcap_dump_flush(out) == 0;
  }
  tcpflow_packetdrill_del(script);
  if (out != NULL) {
    pcap_dump_close(out);
  }
  if (shape != NULL) {
    pcap_close(shape);
  }
  if (from != NULL) {
    fclose(from);
  }
  return done;
}

int main(int argc, char **argv) {
  if (argc == 3) {
    return write_capture(argv[1], argv[2]) ? EXIT_SUCCESS : EXIT_FAILURE;
  }
  if (argc != 2 || strcmp(argv[1], "--help") == 0) {
    fprintf(argc == 2 ? stdout : stderr, "%s\n", help);
    return argc == 2 ? EXIT_SUCCESS : 2;
  }
  const int done = print_connection(argv[1]);
  return finish_output(program) && done ? EXIT_SUCCESS : EXIT_FAILURE;
}
