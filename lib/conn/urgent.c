/*
 * lib/conn/urgent.c - octets of a stream that a sender has marked.
 *
 * Room: conn.  Includes: base, wire, segment, reasm.  A mark may come before
 * its octet, once for each segment until then, so a few are remembered, nearest
 * first.  Who sends more of them at once than any socket can keep (one) loses
 * the farthest, which is told: their octets stay in the stream.
 */
#include "conn/urgent.h"

#include "conn/extra.h"
#include "conn/place.h"
#include "conn/tell.h"

/* Does anybody care? */
static bool is_wanted(const tcpflow_conn *conn, tcpflow_side side) {
  return (conn->env->callbacks.on_urgent != NULL ||
          conn->env->urgent_policy != TCPFLOW_URGENT_INLINE) &&
         !conn->sides->stream[side].off && !tcpflow__conn_ignored(conn);
}

/* The offset of the octet that a segment marks; UINT64_MAX: it marks none that
   is still to come. */
static uint64_t mark_of(const tcpflow_conn *conn, const tcpflow__visit *v) {
  const tcpflow_side sender = v->cause.sender;
  const tcpflow_segment *const segment = v->cause.segment;
  uint64_t behind;

  if ((segment->flags & TCPFLOW_FLAG_SYN) != 0 || segment->urgent == 0 ||
      !v->judgment.numbers || !is_wanted(conn, sender)) {
    return UINT64_MAX;
  }
  behind = tcpflow__place_urgent(conn, sender, segment);
  if (behind == UINT64_MAX || behind <= conn->sides->stream[sender].next) {
    return UINT64_MAX;
  }
  return behind - 1;
}

int tcpflow__urgent_reserve(tcpflow_conn *conn, tcpflow__visit *v) {
  v->marks = mark_of(conn, v) != UINT64_MAX;
  return v->marks && tcpflow__conn_extra_need(conn) == NULL ? TCPFLOW_ERR_NOMEM
                                                            : TCPFLOW_OK;
}

void tcpflow__urgent_note(tcpflow_conn *conn, const tcpflow__visit *v) {
  const tcpflow_side sender = v->cause.sender;
  const uint64_t mark = mark_of(conn, v);
  unsigned at = 0;

  /* Its own ACK may have moved the stream on. */
  if (mark == UINT64_MAX) {
    return;
  }
  uint64_t *const marks = conn->extra->urgent[sender];
  uint8_t *const count = &conn->extra->urgents[sender];
  while (at < *count && marks[at] < mark) {
    at++;
  }
  if (at < *count && marks[at] == mark) {
    return;
  }
  if (*count == TCPFLOW__URGENT_MARKS) {
    tcpflow__note_anomaly(conn, TCPFLOW_ANOMALY_URGENT_LOST);
  }
  if (at == TCPFLOW__URGENT_MARKS) {
    return;
  }
  *count = (uint8_t)(*count + (*count < TCPFLOW__URGENT_MARKS));
  for (unsigned i = *count - 1U; i > at; i--) {
    marks[i] = marks[i - 1];
  }
  marks[at] = mark;
}

bool tcpflow__urgent_waits(const tcpflow_conn *conn, tcpflow_side side,
                           uint64_t end) {
  return conn->extra != NULL && conn->extra->urgents[side] != 0 &&
         conn->extra->urgent[side][0] < end;
}

uint64_t tcpflow__urgent_take(tcpflow_conn *conn, tcpflow_side side) {
  uint64_t *const marks = conn->extra->urgent[side];
  const uint64_t first = marks[0];

  conn->extra->urgents[side]--;
  for (unsigned i = 0; i < conn->extra->urgents[side]; i++) {
    marks[i] = marks[i + 1];
  }
  return first;
}

bool tcpflow__urgent_is_sound(const tcpflow_conn *conn) {
  const tcpflow__conn_extra *const extra = conn->extra;

  for (unsigned side = 0; side < 2; side++) {
    if (extra->urgents[side] > TCPFLOW__URGENT_MARKS) {
      return false;
    }
    for (unsigned i = 1; i < extra->urgents[side]; i++) {
      if (extra->urgent[side][i] <= extra->urgent[side][i - 1]) {
        return false;
      }
    }
  }
  return true;
}
