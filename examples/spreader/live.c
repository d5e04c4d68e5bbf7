/* examples/spreader/live.c - frames of an interface, through libpcap. */
#include "live.h"

#include "common.h"

#include <pcap/pcap.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* Threads read it, so it is more than a sig_atomic_t. */
static atomic_int over;
static _Atomic(pcap_t *) reading; /* What may wait for a frame. */

static void note_signal(int number) {
  pcap_t *const p = atomic_load(&reading);

  (void)number;
  atomic_store(&over, 1);
  if (p != NULL) {
    pcap_breakloop(p);
  }
}

void live_begin(unsigned seconds) {
  struct sigaction action = {.sa_handler = note_signal};

  sigemptyset(&action.sa_mask);
  (void)sigaction(SIGINT, &action, NULL);
  (void)sigaction(SIGTERM, &action, NULL);
  (void)sigaction(SIGALRM, &action, NULL);
  alarm(seconds);
}

int live_over(void) {
  return atomic_load(&over);
}

tcpflow_time live_clock(void) {
  struct timespec now = {0};

  (void)clock_gettime(CLOCK_REALTIME, &now);
  return (tcpflow_time)now.tv_sec * TCPFLOW_SECOND + (tcpflow_time)now.tv_nsec;
}

static int activate(const char *program, const char *interface, pcap_t *p) {
  int status;

  (void)pcap_set_snaplen(p, 262144);
  (void)pcap_set_promisc(p, 1);
  (void)pcap_set_timeout(p, 100);
  (void)pcap_set_tstamp_precision(p, PCAP_TSTAMP_PRECISION_NANO);
  status = pcap_activate(p);
  if (status < 0) {
    const char *const more = pcap_geterr(p);
    complain(program, interface,
             more[0] != '\0' ? more : pcap_statustostr(status));
  }
  return status >= 0;
}

static tcpflow_time time_of(pcap_t *p, const struct timeval *when) {
  const tcpflow_time unit =
    pcap_get_tstamp_precision(p) == PCAP_TSTAMP_PRECISION_NANO ? 1 : 1000;

  return (tcpflow_time)when->tv_sec * TCPFLOW_SECOND +
         (tcpflow_time)when->tv_usec * unit;
}

/* pcap_next_ex() answers 0 when no frame has come for a while. */
static int read_all(pcap_t *p, live_sink *sink, void *user) {
  struct pcap_pkthdr *head;
  const u_char *bytes;
  uint64_t number = 0;
  int status = 0;

  while (!live_over() && (status = pcap_next_ex(p, &head, &bytes)) >= 0) {
    tcpflow_frame frame = {0};

    if (status == 1) {
      frame.time = time_of(p, &head->ts);
      frame.bytes = bytes;
      frame.captured = head->caplen;
      frame.length = head->len;
      frame.link = (uint32_t)pcap_datalink(p);
      frame.number = ++number;
    }
    if (!sink(user, status == 1 ? &frame : NULL)) {
      return -1;
    }
  }
  return status < 0 && !live_over() ? PCAP_ERROR : 0;
}

int live_read(const char *program, const char *interface, live_sink *sink,
              void *user) {
  char problem[PCAP_ERRBUF_SIZE];
  pcap_t *const p = pcap_create(interface, problem);
  int status = -1;

  if (p == NULL) {
    complain(program, interface, problem);
    return 0;
  }
  if (activate(program, interface, p)) {
    atomic_store(&reading, p);
    status = read_all(p, sink, user);
    atomic_store(&reading, NULL);
    if (status != 0) {
      const char *const more = pcap_geterr(p);
      complain(program, interface, more[0] != '\0' ? more : "no memory");
    }
  }
  pcap_close(p);
  return status == 0;
}
