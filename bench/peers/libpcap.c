/*
 * bench/peers/libpcap.c - what it takes to read a capture that stands in
 * memory, and nothing more: libpcap's own reader.
 */
#include "../harness.h"

#include <pcap/pcap.h>

static void pass(const harness_packets *packets, harness_found *found) {
  char error[PCAP_ERRBUF_SIZE];
  FILE *const file = fmemopen(packets->file, packets->size, "rb");
  struct pcap_pkthdr *head;
  const u_char *bytes;

  harness_must(file != NULL, "fmemopen");
  pcap_t *const pcap = pcap_fopen_offline_with_tstamp_precision(
    file, PCAP_TSTAMP_PRECISION_NANO, error);
  harness_must(pcap != NULL, "pcap_fopen_offline");
  while (pcap_next_ex(pcap, &head, &bytes) == 1) {
    found->sum += head->caplen;
  }
  pcap_close(pcap);
}

int main(int argc, char **argv) {
  harness_must(argc == 2, "usage: libpcap PASSES <capture");
  harness_run("libpcap", argv[1], pass);
  return EXIT_SUCCESS;
}
