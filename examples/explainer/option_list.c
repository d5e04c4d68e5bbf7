/*
 * examples/explainer/option_list.c - every option of a step, in the order of
 * the header.
 */
#include "explainer/sections.h"

#include "explainer/findings.h"
#include "explainer/values.h"
#include "explainer/windows.h"

#include <string.h>

static int is_syn(const struct step *step) {
  return (step->flags & TCPFLOW_FLAG_SYN) != 0;
}

static int answers_syn(const struct story *story, const struct step *step) {
  return (step->flags & TCPFLOW_FLAG_ACK) != 0 &&
         find_syn(story, tcpflow_side_other(step->side)) != NULL;
}

/* Did the SYN that this one answers offer it too? */
static int peer_offered(const struct story *story, const struct step *step,
                        uint32_t option) {
  const struct step *const syn =
    find_syn(story, tcpflow_side_other(step->side));

  return syn != NULL && (syn->options.present & option) != 0;
}

static const char *explain_wscale(struct page *page, const struct story *story,
                                  const struct step *step) {
  const unsigned shift = step->options.wscale;
  const char *const text = arena_fill(
    &page->arena, STEP(page, WSCALE), say_count(page, UINT64_C(1) << shift),
    say_size(page, UINT64_C(65535) << shift), say_side(page, step->side), NULL);

  if (step->options.wscale_raw > TCPFLOW_WSCALE_MAX) {
    return page_add(page, text, STEP(page, WSCALE_TOO_LARGE));
  }
  if (!answers_syn(story, step)) {
    return page_add(page, text, STEP(page, WSCALE_OFFERED));
  }
  return page_add(page, text,
                  peer_offered(story, step, TCPFLOW_HAS_WSCALE)
                    ? STEP(page, WSCALE_AGREED)
                    : STEP(page, WSCALE_ALONE));
}

static const char *explain_sack_permitted(struct page *page,
                                          const struct story *story,
                                          const struct step *step) {
  if (!answers_syn(story, step)) {
    return STEP(page, SACK_OFFERED);
  }
  return peer_offered(story, step, TCPFLOW_HAS_SACK_PERMITTED)
           ? STEP(page, SACK_AGREED)
           : STEP(page, SACK_ALONE);
}

static const char *explain_sack(struct page *page, const struct story *story,
                                const struct step *step) {
  const struct direction *const peer =
    &story->direction[tcpflow_side_other(step->side)];
  const char *blocks = "";

  for (unsigned i = 0; i < step->options.sack_count; i++) {
    const tcpflow_seq zero = peer->iss_known ? peer->iss : 0;

    blocks =
      arena_printf(&page->arena, "%s%s%u–%u", blocks, i == 0 ? "" : ", ",
                   tcpflow_seq_distance(zero, step->options.sack[i].left),
                   tcpflow_seq_distance(zero, step->options.sack[i].right));
  }
  return arena_fill(&page->arena, STEP(page, SACK_BLOCKS), blocks, NULL);
}

/* The latest step of the opening before this one that a side sent with a
   timestamp. */
static const struct step *find_timestamp(const struct story *story,
                                         const struct step *before,
                                         tcpflow_side side) {
  const struct step *found = NULL;

  for (size_t i = 0; i < story->opening_count; i++) {
    const struct step *const step = story->opening[i];

    if (step == before) {
      return found;
    }
    if (step->side == side &&
        (step->options.present & TCPFLOW_HAS_TIMESTAMPS) != 0) {
      found = step;
    }
  }
  return NULL; /* A step of the close: too much has happened since. */
}

static const char *explain_echo(struct page *page, const struct story *story,
                                const struct step *step) {
  const tcpflow_side peer = tcpflow_side_other(step->side);
  const struct step *const echoed = find_timestamp(story, step, peer);

  if ((step->flags & TCPFLOW_FLAG_ACK) == 0) {
    return STEP(page, TSECR_NOTHING);
  }
  return arena_fill(
    &page->arena,
    echoed != NULL && echoed->options.ts_val == step->options.ts_ecr
      ? STEP(page, TSECR_OF)
      : STEP(page, TSECR_EARLIER),
    say_number(page, step->options.ts_ecr), say_side(page, peer),
    echoed == NULL ? "" : say_main_flags(page, echoed->flags), NULL);
}

static const char *explain_timestamps(struct page *page,
                                      const struct story *story,
                                      const struct step *step) {
  const struct step *const own = find_timestamp(story, step, step->side);
  const char *text = arena_fill(&page->arena, STEP(page, TSVAL),
                                say_number(page, step->options.ts_val),
                                say_side(page, step->side), NULL);

  if (own != NULL && has_times(story)) {
    const int32_t ticks =
      (int32_t)tcpflow_seq_distance(own->options.ts_val, step->options.ts_val);

    text =
      page_add(page, text,
               arena_fill(&page->arena, STEP(page, TSVAL_TICKS),
                          arena_printf(&page->arena, "%+d", (int)ticks),
                          say_main_flags(page, own->flags),
                          say_duration(page, step->time - own->time), NULL));
  }
  return page_add(page, text, explain_echo(page, story, step));
}

static const char *explain_option_mss(struct page *page,
                                      const struct story *story,
                                      const struct step *step) {
  return explain_mss(page, story, step->options.mss);
}

static const char *explain_eol(struct page *page, const struct story *story,
                               const struct step *step) {
  (void)story;
  (void)step;
  return STEP(page, EOL);
}

static const char *explain_mptcp(struct page *page, const struct story *story,
                                 const struct step *step) {
  (void)story;
  (void)step;
  return STEP(page, MPTCP);
}

static const char *explain_md5(struct page *page, const struct story *story,
                               const struct step *step) {
  (void)story;
  (void)step;
  return STEP(page, MD5);
}

/* An option whose meaning is told by the step's parsed values. */
struct known_option {
  tcpflow_option_kind kind;
  const char *label;
  const char *(*explain)(struct page *page, const struct story *story,
                         const struct step *step);
};

static const struct known_option known_options[] = {
  {TCPFLOW_OPTION_EOL, "EOL", explain_eol},
  {TCPFLOW_OPTION_MSS, "MSS", explain_option_mss},
  {TCPFLOW_OPTION_WSCALE, "wscale", explain_wscale},
  {TCPFLOW_OPTION_SACK_PERMITTED, "SACK OK", explain_sack_permitted},
  {TCPFLOW_OPTION_SACK, "SACK", explain_sack},
  {TCPFLOW_OPTION_TIMESTAMPS, "TS", explain_timestamps},
  {TCPFLOW_OPTION_MPTCP, "MPTCP", explain_mptcp},
  {TCPFLOW_OPTION_MD5, "MD5", explain_md5},
};

static const struct known_option *find_known(uint8_t kind) {
  const size_t count = sizeof(known_options) / sizeof(known_options[0]);

  for (size_t i = 0; i < count; i++) {
    if ((uint8_t)known_options[i].kind == kind) {
      return &known_options[i];
    }
  }
  return NULL;
}

/* The name, with the value where one number is all there is. */
static const char *label_option(struct page *page, const struct step *step,
                                const struct known_option *known) {
  if (known->kind == TCPFLOW_OPTION_MSS) {
    return arena_printf(&page->arena, "MSS %u", step->options.mss);
  }
  if (known->kind == TCPFLOW_OPTION_WSCALE) {
    return arena_printf(&page->arena, "wscale %u", step->options.wscale_raw);
  }
  return known->label;
}

static const char *explain_fast_open(struct page *page,
                                     const tcpflow_option *option) {
  return option->data_length == 0
           ? STEP(page, TFO_REQUEST)
           : arena_fill(&page->arena, STEP(page, TFO_COOKIE),
                        say_bytes(page, option->data_length), NULL);
}

static void write_option(struct page *page, const struct story *story,
                         const struct step *step,
                         const tcpflow_option *option) {
  static const unsigned broken =
    TCPFLOW_OPTION_FLAG_NO_LENGTH | TCPFLOW_OPTION_FLAG_LENGTH_BELOW_2 |
    TCPFLOW_OPTION_FLAG_OVERRUN | TCPFLOW_OPTION_FLAG_CUT |
    TCPFLOW_OPTION_FLAG_BAD_LENGTH;
  const struct known_option *const known = find_known(option->kind);

  /* Lines of text are filled up when they become frames. */
  if (option->kind == TCPFLOW_OPTION_EOL && strstr(step->line, "eol") == NULL) {
    return;
  }
  if ((option->flags & broken) != 0) {
    page_field(page, 1, tcpflow_option_name(option->kind),
               STEP(page, BROKEN_OPTION));
    return;
  }
  if (known != NULL) {
    page_field(page, 1, label_option(page, step, known),
               known->explain(page, story, step));
    return;
  }
  if (option->kind == TCPFLOW_OPTION_FAST_OPEN) {
    page_field(page, 1, "TFO", explain_fast_open(page, option));
    return;
  }
  page_field(page, 1, tcpflow_option_name(option->kind),
             arena_fill(&page->arena, STEP(page, OTHER_OPTION),
                        say_number(page, option->kind),
                        say_bytes(page, option->length), NULL));
}

/* All the NOPs in a row; the option is then the one behind them, if any. */
static int write_padding(struct page *page, tcpflow_option_walk *walk,
                         tcpflow_option *option) {
  unsigned count = 1;
  int more = tcpflow_option_walk_next(walk, option);

  while (more && option->kind == TCPFLOW_OPTION_NOP) {
    count++;
    more = tcpflow_option_walk_next(walk, option);
  }
  page_field(page, 1,
             count == 1 ? "NOP" : arena_printf(&page->arena, "NOP ×%u", count),
             STEP(page, NOP));
  return more;
}

void write_options(struct page *page, const struct story *story,
                   const struct step *step) {
  tcpflow_option_walk walk;
  tcpflow_option option;

  if (step->options_length == 0) {
    page_field(page, 0, NAME(page, OPTIONS),
               is_syn(step) ? STEP(page, NO_OPTIONS_IN_SYN)
                            : STEP(page, NO_OPTIONS));
    return;
  }

  page_field(page, 0, NAME(page, OPTIONS),
             arena_fill(&page->arena,
                        story->from_text ? STEP(page, OPTIONS_ORDER)
                                         : STEP(page, OPTIONS_LENGTH),
                        say_count(page, step->options_length), NULL));
  tcpflow_option_walk_init(&walk, step->option_bytes, step->options_length,
                           step->options_captured, step->flags);
  int more = tcpflow_option_walk_next(&walk, &option);
  while (more) {
    if (option.kind == TCPFLOW_OPTION_NOP) {
      more = write_padding(page, &walk, &option);
    } else {
      write_option(page, story, step, &option);
      more = tcpflow_option_walk_next(&walk, &option);
    }
  }
}
