/*
 * tests/script/run_flow.c - runs .flow scripts: packets in, events out.
 *
 *   run_flow [--update] [--resume] [--pull] [--general] [--asleep]
 *            [--pcap FILE] [SCRIPT...]
 *
 * A script is its packets with the events that each must bring, indented, below
 * it; README.md describes it.  The runner copies a script, with the events that
 * the library told in place of those that stand there.  A script passes if the
 * copy is the script.  --update replaces the script by the copy; --pcap writes
 * the packets of one script to a capture; --resume saves the tracker before
 * each step and goes on with another one, which must not show; --pull takes the
 * events out of a queue behind each step, which must not show either; --general
 * lets no segment take the short way of those that are expected, likewise;
 * --asleep puts all connections that may sleep to sleep before each step,
 * likewise.
 * Without a script: all in $srcdir/script, in each of these ways.
 */
#include <glob.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "script/flow_log.h"
#include "script/flow_packet.h"
#include "track/tracker.h"
#include "unit/sink.h"
#include "unit/track/sleepers.h"

#include <tcpflow/queue.h>
#include <tcpflow/text.h>

/* A script that is running. */
typedef struct run {
  const char *path;
  int line; /* From 1. */
  flow_ends ends;
  tcpflow_tracker_config config;
  tcpflow_conn_config conn_config;
  tcpflow_tracker *tracker; /* NULL until the first step. */
  flow_log log;
  tcpflow_time clock; /* Of absolute times. */
  tcpflow_time now;
  uint64_t packets;
  FILE *pcap; /* NULL: not wanted. */
  bool resumes;
  bool pulls;
  bool general;
  bool asleep;
  bool keeps;           /* Which only a callback can. */
  tcpflow_queue *queue; /* Where the tracker tells, if it pulls. */
} run;

static bool complain(const run *r, const char *problem) {
  fprintf(stderr, "%s:%d: %s\n", r->path, r->line, problem);
  return false;
}

/* --- Times and settings --------------------------------------------------- */

/* Reads seconds with up to nine decimals; *end is behind them. */
static bool read_seconds(const char *text, tcpflow_time *ns, const char **end) {
  char *rest;
  const uint64_t seconds = strtoull(text, &rest, 10);
  uint64_t unit = TCPFLOW_SECOND;

  if (rest == text || *text == '-') {
    return false;
  }
  *ns = seconds * TCPFLOW_SECOND;
  if (*rest == '.') {
    for (rest++; *rest >= '0' && *rest <= '9' && unit > 1; rest++) {
      unit /= 10;
      *ns += (uint64_t)(*rest - '0') * unit;
    }
  }
  *end = rest;
  return true;
}

/* A tcpflow_phase by its name; TCPFLOW_PHASE_COUNT: there is none. */
static unsigned flow_phase_read(const char *name) {
  unsigned phase = 0;

  while (phase < TCPFLOW_PHASE_COUNT &&
         strcmp(name, tcpflow_phase_name((tcpflow_phase)phase)) != 0) {
    phase++;
  }
  return phase;
}

/* One phase, or `all` that have a timeout. */
static unsigned timed_phases_read(const char *name) {
  return strcmp(name, "all") == 0 ? TCPFLOW_PHASE_ALL : flow_phase_read(name);
}

/* `client ADDRESS.PORT [isn N]`, `server ...`. */
static bool set_end(run *r, tcpflow_side side, const char *value) {
  char endpoint[64];
  uint32_t isn = r->ends.isn[side];
  const int read = sscanf(value, "%63s isn %" SCNu32, endpoint, &isn);

  r->ends.isn[side] = isn;
  return read >= 1 && flow_endpoint_read(&r->ends.tuple, side, endpoint);
}

/* A member of tcpflow_conn_config. */
static bool set_conn_config(run *r, const char *name, tcpflow_time value) {
  if (strcmp(name, "strict_paws") == 0) {
    r->conn_config.strict |= value != 0 ? (unsigned)TCPFLOW_STRICT_PAWS : 0;
  } else if (strcmp(name, "strict_ack") == 0) {
    r->conn_config.strict |= value != 0 ? (unsigned)TCPFLOW_STRICT_ACK : 0;
  } else if (strcmp(name, "strict_window") == 0) {
    r->conn_config.strict |= value != 0 ? (unsigned)TCPFLOW_STRICT_WINDOW : 0;
  } else if (strcmp(name, "reset_linger") == 0) {
    r->conn_config.reset_linger_ns = value;
  } else if (strcmp(name, "max_held_bytes") == 0) {
    r->conn_config.max_held_bytes = value / TCPFLOW_SECOND;
  } else if (strcmp(name, "gap_grace") == 0) {
    r->conn_config.gap_grace_ns = value;
  } else if (strcmp(name, "hole_timeout") == 0) {
    r->conn_config.hole_timeout_ns = value;
  } else if (strcmp(name, "max_tail_bytes") == 0) {
    r->conn_config.max_tail_bytes = value / TCPFLOW_SECOND;
  } else if (strcmp(name, "max_tail_digests") == 0) {
    r->conn_config.max_tail_digests = value / TCPFLOW_SECOND;
  } else {
    return false;
  }
  return true;
}

/* By its name. */
static bool set_rst_policy(run *r, const char *value) {
  for (unsigned i = 0; i <= TCPFLOW_RST_ANY; i++) {
    if (strcmp(value, tcpflow_rst_policy_name((tcpflow_rst_policy)i)) == 0) {
      r->conn_config.rst_policy = i;
      return true;
    }
  }
  return false;
}

static bool set_overlap(run *r, const char *value) {
  for (unsigned i = 0; i < TCPFLOW_OVERLAP_COUNT; i++) {
    if (strcmp(value, tcpflow_overlap_name((tcpflow_overlap)i)) == 0) {
      r->conn_config.overlap = i;
      return true;
    }
  }
  return false;
}

static bool set_urgent_policy(run *r, const char *value) {
  for (unsigned i = 0; i <= TCPFLOW_URGENT_OUT_OF_BAND; i++) {
    if (strcmp(value, tcpflow_urgent_policy_name((tcpflow_urgent_policy)i)) ==
        0) {
      r->conn_config.urgent_policy = i;
      return true;
    }
  }
  return false;
}

static bool set_delivery(run *r, const char *value) {
  for (unsigned i = 0; i <= TCPFLOW_DELIVERY_ACKED; i++) {
    if (strcmp(value, tcpflow_delivery_name((tcpflow_delivery)i)) == 0) {
      r->conn_config.delivery = i;
      return true;
    }
  }
  return false;
}

/* `set NAME VALUE`: a member of tcpflow_tracker_config; times in seconds. */
static bool set_config(run *r, const char *name, const char *value) {
  static const struct {
    const char *name;
    bool (*set)(run *r, const char *value);
  } words[] = {
    {"rst_policy", set_rst_policy},
    {"overlap", set_overlap},
    {"urgent_policy", set_urgent_policy},
    {"delivery", set_delivery},
  };
  const char *end;
  tcpflow_time time;

  for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
    if (strcmp(name, words[i].name) == 0) {
      return words[i].set(r, value);
    }
  }
  if (strcmp(value, "never") == 0) {
    time = TCPFLOW_TIME_NONE;
  } else if (!read_seconds(value, &time, &end)) {
    return false;
  }
  if (strncmp(name, "timeout_", 8) == 0) {
    const unsigned phase = flow_phase_read(name + 8);
    if (phase == TCPFLOW_PHASE_COUNT) {
      return false;
    }
    r->config.timeout_ns[phase] = time;
  } else if (strcmp(name, "max_flows") == 0) {
    r->config.max_flows = time / TCPFLOW_SECOND;
  } else if (strcmp(name, "verify_checksums") == 0) {
    r->config.verify_checksums = time != 0;
  } else if (strcmp(name, "keep") == 0) {
    r->log.keeps = r->pulls ? 0 : (size_t)(time / TCPFLOW_SECOND);
    r->keeps = true;
  } else {
    return set_conn_config(r, name, time);
  }
  return true;
}

/* What the log tells beside what happens. */
static bool set_show(flow_log *log, const char *what) {
  if (strcmp(what, "segments") == 0) {
    log->segments = true;
  } else if (strcmp(what, "facts") == 0) {
    log->facts = true;
  } else if (strcmp(what, "proofs") == 0) {
    log->proofs = true;
  } else {
    return false;
  }
  return true;
}

/* A line that is neither packet nor comment. */
static bool setting(run *r, const char *text) {
  char name[32];
  char value[32];
  const char *end;

  if (r->tracker != NULL) {
    return complain(r, "settings stand before the first packet");
  }
  if (strncmp(text, "client ", 7) == 0) {
    return set_end(r, TCPFLOW_SIDE_CLIENT, text + 7) ||
           complain(r, "client ADDRESS.PORT [isn N]");
  }
  if (strncmp(text, "server ", 7) == 0) {
    return set_end(r, TCPFLOW_SIDE_SERVER, text + 7) ||
           complain(r, "server ADDRESS.PORT [isn N]");
  }
  if (strncmp(text, "clock ", 6) == 0) {
    return read_seconds(text + 6, &r->clock, &end) ||
           complain(r, "clock SECONDS");
  }
  if (strncmp(text, "show ", 5) == 0) {
    return set_show(&r->log, text + 5) ||
           complain(r, "show segments, show facts or show proofs");
  }
  if (sscanf(text, "set %31s %31s", name, value) == 2 &&
      set_config(r, name, value)) {
    return true;
  }
  return complain(r, "unknown setting");
}

/* --- Steps ---------------------------------------------------------------- */

/* Appends a packet to the capture: raw IP, nanoseconds, native byte order. */
static void write_pcap(FILE *pcap, const tcpflow_frame *frame) {
  const uint32_t record[4] = {(uint32_t)(frame->time / TCPFLOW_SECOND),
                              (uint32_t)(frame->time % TCPFLOW_SECOND),
                              frame->captured, frame->length};

  fwrite(record, sizeof(record), 1, pcap);
  fwrite(frame->bytes, 1, frame->captured, pcap);
}

static void write_pcap_header(FILE *pcap) {
  const uint32_t magic = UINT32_C(0xa1b23c4d);
  const uint16_t version[2] = {2, 4};
  const uint32_t rest[4] = {0, 0, FLOW_FRAME_MAX, TCPFLOW_LINK_RAW};

  fwrite(&magic, sizeof(magic), 1, pcap);
  fwrite(version, sizeof(version), 1, pcap);
  fwrite(rest, sizeof(rest), 1, pcap);
}

static bool feed(run *r, tcpflow_side sender, const char *text) {
  static flow_packet packet; /* Large, and one at a time. */
  const char *problem = flow_packet_read(&packet, &r->ends, sender, text);

  if (problem != NULL) {
    return complain(r, problem);
  }
  r->packets++;
  packet.frame.time = r->now;
  packet.frame.number = r->packets;
  r->log.quoted = r->log.quoted || packet.quoted;
  if (r->pcap != NULL) {
    write_pcap(r->pcap, &packet.frame);
  }
  return tcpflow_tracker_feed(r->tracker, &packet.frame, 1, NULL) == 0 ||
         complain(r, "tcpflow_tracker_feed() failed");
}

/* `do ...`: a call for the oldest connection. */
static bool call(run *r, const char *text) {
  tcpflow_conn *const conn = tcpflow_tracker_next(r->tracker, NULL);
  char what[16] = "";
  char who[16] = "";
  uint64_t number = 0;

  if (conn == NULL ||
      sscanf(text, "%15s %15s %" SCNu64, what, who, &number) < 1) {
    return complain(r, "no connection, or no call");
  }
  const tcpflow_side side =
    strcmp(who, "server") == 0 ? TCPFLOW_SIDE_SERVER : TCPFLOW_SIDE_CLIENT;
  if (strcmp(what, "ignore") == 0) {
    tcpflow_conn_ignore(conn);
    return true;
  }
  if (strcmp(what, "stop") == 0) {
    tcpflow_conn_stop_data(conn, side);
    return true;
  }
  if (strcmp(what, "end") == 0) {
    return tcpflow_conn_end(conn, r->now, TCPFLOW_END_CALLER) == 0;
  }
  if (strcmp(what, "timeout") == 0) {
    return tcpflow_conn_set_timeout(conn, timed_phases_read(who),
                                    number * TCPFLOW_SECOND) == 0;
  }
  return (strcmp(what, "skip") == 0 &&
          tcpflow_conn_skip(conn, side, number) == 0) ||
         complain(r, "do ignore, stop, skip, timeout or end");
}

/* Takes what the step brought. */
static bool drain(run *r) {
  const tcpflow_event *event = tcpflow_queue_next(r->queue);

  for (; event != NULL; event = tcpflow_queue_next(r->queue)) {
    if (flow_log_tell(&r->log, event) != 0) {
      return complain(r, "an event of an unknown kind");
    }
  }
  return tcpflow_queue_error(r->queue) == 0 || complain(r, "events were lost");
}

/* What stands behind the time of a step. */
static bool act(run *r, const char *action) {
  if (action[0] == '>' && action[1] == ' ') {
    return feed(r, TCPFLOW_SIDE_CLIENT, action + 2);
  }
  if (action[0] == '<' && action[1] == ' ') {
    return feed(r, TCPFLOW_SIDE_SERVER, action + 2);
  }
  if (strcmp(action, "advance") == 0) {
    return tcpflow_tracker_advance(r->tracker, r->now) == 0;
  }
  if (strcmp(action, "flush") == 0) {
    return tcpflow_tracker_flush(r->tracker) == 0;
  }
  if (strncmp(action, "do ", 3) == 0) {
    return call(r, action + 3);
  }
  return complain(r, "behind the time comes >, <, advance or flush");
}

static bool make_pulled_tracker(run *r) {
  return tcpflow_queue_new(&r->queue, TCPFLOW_EVENTS_ALL, 0, NULL) == 0 &&
         tcpflow_tracker_new(&r->tracker, &r->config,
                             tcpflow_queue_callbacks(r->queue), NULL,
                             r->queue) == 0;
}

static bool make_tracker(run *r) {
  tcpflow_conn_callbacks callbacks;

  flow_log_callbacks(&callbacks);
  if (tcpflow_tracker_new(&r->tracker, &r->config, &callbacks, NULL, &r->log) !=
      0) {
    return complain(r, "tcpflow_tracker_new() failed: are the settings right?");
  }
  if (r->general) {
    r->tracker->env.routine = false;
  }
  return true;
}

static bool start(run *r) {
  r->now = r->clock;
  if (r->pulls) {
    return make_pulled_tracker(r) || complain(r, "no tracker, or no queue");
  }
  return make_tracker(r);
}

/* Releases a tracker, and nobody listens. */
static bool del_tracker(run *r, tcpflow_tracker *tracker) {
  FILE *const out = r->log.out;

  r->log.out = fopen("/dev/null", "w");
  if (r->log.out == NULL) {
    return complain(r, "cannot open /dev/null");
  }
  tcpflow_tracker_del(tracker);
  fclose(r->log.out);
  r->log.out = out;
  return true;
}

/* Another tracker goes on. */
static bool resume(run *r) {
  tcpflow_tracker *const before = r->tracker;
  sink all = {0};
  bool good;

  if (tcpflow_tracker_save(before, sink_put, &all) != 0) {
    sink_clear(&all);
    return complain(r, "tcpflow_tracker_save() failed");
  }
  r->config.hash_key[0]++;
  good = make_tracker(r) &&
         (tcpflow_tracker_load(r->tracker, all.bytes, all.length) == 0 ||
          complain(r, "tcpflow_tracker_load() failed"));
  sink_clear(&all);
  return del_tracker(r, before) && good;
}

/* `TIME ACTION`; +TIME counts from the step before. */
static bool step(run *r, const char *text) {
  const bool relative = text[0] == '+';
  const char *rest;
  tcpflow_time time;

  if (r->tracker == NULL && !start(r)) {
    return false;
  }
  if (r->resumes && !resume(r)) {
    return false;
  }
  if (!read_seconds(text + relative, &time, &rest)) {
    return complain(r, "a step begins with a time");
  }
  r->now = time + (relative ? r->now : r->clock);
  if (r->asleep) {
    (void)sleepers_all(r->tracker);
  }
  return act(r, rest + strspn(rest, " ")) && (!r->pulls || drain(r));
}

/* --- Scripts -------------------------------------------------------------- */

/* Copies a line; a step is followed by what it brought. */
static bool copy_line(run *r, const char *text, FILE *copy) {
  if (text[0] == ' ' || text[0] == '\t') {
    return true; /* What the step above brought when it was last told. */
  }
  fprintf(copy, "%s\n", text);
  if (text[0] == '\0' || text[0] == '#') {
    return true;
  }
  if (text[0] == '+' || (text[0] >= '0' && text[0] <= '9')) {
    return step(r, text);
  }
  return setting(r, text);
}

/* Runs a script; the copy is complete if it answers true. */
static bool copy_script(run *r, FILE *script, FILE *copy) {
  char text[1024];
  bool good = true;

  r->log.out = copy;
  while (good && fgets(text, sizeof(text), script) != NULL) {
    text[strcspn(text, "\r\n")] = '\0';
    r->line++;
    good = copy_line(r, text, copy);
  }

  /* What a script does not flush is of no interest to it. */
  good = del_tracker(r, r->tracker) && good;
  tcpflow_queue_del(r->queue);
  return good;
}

/* The command line. */
typedef struct options {
  bool updating;
  bool resumes;
  bool pulls;
  bool general;
  bool asleep;
  FILE *pcap;
} options;

static void prepare(run *r, const char *path, const options *o) {
  memset(r, 0, sizeof(*r));
  r->path = path;
  r->pcap = o->pcap;
  r->resumes = o->resumes;
  r->pulls = o->pulls;
  r->general = o->general;
  r->asleep = o->asleep;
  r->ends.isn[0] = 1000;
  r->ends.isn[1] = 5000;
  (void)flow_endpoint_read(&r->ends.tuple, 0, "192.0.2.1.40000");
  (void)flow_endpoint_read(&r->ends.tuple, 1, "198.51.100.1.80");
  tcpflow_tracker_config_init(&r->config);
  tcpflow_conn_config_init(&r->conn_config);
  r->config.conn = &r->conn_config;
}

/* The length of the line at text. */
static int line_length(const char *text) {
  return (int)strcspn(text, "\n");
}

/* Says where two texts first differ. */
static void show_difference(const char *path, const char *script,
                            const char *copy) {
  int line = 1;
  int length = line_length(script);

  while (length == line_length(copy) && script[length] != '\0' &&
         memcmp(script, copy, (size_t)length + 1) == 0) {
    script += length + 1;
    copy += length + 1;
    line++;
    length = line_length(script);
  }
  fprintf(stderr, "%s:%d: events differ\n  script:  %.*s\n  library: %.*s\n",
          path, line, length, script, line_length(copy), copy);
}

/* The whole of a file; the caller frees it.  NULL if it cannot be read. */
static char *read_file(FILE *file) {
  char *text = NULL;
  size_t size = 0;

  rewind(file);
  return getdelim(&text, &size, '\0', file) < 0 ? NULL : text;
}

static bool update(const char *path, const char *copy) {
  FILE *file = fopen(path, "w");

  if (file == NULL || fputs(copy, file) < 0 || fclose(file) != 0) {
    perror(path);
    return false;
  }
  return true;
}

static bool run_script(const char *path, const options *o) {
  FILE *script = fopen(path, "r");
  char *copy_text = NULL;
  size_t copy_size = 0;
  FILE *copy = open_memstream(&copy_text, &copy_size);
  run r;

  if (script == NULL || copy == NULL) {
    perror(path);
    return false;
  }
  prepare(&r, path, o);
  bool good = copy_script(&r, script, copy);
  fclose(copy);

  char *script_text = read_file(script);
  fclose(script);
  if (good && script_text != NULL && !(r.pulls && r.keeps) &&
      strcmp(script_text, copy_text) != 0) {
    if (o->updating) {
      good = update(path, copy_text);
    } else {
      show_difference(path, script_text, copy_text);
      good = false;
    }
  }
  free(script_text);
  free(copy_text);
  return good;
}

static int run_found(const glob_t *found, const options *o) {
  int failed = 0;

  for (size_t i = 0; i < found->gl_pathc; i++) {
    failed += !run_script(found->gl_pathv[i], o);
  }
  return failed;
}

/* Without a script on the command line: all there are. */
static int run_all(void) {
  const options plain = {.updating = false};
  const options resumed = {.resumes = true};
  const options pulled = {.pulls = true};
  const options general = {.general = true};
  const options asleep = {.asleep = true};
  const char *srcdir = getenv("srcdir");
  char pattern[4096];
  glob_t found;
  int failed;
  int failed_resumed;
  int failed_pulled;
  int failed_general;
  int failed_asleep;

  snprintf(pattern, sizeof(pattern), "%s/script/*.flow",
           srcdir != NULL ? srcdir : ".");
  if (glob(pattern, 0, NULL, &found) != 0) {
    fprintf(stderr, "%s: no such file\n", pattern);
    return 1;
  }
  failed = run_found(&found, &plain);
  failed_resumed = run_found(&found, &resumed);
  failed_pulled = run_found(&found, &pulled);
  failed_general = run_found(&found, &general);
  failed_asleep = run_found(&found, &asleep);
  printf("%zu scripts, %d failed; %d with another tracker for each step, "
         "%d through a queue, %d without the short way, %d asleep\n",
         found.gl_pathc, failed, failed_resumed, failed_pulled, failed_general,
         failed_asleep);
  globfree(&found);
  return failed + failed_resumed + failed_pulled + failed_general +
           failed_asleep !=
         0;
}

static FILE *open_pcap(const char *path) {
  FILE *const pcap = fopen(path, "wb");

  if (pcap == NULL) {
    perror(path);
    exit(1);
  }
  write_pcap_header(pcap);
  return pcap;
}

int main(int argc, char **argv) {
  options o = {.updating = false};
  int failed = 0;

  if (argc == 1) {
    return run_all();
  }
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--update") == 0) {
      o.updating = true;
    } else if (strcmp(argv[i], "--resume") == 0) {
      o.resumes = true;
    } else if (strcmp(argv[i], "--pull") == 0) {
      o.pulls = true;
    } else if (strcmp(argv[i], "--general") == 0) {
      o.general = true;
    } else if (strcmp(argv[i], "--asleep") == 0) {
      o.asleep = true;
    } else if (strcmp(argv[i], "--pcap") == 0 && i + 1 < argc) {
      o.pcap = open_pcap(argv[++i]);
    } else {
      failed += !run_script(argv[i], &o);
    }
  }
  return (o.pcap != NULL && fclose(o.pcap) != 0) || failed != 0;
}
