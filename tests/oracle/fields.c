/*
 * tests/oracle/fields.c - what the decoder says of every frame of a capture, one
 * line each: number, kind, 17 columns of TCP, findings.
 *
 * The columns are those that check-fields-against-tshark compares; an unset
 * value is an empty one.  Numbers are the library's own: none is computed here.
 */
#include <inttypes.h>
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>

#include <tcpflow/tcpflow.h>

static void print_end(const tcpflow_packet *packet, unsigned side) {
  char address[46];

  tcpflow_text_address(address, sizeof(address), packet->tuple.version,
                       packet->tuple.address[side]);
  printf("\t%s\t%u", address, (unsigned)packet->tuple.port[side]);
}

static void print_number(int known, uint32_t number) {
  if (known) {
    printf("\t%" PRIu32, number);
  } else {
    putchar('\t');
  }
}

static void print_options(const tcpflow_packet *packet) {
  tcpflow_options options;

  tcpflow_options_init(&options);
  if (tcpflow_options_parse(&options, packet->bytes + packet->tcp_offset + 20,
                            packet->options_length, packet->options_captured,
                            packet->flags) != TCPFLOW_OK) {
    exit(EXIT_FAILURE);
  }
  print_number((options.present & TCPFLOW_HAS_MSS) != 0, options.mss);
  print_number((options.present & TCPFLOW_HAS_WSCALE) != 0, options.wscale_raw);
  print_number((options.present & TCPFLOW_HAS_TIMESTAMPS) != 0, options.ts_val);
  print_number((options.present & TCPFLOW_HAS_TIMESTAMPS) != 0, options.ts_ecr);
  putchar('\t');
  for (unsigned i = 0; i < options.sack_count; i++) {
    printf("%s%" PRIu32, i == 0 ? "" : "|", options.sack[i].left);
  }
  putchar('\t');
  for (unsigned i = 0; i < options.sack_count; i++) {
    printf("%s%" PRIu32, i == 0 ? "" : "|", options.sack[i].right);
  }
}

static void print_findings(uint32_t findings) {
  const char *before = "\t";

  for (unsigned bit = 0; bit < TCPFLOW_FINDING_COUNT; bit++) {
    if ((findings >> bit & 1) != 0) {
      printf("%s%s", before, tcpflow_finding_name(bit));
      before = "|";
    }
  }
  puts(findings == 0 ? "\t" : "");
}

/* The reserved bits and the flags as they stand in the header's twelve. */
static void print_packet(const tcpflow_packet *packet) {
  print_end(packet, 0);
  print_end(packet, 1);
  printf("\t0x%04x\t%" PRIu32 "\t%" PRIu32 "\t%u\t%u\t%u\t%" PRIu32,
         (unsigned)packet->reserved_bits << 9 | packet->flags, packet->seq,
         packet->ack, (unsigned)packet->window, (unsigned)packet->urgent,
         (unsigned)packet->header_length, packet->payload_length);
  print_options(packet);
}

/* The columns of what is not TCP stay empty. */
static void print_frame(const tcpflow_packet *packet) {
  printf("%" PRIu64 "\t%s", packet->number,
         tcpflow_packet_kind_name((tcpflow_packet_kind)packet->kind));
  if (packet->kind == TCPFLOW_PACKET_TCP) {
    print_packet(packet);
  } else {
    fputs("\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t\t", stdout);
  }
  print_findings(packet->findings);
}

/* Every frame that pcap can read; what is behind a damage is for nobody. */
static void print_capture(pcap_t *capture) {
  struct pcap_pkthdr *head;
  const u_char *bytes;
  tcpflow_packet packet;

  tcpflow_packet_init(&packet);
  for (uint64_t number = 1; pcap_next_ex(capture, &head, &bytes) == 1;
       number++) {
    const tcpflow_frame frame = {
      .bytes = bytes,
      .captured = head->caplen,
      .length = head->len,
      .link = (uint32_t)pcap_datalink(capture),
      .number = number,
    };
    if (tcpflow_packet_decode(&packet, &frame, NULL) == TCPFLOW_OK) {
      print_frame(&packet);
    }
  }
}

int main(int argc, char **argv) {
  char problem[PCAP_ERRBUF_SIZE];
  pcap_t *const capture =
    argc == 2 ? pcap_open_offline(argv[1], problem) : NULL;

  if (capture == NULL) {
    fprintf(stderr, "fields: %s\n", argc == 2 ? problem : "one capture");
    return EXIT_FAILURE;
  }
  print_capture(capture);
  pcap_close(capture);
  return ferror(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
