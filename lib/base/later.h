/*
 * lib/base/later.h - a time that comes a wait later.
 *
 * Room: base.  Includes: nothing of ours.
 */
#ifndef TCPFLOW__BASE_LATER_H
#define TCPFLOW__BASE_LATER_H

#include <tcpflow/base.h>

/* Never, where the wait is for ever or time does not reach so far. */
static inline tcpflow_time tcpflow__later(tcpflow_time time,
                                          tcpflow_time wait) {
  return wait < TCPFLOW_TIME_NONE - time ? time + wait : TCPFLOW_TIME_NONE;
}

#endif /* TCPFLOW__BASE_LATER_H */
