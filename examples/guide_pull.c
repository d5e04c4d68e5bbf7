/*
 * guide_pull.c - the events of connections, taken in a loop.  The guide quotes
 * it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <tcpflow/tcpflow.h>

/* What the program is fed with: the second word is captured first. */
static const struct {
  tcpflow_side sender;
  uint16_t flags;
  tcpflow_seq seq;
  tcpflow_seq ack;
  const char *payload;
} segments[] = {
  {TCPFLOW_SIDE_CLIENT, TCPFLOW_FLAG_SYN, 1000, 0, ""},
  {TCPFLOW_SIDE_SERVER, TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_ACK, 5000, 1001, ""},
  {TCPFLOW_SIDE_CLIENT, TCPFLOW_FLAG_ACK, 1007, 5001, "world"},
  {TCPFLOW_SIDE_CLIENT, TCPFLOW_FLAG_ACK, 1001, 5001, "hello "},
  {TCPFLOW_SIDE_SERVER, TCPFLOW_FLAG_RST | TCPFLOW_FLAG_ACK, 5001, 1012, ""}};

/* Packet I, between 192.0.2.1 port 40000 and 198.51.100.1 port 80. */
static int build(tcpflow_frame *frame, uint8_t *room, size_t size, size_t i) {
  tcpflow_tuple tuple = {.version = 4,
                         .address = {{192, 0, 2, 1}, {198, 51, 100, 1}},
                         .port = {40000, 80}};
  tcpflow_build_tcp tcp;
  int error;

  if (segments[i].sender == TCPFLOW_SIDE_SERVER) {
    tuple = tcpflow_tuple_swap(&tuple);
  }
  tcpflow_build_tcp_init(&tcp);
  tcp.flags = segments[i].flags;
  tcp.seq = segments[i].seq;
  tcp.ack = segments[i].ack;
  tcp.window = 64240;
  tcp.payload = (const uint8_t *)segments[i].payload;
  tcp.payload_captured = (uint32_t)strlen(segments[i].payload);
  tcp.payload_length = tcp.payload_captured;
  error =
    tcpflow_build_segment(frame, room, size, TCPFLOW_LINK_RAW, &tuple, &tcp);
  frame->time = i * 10 * TCPFLOW_MILLISECOND;
  return error;
}

static void print_end(const tcpflow_event *event) {
  printf("end by %s after %" PRIu64 " ms, client sent %" PRIu64 " octets\n",
         tcpflow_end_reason_name(event->as.end->reason),
         (event->info->last - event->info->first) / TCPFLOW_MILLISECOND,
         event->endpoint[TCPFLOW_SIDE_CLIENT].delivered);
}

//! [take]
static void take_event(const tcpflow_event *event) {
  if (event->kind == TCPFLOW_EVENT_NEW) {
    printf("new, %u to %u\n", event->as.begin->tuple->port[0],
           event->as.begin->tuple->port[1]);
  } else if (event->kind == TCPFLOW_EVENT_DATA) {
    const tcpflow_stream_data *data = event->as.data->data;
    printf("%s \"%.*s\"\n", tcpflow_side_name(event->as.data->side),
           (int)data->length, (const char *)data->bytes);
  } else if (event->kind == TCPFLOW_EVENT_END) {
    print_end(event);
  }
}

static void take_events(tcpflow_queue *queue) {
  const tcpflow_event *event;

  while ((event = tcpflow_queue_next(queue)) != NULL) {
    take_event(event);
  }
}
//! [take]

static int run(tcpflow_tracker *tracker, tcpflow_queue *queue) {
  const size_t count = sizeof(segments) / sizeof(*segments);
  int error = 0;

  for (size_t i = 0; i < count && error == 0; i++) {
    uint8_t room[256];
    tcpflow_frame frame;
    error = build(&frame, room, sizeof(room), i);
    if (error != 0) {
      break;
    }
    //! [feed]
    error = tcpflow_tracker_feed(tracker, &frame, 1, NULL);
    take_events(queue);
    if (tcpflow_queue_error(queue) != 0) {
      fprintf(stderr, "events were lost: the queue is too small\n");
    }
    //! [feed]
  }
  if (error == 0) {
    error = tcpflow_tracker_flush(tracker);
    take_events(queue);
  }
  return error;
}

int main(void) {
  //! [make]
  const uint64_t wanted = TCPFLOW_EVENT_BIT(TCPFLOW_EVENT_NEW) |
                          TCPFLOW_EVENT_BIT(TCPFLOW_EVENT_DATA) |
                          TCPFLOW_EVENT_BIT(TCPFLOW_EVENT_END);
  tcpflow_queue *queue;
  int error = tcpflow_queue_new(&queue, wanted, 0, NULL);
  //! [make]
  tcpflow_tracker *tracker;

  if (error == 0) {
    error = tcpflow_tracker_new(&tracker, NULL, tcpflow_queue_callbacks(queue),
                                NULL, queue);
    if (error == 0) {
      error = run(tracker, queue);
      tcpflow_tracker_del(tracker); /* In front of the queue that it tells. */
    }
    tcpflow_queue_del(queue);
  }
  if (error != 0) {
    fprintf(stderr, "guide_pull: %s\n", tcpflow_strerror(error));
  }
  return error != 0;
}
