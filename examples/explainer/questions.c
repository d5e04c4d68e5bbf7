/*
 * examples/explainer/questions.c - questions on this connection, and their
 * answers, apart from each other.
 */
#include "explainer/sections.h"

#include "explainer/findings.h"
#include "explainer/values.h"
#include "explainer/windows.h"

#define QUESTIONS_MAX 16

struct quiz {
  const char *questions[QUESTIONS_MAX];
  const char *answers[QUESTIONS_MAX];
  size_t count;
};

static void ask(struct quiz *quiz, const char *question, const char *answer) {
  if (quiz->count < QUESTIONS_MAX) {
    quiz->questions[quiz->count] = question;
    quiz->answers[quiz->count] = answer;
    quiz->count++;
  }
}

static void ask_about_numbers(struct page *page, const struct story *story,
                              struct quiz *quiz) {
  const struct step *const syn = find_syn(story, TCPFLOW_SIDE_CLIENT);
  const struct step *const answer = find_syn(story, TCPFLOW_SIDE_SERVER);

  if (syn == NULL || answer == NULL) {
    return;
  }
  ask(quiz,
      arena_fill(&page->arena, QUESTION(page, WHY_PLUS_ONE),
                 say_number(page, answer->ack), NULL),
      arena_fill(&page->arena, ANSWER(page, WHY_PLUS_ONE),
                 say_number(page, syn->seq), say_number(page, answer->ack),
                 NULL));
  ask(quiz, QUESTION(page, WHY_THREE), ANSWER(page, WHY_THREE));
}

static void ask_about_window(struct page *page, const struct story *story,
                             struct quiz *quiz) {
  const struct step *const syn = find_syn(story, TCPFLOW_SIDE_CLIENT);

  if (syn == NULL || (syn->options.present & TCPFLOW_HAS_WSCALE) == 0 ||
      syn->options.wscale == 0) {
    return;
  }
  const char *const window = say_count(page, syn->window);
  const char *const shift = say_number(page, syn->options.wscale);
  ask(quiz,
      arena_fill(&page->arena, QUESTION(page, SYN_WINDOW), window, shift, NULL),
      arena_fill(&page->arena, ANSWER(page, SYN_WINDOW), window, shift, NULL));
}

static void ask_about_states(struct page *page, const struct story *story,
                             struct quiz *quiz) {
  if (find_opening(story) == OPENING_THREE_WAY) {
    ask(quiz, QUESTION(page, ESTABLISHED), ANSWER(page, ESTABLISHED));
    ask(quiz, QUESTION(page, LOST_ACK), ANSWER(page, LOST_ACK));
  }
}

static void ask_about_capture(struct page *page, const struct story *story,
                              struct quiz *quiz) {
  const enum capture_point point = find_capture_point(story);

  if (point == CAPTURE_UNKNOWN) {
    return;
  }
  ask(quiz, QUESTION(page, CAPTURE_POINT),
      page_add(page,
               arena_fill(&page->arena, ANSWER(page, CAPTURE_POINT),
                          say_duration(page, story->info.rtt_server),
                          say_duration(page, story->info.rtt_client), NULL),
               page->words->capture_points[point]));
}

static void ask_about_bytes(struct page *page, const struct story *story,
                            struct quiz *quiz, tcpflow_side side) {
  const struct direction *const direction = &story->direction[side];
  int known;
  const uint64_t sent = count_sent(story, side, &known);

  if (!known) {
    return;
  }
  ask(
    quiz,
    arena_fill(&page->arena, QUESTION(page, BYTES), say_side(page, side), NULL),
    arena_fill(&page->arena, ANSWER(page, BYTES),
               say_number(page, direction->fin),
               say_number(page, direction->iss), say_bytes(page, sent), NULL));
}

static void ask_about_close(struct page *page, const struct story *story,
                            struct quiz *quiz) {
  const int who = find_time_wait(story);

  switch (find_closing(story)) {
  case CLOSING_FOUR:
    ask(quiz, QUESTION(page, WHY_FOUR), ANSWER(page, WHY_FOUR));
    break;
  case CLOSING_THREE:
    ask(quiz, QUESTION(page, THREE_CLOSE), ANSWER(page, THREE_CLOSE));
    break;
  case CLOSING_SIMULTANEOUS:
    ask(quiz, QUESTION(page, CROSSING), ANSWER(page, CROSSING));
    break;
  case CLOSING_RESET:
  case CLOSING_FIN_RESET:
    ask(quiz, QUESTION(page, RESET), ANSWER(page, RESET));
    break;
  case CLOSING_NONE:
  case CLOSING_OTHER:
  case CLOSING_HALF:
  case CLOSING_UNFINISHED:
  case CLOSING_COUNT:
  default:
    break;
  }
  if (who == 0 || who == 1) {
    ask(quiz, QUESTION(page, TIME_WAIT),
        arena_fill(&page->arena, ANSWER(page, TIME_WAIT),
                   say_side(page, (tcpflow_side)who),
                   say_side(page, tcpflow_side_other((tcpflow_side)who)),
                   NULL));
  }
}

static void ask_about_failure(struct page *page, const struct story *story,
                              struct quiz *quiz) {
  const enum opening_kind kind = find_opening(story);

  if (kind == OPENING_REFUSED) {
    ask(quiz, QUESTION(page, REFUSED), ANSWER(page, REFUSED));
  }
  if (kind == OPENING_UNANSWERED) {
    ask(quiz, QUESTION(page, UNANSWERED), ANSWER(page, UNANSWERED));
  }
}

void write_questions(struct page *page, const struct story *story) {
  struct quiz quiz = {.count = 0};

  ask_about_numbers(page, story, &quiz);
  ask_about_window(page, story, &quiz);
  ask_about_states(page, story, &quiz);
  ask_about_capture(page, story, &quiz);
  ask_about_bytes(page, story, &quiz, TCPFLOW_SIDE_CLIENT);
  ask_about_bytes(page, story, &quiz, TCPFLOW_SIDE_SERVER);
  ask_about_close(page, story, &quiz);
  ask_about_failure(page, story, &quiz);
  if (quiz.count == 0) {
    return;
  }

  page_heading(page, 2, REVIEW(page, QUESTIONS));
  for (size_t i = 0; i < quiz.count; i++) {
    page_box(page, 0,
             arena_printf(&page->arena, "%zu. %s", i + 1, quiz.questions[i]));
  }
  page_heading(page, 2, REVIEW(page, ANSWERS));
  for (size_t i = 0; i < quiz.count; i++) {
    page_paragraph(
      page, arena_printf(&page->arena, "%zu. %s", i + 1, quiz.answers[i]));
  }
}
