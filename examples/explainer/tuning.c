/*
 * examples/explainer/tuning.c - what is worth tuning in the SYN: computed for
 * this connection, and only what applies.
 */
#include "explainer/sections.h"

#include "explainer/findings.h"
#include "explainer/network.h"
#include "explainer/values.h"
#include "explainer/windows.h"

enum mark {
  MARK_FINE,
  MARK_LOOK,
  MARK_OPTIONAL
};

static void write_advice(struct page *page, enum mark mark, const char *text) {
  static const int words[] = {TUNING_FINE, TUNING_LOOK, TUNING_OPTIONAL};
  const char *const line =
    arena_fill(&page->arena, page->words->tuning[words[mark]], text, NULL);

  if (page->format == FORMAT_CHECKLIST) {
    page_box(page, 0, line);
  } else {
    page_item(page, 0, line);
  }
}

static void judge_mss(struct page *page, const struct story *story,
                      tcpflow_side side) {
  const struct step *const syn = find_syn(story, side);
  const unsigned headers = header_octets(story->tuple.version);

  if (syn == NULL) {
    return;
  }
  if ((syn->options.present & TCPFLOW_HAS_MSS) == 0) {
    write_advice(page, MARK_LOOK,
                 arena_fill(&page->arena, TUNING(page, MSS_NONE),
                            say_side(page, side),
                            story->tuple.version == 4 ? "536" : "1220", NULL));
    return;
  }
  const unsigned mss = syn->options.mss;
  const int small = mss + headers < 1500;
  write_advice(
    page, small ? MARK_LOOK : MARK_FINE,
    arena_fill(&page->arena,
               small ? TUNING(page, MSS_SMALL) : TUNING(page, MSS_FINE),
               say_side(page, side), say_count(page, mss),
               say_count(page, mss + headers),
               say_count(page, small ? 1500 - mss - headers : 0), NULL));
}

/* How fast who sends into such a window can be. */
static const char *say_limit(struct page *page, const struct story *story,
                             uint64_t window, const char *sender) {
  const tcpflow_time rtt = handshake_rtt(story);

  if (rtt == TCPFLOW_TIME_NONE || rtt == 0) {
    return TUNING(page, LIMIT_UNKNOWN);
  }
  return arena_fill(&page->arena, TUNING(page, LIMIT),
                    say_rate(page, window, rtt), say_duration(page, rtt),
                    sender, NULL);
}

/* What was agreed can be judged only if both SYNs were captured. */
static int has_both_syns(const struct story *story) {
  return find_syn(story, TCPFLOW_SIDE_CLIENT) != NULL &&
         find_syn(story, TCPFLOW_SIDE_SERVER) != NULL;
}

static void judge_scaling(struct page *page, const struct story *story) {
  const int agreed = scaling_agreed(story);

  if (agreed == 0) {
    write_advice(
      page, MARK_LOOK,
      page_add(page, TUNING(page, SCALING_NONE),
               say_limit(page, story, 65535, TUNING(page, EITHER_SIDE))));
  }
  for (int side = 0; agreed == 1 && side < 2; side++) {
    const unsigned shift = window_shift(story, (tcpflow_side)side);
    const uint64_t most = UINT64_C(65535) << shift;

    write_advice(
      page, shift == 0 ? MARK_LOOK : MARK_FINE,
      page_add(
        page,
        arena_fill(&page->arena,
                   shift == 0 ? TUNING(page, SCALING_ZERO)
                              : TUNING(page, SCALING_FINE),
                   say_side(page, (tcpflow_side)side), say_number(page, shift),
                   say_size(page, most), NULL),
        say_limit(page, story, most,
                  say_side(page, tcpflow_side_other((tcpflow_side)side)))));
  }
}

static void judge_options(struct page *page, const struct story *story) {
  const int sack = sack_agreed(story);
  const int timestamps = timestamps_agreed(story);

  if (sack >= 0) {
    write_advice(page, sack ? MARK_FINE : MARK_LOOK,
                 sack ? TUNING(page, SACK_FINE) : TUNING(page, SACK_NONE));
  }
  if (timestamps >= 0) {
    write_advice(page, timestamps ? MARK_FINE : MARK_OPTIONAL,
                 timestamps ? TUNING(page, TIMESTAMPS_FINE)
                            : TUNING(page, TIMESTAMPS_NONE));
  }
}

/* Does the first window of a side hold what the peer may send at once? */
static void judge_initial_window(struct page *page, const struct story *story,
                                 tcpflow_side side) {
  const struct step *const syn = find_syn(story, side);

  if (!has_both_syns(story) || (syn->options.present & TCPFLOW_HAS_MSS) == 0) {
    return;
  }
  const unsigned mss = syn->options.mss;
  const unsigned floor = 2 * mss > 14600 ? 2 * mss : 14600;
  const unsigned initial = 10 * mss < floor ? 10 * mss : floor;
  const int enough = syn->window >= initial;
  write_advice(page, enough ? MARK_FINE : MARK_LOOK,
               arena_fill(&page->arena,
                          enough ? TUNING(page, INITIAL_FINE)
                                 : TUNING(page, INITIAL_SMALL),
                          say_side(page, side), say_bytes(page, syn->window),
                          say_bytes(page, initial),
                          say_side(page, tcpflow_side_other(side)), NULL));
}

static void judge_repeats(struct page *page, const struct story *story) {
  const uint64_t syns = story->direction[TCPFLOW_SIDE_CLIENT].syns;
  const uint64_t answers = story->direction[TCPFLOW_SIDE_SERVER].syn_acks;

  if (syns > 1) {
    write_advice(
      page, MARK_LOOK,
      arena_fill(&page->arena, TUNING(page, SYN_REPEATED),
                 say_count(page, syns),
                 say_duration(page, story->syn_last - story->syn_first), NULL));
  }
  if (answers > 1) {
    write_advice(page, MARK_LOOK,
                 arena_fill(&page->arena, TUNING(page, SYN_ACK_REPEATED),
                            say_count(page, answers), NULL));
  }
}

static void judge_ecn(struct page *page, const struct story *story) {
  const struct step *const syn = find_syn(story, TCPFLOW_SIDE_CLIENT);
  const struct step *const answer = find_syn(story, TCPFLOW_SIDE_SERVER);
  const unsigned both = TCPFLOW_FLAG_ECE | TCPFLOW_FLAG_CWR;

  if (!has_both_syns(story)) {
    return;
  }
  if ((syn->flags & both) != both) {
    write_advice(page, MARK_OPTIONAL, TUNING(page, ECN_NONE));
  } else if ((answer->flags & (both | TCPFLOW_FLAG_AE)) == 0) {
    write_advice(page, MARK_OPTIONAL, TUNING(page, ECN_REFUSED));
  } else {
    write_advice(page, MARK_FINE, TUNING(page, ECN_FINE));
  }
}

static int has_option(const struct step *step, uint8_t kind) {
  tcpflow_option_walk walk;
  tcpflow_option option;

  tcpflow_option_walk_init(&walk, step->option_bytes, step->options_length,
                           step->options_captured, step->flags);
  while (tcpflow_option_walk_next(&walk, &option)) {
    if (option.kind == kind) {
      return 1;
    }
  }
  return 0;
}

static void judge_fast_open(struct page *page, const struct story *story) {
  const struct step *const syn = find_syn(story, TCPFLOW_SIDE_CLIENT);
  const tcpflow_time rtt = handshake_rtt(story);

  if (!has_both_syns(story)) {
    return;
  }
  if (syn->payload > 0) {
    write_advice(page, MARK_FINE, TUNING(page, FAST_OPEN_USED));
    return;
  }
  if (has_option(syn, TCPFLOW_OPTION_FAST_OPEN)) {
    write_advice(page, MARK_FINE, TUNING(page, FAST_OPEN_ASKED));
    return;
  }
  write_advice(page, MARK_OPTIONAL,
               rtt == TCPFLOW_TIME_NONE || rtt == 0
                 ? TUNING(page, FAST_OPEN)
                 : arena_fill(&page->arena, TUNING(page, FAST_OPEN_RTT),
                              say_duration(page, rtt), NULL));
}

void write_tuning(struct page *page, const struct story *story) {
  if (find_syn(story, TCPFLOW_SIDE_CLIENT) == NULL &&
      find_syn(story, TCPFLOW_SIDE_SERVER) == NULL) {
    return;
  }
  page_heading(page, 2, TUNING(page, TITLE));
  judge_repeats(page, story);
  judge_mss(page, story, TCPFLOW_SIDE_CLIENT);
  judge_mss(page, story, TCPFLOW_SIDE_SERVER);
  if (has_both_syns(story)) {
    judge_scaling(page, story);
    judge_options(page, story);
  }
  judge_initial_window(page, story, TCPFLOW_SIDE_CLIENT);
  judge_initial_window(page, story, TCPFLOW_SIDE_SERVER);
  judge_ecn(page, story);
  judge_fast_open(page, story);
}
