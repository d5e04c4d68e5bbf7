/*
 * lib/track/feed.c - frames in batches.
 *
 * Room: track.  Includes: base, decode, frag, segment, conn.  With many flows,
 * what a packet costs is waiting for memory: a line of the table, then the
 * lines of the record.  So all frames of a batch are decoded and hashed first,
 * which asks for the table's lines; then the frames are followed, one after the
 * other, and the table is asked for hints some frames ahead, which asks for the
 * records.
 * What one frame does to the table makes hints of others wrong at worst: a hint
 * counts only if its record has the key.  So a batch tells what single frames
 * do.
 */
#include "track/life.h"

#include <assert.h>

#include "base/prefetch.h"
#include "conn/expected.h"
#include "conn/run.h"
#include "conn/visit.h"
#include "segment/reading.h"
#include "track/ahead.h"
#include "track/answer.h"
#include "track/estate.h"
#include "track/find.h"
#include "track/fragments.h"
#include "track/general.h"
#include "track/lull.h"
#include "track/newcomer.h"
#include "track/readopts.h"
#include "track/several.h"

/* Timers looked at for a frame.  A frame begins one flow at most, so after a
   jump in time the wheel comes up with the clock again. */
#define LOOKS_A_FRAME 32

/* How far ahead a frame's own octets are asked for. */
#define FRAMES_AHEAD  8

/* Two lines of them: Ethernet, IPv4, and TCP with timestamps have 66. */
#define OCTETS_AHEAD  (2 * TCPFLOW__LINE)

/* How far ahead sides are asked for, behind their record. */
#define SIDES_AHEAD   4

/* --- first pass: what is it? --- */

/* Asks for the first frames of a batch. */
TCPFLOW__FLAT void ask_for_first(const tcpflow_frame *frames, size_t count) {
  if (TCPFLOW__MOSTLY(count >= FRAMES_AHEAD)) {
    TCPFLOW__UNROLL
    for (size_t i = 0; i < FRAMES_AHEAD; i++) {
      tcpflow__prefetch(frames[i].bytes, OCTETS_AHEAD);
    }
  } else {
    for (size_t i = 0; i < count; i++) {
      tcpflow__prefetch(frames[i].bytes, OCTETS_AHEAD);
    }
  }
}

TCPFLOW__APART static void decode_batch(tcpflow_tracker *tracker,
                                        const tcpflow_frame *frames,
                                        size_t count) {
  const tcpflow_frame *const end = frames + count;
  tcpflow__batched *batched = tracker->scratch.frame;

  ask_for_first(frames, count);
  for (const tcpflow_frame *frame = frames; frame != end; frame++, batched++) {
    if (TCPFLOW__MOSTLY(end - frame > FRAMES_AHEAD)) {
      tcpflow__prefetch(frame[FRAMES_AHEAD].bytes, OCTETS_AHEAD);
    }
    tcpflow__ahead_decode(tracker, batched, frame);
  }
  if (tracker->scratch.wanted.count != 0) {
    tcpflow__ahead_ask(&tracker->scratch.wanted);
  }
}

/* --- second pass: where may its flow be? --- */

/* What is behind a batch is of no flow, so that nobody has to ask where it
   ends before looking ahead. */
static void blank_behind(tcpflow__scratch *scratch, size_t count) {
  for (; scratch->filled > count; scratch->filled--) {
    scratch->frame[scratch->filled - 1].flow = NULL;
    scratch->frame[scratch->filled - 1].keyed = false;
  }
  scratch->filled = count;
}

/* Looks ahead for the first frames of a batch.  Sides that are in no cache are
   worth to be asked for, though they come late. */
static void hint_first(tcpflow_tracker *tracker, size_t count) {
  const size_t first = count < TCPFLOW__AHEAD ? count : TCPFLOW__AHEAD;
  tcpflow__batched *const batched = tracker->scratch.frame;

  for (size_t i = 0; i < first; i++) {
    tcpflow__ahead_hint(tracker, &batched[i]);
  }
  if (first > SIDES_AHEAD && tcpflow__ahead_is_wide(&tracker->flows)) {
    for (size_t i = 0; i < SIDES_AHEAD; i++) {
      tcpflow__ahead_sides(tracker, &batched[i]);
    }
  }
}

/* --- third pass: follow it, at its time --- */

/* May something be due? */
static inline bool is_due(const tcpflow_tracker *tracker) {
  return tcpflow__timers_lag(&tracker->timers, tracker->now) ||
         tracker->now >= tracker->frag_due;
}

/* Looks at what is due. */
static int pass_timers(tcpflow_tracker *tracker) {
  if (tcpflow__timers_lag(&tracker->timers, tracker->now)) {
    tcpflow__life_pass(tracker, LOOKS_A_FRAME);
  }
  if (tracker->now >= tracker->frag_due) {
    tcpflow__fragments_pass(tracker, LOOKS_A_FRAME);
  }
  return tracker->env.stopped ? TCPFLOW_ERR_CALLBACK : TCPFLOW_OK;
}

/* Until when there is nothing to do for a frame but to follow it: nothing is
   due, and nothing waits for the next flow of some ports, which goes with the
   next frame.  Only follow_any() changes that. */
static inline tcpflow_time calm_until(const tcpflow_tracker *tracker) {
  const tcpflow_time timers = tracker->timers.calm;
  const tcpflow_time due =
    timers < tracker->frag_due ? timers : tracker->frag_due;

  return tracker->estate.heir == NULL ? due : 0;
}

/* Does the time of a frame come so? */
static inline bool is_calm(const tcpflow_tracker *tracker, tcpflow_time time) {
  return time >= tracker->now && time < tracker->scratch.calm;
}

/* Lets the time of a frame come.  TCPFLOW_OK, or TCPFLOW_ERR_CALLBACK if a
   timer's callback asked to stop. */
static int pass_time(tcpflow_tracker *tracker, tcpflow_time time) {
  tracker->now = time > tracker->now ? time : tracker->now;
  return is_due(tracker) ? pass_timers(tracker) : TCPFLOW_OK;
}

/* --- the usual segment --- */

/* A connection of which more must be asked before a segment is followed. */
#define UNUSUAL                                                                \
  ((uint32_t)(TCPFLOW__CONN_ENDED | TCPFLOW__CONN_IGNORED |                    \
              TCPFLOW__CONN_HOLES | TCPFLOW__CONN_HOLE_NEWS |                  \
              TCPFLOW__CONN_FOLDED))

/* Is it plain to see that nothing of that matters yet?  It may wait for holes,
   of which none is given up by now. */
TCPFLOW__FLAT bool is_patient(const tcpflow_tracker *tracker,
                              const tcpflow_conn *conn) {
  const uint32_t unusual = conn->bits & UNUSUAL;

  return unusual == 0 || (unusual == (uint32_t)TCPFLOW__CONN_HOLES &&
                          tcpflow__holes_are_early(conn, tracker->now));
}

/* Who sent a segment that is, for sure, of a live flow whose time is not over,
   and which has its sides: then nothing has to be asked but its connection.
   -1: more has to be. */
TCPFLOW__FLAT int usual_sender(const tcpflow_tracker *tracker,
                               const tcpflow__batched *batched,
                               const tcpflow__flow *flow) {
  const uint32_t phase = flow->phase;

  return phase < TCPFLOW_PHASE_RESET && is_patient(tracker, &flow->conn) &&
             flow->conn.extra == NULL &&
             tracker->now - flow->conn.last < tracker->timeout[phase] &&
             (batched->packet.flags & TCPFLOW_FLAG_SYN) == 0
           ? tcpflow__find_sender(tracker, batched, flow)
           : -1;
}

/* Follows a segment that has a usual_sender(); or, EASY, an easy_sender().
   STAMPS is tcpflow__readopts_stamps() it, here and below. */
TCPFLOW__FLAT int follow_usual(tcpflow_tracker *tracker,
                               const tcpflow__batched *batched,
                               tcpflow__flow *flow, tcpflow_side sender,
                               const tcpflow_options *stamps, bool easy) {
  tcpflow_segment *const segment = &tracker->scratch.segment;
  const tcpflow_packet *const packet = &batched->packet;

  tcpflow__segment_copy(segment, tcpflow__readopts_all(tracker, packet, stamps),
                        packet, tracker->now);
  const int error = easy
                      ? tcpflow__conn_feed_easy(&flow->conn, sender, segment)
                      : tcpflow__conn_feed_holed(&flow->conn, sender, segment);

  if (error == TCPFLOW_OK) {
    tcpflow__life_settle(tracker, flow, batched->index);
  }
  return error;
}

/* Who sent a segment that is, for sure, of a flow whose connection is easy, as
   most are, at its time: then even less has to be asked.  -1: more has to be.
   What has such a sender has a usual_sender() but for SYN. */
TCPFLOW__FLAT int easy_sender(const tcpflow_tracker *tracker,
                              const tcpflow__batched *batched,
                              const tcpflow__flow *flow) {
  return tcpflow__conn_is_easy(&flow->conn) && flow->conn.extra == NULL &&
             tracker->now >= flow->conn.last &&
             tracker->now - flow->conn.last < tracker->timeout[flow->phase]
           ? tcpflow__find_sender(tracker, batched, flow)
           : -1;
}

/* A segment HAS_RUN and a callback wants something, or it is none of those that
   run. */
TCPFLOW__APART static int follow_off(tcpflow_tracker *tracker,
                                     const tcpflow__batched *batched,
                                     tcpflow__flow *flow, tcpflow_side sender,
                                     bool has_run) {
  const tcpflow_segment *const segment = &tracker->scratch.segment;
  int error = TCPFLOW_OK;

  if (has_run) {
    tcpflow__expected_answer(&flow->conn, sender, segment);
  } else {
    error = tcpflow__conn_follow(&flow->conn, sender, segment, true);
  }
  if (error == TCPFLOW_OK) {
    tcpflow__life_settle(tracker, flow, batched->index);
  }
  return error;
}

/* Follows a segment that opens, if it is what most of those are. */
TCPFLOW__FLAT bool follow_opening(tcpflow_tracker *tracker,
                                  const tcpflow__batched *batched,
                                  tcpflow__flow *flow) {
  return flow == NULL ? tcpflow__newcomer_is(&batched->packet) &&
                          tcpflow__newcomer_begin(tracker, batched)
                      : tcpflow__answer_is(&batched->packet) &&
                          tcpflow__answer_follow(tracker, batched, flow);
}

/* Follows a segment of which more has to be asked. */
TCPFLOW__FLAT int follow_unusual(tcpflow_tracker *tracker,
                                 tcpflow__batched *batched) {
  tcpflow__flow *const flow = tcpflow__find_flow(tracker, batched);

  return follow_opening(tracker, batched, flow)
           ? TCPFLOW_OK
           : tcpflow__general_follow(tracker, batched, flow, 0);
}

/* Who sent a segment of a connection that is ignored and would be easy
   otherwise, at its time, with nothing but numbers; -1: it is not that. */
TCPFLOW__FLAT int ignored_sender(const tcpflow_tracker *tracker,
                                 const tcpflow__batched *batched,
                                 const tcpflow__flow *flow) {
  const tcpflow_conn *const conn = &flow->conn;

  return tcpflow__conn_is_passed_by(conn) && conn->extra == NULL &&
             flow->phase == TCPFLOW_PHASE_OPEN && tracker->now >= conn->last &&
             tracker->now - conn->last < tracker->timeout[TCPFLOW_PHASE_OPEN]
           ? tcpflow__find_sender(tracker, batched, flow)
           : -1;
}

/* Follows such a segment, if its numbers are the next ones. */
TCPFLOW__FLAT bool follow_ignored(tcpflow_tracker *tracker,
                                  const tcpflow__batched *batched,
                                  tcpflow__flow *flow) {
  tcpflow_segment *const segment = &tracker->scratch.segment;
  const int sender = ignored_sender(tracker, batched, flow);

  if (sender < 0) {
    return false;
  }
  tcpflow__segment_copy(segment, NULL, &batched->packet, tracker->now);
  tcpflow__stage_leave(&flow->conn);
  return tcpflow__conn_pass_by(&flow->conn, (tcpflow_side)sender, segment);
}

/* Follows a segment of which more has to be asked than easy_sender() does. */
TCPFLOW__APART static int follow_slower(tcpflow_tracker *tracker,
                                        tcpflow__batched *batched,
                                        tcpflow__flow *flow) {
  if (follow_ignored(tracker, batched, flow)) {
    return TCPFLOW_OK;
  }
  const int sender = usual_sender(tracker, batched, flow);

  return sender >= 0
           ? follow_usual(tracker, batched, flow, (tcpflow_side)sender,
                          tcpflow__readopts_stamps(tracker, &batched->packet),
                          false)
           : follow_unusual(tracker, batched);
}

/* Follows a segment that has an easy_sender(), of a connection that runs, with
   timestamps or no options; nearly all leave the phase of their flow as it
   is. */
TCPFLOW__FLAT int follow_run(tcpflow_tracker *tracker,
                             tcpflow__batched *batched, tcpflow__flow *flow,
                             tcpflow_side sender,
                             const tcpflow_options *stamps) {
  static const tcpflow_options none = {.size = sizeof(none)};
  tcpflow_segment *const segment = &tracker->scratch.segment;

  assert(batched->packet.time == tracker->now);
  tcpflow__segment_copy(segment, stamps != NULL ? stamps : &none,
                        &batched->packet, tracker->now);
  const bool has_run = tcpflow__conn_run(&flow->conn, sender, segment, stamps);

  if (!has_run || tcpflow__conn_is_asked(&flow->conn)) {
    return follow_off(tracker, batched, flow, sender, has_run);
  }
  assert(flow->phase == (uint32_t)tcpflow__conn_phase(&flow->conn));
  return TCPFLOW_OK;
}

/* Follows a segment that has an easy_sender().  Most run, and most others open
   or close their connection. */
TCPFLOW__FLAT int follow_easy(tcpflow_tracker *tracker,
                              tcpflow__batched *batched, tcpflow__flow *flow,
                              tcpflow_side sender) {
  const tcpflow_packet *const packet = &batched->packet;
  const tcpflow_options *const stamps =
    tcpflow__readopts_stamps(tracker, packet);

  assert(flow->phase < TCPFLOW_PHASE_RESET);
  if (tcpflow__steady_flags(packet->flags) && tcpflow__conn_runs(&flow->conn) &&
      (stamps != NULL || packet->options_length == 0)) {
    return follow_run(tracker, batched, flow, sender, stamps);
  }
  return (packet->flags & TCPFLOW_FLAG_SYN) == 0
           ? follow_usual(tracker, batched, flow, sender, stamps, true)
           : follow_slower(tracker, batched, flow);
}

/* Follows a segment.  What comes to no easy connection is mostly what opens
   one. */
TCPFLOW__FLAT int follow_plain(tcpflow_tracker *tracker,
                               tcpflow__batched *batched) {
  tcpflow__flow *const flow = batched->flow;
  const int sender = flow == NULL ? -1 : easy_sender(tracker, batched, flow);

  if (sender >= 0) {
    return follow_easy(tracker, batched, flow, (tcpflow_side)sender);
  }
  return flow == NULL || tcpflow__conn_is_folded(&flow->conn)
           ? follow_unusual(tracker, batched)
           : follow_slower(tracker, batched, flow);
}

/* Counts a frame that was a segment, and nothing else. */
static inline void count_plain(tcpflow_tracker *tracker) {
  assert(tracker->estate.heir == NULL);
  tracker->stats.packets[TCPFLOW_PACKET_TCP]++;
  tracker->stats.frames++;
}

/* Counts any; it may have come too late to take what waited. */
static inline void count_any(tcpflow_tracker *tracker,
                             const tcpflow__batched *batched) {
  if (tracker->estate.heir != NULL) {
    tcpflow__estate_drop(tracker);
  }
  tracker->stats.packets[TCPFLOW_PACKET_TCP] +=
    tcpflow__batched_is_segment(batched);
  tracker->stats.frames++;
  tracker->stats.time_backwards += batched->packet.time < tracker->now;
}

/* One of the FRAMES of a batch that is not one segment, or at whose time
   something else happens. */
TCPFLOW__APART static int follow_any(tcpflow_tracker *tracker,
                                     tcpflow__batched *batched,
                                     const tcpflow_frame *frames) {
  const tcpflow_frame *const frame = &frames[batched - tracker->scratch.frame];
  int error = pass_time(tracker, batched->packet.time);

  if (error == TCPFLOW_OK) {
    error = tcpflow__batched_is_segment(batched)
              ? follow_unusual(tracker, batched)
              : tcpflow__several_follow(tracker, batched, frame);
  }
  if (error == TCPFLOW_OK) {
    count_any(tracker, batched);
  }
  tracker->scratch.calm = calm_until(tracker);
  return error;
}

/* One of the FRAMES of a batch.  TCPFLOW_OK: followed; a callback may have
   asked to stop.  Otherwise not. */
TCPFLOW__FLAT int follow_frame(tcpflow_tracker *tracker,
                               tcpflow__batched *batched,
                               const tcpflow_frame *frames) {
  int error;

  if (batched->kind < TCPFLOW__BATCHED_PLAIN ||
      !is_calm(tracker, batched->packet.time)) {
    return follow_any(tracker, batched, frames);
  }
  tracker->now = batched->packet.time;
  error = follow_plain(tracker, batched);
  if (error == TCPFLOW_OK) {
    count_plain(tracker);
  }
  return error;
}

/* Follows what a batch was decoded to.  Answers as tcpflow_tracker_feed()
   does. */
TCPFLOW__APART static int follow_decoded(tcpflow_tracker *tracker,
                                         const tcpflow_frame *frames,
                                         size_t count, size_t *consumed) {
  tcpflow__batched *batched = tracker->scratch.frame;
  const tcpflow__batched *const end = batched + count;
  int error = TCPFLOW_OK;

  while (batched != end) {
    tcpflow__ahead_hint(tracker, batched + TCPFLOW__AHEAD);
    tcpflow__ahead_sides(tracker, batched + SIDES_AHEAD);
    error = follow_frame(tracker, batched, frames);
    if (!TCPFLOW__MOSTLY(error == TCPFLOW_OK)) {
      break;
    }
    batched++;
    if (tracker->env.stopped) {
      error = TCPFLOW_ERR_CALLBACK;
      break;
    }
  }
  *consumed += (size_t)(batched - tracker->scratch.frame);
  return error;
}

static int follow_batch(tcpflow_tracker *tracker, const tcpflow_frame *frames,
                        size_t count, size_t *consumed) {
  decode_batch(tracker, frames, count);
  blank_behind(&tracker->scratch, count);
  tcpflow__table_calm(&tracker->table);
  hint_first(tracker, count);
  tracker->scratch.calm = calm_until(tracker);

  const int error = follow_decoded(tracker, frames, count, consumed);
  if (tracker->rounds.due != 0) {
    tcpflow__lull(tracker, (uint32_t)count, TCPFLOW__FLOW_NONE);
  }
  return error;
}

static int follow_all(tcpflow_tracker *tracker, const tcpflow_frame *frames,
                      size_t count, size_t *consumed) {
  int error = TCPFLOW_OK;

  while (*consumed < count && error == TCPFLOW_OK) {
    const size_t left = count - *consumed;
    error =
      follow_batch(tracker, frames + *consumed,
                   left < TCPFLOW__BATCH ? left : TCPFLOW__BATCH, consumed);
  }
  return error;
}

int tcpflow_tracker_feed(tcpflow_tracker *tracker, const tcpflow_frame *frames,
                         size_t count, size_t *consumed) {
  size_t followed = 0;
  int error = TCPFLOW_ERR_STATE;

  if (!tracker->env.telling) {
    tracker->env.stopped = false;
    tcpflow__life_reap(tracker);
    if (count > 0) {
      tcpflow__resume_expect(&tracker->resume, frames);
    }
    error = follow_all(tracker, frames, count, &followed);
    tracker->stats.nomem += error == TCPFLOW_ERR_NOMEM;
  }
  if (consumed != NULL) {
    *consumed = followed;
  }
  return error;
}
