/*
 * tests/fuzz/fuzz_conn_segments.c - any segments at any time, callbacks that
 * end, ignore and stop, and an allocator that fails: what a connection tells is
 * consistent all the same.
 *
 * Twelve octets of input are a step.  Most steps are segments, with numbers at
 * or around those that matter at that moment, so that few steps lead deep into
 * a connection.
 */
#include "conn/fold.h"
#include "conn/stage.h"
#include "property/conn_watch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
  STEP = 12,
  STEPS_MAX = 400
};

typedef struct play {
  watch watch;
  failmem memory;
  tcpflow_options options;
  tcpflow_time now;
  uint8_t mischief; /* What the next callback does. */
} play;

/* What a callback does, once. */
static int misbehave(watch *w, watch_phase event) {
  play *const p = (play *)w->user;
  const uint8_t mischief = p->mischief;
  tcpflow_segment segment;

  /* The low bits say at which event. */
  if ((mischief & 7U) != event) {
    return 0;
  }
  p->mischief = 0;
  switch (mischief >> 3) {
  case 1:
    return 1;
  case 2:
    w->end_asked = true;
    WATCH_CHECK(tcpflow_conn_end(w->conn, p->now, TCPFLOW_END_CALLER) ==
                TCPFLOW_OK);
    return 0;
  case 3:
    tcpflow_conn_ignore(w->conn);
    w->ignored = true;
    return 0;
  case 4:
  case 5:
    tcpflow_conn_stop_data(w->conn, (tcpflow_side)(mischief >> 3 & 1U));
    w->side[mischief >> 3 & 1U].stopped = true;
    return 0;
  case 6:
    tcpflow_segment_init(&segment);
    WATCH_CHECK(tcpflow_conn_feed(w->conn, TCPFLOW_SIDE_CLIENT, &segment) ==
                TCPFLOW_ERR_STATE);
    tcpflow_conn_del(w->conn);
    return 0;
  default:
    return 0;
  }
}

/* A number that matters to an endpoint, and by how much it is missed. */
static tcpflow_seq number_near(const tcpflow_conn *conn, tcpflow_side side,
                               uint8_t which, uint8_t beside) {
  static const uint32_t units[] = {1,     1,        100,      1460,
                                   65536, 1U << 24, 1U << 30, 1U << 31};
  const tcpflow__endpoint *const end = &conn->end[side];
  const tcpflow_seq jump =
    conn->extra == NULL ? 0 : conn->extra->beside[side].jump;
  const tcpflow_seq at[] = {
    end->snd_nxt,         end->snd_una, end->base, end->fin, end->iss, 0,
    UINT32_C(0xfffffff0), jump};
  const uint32_t distance =
    (uint32_t)((uint64_t)(beside >> 1 & 7U) * units[beside >> 5] & UINT32_MAX);

  return (beside & 1U) != 0 ? tcpflow_seq_distance(distance, at[which & 7U])
                            : tcpflow_seq_add(at[which & 7U], distance);
}

static uint32_t length_of(uint8_t code) {
  static const uint32_t odd[] = {536,      1460,     1461,     65535,
                                 1U << 24, 1U << 30, 1U << 31, UINT32_MAX};

  return code < 248 ? code & 63U : odd[code - 248];
}

static void set_options(play *p, uint8_t code, uint8_t stamp,
                        tcpflow_seq left) {
  tcpflow_options_init(&p->options);
  p->options.present = code;
  p->options.flags = (code & 0x11U) == 0x11U ? 0x7ffU : 0;
  p->options.mss = (uint16_t)(code * 8U);
  p->options.wscale = stamp;
  p->options.wscale_raw = stamp;
  p->options.ts_val = (uint32_t)stamp << 24;
  p->options.sack_count = code & 3U;
  for (unsigned i = 0; i < p->options.sack_count; i++) {
    p->options.sack[i].left = left;
    p->options.sack[i].right = tcpflow_seq_add(left, stamp);
  }
}

/* A connection before a segment. */
typedef struct past {
  tcpflow_conn conn;
  tcpflow__sides sides;
  tcpflow__reasm_rest rest[2];
} past;

static void remember(past *before, const tcpflow_conn *conn) {
  before->conn = *conn;
  before->sides = *tcpflow__conn_sides(conn);
  before->rest[0] = *before->sides.stream[0].rest;
  before->rest[1] = *before->sides.stream[1].rest;
}

/* What lies behind a FIN is held before the rest of the segment is taken, and
   stays. */
static void check_rest(const tcpflow__reasm_rest *before,
                       const tcpflow__reasm_rest *rest, bool doubtful) {
  WATCH_CHECK(doubtful || rest->tree.root == before->tree.root);
  WATCH_CHECK(doubtful || (rest->pieces == before->pieces &&
                           rest->memory == before->memory));
  WATCH_CHECK(rest->gate == before->gate && rest->give_up == before->give_up);
  WATCH_CHECK(rest->missing == before->missing &&
              rest->duplicate == before->duplicate &&
              rest->conflicting == before->conflicting &&
              rest->beyond_end == before->beyond_end);
}

/* Everything that can be asked for is as it was; room for what is rare may have
   been made. */
static void check_unchanged(const play *p, const past *before) {
  const tcpflow__sides *const sides = tcpflow__conn_sides(p->watch.conn);
  past expected = *before;

  if (expected.conn.extra == NULL) {
    expected.conn.extra = p->watch.conn->extra;
  }
  if (expected.conn.wait == NULL) {
    expected.conn.wait = p->watch.conn->wait;
  }
  /* What was known of its course is asked anew. */
  if (p->watch.conn->stage == TCPFLOW__STAGE_NONE) {
    expected.conn.stage = TCPFLOW__STAGE_NONE;
  }
  for (unsigned i = 0; i < 2; i++) {
    check_rest(&before->rest[i], sides->stream[i].rest,
               before->sides.stream[i].doubtful != 0);
    if (before->rest[i].shared) {
      expected.sides.stream[i].rest = sides->stream[i].rest;
    }
  }
  WATCH_CHECK(memcmp(&expected.conn, p->watch.conn, sizeof(expected.conn)) ==
              0);
  WATCH_CHECK(memcmp(&expected.sides, sides, sizeof(*sides)) == 0);
}

/* What a segment's time brings stays, though there is no memory for the segment
   itself; so it comes before. */
static void pass_time(play *p, tcpflow_time time) {
  watch_begin(&p->watch);
  (void)tcpflow_conn_advance(p->watch.conn, time);
  watch_compare(&p->watch, 0);
  watch_compare(&p->watch, 1);
}

static void feed(play *p, const uint8_t *step) {
  static const uint8_t octets[64] = "any octets will do, and these are as good "
                                    "as any others";
  const tcpflow_conn *const conn = p->watch.conn;
  const tcpflow_side side = (tcpflow_side)(step[0] & 1U);
  tcpflow_segment segment;
  past before;
  int answer;

  tcpflow_segment_init(&segment);
  segment.flags = (uint16_t)(step[1] | (unsigned)(step[0] >> 1 & 1U) << 8);
  segment.seq = number_near(conn, side, step[2], step[3]);
  segment.ack =
    number_near(conn, tcpflow_side_other(side), step[2] >> 4, step[4]);
  segment.payload_length = length_of(step[5]);
  segment.payload_captured =
    segment.payload_length < 64 ? segment.payload_length : 64;
  if (step[5] == step[6] && segment.payload_captured > 0) {
    segment.payload_captured--;
  }
  segment.payload = octets + (step[6] & 1U ? 0 : 64 - segment.payload_captured);
  segment.window = (uint16_t)(step[6] << (step[7] & 8U));
  segment.urgent = step[8];
  set_options(p, step[7], step[8], segment.ack);
  segment.options = step[7] != 0 ? &p->options : NULL;
  segment.checksum =
    step[9] == 1 ? TCPFLOW_CHECKSUM_BAD : TCPFLOW_CHECKSUM_NONE;
  p->now += (tcpflow_time)1 << step[9] % 55U;
  segment.time = step[9] < 250 ? p->now : step[9];
  p->mischief = step[10];
  p->memory.fail_at =
    step[11] != 0 && step[11] < 8 ? p->memory.requests + step[11] : 0;
  p->memory.fail_from = step[11] & 1U;
  if (p->memory.fail_at != 0) {
    pass_time(p, segment.time);
  }

  remember(&before, conn);
  answer = watch_feed(&p->watch, side, &segment);
  if (answer == TCPFLOW_ERR_NOMEM || answer == TCPFLOW_ERR_INVALID) {
    check_unchanged(p, &before);
  }
}

/* An ICMP error that quotes a number that matters. */
static void feed_icmp(play *p, const uint8_t *step) {
  const tcpflow_side side = (tcpflow_side)(step[1] & 1U);
  tcpflow_packet packet;
  int answer;

  tcpflow_packet_init(&packet);
  packet.kind = TCPFLOW_PACKET_ICMP_ERROR;
  packet.tuple.version = (step[1] & 2U) != 0 ? 6 : 4;
  packet.icmp_type = step[5] & 15U;
  packet.icmp_code = step[6] & 15U;
  packet.quoted = 8;
  packet.seq = number_near(p->watch.conn, side, step[2], step[3]);
  p->now += (tcpflow_time)1 << step[9] % 40U;
  packet.time = p->now;
  p->mischief = step[10];
  watch_begin(&p->watch);
  answer = tcpflow_conn_feed_icmp(p->watch.conn, side, &packet);
  WATCH_CHECK(answer == TCPFLOW_OK ||
              (answer == TCPFLOW_ERR_CALLBACK && p->watch.silent));
  watch_compare(&p->watch, 0);
  watch_compare(&p->watch, 1);
  watch_inside(&p->watch);
}

/* The same segment with memory after one without gets on. */
static void take_step(play *p, const uint8_t *step) {
  switch (step[0] >> 2) {
  case 63:
    watch_begin(&p->watch);
    (void)tcpflow_conn_end(p->watch.conn, p->now,
                           (tcpflow_end_reason)(step[1] & 15U));
    watch_compare(&p->watch, 0);
    watch_compare(&p->watch, 1);
    break;
  case 62:
    tcpflow_conn_stop_data(p->watch.conn, (tcpflow_side)(step[1] & 3U));
    if ((step[1] & 3U) < 2) {
      p->watch.side[step[1] & 1U].stopped = true;
    }
    break;
  case 60:
    feed_icmp(p, step);
    break;
  case 61:
    tcpflow_conn_ignore(p->watch.conn);
    p->watch.ignored = true;
    break;
  default:
    feed(p, step);
    break;
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  const size_t keeps = size > 0 ? data[0] >> 2 & 15U : 0;
  tcpflow_conn_config config;
  play p;
  const tcpflow_mem mem = failmem_table(&p.memory);

  memset(&p, 0, sizeof(p));
  tcpflow_conn_config_init(&config);
  if (size > 0) {
    config.max_held_bytes = (uint64_t)data[0] << (data[0] & 7U);
    config.max_held_pieces = data[0] & 31U;
    config.reset_linger_ns = (data[0] & 32U) != 0 ? 2 * TCPFLOW_SECOND : 0;
    config.rst_policy = data[0] % (TCPFLOW_RST_ANY + 1U);
    config.strict = data[0] >> 5;
    config.delivery = data[0] >> 4 & 1U;
    config.max_tail_bytes = data[0] & 28U;
    config.urgent_policy = data[0] % 7U % (TCPFLOW_URGENT_OUT_OF_BAND + 1U);
    config.overlap = data[0] % (uint32_t)TCPFLOW_OVERLAP_COUNT;
    config.max_tail_digests = (data[0] >> 3) & 7U;
    data++;
    size--;
  }
  watch_open(&p.watch, &config, &mem);
  p.watch.user = &p;
  p.watch.inside = misbehave;
  p.watch.keeps = keeps;
  for (unsigned i = 0; i < STEPS_MAX && size >= STEP; i++) {
    take_step(&p, data);
    data += STEP;
    size -= STEP;
  }
  p.mischief = 0;
  p.memory.fail_at = 0;
  watch_close(&p.watch);
  WATCH_CHECK(p.memory.live_blocks == 0);
  return 0;
}
