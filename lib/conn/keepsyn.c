/*
 * lib/conn/keepsyn.c - SYNs that are remembered, and the octets that come with
 * one.
 *
 * Room: conn.  Includes: base, wire, segment, fsm, reasm.  RFC 9293 section
 * 3.10.7.2: what comes with a SYN waits until the connection is open; with RFC
 * 7413 it may be taken at once, or not at all.  So it is told when the peer has
 * acknowledged it, and what was not acknowledged will be sent again.
 */
#include <string.h>

#include "conn/candidates.h"
#include "conn/extra.h"
#include "conn/fold.h"
#include "conn/gate.h"
#include "conn/opening.h"
#include "conn/remains.h"
#include "reasm/rest.h"

static bool has_timestamps(const tcpflow_segment *segment) {
  return segment->options != NULL &&
         (segment->options->present & TCPFLOW_HAS_TIMESTAMPS) != 0;
}

/* The same SYN with the same timestamp, or both without; NULL: none. */
static tcpflow__syn *find_same(const tcpflow_conn *conn,
                               const tcpflow__visit *v) {
  const tcpflow_segment *const segment = v->cause.segment;
  tcpflow__candidates *const list = tcpflow__candidates_of(conn);

  for (unsigned i = 0; list != NULL && i < list->count; i++) {
    tcpflow__syn *const syn = &list->of[i];
    const bool stamped = (syn->as.offers & TCPFLOW_HAS_TIMESTAMPS) != 0;

    if (syn->side == v->cause.sender && syn->as.isn == segment->seq &&
        stamped == has_timestamps(segment) &&
        (!stamped || syn->as.ts_val == segment->options->ts_val)) {
      return syn;
    }
  }
  return NULL;
}

/* A SYN sent again, which its timestamp tells from the one before. */
static bool is_told_apart(const tcpflow_conn *conn, const tcpflow__visit *v) {
  const tcpflow__endpoint *const snd = &conn->end[v->cause.sender];

  return (v->judgment.verdict & TCPFLOW_VERDICT_SYN_RETRANSMISSION) != 0 &&
         !tcpflow__conn_opened(conn) && has_timestamps(v->cause.segment) &&
         tcpflow__endpoint_has(snd, TCPFLOW__END_TS_RECENT) &&
         snd->ts_recent != v->cause.segment->options->ts_val;
}

/* One with another number that may count. */
static bool is_other(const tcpflow__visit *v) {
  const tcpflow_verdict verdict = v->judgment.verdict;
  const bool ack = (v->cause.segment->flags & TCPFLOW_FLAG_ACK) != 0;

  return (verdict & (TCPFLOW_VERDICT_SYN_OTHER_ISN |
                     TCPFLOW_VERDICT_SYN_ACK_BAD_ACK)) != 0 ||
         ((verdict & TCPFLOW_VERDICT_SYN_IN_CONNECTION) != 0 && !ack);
}

static bool is_kept(const tcpflow_conn *conn, const tcpflow__visit *v) {
  const bool data =
    v->judgment.syn_first && v->cause.segment->payload_length != 0;

  return (data || is_other(v) || is_told_apart(conn, v)) &&
         find_same(conn, v) == NULL;
}

/* Two SYNs, and neither acknowledges the other. */
static bool crosses(const tcpflow_conn *conn, const tcpflow__visit *v) {
  return v->judgment.syn_first && !v->judgment.ack &&
         tcpflow__endpoint_has(&conn->end[!v->cause.sender], TCPFLOW__END_SYN);
}

int tcpflow__opening_reserve(tcpflow_conn *conn, tcpflow__visit *v) {
  const tcpflow_side sender = v->cause.sender;

  v->keeps = is_kept(conn, v);
  if (!v->keeps) {
    return crosses(conn, v) && tcpflow__conn_extra_need(conn) == NULL
             ? TCPFLOW_ERR_NOMEM
             : TCPFLOW_OK;
  }
  v->syn.as = tcpflow__candidate_read(v->cause.segment, v->now);
  v->syn.side = (uint8_t)sender;
  v->syn.settled = false;
  if (tcpflow__candidates_reserve(conn) != TCPFLOW_OK ||
      tcpflow__candidates_copy(conn, sender, v->cause.segment, &v->syn) !=
        TCPFLOW_OK) {
    v->keeps = false;
    /* The connection before has ended for it: then it goes without. */
    return tcpflow__conn_is(conn, TCPFLOW__CONN_SUCCEEDS) &&
               !tcpflow__conn_is(conn, TCPFLOW__CONN_BEGUN)
             ? TCPFLOW_OK
             : TCPFLOW_ERR_NOMEM;
  }
  return TCPFLOW_OK;
}

void tcpflow__opening_unreserve(tcpflow_conn *conn, tcpflow__visit *v) {
  if (v->keeps) {
    tcpflow__candidates_drop_data(&conn->env->budget, &v->syn);
  }
}

/* The one that counts so far is put into the list, too. */
static void keep_current(tcpflow_conn *conn, tcpflow_side side) {
  const tcpflow__endpoint *const end = &conn->end[side];
  const tcpflow__endpoint *const peer = &conn->end[!side];
  tcpflow__candidates *const list = conn->extra->candidates;
  tcpflow__syn syn = {.side = (uint8_t)side, .settled = true};

  if (!tcpflow__endpoint_has(end, TCPFLOW__END_SYN) ||
      tcpflow__conn_opened(conn) ||
      tcpflow__candidates_find(list, side, end->iss) != NULL) {
    return;
  }
  syn.as = tcpflow__candidate_of(conn->end, side, conn->sides->syn_time);
  /* syn_time is that of the latest: of a SYN until it is answered. */
  if ((syn.as.flags & TCPFLOW_FLAG_ACK) == 0) {
    syn.as.again = tcpflow__conn_is(conn, TCPFLOW__CONN_SYN_AGAIN);
    syn.as.time = tcpflow__endpoint_has(peer, TCPFLOW__END_SYN)
                    ? TCPFLOW_TIME_NONE
                    : conn->sides->syn_time;
  } else {
    syn.as.again = tcpflow__conn_is(conn, TCPFLOW__CONN_SYN_ACK_AGAIN);
  }
  (void)tcpflow__candidates_add(conn, &syn);
}

/* Counts the numbers of a side. */
static void count_number(tcpflow_conn *conn, const tcpflow__visit *v) {
  const tcpflow_side side = v->cause.sender;
  const tcpflow__endpoint *const end = &conn->end[side];
  uint32_t *const count = &conn->extra->incarnations[side];
  const bool had = tcpflow__endpoint_has(end, TCPFLOW__END_SYN);

  if ((had && end->iss == v->syn.as.isn) ||
      tcpflow__candidates_find(conn->extra->candidates, side, v->syn.as.isn) !=
        NULL) {
    return;
  }
  if (*count == 0) {
    *count = had ? 1 : 0;
  }
  *count += *count < UINT32_MAX;
}

/* A SYN in the middle that its receiver has not answered; NULL: none. */
static tcpflow__syn *find_unchallenged(const tcpflow_conn *conn,
                                       tcpflow_side side) {
  tcpflow__candidates *const list = tcpflow__candidates_of(conn);

  for (unsigned i = list == NULL ? 0 : list->count; i > 0; i--) {
    tcpflow__syn *const syn = &list->of[i - 1];

    if (syn->side == side && !syn->as.challenged) {
      return syn;
    }
  }
  return NULL;
}

void tcpflow__opening_challenge(const tcpflow_conn *conn, tcpflow__visit *v) {
  const tcpflow_segment *const segment = v->cause.segment;
  const tcpflow_side receiver = tcpflow_side_other(v->cause.sender);

  if ((v->judgment.verdict & TCPFLOW_VERDICT_PURE_ACK) != 0 &&
      tcpflow__conn_opened(conn) &&
      segment->seq == conn->end[v->cause.sender].snd_nxt &&
      segment->ack == conn->end[receiver].snd_una &&
      find_unchallenged(conn, receiver) != NULL) {
    v->judgment.verdict |= TCPFLOW_VERDICT_CHALLENGE_ACK;
  }
}

/* So it is: what comes next is no answer to that SYN. */
static void note_challenge(tcpflow_conn *conn, const tcpflow__visit *v) {
  tcpflow__syn *const syn =
    find_unchallenged(conn, tcpflow_side_other(v->cause.sender));

  if (syn != NULL) {
    syn->as.challenged = true;
  }
}

void tcpflow__opening_keep(tcpflow_conn *conn, const tcpflow__visit *v) {
  const bool ack = (v->cause.segment->flags & TCPFLOW_FLAG_ACK) != 0;
  tcpflow__syn *same;

  if (v->keeps) {
    count_number(conn, v);
    keep_current(conn, v->cause.sender);
    if (!tcpflow__candidates_add(conn, &v->syn)) {
      tcpflow__note_anomaly(conn, ack ? TCPFLOW_ANOMALY_SYN_ACK_FLOOD
                                      : TCPFLOW_ANOMALY_SYN_FLOOD);
    }
    return;
  }
  if ((v->cause.segment->flags & TCPFLOW_FLAG_SYN) != 0) {
    same = find_same(conn, v);
    if (same != NULL) {
      same->as.again = true;
      same->as.challenged = false;
    }
  }
  if ((v->judgment.verdict & TCPFLOW_VERDICT_CHALLENGE_ACK) != 0) {
    note_challenge(conn, v);
  }
}

/* The octets of a side's SYN that wait; NULL: none. */
static tcpflow__syn *find_waiting(const tcpflow_conn *conn, tcpflow_side side) {
  const tcpflow__endpoint *const end = &conn->end[side];
  tcpflow__candidates *const list = tcpflow__candidates_of(conn);

  for (unsigned i = 0; list != NULL && i < list->count; i++) {
    tcpflow__syn *const syn = &list->of[i];

    if (syn->side == side && !syn->settled && syn->as.length != 0 &&
        syn->as.isn == end->iss &&
        tcpflow__endpoint_has(end, TCPFLOW__END_SYN_DATA)) {
      return syn;
    }
  }
  return NULL;
}

/* Did a SYN,ACK acknowledge the SYN, and none of them?  RFC 7413 section 4.2.2:
   then they are sent again. */
static bool is_refused(const tcpflow_conn *conn, const tcpflow__syn *syn) {
  const tcpflow__endpoint *const end = &conn->end[syn->side];

  return tcpflow__endpoint_has(&conn->end[!syn->side], TCPFLOW__END_SYN) &&
         tcpflow__endpoint_has(end, TCPFLOW__END_SYN_ACKED) &&
         end->snd_una == end->base;
}

/* How many of them lie before the segment, of a sender that goes on as who has
   had them taken. */
static uint32_t count_passed(const tcpflow_conn *conn, const tcpflow__visit *v,
                             const tcpflow__syn *syn) {
  const tcpflow_seq base = conn->end[syn->side].base;
  const tcpflow_seq seq = v->cause.segment->seq;
  const uint32_t passed = tcpflow_seq_distance(base, seq);

  if (v->cause.sender != syn->side || tcpflow_seq_lt(seq, base) ||
      is_refused(conn, syn)) {
    return 0;
  }
  return passed < syn->as.length ? passed : syn->as.length;
}

/* How many of them have been taken: by the ACK, or because their sender goes on
   behind them. */
static uint32_t count_taken(const tcpflow_conn *conn, const tcpflow__visit *v,
                            const tcpflow__syn *syn) {
  const tcpflow__endpoint *const end = &conn->end[syn->side];
  const uint32_t acked = tcpflow_seq_distance(end->base, end->snd_una);
  const uint32_t passed = count_passed(conn, v, syn);

  if (passed != 0 || end->snd_una == end->iss) {
    return passed;
  }
  return acked < syn->as.length ? acked : syn->as.length;
}

/* The peer has taken some of them; or their sender goes on, with or without
   them. */
static bool is_settled(const tcpflow_conn *conn, const tcpflow__visit *v,
                       const tcpflow__syn *syn) {
  const tcpflow__endpoint *const end = &conn->end[syn->side];
  const tcpflow_seq seq = v->cause.segment->seq;

  if (!v->judgment.numbers) {
    return false;
  }
  if (v->cause.sender != syn->side) {
    return tcpflow__endpoint_has(end, TCPFLOW__END_SYN_ACKED) &&
           end->snd_una != end->base;
  }
  return (v->cause.segment->flags & TCPFLOW_FLAG_SYN) == 0 &&
         (count_passed(conn, v, syn) != 0 ||
          tcpflow_seq_leq(seq, tcpflow_seq_add(end->base, syn->as.length)));
}

void tcpflow__opening_put(tcpflow_conn *conn, tcpflow__visit *v) {
  (void)tcpflow__reasm_put(&conn->sides->stream[v->syn_side],
                           &conn->env->budget, &conn->env->limits,
                           &v->syn_input);
}

static void release(tcpflow_conn *conn, tcpflow__visit *v, tcpflow_side side) {
  tcpflow__syn *const syn = find_waiting(conn, side);
  tcpflow__reasm *const stream = &conn->sides->stream[side];
  uint32_t taken;

  if (syn == NULL || !is_settled(conn, v, syn)) {
    return;
  }
  syn->settled = true;
  taken = count_taken(conn, v, syn);
  if (taken == 0 || stream->next != 0) {
    return;
  }
  v->syn_input = (tcpflow__reasm_input){
    .bytes = syn->data,
    .length = taken,
    .captured = taken < syn->captured ? taken : syn->captured,
    .time = syn->as.time,
    .number = syn->number,
  };
  v->has_syn_input = true;
  v->syn_side = (uint8_t)side;
  if (conn->open_kind == TCPFLOW_OPEN_UNKNOWN) {
    conn->open_kind = TCPFLOW_OPEN_FAST;
  }
  /* In order, and acknowledged: what this takes is in stock (supply.c). */
  tcpflow__gate_pass(conn, side, taken);
  if (!tcpflow__reasm_is_whole(stream, &v->syn_input)) {
    (void)tcpflow__rest_take(stream, &conn->env->budget);
  }
  v->syn_waits = side == v->cause.sender && tcpflow__visit_knows_pieces(v);
  if (!v->syn_waits) {
    tcpflow__opening_put(conn, v);
  }
}

void tcpflow__opening_release(tcpflow_conn *conn, tcpflow__visit *v) {
  if (tcpflow__candidates_of(conn) == NULL ||
      (v->cause.segment->flags & TCPFLOW_FLAG_RST) != 0) {
    return;
  }
  release(conn, v, tcpflow_side_other(v->cause.sender));
  if (!v->has_syn_input) {
    release(conn, v, v->cause.sender);
  }
}

void tcpflow__opening_forget(tcpflow_conn *conn, const tcpflow__visit *v) {
  if (v->opens && conn->extra != NULL) {
    tcpflow__candidates_clear(conn->env, &conn->extra->candidates);
  }
}

/* A SYN that may begin the next connection, and was not seen before. */
static bool is_new_syn(const tcpflow_conn *conn, tcpflow_side sender,
                       const tcpflow_segment *segment) {
  const unsigned flags = segment->flags;

  return (flags & TCPFLOW_FLAG_SYN) != 0 && (flags & TCPFLOW_FLAG_ACK) == 0 &&
         tcpflow__conn_begins(segment) &&
         !tcpflow__endpoint_began_with(&conn->end[sender], segment->seq) &&
         tcpflow__candidates_find(tcpflow__candidates_of(conn), sender,
                                  segment->seq) == NULL;
}

/* RFC 1337: what a RST does to TIME-WAIT. */
static void weigh_reset(tcpflow_conn *conn, tcpflow_side sender,
                        const tcpflow_segment *segment) {
  if (segment->checksum != TCPFLOW_CHECKSUM_BAD &&
      (segment->flags & TCPFLOW_FLAG_RST) != 0 &&
      conn->end[!sender].state == TCPFLOW_STATE_TIME_WAIT &&
      segment->seq == conn->end[sender].snd_nxt) {
    tcpflow__conn_mark(conn, TCPFLOW__CONN_TIME_WAIT_OVER);
  }
}

/* That of one with sides. */
static int linger(tcpflow_conn *conn, tcpflow_side sender,
                  const tcpflow_segment *segment) {
  tcpflow__syn syn = {.side = (uint8_t)sender};

  weigh_reset(conn, sender, segment);
  if (!is_new_syn(conn, sender, segment)) {
    return TCPFLOW_OK;
  }
  syn.as = tcpflow__candidate_read(segment, segment->time);
  if (tcpflow__candidates_reserve(conn) != TCPFLOW_OK ||
      tcpflow__candidates_copy(conn, sender, segment, &syn) != TCPFLOW_OK) {
    return TCPFLOW_ERR_NOMEM;
  }
  (void)tcpflow__candidates_add(conn, &syn);
  return TCPFLOW_OK;
}

int tcpflow__conn_linger(tcpflow_conn *conn, tcpflow_side sender,
                         const tcpflow_segment *segment) {
  tcpflow__sides sides;
  int error;

  if (!tcpflow__conn_is_folded(conn)) {
    return linger(conn, sender, segment);
  }
  tcpflow__conn_unfold(conn, &sides);
  error = linger(conn, sender, segment);
  (void)tcpflow__remains_leave(conn);
  return error;
}
