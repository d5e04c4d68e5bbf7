/*
 * lib/text/zeekhistory.c - the letters of Zeek's history.
 *
 * Room: text.  Includes: wire.  S SYN, H SYN and ACK, A pure ACK, D data, F
 * FIN, R RST, I FIN and RST, Q other flags together, C bad checksum, G gap, T
 * sent again, W window 0, ^ the roles were exchanged.
 */
#include "text/zeek.h"

#include <tcpflow/wire.h>

void tcpflow__zeek_letter(tcpflow__zeek *zeek, unsigned role, char letter) {
  static const char upper[] = "SHADFRIQCGTW";
  static const char lower[] = "shadfriqcgtw";

  if (zeek->used + 1U >= sizeof(zeek->history)) {
    return;
  }
  for (unsigned i = 0; role == TCPFLOW__ZEEK_RESP && i < sizeof(upper) - 1;
       i++) {
    if (letter == upper[i]) {
      letter = lower[i];
      break;
    }
  }
  zeek->history[zeek->used++] = letter;
  zeek->history[zeek->used] = '\0';
}

static bool is_power_of_10(uint32_t n) {
  while (n % 10 == 0) {
    n /= 10;
  }
  return n == 1;
}

void tcpflow__zeek_scaled(tcpflow__zeek *zeek, unsigned role, unsigned which) {
  static const char letters[] = "CGTW";
  uint32_t *const times = &zeek->end[role].times[which];

  if (*times == UINT32_MAX) {
    return;
  }
  ++*times;
  if (is_power_of_10(*times)) {
    tcpflow__zeek_letter(zeek, role, letters[which]);
  }
}

/* Adds a letter the first time; answers whether it was there. */
static bool was_seen(tcpflow__zeek *zeek, unsigned role, unsigned mask,
                     char letter) {
  tcpflow__zeek_end *const end = &zeek->end[role];

  if ((end->seen & mask) != 0) {
    return true;
  }
  end->seen = (uint8_t)(end->seen | mask);
  tcpflow__zeek_letter(zeek, role, letter);
  return false;
}

/* A letter that stands again where its number is another one than before. */
static void note_number(tcpflow__zeek *zeek, unsigned role, char letter,
                        uint64_t number) {
  tcpflow__zeek_end *const end = &zeek->end[role];
  uint64_t *last = &end->last_rst;
  unsigned mask = TCPFLOW__ZEEK_SEEN_RST;

  if (letter == 'F') {
    last = &end->last_fin;
    mask = TCPFLOW__ZEEK_SEEN_FIN;
  } else if (letter != 'R') {
    last = &end->last_syn;
    mask = TCPFLOW__ZEEK_SEEN_SYN;
  }
  if (was_seen(zeek, role, mask, letter) && number != *last) {
    tcpflow__zeek_letter(zeek, role, letter);
  }
  *last = number;
}

static void note_control(tcpflow__zeek *zeek, const tcpflow__zeek_segment *s) {
  if (s->syn) {
    note_number(zeek, s->role, s->ack ? 'H' : 'S', s->rel_seq);
  } else if (s->fin) {
    note_number(zeek, s->role, 'F', s->rel_seq + s->segment->payload_length);
  } else {
    note_number(zeek, s->role, 'R', s->rel_seq);
  }
}

void tcpflow__zeek_history(tcpflow__zeek *zeek,
                           const tcpflow__zeek_segment *s) {
  const unsigned controls = (unsigned)s->syn + s->fin + s->rst;

  if (controls == 1) {
    note_control(zeek, s);
  } else if (s->fin && s->rst) {
    (void)was_seen(zeek, s->role, TCPFLOW__ZEEK_SEEN_FIN_RST, 'I');
  } else if (controls > 1) {
    (void)was_seen(zeek, s->role, TCPFLOW__ZEEK_SEEN_MULTI, 'Q');
  } else if (s->segment->payload_length > 0) {
    (void)was_seen(zeek, s->role, TCPFLOW__ZEEK_SEEN_DATA, 'D');
  } else if (s->ack) {
    (void)was_seen(zeek, s->role, TCPFLOW__ZEEK_SEEN_ACK, 'A');
  }
}

void tcpflow__zeek_exchange(tcpflow__zeek *zeek) {
  const tcpflow__zeek_end other = zeek->end[0];

  zeek->end[0] = zeek->end[1];
  zeek->end[1] = other;
  zeek->originator = zeek->originator == TCPFLOW_SIDE_CLIENT
                       ? TCPFLOW_SIDE_SERVER
                       : TCPFLOW_SIDE_CLIENT;
  tcpflow__zeek_letter(zeek, TCPFLOW__ZEEK_ORIG, '^');
}
