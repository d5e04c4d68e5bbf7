/*
 * lib/conn/oddities.c - which verdicts and options make an anomaly.
 *
 * Room: conn.  Includes: wire, segment, options, frag.  A verdict describes, an
 * anomaly warns: retransmissions and duplicate ACKs are the daily bread of TCP
 * and not in this list.
 */
#include "conn/oddities.h"

#include <string.h>

#include <tcpflow/frag.h>

#include "conn/tell.h"

/* The bits of a verdict that are a warning each, under the same name. */
#define WARNINGS(EACH)                                                         \
  EACH(BAD_FLAGS)                                                              \
  EACH(BAD_OPTIONS)                                                            \
  EACH(BAD_CHECKSUM)                                                           \
  EACH(ACK_UNSEEN)                                                             \
  EACH(PAWS)                                                                   \
  EACH(TIMESTAMP_MISSING)                                                      \
  EACH(BEYOND_WINDOW)                                                          \
  EACH(BEYOND_FIN)                                                             \
  EACH(FIN_MOVED)                                                              \
  EACH(RST_CHALLENGED)                                                         \
  EACH(RST_OUT_OF_WINDOW)                                                      \
  EACH(RST_UNACCEPTABLE)                                                       \
  EACH(RST_REVERSED)                                                           \
  EACH(PAYLOAD_CUT)                                                            \
  EACH(DUPLICATE_FRAME)                                                        \
  EACH(WINDOW_SHRUNK)                                                          \
  EACH(SACK_INVALID)                                                           \
  EACH(URGENT)

#define ROW(name) {TCPFLOW_VERDICT_##name, TCPFLOW_ANOMALY_##name},
#define BIT(name) | TCPFLOW_VERDICT_##name

static const struct {
  tcpflow_verdict verdict;
  tcpflow_anomaly anomaly;
} by_verdict[] = {WARNINGS(ROW)};

/* All of them, to pass by the common segment quickly. */
static const tcpflow_verdict ANY = 0 WARNINGS(BIT);

static void note_verdict(tcpflow_conn *conn, tcpflow_verdict verdict) {
  for (size_t i = 0; i < sizeof(by_verdict) / sizeof(by_verdict[0]); i++) {
    if ((verdict & by_verdict[i].verdict) != 0) {
      tcpflow__note_anomaly(conn, by_verdict[i].anomaly);
    }
  }
}

/* By the bits of TCPFLOW__ODD_, in their order. */
static const uint8_t by_oddity[] = {
  TCPFLOW_ANOMALY_WINDOW_SLAM,        TCPFLOW_ANOMALY_OPTION_UNNEGOTIATED,
  TCPFLOW_ANOMALY_TIMESTAMP_ECHO_BAD, TCPFLOW_ANOMALY_ACK_TOO_OLD,
  TCPFLOW_ANOMALY_NUMBERS_IMPOSSIBLE, TCPFLOW_ANOMALY_DATA_BEFORE_OPEN,
  TCPFLOW_ANOMALY_TTL_CHANGED,        TCPFLOW_ANOMALY_SMALL_SEGMENTS,
  TCPFLOW_ANOMALY_DATA_WITHOUT_ACKS,  TCPFLOW_ANOMALY_RST_DATA,
  TCPFLOW_ANOMALY_RST_STORM,          TCPFLOW_ANOMALY_RST_SUSPECT,
  TCPFLOW_ANOMALY_RST_BAD_ACK,        TCPFLOW_ANOMALY_FIN_STORM,
  TCPFLOW_ANOMALY_FIN_OUT_OF_WINDOW,  TCPFLOW_ANOMALY_BEFORE_STREAM,
};

static void note_odd(tcpflow_conn *conn, unsigned odd) {
  for (size_t i = 0; i < sizeof(by_oddity); i++) {
    if ((odd & 1U << i) != 0) {
      tcpflow__note_anomaly(conn, (tcpflow_anomaly)by_oddity[i]);
    }
  }
}

static void note_options(tcpflow_conn *conn, const tcpflow_options *options) {
  if ((options->flags & TCPFLOW_OPTION_FLAG_DUPLICATE) != 0) {
    tcpflow__note_anomaly(conn, TCPFLOW_ANOMALY_OPTION_DUPLICATE);
  }
  if ((options->flags & TCPFLOW_OPTION_FLAG_WRONG_SEGMENT) != 0) {
    tcpflow__note_anomaly(conn, TCPFLOW_ANOMALY_OPTION_MISPLACED);
  }
  if (options->wscale_raw > TCPFLOW_WSCALE_MAX) {
    tcpflow__note_anomaly(conn, TCPFLOW_ANOMALY_WSCALE_RANGE);
  }
}

/* Of these a usual segment has ACK alone. */
enum {
  USUAL =
    TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_FIN | TCPFLOW_FLAG_RST | TCPFLOW_FLAG_ACK
};

/* FIN, PSH and URG without ACK; or all three of SYN, FIN and RST with one of
   them. */
static bool is_christmas(unsigned flags) {
  const unsigned lights = TCPFLOW_FLAG_PSH | TCPFLOW_FLAG_URG;
  const unsigned three = TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_FIN | TCPFLOW_FLAG_RST;

  if ((flags & three) == three) {
    return (flags & lights) != 0;
  }
  return (flags & (three | lights | TCPFLOW_FLAG_ACK)) ==
         (TCPFLOW_FLAG_FIN | lights);
}

static void note_bad_flags(tcpflow_conn *conn, unsigned flags) {
  const unsigned all = TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_FIN | TCPFLOW_FLAG_RST |
                       TCPFLOW_FLAG_PSH | TCPFLOW_FLAG_ACK | TCPFLOW_FLAG_URG;

  if ((flags & all) == 0) {
    tcpflow__note_anomaly(conn, TCPFLOW_ANOMALY_NO_FLAGS);
  } else if (is_christmas(flags)) {
    tcpflow__note_anomaly(conn, TCPFLOW_ANOMALY_CHRISTMAS);
  }
}

static bool has_same_ends(const tcpflow_conn *conn) {
  return tcpflow__conn_is(conn, TCPFLOW__CONN_HAS_TUPLE) &&
         tcpflow__ends_are_one(&conn->ends);
}

/* PSH belongs to data, which a SYN may have. */
static bool is_baroque(const tcpflow_segment *segment) {
  return (segment->flags & TCPFLOW_FLAG_URG) != 0 ||
         ((segment->flags & TCPFLOW_FLAG_PSH) != 0 &&
          segment->payload_length == 0);
}

static void note_flags(tcpflow_conn *conn, const tcpflow_segment *segment) {
  const unsigned flags = segment->flags;

  if (tcpflow__segment_bad_flags(flags)) {
    note_bad_flags(conn, flags);
  } else if ((flags & TCPFLOW_FLAG_SYN) != 0 && is_baroque(segment)) {
    tcpflow__note_anomaly(conn, TCPFLOW_ANOMALY_SYN_BAROQUE);
  }
  if ((flags & TCPFLOW_FLAG_SYN) != 0 && has_same_ends(conn)) {
    tcpflow__note_anomaly(conn, TCPFLOW_ANOMALY_SAME_ENDS);
  }
}

/* Duplicates are as common as those of whole packets, and so is a capture that
   cuts them off; DF is set by senders who fragment what they send. */
#define FRAGMENTS_ODD                                                          \
  ((uint32_t)(TCPFLOW_FRAG_ANOMALY_UNEVEN | TCPFLOW_FRAG_ANOMALY_TWO_ENDS |    \
              TCPFLOW_FRAG_ANOMALY_BEYOND_END |                                \
              TCPFLOW_FRAG_ANOMALY_PROTOCOL | TCPFLOW_FRAG_ANOMALY_EMPTY |     \
              TCPFLOW_FRAG_ANOMALY_TOO_LONG |                                  \
              TCPFLOW_FRAG_ANOMALY_BAD_LENGTH |                                \
              TCPFLOW_FRAG_ANOMALY_BAD_CHECKSUM | TCPFLOW_FRAG_ANOMALY_ECN))

static void note_fragments(tcpflow_conn *conn, uint32_t anomalies) {
  if ((anomalies & TCPFLOW_FRAG_ANOMALY_OVERLAP) != 0) {
    tcpflow__note_anomaly(conn, TCPFLOW_ANOMALY_FRAGMENT_OVERLAP);
  }
  if ((anomalies & TCPFLOW_FRAG_ANOMALY_CONFLICT) != 0) {
    tcpflow__note_anomaly(conn, TCPFLOW_ANOMALY_FRAGMENT_CONFLICT);
  }
  if ((anomalies & TCPFLOW_FRAG_ANOMALY_TINY) != 0) {
    tcpflow__note_anomaly(conn, TCPFLOW_ANOMALY_FRAGMENT_TINY);
  }
  if ((anomalies & FRAGMENTS_ODD) != 0) {
    tcpflow__note_anomaly(conn, TCPFLOW_ANOMALY_FRAGMENT_ODD);
  }
}

/* May a SYN carry data?  RFC 7413 asks for a cookie, an option that is not
   typed here; and lets the answer carry data where the SYN did.  */
static bool is_fast(const tcpflow_conn *conn, const tcpflow_segment *segment) {
  const tcpflow_options *const options = segment->options;

  return (options != NULL && (options->present & TCPFLOW_HAS_OTHER) != 0) ||
         ((segment->flags & TCPFLOW_FLAG_ACK) != 0 &&
          (tcpflow__endpoint_has(&conn->end[0], TCPFLOW__END_SYN_DATA) ||
           tcpflow__endpoint_has(&conn->end[1], TCPFLOW__END_SYN_DATA)));
}

/* A tracker hands on its own latest time; then the packet has the frame's. */
static bool goes_back(const tcpflow_conn *conn,
                      const tcpflow_segment *segment) {
  return segment->time < conn->last ||
         (segment->packet != NULL && segment->packet->time < segment->time);
}

void tcpflow__note_oddities(tcpflow_conn *conn, const tcpflow_segment *segment,
                            const tcpflow__judgment *judgment) {
  const tcpflow_verdict verdict = judgment->verdict;
  const tcpflow_options *const options = segment->options;

  if ((verdict & ANY) != 0) {
    note_verdict(conn, verdict);
  }
  if ((segment->flags & USUAL) != TCPFLOW_FLAG_ACK) {
    note_flags(conn, segment);
  }
  if (judgment->odd != 0) {
    note_odd(conn, judgment->odd);
  }
  if (options != NULL && options->flags != 0) {
    note_options(conn, options);
  }
  if ((verdict & TCPFLOW_VERDICT_SYN_DATA) != 0 && !is_fast(conn, segment)) {
    tcpflow__note_anomaly(conn, TCPFLOW_ANOMALY_SYN_DATA);
  }
  if (segment->fragment_anomalies != 0) {
    note_fragments(conn, segment->fragment_anomalies);
  }
  if (goes_back(conn, segment)) {
    tcpflow__note_anomaly(conn, TCPFLOW_ANOMALY_TIME_BACKWARDS);
  }
}

void tcpflow__note_one_sided(tcpflow_conn *conn) {
  if (!tcpflow__conn_is(conn, TCPFLOW__CONN_ONE_SIDED) &&
      tcpflow__conn_one_sided(conn) >= 0) {
    tcpflow__conn_mark(conn, TCPFLOW__CONN_ONE_SIDED);
    tcpflow__note_anomaly(conn, TCPFLOW_ANOMALY_ONE_SIDED);
  }
}
