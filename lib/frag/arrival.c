/*
 * lib/frag/arrival.c - what is odd about a fragment, and why it is dropped.
 *
 * Room: frag.  Includes: decode.
 */
#include "frag/arrival.h"

enum {
  UNIT = 8,
  PROTOCOL_TCP = 6,
  TCP_HEADER = 20,
  ECN_MASK = 3,
  ECN_NOT_ECT_BIT = 1 << 0,
  ECN_CE_BIT = 1 << 3
};

/* --- by itself --- */

/* Notes what is wrong, if BAD; the fragment is dropped for the first reason. */
static void refuse(tcpflow__frag_arrival *a, bool bad,
                   tcpflow_frag_anomaly anomaly, tcpflow_frag_reason reason) {
  if (bad) {
    tcpflow__frag_arrival_note(a, anomaly);
    a->reason = a->reason == TCPFLOW_FRAG_REASON_NONE ? reason : a->reason;
  }
}

/*
 * RFC 8200 section 4.5 discards a fragment whose length is no multiple of 8.
 * Others count the units that are whole, as Linux does.
 */
static void even_out(tcpflow__frag_arrival *a) {
  tcpflow__fragment *const f = &a->fragment;

  if (!f->more || f->end % UNIT == 0) {
    return;
  }
  tcpflow__frag_arrival_note(a, TCPFLOW_FRAG_ANOMALY_UNEVEN);
  if (a->policy == TCPFLOW_FRAG_POLICY_RFC5722) {
    refuse(a, true, TCPFLOW_FRAG_ANOMALY_UNEVEN, TCPFLOW_FRAG_REASON_UNEVEN);
  } else {
    f->end -= f->end % UNIT;
  }
}

static void look_at_header(const tcpflow_frag *frag, tcpflow__frag_arrival *a) {
  tcpflow__fragment *const f = &a->fragment;

  if (f->dont_fragment) {
    tcpflow__frag_arrival_note(a, TCPFLOW_FRAG_ANOMALY_DONT_FRAGMENT);
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

static void look_at_data(tcpflow__frag_arrival *a) {
  const tcpflow__fragment *const f = &a->fragment;

  if (is_tiny(f)) {
    tcpflow__frag_arrival_note(a, TCPFLOW_FRAG_ANOMALY_TINY);
  }
  if (f->captured < f->end - f->start) {
    tcpflow__frag_arrival_note(a, TCPFLOW_FRAG_ANOMALY_CUT);
  }
  a->facts.ecn |= UINT32_C(1) << (f->tos & ECN_MASK);
  if ((a->facts.ecn & (ECN_NOT_ECT_BIT | ECN_CE_BIT)) ==
      (ECN_NOT_ECT_BIT | ECN_CE_BIT)) {
    tcpflow__frag_arrival_note(a, TCPFLOW_FRAG_ANOMALY_ECN);
  }
}

void tcpflow__frag_arrival_look(const tcpflow_frag *frag,
                                tcpflow__frag_arrival *a) {
  look_at_header(frag, a);
  look_at_data(a);
}

/* --- beside the others --- */

/* Notes what a strict policy does not stand. */
static void object(tcpflow__frag_arrival *a, tcpflow_frag_anomaly anomaly) {
  tcpflow__frag_arrival_note(a, anomaly);
  if (a->policy == TCPFLOW_FRAG_POLICY_RFC5722) {
    a->fatal = TCPFLOW_FRAG_REASON_OVERLAP;
  }
}

/* The first last fragment to come says where the datagram ends. */
static void note_end(tcpflow__frag_arrival *a, uint32_t end) {
  if (a->facts.end == 0) {
    a->facts.end = end;
  }
  if (a->facts.end != end) {
    object(a, TCPFLOW_FRAG_ANOMALY_TWO_ENDS);
  }
}

static void look_at_end(tcpflow__frag_arrival *a) {
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

static void look_at_place(tcpflow_frag *frag, tcpflow__frag_arrival *a) {
  const tcpflow__fragment *const f = &a->fragment;

  switch (
    tcpflow__map_lie(tcpflow__frag_map(frag, a->pending), f->start, f->end)) {
  case TCPFLOW__LIE_APART:
    break;
  case TCPFLOW__LIE_DUPLICATE:
    tcpflow__frag_arrival_note(a, TCPFLOW_FRAG_ANOMALY_DUPLICATE);
    break;
  case TCPFLOW__LIE_OVERLAP:
  default:
    object(a, TCPFLOW_FRAG_ANOMALY_OVERLAP);
    break;
  }
}

void tcpflow__frag_arrival_look_beside(tcpflow_frag *frag,
                                       tcpflow__frag_arrival *a) {
  if (a->fragment.protocol != a->pending->protocol) {
    tcpflow__frag_arrival_note(a, TCPFLOW_FRAG_ANOMALY_PROTOCOL);
  }
  look_at_end(a);
  look_at_place(frag, a);
  if (a->facts.parts == frag->config.max_fragments) {
    tcpflow__frag_arrival_note(a, TCPFLOW_FRAG_ANOMALY_TOO_MANY);
    a->fatal = TCPFLOW_FRAG_REASON_TOO_MANY;
  }
}

/* --- what its caller hears --- */

void tcpflow__frag_arrival_answer(tcpflow_frag_result *result,
                                  const tcpflow__frag_arrival *a,
                                  tcpflow_frag_outcome outcome) {
  result->outcome = (uint32_t)outcome;
  result->reason = (uint32_t)a->reason;
  result->anomalies = a->facts.anomalies;
  result->fragments = a->facts.parts;
}
