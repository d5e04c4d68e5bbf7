/*
 * examples/ahead.c - the first frames of a source, and their checksums.
 *
 * Sums are wrong in a capture on the sending host, where its network card had
 * yet to compute them, and where addresses or octets were changed afterwards.
 * No receiver has dropped those packets; what one has acknowledged shows it.
 */
#include "ahead.h"

#include <stdlib.h>
#include <string.h>

enum {
  FRAMES = 1000,
  OCTETS = 1 << 22,
  WRONG = 128
};

/* A segment with a wrong checksum that did not come again so far. */
typedef struct wrong {
  tcpflow_tuple tuple;
  tcpflow_seq first;
  tcpflow_seq end;
} wrong;

struct ahead {
  tcpflow_frame frame[FRAMES];
  uint8_t bytes[OCTETS];
  size_t count;
  size_t given; /* Of them, so far. */
  size_t used;  /* Of the bytes. */
  int more;     /* What source_next() said last. */
  unsigned right;
  unsigned wrong;
  unsigned taken;   /* Wrong ones that a receiver has acknowledged. */
  unsigned watched; /* Wrong ones with data, of which that could be seen. */
  wrong open[WRONG];
  size_t opened;
};

static int is_same(const tcpflow_tuple *a, const tcpflow_tuple *b) {
  return memcmp(a->address, b->address, sizeof(a->address)) == 0 &&
         a->port[0] == b->port[0] && a->port[1] == b->port[1];
}

static void drop(ahead *early, size_t at) {
  early->open[at] = early->open[--early->opened];
}

/* Octets that come again with a right sum, and the ACKs of others. */
static void settle(ahead *early, const tcpflow_packet *packet) {
  const tcpflow_tuple back = tcpflow_tuple_swap(&packet->tuple);
  const tcpflow_seq end = packet->seq + packet->payload_length;

  for (size_t i = early->opened; i > 0; i--) {
    const wrong *const one = &early->open[i - 1];

    if (is_same(&one->tuple, &packet->tuple)) {
      if (tcpflow_seq_leq(packet->seq, one->first) &&
          tcpflow_seq_lt(one->first, end)) {
        drop(early, i - 1);
      }
    } else if (is_same(&one->tuple, &back) &&
               (packet->flags & TCPFLOW_FLAG_ACK) != 0 &&
               tcpflow_seq_leq(one->end, packet->ack) &&
               packet->ack - one->end < UINT32_C(1) << 24) {
      early->taken++;
      drop(early, i - 1);
    }
  }
}

static void look(ahead *early, const tcpflow_frame *frame) {
  tcpflow_packet packet;

  tcpflow_packet_init(&packet);
  if (tcpflow_packet_decode(&packet, frame, NULL) != TCPFLOW_OK ||
      packet.kind != TCPFLOW_PACKET_TCP) {
    return;
  }
  const tcpflow_checksum sum = tcpflow_packet_checksum(&packet);
  if (sum != TCPFLOW_CHECKSUM_BAD) {
    early->right += sum == TCPFLOW_CHECKSUM_OK;
    settle(early, &packet);
    return;
  }
  early->wrong++;
  if (packet.payload_length != 0 && early->opened < WRONG) {
    early->watched++;
    early->open[early->opened++] =
      (wrong){packet.tuple, packet.seq, packet.seq + packet.payload_length};
  }
}

static void read_all(ahead *early, source *from) {
  tcpflow_frame frame;

  while (early->count < FRAMES &&
         (early->more = source_next(from, &frame)) > 0) {
    look(early, &frame);
    early->frame[early->count++] = frame;
    if (frame.captured > sizeof(early->bytes) - early->used) {
      return; /* Not copied: it is given before the next one is read. */
    }
    if (frame.captured != 0) {
      memcpy(&early->bytes[early->used], frame.bytes, frame.captured);
    }
    early->frame[early->count - 1].bytes = &early->bytes[early->used];
    early->used += frame.captured;
  }
}

ahead *ahead_read(source *from) {
  ahead *const early = malloc(sizeof(*early));

  if (early != NULL) {
    early->count = early->given = early->used = early->opened = 0;
    early->right = early->wrong = 0;
    early->taken = early->watched = 0;
    early->more = 1;
    read_all(early, from);
  }
  return early;
}

/* What is wrong may be a number, so a few seem acknowledged that are not. */
int ahead_has_right_sums(const ahead *early) {
  const int taken = early->taken != 0 && 2 * early->taken >= early->watched;

  return !taken && early->right > 9 * early->wrong;
}

int ahead_next(ahead *early, source *from, tcpflow_frame *frame) {
  if (early != NULL && early->given < early->count) {
    *frame = early->frame[early->given++];
    return 1;
  }
  return early != NULL && early->more <= 0 ? early->more
                                           : source_next(from, frame);
}
