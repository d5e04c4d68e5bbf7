/*
 * examples/events_log.c - callbacks that write each event as a line of JSON on
 * standard output.
 */
#include "events_log.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "events_json.h"

/* What an event is about. */
typedef struct subject {
  const events_log *log;
  const tcpflow_conn *conn;
} subject;

static void print_flow(subject of) {
  tcpflow_tuple tuple;

  if (of.log->flow_hash &&
      tcpflow_conn_get_tuple(of.conn, &tuple) == TCPFLOW_OK) {
    printf(",\"flow\":\"%016" PRIx64 "\"",
           tcpflow_flow_hash(&tuple, of.log->key, of.log->key_flags));
  }
}

/*
 * Writes a line and takes the object.  What stands in front of the event's own
 * members is written here: a time of day with nine decimals has more digits
 * than a double of jansson's keeps.
 */
static int tell(subject of, const tcpflow_segment *cause, tcpflow_time time,
                const char *event, json_t *members) {
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
  print_flow(of);
  printf(",\"time\":%" PRIu64 ".%09" PRIu64 ",\"conn\":%" PRIuPTR
         ",\"event\":\"%s\",%s\n",
         time / TCPFLOW_SECOND, time % TCPFLOW_SECOND,
         (uintptr_t)tcpflow_conn_user_data(of.conn), event, text + 1);
  free(text);
  return ferror(stdout);
}

/* A connection's number is what is attached to it. */
static int on_new(tcpflow_conn *conn, const tcpflow_new_event *event,
                  void *user) {
  events_log *const log = user;

  tcpflow_conn_set_user_data(conn, (void *)log->connections);
  log->connections++;
  return tell((subject){user, conn}, event->cause, event->time, "new",
              events_json_new(event, log->text));
}

static int on_segment(tcpflow_conn *conn, const tcpflow_segment_event *event,
                      void *user) {
  return tell((subject){user, conn}, event->segment, event->time, "segment",
              events_json_segment(event));
}

static int on_state(tcpflow_conn *conn, const tcpflow_state_event *event,
                    void *user) {
  return tell((subject){user, conn}, event->cause, event->time, "state",
              events_json_state(event));
}

static int on_established(tcpflow_conn *conn,
                          const tcpflow_established_event *event, void *user) {
  return tell((subject){user, conn}, event->cause, event->time, "established",
              events_json_established(event));
}

static int on_data(tcpflow_conn *conn, const tcpflow_data_event *event,
                   void *user) {
  return tell((subject){user, conn}, event->cause, event->time, "data",
              events_json_data(event, ((const events_log *)user)->bytes));
}

static int on_gap(tcpflow_conn *conn, const tcpflow_gap_event *event,
                  void *user) {
  return tell((subject){user, conn}, event->cause, event->time, "gap",
              events_json_gap(event));
}

static int on_urgent(tcpflow_conn *conn, const tcpflow_urgent_event *event,
                     void *user) {
  return tell((subject){user, conn}, event->cause, event->time, "urgent",
              events_json_urgent(event));
}

static int on_conflict(tcpflow_conn *conn, const tcpflow_conflict_event *event,
                       void *user) {
  return tell((subject){user, conn}, event->cause, event->time, "conflict",
              events_json_conflict(event, ((const events_log *)user)->bytes));
}

static int on_rst_data(tcpflow_conn *conn, const tcpflow_rst_data_event *event,
                       void *user) {
  return tell((subject){user, conn}, event->cause, event->time, "rst-data",
              events_json_rst_data(event, ((const events_log *)user)->bytes));
}

static int on_anomaly(tcpflow_conn *conn, const tcpflow_anomaly_event *event,
                      void *user) {
  return tell((subject){user, conn}, event->cause, event->time, "anomaly",
              events_json_anomaly(event));
}

static int on_flip(tcpflow_conn *conn, const tcpflow_flip_event *event,
                   void *user) {
  return tell((subject){user, conn}, event->cause, event->time, "flip",
              events_json_flip(event, ((const events_log *)user)->text));
}

static int on_icmp(tcpflow_conn *conn, const tcpflow_icmp_event *event,
                   void *user) {
  return tell((subject){user, conn}, NULL, event->time, "icmp",
              events_json_icmp(event));
}

static int on_end(tcpflow_conn *conn, const tcpflow_end_event *event,
                  void *user) {
  return tell((subject){user, conn}, event->cause, event->time, "end",
              events_json_end(conn, event));
}

void events_log_callbacks(tcpflow_conn_callbacks *callbacks, int segments) {
  tcpflow_conn_callbacks_init(callbacks);
  callbacks->on_new = on_new;
  callbacks->on_segment = segments ? on_segment : NULL;
  callbacks->on_state = on_state;
  callbacks->on_established = on_established;
  callbacks->on_data = on_data;
  callbacks->on_gap = on_gap;
  callbacks->on_anomaly = on_anomaly;
  callbacks->on_end = on_end;
  callbacks->on_flip = on_flip;
  callbacks->on_icmp = on_icmp;
  callbacks->on_urgent = on_urgent;
  callbacks->on_conflict = on_conflict;
  callbacks->on_rst_data = on_rst_data;
}
