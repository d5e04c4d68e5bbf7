/*
 * lib/track/timers.c - when to look at a flow again.
 *
 * Room: track.  Includes: base, conn.  A tick is a number of seven digits to
 * base 64.  A timer stands in the level of the highest digit in which its tick
 * differs from the wheel's, in the slot of its own digit there.  So the slots
 * in use of a level are ahead of the wheel's digit, all of a lower level come
 * before all of a higher one, and the next slot is the lowest bit of the lowest
 * level: a jump over years costs as much as a step.
 */
#include "track/timers.h"

#include "track/bits.h"

#define DIGIT_BITS 6U

_Static_assert(UINT32_C(1) << DIGIT_BITS == TCPFLOW__TIMER_SLOTS,
               "a slot for each value of a digit");
_Static_assert(DIGIT_BITS *TCPFLOW__TIMER_LEVELS + TCPFLOW__TICK_BITS > 64,
               "the highest level reaches the end of time");

void tcpflow__timers_init(tcpflow__timers *timers) {
  timers->at = 0;
  timers->calm = 0;
  for (unsigned level = 0; level < TCPFLOW__TIMER_LEVELS; level++) {
    timers->occupied[level] = 0;
  }
  tcpflow__timers_look_up(timers, 1);
}

void tcpflow__timers_look_up(tcpflow__timers *timers, uint64_t tick) {
  const uint64_t when = tick > timers->at ? tick : timers->at + 1;
  const unsigned level = tcpflow__bit_highest(when ^ timers->at) / DIGIT_BITS;
  const unsigned slot = when >> level * DIGIT_BITS & (TCPFLOW__TIMER_SLOTS - 1);

  timers->latest = (tcpflow__timer_place){
    .tick = tick,
    .at = timers->at,
    .bit = UINT64_C(1) << slot,
    .level = level,
    .list = level * TCPFLOW__TIMER_SLOTS + slot,
  };
}

void tcpflow__timers_set(tcpflow__timers *timers, tcpflow__flows *flows,
                         uint32_t index, tcpflow_time due) {
  tcpflow__link *const link =
    &tcpflow__flows_at(flows, index)->link[TCPFLOW__CHAIN_TIMER];

  tcpflow__list_place(flows, TCPFLOW__CHAIN_TIMER,
                      tcpflow__timers_list(timers, due), index, link);
}

void tcpflow__timers_restore(tcpflow__timers *timers, tcpflow__flows *flows,
                             uint32_t index, uint64_t tick) {
  if (tick <= timers->at) {
    timers->calm = 0;
    tcpflow__list_append(flows, TCPFLOW__CHAIN_TIMER, TCPFLOW__LIST_PENDING,
                         index);
  } else {
    tcpflow__timers_set(timers, flows, index, tick << TCPFLOW__TICK_BITS);
  }
}

void tcpflow__timers_emptied(tcpflow__timers *timers, uint32_t list) {
  if (list < TCPFLOW__LIST_PENDING) {
    timers->occupied[list / TCPFLOW__TIMER_SLOTS] &=
      ~(UINT64_C(1) << list % TCPFLOW__TIMER_SLOTS);
  }
}

void tcpflow__timers_stop(tcpflow__timers *timers, tcpflow__flows *flows,
                          uint32_t index) {
  tcpflow__timers_stop_flow(timers, flows, tcpflow__flows_at(flows, index));
}

/* The lowest level in use; TCPFLOW__TIMER_LEVELS if there is none. */
static unsigned level_in_use(const tcpflow__timers *timers) {
  unsigned level = 0;

  while (level < TCPFLOW__TIMER_LEVELS && timers->occupied[level] == 0) {
    level++;
  }
  return level;
}

/* The tick at which a slot begins that is ahead: the wheel's digits above, the
   slot's number, and zeros. */
static uint64_t tick_of(const tcpflow__timers *timers, unsigned level,
                        unsigned slot) {
  const unsigned shift = level * DIGIT_BITS;
  const uint64_t above = timers->at >> (shift + DIGIT_BITS);

  return (above << DIGIT_BITS | slot) << shift;
}

/* That of the next slot of a level in use. */
static uint64_t slot_start(const tcpflow__timers *timers, unsigned level) {
  return tick_of(timers, level, tcpflow__bit_lowest(timers->occupied[level]));
}

uint64_t tcpflow__timers_tick(const tcpflow__timers *timers, uint32_t list) {
  return list == TCPFLOW__LIST_PENDING
           ? timers->at
           : tick_of(timers, list / TCPFLOW__TIMER_SLOTS,
                     list % TCPFLOW__TIMER_SLOTS);
}

/* Turns to the next slot in use and makes its flows pending; or, if that begins
   behind TICK, turns to TICK and answers false. */
static bool turn(tcpflow__timers *timers, tcpflow__flows *flows,
                 uint64_t tick) {
  const unsigned level = level_in_use(timers);

  if (level == TCPFLOW__TIMER_LEVELS || slot_start(timers, level) > tick) {
    timers->at = tick > timers->at ? tick : timers->at;
    return false;
  }
  timers->at = slot_start(timers, level);

  const unsigned slot = tcpflow__bit_lowest(timers->occupied[level]);
  timers->occupied[level] &= ~(UINT64_C(1) << slot);
  tcpflow__list_move_all(flows, TCPFLOW__CHAIN_TIMER,
                         level * TCPFLOW__TIMER_SLOTS + slot,
                         TCPFLOW__LIST_PENDING);
  return true;
}

/* Where the tick behind the wheel's begins; the end of time if there is
   none. */
static tcpflow_time next_tick(const tcpflow__timers *timers) {
  return timers->at >= TCPFLOW_TIME_NONE >> TCPFLOW__TICK_BITS
           ? TCPFLOW_TIME_NONE
           : (timers->at + 1) << TCPFLOW__TICK_BITS;
}

uint32_t tcpflow__timers_next(tcpflow__timers *timers, tcpflow__flows *flows,
                              tcpflow_time now) {
  uint32_t index = tcpflow__list_first(flows, TCPFLOW__LIST_PENDING);

  if (index == TCPFLOW__FLOW_NONE &&
      turn(timers, flows, now >> TCPFLOW__TICK_BITS)) {
    index = tcpflow__list_first(flows, TCPFLOW__LIST_PENDING);
  }
  if (index == TCPFLOW__FLOW_NONE) {
    timers->calm = next_tick(timers);
    return index;
  }
  timers->calm = 0;
  tcpflow__timers_stop(timers, flows, index);
  return index;
}

tcpflow_time tcpflow__timers_deadline(const tcpflow__timers *timers,
                                      const tcpflow__flows *flows) {
  const unsigned level = level_in_use(timers);

  if (tcpflow__list_first(flows, TCPFLOW__LIST_PENDING) != TCPFLOW__FLOW_NONE) {
    return timers->at << TCPFLOW__TICK_BITS;
  }
  if (level == TCPFLOW__TIMER_LEVELS) {
    return TCPFLOW_TIME_NONE;
  }

  const uint64_t tick = slot_start(timers, level);
  return tick > TCPFLOW_TIME_NONE >> TCPFLOW__TICK_BITS
           ? TCPFLOW_TIME_NONE
           : tick << TCPFLOW__TICK_BITS;
}
