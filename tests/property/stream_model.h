/*
 * tests/property/stream_model.h - a byte array that says what reassembly does.
 *
 * One oracle for two drivers: the property test makes tapes from a fixed seed,
 * the fuzz target gets them from the fuzzer.  A tape is read as a run of calls
 * of the engine: pieces that overlap, differ or were cut, holes given up, ends,
 * gates, policies, limits, allocations that fail, listeners that have heard
 * enough.  The model keeps one state an octet, and by whose it is, and knows
 * neither tree nor piece.  What does not
 * agree ends the process.
 */
#ifndef TCPFLOW_TESTS_STREAM_MODEL_H
#define TCPFLOW_TESTS_STREAM_MODEL_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "reasm/pieces.h"
#include "reasm/reasm.h"
#include "reasm/rest.h"
#include "unit/failmem.h"

#define MODEL_CHECK(condition)                                                 \
  do {                                                                         \
    if (!(condition)) {                                                        \
      fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);          \
      abort();                                                                 \
    }                                                                          \
  } while (0)

enum {
  MODEL_FEW = 8,     /* So many pieces stay what they are. */
  MODEL_SPAN = 1024, /* Octets that a tape can reach. */
  MODEL_LONGEST = 96 /* Octets of a piece, at most. */
};

/* What has come for an octet. */
enum {
  MODEL_NONE = 0,
  MODEL_CUT,
  MODEL_BYTE
};

/* The input of the engine's fuzzer: octets, and zeros behind them. */
typedef struct model_tape {
  const uint8_t *data;
  size_t size;
  size_t at;
} model_tape;

static inline unsigned model_take(model_tape *tape) {
  return tape->at < tape->size ? tape->data[tape->at++] : 0;
}

/* What one piece becomes of, where an input covers many. */
typedef struct model_join {
  bool due;
  uint64_t from;
  uint64_t end;
  unsigned owner;
  unsigned pieces; /* How many it covers. */
} model_join;

/* What two streams share. */
typedef struct model_pool {
  tcpflow__budget budget;
  tcpflow__reasm_limits limits;
  failmem fm;
} model_pool;

typedef struct model {
  tcpflow__reasm r;
  tcpflow__reasm_rest rest; /* Of r. */
  model_pool *pool;
  uint64_t base; /* The offset of state[0]. */
  uint8_t state[MODEL_SPAN];
  uint8_t value[MODEL_SPAN];
  unsigned owner[MODEL_SPAN]; /* Whose octet it is: the number of a piece. */
  bool won[MODEL_SPAN];       /* The input takes it from its owner. */
  model_join join;
  unsigned inputs;
  uint64_t next;
  uint64_t gate;
  uint64_t end;
  uint64_t give_up;
  tcpflow_gap_reason reason;
  uint64_t missing;
  uint64_t duplicate;
  uint64_t beyond_end;
  uint64_t conflicting;
  /* The call in progress. */
  const tcpflow__reasm_input *input;
  bool noted;         /* Holes may go for want of room. */
  unsigned hear;      /* Events until the listener has heard enough. */
  unsigned hear_off;  /* Events until nobody wants data any more. */
  unsigned fin;       /* The next piece ends so far before the end; 0: not. */
  uint64_t disputed;  /* Octets of the input that differ from what is held. */
  uint64_t conflicts; /* Octets in conflicts told. */
  bool muted;
} model;

static inline size_t model_index(const model *m, uint64_t offset) {
  MODEL_CHECK(offset >= m->base && offset - m->base < MODEL_SPAN);
  return (size_t)(offset - m->base);
}

static inline int model_state(const model *m, uint64_t offset) {
  if (offset < m->base || offset - m->base >= MODEL_SPAN) {
    return MODEL_NONE;
  }
  return m->state[offset - m->base];
}

/* What the model counts for octets that pass without being told. */
static inline void model_pass(model *m, uint64_t end) {
  for (; m->next < end; m->next++) {
    const int state = model_state(m, m->next);

    m->missing += state == MODEL_NONE || (state == MODEL_CUT && !m->r.off);
  }
}

static inline bool model_listener(model *m) {
  MODEL_CHECK(!m->muted && !m->r.off);
  MODEL_CHECK(m->pool->budget.used <= m->pool->budget.cap);
  MODEL_CHECK(m->pool->budget.used == m->pool->fm.live_bytes);
  if (m->hear_off > 0 && --m->hear_off == 0) {
    m->r.off = true;
  }
  m->muted = m->hear > 0 && --m->hear == 0;
  return !m->muted;
}

/* Does the new segment get what it shares with the old one?  By the table in
   doc/streams.md, row by row. */
static inline bool model_wins(unsigned policy, uint64_t from, uint64_t end,
                              uint64_t old_from, uint64_t old_end) {
  /* Inside, over the end, same and shorter, same, same and longer, over the
     begin, covers. */
  static const char *const rows[TCPFLOW_OVERLAP_COUNT] = {
    [TCPFLOW_OVERLAP_FIRST] = ".......",
    [TCPFLOW_OVERLAP_LAST] = "NNNNNNN",
    [TCPFLOW_OVERLAP_LINUX] = "....NNN",
    [TCPFLOW_OVERLAP_OLD_LINUX] = "...NNNN",
    [TCPFLOW_OVERLAP_BSD] = ".....NN",
    [TCPFLOW_OVERLAP_MACOS] = ".....NN",
    [TCPFLOW_OVERLAP_WINDOWS] = ".....NN",
    [TCPFLOW_OVERLAP_W2K3] = ".....NN",
    [TCPFLOW_OVERLAP_VISTA] = ".......",
    [TCPFLOW_OVERLAP_HPUX10] = "....NNN",
    [TCPFLOW_OVERLAP_HPUX11] = ".N.NN.N",
    [TCPFLOW_OVERLAP_IRIX] = "....NNN",
    [TCPFLOW_OVERLAP_SOLARIS] = ".N.NN.N",
    [TCPFLOW_OVERLAP_PROXY] = ".......",
  };
  int row = 0;

  if (from > old_from) {
    row = end <= old_end ? 0 : 1;
  } else if (from == old_from) {
    row = end < old_end ? 2 : end == old_end ? 3 : 4;
  } else {
    row = end < old_end ? 5 : 6;
  }
  return rows[policy][row] == 'N';
}

/* Marks what the input takes from others, if it differs from any. */
static inline void model_contest(model *m, const tcpflow__reasm_input *input) {
  const uint64_t from = input->offset > m->next ? input->offset : m->next;
  uint64_t end = input->offset + input->captured;
  bool differs = false;

  end = end < m->end ? end : m->end;
  for (uint64_t o = from; o < end; o++) {
    const size_t at = model_index(m, o);

    differs |= m->state[at] == MODEL_BYTE &&
               m->value[at] != input->bytes[o - input->offset];
  }
  if (!differs || m->r.off || input->noted) {
    return;
  }
  for (uint64_t o = from; o < end; o++) {
    const tcpflow__piece *const old =
      tcpflow__pieces_floor(&m->r.rest->tree, o);

    if (model_state(m, o) != MODEL_BYTE) {
      continue;
    }
    MODEL_CHECK(old != NULL && o < tcpflow__piece_middle(old));
    m->won[model_index(m, o)] = model_wins(m->r.overlap, from, end, old->offset,
                                           tcpflow__piece_middle(old));
  }
}

/* Does the policy leave everything to what came first? */
static inline bool model_keeps(unsigned policy) {
  return policy == TCPFLOW_OVERLAP_FIRST || policy == TCPFLOW_OVERLAP_VISTA ||
         policy == TCPFLOW_OVERLAP_PROXY;
}

/* What becomes one piece if the input swallows what it covers: by the policy it
   would have got that anyway, or nobody could. */
static inline model_join model_join_of(const model *m,
                                       const tcpflow__reasm_input *input) {
  model_join join = {.from = input->offset > m->next ? input->offset : m->next,
                     .end = input->offset + input->captured};
  join.end = join.end < m->end ? join.end : m->end;
  const uint64_t from = join.from;
  const uint64_t end = join.end;

  for (tcpflow__piece *p = tcpflow__pieces_seek(&m->r.rest->tree, from);
       p != NULL && p->offset < end; p = tcpflow__pieces_next(p)) {
    const uint64_t middle = tcpflow__piece_middle(p);

    if (p->captured == 0 || middle <= from) {
      continue;
    }
    if (p->offset >= from && p->end <= end &&
        (model_keeps(m->r.overlap) ||
         model_wins(m->r.overlap, from, end, p->offset, middle))) {
      join.owner = join.pieces == 0 ? (unsigned)p->number : join.owner;
      join.pieces++;
    } else if (p->offset <= from) {
      join.from = middle;
    } else {
      join.end = p->offset;
    }
  }
  return join;
}

/* Does the input say something else of octets that wait? */
static inline bool model_differs(const model *m,
                                 const tcpflow__reasm_input *input) {
  for (uint64_t i = 0; i < input->captured; i++) {
    const uint64_t o = input->offset + i;

    if (o >= m->next && o < m->end && model_state(m, o) == MODEL_BYTE &&
        m->value[model_index(m, o)] != input->bytes[i]) {
      return true;
    }
  }
  return false;
}

/* What the input takes is its own from now on. */
static inline void model_settle(model *m) {
  const tcpflow__reasm_input *input = m->input;

  for (uint64_t o = m->join.from; m->join.due && o < m->join.end; o++) {
    m->owner[model_index(m, o)] = m->join.owner;
  }
  m->join.due = false;
  for (size_t i = 0; input != NULL && i < input->captured; i++) {
    const uint64_t o = input->offset + i;

    if (o >= m->base && o < m->base + MODEL_SPAN && m->won[o - m->base]) {
      m->won[o - m->base] = false;
      m->value[o - m->base] = input->bytes[i];
      m->owner[o - m->base] = m->inputs;
    }
  }
}

static inline bool model_on_data(void *user, const tcpflow_stream_data *event) {
  model *m = user;
  const tcpflow__reasm_input *input = m->input;

  model_settle(m);

  MODEL_CHECK(event->offset == m->next && event->length > 0);
  MODEL_CHECK(event->offset + event->length <= m->end);
  MODEL_CHECK(event->offset + event->length <= m->r.rest->gate);
  MODEL_CHECK(m->r.next == event->offset + event->length);
  MODEL_CHECK(event->number == m->owner[model_index(m, event->offset)]);
  for (size_t i = 0; i < event->length; i++) {
    const size_t at = model_index(m, event->offset + i);

    MODEL_CHECK(m->state[at] == MODEL_BYTE);
    MODEL_CHECK(m->value[at] == event->bytes[i]);
  }
  if (!event->held) {
    MODEL_CHECK(input != NULL && event->offset >= input->offset);
    MODEL_CHECK(event->bytes == input->bytes + (event->offset - input->offset));
  }
  m->next += event->length;
  return model_listener(m);
}

static inline bool model_on_gap(void *user, const tcpflow_stream_gap *event) {
  model *m = user;
  const uint64_t end = event->offset + event->length;

  model_settle(m);
  MODEL_CHECK(event->offset == m->next && event->length > 0);
  MODEL_CHECK(end <= m->end && m->r.next == end && end <= m->r.rest->gate);
  for (uint64_t o = event->offset; o < end; o++) {
    if (event->reason == TCPFLOW_GAP_CUT) {
      MODEL_CHECK(model_state(m, o) == MODEL_CUT);
      continue;
    }
    MODEL_CHECK(model_state(m, o) == MODEL_NONE);
    MODEL_CHECK((m->noted && event->reason == TCPFLOW_GAP_LIMIT) ||
                (o < m->give_up && event->reason == m->reason));
  }
  m->missing += event->length;
  m->next = end;
  return model_listener(m);
}

static inline bool model_on_conflict(void *user,
                                     const tcpflow_stream_conflict *event) {
  model *m = user;
  const tcpflow__reasm_input *input = m->input;
  uint64_t differ = 0;

  MODEL_CHECK(input != NULL && event->length > 0);
  MODEL_CHECK(event->offset >= m->next && event->offset >= input->offset);
  MODEL_CHECK(event->second == input->bytes + (event->offset - input->offset));
  MODEL_CHECK(event->offset + event->length <= input->offset + input->captured);
  for (size_t i = 0; i < event->length; i++) {
    const size_t at = model_index(m, event->offset + i);

    MODEL_CHECK(m->state[at] == MODEL_BYTE && m->value[at] == event->first[i]);
    MODEL_CHECK(m->won[at] == (event->replaced != 0));
    MODEL_CHECK(m->owner[at] == event->first_number);
    differ += event->first[i] != event->second[i];
  }
  MODEL_CHECK(differ > 0 && differ <= m->disputed);
  m->disputed -= differ;
  m->conflicts += event->length;
  return model_listener(m);
}

/* All that is held is what the model says is there, and nothing else. */
static inline void model_check_pieces(const model *m) {
  uint64_t held = 0;

  for (tcpflow__piece *p = tcpflow__pieces_first(&m->r.rest->tree); p != NULL;
       p = tcpflow__pieces_next(p)) {
    MODEL_CHECK(p->offset > m->next ||
                (p->offset == m->next && m->next == m->r.rest->gate));
    for (uint64_t o = p->offset; o < p->end; o++, held++) {
      const size_t at = model_index(m, o);

      MODEL_CHECK(m->state[at] ==
                  (o < tcpflow__piece_middle(p) ? MODEL_BYTE : MODEL_CUT));
      MODEL_CHECK(
        m->state[at] == MODEL_CUT ||
        (m->value[at] == p->bytes[o - p->offset] && m->owner[at] == p->number));
    }
  }
  for (uint64_t o = m->next; o < m->base + MODEL_SPAN; o++) {
    const bool gone = m->next >= m->end;

    held -= !gone && model_state(m, o) != MODEL_NONE;
  }
  MODEL_CHECK(held == 0);
}

static inline void model_check(const model *m) {
  MODEL_CHECK(tcpflow__reasm_check(&m->r));
  MODEL_CHECK(m->r.next == m->next);
  MODEL_CHECK(m->r.rest->missing == m->missing);
  MODEL_CHECK(m->r.rest->duplicate == m->duplicate);
  MODEL_CHECK(m->r.rest->beyond_end == m->beyond_end);
  MODEL_CHECK(m->pool->budget.used <= m->pool->budget.cap);
  MODEL_CHECK(m->pool->budget.used == m->pool->fm.live_bytes);
  model_check_pieces(m);
}

/* FNV-1a over the struct and all pieces: the former self. */
static inline uint64_t model_digest_add(uint64_t digest, const void *object,
                                        size_t size) {
  const uint8_t *bytes = object;

  for (size_t i = 0; i < size; i++) {
    digest = (digest ^ bytes[i]) & UINT64_C(0xffffffffff);
    digest = digest * 0xb3 + (digest >> 24);
  }
  return digest;
}

static inline uint64_t model_digest(const tcpflow__reasm *r,
                                    const tcpflow__budget *budget) {
  uint64_t digest = model_digest_add(1, r, sizeof(*r));

  digest = model_digest_add(digest, budget, sizeof(*budget));
  for (tcpflow__piece *p = tcpflow__pieces_first(&r->rest->tree); p != NULL;
       p = tcpflow__pieces_next(p)) {
    tcpflow__piece bare;

    /* Its marks mean nothing between a drain() and the next put(). */
    memcpy(&bare, p, sizeof(bare));
    bare.marks = 0;
    digest = model_digest_add(digest, &bare, sizeof(bare));
    digest = model_digest_add(digest, p->bytes, p->captured);
  }
  return digest;
}

/* Where the model gets to, if holes before give_up are not waited for. */
static inline uint64_t model_edge(const model *m, uint64_t give_up) {
  uint64_t edge = m->next;

  while (edge < m->end &&
         (edge < give_up || model_state(m, edge) != MODEL_NONE)) {
    edge++;
  }
  return edge;
}

/* Notes an octet of the input; bytes: NULL if it was cut. */
static inline void model_add_octet(model *m, uint64_t offset,
                                   const uint8_t *byte) {
  if (offset >= m->end) {
    m->beyond_end++;
    return;
  }
  if (offset < m->next) {
    m->duplicate++;
    return;
  }

  const size_t at = model_index(m, offset);
  if (byte == NULL || m->r.off) {
    m->duplicate += m->state[at] != MODEL_NONE;
    m->state[at] = m->state[at] == MODEL_NONE ? MODEL_CUT : m->state[at];
    return;
  }
  if (m->state[at] == MODEL_BYTE) {
    m->duplicate++;
    m->disputed += m->value[at] != *byte;
    return;
  }
  m->state[at] = MODEL_BYTE;
  m->value[at] = *byte;
  m->owner[at] = m->inputs;
}

static inline void model_add_input(model *m,
                                   const tcpflow__reasm_input *input) {
  model_contest(m, input);
  for (uint32_t i = 0; i < input->length; i++) {
    model_add_octet(m, input->offset + i,
                    i < input->captured ? &input->bytes[i] : NULL);
  }
}

/* An upper bound of what the input needs: was there really no room? */
static inline bool model_surely_fits(const model *m, uint64_t used,
                                     uint64_t memory, uint64_t pieces) {
  const uint64_t more = pieces + 2;
  const uint64_t cost =
    more * sizeof(tcpflow__piece) + m->input->captured + MODEL_LONGEST;

  return pieces + more <= m->pool->limits.max_pieces &&
         memory + cost <= m->pool->limits.max_memory &&
         used + cost <= m->pool->budget.cap;
}

static inline bool model_failed(const model_pool *pool, size_t before) {
  return pool->fm.fail_at > before && pool->fm.fail_at <= pool->fm.requests;
}

/* Drains, and follows what was not told.  FAILED: the allocator did, before. */
static inline void model_drain(model *m, tcpflow__reasm_input *input) {
  const tcpflow__reasm_sink sink = {model_on_data, model_on_gap,
                                    model_on_conflict, m};
  const uint64_t give_up = m->noted && m->r.rest->give_up > m->give_up
                             ? m->r.rest->give_up
                             : m->give_up;
  const uint64_t edge = model_edge(m, give_up);
  const uint64_t reach = edge < m->gate ? edge : m->gate;
  const size_t requests = m->pool->fm.requests;

  MODEL_CHECK(tcpflow__reasm_edge(&m->r, input) == edge);
  m->input = input;
  m->muted = false;
  tcpflow__reasm_drain(&m->r, &m->pool->budget, &m->pool->limits, input, &sink);
  if (m->noted && (model_failed(m->pool, requests) || edge > reach)) {
    MODEL_CHECK(m->r.next >= reach);
  } else {
    MODEL_CHECK(m->r.next == reach || (m->noted && m->r.rest->gate > m->gate));
  }
  MODEL_CHECK(m->r.rest->gate == m->gate ||
              (m->noted && m->r.rest->gate > m->gate));
  m->gate = m->r.rest->gate;
  model_settle(m);
  if (!m->muted && !m->r.off) {
    MODEL_CHECK(m->next == m->r.next && m->disputed == 0);
    MODEL_CHECK(m->conflicting + m->conflicts == m->r.rest->conflicting);
  }
  m->conflicting = m->r.rest->conflicting;
  m->conflicts = 0;
  m->disputed = 0;
  model_pass(m, m->r.next);
  for (uint64_t o = m->end; m->next >= m->end && o < m->base + MODEL_SPAN;
       o++) {
    m->beyond_end += model_state(m, o) != MODEL_NONE;
    m->state[model_index(m, o)] = MODEL_NONE;
  }
  m->noted = false;
  m->input = NULL;
  model_check(m);
}

/* A FIN comes with the piece: the end is known before the drain. */
static inline void model_fin(model *m, tcpflow__reasm_input *input) {
  const uint64_t end =
    input->offset + input->length + (m->fin > 0 ? m->fin - 1 : 0);

  if (m->fin > 0 && m->end == UINT64_MAX && end >= m->next &&
      end <= m->base + MODEL_SPAN) {
    m->end = end;
    m->r.end = end;
  }
  m->fin = 0;
}

/* Is what the engine swallowed what it had to?  JOIN: what it might. */
static inline void model_note_join(model *m, const tcpflow__reasm_input *input,
                                   const model_join *join, bool fits) {
  const bool may = join->pieces > MODEL_FEW && !m->r.off &&
                   (!model_differs(m, input) || model_keeps(m->r.overlap));

  MODEL_CHECK(may || !input->swallows);
  MODEL_CHECK(!may || input->swallows || !fits || m->noted ||
              input->offset <= m->next || input->offset <= m->r.rest->give_up);
  m->join = *join;
  m->join.due = input->swallows;
}

static inline void model_put(model *m, tcpflow__reasm_input *input) {
  model_pool *pool = m->pool;
  const model_join join = model_join_of(m, input);
  const uint64_t digest = model_digest(&m->r, &pool->budget);
  const uint64_t used = pool->budget.used;
  const uint64_t memory = m->r.rest->memory;
  const uint64_t pieces = m->r.rest->pieces;
  const size_t requests = pool->fm.requests;
  /* Then it is neither copied nor refused. */
  const bool in_order =
    m->gate == UINT64_MAX &&
    (input->offset <= m->next ||
     (input->offset <= m->give_up && m->r.overlap == TCPFLOW_OVERLAP_FIRST));

  m->input = input;
  input->number = ++m->inputs;
  const int rc = tcpflow__reasm_put(&m->r, &pool->budget, &pool->limits, input);
  if (rc != TCPFLOW_OK) {
    MODEL_CHECK(rc == TCPFLOW_ERR_NOMEM && model_failed(pool, requests));
    MODEL_CHECK(model_digest(&m->r, &pool->budget) == digest);
    model_check(m);
    return;
  }
  MODEL_CHECK(!model_failed(pool, requests));
  m->noted = input->noted;
  model_note_join(m, input, &join, model_surely_fits(m, used, memory, pieces));
  MODEL_CHECK(!m->noted || !model_surely_fits(m, used, memory, pieces));
  MODEL_CHECK(m->r.rest->pieces <= pieces ||
              m->r.rest->pieces <= pool->limits.max_pieces);
  MODEL_CHECK(m->r.rest->memory <= memory ||
              m->r.rest->memory <= pool->limits.max_memory);
  MODEL_CHECK(pool->budget.used <= pool->budget.cap);
  model_add_input(m, input);
  model_fin(m, input);
  model_drain(m, input);
  MODEL_CHECK(!in_order || pool->fm.requests == requests);
}

/* Octets of which most agree whoever sends them. */
static inline uint8_t model_octet(uint64_t offset, unsigned variant) {
  const uint64_t x = offset % 251 * 167 + offset / 256 % 256;

  return (uint8_t)((x ^ (offset % 5 == variant % 5 ? variant : 0)) & 0xff);
}

static inline void model_send(model *m, uint64_t from, unsigned length,
                              unsigned captured, unsigned variant) {
  if (from + length > m->base + MODEL_SPAN) {
    return;
  }
  /* Exactly so large, and gone behind the call: it is only borrowed. */
  uint8_t *bytes = malloc(captured > 0 ? captured : 1);
  MODEL_CHECK(bytes != NULL);
  for (unsigned i = 0; i < captured; i++) {
    bytes[i] = model_octet(from + i, variant);
  }
  tcpflow__reasm_input input = {.bytes = captured > 0 ? bytes : NULL,
                                .offset = from,
                                .length = length,
                                .captured = captured};
  model_put(m, &input);
  free(bytes);
}

static inline uint64_t model_take_offset(const model *m, model_tape *tape) {
  const uint64_t ahead = model_take(tape) + 4 * (model_take(tape) & 0x1f);

  return m->next + ahead > m->base + 24 ? m->next + ahead - 24 : m->base;
}

static inline void model_op_add(model *m, model_tape *tape) {
  const uint64_t from = model_take_offset(m, tape);
  const unsigned length = model_take(tape) % (MODEL_LONGEST + 1);
  const unsigned shape = model_take(tape);
  const unsigned captured = shape % 4 == 0 ? length * (shape / 4) / 64 : length;
  const unsigned variant = shape % 4 == 1 ? shape / 4 : 0;

  model_send(m, from, length, captured, variant);
}

/* Many tiny ones, with holes or without, and one that covers most of them. */
static inline void model_op_comb(model *m, model_tape *tape) {
  const uint64_t from = model_take_offset(m, tape) + 24;
  const unsigned shape = model_take(tape);
  const unsigned stride = 1 + shape % 4;
  const unsigned teeth = 4 + shape / 4 % 16;
  const unsigned how = model_take(tape);

  for (unsigned i = 0; i < teeth; i++) {
    model_send(m, from + (uint64_t)stride * i, 1, 1, 0);
  }
  model_send(m, from + how % 8, 1 + how / 2 % MODEL_LONGEST,
             1 + how / 2 % MODEL_LONGEST, how % 3 == 0 ? model_take(tape) : 0);
}

static inline void model_op_give_up(model *m, model_tape *tape) {
  const uint64_t offset = m->next + model_take(tape);
  const tcpflow_gap_reason reason =
    (tcpflow_gap_reason)(2 + model_take(tape) % 5);

  if (offset > m->base + MODEL_SPAN) {
    return;
  }
  tcpflow__reasm_give_up(&m->r, &m->pool->budget, offset, reason);
  if (offset > m->give_up) {
    m->give_up = offset;
    m->reason = reason;
  }
  /* Now, or together with the next piece. */
  if (model_take(tape) % 4 != 0) {
    model_drain(m, NULL);
  }
}

static inline void model_op_end(model *m, model_tape *tape) {
  const unsigned ahead = model_take(tape) + model_take(tape);

  if (m->end == UINT64_MAX && m->next + ahead <= m->base + MODEL_SPAN) {
    m->end = m->next + ahead;
    m->r.end = m->end;
    model_drain(m, NULL);
  }
}

static inline void model_op_gate(model *m, model_tape *tape) {
  const uint64_t gate = m->next + model_take(tape);

  if (m->gate != UINT64_MAX && gate > m->gate) {
    m->gate = gate;
    m->r.rest->gate = gate;
    model_drain(m, NULL);
  }
}

static inline void model_op_pool(model_pool *pool, model_tape *tape) {
  const unsigned what = model_take(tape);
  const unsigned much = model_take(tape);

  switch (what % 4) {
  case 0:
    pool->fm.fail_at = pool->fm.requests + 1 + much % 4;
    pool->fm.fail_from = 0;
    break;
  case 1:
    pool->limits.max_pieces = much % 32;
    break;
  case 2:
    pool->limits.max_memory = much * 16;
    break;
  default:
    pool->budget.cap = pool->budget.used + much * 8;
    break;
  }
}

static inline void model_op(model *m, model_tape *tape) {
  const unsigned op = model_take(tape) % 32;

  if (op < 20) {
    model_op_add(m, tape);
  } else if (op < 22) {
    model_op_comb(m, tape);
  } else if (op < 23) {
    m->r.overlap = (uint8_t)(model_take(tape) % TCPFLOW_OVERLAP_COUNT);
  } else if (op < 24) {
    model_op_gate(m, tape);
  } else if (op < 26) {
    model_op_give_up(m, tape);
  } else if (op < 27) {
    model_op_end(m, tape);
  } else if (op < 29) {
    model_op_pool(m->pool, tape);
  } else if (op < 30) {
    m->hear = model_take(tape) % 4;
  } else if (op < 31) {
    m->hear_off = model_take(tape) % 16 == 1 ? 1 + model_take(tape) % 4 : 0;
  } else {
    m->fin = model_take(tape) % 8;
  }
}

static inline void model_start(model *m, model_pool *pool, model_tape *tape) {
  static const uint64_t bases[] = {
    0,
    UINT64_C(0x7fffff80),
    UINT64_C(0xffffff80),
    UINT64_C(0x1ffffff80),
    UINT64_C(0x7ffffffffffffe00) - MODEL_SPAN / 2,
    (UINT64_C(1) << 63) - MODEL_SPAN,
  };

  memset(m, 0, sizeof(*m));
  m->pool = pool;
  m->base = bases[model_take(tape) % (sizeof(bases) / sizeof(bases[0]))];
  m->next = m->base;
  m->end = UINT64_MAX;
  m->missing = m->base;
  tcpflow__reasm_init(&m->r);
  tcpflow__rest_lend(&m->r, &m->rest);
  m->r.overlap = (uint8_t)(model_take(tape) % TCPFLOW_OVERLAP_COUNT);
  m->gate = model_take(tape) % 8 == 1 ? m->base : UINT64_MAX;
  m->r.rest->gate = m->gate;
  /* As if all before it had been skipped. */
  m->r.next = m->base;
  m->r.rest->missing = m->base;
}

static inline void model_finish(model *m) {
  m->gate = UINT64_MAX;
  m->r.rest->gate = UINT64_MAX;
  tcpflow__reasm_give_up(&m->r, &m->pool->budget, tcpflow__reasm_last(&m->r),
                         TCPFLOW_GAP_CLOSED);
  if (m->give_up < m->r.rest->give_up) {
    m->give_up = m->r.rest->give_up;
    m->reason = TCPFLOW_GAP_CLOSED;
  }
  model_drain(m, NULL);
  MODEL_CHECK(m->r.rest->tree.root == NULL);
}

/* Plays a tape on two streams with one budget. */
static inline void model_play(const uint8_t *data, size_t size) {
  model_tape tape = {data, size, 0};
  model_pool pool = {.limits = {0, 0}};
  model streams[2];

  memset(&pool, 0, sizeof(pool));
  pool.budget.mem = failmem_table(&pool.fm);
  pool.limits.max_pieces = 2 + model_take(&tape);
  pool.limits.max_memory = model_take(&tape) * 64;
  pool.budget.cap = model_take(&tape) * 128;
  model_start(&streams[0], &pool, &tape);
  model_start(&streams[1], &pool, &tape);
  while (tape.at < tape.size) {
    model_op(&streams[model_take(&tape) % 4 == 0], &tape);
  }

  model_finish(&streams[0]);
  tcpflow__reasm_clear(&streams[1].r, &pool.budget);
  MODEL_CHECK(tcpflow__reasm_check(&streams[1].r));
  MODEL_CHECK(pool.budget.used == 0 && pool.fm.live_blocks == 0);
}

#endif /* TCPFLOW_TESTS_STREAM_MODEL_H */
