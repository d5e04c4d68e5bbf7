/**
 * @file tcpflow/tracker.h
 * @brief Many connections: from frames to events, in bounded memory.
 *
 * A tracker decodes frames, puts fragments together, finds the connection each
 * packet belongs to, follows it, and runs the timers on the capture's clock.
 * Memory is capped; under a flood of half-open connections those go first.  A
 * #tcpflow_tracker belongs to one thread at a time; to use more, spread the
 * frames by tcpflow_flow_hash().
 */
#ifndef TCPFLOW_TRACKER_H
#define TCPFLOW_TRACKER_H

#include <tcpflow/base.h>
#include <tcpflow/conn.h>
#include <tcpflow/frag.h>
#include <tcpflow/packet.h>

TCPFLOW_BEGIN_DECLS

/** @brief An opaque tracker.  @since 0.1 */
typedef struct tcpflow_tracker tcpflow_tracker;

/** @brief What tells flows apart, beside addresses, ports and scope: bits.
 *  @since 0.1 */
typedef enum tcpflow_key_flag {
  /** The VLAN identifiers.  Without it, frames of a connection may carry tags
      one way only. */
  TCPFLOW_KEY_VLAN = 1 << 0,
  /** Not the virtual network (tcpflow_tuple::tunnel), which otherwise does: for
      where a connection is captured inside of a tunnel and outside of it, its
      directions have tunnels of different kinds, or a number changes on the
      way.  Then networks whose addresses are alike are taken for one. */
  TCPFLOW_KEY_NO_TUNNEL = 1 << 1
} tcpflow_key_flag;

/**
 * @brief A connection that is about to be followed: is it wanted?
 *
 * The library's, and there for the call alone.
 * @since 0.1  Members are appended.
 */
typedef struct tcpflow_admit_query {
  /** The tracker's time: that of `new`, if it is followed. */
  tcpflow_time time;
  /** Who it is between, client first; borrowed. */
  const tcpflow_tuple *tuple;
  /** Its first segment; borrowed. */
  const tcpflow_segment *cause;
  /** Who sent it. */
  tcpflow_side side;
  /** How it is known who is the client. */
  tcpflow_role_basis role;
} tcpflow_admit_query;

/** @brief What becomes of it.  @since 0.1 */
typedef enum tcpflow_admission {
  /** It is followed. */
  TCPFLOW_ADMIT_FOLLOW = 0,
  /** It is not: nothing is told, kept or evicted for it, and its next segment
      is asked about as if it were the first. */
  TCPFLOW_ADMIT_REFUSE
} tcpflow_admission;

/**
 * @brief How a tracker works.
 *
 * Time is the capture's and never goes backwards: a frame earlier than the one
 * before counts as just as late, and its events say so; its own time stands in
 * the packet.  A connection is never timed out early.  It is at its next own
 * segment, or by a timer at most 2^24 ns (17 ms) late; `end` tells the moment
 * at which the idle time was over.  Where many are due at once, each frame
 * ends some of them, and tcpflow_tracker_advance() all.
 *
 * The fragment that completes a datagram stands for it: its frame's time,
 * number and handle are those of the events, and its place among the frames is
 * when they are told.  The packet that an event leads to has the datagram's own
 * bytes, from the IP header on, as raw IP.  A fragment that holds a whole TCP
 * header is not followed by itself.
 * @rfc{5382,5}
 * @rfc{1122,4.2.3.6}
 * @rfc{9293,3.6}
 * @since 0.1
 */
typedef struct tcpflow_tracker_config {
  /** Set by tcpflow_tracker_config_init(). */
  size_t size;
  /** Secret of the hash.  Fill it with random octets wherever strangers choose
      the packets; the events do not depend on it.  Default: 0. */
  uint8_t hash_key[16];
  /** Connections followed at a time, 1 to 100,000,000, those that have ended
      and whose stragglers are recognized included.  Where there are more, one
      has to go: the one that ended first; or else the one that was reset
      first; or else the oldest that is opening, answered or picked up; or else
      the one that has had both FINs for longest; or else one that has been
      idle for long.  Default 2^20. */
  uint64_t max_flows;
  /** Memory for data that came early, over all connections.  Default 256
      MiB. */
  uint64_t max_held_bytes;
  /** Memory for all, as tcpflow_tracker_stats::memory counts it.  Where a
      connection begins and more is in use, or would be, another one has to go,
      as if there were too many; one stays.  Between two beginnings it may grow,
      by early data (@p max_held_bytes) and by what connections remember when
      something odd happens to them; the records of connections leave room for
      that of every other one.  One that is answered, or was idle
      (@p sleep_ns), may need room, too.  Who has it to give up is searched for
      in bounded time, so where hardly any has, a call may answer
      #TCPFLOW_ERR_NOMEM; when the frame is fed again, the search goes on.
      Default 0: none. */
  uint64_t max_memory;
  /** #tcpflow_key_flag bits.  Default 0. */
  uint32_t key_flags;
  /** Non-zero: a segment with a wrong checksum has no effect.  Default 0,
      because captures on a host hold checksums that its network card had yet
      to fill in. */
  uint32_t verify_checksums;
  /**
   * After how long without a segment a connection ends
   * (#TCPFLOW_END_TIMEOUT), by #tcpflow_phase.  The next segment then begins
   * another one.  0: as soon as the clock has moved. #TCPFLOW_TIME_NONE: never.
   * A single connection can have its own: tcpflow_conn_set_timeout().  Behind
   * #TCPFLOW_PHASE_ENDED there is room for phases to come: 0.  Defaults:
   *
   * - #TCPFLOW_PHASE_OPENING 120 s: a SYN is repeated after 64 s at most,
   *   where the repeats double from 1 s and there are six.
   * - #TCPFLOW_PHASE_ANSWERED 60 s: a SYN and ACK likewise after 32 s.
   * - #TCPFLOW_PHASE_PICKED_UP 5 min: nothing shows yet that there is a
   *   connection.
   * - #TCPFLOW_PHASE_OPEN 2 h 4 min: RFC 5382 section 5 asks a NAT for no less,
   *   so that keep-alives (every 2 h, RFC 1122 section 4.2.3.6) come in time.
   * - #TCPFLOW_PHASE_HALF_CLOSED the same: to RFC 5382 a connection closes when
   *   both FINs were sent, and FIN-WAIT-2 has no timeout (RFC 9293 section
   *   3.6).
   * - #TCPFLOW_PHASE_CLOSING 4 min: RFC 5382 section 5, for what closes.
   * - #TCPFLOW_PHASE_RESET has no meaning here:
   *   tcpflow_conn_config::reset_linger_ns tells.
   * - #TCPFLOW_PHASE_ENDED 60 s, counted from the end: how long the stragglers
   *   of a connection that ended by FIN or RST are recognized, which is
   *   TIME-WAIT. 0: not at all.
   */
  tcpflow_time timeout_ns[TCPFLOW_PHASE_ROOM];
  /** For every connection; borrowed until tcpflow_tracker_new() returns.
      NULL: the defaults. */
  const tcpflow_conn_config *conn;
  /** For every frame; likewise. */
  const tcpflow_decode_config *decode;
  /** How fragments are put together; likewise.  Of it, the tracker's own
      members take the place of `hash_key`, and that of `verify_checksums` if it
      is set here. */
  const tcpflow_frag_config *frag;
  /** What is asked and told about fragments; likewise.  NULL: nothing.  They
      run inside of tcpflow_tracker_feed() and its like, as those of connections
      do. */
  const tcpflow_frag_callbacks *frag_callbacks;
  /** Non-zero: fragments are counted, and not put together.  Default 0. */
  uint32_t ignore_fragments;
  /** 0. */
  uint32_t reserved;
  /**
   * Chooses what is followed: asked before a connection begins, and of no
   * segment of one that is followed.  Answers a #tcpflow_admission; anything
   * else is #TCPFLOW_ADMIT_FOLLOW.  `user` is that of tcpflow_tracker_new().
   *
   * What begins no connection is not asked about: a RST, nonsense flags, a
   * wrong checksum where those are verified, a straggler of one that has ended,
   * an ICMP error; nor is a connection of a checkpoint.  Where the ports of a
   * connection are used again, the next one is asked about before the old one
   * ends (#TCPFLOW_END_REUSED, whatever the answer).  If memory is short, or
   * what has to go for it asks to stop, the frame is not followed, and asked
   * about again when it is fed again.
   *
   * It is a callback of the tracker, and what may be called inside of those may
   * be called here.  An answer that depends on the addresses and ports alone,
   * in either order, refuses all of a connection; one that looks at the segment
   * may refuse its SYN and take the rest for one of which the beginning is
   * missing.  To follow a connection and not hear of it, tcpflow_conn_ignore()
   * is there.  Default NULL: all are followed.
   */
  int (*choose_admission)(const tcpflow_admit_query *query, void *user);
  /** 0. */
  uintptr_t reserved1;
  /** After how long without a segment an open connection may be kept in less
      memory: a third of what it has beside its record.  That is done where
      others begin and memory would be asked for, or where @p max_memory leaves
      none, and undone by its next segment, which costs as much as four then.
      Nothing that is told, or can be asked, depends on it, but for who has to
      go for want of memory.  #TCPFLOW_TIME_NONE: never.  Default 10 min. */
  tcpflow_time sleep_ns;
} tcpflow_tracker_config;

/**
 * @brief Sets the defaults.
 * @param[out] config The configuration.
 * @param[in]  size   Its `sizeof`.
 * @since 0.1
 */
TCPFLOW_API void tcpflow_tracker_config_defaults(tcpflow_tracker_config *config,
                                                 size_t size)
  TCPFLOW_NONNULL(1);

/**
 * @brief Sets the defaults.
 * @param[out] config The configuration; call this before setting a member.
 * @since 0.1
 */
static inline void tcpflow_tracker_config_init(tcpflow_tracker_config *config) {
  tcpflow_tracker_config_defaults(config, sizeof(*config));
}

/**
 * @brief Creates a tracker that follows nothing yet.
 * @param[out] out       The tracker; untouched unless 0 is returned.
 * @param[in]  config    Copied.  NULL: the defaults.
 * @param[in]  callbacks What every connection tells; copied.  NULL: none.
 * @param[in]  mem       Copied.  NULL: malloc(3) and friends.
 * @param[in]  user      Handed to every callback; never dereferenced.
 * @retval TCPFLOW_OK          Release @p *out with tcpflow_tracker_del().
 * @retval TCPFLOW_ERR_NOMEM   Nothing was kept.
 * @retval TCPFLOW_ERR_INVALID @p mem lacks a function, or @p config is out of
 *                             its ranges.
 * @retval TCPFLOW_ERR_VERSION A struct has no stamp, or sets a member that
 *                             this library does not know.
 * @since 0.1
 */
TCPFLOW_API int tcpflow_tracker_new(tcpflow_tracker **out,
                                    const tcpflow_tracker_config *config,
                                    const tcpflow_conn_callbacks *callbacks,
                                    const tcpflow_mem *mem, void *user)
  TCPFLOW_NONNULL(1) TCPFLOW_NODISCARD;

/**
 * @brief Releases a tracker; first ends all its connections as
 *        tcpflow_tracker_flush() does.
 * @param[in] tracker May be NULL.  Not to be called inside a callback.
 * @since 0.1
 */
TCPFLOW_API void tcpflow_tracker_del(tcpflow_tracker *tracker);

/**
 * @brief Follows a batch of frames, in order.
 *
 * One call with many frames is faster than many calls, and tells the same.
 * @param[in,out] tracker  The tracker.
 * @param[in]     frames   @p count frames; their bytes are borrowed for the
 *                         call.
 * @param[in]     count    How many.
 * @param[out]    consumed How many were followed; less than @p count only when
 *                         the call does not answer #TCPFLOW_OK.  NULL: not
 *                         wanted.
 * @retval TCPFLOW_OK           All followed, whatever they hold.
 * @retval TCPFLOW_ERR_NOMEM    Frame number @p *consumed was not followed, and
 *                              it changed nothing but the time; it may be fed
 *                              again.  If it holds several packets, or
 *                              completes a datagram that does, and it is the
 *                              first frame of the next call, those that were
 *                              followed are not followed again.  Datagrams
 *                              that were given up to make room for it do not
 *                              come back.
 * @retval TCPFLOW_ERR_CALLBACK A callback asked to stop, while the last of the
 *                              @p *consumed frames was followed, or while
 *                              something ended before the next one could be: by
 *                              a timer, because its ports are used again, or
 *                              for want of room.
 *                              Feed on with frame number @p *consumed.
 * @retval TCPFLOW_ERR_STATE    Called inside a callback.
 * @since 0.1
 */
TCPFLOW_API int tcpflow_tracker_feed(tcpflow_tracker *tracker,
                                     const tcpflow_frame *frames, size_t count,
                                     size_t *consumed) TCPFLOW_NONNULL(1);

/**
 * @brief Says what time it is, without a frame, and runs the timers.
 * @param[in,out] tracker The tracker.
 * @param[in]     now     Capture time; a time before the latest one is taken
 *                        as that.
 * @retval TCPFLOW_OK           Done.
 * @retval TCPFLOW_ERR_CALLBACK A callback asked to stop; done all the same.
 * @retval TCPFLOW_ERR_STATE    Called inside a callback.
 * @since 0.1
 */
TCPFLOW_API int tcpflow_tracker_advance(tcpflow_tracker *tracker,
                                        tcpflow_time now) TCPFLOW_NONNULL(1);

/**
 * @brief Says when the next timer may be due.
 * @param[in] tracker The tracker.
 * @return A time not later than the first timer's; #TCPFLOW_TIME_NONE if none
 *         is running.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API tcpflow_time
tcpflow_tracker_deadline(const tcpflow_tracker *tracker) TCPFLOW_NONNULL(1);

/**
 * @brief Drops the fragments that are held, and ends all connections
 *        (#TCPFLOW_END_FLUSHED), oldest first.
 * @param[in,out] tracker The tracker; it can be fed on.
 * @retval TCPFLOW_OK           Done.
 * @retval TCPFLOW_ERR_CALLBACK A callback asked to stop; done all the same,
 *                              every `end` was told.
 * @retval TCPFLOW_ERR_STATE    Called inside a callback.
 * @since 0.1
 */
TCPFLOW_API int tcpflow_tracker_flush(tcpflow_tracker *tracker)
  TCPFLOW_NONNULL(1);

/**
 * @brief Looks a connection up.
 * @param[in] tracker The tracker.
 * @param[in] tuple   Who it is between, in either order.
 * @return The connection; NULL if it is not followed or has ended.  Valid
 *         until its `end`.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API tcpflow_conn *tcpflow_tracker_find(tcpflow_tracker *tracker,
                                               const tcpflow_tuple *tuple)
  TCPFLOW_NONNULL(1, 2);

/**
 * @brief Goes through the connections that are followed, oldest first.
 *
 *     for (conn = tcpflow_tracker_next(tracker, NULL); conn != NULL;
 *          conn = tcpflow_tracker_next(tracker, conn)) { ... }
 *
 * A connection that begins meanwhile comes last, and one that ends is passed
 * over; but one that has ended has no next one.  So who ends connections on the
 * way takes the next one first.  Inside a callback tcpflow_conn_end() only
 * marks them.
 * @param[in] tracker The tracker.
 * @param[in] conn    One of its connections; NULL: begin.
 * @return The next one; NULL if there is none, or @p conn has ended (in the
 *         callback of its `end`, it has).  Valid until its `end`.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API tcpflow_conn *tcpflow_tracker_next(tcpflow_tracker *tracker,
                                               const tcpflow_conn *conn)
  TCPFLOW_NONNULL(1);

/**
 * @brief Where the octets of a checkpoint go.
 *
 * Meanwhile nothing may change: the tracker's functions answer
 * #TCPFLOW_ERR_STATE, as inside a callback; and so do those that change a
 * connection, or they do nothing if they answer nothing.
 * @param[in] octets The next ones; borrowed.
 * @param[in] length How many, 1 to 4096.
 * @param[in] user   The caller's.
 * @return 0 to go on; anything else to stop.
 * @since 0.1
 */
typedef int (*tcpflow_tracker_put)(const void *octets, size_t length,
                                   void *user);

/**
 * @brief Writes all connections as octets: a checkpoint.
 *
 * With them go the data that is held behind holes, what was told of anomalies,
 * timeouts of their own, those that have ended and whose stragglers are
 * recognized, when each timer comes up and who has to go first when there is no
 * room, how far a frame was followed that a callback stopped in, what an ended
 * connection leaves to the one that this frame begins, the time, and the
 * figures.  Not with them go what the caller has attached, fragments that wait
 * for others, and the configuration.  The octets are the same on every machine,
 * and releases with the same major number of the format read each other's.  It
 * takes no memory.
 * @param[in,out] tracker The tracker; it goes on as if nothing had happened.
 * @param[in]     put     Called with the octets, in order.  It counts as a
 *                        callback of the tracker.
 * @param[in]     user    Handed to it.
 * @retval TCPFLOW_OK           All octets were put.
 * @retval TCPFLOW_ERR_CALLBACK @p put has asked to stop.
 * @retval TCPFLOW_ERR_STATE    Called inside a callback.
 * @since 0.1
 */
TCPFLOW_API int tcpflow_tracker_save(tcpflow_tracker *tracker,
                                     tcpflow_tracker_put put, void *user)
  TCPFLOW_NONNULL(1, 2);

/**
 * @brief Takes over the connections of a checkpoint.
 *
 * They go on as they would have: a new tracker that follows the frames behind
 * it tells what the old one would have told, in the same order, and has the
 * same figures and deadline.  (tcpflow_tracker_stats::memory may be less, so
 * with `max_memory` another one may have to go.)  `new` is not told again, and
 * tcpflow_conn_user_data() is NULL; tcpflow_tracker_next() goes through them
 * for who wants to attach something.
 * The tracker's own configuration counts, its timeouts, hash key and callbacks;
 * whatever it follows already it keeps, and a connection with the same ports in
 * the checkpoint is left out.  The figures of what was done until then are
 * added to the tracker's own; what is called "now" is counted anew; those that
 * only a later release has are forgotten.
 *
 * No octets do harm: damage is found by a digest, and what does not make sense
 * is refused.  But the digest is no signature, and who can write a checkpoint
 * can make up connections that make sense.
 * @param[in,out] tracker The tracker.
 * @param[in]     octets  The checkpoint; borrowed for the call.
 * @param[in]     length  All of its octets.
 * @retval TCPFLOW_OK          Taken over.
 * @retval TCPFLOW_ERR_INVALID That is no checkpoint, or a damaged one.
 * @retval TCPFLOW_ERR_VERSION It is of another major number.
 * @retval TCPFLOW_ERR_LIMIT   It is more than `max_flows`, `max_memory`,
 *                             `max_held_bytes` or the limits of a connection
 *                             allow.
 * @retval TCPFLOW_ERR_NOMEM   There is no memory for it.  As with the others,
 *                             nothing changed.
 * @retval TCPFLOW_ERR_STATE   Called inside a callback.
 * @since 0.1
 */
TCPFLOW_API int tcpflow_tracker_load(tcpflow_tracker *tracker,
                                     const void *octets, size_t length)
  TCPFLOW_NONNULL(1, 2);

/** @brief What a tracker has done so far.  @since 0.1 */
typedef struct tcpflow_tracker_stats {
  /** Set by tcpflow_tracker_stats_init(). */
  size_t size;
  /** Frames followed. */
  uint64_t frames;
  /** Their packets, by #tcpflow_packet_kind: one each, or several
      (#TCPFLOW_FINDING_AGGREGATE).  There is room for kinds to come. */
  uint64_t packets[16];
  /** TCP headers whose data offset is wrong; they reach no connection. */
  uint64_t bad_offset;
  /** Wrong checksums, where they are verified. */
  uint64_t bad_checksum;
  /** TCP in first fragments; not followed by itself. */
  uint64_t first_fragments;
  /** Segments of connections that had ended. */
  uint64_t stragglers;
  /** Segments of no connection that begin none: a RST, nonsense flags, a wrong
      checksum. */
  uint64_t without_flow;
  /** Frames earlier than the latest time before. */
  uint64_t time_backwards;
  /** Connections begun. */
  uint64_t flows_new;
  /** Connections ended. */
  uint64_t flows_ended;
  /** Of them, for want of room. */
  uint64_t flows_evicted;
  /** Of them, by timers. */
  uint64_t flows_timeout;
  /** Connections followed now. */
  uint64_t flows_live;
  /** Connections that ended because their ports were used again. */
  uint64_t flows_reused;
  /** Calls that answered #TCPFLOW_ERR_NOMEM. */
  uint64_t nomem;
  /** Memory of data that came early, now. */
  uint64_t held_memory;
  /** Datagrams that their fragments made, by #tcpflow_packet_kind; not in @p
      packets. */
  uint64_t datagrams[16];
  /** Connections by #tcpflow_phase, now.  Those before #TCPFLOW_PHASE_ENDED are
      @p flows_live.  There is room for phases to come. */
  uint64_t flows_in_phase[TCPFLOW_PHASE_ROOM];
  /** Those that had to go for want of room, by the phase in which they were.
      Those before #TCPFLOW_PHASE_RESET are @p flows_evicted; one that was reset
      ends by that. */
  uint64_t evicted_in_phase[TCPFLOW_PHASE_ROOM];
  /** Of @p flows_timeout, by the phase in which they were. */
  uint64_t timeout_in_phase[TCPFLOW_PHASE_ROOM];
  /** Memory that the tracker has now, in octets asked of its allocator; that
      of fragments is counted apart (tcpflow_frag_stats::held_memory).  The
      records of connections that are over are kept for others, so it grows
      with the most connections at a time, and does not shrink with them.
      Without tcpflow_tracker_config::max_memory, what early data has left is
      kept for other such data, too, up to 100 KiB. */
  uint64_t memory;
  /** ICMP errors that were attached to a connection. */
  uint64_t icmp_attached;
  /** Those about no connection that is followed, or that quote no sequence
      number. */
  uint64_t icmp_without_flow;
  /** Segments that would have begun a connection, had
      tcpflow_tracker_config::choose_admission not refused it. */
  uint64_t refused;
  /** Connections of which both endpoints were open: those of which
      `established` was told, or would have been. */
  uint64_t flows_established;
  /** How often client and server changed places
      (#TCPFLOW_ANOMALY_ROLES_FLIPPED). */
  uint64_t flows_flipped;
  /** Connections that tcpflow_conn_ignore() was called for. */
  uint64_t flows_ignored;
  /** Ends by a RST or an ICMP error that were taken back because the connection
      went on (#TCPFLOW_VERDICT_RST_REVERSED). */
  uint64_t ends_reversed;
  /** Those that had to go because of
      tcpflow_tracker_config::max_memory, of all in @p evicted_in_phase. The
      others had to because of tcpflow_tracker_config::max_flows. */
  uint64_t evicted_for_memory;
  /** Connections ended, by #tcpflow_end_reason; together @p flows_ended.  There
      is room for reasons to come. */
  uint64_t ended_by[16];
} tcpflow_tracker_stats;

/**
 * @brief Unsets the figures.
 * @param[out] stats The figures; call this once before they are first used.
 * @since 0.1
 */
static inline void tcpflow_tracker_stats_init(tcpflow_tracker_stats *stats) {
  tcpflow_sized_init(stats, sizeof(*stats));
}

/**
 * @brief Reads the figures.
 * @param[in]  tracker The tracker.
 * @param[out] stats   Initialized figures.
 * @retval TCPFLOW_OK          Read.
 * @retval TCPFLOW_ERR_VERSION @p stats were not initialized.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API int tcpflow_tracker_get_stats(const tcpflow_tracker *tracker,
                                          tcpflow_tracker_stats *stats)
  TCPFLOW_NONNULL(1, 2);

/**
 * @brief Adds the figures of one tracker to those of others.
 *
 * To sum up trackers that share the work.  All figures are sums, so it does not
 * matter in which order; what is called "now" is then over all of them.
 * @param[in,out] sum   Initialized figures.
 * @param[in]     other Likewise.
 * @retval TCPFLOW_OK          Added.
 * @retval TCPFLOW_ERR_VERSION One of them was not initialized.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API int tcpflow_tracker_stats_add(tcpflow_tracker_stats *sum,
                                          const tcpflow_tracker_stats *other)
  TCPFLOW_NONNULL(1, 2);

/**
 * @brief Reads the figures of the fragments.
 * @param[in]  tracker The tracker.
 * @param[out] stats   Initialized figures; all 0 if fragments are ignored.
 * @retval TCPFLOW_OK          Read.
 * @retval TCPFLOW_ERR_VERSION @p stats were not initialized.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API int tcpflow_tracker_get_frag_stats(const tcpflow_tracker *tracker,
                                               tcpflow_frag_stats *stats)
  TCPFLOW_NONNULL(1, 2);

/**
 * @brief Hashes a flow: the same for both directions.
 *
 * To spread frames over N trackers: hash modulo N.  Keyed (SipHash-1-3), so
 * that nobody without the key can choose flows that meet.  What is hashed, with
 * numbers in network order, and the end first whose address, then port, is the
 * lower one: both addresses, of 4 octets in IPv4 and of 16 in IPv6; both ports,
 * of 2.  If scope, VLAN or tunnel count and are not 0, addresses of 16 octets;
 * both ports; version, of 1; 3 of zero; scope, of 8; VLAN identifiers, of 4, 0
 * if they do not count; tunnel, likewise.
 * @param[in] tuple     Who it is between, in either order.
 * @param[in] key       16 octets.
 * @param[in] key_flags #tcpflow_key_flag bits: what to look at beside
 *                      addresses, ports and scope.
 * @return 64 bits.  The same on every machine, and in every release.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API uint64_t tcpflow_flow_hash(const tcpflow_tuple *tuple,
                                       const uint8_t key[16],
                                       uint32_t key_flags)
  TCPFLOW_NONNULL(1, 2);

TCPFLOW_END_DECLS

#endif /* TCPFLOW_TRACKER_H */
