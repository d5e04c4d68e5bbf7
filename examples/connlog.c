/*
 * examples/connlog.c - the connections of a capture, a line each: a table, or
 * Zeek's conn.log.
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common.h"

static const char program[] = "connlog";

static const char help[] =
  "usage: connlog [options] FILE|-\n"
  "Lists the TCP connections of a capture, or of tcpdump text, a line each, as\n"
  "they end.\n"
  "  --zeek              as Zeek's conn.log\n"
  "  --no-ports          who is the client does not show by ports (zeek -b)\n"
  "  --verify-checksums  packets with a wrong checksum have no effect\n"
  "  --help, --version\n";

typedef struct options {
  int zeek;
  uint32_t flags;
  uint32_t verify_checksums;
  const char *name; /* Of the file. */
} options;

/* What is kept of a connection. */
typedef struct record {
  tcpflow_zeek zeek;
  uint32_t completeness;
  uint64_t number;
} record;

typedef struct lister {
  const options *wanted;
  uint64_t connections; /* Begun so far. */
} lister;

/* --- lines --- */

static void print_head(const options *wanted) {
  if (!wanted->zeek) {
    puts("# client > server  opened closed zeek history completeness seconds "
         "packets octets");
    return;
  }
  puts("#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n"
       "#unset_field\t-\n#path\tconn\n"
       "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\t"
       "duration\torig_bytes\tresp_bytes\tconn_state\tmissed_bytes\thistory\t"
       "orig_pkts\torig_ip_bytes\tresp_pkts\tresp_ip_bytes\n"
       "#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tinterval\tcount\t"
       "count\tstring\tcount\tstring\tcount\tcount\tcount\tcount");
}

static void print_time(tcpflow_time time) {
  printf("%" PRIu64 ".%06" PRIu64, time / TCPFLOW_SECOND,
         time % TCPFLOW_SECOND / 1000);
}

static void print_end(const tcpflow_tuple *tuple, unsigned which) {
  char address[TCPFLOW_TEXT_ADDRESS_MAX];

  tcpflow_text_address(address, sizeof(address), tuple->version,
                       tuple->address[which]);
  printf("%s\t%u\t", address, (unsigned)tuple->port[which]);
}

static void print_zeek(const tcpflow_conn *conn, const record *own) {
  tcpflow_tuple tuple;
  tcpflow_zeek_summary z;

  (void)tcpflow_conn_get_tuple(conn, &tuple); /* A tracker's has one. */
  tcpflow_zeek_summary_init(&z);
  (void)tcpflow_zeek_get_summary(&own->zeek, &z);
  print_time(z.first);
  printf("\tC%" PRIu64 "\t", own->number);
  print_end(&tuple, (unsigned)z.originator);
  print_end(&tuple, 1 - (unsigned)z.originator);
  printf("tcp\t");
  if (z.duration > 0) {
    print_time(z.duration);
    printf("\t%" PRIu64 "\t%" PRIu64 "\t", z.bytes[0], z.bytes[1]);
  } else {
    printf("-\t-\t-\t");
  }
  printf("%s\t%" PRIu64 "\t%s\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64 "\t%" PRIu64
         "\n",
         tcpflow_zeek_state_name(z.state), z.missed_bytes,
         z.history[0] != '\0' ? z.history : "-", z.packets[0], z.ip_bytes[0],
         z.packets[1], z.ip_bytes[1]);
}

static void print_table(const tcpflow_conn *conn,
                        const tcpflow_end_event *event, const record *own) {
  char ends[TCPFLOW_TEXT_TUPLE_MAX];
  char completeness[16];
  tcpflow_zeek_summary z;
  tcpflow_conn_info info;

  tcpflow_zeek_summary_init(&z);
  tcpflow_conn_info_init(&info);
  (void)tcpflow_zeek_get_summary(&own->zeek, &z);
  (void)tcpflow_conn_get_info(conn, &info);
  tcpflow_text_tuple(ends, sizeof(ends), &info.tuple);
  tcpflow_text_completeness(completeness, sizeof(completeness),
                            own->completeness);
  printf("%s  %s %s %s %s %s ", ends, tcpflow_open_kind_name(info.open_kind),
         tcpflow_close_kind_name(event->kind), tcpflow_zeek_state_name(z.state),
         z.history, completeness);
  print_time(info.last - info.first);
  printf(" %" PRIu64 "+%" PRIu64 " %" PRIu64 "+%" PRIu64 "\n", z.packets[0],
         z.packets[1], z.bytes[0], z.bytes[1]);
}

/* --- callbacks --- */

static int on_new(tcpflow_conn *conn, const tcpflow_new_event *event,
                  void *user) {
  lister *const list = user;
  record *const own = calloc(1, sizeof(*own));

  if (own == NULL) {
    return 1;
  }
  own->number = ++list->connections;
  tcpflow_zeek_init(&own->zeek, event, list->wanted->flags);
  tcpflow_conn_set_user_data(conn, own);
  return 0;
}

static int on_segment(tcpflow_conn *conn, const tcpflow_segment_event *event,
                      void *user) {
  record *const own = tcpflow_conn_user_data(conn);

  (void)user;
  tcpflow_zeek_segment(&own->zeek, event);
  own->completeness =
    tcpflow_completeness_add(own->completeness, event->segment);
  return 0;
}

static int on_data(tcpflow_conn *conn, const tcpflow_data_event *event,
                   void *user) {
  record *const own = tcpflow_conn_user_data(conn);

  (void)user;
  tcpflow_zeek_data(&own->zeek, event);
  return 0;
}

static int on_gap(tcpflow_conn *conn, const tcpflow_gap_event *event,
                  void *user) {
  record *const own = tcpflow_conn_user_data(conn);

  (void)user;
  tcpflow_zeek_gap(&own->zeek, event);
  return 0;
}

static int on_flip(tcpflow_conn *conn, const tcpflow_flip_event *event,
                   void *user) {
  record *const own = tcpflow_conn_user_data(conn);

  (void)event;
  (void)user;
  tcpflow_zeek_flip(&own->zeek);
  return 0;
}

static int on_end(tcpflow_conn *conn, const tcpflow_end_event *event,
                  void *user) {
  const lister *const list = user;
  record *const own = tcpflow_conn_user_data(conn);

  if (own != NULL) {
    if (list->wanted->zeek) {
      print_zeek(conn, own);
    } else {
      print_table(conn, event, own);
    }
  }
  free(own);
  return ferror(stdout);
}

/* --- main --- */

/* As Zeek does by default: what comes within 5 s of the close belongs to the
   connection, and an attempt lasts 5 s. */
static int open_tracker(tcpflow_tracker **tracker, lister *list) {
  tcpflow_conn_callbacks callbacks;
  tcpflow_conn_config conn;
  tcpflow_tracker_config config;

  tcpflow_conn_callbacks_init(&callbacks);
  callbacks.on_new = on_new;
  callbacks.on_segment = on_segment;
  callbacks.on_data = on_data;
  callbacks.on_gap = on_gap;
  callbacks.on_flip = on_flip;
  callbacks.on_end = on_end;
  tcpflow_conn_config_init(&conn);
  /* Zeek tells of a gap when its octets are acknowledged. */
  conn.gap_grace_ns = 0;
  tcpflow_tracker_config_init(&config);
  if (list->wanted->zeek) {
    conn.reset_linger_ns = 5 * TCPFLOW_SECOND;
    conn.close_linger_ns = 5 * TCPFLOW_SECOND;
    config.timeout_ns[TCPFLOW_PHASE_OPENING] = 5 * TCPFLOW_SECOND;
    config.timeout_ns[TCPFLOW_PHASE_ENDED] = 0;
    for (unsigned phase = TCPFLOW_PHASE_ANSWERED; phase < TCPFLOW_PHASE_RESET;
         phase++) {
      config.timeout_ns[phase] = 300 * TCPFLOW_SECOND;
    }
  }
  config.conn = &conn;
  config.verify_checksums = list->wanted->verify_checksums;
  return tcpflow_tracker_new(tracker, &config, &callbacks, NULL, list);
}

static int list_all(const options *wanted, source *from) {
  lister list = {wanted, 0};
  tcpflow_tracker *tracker = NULL;
  tcpflow_frame frame;
  int more = 0;
  int error = open_tracker(&tracker, &list);

  print_head(wanted);
  while (error == TCPFLOW_OK && (more = source_next(from, &frame)) > 0) {
    error = tcpflow_tracker_feed(tracker, &frame, 1, NULL);
  }
  if (error == TCPFLOW_OK) {
    error = tcpflow_tracker_flush(tracker);
  }
  if (error == TCPFLOW_ERR_CALLBACK && !ferror(stdout)) {
    error = TCPFLOW_ERR_NOMEM;
  }
  if (error != TCPFLOW_OK && error != TCPFLOW_ERR_CALLBACK) {
    complain(program, wanted->name, tcpflow_strerror(error));
  }
  tcpflow_tracker_del(tracker);
  return error == TCPFLOW_OK && more == 0 && source_broken_lines(from) == 0;
}

static void usage(FILE *out, int status) {
  fputs(help, out);
  exit(status);
}

static void read_arguments(options *wanted, int argc, char **argv) {
  static const struct option names[] = {
    {"zeek", no_argument, NULL, 'z'},
    {"no-ports", no_argument, NULL, 'p'},
    {"verify-checksums", no_argument, NULL, 'c'},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'V'},
    {NULL, 0, NULL, 0}};

  for (int c; (c = getopt_long(argc, argv, "", names, NULL)) != -1;) {
    if (c == 'z') {
      wanted->zeek = 1;
    } else if (c == 'p') {
      wanted->flags |= TCPFLOW_ZEEK_NO_PORTS;
    } else if (c == 'c') {
      wanted->verify_checksums = 1;
    } else if (c == 'V') {
      printf("%s, libtcpflow %s\n", program, tcpflow_version(NULL));
      exit(EXIT_SUCCESS);
    } else {
      usage(c == 'h' ? stdout : stderr, c == 'h' ? EXIT_SUCCESS : 2);
    }
  }
  if (optind + 1 != argc) {
    usage(stderr, 2);
  }
  wanted->name = argv[optind];
}

int main(int argc, char **argv) {
  options wanted = {.zeek = 0};

  read_arguments(&wanted, argc, argv);
  source *const from = source_open(program, wanted.name);
  const int done = from != NULL && list_all(&wanted, from);

  source_close(from);
  return finish_output(program) && done ? EXIT_SUCCESS : EXIT_FAILURE;
}
