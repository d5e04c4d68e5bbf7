/*
 * lib/frag/board.c - whose octets count.
 *
 * Room: frag.  Includes: base.
 */
#include "frag/board.h"

#include <string.h>

void tcpflow__board_clear(tcpflow__board *board) {
  tcpflow__bitset_clear(&board->starts);
}

/* --- runs --- */

static tcpflow__run run_at(const tcpflow__board *board, uint32_t start) {
  if (start == TCPFLOW__UNITS) {
    return (tcpflow__run){start, start, NULL};
  }
  return (tcpflow__run){start, board->end[start], board->owner[start]};
}

tcpflow__run tcpflow__board_run(const tcpflow__board *board, uint32_t unit) {
  if (unit < TCPFLOW__UNITS) {
    const tcpflow__run before =
      run_at(board, tcpflow__bitset_floor(&board->starts, unit));
    if (before.owner != NULL && before.end > unit) {
      return before;
    }
  }
  return run_at(board, tcpflow__bitset_ceil(&board->starts, unit));
}

/* Puts a run on the board, if it is not empty. */
static void put(tcpflow__board *board, uint32_t from, uint32_t end,
                const tcpflow__part *owner) {
  if (from < end) {
    tcpflow__bitset_add(&board->starts, from);
    board->end[from] = (uint16_t)end;
    board->owner[from] = owner;
  }
}

/* Takes the units [from, end) out of a run that has them. */
static void cut_out(tcpflow__board *board, const tcpflow__run *run,
                    uint32_t from, uint32_t end) {
  tcpflow__bitset_remove(&board->starts, run->from);
  put(board, run->from, from, run->owner);
  put(board, end, run->end, run->owner);
}

/* --- policies --- */

/* Does the new one replace the old one where they overlap? */
static bool replaces(tcpflow_frag_policy policy, const tcpflow__run *new_one,
                     const tcpflow__run *old_one) {
  const bool before = new_one->from < old_one->from;
  const bool behind = new_one->end > old_one->end;
  const bool same_end = new_one->end == old_one->end;

  switch (policy) {
  case TCPFLOW_FRAG_POLICY_LAST:
    return true;
  case TCPFLOW_FRAG_POLICY_BSD:
    return before;
  case TCPFLOW_FRAG_POLICY_BSD_RIGHT:
    return behind || (same_end && new_one->from <= old_one->from);
  case TCPFLOW_FRAG_POLICY_LINUX:
    return new_one->from <= old_one->from;
  case TCPFLOW_FRAG_POLICY_WINDOWS:
    return before && behind;
  case TCPFLOW_FRAG_POLICY_SOLARIS:
    return before && (behind || same_end);
  case TCPFLOW_FRAG_POLICY_DEFAULT:
  case TCPFLOW_FRAG_POLICY_FIRST:
  case TCPFLOW_FRAG_POLICY_RFC5722:
  default:
    return false;
  }
}

/* The octets of PART from OFFSET on that the capture has, up to END. */
static uint32_t known_from(const tcpflow__part *part, uint32_t offset,
                           uint32_t end) {
  const uint32_t behind = part->start + part->captured;
  const uint32_t known = behind < end ? behind : end;

  return known > offset ? known - offset : 0;
}

static const uint8_t *octets_from(const tcpflow__part *part, uint32_t offset) {
  return part->bytes + part->header_size + (offset - part->start);
}

/* Do A and B differ in the octets [from, end) that are known of both? */
static bool differ(const tcpflow__part *a, const tcpflow__part *b,
                   uint32_t from, uint32_t end) {
  const uint32_t of_a = known_from(a, from, end);
  const uint32_t of_b = known_from(b, from, end);
  const uint32_t both = of_a < of_b ? of_a : of_b;

  return both != 0 &&
         memcmp(octets_from(a, from), octets_from(b, from), both) != 0;
}

/* --- laying --- */

/* A fragment on its way onto the board. */
typedef struct laying {
  tcpflow__board *board;
  const tcpflow__run *whole; /* All of it. */
  uint32_t at;               /* The units before are settled. */
  uint32_t won;              /* Those from here to `at` are its own. */
  uint32_t end;              /* In octets. */
  bool conflict;
} laying;

/* The fragment has what it won so far; others have the units up to NEXT. */
static void lose(laying *l, uint32_t next) {
  put(l->board, l->won, l->at, l->whole->owner);
  l->won = next;
  l->at = next;
}

/* Settles the units that OLD shares with the fragment; there are some. */
static void meet(laying *l, const tcpflow__run *old,
                 tcpflow_frag_policy policy) {
  const uint32_t from = old->from > l->at ? old->from : l->at;
  const uint32_t end = old->end < l->whole->end ? old->end : l->whole->end;
  const uint32_t behind = end * 8 < l->end ? end * 8 : l->end;

  l->at = from;
  l->conflict |= differ(l->whole->owner, old->owner, from * 8, behind);
  if (!replaces(policy, l->whole, old)) {
    lose(l, end);
    return;
  }
  cut_out(l->board, old, from, end);
  l->at = end;
}

/* Do the octets before LIMIT of a unit that PART does not fill differ from
   those of whoever has the unit? */
static bool differs_in_rest(const tcpflow__board *board,
                            const tcpflow__part *part, uint32_t limit) {
  const uint32_t unit = tcpflow__unit_of(limit);
  const tcpflow__run run = tcpflow__board_run(board, unit);

  return limit % 8 != 0 && run.owner != NULL && run.from <= unit &&
         differ(part, run.owner, unit * 8, limit);
}

/*
 * Of several last fragments, one may end before the datagram does and in the
 * middle of a unit.  It does not contest that one: nobody's octets behind its
 * end may be lost to it.
 */
bool tcpflow__board_lay(tcpflow__board *board, const tcpflow__part *part,
                        uint32_t end, tcpflow_frag_policy policy) {
  const uint32_t limit = part->end < end ? part->end : end;
  const uint32_t behind =
    limit < end ? tcpflow__unit_of(limit) : tcpflow__unit_behind(limit);
  const tcpflow__run whole = {tcpflow__unit_of(part->start), behind, part};
  laying l = {board,      &whole,
              whole.from, whole.from,
              limit,      limit < end && differs_in_rest(board, part, limit)};

  /* Every turn settles a unit at least. */
  while (l.at < whole.end) {
    const tcpflow__run old = tcpflow__board_run(board, l.at);
    if (old.owner == NULL || old.from >= whole.end) {
      break;
    }
    meet(&l, &old, policy);
  }
  if (l.at < whole.end) {
    l.at = whole.end;
  }
  put(board, l.won, l.at, part);
  return l.conflict;
}

void tcpflow__board_fill(tcpflow__board *board, const tcpflow__part *part,
                         uint32_t end) {
  const uint32_t unit = tcpflow__unit_of(part->end);

  if (part->end >= end || part->end % 8 == 0) {
    return;
  }
  const tcpflow__run run = tcpflow__board_run(board, unit);
  if (run.owner == NULL || run.from > unit || run.owner->end < part->end) {
    put(board, unit, unit + 1, part);
  }
}
