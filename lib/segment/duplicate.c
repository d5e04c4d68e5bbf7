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
 * so that nobody can hide data, a FIN or another SYN behind a made-up print.
 */
#include "segment/segment.h"

/* What copies may be apart: the queues of a mirror and the detours of a network
   take less than the least timeout that makes a host send again, 200 ms. */
static const tcpflow_time APART = 100 * TCPFLOW_MILLISECOND;

/* Without an identification: no host knows so soon that something is lost. */
static const tcpflow_time APART_UNNUMBERED = TCPFLOW_MILLISECOND;

/* How many routers may lie between the places where copies are taken. */
static const int HOPS = 4;

/* Half of a print is the identification, if there is one. */
static const uint32_t ID_MASK = UINT16_MAX;

static uint16_t ticks(tcpflow_time time) {
  return (uint16_t)(time >> TCPFLOW__PRINT_TICK & UINT16_MAX);
}

static bool has_timestamps(const tcpflow_segment *segment) {
  return segment->options != NULL &&
         (segment->options->present & TCPFLOW_HAS_TIMESTAMPS) != 0;
}

/* A sum of products with an odd number, 2^32 times the golden ratio. */
uint32_t tcpflow__segment_print(const tcpflow_segment *segment) {
  const uint32_t factor = UINT32_C(0x9e3779b9);
  uint32_t sum = segment->seq;

  sum = sum * factor + segment->ack;
  sum = sum * factor + ((uint32_t)segment->window << 16 | segment->flags);
  sum = sum * factor + segment->payload_length;
  if (has_timestamps(segment)) {
    sum = sum * factor + segment->options->ts_val;
  }
  sum *= factor;
  /* The upper bits depend on everything. */
  return segment->ip_id != 0 ? (sum & ~ID_MASK) | (segment->ip_id & ID_MASK)
                             : (sum >> 16 | sum << 16) | 1U;
}

/* A segment that came before has numbers that are known by then. */
static bool is_news(const tcpflow__view *view) {
  const tcpflow__endpoint *const snd = view->snd;

  return !tcpflow__endpoint_has(snd, TCPFLOW__END_BASE) ||
         tcpflow_seq_lt(snd->snd_nxt, view->end) ||
         ((view->segment->flags & TCPFLOW_FLAG_ACK) != 0 &&
          (!tcpflow__endpoint_has(view->rcv, TCPFLOW__END_BASE) ||
           tcpflow_seq_lt(view->rcv->snd_una, view->segment->ack)));
}

/* Is the print there, and not older than that? */
static bool is_kept(const tcpflow__view *view, uint32_t print,
                    tcpflow_time apart) {
  const tcpflow__endpoint *const snd = view->snd;
  const unsigned limit = (unsigned)(apart >> TCPFLOW__PRINT_TICK);

  for (unsigned i = 0; i < TCPFLOW__PRINTS; i++) {
    if (snd->print[i] == print &&
        (uint16_t)(ticks(view->segment->time) - snd->print_time[i]) < limit) {
      return true;
    }
  }
  return false;
}

/* The other copy was captured some routers before or behind. */
static bool is_near(const tcpflow__view *view) {
  const int hops = (int)view->segment->ip_ttl - (int)view->snd->ip_ttl;

  return view->segment->ip_ttl == 0 || view->snd->ip_ttl == 0 ||
         (-HOPS <= hops && hops <= HOPS);
}

/* An identification that all packets have names none of them. */
static bool is_numbered(const tcpflow__view *view, uint32_t print) {
  if (view->segment->ip_id == 0) {
    return false;
  }
  for (unsigned i = 0; i < TCPFLOW__PRINTS; i++) {
    if (view->snd->print[i] != print &&
        (view->snd->print[i] & ID_MASK) == (print & ID_MASK)) {
      return false;
    }
  }
  return true;
}

/* Would a host not send it again so soon?  Pure ACKs it does (RFC 5681 section
   4.2), and a SYN and ACK whenever the SYN comes again; a clock that ticks once
   in a millisecond shows that less than that has passed. */
static bool is_telling(const tcpflow__view *view) {
  const tcpflow_segment *const segment = view->segment;

  if ((segment->flags & TCPFLOW_FLAG_SYN) != 0) {
    return (segment->flags & TCPFLOW_FLAG_ACK) == 0;
  }
  return segment->seq != view->end && has_timestamps(segment);
}

tcpflow_verdict tcpflow__judge_duplicate(const tcpflow__view *view,
                                         uint32_t print) {
  if (is_news(view)) {
    return 0;
  }
  if (is_numbered(view, print)) {
    return is_kept(view, print, APART) && is_near(view)
             ? TCPFLOW_VERDICT_DUPLICATE_FRAME
             : 0;
  }
  return is_telling(view) && is_kept(view, print, APART_UNNUMBERED)
           ? TCPFLOW_VERDICT_DUPLICATE_FRAME | TCPFLOW_VERDICT_LOW_CONFIDENCE
           : 0;
}
