/*
 * lib/reasm/past.h - what of a stream is remembered when it was told.
 *
 * Room: reasm.  Includes: base, wire.  Its last octets, and digests of what
 * lies before them.  The owner of a stream keeps it; the engine knows nothing
 * of it.
 */
#ifndef TCPFLOW__REASM_PAST_H
#define TCPFLOW__REASM_PAST_H

#include "reasm/digest.h"
#include "reasm/leftover.h"
#include "reasm/tail.h"

typedef struct tcpflow__past {
  tcpflow__tail *tail;       /* NULL: none. */
  tcpflow__digests *digests; /* NULL: none. */
  tcpflow__leftover *left;   /* Told, and wanted again.  NULL: none. */
} tcpflow__past;

/* How much is remembered. */
typedef struct tcpflow__past_rule {
  uint32_t max_tail;            /* Octets. */
  tcpflow__digest_rule digests; /* Ranges. */
  bool any;                     /* One of them is not 0. */
} tcpflow__past_rule;

/* Reads how much; more than there may be counts as that. */
tcpflow__past_rule tcpflow__past_rule_of(uint64_t max_octets,
                                         uint64_t max_digests,
                                         const uint8_t key[16]);

/* Adds octets that are told. */
void tcpflow__past_add(tcpflow__past *past, tcpflow__budget *budget,
                       const tcpflow__past_rule *rule,
                       const tcpflow_stream_data *told);

/*
 * Does the input say something else of octets that were told?  CONFLICT gets up
 * to two such ranges, in order, and R counts them.  Between put() and drain();
 * input may be NULL.  Returns how many there are.
 */
unsigned tcpflow__past_differs(const tcpflow__past *past,
                               const tcpflow__past_rule *rule,
                               tcpflow__reasm *r,
                               const tcpflow__reasm_input *input,
                               tcpflow_stream_conflict conflict[2]);

/* Forgets everything but what is wanted again. */
void tcpflow__past_clear(tcpflow__past *past, tcpflow__budget *budget);

#endif /* TCPFLOW__REASM_PAST_H */
