/*
 * examples/explainer/ending.c - how a connection ended, and who waits.
 */
#include "explainer/sections.h"

#include "explainer/findings.h"
#include "explainer/values.h"

/* Which words tell the end. */
static int choose_end(const struct story *story) {
  static const int by_opening[OPENING_COUNT] = {
    [OPENING_REFUSED] = ENDING_REFUSED,
    [OPENING_UNANSWERED] = ENDING_UNANSWERED,
    [OPENING_HALF] = ENDING_HALF_OPEN,
    [OPENING_ABORTED] = ENDING_ABORTED_OPENING,
  };
  const int failed = by_opening[find_opening(story)];

  switch (story->end.reason) {
  case TCPFLOW_END_FIN:
    return ENDING_FIN;
  case TCPFLOW_END_RESET:
    if (failed != 0) {
      return failed;
    }
    return story->first_fin >= 0 ? ENDING_FIN_RESET : ENDING_RESET;
  case TCPFLOW_END_TIMEOUT:
    return failed != 0 ? failed : ENDING_TIMEOUT;
  case TCPFLOW_END_REUSED:
    return ENDING_REUSED;
  case TCPFLOW_END_EVICTED:
    return ENDING_EVICTED;
  case TCPFLOW_END_NONE:
  case TCPFLOW_END_FLUSHED:
  case TCPFLOW_END_CALLER:
  case TCPFLOW_END_UNREACHABLE:
  default:
    break;
  }
  if (failed != 0) {
    return failed;
  }
  if (story->direction[0].fin_sent && story->direction[1].fin_sent) {
    return ENDING_LAST_ACK_MISSING;
  }
  return story->first_fin >= 0 ? ENDING_HALF_CLOSED : ENDING_OPEN;
}

static void write_result(struct page *page, const struct story *story) {
  page_field(page, 0, NAME(page, RESULT_LABEL),
             arena_fill(&page->arena, page->words->ending[choose_end(story)],
                        say_side(page, story->end.side),
                        say_side(page, tcpflow_side_other(story->end.side)),
                        NULL));
}

static void write_first(struct page *page, const struct story *story) {
  if (story->first_fin < 0) {
    return;
  }
  const tcpflow_side first = (tcpflow_side)story->first_fin;
  page_field(page, 0, NAME(page, FIRST),
             arena_fill(&page->arena,
                        find_closing(story) == CLOSING_SIMULTANEOUS
                          ? ENDING_TEXT(page, FIRST_CROSSING)
                          : ENDING_TEXT(page, FIRST),
                        say_side(page, first),
                        say_side(page, tcpflow_side_other(first)), NULL));
}

/* The time between the two FINs, in which data may flow one way. */
static void write_half_close(struct page *page, const struct story *story) {
  const struct step *const one =
    find_role(story->closing, story->closing_count, ROLE_FIN);
  const struct step *const two =
    find_role(story->closing, story->closing_count, ROLE_FIN_SECOND);

  if (one == NULL || two == NULL || two->time <= one->time) {
    return;
  }
  const uint64_t late = story->direction[two->side].late_payload;
  page_field(page, 0, NAME(page, HALF_CLOSE),
             arena_fill(&page->arena,
                        late > 0 ? ENDING_TEXT(page, HALF_CLOSE_DATA)
                                 : ENDING_TEXT(page, HALF_CLOSE),
                        say_side(page, two->side),
                        say_duration(page, two->time - one->time),
                        say_bytes(page, late), say_side(page, one->side),
                        NULL));
}

static void write_time_wait(struct page *page, const struct story *story) {
  const int who = find_time_wait(story);

  if (who < 0) {
    return;
  }
  const tcpflow_side side = who == 2 ? TCPFLOW_SIDE_CLIENT : (tcpflow_side)who;
  page_field(
    page, 0, "TIME-WAIT",
    page_add(page,
             arena_fill(&page->arena,
                        who == 2 ? ENDING_TEXT(page, TIME_WAIT_BOTH)
                                 : ENDING_TEXT(page, TIME_WAIT),
                        say_side(page, side), NULL),
             arena_fill(&page->arena,
                        side == TCPFLOW_SIDE_CLIENT
                          ? ENDING_TEXT(page, TIME_WAIT_CLIENT)
                          : ENDING_TEXT(page, TIME_WAIT_SERVER),
                        say_number(page, story->tuple.port[0]),
                        say_endpoint(page, story, TCPFLOW_SIDE_SERVER), NULL)));
}

static void write_states(struct page *page, const struct story *story) {
  page_field(page, 0, NAME(page, STATES),
             arena_fill(&page->arena, ENDING_TEXT(page, STATES),
                        say_state(page, story->end.state[0]),
                        say_state(page, story->end.state[1]), NULL));
}

void write_ending(struct page *page, const struct story *story) {
  page_heading(page, 2, ENDING_TEXT(page, TITLE));
  write_result(page, story);
  write_first(page, story);
  write_half_close(page, story);
  write_time_wait(page, story);
  write_states(page, story);
}
