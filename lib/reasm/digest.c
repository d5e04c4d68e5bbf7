/*
 * lib/reasm/digest.c - digests of the octets of a stream that were told.
 *
 * Room: reasm.  Includes: base, wire.  A retransmission is often cut otherwise
 * than what it repeats: several segments in one, or one in several.  Ranges
 * that end where octets were told, and at multiples of a number besides, are
 * found whole in most of them, large or small.
 *
 * How many there is room for follows from how many there are, and so is the
 * same in a connection that was restored.
 */
#include "reasm/digest.h"

#include "base/mem.h"
#include "base/order.h"

enum {
  FIRST_CAPACITY = 16
};

/* Octets of a stream, and their digest. */
typedef struct range {
  uint64_t begin;
  uint32_t length;
  uint32_t sum;
} range;

static uint32_t sum_of(const tcpflow__sipkey *key, const uint8_t *bytes,
                       uint64_t length) {
  return (uint32_t)(tcpflow__siphash13(key, bytes, (size_t)length) >> 32);
}

static uint64_t cost_of(uint32_t capacity) {
  return sizeof(tcpflow__digests) + capacity * sizeof(tcpflow__digest);
}

void tcpflow__digests_clear(tcpflow__digests **digests,
                            tcpflow__budget *budget) {
  if (*digests != NULL) {
    budget->used -= cost_of((*digests)->capacity);
    tcpflow__free(&budget->mem, *digests);
    *digests = NULL;
  }
}

/* Where range I is, the oldest first. */
static uint32_t place_of(const tcpflow__digests *digests, uint32_t i) {
  const uint32_t behind = digests->capacity - digests->oldest;

  return i < behind ? digests->oldest + i : i - behind;
}

/* Where range I begins: less than 2^32 octets before the end. */
static uint64_t begin_of(const tcpflow__digests *digests, uint32_t i) {
  const uint64_t end = digests->end & UINT32_MAX;
  const uint32_t begin = digests->of[place_of(digests, i)].begin;
  const uint64_t wrapped = end < begin ? UINT64_C(1) << 32 : 0;

  return digests->end - (end + wrapped - begin);
}

static uint64_t end_of(const tcpflow__digests *digests, uint32_t i) {
  return i + 1 < digests->count ? begin_of(digests, i + 1) : digests->end;
}

/* The first range that begins at OFFSET or behind it. */
static uint32_t find(const tcpflow__digests *digests, uint64_t offset) {
  uint32_t low = 0;
  uint32_t high = digests->count;

  while (low < high) {
    const uint32_t middle = low + (high - low) / 2;

    if (begin_of(digests, middle) < offset) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}

/* Makes them, or makes more room for them.  Without memory nothing changes. */
static void grow(tcpflow__digests **digests, tcpflow__budget *budget,
                 uint32_t capacity) {
  const tcpflow__digests *const old = *digests;
  tcpflow__digests *larger = NULL;

  if (budget->used + cost_of(capacity) <= budget->cap / 2) {
    larger = tcpflow__malloc(&budget->mem, (size_t)cost_of(capacity));
  }
  if (larger == NULL) {
    return;
  }
  budget->used += cost_of(capacity);
  larger->end = old == NULL ? 0 : old->end;
  larger->oldest = 0;
  larger->count = old == NULL ? 0 : old->count;
  larger->capacity = capacity;
  for (uint32_t i = 0; i < larger->count; i++) {
    larger->of[i] = old->of[place_of(old, i)];
  }
  tcpflow__digests_clear(digests, budget);
  *digests = larger;
}

/* Makes room for one more, at most MAX; false: there is none at all. */
static bool make_room(tcpflow__digests **digests, tcpflow__budget *budget,
                      uint32_t max) {
  const uint32_t capacity = *digests == NULL ? 0 : (*digests)->capacity;
  const uint64_t wanted =
    capacity == 0 ? FIRST_CAPACITY : (uint64_t)capacity * 2;

  if (capacity < max && (capacity == 0 || (*digests)->count == capacity)) {
    grow(digests, budget, (uint32_t)tcpflow__lower(wanted, max));
  }
  if (*digests == NULL) {
    return false;
  }
  if ((*digests)->count == (*digests)->capacity) {
    (*digests)->oldest = place_of(*digests, 1);
    (*digests)->count--;
  }
  return true;
}

/* Adds a range behind the others; false: there is no room at all. */
static bool push(tcpflow__digests **digests, tcpflow__budget *budget,
                 uint32_t max, const range *new) {
  if (!make_room(digests, budget, max)) {
    return false;
  }

  tcpflow__digests *const to = *digests;
  to->of[place_of(to, to->count)] =
    (tcpflow__digest){(uint32_t)(new->begin &UINT32_MAX), new->sum};
  to->count++;
  to->end = new->begin + new->length;
  return true;
}

void tcpflow__digests_add(tcpflow__digests **digests, tcpflow__budget *budget,
                          const tcpflow__digest_rule *rule,
                          const tcpflow_stream_data *told) {
  const uint64_t end = told->offset + told->length;
  uint64_t begin = told->offset;

  if (*digests != NULL && (*digests)->end != begin) {
    tcpflow__digests_clear(digests, budget);
  }
  while (begin < end) {
    const uint64_t stop = tcpflow__lower(
      end, (begin / TCPFLOW__DIGEST_RANGE + 1) * TCPFLOW__DIGEST_RANGE);
    const range new = {
      begin, (uint32_t)(stop - begin),
      sum_of(&rule->key, told->bytes + (begin - told->offset), stop - begin)};

    if (!push(digests, budget, rule->max, &new)) {
      return;
    }
    begin = stop;
  }
}

bool tcpflow__digests_differ(const tcpflow__digests *digests,
                             const tcpflow__sipkey *key,
                             const tcpflow__reasm_input *input,
                             tcpflow_stream_conflict *conflict) {
  const uint64_t stop = input->offset + input->captured;
  uint64_t from = UINT64_MAX;
  uint64_t to = 0;

  if (digests == NULL) {
    return false;
  }
  for (uint32_t i = find(digests, input->offset);
       i < digests->count && end_of(digests, i) <= stop; i++) {
    const uint64_t begin = begin_of(digests, i);
    const uint64_t end = end_of(digests, i);

    if (sum_of(key, input->bytes + (begin - input->offset), end - begin) !=
        digests->of[place_of(digests, i)].sum) {
      from = tcpflow__lower(from, begin);
      to = end;
    }
  }
  if (from >= to) {
    return false;
  }
  *conflict = (tcpflow_stream_conflict){
    .offset = from,
    .length = (size_t)(to - from),
    .second = input->bytes + (from - input->offset),
    .delivered = 1,
    .first_time = TCPFLOW_TIME_NONE,
    .first_number = UINT64_MAX,
  };
  return true;
}

/* Tells a key from others, and is no digest of any octets that are told. */
static uint64_t mark_of(const tcpflow__sipkey *key) {
  static const uint8_t nothing = 0;

  return tcpflow__siphash13(key, &nothing, 0);
}

void tcpflow__digests_save(const tcpflow__digests *digests,
                           const tcpflow__sipkey *key,
                           tcpflow__record_writer *to) {
  const uint32_t count = digests == NULL ? 0 : digests->count;

  tcpflow__record_number(to, count, 4);
  if (count == 0) {
    return;
  }
  tcpflow__record_number(to, mark_of(key), 8);
  tcpflow__record_number(to, begin_of(digests, 0), 8);
  for (uint32_t i = 0; i < count; i++) {
    const uint64_t length = end_of(digests, i) - begin_of(digests, i);

    tcpflow__record_number(to, length, 2);
    tcpflow__record_number(to, digests->of[place_of(digests, i)].sum, 4);
  }
}

static bool is_range(const range *r) {
  return r->length > 0 && r->length <= TCPFLOW__DIGEST_RANGE &&
         r->begin < UINT64_C(1) << 62;
}

void tcpflow__digests_load(tcpflow__digests **digests, tcpflow__budget *budget,
                           const tcpflow__digest_rule *rule,
                           tcpflow__record_reader *from) {
  uint64_t count = tcpflow__record_take(from, 4);
  range next = {0, 0, 0};
  bool wanted = rule->max != 0;

  if (count == 0) {
    return;
  }
  wanted = tcpflow__record_take(from, 8) == mark_of(&rule->key) && wanted;
  next.begin = tcpflow__record_take(from, 8);
  for (; count > 0 && !from->bad; count--) {
    next.length = (uint32_t)tcpflow__record_take(from, 2);
    next.sum = (uint32_t)tcpflow__record_take(from, 4);
    from->bad = from->bad || !is_range(&next);
    wanted = wanted && !from->bad && push(digests, budget, rule->max, &next);
    next.begin += next.length;
  }
}
