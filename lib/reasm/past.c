/*
 * lib/reasm/past.c - what of a stream is remembered when it was told.
 *
 * Room: reasm.  Includes: base, wire.  Copies show what differs, so they are
 * asked where they reach, and digests only before that.
 */
#include "reasm/past.h"

#include "base/order.h"
#include "reasm/rest.h"

tcpflow__past_rule tcpflow__past_rule_of(uint64_t max_octets,
                                         uint64_t max_digests,
                                         const uint8_t key[16]) {
  return (tcpflow__past_rule){
    .max_tail = (uint32_t)tcpflow__lower(max_octets, TCPFLOW__TAIL_MAX),
    .digests = {(uint32_t)tcpflow__lower(max_digests, TCPFLOW__DIGESTS_MAX),
                tcpflow__sipkey_read(key)},
    .any = max_octets != 0 || max_digests != 0,
  };
}

void tcpflow__past_add(tcpflow__past *past, tcpflow__budget *budget,
                       const tcpflow__past_rule *rule,
                       const tcpflow_stream_data *told) {
  if (rule->max_tail != 0) {
    tcpflow__tail_add(&past->tail, budget, rule->max_tail, told);
  }
  if (rule->digests.max != 0) {
    tcpflow__digests_add(&past->digests, budget, &rule->digests, told);
  }
}

/*
 * Before the copies, which say of what both have whether it differs (TAIL).  A
 * range that reaches into them can only be judged where they agree.
 */
static bool differs_before(const tcpflow__past *past,
                           const tcpflow__past_rule *rule,
                           const tcpflow__reasm_input *input, bool tail,
                           tcpflow_stream_conflict *conflict) {
  const uint64_t begin =
    past->tail == NULL ? UINT64_MAX : past->tail->end - past->tail->length;
  const uint64_t reach = tail || begin > UINT64_MAX - TCPFLOW__DIGEST_RANGE
                           ? begin
                           : begin + (TCPFLOW__DIGEST_RANGE - 1);
  tcpflow__reasm_input front = *input;

  if (front.offset >= begin) {
    return false;
  }
  front.captured =
    (uint32_t)tcpflow__lower(front.captured, reach - front.offset);
  if (!tcpflow__digests_differ(past->digests, &rule->digests.key, &front,
                               conflict)) {
    return false;
  }
  conflict->length =
    (size_t)tcpflow__lower(conflict->length, begin - conflict->offset);
  return true;
}

unsigned tcpflow__past_differs(const tcpflow__past *past,
                               const tcpflow__past_rule *rule,
                               tcpflow__reasm *r,
                               const tcpflow__reasm_input *input,
                               tcpflow_stream_conflict conflict[2]) {
  tcpflow_stream_conflict late; /* Of the two. */
  unsigned found = 0;

  if (input == NULL || r->off) {
    return 0;
  }
  const bool tail = tcpflow__tail_differs(past->tail, r, input, &late);
  if (past->digests != NULL &&
      differs_before(past, rule, input, tail, &conflict[0])) {
    tcpflow__rest_differ(r, conflict[0].length);
    found = 1;
  }
  if (tail) {
    conflict[found] = late;
    found++;
  }
  return found;
}

void tcpflow__past_clear(tcpflow__past *past, tcpflow__budget *budget) {
  tcpflow__tail_clear(&past->tail, budget);
  tcpflow__digests_clear(&past->digests, budget);
}
