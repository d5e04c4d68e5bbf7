/*
 * bench/peers/track_ours.c - this library: a tracker with everything told, 32
 * frames a call.
 */
#include "../kernels.h"

#include "../harness.h"

enum {
  BATCH = 32
};

static tcpflow_frame *frames;

static void make_frames(const harness_packets *packets) {
  frames = calloc(packets->count, sizeof(*frames));
  harness_must(frames != NULL, "no memory");
  for (size_t i = 0; i < packets->count; i++) {
    frames[i].link = TCPFLOW_LINK_ETHERNET;
    frames[i].time = packets->packet[i].time;
    frames[i].bytes = packets->packet[i].bytes;
    frames[i].captured = packets->packet[i].captured;
    frames[i].length = packets->packet[i].length;
  }
}

static void pass(const harness_packets *packets, harness_found *out) {
  finding told = {0};
  kernel k = kernels[0];
  tcpflow_conn_callbacks callbacks;
  tcpflow_tracker_config config;

  if (frames == NULL) {
    make_frames(packets);
  }
  for (const kernel *at = kernels; at->name != NULL; at++) {
    k = *at; /* The last one tells all. */
  }
  k.found = &told;
  tcpflow_conn_callbacks_init(&callbacks);
  k.listen(&callbacks);
  tcpflow_tracker_config_init(&config);
  harness_must(
    tcpflow_tracker_new(&k.tracker, &config, &callbacks, NULL, &told) == 0,
    "no tracker");
  for (size_t i = 0; i < packets->count; i += BATCH) {
    const size_t left = packets->count - i;
    k.feed(&k, frames + i, left < BATCH ? left : BATCH);
  }
  tcpflow_tracker_del(k.tracker);
  out->tcp = told.connections;
  out->sum = told.octets;
}

int main(int argc, char **argv) {
  harness_must(argc == 2, "usage: track_ours PASSES <capture");
  harness_run("track_ours", argv[1], pass);
  free(frames);
  return EXIT_SUCCESS;
}
