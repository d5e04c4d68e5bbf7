/*
 * bench/lossy.c - bulk connections over a link that loses and reorders.
 *
 * Of the segments that are lost, half are lost in front of the capture point,
 * and are never seen, and half behind it, so that they are seen again.  As many
 * are overtaken by some of those behind them.  The receiver acknowledges every
 * second segment in order, and at once whatever is not, with up to three SACK
 * blocks (RFC 2018 section 4); the sender fills a hole some turns after it was
 * lost.
 */
#include "maker.h"

#include <stdlib.h>
#include <string.h>

enum {
  WINDOW = 32,   /* Segments that may be in flight. */
  PATIENCE = 20, /* Turns after which one is sent again. */
  OVERTAKEN = 3  /* Segments that may overtake one. */
};

typedef struct sent {
  uint32_t due; /* The turn at which it is sent again. */
  int arrived;
} sent;

typedef struct lossy {
  talk t;
  sent sent[WINDOW];  /* From what is not acknowledged on. */
  uint32_t in_flight; /* How many of them there are. */
  tcpflow_seq una;    /* The first one's number. */
  uint32_t unsaid;    /* Segments in order that no ACK has told of. */
  uint32_t held;      /* Segments to come before the late one; 0: none is. */
  uint32_t late;      /* Its index. */
} lossy;

/* --- the receiver --- */

/* The blocks that have arrived; that of an index comes first. */
static uint32_t find_blocks(const maker *m, const lossy *l, uint32_t index,
                            tcpflow_sack_block block[3]) {
  uint32_t count = index < l->in_flight && l->sent[index].arrived;
  uint32_t i = 0;

  while (i < l->in_flight) {
    const uint32_t first = i;
    while (i < l->in_flight && l->sent[i].arrived) {
      i++;
    }
    const tcpflow_sack_block found = {tcpflow_seq_add(l->una, first * m->size),
                                      tcpflow_seq_add(l->una, i * m->size)};
    if (first <= index && index < i) {
      block[0] = found;
    } else if (first < i && count < 3) {
      block[count++] = found;
    }
    i += first == i;
  }
  return count;
}

static void acknowledge(maker *m, lossy *l, uint32_t index) {
  tcpflow_sack_block block[3];
  const segment what = {.side = 1,
                        .flags = ACK,
                        .seq = l->t.next[1],
                        .ack = l->una,
                        .block = block,
                        .blocks = find_blocks(m, l, index, block)};

  l->unsaid = 0;
  say_at(m, &l->t, &what, 1);
}

/* The segment of an index arrives. */
static void arrive(maker *m, lossy *l, uint32_t index) {
  const int again = l->sent[index].arrived;
  uint32_t whole = 0;

  l->sent[index].arrived = 1;
  while (whole < l->in_flight && l->sent[whole].arrived) {
    whole++;
  }
  l->in_flight -= whole;
  memmove(l->sent, l->sent + whole, l->in_flight * sizeof(l->sent[0]));
  l->una = tcpflow_seq_add(l->una, whole * m->size);
  l->late -= whole;
  l->unsaid += whole;
  if (again || whole != 1 || l->in_flight > 0 || l->unsaid > 1) {
    acknowledge(m, l, index - whole);
  }
}

/* --- the link --- */

/* What the capture point sees of the segment of an index. */
static void pass(maker *m, lossy *l, uint32_t index, int arrives) {
  const segment what = {.side = 0,
                        .flags = ACK,
                        .length = m->size,
                        .seq = tcpflow_seq_add(l->una, index * m->size),
                        .ack = l->t.next[1]};

  say_at(m, &l->t, &what, arrives && index == 0);
  if (arrives) {
    arrive(m, l, index);
  }
}

/* The late one comes when enough have overtaken it. */
static void release(maker *m, lossy *l) {
  if (l->held > 0 && --l->held == 0) {
    pass(m, l, l->late, 1);
  }
}

static void transmit(maker *m, lossy *l, uint32_t index) {
  l->sent[index].due = l->t.turn + PATIENCE;
  if (m->left > 0 && draw(m, 1000) < m->loss) {
    if (draw(m, 2) == 0) {
      pass(m, l, index, 0);
    }
  } else if (m->left > 0 && l->held == 0 && draw(m, 1000) < m->loss) {
    l->held = 1 + OVERTAKEN;
    l->late = index;
  } else {
    pass(m, l, index, 1);
  }
  release(m, l);
}

/* --- the sender --- */

/* The first segment that has to be sent again; in_flight: none. */
static uint32_t find_due(const lossy *l) {
  uint32_t i = 0;

  while (i < l->in_flight &&
         (l->sent[i].arrived || l->sent[i].due > l->t.turn ||
          (l->held > 0 && l->late == i))) {
    i++;
  }
  return i;
}

static void turn_loss(maker *m, lossy *l) {
  const uint32_t due = find_due(l);

  l->t.turn++;
  if (due < l->in_flight) {
    transmit(m, l, due);
  } else if (m->left > 0 && l->in_flight < WINDOW) {
    l->sent[l->in_flight] = (sent){0, 0};
    l->in_flight++;
    transmit(m, l, l->in_flight - 1);
  } else {
    release(m, l);
  }
}

static void open_lossy(maker *m, lossy *l) {
  begin(m, &l->t);
  shake_hands(m, &l->t);
  l->una = l->t.next[0];
}

void make_loss(maker *m) {
  lossy *const all = make_room(m, sizeof(*all));
  const size_t left = m->left;

  for (size_t i = 0; m->error == 0 && i < m->flows; i++) {
    open_lossy(m, &all[i]);
  }
  m->left = left;
  count_from_here(m);
  while (m->error == 0 && m->left > 0) {
    turn_loss(m, &all[draw(m, m->flows)]);
  }
  for (size_t i = 0; m->error == 0 && i < m->flows; i++) {
    while (m->error == 0 && all[i].in_flight > 0) {
      turn_loss(m, &all[i]);
    }
  }
  free(all);
}
