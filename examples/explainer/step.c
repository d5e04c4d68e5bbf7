/*
 * examples/explainer/step.c - one step of the opening or close, with its
 * fields.
 */
#include "explainer/sections.h"

#include "explainer/findings.h"
#include "explainer/network.h"
#include "explainer/values.h"
#include "explainer/windows.h"

static int has(const struct step *step, unsigned flags) {
  return (step->flags & flags) != 0;
}

/* The step before this one, in the capture's order; NULL for the first. */
static const struct step *find_previous(const struct story *story,
                                        const struct step *step) {
  const struct step *previous = NULL;

  for (size_t i = 0; i < story->opening_count + story->closing_count; i++) {
    const struct step *const next =
      i < story->opening_count ? story->opening[i]
                               : story->closing[i - story->opening_count];

    if (next == step) {
      break;
    }
    previous = next;
  }
  return previous;
}

static void write_time(struct page *page, const struct story *story,
                       const struct step *step) {
  const struct step *const previous = find_previous(story, step);
  const char *const clock = say_clock(page, step->time);

  if (!has_times(story)) {
    return;
  }
  page_field(page, 0, NAME(page, TIME),
             previous == NULL || previous->time > step->time
               ? clock
               : arena_fill(&page->arena, STEP(page, TIME_SINCE), clock,
                            say_duration(page, step->time - previous->time),
                            NULL));
}

/* The two sides, and what this step is for them. */
static void write_meaning(struct page *page, const struct story *story,
                          const struct step *step) {
  const char *const text = arena_fill(
    &page->arena, page->words->roles[step->role], say_side(page, step->side),
    say_side(page, tcpflow_side_other(step->side)), NULL);
  const struct service *const service =
    find_service(story->tuple.port[TCPFLOW_SIDE_SERVER]);

  page_field(page, 0, NAME(page, MEANING),
             step->role != ROLE_SYN || service == NULL
               ? text
               : page_add(page, text,
                          arena_fill(&page->arena, STEP(page, SYN_FOR_SERVICE),
                                     service->name, NULL)));
}

/* What the ECN bits of a SYN offer or accept; NULL: nothing. */
static const char *explain_ecn(struct page *page, const struct step *step) {
  const unsigned both = TCPFLOW_FLAG_ECE | TCPFLOW_FLAG_CWR;
  const unsigned ecn = step->flags & (both | TCPFLOW_FLAG_AE);

  if (!has(step, TCPFLOW_FLAG_SYN)) {
    return NULL;
  }
  if (has(step, TCPFLOW_FLAG_ACK)) {
    return ecn == TCPFLOW_FLAG_ECE ? STEP(page, ECN_AGREED) : NULL;
  }
  if (ecn == (both | TCPFLOW_FLAG_AE)) {
    return STEP(page, ECN_ACCURATE);
  }
  return ecn == both ? STEP(page, ECN_OFFERED) : NULL;
}

static void write_flags(struct page *page, const struct step *step) {
  const char *const ecn = explain_ecn(page, step);
  char letters[16];

  tcpflow_text_flags(letters, sizeof(letters), step->flags);
  const char *const text = arena_printf(
    &page->arena, "[%s] %s%s", letters, say_flags(page, step->flags),
    ecn == NULL ? "" : page->words->full_stop);
  page_field(page, 0, NAME(page, FLAGS),
             ecn == NULL ? text : page_add(page, text, ecn));
}

/* Where a number stands in the stream: 0 for the SYN, 1 for the first octet. */
static const char *say_relative(struct page *page,
                                const struct direction *direction,
                                tcpflow_seq seq) {
  return direction->iss_known
           ? arena_fill(&page->arena, STEP(page, RELATIVE),
                        say_number(page, direction_relative(direction, seq)),
                        NULL)
           : "";
}

static const char *explain_fin_number(struct page *page,
                                      const struct story *story,
                                      const struct step *step) {
  int known;
  const uint64_t sent = count_sent(story, step->side, &known);

  return known
           ? arena_fill(&page->arena, STEP(page, SEQ_OF_FIN),
                        say_side(page, step->side), say_bytes(page, sent), NULL)
           : STEP(page, SEQ_OF_FIN_UNKNOWN);
}

static const char *explain_number(struct page *page, const struct story *story,
                                  const struct step *step) {
  if (has(step, TCPFLOW_FLAG_SYN)) {
    return arena_fill(&page->arena, STEP(page, SEQ_OF_SYN),
                      say_side(page, step->side),
                      say_number(page, tcpflow_seq_add(step->seq, 1)), NULL);
  }
  if (has(step, TCPFLOW_FLAG_RST)) {
    return STEP(page, SEQ_OF_RST);
  }
  if (has(step, TCPFLOW_FLAG_FIN)) {
    return explain_fin_number(page, story, step);
  }
  return step->payload > 0 ? STEP(page, SEQ_OF_DATA) : STEP(page, SEQ_OF_ACK);
}

static void write_number(struct page *page, const struct story *story,
                         const struct step *step) {
  const struct direction *const own = &story->direction[step->side];

  /* tcpdump does not print the number of a pure ACK. */
  if (story->from_text && tcpflow_seq_len(step->payload, step->flags) == 0 &&
      !has(step, TCPFLOW_FLAG_RST)) {
    page_field(page, 0, NAME(page, SEQ), STEP(page, SEQ_NOT_PRINTED));
    return;
  }
  page_field(
    page, 0, NAME(page, SEQ),
    page_add(page,
             arena_printf(&page->arena, "%s%s%s", say_number(page, step->seq),
                          say_relative(page, own, step->seq),
                          page->words->full_stop),
             explain_number(page, story, step)));
}

/* Would it have acknowledged data, had there been any? */
static int is_about_data(const struct step *step) {
  return step->role == ROLE_OTHER ||
         (step->role >= ROLE_FIN && step->role != ROLE_RST_REFUSES);
}

static const char *explain_acknowledgment(struct page *page,
                                          const struct story *story,
                                          const struct step *step) {
  const tcpflow_side side = tcpflow_side_other(step->side);
  const struct direction *const peer = &story->direction[side];
  const char *const who = say_side(page, side);

  if (peer->iss_known && step->ack == tcpflow_seq_add(peer->iss, 1)) {
    return arena_fill(&page->arena,
                      is_about_data(step) ? STEP(page, ACK_OF_SYN_ONLY)
                                          : STEP(page, ACK_OF_SYN),
                      who, say_number(page, peer->iss), NULL);
  }
  if (peer->fin_sent && step->ack == tcpflow_seq_add(peer->fin, 1)) {
    return arena_fill(&page->arena, STEP(page, ACK_OF_FIN), who,
                      say_number(page, peer->fin), NULL);
  }
  if (peer->iss_known && tcpflow_seq_lt(peer->iss, step->ack)) {
    return arena_fill(
      &page->arena,
      has(step, TCPFLOW_FLAG_SYN) ? STEP(page, ACK_OF_SYN_DATA)
                                  : STEP(page, ACK_OF_DATA),
      who, say_bytes(page, tcpflow_seq_distance(peer->iss, step->ack) - 1),
      NULL);
  }
  return arena_fill(&page->arena, STEP(page, ACK_NEXT), who, NULL);
}

static void write_acknowledgment(struct page *page, const struct story *story,
                                 const struct step *step) {
  const struct direction *const peer =
    &story->direction[tcpflow_side_other(step->side)];

  if (!has(step, TCPFLOW_FLAG_ACK)) {
    page_field(page, 0, NAME(page, ACK), STEP(page, ACK_NONE));
    return;
  }
  page_field(
    page, 0, NAME(page, ACK),
    page_add(page,
             arena_printf(&page->arena, "%s%s%s", say_number(page, step->ack),
                          say_relative(page, peer, step->ack),
                          page->words->full_stop),
             explain_acknowledgment(page, story, step)));
}

static void write_payload(struct page *page, const struct step *step) {
  page_field(page, 0, NAME(page, LENGTH),
             step->payload == 0
               ? STEP(page, NO_DATA)
               : arena_fill(&page->arena,
                            has(step, TCPFLOW_FLAG_SYN) ? STEP(page, SYN_DATA)
                                                        : STEP(page, HAS_DATA),
                            say_bytes(page, step->payload), NULL));
}

static const char *explain_ttl(struct page *page, const struct step *step) {
  const unsigned initial = guess_initial_ttl(step->ttl);

  return arena_fill(&page->arena,
                    initial == step->ttl ? STEP(page, TTL_FRESH)
                                         : STEP(page, TTL),
                    say_number(page, step->ttl), say_number(page, initial),
                    say_count(page, initial - step->ttl), NULL);
}

/* Told at a side's first step, and where it differs: such a segment may be
   another device's. */
static void write_ttl(struct page *page, const struct story *story,
                      const struct step *step) {
  const struct direction *const direction = &story->direction[step->side];
  const char *const label = story->tuple.version == 4 ? "TTL" : "Hop limit";

  if (story->from_text || step->ttl == 0) {
    return;
  }
  if (step->ttl != direction->ttl) {
    page_field(page, 0, label,
               arena_fill(&page->arena, STEP(page, TTL_OTHER),
                          say_number(page, step->ttl),
                          say_number(page, direction->ttl),
                          say_side(page, step->side), NULL));
  } else if (step->number == direction->first_number) {
    page_field(page, 0, label, explain_ttl(page, step));
  }
}

int is_repeat(const struct step *step) {
  return step->role == ROLE_SYN_AGAIN || step->role == ROLE_SYN_COPY ||
         step->role == ROLE_SYN_ACK_AGAIN || step->role == ROLE_FIN_AGAIN ||
         step->role == ROLE_ACK_AGAIN;
}

/* What is odd about it. */
static void write_remarks(struct page *page, const struct step *step) {
  static const tcpflow_verdict told =
    NOTABLE_VERDICTS | TCPFLOW_VERDICT_TIMESTAMP_MISSING |
    TCPFLOW_VERDICT_SYN_ACK_BAD_ACK | TCPFLOW_VERDICT_FAST_OPEN_ACCEPTED |
    TCPFLOW_VERDICT_FAST_OPEN_IGNORED | TCPFLOW_VERDICT_PORT_REUSED |
    TCPFLOW_VERDICT_INFERRED;
  /* That it is sent again is its meaning already. */
  const tcpflow_verdict repeated =
    is_repeat(step) || step->role == ROLE_SYN_ACK_CROSSING
      ? TCPFLOW_VERDICT_RETRANSMISSION | TCPFLOW_VERDICT_SYN_RETRANSMISSION |
          TCPFLOW_VERDICT_SPURIOUS_RETRANSMISSION
      : 0;
  const tcpflow_verdict verdict = step->verdict & told & ~repeated;

  if (verdict != 0) {
    page_field(page, 0, NAME(page, REMARKS), say_verdict(page, verdict));
  }
}

/* What the header says. */
static void write_fields(struct page *page, const struct story *story,
                         const struct step *step) {
  write_flags(page, step);
  write_number(page, story, step);
  write_acknowledgment(page, story, step);
  if (!has(step, TCPFLOW_FLAG_RST)) {
    page_field(page, 0, NAME(page, WINDOW), explain_window(page, story, step));
  }
  write_options(page, story, step);
  write_payload(page, step);
}

void write_step(struct page *page, const struct story *story,
                const struct step *step) {
  page_paragraph(page, arena_fill(&page->arena, STEP(page, DIRECTION),
                                  say_direction(page, step->side),
                                  say_place(page, story, step->number), NULL));
  page_line(page, say_line(story, step));
  write_meaning(page, story, step);
  write_time(page, story, step);
  if (!is_repeat(step)) {
    write_fields(page, story, step);
  }
  write_ttl(page, story, step);
  write_remarks(page, step);
  write_step_states(page, story, step);
}
