/*
 * lib/conn/connrecord.c - a connection as octets, and back.
 *
 * Room: conn.  Includes: base, wire, segment, reasm.  A number that is read may
 * be anything: what is an index or a word of a list is checked here, and the
 * rest is a number like those that a stranger's segment brings.  A new member
 * goes to a table, of this record or of those below it, as LEFT_OUT if a
 * monitor that restarts can do without it.
 */
#include "conn/connrecord.h"

#include "conn/doubt.h"
#include "conn/extrarecord.h"
#include "conn/fold.h"
#include "conn/holes.h"
#include "conn/sound.h"
#include "conn/stage.h"
#include "reasm/reasmrecord.h"
#include "segment/endpointrecord.h"
#include "segment/segment.h"

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

static const tcpflow__fields conn_fields = TCPFLOW__FIELDS(conn_members);
static const tcpflow__fields sides_fields = TCPFLOW__FIELDS(sides_members);
static const tcpflow__fields kinds_fields = TCPFLOW__FIELDS(kinds_members);
static const tcpflow__fields doubt_fields = TCPFLOW__FIELDS(doubt_members);

/* Octets of one direction, far more than there ever are: sums of offsets do not
   reach the end of numbers. */
static const uint64_t OFFSET_MAX = UINT64_C(1) << 62;

bool tcpflow__conn_record_covers(void) {
  return tcpflow__fields_cover(&conn_fields, sizeof(tcpflow_conn)) &&
         tcpflow__fields_cover(&sides_fields, sizeof(tcpflow__sides)) &&
         tcpflow__fields_cover(&kinds_fields, sizeof(kept_kinds)) &&
         tcpflow__fields_cover(&doubt_fields, sizeof(tcpflow__doubt));
}

/* --- written --- */

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
  tcpflow__extra_save(conn, to);
  tcpflow__reasm_save(&conn->sides->stream[0], to);
  tcpflow__reasm_save(&conn->sides->stream[1], to);
  tcpflow__holes_save(conn, to);
}

/* --- read --- */

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
      !tcpflow__conn_is_sound(conn, &doubt, now)) {
    return TCPFLOW_ERR_INVALID;
  }
  /* The octets of a SYN stay held when its stream is stopped, so they are read
     before that is. */
  error = take_doubt(conn, &doubt);
  if (error == TCPFLOW_OK) {
    error = tcpflow__extra_load(conn, from);
  }
  if (error == TCPFLOW_OK) {
    error = load_streams(conn, now, from);
  }
  return error != TCPFLOW_OK || (!from->bad && tcpflow__conn_is_whole(conn))
           ? error
           : TCPFLOW_ERR_INVALID;
}
