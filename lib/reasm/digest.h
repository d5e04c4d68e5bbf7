/*
 * lib/reasm/digest.h - digests of the octets of a stream that were told.
 *
 * Room: reasm.  Includes: base, wire.  8 octets stand for up to 512, so a
 * digest reaches far behind what copies would reach in the same memory.  They
 * are keyed: who does not know the key cannot find other octets that have the
 * same one.
 */
#ifndef TCPFLOW__REASM_DIGEST_H
#define TCPFLOW__REASM_DIGEST_H

#include <stdbool.h>

#include "reasm/reasm.h"
#include "wire/record.h"
#include "wire/siphash.h"

enum {
  /* The most octets that one stands for.  A range ends at each multiple of it,
     and where octets were told: so it is compared, however a later segment is
     cut, wherever that has all of it. */
  TCPFLOW__DIGEST_RANGE = 512
};

/* The most that a direction may have. */
#define TCPFLOW__DIGESTS_MAX (UINT32_C(1) << 20)

/* Of a range; it ends where the next one begins. */
typedef struct tcpflow__digest {
  uint32_t begin; /* The lower half of its offset. */
  uint32_t sum;   /* The upper half of a SipHash. */
} tcpflow__digest;

/* Of ranges that lie one behind the other, a ring. */
typedef struct tcpflow__digests {
  uint64_t end;      /* Of the last range. */
  uint32_t oldest;   /* Where the first one is. */
  uint32_t count;    /* How many there are. */
  uint32_t capacity; /* For how many there is room. */
  tcpflow__digest of[];
} tcpflow__digests;

/* How many a direction has at most, and of which key. */
typedef struct tcpflow__digest_rule {
  uint32_t max;
  tcpflow__sipkey key;
} tcpflow__digest_rule;

/*
 * Adds those of octets that are told.  *digests may be NULL: none so far.
 * Those of before stay if the new ones lie right behind them.  Where there is
 * no memory, or all that is held and remembered would take more than half of
 * the budget, the oldest go, or there are none.
 */
void tcpflow__digests_add(tcpflow__digests **digests, tcpflow__budget *budget,
                          const tcpflow__digest_rule *rule,
                          const tcpflow_stream_data *told);

/* Are there ranges of which the input has other octets?  Then CONFLICT spans
   them.  digests may be NULL. */
bool tcpflow__digests_differ(const tcpflow__digests *digests,
                             const tcpflow__sipkey *key,
                             const tcpflow__reasm_input *input,
                             tcpflow_stream_conflict *conflict);

/* Forgets everything. */
void tcpflow__digests_clear(tcpflow__digests **digests,
                            tcpflow__budget *budget);

/* Writes them, and reads them; those of another key are passed over, and those
   for which there is no room. */
void tcpflow__digests_save(const tcpflow__digests *digests,
                           const tcpflow__sipkey *key,
                           tcpflow__record_writer *to);
void tcpflow__digests_load(tcpflow__digests **digests, tcpflow__budget *budget,
                           const tcpflow__digest_rule *rule,
                           tcpflow__record_reader *from);

#endif /* TCPFLOW__REASM_DIGEST_H */
