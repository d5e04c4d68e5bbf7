/*
 * lib/frag/gather.c - a fragment is taken in.
 *
 * Room: frag.  Includes: base, wire, decode.  First it is looked at, which
 * changes nothing; then memory is asked for; then others make room for it; then
 * it is added.  So a call can fail, but not half.
 */
#include "frag/frag.h"

#include "base/mem.h"

#include <string.h>

/* Datagrams given up for a packet because they took too long. */
#define LOOKS_A_PACKET 32

enum {
  UNIT = 8,
  PROTOCOL_TCP = 6,
  TCP_HEADER = 20,
  ECN_MASK = 3,
  ECN_NOT_ECT_BIT = 1 << 0,
  ECN_CE_BIT = 1 << 3
};

/* A fragment on its way in. */
typedef struct arrival {
  tcpflow__fragment fragment;
  uint64_t hash;
  tcpflow__pending *pending; /* Its datagram. */
  bool is_new;               /* Nobody else knows that one yet. */
  tcpflow_frag_policy policy;
  tcpflow__pending_facts facts; /* Those of the datagram, with it. */
  tcpflow_frag_reason reason;   /* Why it is dropped alone, ... */
  tcpflow_frag_reason fatal;    /* ... or with its datagram. */
} arrival;

/* --- counting --- */

void tcpflow__frag_count(tcpflow_frag *frag, uint32_t before, uint32_t now) {
  for (unsigned i = 0; i < TCPFLOW_FRAG_ANOMALY_COUNT; i++) {
    frag->stats.anomalies[i] += ((now & ~before) >> i & 1) != 0;
  }
}

static void uncount(tcpflow_frag *frag, uint32_t before, uint32_t now) {
  for (unsigned i = 0; i < TCPFLOW_FRAG_ANOMALY_COUNT; i++) {
    frag->stats.anomalies[i] -= ((now & ~before) >> i & 1) != 0;
  }
}

/* --- looked at by itself --- */

static tcpflow_frag_policy ask_policy(tcpflow_frag *frag,
                                      const tcpflow_frag_query *query) {
  int answer = TCPFLOW_FRAG_POLICY_DEFAULT;

  if (frag->callbacks.choose_policy != NULL) {
    frag->telling = true;
    answer = frag->callbacks.choose_policy(query, frag->user);
    frag->telling = false;
  }
  if (answer > TCPFLOW_FRAG_POLICY_DEFAULT &&
      answer < TCPFLOW_FRAG_POLICY_COUNT) {
    return (tcpflow_frag_policy)answer;
  }
  return (tcpflow_frag_policy)(query->ends->version == 4
                                 ? frag->config.policy_ipv4
                                 : frag->config.policy_ipv6);
}

static void note(arrival *a, tcpflow_frag_anomaly anomaly) {
  a->facts.anomalies |= (uint32_t)anomaly;
}

/* Notes what is wrong, if BAD; the fragment is dropped for the first reason. */
static void refuse(arrival *a, bool bad, tcpflow_frag_anomaly anomaly,
                   tcpflow_frag_reason reason) {
  if (bad) {
    note(a, anomaly);
    a->reason = a->reason == TCPFLOW_FRAG_REASON_NONE ? reason : a->reason;
  }
}

/*
 * RFC 8200 section 4.5 discards a fragment whose length is no multiple of 8.
 * Others count the units that are whole, as Linux does.
 */
static void even_out(arrival *a) {
  tcpflow__fragment *const f = &a->fragment;

  if (!f->more || f->end % UNIT == 0) {
    return;
  }
  note(a, TCPFLOW_FRAG_ANOMALY_UNEVEN);
  if (a->policy == TCPFLOW_FRAG_POLICY_RFC5722) {
    refuse(a, true, TCPFLOW_FRAG_ANOMALY_UNEVEN, TCPFLOW_FRAG_REASON_UNEVEN);
  } else {
    f->end -= f->end % UNIT;
  }
}

static void look_at_header(const tcpflow_frag *frag, arrival *a) {
  tcpflow__fragment *const f = &a->fragment;

  if (f->dont_fragment) {
    note(a, TCPFLOW_FRAG_ANOMALY_DONT_FRAGMENT);
  }
  refuse(a, f->bad_length, TCPFLOW_FRAG_ANOMALY_BAD_LENGTH,
         TCPFLOW_FRAG_REASON_BAD_LENGTH);
  refuse(a,
         frag->config.verify_checksums != 0 && !tcpflow__fragment_checksum(f),
         TCPFLOW_FRAG_ANOMALY_BAD_CHECKSUM, TCPFLOW_FRAG_REASON_BAD_CHECKSUM);
  even_out(a);
  refuse(a, f->end > f->longest, TCPFLOW_FRAG_ANOMALY_TOO_LONG,
         TCPFLOW_FRAG_REASON_TOO_LONG);
  refuse(a, f->end == f->start, TCPFLOW_FRAG_ANOMALY_EMPTY,
         TCPFLOW_FRAG_REASON_EMPTY);
}

/* RFC 1858 section 3 and RFC 3128: a header that is split hides its flags. */
static bool is_tiny(const tcpflow__fragment *f) {
  return f->protocol == PROTOCOL_TCP && f->start < TCP_HEADER &&
         (f->start != 0 || (f->end < TCP_HEADER && f->more));
}

static void look_at_data(arrival *a) {
  const tcpflow__fragment *const f = &a->fragment;

  if (is_tiny(f)) {
    note(a, TCPFLOW_FRAG_ANOMALY_TINY);
  }
  if (f->captured < f->end - f->start) {
    note(a, TCPFLOW_FRAG_ANOMALY_CUT);
  }
  a->facts.ecn |= UINT32_C(1) << (f->tos & ECN_MASK);
  if ((a->facts.ecn & (ECN_NOT_ECT_BIT | ECN_CE_BIT)) ==
      (ECN_NOT_ECT_BIT | ECN_CE_BIT)) {
    note(a, TCPFLOW_FRAG_ANOMALY_ECN);
  }
}

/* --- looked at beside the others --- */

/* Notes what a strict policy does not stand. */
static void object(arrival *a, tcpflow_frag_anomaly anomaly) {
  note(a, anomaly);
  if (a->policy == TCPFLOW_FRAG_POLICY_RFC5722) {
    a->fatal = TCPFLOW_FRAG_REASON_OVERLAP;
  }
}

/* The first last fragment to come says where the datagram ends. */
static void note_end(arrival *a, uint32_t end) {
  if (a->facts.end == 0) {
    a->facts.end = end;
  }
  if (a->facts.end != end) {
    object(a, TCPFLOW_FRAG_ANOMALY_TWO_ENDS);
  }
}

static void look_at_end(arrival *a) {
  const tcpflow__fragment *const f = &a->fragment;
  tcpflow__pending_facts *const facts = &a->facts;

  if (!f->more) {
    note_end(a, f->end);
  }
  if (f->end > facts->reach) {
    facts->reach = f->end;
  }
  if (facts->end == 0) {
    return;
  }
  if (facts->reach > facts->end) {
    object(a, TCPFLOW_FRAG_ANOMALY_BEYOND_END);
  }
  if (f->start >= facts->end) {
    a->reason = TCPFLOW_FRAG_REASON_BEYOND_END;
  }
}

/* The datagram's map: its own, or one that is made for the occasion. */
static tcpflow__map *map_of(tcpflow_frag *frag,
                            const tcpflow__pending *pending) {
  if (pending->map != NULL) {
    return pending->map;
  }
  tcpflow__map_fill(&frag->map, pending);
  return &frag->map;
}

static void look_at_place(tcpflow_frag *frag, arrival *a) {
  const tcpflow__fragment *const f = &a->fragment;

  switch (tcpflow__map_lie(map_of(frag, a->pending), f->start, f->end)) {
  case TCPFLOW__LIE_APART:
    break;
  case TCPFLOW__LIE_DUPLICATE:
    note(a, TCPFLOW_FRAG_ANOMALY_DUPLICATE);
    break;
  case TCPFLOW__LIE_OVERLAP:
  default:
    object(a, TCPFLOW_FRAG_ANOMALY_OVERLAP);
    break;
  }
}

static void look_beside(tcpflow_frag *frag, arrival *a) {
  if (a->fragment.protocol != a->pending->protocol) {
    note(a, TCPFLOW_FRAG_ANOMALY_PROTOCOL);
  }
  look_at_end(a);
  look_at_place(frag, a);
  if (a->facts.parts == frag->config.max_fragments) {
    note(a, TCPFLOW_FRAG_ANOMALY_TOO_MANY);
    a->fatal = TCPFLOW_FRAG_REASON_TOO_MANY;
  }
}

/* --- dropped --- */

static void answer(tcpflow_frag_result *result, const arrival *a,
                   tcpflow_frag_outcome outcome) {
  result->outcome = (uint32_t)outcome;
  result->reason = (uint32_t)a->reason;
  result->anomalies = a->facts.anomalies;
  result->fragments = a->facts.parts;
}

/* Only the fragment is dropped; its datagram, if there is one, has the
   anomalies. */
static void drop_alone(tcpflow_frag *frag, arrival *a,
                       tcpflow_frag_result *result) {
  uint32_t before = 0;

  if (a->pending != NULL) {
    before = a->pending->facts.anomalies;
    a->pending->facts.anomalies = a->facts.anomalies;
  }
  tcpflow__frag_count(frag, before, a->facts.anomalies);
  frag->stats.fragments++;
  frag->stats.fragments_dropped[a->reason]++;
  answer(result, a, TCPFLOW_FRAG_DROPPED);
}

/* The fragment counts as one of the datagram that goes. */
static void drop_all(tcpflow_frag *frag, arrival *a,
                     tcpflow_frag_result *result) {
  tcpflow__pending *const pending = a->pending;

  a->facts.parts++;
  tcpflow__frag_count(frag, pending->facts.anomalies, a->facts.anomalies);
  frag->stats.fragments++;
  pending->facts.anomalies = a->facts.anomalies;
  pending->facts.parts = a->facts.parts;
  a->reason = a->fatal;
  answer(result, a, TCPFLOW_FRAG_DROPPED);
  tcpflow__frag_condemn(frag, pending, a->fatal);
}

/* --- memory and room --- */

/* What is asked for on behalf of a fragment. */
typedef struct stock {
  tcpflow__part *part;
  tcpflow__map *map; /* If the datagram shall have one from now on. */
  uint64_t memory;   /* All of it, and a new datagram. */
} stock;

static bool wants_map(const arrival *a) {
  return a->pending->map == NULL &&
         a->facts.parts >= TCPFLOW__PARTS_WITHOUT_MAP;
}

static void give_back(const tcpflow_mem *mem, stock *s) {
  tcpflow__free(mem, s->part);
  tcpflow__free(mem, s->map);
}

/* TCPFLOW_OK or TCPFLOW_ERR_NOMEM. */
static int ask(const tcpflow_mem *mem, const arrival *a, stock *s) {
  const bool with_map = wants_map(a);

  s->memory = tcpflow__part_cost(&a->fragment) +
              (with_map ? sizeof(*s->map) : 0) +
              (a->is_new ? sizeof(*a->pending) : 0);
  s->part = tcpflow__part_new(mem, &a->fragment);
  s->map = with_map && s->part != NULL
             ? (tcpflow__map *)tcpflow__malloc(mem, sizeof(*s->map))
             : NULL;
  if (s->part == NULL || (with_map && s->map == NULL)) {
    give_back(mem, s);
    return TCPFLOW_ERR_NOMEM;
  }
  return TCPFLOW_OK;
}

static bool fits(const tcpflow_frag *frag, const arrival *a, const stock *s) {
  return s->memory <= frag->config.max_bytes &&
         frag->store.memory <= frag->config.max_bytes - s->memory &&
         frag->store.count + (a->is_new ? 1 : 0) <= frag->config.max_datagrams;
}

/* The oldest datagram that may go; NULL if none may. */
static tcpflow__pending *find_victim(const tcpflow_frag *frag,
                                     const tcpflow__pending *spared) {
  tcpflow__pending *victim = frag->store.oldest;

  while (victim != NULL && (victim == spared || victim->complete)) {
    victim = victim->newer;
  }
  return victim;
}

/* Drops others until it fits.  Answers false if that does not help. */
static bool make_room(tcpflow_frag *frag, const arrival *a, const stock *s) {
  const uint64_t own = a->is_new ? s->memory : s->memory + a->pending->memory;

  if (own > frag->config.max_bytes) {
    return false;
  }
  while (!fits(frag, a, s)) {
    tcpflow__pending *const victim = find_victim(frag, a->pending);
    if (victim == NULL) {
      return false;
    }
    tcpflow__frag_drop(frag, victim, TCPFLOW_FRAG_REASON_EVICTED);
  }
  return true;
}

/* --- added --- */

static void add(tcpflow_frag *frag, arrival *a, const stock *s) {
  tcpflow__pending *const pending = a->pending;

  pending->before = pending->facts;
  a->facts.parts++;
  a->facts.last = s->part;
  if (pending->facts.last == NULL) {
    pending->first = s->part;
  } else {
    pending->facts.last->next = s->part;
  }
  pending->facts = a->facts;
  pending->memory += s->memory - (a->is_new ? sizeof(*pending) : 0);
  if (s->map != NULL) {
    pending->map = s->map;
    tcpflow__map_fill(s->map, pending);
  } else if (pending->map != NULL) {
    tcpflow__map_add(pending->map, s->part->start, s->part->end);
  }
  frag->stats.fragments++;
  tcpflow__frag_count(frag, pending->before.anomalies, a->facts.anomalies);
  if (a->is_new) {
    frag->stats.datagrams++;
    tcpflow__store_enter(&frag->store, pending);
  } else {
    frag->store.memory += s->memory;
  }
}

static bool is_complete(tcpflow_frag *frag, const tcpflow__pending *pending) {
  return pending->facts.end != 0 &&
         tcpflow__bitset_has_range(&map_of(frag, pending)->covered, 0,
                                   tcpflow__unit_behind(pending->facts.end));
}

/* --- complete --- */

static void hand_out(tcpflow_frag *frag, const tcpflow_packet *packet,
                     const tcpflow__assembled *made, tcpflow_frame *datagram) {
  memset(datagram, 0, sizeof(*datagram));
  datagram->time = packet->time;
  datagram->bytes = frag->bench.bytes;
  datagram->captured = made->captured;
  datagram->length = made->length;
  datagram->link =
    packet->tuple.version == 4 ? TCPFLOW_LINK_IPV4 : TCPFLOW_LINK_IPV6;
  datagram->vlan = packet->tuple.vlan;
  datagram->tunnel = packet->tuple.tunnel;
  datagram->scope = packet->tuple.scope;
  datagram->number = packet->number;
  datagram->handle = packet->handle;
}

static void conclude(tcpflow_frag *frag, tcpflow__pending *pending,
                     const tcpflow__assembled *made) {
  frag->stats.completed++;
  pending->cut = made->captured < made->length;
  frag->stats.completed_cut += pending->cut;
  pending->complete = true;
  pending->done = frag->done;
  frag->done = pending;
}

static tcpflow_frag_reason fault(const tcpflow__pending *pending,
                                 const tcpflow__assembled *made) {
  if (made->length == 0) {
    return TCPFLOW_FRAG_REASON_TOO_LONG;
  }
  return made->conflict && pending->policy == TCPFLOW_FRAG_POLICY_RFC5722
           ? TCPFLOW_FRAG_REASON_OVERLAP
           : TCPFLOW_FRAG_REASON_NONE;
}

static void complete(tcpflow_frag *frag, arrival *a,
                     const tcpflow_packet *packet, tcpflow_frag_result *result,
                     tcpflow_frame *datagram) {
  tcpflow__pending *const pending = a->pending;
  const tcpflow__assembled made = tcpflow__assemble(&frag->bench, pending);

  if (made.conflict) {
    note(a, TCPFLOW_FRAG_ANOMALY_CONFLICT);
  }
  if (made.length == 0) {
    note(a, TCPFLOW_FRAG_ANOMALY_TOO_LONG);
  }
  tcpflow__frag_count(frag, pending->facts.anomalies, a->facts.anomalies);
  pending->facts.anomalies = a->facts.anomalies;
  a->reason = fault(pending, &made);
  if (a->reason != TCPFLOW_FRAG_REASON_NONE) {
    answer(result, a, TCPFLOW_FRAG_DROPPED);
    tcpflow__frag_condemn(frag, pending, a->reason);
    return;
  }
  answer(result, a, TCPFLOW_FRAG_COMPLETE);
  conclude(frag, pending, &made);
  hand_out(frag, packet, &made, datagram);
}

void tcpflow__frag_settle(tcpflow_frag *frag) {
  while (frag->done != NULL) {
    tcpflow__pending *const pending = frag->done;
    frag->done = pending->done;
    tcpflow__store_remove(&frag->store, pending);
  }
}

void tcpflow__frag_undo(tcpflow_frag *frag) {
  while (frag->done != NULL) {
    tcpflow__pending *const pending = frag->done;
    const uint64_t memory = pending->memory;

    frag->done = pending->done;
    pending->complete = false;
    frag->stats.fragments--;
    frag->stats.completed--;
    frag->stats.completed_cut -= pending->cut;
    uncount(frag, pending->before.anomalies, pending->facts.anomalies);
    tcpflow__pending_take_back(&frag->store.mem, pending);
    frag->store.memory -= memory - pending->memory;
  }
}

/* --- all of it --- */

/* Finds the fragment's datagram, if it is known and still has time. */
static void find(tcpflow_frag *frag, arrival *a) {
  a->hash = tcpflow__store_hash(&frag->store, &a->fragment.key);
  a->pending = tcpflow__store_find(&frag->store, &a->fragment.key, a->hash);
  if (a->pending != NULL && tcpflow__frag_is_late(frag, a->pending)) {
    tcpflow__frag_drop(frag, a->pending, TCPFLOW_FRAG_REASON_TIMEOUT);
    a->pending = NULL;
  }
  if (a->pending == NULL) {
    const tcpflow_frag_query query = {frag->now, &a->fragment.key.ends,
                                      a->fragment.key.id, a->fragment.protocol};
    a->policy = ask_policy(frag, &query);
    return;
  }
  a->policy = (tcpflow_frag_policy)a->pending->policy;
  a->facts = a->pending->facts;
  if (a->pending->dropped) {
    a->reason = TCPFLOW_FRAG_REASON_ABANDONED;
  }
}

/* Makes a datagram that is not entered yet.  TCPFLOW_OK or
   TCPFLOW_ERR_NOMEM. */
static int begin(tcpflow_frag *frag, arrival *a) {
  tcpflow__pending *const pending =
    (tcpflow__pending *)tcpflow__calloc(&frag->store.mem, 1, sizeof(*pending));

  if (pending == NULL) {
    return TCPFLOW_ERR_NOMEM;
  }
  pending->hash = a->hash;
  pending->key = a->fragment.key;
  pending->first_time = frag->now;
  pending->memory = sizeof(*pending);
  pending->protocol = a->fragment.protocol;
  pending->policy = (uint8_t)a->policy;
  a->pending = pending;
  a->is_new = true;
  return TCPFLOW_OK;
}

/* A fragment for which there is no room.  A new datagram is forgotten. */
static void drop_for_room(tcpflow_frag *frag, arrival *a,
                          tcpflow_frag_result *result) {
  if (a->is_new) {
    tcpflow__free(&frag->store.mem, a->pending);
    a->pending = NULL;
    a->reason = TCPFLOW_FRAG_REASON_NO_ROOM;
    drop_alone(frag, a, result);
    return;
  }
  a->fatal = TCPFLOW_FRAG_REASON_NO_ROOM;
  drop_all(frag, a, result);
}

/* Keeps a fragment that nothing speaks against. */
static int keep(tcpflow_frag *frag, arrival *a, tcpflow_frag_result *result) {
  stock s;

  if (ask(&frag->store.mem, a, &s) != TCPFLOW_OK) {
    if (a->is_new) {
      tcpflow__free(&frag->store.mem, a->pending);
    }
    return TCPFLOW_ERR_NOMEM;
  }
  if (!make_room(frag, a, &s)) {
    give_back(&frag->store.mem, &s);
    drop_for_room(frag, a, result);
    return TCPFLOW_OK;
  }
  add(frag, a, &s);
  answer(result, a, TCPFLOW_FRAG_HELD);
  return TCPFLOW_OK;
}

/* Adds a fragment to its datagram, unless it lies wrong there. */
static int join(tcpflow_frag *frag, arrival *a, tcpflow_frag_result *result) {
  if (a->pending == NULL && begin(frag, a) != TCPFLOW_OK) {
    return TCPFLOW_ERR_NOMEM;
  }
  result->first_time = a->pending->first_time;
  look_beside(frag, a);
  if (a->fatal != TCPFLOW_FRAG_REASON_NONE) {
    drop_all(frag, a, result);
    return TCPFLOW_OK;
  }
  if (a->reason != TCPFLOW_FRAG_REASON_NONE) {
    drop_alone(frag, a, result);
    return TCPFLOW_OK;
  }
  return keep(frag, a, result);
}

static int take_fragment(tcpflow_frag *frag, arrival *a,
                         const tcpflow_packet *packet,
                         tcpflow_frag_result *result, tcpflow_frame *datagram) {
  int error;

  find(frag, a);
  look_at_header(frag, a);
  look_at_data(a);
  if (a->reason != TCPFLOW_FRAG_REASON_NONE) {
    result->first_time =
      a->pending == NULL ? frag->now : a->pending->first_time;
    drop_alone(frag, a, result);
    return TCPFLOW_OK;
  }
  error = join(frag, a, result);
  if (error == TCPFLOW_OK && result->outcome == TCPFLOW_FRAG_HELD &&
      is_complete(frag, a->pending)) {
    complete(frag, a, packet, result, datagram);
  }
  return error;
}

int tcpflow__frag_take(tcpflow_frag *frag, const tcpflow_packet *packet,
                       tcpflow_frag_result *result, tcpflow_frame *datagram) {
  arrival a;
  int error;

  memset(&a, 0, sizeof(a));
  tcpflow_frag_result_init(result);
  tcpflow__frag_pass(frag, packet->time, LOOKS_A_PACKET);
  if (!tcpflow__fragment_read(&a.fragment, packet)) {
    return frag->stopped ? TCPFLOW_ERR_CALLBACK : TCPFLOW_OK;
  }
  error = take_fragment(frag, &a, packet, result, datagram);
  if (error != TCPFLOW_OK) {
    return error;
  }
  return frag->stopped ? TCPFLOW_ERR_CALLBACK : TCPFLOW_OK;
}
