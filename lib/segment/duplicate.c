/*
 * lib/segment/duplicate.c - was the very frame captured before?
 *
 * Room: segment.  Includes: base, wire, options.  A mirror port that copies
 * both directions, a VLAN's frame captured with and without its tag, a loopback
 * interface, a network that duplicates: the sender has sent such a frame once,
 * and it says nothing new.  It is known again by its numbers, flags, window,
 * timestamps and IPv4 identification together.  A sender that counts its
 * packets gives a retransmission another identification; where there is none,
 * only what comes back too soon to be sent again is taken for a copy.
 *
 * A print is looked for only if the segment brings nothing new by its numbers,
 * so that nobody can hide data, a FIN, another SYN or the first RST behind a
 * made-up print.
 */
#include "segment/segment.h"

/* What copies may be apart: the queues of a mirror and the detours of a network
   take less than the least timeout that makes a host send again, 200 ms. */
static const tcpflow_time APART = 100 * TCPFLOW_MILLISECOND;

/* Without an identification: no host knows so soon that something is lost. */
static const tcpflow_time APART_UNNUMBERED = TCPFLOW_MILLISECOND;

/* How many routers may lie between the places where copies are taken. */
static const int HOPS = 4;

/* How far back an identification that comes again shows that its sender does
   not count: one that does has 2^16 of them. */
static const tcpflow_time RECENTLY = TCPFLOW_SECOND;

static bool has_timestamps(const tcpflow_segment *segment) {
  return segment->options != NULL &&
         (segment->options->present & TCPFLOW_HAS_TIMESTAMPS) != 0;
}

/* A segment that came before has numbers that are known by then. */
static bool is_news(const tcpflow__view *view) {
  const tcpflow__endpoint *const snd = view->snd;

  return ((view->segment->flags & TCPFLOW_FLAG_RST) != 0 && snd->resets == 0) ||
         !tcpflow__endpoint_has(snd, TCPFLOW__END_BASE) ||
         tcpflow_seq_lt(snd->snd_nxt, view->end) ||
         ((view->segment->flags & TCPFLOW_FLAG_ACK) != 0 &&
          (!tcpflow__endpoint_has(view->rcv, TCPFLOW__END_BASE) ||
           tcpflow_seq_lt(view->rcv->snd_una, view->segment->ack)));
}

/* The frames among which it would be. */
static tcpflow__print_set set_of(const tcpflow__prints *prints,
                                 const tcpflow__print *print) {
  return prints == NULL ? (tcpflow__print_set){{0}}
                        : tcpflow__prints_of(prints, print->place);
}

/* How long before the segment was that one captured?  In ticks. */
static uint32_t age(uint64_t before, uint64_t print) {
  return (uint32_t)((print - before) & UINT32_MAX);
}

/* Is the print there, and not older than that? */
static bool is_kept(const tcpflow__print_set *set, uint64_t print,
                    tcpflow_time apart) {
  const uint32_t limit = (uint32_t)(apart >> TCPFLOW__PRINT_TICK);

  for (unsigned i = 0; i < TCPFLOW__PRINT_WAYS; i++) {
    const uint64_t at = set->print[i];

    if ((at ^ print) >> TCPFLOW__PRINT_TIME == 0 && age(at, print) < limit) {
      return true;
    }
  }
  return false;
}

/* The other copy was captured some routers before or behind. */
static bool is_near(const tcpflow__endpoint *snd,
                    const tcpflow_segment *segment) {
  const int hops = (int)segment->ip_ttl - (int)snd->ip_ttl;

  return segment->ip_ttl == 0 || snd->ip_ttl == 0 ||
         (-HOPS <= hops && hops <= HOPS);
}

/* An identification that all packets have names none of them. */
static bool is_numbered(const tcpflow_segment *segment,
                        const tcpflow__print_set *set, uint64_t print) {
  const uint32_t limit = (uint32_t)(RECENTLY >> TCPFLOW__PRINT_TICK);

  if (segment->ip_id == 0) {
    return false;
  }
  for (unsigned i = 0; i < TCPFLOW__PRINT_WAYS; i++) {
    const uint64_t other = (set->print[i] ^ print) >> TCPFLOW__PRINT_TIME;

    if (other != 0 && (other & UINT16_MAX) == 0 &&
        age(set->print[i], print) < limit) {
      return false;
    }
  }
  return true;
}

/* Would a host not send it again so soon?  Pure ACKs it does (RFC 5681 section
   4.2), and a SYN and ACK whenever the SYN comes again; a clock that ticks once
   in a millisecond shows that less than that has passed. */
static bool is_telling(const tcpflow_segment *segment) {
  if ((segment->flags & TCPFLOW_FLAG_SYN) != 0) {
    return (segment->flags & TCPFLOW_FLAG_ACK) == 0;
  }
  return segment->seq != tcpflow__segment_end(segment) &&
         has_timestamps(segment);
}

tcpflow_verdict tcpflow__judge_copy(const tcpflow__prints *prints,
                                    const tcpflow__endpoint *snd,
                                    const tcpflow_segment *segment,
                                    const tcpflow__print *print) {
  const tcpflow__print_set set = set_of(prints, print);

  if (is_numbered(segment, &set, print->word)) {
    return is_kept(&set, print->word, APART) && is_near(snd, segment)
             ? TCPFLOW_VERDICT_DUPLICATE_FRAME
             : 0;
  }
  return is_telling(segment) && is_kept(&set, print->word, APART_UNNUMBERED)
           ? TCPFLOW_VERDICT_DUPLICATE_FRAME | TCPFLOW_VERDICT_LOW_CONFIDENCE
           : 0;
}

tcpflow_verdict tcpflow__judge_duplicate(const tcpflow__view *view,
                                         uint32_t hash) {
  if (is_news(view)) {
    return 0;
  }

  const tcpflow__print print =
    tcpflow__print_of(hash, view->snd->base, view->segment);

  return tcpflow__judge_copy(view->context->prints, view->snd, view->segment,
                             &print);
}
