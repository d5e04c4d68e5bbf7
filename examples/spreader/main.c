/*
 * examples/spreader/main.c - `spread`: a capture or an interface over several
 * trackers, and what they did as one.
 */
#include "common.h"
#include "live.h"
#include "report.h"
#include "splitter.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char program[] = "spread";

static const char help[] =
  "usage: spread [options] FILE|-\n"
  "       spread [options] --interface NAME\n"
  "Follows the TCP connections of a capture, of tcpdump text, or of an\n"
  "interface in several threads, and prints the sum of what they did.\n"
  "  --workers N   trackers, a thread each; if not told, as many as processors;\n"
  "                0: one tracker and no thread at all, for a file\n"
  "  --preload     reads all frames before the workers begin\n"
  "  --time        prints how long it took, too\n"
  "  --fanout      the kernel spreads the frames of the interface (Linux)\n"
  "  --seconds N   ends after so long; if not told, when a signal comes\n"
  "  --help, --version\n";

enum {
  BATCHES = 16 /* On their way to a worker at a time. */
};

typedef struct options {
  unsigned workers;
  int preload;
  int time;
  int fanout;
  unsigned seconds;
  const char *interface;
  const char *name; /* Of the file. */
} options;

typedef struct job {
  const options *wanted;
  worker *workers;
  splitter *splitter; /* NULL: frames go to the only worker, or the kernel
                         spreads them. */
  uint8_t key[16];
  double start;
  double stop;
} job;

static double clock_seconds(void) {
  struct timespec now = {0};

  (void)clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Who sends the packets must not know it, or could have one worker do all the
   work.  The result does not depend on it. */
static void draw_key(uint8_t key[16]) {
  FILE *const random = fopen("/dev/urandom", "rb");

  if (random != NULL) {
    (void)!fread(key, 1, 16, random);
    (void)fclose(random);
  }
}

/* --- threads --- */

static unsigned worker_count(const options *wanted) {
  return wanted->workers > 0 ? wanted->workers : 1;
}

static int open_workers(job *j) {
  const unsigned count = worker_count(j->wanted);
  const size_t limit = j->wanted->preload ? SIZE_MAX : BATCHES;

  j->workers = calloc(count, sizeof(*j->workers));
  for (unsigned i = 0; j->workers != NULL && i < count; i++) {
    if (!worker_open(&j->workers[i], j->key, limit)) {
      return 0;
    }
  }
  return j->workers != NULL;
}

static void close_workers(job *j) {
  for (unsigned i = 0; j->workers != NULL && i < worker_count(j->wanted); i++) {
    worker_close(&j->workers[i]);
  }
  free(j->workers);
}

/* The threads that could be begun; fewer than all: no more of them. */
static unsigned start_workers(job *j, void *(*body)(void *)) {
  unsigned begun = 0;

  j->start = clock_seconds();
  while (begun < j->wanted->workers && worker_start(&j->workers[begun], body)) {
    begun++;
  }
  return begun;
}

/* Waits for the threads; 0: one of them failed, which is said. */
static int join_workers(job *j, unsigned begun) {
  int good = begun == j->wanted->workers;

  if (!good) {
    complain(program, "threads", "not as many as asked for");
  }
  for (unsigned i = 0; i < begun; i++) {
    pthread_join(j->workers[i].thread, NULL);
  }
  j->stop = clock_seconds();
  for (unsigned i = 0; good && i < worker_count(j->wanted); i++) {
    if (j->workers[i].error != TCPFLOW_OK) {
      complain(program, "a tracker", tcpflow_strerror(j->workers[i].error));
      good = 0;
    }
  }
  return good;
}

static void finish_workers(job *j) {
  for (unsigned i = 0; i < j->wanted->workers; i++) {
    worker_finish(&j->workers[i], splitter_now(j->splitter));
  }
}

/* --- where frames come from --- */

static int spread_live(void *user, const tcpflow_frame *frame) {
  job *const j = user;

  if (frame != NULL) {
    return splitter_feed(j->splitter, frame);
  }
  for (unsigned i = 0; i < j->wanted->workers; i++) {
    worker_push(&j->workers[i]);
  }
  return 1;
}

static int spread_file(job *j, source *from) {
  tcpflow_frame frame;
  int more;

  while ((more = source_next(from, &frame)) > 0) {
    if (!splitter_feed(j->splitter, &frame)) {
      complain(program, j->wanted->name, tcpflow_strerror(TCPFLOW_ERR_NOMEM));
      return 0;
    }
  }
  return more == 0 && source_broken_lines(from) == 0;
}

static int spread_input(job *j, source *from) {
  return from != NULL
           ? spread_file(j, from)
           : live_read(program, j->wanted->interface, spread_live, j);
}

/* A reader and workers.  With all frames in memory the workers begin when
   everything is there. */
static int run_threads(job *j, source *from) {
  unsigned begun = 0;
  int good;

  j->splitter = splitter_new(j->workers, j->wanted->workers, j->key);
  if (j->splitter == NULL) {
    complain(program, "memory", tcpflow_strerror(TCPFLOW_ERR_NOMEM));
    return 0;
  }
  if (!j->wanted->preload) {
    begun = start_workers(j, worker_follow);
  }
  good = (j->wanted->preload || begun == j->wanted->workers) &&
         spread_input(j, from);
  finish_workers(j);
  if (j->wanted->preload) {
    begun = start_workers(j, worker_follow);
  }
  return join_workers(j, begun) && good;
}

/* The kernel in place of the reader. */
static int run_fanout(job *j) {
  int good =
    fanout_open(program, j->wanted->interface, j->workers, j->wanted->workers);

  if (good) {
    good = join_workers(j, start_workers(j, fanout_follow));
  }
  fanout_close(j->workers, j->wanted->workers);
  return good;
}

/* One tracker, to which the others are held. */
static int run_alone(job *j, source *from) {
  worker *const only = &j->workers[0];
  tcpflow_time end = 0;
  tcpflow_frame frame;
  int more;

  j->start = clock_seconds();
  while ((more = source_next(from, &frame)) > 0) {
    worker_feed(only, &frame, 1);
    end = frame.time > end ? frame.time : end;
  }
  worker_end(only, end);
  return join_workers(j, 0) && more == 0 && source_broken_lines(from) == 0;
}

static int run(job *j, source *from) {
  if (!open_workers(j)) {
    complain(program, "memory", tcpflow_strerror(TCPFLOW_ERR_NOMEM));
    return 0;
  }
  if (j->wanted->workers == 0) {
    return run_alone(j, from);
  }
  return j->wanted->fanout ? run_fanout(j) : run_threads(j, from);
}

static void report(const job *j) {
  const unsigned count = worker_count(j->wanted);
  uint64_t frames = 0;

  report_sum(j->workers, count,
             j->splitter == NULL ? NULL : splitter_stats(j->splitter));
  for (unsigned i = 0; i < count; i++) {
    frames += j->workers[i].frames;
  }
  if (j->wanted->time) {
    report_time(j->workers, count, frames, j->stop - j->start);
  }
}

/* --- main --- */

static void usage(FILE *out, int status) {
  fputs(help, out);
  exit(status);
}

/* A whole number within limits. */
static unsigned number(const char *text, unsigned most) {
  char *end;
  const unsigned long value = strtoul(text, &end, 10);

  if (text[0] < '0' || text[0] > '9' || *end != '\0' || value > most) {
    usage(stderr, 2);
  }
  return (unsigned)value;
}

static void take_option(options *wanted, int option, const char *value) {
  switch (option) {
  case 'w':
    wanted->workers = number(value, WORKERS_MOST);
    break;
  case 'p':
    wanted->preload = 1;
    break;
  case 't':
    wanted->time = 1;
    break;
  case 'f':
    wanted->fanout = 1;
    break;
  case 's':
    wanted->seconds = number(value, 1U << 30);
    break;
  case 'i':
    wanted->interface = value;
    break;
  case 'h':
    usage(stdout, EXIT_SUCCESS);
    break;
  case 'V':
    printf("%s, libtcpflow %s\n", program, tcpflow_version(NULL));
    exit(EXIT_SUCCESS);
  default:
    usage(stderr, 2);
  }
}

static void read_arguments(options *wanted, int argc, char **argv) {
  static const struct option names[] = {
    {"workers", required_argument, NULL, 'w'},
    {"preload", no_argument, NULL, 'p'},
    {"time", no_argument, NULL, 't'},
    {"fanout", no_argument, NULL, 'f'},
    {"seconds", required_argument, NULL, 's'},
    {"interface", required_argument, NULL, 'i'},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0}};

  for (int c; (c = getopt_long(argc, argv, "", names, NULL)) != -1;) {
    take_option(wanted, c, optarg);
  }
  if (optind + (wanted->interface == NULL) != argc) {
    usage(stderr, 2);
  }
  if (wanted->interface == NULL ? wanted->fanout || wanted->seconds > 0
                                : wanted->workers == 0 || wanted->preload) {
    usage(stderr, 2);
  }
  wanted->name = argv[optind];
}

int main(int argc, char **argv) {
  const long processors = sysconf(_SC_NPROCESSORS_ONLN);
  options wanted = {.workers = processors < 1 ? 1
                               : processors > WORKERS_MOST
                                 ? WORKERS_MOST
                                 : (unsigned)processors};
  job j = {.wanted = &wanted};
  source *from = NULL;
  int done = 0;

  read_arguments(&wanted, argc, argv);
  draw_key(j.key);
  if (wanted.interface != NULL) {
    live_begin(wanted.seconds);
  } else {
    from = source_open(program, wanted.name);
  }
  if (from != NULL || wanted.interface != NULL) {
    done = run(&j, from);
    if (done) {
      report(&j);
    }
  }
  splitter_del(j.splitter);
  close_workers(&j);
  source_close(from);
  return finish_output(program) && done ? EXIT_SUCCESS : EXIT_FAILURE;
}
