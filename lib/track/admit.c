/*
 * lib/track/admit.c - is a new connection wanted?
 *
 * Room: track.  Includes: base, segment, conn.  Asked before there is a record,
 * so that what is refused takes no memory and makes nobody go.
 */
#include "track/admit.h"

bool tcpflow__admit_ask(tcpflow_tracker *tracker, const tcpflow__key *key,
                        const tcpflow_segment *segment) {
  tcpflow_role_basis role;
  const tcpflow_side sender = tcpflow_conn_guess_sender(
    segment->flags, key->tuple->port[0], key->tuple->port[1], &role);
  const tcpflow_tuple tuple = sender == TCPFLOW_SIDE_CLIENT
                                ? *key->tuple
                                : tcpflow_tuple_swap(key->tuple);
  const tcpflow_admit_query query = {tracker->now, &tuple, segment, sender,
                                     role};

  tracker->env.telling = true;
  const int answer = tracker->choose_admission(&query, tracker->env.user);
  tracker->env.telling = false;
  tracker->stats.refused += answer == TCPFLOW_ADMIT_REFUSE;
  return answer != TCPFLOW_ADMIT_REFUSE;
}
