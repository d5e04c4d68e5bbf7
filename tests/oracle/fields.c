/*
 * tests/oracle/fields.c - what the decoder says of every packet of a capture,
 * one line each; the first line names the columns.
 *
 * The columns are those that tshark_fields.py compares; an unset value is an
 * empty one, and what comes several times is joined by bars.  Numbers are the
 * library's own: none is computed here but the two that tshark shows in one
 * (reserved bits and flags).
 *
 * With -d, fragments are put together first: the fragment that completes a
 * datagram shows what the datagram holds, and the others show nothing.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tcpflow/tcpflow.h>

#include "oracle/capture.h"
#include "oracle/option_cells.h"

enum {
  NESTED = 8 /* Fragments of datagrams that came in fragments. */
};

static const char *const columns[] = {
  "number", "part",       "kind",       "findings",     "layers",
  "ids",    "ends",       "vlan",       "source",       "source_port",
  "target", "port",       "protocol",   "ttl",          "tos",
  "ip_id",  "flow_label", "fragment",   "ip_header",    "ip_length",
  "flags",  "seq",        "ack",        "window",       "urgent",
  "header", "payload",    "checksum",   "sum_state",    "options",
  "kinds",  "lengths",    "mss",        "wscale",       "ts_val",
  "ts_ecr", "sack_left",  "sack_right", "option_flags", "values",
  "quoted", "icmp_type",  "icmp_code",  "icmp_mtu"};

static void cell(int known, uint64_t number) {
  if (known) {
    printf("\t%" PRIu64, number);
  } else {
    putchar('\t');
  }
}

static void listed(unsigned index, uint64_t number) {
  printf("%s%" PRIu64, index == 0 ? "" : "|", number);
}

static void print_findings(uint32_t findings) {
  const char *before = "";

  putchar('\t');
  for (unsigned bit = 0; bit < TCPFLOW_FINDING_COUNT; bit++) {
    if ((findings >> bit & 1) != 0) {
      printf("%s%s", before, tcpflow_finding_name(bit));
      before = "|";
    }
  }
}

static void print_addresses(const tcpflow_tuple *ends) {
  char address[2][TCPFLOW_TEXT_ADDRESS_MAX];

  for (unsigned side = 0; side < 2; side++) {
    tcpflow_text_address(address[side], sizeof(address[side]), ends->version,
                         ends->address[side]);
  }
  printf("%s>%s", address[0], address[1]);
}

static void print_layers(const tcpflow_packet *packet) {
  tcpflow_tuple ends;
  unsigned count = 0;

  putchar('\t');
  for (unsigned i = 0; i < packet->layer_count; i++) {
    listed(i, packet->layer[i].type);
  }
  putchar('\t');
  for (unsigned i = 0; i < packet->layer_count; i++) {
    uint64_t id = 0;

    (void)tcpflow_packet_layer_id(packet, i, &id);
    listed(i, id);
  }
  putchar('\t');
  for (unsigned i = 0; i < packet->layer_count; i++) {
    if (tcpflow_packet_layer_ends(packet, i, &ends)) {
      fputs(count++ == 0 ? "" : "|", stdout);
      print_addresses(&ends);
    }
  }
  printf("\t%#" PRIx32, packet->tuple.vlan);
}

static void print_end(const tcpflow_packet *packet, unsigned side, int ports) {
  char address[TCPFLOW_TEXT_ADDRESS_MAX] = "";

  if (packet->tuple.version != 0) {
    tcpflow_text_address(address, sizeof(address), packet->tuple.version,
                         packet->tuple.address[side]);
  }
  printf("\t%s", address);
  cell(ports, packet->tuple.port[side]);
}

static void print_ip(const tcpflow_packet *packet) {
  const int known = packet->tuple.version != 0;

  cell(known, packet->ip_protocol);
  cell(known, packet->ip_ttl);
  cell(known, packet->ip_tos);
  cell(known, packet->ip_id);
  cell(packet->tuple.version == 6, packet->ip_flow_label);
  cell(known, packet->ip_fragment);
  cell(known, packet->ip_header_length);
  cell(known, packet->ip_length);
}

/* How many octets of the TCP header are there. */
static unsigned header_octets(const tcpflow_packet *packet) {
  if (packet->kind == TCPFLOW_PACKET_TCP) {
    return 60;
  }
  return packet->kind == TCPFLOW_PACKET_ICMP_ERROR ? packet->quoted : 0;
}

static void print_tcp(const tcpflow_packet *packet, unsigned octets) {
  if (octets >= 14) {
    printf("\t0x%04x", (unsigned)packet->reserved_bits << 9 | packet->flags);
  } else {
    putchar('\t');
  }
  cell(octets >= 8, packet->seq);
  cell(octets >= 12, packet->ack);
  cell(octets >= 16, packet->window);
  cell(octets >= 20, packet->urgent);
  cell(octets >= 14, packet->header_length);
  cell(octets == 60, packet->payload_length);
  cell(octets >= 20, packet->checksum);
  printf("\t%s", octets != 60
                   ? ""
                   : tcpflow_checksum_name(tcpflow_packet_checksum(packet)));
}

static void print_values(const tcpflow_options *options) {
  cell((options->present & TCPFLOW_HAS_MSS) != 0, options->mss);
  cell((options->present & TCPFLOW_HAS_WSCALE) != 0, options->wscale_raw);
  cell((options->present & TCPFLOW_HAS_TIMESTAMPS) != 0, options->ts_val);
  cell((options->present & TCPFLOW_HAS_TIMESTAMPS) != 0, options->ts_ecr);
  putchar('\t');
  for (unsigned i = 0; i < options->sack_count; i++) {
    listed(i, options->sack[i].left);
  }
  putchar('\t');
  for (unsigned i = 0; i < options->sack_count; i++) {
    listed(i, options->sack[i].right);
  }
}

static void print_walk(const tcpflow_packet *packet, const uint8_t *bytes) {
  tcpflow_option_walk walk;
  tcpflow_option option;
  unsigned count = 0;
  unsigned lengths = 0;
  char text[256] = "";
  size_t used = 0;

  tcpflow_option_walk_init(&walk, bytes, packet->options_length,
                           packet->options_captured, packet->flags);
  putchar('\t');
  while (tcpflow_option_walk_next(&walk, &option)) {
    listed(count++, option.kind);
    if (option.kind > 1 && option.length > 0 && used < sizeof(text) - 8) {
      used +=
        (size_t)snprintf(text + used, sizeof(text) - used, "%s%u",
                         lengths++ == 0 ? "" : "|", (unsigned)option.length);
    }
  }
  printf("\t%s", text);
}

static void print_options(const tcpflow_packet *packet) {
  const uint8_t *const bytes = packet->bytes + packet->tcp_offset + 20;
  tcpflow_options options;

  putchar('\t');
  for (unsigned i = 0; i < packet->options_captured; i++) {
    printf("%02x", bytes[i]);
  }
  print_walk(packet, bytes);
  tcpflow_options_init(&options);
  if (tcpflow_options_parse(&options, bytes, packet->options_length,
                            packet->options_captured,
                            packet->flags) != TCPFLOW_OK) {
    exit(EXIT_FAILURE);
  }
  print_values(&options);
  printf("\t%#x\t", (unsigned)options.flags);
  print_option_cells(packet);
}

static void print_packet(const tcpflow_packet *packet, unsigned part) {
  const unsigned octets = header_octets(packet);
  const int error = packet->kind == TCPFLOW_PACKET_ICMP_ERROR;

  printf("%" PRIu64 "\t%u\t%s", packet->number, part,
         tcpflow_packet_kind_name((tcpflow_packet_kind)packet->kind));
  print_findings(packet->findings);
  print_layers(packet);
  print_end(packet, 0, octets != 0);
  print_end(packet, 1, octets != 0);
  print_ip(packet);
  print_tcp(packet, octets);
  if (packet->kind == TCPFLOW_PACKET_TCP) {
    print_options(packet);
  } else {
    fputs("\t\t\t\t\t\t\t\t\t\t\t", stdout);
  }
  cell(error, packet->quoted);
  cell(error, packet->icmp_type);
  cell(error, packet->icmp_code);
  cell(error, packet->icmp_mtu);
  putchar('\n');
}

static void decode(tcpflow_packet *packet, const tcpflow_frame *frame) {
  if (tcpflow_packet_decode(packet, frame, NULL) != TCPFLOW_OK) {
    exit(EXIT_FAILURE);
  }
}

static tcpflow_frag *frag;

/* Whether PACKET is to be shown: it is no fragment, or now is what the
   fragment completed. */
static int is_whole(tcpflow_packet *packet) {
  tcpflow_frag_result result;
  tcpflow_frame datagram;

  tcpflow_frag_result_init(&result);
  for (unsigned turn = 0; frag != NULL && turn < NESTED; turn++) {
    if (tcpflow_frag_feed(frag, packet, &result, &datagram) != TCPFLOW_OK) {
      exit(EXIT_FAILURE);
    }
    if (result.outcome != TCPFLOW_FRAG_COMPLETE) {
      return result.outcome == TCPFLOW_FRAG_NOT_A_FRAGMENT;
    }
    decode(packet, &datagram);
  }
  return 1;
}

static void put_together(void) {
  if (tcpflow_frag_new(&frag, NULL, NULL, NULL, NULL) != TCPFLOW_OK) {
    exit(EXIT_FAILURE);
  }
}

static void clean_up(void) {
  tcpflow_frag_del(frag);
}

static void print_frame(tcpflow_packet *packet, const tcpflow_frame *frame) {
  unsigned part = 0;
  tcpflow_packet next;

  decode(packet, frame);
  next = *packet;
  do {
    *packet = next;
    if (is_whole(packet)) {
      print_packet(packet, part++);
    }
  } while (tcpflow_packet_next(&next, frame, NULL) > 0);
}

int main(int argc, char **argv) {
  const int whole = argc == 3 && strcmp(argv[1], "-d") == 0;
  capture from;
  tcpflow_frame frame;
  tcpflow_packet packet;

  if (argc != 2 + whole || capture_open(&from, argv[1 + whole]) != 0) {
    fprintf(stderr, "fields: not one capture\n");
    return EXIT_FAILURE;
  }
  if (whole) {
    put_together();
  }
  for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
    printf("%s%s", i == 0 ? "" : "\t", columns[i]);
  }
  putchar('\n');
  tcpflow_packet_init(&packet);
  while (capture_next(&from, &frame)) {
    print_frame(&packet, &frame);
  }
  capture_close(&from);
  clean_up();
  return ferror(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
