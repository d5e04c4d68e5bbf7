/*
 * tests/property/test_routine.c - the short way of an expected segment changes
 * nothing but the time that it takes.
 *
 * Two connections are fed the same: one takes the short way where it can, the
 * other one never does.  After each segment both must have told the same and
 * know the same.  Most segments are what the endpoints expect, and the others
 * differ in one thing, so that each condition of the short way is met from both
 * of its sides.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "conn/conn.h"
#include "conn/extra.h"
#include "conn/wait.h"

enum {
  CONNECTIONS = 6000,
  SEGMENTS = 60,
  SEGMENTS_ODD = 400, /* Where what is odd shows late. */
  LENGTH_MAX = 1460
};

/* --- chance -------------------------------------------------------------- */

static uint64_t chance;

static uint32_t random_below(uint32_t n) {
  chance ^= chance << 13;
  chance ^= chance >> 7;
  chance ^= chance << 17;
  return (uint32_t)(chance >> 32) % n;
}

static bool one_in(uint32_t n) {
  return random_below(n) == 0;
}

/* --- one of the two, and what it tells ----------------------------------- */

typedef struct twin {
  tcpflow_conn *conn;
  uint64_t digest;
  unsigned told;   /* Events of the segment. */
  unsigned act_at; /* At which of them something is asked for; 0: none. */
  unsigned act;    /* What. */
  unsigned octets; /* Told. */
  unsigned holes;  /* How many segments came while one was waited for. */
} twin;

static void digest(twin *t, uint64_t number) {
  t->digest = (t->digest ^ number) * UINT64_C(0x9e3779b97f4a7c15);
  t->digest ^= t->digest >> 29;
}

static int hear(twin *t, tcpflow_conn *conn, unsigned event,
                tcpflow_time time) {
  digest(t, event);
  digest(t, time);
  if (++t->told != t->act_at) {
    return 0;
  }
  switch (t->act) {
  case 0:
    (void)tcpflow_conn_end(conn, 7, TCPFLOW_END_FLUSHED);
    break;
  case 1:
    tcpflow_conn_ignore(conn);
    break;
  case 2:
    tcpflow_conn_stop_data(conn, TCPFLOW_SIDE_CLIENT);
    break;
  case 3:
    tcpflow_conn_stop_data(conn, TCPFLOW_SIDE_SERVER);
    break;
  case 4:
    (void)tcpflow_conn_skip(conn, TCPFLOW_SIDE_CLIENT, 100);
    break;
  case 5:
    (void)tcpflow_conn_skip(conn, TCPFLOW_SIDE_SERVER, 1000);
    break;
  case 6:
    (void)tcpflow_conn_keep(conn, TCPFLOW_SIDE_CLIENT, 3);
    (void)tcpflow_conn_keep(conn, TCPFLOW_SIDE_SERVER, 3);
    break;
  case 7:
    (void)tcpflow_conn_set_timeout(conn, TCPFLOW_PHASE_ALL, TCPFLOW_SECOND);
    break;
  default:
    return 1;
  }
  return 0;
}

static int on_new(tcpflow_conn *conn, const tcpflow_new_event *e, void *user) {
  return hear(user, conn, 1, e->time);
}

static int on_segment(tcpflow_conn *conn, const tcpflow_segment_event *e,
                      void *user) {
  digest(user, e->verdict);
  digest(user, e->offset);
  digest(user, e->urgent);
  digest(user, e->window << 1 | (uint64_t)e->window_known);
  digest(user, e->segment->number << 1 | (uint64_t)e->side);
  for (unsigned i = 0; i < 2; i++) {
    digest(user, (uint64_t)e->before[i] << 16 | (uint64_t)e->after[i] << 8 |
                   (uint64_t)e->proof[i]);
  }
  return hear(user, conn, 2, e->time);
}

static int on_state(tcpflow_conn *conn, const tcpflow_state_event *e,
                    void *user) {
  digest(user,
         (uint64_t)e->from << 16 | (uint64_t)e->to << 8 | (uint64_t)e->proof);
  digest(user, (uint64_t)e->side << 16 | (uint64_t)e->stimulus << 8 |
                 (uint64_t)e->inferred);
  digest(user, e->cause == NULL ? 0 : e->cause->number);
  return hear(user, conn, 3, e->time);
}

static int on_established(tcpflow_conn *conn,
                          const tcpflow_established_event *e, void *user) {
  return hear(user, conn, 4, e->time);
}

static int on_data(tcpflow_conn *conn, const tcpflow_data_event *e,
                   void *user) {
  twin *const t = user;

  digest(t, e->data->offset);
  digest(t, e->data->length);
  digest(t, (uint64_t)e->data->held);
  digest(t, e->data->time);
  digest(t, e->data->number);
  for (size_t i = 0; i < e->data->length; i++) {
    digest(t, e->data->bytes[i]);
  }
  t->octets += (unsigned)e->data->length;
  return hear(t, conn, 5, e->time);
}

static int on_urgent(tcpflow_conn *conn, const tcpflow_urgent_event *e,
                     void *user) {
  digest(user, e->offset);
  digest(user, (uint64_t)(e->octet + 1));
  return hear(user, conn, 9, e->time);
}

static int on_gap(tcpflow_conn *conn, const tcpflow_gap_event *e, void *user) {
  digest(user, e->gap->offset);
  digest(user, e->gap->length << 8 | (uint64_t)e->gap->reason);
  return hear(user, conn, 6, e->time);
}

static int on_anomaly(tcpflow_conn *conn, const tcpflow_anomaly_event *e,
                      void *user) {
  digest(user, (uint64_t)e->anomaly << 32 | e->count);
  return hear(user, conn, 7, e->time);
}

static int on_end(tcpflow_conn *conn, const tcpflow_end_event *e, void *user) {
  digest(user, (uint64_t)e->reason << 8 | (uint64_t)e->side);
  digest(user, (uint64_t)e->kind << 24 | (uint64_t)e->state[0] << 16 |
                 (uint64_t)e->state[1] << 8 | (uint64_t)e->simultaneous);
  digest(user, e->cause == NULL ? 0 : e->cause->number);
  return hear(user, conn, 8, e->time);
}

static void twin_open(twin *t, bool routine, const tcpflow_conn_config *config,
                      const tcpflow_tuple *tuple, bool roles) {
  const tcpflow_conn_callbacks callbacks = {
    .size = sizeof(callbacks),
    .on_new = on_new,
    .on_segment = on_segment,
    .on_state = on_state,
    .on_established = on_established,
    .on_data = on_data,
    .on_gap = on_gap,
    .on_urgent = on_urgent,
    .on_anomaly = on_anomaly,
    .on_end = on_end,
  };

  memset(t, 0, sizeof(*t));
  assert_int_equal(
    tcpflow_conn_new(&t->conn, config, &callbacks, tuple, NULL, t), 0);
  if (roles) {
    assert_int_equal(tcpflow_conn_set_role(t->conn, TCPFLOW_ROLE_FIRST), 0);
  }
  assert_true(t->conn->env->routine);
  t->conn->env->routine = routine;
}

/* What both hold of a stream is the same. */
static void compare_held(const tcpflow__reasm *a, const tcpflow__reasm *b) {
  const tcpflow__piece *p = tcpflow__pieces_first(&a->rest->tree);
  const tcpflow__piece *q = tcpflow__pieces_first(&b->rest->tree);

  assert_true(tcpflow__reasm_check(a));
  assert_true(tcpflow__reasm_check(b));
  for (; p != NULL && q != NULL;
       p = tcpflow__pieces_next(p), q = tcpflow__pieces_next(q)) {
    assert_true(p->offset == q->offset);
    assert_true(p->end == q->end);
    assert_int_equal(p->captured, q->captured);
    assert_int_equal(p->size, q->size);
    assert_memory_equal(p->bytes, q->bytes, p->captured);
    assert_true(p->time == q->time);
    assert_true(p->number == q->number);
  }
  assert_true(p == NULL && q == NULL);
  assert_int_equal(a->rest->reached, b->rest->reached);
}

/* They wait for the same holes. */
static void compare_wait(const tcpflow__wait *a, const tcpflow__wait *b) {
  assert_true((a == NULL) == (b == NULL));
  if (a == NULL || b == NULL) {
    return;
  }
  for (unsigned i = 0; i < 2; i++) {
    assert_true(a->acked[i].to == b->acked[i].to);
    assert_true(a->acked[i].since == b->acked[i].since);
  }
}

/* Both know the same. */
static void compare(const twin *a, const twin *b) {
  assert_true(a->digest == b->digest);
  assert_int_equal(a->told, b->told);
  assert_memory_equal(a->conn->end, b->conn->end, 2 * sizeof(*a->conn->end));
  for (unsigned i = 0; i < 2; i++) {
    assert_true(a->conn->sides->stream[i].next ==
                b->conn->sides->stream[i].next);
    assert_true(a->conn->sides->stream[i].end == b->conn->sides->stream[i].end);
    assert_int_equal(a->conn->sides->stream[i].doubtful,
                     b->conn->sides->stream[i].doubtful);
    assert_true(a->conn->sides->stream[i].rest->missing ==
                b->conn->sides->stream[i].rest->missing);
    assert_true(a->conn->sides->stream[i].rest->duplicate ==
                b->conn->sides->stream[i].rest->duplicate);
    compare_held(&a->conn->sides->stream[i], &b->conn->sides->stream[i]);
  }
  compare_wait(a->conn->wait, b->conn->wait);
  assert_true(a->conn->env->budget.used == b->conn->env->budget.used);
  assert_int_equal(a->conn->bits, b->conn->bits);
  assert_true(a->conn->last == b->conn->last);
  assert_true(a->conn->sides->rtt[0] == b->conn->sides->rtt[0]);
  assert_true(a->conn->sides->rtt[1] == b->conn->sides->rtt[1]);
  assert_int_equal(tcpflow__conn_first_fin(a->conn),
                   tcpflow__conn_first_fin(b->conn));
  assert_int_equal(a->conn->open_kind, b->conn->open_kind);
  assert_int_equal(a->conn->end_reason, b->conn->end_reason);
  assert_int_equal(a->conn->close_kind, b->conn->close_kind);
  assert_int_equal(a->conn->role, b->conn->role);
  assert_true(a->conn->first == b->conn->first);
  assert_true(a->conn->sides->syn_time == b->conn->sides->syn_time);
  assert_int_equal(a->conn->env->odd.word[0] | a->conn->env->odd.word[1], 0);
}

/* --- two endpoints ------------------------------------------------------- */

typedef struct host {
  uint32_t first; /* The number of its SYN. */
  uint32_t nxt;   /* What it sends next. */
  uint32_t clock; /* Of its timestamps. */
  uint16_t window;
  uint16_t mss;
  int8_t scale; /* -1: not offered. */
  bool stamps;
  bool closed;      /* It has sent its FIN. */
  bool deaf;        /* It acknowledges nothing. */
  bool tiny;        /* It sends next to nothing at a time. */
  bool lossy;       /* Of what it sends, some is lost. */
  bool sacks;       /* It permits SACK. */
  uint32_t lost[2]; /* From there to there, and not sent again so far. */
} host;

typedef struct world {
  twin twin[2];
  host host[2];
  tcpflow_time now;
  uint64_t number;
  tcpflow_packet packet;
  tcpflow_tuple tuple;
  uint8_t octets[LENGTH_MAX];
} world;

static void feed(world *w, tcpflow_side side, const tcpflow_segment *segment) {
  const unsigned act_at = one_in(40) ? 1 + random_below(3) : 0;
  const unsigned act = random_below(9);

  for (unsigned i = 0; i < 2; i++) {
    w->twin[i].told = 0;
    w->twin[i].act_at = act_at;
    w->twin[i].act = act;
  }
  const int a = tcpflow_conn_feed(w->twin[0].conn, side, segment);
  const int b = tcpflow_conn_feed(w->twin[1].conn, side, segment);
  assert_int_equal(a, b);
  compare(&w->twin[0], &w->twin[1]);
  w->twin[0].holes += (w->twin[0].conn->bits & TCPFLOW__CONN_HOLES) != 0;
}

static bool has_lost(const host *self) {
  return self->lost[0] != self->lost[1];
}

/* A block of some octets that came behind a loss. */
static tcpflow_sack_block random_block(const host *peer) {
  const uint32_t many = peer->nxt - peer->lost[1];
  const uint32_t from = one_in(2) ? 0 : random_below(many);
  const uint32_t length = one_in(2) ? many - from : random_below(many + 9);

  return (tcpflow_sack_block){peer->lost[1] + from,
                              peer->lost[1] + from + length};
}

/* Something is lost, and what came behind it is reported: RFC 2018 section 3.
 */
static void add_sack(const host *self, const host *peer,
                     tcpflow_segment *segment, tcpflow_options *options) {
  segment->ack = peer->lost[0];
  if (self->sacks && peer->nxt != peer->lost[1] && !one_in(4)) {
    options->present |= TCPFLOW_HAS_SACK;
    options->sack_count = (uint8_t)(one_in(3) ? 2 : 1);
    options->sack[0] = random_block(peer);
    options->sack[1] = random_block(peer);
  }
}

/* What the endpoints expect: the next octets, or an ACK. */
static void expected(world *w, tcpflow_side side, tcpflow_segment *segment,
                     tcpflow_options *options) {
  host *const self = &w->host[side];
  const host *const peer = &w->host[!side];

  tcpflow_segment_init(segment);
  tcpflow_options_init(options);
  w->now += random_below(3) == 0 ? random_below(200) * TCPFLOW_MILLISECOND
                                 : random_below(50000);
  self->clock += random_below(3);
  segment->time = w->now;
  segment->number = ++w->number;
  segment->seq = self->nxt;
  segment->ack = peer->nxt;
  segment->flags = TCPFLOW_FLAG_ACK;
  segment->window = self->window;
  segment->ip_ttl = 64;
  segment->ip_version = (uint8_t)(one_in(2) ? 4 : 6);
  segment->ip_id = (uint16_t)random_below(65536);
  segment->checksum = TCPFLOW_CHECKSUM_NONE;
  segment->options = options;
  if (self->stamps && peer->stamps) {
    options->present |= TCPFLOW_HAS_TIMESTAMPS;
    options->ts_val = self->clock;
    options->ts_ecr = peer->clock;
  }
  if (has_lost(peer) && !one_in(50)) {
    add_sack(self, peer, segment, options);
  }
}

static void add_data(world *w, tcpflow_segment *segment, uint32_t length) {
  segment->payload = w->octets;
  segment->payload_length = length;
  segment->payload_captured = length;
}

/* One thing is not as it is expected. */
static void spoil(world *w, tcpflow_segment *segment,
                  tcpflow_options *options) {
  switch (random_below(25)) {
  case 0:
    segment->seq -= 1 + random_below(100);
    break;
  case 1:
    segment->seq += 1 + random_below(100);
    break;
  case 2:
    segment->ack -= 1 + random_below(200);
    break;
  case 3:
    segment->ack += 1 + random_below(100);
    break;
  case 4:
    segment->window = (uint16_t)random_below(8);
    break;
  case 5:
    segment->window = (uint16_t)random_below(65536);
    break;
  case 6:
    options->ts_val -= random_below(5);
    break;
  case 7:
    options->ts_ecr -= random_below(100000);
    break;
  case 8:
    options->ts_ecr += one_in(2) ? random_below(5) : UINT32_C(1) << 30;
    break;
  case 9:
    options->present ^= TCPFLOW_HAS_TIMESTAMPS;
    break;
  case 10:
    segment->flags |= (uint16_t)(1U << random_below(9));
    segment->urgent = (uint16_t)random_below(2000);
    break;
  case 11:
    segment->flags |= TCPFLOW_FLAG_FIN;
    break;
  case 12:
    segment->flags |= TCPFLOW_FLAG_RST;
    break;
  case 13:
    segment->flags ^= TCPFLOW_FLAG_ACK;
    break;
  case 14:
    segment->ip_ttl = (uint8_t)(64 - random_below(20));
    break;
  case 15:
    segment->ip_tos = (uint8_t)random_below(4);
    break;
  case 16:
    segment->payload_captured /= 2;
    break;
  case 17:
    segment->checksum = TCPFLOW_CHECKSUM_BAD;
    break;
  case 18:
    segment->time -= random_below(2000);
    break;
  case 19:
    /* Of a tracker whose time has gone on. */
    w->packet.time = segment->time - random_below(2);
    segment->packet = &w->packet;
    break;
  case 20:
    options->sack_count = 1;
    options->sack[0].left = segment->ack + random_below(20);
    options->sack[0].right = options->sack[0].left + random_below(200);
    break;
  case 21:
    options->flags = 1U << random_below(8);
    break;
  case 22:
    segment->options = NULL;
    break;
  case 23:
    segment->fragment_anomalies = 1U << random_below(8);
    break;
  default:
    add_data(w, segment, random_below(3));
    break;
  }
}

/* Lengths where something turns over. */
static uint32_t random_length(const world *w, tcpflow_side side) {
  const uint32_t mss = w->host[!side].mss;

  if (w->host[side].tiny) {
    return 1 + random_below(16);
  }
  switch (random_below(6)) {
  case 0:
    return 1 + random_below(20);
  case 1:
    return mss;
  case 2:
    return mss + random_below(3);
  default:
    return 1 + random_below(LENGTH_MAX);
  }
}

/* What a segment of a host may carry: behind its FIN, nothing. */
static void add_something(world *w, tcpflow_side side,
                          tcpflow_segment *segment) {
  host *const self = &w->host[side];

  if (self->closed && !one_in(30)) {
    return;
  }
  if (!one_in(3)) {
    const uint32_t length = random_length(w, side);
    add_data(w, segment, length < LENGTH_MAX ? length : LENGTH_MAX);
    segment->flags |= (uint16_t)(one_in(2) ? TCPFLOW_FLAG_PSH : 0);
  }
  if (one_in(self->deaf || self->tiny ? 200 : 25)) {
    segment->flags |= TCPFLOW_FLAG_FIN;
    self->closed = true;
  }
}

/* What it lost, or the first half of it, is sent again. */
static void send_again(world *w, tcpflow_side side) {
  host *const self = &w->host[side];
  tcpflow_segment segment;
  tcpflow_options options;
  uint32_t length = self->lost[1] - self->lost[0];

  expected(w, side, &segment, &options);
  length = one_in(3) ? (length + 1) / 2 : length;
  length = length < LENGTH_MAX ? length : LENGTH_MAX;
  segment.seq = self->lost[0];
  add_data(w, &segment, length);
  if (one_in(10)) {
    spoil(w, &segment, &options);
  }
  self->lost[0] += length;
  feed(w, side, &segment);
}

/* Nobody sees what it sends next. */
static void lose(world *w, tcpflow_side side) {
  host *const self = &w->host[side];

  if (!has_lost(self) && !self->closed) {
    self->lost[0] = self->nxt;
    self->nxt += 1 + random_below(LENGTH_MAX);
    self->lost[1] = self->nxt;
  }
}

static void talk(world *w) {
  const tcpflow_side side = (tcpflow_side)random_below(2);
  host *const self = &w->host[side];
  tcpflow_segment segment;
  tcpflow_options options;
  uint32_t end;

  if (self->lossy && one_in(8)) {
    lose(w, side);
  }
  if (has_lost(self) && one_in(8)) {
    send_again(w, side);
    return;
  }
  expected(w, side, &segment, &options);
  add_something(w, side, &segment);
  if (self->deaf) {
    segment.ack = w->host[!side].first + 1;
  } else if (one_in(4)) {
    segment.ack -= one_in(2) ? 1 : random_below(600);
  }
  if (one_in(5)) {
    spoil(w, &segment, &options);
  }
  feed(w, side, &segment);
  end = segment.seq + segment.payload_length +
        ((segment.flags & TCPFLOW_FLAG_FIN) != 0 ? 1 : 0);
  if ((int32_t)(end - self->nxt) > 0 && segment.seq - self->nxt < LENGTH_MAX) {
    self->nxt = end;
  }
}

/* --- the handshake ------------------------------------------------------- */

static void offer(const host *self, tcpflow_options *options) {
  options->present = 0;
  options->mss = self->mss;
  options->present |= self->mss != 0 ? TCPFLOW_HAS_MSS : 0;
  if (self->scale >= 0) {
    options->wscale = (uint8_t)self->scale;
    options->wscale_raw = options->wscale;
    options->present |= TCPFLOW_HAS_WSCALE;
  }
  if (self->stamps) {
    options->present |= TCPFLOW_HAS_TIMESTAMPS;
    options->ts_val = self->clock;
  }
  options->present |= self->sacks ? TCPFLOW_HAS_SACK_PERMITTED : 0;
}

static void say_syn(world *w, tcpflow_side side, unsigned flags) {
  tcpflow_segment segment;
  tcpflow_options options;

  expected(w, side, &segment, &options);
  offer(&w->host[side], &options);
  options.ts_ecr = flags == TCPFLOW_FLAG_SYN ? 0 : w->host[!side].clock;
  segment.flags = (uint16_t)flags;
  segment.ack = flags == TCPFLOW_FLAG_SYN ? 0 : segment.ack;
  if (one_in(20)) {
    add_data(w, &segment, 1 + random_below(20));
  }
  if (one_in(5)) {
    spoil(w, &segment, &options);
  }
  w->host[side].nxt++;
  feed(w, side, &segment);
}

static void open_connection(world *w) {
  tcpflow_segment segment;
  tcpflow_options options;

  if (one_in(6)) {
    return; /* Picked up in the middle. */
  }
  say_syn(w, TCPFLOW_SIDE_CLIENT, TCPFLOW_FLAG_SYN);
  if (!one_in(8)) {
    say_syn(w, TCPFLOW_SIDE_SERVER, TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_ACK);
  } else {
    w->host[1].nxt++;
  }
  expected(w, TCPFLOW_SIDE_CLIENT, &segment, &options);
  if (one_in(4)) {
    add_something(w, TCPFLOW_SIDE_CLIENT, &segment);
  }
  if (one_in(4)) {
    spoil(w, &segment, &options);
  }
  feed(w, TCPFLOW_SIDE_CLIENT, &segment);
  if (!one_in(3)) {
    w->host[0].nxt = segment.seq + segment.payload_length +
                     ((segment.flags & TCPFLOW_FLAG_FIN) != 0 ? 1 : 0);
  }
}

/* --- the close ----------------------------------------------------------- */

static void say_close(world *w, tcpflow_side side, unsigned flags) {
  tcpflow_segment segment;
  tcpflow_options options;

  expected(w, side, &segment, &options);
  segment.flags |= (uint16_t)flags;
  if (one_in(8)) {
    add_data(w, &segment, random_length(w, side) % LENGTH_MAX);
  }
  if (one_in(6)) {
    spoil(w, &segment, &options);
  }
  feed(w, side, &segment);
  w->host[side].nxt =
    segment.seq + segment.payload_length + (flags != 0 ? 1 : 0);
  w->host[side].closed |= flags != 0;
}

/* One after the other, as most do. */
static void close_connection(world *w) {
  const tcpflow_side side = (tcpflow_side)random_below(2);

  if (w->host[0].closed || w->host[1].closed) {
    return;
  }
  say_close(w, side, TCPFLOW_FLAG_FIN);
  if (one_in(2)) {
    say_close(w, tcpflow_side_other(side), 0);
  }
  if (one_in(8)) {
    talk(w);
  }
  say_close(w, tcpflow_side_other(side), TCPFLOW_FLAG_FIN);
  say_close(w, side, 0);
}

/* Some are short. */
static unsigned random_segments(const world *w) {
  if (one_in(3)) {
    return random_below(6);
  }
  return w->host[0].deaf || w->host[1].deaf || w->host[0].tiny ||
             w->host[1].tiny
           ? SEGMENTS_ODD
           : SEGMENTS;
}

static void random_host(host *self) {
  static const uint16_t sizes[] = {0, 20, 536, 1400};

  self->nxt =
    one_in(3) ? UINT32_MAX - random_below(3000) : random_below(UINT32_MAX);
  self->clock =
    one_in(3) ? UINT32_MAX - random_below(30) : random_below(UINT32_MAX);
  self->window = (uint16_t)(one_in(3) ? random_below(2000) : 60000);
  self->mss = sizes[random_below(4)];
  self->scale = (int8_t)(one_in(3) ? -1 : (int)random_below(8));
  self->stamps = !one_in(4);
  self->first = self->nxt;
  self->closed = false;
  self->deaf = one_in(20);
  self->tiny = one_in(20);
  self->lossy = one_in(3);
  self->sacks = one_in(2);
  self->lost[0] = self->nxt;
  self->lost[1] = self->nxt;
}

/* NULL: it is not known. */
static const tcpflow_tuple *random_tuple(tcpflow_tuple *tuple) {
  memset(tuple, 0, sizeof(*tuple));
  tuple->version = 4;
  tuple->port[0] = 40000;
  tuple->port[1] = (uint16_t)(one_in(5) ? 40000 : 80);
  tuple->address[1][3] = (uint8_t)random_below(2);
  return one_in(3) ? NULL : tuple;
}

static void random_config(tcpflow_conn_config *config) {
  tcpflow_conn_config_init(config);
  config->strict = one_in(4) ? TCPFLOW_STRICT_PAWS : 0;
  config->strict |= one_in(4) ? TCPFLOW_STRICT_ACK : 0;
  config->strict |= one_in(4) ? TCPFLOW_STRICT_WINDOW : 0;
  config->gap_grace_ns = one_in(2) ? 0 : config->gap_grace_ns;
  config->max_held_pieces = one_in(4) ? 3 : config->max_held_pieces;
  config->max_held_bytes = one_in(4) ? 4000 : config->max_held_bytes;
}

static void conn_feed__short_way_or_general__the_same_is_told(void **state) {
  static world w;
  unsigned octets = 0;
  unsigned holes = 0;
  unsigned closed = 0;

  (void)state;
  tcpflow_packet_init(&w.packet);
  for (unsigned i = 0; i < LENGTH_MAX; i++) {
    w.octets[i] = (uint8_t)(i * 7);
  }
  for (unsigned seed = 1; seed <= CONNECTIONS; seed++) {
    chance = seed * UINT64_C(0x9e3779b97f4a7c15);
    tcpflow_conn_config config;
    random_config(&config);
    const tcpflow_tuple *const tuple = random_tuple(&w.tuple);
    const bool roles = one_in(2);
    twin_open(&w.twin[0], true, &config, tuple, roles);
    twin_open(&w.twin[1], false, &config, tuple, roles);
    random_host(&w.host[0]);
    random_host(&w.host[1]);
    w.now = TCPFLOW_SECOND;
    open_connection(&w);
    for (unsigned i = random_segments(&w); i > 0; i--) {
      talk(&w);
    }
    close_connection(&w);
    octets += w.twin[0].octets;
    holes += w.twin[0].holes;
    closed += w.twin[0].conn->end_reason == TCPFLOW_END_FIN;
    tcpflow_conn_del(w.twin[0].conn);
    tcpflow_conn_del(w.twin[1].conn);
  }
  /* The model must reach what it is made for. */
  assert_true(octets > CONNECTIONS * 2000);
  assert_true(holes > CONNECTIONS * 5);
  assert_true(closed > CONNECTIONS / 5);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(conn_feed__short_way_or_general__the_same_is_told),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
