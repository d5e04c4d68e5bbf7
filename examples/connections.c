/* connections.c - says what becomes of every TCP connection in a capture. */
#include <pcap/pcap.h>
#include <stdio.h>
#include <tcpflow/tcpflow.h>

static int tell(const tcpflow_conn *conn, const char *what, const char *how) {
  char ends[TCPFLOW_TEXT_TUPLE_MAX];
  tcpflow_tuple tuple;

  (void)tcpflow_conn_get_tuple(conn, &tuple); /* A tracker's has one. */
  tcpflow_text_tuple(ends, sizeof(ends), &tuple);
  printf("%s %s: %s\n", ends, what, how);
  return 0; /* Go on. */
}

static int on_established(tcpflow_conn *conn,
                          const tcpflow_established_event *event, void *user) {
  (void)user;
  return tell(conn, "established", tcpflow_open_kind_name(event->kind));
}

static int on_end(tcpflow_conn *conn, const tcpflow_end_event *event,
                  void *user) {
  (void)user;
  return tell(conn, "end", tcpflow_end_reason_name(event->reason));
}

int main(int argc, char **argv) {
  char problem[PCAP_ERRBUF_SIZE] = "usage: connections FILE|-";
  pcap_t *capture = argc == 2 ? pcap_open_offline(argv[1], problem) : NULL;
  tcpflow_conn_callbacks callbacks;
  tcpflow_tracker *tracker = NULL;

  tcpflow_conn_callbacks_init(&callbacks);
  callbacks.on_established = on_established;
  callbacks.on_end = on_end;
  if (capture == NULL ||
      tcpflow_tracker_new(&tracker, NULL, &callbacks, NULL, NULL) != 0) {
    fprintf(stderr, "%s: %s\n", argv[argc == 2], problem);
    return 1;
  }

  struct pcap_pkthdr *head;
  const u_char *bytes;
  int more;
  while ((more = pcap_next_ex(capture, &head, &bytes)) == 1) {
    const tcpflow_frame frame = {
      .time = (tcpflow_time)head->ts.tv_sec * TCPFLOW_SECOND +
              (tcpflow_time)head->ts.tv_usec * 1000,
      .bytes = bytes,
      .captured = head->caplen,
      .length = head->len,
      .link = (uint32_t)pcap_datalink(capture),
    };
    (void)tcpflow_tracker_feed(tracker, &frame, 1, NULL);
  }
  if (more == PCAP_ERROR) {
    pcap_perror(capture, argv[1]);
  }
  tcpflow_tracker_del(tracker); /* Tells the end of what is still open. */
  pcap_close(capture);
  return more == PCAP_ERROR;
}
