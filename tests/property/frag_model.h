/*
 * tests/property/frag_model.h - a reassembler beside a model of it.
 *
 * The model keeps every fragment of a datagram and works out from the start, in
 * arrays of units, what should be there: whether the datagram is complete,
 * whose octets count, and what is odd.  It is slow and has no structure in
 * common with the library.  Octets decide what is played: settings, then calls.
 *
 * Without caps that bite, outcome, anomalies, length and every octet must be
 * the model's.  With caps, with failing memory, at any time: what is held stays
 * within the caps, and the figures add up.
 */
#ifndef TCPFLOW_TESTS_FRAG_MODEL_H
#define TCPFLOW_TESTS_FRAG_MODEL_H

#include <stdio.h>

#include "unit/failmem.h"
#include "unit/frag/cuts.h"

#define MODEL_UNITS     64
#define MODEL_DATAGRAMS 4
#define MODEL_FRAGMENTS 256

#define MODEL_CHECK(condition)                                                 \
  do {                                                                         \
    if (!(condition)) {                                                        \
      fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);          \
      abort();                                                                 \
    }                                                                          \
  } while (0)

typedef struct model_fragment {
  uint32_t start;
  uint32_t end;
  uint32_t captured;
  uint8_t fill;
} model_fragment;

typedef struct model_datagram {
  model_fragment fragment[MODEL_FRAGMENTS];
  uint32_t count;
  uint32_t end;
  uint32_t anomalies;
  tcpflow_time first_time;
  bool exists;
  bool dropped;
} model_datagram;

typedef struct model {
  const uint8_t *data;
  size_t size;
  size_t at;
  failmem memory;
  tcpflow_frag_config config;
  tcpflow_frag *frag;
  tcpflow_time now;
  bool exact; /* No cap bites. */
  model_datagram datagram[2][MODEL_DATAGRAMS];
} model;

static inline unsigned model_octet(model *m) {
  return m->at < m->size ? m->data[m->at++] : 0;
}

/* --- what should be there --- */

/* Who has each unit: the number of a fragment, -1 if nobody has it; and which
   row of units it belongs to. */
typedef struct model_units {
  int owner[MODEL_UNITS];
  int row[MODEL_UNITS];
} model_units;

static inline bool model_replaces(unsigned policy, uint32_t n_from,
                                  uint32_t n_end, uint32_t e_from,
                                  uint32_t e_end) {
  switch (policy) {
  case TCPFLOW_FRAG_POLICY_LAST:
    return true;
  case TCPFLOW_FRAG_POLICY_BSD:
    return n_from < e_from;
  case TCPFLOW_FRAG_POLICY_BSD_RIGHT:
    return n_end > e_end || (n_end == e_end && n_from <= e_from);
  case TCPFLOW_FRAG_POLICY_LINUX:
    return n_from <= e_from;
  case TCPFLOW_FRAG_POLICY_WINDOWS:
    return n_from < e_from && n_end > e_end;
  case TCPFLOW_FRAG_POLICY_SOLARIS:
    return n_from < e_from && n_end >= e_end;
  default:
    return false;
  }
}

/* Gives every row of neighbours a number of its own: those of one owner that
   had one number. */
static inline void model_renumber(model_units *u) {
  const model_units old = *u;

  for (int i = 0; i < MODEL_UNITS; i++) {
    const bool goes_on = i > 0 && old.owner[i] >= 0 &&
                         old.owner[i] == old.owner[i - 1] &&
                         old.row[i] == old.row[i - 1];
    u->row[i] = goes_on ? u->row[i - 1] : i;
  }
}

static inline void model_lay(model_units *u, const model_fragment *f, int who,
                             uint32_t end, unsigned policy) {
  const uint32_t limit = f->end < end ? f->end : end;
  const uint32_t from = f->start / 8;
  /* A unit that is not filled counts at the datagram's end only. */
  const uint32_t behind = limit < end ? limit / 8 : (limit + 7) / 8;
  bool wins[MODEL_UNITS];

  for (uint32_t i = from; i < behind; i++) {
    uint32_t first = i;
    uint32_t last = i;
    while (first > 0 && u->owner[i] >= 0 && u->row[first - 1] == u->row[i]) {
      first--;
    }
    while (last + 1 < MODEL_UNITS && u->owner[i] >= 0 &&
           u->row[last + 1] == u->row[i]) {
      last++;
    }
    wins[i] =
      u->owner[i] < 0 || model_replaces(policy, from, behind, first, last + 1);
  }
  for (uint32_t i = from; i < behind; i++) {
    if (wins[i]) {
      u->owner[i] = who;
      u->row[i] = -1;
    }
  }
  model_renumber(u);
}

/* Units that nobody fills, and that do not end the datagram, are those of the
   fragment that has most of them. */
static inline void model_fill(model_units *u, const model_datagram *d) {
  const model_units laid = *u;

  for (uint32_t unit = 0; unit < d->end / 8; unit++) {
    uint32_t most = unit * 8;
    for (uint32_t k = 0; laid.owner[unit] < 0 && k < d->count; k++) {
      const model_fragment *const f = &d->fragment[k];
      if (f->end / 8 == unit && f->end > most) {
        most = f->end;
        u->owner[unit] = (int)k;
      }
    }
  }
}

static inline bool model_known(const model_fragment *f, uint32_t octet) {
  return octet >= f->start && octet < f->start + f->captured;
}

/* Lays all; answers whether two that meet differ. */
static inline bool model_settle(const model_datagram *d, unsigned policy,
                                model_units *u) {
  bool conflict = false;

  for (int i = 0; i < MODEL_UNITS; i++) {
    u->owner[i] = -1;
    u->row[i] = i;
  }
  for (uint32_t k = 0; k < d->count; k++) {
    const model_fragment *const f = &d->fragment[k];
    for (uint32_t o = f->start; o < f->end && o < d->end; o++) {
      const int who = u->owner[o / 8];
      conflict |= who >= 0 && model_known(f, o) &&
                  model_known(&d->fragment[who], o) &&
                  d->fragment[who].fill != f->fill;
    }
    model_lay(u, f, (int)k, d->end, policy);
  }
  model_fill(u, d);
  return conflict;
}

static inline bool model_covers(const model_datagram *d, uint32_t unit) {
  for (uint32_t k = 0; k < d->count; k++) {
    if (unit >= d->fragment[k].start / 8 &&
        unit < (d->fragment[k].end + 7) / 8) {
      return true;
    }
  }
  return false;
}

static inline bool model_complete(const model_datagram *d) {
  for (uint32_t unit = 0; unit < (d->end + 7) / 8; unit++) {
    if (!model_covers(d, unit)) {
      return false;
    }
  }
  return d->end != 0;
}

/* Same place as one that came, and no other one in its way. */
static inline bool model_is_duplicate(const model_datagram *d, uint32_t start,
                                      uint32_t end) {
  const uint32_t from = start / 8;
  const uint32_t behind = (end + 7) / 8;
  bool begins = false;
  bool ends = !model_covers(d, behind);

  for (uint32_t k = 0; k < d->count; k++) {
    const uint32_t there = d->fragment[k].start / 8;
    begins |= there == from;
    ends |= there == behind;
    if (there > from && there < behind) {
      return false;
    }
  }
  for (uint32_t unit = from; unit < behind; unit++) {
    if (!model_covers(d, unit)) {
      return false;
    }
  }
  return begins && ends;
}

/* --- one fragment --- */

/* What the library should say. */
typedef struct model_expected {
  uint32_t outcome;
  uint32_t reason;
  uint32_t anomalies;
} model_expected;

static inline void model_object(const model *m, model_expected *e,
                                unsigned policy, uint32_t anomaly) {
  (void)m;
  e->anomalies |= anomaly;
  if (policy == TCPFLOW_FRAG_POLICY_RFC5722) {
    e->outcome = TCPFLOW_FRAG_DROPPED;
    e->reason = TCPFLOW_FRAG_REASON_OVERLAP;
  }
}

static inline model_expected model_dropped(uint32_t anomalies,
                                           uint32_t reason) {
  const model_expected e = {TCPFLOW_FRAG_DROPPED, reason, anomalies};

  return e;
}

/* Looks at a fragment alone; `reason` is 0 if nothing speaks against it. */
static inline model_expected model_alone(const model *m,
                                         const model_datagram *d, const cut *c,
                                         unsigned policy, uint32_t *end) {
  uint32_t anomalies = d->anomalies;

  (void)m;
  *end = c->start + c->length;
  if (c->more && *end % 8 != 0) {
    anomalies |= TCPFLOW_FRAG_ANOMALY_UNEVEN;
    if (policy == TCPFLOW_FRAG_POLICY_RFC5722) {
      if (c->lacks != 0) {
        anomalies |= TCPFLOW_FRAG_ANOMALY_CUT;
      }
      return model_dropped(anomalies, d->dropped ? TCPFLOW_FRAG_REASON_ABANDONED
                                                 : TCPFLOW_FRAG_REASON_UNEVEN);
    }
    *end -= *end % 8;
  }
  if (c->length - c->lacks < *end - c->start) {
    anomalies |= TCPFLOW_FRAG_ANOMALY_CUT;
  }
  if (*end == c->start) {
    return model_dropped(anomalies | TCPFLOW_FRAG_ANOMALY_EMPTY,
                         d->dropped ? TCPFLOW_FRAG_REASON_ABANDONED
                                    : TCPFLOW_FRAG_REASON_EMPTY);
  }
  if (d->dropped) {
    return model_dropped(anomalies, TCPFLOW_FRAG_REASON_ABANDONED);
  }
  return (model_expected){TCPFLOW_FRAG_HELD, 0, anomalies};
}

static inline uint32_t model_reach(const model_datagram *d) {
  uint32_t reach = 0;

  for (uint32_t k = 0; k < d->count; k++) {
    reach = d->fragment[k].end > reach ? d->fragment[k].end : reach;
  }
  return reach;
}

/* Plays a fragment on the model's datagram. */
static inline model_expected model_feed(model *m, model_datagram *d,
                                        const cut *c, unsigned policy) {
  uint32_t end;
  uint32_t reach = model_reach(d);
  model_expected e = model_alone(m, d, c, policy, &end);

  if (e.reason != 0) {
    if (d->exists) {
      d->anomalies = e.anomalies;
    }
    return e;
  }
  const uint32_t total = d->end != 0 ? d->end : c->more ? 0 : end;
  if (!c->more && end != total) {
    model_object(m, &e, policy, TCPFLOW_FRAG_ANOMALY_TWO_ENDS);
  }
  reach = end > reach ? end : reach;
  if (total != 0 && reach > total) {
    model_object(m, &e, policy, TCPFLOW_FRAG_ANOMALY_BEYOND_END);
  }
  bool shares = false;
  for (uint32_t unit = c->start / 8; unit < (end + 7) / 8; unit++) {
    shares |= model_covers(d, unit);
  }
  if (shares && model_is_duplicate(d, c->start, end)) {
    e.anomalies |= TCPFLOW_FRAG_ANOMALY_DUPLICATE;
  } else if (shares) {
    model_object(m, &e, policy, TCPFLOW_FRAG_ANOMALY_OVERLAP);
  }
  if (d->count == m->config.max_fragments) {
    e = model_dropped(e.anomalies | TCPFLOW_FRAG_ANOMALY_TOO_MANY,
                      TCPFLOW_FRAG_REASON_TOO_MANY);
  } else if (e.reason == 0 && total != 0 && c->start >= total) {
    d->anomalies = e.anomalies;
    return model_dropped(e.anomalies, TCPFLOW_FRAG_REASON_BEYOND_END);
  }
  if (!d->exists) {
    d->exists = true;
    d->first_time = m->now;
  }
  d->anomalies = e.anomalies;
  if (e.reason != 0) {
    d->dropped = true;
    return e;
  }
  const uint32_t has = c->length - c->lacks;
  d->fragment[d->count++] = (model_fragment){
    c->start, end, has < end - c->start ? has : end - c->start, c->fill};
  d->end = total;
  return e;
}

/* Compares a datagram with what the model has. */
static inline void model_compare(const model_datagram *d, const model_units *u,
                                 const cut *c, const tcpflow_frame *datagram) {
  const uint32_t header = c->version == 6 ? 40 : 20;
  uint32_t known = 0;

  while (known < d->end && u->owner[known / 8] >= 0 &&
         model_known(&d->fragment[u->owner[known / 8]], known)) {
    MODEL_CHECK(known < datagram->captured - header);
    MODEL_CHECK(datagram->bytes[header + known] ==
                d->fragment[u->owner[known / 8]].fill);
    known++;
  }
  MODEL_CHECK(datagram->captured == header + known);
  MODEL_CHECK(datagram->length == header + d->end);
  MODEL_CHECK(datagram->number == c->number);
}

static inline void model_check_said(model *m, model_datagram *d, const cut *c,
                                    unsigned policy, const said *s) {
  model_expected e = model_feed(m, d, c, policy);
  model_units u;

  if (e.outcome == TCPFLOW_FRAG_HELD && model_complete(d)) {
    const bool conflict = model_settle(d, policy, &u);
    e.anomalies |= conflict ? TCPFLOW_FRAG_ANOMALY_CONFLICT : 0U;
    e.outcome = TCPFLOW_FRAG_COMPLETE;
    if (conflict && policy == TCPFLOW_FRAG_POLICY_RFC5722) {
      e = model_dropped(e.anomalies, TCPFLOW_FRAG_REASON_OVERLAP);
      d->anomalies = e.anomalies;
      d->dropped = true;
    }
  }
  MODEL_CHECK(s->result.outcome == e.outcome);
  MODEL_CHECK(s->result.reason == e.reason);
  MODEL_CHECK(s->result.anomalies == e.anomalies);
  if (e.outcome == TCPFLOW_FRAG_COMPLETE) {
    model_compare(d, &u, c, &s->datagram);
    memset(d, 0, sizeof(*d));
  }
}

/* --- the game --- */

static inline uint64_t model_sum(const uint64_t *figure, size_t count) {
  uint64_t sum = 0;

  for (size_t i = 0; i < count; i++) {
    sum += figure[i];
  }
  return sum;
}

static inline void model_check_stats(const model *m) {
  const tcpflow_frag_stats s = cut_stats(m->frag);
  const uint64_t dropped = model_sum(s.datagrams_dropped, 32);

  MODEL_CHECK(s.held <= m->config.max_datagrams);
  MODEL_CHECK(s.held_memory <= m->config.max_bytes);
  MODEL_CHECK((s.held == 0) == (s.held_memory == 0));
  MODEL_CHECK(s.completed + dropped <= s.datagrams);
  MODEL_CHECK(s.datagrams - s.completed - dropped <= s.held);
  MODEL_CHECK(model_sum(s.fragments_dropped, 32) <= s.fragments);
}

static inline void model_forget_late(model *m) {
  for (unsigned v = 0; v < 2; v++) {
    for (unsigned i = 0; i < MODEL_DATAGRAMS; i++) {
      model_datagram *const d = &m->datagram[v][i];
      if (d->exists && m->now - d->first_time >= m->config.timeout_ns) {
        memset(d, 0, sizeof(*d));
      }
    }
  }
}

static inline void model_step_feed(model *m) {
  const unsigned shape = model_octet(m);
  const unsigned place = model_octet(m);
  const unsigned extent = model_octet(m);
  const unsigned version = (shape & 1) != 0;
  const unsigned which = shape >> 1 & 3;
  const uint32_t length = extent & 127;
  cut c = {.start = (place & 31) * 8,
           .length = length,
           .more = (shape & 8) != 0 || (place & 31) == 0,
           .fill = (uint8_t)(shape >> 4 & 3),
           .version = version ? 6 : 4,
           .protocol = 17,
           .id = which,
           .time = m->now - ((place & 32) != 0 ? 1 : 0),
           .number = m->at};
  const unsigned policy =
    version ? m->config.policy_ipv6 : m->config.policy_ipv4;

  if ((extent & 128) == 0) {
    c.length -= length % 8;
  }
  c.lacks = (shape & 64) != 0 ? model_octet(m) % (c.length + 1) : 0;
  m->memory.fail_at =
    (shape & 128) != 0 ? m->memory.requests + 1 + (place >> 6) : 0;
  const said s = cut_feed(m->frag, &c);
  m->memory.fail_at = 0;
  MODEL_CHECK(s.error == TCPFLOW_OK || s.error == TCPFLOW_ERR_NOMEM);
  if (s.error == TCPFLOW_OK && m->exact) {
    model_check_said(m, &m->datagram[version][which], &c, policy, &s);
  }
  model_check_stats(m);
}

static inline void model_step_time(model *m) {
  m->now += model_octet(m) * (TCPFLOW_SECOND / 10);
  MODEL_CHECK(tcpflow_frag_advance(m->frag, m->now) == TCPFLOW_OK);
  MODEL_CHECK(tcpflow_frag_deadline(m->frag) > m->now);
  model_forget_late(m);
  model_check_stats(m);
}

static inline void model_configure(model *m) {
  const unsigned settings = model_octet(m);

  tcpflow_frag_config_init(&m->config);
  m->config.policy_ipv4 = 1 + (settings & 7);
  m->config.policy_ipv6 = 1 + (settings >> 3 & 7);
  m->config.timeout_ns = 10 * TCPFLOW_SECOND;
  m->config.max_fragments = (settings & 64) != 0 ? 12 : MODEL_FRAGMENTS;
  m->exact = (settings & 128) == 0;
  if (!m->exact) {
    m->config.max_datagrams = 1 + model_octet(m) % 8;
    m->config.max_bytes = 1024 + model_octet(m) * 16U;
  }
}

static inline void model_play(const uint8_t *data, size_t size) {
  model *const m = (model *)calloc(1, sizeof(*m));

  MODEL_CHECK(m != NULL);
  m->data = data;
  m->size = size;
  m->now = 1000 * TCPFLOW_SECOND;
  const tcpflow_mem mem = failmem_table(&m->memory);
  model_configure(m);
  MODEL_CHECK(tcpflow_frag_new(&m->frag, &m->config, NULL, &mem, NULL) ==
              TCPFLOW_OK);
  while (m->at < m->size) {
    if (model_octet(m) % 16 == 0) {
      model_step_time(m);
    } else {
      model_step_feed(m);
    }
  }
  MODEL_CHECK(tcpflow_frag_flush(m->frag) == TCPFLOW_OK);
  MODEL_CHECK(cut_stats(m->frag).held == 0);
  MODEL_CHECK(m->memory.live_blocks == 2); /* Itself, and buckets. */
  tcpflow_frag_del(m->frag);
  MODEL_CHECK(m->memory.live_blocks == 0);
  free(m);
}

#endif /* TCPFLOW_TESTS_FRAG_MODEL_H */
