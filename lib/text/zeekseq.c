/*
 * lib/text/zeekseq.c - sequence numbers as Zeek counts them.
 *
 * Room: text.  Includes: wire.  Numbers are relative to the SYN's, or to the
 * one before the first that was seen.  A number too far off is not believed
 * where Zeek does not.
 */
#include "text/zeek.h"

#include <tcpflow/wire.h>

static const int32_t TOO_FAR = 1048576;

static int32_t delta(uint32_t a, uint32_t b) {
  return tcpflow_seq_lt(a, b) ? -(int32_t)tcpflow_seq_distance(a, b)
                              : (int32_t)tcpflow_seq_distance(b, a);
}

/* Is the number behind a wrap of the 32 bits, seen from another one? */
static bool wraps_between(uint32_t from, uint32_t to) {
  const uint64_t before = from;
  const uint64_t after = to;

  return after < before;
}

static void start_at(tcpflow__zeek_end *end, uint32_t start, uint32_t last) {
  end->start_seq = start;
  end->ack_seq = start;
  end->last_seq = last;
}

/* Numbers of SYN and FIN count, those of a RST's data do not. */
static uint32_t end_of(const tcpflow_segment *segment) {
  const uint32_t flags = segment->flags;
  const uint32_t data =
    (flags & TCPFLOW_FLAG_RST) != 0 ? 0 : segment->payload_length;

  return segment->seq + data + ((flags & TCPFLOW_FLAG_SYN) != 0) +
         ((flags & TCPFLOW_FLAG_FIN) != 0);
}

/* A SYN where one was seen, or was not needed. */
static bool begins_anew(const tcpflow__zeek_end *end, uint32_t seq) {
  switch (end->state) {
  case TCPFLOW__ZEEK_SYN_SENT:
  case TCPFLOW__ZEEK_SYN_ACK_SENT:
    return seq != end->start_seq;
  case TCPFLOW__ZEEK_ESTABLISHED:
  case TCPFLOW__ZEEK_PARTIAL:
    return true;
  case TCPFLOW__ZEEK_RESET:
    return end->prev_state == TCPFLOW__ZEEK_INACTIVE;
  default:
    return false;
  }
}

static uint64_t relative(const tcpflow__zeek_end *end, uint32_t seq,
                         uint32_t last, uint32_t wraps) {
  const int32_t ahead = delta(seq, last);

  if (ahead < 0 && wraps != 0 && wraps_between(seq, last)) {
    wraps--;
  } else if (ahead > 0 && wraps_between(last, seq)) {
    wraps++;
  }
  if (wraps == 0) {
    return (uint64_t)(int64_t)delta(seq, end->start_seq);
  }
  return ((uint64_t)wraps << 32 | seq) - end->start_seq;
}

uint64_t tcpflow__zeek_begin_numbers(tcpflow__zeek_end *end,
                                     const tcpflow_segment *segment) {
  const uint32_t seq = segment->seq;
  const bool syn = (segment->flags & TCPFLOW_FLAG_SYN) != 0;

  if (end->state == TCPFLOW__ZEEK_INACTIVE) {
    if (syn) {
      start_at(end, seq, end_of(segment));
    } else {
      start_at(end, seq - 1, seq);
    }
  } else if (syn && begins_anew(end, seq)) {
    start_at(end, seq, end_of(segment));
  }
  return relative(end, seq, end->last_seq, end->seq_wraps);
}

static void update_ack(tcpflow__zeek_end *peer, uint32_t ack) {
  const int32_t ahead = delta(ack, peer->ack_seq);

  if (ahead <= 0 || (ack == 0 && ahead > TOO_FAR)) {
    return;
  }
  if (wraps_between(peer->ack_seq, ack)) {
    peer->ack_wraps++;
  }
  peer->ack_seq = ack;
}

static void take_ack(tcpflow__zeek_end *peer, const tcpflow_segment *segment) {
  if (peer->state == TCPFLOW__ZEEK_INACTIVE) {
    start_at(peer, segment->ack - 1, segment->ack - 1);
    return;
  }
  if (peer->ack_wraps == 0 && delta(segment->ack, peer->start_seq) < 0) {
    return;
  }
  if ((segment->flags & TCPFLOW_FLAG_RST) == 0) {
    update_ack(peer, segment->ack);
  }
}

static void update_last(tcpflow__zeek_end *end, uint32_t last) {
  if (wraps_between(end->last_seq, last)) {
    end->seq_wraps++;
  }
  end->last_seq = last;
}

static void take_last(tcpflow__zeek *zeek, const tcpflow__zeek_segment *s) {
  tcpflow__zeek_end *const end = &zeek->end[s->role];
  const uint32_t last = end_of(s->segment);
  const int32_t ahead = delta(last, end->last_seq);

  if ((s->syn || s->rst) && (ahead > TOO_FAR || ahead < -TOO_FAR)) {
    return;
  }
  if (s->fin && end->last_seq == end->start_seq + 1) {
    update_last(end, last);
  } else if (end->state == TCPFLOW__ZEEK_RESET) {
    return;
  } else if (ahead > 0) {
    update_last(end, last);
  } else if (s->segment->payload_length > 0) {
    tcpflow__zeek_scaled(zeek, s->role, TCPFLOW__ZEEK_REXMIT);
  }
}

void tcpflow__zeek_take_numbers(tcpflow__zeek *zeek,
                                const tcpflow__zeek_segment *s) {
  if (s->ack) {
    take_ack(&zeek->end[!s->role], s->segment);
  }
  take_last(zeek, s);
}

static uint64_t full(uint32_t seq, uint32_t wraps) {
  return (uint64_t)wraps << 32 | seq;
}

/* Was anything acknowledged but its SYN? */
static bool no_data_acked(const tcpflow__zeek_end *end) {
  return end->ack_seq == end->start_seq || end->ack_seq == end->start_seq + 1;
}

uint64_t tcpflow__zeek_size(const tcpflow__zeek *zeek, unsigned role) {
  const tcpflow__zeek_end *const end = &zeek->end[role];
  const uint64_t last = full(end->last_seq, end->seq_wraps);
  const uint64_t ack = full(end->ack_seq, end->ack_wraps);
  uint64_t size = (last > ack ? last : ack) - end->start_seq;

  /* A half-open connection that was discovered: its numbers mean nothing. */
  if (end->prev_state == TCPFLOW__ZEEK_SYN_SENT &&
      end->state == TCPFLOW__ZEEK_RESET &&
      zeek->end[!role].state == TCPFLOW__ZEEK_INACTIVE && !no_data_acked(end)) {
    return 0;
  }
  if (size != 0) {
    size--;
  }
  if (end->fins > 0 && size != 0) {
    size--;
  }
  return size;
}

bool tcpflow__zeek_pending(const tcpflow__zeek *zeek, unsigned role) {
  const tcpflow__zeek_end *const end = &zeek->end[role];
  const uint64_t last = full(end->last_seq, end->seq_wraps) - end->start_seq;

  return zeek->hears_data && last > 0 && end->delivered + 1 < last - 1;
}
