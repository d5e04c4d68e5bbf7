/*
 * examples/events.c - everything that the library tells about a capture, one
 * JSON object a line.  doc/events.md describes them.
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common.h"
#include "events_json.h"

static const char program[] = "events";

static const char help[] =
  "usage: events [options] FILE|-\n"
  "Tells what happens to the TCP connections of a capture, or of tcpdump text,\n"
  "as JSON objects, one a line.\n"
  "  --segments          what each packet means, too\n"
  "  --bytes             the octets of the streams, in hexadecimal\n"
  "  --verify-checksums  packets with a wrong checksum have no effect\n"
  "  --max-flows N       follow at most N connections at a time\n"
  "  --linger SECONDS    how long late packets of an ended connection are known\n"
  "  --vlan              VLAN tags tell connections apart\n"
  "  --key HEX           secret of the flow table's hash, 32 digits\n"
  "  --help, --version\n";

typedef struct options {
  tcpflow_tracker_config tracker;
  int segments;
  int bytes;
  const char *name; /* Of the file. */
} options;

/* What the callbacks share. */
typedef struct sink {
  const tcpflow_text_reader *text; /* Knows host names; may be NULL. */
  uintptr_t connections;           /* Begun so far. */
  int bytes;                       /* Tell them, too. */
} sink;

/*
 * Writes a line and takes the object.  What stands in front of the event's own
 * members is written here: a time of day with nine decimals has more digits
 * than a double of jansson's keeps.
 */
static int tell(const tcpflow_conn *conn, const tcpflow_segment *cause,
                tcpflow_time time, const char *event, json_t *members) {
  char *const text = json_dumps(members, JSON_COMPACT | JSON_PRESERVE_ORDER);

  json_decref(members);
  if (text == NULL) {
    return -1; /* Out of memory. */
  }
  if (cause != NULL) {
    printf("{\"frame\":%" PRIu64, cause->number);
  } else {
    printf("{\"frame\":null");
  }
  printf(",\"time\":%" PRIu64 ".%09" PRIu64 ",\"conn\":%" PRIuPTR
         ",\"event\":\"%s\",%s\n",
         time / TCPFLOW_SECOND, time % TCPFLOW_SECOND,
         (uintptr_t)tcpflow_conn_data(conn), event, text + 1);
  free(text);
  return ferror(stdout);
}

/* A connection's number is what is attached to it. */
static int on_new(tcpflow_conn *conn, const tcpflow_new_event *event,
                  void *user) {
  sink *const to = user;

  tcpflow_conn_set_data(conn, (void *)to->connections);
  to->connections++;
  return tell(conn, event->cause, event->time, "new",
              events_json_new(event, to->text));
}

static int on_segment(tcpflow_conn *conn, const tcpflow_segment_event *event,
                      void *user) {
  (void)user;
  return tell(conn, event->segment, event->time, "segment",
              events_json_segment(event));
}

static int on_state(tcpflow_conn *conn, const tcpflow_state_event *event,
                    void *user) {
  (void)user;
  return tell(conn, event->cause, event->time, "state",
              events_json_state(event));
}

static int on_established(tcpflow_conn *conn,
                          const tcpflow_established_event *event, void *user) {
  (void)user;
  return tell(conn, event->cause, event->time, "established",
              events_json_established(event));
}

static int on_data(tcpflow_conn *conn, const tcpflow_data_event *event,
                   void *user) {
  return tell(conn, event->cause, event->time, "data",
              events_json_data(event, ((const sink *)user)->bytes));
}

static int on_gap(tcpflow_conn *conn, const tcpflow_gap_event *event,
                  void *user) {
  (void)user;
  return tell(conn, event->cause, event->time, "gap", events_json_gap(event));
}

static int on_anomaly(tcpflow_conn *conn, const tcpflow_anomaly_event *event,
                      void *user) {
  (void)user;
  return tell(conn, event->cause, event->time, "anomaly",
              events_json_anomaly(event));
}

static int on_end(tcpflow_conn *conn, const tcpflow_end_event *event,
                  void *user) {
  (void)user;
  return tell(conn, event->cause, event->time, "end", events_json_end(event));
}

static tcpflow_conn_callbacks callbacks_for(const options *wanted) {
  tcpflow_conn_callbacks callbacks;

  tcpflow_conn_callbacks_init(&callbacks);
  callbacks.on_new = on_new;
  callbacks.on_segment = wanted->segments ? on_segment : NULL;
  callbacks.on_state = on_state;
  callbacks.on_established = on_established;
  callbacks.on_data = on_data;
  callbacks.on_gap = on_gap;
  callbacks.on_anomaly = on_anomaly;
  callbacks.on_end = on_end;
  return callbacks;
}

/* What came before a damage is told, and so is the end of what was open. */
static int tell_all(const options *wanted, source *from) {
  const tcpflow_conn_callbacks callbacks = callbacks_for(wanted);
  sink to = {.text = source_text(from), .bytes = wanted->bytes};
  tcpflow_tracker *tracker = NULL;
  tcpflow_frame frame;
  int more = 0;

  int error =
    tcpflow_tracker_new(&tracker, &wanted->tracker, &callbacks, NULL, &to);
  while (error == TCPFLOW_OK && (more = source_next(from, &frame)) > 0) {
    error = tcpflow_tracker_feed(tracker, &frame, 1, NULL);
  }
  if (error == TCPFLOW_OK) {
    error = tcpflow_tracker_flush(tracker);
  }
  if (error == TCPFLOW_ERR_CALLBACK && !ferror(stdout)) {
    error = TCPFLOW_ERR_NOMEM; /* jansson's. */
  }
  if (error != TCPFLOW_OK && error != TCPFLOW_ERR_CALLBACK) {
    complain(program, wanted->name, tcpflow_strerror(error));
  }
  tcpflow_tracker_del(tracker);
  return error == TCPFLOW_OK && more == 0;
}

static void usage(FILE *out, int status) {
  fputs(help, out);
  exit(status);
}

/* A whole number within limits. */
static uint64_t number(const char *text, uint64_t least, uint64_t most) {
  char *end;
  const unsigned long long value = strtoull(text, &end, 10);

  if (text[0] < '0' || text[0] > '9' || *end != '\0' || value < least ||
      value > most) {
    usage(stderr, 2);
  }
  return value;
}

static void read_key(uint8_t key[16], const char *text) {
  if (strlen(text) != 32 || strspn(text, "0123456789abcdefABCDEF") != 32) {
    usage(stderr, 2);
  }
  for (size_t i = 0; i < 16; i++) {
    const char digits[3] = {text[2 * i], text[2 * i + 1], '\0'};
    key[i] = (uint8_t)strtoul(digits, NULL, 16);
  }
}

static void take_option(options *wanted, int option, const char *value) {
  switch (option) {
  case 's':
    wanted->segments = 1;
    break;
  case 'b':
    wanted->bytes = 1;
    break;
  case 'c':
    wanted->tracker.verify_checksums = 1;
    break;
  case 'm':
    wanted->tracker.max_flows = number(value, 1, UINT64_C(1) << 30);
    break;
  case 'l':
    wanted->tracker.linger_ns = number(value, 0, UINT32_MAX) * TCPFLOW_SECOND;
    break;
  case 'v':
    wanted->tracker.key_flags = TCPFLOW_KEY_VLAN;
    break;
  case 'k':
    read_key(wanted->tracker.hash_key, value);
    break;
  case 'h':
    usage(stdout, EXIT_SUCCESS);
    break;
  case 'V':
    printf("events, libtcpflow %s\n", tcpflow_version(NULL));
    exit(EXIT_SUCCESS);
  default:
    usage(stderr, 2);
  }
}

static void read_arguments(options *wanted, int argc, char **argv) {
  static const struct option names[] = {
    {"segments", no_argument, NULL, 's'},
    {"bytes", no_argument, NULL, 'b'},
    {"verify-checksums", no_argument, NULL, 'c'},
    {"max-flows", required_argument, NULL, 'm'},
    {"linger", required_argument, NULL, 'l'},
    {"vlan", no_argument, NULL, 'v'},
    {"key", required_argument, NULL, 'k'},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0}};

  for (int c; (c = getopt_long(argc, argv, "", names, NULL)) != -1;) {
    take_option(wanted, c, optarg);
  }
  if (optind + 1 != argc) {
    usage(stderr, 2);
  }
  wanted->name = argv[optind];
}

int main(int argc, char **argv) {
  options wanted = {.segments = 0};

  tcpflow_tracker_config_init(&wanted.tracker);
  read_arguments(&wanted, argc, argv);
  source *const from = source_open(program, wanted.name);
  const int done = from != NULL && tell_all(&wanted, from);

  source_close(from);
  return finish_output(program) && done ? EXIT_SUCCESS : EXIT_FAILURE;
}
