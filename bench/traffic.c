/*
 * bench/traffic.c - the kinds of traffic in which nothing goes wrong.
 *
 * Connections take turns at random, so that what comes next cannot be learned
 * by heart.
 */
#include "maker.h"

#include <stdlib.h>

enum {
  REQUEST = 180,
  RESPONSE = 620,
  SPOKEN = 7 /* Packets of the script in front of the close. */
};

/* Handshake, a request, a response, an orderly close. */
static const struct {
  int side;
  unsigned flags;
  uint32_t length;
} script[TURNS] = {{0, SYN, 0},       {1, SYN | ACK, 0},
                   {0, ACK, 0},       {0, PSH | ACK, REQUEST},
                   {1, ACK, 0},       {1, PSH | ACK, RESPONSE},
                   {0, ACK, 0},       {0, FIN | ACK, 0},
                   {1, FIN | ACK, 0}, {0, ACK, 0}};

/* The next to speak: each connection that is begun gets to its end, for which
   OWED packets are needed.  NULL: there is none to go on with. */
static talk *choose_short(maker *m, talk *talks, size_t owed) {
  const size_t drawn = draw(m, m->flows);

  for (size_t i = 0; i < m->flows; i++) {
    talk *const t = &talks[(drawn + i) % m->flows];

    if (t->turn > 0) {
      return t;
    }
    if (m->left >= owed + m->turns) {
      begin(m, t);
      return t;
    }
  }
  return NULL;
}

void make_short(maker *m) {
  talk *const talks = make_room(m, sizeof(*talks));
  talk *t;
  size_t owed = 0;

  count_from_here(m);
  while (m->error == 0 && (t = choose_short(m, talks, owed)) != NULL) {
    owed += t->turn == 0 ? m->turns : 0;
    owed--;
    say(m, t, script[t->turn].side, script[t->turn].flags,
        script[t->turn].length);
    t->turn = (t->turn + 1) % m->turns;
  }
  free(talks);
}

/* Open connections to all but nothing. */
static talk *make_open(maker *m) {
  talk *const talks = make_room(m, sizeof(*talks));
  const size_t left = m->left;

  for (size_t i = 0; m->error == 0 && i < m->flows; i++) {
    begin(m, &talks[i]);
    shake_hands(m, &talks[i]);
  }
  m->left = left;
  count_from_here(m);
  return talks;
}

/* Full segments, every second one acknowledged. */
void make_bulk(maker *m) {
  talk *const talks = make_open(m);

  while (m->error == 0 && m->left > 0) {
    talk *const t = &talks[draw(m, m->flows)];
    const int acks = t->turn++ % 3 == 2;

    say(m, t, acks, ACK, acks ? 0 : m->size);
  }
  free(talks);
}

/* A SYN from anywhere. */
void make_syn(maker *m) {
  talk t;

  count_from_here(m);
  while (m->error == 0 && m->left > 0) {
    begin(m, &t);
    say(m, &t, 0, SYN, 0);
  }
}

/* Twenty connections a second, each of which is silent behind its response. */
void make_idle(maker *m) {
  talk t;

  count_from_here(m);
  while (m->error == 0 && m->left > 0) {
    begin(m, &t);
    for (t.turn = 0; t.turn < SPOKEN && m->left > 0; t.turn++) {
      say(m, &t, script[t.turn].side, script[t.turn].flags,
          script[t.turn].length);
    }
    m->now += 50 * TCPFLOW_MILLISECOND;
  }
}

/* A few octets from either side in turn. */
static void turn_many(maker *m, talk *t) {
  say(m, t, (int)(t->turn++ % 2), PSH | ACK, m->size);
}

/* All connections one after the other. */
void make_many(maker *m) {
  talk *const talks = make_open(m);

  for (size_t i = 0; m->error == 0 && m->left > 0; i = (i + 1) % m->flows) {
    turn_many(m, &talks[i]);
  }
  free(talks);
}

/* Ranks from 0 to BELOW - 1, of which rank i is about 1 / (i + 1) as frequent
   as the first: between one power of two and the next they are all as frequent
   as each other, and as all of those between the next two. */
static uint32_t draw_zipf(maker *m, uint32_t below) {
  uint32_t powers = 1;
  uint32_t rank;

  while (powers < 31 && UINT32_C(1) << powers <= below) {
    powers++;
  }
  do {
    const uint32_t first = UINT32_C(1) << draw(m, powers);
    rank = first + draw(m, first) - 1;
  } while (rank >= below);
  return rank;
}

/* Some much more often than others; which ones is scattered by a prime. */
void make_zipf(maker *m) {
  talk *const talks = make_open(m);

  while (m->error == 0 && m->left > 0) {
    const uint64_t rank = draw_zipf(m, m->flows);
    turn_many(m, &talks[rank * UINT64_C(2654435761) % m->flows]);
  }
  free(talks);
}
