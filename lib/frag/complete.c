/*
 * lib/frag/complete.c - a datagram that is all there.
 *
 * Room: frag.  Includes: base, decode.  It is put together, handed out, and
 * stays until what becomes of it is known (frag.h).
 */
#include "frag/complete.h"

#include <string.h>

bool tcpflow__frag_is_complete(tcpflow_frag *frag,
                               const tcpflow__pending *pending) {
  return pending->facts.end != 0 &&
         tcpflow__bitset_has_range(&tcpflow__frag_map(frag, pending)->covered,
                                   0, tcpflow__unit_behind(pending->facts.end));
}

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

void tcpflow__frag_complete(tcpflow_frag *frag, tcpflow__frag_arrival *a,
                            const tcpflow_packet *packet,
                            tcpflow_frag_result *result,
                            tcpflow_frame *datagram) {
  tcpflow__pending *const pending = a->pending;
  const tcpflow__assembled made = tcpflow__assemble(&frag->bench, pending);

  if (made.conflict) {
    tcpflow__frag_arrival_note(a, TCPFLOW_FRAG_ANOMALY_CONFLICT);
  }
  if (made.length == 0) {
    tcpflow__frag_arrival_note(a, TCPFLOW_FRAG_ANOMALY_TOO_LONG);
  }
  tcpflow__frag_count(frag, pending->facts.anomalies, a->facts.anomalies);
  pending->facts.anomalies = a->facts.anomalies;
  a->reason = fault(pending, &made);
  if (a->reason != TCPFLOW_FRAG_REASON_NONE) {
    tcpflow__frag_arrival_answer(result, a, TCPFLOW_FRAG_DROPPED);
    tcpflow__frag_condemn(frag, pending, a->reason);
    return;
  }
  tcpflow__frag_arrival_answer(result, a, TCPFLOW_FRAG_COMPLETE);
  conclude(frag, pending, &made);
  hand_out(frag, packet, &made, datagram);
}

/* --- settled, or undone --- */

void tcpflow__frag_settle(tcpflow_frag *frag) {
  while (frag->done != NULL) {
    tcpflow__pending *const pending = frag->done;
    frag->done = pending->done;
    tcpflow__store_remove(&frag->store, pending);
  }
}

static void uncount(tcpflow_frag *frag, uint32_t before, uint32_t now) {
  for (unsigned i = 0; i < TCPFLOW_FRAG_ANOMALY_COUNT; i++) {
    frag->stats.anomalies[i] -= ((now & ~before) >> i & 1) != 0;
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
