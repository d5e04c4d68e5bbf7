/*
 * lib/text/zeekstate.c - the states of Zeek's endpoints.
 *
 * Room: text.  Includes: wire.  Zeek asks the flags and nobody's window: a RST
 * or FIN counts wherever it stands.
 */
#include "text/zeek.h"

static void set_state(tcpflow__zeek_end *end, uint8_t state) {
  if (end->state != state) {
    end->prev_state = end->state;
    end->state = state;
  }
}

static bool is_opening(const tcpflow__zeek_end *end) {
  return end->state == TCPFLOW__ZEEK_SYN_SENT ||
         end->state == TCPFLOW__ZEEK_SYN_ACK_SENT;
}

/* The first SYN, or SYN and ACK, of the responder.  Answers who its sender is
   in the end. */
static unsigned take_response(tcpflow__zeek *zeek,
                              const tcpflow__zeek_segment *s) {
  const tcpflow__zeek_end *const peer = &zeek->end[TCPFLOW__ZEEK_ORIG];
  unsigned role = TCPFLOW__ZEEK_RESP;

  /* SYN and ACK, and behind it the SYN: they were captured in the wrong order,
     and whoever came first is the responder. */
  if (!s->ack && peer->state == TCPFLOW__ZEEK_SYN_ACK_SENT &&
      s->segment->seq == zeek->end[TCPFLOW__ZEEK_RESP].start_seq) {
    tcpflow__zeek_exchange(zeek);
    role = TCPFLOW__ZEEK_ORIG;
    set_state(&zeek->end[TCPFLOW__ZEEK_RESP], TCPFLOW__ZEEK_ESTABLISHED);
  } else if (peer->state == TCPFLOW__ZEEK_SYN_SENT) {
    set_state(&zeek->end[TCPFLOW__ZEEK_ORIG], TCPFLOW__ZEEK_ESTABLISHED);
  }
  set_state(&zeek->end[role], TCPFLOW__ZEEK_ESTABLISHED);
  return role;
}

/* No flag tells: an ACK, or data, from somebody who was not heard before. */
static void take_partial(tcpflow__zeek *zeek, const tcpflow__zeek_segment *s) {
  tcpflow__zeek_end *const end = &zeek->end[s->role];
  const tcpflow__zeek_end *const peer = &zeek->end[!s->role];

  if (s->role == TCPFLOW__ZEEK_RESP && s->segment->payload_length == 0 &&
      peer->state == TCPFLOW__ZEEK_SYN_SENT) {
    return;
  }
  set_state(end, s->ack && peer->state == TCPFLOW__ZEEK_ESTABLISHED
                   ? TCPFLOW__ZEEK_ESTABLISHED
                   : TCPFLOW__ZEEK_PARTIAL);
}

static void move_inactive(tcpflow__zeek *zeek, const tcpflow__zeek_segment *s) {
  unsigned role = s->role;

  if (s->syn && role == TCPFLOW__ZEEK_ORIG) {
    set_state(&zeek->end[role],
              s->ack ? TCPFLOW__ZEEK_SYN_ACK_SENT : TCPFLOW__ZEEK_SYN_SENT);
  } else if (s->syn) {
    role = take_response(zeek, s);
  }

  tcpflow__zeek_end *const end = &zeek->end[role];
  if (s->fin) {
    set_state(end, TCPFLOW__ZEEK_CLOSED);
    end->closing = true;
  }
  if (s->rst) {
    set_state(end, TCPFLOW__ZEEK_RESET);
    end->closing = true;
  }
  if (end->state == TCPFLOW__ZEEK_INACTIVE) {
    take_partial(zeek, s);
  }
}

static void move_opening(tcpflow__zeek_end *end,
                         const tcpflow__zeek_segment *s) {
  if (s->fin) {
    set_state(end, TCPFLOW__ZEEK_CLOSED);
  }
  if (s->rst) {
    set_state(end, TCPFLOW__ZEEK_RESET);
  }
  end->closing = end->closing || s->fin || s->rst;
}

/* FIN, RST: the usual end of one that does not want to wait. */
static void forgive_reset(tcpflow__zeek_end *end) {
  if (end->state == TCPFLOW__ZEEK_RESET &&
      end->prev_state == TCPFLOW__ZEEK_CLOSED) {
    set_state(end, TCPFLOW__ZEEK_CLOSED);
  }
}

static void move_open(tcpflow__zeek_end *end, tcpflow__zeek_end *peer,
                      const tcpflow__zeek_segment *s) {
  if (s->syn && !s->ack && end->state == TCPFLOW__ZEEK_PARTIAL &&
      peer->state == TCPFLOW__ZEEK_INACTIVE) {
    set_state(end, TCPFLOW__ZEEK_SYN_SENT);
  }
  if (s->rst) {
    set_state(end, TCPFLOW__ZEEK_RESET);
  } else if (s->fin) {
    set_state(end, TCPFLOW__ZEEK_CLOSED);
    forgive_reset(peer);
  }
  end->closing = end->closing || s->fin || s->rst;
}

void tcpflow__zeek_move(tcpflow__zeek *zeek, const tcpflow__zeek_segment *s) {
  tcpflow__zeek_end *const end = &zeek->end[s->role];
  tcpflow__zeek_end *const peer = &zeek->end[!s->role];

  if (end->state == TCPFLOW__ZEEK_INACTIVE) {
    move_inactive(zeek, s);
  } else if (is_opening(end)) {
    move_opening(end, s);
  } else if (end->state == TCPFLOW__ZEEK_CLOSED) {
    /* A RST does not undo that both have closed. */
    if (s->rst && peer->state != TCPFLOW__ZEEK_CLOSED) {
      set_state(end, TCPFLOW__ZEEK_RESET);
      end->closing = true;
    }
  } else if (end->state != TCPFLOW__ZEEK_RESET) {
    move_open(end, peer, s);
  }
}
