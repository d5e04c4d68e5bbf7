/*
 * examples/explainer/wrap.h - UTF-8 text on a terminal: columns and lines.
 *
 * The program sets no locale, so that its output is the same everywhere; the
 * few rules that English and Chinese need are here.
 */
#ifndef EXPLAINER_WRAP_H
#define EXPLAINER_WRAP_H

#include <stddef.h>
#include <stdio.h>

/* Columns that a text takes: two for each wide character. */
size_t text_columns(const char *text);

/*
 * Writes a text in lines of at most `width` columns, and a newline.  The cursor
 * stands at column `column`; further lines are indented by `indent`.
 */
void write_wrapped(FILE *out, const char *text, size_t column, size_t indent,
                   size_t width);

/* Writes so many spaces. */
void write_spaces(FILE *out, size_t count);

#endif
