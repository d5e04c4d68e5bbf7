/*
 * examples/explainer/sections.h - the parts of a chapter.
 *
 * Each function writes one part, or nothing where it has nothing to say.
 */
#ifndef EXPLAINER_SECTIONS_H
#define EXPLAINER_SECTIONS_H

#include "explainer/page.h"
#include "explainer/story.h"

/* A whole chapter in the page's format. */
void write_chapter(struct page *page, const struct story *story);

/* Heading and the facts in short: who, what, when, how it ended. */
void write_overview(struct page *page, const struct story *story);

/* The opening and the close, a line each. */
void write_summaries(struct page *page, const struct story *story);

/* The opening's and the close's steps, each with its fields. */
void write_opening(struct page *page, const struct story *story);
void write_closing(struct page *page, const struct story *story);

/* One step with its fields. */
void write_step(struct page *page, const struct story *story,
                const struct step *step);

/* Does a step say again what one before it said? */
int is_repeat(const struct step *step);

/* Both ends' states before and after a step, with the words of RFC 9293 Figure
 * 5 at each arrow. */
void write_step_states(struct page *page, const struct story *story,
                       const struct step *step);

/* An entry for each option of a step, in the order of the header. */
void write_options(struct page *page, const struct story *story,
                   const struct step *step);

/* The result of the opening: round trips, and what was agreed upon. */
void write_agreement(struct page *page, const struct story *story);

/* What lies between the opening and the close. */
void write_middle(struct page *page, const struct story *story);

/* How it ended, who closed first, TIME-WAIT. */
void write_ending(struct page *page, const struct story *story);

/* What is worth tuning in the SYN. */
void write_tuning(struct page *page, const struct story *story);

/* The review checklist, a chapter of its own kind. */
void write_checklist(struct page *page, const struct story *story);

/* Questions, and the answers to them below. */
void write_questions(struct page *page, const struct story *story);

#endif
