/*
 * lib/reasm/contest.c - what an arrival takes from pieces that are held.
 *
 * Room: reasm.  Includes: base.  What a contested arrival gets becomes pieces
 * of its own, so that the next one is judged by how the segments lie.
 *
 * To swallow pieces is sound.  Where the policy gives all to the first or to
 * the last, the borders of pieces decide nothing.  By all others what is
 * covered goes, whatever it says (the systems compare no octets): so only what
 * the policy gives it anyway is swallowed.  A few pieces stay as they are, and
 * so each octet has its own origin where nobody wishes harm.
 */
#include "reasm/contest.h"

#include "base/order.h"

#include <string.h>

enum {
  FEW = 8 /* So many pieces stay. */
};

unsigned tcpflow__contest_marks(const tcpflow__reasm *r,
                                const tcpflow__arrival *in,
                                const tcpflow__piece *p) {
  const tcpflow__range now = {in->from, in->middle};
  const tcpflow__range held = {p->offset, tcpflow__piece_middle(p)};
  const unsigned covers = (p->offset >= in->from) & (p->end <= in->middle);
  unsigned wins;

  if (in->input->noted) {
    return 0;
  }
  wins = tcpflow__overlap_replaces(r->overlap, now, held);
  return wins * TCPFLOW__MARK_WINS +
         (covers & (wins | tcpflow__overlap_keeps(r->overlap))) *
           TCPFLOW__MARK_COVERS;
}

bool tcpflow__contest_swallows(const tcpflow__survey *found) {
  return found->covered > FEW && !found->contested;
}

/* Does it take its place, or what they share?  They overlap. */
static bool takes_from(const tcpflow__arrival *in, const tcpflow__piece *p) {
  const unsigned mark =
    in->input->swallows ? TCPFLOW__MARK_COVERS : TCPFLOW__MARK_WINS;

  return (p->marks & mark) != 0;
}

/* Does it leave of a piece what lies behind it, and not what lies before it?
   They overlap.  Of one that reaches over both of its ends the longer part
   stays where it is, so that no octet is copied often. */
static bool leaves_tail(const tcpflow__arrival *in, const tcpflow__piece *p) {
  const uint64_t middle = tcpflow__piece_middle(p);

  return middle > in->middle &&
         (p->offset >= in->from || in->from - p->offset < middle - in->middle);
}

/* Does the arrival get something of a piece, or the place of one that begins
   within it and has no octets? */
static bool takes_part(const tcpflow__arrival *in, const tcpflow__piece *p) {
  if (p->captured == 0) {
    return p->offset >= in->from;
  }
  return tcpflow__piece_middle(p) > in->from && takes_from(in, p);
}

/* A run of octets that the arrival gets, and the last piece that will start
   before it; or it is not known, and no matter. */
typedef struct gain {
  tcpflow__range range;
  tcpflow__piece *before;
  bool known;
} gain;

/* Where a walk over them is. */
typedef struct gains {
  tcpflow__piece *piece;
  uint64_t from;
  tcpflow__piece *before;
  bool known;
} gains;

static gains begin_gains(const tcpflow__arrival *in) {
  return (gains){in->at, in->from, in->before, in->before != in->at};
}

/* Behind P, which keeps its octets before END. */
static void stop_at(gains *walk, tcpflow__piece *p, uint64_t end) {
  walk->piece = tcpflow__pieces_next(p);
  walk->from = end;
  walk->before = p;
  walk->known = true;
}

/* The next run; false behind the last one. */
static bool next_gain(const tcpflow__arrival *in, gains *walk, gain *found) {
  tcpflow__piece *p = walk->piece;

  found->range.from = walk->from;
  found->before = walk->before;
  found->known = walk->known;
  for (; p != NULL && p->offset < in->middle; p = tcpflow__pieces_next(p)) {
    const uint64_t from = tcpflow__higher(p->offset, in->from);
    const uint64_t end = tcpflow__lower(tcpflow__piece_middle(p), in->middle);

    if (from < end && !takes_from(in, p)) {
      stop_at(walk, p, end);
      if (found->range.from < from) {
        found->range.end = from;
        return true;
      }
      found->range.from = end;
      found->before = p;
      found->known = true;
    } else if (p->offset < in->from &&
               !(takes_part(in, p) && leaves_tail(in, p))) {
      found->before = p;
      found->known = true;
    }
  }
  walk->piece = p;
  walk->from = in->middle;
  found->range.end = in->middle;
  return found->range.from < found->range.end;
}

/* The piece that the arrival takes the middle of, or NULL; and the part of it
   that becomes a piece of its own. */
static const tcpflow__piece *split_by(const tcpflow__arrival *in,
                                      tcpflow__range *part) {
  const tcpflow__piece *const p = in->at;

  if (p == NULL || p->offset >= in->from ||
      tcpflow__piece_middle(p) <= in->middle || !takes_from(in, p)) {
    return NULL;
  }
  *part = leaves_tail(in, p)
            ? (tcpflow__range){p->offset, in->from}
            : (tcpflow__range){in->middle, tcpflow__piece_middle(p)};
  return p;
}

uint64_t tcpflow__contest_split(const tcpflow__arrival *in) {
  tcpflow__range part = {0, 0};

  (void)split_by(in, &part);
  return part.end - part.from;
}

void tcpflow__contest_swallow(const tcpflow__arrival *in,
                              tcpflow__survey *found) {
  gains walk = begin_gains(in);
  gain next;

  found->pieces = 0;
  found->memory = 0;
  found->gone = found->covered;
  while (next_gain(in, &walk, &next)) {
    found->pieces++;
    found->memory += tcpflow__piece_cost(next.range.end - next.range.from);
  }
}

/* Makes a piece of a range that the arrival gets in dispute with nobody, and of
   the octets that others have there. */
static tcpflow__piece *make_mixed(tcpflow__budget *budget,
                                  const tcpflow__arrival *in,
                                  tcpflow__range range) {
  tcpflow__piece *const made = tcpflow__keep_copy(budget, in, range);

  if (made == NULL) {
    return NULL;
  }
  for (tcpflow__piece *p = in->at; p != NULL && p->offset < range.end;
       p = tcpflow__pieces_next(p)) {
    if (p->offset >= range.from && p->captured > 0) {
      memcpy(made->room + (p->offset - range.from), p->bytes, p->captured);
    }
  }
  return made;
}

/* Makes a piece of what is split off. */
static bool chain_part(tcpflow__budget *budget, const tcpflow__piece *split,
                       tcpflow__range part, tcpflow__piece **chain) {
  tcpflow__piece *const made = tcpflow__keep_part(budget, split, part);

  return tcpflow__keep_chain(chain, made, made);
}

/* What swallows pieces has the origin of the first one that has octets.  A hole
   is waited for since octets behind it came, and that does not get later. */
static void take_origin(const tcpflow__arrival *in, tcpflow__piece *made,
                        tcpflow__range range) {
  tcpflow__piece *p = in->input->swallows ? in->at : NULL;

  while (p != NULL && (p->offset < range.from || p->captured == 0)) {
    p = tcpflow__pieces_next(p);
  }
  if (p != NULL && p->offset < range.end) {
    made->time = p->time;
    made->number = p->number;
  }
}

/* Makes pieces of what the arrival gets. */
static bool chain_gains(tcpflow__budget *budget, const tcpflow__arrival *in,
                        tcpflow__piece **chain) {
  const bool mixed = in->input->swallows && in->input->disputed;
  gains walk = begin_gains(in);
  gain next;

  while (next_gain(in, &walk, &next)) {
    tcpflow__piece *const made =
      mixed ? make_mixed(budget, in, next.range)
            : tcpflow__keep_piece(budget, in, next.range);

    if (!tcpflow__keep_chain(chain, made, next.known ? next.before : made)) {
      return false;
    }
    take_origin(in, made, next.range);
  }
  return true;
}

bool tcpflow__contest_make(tcpflow__budget *budget, const tcpflow__arrival *in,
                           tcpflow__piece **chain) {
  tcpflow__range part = {0, 0};
  const tcpflow__piece *const split = split_by(in, &part);
  const bool head = split != NULL && part.end <= in->from;

  /* The later ones come in front. */
  if (head && !chain_part(budget, split, part, chain)) {
    return false;
  }
  return chain_gains(budget, in, chain) &&
         (split == NULL || head || chain_part(budget, split, part, chain));
}

/* Takes from a piece what it shares with the arrival.  What is left of one that
   reaches over both of its ends, and does not stay, is in the chain.  False:
   nothing is left of it. */
static bool take_shared(const tcpflow__arrival *in, tcpflow__piece *p) {
  if (leaves_tail(in, p)) {
    tcpflow__keep_behead(p, in->middle - p->offset);
    return true;
  }
  if (p->offset < in->from) {
    p->captured = (uint32_t)(in->from - p->offset);
    p->end = in->from;
    return true;
  }
  return false;
}

uint64_t tcpflow__contest_yield(tcpflow__reasm *r, tcpflow__budget *budget,
                                const tcpflow__arrival *in,
                                tcpflow__piece **place) {
  tcpflow__piece *p = in->at;
  uint64_t reach = 0;

  *place = NULL;
  while (p != NULL && p->offset < in->middle) {
    tcpflow__piece *const behind = tcpflow__pieces_next(p);

    if (takes_part(in, p)) {
      reach = leaves_tail(in, p) ? reach : p->end;
      if (!take_shared(in, p)) {
        if (*place != NULL) {
          tcpflow__keep_remove(r, budget, *place);
        }
        *place = p;
      }
    }
    p = behind;
  }
  return reach;
}
