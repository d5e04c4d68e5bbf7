/*
 * bench/decode.c - what decoding costs, through the public headers only, as
 * whoever links the library pays it: decode KERNEL PASSES <capture
 */
#include "harness.h"

#include <tcpflow/tcpflow.h>

/* The least that can be done with a packet: to touch its headers. */
static void pass_null(const harness_packets *packets, harness_found *found) {
  for (size_t i = 0; i < packets->count; i++) {
    const harness_packet *const p = &packets->packet[i];

    if (p->captured >= 54) {
      found->sum += (uint64_t)p->bytes[12] + p->bytes[23] + p->bytes[47];
      found->tcp++;
    }
  }
}

/* What a caller hands in; it differs from packet to packet in these only. */
static inline void set_frame(tcpflow_frame *frame, const harness_packet *p) {
  frame->time = p->time;
  frame->bytes = p->bytes;
  frame->captured = p->captured;
  frame->length = p->length;
}

static inline void add_header(harness_found *found,
                              const tcpflow_packet *packet) {
  found->tcp++;
  found->sum += (uint64_t)packet->seq + packet->ack + packet->window;
}

static inline void add_options(harness_found *found,
                               const tcpflow_options *options) {
  found->sum += (uint64_t)options->mss + options->wscale + options->ts_val +
                options->ts_ecr;
  for (size_t i = 0; i < options->sack_count; i++) {
    found->sum += (uint64_t)options->sack[i].left + options->sack[i].right;
  }
}

static void pass_decode(const harness_packets *packets, harness_found *found) {
  tcpflow_frame frame = {.link = TCPFLOW_LINK_ETHERNET};
  tcpflow_packet packet;

  tcpflow_packet_init(&packet);
  for (size_t i = 0; i < packets->count; i++) {
    set_frame(&frame, &packets->packet[i]);
    (void)tcpflow_packet_decode(&packet, &frame, NULL);
    if (packet.kind == TCPFLOW_PACKET_TCP) {
      add_header(found, &packet);
    }
  }
}

static void pass_options(const harness_packets *packets, harness_found *found) {
  tcpflow_frame frame = {.link = TCPFLOW_LINK_ETHERNET};
  tcpflow_packet packet;
  tcpflow_options options;

  tcpflow_packet_init(&packet);
  tcpflow_options_init(&options);
  for (size_t i = 0; i < packets->count; i++) {
    set_frame(&frame, &packets->packet[i]);
    (void)tcpflow_packet_decode(&packet, &frame, NULL);
    if (packet.kind == TCPFLOW_PACKET_TCP) {
      (void)tcpflow_options_parse(
        &options, packet.bytes + packet.tcp_offset + 20, packet.options_length,
        packet.options_captured, packet.flags);
      add_header(found, &packet);
      add_options(found, &options);
    }
  }
}

/* Counts the right ones in place of adding fields up. */
static void pass_checksum(const harness_packets *packets,
                          harness_found *found) {
  tcpflow_frame frame = {.link = TCPFLOW_LINK_ETHERNET};
  tcpflow_packet packet;

  tcpflow_packet_init(&packet);
  for (size_t i = 0; i < packets->count; i++) {
    set_frame(&frame, &packets->packet[i]);
    (void)tcpflow_packet_decode(&packet, &frame, NULL);
    found->tcp += packet.kind == TCPFLOW_PACKET_TCP;
    found->sum += tcpflow_packet_checksum(&packet) == TCPFLOW_CHECKSUM_OK;
  }
}

static const struct {
  const char *name;
  harness_pass *pass;
} kernels[] = {{"null", pass_null},
               {"decode", pass_decode},
               {"options", pass_options},
               {"checksum", pass_checksum}};

int main(int argc, char **argv) {
  for (size_t i = 0; argc == 3 && i < sizeof(kernels) / sizeof(kernels[0]);
       i++) {
    if (strcmp(argv[1], kernels[i].name) == 0) {
      harness_run(kernels[i].name, argv[2], kernels[i].pass);
      return EXIT_SUCCESS;
    }
  }
  fprintf(stderr,
          "usage: decode null|decode|options|checksum PASSES <capture\n");
  return EXIT_FAILURE;
}
