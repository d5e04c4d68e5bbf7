/*
 * examples/explainer/arena.c - strings that live as long as a chapter.
 */
#include "explainer/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARGUMENTS_MAX 9

struct arena_string {
  struct arena_string *next;
  char text[];
};

static void run_out_of_memory(void) {
  fputs("explain: out of memory\n", stderr);
  exit(1);
}

void *must_allocate(size_t count, size_t size) {
  void *const memory = calloc(count, size);

  if (memory == NULL) {
    run_out_of_memory();
  }
  return memory;
}

char *must_copy(const char *text) {
  const size_t size = strlen(text) + 1;

  return memcpy(must_allocate(size, 1), text, size);
}

static char *new_string(struct arena *arena, size_t length) {
  struct arena_string *const string =
    must_allocate(1, sizeof(*string) + length + 1);

  string->next = arena->strings;
  arena->strings = string;
  return string->text;
}

char *arena_printf(struct arena *arena, const char *format, ...) {
  va_list arguments;

  va_start(arguments, format);
  const int length = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  if (length < 0) {
    run_out_of_memory();
  }

  char *const text = new_string(arena, (size_t)length);
  va_start(arguments, format);
  vsnprintf(text, (size_t)length + 1, format, arguments);
  va_end(arguments);
  return text;
}

/* Which argument is meant at this place: its index, or -1 for none. */
static int read_reference(const char *at) {
  return at[0] == '{' && at[1] >= '1' && at[1] <= '9' && at[2] == '}'
           ? at[1] - '1'
           : -1;
}

/* Writes the filled template, or with NULL only measures it. */
static size_t write_filled(char *out, const char *template,
                           const char *const *arguments, int count) {
  size_t length = 0;

  while (*template != '\0') {
    const int index = read_reference(template);
    const int known = index >= 0 && index < count;
    const char *const piece = known ? arguments[index] : template;
    const size_t size = known ? strlen(piece) : 1;

    if (out != NULL) {
      memcpy(out + length, piece, size);
    }
    length += size;
    template += known ? 3 : 1;
  }
  return length;
}

char *arena_fill(struct arena *arena, const char *template, ...) {
  const char *pieces[ARGUMENTS_MAX];
  int count = 0;
  va_list arguments;

  va_start(arguments, template);
  while (count < ARGUMENTS_MAX) {
    pieces[count] = va_arg(arguments, const char *);
    if (pieces[count] == NULL) {
      break;
    }
    count++;
  }
  va_end(arguments);

  char *const text =
    new_string(arena, write_filled(NULL, template, pieces, count));
  write_filled(text, template, pieces, count);
  return text;
}

char *arena_join(struct arena *arena, const char *first, const char *second) {
  return arena_printf(arena, "%s%s", first, second);
}

void arena_clear(struct arena *arena) {
  while (arena->strings != NULL) {
    struct arena_string *const next = arena->strings->next;

    free(arena->strings);
    arena->strings = next;
  }
}
