/*
 * lib/text/drillread.c - lines of a packetdrill script.
 *
 * Room: text.  Includes: decode.  An event begins with its time and on a line
 * of its own; whatever does not, goes on with another event or is none.
 */
#include "text/drill.h"

#include <string.h>

/* As many as a time can count. */
#define SECONDS_MAX (UINT64_MAX / TCPFLOW_SECOND - 1)

static const char no_segment[] = "not a segment";

/* The line on its way into the text without comments. */
typedef struct stripping {
  tcpflow_packetdrill *script;
  tcpflow__scan scan;
  size_t count;
} stripping;

static void keep(stripping *st, char c) {
  if (st->count < sizeof(st->script->text)) {
    st->script->text[st->count++] = (unsigned char)c < ' ' ? ' ' : c;
  }
}

/* A string may hold what elsewhere begins a comment. */
static void keep_string(stripping *st) {
  keep(st, *st->scan.text++);
  while (tcpflow__scan_left(&st->scan) > 0) {
    const char c = *st->scan.text++;

    keep(st, c);
    if (c == '"') {
      return;
    }
    if (c == '\\' && tcpflow__scan_left(&st->scan) > 0) {
      keep(st, *st->scan.text++);
    }
  }
}

/* Inside of something: up to its end, or that of the line. */
static void skip_inside(stripping *st) {
  tcpflow_packetdrill *const script = st->script;
  const int command = script->inside == TCPFLOW__DRILL_COMMAND;
  const char *const end = command                                    ? "`"
                          : script->inside == TCPFLOW__DRILL_COMMENT ? "*/"
                                                                     : "}%";

  if (tcpflow__scan_string(&st->scan, end)) {
    script->inside = TCPFLOW__DRILL_SCRIPT;
    return;
  }
  if (command && *st->scan.text == '\\' && tcpflow__scan_left(&st->scan) > 1) {
    st->scan.text++;
  }
  st->scan.text++;
}

/* A mark stands for code and commands, so that they are no empty line. */
static void strip_one(stripping *st) {
  tcpflow_packetdrill *const script = st->script;

  if (script->inside != TCPFLOW__DRILL_SCRIPT) {
    skip_inside(st);
  } else if (tcpflow__scan_string(&st->scan, "//")) {
    st->scan.text = st->scan.end;
  } else if (tcpflow__scan_string(&st->scan, "/*")) {
    script->inside = TCPFLOW__DRILL_COMMENT;
    keep(st, ' ');
  } else if (tcpflow__scan_string(&st->scan, "%{")) {
    script->inside = TCPFLOW__DRILL_CODE;
    keep(st, '`');
  } else if (tcpflow__scan_char(&st->scan, '`')) {
    script->inside = TCPFLOW__DRILL_COMMAND;
    keep(st, '`');
  } else if (tcpflow__scan_peek(&st->scan) == '"') {
    keep_string(st);
  } else {
    keep(st, *st->scan.text++);
  }
}

static tcpflow__scan strip(tcpflow_packetdrill *script, const char *line,
                           size_t length) {
  stripping st = {script, {line, line + length}, 0};

  if (script->inside == TCPFLOW__DRILL_CODE ||
      script->inside == TCPFLOW__DRILL_COMMAND) {
    keep(&st, '`');
  }
  while (tcpflow__scan_left(&st.scan) > 0) {
    strip_one(&st);
  }
  return (tcpflow__scan){script->text, script->text + st.count};
}

/* 1, 0.1, .1: nanoseconds; further digits are dropped. */
static int scan_seconds(tcpflow__scan *scan, tcpflow_time *time) {
  tcpflow__scan at = *scan;
  uint64_t seconds = 0;
  uint64_t unit = TCPFLOW_SECOND;
  uint64_t rest = 0;
  const int whole = tcpflow__scan_decimal(&at, SECONDS_MAX, &seconds);
  tcpflow__scan ahead = at;

  if (tcpflow__scan_char(&ahead, '.') &&
      tcpflow__is_digit(tcpflow__scan_peek(&ahead))) {
    for (; tcpflow__is_digit(tcpflow__scan_peek(&ahead)); ahead.text++) {
      unit /= 10;
      rest += unit * (uint64_t)(*ahead.text - '0');
    }
    at = ahead;
  } else if (!whole) {
    return 0;
  }
  *time = seconds * TCPFLOW_SECOND + rest;
  *scan = at;
  return 1;
}

/* The second time of a range, `~+0.2`, tells nothing more. */
static void skip_range(tcpflow__scan *scan) {
  tcpflow__scan at = *scan;
  tcpflow_time time;

  tcpflow__scan_spaces(&at);
  if (!tcpflow__scan_char(&at, '~')) {
    return;
  }
  tcpflow__scan_spaces(&at);
  (void)tcpflow__scan_char(&at, '+');
  tcpflow__scan_spaces(&at);
  if (scan_seconds(&at, &time)) {
    *scan = at;
  }
}

/* The sum of two times, or as late as can be. */
static tcpflow_time later(tcpflow_time a, tcpflow_time b) {
  return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

/* Takes the time of an event; answers 0 if there is none. */
static int take_time(tcpflow_packetdrill *script, tcpflow__scan *scan) {
  tcpflow__scan at = *scan;
  tcpflow_time time = 0;

  if (tcpflow__scan_char(scan, '*')) {
    script->untold |= TCPFLOW_PACKETDRILL_UNTOLD_TIME;
    return 1;
  }
  const int relative = tcpflow__scan_char(&at, '+');

  tcpflow__scan_spaces(&at);
  if (!scan_seconds(&at, &time)) {
    script->untold |= TCPFLOW_PACKETDRILL_UNTOLD_TIME;
    return 0;
  }
  if (!relative) {
    script->clock = time;
  } else {
    script->clock = later(script->clock, time);
  }
  skip_range(&at);
  *scan = at;
  return 1;
}

/* Who sends: the ends of the script, unless the line tells others. */
static void find_ends(const tcpflow_packetdrill *script, unsigned side,
                      const tcpflow__drill_segment *segment,
                      tcpflow_tuple *ends) {
  const tcpflow_tuple *const ours = &script->config.tuple;

  *ends = segment->ends;
  for (unsigned i = 0; i < 2; i++) {
    const unsigned from = i == 0 ? side : 1 - side;

    ends->port[i] = segment->has_ends ? ends->port[i] : ours->port[from];
    if (segment->ends.version == 0) {
      memcpy(ends->address[i], ours->address[from], sizeof(ends->address[i]));
    }
  }
  ends->version =
    segment->ends.version == 0 ? ours->version : segment->ends.version;
}

/* Answers NULL, or what is wrong. */
static const char *build(tcpflow_packetdrill *script, unsigned side,
                         const tcpflow__drill_segment *segment,
                         tcpflow_frame *frame) {
  const int has_ack =
    segment->has_ack || (segment->flags & TCPFLOW_FLAG_ACK) != 0;
  tcpflow_builder builder;
  tcpflow_build_tcp tcp;
  tcpflow_tuple ends;

  find_ends(script, side, segment, &ends);
  tcpflow_build_tcp_init(&tcp);
  tcp.seq = segment->absolute
              ? segment->seq
              : tcpflow_seq_add(script->isn[side], segment->seq);
  tcp.ack = has_ack ? tcpflow_seq_add(script->isn[1 - side], segment->ack) : 0;
  tcp.flags = (uint16_t)segment->flags;
  tcp.window = segment->window;
  tcp.urgent = segment->urgent;
  tcp.options = segment->list.octets;
  tcp.options_length = segment->list.length;
  tcp.payload_length = segment->payload;
  tcpflow_builder_init(&builder, script->frame, sizeof(script->frame));
  tcpflow_builder_tcp(&builder, &ends, &tcp);
  tcpflow_builder_ip(&builder, &ends, &segment->ip);
  tcpflow_builder_link(&builder, TCPFLOW_LINK_RAW, NULL);
  if (tcpflow_builder_finish(&builder, frame) != TCPFLOW_OK) {
    return "a packet that cannot be built";
  }
  frame->scope = script->config.tuple.scope;
  frame->vlan = script->config.tuple.vlan;
  frame->time = later(script->config.start, script->clock);
  frame->number = script->lines + 1;
  return NULL;
}

/* A line that tells a direction. */
static tcpflow_text_result read_segment(tcpflow_packetdrill *script,
                                        unsigned side, tcpflow__scan text,
                                        tcpflow_frame *frame) {
  tcpflow__drill_segment segment;
  int other = 0;
  const char *problem =
    tcpflow__drill_scan(text, script->isn[1 - side], &segment, &other);

  if (problem == NULL) {
    problem = build(script, side, &segment, frame);
  }
  script->untold |= segment.list.untold;
  script->problem = problem == NULL ? "" : problem;
  if (other) {
    return TCPFLOW_TEXT_OTHER;
  }
  return problem == NULL ? TCPFLOW_TEXT_PACKET : TCPFLOW_TEXT_BROKEN;
}

static tcpflow_text_result read_event(tcpflow_packetdrill *script,
                                      tcpflow__scan text,
                                      tcpflow_frame *frame) {
  tcpflow__scan_spaces(&text);
  if (tcpflow__scan_left(&text) == 0) {
    return TCPFLOW_TEXT_BLANK;
  }
  (void)take_time(script, &text);
  tcpflow__scan_spaces(&text);
  if (tcpflow__scan_char(&text, '<')) {
    return read_segment(script, TCPFLOW__DRILL_REMOTE, text, frame);
  }
  if (tcpflow__scan_char(&text, '>')) {
    return read_segment(script, TCPFLOW__DRILL_LOCAL, text, frame);
  }
  script->problem = no_segment;
  return TCPFLOW_TEXT_OTHER;
}

int tcpflow_packetdrill_read(tcpflow_packetdrill *script, const char *line,
                             size_t length, tcpflow_text_result *result,
                             tcpflow_frame *frame) {
  if (script->config.tuple.version == 0) {
    return TCPFLOW_ERR_STATE;
  }
  script->untold = 0;
  script->problem = "";
  *result = read_event(script, strip(script, line, length), frame);
  script->untold = *result == TCPFLOW_TEXT_PACKET ? script->untold : 0;
  script->lines++;
  return TCPFLOW_OK;
}
