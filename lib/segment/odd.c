/*
 * lib/segment/odd.c - what is odd about an ordinary segment, and no word of its
 * verdict.
 *
 * Room: segment.  Includes: base, wire.
 */
#include "segment/segment.h"

enum {
  UNHEARD_SEGMENTS = 4
};

/* Twice what fits a window without a scale; nobody sends so much blindly. */
static const uint32_t UNHEARD_OCTETS = UINT32_C(1) << 17;

/* Much is sent, and nothing of it acknowledged by who speaks all the same. */
static bool is_unheard(const tcpflow__view *view) {
  const tcpflow__endpoint *const snd = view->snd;

  return tcpflow__endpoint_has(snd, TCPFLOW__END_BASE) &&
         snd->snd_una == snd->base && view->rcv->segments >= UNHEARD_SEGMENTS &&
         tcpflow_seq_distance(snd->snd_una, view->end) > UNHEARD_OCTETS;
}

/* One more of many tiny segments, and others are not acknowledged yet. */
static bool is_small(const tcpflow__view *view) {
  return view->segment->payload_length <= TCPFLOW__SMALL &&
         view->snd->small + 1 == TCPFLOW__SMALL_MANY &&
         view->snd->snd_una != view->snd->snd_nxt;
}

/* A server has data before it knows that its SYN arrived.  RFC 7413 section 4.2
   lets it answer data of the SYN at once. */
static bool is_early(const tcpflow__judgment *out, const tcpflow__view *view) {
  return view->snd->state == TCPFLOW_STATE_SYN_RECEIVED &&
         (out->verdict & TCPFLOW_VERDICT_INFERRED) == 0 &&
         !tcpflow__endpoint_has(view->rcv, TCPFLOW__END_SYN_DATA);
}

static void judge_data(tcpflow__judgment *out, const tcpflow__view *view) {
  if (is_small(view)) {
    out->odd |= TCPFLOW__ODD_SMALL;
  }
  if (is_early(out, view)) {
    out->odd |= TCPFLOW__ODD_EARLY;
  }
  if (is_unheard(view)) {
    out->odd |= TCPFLOW__ODD_NO_ACKS;
  }
}

void tcpflow__judge_odd(tcpflow__judgment *out, const tcpflow__view *view) {
  if (view->segment->ip_ttl != view->snd->ip_ttl &&
      tcpflow__is_far(view->segment->ip_ttl, view->snd->ip_ttl)) {
    out->odd |= TCPFLOW__ODD_TTL;
  }
  if (out->data) {
    judge_data(out, view);
  }
}
