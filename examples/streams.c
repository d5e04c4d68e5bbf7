/*
 * examples/streams.c - the octets of each direction of each TCP connection of a
 * capture, as files, and an index of them, one JSON object a line.
 *
 * A file holds what was captured, in order, and without its holes unless they
 * are to be zeros: the index has them, by their place in the stream.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ahead.h"
#include "common.h"
#include "streams_index.h"

static const char program[] = "streams";

static const char help[] =
  "usage: streams --out DIR [options] FILE|-\n"
  "Writes what each side of each TCP connection of a capture sent into a file,\n"
  "DIR/NUMBER-SENDER.PORT-RECEIVER.PORT, and holes, conflicts and ends into\n"
  "DIR/index.jsonl.  DIR is made if it is not there; no file is overwritten.\n"
  "  --fill              holes are zeros in the files, not left out\n"
  "  --overlap POLICY    who wins where octets come twice and differ: first, if\n"
  "                      not told, last, linux, bsd, windows, ...; help lists\n"
  "                      them\n"
  "  --delivery WHEN     octets are written at-once, if not told, or when they\n"
  "                      are acked\n"
  "  --tail N            compare with the last N octets that were written, too\n"
  "  --urgent POLICY     urgent octets are inline, if not told, strip or\n"
  "                      out-of-band (in the index only)\n"
  "  --gap-grace SECONDS how long to wait for octets that were acknowledged,\n"
  "                      0.1 if not told, or never for no end of it\n"
  "  --hole-timeout SECONDS\n"
  "                      and for those that were not, 60 if not told\n"
  "  --max-bytes N       at most N octets of each direction\n"
  "  --open-files N      at most N files open at a time, 64 if not told\n"
  "  --max-flows N       follow at most N connections at a time\n"
  "  --verify-checksums  packets with a wrong checksum have no effect;\n"
  "  --ignore-checksums  or have; if neither is told, they have none where nine\n"
  "                      of ten packets at the beginning have right ones\n"
  "  --vlan              VLAN tags tell connections apart\n"
  "  --no-tunnel         virtual networks do not\n"
  "  --help, --version\n";

typedef struct options {
  tcpflow_tracker_config tracker;
  tcpflow_conn_config conn;
  int asked_checksums; /* Not 0: what to do with wrong ones was told. */
  writer to;
  const char *out;
} options;

/* --- what the library tells --- */

static int on_new(tcpflow_conn *conn, const tcpflow_new_event *event,
                  void *user) {
  writer *const to = user;
  connection *const c = calloc(1, sizeof(*c));

  (void)event;
  if (c == NULL) {
    return fail(to, to->name);
  }
  c->number = ++to->connections;
  c->side[0].file = -1;
  c->side[1].file = -1;
  tcpflow_conn_set_user_data(conn, c);
  return 0;
}

/* Notes when octets were captured: those that came late come first. */
static void note_time(stream *s, tcpflow_time time) {
  if (s->name == NULL || time < s->first) {
    s->first = time;
  }
  if (s->name == NULL || time > s->last) {
    s->last = time;
  }
}

static int write_data(writer *to, tcpflow_conn *conn, connection *c,
                      const tcpflow_data_event *event) {
  const tcpflow_stream_data *const data = event->data;
  stream *const s = &c->side[event->side];
  const uint64_t place = to->fill ? data->offset : s->written;
  const uint64_t most = to->max_bytes;
  const uint64_t room = place < most ? most - place : 0;
  const size_t length = data->length < room ? data->length : (size_t)room;

  s->length = data->offset + data->length;
  if (length < data->length) {
    s->cut = 1;
    tcpflow_conn_stop_data(conn, event->side);
  }
  if (length == 0) {
    return 0;
  }
  note_time(s, data->time);
  if (s->name == NULL &&
      name_stream(to, s, c->number, conn, event->side) != 0) {
    return 1;
  }
  if ((data->unacknowledged != 0 &&
       index_unacknowledged(to, c, event, length) != 0) ||
      write_octets(to, s, place, data->bytes, length) != 0) {
    return 1;
  }
  return s->cut ? close_stream(to, s) : 0;
}

static int on_data(tcpflow_conn *conn, const tcpflow_data_event *event,
                   void *user) {
  connection *const c = tcpflow_conn_user_data(conn);

  return c == NULL || write_data(user, conn, c, event) != 0;
}

static int on_conflict(tcpflow_conn *conn, const tcpflow_conflict_event *event,
                       void *user) {
  const connection *const c = tcpflow_conn_user_data(conn);

  return c == NULL || index_conflict(user, c, event) != 0;
}

static int on_urgent(tcpflow_conn *conn, const tcpflow_urgent_event *event,
                     void *user) {
  const connection *const c = tcpflow_conn_user_data(conn);

  return c == NULL || index_urgent(user, c, event) != 0;
}

static int on_gap(tcpflow_conn *conn, const tcpflow_gap_event *event,
                  void *user) {
  connection *const c = tcpflow_conn_user_data(conn);

  if (c == NULL) {
    return 1;
  }
  c->side[event->side].length = event->gap->offset + event->gap->length;
  return index_gap(user, c, event);
}

/* Who sent what changes its name; files keep theirs, which say who sent. */
static int on_flip(tcpflow_conn *conn, const tcpflow_flip_event *event,
                   void *user) {
  writer *const to = user;
  connection *const c = tcpflow_conn_user_data(conn);

  (void)event;
  if (c == NULL || close_stream(to, &c->side[0]) != 0 ||
      close_stream(to, &c->side[1]) != 0) {
    return 1;
  }
  const stream client = c->side[0];
  c->side[0] = c->side[1];
  c->side[1] = client;
  return 0;
}

static int on_end(tcpflow_conn *conn, const tcpflow_end_event *event,
                  void *user) {
  writer *const to = user;
  connection *const c = tcpflow_conn_user_data(conn);
  int failed;

  if (c == NULL) {
    return 1;
  }
  failed = close_stream(to, &c->side[0]);
  failed |= close_stream(to, &c->side[1]);
  failed |= index_connection(to, c, conn, event);
  tcpflow_conn_set_user_data(conn, NULL);
  free(c->side[0].name);
  free(c->side[1].name);
  free(c);
  return failed;
}

static void listen_to(tcpflow_conn_callbacks *callbacks) {
  tcpflow_conn_callbacks_init(callbacks);
  callbacks->on_new = on_new;
  callbacks->on_flip = on_flip;
  callbacks->on_data = on_data;
  callbacks->on_gap = on_gap;
  callbacks->on_conflict = on_conflict;
  callbacks->on_urgent = on_urgent;
  callbacks->on_end = on_end;
}

/* What came before a damage is written, and so is the end of what was open. */
static int write_all(writer *to, const options *wanted, source *from,
                     ahead *early) {
  tcpflow_conn_callbacks callbacks;
  tcpflow_tracker *tracker = NULL;
  tcpflow_frame frame;
  int more = 0;

  listen_to(&callbacks);
  int error =
    tcpflow_tracker_new(&tracker, &wanted->tracker, &callbacks, NULL, to);
  while (error == TCPFLOW_OK && (more = ahead_next(early, from, &frame)) > 0) {
    error = tcpflow_tracker_feed(tracker, &frame, 1, NULL);
  }
  if (tracker != NULL) {
    const int last = tcpflow_tracker_flush(tracker);
    error = error == TCPFLOW_OK ? last : error;
  }
  if (error != TCPFLOW_OK && !to->failed) {
    complain(program, to->name, tcpflow_strerror(error));
  }
  tcpflow_tracker_del(tracker);
  return error == TCPFLOW_OK && more == 0 && source_broken_lines(from) == 0;
}

/* --- the command line --- */

static void usage(FILE *out, int status) {
  fputs(help, out);
  exit(status);
}

/* A whole number within limits. */
static uint64_t number(const char *text, uint64_t least, uint64_t most) {
  char *end;

  errno = 0;
  const unsigned long long value = strtoull(text, &end, 10);
  if (text[0] < '0' || text[0] > '9' || *end != '\0' || errno != 0 ||
      value < least || value > most) {
    usage(stderr, 2);
  }
  return value;
}

/* What says how octets are put in order. */
static int take_stream_option(options *wanted, int option, const char *value) {
  switch (option) {
  case 'F':
    wanted->to.fill = 1;
    break;
  case 'p':
    wanted->conn.overlap = overlap_named(program, value);
    break;
  case 'd':
    wanted->conn.delivery = delivery_named(program, value);
    break;
  case 't':
    wanted->conn.max_tail_bytes = number(value, 0, UINT64_C(1) << 30);
    break;
  case 'u':
    wanted->conn.urgent_policy = urgent_named(program, value);
    break;
  case 'g':
    wanted->conn.gap_grace_ns = wait_named(program, value);
    break;
  case 'w':
    wanted->conn.hole_timeout_ns = wait_named(program, value);
    break;
  default:
    return 0;
  }
  return 1;
}

static void take_option(options *wanted, int option, const char *value) {
  if (take_stream_option(wanted, option, value)) {
    return;
  }
  switch (option) {
  case 'o':
    wanted->out = value;
    break;
  case 'b':
    wanted->to.max_bytes = number(value, 0, UINT64_MAX);
    break;
  case 'f':
    wanted->to.open_files = number(value, 1, 65536);
    break;
  case 'm':
    wanted->tracker.max_flows = number(value, 1, 100000000);
    break;
  case 'c':
  case 'i':
    wanted->tracker.verify_checksums = option == 'c';
    wanted->asked_checksums = 1;
    break;
  case 'v':
    wanted->tracker.key_flags |= TCPFLOW_KEY_VLAN;
    break;
  case 'n':
    wanted->tracker.key_flags |= TCPFLOW_KEY_NO_TUNNEL;
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
    {"out", required_argument, NULL, 'o'},
    {"fill", no_argument, NULL, 'F'},
    {"overlap", required_argument, NULL, 'p'},
    {"delivery", required_argument, NULL, 'd'},
    {"tail", required_argument, NULL, 't'},
    {"urgent", required_argument, NULL, 'u'},
    {"gap-grace", required_argument, NULL, 'g'},
    {"hole-timeout", required_argument, NULL, 'w'},
    {"max-bytes", required_argument, NULL, 'b'},
    {"open-files", required_argument, NULL, 'f'},
    {"max-flows", required_argument, NULL, 'm'},
    {"verify-checksums", no_argument, NULL, 'c'},
    {"ignore-checksums", no_argument, NULL, 'i'},
    {"vlan", no_argument, NULL, 'v'},
    {"no-tunnel", no_argument, NULL, 'n'},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0}};

  for (int c; (c = getopt_long(argc, argv, "", names, NULL)) != -1;) {
    take_option(wanted, c, optarg);
  }
  if (optind + 1 != argc || wanted->out == NULL) {
    usage(stderr, 2);
  }
  wanted->to.name = argv[optind];
}

int main(int argc, char **argv) {
  options wanted = {
    .to = {.max_bytes = UINT64_MAX, .open_files = 64, .folder = -1}};
  writer *const to = &wanted.to;

  tcpflow_tracker_config_init(&wanted.tracker);
  tcpflow_conn_config_init(&wanted.conn);
  wanted.tracker.conn = &wanted.conn;
  read_arguments(&wanted, argc, argv);
  source *const from = source_open(program, to->name);
  ahead *const early =
    from == NULL || wanted.asked_checksums ? NULL : ahead_read(from);

  if (early != NULL) {
    wanted.tracker.verify_checksums = (uint32_t)ahead_has_right_sums(early);
  }
  const int done = from != NULL && open_folder(to, wanted.out) == 0 &&
                   write_all(to, &wanted, from, early);

  free(early);
  source_close(from);
  return close_folder(to) == 0 && done && !to->failed ? EXIT_SUCCESS
                                                      : EXIT_FAILURE;
}
