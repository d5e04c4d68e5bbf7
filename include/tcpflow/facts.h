/**
 * @file tcpflow/facts.h
 * @brief What a connection can be: how it opened, who is who, how sure that is,
 *        how it closed.
 *
 * The words that events and facts of conn.h and settings of tracker.h are told
 * in.  The lists grow at their ends; have a `default`.  Each has a function in
 * text.h that names its constants, such as tcpflow_open_kind_name().
 */
#ifndef TCPFLOW_FACTS_H
#define TCPFLOW_FACTS_H

#include <tcpflow/base.h>

TCPFLOW_BEGIN_DECLS

/**
 * @brief How a connection began, as far as is known.
 * @rfc{9293,3.5}
 * @since 0.1
 */
typedef enum tcpflow_open_kind {
  TCPFLOW_OPEN_UNKNOWN = 0,  /**< Not open yet. */
  TCPFLOW_OPEN_THREE_WAY,    /**< SYN, SYN and ACK, ACK (RFC 9293 Figure 6). */
  TCPFLOW_OPEN_SIMULTANEOUS, /**< The SYNs crossed (RFC 9293 Figure 7). */
  TCPFLOW_OPEN_SPLIT, /**< The SYN was answered by a SYN without ACK, and that
                           by a SYN and ACK. */
  TCPFLOW_OPEN_FAST,  /**< Data in the SYN was accepted (RFC 7413). */
  TCPFLOW_OPEN_MID_STREAM,   /**< The capture began later. */
  TCPFLOW_OPEN_SYN_ACK_FIRST /**< The capture began with the SYN and ACK. */
} tcpflow_open_kind;

/**
 * @brief How a connection ended, or why it is not followed further.
 *
 * For programs that do something at the end; #tcpflow_close_kind says more.
 * @rfc{9293,3.6}
 * @since 0.1
 */
typedef enum tcpflow_end_reason {
  TCPFLOW_END_NONE = 0, /**< It has not ended. */
  TCPFLOW_END_FIN,      /**< Both FINs were sent and acknowledged. */
  TCPFLOW_END_RESET,    /**< A RST; `side` tells who sent it. */
  TCPFLOW_END_TIMEOUT,  /**< Nothing came for too long. */
  TCPFLOW_END_EVICTED,  /**< Its place was needed for another one. */
  TCPFLOW_END_REUSED,   /**< Its addresses and ports began a new connection. */
  TCPFLOW_END_FLUSHED, /**< The caller stopped following it: the input ended. */
  TCPFLOW_END_CALLER,  /**< tcpflow_conn_end() was called. */
  TCPFLOW_END_UNREACHABLE /**< An ICMP error ended it while it opened
                               (RFC 1122 section 4.2.3.9). */
} tcpflow_end_reason;

/**
 * @brief How a connection closed, in one word: #tcpflow_end_reason with who did
 *        it, and where the connection stood.
 * @rfc{9293,3.6}
 * @since 0.1
 */
typedef enum tcpflow_close_kind {
  TCPFLOW_CLOSE_NONE = 0,         /**< It has not ended. */
  TCPFLOW_CLOSE_FIN_CLIENT,       /**< Both FINs; the client's came first. */
  TCPFLOW_CLOSE_FIN_SERVER,       /**< Both FINs; the server's came first. */
  TCPFLOW_CLOSE_FIN_SIMULTANEOUS, /**< The FINs crossed (RFC 9293
                                       Figure 13). */
  TCPFLOW_CLOSE_RESET_CLIENT,     /**< The client reset it. */
  TCPFLOW_CLOSE_RESET_SERVER,     /**< The server reset it. */
  TCPFLOW_CLOSE_REFUSED,          /**< A RST answered the SYN; also where the
                                       SYNs of both had crossed. */
  TCPFLOW_CLOSE_UNREACHABLE,      /**< An ICMP error answered the SYN. */
  TCPFLOW_CLOSE_TIMEOUT_OPENING,  /**< It never opened: half-open. */
  TCPFLOW_CLOSE_TIMEOUT_IDLE,     /**< It was open and fell silent. */
  TCPFLOW_CLOSE_TIMEOUT_CLOSING,  /**< A FIN was sent, and then it fell silent:
                                       half-closed, or the last ACK was not
                                       captured. */
  TCPFLOW_CLOSE_EVICTED,          /**< Its place was needed. */
  TCPFLOW_CLOSE_REUSED,           /**< Its ports began a new connection. */
  TCPFLOW_CLOSE_FLUSHED,          /**< The input ended. */
  TCPFLOW_CLOSE_CALLER            /**< The caller ended it. */
} tcpflow_close_kind;

/** @brief Where a connection as a whole stands; what its timeouts go by.
 *  @since 0.1 */
typedef enum tcpflow_phase {
  TCPFLOW_PHASE_OPENING = 0,   /**< A SYN was sent, and nothing answered. */
  TCPFLOW_PHASE_ANSWERED = 1,  /**< The SYN was answered. */
  TCPFLOW_PHASE_PICKED_UP = 2, /**< It seems open, but only one side was heard:
                                    perhaps no connection at all.  Until the
                                    other side is heard, or four segments have
                                    come over 100 ms. */
  TCPFLOW_PHASE_OPEN = 3,      /**< Open. */
  TCPFLOW_PHASE_HALF_CLOSED = 4, /**< One side sent its FIN. */
  TCPFLOW_PHASE_CLOSING = 5,     /**< Both did. */
  TCPFLOW_PHASE_RESET = 6, /**< A RST or an ICMP error ended it, unless what
                                    follows shows that it did not. */
  TCPFLOW_PHASE_ENDED = 7  /**< Ended; stragglers are recognized. */
} tcpflow_phase;

/** @brief How many phases this release knows.  @since 0.1 */
#define TCPFLOW_PHASE_COUNT 8

/** @brief Room for phases in arrays by phase, also for those to come: this
 *         number stays.  @since 0.1 */
#define TCPFLOW_PHASE_ROOM  16

/** @brief For tcpflow_conn_set_timeout(): all phases that have a timeout.  No
 *         phase ever has this number.  @since 0.1 */
#define TCPFLOW_PHASE_ALL   256U

/** @brief How it is known who is the client, the weakest reason first.
 *  @since 0.1 */
typedef enum tcpflow_role_basis {
  TCPFLOW_ROLE_UNKNOWN = 0, /**< Nothing was seen. */
  TCPFLOW_ROLE_FIRST,       /**< Who was heard first is taken for it. */
  TCPFLOW_ROLE_PORT,        /**< The other one has a port of servers. */
  TCPFLOW_ROLE_CALLER,      /**< The caller said so, and is believed. */
  TCPFLOW_ROLE_SYN_ACK,     /**< The other one sent a SYN and ACK. */
  TCPFLOW_ROLE_SYN          /**< It sent the SYN. */
} tcpflow_role_basis;

/**
 * @brief How sure the state of an endpoint is.
 *
 * What an endpoint has sent proves where it stands, and so does its answer to
 * what was sent to it.  A connection that was picked up mid-stream is assumed
 * to be open; once both sides have sent new data, or a FIN, since, neither had
 * closed before, and it is proved.
 * @since 0.1
 */
typedef enum tcpflow_proof {
  TCPFLOW_PROOF_NONE = 0, /**< Nothing is known. */
  TCPFLOW_PROOF_ASSUMED,  /**< What brought it there was not captured: a guess
                               that fits. */
  TCPFLOW_PROOF_SEEN,     /**< What brings it there was captured on its way to
                               it; whether it arrived is not known. */
  TCPFLOW_PROOF_PROVED    /**< It has sent something since that shows it. */
} tcpflow_proof;

/**
 * @brief What became of ECN in the handshake.
 * @rfc{3168,6.1.1}
 * @rfc{9768,3.1}
 * @since 0.1
 */
typedef enum tcpflow_ecn {
  TCPFLOW_ECN_UNKNOWN = 0, /**< A SYN was not captured. */
  TCPFLOW_ECN_NOT_ASKED,   /**< The client did not ask. */
  TCPFLOW_ECN_REFUSED,     /**< The server did not agree, or nobody answered
                                yet. */
  TCPFLOW_ECN_CLASSIC,     /**< RFC 3168: ECE and CWR. */
  TCPFLOW_ECN_ACCURATE,    /**< RFC 9768: ACE counters; for the client also
                                where AE and ECE answer (section 3.1.3). */
  TCPFLOW_ECN_BROKEN       /**< The answer reflects the SYN's flags, which
                                counts as none (RFC 9768 section 3.1.2). */
} tcpflow_ecn;

/**
 * @brief Which RST ends a connection that is open.
 *
 * "Exact": at RCV.NXT of the receiver, as far as an observer knows that: what
 * it acknowledged, or the edge of what passed the capture point, or the
 * sender's FIN; and SND.NXT, unless the receiver has shown that it misses
 * something before it.  What is not taken and lies in the window is judged as
 * challenged, the rest as out of the window.  How far off it was: the offset of
 * tcpflow_segment_event, less what tcpflow_endpoint_info has as delivered and
 * missing of its sender.  The per-system ones are what these systems did when
 * intrusion detection systems learned to tell them apart.
 * @rfc{9293,3.5.2}
 * @rfc{5961,3.2}
 * @since 0.1
 */
typedef enum tcpflow_rst_policy {
  TCPFLOW_RST_RFC5961 = 0, /**< Exact; or at SND.NXT in any case, as an ABORT
                                is: the receiver challenges it, and hears the
                                exact one.  The default. */
  TCPFLOW_RST_RFC793,      /**< Anywhere in the window. */
  TCPFLOW_RST_LINUX,       /**< Exact, or at the right edge of the last SACK
                                block that the receiver sent: at SND.NXT, if
                                both may send SACK. */
  TCPFLOW_RST_OLD_LINUX,   /**< Anywhere in the window. */
  TCPFLOW_RST_BSD,         /**< Exact. */
  TCPFLOW_RST_WINDOWS,     /**< Exact. */
  TCPFLOW_RST_VISTA,       /**< Exact. */
  TCPFLOW_RST_MACOS,       /**< Exact. */
  TCPFLOW_RST_SOLARIS,     /**< Anywhere in the window. */
  TCPFLOW_RST_IRIX,        /**< Anywhere in the window. */
  TCPFLOW_RST_HPUX10,      /**< Anywhere in the window. */
  TCPFLOW_RST_HPUX11,      /**< At RCV.NXT or anywhere beyond. */
  TCPFLOW_RST_ANY          /**< Anywhere at all. */
} tcpflow_rst_policy;

TCPFLOW_END_DECLS

#endif /* TCPFLOW_FACTS_H */
