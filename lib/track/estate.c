/*
 * lib/track/estate.c - what a flow has left to the next one of its ports.
 *
 * Room: track.  Includes: conn.
 */
#include "track/estate.h"

#include "conn/heir.h"

void tcpflow__estate_leave(tcpflow_tracker *tracker, const tcpflow__key *key,
                           tcpflow__conn_extra *heir) {
  tcpflow__estate *const estate = &tracker->estate;

  tcpflow__estate_drop(tracker);
  estate->heir = heir;
  estate->tuple = *key->tuple;
  estate->swapped = key->swapped;
}

tcpflow__conn_extra *tcpflow__estate_take(tcpflow_tracker *tracker,
                                          const tcpflow__key *key) {
  tcpflow__estate *const estate = &tracker->estate;
  tcpflow__conn_extra *const heir = estate->heir;

  if (heir == NULL ||
      !tcpflow__key_is_of(key, &estate->tuple, estate->swapped)) {
    return NULL;
  }
  estate->heir = NULL;
  return heir;
}

void tcpflow__estate_drop(tcpflow_tracker *tracker) {
  tcpflow__heir_del(&tracker->env, tracker->estate.heir);
  tracker->estate.heir = NULL;
}
