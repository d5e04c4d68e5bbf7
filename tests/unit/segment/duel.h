/*
 * tests/unit/segment/duel.h - two endpoints that exchange segments, and what
 * each segment is judged to be.
 *
 *   FOR_EVERY_ISN(d) {
 *     duel_handshake(d);
 *     assert_words(d, CLIENT, "P.", 1, 1, 100, "new-data");
 *   }
 *
 * Numbers count from the initial number of the side whose they are, as tcpdump
 * writes them: a SYN is 0, data begins at 1, and -1 is before the SYN.  Each
 * test runs with initial numbers all around the circle, so that whatever is
 * compared wraps in some run.
 *
 * duel_judge() and the asserts around it only look; duel_send() changes the
 * numbers, too, and moves the states by the diagram of the fsm room.  Time goes
 * on by 1 ms a segment that is sent.
 */
#ifndef TCPFLOW_TESTS_SEGMENT_DUEL_H
#define TCPFLOW_TESTS_SEGMENT_DUEL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include <tcpflow/text.h>

#include "segment/segment.h"

#define CLIENT TCPFLOW_SIDE_CLIENT
#define SERVER TCPFLOW_SIDE_SERVER

enum {
  DUEL_PRINT_BITS = 4
};

typedef struct duel {
  tcpflow__print_set print_set[1 << DUEL_PRINT_BITS];
  tcpflow__prints prints;
  tcpflow__endpoint end[2];
  tcpflow_seq iss[2];
  tcpflow_seq edge[2];     /* Of the streams, as conn would know it. */
  tcpflow_time now;        /* Of the next segment. */
  tcpflow_time reorder;    /* Of the context. */
  tcpflow_options options; /* Of the next segments. */
  bool bare;               /* They have none at all. */
  uint16_t window;         /* Of the next segments. */
  uint8_t checksum;        /* Likewise. */
  uint8_t ip_version;      /* Likewise. */
  uint8_t ip_tos;          /* Likewise. */
  uint8_t ip_ttl;          /* Likewise. */
  uint32_t ip_id;          /* Likewise. */
  uint32_t cut;            /* Octets that were not captured. */
  bool strict_paws;        /* Of the context. */
  bool strict_ack;         /* Of the context. */
  uint8_t rst_taste;       /* Of the context. */
  bool shared_window;      /* Likewise. */
  tcpflow__beside beside[2];
  tcpflow__judgment judgment; /* Of the latest segment. */
  unsigned run;               /* Which initial numbers. */
  char words[512];
  char heard[512];
} duel;

/* Where initial numbers begin to matter: client, server. */
static const tcpflow_seq duel_isns[][2] = {
  {1000, 5000},
  {UINT32_MAX, UINT32_C(0x80000000)},
  {UINT32_C(0xfffffffe), UINT32_C(0x7fffffff)},
  {UINT32_C(0x7fffffff), UINT32_MAX},
  {UINT32_C(0xffffff9b), UINT32_C(0xffffff38)},
  {UINT32_C(0x7fffff9b), UINT32_C(0xfffffc18)},
  {UINT32_C(0xfffff000), UINT32_C(0x80000001)},
  {UINT32_C(0x80000000), 0},
};

/* The next initial numbers; NULL after the last ones. */
static inline duel *duel_begin(duel *d, unsigned run) {
  if (run >= sizeof(duel_isns) / sizeof(duel_isns[0])) {
    return NULL;
  }
  memset(d, 0, sizeof(*d));
  d->run = run;
  tcpflow__prints_init(&d->prints, d->print_set, DUEL_PRINT_BITS);
  d->iss[CLIENT] = duel_isns[run][CLIENT];
  d->iss[SERVER] = duel_isns[run][SERVER];
  d->now = TCPFLOW_SECOND;
  d->reorder = 3 * TCPFLOW_MILLISECOND;
  d->window = 10000;
  d->checksum = TCPFLOW_CHECKSUM_NONE;
  d->ip_version = 4;
  tcpflow_options_init(&d->options);
  d->options.mss = 1460;
  d->options.present = TCPFLOW_HAS_MSS;
  return d;
}

#define FOR_EVERY_ISN(d)                                                       \
  for (duel d##_room, *d = duel_begin(&d##_room, 0); d != NULL;                \
       d = duel_begin(&d##_room, d##_room.run + 1))

/* A number of a side, relative to its initial one. */
static inline tcpflow_seq duel_number(const duel *d, tcpflow_side side,
                                      int64_t relative) {
  return tcpflow_seq_add(d->iss[side], (uint32_t)(relative & UINT32_MAX));
}

/* "S.", "F.", "P.", ...: tcpdump's letters. */
static inline unsigned duel_flags(const char *text) {
  static const char letters[] = "FSRP.UEWe";
  unsigned flags = 0;

  for (; *text != '\0'; text++) {
    const char *const at = strchr(letters, *text);

    assert_non_null(at);
    flags |= 1U << (at - letters);
  }
  return flags;
}

static inline tcpflow_segment duel_segment(duel *d, tcpflow_side sender,
                                           const char *flags, int64_t seq,
                                           int64_t ack, uint32_t length) {
  tcpflow_segment segment;

  tcpflow_segment_init(&segment);
  segment.time = d->now;
  segment.options = d->bare ? NULL : &d->options;
  segment.seq = duel_number(d, sender, seq);
  segment.ack = duel_number(d, tcpflow_side_other(sender), ack);
  segment.payload_length = length;
  segment.payload_captured = length - d->cut;
  segment.flags = (uint16_t)duel_flags(flags);
  segment.window = d->window;
  segment.checksum = d->checksum;
  segment.ip_version = d->ip_version;
  segment.ip_tos = d->ip_tos;
  segment.ip_ttl = d->ip_ttl;
  segment.ip_id = d->ip_id;
  return segment;
}

/* Looks at a segment. */
static inline tcpflow_verdict duel_judge(duel *d, tcpflow_side sender,
                                         const char *flags, int64_t seq,
                                         int64_t ack, uint32_t length) {
  const tcpflow_segment segment =
    duel_segment(d, sender, flags, seq, ack, length);
  const tcpflow__segment_context context = {
    .prints = &d->prints,
    .beside = d->beside,
    .edge = d->edge[sender],
    .reorder = d->reorder,
    .strict_ack = d->strict_ack,
    .rst_taste = d->rst_taste,
    .strict_paws = d->strict_paws,
    .shared_window = d->shared_window,
  };

  memset(&d->judgment, 0xa5, sizeof(d->judgment));
  tcpflow__segment_judge(&d->judgment, d->end, sender, &segment, &context);
  return d->judgment.verdict;
}

/* The stream of a side is complete up to here. */
static inline void duel_follow(duel *d, tcpflow_side side,
                               const tcpflow_segment *segment) {
  const tcpflow_seq end =
    tcpflow_seq_add(segment->seq, segment->payload_length);

  if (d->judgment.syn_first) {
    d->edge[side] = d->end[side].base;
  }
  if (d->judgment.data && tcpflow_seq_leq(segment->seq, d->edge[side]) &&
      tcpflow_seq_lt(d->edge[side], end)) {
    d->edge[side] = end;
  }
}

/* What is acknowledged is not waited for. */
static inline void duel_settle(duel *d, tcpflow_side side) {
  const tcpflow__endpoint *const end = &d->end[side];
  const bool known = tcpflow__endpoint_has(end, TCPFLOW__END_BASE);

  if (known && (tcpflow_seq_lt(d->edge[side], end->snd_una) ||
                tcpflow_seq_lt(d->edge[side], end->base))) {
    d->edge[side] = end->snd_una;
  }
}

/* Looks at a segment, and takes it. */
static inline tcpflow_verdict duel_send(duel *d, tcpflow_side sender,
                                        const char *flags, int64_t seq,
                                        int64_t ack, uint32_t length) {
  const tcpflow_segment segment =
    duel_segment(d, sender, flags, seq, ack, length);
  const bool known = tcpflow__endpoint_has(&d->end[sender], TCPFLOW__END_BASE);

  (void)duel_judge(d, sender, flags, seq, ack, length);
  if (d->judgment.numbers && !known) {
    d->edge[sender] = segment.seq;
  }
  tcpflow__segment_apply(d->end, d->beside, sender, &segment, &d->judgment,
                         d->now);
  if (d->judgment.print != 0) {
    tcpflow__prints_keep(&d->prints, d->judgment.print, d->end[sender].base,
                         &segment);
  }
  for (unsigned i = 0; i < d->judgment.count; i++) {
    const tcpflow__happening *const at = &d->judgment.happening[i];

    d->end[at->side].state = (uint8_t)tcpflow_state_next(
      (tcpflow_state)d->end[at->side].state, (tcpflow_stimulus)at->stimulus);
  }
  duel_follow(d, sender, &segment);
  duel_settle(d, CLIENT);
  duel_settle(d, SERVER);
  d->now += TCPFLOW_MILLISECOND;
  return d->judgment.verdict;
}

/* SYN, SYN and ACK, ACK, with the options and the window that are set. */
static inline void duel_handshake(duel *d) {
  duel_send(d, CLIENT, "S", 0, 0, 0);
  duel_send(d, SERVER, "S.", 0, 1, 0);
  duel_send(d, CLIENT, ".", 1, 1, 0);
  assert_int_equal(d->end[CLIENT].state, TCPFLOW_STATE_ESTABLISHED);
  assert_int_equal(d->end[SERVER].state, TCPFLOW_STATE_ESTABLISHED);
}

/* The names of the bits, in their order. */
static inline const char *duel_words(duel *d, tcpflow_verdict verdict) {
  size_t used = 0;

  d->words[0] = '\0';
  for (unsigned bit = 0; bit < 64; bit++) {
    if ((verdict >> bit & 1U) != 0) {
      used += (size_t)snprintf(d->words + used, sizeof(d->words) - used, "%s%s",
                               used == 0 ? "" : " ", tcpflow_verdict_name(bit));
      assert_true(used < sizeof(d->words));
    }
  }
  return d->words;
}

/* What happens, in its order: "client snd SYN, server rcv SYN". */
static inline const char *duel_heard(duel *d) {
  size_t used = 0;

  d->heard[0] = '\0';
  for (unsigned i = 0; i < d->judgment.count; i++) {
    const tcpflow__happening *const at = &d->judgment.happening[i];

    used += (size_t)snprintf(
      d->heard + used, sizeof(d->heard) - used, "%s%s %s%s",
      used == 0 ? "" : ", ", tcpflow_side_name((tcpflow_side)at->side),
      tcpflow_stimulus_name((tcpflow_stimulus)at->stimulus),
      at->inferred ? "?" : "");
    assert_true(used < sizeof(d->heard));
  }
  return d->heard;
}

/* The verdict is exactly this. */
#define assert_words(d, sender, flags, seq, ack, length, expected)             \
  assert_string_equal(                                                         \
    duel_words(d, duel_judge(d, sender, flags, seq, ack, length)), expected)

/* So it is, and the segment is taken. */
#define assert_sent(d, sender, flags, seq, ack, length, expected)              \
  assert_string_equal(                                                         \
    duel_words(d, duel_send(d, sender, flags, seq, ack, length)), expected)

/* Exactly this happens to the endpoints.  "?": inferred. */
#define assert_heard(d, sender, flags, seq, ack, length, expected)             \
  do {                                                                         \
    (void)duel_judge(d, sender, flags, seq, ack, length);                      \
    assert_string_equal(duel_heard(d), expected);                              \
  } while (0)

/* The bit is set, or not. */
#define assert_has(verdict, bit)                                               \
  assert_true(((verdict)&TCPFLOW_VERDICT_##bit) != 0)
#define assert_lacks(verdict, bit)                                             \
  assert_true(((verdict)&TCPFLOW_VERDICT_##bit) == 0)

#endif /* TCPFLOW_TESTS_SEGMENT_DUEL_H */
