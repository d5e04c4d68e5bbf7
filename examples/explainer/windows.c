/*
 * examples/explainer/windows.c - windows in bytes, by RFC 7323 section 2.2,
 * and segment sizes.
 */
#include "explainer/windows.h"

#include "explainer/findings.h"
#include "explainer/network.h"
#include "explainer/values.h"

unsigned window_shift(const struct story *story, tcpflow_side side) {
  const struct step *const syn = find_syn(story, side);

  return syn != NULL && scaling_agreed(story) == 1 ? syn->options.wscale : 0;
}

/* In a SYN: as it stands.  Many pages say otherwise, so the other reading is
   named; at length only once. */
static const char *explain_syn_window(struct page *page,
                                      const struct story *story,
                                      const struct step *step) {
  const unsigned shift = step->options.wscale;
  const char *const text = arena_fill(&page->arena, STEP(page, WINDOW_OF_SYN),
                                      say_bytes(page, step->window), NULL);

  if ((step->options.present & TCPFLOW_HAS_WSCALE) == 0 || shift == 0) {
    return text;
  }
  return page_add(page, text,
                  arena_fill(&page->arena,
                             step == story->opening[0]
                               ? STEP(page, WINDOW_OTHER_READING)
                               : STEP(page, WINDOW_OTHER_READING_TOO),
                             say_count(page, step->window),
                             say_count(page, UINT64_C(1) << shift),
                             say_size(page, (uint64_t)step->window << shift),
                             say_number(page, shift), NULL));
}

/* The same number as in the SYN, which meant less there. */
static const char *add_unchanged(struct page *page, const struct story *story,
                                 const struct step *step, const char *text) {
  const struct step *const syn = find_syn(story, step->side);
  const unsigned shift = window_shift(story, step->side);

  if (syn == NULL || syn->window != step->window || shift == 0 ||
      step->role != ROLE_ACK_OF_SYN) {
    return text;
  }
  return page_add(page, text,
                  arena_fill(&page->arena, STEP(page, WINDOW_UNCHANGED),
                             say_count(page, step->window),
                             say_count(page, UINT64_C(1) << shift),
                             say_count(page, step->window >> shift), NULL));
}

/* The rule is told at the first window of each side that it applies to. */
static int is_first_scaled(const struct story *story, const struct step *step) {
  for (size_t i = 0; i < story->opening_count + story->closing_count; i++) {
    const struct step *const other =
      i < story->opening_count ? story->opening[i]
                               : story->closing[i - story->opening_count];

    if (other->side == step->side &&
        (other->flags & (TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_RST)) == 0) {
      return other == step;
    }
  }
  return 0;
}

const char *explain_window(struct page *page, const struct story *story,
                           const struct step *step) {
  const char *const field = say_count(page, step->window);
  const int agreed = scaling_agreed(story);
  const unsigned shift = window_shift(story, step->side);

  if ((step->flags & TCPFLOW_FLAG_SYN) != 0) {
    return explain_syn_window(page, story, step);
  }
  if (agreed < 0) {
    return arena_fill(&page->arena, STEP(page, WINDOW_UNKNOWN), field, NULL);
  }
  if (step->window == 0) {
    return STEP(page, WINDOW_CLOSED);
  }
  if (agreed == 0) {
    return arena_fill(&page->arena, STEP(page, WINDOW_UNSCALED),
                      say_bytes(page, step->window), NULL);
  }
  return add_unchanged(
    page, story, step,
    arena_fill(&page->arena,
               is_first_scaled(story, step) ? STEP(page, WINDOW_SCALED)
                                            : STEP(page, WINDOW_SCALED_TOO),
               field, say_count(page, UINT64_C(1) << shift),
               say_size(page, (uint64_t)step->window << shift),
               say_side(page, step->side), say_number(page, shift), NULL));
}

const char *explain_mss(struct page *page, const struct story *story,
                        unsigned mss) {
  const unsigned headers = header_octets(story->tuple.version);
  const unsigned mtu = mss + headers;
  const char *const text = arena_fill(
    &page->arena, STEP(page, MSS), say_count(page, mss),
    say_count(page, headers), story->tuple.version == 4 ? "IPv4" : "IPv6",
    say_count(page, mtu), NULL);

  return page_add(
    page, text,
    arena_fill(&page->arena, page->words->paths[classify_mtu(mtu)],
               say_count(page, mtu),
               say_count(page, mtu < 1500 ? 1500 - mtu : 0), NULL));
}
