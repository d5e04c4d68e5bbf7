/*
 * lib/conn/connrecord.c - a connection as octets, and back.
 *
 * Room: conn.  Includes: base, wire, segment, reasm.  A number that is read may
 * be anything: what is an index or a word of a list is checked here, and the
 * rest is a number like those that a stranger's segment brings.  A new member
 * goes to a table, as LEFT_OUT if a monitor that restarts can do without it.
 * Anomalies are counted by number, for there will be more of them.
 */
#include "conn/connrecord.h"

#include <string.h>

#include "conn/again.h"
#include "conn/candidates.h"
#include "conn/doubt.h"
#include "conn/extra.h"
#include "conn/far.h"
#include "conn/fold.h"
#include "conn/holes.h"
#include "conn/retold.h"
#include "conn/stage.h"
#include "conn/tell.h"
#include "conn/urgent.h"
#include "reasm/reasmrecord.h"
#include "segment/endpointrecord.h"
#include "segment/segment.h"

static const tcpflow__field tuple_members[] = {
  TCPFLOW__FIELD_OF(tcpflow_tuple, scope),
  TCPFLOW__FIELD_OF(tcpflow_tuple, vlan),
  TCPFLOW__FIELD_OF(tcpflow_tuple, tunnel),
  TCPFLOW__FIELDS_OF(tcpflow_tuple, port, 2),
  TCPFLOW__FIELD_OF(tcpflow_tuple, version),
  TCPFLOW__FIELD_LEFT_OUT(tcpflow_tuple, reserved),
  TCPFLOW__FIELDS_OF(tcpflow_tuple, address, 32),
};

static const tcpflow__field conn_members[] = {
  TCPFLOW__FIELD_LEFT_OUT(tcpflow_conn, env),
  TCPFLOW__FIELD_LEFT_OUT(tcpflow_conn, extra),
  TCPFLOW__FIELD_LEFT_OUT(tcpflow_conn, data),
  TCPFLOW__FIELD_OF(tcpflow_conn, first),
  TCPFLOW__FIELD_LEFT_OUT(tcpflow_conn, server), /* And sides, and wait. */
  TCPFLOW__FIELD_OF(tcpflow_conn, last),
  TCPFLOW__FIELD_OF(tcpflow_conn, bits),
  TCPFLOW__FIELD_LEFT_OUT(tcpflow_conn, kinds),
  TCPFLOW__FIELD_LEFT_OUT(tcpflow_conn, ends),
};

static const tcpflow__field sides_members[] = {
  TCPFLOW__FIELD_LEFT_OUT(tcpflow__sides, end),
  TCPFLOW__FIELD_LEFT_OUT(tcpflow__sides, stream),
  TCPFLOW__FIELD_OF(tcpflow__sides, syn_time),
  TCPFLOW__FIELDS_OF(tcpflow__sides, rtt, 2),
};

/* tcpflow_conn.kinds, which has them as bits. */
typedef struct kept_kinds {
  uint8_t open_kind;
  uint8_t end_reason;
  uint8_t close_kind;
  uint8_t role;
  uint8_t rst_taste;
} kept_kinds;

static const tcpflow__field kinds_members[] = {
  TCPFLOW__FIELD_OF(kept_kinds, open_kind),
  TCPFLOW__FIELD_OF(kept_kinds, end_reason),
  TCPFLOW__FIELD_OF(kept_kinds, close_kind),
  TCPFLOW__FIELD_OF(kept_kinds, role),
  TCPFLOW__FIELD_OF(kept_kinds, rst_taste),
};

static const tcpflow__field doubt_members[] = {
  TCPFLOW__FIELD_OF(tcpflow__doubt, time),
  TCPFLOW__FIELD_OF(tcpflow__doubt, seq),
  TCPFLOW__FIELD_OF(tcpflow__doubt, peer_nxt),
  TCPFLOW__FIELDS_OF(tcpflow__doubt, state, 2),
  TCPFLOW__FIELDS_OF(tcpflow__doubt, proof, 2),
  TCPFLOW__FIELD_OF(tcpflow__doubt, reason),
  TCPFLOW__FIELD_OF(tcpflow__doubt, side),
};

static const tcpflow__field extra_members[] = {
  TCPFLOW__FIELD_LEFT_OUT(tcpflow__conn_extra, anomalies),
  TCPFLOW__FIELDS_OF(tcpflow__conn_extra, timeout, TCPFLOW__TIMED_PHASES),
  TCPFLOW__FIELDS_OF(tcpflow__conn_extra, skip, 2),
  TCPFLOW__FIELD_LEFT_OUT(tcpflow__conn_extra, subflow),
  TCPFLOW__FIELD_LEFT_OUT(tcpflow__conn_extra, candidates),
  TCPFLOW__FIELD_LEFT_OUT(tcpflow__conn_extra, past),
  TCPFLOW__FIELD_LEFT_OUT(tcpflow__conn_extra, far),
  TCPFLOW__FIELD_LEFT_OUT(tcpflow__conn_extra, former),
  TCPFLOW__FIELDS_OF(tcpflow__conn_extra, beside, 4),
  TCPFLOW__FIELDS_OF(tcpflow__conn_extra, incarnations, 2),
  TCPFLOW__FIELD_OF(tcpflow__conn_extra, crossing),
  TCPFLOW__FIELD_OF(tcpflow__conn_extra, reuse),
  TCPFLOW__FIELD_OF(tcpflow__conn_extra, own_timeouts),
  TCPFLOW__FIELDS_OF(tcpflow__conn_extra, urgents, 2),
  TCPFLOW__FIELDS_OF(tcpflow__conn_extra, urgent[0], TCPFLOW__URGENT_MARKS),
  TCPFLOW__FIELDS_OF(tcpflow__conn_extra, urgent[1], TCPFLOW__URGENT_MARKS),
};

static const tcpflow__field subflow_members[] = {
  TCPFLOW__FIELDS_OF(tcpflow__subflow, key, 2),
  TCPFLOW__FIELD_OF(tcpflow__subflow, token),
  TCPFLOW__FIELDS_OF(tcpflow__subflow, nonce, 2),
  TCPFLOW__FIELD_OF(tcpflow__subflow, kind),
  TCPFLOW__FIELD_OF(tcpflow__subflow, version),
  TCPFLOW__FIELDS_OF(tcpflow__subflow, flags, 2),
  TCPFLOW__FIELDS_OF(tcpflow__subflow, address, 2),
  TCPFLOW__FIELDS_OF(tcpflow__subflow, backup, 2),
  TCPFLOW__FIELD_OF(tcpflow__subflow, known),
  TCPFLOW__FIELD_OF(tcpflow__subflow, tries),
};

static const tcpflow__field former_members[] = {
  TCPFLOW__FIELD_OF(tcpflow__former, until),
  TCPFLOW__FIELDS_OF(tcpflow__former, first, 2),
  TCPFLOW__FIELDS_OF(tcpflow__former, nxt, 2),
  TCPFLOW__FIELD_LEFT_OUT(tcpflow__former, known),
};

static const tcpflow__field candidate_members[] = {
  TCPFLOW__FIELD_OF(tcpflow__candidate, time),
  TCPFLOW__FIELD_OF(tcpflow__candidate, isn),
  TCPFLOW__FIELD_OF(tcpflow__candidate, ack),
  TCPFLOW__FIELD_OF(tcpflow__candidate, ts_val),
  TCPFLOW__FIELD_OF(tcpflow__candidate, length),
  TCPFLOW__FIELD_OF(tcpflow__candidate, flags),
  TCPFLOW__FIELD_OF(tcpflow__candidate, window),
  TCPFLOW__FIELD_OF(tcpflow__candidate, mss),
  TCPFLOW__FIELD_OF(tcpflow__candidate, offers),
  TCPFLOW__FIELD_OF(tcpflow__candidate, wscale),
  TCPFLOW__FIELD_LEFT_OUT(tcpflow__candidate, again),
  TCPFLOW__FIELD_LEFT_OUT(tcpflow__candidate, challenged),
};

static const tcpflow__fields tuple_fields = TCPFLOW__FIELDS(tuple_members);
static const tcpflow__fields conn_fields = TCPFLOW__FIELDS(conn_members);
static const tcpflow__fields sides_fields = TCPFLOW__FIELDS(sides_members);
static const tcpflow__fields kinds_fields = TCPFLOW__FIELDS(kinds_members);
static const tcpflow__fields doubt_fields = TCPFLOW__FIELDS(doubt_members);
static const tcpflow__fields extra_fields = TCPFLOW__FIELDS(extra_members);
static const tcpflow__fields subflow_fields = TCPFLOW__FIELDS(subflow_members);
static const tcpflow__fields former_fields = TCPFLOW__FIELDS(former_members);
static const tcpflow__fields candidate_fields =
  TCPFLOW__FIELDS(candidate_members);

/* Octets of one direction, far more than there ever are: sums of offsets do not
   reach the end of numbers. */
static const uint64_t OFFSET_MAX = UINT64_C(1) << 62;

bool tcpflow__conn_record_covers(void) {
  return tcpflow__fields_cover(&tuple_fields, sizeof(tcpflow_tuple)) &&
         tcpflow__fields_cover(&conn_fields, sizeof(tcpflow_conn)) &&
         tcpflow__fields_cover(&sides_fields, sizeof(tcpflow__sides)) &&
         tcpflow__fields_cover(&kinds_fields, sizeof(kept_kinds)) &&
         tcpflow__fields_cover(&doubt_fields, sizeof(tcpflow__doubt)) &&
         tcpflow__fields_cover(&extra_fields, sizeof(tcpflow__conn_extra)) &&
         tcpflow__fields_cover(&subflow_fields, sizeof(tcpflow__subflow)) &&
         tcpflow__fields_cover(&former_fields, sizeof(tcpflow__former)) &&
         tcpflow__fields_cover(&candidate_fields, sizeof(tcpflow__candidate));
}

/* --- who --- */

void tcpflow__tuple_save(const tcpflow_tuple *tuple,
                         tcpflow__record_writer *to) {
  tcpflow__record_object(to, &tuple_fields, tuple);
}

bool tcpflow__tuple_load(tcpflow_tuple *tuple, tcpflow__record_reader *from) {
  memset(tuple, 0, sizeof(*tuple));
  tcpflow__record_into(from, &tuple_fields, tuple);
  return !from->bad && (tuple->version == 6 ||
                        (tuple->version == 4 &&
                         (tcpflow__ends_behind(tuple->address[0]) |
                          tcpflow__ends_behind(tuple->address[1])) == 0));
}

/* --- SYNs --- */

static void save_candidate(const tcpflow__syn *syn,
                           tcpflow__record_writer *to) {
  tcpflow__record_object(to, &candidate_fields, &syn->as);
  tcpflow__record_number(to, syn->as.again, 1);
  tcpflow__record_number(to, syn->as.challenged, 1);
  tcpflow__record_number(to, syn->side, 1);
  tcpflow__record_number(to, syn->settled, 1);
  tcpflow__record_number(to, syn->number, 8);
  tcpflow__record_number(to, syn->captured, 4);
  tcpflow__record_octets(to, syn->data, syn->captured);
}

static void save_candidates(const tcpflow__conn_extra *extra,
                            tcpflow__record_writer *to) {
  const tcpflow__candidates *const list = extra->candidates;
  const unsigned count = list == NULL ? 0 : list->count;

  tcpflow__record_number(to, count, 1);
  for (unsigned i = 0; i < count; i++) {
    save_candidate(&list->of[i], to);
  }
}

/* The octets of its data are borrowed. */
static bool read_candidate(tcpflow__syn *syn, const uint8_t **data,
                           tcpflow__record_reader *from) {
  memset(syn, 0, sizeof(*syn));
  tcpflow__record_into(from, &candidate_fields, &syn->as);
  syn->as.again = tcpflow__record_take(from, 1) != 0;
  syn->as.challenged = tcpflow__record_take(from, 1) != 0;
  syn->side = (uint8_t)tcpflow__record_take(from, 1);
  syn->settled = tcpflow__record_take(from, 1) != 0;
  syn->number = tcpflow__record_take(from, 8);
  syn->captured = (uint32_t)tcpflow__record_take(from, 4);
  *data = tcpflow__record_borrow(from, syn->captured);
  return !from->bad && syn->side <= TCPFLOW_SIDE_SERVER &&
         syn->captured <= syn->as.length &&
         syn->as.wscale <= TCPFLOW_WSCALE_MAX;
}

static int load_candidate(tcpflow_conn *conn, tcpflow__record_reader *from) {
  const uint8_t *data;
  tcpflow_segment segment;
  tcpflow__syn syn;

  if (!read_candidate(&syn, &data, from)) {
    return TCPFLOW_ERR_INVALID;
  }
  tcpflow_segment_init(&segment);
  segment.payload = data;
  segment.payload_captured = syn.captured;
  segment.number = syn.number;
  if (tcpflow__candidates_reserve(conn) != TCPFLOW_OK ||
      tcpflow__candidates_copy(conn, (tcpflow_side)syn.side, &segment, &syn) !=
        TCPFLOW_OK) {
    return TCPFLOW_ERR_NOMEM;
  }
  (void)tcpflow__candidates_add(conn, &syn);
  return TCPFLOW_OK;
}

static int load_candidates(tcpflow_conn *conn, tcpflow__record_reader *from) {
  uint64_t count = tcpflow__record_take(from, 1);

  for (; count > 0; count--) {
    const int error = load_candidate(conn, from);
    if (error != TCPFLOW_OK) {
      return error;
    }
  }
  return TCPFLOW_OK;
}

/* --- counts of anomalies --- */

static void save_anomalies(const tcpflow__conn_extra *extra,
                           tcpflow__record_writer *to) {
  unsigned kinds = 0;

  for (unsigned i = 0; i < TCPFLOW_ANOMALY_COUNT; i++) {
    kinds += extra->anomalies[i] != 0;
  }
  tcpflow__record_number(to, kinds, 2);
  for (unsigned i = 0; i < TCPFLOW_ANOMALY_COUNT; i++) {
    if (extra->anomalies[i] != 0) {
      tcpflow__record_number(to, i, 2);
      tcpflow__record_number(to, extra->anomalies[i], 4);
    }
  }
}

/* Those that are not known here are forgotten. */
static void load_anomalies(tcpflow__conn_extra *extra,
                           tcpflow__record_reader *from) {
  for (uint64_t kinds = tcpflow__record_take(from, 2); kinds > 0; kinds--) {
    const uint64_t kind = tcpflow__record_take(from, 2);
    const uint32_t count = (uint32_t)tcpflow__record_take(from, 4);

    if (kind < TCPFLOW_ANOMALY_COUNT) {
      extra->anomalies[kind] = count;
    }
  }
  if (extra->reuse >= TCPFLOW_ANOMALY_COUNT) {
    extra->reuse = 0;
  }
}

/* --- octets that were told --- */

void tcpflow__told_save(uint64_t offset, const uint8_t *bytes, uint32_t length,
                        tcpflow__record_writer *to) {
  tcpflow__record_number(to, length, 4);
  if (length != 0) {
    tcpflow__record_number(to, offset, 8);
    tcpflow__record_octets(to, bytes, length);
  }
}

tcpflow_stream_data tcpflow__told_take(tcpflow__record_reader *from) {
  tcpflow_stream_data told = {.length = (size_t)tcpflow__record_take(from, 4)};

  if (told.length != 0) {
    told.offset = tcpflow__record_take(from, 8);
    told.bytes = tcpflow__record_borrow(from, told.length);
  }
  return told;
}

/* --- the connection before --- */

static void save_former(const tcpflow__former *former,
                        tcpflow__record_writer *to) {
  tcpflow__record_object(to, &former_fields, former);
  tcpflow__record_number(to, former->known[0], 1);
  tcpflow__record_number(to, former->known[1], 1);
}

static void load_former(tcpflow__former *former, tcpflow__record_reader *from) {
  tcpflow__record_into(from, &former_fields, former);
  former->known[0] = tcpflow__record_take(from, 1) != 0;
  former->known[1] = tcpflow__record_take(from, 1) != 0;
}

void tcpflow__heir_save(const tcpflow__conn_extra *heir,
                        tcpflow__record_writer *to) {
  tcpflow__record_number(to, heir->reuse, 1);
  save_former(&heir->former, to);
  save_candidates(heir, to);
}

/* At most the SYN of the client: the segment answers or follows it. */
static bool is_heirloom(const tcpflow__candidates *list) {
  return list == NULL ||
         (list->count == 1 && list->of[0].side == TCPFLOW_SIDE_CLIENT &&
          !list->of[0].settled);
}

static int load_heirloom(tcpflow_conn *conn, tcpflow__record_reader *from) {
  tcpflow__conn_extra *const extra = tcpflow__conn_extra_need(conn);
  int error;

  if (extra == NULL) {
    return TCPFLOW_ERR_NOMEM;
  }
  extra->reuse = (uint8_t)tcpflow__record_take(from, 1);
  load_former(&extra->former, from);
  error = load_candidates(conn, from);
  if (error != TCPFLOW_OK) {
    return error;
  }
  return !from->bad && extra->reuse < TCPFLOW_ANOMALY_COUNT &&
             is_heirloom(extra->candidates)
           ? TCPFLOW_OK
           : TCPFLOW_ERR_INVALID;
}

/* By a connection without anything else. */
int tcpflow__heir_load(tcpflow__conn_env *env, tcpflow__conn_extra **heir,
                       tcpflow__record_reader *from) {
  tcpflow__sides sides;
  tcpflow_conn conn;
  int error;

  memset(&sides, 0, sizeof(sides));
  memset(&conn, 0, sizeof(conn));
  conn.env = env;
  conn.sides = &sides;
  error = load_heirloom(&conn, from);
  if (error != TCPFLOW_OK) {
    tcpflow__conn_extra_clear(&conn);
    return error;
  }
  *heir = conn.extra;
  return TCPFLOW_OK;
}

/* --- what few connections remember --- */

static void save_extra(const tcpflow_conn *conn, tcpflow__record_writer *to) {
  const tcpflow__conn_extra *const extra = conn->extra;

  tcpflow__record_number(to, extra != NULL, 1);
  if (extra == NULL) {
    return;
  }
  tcpflow__record_object(to, &extra_fields, extra);
  tcpflow__record_object(to, &subflow_fields, &extra->subflow);
  save_former(&extra->former, to);
  save_candidates(extra, to);
  save_anomalies(extra, to);
  tcpflow__retold_save(conn, to);
  tcpflow__again_save(conn, to);
  tcpflow__far_save(conn, to);
}

static bool is_subflow(const tcpflow__subflow *subflow) {
  return subflow->kind <= TCPFLOW_SUBFLOW_JOIN;
}

static int load_extra(tcpflow_conn *conn, tcpflow__record_reader *from) {
  tcpflow__conn_extra *extra;
  int error;

  if (tcpflow__record_take(from, 1) == 0) {
    return TCPFLOW_OK;
  }
  extra = tcpflow__conn_extra_need(conn);
  if (extra == NULL) {
    return TCPFLOW_ERR_NOMEM;
  }
  tcpflow__record_into(from, &extra_fields, extra);
  tcpflow__record_into(from, &subflow_fields, &extra->subflow);
  load_former(&extra->former, from);
  if (from->bad || !is_subflow(&extra->subflow) ||
      !tcpflow__urgent_is_sound(conn)) {
    return TCPFLOW_ERR_INVALID;
  }
  error = load_candidates(conn, from);
  load_anomalies(extra, from);
  tcpflow__retold_load(conn, from);
  if (error == TCPFLOW_OK) {
    error = tcpflow__again_load(conn, from);
  }
  return error == TCPFLOW_OK ? tcpflow__far_load(conn, from) : error;
}

/* --- the whole --- */

static const tcpflow__doubt no_doubt;

static kept_kinds kinds_of(const tcpflow_conn *conn) {
  return (kept_kinds){conn->open_kind, conn->end_reason, conn->close_kind,
                      conn->role, conn->rst_taste};
}

void tcpflow__conn_save(const tcpflow_conn *kept, tcpflow__record_writer *to) {
  tcpflow__conn_view room;
  const tcpflow_conn *const conn = tcpflow__conn_seen(kept, &room);
  const kept_kinds of = kinds_of(conn);

  tcpflow__record_object(to, &conn_fields, conn);
  tcpflow__record_object(to, &kinds_fields, &of);
  tcpflow__record_object(to, &sides_fields, conn->sides);
  tcpflow__record_object(to, &doubt_fields,
                         tcpflow__conn_doubted(conn) ? &conn->wait->doubt
                                                     : &no_doubt);
  tcpflow__endpoint_save(&conn->end[0], to);
  tcpflow__endpoint_save(&conn->end[1], to);
  save_extra(conn, to);
  tcpflow__reasm_save(&conn->sides->stream[0], to);
  tcpflow__reasm_save(&conn->sides->stream[1], to);
  tcpflow__holes_save(conn, to);
}

/* Since when an end waits, and for what: two FINs are not in doubt. */
static bool is_waiting(const tcpflow_conn *conn, const tcpflow__doubt *doubt) {
  if (!tcpflow__conn_is(conn, TCPFLOW__CONN_DOUBTED)) {
    return true;
  }
  if (doubt->time < conn->first) {
    return false;
  }
  return doubt->reason == TCPFLOW_END_FIN
           ? tcpflow__conn_closing(conn)
           : doubt->reason == TCPFLOW_END_RESET ||
               doubt->reason == TCPFLOW_END_UNREACHABLE;
}

static bool is_doubt(const tcpflow__doubt *doubt, tcpflow_time now) {
  return doubt->state[0] < TCPFLOW_STATE_COUNT &&
         doubt->state[1] < TCPFLOW_STATE_COUNT &&
         doubt->proof[0] <= TCPFLOW_PROOF_PROVED &&
         doubt->proof[1] <= TCPFLOW_PROOF_PROVED &&
         doubt->reason <= TCPFLOW_END_UNREACHABLE &&
         doubt->side <= TCPFLOW_SIDE_SERVER && doubt->time <= now;
}

static bool are_kinds(const kept_kinds *of) {
  return of->open_kind <= TCPFLOW_OPEN_SYN_ACK_FIRST &&
         of->end_reason <= TCPFLOW_END_UNREACHABLE &&
         of->close_kind <= TCPFLOW_CLOSE_CALLER &&
         of->rst_taste <= TCPFLOW__RST_ANYWHERE && of->role <= TCPFLOW_ROLE_SYN;
}

static bool take_kinds(tcpflow_conn *conn, tcpflow__record_reader *from) {
  kept_kinds of = kinds_of(conn);

  tcpflow__record_into(from, &kinds_fields, &of);
  conn->open_kind = of.open_kind & 15U;
  conn->end_reason = of.end_reason & 31U;
  conn->close_kind = of.close_kind & 31U;
  conn->role = of.role & 15U;
  conn->rst_taste = of.rst_taste & 15U;
  return are_kinds(&of);
}

/* One of them was the first. */
static bool is_first_fin(const tcpflow_conn *conn) {
  const uint32_t both = TCPFLOW__CONN_FIN_CLIENT | TCPFLOW__CONN_FIN_SERVER;

  return (conn->bits & both) != both;
}

/* Who asked for its end said why. */
static bool is_asked(const tcpflow_conn *conn) {
  return !tcpflow__conn_is(conn, TCPFLOW__CONN_END_ASKED) ||
         conn->end_reason != TCPFLOW_END_NONE;
}

/* Who acknowledges a FIN acknowledges one that is known, and whose FINs those
   are is known (RFC 9293 section 3.6). */
static bool are_fins(const tcpflow_conn *conn) {
  bool any = false;

  for (unsigned i = 0; i < 2; i++) {
    const bool fin = tcpflow__endpoint_has(&conn->end[i], TCPFLOW__END_FIN);

    if (!fin && tcpflow__endpoint_has(&conn->end[i], TCPFLOW__END_FIN_ACKED)) {
      return false;
    }
    any = any || fin;
  }
  return !any || tcpflow__conn_closing(conn);
}

static bool is_sound(const tcpflow_conn *conn, const tcpflow__doubt *doubt,
                     tcpflow_time now) {
  return tcpflow__conn_is(conn, TCPFLOW__CONN_BEGUN) &&
         conn->first <= conn->last && conn->last <= now && is_first_fin(conn) &&
         is_doubt(doubt, now) && is_waiting(conn, doubt) && is_asked(conn) &&
         are_fins(conn) && conn->end[0].proof <= TCPFLOW_PROOF_PROVED &&
         conn->end[1].proof <= TCPFLOW_PROOF_PROVED;
}

/* Takes the bits that are of the connection, not of who made it. */
static void take_bits(tcpflow_conn *conn, uint32_t own) {
  const uint32_t of_owner = TCPFLOW__CONN_HAS_TUPLE | TCPFLOW__CONN_FOLDED |
                            TCPFLOW__CONN_REMAINS | TCPFLOW__CONN_ASLEEP;

  conn->bits = (conn->bits & ~of_owner) | (own & of_owner);
  tcpflow__stage_leave(conn);
}

static void stop_streams(tcpflow_conn *conn) {
  conn->sides->stream[0].off =
    conn->sides->stream[0].off ||
    tcpflow__conn_is(conn, TCPFLOW__CONN_STOP_CLIENT);
  conn->sides->stream[1].off =
    conn->sides->stream[1].off ||
    tcpflow__conn_is(conn, TCPFLOW__CONN_STOP_SERVER);
}

static int load_stream(tcpflow_conn *conn, unsigned side,
                       tcpflow__record_reader *from) {
  tcpflow__conn_env *const env = conn->env;
  const int error = tcpflow__reasm_load(&conn->sides->stream[side],
                                        &env->budget, &env->limits, from);

  if (error != TCPFLOW_OK) {
    return error;
  }
  return tcpflow__reasm_last(&conn->sides->stream[side]) <= OFFSET_MAX
           ? TCPFLOW_OK
           : TCPFLOW_ERR_INVALID;
}

/* Where a STOP is new, octets are still held that will not be told. */
static int load_streams(tcpflow_conn *conn, tcpflow_time now,
                        tcpflow__record_reader *from) {
  int error;

  if (!tcpflow__conn_is(conn, TCPFLOW__CONN_STOP_NEWS)) {
    stop_streams(conn);
  }
  error = load_stream(conn, TCPFLOW_SIDE_CLIENT, from);
  if (error == TCPFLOW_OK) {
    error = load_stream(conn, TCPFLOW_SIDE_SERVER, from);
  }
  stop_streams(conn);
  return error == TCPFLOW_OK ? tcpflow__holes_load(conn, now, from) : error;
}

/* Only who waits for acknowledgments has a gate. */
static bool are_gates(const tcpflow_conn *conn) {
  return tcpflow__conn_is(conn, TCPFLOW__CONN_GATED) ||
         (conn->sides->stream[0].rest->gate == UINT64_MAX &&
          conn->sides->stream[1].rest->gate == UINT64_MAX);
}

/* Is what it skips known?  What has ended skips nothing. */
static bool has_extra(const tcpflow_conn *conn) {
  return conn->extra != NULL || tcpflow__conn_ended(conn) ||
         !tcpflow__conn_is(conn, TCPFLOW__CONN_SKIPS);
}

/* Likewise what its endpoints have beside them. */
static bool has_beside(const tcpflow_conn *conn) {
  const unsigned jumps = conn->end[0].jumps | conn->end[1].jumps;
  const unsigned moved = conn->end[0].fin_moved | conn->end[1].fin_moved;

  return conn->extra != NULL || tcpflow__conn_ended(conn) ||
         (jumps | moved) == 0;
}

/* Who has sent no FIN, and is open, has a stream without an end; one that is
   off does not hear that its end was none. */
static bool is_endless(const tcpflow_conn *conn, unsigned side) {
  return conn->sides->stream[side].end == UINT64_MAX ||
         conn->sides->stream[side].off ||
         conn->end[side].state != TCPFLOW_STATE_ESTABLISHED ||
         tcpflow__endpoint_has(&conn->end[side], TCPFLOW__END_FIN);
}

static bool are_endless(const tcpflow_conn *conn) {
  return tcpflow__conn_ended(conn) || (is_endless(conn, TCPFLOW_SIDE_CLIENT) &&
                                       is_endless(conn, TCPFLOW_SIDE_SERVER));
}

/* Does what was read last go with what was read first? */
static bool is_whole(const tcpflow_conn *conn) {
  return has_extra(conn) && has_beside(conn) && are_gates(conn) &&
         are_endless(conn) && tcpflow__retold_is_sound(conn) &&
         tcpflow__again_is_sound(conn);
}

/* What has ended is in doubt no more. */
static int take_doubt(tcpflow_conn *conn, const tcpflow__doubt *doubt) {
  if (tcpflow__conn_ended(conn)) {
    conn->bits &= ~(uint32_t)TCPFLOW__CONN_DOUBTED;
  }
  if (!tcpflow__conn_doubted(conn)) {
    return TCPFLOW_OK;
  }
  if (tcpflow__wait_need(conn) == NULL) {
    return TCPFLOW_ERR_NOMEM;
  }
  conn->wait->doubt = *doubt;
  return TCPFLOW_OK;
}

int tcpflow__conn_load(tcpflow_conn *conn, tcpflow_time now,
                       tcpflow__record_reader *from) {
  const uint32_t own = conn->bits;
  tcpflow__doubt doubt = no_doubt;
  int error;

  tcpflow__record_into(from, &conn_fields, conn);
  take_bits(conn, own);
  if (!take_kinds(conn, from)) {
    return TCPFLOW_ERR_INVALID;
  }
  tcpflow__record_into(from, &sides_fields, conn->sides);
  tcpflow__record_into(from, &doubt_fields, &doubt);
  if (!tcpflow__endpoint_load(&conn->end[0], from) ||
      !tcpflow__endpoint_load(&conn->end[1], from) ||
      !is_sound(conn, &doubt, now)) {
    return TCPFLOW_ERR_INVALID;
  }
  /* The octets of a SYN stay held when its stream is stopped, so they are read
     before that is. */
  error = take_doubt(conn, &doubt);
  if (error == TCPFLOW_OK) {
    error = load_extra(conn, from);
  }
  if (error == TCPFLOW_OK) {
    error = load_streams(conn, now, from);
  }
  return error != TCPFLOW_OK || (!from->bad && is_whole(conn))
           ? error
           : TCPFLOW_ERR_INVALID;
}
