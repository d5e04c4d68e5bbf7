/* examples/spreader/splitter.c - which worker gets a frame. */
#include "splitter.h"

#include "held.h"

#include <stdlib.h>
#include <string.h>

struct splitter {
  worker *workers;
  unsigned count;
  uint8_t key[16];
  tcpflow_frag *frag;
  held *held;
  tcpflow_time now;
  tcpflow_tracker_stats stats;
};

/* --- made --- */

/* A datagram is given up. */
static int on_drop(const tcpflow_frag_drop_event *event, void *user) {
  splitter *const s = user;
  datagram_key key = {*event->ends, event->id, 0};

  if (key.ends.version == 4) {
    key.protocol = event->protocol;
  }
  held_drop(held_take(s->held, &key));
  return 0;
}

splitter *splitter_new(worker *workers, unsigned count, const uint8_t key[16]) {
  splitter *const s = calloc(1, sizeof(*s));
  tcpflow_frag_callbacks callbacks;

  if (s == NULL) {
    return NULL;
  }
  s->workers = workers;
  s->count = count;
  memcpy(s->key, key, sizeof(s->key));
  tcpflow_tracker_stats_init(&s->stats);
  tcpflow_frag_callbacks_init(&callbacks);
  callbacks.on_drop = on_drop;
  s->held = held_new();
  if (s->held == NULL ||
      tcpflow_frag_new(&s->frag, NULL, &callbacks, NULL, s) != TCPFLOW_OK) {
    splitter_del(s);
    return NULL;
  }
  return s;
}

void splitter_del(splitter *s) {
  if (s != NULL) {
    tcpflow_frag_del(s->frag);
    held_del(s->held);
    free(s);
  }
}

tcpflow_time splitter_now(const splitter *s) {
  return s->now;
}

const tcpflow_tracker_stats *splitter_stats(const splitter *s) {
  return &s->stats;
}

/* --- fed --- */

/* The worker of a packet's connection.  An ICMP error quotes its ends; what is
   of no connection goes to the first one. */
static worker *worker_of(const splitter *s, const tcpflow_packet *packet) {
  const int has_ends = packet->kind == TCPFLOW_PACKET_TCP ||
                       packet->kind == TCPFLOW_PACKET_ICMP_ERROR;

  return has_ends ? &s->workers[tcpflow_flow_hash(&packet->tuple, s->key, 0) %
                                s->count]
                  : &s->workers[0];
}

/* All fragments of a datagram that PACKET leads to, once it is whole. */
static int send_list(splitter *s, const tcpflow_packet *packet,
                     held_frame *list) {
  worker *const to = worker_of(s, packet);
  int sent = 1;

  for (held_frame *at = list; at != NULL && sent; at = at->next) {
    sent = worker_add(to, &at->frame, s->now);
  }
  held_drop(list);
  return sent;
}

/*
 * What may be a fragment.  The datagram may be one, too, of one that a tunnel
 * carries: then the fragments of both go together.
 */
static int gather(splitter *s, const tcpflow_frame *frame,
                  tcpflow_packet *packet) {
  held_frame *list = held_copy(frame);
  tcpflow_frame datagram;
  tcpflow_frag_result result;

  tcpflow_frag_result_init(&result);
  while (list != NULL &&
         tcpflow_frag_feed(s->frag, packet, &result, &datagram) == TCPFLOW_OK) {
    datagram_key key;

    switch (result.outcome) {
    case TCPFLOW_FRAG_HELD:
      key = held_key(packet);
      return held_keep(s->held, &key, list);
    case TCPFLOW_FRAG_COMPLETE:
      key = held_key(packet);
      list = held_join(held_take(s->held, &key), list);
      (void)tcpflow_packet_decode(packet, &datagram, NULL);
      break;
    case TCPFLOW_FRAG_NOT_A_FRAGMENT:
      return send_list(s, packet, list);
    default: /* Dropped. */
      held_drop(list);
      return 1;
    }
  }
  held_drop(list);
  return 0;
}

static void count_packet(splitter *s, const tcpflow_packet *packet) {
  const uint32_t bad =
    TCPFLOW_FINDING_TCP_BAD_OFFSET_SHORT | TCPFLOW_FINDING_TCP_BAD_OFFSET_LONG;

  s->stats.packets[packet->kind]++;
  if (packet->kind != TCPFLOW_PACKET_TCP) {
    return;
  }
  if ((packet->findings & TCPFLOW_FINDING_FIRST_FRAGMENT) != 0) {
    s->stats.first_fragments++;
  } else if ((packet->findings & bad) != 0) {
    s->stats.bad_offset++;
  }
}

static int send_packet(splitter *s, const tcpflow_frame *frame,
                       tcpflow_packet *packet) {
  count_packet(s, packet);
  if (packet->kind == TCPFLOW_PACKET_FRAGMENT ||
      (packet->kind == TCPFLOW_PACKET_TCP &&
       (packet->findings & TCPFLOW_FINDING_FIRST_FRAGMENT) != 0)) {
    return gather(s, frame, packet);
  }
  if (packet->kind == TCPFLOW_PACKET_TCP ||
      packet->kind == TCPFLOW_PACKET_ICMP_ERROR) {
    return worker_add(worker_of(s, packet), frame, s->now);
  }
  return 1; /* No connection. */
}

/* A packet of several in one frame, as a frame of its own: from its IP header
   on. */
static int send_piece(splitter *s, const tcpflow_frame *frame,
                      const tcpflow_packet *packet) {
  tcpflow_packet alone = *packet;
  tcpflow_frame piece = *frame;
  const uint32_t start =
    packet->ip_offset < frame->captured ? packet->ip_offset : frame->captured;

  piece.bytes = frame->bytes + start;
  piece.captured = frame->captured - start;
  if (piece.captured > packet->ip_length) {
    piece.captured = packet->ip_length;
  }
  piece.length = packet->ip_length;
  piece.link =
    packet->tuple.version == 4 ? TCPFLOW_LINK_IPV4 : TCPFLOW_LINK_IPV6;
  piece.vlan = packet->tuple.vlan;
  piece.tunnel = packet->tuple.tunnel;
  if (packet->kind == TCPFLOW_PACKET_TCP ||
      packet->kind == TCPFLOW_PACKET_FRAGMENT) {
    (void)tcpflow_packet_decode(&alone, &piece, NULL);
  }
  return send_packet(s, &piece, &alone);
}

static int send_pieces(splitter *s, const tcpflow_frame *frame,
                       tcpflow_packet *packet) {
  int sent;

  do {
    sent = send_piece(s, frame, packet);
  } while (sent && tcpflow_packet_next(packet, frame, NULL) > 0);
  return sent;
}

int splitter_feed(splitter *s, const tcpflow_frame *frame) {
  tcpflow_packet packet;

  if (frame->time < s->now) {
    s->stats.time_backwards++;
  } else {
    s->now = frame->time;
  }
  s->stats.frames++;
  (void)tcpflow_frag_advance(s->frag, s->now);
  tcpflow_packet_init(&packet);
  (void)tcpflow_packet_decode(&packet, frame, NULL);
  return (packet.findings & TCPFLOW_FINDING_AGGREGATE) != 0
           ? send_pieces(s, frame, &packet)
           : send_packet(s, frame, &packet);
}
