/*
 * examples/explainer/checklist.c - a page to print, to cover the values of, and
 * to tick.
 */
#include "explainer/sections.h"

#include "explainer/findings.h"
#include "explainer/values.h"
#include "explainer/windows.h"

#include <string.h>

#define ROWS 13

/* A cell for each side. */
static const char *cell_iss(struct page *page, const struct story *story,
                            tcpflow_side side) {
  const struct direction *const direction = &story->direction[side];

  return direction->iss_known ? say_number(page, direction->iss) : "–";
}

static const char *cell_first(struct page *page, const struct story *story,
                              tcpflow_side side) {
  const struct direction *const direction = &story->direction[side];

  return direction->iss_known
           ? say_number(page, tcpflow_seq_add(direction->iss, 1))
           : "–";
}

static const char *cell_mss(struct page *page, const struct story *story,
                            tcpflow_side side) {
  const struct step *const syn = find_syn(story, side);

  return syn != NULL && (syn->options.present & TCPFLOW_HAS_MSS) != 0
           ? say_number(page, syn->options.mss)
           : "–";
}

static const char *cell_window(struct page *page, const struct story *story,
                               tcpflow_side side) {
  const struct step *const syn = find_syn(story, side);

  return syn == NULL ? "–" : say_bytes(page, syn->window);
}

static const char *cell_scale(struct page *page, const struct story *story,
                              tcpflow_side side) {
  const struct step *const syn = find_syn(story, side);

  return syn != NULL && (syn->options.present & TCPFLOW_HAS_WSCALE) != 0
           ? arena_printf(&page->arena, "%u (×%u)", syn->options.wscale,
                          1U << syn->options.wscale)
           : "–";
}

static const char *cell_sack(struct page *page, const struct story *story,
                             tcpflow_side side) {
  const struct step *const syn = find_syn(story, side);

  if (syn == NULL) {
    return "–";
  }
  return (syn->options.present & TCPFLOW_HAS_SACK_PERMITTED) != 0
           ? NAME(page, YES)
           : NAME(page, NO);
}

static const char *cell_timestamp(struct page *page, const struct story *story,
                                  tcpflow_side side) {
  const struct step *const syn = find_syn(story, side);

  return syn != NULL && (syn->options.present & TCPFLOW_HAS_TIMESTAMPS) != 0
           ? say_number(page, syn->options.ts_val)
           : "–";
}

static const char *cell_fin(struct page *page, const struct story *story,
                            tcpflow_side side) {
  const struct direction *const direction = &story->direction[side];

  return direction->fin_sent ? say_number(page, direction->fin) : "–";
}

static const char *cell_sent(struct page *page, const struct story *story,
                             tcpflow_side side) {
  int known;
  const uint64_t sent = count_sent(story, side, &known);

  return known ? say_bytes(page, sent) : "–";
}

static const char *cell_state(struct page *page, const struct story *story,
                              tcpflow_side side) {
  const tcpflow_state state = story->end.state[side];

  (void)page;
  return state == TCPFLOW_STATE_UNKNOWN ? "–" : tcpflow_state_name(state);
}

static const char *cell_port(struct page *page, const struct story *story,
                             tcpflow_side side) {
  return say_number(page, story->tuple.port[side]);
}

static void write_core_fields(struct page *page, const struct story *story) {
  static const struct {
    int label;
    const char *(*cell)(struct page *page, const struct story *story,
                        tcpflow_side side);
  } rows[ROWS - 1] = {
    {NAME_ADDRESS, say_address},  {NAME_PORT, cell_port},
    {NAME_ISN, cell_iss},         {NAME_FIRST_BYTE, cell_first},
    {NAME_MSS, cell_mss},         {NAME_SYN_WINDOW, cell_window},
    {NAME_SCALING, cell_scale},   {NAME_SACK, cell_sack},
    {NAME_TSVAL, cell_timestamp}, {NAME_FIN_NUMBER, cell_fin},
    {NAME_BYTES_SENT, cell_sent}, {NAME_LAST_STATE, cell_state},
  };
  const char *cells[ROWS * 3] = {NAME(page, FIELD), NAME(page, CLIENT_LABEL),
                                 NAME(page, SERVER_LABEL)};

  for (size_t i = 0; i + 1 < ROWS; i++) {
    cells[3 * i + 3] = page->words->names[rows[i].label];
    cells[3 * i + 4] = rows[i].cell(page, story, TCPFLOW_SIDE_CLIENT);
    cells[3 * i + 5] = rows[i].cell(page, story, TCPFLOW_SIDE_SERVER);
  }
  page_heading(page, 2, REVIEW(page, CORE));
  page_table(page, cells, ROWS, 3);
}

/* SYN-SENT, SYN-RECEIVED: where both stand behind a step. */
static const char *say_states_after(struct page *page,
                                    const struct step *step) {
  tcpflow_state after[2] = {step->before[0], step->before[1]};

  for (size_t i = 0; i < step->move_count; i++) {
    after[step->moves[i].side] = step->moves[i].to;
  }
  return arena_fill(&page->arena, REVIEW(page, STATES),
                    say_state(page, after[0]), say_state(page, after[1]), NULL);
}

/* The options of a SYN, in tcpdump's words. */
static void write_options_box(struct page *page, const struct step *step) {
  static const char begin[] = "options [";
  const char *const found = strstr(step->line, begin);

  if (found == NULL || (step->flags & TCPFLOW_FLAG_SYN) == 0) {
    return;
  }
  const char *const options = found + strlen(begin);
  page_box(page, 1,
           arena_fill(&page->arena, REVIEW(page, OPTIONS),
                      arena_printf(&page->arena, "%.*s",
                                   (int)strcspn(options, "]"), options),
                      NULL));
}

static void write_step_boxes(struct page *page, const struct story *story,
                             const struct step *step) {
  const int has_ack = (step->flags & TCPFLOW_FLAG_ACK) != 0;

  if (tcpflow_seq_len(step->payload, step->flags) > 0 || !story->from_text) {
    page_box(page, 1,
             arena_fill(&page->arena, REVIEW(page, SEQ),
                        say_number(page, step->seq), NULL));
  }
  page_box(page, 1,
           has_ack ? arena_fill(&page->arena, REVIEW(page, ACK),
                                say_number(page, step->ack), NULL)
                   : REVIEW(page, NO_ACK));
  if ((step->flags & TCPFLOW_FLAG_RST) == 0) {
    page_box(page, 1,
             arena_fill(&page->arena, REVIEW(page, WINDOW),
                        explain_window(page, story, step), NULL));
  }
  write_options_box(page, step);
}

static void write_boxes(struct page *page, const struct story *story,
                        struct step *const *steps, size_t count,
                        const char *title) {
  if (count == 0) {
    return;
  }
  page_heading(page, 2, title);
  for (size_t i = 0; i < count; i++) {
    page_line(page, say_line(story, steps[i]));
    page_box(
      page, 0,
      arena_fill(&page->arena, REVIEW(page, STEP), say_number(page, i + 1),
                 say_main_flags(page, steps[i]->flags),
                 say_direction(page, steps[i]->side),
                 arena_fill(&page->arena, page->words->roles[steps[i]->role],
                            say_side(page, steps[i]->side),
                            say_side(page, tcpflow_side_other(steps[i]->side)),
                            NULL),
                 NULL));
    if (!is_repeat(steps[i])) {
      write_step_boxes(page, story, steps[i]);
    }
    page_box(page, 1, say_states_after(page, steps[i]));
  }
}

void write_checklist(struct page *page, const struct story *story) {
  page_heading(page, 1,
               arena_fill(&page->arena, REVIEW(page, TITLE),
                          say_count(page, story->number),
                          say_endpoint(page, story, TCPFLOW_SIDE_CLIENT),
                          say_endpoint(page, story, TCPFLOW_SIDE_SERVER),
                          NULL));
  page_paragraph(page, REVIEW(page, HOW_TO_USE));
  write_summaries(page, story);
  write_core_fields(page, story);
  write_boxes(page, story, story->opening, story->opening_count,
              page->words->openings[find_opening(story)].title);
  write_middle(page, story);
  write_boxes(page, story, story->closing, story->closing_count,
              page->words->closings[find_closing(story)].title);
  write_ending(page, story);
  write_tuning(page, story);
  write_questions(page, story);
}
