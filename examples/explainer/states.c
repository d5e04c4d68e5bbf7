/*
 * examples/explainer/states.c - where both ends stand, before and after a step.
 */
#include "explainer/sections.h"

#include "explainer/values.h"

const char *say_state(struct page *page, tcpflow_state state) {
  return state == TCPFLOW_STATE_UNKNOWN ? STEP(page, STATE_UNSEEN)
                                        : tcpflow_state_name(state);
}

/* Where a SYN comes from and goes to: nothing has been seen before it, and the
   diagram tells what must have been. */
static const char *say_move(struct page *page, const struct story *story,
                            const struct move *move) {
  const char *const arrow = tcpflow_state_arrow(move->from, move->stimulus);
  const char *const from = move->from == TCPFLOW_STATE_UNKNOWN &&
                               move->stimulus == TCPFLOW_STIMULUS_SND_SYN
                             ? tcpflow_state_name(TCPFLOW_STATE_CLOSED)
                             : say_state(page, move->from);

  if (move->from == TCPFLOW_STATE_UNKNOWN &&
      move->stimulus == TCPFLOW_STIMULUS_RCV_SYN) {
    return story->info.open_kind == TCPFLOW_OPEN_SIMULTANEOUS
             ? STEP(page, STATE_LISTEN_FOR_NOW)
             : STEP(page, STATE_LISTEN);
  }
  return arena_fill(
    &page->arena,
    move->inferred ? STEP(page, STATE_INFERRED) : STEP(page, STATE_MOVE), from,
    tcpflow_state_name(move->to), arrow == NULL ? "" : arrow, NULL);
}

/* Does the step carry the peer's FIN, for the first time? */
static int fin_comes(const struct step *step, tcpflow_side side) {
  for (size_t i = 0; i < step->move_count; i++) {
    if (step->moves[i].side != side &&
        step->moves[i].stimulus == TCPFLOW_STIMULUS_SND_FIN) {
      return 1;
    }
  }
  return 0;
}

/* An end that has not moved.  A FIN moves its sender at once; its receiver has
   it only when the capture shows the ACK. */
static const char *say_same(struct page *page, const struct step *step,
                            tcpflow_side side) {
  const tcpflow_state state = step->before[side];
  const tcpflow_state then =
    tcpflow_state_next(state, TCPFLOW_STIMULUS_RCV_FIN);

  return fin_comes(step, side) && then != state
           ? arena_fill(&page->arena, STEP(page, STATE_FIN_COMES),
                        tcpflow_state_name(state), tcpflow_state_name(then),
                        NULL)
           : arena_fill(&page->arena, STEP(page, STATE_SAME),
                        say_state(page, state), NULL);
}

static void write_state(struct page *page, const struct story *story,
                        const struct step *step, tcpflow_side side) {
  const char *const label =
    arena_fill(&page->arena, NAME(page, STATE_OF),
               side == TCPFLOW_SIDE_CLIENT ? NAME(page, CLIENT_LABEL)
                                           : NAME(page, SERVER_LABEL),
               NULL);
  int moved = 0;

  for (size_t i = 0; i < step->move_count; i++) {
    if (step->moves[i].side == side) {
      page_field(page, 0, label, say_move(page, story, &step->moves[i]));
      moved = 1;
    }
  }
  if (!moved) {
    page_field(page, 0, label, say_same(page, step, side));
  }
}

void write_step_states(struct page *page, const struct story *story,
                       const struct step *step) {
  write_state(page, story, step, TCPFLOW_SIDE_CLIENT);
  write_state(page, story, step, TCPFLOW_SIDE_SERVER);
}
