/*
 * examples/events_json.c - the events of a connection as JSON objects.
 *
 * json_pack() takes a NULL object where "o" is asked for as a failure of the
 * whole, so one check at the end of the line is enough.
 */
#include "events_json.h"

#include <stdlib.h>

/* A position, a duration or a number that may be unknown: null then. */
static json_t *number_or_null(int known, uint64_t number) {
  return known ? json_integer((json_int_t)number) : json_null();
}

/* Round trips are far below a second: whole nanoseconds stay exact. */
static json_t *duration(tcpflow_time ns) {
  return number_or_null(ns != TCPFLOW_TIME_NONE, ns);
}

/* Two words, by side. */
static json_t *by_side(const char *client, const char *server) {
  return json_pack("{s:s, s:s}", tcpflow_side_name(TCPFLOW_SIDE_CLIENT), client,
                   tcpflow_side_name(TCPFLOW_SIDE_SERVER), server);
}

static json_t *states(const tcpflow_state state[2]) {
  return by_side(tcpflow_state_name(state[TCPFLOW_SIDE_CLIENT]),
                 tcpflow_state_name(state[TCPFLOW_SIDE_SERVER]));
}

static json_t *proofs(const tcpflow_proof proof[2]) {
  return by_side(tcpflow_proof_name(proof[TCPFLOW_SIDE_CLIENT]),
                 tcpflow_proof_name(proof[TCPFLOW_SIDE_SERVER]));
}

/* A host name where there is one and JSON can hold it, or the address. */
static json_t *host(const tcpflow_text_reader *text, const tcpflow_tuple *tuple,
                    tcpflow_side side) {
  char address[46];

  if (text != NULL) {
    const char *const name =
      tcpflow_text_reader_host(text, tuple->version, tuple->address[side]);
    json_t *const string = name != NULL ? json_string(name) : NULL;
    if (string != NULL) {
      return string;
    }
  }
  tcpflow_text_address(address, sizeof(address), tuple->version,
                       tuple->address[side]);
  return json_string(address);
}

/* Who a connection is between, client first. */
static json_t *ends(const tcpflow_text_reader *text,
                    const tcpflow_tuple *tuple) {
  return json_pack("[o, i, o, i]", host(text, tuple, TCPFLOW_SIDE_CLIENT),
                   (int)tuple->port[TCPFLOW_SIDE_CLIENT],
                   host(text, tuple, TCPFLOW_SIDE_SERVER),
                   (int)tuple->port[TCPFLOW_SIDE_SERVER]);
}

json_t *events_json_new(const tcpflow_new_event *event,
                        const tcpflow_text_reader *text) {
  return json_pack("{s:o, s:s, s:s}", "tuple", ends(text, event->tuple), "side",
                   tcpflow_side_name(event->side), "role",
                   tcpflow_role_basis_name(event->role));
}

json_t *events_json_flip(const tcpflow_flip_event *event,
                         const tcpflow_text_reader *text) {
  return json_pack("{s:o, s:s}", "tuple", ends(text, event->tuple), "role",
                   tcpflow_role_basis_name(event->role));
}

/* The names of the bits that are set, from bit 0 on. */
static json_t *verdict_names(tcpflow_verdict verdict) {
  json_t *names = json_array();

  for (unsigned bit = 0; names != NULL && bit < TCPFLOW_VERDICT_COUNT; bit++) {
    if ((verdict >> bit & 1) != 0 &&
        json_array_append_new(names, json_string(tcpflow_verdict_name(bit)))) {
      json_decref(names);
      return NULL;
    }
  }
  return names;
}

/* The segment's own numbers, as on the wire. */
static json_t *segment_numbers(const tcpflow_segment *segment) {
  char flags[16];

  tcpflow_text_flags(flags, sizeof(flags), segment->flags);
  return json_pack(
    "{s:I, s:o, s:s, s:i, s:o, s:I, s:I, s:s}", "seq", (json_int_t)segment->seq,
    "ack",
    number_or_null((segment->flags & TCPFLOW_FLAG_ACK) != 0, segment->ack),
    "flags", flags, "window", (int)segment->window, "urgent",
    number_or_null((segment->flags & TCPFLOW_FLAG_URG) != 0, segment->urgent),
    "payload_length", (json_int_t)segment->payload_length, "payload_captured",
    (json_int_t)segment->payload_captured, "checksum",
    tcpflow_checksum_name((tcpflow_checksum)segment->checksum));
}

json_t *events_json_segment(const tcpflow_segment_event *event) {
  return json_pack(
    "{s:o, s:o, s:o, s:I, s:b, s:s, s:o, s:o, s:o, s:o}", "segment",
    segment_numbers(event->segment), "verdict", verdict_names(event->verdict),
    "offset", number_or_null(event->offset != UINT64_MAX, event->offset),
    "window", (json_int_t)event->window, "window_known", event->window_known,
    "side", tcpflow_side_name(event->side), "before", states(event->before),
    "after", states(event->after), "proof", proofs(event->proof), "urgent",
    number_or_null(event->urgent != UINT64_MAX, event->urgent));
}

json_t *events_json_state(const tcpflow_state_event *event) {
  return json_pack("{s:s, s:s, s:s, s:s, s:b, s:s}", "side",
                   tcpflow_side_name(event->side), "from",
                   tcpflow_state_name(event->from), "to",
                   tcpflow_state_name(event->to), "stimulus",
                   tcpflow_stimulus_name(event->stimulus), "inferred",
                   event->inferred, "proof", tcpflow_proof_name(event->proof));
}

json_t *events_json_established(const tcpflow_established_event *event) {
  return json_pack("{s:s, s:o, s:o}", "kind",
                   tcpflow_open_kind_name(event->kind), "rtt_server",
                   duration(event->rtt_server), "rtt_client",
                   duration(event->rtt_client));
}

/* Two digits an octet; the caller frees it. */
static char *hexadecimal(const uint8_t *bytes, size_t length) {
  static const char digits[] = "0123456789abcdef";
  char *text = malloc(2 * length + 1);

  if (text != NULL) {
    for (size_t i = 0; i < length; i++) {
      text[2 * i] = digits[bytes[i] >> 4];
      text[2 * i + 1] = digits[bytes[i] & 15];
    }
    text[2 * length] = '\0';
  }
  return text;
}

/* Adds octets in hexadecimal, unless the object failed before; answers it, or
   NULL. */
static json_t *with_octets(json_t *object, const char *name,
                           const uint8_t *bytes, size_t length) {
  char *text = NULL;
  int failed = 0;

  if (object == NULL) {
    return NULL;
  }
  text = hexadecimal(bytes, length);
  failed =
    json_object_set_new(object, name, text != NULL ? json_string(text) : NULL);
  free(text);
  if (failed) {
    json_decref(object);
    return NULL;
  }
  return object;
}

json_t *events_json_data(const tcpflow_data_event *event, int with_bytes) {
  const tcpflow_stream_data *data = event->data;
  json_t *object =
    json_pack("{s:s, s:I, s:I, s:b}", "side", tcpflow_side_name(event->side),
              "offset", (json_int_t)data->offset, "length",
              (json_int_t)data->length, "held", data->held);
  if (object != NULL && data->unacknowledged &&
      json_object_set_new(object, "unacknowledged", json_true()) != 0) {
    json_decref(object);
    return NULL;
  }

  return with_bytes ? with_octets(object, "bytes", data->bytes, data->length)
                    : object;
}

json_t *events_json_gap(const tcpflow_gap_event *event) {
  return json_pack(
    "{s:s, s:I, s:I, s:s}", "side", tcpflow_side_name(event->side), "offset",
    (json_int_t)event->gap->offset, "length", (json_int_t)event->gap->length,
    "reason", tcpflow_gap_reason_name(event->gap->reason));
}

json_t *events_json_urgent(const tcpflow_urgent_event *event) {
  json_t *const octet =
    event->octet < 0 ? json_null() : json_integer(event->octet);

  return json_pack("{s:s, s:I, s:o}", "side", tcpflow_side_name(event->side),
                   "offset", (json_int_t)event->offset, "octet", octet);
}

json_t *events_json_conflict(const tcpflow_conflict_event *event,
                             int with_bytes) {
  const tcpflow_stream_conflict *conflict = event->conflict;
  json_t *object = json_pack(
    "{s:s, s:I, s:I, s:b, s:b, s:o}", "side", tcpflow_side_name(event->side),
    "offset", (json_int_t)conflict->offset, "length",
    (json_int_t)conflict->length, "replaced", conflict->replaced, "delivered",
    conflict->delivered, "first_frame",
    number_or_null(conflict->first_number != UINT64_MAX,
                   conflict->first_number));

  if (!with_bytes) {
    return object;
  }
  /* Of digests, what came first is not known. */
  if (conflict->first != NULL) {
    object = with_octets(object, "first", conflict->first, conflict->length);
  }
  return with_octets(object, "second", conflict->second, conflict->length);
}

json_t *events_json_rst_data(const tcpflow_rst_data_event *event,
                             int with_bytes) {
  json_t *object = json_pack(
    "{s:s, s:I, s:I}", "side", tcpflow_side_name(event->side), "length",
    (json_int_t)event->length, "captured", (json_int_t)event->captured);

  return with_bytes
           ? with_octets(object, "bytes", event->bytes, event->captured)
           : object;
}

json_t *events_json_anomaly(const tcpflow_anomaly_event *event) {
  return json_pack(
    "{s:s, s:s, s:I}", "anomaly", tcpflow_anomaly_name(event->anomaly), "side",
    tcpflow_side_name(event->side), "count", (json_int_t)event->count);
}

json_t *events_json_icmp(const tcpflow_icmp_event *event) {
  return json_pack(
    "{s:s, s:s, s:I, s:I, s:b}", "kind", tcpflow_icmp_kind_name(event->kind),
    "side", tcpflow_side_name(event->side), "seq", (json_int_t)event->seq,
    "mtu", (json_int_t)event->mtu, "plausible", event->plausible);
}

json_t *events_json_end(const tcpflow_conn *conn,
                        const tcpflow_end_event *event) {
  const int side_means_something =
    event->reason == TCPFLOW_END_FIN || event->reason == TCPFLOW_END_RESET;
  tcpflow_conn_info info;

  tcpflow_conn_info_init(&info);
  if (tcpflow_conn_get_info(conn, &info) != TCPFLOW_OK) {
    return NULL;
  }
  return json_pack("{s:s, s:s?, s:b, s:o, s:s, s:s}", "reason",
                   tcpflow_end_reason_name(event->reason), "side",
                   side_means_something ? tcpflow_side_name(event->side) : NULL,
                   "simultaneous", event->simultaneous, "state",
                   states(event->state), "kind",
                   tcpflow_close_kind_name(event->kind), "open_kind",
                   tcpflow_open_kind_name(info.open_kind));
}
