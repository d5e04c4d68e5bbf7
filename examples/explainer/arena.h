/*
 * examples/explainer/arena.h - strings that live as long as a chapter.
 *
 * An explanation is put together from many small strings.  They are released
 * all at once, when the chapter is written.  Where memory runs out the program
 * ends: it has nothing to lose.
 */
#ifndef EXPLAINER_ARENA_H
#define EXPLAINER_ARENA_H

#include <stddef.h>

/* All strings of a chapter; `{0}` is an empty one. */
struct arena {
  struct arena_string *strings;
};

/* As calloc(3), and never NULL. */
void *must_allocate(size_t count, size_t size);

/* As strdup(3), and never NULL. */
char *must_copy(const char *text);

/* As printf(3), into a new string. */
char *arena_printf(struct arena *arena, const char *format, ...)
  __attribute__((format(printf, 2, 3)));

/*
 * Puts strings into a template: {1} stands for the first of them, up to {9}.
 * A translator may put them into any order.  The list ends with a NULL.
 */
char *arena_fill(struct arena *arena, const char *template, ...)
  __attribute__((sentinel));

/* Puts one string behind another. */
char *arena_join(struct arena *arena, const char *first, const char *second);

/* Releases all. */
void arena_clear(struct arena *arena);

#endif
