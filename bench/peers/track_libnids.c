/*
 * bench/peers/track_libnids.c - libnids: both directions collected, checksums
 * not verified.
 */
#include "../harness.h"

#include <nids.h>
#include <pcap/pcap.h>
#include <stdbool.h>

static harness_found *now_found;

/* Streams that it takes memory for at once, at least. */
#define STREAMS_LEAST (1 << 14)

static bool is_tcp4(const harness_packet *p) {
  return p->captured >= 54 && p->bytes[12] == 8 && p->bytes[13] == 0 &&
         p->bytes[14] == 0x45 && p->bytes[23] == 6;
}

/* The most connections at a time: those that a SYN began and two FINs did not
   end yet. */
static long most_at_a_time(const harness_packets *packets) {
  long halves = 0;
  long most = 0;

  for (size_t i = 0; i < packets->count; i++) {
    if (is_tcp4(&packets->packet[i])) {
      const unsigned flags = packets->packet[i].bytes[47];
      halves += (flags & 0x12) == 2 ? 2 : 0;
      halves -= flags & 1;
      most = halves / 2 > most ? halves / 2 : most;
    }
  }
  return most;
}

/* So many that it forgets none: it follows three quarters of that. */
static int streams_for(const harness_packets *packets) {
  static long streams; /* The first pass, which is not measured, asks. */

  if (streams == 0) {
    const long most = most_at_a_time(packets);
    for (streams = STREAMS_LEAST; streams / 4 * 3 <= most; streams *= 2) {
    }
  }
  return (int)streams;
}

static void on_tcp(struct tcp_stream *stream, void **unused) {
  (void)unused;
  if (stream->nids_state == NIDS_JUST_EST) {
    stream->client.collect = 1;
    stream->server.collect = 1;
    now_found->tcp++;
  } else if (stream->nids_state == NIDS_DATA) {
    now_found->sum +=
      (uint64_t)stream->client.count_new + (uint64_t)stream->server.count_new;
  }
}

static void say_nothing(int type, int err, void *ip, void *data) {
  (void)type;
  (void)err;
  (void)ip;
  (void)data;
}

static void pass(const harness_packets *packets, harness_found *found) {
  static struct nids_chksum_ctl off = {0, 0, NIDS_DONT_CHKSUM};

  now_found = found;
  nids_params.pcap_desc = pcap_open_dead(DLT_EN10MB, 262144);
  nids_params.n_tcp_streams = streams_for(packets);
  nids_params.scan_num_hosts = 0;
  nids_params.syslog = say_nothing;
  harness_must(nids_init(), nids_errbuf);
  nids_register_chksum_ctl(&off, 1);
  nids_register_tcp(on_tcp);
  for (size_t i = 0; i < packets->count; i++) {
    const harness_packet *const p = &packets->packet[i];
    struct pcap_pkthdr head = {.caplen = p->captured, .len = p->length};

    head.ts.tv_sec = (time_t)(p->time / 1000000000);
    head.ts.tv_usec = (suseconds_t)(p->time % 1000000000 / 1000);
    nids_pcap_handler(NULL, &head, (u_char *)(uintptr_t)p->bytes);
  }
  nids_unregister_tcp(on_tcp);
  nids_exit();
}

int main(int argc, char **argv) {
  harness_must(argc == 2, "usage: track_libnids PASSES <capture");
  harness_run("track_libnids", argv[1], pass);
  return EXIT_SUCCESS;
}
