/**
 * @file tcpflow/conn.h
 * @brief One TCP connection seen from the middle: two endpoints, one clock.
 *
 * The caller feeds segments in capture order and says who sent each; the
 * library follows both endpoints through RFC 9293, puts both streams in order,
 * and tells what happens.  It reads no clock, socket or file.  A
 * #tcpflow_conn belongs to one thread at a time; distinct objects share
 * nothing.
 *
 * Callers with many connections use tracker.h, which owns connections and
 * tells through these same callbacks.  Callers with a flow table of their own
 * use a #tcpflow_conn alone.
 */
#ifndef TCPFLOW_CONN_H
#define TCPFLOW_CONN_H

#include <tcpflow/anomaly.h>
#include <tcpflow/base.h>
#include <tcpflow/facts.h>
#include <tcpflow/packet.h>
#include <tcpflow/segment.h>
#include <tcpflow/state.h>
#include <tcpflow/stream.h>

TCPFLOW_BEGIN_DECLS

/** @brief An opaque connection.  @since 0.1 */
typedef struct tcpflow_conn tcpflow_conn;

/** @name Events
 * Allocated by the library, borrowed: each dies with its callback.  Members
 * are appended.  `cause` is the segment that brought it; NULL when a timer or
 * the caller did.
 * @{ */

/** @brief A connection begins to be followed.  @since 0.1 */
typedef struct tcpflow_new_event {
  /** Capture time of the cause. */
  tcpflow_time time;
  /** Client first.  NULL if the connection was made without one. */
  const tcpflow_tuple *tuple;
  /** The first segment. */
  const tcpflow_segment *cause;
  /** Who sent it. */
  tcpflow_side side;
  /** How it is known who is the client. */
  tcpflow_role_basis role;
} tcpflow_new_event;

/** @brief What a segment means.  Told for every segment.  @since 0.1 */
typedef struct tcpflow_segment_event {
  /** Capture time. */
  tcpflow_time time;
  /** The segment. */
  const tcpflow_segment *segment;
  /** TCPFLOW_VERDICT_ bits. */
  tcpflow_verdict verdict;
  /** Of its first octet of data in the stream of its sender; UINT64_MAX if it
      stands before the stream, or has no place in it. */
  uint64_t offset;
  /** The window it offers, in octets, scaled by the rules of RFC 7323 section
      2.2. */
  uint64_t window;
  /** 0: the scale was not captured, and @p window is unscaled. */
  int window_known;
  /** Who sent it. */
  tcpflow_side side;
  /** Both endpoints' states before it. */
  tcpflow_state before[2];
  /** And after. */
  tcpflow_state after[2];
  /** How sure those are. */
  tcpflow_proof proof[2];
  /** If it announces urgent data: of the octet behind that, in the stream of
      its sender; what it points at counts from the segment's number (RFC 6093
      section 3.1), and may lie in it, behind it, or at its first octet, where
      nothing is urgent.  UINT64_MAX otherwise, or if it has no place. */
  uint64_t urgent;
} tcpflow_segment_event;

/**
 * @brief Client and server had been taken for each other.
 *
 * From this event on, `side` means what it should have meant: in all events,
 * facts and calls, also for what is past.
 * @since 0.1
 */
typedef struct tcpflow_flip_event {
  /** Capture time of the cause. */
  tcpflow_time time;
  /** The segment that shows it. */
  const tcpflow_segment *cause;
  /** The real client first.  NULL if the connection was made without one. */
  const tcpflow_tuple *tuple;
  /** How it is known. */
  tcpflow_role_basis role;
} tcpflow_flip_event;

/** @brief An endpoint moved.  @since 0.1 */
typedef struct tcpflow_state_event {
  /** Capture time of the cause. */
  tcpflow_time time;
  /** The segment.  NULL: a timer, or an ICMP error. */
  const tcpflow_segment *cause;
  /** The endpoint that moved. */
  tcpflow_side side;
  /** State before. */
  tcpflow_state from;
  /** State after; differs from @p from. */
  tcpflow_state to;
  /** What moved it. */
  tcpflow_stimulus stimulus;
  /** Non-zero: the segment that did it was not captured; @p cause proves it. */
  int inferred;
  /** How sure the new state is. */
  tcpflow_proof proof;
} tcpflow_state_event;

/** @brief Both endpoints are open.  @since 0.1 */
typedef struct tcpflow_established_event {
  /** Capture time of the cause. */
  tcpflow_time time;
  /** The segment that completed it. */
  const tcpflow_segment *cause;
  /** How. */
  tcpflow_open_kind kind;
  /** From the SYN to the SYN and ACK: the way from the capture point to the
      server and back.  #TCPFLOW_TIME_NONE if a SYN was sent twice and no
      timestamp tells which one was answered (Karn), or if it was not
      captured. */
  tcpflow_time rtt_server;
  /** From the SYN and ACK to its ACK: the way to the client and back.
      #TCPFLOW_TIME_NONE likewise. */
  tcpflow_time rtt_client;
} tcpflow_established_event;

/** @brief Data in order.  @since 0.1 */
typedef struct tcpflow_data_event {
  tcpflow_time time;               /**< Capture time of the cause. */
  const tcpflow_segment *cause;    /**< What completed it. */
  const tcpflow_stream_data *data; /**< Offset, bytes and length. */
  tcpflow_side side;               /**< Who sent it. */
} tcpflow_data_event;

/** @brief Data that never comes.  @since 0.1 */
typedef struct tcpflow_gap_event {
  tcpflow_time time;             /**< Capture time of the cause. */
  const tcpflow_segment *cause;  /**< What settled it. */
  const tcpflow_stream_gap *gap; /**< Offset, length and reason. */
  tcpflow_side side;             /**< Who had sent it. */
} tcpflow_gap_event;

/**
 * @brief The stream gets to an octet that its sender has marked as urgent.
 *
 * It is told at its place: behind the data and gaps before it, and in front of
 * the data that it lies in, or of the gap.  Of more than four marks that are
 * still ahead, the farthest are forgotten (#TCPFLOW_ANOMALY_URGENT_LOST), as
 * are those in a SYN; their octets stay in the stream.
 * @rfc{6093,3.1}
 * @since 0.1
 */
typedef struct tcpflow_urgent_event {
  tcpflow_time time;            /**< Capture time of the cause. */
  const tcpflow_segment *cause; /**< What brought the stream there. */
  uint64_t offset;              /**< The octet's, in front of the pointer. */
  int octet;                    /**< 0 to 255; -1: it is missing, or the policy
                                     is #TCPFLOW_URGENT_STRIP. */
  tcpflow_side side;            /**< Who sent it. */
} tcpflow_urgent_event;

/**
 * @brief Octets that came twice, and not the same.
 * @rfc{9293,3.4}
 * @since 0.1
 */
typedef struct tcpflow_conflict_event {
  /** Capture time of the cause. */
  tcpflow_time time;
  /** What brought the second ones. */
  const tcpflow_segment *cause;
  /** Where, and both versions. */
  const tcpflow_stream_conflict *conflict;
  /** Who sent them, by its addresses and ports: it may have been forged. */
  tcpflow_side side;
} tcpflow_conflict_event;

/**
 * @brief A RST with payload, which often is a text that says why.
 *
 * It is never part of the stream, and is told whether or not the RST counts
 * (#TCPFLOW_VERDICT_RST_ACCEPTED of `on_segment` says that).
 * @rfc{9293,3.5.3}
 * @since 0.1
 */
typedef struct tcpflow_rst_data_event {
  tcpflow_time time;            /**< Capture time. */
  const tcpflow_segment *cause; /**< The RST. */
  tcpflow_side side;            /**< Who sent it. */
  uint32_t length;              /**< Octets of payload. */
  uint32_t captured;            /**< The first of them, which are there. */
  const uint8_t *bytes; /**< These; borrowed.  NULL if there are none. */
} tcpflow_rst_data_event;

/** @brief Something odd.  @since 0.1 */
typedef struct tcpflow_anomaly_event {
  /** Capture time of the cause. */
  tcpflow_time time;
  /** The segment.  NULL: an ICMP error. */
  const tcpflow_segment *cause;
  /** What. */
  tcpflow_anomaly anomaly;
  /** Who sent the segment; or the one that an ICMP error quotes. */
  tcpflow_side side;
  /** The how many-th in this connection: 1, 10, 100, ... */
  uint32_t count;
} tcpflow_anomaly_event;

/** @brief What an ICMP error says of a connection.  @since 0.1 */
typedef enum tcpflow_icmp_kind {
  TCPFLOW_ICMP_OTHER = 0,     /**< Anything else: parameter problem, ... */
  TCPFLOW_ICMP_UNREACHABLE,   /**< Net, host, protocol or port; or a filter. */
  TCPFLOW_ICMP_TOO_BIG,       /**< The packet does not fit: `mtu` tells. */
  TCPFLOW_ICMP_TIME_EXCEEDED, /**< A loop, or a traceroute. */
  TCPFLOW_ICMP_QUENCH         /**< Source quench (RFC 6633: to be ignored). */
} tcpflow_icmp_kind;

/**
 * @brief An ICMP error quotes a segment of the connection.
 * @rfc{1122,4.2.3.9}
 * @rfc{5927,4.1}
 * @since 0.1
 */
typedef struct tcpflow_icmp_event {
  /** Capture time. */
  tcpflow_time time;
  /** The ICMP packet: type, code, and what it quotes; borrowed. */
  const tcpflow_packet *packet;
  /** What it means. */
  tcpflow_icmp_kind kind;
  /** Whose segment is quoted: to whom the error is sent. */
  tcpflow_side side;
  /** The number of that segment. */
  tcpflow_seq seq;
  /** MTU of the next hop; 0: not told. */
  uint32_t mtu;
  /** Non-zero: a segment with that number is in flight (RFC 5927 section 4.1).
      Otherwise a receiver should ignore the error.  A segment without data
      never is; Linux takes errors about it. */
  int plausible;
} tcpflow_icmp_event;

/** @brief The connection is over.  The last event of it.  @since 0.1 */
typedef struct tcpflow_end_event {
  /** Capture time of the cause. */
  tcpflow_time time;
  /** The segment.  NULL: a timer, the caller. */
  const tcpflow_segment *cause;
  /** Why. */
  tcpflow_end_reason reason;
  /** #TCPFLOW_END_RESET: who sent the RST. #TCPFLOW_END_FIN: who closed first.
      #TCPFLOW_END_UNREACHABLE: who could not be reached, which is not the one
      whose segment the error quotes.  Otherwise without meaning. */
  tcpflow_side side;
  /** #TCPFLOW_END_FIN: both closed before either knew of the other's FIN. */
  int simultaneous;
  /** Where both endpoints stand. */
  tcpflow_state state[2];
  /** How it closed, in one word. */
  tcpflow_close_kind kind;
} tcpflow_end_event;
/** @} */

/**
 * @brief What a connection tells.  Members left NULL are skipped.
 *
 * The order inside one segment is: new, flip, segment, state (in the order of
 * the moves), established, data, gap, urgent and conflict (in the order of each
 * stream; a conflict before what its segment completes), rst_data, anomaly,
 * end.  What a connection that ends still holds comes behind rst_data, and only
 * where an anomaly's callback ends the connection, behind anomaly.
 * An ICMP error brings: icmp, state, anomaly, end.  There is exactly one `new`
 * and, after it, exactly one `end`.
 *
 * A callback returns 0 to go on; any other value stops the telling: the call
 * in progress finishes its work silently, but for `end`, and answers
 * #TCPFLOW_ERR_CALLBACK.  The next call tells as ever; tcpflow_conn_ignore()
 * is for good.  Inside a callback, only functions marked callbacksafe (in the
 * manual: "May be called") may be called for the same connection or its
 * tracker; the others answer #TCPFLOW_ERR_STATE.  A callback must return: no
 * longjmp(3) and no exception may leave it.
 * @since 0.1  Members are appended; `size` tells the library which exist.
 */
typedef struct tcpflow_conn_callbacks {
  /** Set by tcpflow_conn_callbacks_init(). */
  size_t size;
  /** A connection begins. */
  int (*on_new)(tcpflow_conn *conn, const tcpflow_new_event *event, void *user);
  /** A segment was judged. */
  int (*on_segment)(tcpflow_conn *conn, const tcpflow_segment_event *event,
                    void *user);
  /** An endpoint changed state. */
  int (*on_state)(tcpflow_conn *conn, const tcpflow_state_event *event,
                  void *user);
  /** Both endpoints are open. */
  int (*on_established)(tcpflow_conn *conn,
                        const tcpflow_established_event *event, void *user);
  /** Data in order. */
  int (*on_data)(tcpflow_conn *conn, const tcpflow_data_event *event,
                 void *user);
  /** Missing data. */
  int (*on_gap)(tcpflow_conn *conn, const tcpflow_gap_event *event, void *user);
  /** Something odd.  What is odd about streams (#TCPFLOW_ANOMALY_HELD_LIMIT,
      #TCPFLOW_ANOMALY_OVERLAP_CONFLICT) shows only where `on_data`, `on_gap` or
      `on_conflict` is set: otherwise nothing is held. */
  int (*on_anomaly)(tcpflow_conn *conn, const tcpflow_anomaly_event *event,
                    void *user);
  /** The connection is over.  Release here what was attached to it. */
  int (*on_end)(tcpflow_conn *conn, const tcpflow_end_event *event, void *user);
  /** Client and server change places. */
  int (*on_flip)(tcpflow_conn *conn, const tcpflow_flip_event *event,
                 void *user);
  /** An ICMP error about the connection. */
  int (*on_icmp)(tcpflow_conn *conn, const tcpflow_icmp_event *event,
                 void *user);
  /** The stream gets to an urgent octet. */
  int (*on_urgent)(tcpflow_conn *conn, const tcpflow_urgent_event *event,
                   void *user);
  /** Octets that came twice, and not the same. */
  int (*on_conflict)(tcpflow_conn *conn, const tcpflow_conflict_event *event,
                     void *user);
  /** Payload of a RST. */
  int (*on_rst_data)(tcpflow_conn *conn, const tcpflow_rst_data_event *event,
                     void *user);
} tcpflow_conn_callbacks;

/**
 * @brief Unsets every callback.
 * @param[out] callbacks The table; call this before setting a member.
 * @since 0.1
 */
static inline void
tcpflow_conn_callbacks_init(tcpflow_conn_callbacks *callbacks) {
  tcpflow_sized_init(callbacks, sizeof(*callbacks));
}

/** @brief How a connection is followed.  @since 0.1 */
typedef struct tcpflow_conn_config {
  /** Set by tcpflow_conn_config_init(). */
  size_t size;
  /** A direction's memory for data that came early. Default 1 MiB, at most
      2^31. */
  uint64_t max_held_bytes;
  /** Pieces of such data.  Default 4096, at most 2^32 - 1. */
  uint64_t max_held_pieces;
  /** After a RST that counts, or an ICMP error that ends an opening, `end`
      waits this long: if the connection goes on, it did not count.  By the time
      of the next segment, or by a tracker's timer.  0: no wait.  Default 2 s,
      twice the least retransmission timeout of RFC 6298. */
  tcpflow_time reset_linger_ns;
  /** Once both FINs were acknowledged, `end` waits this long, and what comes
      meanwhile is told (#TCPFLOW_VERDICT_AFTER_END): FINs sent again, late
      data.  By the same clocks.  Default 0: no wait. */
  tcpflow_time close_linger_ns;
  /** A #tcpflow_rst_policy.  Default #TCPFLOW_RST_RFC5961. */
  uint32_t rst_policy;
  /** #tcpflow_strict_flag bits.  Default 0: what an endpoint may drop for these
      reasons is told, and counts. */
  uint32_t strict;
  /** How the caller keeps its frames; copied.  NULL, the default: octets that
      come early are copied.  What is so held counts against the caps like a
      copy. */
  const tcpflow_hold *hold;
  /** A #tcpflow_overlap.  Default #TCPFLOW_OVERLAP_FIRST. */
  uint32_t overlap;
  /** A #tcpflow_urgent_policy.  Default #TCPFLOW_URGENT_INLINE. */
  uint32_t urgent_policy;
  /** How many of the octets that a side sent and that were told last are
      remembered, so that a segment that says something else of them is a
      conflict (tcpflow_stream_conflict::delivered).  They take half as much
      memory again; without memory, or where all that is held and remembered
      would take more than half of tcpflow_tracker_config::max_held_bytes, they
      are forgotten.  At most 2^30.  Default 0. */
  uint64_t max_tail_bytes;
  /** A #tcpflow_delivery.  Default #TCPFLOW_DELIVERY_AT_ONCE. */
  uint32_t delivery;
  /** 0. */
  uint32_t reserved;
  /** How long a hole is still waited for when its octets were acknowledged: a
      capture of several queues, or of a kernel under load, may show an ACK
      before the data.  Counted from the ACK, which later ones do not prolong,
      in capture time; what has not come then is a gap (#TCPFLOW_GAP_ACKED), by
      the next segment, tcpflow_conn_advance() or a tracker's timer, at its
      time.  0: not waited for.  #TCPFLOW_TIME_NONE: it is told when it is given
      up for another reason.  Default 100 ms. */
  tcpflow_time gap_grace_ns;
  /** How long a hole is waited for that nobody acknowledged, counted from when
      the octets right behind it came; then it is a gap (#TCPFLOW_GAP_TIMEOUT),
      by the same clocks.  #TCPFLOW_TIME_NONE: for as long as the connection
      lives.  Default 60 s. */
  tcpflow_time hole_timeout_ns;
  /** Of how many ranges, of up to 512 octets each, that a side sent and that
      were told last digests are kept: 8 octets each.  Then a segment that says
      something else of a range that it has all of is a conflict
      (tcpflow_stream_conflict::first is NULL), also before the octets that @p
      max_tail_bytes keeps.  They are bounded, and forgotten, like those.  At
      most 2^20.  Default 0. */
  uint64_t max_tail_digests;
  /** Secret of the digests; a tracker uses its own
      (tcpflow_tracker_config::hash_key) instead.  Default: 0. */
  uint8_t hash_key[16];
} tcpflow_conn_config;

/**
 * @brief When octets that are in order are told.
 *
 * Until it acknowledges octets, a receiver may replace them by others that come
 * later (#tcpflow_overlap); then it cannot any more.
 * @rfc{9293,3.4}
 * @since 0.1
 */
typedef enum tcpflow_delivery {
  /** At once.  The default. */
  TCPFLOW_DELIVERY_AT_ONCE = 0,
  /** When their receiver has acknowledged them.  They are held until then.  An
      ACK of what the capture has not counts for what it has; the rest is
      believed when another segment agrees.  SACK blocks do not count: a
      receiver may still drop what it has announced so (RFC 2018 section 8).

      What is not acknowledged is told where it cannot wait: when the connection
      ends; where a cap leaves no room; and as long as four segments or more of
      a sender were captured, and none of its receiver.
      tcpflow_stream_data::unacknowledged is set then. */
  TCPFLOW_DELIVERY_ACKED
} tcpflow_delivery;

/**
 * @brief What becomes of an urgent octet: the one in front of an urgent
 *        pointer.
 *
 * Offsets do not change by it: what is taken out is left out between two data
 * events.
 * @rfc{6093,3.1}
 * @since 0.1
 */
typedef enum tcpflow_urgent_policy {
  /** It stays in the stream, as RFC 6093 section 6 wants it, and as a receiver
      with SO_OOBINLINE reads it.  The default. */
  TCPFLOW_URGENT_INLINE = 0,
  /** It is left out, as for a receiver that does not ask for it. */
  TCPFLOW_URGENT_STRIP,
  /** It is left out, and `on_urgent` gets it, as recv(2) with MSG_OOB does. */
  TCPFLOW_URGENT_OUT_OF_BAND
} tcpflow_urgent_policy;

/** @brief What has no effect on a connection: bits.  @since 0.1 */
typedef enum tcpflow_strict_flag {
  /** A segment with a timestamp from the past (RFC 7323 section 5.3). */
  TCPFLOW_STRICT_PAWS = 1 << 0,
  /** A RST or FIN whose acknowledgment is not acceptable (RFC 5961 section
      5.2). */
  TCPFLOW_STRICT_ACK = 1 << 1,
  /** Octets beyond every window that their receiver was seen to offer
      (#TCPFLOW_VERDICT_BEYOND_WINDOW, #TCPFLOW_ANOMALY_BEYOND_WINDOW): those of
      a segment that lie there are not of the stream (RFC 9293 section
      3.10.7.4), and count when they are sent again.  Only where the window's
      scale is known; not where the segment probes the window.  Not for captures
      that lose packets, or show an ACK behind what answers it: octets that were
      received would be missing. */
  TCPFLOW_STRICT_WINDOW = 1 << 2
} tcpflow_strict_flag;

/**
 * @brief Sets the defaults.
 * @param[out] config The configuration.
 * @param[in]  size   Its `sizeof`.
 * @since 0.1
 */
TCPFLOW_API void tcpflow_conn_config_defaults(tcpflow_conn_config *config,
                                              size_t size) TCPFLOW_NONNULL(1);

/**
 * @brief Sets the defaults.
 * @param[out] config The configuration; call this before setting a member.
 * @since 0.1
 */
static inline void tcpflow_conn_config_init(tcpflow_conn_config *config) {
  tcpflow_conn_config_defaults(config, sizeof(*config));
}

/**
 * @brief Creates a connection in which nothing has been seen.
 * @param[out] out       The connection; untouched unless 0 is returned.
 * @param[in]  config    Copied.  NULL: the defaults.
 * @param[in]  callbacks Copied.  NULL: none.
 * @param[in]  tuple     Who it is between, client first; copied, told by
 *                       `new`.  NULL: none.
 * @param[in]  mem       Copied.  NULL: malloc(3) and friends.
 * @param[in]  user      Handed to every callback; never dereferenced.
 * @retval TCPFLOW_OK          Release @p *out with tcpflow_conn_del().
 * @retval TCPFLOW_ERR_NOMEM   Nothing was kept.
 * @retval TCPFLOW_ERR_INVALID @p mem lacks a function, or @p config is out of
 *                             its ranges.
 * @retval TCPFLOW_ERR_VERSION A struct has no stamp, or sets a member that
 *                             this library does not know.
 * @since 0.1
 */
TCPFLOW_API int
tcpflow_conn_new(tcpflow_conn **out, const tcpflow_conn_config *config,
                 const tcpflow_conn_callbacks *callbacks,
                 const tcpflow_tuple *tuple, const tcpflow_mem *mem, void *user)
  TCPFLOW_NONNULL(1) TCPFLOW_NODISCARD;

/**
 * @brief Releases a connection made by tcpflow_conn_new().
 *
 * If it was fed and has not ended, `end` is told first
 * (#TCPFLOW_END_FLUSHED).
 * @param[in] conn May be NULL.  Inside a callback nothing happens.  Never one
 *                 of a tracker's: those are released by their tracker.
 * @since 0.1
 */
TCPFLOW_API void tcpflow_conn_del(tcpflow_conn *conn);

/**
 * @brief Says who probably is the client, from the first segment of a
 *        connection that is seen.
 *
 * A SYN comes from the client, a SYN and ACK from the server.  Otherwise the
 * one of the two ports that is below 1024 is the server's, or else the one from
 * 32768 on is the client's (RFC 6335 section 6, and what systems do); and where
 * that does not tell, the first sender is taken for the client.
 * @param[in] flags            Its #tcpflow_flag bits.
 * @param[in] source_port      Its source port; 0: not known.
 * @param[in] destination_port Its destination port; 0: not known.
 * @param[out] basis           Why; NULL: not wanted.
 * @return Who sent it.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API tcpflow_side tcpflow_conn_guess_sender(unsigned flags,
                                                   uint16_t source_port,
                                                   uint16_t destination_port,
                                                   tcpflow_role_basis *basis);

/**
 * @brief Says how the caller knows who is the client.
 *
 * A connection made by tcpflow_conn_new() takes the caller's word for it
 * (#TCPFLOW_ROLE_CALLER).  If that was a guess, what is captured later may show
 * that it was wrong: then client and server change places, and `flip` is told.
 * The sides that the caller passes from the next segment on are by the roles
 * after that.
 * @param[in,out] conn  The connection, before its first segment; not one of a
 *                      tracker's.
 * @param[in]     basis What tcpflow_conn_guess_sender() answered.
 * @retval TCPFLOW_OK          Noted.
 * @retval TCPFLOW_ERR_STATE   It was fed already.
 * @retval TCPFLOW_ERR_INVALID @p basis is none, or #TCPFLOW_ROLE_UNKNOWN.
 * @since 0.1
 */
TCPFLOW_API int tcpflow_conn_set_role(tcpflow_conn *conn,
                                      tcpflow_role_basis basis)
  TCPFLOW_NONNULL(1);

/**
 * @brief Follows one segment.
 *
 * The times of the segments are the connection's clock.  It runs no timers: an
 * endpoint stays in TIME-WAIT, and who wants a timeout calls
 * tcpflow_conn_end().  A segment that is earlier than one before it is told
 * with its own time, and otherwise taken to come at the latest one.
 * @param[in,out] conn    The connection; not one of a tracker's, which feeds
 *                        it.
 * @param[in]     sender  Who sent it.
 * @param[in]     segment An initialized segment, borrowed for the call.
 * @retval TCPFLOW_OK           Followed, whatever it is.  After `end` nothing
 *                              is told; what begins the next connection of the
 *                              ports, tcpflow_conn_claims() says.
 * @retval TCPFLOW_ERR_NOMEM    The segment was not followed; nothing changed
 *                              but what its time brought
 *                              (tcpflow_conn_advance()).
 * @retval TCPFLOW_ERR_CALLBACK A callback asked to stop; the segment was
 *                              followed.
 * @retval TCPFLOW_ERR_STATE    Called inside a callback.
 * @retval TCPFLOW_ERR_INVALID  @p sender is no side; or @p segment has more
 *                              captured octets than octets, or no pointer to
 *                              them.
 * @retval TCPFLOW_ERR_VERSION  @p segment was not initialized, or sets a member
 *                              that this library does not know.
 * @rfc{9293,3.10.7}
 * @since 0.1
 */
TCPFLOW_API int tcpflow_conn_feed(tcpflow_conn *conn, tcpflow_side sender,
                                  const tcpflow_segment *segment)
  TCPFLOW_NONNULL(1, 3);

/** @brief What a segment of its addresses and ports is to a connection.
 *  @since 0.1 */
typedef enum tcpflow_conn_claim {
  /** It belongs to the connection: feed it. */
  TCPFLOW_CLAIM_MINE = 0,
  /** It begins the next connection: make another one, call
      tcpflow_conn_succeed(), end this one with #TCPFLOW_END_REUSED if it has
      not ended, and feed the segment to the other. */
  TCPFLOW_CLAIM_SUCCESSOR,
  /** The connection has ended, and it is late.  Feeding it does no harm, and
      some of them help to tell whether the next one begins. */
  TCPFLOW_CLAIM_STRAGGLER
} tcpflow_conn_claim;

/**
 * @brief Says whose a segment is: for callers with a table of their own.
 *
 * A SYN begins a new connection if the old one is over and, where an endpoint
 * is in TIME-WAIT, if its number or its timestamp is newer than all that the
 * old one used.  Where that does not tell, the answer does: a SYN and ACK that
 * acknowledges it, and not the old one.  Where a RST has ended the old one, new
 * octets of who sent that show that it was none, and so does an ACK of octets
 * that were sent to it since; they begin the new one, since `end` was told.  So
 * ask for each segment, and keep a connection for 2 MSL after its end.
 * @code
 * if (tcpflow_conn_claims(conn, sender, &segment) == TCPFLOW_CLAIM_SUCCESSOR) {
 *   tcpflow_role_basis basis;
 *   const tcpflow_side next_sender = tcpflow_conn_guess_sender(
 *     segment.flags, source_port, destination_port, &basis);
 *   tcpflow_conn *next = NULL;
 *   // Its tuple: the client, by next_sender, first.
 *   if (tcpflow_conn_new(&next, NULL, &callbacks, &tuple, NULL, NULL) == 0 &&
 *       tcpflow_conn_set_role(next, basis) == 0 &&
 *       tcpflow_conn_succeed(next, conn, sender, &segment) == 0) {
 *     tcpflow_conn_end(conn, segment.time, TCPFLOW_END_REUSED);
 *     tcpflow_conn_feed(next, next_sender, &segment);
 *   } else {
 *     tcpflow_conn_del(next);
 *   }
 * }
 * @endcode
 * @param[in] conn    A connection.
 * @param[in] sender  Who sent it, by that connection.
 * @param[in] segment An initialized segment.
 * @return Whose it is; #TCPFLOW_CLAIM_MINE if an argument is not valid, or
 *         nothing was fed so far.
 * @rfc{9293,3.6.1}
 * @rfc{9293,3.10.7.1}
 * @rfc{6191,2}
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API tcpflow_conn_claim tcpflow_conn_claims(
  const tcpflow_conn *conn, tcpflow_side sender, const tcpflow_segment *segment)
  TCPFLOW_NONNULL(1, 3);

/**
 * @brief Makes a connection the next one of another's addresses and ports.
 *
 * It takes over the SYN that had been captured in the middle of the former one,
 * and knows late segments of that for 2 MSL, 60 s: they are told with
 * #TCPFLOW_VERDICT_AFTER_END and have no effect.  Its first segment has
 * #TCPFLOW_VERDICT_PORT_REUSED.  What was set for it before stays (timeouts,
 * octets to pass over); what was set for the former one does not pass to it.
 * @param[in,out] conn    A connection that was not fed.
 * @param[in,out] former  The one before, not released; best not ended, because
 *                        the SYN is forgotten then.
 * @param[in]     sender  Who sent @p segment, by @p former.
 * @param[in]     segment The segment that begins @p conn, as it was handed to
 *                        tcpflow_conn_claims().
 * @retval TCPFLOW_OK          So it is.
 * @retval TCPFLOW_ERR_NOMEM   Nothing changed.
 * @retval TCPFLOW_ERR_STATE   @p conn was fed before; or called inside a
 *                             callback.
 * @retval TCPFLOW_ERR_INVALID @p sender is no side.
 * @retval TCPFLOW_ERR_VERSION @p segment was not initialized.
 * @since 0.1
 */
TCPFLOW_API int tcpflow_conn_succeed(tcpflow_conn *conn, tcpflow_conn *former,
                                     tcpflow_side sender,
                                     const tcpflow_segment *segment)
  TCPFLOW_NONNULL(1, 2, 4);

/**
 * @brief Follows an ICMP error that quotes a segment of the connection.
 *
 * Told by `icmp`, then what it moves.  An error that is plausible ends an
 * opening, as Linux does: `end` waits as after a RST
 * (tcpflow_conn_config::reset_linger_ns), and is #TCPFLOW_END_UNREACHABLE.  The
 * endpoint that it is sent to gives up; the other one does not hear of it, and
 * stays where it is.  It ends nothing that is open (RFC 5461), and it is no
 * sign of life.
 * @param[in,out] conn   The connection; not one of a tracker's, which finds its
 *                       errors.
 * @param[in]     quoted Who sent the segment that is quoted: to whom the error
 *                       is sent.
 * @param[in]     packet A decoded #TCPFLOW_PACKET_ICMP_ERROR, borrowed for the
 *                       call.
 * @retval TCPFLOW_OK           Followed; nothing happens before the first
 *                              segment and after `end`.
 * @retval TCPFLOW_ERR_CALLBACK A callback asked to stop; the error was
 *                              followed.
 * @retval TCPFLOW_ERR_STATE    Called inside a callback.
 * @retval TCPFLOW_ERR_INVALID  @p quoted is no side; @p packet is something
 *                              else, or quotes no sequence number.
 * @retval TCPFLOW_ERR_VERSION  @p packet was not initialized.
 * @rfc{1122,4.2.3.9}
 * @rfc{5927,4.1}
 * @rfc{9293,3.9.2.2}
 * @since 0.1
 */
TCPFLOW_API int tcpflow_conn_feed_icmp(tcpflow_conn *conn, tcpflow_side quoted,
                                       const tcpflow_packet *packet)
  TCPFLOW_NONNULL(1, 3);

/**
 * @brief Ends a connection now.
 *
 * Tells what data is held, with gaps before it, and `end`; if it was never fed,
 * nothing.  Inside a callback the connection ends when the callback's segment
 * has been followed; if that segment ends it, what `end` says is why.  Another
 * connection of the same tracker ends with its own next segment, or when its
 * tracker ends it.
 * @param[in,out] conn   The connection.
 * @param[in]     time   Now, told in the events.
 * @param[in]     reason What `end` shall say.
 * @retval TCPFLOW_OK           Ended, or will be; or it had ended before.
 * @retval TCPFLOW_ERR_CALLBACK A callback asked to stop; ended all the same.
 * @retval TCPFLOW_ERR_INVALID  @p reason is #TCPFLOW_END_NONE or unknown.
 * @retval TCPFLOW_ERR_STATE    Called by a #tcpflow_tracker_put.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API int tcpflow_conn_end(tcpflow_conn *conn, tcpflow_time time,
                                 tcpflow_end_reason reason) TCPFLOW_NONNULL(1);

/**
 * @brief Says what time it is, for a connection to which nothing comes.
 *
 * Tells the holes that are not waited for any more
 * (tcpflow_conn_config::gap_grace_ns, tcpflow_conn_config::hole_timeout_ns),
 * each at the time when that was over, and then ends the connection if that is
 * due (tcpflow_conn_config::reset_linger_ns,
 * tcpflow_conn_config::close_linger_ns).  tcpflow_conn_feed() does the same
 * with the time of its segment.
 * @param[in,out] conn A connection made by tcpflow_conn_new(); those of a
 *                     tracker follow its time.
 * @param[in]     now  Capture time.
 * @retval TCPFLOW_OK           Done.
 * @retval TCPFLOW_ERR_CALLBACK A callback asked to stop.
 * @retval TCPFLOW_ERR_STATE    Called from a callback.
 * @since 0.1
 */
TCPFLOW_API int tcpflow_conn_advance(tcpflow_conn *conn, tcpflow_time now)
  TCPFLOW_NONNULL(1);

/**
 * @brief Stops telling data and gaps of one direction, for good.
 *
 * Takes effect at once.  What was held is released; states are followed on.
 * @param[in,out] conn The connection.
 * @param[in]     side Whose data is not wanted.  If it is no side, or inside of
 *                     a #tcpflow_tracker_put, nothing happens.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API void tcpflow_conn_stop_data(tcpflow_conn *conn, tcpflow_side side)
  TCPFLOW_NONNULL(1);

/**
 * @brief Keeps the last octets that a callback is told, to be told again.
 *
 * For a reader of messages that finds the beginning of one at the end of what
 * it is told.  The octets come again in front of those that follow them, in one
 * piece and in one event (tcpflow_stream_data::kept), and can be kept again.
 * Where nothing can follow in one piece they come once more by themselves: in
 * front of a gap, of octets behind an urgent one that was left out, of skipped
 * ones or of the end, and where there is no room for more; then they cannot be
 * kept again.  They are not told again of a direction that was stopped, or of a
 * connection that is ignored.
 *
 * They are copied, and count as held: tcpflow_conn_config::max_held_bytes
 * bounds them, too.  A checkpoint has them, for a tracker that has the room.
 * @param[in,out] conn   The connection of the event.
 * @param[in]     side   Its side.
 * @param[in]     octets How many, of the end of tcpflow_data_event::data.
 *                       Of several calls the last one counts; 0: none.
 * @retval TCPFLOW_OK          They will be.
 * @retval TCPFLOW_ERR_LIMIT   There is no room; nothing is kept.
 * @retval TCPFLOW_ERR_NOMEM   There is no memory; nothing is kept.
 * @retval TCPFLOW_ERR_INVALID @p side is no side, or there are not as many.
 * @retval TCPFLOW_ERR_STATE   This is no callback of that side's data, or these
 *                             octets are told by themselves.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API int tcpflow_conn_keep(tcpflow_conn *conn, tcpflow_side side,
                                  size_t octets) TCPFLOW_NONNULL(1);

/**
 * @brief Passes over the next octets of one direction.
 *
 * They are neither told nor held, and nor are gaps among them; then telling
 * goes on, in the middle of a segment if need be.  Counted from behind what was
 * told of the stream last, over holes and for as long as it takes, up to 2^64;
 * what is missing of them counts as skipped, too.  In
 * tcpflow_endpoint_info::delivered and tcpflow_endpoint_info::missing they
 * count as if they had been told.  If octets are being skipped already, the
 * place that is further on counts.  It takes memory, once.
 * @param[in,out] conn   The connection.
 * @param[in]     side   Whose data.
 * @param[in]     octets How many.
 * @retval TCPFLOW_OK          They will be; or the connection has ended.
 * @retval TCPFLOW_ERR_NOMEM   Nothing changed.  Of a tracker's connection of
 *                             which nothing but a SYN was seen, or that has
 *                             been idle (tcpflow_tracker_config::sleep_ns), it
 *                             may be tcpflow_tracker_config::max_memory that
 *                             leaves no room; not in the callback of its own
 *                             `new`.
 * @retval TCPFLOW_ERR_INVALID @p side is no side.
 * @retval TCPFLOW_ERR_STATE   Called by a #tcpflow_tracker_put.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API int tcpflow_conn_skip(tcpflow_conn *conn, tcpflow_side side,
                                  uint64_t octets) TCPFLOW_NONNULL(1);

/**
 * @brief Stops telling anything but `end`, for good.
 *
 * From then on options and data are not looked at, but the numbers only, which
 * takes less than following them.  So tcpflow_endpoint_info::delivered and
 * tcpflow_endpoint_info::missing stay, and nothing of what the options tell is
 * learned.  Inside of a #tcpflow_tracker_put nothing happens.
 * @param[in,out] conn The connection.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API void tcpflow_conn_ignore(tcpflow_conn *conn) TCPFLOW_NONNULL(1);

/**
 * @brief Says which RST ends this connection, in place of
 *        tcpflow_conn_config::rst_policy.
 *
 * For those who know what system the endpoints run.
 * @param[in,out] conn   The connection.
 * @param[in]     policy One of #tcpflow_rst_policy; from the next RST on.
 * @retval TCPFLOW_OK          Set.
 * @retval TCPFLOW_ERR_INVALID @p policy is none of those.
 * @retval TCPFLOW_ERR_STATE   Called by a #tcpflow_tracker_put.
 * @rfc{5961,3.2}
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API int tcpflow_conn_set_rst_policy(tcpflow_conn *conn,
                                            tcpflow_rst_policy policy)
  TCPFLOW_NONNULL(1);

/**
 * @brief Says who wins where a side's segments overlap and differ, in place of
 *        tcpflow_conn_config::overlap.
 *
 * For those who know what system the receiver runs.  From the next segment on.
 * @param[in,out] conn    The connection.
 * @param[in]     side    Whose octets: the policy is the other one's.
 * @param[in]     overlap The policy.
 * @retval TCPFLOW_OK          Done.
 * @retval TCPFLOW_ERR_NOMEM   Nothing changed.  Only of a tracker's connection
 *                             of which nothing but a SYN was seen, or that has
 *                             been idle (tcpflow_tracker_config::sleep_ns), and
 *                             where tcpflow_tracker_config::max_memory or the
 *                             allocator leaves no room; not in the callback of
 *                             its own `new`.
 * @retval TCPFLOW_ERR_INVALID @p side or @p overlap is none.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API int tcpflow_conn_set_overlap(tcpflow_conn *conn, tcpflow_side side,
                                         tcpflow_overlap overlap)
  TCPFLOW_NONNULL(1);

/**
 * @brief Looks at octets of a stream that are held, or were told and are
 *        remembered.
 * @param[in]  conn   The connection.
 * @param[in]  side   Who sent them.
 * @param[in]  offset Of the first octet wanted.
 * @param[out] found  From there on, those that came together, and where they
 *                    come from (of those that were told, that is not known);
 *                    borrowed until the connection is next fed, or the callback
 *                    returns.  Untouched if 0 is returned.
 * @return How many octets that are, @p found->length; 0: that octet is neither
 *         held nor remembered, or @p side is none.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API size_t tcpflow_conn_peek(const tcpflow_conn *conn,
                                     tcpflow_side side, uint64_t offset,
                                     tcpflow_stream_data *found)
  TCPFLOW_NONNULL(1, 4);

/**
 * @brief Gives a connection of a tracker a timeout of its own.
 *
 * In place of tcpflow_tracker_config::timeout_ns, for good: a later call can
 * change it, and none takes it back.  It counts from the connection's latest
 * segment, also of what is past.  If the connection has been idle for longer
 * already, it ends when the tracker runs its timers next: never inside of this
 * call, and inside of a callback not before that has returned.  The next
 * connection of the ports does not have it.  It takes memory, once.  A
 * connection of the caller's own has no timers, so nothing comes of it.
 * @param[in,out] conn    The connection.
 * @param[in]     phase   In which #tcpflow_phase, of those before
 *                        #TCPFLOW_PHASE_RESET; or #TCPFLOW_PHASE_ALL of them.
 * @param[in]     timeout How long it may be idle then, in ns.  0: it ends as
 *                        soon as the clock has moved.  #TCPFLOW_TIME_NONE: for
 *                        ever.
 * @retval TCPFLOW_OK          Set; or the connection has ended, and nothing
 *                             changed.
 * @retval TCPFLOW_ERR_NOMEM   Nothing changed.
 * @retval TCPFLOW_ERR_INVALID @p phase is #TCPFLOW_PHASE_RESET,
 *                             #TCPFLOW_PHASE_ENDED, or none.  Nothing changed.
 * @retval TCPFLOW_ERR_STATE   Called by a #tcpflow_tracker_put.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API int tcpflow_conn_set_timeout(tcpflow_conn *conn, unsigned phase,
                                         tcpflow_time timeout)
  TCPFLOW_NONNULL(1);

/**
 * @brief Attaches a pointer of the caller's to this one connection.
 *
 * A connection that comes from a checkpoint (tcpflow_tracker_load()) has none,
 * and no `new` to attach one in: callbacks then find NULL.
 * @param[in,out] conn The connection.
 * @param[in]     data Never dereferenced.  Release it at `end`.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API void tcpflow_conn_set_user_data(tcpflow_conn *conn, void *data)
  TCPFLOW_NONNULL(1);

/**
 * @brief Reads back what was attached.
 * @param[in] conn The connection.
 * @return The pointer; NULL if none was attached.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API void *tcpflow_conn_user_data(const tcpflow_conn *conn)
  TCPFLOW_NONNULL(1);

/**
 * @brief Says who a connection is between.
 * @param[in]  conn  The connection.
 * @param[out] tuple Client first, as a copy: it stays as it is when the ends
 *                   change places later.
 * @retval TCPFLOW_OK        @p tuple is set.
 * @retval TCPFLOW_ERR_STATE The connection was made without; @p tuple is as it
 *                           was.  Those of a tracker have one.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API int tcpflow_conn_get_tuple(const tcpflow_conn *conn,
                                       tcpflow_tuple *tuple)
  TCPFLOW_NONNULL(1, 2);

/**
 * @brief What is known of a connection.
 * @since 0.1  Members are appended; `size` tells the library which exist.
 */
typedef struct tcpflow_conn_info {
  /** Set by tcpflow_conn_info_init(). */
  size_t size;
  /** Time of the first segment. */
  tcpflow_time first;
  /** Time of the latest segment. */
  tcpflow_time last;
  /** How it began. */
  tcpflow_open_kind open_kind;
  /** How it ended. */
  tcpflow_end_reason end_reason;
  /** Non-zero: both endpoints were open. */
  int established;
  /** Which #tcpflow_side sent its FIN first; -1: none. */
  int first_fin;
  /** As in #tcpflow_established_event. */
  tcpflow_time rtt_server;
  /** As in #tcpflow_established_event. */
  tcpflow_time rtt_client;
  /** Non-zero: @p tuple is set. */
  int has_tuple;
  /** 0. */
  uint32_t reserved;
  /** Client first. */
  tcpflow_tuple tuple;
  /** How it closed. */
  tcpflow_close_kind close_kind;
  /** Where it stands. */
  tcpflow_phase phase;
  /** How it is known who is the client. */
  tcpflow_role_basis role;
  /** What became of ECN. */
  tcpflow_ecn ecn;
  /** The capture shows only segments of this #tcpflow_side, though they prove
      that the other one speaks; -1: it does not look so. */
  int one_sided;
  /** SYNs with different numbers that were seen from the client, and SYN and
      ACKs from the server: 1 each, if all is well. */
  uint32_t incarnations[2];
  /** 0. */
  uint32_t reserved1;
} tcpflow_conn_info;

/**
 * @brief Unsets the facts.
 * @param[out] info The facts; call this once before they are first used.
 * @since 0.1
 */
static inline void tcpflow_conn_info_init(tcpflow_conn_info *info) {
  tcpflow_sized_init(info, sizeof(*info));
}

/**
 * @brief Reads what is known.
 * @param[in]  conn The connection.
 * @param[out] info Initialized facts.
 * @retval TCPFLOW_OK          Read.
 * @retval TCPFLOW_ERR_VERSION @p info was not initialized.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API int tcpflow_conn_get_info(const tcpflow_conn *conn,
                                      tcpflow_conn_info *info)
  TCPFLOW_NONNULL(1, 2);

/**
 * @brief What is known of one endpoint, as the sender that it is.
 *
 * Numbers are as the capture shows them: an endpoint may know more.
 * @since 0.1  Members are appended; `size` tells the library which exist.
 */
typedef struct tcpflow_endpoint_info {
  /** Set by tcpflow_endpoint_info_init(). */
  size_t size;
  /** Where it stands. */
  tcpflow_state state;
  /** Its SYN was captured; or the first number that was acknowledged to it
      tells. */
  int iss_known;
  /** Its initial sequence number, if known. */
  tcpflow_seq iss;
  /** Oldest number not acknowledged. */
  tcpflow_seq snd_una;
  /** Behind the last number it used. */
  tcpflow_seq snd_nxt;
  /** MSS that it offered; 0: none. */
  uint32_t mss;
  /** Window scale that it offered; -1: none or not captured. */
  int wscale;
  /** 1: its windows are scaled by @p wscale.  0: they are not.  -1: the SYNs
      were not captured. */
  int scaling;
  /** It offered SACK. */
  int sack_permitted;
  /** It offered timestamps. */
  int timestamps;
  /** Window that it offered last, scaled if known. */
  uint64_t window;
  /** It sent a FIN. */
  int fin_seen;
  /** That FIN was acknowledged. */
  int fin_acked;
  /** Segments it sent. */
  uint64_t segments;
  /** Octets of data on the wire, sent twice counted twice. */
  uint64_t payload;
  /** Segments judged as retransmissions. */
  uint64_t retransmissions;
  /** Octets told as data, or passed silently if nobody wants them. */
  uint64_t delivered;
  /** Octets told as gaps, or passed likewise. */
  uint64_t missing;
  /** How sure @p state is. */
  tcpflow_proof proof;
  /** Between which window scales its own lies, if the SYNs were not captured:
      what its peer had in flight was not more than its window.  Both are the
      scale, if that is known. */
  int wscale_min;
  /** At most 14. */
  int wscale_max;
  /** 0. */
  int reserved;
} tcpflow_endpoint_info;

/**
 * @brief Unsets the facts.
 * @param[out] info The facts; call this once before they are first used.
 * @since 0.1
 */
static inline void tcpflow_endpoint_info_init(tcpflow_endpoint_info *info) {
  tcpflow_sized_init(info, sizeof(*info));
}

/**
 * @brief Reads what is known of one endpoint.
 * @param[in]  conn The connection.
 * @param[in]  side Which endpoint.
 * @param[out] info Initialized facts.
 * @retval TCPFLOW_OK          Read.
 * @retval TCPFLOW_ERR_INVALID @p side is no side.
 * @retval TCPFLOW_ERR_VERSION @p info was not initialized.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API int tcpflow_conn_get_endpoint(const tcpflow_conn *conn,
                                          tcpflow_side side,
                                          tcpflow_endpoint_info *info)
  TCPFLOW_NONNULL(1, 3);

/** @brief What a connection is to Multipath TCP.  @since 0.1 */
typedef enum tcpflow_subflow_kind {
  TCPFLOW_SUBFLOW_NONE = 0, /**< No SYN with one of its options was seen. */
  TCPFLOW_SUBFLOW_FIRST,    /**< MP_CAPABLE: the first one of a connection. */
  TCPFLOW_SUBFLOW_JOIN      /**< MP_JOIN: one more. */
} tcpflow_subflow_kind;

/**
 * @brief What a connection is to Multipath TCP, by the options of its
 *        handshake.
 *
 * Members of two are by #tcpflow_side.  A further subflow belongs to the
 * connection that has its server's token as the token of either side; its own
 * client may be that one's server.
 * @rfc{8684,3.1}
 * @rfc{8684,3.2}
 * @rfc{6824,3.1}
 * @since 0.1  Members are appended; `size` tells the library which exist.
 */
typedef struct tcpflow_subflow_info {
  /** Set by tcpflow_subflow_info_init(). */
  size_t size;
  /** Which. */
  tcpflow_subflow_kind kind;
  /** Version of the protocol, 0 or 1, by the latest MP_CAPABLE of the
      handshake; -1: not known, as of a further subflow. */
  int version;
  /** Non-zero: a SYN, or the SYN and ACK, came without the option: it is plain
      TCP. */
  int fallback;
  /** 0. */
  uint32_t reserved;
  /** Keys. */
  uint64_t key[2];
  /** The key is known. */
  int key_known[2];
  /** The token is known. */
  int token_known[2];
  /** Tokens: of the keys; or the one in the SYN of a further subflow. */
  uint32_t token[2];
  /** #tcpflow_mp_capable_flag bits that were sent. */
  uint32_t flags[2];
  /** A further subflow: its MP_JOIN was seen, and what follows is set. */
  int join_seen[2];
  /** Random numbers. */
  uint32_t nonce[2];
  /** Identifiers of addresses. */
  uint32_t address_id[2];
  /** The path is to be a backup. */
  int backup[2];
} tcpflow_subflow_info;

/**
 * @brief Unsets the facts.
 * @param[out] info The facts; call this once before they are first used.
 * @since 0.1
 */
static inline void tcpflow_subflow_info_init(tcpflow_subflow_info *info) {
  tcpflow_sized_init(info, sizeof(*info));
}

/**
 * @brief Reads what a connection is to Multipath TCP.
 *
 * The options are read from the packets: who feeds segments without a packet is
 * told nothing.
 * @param[in]  conn The connection.
 * @param[out] info Initialized facts.
 * @retval TCPFLOW_OK          Read.
 * @retval TCPFLOW_ERR_VERSION @p info was not initialized.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API int tcpflow_conn_get_subflow(const tcpflow_conn *conn,
                                         tcpflow_subflow_info *info)
  TCPFLOW_NONNULL(1, 2);

/**
 * @brief Says where an endpoint stands.
 * @param[in] conn The connection.
 * @param[in] side Which endpoint.
 * @return Its state; #TCPFLOW_STATE_UNKNOWN if @p side is no side.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API tcpflow_state tcpflow_conn_state(const tcpflow_conn *conn,
                                             tcpflow_side side)
  TCPFLOW_NONNULL(1);

TCPFLOW_END_DECLS

#endif /* TCPFLOW_CONN_H */
