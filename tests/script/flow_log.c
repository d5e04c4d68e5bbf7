/*
 * tests/script/flow_log.c - what a connection tells, as lines of a .flow
 * script.
 *
 * README.md describes the lines.  Data is not printed: it is checked against
 * the pattern that the packets were filled with.
 */
#include "script/flow_log.h"

#include <inttypes.h>
#include <string.h>

#include "script/flow_packet.h"

static int on_new(tcpflow_conn *conn, const tcpflow_new_event *event,
                  void *user) {
  (void)conn;
  fprintf(((flow_log *)user)->out, "  new %s\n",
          tcpflow_side_name(event->side));
  return 0;
}

static void print_verdict(const flow_log *log,
                          const tcpflow_segment_event *event) {
  fprintf(log->out, "  segment %s", tcpflow_side_name(event->side));
  for (unsigned bit = 0; bit < TCPFLOW_VERDICT_COUNT; bit++) {
    if ((event->verdict >> bit & 1) != 0) {
      fprintf(log->out, " %s", tcpflow_verdict_name(bit));
    }
  }
  if (event->urgent != UINT64_MAX) {
    fprintf(log->out, " urgent up to %" PRIu64, event->urgent);
  }
  fprintf(log->out, "\n");
}

/* How sure the states are, where a segment has changed it. */
static void print_proofs(flow_log *log, const tcpflow_proof proof[2]) {
  if (proof[0] == log->proof[0] && proof[1] == log->proof[1]) {
    return;
  }
  memcpy(log->proof, proof, sizeof(log->proof));
  fprintf(log->out, "  proof client %s, server %s\n",
          tcpflow_proof_name(proof[TCPFLOW_SIDE_CLIENT]),
          tcpflow_proof_name(proof[TCPFLOW_SIDE_SERVER]));
}

static int on_segment(tcpflow_conn *conn, const tcpflow_segment_event *event,
                      void *user) {
  flow_log *log = user;

  (void)conn;
  if (log->segments) {
    print_verdict(log, event);
  }
  if (log->proofs) {
    print_proofs(log, event->proof);
  }
  return 0;
}

static int on_state(tcpflow_conn *conn, const tcpflow_state_event *event,
                    void *user) {
  (void)conn;
  fprintf(((flow_log *)user)->out, "  state %s %s -> %s (%s)%s\n",
          tcpflow_side_name(event->side), tcpflow_state_name(event->from),
          tcpflow_state_name(event->to), tcpflow_stimulus_name(event->stimulus),
          event->inferred ? " inferred" : "");
  return 0;
}

/* A round trip in seconds, or `?`. */
static void print_rtt(FILE *out, const char *whose, tcpflow_time rtt) {
  if (rtt == TCPFLOW_TIME_NONE) {
    fprintf(out, " %s ?", whose);
    return;
  }
  fprintf(out, " %s %" PRIu64 ".%06" PRIu64, whose, rtt / TCPFLOW_SECOND,
          rtt % TCPFLOW_SECOND / 1000);
}

static int on_established(tcpflow_conn *conn,
                          const tcpflow_established_event *event, void *user) {
  FILE *out = ((flow_log *)user)->out;

  (void)conn;
  fprintf(out, "  established %s, rtt", tcpflow_open_kind_name(event->kind));
  print_rtt(out, "server", event->rtt_server);
  print_rtt(out, "client", event->rtt_client);
  fprintf(out, "\n");
  return 0;
}

/* Whether the octets continue the pattern of their side. */
static bool is_pattern(flow_log *log, tcpflow_side side,
                       const tcpflow_stream_data *data) {
  if (!log->shift_known[side]) {
    log->shift_known[side] = true;
    while (log->shift[side] < 26 &&
           flow_pattern(side, (uint32_t)(data->offset % 26) +
                                log->shift[side]) != data->bytes[0]) {
      log->shift[side]++;
    }
  }
  for (size_t i = 0; i < data->length; i++) {
    const uint32_t place = (uint32_t)((data->offset + i) % 26);
    if (data->bytes[i] != flow_pattern(side, place + log->shift[side])) {
      return false;
    }
  }
  return true;
}

static int on_data(tcpflow_conn *conn, const tcpflow_data_event *event,
                   void *user) {
  flow_log *log = user;
  const tcpflow_stream_data *data = event->data;

  fprintf(log->out, "  data %s %" PRIu64 ":%" PRIu64 "(%zu)%s%s",
          tcpflow_side_name(event->side), data->offset,
          data->offset + data->length, data->length, data->held ? " held" : "",
          data->unacknowledged ? " unacknowledged" : "");
  if (data->kept != 0) {
    fprintf(log->out, " kept %zu", data->kept);
  }
  if (log->quoted) {
    fprintf(log->out, " \"%.*s\"", (int)data->length,
            (const char *)data->bytes);
  } else if (!is_pattern(log, event->side, data)) {
    fprintf(log->out, " OTHER OCTETS THAN WERE SENT");
  }
  fprintf(log->out, "\n");
  if (log->keeps != 0) {
    (void)tcpflow_conn_keep(
      conn, event->side, log->keeps < data->length ? log->keeps : data->length);
  }
  return 0;
}

static int on_gap(tcpflow_conn *conn, const tcpflow_gap_event *event,
                  void *user) {
  const tcpflow_stream_gap *gap = event->gap;

  (void)conn;
  fprintf(((flow_log *)user)->out,
          "  gap %s %" PRIu64 ":%" PRIu64 "(%" PRIu64 ") %s\n",
          tcpflow_side_name(event->side), gap->offset,
          gap->offset + gap->length, gap->length,
          tcpflow_gap_reason_name(gap->reason));
  return 0;
}

/* What there is of a version. */
static void put_version(FILE *out, const uint8_t *bytes, size_t length) {
  if (bytes != NULL) {
    fprintf(out, " \"%.*s\"", (int)length, (const char *)bytes);
  } else {
    fputs(" ?", out);
  }
}

static int on_conflict(tcpflow_conn *conn, const tcpflow_conflict_event *event,
                       void *user) {
  FILE *const out = ((flow_log *)user)->out;
  const tcpflow_stream_conflict *const conflict = event->conflict;

  (void)conn;
  fprintf(out, "  conflict %s %" PRIu64 ":%" PRIu64 "(%zu)",
          tcpflow_side_name(event->side), conflict->offset,
          conflict->offset + conflict->length, conflict->length);
  put_version(out, conflict->first, conflict->length);
  put_version(out, conflict->second, conflict->length);
  fprintf(out, "%s%s\n", conflict->replaced ? " replaced" : "",
          conflict->delivered ? " delivered" : "");
  return 0;
}

static int on_rst_data(tcpflow_conn *conn, const tcpflow_rst_data_event *event,
                       void *user) {
  flow_log *const log = user;

  (void)conn;
  fprintf(log->out, "  rst-data %s (%" PRIu32 ")",
          tcpflow_side_name(event->side), event->length);
  if (event->captured != event->length) {
    fprintf(log->out, " captured %" PRIu32, event->captured);
  }
  if (log->quoted && event->captured != 0) {
    fprintf(log->out, " \"%.*s\"", (int)event->captured,
            (const char *)event->bytes);
  }
  fprintf(log->out, "\n");
  return 0;
}

static int on_anomaly(tcpflow_conn *conn, const tcpflow_anomaly_event *event,
                      void *user) {
  (void)conn;
  fprintf(((flow_log *)user)->out, "  anomaly %s %s %" PRIu32 "\n",
          tcpflow_side_name(event->side), tcpflow_anomaly_name(event->anomaly),
          event->count);
  return 0;
}

/* `subflow ...`: what Multipath TCP has of a side. */
static void put_subflow_side(const flow_log *log,
                             const tcpflow_subflow_info *info, int side) {
  fprintf(log->out, "; %s", tcpflow_side_name((tcpflow_side)side));
  if (info->key_known[side]) {
    fprintf(log->out, " key %016" PRIx64, info->key[side]);
  }
  if (info->token_known[side]) {
    fprintf(log->out, " token %08" PRIx32, info->token[side]);
  }
  if (info->join_seen[side]) {
    fprintf(log->out, " nonce %08" PRIx32 " address %" PRIu32 "%s",
            info->nonce[side], info->address_id[side],
            info->backup[side] ? " backup" : "");
  }
}

static void put_subflow(const flow_log *log, const tcpflow_subflow_info *info) {
  if (info->kind == TCPFLOW_SUBFLOW_NONE) {
    return;
  }
  fprintf(log->out, "  subflow %s", tcpflow_subflow_kind_name(info->kind));
  if (info->version >= 0) {
    fprintf(log->out, " version %d", info->version);
  }
  fputs(info->fallback ? " fallback" : "", log->out);
  put_subflow_side(log, info, TCPFLOW_SIDE_CLIENT);
  put_subflow_side(log, info, TCPFLOW_SIDE_SERVER);
  fputs("\n", log->out);
}

static void put_facts(const flow_log *log, const tcpflow_conn_info *info,
                      const tcpflow_subflow_info *subflow) {
  fprintf(log->out, "  facts opened %s, client by %s, ecn %s%s\n",
          tcpflow_open_kind_name(info->open_kind),
          tcpflow_role_basis_name(info->role), tcpflow_ecn_name(info->ecn),
          info->one_sided < 0 ? "" : ", one-sided");
  put_subflow(log, subflow);
}

static int on_flip(tcpflow_conn *conn, const tcpflow_flip_event *event,
                   void *user) {
  flow_log *const log = user;
  const bool known = log->shift_known[0];
  const uint32_t shift = log->shift[0];

  (void)conn;
  fprintf(log->out, "  flip: client by %s\n",
          tcpflow_role_basis_name(event->role));
  log->shift_known[0] = log->shift_known[1];
  log->shift_known[1] = known;
  log->shift[0] = log->shift[1];
  log->shift[1] = shift;
  return 0;
}

static int on_urgent(tcpflow_conn *conn, const tcpflow_urgent_event *event,
                     void *user) {
  FILE *const out = ((const flow_log *)user)->out;

  (void)conn;
  fprintf(out, "  urgent %s %" PRIu64, tcpflow_side_name(event->side),
          event->offset);
  if (event->octet >= 0) {
    fprintf(out, " \"%c\"", event->octet);
  }
  fputc('\n', out);
  return 0;
}

static int on_icmp(tcpflow_conn *conn, const tcpflow_icmp_event *event,
                   void *user) {
  FILE *const out = ((flow_log *)user)->out;

  (void)conn;
  fprintf(out, "  icmp %s %s", tcpflow_side_name(event->side),
          tcpflow_icmp_kind_name(event->kind));
  if (event->mtu != 0) {
    fprintf(out, " mtu %" PRIu32, event->mtu);
  }
  fprintf(out, "%s\n", event->plausible ? "" : " implausible");
  return 0;
}

static void put_end(const flow_log *log, const tcpflow_end_event *event,
                    tcpflow_open_kind opened) {
  const bool sided =
    event->reason == TCPFLOW_END_FIN || event->reason == TCPFLOW_END_RESET;

  fprintf(log->out, "  end %s%s%s%s (%s, %s): client %s, server %s\n",
          tcpflow_end_reason_name(event->reason), sided ? " by " : "",
          sided ? tcpflow_side_name(event->side) : "",
          event->simultaneous ? ", simultaneous" : "",
          tcpflow_open_kind_name(opened), tcpflow_close_kind_name(event->kind),
          tcpflow_state_name(event->state[TCPFLOW_SIDE_CLIENT]),
          tcpflow_state_name(event->state[TCPFLOW_SIDE_SERVER]));
}

static int tell_end(flow_log *log, const tcpflow_end_event *event,
                    const tcpflow_conn_info *info,
                    const tcpflow_subflow_info *subflow) {
  if (log->facts) {
    put_facts(log, info, subflow);
  }
  put_end(log, event, info->open_kind);
  log->shift_known[0] = log->shift_known[1] = false;
  log->shift[0] = log->shift[1] = 0;
  return 0;
}

static int on_end(tcpflow_conn *conn, const tcpflow_end_event *event,
                  void *user) {
  tcpflow_conn_info info;
  tcpflow_subflow_info subflow;

  tcpflow_conn_info_init(&info);
  tcpflow_subflow_info_init(&subflow);
  (void)tcpflow_conn_get_info(conn, &info);
  (void)tcpflow_conn_get_subflow(conn, &subflow);
  return tell_end(user, event, &info, &subflow);
}

void flow_log_callbacks(tcpflow_conn_callbacks *callbacks) {
  tcpflow_conn_callbacks_init(callbacks);
  callbacks->on_new = on_new;
  callbacks->on_segment = on_segment;
  callbacks->on_state = on_state;
  callbacks->on_established = on_established;
  callbacks->on_data = on_data;
  callbacks->on_gap = on_gap;
  callbacks->on_anomaly = on_anomaly;
  callbacks->on_flip = on_flip;
  callbacks->on_icmp = on_icmp;
  callbacks->on_urgent = on_urgent;
  callbacks->on_conflict = on_conflict;
  callbacks->on_rst_data = on_rst_data;
  callbacks->on_end = on_end;
}

int flow_log_tell(flow_log *log, const tcpflow_event *event) {
  tcpflow_conn *const conn = event->conn;

  switch (event->kind) {
  case TCPFLOW_EVENT_NEW:
    return on_new(conn, event->as.begin, log);
  case TCPFLOW_EVENT_SEGMENT:
    return on_segment(conn, event->as.segment, log);
  case TCPFLOW_EVENT_STATE:
    return on_state(conn, event->as.state, log);
  case TCPFLOW_EVENT_ESTABLISHED:
    return on_established(conn, event->as.established, log);
  case TCPFLOW_EVENT_DATA:
    return on_data(conn, event->as.data, log);
  case TCPFLOW_EVENT_GAP:
    return on_gap(conn, event->as.gap, log);
  case TCPFLOW_EVENT_ANOMALY:
    return on_anomaly(conn, event->as.anomaly, log);
  case TCPFLOW_EVENT_END:
    return tell_end(log, event->as.end, event->info, event->subflow);
  case TCPFLOW_EVENT_FLIP:
    return on_flip(conn, event->as.flip, log);
  case TCPFLOW_EVENT_ICMP:
    return on_icmp(conn, event->as.icmp, log);
  case TCPFLOW_EVENT_URGENT:
    return on_urgent(conn, event->as.urgent, log);
  case TCPFLOW_EVENT_CONFLICT:
    return on_conflict(conn, event->as.conflict, log);
  case TCPFLOW_EVENT_RST_DATA:
    return on_rst_data(conn, event->as.rst_data, log);
  case TCPFLOW_EVENT_COUNT:
    break;
  }
  return -1;
}
