/*
 * examples/explainer/story.h - what is remembered of one connection.
 *
 * The steps of the opening and of the close are kept whole, what happens in
 * between is counted, and a few odd segments are kept as examples.  A story
 * takes some tens of kilobytes, however long its connection is.
 */
#ifndef EXPLAINER_STORY_H
#define EXPLAINER_STORY_H

#include <tcpflow/tcpflow.h>

#define STEPS_MAX   24 /* Steps of the opening, and of the close. */
#define MOVES_MAX   8  /* State changes by one segment. */
#define EVENTS_MAX  10 /* Odd segments that are kept as examples. */
#define GAP_REASONS 7

/* What a segment does for the opening or the close. */
enum role {
  ROLE_OTHER,
  ROLE_PICK_UP,       /* The capture begins with it. */
  ROLE_PROVES,        /* Proves something that was not captured. */
  ROLE_SYN,           /* The first SYN. */
  ROLE_SYN_AGAIN,     /* The same SYN, sent again. */
  ROLE_SYN_COPY,      /* The same SYN or answer, too soon for that. */
  ROLE_SYN_CROSSING,  /* The other side's SYN, before it knew of the first. */
  ROLE_SYN_ODD,       /* A SYN with another number, or that acknowledges
                           another SYN. */
  ROLE_SYN_ACK,       /* The answer to a SYN. */
  ROLE_SYN_ACK_AGAIN, /* The same answer, sent again. */
  ROLE_SYN_ACK_CROSSING, /* The answer of a side that sent a SYN itself. */
  ROLE_ACK_OF_SYN,       /* Nothing but an ACK, which acknowledges a SYN. */
  ROLE_DATA_OF_SYN,      /* Data that acknowledges a SYN. */
  ROLE_FIN,              /* The first FIN. */
  ROLE_FIN_SECOND,       /* The other side's, its ACK of the first one sent
                           before. */
  ROLE_FIN_ACK,          /* The other side's, with its ACK of the first one. */
  ROLE_FIN_CROSSING,     /* The other side's, before it knew of the first. */
  ROLE_FIN_AGAIN,        /* A FIN that was sent before. */
  ROLE_ACK_OF_FIN,       /* Acknowledges one FIN; something is still open. */
  ROLE_LAST_ACK,         /* Acknowledges the FIN that was still open. */
  ROLE_ACK_AGAIN,        /* Acknowledges a FIN once more. */
  ROLE_RST_REFUSES,      /* Answers a SYN. */
  ROLE_RST_ABORTS,       /* Ends an open connection. */
  ROLE_RST_CLOSES,       /* Ends a connection that was being closed. */
  ROLE_RST_IGNORED,      /* Has no effect. */
  ROLE_COUNT
};

struct move {
  tcpflow_side side;
  tcpflow_state from;
  tcpflow_state to;
  tcpflow_stimulus stimulus;
  int inferred;
};

/* A segment that is told whole. */
struct step {
  char *line; /* As tcpdump prints it. */
  uint64_t number;
  tcpflow_time time;
  tcpflow_verdict verdict;
  enum role role;
  tcpflow_side side; /* Who sent it. */
  tcpflow_seq seq;
  tcpflow_seq ack;
  uint32_t payload;
  uint16_t flags;
  uint16_t window;
  uint8_t ttl; /* 0: not known. */
  uint8_t option_bytes[TCPFLOW_OPTIONS_MAX];
  size_t options_length;
  size_t options_captured;
  tcpflow_options options;
  int acks_syn; /* Acknowledges the other side's SYN for the first time. */
  int acks_fin; /* Likewise its FIN. */
  tcpflow_state before[2];
  struct move moves[MOVES_MAX];
  size_t move_count;
};

/* A segment between opening and close that is worth a line. */
struct event {
  uint64_t number;
  tcpflow_time time;
  tcpflow_verdict verdict;
  tcpflow_side side;
  tcpflow_seq seq;
  uint32_t payload;
};

/* One direction. */
struct direction {
  int iss_known; /* `iss` is set. */
  tcpflow_seq iss;
  int syn_acked;
  int fin_sent; /* `fin` is set: the FIN's own number. */
  tcpflow_seq fin;
  int fin_acked;
  uint64_t segments;          /* All of them. */
  uint64_t middle_segments;   /* Those that are no steps. */
  uint64_t middle_payload;    /* Their data, sent twice counted twice. */
  uint64_t late_payload;      /* Data after the other side's FIN. */
  uint64_t gaps[GAP_REASONS]; /* Missing octets, by reason. */
  tcpflow_time syn_time;      /* Of its latest SYN. */
  uint64_t syns;              /* SYNs without ACK. */
  uint64_t syn_acks;          /* SYNs with ACK. */
  uint8_t ttl;                /* Of the first segment; 0: not known. */
  uint64_t first_number;      /* Of the frame that holds it. */
  tcpflow_endpoint_info info; /* At the end. */
};

struct story {
  struct story *next;
  uint64_t number; /* From 1. */
  tcpflow_tuple tuple;
  char *host[2]; /* The names that the text gave; NULL: addresses. */
  int from_text; /* Read from tcpdump's lines. */
  int established;
  int ended;
  struct step *opening[STEPS_MAX];
  struct step *closing[STEPS_MAX];
  size_t opening_count;
  size_t closing_count;
  uint64_t steps_left_out;
  struct step *current; /* The step that the latest segment is; or NULL. */
  struct direction direction[2];
  struct event events[EVENTS_MAX];
  size_t event_count;
  uint64_t events_left_out;
  uint64_t verdicts[TCPFLOW_VERDICT_COUNT]; /* Segments with each bit. */
  tcpflow_time syn_first;                   /* Of the client's SYNs. */
  tcpflow_time syn_last;
  tcpflow_time middle_first; /* Of what lies between. */
  tcpflow_time middle_last;
  int first_fin; /* The side that closed first; -1: none. */
  tcpflow_conn_info info;
  tcpflow_end_event end;
};

/* Makes a story of a connection that begins. */
struct story *story_new(uint64_t number, const tcpflow_new_event *event);

void story_del(struct story *story);

/* The callbacks of conn.h, in their order.  `line` makes the printed form of a
 * packet; the story releases it. */
void story_segment(struct story *story, const tcpflow_segment_event *event,
                   char *(*line)(void *maker, const tcpflow_packet *packet),
                   void *maker);
void story_state(struct story *story, const tcpflow_state_event *event);
void story_gap(struct story *story, const tcpflow_gap_event *event);
void story_end(struct story *story, const tcpflow_conn *conn,
               const tcpflow_end_event *event);

/* What the verdicts are that make a segment worth a line. */
#define NOTABLE_VERDICTS                                                       \
  (TCPFLOW_VERDICT_GAP_BEFORE | TCPFLOW_VERDICT_RETRANSMISSION |               \
   TCPFLOW_VERDICT_SPURIOUS_RETRANSMISSION |                                   \
   TCPFLOW_VERDICT_FAST_RETRANSMISSION | TCPFLOW_VERDICT_OUT_OF_ORDER |        \
   TCPFLOW_VERDICT_PARTIAL_OVERLAP | TCPFLOW_VERDICT_ACK_UNSEEN |              \
   TCPFLOW_VERDICT_ZERO_WINDOW | TCPFLOW_VERDICT_WINDOW_FULL |                 \
   TCPFLOW_VERDICT_KEEP_ALIVE | TCPFLOW_VERDICT_KEEP_ALIVE_ACK |               \
   TCPFLOW_VERDICT_ZERO_WINDOW_PROBE | TCPFLOW_VERDICT_ZERO_WINDOW_PROBE_ACK | \
   TCPFLOW_VERDICT_BEFORE_WINDOW | TCPFLOW_VERDICT_BEYOND_WINDOW |             \
   TCPFLOW_VERDICT_PAWS | TCPFLOW_VERDICT_SYN_RETRANSMISSION |                 \
   TCPFLOW_VERDICT_SYN_IN_CONNECTION | TCPFLOW_VERDICT_SYN_OTHER_ISN |         \
   TCPFLOW_VERDICT_RST_CHALLENGED | TCPFLOW_VERDICT_RST_OUT_OF_WINDOW |        \
   TCPFLOW_VERDICT_RST_UNACCEPTABLE | TCPFLOW_VERDICT_FIN_MOVED |              \
   TCPFLOW_VERDICT_BEYOND_FIN | TCPFLOW_VERDICT_BAD_FLAGS |                    \
   TCPFLOW_VERDICT_BAD_OPTIONS | TCPFLOW_VERDICT_BAD_CHECKSUM |                \
   TCPFLOW_VERDICT_URGENT | TCPFLOW_VERDICT_CE)

/* The other side's first octet of data has this number, if `iss_known`. */
static inline tcpflow_seq direction_relative(const struct direction *direction,
                                             tcpflow_seq seq) {
  return tcpflow_seq_distance(direction->iss, seq);
}

#endif
