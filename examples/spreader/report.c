/* examples/spreader/report.c - what several trackers did, as if it were one. */
#include "report.h"

#include <tcpflow/text.h>

#include <inttypes.h>
#include <stdio.h>

static void print_figure(const char *name, uint64_t figure) {
  printf("%-28s %" PRIu64 "\n", name, figure);
}

/* Those that are not 0. */
static void print_kinds(const char *name, const uint64_t *figures,
                        unsigned count, const char *(*name_of)(unsigned)) {
  char line[80];

  for (unsigned i = 0; i < count; i++) {
    if (figures[i] != 0) {
      snprintf(line, sizeof(line), "%s %s", name, name_of(i));
      print_figure(line, figures[i]);
    }
  }
}

static const char *name_packet(unsigned i) {
  return tcpflow_packet_kind_name((tcpflow_packet_kind)i);
}

static const char *name_phase(unsigned i) {
  return tcpflow_phase_name((tcpflow_phase)i);
}

static const char *name_end(unsigned i) {
  return tcpflow_end_reason_name((tcpflow_end_reason)i);
}

static void print_frames(const tcpflow_tracker_stats *s) {
  print_figure("frames", s->frames);
  print_kinds("packets", s->packets, TCPFLOW_PACKET_ICMP_ERROR + 1U,
              name_packet);
  print_kinds("datagrams", s->datagrams, TCPFLOW_PACKET_ICMP_ERROR + 1U,
              name_packet);
  print_figure("first-fragments", s->first_fragments);
  print_figure("bad-offset", s->bad_offset);
  print_figure("time-backwards", s->time_backwards);
}

static void print_flows(const tcpflow_tracker_stats *s) {
  print_figure("flows", s->flows_new);
  print_figure("flows established", s->flows_established);
  print_kinds("flows ended by", s->ended_by, 16, name_end);
  print_kinds("flows timed out", s->timeout_in_phase, TCPFLOW_PHASE_ROOM,
              name_phase);
  print_kinds("flows evicted", s->evicted_in_phase, TCPFLOW_PHASE_ROOM,
              name_phase);
  print_kinds("flows now", s->flows_in_phase, TCPFLOW_PHASE_ROOM, name_phase);
  print_figure("flows flipped", s->flows_flipped);
  print_figure("ends reversed", s->ends_reversed);
  print_figure("stragglers", s->stragglers);
  print_figure("without-flow", s->without_flow);
  print_figure("icmp attached", s->icmp_attached);
  print_figure("icmp without-flow", s->icmp_without_flow);
}

static void print_told(const tally *t) {
  print_figure("segments", t->segments);
  print_figure("octets", t->octets);
  print_figure("octets missing", t->missing);
  print_figure("anomalies", t->anomalies);
  printf("%-28s %016" PRIx64 "\n", "events", t->events);
}

/* What a worker saw of the frames is not what there was. */
static void forget_frames(tcpflow_tracker_stats *s) {
  s->frames = 0;
  s->first_fragments = 0;
  s->bad_offset = 0;
  s->time_backwards = 0;
  for (unsigned i = 0; i < 16; i++) {
    s->packets[i] = 0;
  }
}

static void add_tally(tally *sum, const tally *t) {
  sum->segments += t->segments;
  sum->octets += t->octets;
  sum->missing += t->missing;
  sum->anomalies += t->anomalies;
  sum->events += t->events;
}

void report_sum(const worker *workers, unsigned count,
                const tcpflow_tracker_stats *frames) {
  tcpflow_tracker_stats sum;
  tally told = {0};

  tcpflow_tracker_stats_init(&sum);
  if (frames != NULL) {
    (void)tcpflow_tracker_stats_add(&sum, frames);
  }
  for (unsigned i = 0; i < count; i++) {
    tcpflow_tracker_stats one;

    tcpflow_tracker_stats_init(&one);
    (void)tcpflow_tracker_get_stats(workers[i].tracker, &one);
    if (frames != NULL) {
      forget_frames(&one);
    }
    (void)tcpflow_tracker_stats_add(&sum, &one);
    add_tally(&told, &workers[i].told);
  }
  print_frames(&sum);
  print_flows(&sum);
  print_told(&told);
}

void report_time(const worker *workers, unsigned count, uint64_t frames,
                 double seconds) {
  printf("%" PRIu64 " frames in %.3f s, %.0f a second\n", frames, seconds,
         (double)frames / seconds);
  for (unsigned i = 0; i < count; i++) {
    printf("worker %u: %" PRIu64 " frames in %.3f s of a processor", i,
           workers[i].frames, workers[i].seconds);
    if (workers[i].dropped > 0) {
      printf("; %" PRIu64 " dropped by the kernel", workers[i].dropped);
    }
    putchar('\n');
  }
}
