/*
 * lib/track/ahead.h - what is done for a frame before it is followed.
 *
 * Room: track.  Includes: base, decode, conn.  A frame is decoded, and its flow
 * may be remembered.  If not, it is hashed, which asks for a line of the table;
 * when that has come, it suggests a record.  That is asked for, and says where
 * the sides are, and a tuple that has a place of its own.
 */
#ifndef TCPFLOW__TRACK_AHEAD_H
#define TCPFLOW__TRACK_AHEAD_H

#include "base/order.h"
#include "base/prefetch.h"
#include "conn/fold.h"
#include "decode/decode.h"
#include "decode/plain.h"
#include "track/lists.h"
#include "track/tags.h"
#include "track/tracker.h"

#define TCPFLOW__NOT_FOLLOWED                                                  \
  (TCPFLOW_FINDING_FIRST_FRAGMENT | TCPFLOW_FINDING_TCP_BAD_OFFSET_SHORT |     \
   TCPFLOW_FINDING_TCP_BAD_OFFSET_LONG)

/* Records that may all be near. */
#define TCPFLOW__MANY_FLOWS 8192U

/* So many octets of one segment are asked for at most.  Who reads more in a row
   need not ask for it. */
#define TCPFLOW__HELD_AHEAD 2048U

/* Does the packet belong to a flow? */
static inline bool tcpflow__is_followed(const tcpflow_packet *packet) {
  return packet->kind == TCPFLOW_PACKET_TCP &&
         (packet->findings & TCPFLOW__NOT_FOLLOWED) == 0;
}

/* What a frame is that is one segment. */
static inline tcpflow__batched_kind
tcpflow__ahead_single(const tcpflow_tracker *tracker) {
  return tracker->verify_checksums ? TCPFLOW__BATCHED_CHECKED
                                   : TCPFLOW__BATCHED_PLAIN;
}

static inline tcpflow__batched_kind
tcpflow__ahead_kind(const tcpflow_tracker *tracker,
                    const tcpflow_packet *packet) {
  if (!tcpflow__is_followed(packet)) {
    return TCPFLOW__BATCHED_OTHER;
  }
  return (packet->findings & TCPFLOW_FINDING_AGGREGATE) == 0
           ? tcpflow__ahead_single(tracker)
           : TCPFLOW__BATCHED_FIRST;
}

/* What the flow of a segment is remembered by.  FORM is that of its tuple, here
   and below. */
TCPFLOW__FLAT uint64_t tcpflow__ahead_product(const tcpflow_tracker *tracker,
                                              const tcpflow_tuple *tuple,
                                              uint8_t form) {
  const tcpflow__recent *const recent = &tracker->recent;

  switch (form) {
  case 4:
    return tcpflow__recent_product(recent, tuple);
  case 6:
    return tcpflow__recent_product_six(recent, tuple);
  default:
    return tcpflow__recent_product_long(recent, &tracker->hasher, tuple);
  }
}

/* Looks for the flow among those of which a packet came of late. */
TCPFLOW__FLAT bool tcpflow__ahead_recall(tcpflow_tracker *tracker,
                                         tcpflow__batched *batched,
                                         uint8_t form) {
  const uint64_t product =
    tcpflow__ahead_product(tracker, &batched->packet.tuple, form);

  batched->product = product;
  batched->keyed = false;
  return tcpflow__recent_recall(&tracker->recent, product, &batched->recalled);
}

/* Asks for the lines of the table that are wanted, and perhaps once more for
   some that were. */
TCPFLOW__FLAT void tcpflow__ahead_ask(tcpflow__wanted *wanted) {
  TCPFLOW__UNROLL
  for (unsigned i = 0; i < TCPFLOW__WANTED; i++) {
    tcpflow__prefetch(wanted->bucket[i], 1);
  }
  wanted->count = 0;
}

/* Wants the table's line of a segment whose flow is not remembered. */
TCPFLOW__APART static void tcpflow__ahead_key(tcpflow_tracker *tracker,
                                              tcpflow__batched *batched,
                                              uint8_t form) {
  tcpflow__key_take(&batched->key, &tracker->hasher, &batched->packet.tuple,
                    form == 4);
  batched->flow = NULL;
  batched->keyed = true;
  batched->bucket = tcpflow__bucket_of(&tracker->table, batched->key.hash);

  tcpflow__wanted *const wanted = &tracker->scratch.wanted;
  wanted->bucket[wanted->count] = batched->bucket;
  wanted->count++;
  if (wanted->count == TCPFLOW__WANTED) {
    tcpflow__ahead_ask(wanted);
  }
}

/* A segment: its flow is remembered, or the table's line is asked for. */
TCPFLOW__FLAT void tcpflow__ahead_locate(tcpflow_tracker *tracker,
                                         tcpflow__batched *batched,
                                         uint8_t form) {
  if (!tcpflow__ahead_recall(tracker, batched, form)) {
    tcpflow__ahead_key(tracker, batched, form);
  }
}

/* Decodes any frame. */
TCPFLOW__APART static void
tcpflow__ahead_decode_odd(tcpflow_tracker *tracker, tcpflow__batched *batched,
                          const tcpflow_frame *frame) {
  batched->packet.size = sizeof(batched->packet);
  (void)tcpflow__packet_decode(&batched->packet, frame, &tracker->decode);
  batched->bare = 0;
  batched->kind = tcpflow__ahead_kind(tracker, &batched->packet);
  if (batched->kind == TCPFLOW__BATCHED_OTHER) {
    batched->flow = NULL;
    batched->keyed = false;
    return;
  }
  batched->form = tcpflow__tuple_form(&tracker->hasher, &batched->packet.tuple);
  tcpflow__ahead_locate(tracker, batched, batched->form);
}

/* The place of a frame is for a bare one of IPv4 or IPv6 from here on. */
TCPFLOW__APART static void
tcpflow__ahead_prepare(const tcpflow_tracker *tracker,
                       tcpflow__batched *batched, uint8_t version) {
  batched->packet.size = sizeof(batched->packet);
  if (version == 4) {
    tcpflow__plain_prepare_bare(&batched->packet);
  } else {
    tcpflow__plain_prepare_bare6(&batched->packet);
  }
  batched->kind = tcpflow__ahead_single(tracker);
  batched->form = version;
  batched->bare = version;
}

/* Goes on with a bare frame that is cut or padded, if that is all. */
TCPFLOW__APART static void
tcpflow__ahead_decode_ends(tcpflow_tracker *tracker, tcpflow__batched *batched,
                           const tcpflow_frame *frame) {
  if (tcpflow__plain_ends(&batched->packet)) {
    tcpflow__ahead_locate(tracker, batched, batched->form);
  } else {
    tcpflow__ahead_decode_odd(tracker, batched, frame);
  }
}

/* Goes on with one of IPv4 or IPv6, as FORM says, whose place was prepared for
   it, by what was FOUND of it. */
TCPFLOW__FLAT void tcpflow__ahead_go_on(tcpflow_tracker *tracker,
                                        tcpflow__batched *batched,
                                        const tcpflow_frame *frame,
                                        tcpflow__plain_found found,
                                        uint8_t form) {
  if (found == TCPFLOW__PLAIN_WHOLE) {
    tcpflow__ahead_locate(tracker, batched, form);
  } else if (found == TCPFLOW__PLAIN_ENDS) {
    tcpflow__ahead_decode_ends(tracker, batched, frame);
  } else {
    tcpflow__ahead_decode_odd(tracker, batched, frame);
  }
}

/* Decodes one that may be bare, but is not of IPv4. */
TCPFLOW__APART static void
tcpflow__ahead_decode_any(tcpflow_tracker *tracker, tcpflow__batched *batched,
                          const tcpflow_frame *frame) {
  if (!tcpflow__plain_is_bare6(frame)) {
    tcpflow__ahead_decode_odd(tracker, batched, frame);
    return;
  }
  if (batched->bare != 6) {
    tcpflow__ahead_prepare(tracker, batched, 6);
  }
  tcpflow__ahead_go_on(tracker, batched, frame,
                       tcpflow__plain_bare6(&batched->packet, frame), 6);
}

/* Decodes a frame.  Nearly all are bare, and come to a place where one was
   before. */
TCPFLOW__FLAT void tcpflow__ahead_decode(tcpflow_tracker *tracker,
                                         tcpflow__batched *batched,
                                         const tcpflow_frame *frame) {
  if (!tcpflow__plain_may_be_bare(frame)) {
    tcpflow__ahead_decode_odd(tracker, batched, frame);
    return;
  }
  if (!tcpflow__plain_is_bare(frame)) {
    tcpflow__ahead_decode_any(tracker, batched, frame);
    return;
  }
  if (batched->bare != 4) {
    tcpflow__ahead_prepare(tracker, batched, 4);
  }
  tcpflow__ahead_go_on(tracker, batched, frame,
                       tcpflow__plain_bare(&batched->packet, frame), 4);
}

/* A flow that no place of its bucket suggests: it may be behind it, or the
   bucket is not the one any more. */
TCPFLOW__FLAT void tcpflow__ahead_unsearched(const tcpflow__table *table,
                                             tcpflow__batched *batched) {
  const uint32_t behind = tcpflow__bucket_behind(batched->bucket);

  if (behind != 0) {
    tcpflow__prefetch(tcpflow__overflow_at(table, behind), TCPFLOW__LINE);
    batched->index = TCPFLOW__UNSEARCHED;
  } else if (!tcpflow__table_leads(table, batched->bucket, batched->key.hash)) {
    batched->index = TCPFLOW__UNSEARCHED;
  }
}

/* Looks into the table, whose line has come, and remembers what it suggests.
   Buckets stay where they are; one that was split since makes the hint wrong at
   worst, and a flow may be where nobody looked. */
TCPFLOW__FLAT void tcpflow__ahead_search(tcpflow_tracker *tracker,
                                         tcpflow__batched *batched) {
  batched->index = tcpflow__tags_hint(batched->bucket, batched->key.hash);
  if (batched->index != TCPFLOW__FLOW_NONE) {
    batched->flow = tcpflow__flows_at(&tracker->flows, batched->index);
    tcpflow__recent_note(&tracker->recent, batched->product, batched->flow,
                         batched->index);
  } else {
    tcpflow__ahead_unsearched(&tracker->table, batched);
  }
}

/* Where the record may be is known, or the table's line has come and says. */
TCPFLOW__FLAT void tcpflow__ahead_hint(tcpflow_tracker *tracker,
                                       tcpflow__batched *batched) {
  if (batched->flow == NULL) {
    if (batched->keyed) {
      tcpflow__ahead_search(tracker, batched);
    }
    if (batched->flow == NULL) {
      return;
    }
  }
  tcpflow__prefetch(batched->flow, sizeof(*batched->flow));
}

/* Asks for a neighbour's links; a head's are near. */
TCPFLOW__FLAT void tcpflow__ahead_neighbour(const tcpflow__flows *flows,
                                            tcpflow__chain chain,
                                            uint32_t index) {
  if ((index & TCPFLOW__LIST_HEAD) == 0) {
    tcpflow__prefetch(&tcpflow__flows_at(flows, index)->link[chain], 1);
  }
}

/* Are there so many flows that a record is in nobody's cache? */
static inline bool tcpflow__ahead_is_wide(const tcpflow__flows *flows) {
  return flows->used - flows->count[TCPFLOW_PHASE_ENDED] >= TCPFLOW__MANY_FLOWS;
}

/* A flow that opens or closes leaves lists: asks for its neighbours there.  Its
   record may have been given back, and its links be old. */
TCPFLOW__FLAT void tcpflow__ahead_neighbours(const tcpflow__flows *flows,
                                             const tcpflow__flow *flow) {
  const unsigned first = flow->phase == TCPFLOW_PHASE_CLOSING
                           ? TCPFLOW__CHAIN_TIMER
                           : TCPFLOW__CHAIN_GROUP;

  for (unsigned i = first; i < TCPFLOW__CHAINS; i++) {
    const tcpflow__chain chain = (tcpflow__chain)i;

    tcpflow__ahead_neighbour(flows, chain, flow->link[chain].next);
    tcpflow__ahead_neighbour(flows, chain, flow->link[chain].prev);
  }
}

/* A segment of a flow that waits for a hole: what lies behind that is held, and
   so its octets are copied, which nobody has looked at yet. */
TCPFLOW__FLAT void tcpflow__ahead_octets(const tcpflow_tracker *tracker,
                                         const tcpflow_packet *packet) {
  if (tracker->env.callbacks.on_data != NULL &&
      tracker->env.budget.keeper.hold == NULL) {
    tcpflow__prefetch(
      packet->bytes + packet->payload_offset,
      tcpflow__lower(packet->payload_captured, TCPFLOW__HELD_AHEAD));
  }
}

/* The same as below, of a flow that opens or closes, sleeps, or waits for a
   hole. */
TCPFLOW__FLAT void tcpflow__ahead_changing(const tcpflow_tracker *tracker,
                                           const tcpflow__batched *batched) {
  const tcpflow_conn *const conn = &batched->flow->conn;

  if (!tcpflow__conn_is_folded(conn)) {
    tcpflow__prefetch(conn->sides, sizeof(tcpflow__sides));
    if ((conn->bits & TCPFLOW__CONN_HOLES) != 0) {
      tcpflow__prefetch(conn->wait, 1);
      tcpflow__ahead_octets(tracker, &batched->packet);
      return;
    }
  } else if (tcpflow__conn_sleeps(conn)) {
    tcpflow__prefetch(conn->asleep, TCPFLOW__BED_OCTETS);
  }
  if (tcpflow__ahead_is_wide(&tracker->flows)) {
    tcpflow__ahead_neighbours(&tracker->flows, batched->flow);
  }
}

/* Its record has come, and says where its sides are. */
TCPFLOW__FLAT void tcpflow__ahead_sides(const tcpflow_tracker *tracker,
                                        const tcpflow__batched *batched) {
  if (batched->flow == NULL) {
    return;
  }

  const tcpflow_conn *const conn = &batched->flow->conn;
  if (TCPFLOW__MOSTLY(tcpflow__conn_goes_on(conn))) {
    tcpflow__prefetch(conn->sides, sizeof(tcpflow__sides));
  } else {
    tcpflow__ahead_changing(tracker, batched);
  }
  if (batched->form != 4 && tcpflow__ends_are_whole(&conn->ends)) {
    tcpflow__prefetch(conn->ends.whole, sizeof(tcpflow_tuple));
  }
}

#endif /* TCPFLOW__TRACK_AHEAD_H */
