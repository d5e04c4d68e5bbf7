/*
 * examples/explainer/story.c - what is remembered of one connection.
 */
#include "explainer/story.h"

#include "explainer/arena.h"
#include "explainer/roles.h"

#include <stdlib.h>
#include <string.h>

/* Steps that move no state leave room for those that do. */
#define IDLE_STEPS_MAX (STEPS_MAX - MOVES_MAX)

struct story *story_new(uint64_t number, const tcpflow_new_event *event) {
  struct story *const story = must_allocate(1, sizeof(*story));

  story->number = number;
  story->tuple = *event->tuple;
  story->first_fin = -1;
  story->middle_first = TCPFLOW_TIME_NONE;
  story->middle_last = TCPFLOW_TIME_NONE;
  tcpflow_conn_info_init(&story->info);
  for (int side = 0; side < 2; side++) {
    tcpflow_endpoint_info_init(&story->direction[side].info);
  }
  return story;
}

static void free_steps(struct step **steps, size_t count) {
  for (size_t i = 0; i < count; i++) {
    free(steps[i]->line);
    free(steps[i]);
  }
}

void story_del(struct story *story) {
  if (story == NULL) {
    return;
  }
  free_steps(story->opening, story->opening_count);
  free_steps(story->closing, story->closing_count);
  free(story->host[0]);
  free(story->host[1]);
  free(story);
}

static void copy_options(struct step *step, const tcpflow_packet *packet) {
  tcpflow_options_init(&step->options);
  if (packet == NULL || packet->options_length > TCPFLOW_OPTIONS_MAX) {
    return;
  }
  step->options_length = packet->options_length;
  step->options_captured = packet->options_captured;
  if (step->options_captured > 0) {
    memcpy(step->option_bytes, packet->bytes + packet->tcp_offset + 20,
           step->options_captured);
  }
  (void)tcpflow_options_parse(&step->options, step->option_bytes,
                              step->options_length, step->options_captured,
                              packet->flags);
}

/* Takes over all of the segment that is not a pointer. */
static void fill_step(struct step *step, const tcpflow_segment_event *event) {
  const tcpflow_segment *const segment = event->segment;

  memset(step, 0, sizeof(*step));
  step->number = segment->number;
  step->time = event->time;
  step->verdict = event->verdict;
  step->side = event->side;
  step->seq = segment->seq;
  step->ack = segment->ack;
  step->payload = segment->payload_length;
  step->flags = segment->flags;
  step->window = segment->window;
  step->ttl = segment->ip_ttl;
  memcpy(step->before, event->before, sizeof(step->before));
}

static int changes_state(const tcpflow_segment_event *event) {
  return event->before[0] != event->after[0] ||
         event->before[1] != event->after[1];
}

static int is_open(const struct step *step) {
  return step->before[0] >= TCPFLOW_STATE_ESTABLISHED &&
         step->before[1] >= TCPFLOW_STATE_ESTABLISHED;
}

/* Is it part of the opening or of the close? */
static int is_step(const struct story *story, const struct step *step,
                   const tcpflow_segment_event *event) {
  if (changes_state(event) || step->acks_syn || step->acks_fin) {
    return 1;
  }
  if ((step->flags & TCPFLOW_FLAG_SYN) != 0) {
    return !is_open(step);
  }
  return (step->flags & (TCPFLOW_FLAG_FIN | TCPFLOW_FLAG_RST)) != 0 ||
         (story->direction[0].fin_sent && story->direction[1].fin_sent &&
          step->payload == 0);
}

static int is_closing(const struct story *story, const struct step *step) {
  return story->first_fin >= 0 || is_open(step);
}

/* Keeps a step if there is room for it. */
static struct step *keep_step(struct story *story, const struct step *step,
                              int moves) {
  const int closing = is_closing(story, step);
  struct step **const list = closing ? story->closing : story->opening;
  size_t *const count = closing ? &story->closing_count : &story->opening_count;

  if (*count >= (moves ? (size_t)STEPS_MAX : (size_t)IDLE_STEPS_MAX)) {
    story->steps_left_out++;
    return NULL;
  }
  struct step *const kept = must_allocate(1, sizeof(*kept));
  *kept = *step;
  list[(*count)++] = kept;
  return kept;
}

static void keep_event(struct story *story, const struct step *step) {
  if ((step->verdict & NOTABLE_VERDICTS) == 0) {
    return;
  }
  if (story->event_count == EVENTS_MAX) {
    story->events_left_out++;
    return;
  }
  story->events[story->event_count++] =
    (struct event){.number = step->number,
                   .time = step->time,
                   .verdict = step->verdict,
                   .side = step->side,
                   .seq = step->seq,
                   .payload = step->payload};
}

/* Counts a segment that is no step. */
static void pass_segment(struct story *story, const struct step *step) {
  struct direction *const direction = &story->direction[step->side];

  direction->middle_segments++;
  direction->middle_payload += step->payload;
  if (story->middle_first == TCPFLOW_TIME_NONE) {
    story->middle_first = step->time;
  }
  story->middle_last = step->time;
  keep_event(story, step);
}

static void count_segment(struct story *story, const struct step *step) {
  struct direction *const direction = &story->direction[step->side];

  if (direction->segments == 0) {
    direction->ttl = step->ttl;
    direction->first_number = step->number;
  }
  direction->segments++;
  if (story->direction[tcpflow_side_other(step->side)].fin_sent) {
    direction->late_payload += step->payload;
  }
  for (unsigned bit = 0; bit < TCPFLOW_VERDICT_COUNT; bit++) {
    story->verdicts[bit] += (step->verdict >> bit) & 1;
  }
}

void story_segment(struct story *story, const tcpflow_segment_event *event,
                   char *(*line)(void *maker, const tcpflow_packet *packet),
                   void *maker) {
  struct step step;

  story->current = NULL;
  fill_step(&step, event);
  count_segment(story, &step);
  play_role(story, &step);
  if (!is_step(story, &step, event)) {
    pass_segment(story, &step);
    return;
  }

  story->current = keep_step(story, &step, changes_state(event));
  if (story->current == NULL) {
    return;
  }
  copy_options(story->current, event->segment->packet);
  if (event->segment->packet != NULL) {
    story->current->line = line(maker, event->segment->packet);
  }
}

void story_state(struct story *story, const tcpflow_state_event *event) {
  struct step *const step = story->current;

  if (event->cause == NULL || step == NULL || step->move_count == MOVES_MAX) {
    return;
  }
  step->moves[step->move_count++] = (struct move){.side = event->side,
                                                  .from = event->from,
                                                  .to = event->to,
                                                  .stimulus = event->stimulus,
                                                  .inferred = event->inferred};
}

void story_gap(struct story *story, const tcpflow_gap_event *event) {
  if ((unsigned)event->gap->reason < GAP_REASONS) {
    story->direction[event->side].gaps[event->gap->reason] +=
      event->gap->length;
  }
}

void story_end(struct story *story, const tcpflow_conn *conn,
               const tcpflow_end_event *event) {
  story->ended = 1;
  story->current = NULL;
  story->end = *event;
  story->end.cause = NULL;
  (void)tcpflow_conn_get_info(conn, &story->info);
  for (int side = 0; side < 2; side++) {
    (void)tcpflow_conn_get_endpoint(conn, (tcpflow_side)side,
                                    &story->direction[side].info);
  }
}
