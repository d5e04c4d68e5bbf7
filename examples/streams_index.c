/*
 * streams_index.c - the index of what streams writes: JSON objects, one a line.
 * doc/streams.md describes them.  There is no text in it that needs escaping.
 */
#include <inttypes.h>

#include "streams_index.h"

/* Seconds with all decimals. */
static void index_time(writer *to, const char *name, tcpflow_time time) {
  fprintf(to->index, ", \"%s\": %" PRIu64 ".%09" PRIu64, name,
          time / TCPFLOW_SECOND, time % TCPFLOW_SECOND);
}

/* What all events of one direction begin with, ... */
static void begin(writer *to, const char *event, const connection *c,
                  tcpflow_side side, uint64_t offset) {
  fprintf(to->index,
          "{\"event\": \"%s\", \"conn\": %" PRIu64
          ", \"side\": \"%s\", \"offset\": %" PRIu64,
          event, c->number, tcpflow_side_name(side), offset);
}

/* ... and end with. */
static int end(writer *to, tcpflow_time time) {
  index_time(to, "time", time);
  return fputs("}\n", to->index) < 0 || ferror(to->index)
           ? fail(to, "index.jsonl")
           : 0;
}

int index_gap(writer *to, const connection *c, const tcpflow_gap_event *event) {
  const tcpflow_stream_gap *const gap = event->gap;

  begin(to, "gap", c, event->side, gap->offset);
  fprintf(to->index,
          ", \"length\": %" PRIu64
          ", \"reason\": \"%s\", \"file_offset\": %" PRIu64,
          gap->length, tcpflow_gap_reason_name(gap->reason),
          to->fill ? gap->offset : c->side[event->side].written);
  return end(to, event->time);
}

int index_unacknowledged(writer *to, const connection *c,
                         const tcpflow_data_event *event, size_t length) {
  const uint64_t offset = event->data->offset;

  begin(to, "unacknowledged", c, event->side, offset);
  fprintf(to->index, ", \"length\": %zu, \"file_offset\": %" PRIu64, length,
          to->fill ? offset : c->side[event->side].written);
  return end(to, event->time);
}

int index_conflict(writer *to, const connection *c,
                   const tcpflow_conflict_event *event) {
  const tcpflow_stream_conflict *const conflict = event->conflict;

  begin(to, "conflict", c, event->side, conflict->offset);
  fprintf(to->index, ", \"length\": %zu, \"replaced\": %s, \"delivered\": %s",
          conflict->length, conflict->replaced ? "true" : "false",
          conflict->delivered ? "true" : "false");
  return end(to, event->time);
}

int index_urgent(writer *to, const connection *c,
                 const tcpflow_urgent_event *event) {
  begin(to, "urgent", c, event->side, event->offset);
  if (event->octet < 0) {
    fputs(", \"octet\": null", to->index);
  } else {
    fprintf(to->index, ", \"octet\": %d", event->octet);
  }
  return end(to, event->time);
}

static void index_side(writer *to, const stream *s, tcpflow_side side) {
  fprintf(to->index, ", \"%s\": {\"file\": ", tcpflow_side_name(side));
  if (s->name == NULL) {
    fputs("null", to->index);
  } else {
    fprintf(to->index, "\"%s\"", s->name);
  }
  fprintf(to->index,
          ", \"written\": %" PRIu64 ", \"length\": %" PRIu64 ", \"cut\": %s",
          s->written, s->length, s->cut ? "true" : "false");
  if (s->name != NULL) {
    index_time(to, "first", s->first);
    index_time(to, "last", s->last);
  }
  fputs("}", to->index);
}

int index_connection(writer *to, const connection *c, const tcpflow_conn *conn,
                     const tcpflow_end_event *event) {
  tcpflow_tuple tuple;
  char text[2][46];

  (void)tcpflow_conn_get_tuple(conn, &tuple); /* A tracker's has one. */
  for (int side = 0; side < 2; side++) {
    tcpflow_text_address(text[side], sizeof(text[side]), tuple.version,
                         tuple.address[side]);
  }
  fprintf(to->index,
          "{\"event\": \"end\", \"conn\": %" PRIu64
          ", \"tuple\": [\"%s\", %u, \"%s\", %u], \"reason\": \"%s\"",
          c->number, text[0], (unsigned)tuple.port[0], text[1],
          (unsigned)tuple.port[1], tcpflow_end_reason_name(event->reason));
  index_side(to, &c->side[0], TCPFLOW_SIDE_CLIENT);
  index_side(to, &c->side[1], TCPFLOW_SIDE_SERVER);
  return fputs("}\n", to->index) < 0 || ferror(to->index)
           ? fail(to, "index.jsonl")
           : 0;
}
