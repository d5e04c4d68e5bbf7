/*
 * lib/conn/conn.h - a connection as the rooms above see it.
 *
 * Room: conn.  Includes: base, segment, fsm, reasm.  track keeps connections in
 * places of its own and shares one environment among them; a connection holds
 * no pointer into itself.
 */
#ifndef TCPFLOW__CONN_CONN_H
#define TCPFLOW__CONN_CONN_H

#include <stdbool.h>

#include <tcpflow/conn.h>

#include "conn/shortends.h"
#include "reasm/past.h"
#include "reasm/reasm.h"
#include "reasm/retell.h"
#include "segment/endpoint.h"
#include "segment/prints.h"

/* Figures of an owner of many connections; NULL: it has none. */
typedef struct tcpflow__tally {
  uint64_t *established; /* Both endpoints are open. */
  uint64_t *flipped;     /* Client and server changed places. */
  uint64_t *ignored;     /* Its caller does not want to hear of it. */
  uint64_t *reversed;    /* An end was taken back. */
} tcpflow__tally;

static inline void tcpflow__tally_one(uint64_t *figure) {
  if (figure != NULL) {
    ++*figure;
  }
}

/* A set of anomalies. */
typedef struct tcpflow__anomaly_set {
  uint64_t word[2];
} tcpflow__anomaly_set;

_Static_assert(TCPFLOW_ANOMALY_COUNT <= 128, "the set has 128 bits");

/* What many connections share: whom to tell, and how much may be held. */
typedef struct tcpflow__conn_env {
  tcpflow_conn_callbacks callbacks;
  void *user;
  tcpflow__reasm_limits limits;           /* Of one direction. */
  tcpflow__budget budget;                 /* Of all connections together. */
  void (*on_timeout)(tcpflow_conn *conn); /* Its owner's timers shall look at
                                   timeouts anew.  NULL: there are none. */
  void (*on_roles)(tcpflow_conn *conn);   /* Client and server have changed
                                   places.  NULL: its owner need not know. */
  int (*unfold)(tcpflow_conn *conn);      /* Its owner gives a folded connection
                                   its sides: TCPFLOW_OK or
                                   TCPFLOW_ERR_NOMEM.  NULL: none is folded. */
  const struct tcpflow__sides *blank; /* What the sides of each begin as, where
                                         some are folded. */
  tcpflow__tally tally;
  tcpflow__prints prints;    /* Its owner's. */
  tcpflow_time reset_linger; /* How long an end may be in doubt. */
  tcpflow_time close_linger; /* How long it waits behind two FINs. */
  tcpflow_time gap_grace;    /* How long an acknowledged hole is waited for, */
  tcpflow_time hole_timeout; /* and how long any hole is. */
  uint64_t extras;           /* Octets of the extras of all connections. */
  tcpflow__anomaly_set odd;  /* Of the segment at hand; empty between calls. */
  tcpflow__hearing hearing;  /* What a callback is told, */
  const tcpflow_conn *told_of; /* and of whom. */
  tcpflow_side told_side;
  bool telling;            /* A callback is running. */
  bool saving;             /* It takes the octets of a checkpoint: nothing may
                                change. */
  bool stopped;            /* One asked to stop; reset by each call. */
  uint32_t strict;         /* tcpflow_strict_flag bits. */
  tcpflow__past_rule past; /* What is remembered of told octets. */
  uint8_t rst_taste;       /* tcpflow__rst_taste of a new connection. */
  uint8_t overlap;         /* tcpflow_overlap likewise. */
  uint8_t urgent_policy;   /* A tcpflow_urgent_policy. */
  uint8_t delivery;        /* A tcpflow_delivery, of a new connection. */
  bool routine;            /* Expected segments go the short way. */
} tcpflow__conn_env;

struct tcpflow__conn_extra;

/* How a connection is told on, and what of it is past.  Bits. */
enum {
  TCPFLOW__CONN_BEGUN = 1 << 0,     /* `new` was told. */
  TCPFLOW__CONN_OPEN = 1 << 1,      /* `established` was told. */
  TCPFLOW__CONN_ENDED = 1 << 2,     /* `end` was told. */
  TCPFLOW__CONN_IGNORED = 1 << 3,   /* Nothing but `end` is wanted. */
  TCPFLOW__CONN_END_ASKED = 1 << 4, /* tcpflow_conn_end() in a callback. */
  TCPFLOW__CONN_HAS_TUPLE = 1 << 5,
  TCPFLOW__CONN_SYN_AGAIN = 1 << 6, /* A SYN was seen twice: no RTT of it. */
  TCPFLOW__CONN_SYN_ACK_AGAIN = 1 << 7,
  TCPFLOW__CONN_CROSSED = 1 << 8,        /* Both FINs before either's ACK. */
  TCPFLOW__CONN_TIME_WAIT_OVER = 1 << 9, /* A RST ended it (RFC 1337). */
  TCPFLOW__CONN_STOP_CLIENT = 1 << 10,   /* Its data is not wanted. */
  TCPFLOW__CONN_STOP_SERVER = 1 << 11,   /* Its data is not wanted. */
  TCPFLOW__CONN_SUCCEEDS = 1 << 12,  /* The tuple had a connection before. */
  TCPFLOW__CONN_STOP_NEWS = 1 << 13, /* A STOP is new: what is held goes. */
  TCPFLOW__CONN_LONE = 1 << 14,      /* It opened while only one side was
                                          heard, and is not trusted. */
  TCPFLOW__CONN_DOUBTED = 1 << 15,   /* A RST, or an ICMP error, ended it unless
                                          what follows shows otherwise. */
  TCPFLOW__CONN_SKIPS = 1 << 20,     /* Of a stream, octets are skipped. */
  TCPFLOW__CONN_SPOKE_CLIENT = 1 << 16, /* It has sent data or a FIN since the
                                           connection was picked up. */
  TCPFLOW__CONN_SPOKE_SERVER = 1 << 17,
  TCPFLOW__CONN_ONE_SIDED = 1 << 19, /* The anomaly was told. */
  TCPFLOW__CONN_GATED = 1 << 21,     /* Octets wait for their acknowledgment. */
  TCPFLOW__CONN_KEEPS = 1 << 24,     /* Told octets may be wanted again. */
  TCPFLOW__CONN_HOLES = 1 << 22,     /* Of a stream, a hole is waited for. */
  TCPFLOW__CONN_HOLE_NEWS = 1 << 23, /* With the segment at hand one may
                                        begin. */
  TCPFLOW__CONN_GUESSED = 1 << 18, /* It was picked up, and one of them has not:
                                      it may have sent its FIN before. */
  TCPFLOW__CONN_FIN_CLIENT = 1 << 25, /* A FIN was seen, the client's first; */
  TCPFLOW__CONN_FIN_SERVER = 1 << 26, /* the server's first. */
  TCPFLOW__CONN_FOLDED = 1 << 27,     /* It has no sides (fold.h): */
  TCPFLOW__CONN_REMAINS = 1 << 28,    /* not any more, because it has ended
                                         (remains.h), */
  TCPFLOW__CONN_ASLEEP = 1 << 29      /* or not now, because it is idle
                                         (sleep.h). */
};

/* What both sides have; its owner finds a place for it. */
typedef struct tcpflow__sides {
  tcpflow__endpoint end[2]; /* By tcpflow_side.  First: its address is that of
                               the whole. */
  tcpflow__reasm stream[2]; /* What that side sent. */
  tcpflow_time syn_time;    /* Of the SYN; then, of the SYN and ACK. */
  tcpflow_time rtt[2];      /* Of the handshake: from here to that side and
                               back. */
} tcpflow__sides;

/* What a SYN says that is not said elsewhere (fold.h). */
typedef struct tcpflow__folded {
  tcpflow_seq iss;
  uint32_t ts_first;
  uint16_t window;
  uint16_t mss;
  uint16_t ecn;
  uint16_t bits; /* TCPFLOW__END_ */
  uint8_t wscale;
  uint8_t ip_ttl;
  uint8_t proof[2];
} tcpflow__folded;

/* What is left of an endpoint: the same as in tcpflow__endpoint. */
typedef struct tcpflow__remains {
  tcpflow_seq base;
  tcpflow_seq snd_una;
  tcpflow_seq snd_nxt;
  uint32_t ts_recent;
} tcpflow__remains;

/* The size matters: there may be millions. */
struct tcpflow_conn {
  tcpflow__conn_env *env;
  struct tcpflow__conn_extra *extra; /* NULL: nothing to remember so far. */
  union {
    struct {
      void *data;         /* The caller's. */
      tcpflow_time first; /* Of the first segment. */
    };
    tcpflow__remains client; /* While it has nothing else. */
  };
  union {
    struct {
      union {
        struct {
          union {
            tcpflow__sides *sides;
            tcpflow__endpoint *end; /* Those of its sides. */
            uint8_t *asleep;        /* What is kept of them while it sleeps. */
          };
          struct tcpflow__wait *wait; /* NULL: it waits for nothing. */
        };
        tcpflow__remains server; /* Likewise. */
      };
      tcpflow_time last; /* Latest time seen. */
    };
    tcpflow__folded folded; /* While nothing but a SYN is known. */
  };
  uint32_t bits; /* TCPFLOW__CONN_ */
  union {
    uint32_t kinds; /* All of: */
    struct {
      uint32_t open_kind : 4;  /* tcpflow_open_kind */
      uint32_t end_reason : 5; /* tcpflow_end_reason */
      uint32_t close_kind : 5; /* tcpflow_close_kind */
      uint32_t role : 4;       /* tcpflow_role_basis */
      uint32_t rst_taste : 4;  /* tcpflow__rst_taste */
      uint32_t reserved : 2;
      uint32_t stage : 8; /* Known of its course (stage.h); then, of remains,
                             what else is left. */
    };
  };
  tcpflow__ends ends;
};

/*
 * Reads what the caller configured into an environment; the budget's cap stays
 * 0, for the owner to set.  TCPFLOW_OK, TCPFLOW_ERR_VERSION or
 * TCPFLOW_ERR_INVALID, as tcpflow_conn_new() answers them.
 */
int tcpflow__conn_env_init(tcpflow__conn_env *env,
                           const tcpflow_conn_config *config,
                           const tcpflow_conn_callbacks *callbacks,
                           const tcpflow_mem *mem, void *user);

/* Prepares a connection in which nothing has been seen, with sides of its own;
   it has no tuple.  Does not allocate; env outlives the connection. */
void tcpflow__conn_init(tcpflow_conn *conn, tcpflow__sides *sides,
                        tcpflow__conn_env *env);

/* Frees what the connection holds, tells nothing. */
void tcpflow__conn_clear(tcpflow_conn *conn);

/* Follows an ICMP error about a segment of one side, whose number it quotes;
   see tcpflow_conn_feed_icmp(). */
void tcpflow__conn_icmp(tcpflow_conn *conn, tcpflow_side quoted,
                        const tcpflow_packet *packet, tcpflow_time now);

/* Octets of a TCP header that must be quoted for its number to be known. */
#define TCPFLOW__ICMP_QUOTED 8U

/* Ends the connection if it was begun and has not ended: tells what is held,
   then `end`. */
void tcpflow__conn_finish(tcpflow_conn *conn, tcpflow_time time,
                          const tcpflow_segment *segment,
                          tcpflow_end_reason reason);

/* The function below for a connection that may be over, or remembers SYNs. */
tcpflow_conn_claim tcpflow__conn_claims_slow(const tcpflow_conn *conn,
                                             tcpflow_side sender,
                                             const tcpflow_segment *segment);

/* Says whose a segment is.  sender: who sent it, by this connection's tuple.
   RFC 9293 section 3.10.7.4: where nothing has ended, not even one direction,
   a SYN begins nothing. */
static inline tcpflow_conn_claim
tcpflow__conn_claims(const tcpflow_conn *conn, tcpflow_side sender,
                     const tcpflow_segment *segment) {
  const uint32_t over = TCPFLOW__CONN_ENDED | TCPFLOW__CONN_DOUBTED |
                        TCPFLOW__CONN_FIN_CLIENT | TCPFLOW__CONN_FIN_SERVER;

  return conn->extra == NULL && (conn->bits & over) == 0
           ? TCPFLOW_CLAIM_MINE
           : tcpflow__conn_claims_slow(conn, sender, segment);
}

/* What is odd about the segment's taking the ports; 0: nothing. */
tcpflow_anomaly tcpflow__conn_reuse(const tcpflow_conn *conn,
                                    tcpflow_side sender,
                                    const tcpflow_segment *segment);

/* A straggler of a connection that has ended: some tell whether the next one
   may begin.  TCPFLOW_OK, or TCPFLOW_ERR_NOMEM with nothing changed. */
int tcpflow__conn_linger(tcpflow_conn *conn, tcpflow_side sender,
                         const tcpflow_segment *segment);

/* Whether a segment of an unknown tuple is worth a connection: not a RST, and
   not nonsense flags. */
bool tcpflow__conn_begins(const tcpflow_segment *segment);

/* A caller may pass any number where a side is wanted. */
static inline bool tcpflow__is_side(tcpflow_side side) {
  return side == TCPFLOW_SIDE_CLIENT || side == TCPFLOW_SIDE_SERVER;
}

static inline bool tcpflow__conn_ended(const tcpflow_conn *conn) {
  return (conn->bits & TCPFLOW__CONN_ENDED) != 0;
}

/* Nothing but `end` is wanted of it: options and streams do not matter. */
static inline bool tcpflow__conn_ignored(const tcpflow_conn *conn) {
  return (conn->bits & TCPFLOW__CONN_IGNORED) != 0;
}

/* Both endpoints are (or were) open. */
static inline bool tcpflow__conn_opened(const tcpflow_conn *conn) {
  return (conn->bits & TCPFLOW__CONN_OPEN) != 0;
}

/* The only side of which the capture shows segments, though the other one
   speaks (a tcpflow_side); -1: it does not look so. */
int tcpflow__conn_one_sided(const tcpflow_conn *conn);

/* It has no sides. */
static inline bool tcpflow__conn_is_folded(const tcpflow_conn *conn) {
  return (conn->bits & TCPFLOW__CONN_FOLDED) != 0;
}

/* It has none so far: nothing but a SYN is known of it. */
static inline bool tcpflow__conn_is_syn(const tcpflow_conn *conn) {
  const uint32_t folded =
    TCPFLOW__CONN_FOLDED | TCPFLOW__CONN_REMAINS | TCPFLOW__CONN_ASLEEP;

  return (conn->bits & folded) == TCPFLOW__CONN_FOLDED;
}

/* It has none now: it is idle. */
static inline bool tcpflow__conn_sleeps(const tcpflow_conn *conn) {
  return (conn->bits & TCPFLOW__CONN_ASLEEP) != 0;
}

/* It has none, and will again when a segment comes. */
static inline bool tcpflow__conn_lacks_sides(const tcpflow_conn *conn) {
  return (conn->bits & (TCPFLOW__CONN_FOLDED | TCPFLOW__CONN_REMAINS)) ==
         TCPFLOW__CONN_FOLDED;
}

/* Latest time seen. */
static inline tcpflow_time tcpflow__conn_last(const tcpflow_conn *conn) {
  return tcpflow__conn_is_syn(conn) ? conn->first : conn->last;
}

/* A FIN was seen. */
static inline bool tcpflow__conn_closing(const tcpflow_conn *conn) {
  return (conn->bits & (TCPFLOW__CONN_FIN_CLIENT | TCPFLOW__CONN_FIN_SERVER)) !=
         0;
}

/* Both endpoints were open, no FIN was seen, no hole is waited for, and it has
   its sides. */
static inline bool tcpflow__conn_goes_on(const tcpflow_conn *conn) {
  const uint32_t others = TCPFLOW__CONN_FIN_CLIENT | TCPFLOW__CONN_FIN_SERVER |
                          TCPFLOW__CONN_HOLES | TCPFLOW__CONN_FOLDED;

  return (conn->bits & (others | TCPFLOW__CONN_OPEN)) == TCPFLOW__CONN_OPEN;
}

/* Whose FIN was the first: a tcpflow_side, or -1. */
static inline int tcpflow__conn_first_fin(const tcpflow_conn *conn) {
  if (!tcpflow__conn_closing(conn)) {
    return -1;
  }
  return (conn->bits & TCPFLOW__CONN_FIN_SERVER) != 0 ? TCPFLOW_SIDE_SERVER
                                                      : TCPFLOW_SIDE_CLIENT;
}

/* Both FINs were seen; for one that has its sides. */
static inline bool tcpflow__conn_both_closed(const tcpflow_conn *conn) {
  return (conn->end[0].bits & conn->end[1].bits & TCPFLOW__END_FIN) != 0;
}

/* Where it stands, for one that is not open. */
tcpflow_phase tcpflow__conn_phase_slow(const tcpflow_conn *conn);

/* Is it open, or closing, and not in doubt?  It has its sides then, or is
   asleep. */
static inline bool tcpflow__conn_is_open(const tcpflow_conn *conn) {
  const uint32_t unusual =
    TCPFLOW__CONN_ENDED | TCPFLOW__CONN_LONE | TCPFLOW__CONN_DOUBTED;

  return (conn->bits & (unusual | TCPFLOW__CONN_OPEN)) == TCPFLOW__CONN_OPEN;
}

/* Where one stands that is. */
static inline tcpflow_phase tcpflow__conn_phase_open(const tcpflow_conn *conn) {
  if (!tcpflow__conn_closing(conn)) {
    return TCPFLOW_PHASE_OPEN;
  }
  return tcpflow__conn_both_closed(conn) ? TCPFLOW_PHASE_CLOSING
                                         : TCPFLOW_PHASE_HALF_CLOSED;
}

/* Where it stands. */
static inline tcpflow_phase tcpflow__conn_phase(const tcpflow_conn *conn) {
  return tcpflow__conn_is_open(conn) ? tcpflow__conn_phase_open(conn)
                                     : tcpflow__conn_phase_slow(conn);
}

/* When a connection in phase RESET ends, if nothing follows;
   TCPFLOW_TIME_NONE in any other phase. */
tcpflow_time tcpflow__conn_doubt_due(const tcpflow_conn *conn);

/* The phases whose timeouts a connection may have for itself: those before
   RESET. */
#define TCPFLOW__TIMED_PHASES 6U

_Static_assert(TCPFLOW_PHASE_RESET == TCPFLOW__TIMED_PHASES,
               "RESET and ENDED are the last ones");

/* The function below for a connection with an extra. */
tcpflow_time tcpflow__conn_timeout_own(const tcpflow_conn *conn, unsigned phase,
                                       tcpflow_time common);

/* The timeout of a phase; COMMON unless the connection has its own. */
static inline tcpflow_time tcpflow__conn_timeout(const tcpflow_conn *conn,
                                                 unsigned phase,
                                                 tcpflow_time common) {
  return conn->extra == NULL ? common
                             : tcpflow__conn_timeout_own(conn, phase, common);
}

#endif /* TCPFLOW__CONN_CONN_H */
