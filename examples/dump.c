/*
 * examples/dump.c - prints the TCP packets of a capture as tcpdump -nn does.
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "common.h"

static const char program[] = "dump";

static const char help[] =
  "usage: dump [-#enSv] [-t...] [--nano] [--states] FILE|-\n"
  "Prints the TCP packets of a capture, or of tcpdump text, as tcpdump does.\n"
  "  -n, -nn   accepted: addresses and ports are always numbers\n"
  "  -#        number of the packet\n"
  "  -e        link headers\n"
  "  -S        absolute sequence numbers\n"
  "  -v        fields of IP headers, and checksums\n"
  "  -t        no time;            -tt     seconds since 1970\n"
  "  -ttt      since the line before;      -tttt  date and time\n"
  "  -ttttt    since the first line\n"
  "  --nano    nine decimals\n"
  "  --states  client's and server's state after the packet, and the verdict\n"
  "  --help, --version";

typedef struct dump {
  tcpflow_printer_config config;
  tcpflow_printer *printer;
  tcpflow_tracker *tracker; /* NULL: states are not wanted. */
  int states;
  int numbers;
  int judged; /* The tracker has told of the latest packet: */
  tcpflow_verdict verdict;
  tcpflow_state after[2];
} dump;

static int on_segment(tcpflow_conn *conn, const tcpflow_segment_event *event,
                      void *user) {
  dump *const all = user;

  (void)conn;
  all->judged = 1;
  all->verdict = event->verdict;
  all->after[TCPFLOW_SIDE_CLIENT] = event->after[TCPFLOW_SIDE_CLIENT];
  all->after[TCPFLOW_SIDE_SERVER] = event->after[TCPFLOW_SIDE_SERVER];
  return 0; /* Go on. */
}

static void print_states(const dump *all) {
  printf(" {%s, %s}", tcpflow_state_name(all->after[TCPFLOW_SIDE_CLIENT]),
         tcpflow_state_name(all->after[TCPFLOW_SIDE_SERVER]));
  for (unsigned bit = 0; bit < TCPFLOW_VERDICT_COUNT; bit++) {
    if ((all->verdict >> bit & 1) != 0) {
      printf(" %s", tcpflow_verdict_name(bit));
    }
  }
}

static int print_frame(dump *all, const tcpflow_frame *frame) {
  char line[8 * TCPFLOW_TEXT_LINE_MAX]; /* Long lists of options too. */
  tcpflow_packet packet;

  all->judged = 0;
  int error = all->tracker == NULL
                ? TCPFLOW_OK
                : tcpflow_tracker_feed(all->tracker, frame, 1, NULL);
  tcpflow_packet_init(&packet);
  if (error == TCPFLOW_OK) {
    error = tcpflow_packet_decode(&packet, frame, NULL);
  }
  if (error != TCPFLOW_OK) {
    return error;
  }
  tcpflow_printer_set_zone(all->printer, local_zone(frame->time));
  error = tcpflow_printer_line(all->printer, &packet, line, sizeof(line), NULL);
  if (error != TCPFLOW_OK) {
    return error == TCPFLOW_ERR_INVALID ? TCPFLOW_OK : error; /* Not TCP. */
  }
  if (all->numbers) {
    printf("%5" PRIu64 "  ", frame->number);
  }
  fputs(line, stdout);
  if (all->judged) {
    print_states(all);
  }
  putchar('\n');
  return TCPFLOW_OK;
}

static int print_all(dump *all, const char *name) {
  source *const from = source_open(program, name);
  tcpflow_conn_callbacks callbacks;
  tcpflow_frame frame;
  int more = 0;

  if (from == NULL) {
    return 0;
  }
  tcpflow_conn_callbacks_init(&callbacks);
  callbacks.on_segment = on_segment;
  int error = tcpflow_printer_new(&all->printer, &all->config, NULL);
  if (error == TCPFLOW_OK && all->states) {
    error = tcpflow_tracker_new(&all->tracker, NULL, &callbacks, NULL, all);
  }
  while (error == TCPFLOW_OK && (more = source_next(from, &frame)) > 0) {
    error = print_frame(all, &frame);
  }
  if (error != TCPFLOW_OK) {
    complain(program, name, tcpflow_strerror(error));
  }
  tcpflow_tracker_del(all->tracker);
  tcpflow_printer_del(all->printer);
  const int whole = more == 0 && source_broken_lines(from) == 0;
  source_close(from);
  return error == TCPFLOW_OK && whole;
}

static int use_option(dump *all, int option, unsigned *times) {
  switch (option) {
  case 'S':
    all->config.absolute = 1;
    return 1;
  case 'e':
    all->config.link_header = 1;
    return 1;
  case 'v':
    all->config.verbose = 1;
    return 1;
  case '#':
    all->numbers = 1;
    return 1;
  case 't':
    *times += *times < TCPFLOW_TIME_STYLE_SINCE;
    all->config.time = *times; /* -t, -tt, ... in order. */
    return 1;
  case 'N':
    all->config.nanoseconds = 1;
    return 1;
  case 's':
    all->states = 1;
    return 1;
  default:
    return option == 'n';
  }
}

int main(int argc, char **argv) {
  static const struct option names[] = {{"nano", no_argument, NULL, 'N'},
                                        {"states", no_argument, NULL, 's'},
                                        {"help", no_argument, NULL, 'h'},
                                        {"version", no_argument, NULL, 'V'},
                                        {NULL, 0, NULL, 0}};
  dump all = {.tracker = NULL};
  unsigned times = 0;
  int wrong = 0;
  int c;

  tcpflow_printer_config_init(&all.config);
  while ((c = getopt_long(argc, argv, "#enStv", names, NULL)) != -1) {
    if (c == 'h' || c == 'V') {
      printf("%s%s\n", c == 'h' ? help : "dump, of libtcpflow ",
             c == 'h' ? "" : tcpflow_version(NULL));
      return finish_output(program) ? EXIT_SUCCESS : EXIT_FAILURE;
    }
    wrong |= !use_option(&all, c, &times);
  }
  if (wrong || optind + 1 != argc) {
    fprintf(stderr, "%s\n", help);
    return 2;
  }
  const int done = print_all(&all, argv[optind]);
  return finish_output(program) && done ? EXIT_SUCCESS : EXIT_FAILURE;
}
