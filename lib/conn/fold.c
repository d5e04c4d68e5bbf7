/*
 * lib/conn/fold.c - a connection of which nothing but a SYN is known.
 *
 * Room: conn.  Includes: base, segment, reasm.  A connection that a SYN has
 * just begun is known by few of its members.  One that was loaded may have any
 * numbers, and one that begins behind another has some of what was before the
 * SYN: it is unfolded into a place beside it, and if that is not the same to
 * the last octet, it stays as it is.
 */
#include "conn/fold.h"

#include <string.h>

#include "base/compiler.h"
#include "conn/remains.h"
#include "conn/sleep.h"
#include "conn/voice.h"
#include "reasm/rest.h"

static void init_stream(tcpflow__reasm *stream, const tcpflow__conn_env *env,
                        bool deaf) {
  tcpflow__reasm_init(stream);
  stream->off = deaf;
  stream->overlap = env->overlap;
  if (env->delivery == TCPFLOW_DELIVERY_ACKED && !deaf) {
    stream->rest = tcpflow__rest_shared(true);
  }
}

void tcpflow__sides_init(tcpflow__sides *sides, const tcpflow__conn_env *env) {
  const bool deaf =
    env->callbacks.on_data == NULL && env->callbacks.on_gap == NULL &&
    env->callbacks.on_urgent == NULL && env->callbacks.on_conflict == NULL;

  memset(sides, 0, sizeof(*sides));
  init_stream(&sides->stream[TCPFLOW_SIDE_CLIENT], env, deaf);
  init_stream(&sides->stream[TCPFLOW_SIDE_SERVER], env, deaf);
  sides->syn_time = TCPFLOW_TIME_NONE;
  sides->rtt[TCPFLOW_SIDE_CLIENT] = TCPFLOW_TIME_NONE;
  sides->rtt[TCPFLOW_SIDE_SERVER] = TCPFLOW_TIME_NONE;
}

void tcpflow__conn_attach(tcpflow_conn *conn, tcpflow__sides *sides) {
  conn->sides = sides;
  conn->bits &= ~(uint32_t)TCPFLOW__CONN_FOLDED;
}

/* It has none. */
static void detach(tcpflow_conn *conn, const tcpflow__folded *folded) {
  conn->folded = *folded;
  tcpflow__conn_mark(conn, TCPFLOW__CONN_FOLDED);
}

/* RFC 9293 section 3.10.7: who sends a SYN is in SYN-SENT, and has its peer in
   LISTEN. */
TCPFLOW__FLAT void spread(tcpflow__sides *sides, const tcpflow_conn *conn,
                          const tcpflow__folded *folded) {
  tcpflow__endpoint *const snd = &sides->end[TCPFLOW_SIDE_CLIENT];
  tcpflow__endpoint *const rcv = &sides->end[TCPFLOW_SIDE_SERVER];

  *sides = *conn->env->blank;
  sides->syn_time = conn->first;
  snd->iss = folded->iss;
  snd->base = tcpflow_seq_add(folded->iss, 1);
  snd->snd_una = folded->iss;
  snd->snd_nxt = snd->base;
  snd->nxt_start = snd->base;
  snd->window_raw = folded->window;
  snd->ts_first = folded->ts_first;
  if ((folded->bits & TCPFLOW__END_TS_RECENT) != 0) {
    snd->ts_recent = folded->ts_first;
    snd->ts_time = conn->first;
  }
  snd->segments = 1;
  snd->bits = folded->bits;
  snd->mss = folded->mss;
  snd->ecn = folded->ecn;
  snd->wscale = folded->wscale;
  snd->ip_ttl = folded->ip_ttl;
  snd->state = TCPFLOW_STATE_SYN_SENT;
  rcv->state = TCPFLOW_STATE_LISTEN;
  snd->proof = folded->proof[TCPFLOW_SIDE_CLIENT];
  rcv->proof = folded->proof[TCPFLOW_SIDE_SERVER];
  sides->stream[TCPFLOW_SIDE_CLIENT].off |=
    tcpflow__conn_is(conn, TCPFLOW__CONN_STOP_CLIENT);
  sides->stream[TCPFLOW_SIDE_SERVER].off |=
    tcpflow__conn_is(conn, TCPFLOW__CONN_STOP_SERVER);
}

static tcpflow__folded gist_of(const tcpflow_conn *conn) {
  const tcpflow__endpoint *const snd = &conn->end[TCPFLOW_SIDE_CLIENT];
  const tcpflow__endpoint *const rcv = &conn->end[TCPFLOW_SIDE_SERVER];

  return (tcpflow__folded){
    .iss = snd->iss,
    .ts_first = snd->ts_first,
    .window = snd->window_raw,
    .mss = snd->mss,
    .ecn = snd->ecn,
    .bits = snd->bits,
    .wscale = snd->wscale,
    .ip_ttl = snd->ip_ttl,
    .proof = {snd->proof, rcv->proof},
  };
}

/* A SYN without octets, from an endpoint that sent nothing else. */
static bool is_bare_syn(const tcpflow__endpoint *snd) {
  const unsigned needs = TCPFLOW__END_SYN | TCPFLOW__END_BASE;

  return snd->state == TCPFLOW_STATE_SYN_SENT && snd->segments == 1 &&
         snd->payload == 0 && (snd->bits & needs) == needs &&
         snd->snd_una == snd->iss && snd->nxt_start == snd->snd_nxt &&
         (snd->fins | snd->resets | snd->jumps) == 0;
}

static bool is_unheard(const tcpflow__endpoint *rcv) {
  return rcv->state == TCPFLOW_STATE_LISTEN && rcv->bits == 0 &&
         rcv->segments == 0;
}

/* Nobody has set anything of it. */
static bool is_untouched(const tcpflow__reasm *stream,
                         const tcpflow__reasm *blank) {
  return stream->next == 0 && stream->end == UINT64_MAX &&
         stream->rest == blank->rest && stream->overlap == blank->overlap &&
         stream->doubtful == 0;
}

/* A SYN came, and nothing else. */
static bool has_begun_only(const tcpflow_conn *conn) {
  const tcpflow__reasm *const blank = conn->env->blank->stream;

  return is_bare_syn(&conn->end[TCPFLOW_SIDE_CLIENT]) &&
         is_unheard(&conn->end[TCPFLOW_SIDE_SERVER]) &&
         conn->last == conn->first && conn->wait == NULL &&
         conn->sides->syn_time == conn->first &&
         !tcpflow__conn_is(conn,
                           TCPFLOW__CONN_ENDED | TCPFLOW__CONN_STOP_NEWS) &&
         is_untouched(&conn->sides->stream[0], &blank[0]) &&
         is_untouched(&conn->sides->stream[1], &blank[1]);
}

/* Would it be the same? */
static bool comes_back(const tcpflow_conn *conn) {
  const tcpflow__folded folded = gist_of(conn);
  tcpflow__sides again;

  spread(&again, conn, &folded);
  return memcmp(again.end, conn->end, sizeof(again.end)) == 0 &&
         again.stream[0].off == conn->sides->stream[0].off &&
         again.stream[1].off == conn->sides->stream[1].off &&
         again.rtt[0] == conn->sides->rtt[0] &&
         again.rtt[1] == conn->sides->rtt[1];
}

tcpflow__sides *tcpflow__conn_fold(tcpflow_conn *conn) {
  tcpflow__sides *const sides = tcpflow__conn_sides(conn);
  tcpflow__folded folded;

  if (!has_begun_only(conn) || !comes_back(conn)) {
    return NULL;
  }
  folded = gist_of(conn);
  detach(conn, &folded);
  return sides;
}

void tcpflow__conn_unfold(tcpflow_conn *conn, tcpflow__sides *sides) {
  const tcpflow__folded folded = conn->folded;

  if (tcpflow__conn_is(conn, TCPFLOW__CONN_REMAINS)) {
    tcpflow__remains_unfold(conn, sides);
    return;
  }
  if (tcpflow__conn_sleeps(conn)) {
    tcpflow__sleep_end(conn, sides);
    return;
  }
  spread(sides, conn, &folded);
  tcpflow__conn_attach(conn, sides);
  conn->last = conn->first;
  conn->wait = NULL;
}

int tcpflow__conn_need_sides(tcpflow_conn *conn) {
  return tcpflow__conn_is_folded(conn) ? conn->env->unfold(conn) : TCPFLOW_OK;
}

/* Ends it on sides that it has for that time alone. */
static void conclude_spread(tcpflow_conn *conn, const tcpflow__cause *cause,
                            tcpflow_end_reason reason) {
  tcpflow__budget *const budget = &conn->env->budget;
  tcpflow__sides sides;

  tcpflow__conn_unfold(conn, &sides);
  tcpflow__conn_conclude(conn, cause, reason);
  tcpflow__rest_drop(&sides.stream[TCPFLOW_SIDE_CLIENT], budget);
  tcpflow__rest_drop(&sides.stream[TCPFLOW_SIDE_SERVER], budget);
}

static void finish_spread(tcpflow_conn *conn, const tcpflow__cause *cause,
                          tcpflow_end_reason reason) {
  const tcpflow__folded folded = conn->folded;

  conclude_spread(conn, cause, reason);
  detach(conn, &folded);
}

static void finish_asleep(tcpflow_conn *conn, const tcpflow__cause *cause,
                          tcpflow_end_reason reason) {
  uint8_t *const asleep = conn->asleep;

  conclude_spread(conn, cause, reason);
  tcpflow__sleep_begin(conn, asleep);
}

/* Is there nothing to tell and nothing to free but the end, which no endpoint
   brought about? */
static bool ends_plainly(const tcpflow_conn *conn, tcpflow_end_reason reason) {
  const tcpflow__anomaly_set *const odd = &conn->env->odd;

  return conn->extra == NULL && reason != TCPFLOW_END_FIN &&
         reason != TCPFLOW_END_RESET && (odd->word[0] | odd->word[1]) == 0;
}

void tcpflow__conn_finish_folded(tcpflow_conn *conn,
                                 const tcpflow__cause *cause,
                                 tcpflow_end_reason reason) {
  tcpflow__conn_env *const env = conn->env;

  if (tcpflow__conn_sleeps(conn)) {
    finish_asleep(conn, cause, reason);
    return;
  }
  if (!ends_plainly(conn, reason)) {
    finish_spread(conn, cause, reason);
    return;
  }
  tcpflow__conn_mark(conn, TCPFLOW__CONN_ENDED);
  conn->end_reason = (unsigned)reason & 31U;
  conn->close_kind =
    (unsigned)tcpflow__conn_close_kind(conn, reason, cause->sender) & 31U;
  if (env->callbacks.on_end == NULL) {
    return;
  }

  const tcpflow_end_event event = {
    .time = cause->time,
    .cause = cause->segment,
    .reason = reason,
    .side = cause->sender,
    .state = {TCPFLOW_STATE_SYN_SENT, TCPFLOW_STATE_LISTEN},
    .kind = (tcpflow_close_kind)conn->close_kind,
  };
  tcpflow__voice_enter(conn);
  tcpflow__voice_leave(conn, env->callbacks.on_end(conn, &event, env->user));
}

const tcpflow_conn *tcpflow__conn_spread(const tcpflow_conn *conn,
                                         tcpflow__conn_view *room) {
  room->conn = *conn;
  tcpflow__conn_unfold(&room->conn, &room->sides);
  return &room->conn;
}
