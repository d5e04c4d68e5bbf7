/*
 * examples/explainer/middle.c - what lies between the opening and the close,
 * and what of it the capture lacks.
 */
#include "explainer/sections.h"

#include "explainer/findings.h"
#include "explainer/values.h"

#define ROW 5

static const char *count_or_dash(struct page *page, uint64_t count) {
  return count == 0 ? "–" : say_count(page, count);
}

static void fill_row(struct page *page, const struct story *story,
                     tcpflow_side side, const char **cells) {
  const struct direction *const direction = &story->direction[side];

  cells[0] = say_direction(page, side);
  cells[1] = say_count(page, direction->segments);
  cells[2] = say_count(page, direction->info.payload);
  cells[3] = count_or_dash(page, direction->info.retransmissions);
  cells[4] = count_or_dash(page, count_missing(story, side));
}

static void write_table(struct page *page, const struct story *story) {
  const char *cells[3 * ROW] = {
    MIDDLE(page, DIRECTION), MIDDLE(page, SEGMENTS), MIDDLE(page, BYTES),
    MIDDLE(page, RETRANSMISSIONS), MIDDLE(page, MISSING)};

  fill_row(page, story, TCPFLOW_SIDE_CLIENT, cells + ROW);
  fill_row(page, story, TCPFLOW_SIDE_SERVER, cells + 2 * ROW);
  page_table(page, cells, 3, ROW);
}

static uint64_t count_middle(const struct story *story) {
  return story->direction[0].middle_segments +
         story->direction[1].middle_segments;
}

static const char *say_gap_reason(struct page *page, unsigned reason) {
  static const int words[GAP_REASONS] = {
    [TCPFLOW_GAP_ACKED] = MIDDLE_GAP_ACKED,
    [TCPFLOW_GAP_CUT] = MIDDLE_GAP_CUT,
    [TCPFLOW_GAP_LIMIT] = MIDDLE_GAP_LIMIT,
    [TCPFLOW_GAP_TIMEOUT] = MIDDLE_GAP_TIMEOUT,
    [TCPFLOW_GAP_CLOSED] = MIDDLE_GAP_CLOSED,
    [TCPFLOW_GAP_FLUSHED] = MIDDLE_GAP_FLUSHED,
    [TCPFLOW_GAP_SKIPPED] = MIDDLE_GAP_FLUSHED,
  };

  return page->words->middle[words[reason]];
}

/* The hole in the numbers: what the sender must have sent. */
static void write_gap(struct page *page, const struct story *story,
                      tcpflow_side side, unsigned reason) {
  const struct direction *const direction = &story->direction[side];
  const uint64_t length = direction->gaps[reason];

  /* Lines of text never hold the data itself. */
  if (length == 0 || (story->from_text && reason == TCPFLOW_GAP_CUT)) {
    return;
  }
  page_item(page, 0,
            arena_fill(&page->arena, say_gap_reason(page, reason),
                       say_side(page, side), say_bytes(page, length),
                       say_side(page, tcpflow_side_other(side)), NULL));
}

/* From its SYN to its FIN: the numbers say how much a side sent in all. */
static void write_arithmetic(struct page *page, const struct story *story,
                             tcpflow_side side) {
  const struct direction *const direction = &story->direction[side];
  int known;
  const uint64_t sent = count_sent(story, side, &known);

  if (!known || count_missing(story, side) == 0) {
    return;
  }
  page_item(page, 0,
            arena_fill(&page->arena, MIDDLE(page, ARITHMETIC),
                       say_side(page, side), say_number(page, direction->fin),
                       say_number(page, tcpflow_seq_add(direction->iss, 1)),
                       say_count(page, sent), NULL));
}

static void write_missing(struct page *page, const struct story *story) {
  for (int side = 0; side < 2; side++) {
    for (unsigned reason = 0; reason < GAP_REASONS; reason++) {
      write_gap(page, story, (tcpflow_side)side, reason);
    }
    write_arithmetic(page, story, (tcpflow_side)side);
  }
}

/* The capture goes silent between the opening and the close. */
static void write_silence(struct page *page, const struct story *story) {
  const struct step *const before = story->opening[story->opening_count - 1];
  const struct step *const after = story->closing[0];

  page_say(page,
           after->time > before->time ? MIDDLE(page, SILENCE)
                                      : MIDDLE(page, SILENCE_NO_TIME),
           say_clock(page, before->time), say_clock(page, after->time),
           say_duration(
             page, after->time > before->time ? after->time - before->time : 0),
           NULL);
}

static void write_event(struct page *page, const struct story *story,
                        const struct event *event) {
  const struct direction *const direction = &story->direction[event->side];
  const tcpflow_seq seq = direction->iss_known
                            ? direction_relative(direction, event->seq)
                            : event->seq;

  page_item(
    page, 0,
    arena_fill(&page->arena,
               event->payload > 0 ? MIDDLE(page, EVENT)
                                  : MIDDLE(page, EVENT_NO_DATA),
               say_place(page, story, event->number),
               say_clock(page, event->time), say_direction(page, event->side),
               say_number(page, seq), say_bytes(page, event->payload),
               say_verdict(page, event->verdict & NOTABLE_VERDICTS), NULL));
}

/* The kinds of segments that are counted. */
static tcpflow_verdict choose_counted(const struct story *story) {
  const tcpflow_verdict counted =
    NOTABLE_VERDICTS | TCPFLOW_VERDICT_DUPLICATE_ACK | TCPFLOW_VERDICT_DSACK |
    TCPFLOW_VERDICT_MSS_EXCEEDED;

  /* Lines of text never hold the data itself. */
  return story->from_text ? counted : counted | TCPFLOW_VERDICT_PAYLOAD_CUT;
}

static void write_counts(struct page *page, const struct story *story) {
  const tcpflow_verdict counted = choose_counted(story);
  const char *text = "";

  for (unsigned bit = 0; bit < TCPFLOW_VERDICT_COUNT; bit++) {
    if (story->verdicts[bit] > 0 && ((counted >> bit) & 1) != 0) {
      text = arena_printf(&page->arena, "%s%s%s ×%s", text,
                          *text == '\0' ? "" : page->words->between_items,
                          page->words->verdicts[bit],
                          say_count(page, story->verdicts[bit]));
    }
  }
  if (*text != '\0') {
    page_say(page, MIDDLE(page, COUNTS), text, NULL);
  }
}

static uint64_t count_verdict(const struct story *story,
                              tcpflow_verdict verdict) {
  unsigned bit = 0;

  while ((verdict >> bit) != 1) {
    bit++;
  }
  return story->verdicts[bit];
}

static void write_missing_timestamps(struct page *page,
                                     const struct story *story) {
  const uint64_t count =
    count_verdict(story, TCPFLOW_VERDICT_TIMESTAMP_MISSING);

  if (count > 0) {
    page_say(page, MIDDLE(page, TIMESTAMP_MISSING), say_segments(page, count),
             NULL);
  }
}

static void write_events(struct page *page, const struct story *story) {
  write_counts(page, story);
  write_missing_timestamps(page, story);
  for (size_t i = 0; i < story->event_count; i++) {
    write_event(page, story, &story->events[i]);
  }
  if (story->events_left_out > 0) {
    page_item(page, 0,
              arena_fill(&page->arena, MIDDLE(page, MORE_EVENTS),
                         say_count(page, story->events_left_out), NULL));
  }
}

static void write_one_sided(struct page *page, const struct story *story) {
  for (int side = 0; side < 2; side++) {
    if (story->direction[side].segments == 0) {
      page_say(page, MIDDLE(page, ONE_SIDED),
               say_side(page, tcpflow_side_other((tcpflow_side)side)),
               say_side(page, (tcpflow_side)side), NULL);
    }
  }
}

void write_middle(struct page *page, const struct story *story) {
  const uint64_t missing = count_missing(story, TCPFLOW_SIDE_CLIENT) +
                           count_missing(story, TCPFLOW_SIDE_SERVER);

  if (!story->info.established && count_middle(story) == 0 && missing == 0) {
    return;
  }
  page_heading(page, 2, MIDDLE(page, TITLE));
  if (count_middle(story) == 0 && missing > 0 && story->opening_count > 0 &&
      story->closing_count > 0) {
    write_silence(page, story);
  }
  write_table(page, story);
  write_missing(page, story);
  write_events(page, story);
  write_one_sided(page, story);
}
