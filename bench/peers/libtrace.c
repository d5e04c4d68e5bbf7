/*
 * bench/peers/libtrace.c - libtrace: to the TCP header, and all options.
 */
#include "../harness.h"

#include <arpa/inet.h>
#include <libtrace.h>

static uint32_t fetch(const unsigned char *bytes, unsigned size) {
  uint32_t value = 0;

  for (unsigned i = 0; i < size; i++) {
    value = value << 8 | bytes[i];
  }
  return value;
}

static void add_option(harness_found *found, unsigned kind,
                       const unsigned char *data, unsigned size) {
  if (kind == 2 || kind == 3) {
    found->sum += fetch(data, size);
  }
  for (unsigned at = 0; (kind == 5 || kind == 8) && at + 4 <= size; at += 4) {
    found->sum += fetch(data + at, 4);
  }
}

static void add_segment(harness_found *found, libtrace_tcp_t *tcp,
                        uint32_t left) {
  unsigned char *option = (unsigned char *)tcp + sizeof(*tcp);
  unsigned char kind, size, *data;

  found->tcp++;
  found->sum +=
    (uint64_t)ntohl(tcp->seq) + ntohl(tcp->ack_seq) + ntohs(tcp->window);
  if (tcp->doff * 4U > left || tcp->doff < 5) {
    return;
  }
  int length = tcp->doff * 4 - (int)sizeof(*tcp);
  while (trace_get_next_option(&option, &length, &kind, &size, &data)) {
    add_option(found, kind, data, size < 2 ? 0U : size - 2U);
  }
}

static void pass(const harness_packets *packets, harness_found *found) {
  libtrace_packet_t *const packet = trace_create_packet();
  uint8_t protocol;
  uint32_t left;

  for (size_t i = 0; i < packets->count; i++) {
    const harness_packet *const p = &packets->packet[i];

    trace_construct_packet(packet, TRACE_TYPE_ETH, p->bytes,
                           (uint16_t)p->captured);
    void *const transport = trace_get_transport(packet, &protocol, &left);
    if (transport != NULL && protocol == 6 && left >= 20) {
      add_segment(found, (libtrace_tcp_t *)transport, left);
    }
  }
  trace_destroy_packet(packet);
}

int main(int argc, char **argv) {
  harness_must(argc == 2, "usage: libtrace PASSES <capture");
  harness_run("libtrace", argv[1], pass);
  return EXIT_SUCCESS;
}
