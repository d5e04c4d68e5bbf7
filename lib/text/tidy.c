/*
 * lib/text/tidy.c - a pasted line as tcpdump had printed it.
 *
 * Room: text.  Includes: nothing of ours.  Octets that are no UTF-8 are copied
 * as they are: nothing that is looked for has any.
 */
#include "text/tidy.h"

#include <string.h>

#include "text/scan.h"

enum {
  DROP = 0,
  ESCAPE = 0x1b
};

/* What is written otherwise: longer ones before those that they start with. */
typedef struct spelling {
  const char *from;
  char to; /* DROP: nothing. */
} spelling;

static const spelling spellings[] = {
  {"&amp;gt;", '>'},
  {"&amp;lt;", '<'},
  {"&gt;", '>'},
  {"&lt;", '<'},
  {"&amp;", '&'},
  {"&quot;", '"'},
  {"&nbsp;", ' '},
  {"&#62;", '>'},
  {"&#60;", '<'},
  {"&#x3e;", '>'},
  {"&#x3E;", '>'},
  {"&#x3c;", '<'},
  {"&#x3C;", '<'},
  {"&#160;", ' '},
  {"\xc2\xa0", ' '},      /* No-break space. */
  {"\xc2\xad", DROP},     /* Soft hyphen. */
  {"\xe2\x80\x8b", DROP}, /* Zero width, and marks of direction. */
  {"\xe2\x80\x8c", DROP},
  {"\xe2\x80\x8d", DROP},
  {"\xe2\x80\x8e", DROP},
  {"\xe2\x80\x8f", DROP},
  {"\xef\xbb\xbf", DROP}, /* Byte order mark. */
  {"\xe2\x80\xaf", ' '},  /* Narrow no-break space. */
  {"\xe2\x80\x82", ' '},  /* Spaces of some width. */
  {"\xe2\x80\x83", ' '},
  {"\xe2\x80\x89", ' '},
  {"\xe2\x80\xa2", ' '}, /* Bullet. */
  {"\xe2\x80\x90", '-'}, /* Hyphens, dashes, minus. */
  {"\xe2\x80\x91", '-'},
  {"\xe2\x80\x92", '-'},
  {"\xe2\x80\x93", '-'},
  {"\xe2\x80\x94", '-'},
  {"\xe2\x88\x92", '-'},
  {"\xe2\x86\x92", '>'}, /* Arrow. */
  {"\xe3\x80\x80", ' '}, /* Ideographic space, comma, full stop, brackets. */
  {"\xe3\x80\x81", ','},
  {"\xe3\x80\x82", '.'},
  {"\xe3\x80\x90", '['},
  {"\xe3\x80\x91", ']'},
  {"`", DROP},
  {"*", DROP},
};

/* Colours and the like: ESC [ numbers letter. */
static int skip_escape(tcpflow__scan *scan) {
  if (!tcpflow__scan_char(scan, ESCAPE)) {
    return 0;
  }
  if (tcpflow__scan_char(scan, '[')) {
    while (tcpflow__scan_left(scan) > 0 && !tcpflow__is_letter(*scan->text++)) {
    }
  }
  return 1;
}

/* Markdown's backslash before a sign. */
static int skip_backslash(tcpflow__scan *scan) {
  if (tcpflow__scan_left(scan) < 2 || scan->text[0] != '\\' ||
      tcpflow__is_letter(scan->text[1]) || tcpflow__is_digit(scan->text[1])) {
    return 0;
  }
  scan->text++;
  return 1;
}

/* U+FF01 to U+FF5E: ASCII in the width of Chinese. */
static int take_wide(tcpflow__scan *scan, char *c) {
  const unsigned char *const u = (const unsigned char *)scan->text;

  if (tcpflow__scan_left(scan) < 3 || u[0] != 0xef ||
      (u[1] != 0xbc && u[1] != 0xbd) || u[2] < 0x80 || u[2] > 0xbf) {
    return 0;
  }
  const unsigned number = (u[1] - 0xbcU) * 0x40U + (u[2] - 0x80U);

  if (number < 1 || number > 0x5e) {
    return 0;
  }
  *c = (char)(' ' + (int)number);
  scan->text += 3;
  return 1;
}

static int take_spelling(tcpflow__scan *scan, char *c) {
  for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
    if (tcpflow__scan_string(scan, spellings[i].from)) {
      *c = spellings[i].to;
      return 1;
    }
  }
  return 0;
}

static int is_plain(char c) {
  return c > ' ' && c < 0x7f && c != '&' && c != '`' && c != '*' && c != '\\';
}

/* Takes what makes the next character; DROP: it makes none. */
static char take_character(tcpflow__scan *scan) {
  char c = *scan->text;

  if (is_plain(c)) {
    scan->text++;
    return c;
  }
  if (skip_escape(scan) || skip_backslash(scan)) {
    return DROP;
  }
  if (take_wide(scan, &c) || take_spelling(scan, &c)) {
    return c;
  }
  scan->text++;
  return (unsigned char)c < ' ' || c == 0x7f ? ' ' : c;
}

size_t tcpflow__tidy(char room[TCPFLOW__TIDY_MAX], const char *line,
                     size_t length) {
  tcpflow__scan scan = {line, line + length};
  size_t count = 0;

  while (tcpflow__scan_left(&scan) > 0 && count < TCPFLOW__TIDY_MAX) {
    const char c = take_character(&scan);

    if (c != DROP) {
      room[count++] = c;
    }
  }
  return count;
}

int tcpflow__is_fence(const char *line, size_t length) {
  tcpflow__scan scan = {line, line + length};

  tcpflow__scan_spaces(&scan);
  return tcpflow__scan_string(&scan, "```") ||
         tcpflow__scan_string(&scan, "~~~");
}
