/*
 * examples/explainer/page.c - the sheet that is written on.
 */
#include "explainer/page.h"

#include "explainer/wrap.h"

#define WIDTH        92
#define LABEL_COLUMN 18

static int is_text(const struct page *page) {
  return page->format == FORMAT_TEXT;
}

/* Lists stand together; everything else has an empty line before it. */
static void begin_block(struct page *page) {
  if (page->started) {
    putc('\n', page->out);
  }
  page->started = 1;
  page->after_list = 0;
}

static void begin_entry(struct page *page) {
  if (!page->after_list) {
    begin_block(page);
  }
  page->after_list = 1;
}

void page_heading(struct page *page, int level, const char *text) {
  static const char underline[] = {'=', '-'};

  begin_block(page);
  if (!is_text(page)) {
    fprintf(page->out, "%.*s %s\n", level, "####", text);
    return;
  }

  fprintf(page->out, "%s\n", text);
  if (level <= 2) {
    for (size_t i = text_columns(text); i > 0; i--) {
      putc(underline[level - 1], page->out);
    }
    putc('\n', page->out);
  }
}

void page_paragraph(struct page *page, const char *text) {
  begin_block(page);
  if (is_text(page)) {
    write_wrapped(page->out, text, 0, 0, WIDTH);
  } else {
    fprintf(page->out, "%s\n", text);
  }
}

void page_line(struct page *page, const char *line) {
  begin_block(page);
  fprintf(page->out, is_text(page) ? "  %s\n" : "```\n%s\n```\n", line);
}

void page_field(struct page *page, int depth, const char *label,
                const char *text) {
  begin_entry(page);
  const size_t indent = 2 * (size_t)depth;

  if (!is_text(page)) {
    write_spaces(page->out, indent);
    fprintf(
      page->out, "%s\n",
      arena_fill(&page->arena, page->words->markdown_field, label, text, NULL));
    return;
  }

  const size_t column = indent + 2 + text_columns(label);
  const size_t target = column + 1 < LABEL_COLUMN ? LABEL_COLUMN : column + 2;
  write_spaces(page->out, indent + 2);
  fputs(label, page->out);
  write_spaces(page->out, target - column);
  write_wrapped(page->out, text, target, LABEL_COLUMN, WIDTH);
}

static void write_entry(struct page *page, int depth, const char *mark,
                        const char *text) {
  const size_t indent = 2 * (size_t)depth;
  const size_t column = indent + text_columns(mark);

  begin_entry(page);
  write_spaces(page->out, indent);
  fputs(mark, page->out);
  if (is_text(page)) {
    write_wrapped(page->out, text, column, column, WIDTH);
  } else {
    fprintf(page->out, "%s\n", text);
  }
}

void page_item(struct page *page, int depth, const char *text) {
  write_entry(page, depth, is_text(page) ? "  - " : "- ", text);
}

void page_box(struct page *page, int depth, const char *text) {
  write_entry(page, depth, is_text(page) ? "  [ ] " : "- [ ] ", text);
}

/* The width of a column: that of its widest cell. */
static size_t measure_column(const char *const *cells, size_t rows,
                             size_t columns, size_t column) {
  size_t widest = 0;

  for (size_t row = 0; row < rows; row++) {
    const size_t width = text_columns(cells[row * columns + column]);

    widest = width > widest ? width : widest;
  }
  return widest;
}

static void write_text_table(struct page *page, const char *const *cells,
                             size_t rows, size_t columns) {
  for (size_t i = 0; i < rows * columns; i++) {
    const size_t column = i % columns;

    fprintf(page->out, "  %s", cells[i]);
    if (column == columns - 1) {
      putc('\n', page->out);
      continue;
    }
    write_spaces(page->out, measure_column(cells, rows, columns, column) -
                              text_columns(cells[i]));
  }
}

static void write_markdown_table(struct page *page, const char *const *cells,
                                 size_t rows, size_t columns) {
  for (size_t i = 0; i < rows * columns; i++) {
    const int last = i % columns == columns - 1;

    fprintf(page->out, "| %s %s", cells[i], last ? "|\n" : "");
    if (i + 1 == columns) {
      for (size_t column = 0; column < columns; column++) {
        fputs("| --- ", page->out);
      }
      fputs("|\n", page->out);
    }
  }
}

void page_table(struct page *page, const char *const *cells, size_t rows,
                size_t columns) {
  begin_block(page);
  if (is_text(page)) {
    write_text_table(page, cells, rows, columns);
  } else {
    write_markdown_table(page, cells, rows, columns);
  }
}

char *page_add(struct page *page, const char *text, const char *sentence) {
  return arena_printf(&page->arena, "%s%s%s", text == NULL ? "" : text,
                      text == NULL ? "" : page->words->between_sentences,
                      sentence);
}

struct tm page_date(const struct page *page, tcpflow_time time) {
  const time_t seconds = (time_t)(time / TCPFLOW_SECOND);
  struct tm date = {.tm_mday = 1};

  if (page->local_times) {
    (void)localtime_r(&seconds, &date);
  } else {
    (void)gmtime_r(&seconds, &date);
  }
  return date;
}
