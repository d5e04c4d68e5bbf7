/*
 * examples/explainer/summary.c - a whole opening or close in one line.
 */
#include "explainer/findings.h"

#include "explainer/values.h"

/* What a step is in the summary; NULL for what does not show there. */
static const char *name_step(struct page *page, const struct step *step) {
  switch (step->role) {
  case ROLE_SYN:
  case ROLE_SYN_AGAIN:
  case ROLE_SYN_CROSSING:
    return "SYN";
  case ROLE_SYN_COPY:
  case ROLE_SYN_ODD:
    return (step->flags & TCPFLOW_FLAG_ACK) != 0 ? "SYN+ACK" : "SYN";
  case ROLE_SYN_ACK:
  case ROLE_SYN_ACK_AGAIN:
  case ROLE_SYN_ACK_CROSSING:
    return "SYN+ACK";
  case ROLE_ACK_OF_SYN:
  case ROLE_ACK_OF_FIN:
  case ROLE_LAST_ACK:
  case ROLE_ACK_AGAIN:
    return "ACK";
  case ROLE_DATA_OF_SYN:
    return NAME(page, DATA);
  case ROLE_FIN:
  case ROLE_FIN_SECOND:
  case ROLE_FIN_CROSSING:
  case ROLE_FIN_AGAIN:
    return "FIN";
  case ROLE_FIN_ACK:
    return "FIN+ACK";
  case ROLE_RST_REFUSES:
  case ROLE_RST_ABORTS:
  case ROLE_RST_CLOSES:
  case ROLE_RST_IGNORED:
    return "RST";
  case ROLE_PROVES:
    return (step->flags & TCPFLOW_FLAG_ACK) != 0 && step->payload == 0
             ? "ACK"
             : NAME(page, DATA);
  case ROLE_PICK_UP:
    return "…";
  case ROLE_OTHER:
  case ROLE_COUNT:
  default:
    return NULL;
  }
}

/* How many steps from here on are one thing, sent several times. */
static size_t count_repeats(struct page *page, struct step *const *steps,
                            size_t count) {
  const char *const name = name_step(page, steps[0]);
  size_t repeats = 1;

  while (repeats < count && steps[repeats]->side == steps[0]->side &&
         name_step(page, steps[repeats]) == name &&
         steps[repeats]->seq == steps[0]->seq) {
    repeats++;
  }
  return repeats;
}

static const char *say_steps(struct page *page, struct step *const *steps,
                             size_t count, int with_sides) {
  const char *text = "";
  size_t next = 0;

  while (next < count) {
    const char *name = name_step(page, steps[next]);
    const size_t repeats = count_repeats(page, steps + next, count - next);

    if (name != NULL && with_sides && steps[next]->role != ROLE_PICK_UP) {
      name = arena_fill(&page->arena, NAME(page, TOKEN_OF_SIDE),
                        say_side(page, steps[next]->side), name, NULL);
    }
    if (name != NULL) {
      text = arena_printf(&page->arena, "%s%s%s", text,
                          *text == '\0' ? "" : " → ", name);
    }
    if (name != NULL && repeats > 1) {
      text = arena_printf(&page->arena, "%s ×%zu", text, repeats);
    }
    next += repeats;
  }
  return text;
}

const char *say_opening_summary(struct page *page, const struct story *story) {
  return say_steps(page, story->opening, story->opening_count,
                   !is_plain_opening(story));
}

const char *say_closing_summary(struct page *page, const struct story *story) {
  return say_steps(page, story->closing, story->closing_count,
                   !is_plain_closing(story));
}
