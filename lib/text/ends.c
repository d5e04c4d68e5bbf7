/*
 * lib/text/ends.c - where a line tells sender and receiver.
 *
 * Room: text.  Includes: nothing of ours.  Every `>` of the line is tried, so
 * prompts, quotes, numbers of lines, link headers and interface names in front
 * need not be known.
 */
#include "text/ends.h"

#include <string.h>

#include "text/address.h"
#include "text/flags.h"
#include "text/hosts.h"

static int is_address(tcpflow__scan text) {
  uint8_t address[16];

  return tcpflow__scan_address(text, address) != 0;
}

static int is_number(tcpflow__scan text) {
  uint64_t number;

  return tcpflow__scan_decimal(&text, UINT16_MAX, &number) &&
         tcpflow__scan_left(&text) == 0;
}

/* Splits before the last C. */
static int split_at(tcpflow__scan word, char c, tcpflow__scan *host,
                    tcpflow__scan *port) {
  const char *at = word.end;

  while (at > word.text && at[-1] != c) {
    at--;
  }
  if (at == word.text || at == word.end) {
    return 0;
  }
  *host = (tcpflow__scan){word.text, at - 1};
  *port = (tcpflow__scan){at, word.end};
  if (tcpflow__scan_left(host) > 2 && host->text[0] == '[' &&
      host->end[-1] == ']') {
    host->text++;
    host->end--;
  }
  return is_address(*host) || tcpflow__is_host_name(*host);
}

/* 10.0.0.1.80, ::1.80, host.http; also 10.0.0.1:80 and [::1]:80. */
static int split_end(tcpflow__scan word, tcpflow__scan *host,
                     tcpflow__scan *port) {
  return !is_address(word) &&
         (split_at(word, '.', host, port) || split_at(word, ':', host, port));
}

/* The word before AT; a note that tcpdump glued to it ends with `!`.  No word
   has a `>`, so all words of a line together are no longer than the line. */
static tcpflow__scan word_before(const char *start, const char *at) {
  while (at > start && (at[-1] == ' ' || at[-1] == '-')) {
    at--;
  }
  tcpflow__scan word = {at, at};

  while (word.text > start && strchr(" !(\">", word.text[-1]) == NULL) {
    word.text--;
  }
  return word;
}

static int sees_flags(tcpflow__scan text) {
  return tcpflow__scan_string(&text, "Flags") ||
         tcpflow__scan_string(&text, "flags");
}

/* The word that TEXT starts with, which is taken, without its colon. */
static tcpflow__scan word_behind(tcpflow__scan *text) {
  tcpflow__scan_spaces(text);
  tcpflow__scan word = {text->text, text->text};

  while (
    tcpflow__scan_left(text) > 0 && *text->text != ' ' && *text->text != '>' &&
    !(text->text > word.text && text->text[-1] == ':' && sees_flags(*text))) {
    text->text++;
  }
  word.end = text->text;
  while (word.end > word.text && strchr(",;)\"", word.end[-1]) != NULL) {
    word.end--;
  }
  word.end -= word.end > word.text && word.end[-1] == ':';
  return word;
}

/* S 1:1(0) win 512; . ack 1 win 512. */
static int sees_old_flags(tcpflow__scan text) {
  unsigned flags;

  if (!tcpflow__scan_flags(&text, &flags) || !tcpflow__scan_char(&text, ' ')) {
    return 0;
  }
  tcpflow__scan_spaces(&text);
  return tcpflow__is_digit(tcpflow__scan_peek(&text)) ||
         tcpflow__scan_word(&text, "ack") || tcpflow__scan_word(&text, "win");
}

static tcpflow__line_shape find_shape(tcpflow__scan *text) {
  uint64_t number;
  tcpflow__scan at;

  tcpflow__scan_spaces(text);
  if (tcpflow__scan_string(text, "Flags") ||
      tcpflow__scan_string(text, "flags")) {
    tcpflow__scan_spaces(text);
    (void)tcpflow__scan_char(text, ':');
    tcpflow__scan_spaces(text);
    (void)tcpflow__scan_char(text, '[');
    return TCPFLOW__SHAPE_FLAGS;
  }
  if (sees_old_flags(*text)) {
    return TCPFLOW__SHAPE_OLD;
  }
  at = *text;
  if (tcpflow__scan_string(&at, "tcp ") &&
      tcpflow__scan_decimal(&at, UINT32_MAX, &number)) {
    return tcpflow__scan_string(&at, " [bad hdr length ")
             ? TCPFLOW__SHAPE_SHORT
             : TCPFLOW__SHAPE_QUIET;
  }
  return tcpflow__scan_string(&at, "[|tcp]") ? TCPFLOW__SHAPE_CUT
                                             : TCPFLOW__SHAPE_OTHER;
}

/* Behind extension headers, ports stand alone; their addresses stood before. */
static int take_ports(const tcpflow__scan word[2], const tcpflow__scan outer[2],
                      tcpflow__ends *ends) {
  if (outer[0].text == NULL || !is_number(word[0]) || !is_number(word[1])) {
    return 0;
  }
  memcpy(ends->host, outer, sizeof(ends->host));
  memcpy(ends->port, word, sizeof(ends->port));
  return 1;
}

/* Looks at one pair of words with a `>` between them. */
static tcpflow__line_shape look(const tcpflow__scan word[2],
                                tcpflow__scan outer[2], tcpflow__ends *ends) {
  const int split = split_end(word[0], &ends->host[0], &ends->port[0]) &&
                    split_end(word[1], &ends->host[1], &ends->port[1]);

  if (split || take_ports(word, outer, ends)) {
    return find_shape(&ends->behind);
  }
  if (is_address(word[0]) && is_address(word[1])) {
    memcpy(outer, word, 2 * sizeof(outer[0]));
    return find_shape(&ends->behind) == TCPFLOW__SHAPE_CUT
             ? TCPFLOW__SHAPE_CUT
             : TCPFLOW__SHAPE_OTHER;
  }
  return TCPFLOW__SHAPE_NONE;
}

tcpflow__line_shape tcpflow__find_ends(tcpflow__scan line,
                                       tcpflow__ends *ends) {
  const char *const start = line.text;
  tcpflow__scan outer[2] = {{NULL, NULL}, {NULL, NULL}};
  tcpflow__line_shape best = TCPFLOW__SHAPE_NONE;

  while ((line.text = tcpflow__scan_find(&line, ">")) != NULL) {
    tcpflow__ends here = {.behind = {line.text + 1, line.end}};
    const tcpflow__scan sender = word_before(start, line.text);
    const tcpflow__scan word[2] = {sender, word_behind(&here.behind)};
    const tcpflow__line_shape shape = look(word, outer, &here);

    here.before = (tcpflow__scan){start, sender.text};
    if (best == TCPFLOW__SHAPE_NONE || shape != TCPFLOW__SHAPE_NONE) {
      *ends = here;
      best = shape;
    }
    if (shape != TCPFLOW__SHAPE_NONE && shape != TCPFLOW__SHAPE_OTHER) {
      return shape;
    }
    line.text++;
  }
  return best;
}
