/*
 * examples/streams.c - the octets of each direction of each TCP connection of a
 * capture, as files, and an index of them, one JSON object a line.
 *
 * A file holds what was captured, in order, without its holes: those are in the
 * index, by their place in the stream.  Memory and open files are bounded: what
 * is open and was not written to for longest is closed, and opened again to
 * append.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ahead.h"
#include "common.h"

static const char program[] = "streams";

static const char help[] =
  "usage: streams --out DIR [options] FILE|-\n"
  "Writes what both sides of the TCP connections of a capture sent into files,\n"
  "and DIR/index.jsonl about them.  No file that exists is touched.\n"
  "  --overlap POLICY    who wins where octets come twice and differ\n"
  "  --delivery WHEN     octets are written at-once, or when they are acked\n"
  "  --max-bytes N       at most N octets of each direction\n"
  "  --open-files N      at most N files open at a time, 64 if not told\n"
  "  --max-flows N       follow at most N connections at a time\n"
  "  --verify-checksums  packets with a wrong checksum have no effect;\n"
  "  --ignore-checksums  or have; if neither is told, they have none where nine\n"
  "                      of ten packets at the beginning have right ones\n"
  "  --help, --version\n";

/* The octets of one direction. */
typedef struct stream {
  struct stream *newer; /* Among those that are open. */
  struct stream *older;
  uint64_t written;
  uint64_t length; /* Octets of the stream, holes included. */
  int file;        /* -1: not open. */
  int cut;         /* Not 0: there was more than was wanted. */
  char name[160];  /* Empty: there is no file. */
} stream;

typedef struct connection {
  uint64_t number;
  stream side[2];
} connection;

typedef struct options {
  tcpflow_tracker_config tracker;
  tcpflow_conn_config conn;
  int asked_checksums; /* Not 0: what to do with wrong ones was told. */
  uint64_t max_bytes;
  uint64_t open_files;
  const char *out;
  const char *name; /* Of the capture. */
} options;

typedef struct writer {
  const options *wanted;
  FILE *index;
  stream *newest;
  stream *oldest;
  uint64_t open;
  uint64_t connections;
  int folder;
  int failed; /* Not 0: and it was said. */
} writer;

static int fail(writer *to, const char *name) {
  if (!to->failed) {
    complain(program, name, strerror(errno));
  }
  to->failed = 1;
  return 1;
}

/* --- open files, the newest first --- */

static void unlink_stream(writer *to, stream *s) {
  *(s->newer != NULL ? &s->newer->older : &to->newest) = s->older;
  *(s->older != NULL ? &s->older->newer : &to->oldest) = s->newer;
}

static void link_newest(writer *to, stream *s) {
  s->newer = NULL;
  s->older = to->newest;
  *(to->newest != NULL ? &to->newest->newer : &to->oldest) = s;
  to->newest = s;
}

static int close_stream(writer *to, stream *s) {
  if (s->file < 0) {
    return 0;
  }
  unlink_stream(to, s);
  to->open--;
  const int error = close(s->file);
  s->file = -1;
  return error != 0 ? fail(to, s->name) : 0;
}

/* Digits, dots, hyphens and underscores only. */
static void name_stream(stream *s, uint64_t number, const tcpflow_tuple *tuple,
                        tcpflow_side from) {
  char text[2][46];

  for (int side = 0; side < 2; side++) {
    tcpflow_text_address(text[side], sizeof(text[side]), tuple->version,
                         tuple->address[side]);
    for (char *c = text[side]; *c != '\0'; c++) {
      *c = *c == ':' ? '_' : *c;
    }
  }
  snprintf(s->name, sizeof(s->name), "%08" PRIu64 "-%s.%u-%s.%u", number,
           text[from], (unsigned)tuple->port[from], text[!from],
           (unsigned)tuple->port[!from]);
}

/* Lets a stream have its file open, and be the newest. */
static int open_stream(writer *to, stream *s) {
  const int how = O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC;

  if (s->file >= 0) {
    unlink_stream(to, s);
    link_newest(to, s);
    return 0;
  }
  if (to->open >= to->wanted->open_files && close_stream(to, to->oldest) != 0) {
    return 1;
  }
  s->file = openat(to->folder, s->name,
                   s->written == 0 ? how | O_CREAT | O_EXCL : how, 0666);
  if (s->file < 0) {
    return fail(to, s->name);
  }
  link_newest(to, s);
  to->open++;
  return 0;
}

static int write_octets(writer *to, stream *s, const uint8_t *bytes,
                        size_t length) {
  while (length > 0) {
    const ssize_t count = write(s->file, bytes, length);
    if (count < 0 && errno != EINTR) {
      return fail(to, s->name);
    }
    if (count > 0) {
      bytes += count;
      length -= (size_t)count;
      s->written += (uint64_t)count;
    }
  }
  return 0;
}

/* --- the index --- */

static int index_gap(writer *to, const connection *c,
                     const tcpflow_gap_event *event) {
  const int count = fprintf(
    to->index,
    "{\"event\": \"gap\", \"conn\": %" PRIu64 ", \"side\": \"%s\", "
    "\"offset\": %" PRIu64 ", \"length\": %" PRIu64 ", \"reason\": \"%s\", "
    "\"file_offset\": %" PRIu64 "}\n",
    c->number, tcpflow_side_name(event->side), event->gap->offset,
    event->gap->length, tcpflow_gap_reason_name(event->gap->reason),
    c->side[event->side].written);

  return count < 0 ? fail(to, "index.jsonl") : 0;
}

static void index_side(writer *to, const stream *s, tcpflow_side side) {
  fprintf(to->index, ", \"%s\": {\"file\": ", tcpflow_side_name(side));
  if (s->name[0] == '\0') {
    fputs("null", to->index);
  } else {
    fprintf(to->index, "\"%s\"", s->name);
  }
  fprintf(to->index,
          ", \"written\": %" PRIu64 ", \"length\": %" PRIu64 ", \"cut\": %s}",
          s->written, s->length, s->cut ? "true" : "false");
}

static int index_connection(writer *to, const connection *c,
                            const tcpflow_tuple *tuple,
                            const tcpflow_end_event *event) {
  char text[2][46];

  for (int side = 0; side < 2; side++) {
    tcpflow_text_address(text[side], sizeof(text[side]), tuple->version,
                         tuple->address[side]);
  }
  fprintf(to->index,
          "{\"event\": \"end\", \"conn\": %" PRIu64
          ", \"tuple\": [\"%s\", %u, \"%s\", %u], \"reason\": \"%s\"",
          c->number, text[0], (unsigned)tuple->port[0], text[1],
          (unsigned)tuple->port[1], tcpflow_end_reason_name(event->reason));
  index_side(to, &c->side[0], TCPFLOW_SIDE_CLIENT);
  index_side(to, &c->side[1], TCPFLOW_SIDE_SERVER);
  return fputs("}\n", to->index) < 0 || ferror(to->index)
           ? fail(to, "index.jsonl")
           : 0;
}

/* --- what the library tells --- */

static int on_new(tcpflow_conn *conn, const tcpflow_new_event *event,
                  void *user) {
  writer *const to = user;
  connection *const c = calloc(1, sizeof(*c));

  (void)event;
  if (c == NULL) {
    return fail(to, to->wanted->name);
  }
  c->number = ++to->connections;
  c->side[0].file = -1;
  c->side[1].file = -1;
  tcpflow_conn_set_user_data(conn, c);
  return 0;
}

static int on_data(tcpflow_conn *conn, const tcpflow_data_event *event,
                   void *user) {
  writer *const to = user;
  connection *const c = tcpflow_conn_user_data(conn);

  if (c == NULL) {
    return 1;
  }
  stream *const s = &c->side[event->side];
  const uint64_t room = to->wanted->max_bytes - s->written;
  const size_t length =
    event->data->length < room ? event->data->length : (size_t)room;
  s->length = event->data->offset + event->data->length;
  if (length < event->data->length) {
    s->cut = 1;
    tcpflow_conn_stop_data(conn, event->side);
  }
  if (length == 0) {
    return 0;
  }
  if (s->name[0] == '\0') {
    name_stream(s, c->number, tcpflow_conn_tuple(conn), event->side);
  }
  return open_stream(to, s) || write_octets(to, s, event->data->bytes, length);
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
  failed |= index_connection(to, c, tcpflow_conn_tuple(conn), event);
  tcpflow_conn_set_user_data(conn, NULL);
  free(c);
  return failed;
}

static void listen_to(tcpflow_conn_callbacks *callbacks) {
  tcpflow_conn_callbacks_init(callbacks);
  callbacks->on_new = on_new;
  callbacks->on_flip = on_flip;
  callbacks->on_data = on_data;
  callbacks->on_gap = on_gap;
  callbacks->on_end = on_end;
}

/* What came before a damage is written, and so is the end of what was open. */
static int write_all(writer *to, source *from, ahead *early) {
  tcpflow_conn_callbacks callbacks;
  tcpflow_tracker *tracker = NULL;
  tcpflow_frame frame;
  int more = 0;

  listen_to(&callbacks);
  int error =
    tcpflow_tracker_new(&tracker, &to->wanted->tracker, &callbacks, NULL, to);
  while (error == TCPFLOW_OK && (more = ahead_next(early, from, &frame)) > 0) {
    error = tcpflow_tracker_feed(tracker, &frame, 1, NULL);
  }
  if (tracker != NULL) {
    const int last = tcpflow_tracker_flush(tracker);
    error = error == TCPFLOW_OK ? last : error;
  }
  if (error != TCPFLOW_OK && !to->failed) {
    complain(program, to->wanted->name, tcpflow_strerror(error));
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

static uint32_t overlap_named(const char *name) {
  for (uint32_t i = 0; i < TCPFLOW_OVERLAP_COUNT; i++) {
    if (strcmp(name, tcpflow_overlap_name((tcpflow_overlap)i)) == 0) {
      return i;
    }
  }
  fprintf(stderr, "%s: %s: no such policy\n", program, name);
  exit(2);
}

static void take_option(options *wanted, int option, const char *value) {
  switch (option) {
  case 'o':
    wanted->out = value;
    break;
  case 'p':
    wanted->conn.overlap = overlap_named(value);
    break;
  case 'd':
    wanted->conn.delivery = delivery_named(program, value);
    break;
  case 'b':
    wanted->max_bytes = number(value, 0, UINT64_MAX);
    break;
  case 'f':
    wanted->open_files = number(value, 1, 65536);
    break;
  case 'm':
    wanted->tracker.max_flows = number(value, 1, UINT64_C(1) << 30);
    break;
  case 'c':
  case 'i':
    wanted->tracker.verify_checksums = option == 'c';
    wanted->asked_checksums = 1;
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
    {"overlap", required_argument, NULL, 'p'},
    {"delivery", required_argument, NULL, 'd'},
    {"max-bytes", required_argument, NULL, 'b'},
    {"open-files", required_argument, NULL, 'f'},
    {"max-flows", required_argument, NULL, 'm'},
    {"verify-checksums", no_argument, NULL, 'c'},
    {"ignore-checksums", no_argument, NULL, 'i'},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0}};

  for (int c; (c = getopt_long(argc, argv, "", names, NULL)) != -1;) {
    take_option(wanted, c, optarg);
  }
  if (optind + 1 != argc || wanted->out == NULL) {
    usage(stderr, 2);
  }
  wanted->name = argv[optind];
}

/* Makes the folder if there is none, and the index in it. */
static int open_folder(writer *to) {
  const char *const out = to->wanted->out;

  if (mkdir(out, 0777) != 0 && errno != EEXIST) {
    return !fail(to, out);
  }
  to->folder = open(out, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (to->folder < 0) {
    return !fail(to, out);
  }
  const int file =
    openat(to->folder, "index.jsonl",
           O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0666);
  to->index = file < 0 ? NULL : fdopen(file, "w");
  return to->index == NULL ? !fail(to, "index.jsonl") : 1;
}

int main(int argc, char **argv) {
  options wanted = {.max_bytes = UINT64_MAX, .open_files = 64};
  writer to = {.wanted = &wanted, .folder = -1};

  tcpflow_tracker_config_init(&wanted.tracker);
  tcpflow_conn_config_init(&wanted.conn);
  wanted.tracker.conn = &wanted.conn;
  read_arguments(&wanted, argc, argv);
  source *const from = source_open(program, wanted.name);
  ahead *const early =
    from == NULL || wanted.asked_checksums ? NULL : ahead_read(from);

  if (early != NULL) {
    wanted.tracker.verify_checksums = (uint32_t)ahead_has_right_sums(early);
  }
  int done = from != NULL && open_folder(&to) && write_all(&to, from, early);

  free(early);
  source_close(from);
  if (to.index != NULL && fclose(to.index) != 0) {
    done = !fail(&to, "index.jsonl");
  }
  if (to.folder >= 0) {
    close(to.folder);
  }
  return done && !to.failed ? EXIT_SUCCESS : EXIT_FAILURE;
}
