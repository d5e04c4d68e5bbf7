/*
 * examples/explainer/chapter.c - a chapter: its sections in order.
 */
#include "explainer/sections.h"

#include "explainer/findings.h"
#include "explainer/values.h"

/* "Step 1: SYN"; in Chinese the steps of a plain handshake have names of their
   own. */
static void write_steps(struct page *page, const struct story *story,
                        struct step *const *steps, size_t count,
                        const char *heading) {
  for (size_t i = 0; i < count; i++) {
    page_heading(page, 3,
                 arena_fill(&page->arena, heading, say_ordinal(page, i + 1),
                            say_main_flags(page, steps[i]->flags),
                            say_number(page, i + 1), NULL));
    write_step(page, story, steps[i]);
  }
}

void write_opening(struct page *page, const struct story *story) {
  const enum opening_kind kind = find_opening(story);

  page_heading(page, 2, page->words->openings[kind].title);
  page_paragraph(page, page->words->openings[kind].text);
  write_steps(page, story, story->opening, story->opening_count,
              is_plain_opening(story) ? STEP(page, HEADING_OPENING)
                                      : STEP(page, HEADING));
}

void write_closing(struct page *page, const struct story *story) {
  const enum closing_kind kind = find_closing(story);

  if (story->closing_count == 0) {
    return;
  }
  page_heading(page, 2, page->words->closings[kind].title);
  page_paragraph(page, page->words->closings[kind].text);
  write_steps(page, story, story->closing, story->closing_count,
              is_plain_closing(story) ? STEP(page, HEADING_CLOSING)
                                      : STEP(page, HEADING));
}

static void write_left_out(struct page *page, const struct story *story) {
  if (story->steps_left_out > 0) {
    page_say(page, STEP(page, LEFT_OUT), say_count(page, story->steps_left_out),
             NULL);
  }
}

void write_chapter(struct page *page, const struct story *story) {
  if (page->format == FORMAT_CHECKLIST) {
    write_checklist(page, story);
    return;
  }
  write_overview(page, story);
  write_opening(page, story);
  write_agreement(page, story);
  write_middle(page, story);
  write_closing(page, story);
  write_left_out(page, story);
  write_ending(page, story);
  write_tuning(page, story);
}
