/*
 * bench/cost.c - what a packet costs, from reading it at all to everything
 * told:
 *
 *   cost [-j] [-n PACKETS] [-r RUNS] [-b BATCH,...] [-k KERNEL,...] WORKLOAD...
 *
 * Packets are made into memory a stretch at a time, and only feeding them is
 * measured, in cost_feed(), so that tools which count by function find it.  A
 * figure is the median over the runs.  The slowest call is looked for in runs
 * of their own: each call's time is the least of those runs, since other
 * programs interrupt now here and now there; the JSON has how the times of all
 * calls are spread, and which calls are the slowest.  -j: JSON.
 */
#define _POSIX_C_SOURCE 200809L

#include "counters.h"
#include "kernels.h"
#include "memory.h"
#include "workload.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

enum {
  STRETCH = 1 << 25, /* Octets of packets in memory at a time. */
  FRAMES = 1 << 17,
  LEAST = 1 << 17, /* Octets that a packet may need. */
  MOST_RUNS = 99,
  LATENCY_RUNS = 3,
  SLOW_CALLS = 8,
  FEW = 1000 /* So few flows say nothing of what one takes. */
};

/* A call of so many nanoseconds is too slow. */
enum {
  TOO_SLOW = 50000
};

typedef struct options {
  size_t packets;
  unsigned runs;
  int json;
  const char *kernels;
  const char *batches;
} options;

typedef struct run {
  kernel k;
  size_t batch;
  uint8_t *bytes; /* Packets of the stretch. */
  size_t used;
  tcpflow_frame *frame;
  size_t count;
  memory mem;
  uint64_t empty;             /* Memory of a tracker without flows. */
  uint64_t opened;            /* Packets before those that count. */
  uint64_t opening[COUNTERS]; /* What they took. */
  uint64_t fed;               /* Packets that count. */
  uint64_t total[COUNTERS];   /* What those took. */
  uint64_t flows;             /* At the end. */
  uint64_t flow_memory;
  finding found;
  uint32_t *call; /* Least time of each call.  NULL: not asked. */
  size_t calls;
  int first; /* Of those runs. */
} run;

/* The times of all calls. */
typedef struct spread {
  size_t calls; /* 0: not known. */
  size_t too_slow;
  uint32_t middle;           /* Half of them take no more; */
  uint32_t p99;              /* 99 of 100, */
  uint32_t p9999;            /* and all but one of 10,000. */
  uint64_t slow[SLOW_CALLS]; /* The slowest: time in the upper half, the number
                                of the call in the lower. */
} spread;

/* What is told of one kernel over one workload. */
typedef struct row {
  const char *workload;
  const char *kernel;
  size_t batch;
  run last;
  double figure[COUNTERS][MOST_RUNS]; /* A packet. */
  double opening[MOST_RUNS];
  double slowest_ns; /* Negative: not known. */
  spread calls;
} row;

static void must(int good, const char *what) {
  if (!good) {
    fprintf(stderr, "cost: %s\n", what);
    exit(EXIT_FAILURE);
  }
}

/* --- feeding --- */

/* Never inlined, so that it can be found by its name. */
__attribute__((noinline)) static void cost_feed(const kernel *k,
                                                const tcpflow_frame *frames,
                                                size_t count, size_t batch) {
  for (size_t i = 0; i < count; i += batch) {
    k->feed(k, frames + i, count - i < batch ? count - i : batch);
  }
}

/* Times each call. */
static void feed_slowly(run *r) {
  for (size_t i = 0; i < r->count; i += r->batch) {
    const size_t left = r->count - i;
    const uint64_t start = wall_ns();
    r->k.feed(&r->k, r->frame + i, left < r->batch ? left : r->batch);
    const uint64_t took = wall_ns() - start;
    const uint32_t ns = took < UINT32_MAX ? (uint32_t)took : UINT32_MAX;
    if (r->first || ns < r->call[r->calls]) {
      r->call[r->calls] = ns;
    }
    r->calls++;
  }
}

/* Feeds what has been gathered. */
static void flush_stretch(run *r) {
  if (r->call != NULL) {
    feed_slowly(r);
  } else {
    counters_start();
    cost_feed(&r->k, r->frame, r->count, r->batch);
    counters_stop(r->total);
  }
  r->fed += r->count;
  r->count = 0;
  r->used = 0;
}

/* The packets that follow count. */
static void begin_counting(run *r) {
  flush_stretch(r);
  r->opened = r->fed;
  r->fed = 0;
  memcpy(r->opening, r->total, sizeof(r->total));
  memset(r->total, 0, sizeof(r->total));
}

static int take_frame(void *user, const tcpflow_frame *frame) {
  run *const r = user;

  if (frame == NULL) {
    begin_counting(r);
    return 0;
  }
  if (r->count == FRAMES || STRETCH - r->used < LEAST) {
    flush_stretch(r);
  }
  must(frame->captured <= LEAST, "a packet is too long");
  r->frame[r->count] = *frame;
  r->frame[r->count].bytes =
    memcpy(r->bytes + r->used, frame->bytes, frame->captured);
  r->used += frame->captured;
  r->count++;
  return 0;
}

/* --- one run --- */

static void make_tracker(run *r) {
  tcpflow_tracker_config config;
  tcpflow_conn_callbacks callbacks;
  const tcpflow_mem mem = memory_of(&r->mem);

  tcpflow_tracker_config_init(&config);
  config.max_flows = UINT64_C(1) << 24;
  tcpflow_conn_callbacks_init(&callbacks);
  r->k.listen(&callbacks);
  must(tcpflow_tracker_new(&r->k.tracker, &config, &callbacks, &mem,
                           &r->found) == TCPFLOW_OK,
       "no tracker");
  r->empty = r->mem.used;
}

static void drop_tracker(run *r) {
  tcpflow_tracker_stats stats;

  tcpflow_tracker_stats_init(&stats);
  must(tcpflow_tracker_get_stats(r->k.tracker, &stats) == TCPFLOW_OK,
       "no figures");
  for (size_t i = 0; i < TCPFLOW_PHASE_ROOM; i++) {
    r->flows += stats.flows_in_phase[i];
  }
  r->flow_memory = r->mem.used - r->empty;
  tcpflow_tracker_del(r->k.tracker);
}

static void run_once(run *r, const char *workload, size_t packets) {
  r->found = (finding){0};
  r->k.found = &r->found;
  if (r->k.listen != NULL) {
    make_tracker(r);
  }
  must(workload_make(workload, packets, take_frame, r) == 0,
       "no such workload, or no memory");
  flush_stretch(r);
  if (r->k.listen != NULL) {
    drop_tracker(r);
  }
}

/* --- several --- */

static run fresh_run(const row *out, const kernel *k) {
  static uint8_t bytes[STRETCH];
  static tcpflow_frame frames[FRAMES];

  return (run){.k = *k, .batch = out->batch, .bytes = bytes, .frame = frames};
}

static int compare_times(const void *a, const void *b) {
  const uint32_t x = *(const uint32_t *)a;
  const uint32_t y = *(const uint32_t *)b;

  return (x > y) - (x < y);
}

/* Puts a call among the slowest, the slowest first. */
static void note_slow(spread *s, uint32_t time, size_t number) {
  uint64_t call = (uint64_t)time << 32 | (uint32_t)number;

  for (size_t i = 0; i < SLOW_CALLS; i++) {
    const uint64_t other = s->slow[i];
    if (call > other) {
      s->slow[i] = call;
      call = other;
    }
  }
}

/* Sorts the times. */
static void spread_calls(spread *s, uint32_t *call, size_t calls) {
  *s = (spread){.calls = calls};
  for (size_t i = 0; i < calls; i++) {
    note_slow(s, call[i], i);
    s->too_slow += call[i] > TOO_SLOW;
  }
  qsort(call, calls, sizeof(*call), compare_times);
  s->middle = call[(calls - 1) / 2];
  s->p99 = call[calls - 1 - calls / 100];
  s->p9999 = call[calls - 1 - calls / 10000];
}

static double look_for_slowest(row *out, const kernel *k, const options *o) {
  const size_t most = out->last.opened + out->last.fed + 2 * FRAMES;
  uint32_t *const call = calloc(most, sizeof(*call));
  size_t calls = 0;

  must(call != NULL, "no memory");
  for (int i = 0; i < LATENCY_RUNS; i++) {
    run r = fresh_run(out, k);
    r.call = call;
    r.first = i == 0;
    run_once(&r, out->workload, o->packets);
    calls = r.calls;
  }
  spread_calls(&out->calls, call, calls);
  free(call);
  return (double)(out->calls.slow[0] >> 32);
}

static void fill_row(row *out, const kernel *k, const options *o) {
  for (unsigned i = 0; i < o->runs; i++) {
    run r = fresh_run(out, k);
    run_once(&r, out->workload, o->packets);
    must(r.fed > 0, "no packets");
    for (size_t c = 0; c < COUNTERS; c++) {
      out->figure[c][i] = (double)r.total[c] / (double)r.fed;
    }
    out->opening[i] =
      r.opened == 0 ? 0 : (double)r.opening[COUNTER_NS] / (double)r.opened;
    out->last = r;
  }
  out->slowest_ns =
    k->listen == NULL || o->runs == 1 ? -1 : look_for_slowest(out, k, o);
}

static int compare(const void *a, const void *b) {
  const double x = *(const double *)a;
  const double y = *(const double *)b;

  return (x > y) - (x < y);
}

static double median(double *figure, unsigned runs) {
  qsort(figure, runs, sizeof(*figure), compare);
  return figure[(runs - 1) / 2];
}

/* --- telling --- */

static double flow_octets(const row *r) {
  return r->last.flows < FEW
           ? 0
           : (double)r->last.flow_memory / (double)r->last.flows;
}

static void print_head(void) {
  printf("%-28s %-9s %5s %8s %8s %6s %6s %6s %7s %9s %9s\n", "workload", "what",
         "batch", "ns", "least", "instr", "misses", "open", "a flow", "peak kB",
         "slowest");
}

/* Where nothing was counted: a dash. */
static void print_cell(int width, double value, const char *unit) {
  if (value <= 0) {
    printf(" %*s", width, "-");
  } else {
    printf(" %*.*f%s", width - (int)strlen(unit), value < 10 ? 1 : 0, value,
           unit);
  }
}

static void print_row(row *r, unsigned runs) {
  printf("%-28s %-9s %5zu", r->workload, r->kernel, r->batch);
  print_cell(8, median(r->figure[COUNTER_NS], runs), "");
  print_cell(8, r->figure[COUNTER_NS][0], "");
  print_cell(6, median(r->figure[COUNTER_INSTRUCTIONS], runs), "");
  print_cell(6, median(r->figure[COUNTER_MISSES], runs), "");
  print_cell(6, median(r->opening, runs), "");
  print_cell(7, flow_octets(r), "");
  print_cell(9, (double)r->last.mem.peak / 1024, "");
  print_cell(9, r->slowest_ns / 1000, "us");
  printf("\n");
}

static void print_spread(const spread *s) {
  printf(
    "   \"calls\": {\"calls\": %zu, \"above_%d_ns\": %zu, \"middle_ns\": %" PRIu32
    ", \"p99_ns\": %" PRIu32 ", \"p9999_ns\": %" PRIu32 ",\n    \"slowest\": [",
    s->calls, TOO_SLOW, s->too_slow, s->middle, s->p99, s->p9999);
  for (size_t i = 0; i < SLOW_CALLS; i++) {
    printf("%s{\"call\": %" PRIu32 ", \"ns\": %" PRIu32 "}", i == 0 ? "" : ", ",
           (uint32_t)(s->slow[i] & UINT32_MAX), (uint32_t)(s->slow[i] >> 32));
  }
  printf("]},\n");
}

static void print_json(row *r, unsigned runs) {
  static const char *before = "";

  printf("%s\n  {\"workload\": \"%s\", \"what\": \"%s\", \"batch\": %zu,"
         " \"packets\": %" PRIu64 ",\n   \"ns\": %.1f",
         before, r->workload, r->kernel, r->batch, r->last.fed,
         median(r->figure[COUNTER_NS], runs));
  printf(", \"ns_least\": %.1f, \"ns_most\": %.1f, \"ns_opening\": %.1f",
         r->figure[COUNTER_NS][0], r->figure[COUNTER_NS][runs - 1],
         median(r->opening, runs));
  printf(", \"instructions\": %.0f, \"cache_misses\": %.2f,\n",
         median(r->figure[COUNTER_INSTRUCTIONS], runs),
         median(r->figure[COUNTER_MISSES], runs));
  printf("   \"flows\": %" PRIu64 ", \"octets_a_flow\": %.1f,"
         " \"peak_memory\": %" PRIu64 ", \"slowest_call_ns\": %.0f,\n",
         r->last.flows, flow_octets(r), r->last.mem.peak, r->slowest_ns);
  if (r->calls.calls != 0) {
    print_spread(&r->calls);
  }
  printf("   \"connections\": %" PRIu64 ", \"octets\": %" PRIu64
         ", \"gaps\": %" PRIu64 ", \"sum\": %" PRIu64 "}",
         r->last.found.connections, r->last.found.octets, r->last.found.gaps,
         r->last.found.sum);
  before = ",";
}

/* The machine, in the words of its processor. */
static void read_machine(char *text, size_t size) {
  FILE *const info = fopen("/proc/cpuinfo", "r");
  char line[256];

  snprintf(text, size, "unknown");
  while (info != NULL && fgets(line, sizeof(line), info) != NULL) {
    if (strncmp(line, "model name", 10) == 0 && strchr(line, ':') != NULL) {
      line[strcspn(line, "\n\"\\")] = '\0';
      snprintf(text, size, "%s", strchr(line, ':') + 2);
      break;
    }
  }
  if (info != NULL) {
    (void)fclose(info);
  }
}

static void print_machine(const options *o, int counted) {
  char machine[200];
  const char *const counts =
    counted ? "counted by the processor" : "not counted on this machine";

  read_machine(machine, sizeof(machine));
  if (o->json) {
    printf("{\"machine\": \"%s\", \"processors\": %ld, \"compiler\": \"%s\",\n"
           " \"counters\": \"%s\", \"runs\": %u, \"results\": [",
           machine, sysconf(_SC_NPROCESSORS_ONLN), __VERSION__, counts,
           o->runs);
  } else {
    printf("%s, %ld processors; compiler %s; %u runs\n"
           "instructions and cache misses: %s\n\n",
           machine, sysconf(_SC_NPROCESSORS_ONLN), __VERSION__, o->runs,
           counts);
    print_head();
  }
}

/* --- what is asked for --- */

/* Is NAME in a list with commas?  An empty list has all. */
static int listed(const char *list, const char *name) {
  const size_t length = strlen(name);

  if (*list == '\0') {
    return 1;
  }
  while (*list != '\0') {
    const size_t word = strcspn(list, ",");
    if (word == length && strncmp(list, name, length) == 0) {
      return 1;
    }
    list += word + (list[word] == ',');
  }
  return 0;
}

static void measure(const options *o, const char *workload, const kernel *k,
                    size_t batch) {
  row *const out = calloc(1, sizeof(*out));

  must(out != NULL, "no memory");
  out->workload = workload;
  out->kernel = k->name;
  out->batch = batch;
  fill_row(out, k, o);
  if (o->json) {
    print_json(out, o->runs);
  } else {
    print_row(out, o->runs);
  }
  fflush(stdout);
  free(out);
}

/* Without a tracker there is no batch. */
static void measure_batches(const options *o, const char *workload,
                            const kernel *k) {
  const char *list = o->batches;
  char *behind;

  do {
    const unsigned long batch = strtoul(list, &behind, 10);
    must(behind != list && batch > 0 && batch <= FRAMES, "what batch?");
    measure(o, workload, k, k->listen == NULL ? FRAMES : batch);
    list = behind + (*behind == ',');
  } while (*list != '\0' && k->listen != NULL);
}

static void read_options(options *o, int argc, char **argv) {
  int letter;

  while ((letter = getopt(argc, argv, "jn:r:b:k:")) != -1) {
    switch (letter) {
    case 'j':
      o->json = 1;
      break;
    case 'n':
      o->packets = strtoul(optarg, NULL, 10);
      break;
    case 'r':
      o->runs = (unsigned)strtoul(optarg, NULL, 10);
      break;
    case 'b':
      o->batches = optarg;
      break;
    case 'k':
      o->kernels = optarg;
      break;
    default:
      optind = argc;
      return;
    }
  }
}

int main(int argc, char **argv) {
  options o = {1000000, 5, 0, "", "32,1"};

  read_options(&o, argc, argv);
  if (optind >= argc || o.runs < 1 || o.runs > MOST_RUNS || o.packets < 1) {
    fprintf(stderr,
            "usage: cost [-j] [-n PACKETS] [-r RUNS] [-b BATCH,...]"
            " [-k KERNEL,...] WORKLOAD...\n%s",
            workload_names);
    return EXIT_FAILURE;
  }
  print_machine(&o, counters_open());
  for (int i = optind; i < argc; i++) {
    for (const kernel *k = kernels; k->name != NULL; k++) {
      if (listed(o.kernels, k->name)) {
        measure_batches(&o, argv[i], k);
      }
    }
  }
  printf("%s", o.json ? "\n]}\n" : "");
  return EXIT_SUCCESS;
}
