/*
 * examples/textcap.c - writes the capture that tcpdump text tells of.
 *
 * Its packets hold the headers only, as with a short snaplen; their lengths on
 * the wire are those that the text says.
 */
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common.h"

static const char program[] = "textcap";

/* In a nanosecond capture, tv_usec counts nanoseconds. */
static void write_frame(pcap_dumper_t *out, const tcpflow_frame *frame) {
  struct pcap_pkthdr head = {.caplen = frame->captured, .len = frame->length};

  head.ts.tv_sec = (time_t)(frame->time / TCPFLOW_SECOND);
  head.ts.tv_usec = (suseconds_t)(frame->time % TCPFLOW_SECOND);
  pcap_dump((u_char *)out, &head, frame->bytes);
}

static int write_all(source *from, pcap_dumper_t *out, const char *name) {
  tcpflow_frame frame;
  int more;

  while ((more = source_next(from, &frame)) > 0) {
    write_frame(out, &frame);
  }
  if (pcap_dump_flush(out) != 0) {
    complain(program, name, "it cannot be written");
    more = -1;
  }
  return more == 0;
}

int main(int argc, char **argv) {
  const int asked = argc == 2 && strcmp(argv[1], "--help") == 0;

  if (argc != 3) {
    fprintf(asked ? stdout : stderr,
            "usage: textcap TEXT|- CAPTURE\n"
            "Writes the capture that tcpdump text tells of.\n");
    return asked ? EXIT_SUCCESS : 2;
  }
  source *const from = source_open(program, argv[1]);
  pcap_t *const shape = pcap_open_dead_with_tstamp_precision(
    DLT_RAW, 65535, PCAP_TSTAMP_PRECISION_NANO);
  pcap_dumper_t *out = NULL;
  int done = 0;

  if (from != NULL && source_text(from) == NULL) {
    complain(program, argv[1], "it is a capture already");
  } else if (from != NULL && shape != NULL) {
    out = pcap_dump_open(shape, argv[2]);
    if (out == NULL) {
      complain(program, argv[2], pcap_geterr(shape));
    }
  }
  if (out != NULL) {
    done = write_all(from, out, argv[2]);
    pcap_dump_close(out);
  }
  if (shape != NULL) {
    pcap_close(shape);
  }
  source_close(from);
  return done ? EXIT_SUCCESS : EXIT_FAILURE;
}
