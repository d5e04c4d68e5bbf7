/*
 * examples/explainer/wrap.c - UTF-8 text on a terminal: columns and lines.
 */
#include "explainer/wrap.h"

#include <stdint.h>
#include <string.h>

/* Reads a character and says how many octets it takes; 0 at the end. */
static size_t read_character(const char *text, uint32_t *character) {
  const unsigned char first = (unsigned char)text[0];
  size_t size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;

  *character = first < 0x80 ? first : first & (0xffU >> (size + 1));
  if (first == 0) {
    return 0;
  }
  for (size_t i = 1; i < size; i++) {
    if (((unsigned char)text[i] & 0xc0) != 0x80) {
      return i; /* Not UTF-8: go on behind what was read. */
    }
    *character = *character << 6 | ((unsigned char)text[i] & 0x3f);
  }
  return size;
}

/* Chinese, Japanese, Korean, full-width forms, and pictures. */
static int is_wide(uint32_t character) {
  static const uint32_t ranges[][2] = {
    {0x1100, 0x115f},   {0x2e80, 0x303e},   {0x3041, 0xa4cf}, {0xac00, 0xd7a3},
    {0xf900, 0xfaff},   {0xfe30, 0xfe6f},   {0xff00, 0xff60}, {0xffe0, 0xffe6},
    {0x1f300, 0x1faff}, {0x20000, 0x3fffd},
  };

  for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
    if (character >= ranges[i][0] && character <= ranges[i][1]) {
      return 1;
    }
  }
  return 0;
}

static int is_one_of(const char *set, const char *at, size_t size) {
  char character[5] = {0};

  memcpy(character, at, size);
  return size > 0 && strstr(set, character) != NULL;
}

/* A line must not begin with it. */
static int is_closing(const char *at, size_t size) {
  return is_one_of("，。、；：？！）》」』】〉”’…,.;:?!)", at, size);
}

/* A line must not end with it. */
static int is_opening(const char *at, size_t size) {
  return is_one_of("（《「『【〈“‘(", at, size);
}

size_t text_columns(const char *text) {
  size_t columns = 0;
  uint32_t character;
  size_t size;

  while ((size = read_character(text, &character)) != 0) {
    columns += is_wide(character) ? 2 : 1;
    text += size;
  }
  return columns;
}

/* May a line end between two characters without a space between them? */
static int may_break(const char *left, size_t left_size, const char *right,
                     size_t right_size) {
  uint32_t before;
  uint32_t after;

  read_character(left, &before);
  read_character(right, &after);
  return (is_wide(before) || is_wide(after)) && !is_opening(left, left_size) &&
         !is_closing(right, right_size);
}

/* Measures the piece that must stay together: octets, and its columns. */
static size_t measure_piece(const char *text, size_t *columns) {
  uint32_t character;
  size_t size = read_character(text, &character);
  size_t length = 0;

  *columns = 0;
  while (size != 0 && text[length] != ' ') {
    const char *const here = text + length;
    const size_t here_size = size;

    *columns += is_wide(character) ? 2 : 1;
    length += size;
    size = read_character(text + length, &character);
    if (size != 0 && may_break(here, here_size, text + length, size)) {
      break;
    }
  }
  return length;
}

void write_spaces(FILE *out, size_t count) {
  while (count-- > 0) {
    putc(' ', out);
  }
}

void write_wrapped(FILE *out, const char *text, size_t column, size_t indent,
                   size_t width) {
  int first = 1;

  while (*text != '\0') {
    const size_t spaces = strspn(text, " ");
    size_t columns;
    const size_t length = measure_piece(text + spaces, &columns);

    if (!first && column + spaces + columns > width) {
      putc('\n', out);
      write_spaces(out, indent);
      column = indent;
    } else {
      write_spaces(out, spaces);
      column += spaces;
    }
    fwrite(text + spaces, 1, length, out);
    column += columns;
    text += spaces + length;
    first = 0;
  }
  putc('\n', out);
}
