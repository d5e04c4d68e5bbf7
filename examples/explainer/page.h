/*
 * examples/explainer/page.h - the sheet that is written on.
 *
 * The sections of an explanation say what a thing is (a heading, a field, a
 * line of tcpdump); the page knows how that looks as plain text and in
 * Markdown.
 */
#ifndef EXPLAINER_PAGE_H
#define EXPLAINER_PAGE_H

#include "explainer/arena.h"
#include "explainer/words.h"

#include <stdio.h>
#include <time.h>

enum page_format {
  FORMAT_TEXT,
  FORMAT_MARKDOWN,
  FORMAT_CHECKLIST /* Markdown with boxes to tick. */
};

struct page {
  FILE *out;
  enum page_format format;
  const struct language *words;
  struct arena arena; /* Strings of the chapter that is being written. */
  int local_times;    /* Times are shown as the clock on the wall has them. */
  int started;        /* Something was written. */
  int after_list;     /* The latest thing was an entry of a list. */
};

/* Level 1 is a connection, 2 a section, 3 a step. */
void page_heading(struct page *page, int level, const char *text);

void page_paragraph(struct page *page, const char *text);

/* A line as tcpdump prints it: never wrapped. */
void page_line(struct page *page, const char *line);

/* An entry of a list with its name.  Depth 0, or 1 for an entry below one. */
void page_field(struct page *page, int depth, const char *label,
                const char *text);

/* An entry of a list without a name. */
void page_item(struct page *page, int depth, const char *text);

/* An entry with a box to tick. */
void page_box(struct page *page, int depth, const char *text);

/* Rows of cells, the first row being the heading. */
void page_table(struct page *page, const char *const *cells, size_t rows,
                size_t columns);

/* Fills a template and writes it as a paragraph.  Ends with a NULL. */
#define page_say(page, ...)                                                    \
  page_paragraph((page), arena_fill(&(page)->arena, __VA_ARGS__))

/* A time as date and time of day. */
struct tm page_date(const struct page *page, tcpflow_time time);

/* Adds a sentence to a text, with a space between where the language has one.
 * The text may be NULL: it begins then. */
char *page_add(struct page *page, const char *text, const char *sentence);

#endif
