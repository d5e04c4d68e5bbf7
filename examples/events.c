/*
 * examples/events.c - everything that the library tells about a capture, one
 * JSON object a line.  doc/events.md describes them.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common.h"
#include "events_log.h"

static const char program[] = "events";

static const char help[] =
  "usage: events [options] FILE|-\n"
  "Tells what happens to the TCP connections of a capture, or of tcpdump text,\n"
  "as JSON objects, one a line.\n"
  "  --segments          what each packet means, too\n"
  "  --bytes             the octets of the streams, in hexadecimal\n"
  "  --overlap POLICY    who wins where octets come twice and differ: first, if\n"
  "                      not told, last, linux, bsd, windows, ...\n"
  "  --tail N            compare with the last N octets that were told, too\n"
  "  --urgent POLICY     urgent octets are inline, if not told, strip or\n"
  "                      out-of-band\n"
  "  --gap-grace SECONDS how long to wait for octets that were acknowledged,\n"
  "                      0.1 if not told, or never for no end of it\n"
  "  --hole-timeout SECONDS\n"
  "                      and for those that were not, 60 if not told\n"
  "  --verify-checksums  packets with a wrong checksum have no effect\n"
  "  --max-flows N       follow at most N connections at a time\n"
  "  --linger SECONDS    how long late packets of an ended connection are known\n"
  "  --delivery WHEN     octets are told at-once, or when they are acked\n"
  "  --vlan              VLAN tags tell connections apart\n"
  "  --no-tunnel         virtual networks do not\n"
  "  --key HEX           secret of the flow table's hash, 32 digits\n"
  "  --flow-hash         the hash of the flow by that key, in every object\n"
  "  --help, --version\n";

typedef struct options {
  tcpflow_tracker_config tracker;
  tcpflow_conn_config conn;
  int segments;
  int bytes;
  int flow_hash;
  const char *name; /* Of the file. */
} options;

/* What came before a damage is told, and so is the end of what was open. */
static int tell_all(const options *wanted, source *from) {
  events_log log = {.text = source_text(from),
                    .bytes = wanted->bytes,
                    .flow_hash = wanted->flow_hash,
                    .key = wanted->tracker.hash_key,
                    .key_flags = wanted->tracker.key_flags};
  tcpflow_conn_callbacks callbacks;
  tcpflow_tracker *tracker = NULL;
  tcpflow_frame frame;
  int more = 0;

  events_log_callbacks(&callbacks, wanted->segments);
  int error =
    tcpflow_tracker_new(&tracker, &wanted->tracker, &callbacks, NULL, &log);
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
  return error == TCPFLOW_OK && more == 0 && source_broken_lines(from) == 0;
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

/* What says how octets are put in order; 0: another option. */
static int take_stream_option(options *wanted, int option, const char *value) {
  switch (option) {
  case 'p':
    wanted->conn.overlap = overlap_named(program, value);
    return 1;
  case 't':
    wanted->conn.max_tail_bytes = number(value, 0, UINT64_C(1) << 30);
    return 1;
  case 'u':
    wanted->conn.urgent_policy = urgent_named(program, value);
    return 1;
  case 'g':
    wanted->conn.gap_grace_ns = wait_named(program, value);
    return 1;
  case 'w':
    wanted->conn.hole_timeout_ns = wait_named(program, value);
    return 1;
  default:
    return 0;
  }
}

static void take_option(options *wanted, int option, const char *value) {
  if (take_stream_option(wanted, option, value)) {
    return;
  }
  switch (option) {
  case 'f':
    wanted->flow_hash = 1;
    break;
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
    wanted->tracker.max_flows = number(value, 1, 100000000);
    break;
  case 'l':
    wanted->tracker.timeout_ns[TCPFLOW_PHASE_ENDED] =
      number(value, 0, UINT32_MAX) * TCPFLOW_SECOND;
    break;
  case 'd':
    wanted->conn.delivery = delivery_named(program, value);
    break;
  case 'v':
    wanted->tracker.key_flags |= TCPFLOW_KEY_VLAN;
    break;
  case 'n':
    wanted->tracker.key_flags |= TCPFLOW_KEY_NO_TUNNEL;
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
    {"overlap", required_argument, NULL, 'p'},
    {"tail", required_argument, NULL, 't'},
    {"urgent", required_argument, NULL, 'u'},
    {"gap-grace", required_argument, NULL, 'g'},
    {"hole-timeout", required_argument, NULL, 'w'},
    {"verify-checksums", no_argument, NULL, 'c'},
    {"max-flows", required_argument, NULL, 'm'},
    {"linger", required_argument, NULL, 'l'},
    {"delivery", required_argument, NULL, 'd'},
    {"vlan", no_argument, NULL, 'v'},
    {"no-tunnel", no_argument, NULL, 'n'},
    {"key", required_argument, NULL, 'k'},
    {"flow-hash", no_argument, NULL, 'f'},
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
  tcpflow_conn_config_init(&wanted.conn);
  wanted.tracker.conn = &wanted.conn;
  read_arguments(&wanted, argc, argv);
  source *const from = source_open(program, wanted.name);
  const int done = from != NULL && tell_all(&wanted, from);

  source_close(from);
  return finish_output(program) && done ? EXIT_SUCCESS : EXIT_FAILURE;
}
