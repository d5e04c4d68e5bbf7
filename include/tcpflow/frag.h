/**
 * @file tcpflow/frag.h
 * @brief Fragments: pieces of IPv4 and IPv6 datagrams become datagrams.
 *
 * A #tcpflow_frag takes decoded packets that are fragments, in any order, and
 * hands out the datagram that the last missing one completes: a frame, ready to
 * be decoded.  A tracker has one of its own; this header is for who configures
 * that one, and for callers without a tracker.
 *
 * Nobody cuts a datagram so that fragments overlap, but whoever wants to be
 * read in two ways does.  Hosts differ in what they make of it; so it can be
 * chosen (#tcpflow_frag_policy), for each datagram if need be, and is told
 * (#tcpflow_frag_anomaly).  N is the fragment that comes, as it came; E is the
 * rest of an earlier one that shares octets with it.  The octets are N's if:
 *
 * | policy    | N replaces E where they overlap                              |
 * | --------- | ------------------------------------------------------------ |
 * | first     | never                                                        |
 * | last      | always                                                       |
 * | bsd       | N starts before E                                            |
 * | bsd-right | N ends behind E; or both end together and N starts no later  |
 * | linux     | N starts before E, or with it                                |
 * | windows   | N starts before E and ends behind it                         |
 * | solaris   | N starts before E, and ends behind it or with it             |
 * | rfc5722   | no datagram: all of it is dropped, and what still comes of it |
 *
 * The table is that of Shankar and Paxson ("Active Mapping", 2003) and of Novak
 * ("Target-Based Fragmentation Reassembly", 2005), with the further cases that
 * Suricata (defrag.c) and Snort (stream_ip, frag3) tell apart.
 *
 * Whatever the policy is: a fragment costs time in proportion to its octets,
 * never to the number of fragments, and memory in proportion to them.
 */
#ifndef TCPFLOW_FRAG_H
#define TCPFLOW_FRAG_H

#include <tcpflow/base.h>
#include <tcpflow/packet.h>

TCPFLOW_BEGIN_DECLS

/** @brief An opaque reassembler.  @since 0.1 */
typedef struct tcpflow_frag tcpflow_frag;

/**
 * @brief Whose octets count where fragments overlap.
 *
 * The table above has the conditions.
 * @since 0.1
 */
typedef enum tcpflow_frag_policy {
  /** The default of the IP version. */
  TCPFLOW_FRAG_POLICY_DEFAULT = 0,
  /** The earlier fragment. */
  TCPFLOW_FRAG_POLICY_FIRST = 1,
  /** The later fragment (RFC 791 section 3.2). */
  TCPFLOW_FRAG_POLICY_LAST = 2,
  /** The one that starts first; FreeBSD, macOS, and all that descends from
      4.4BSD. */
  TCPFLOW_FRAG_POLICY_BSD = 3,
  /** The one that ends last; HP JetDirect. */
  TCPFLOW_FRAG_POLICY_BSD_RIGHT = 4,
  /** The one that starts first, else the later one; Linux before 4.19. */
  TCPFLOW_FRAG_POLICY_LINUX = 5,
  /** The earlier one, unless the later one reaches beyond it on both sides. */
  TCPFLOW_FRAG_POLICY_WINDOWS = 6,
  /** The earlier one, unless the later one covers it and starts before it. */
  TCPFLOW_FRAG_POLICY_SOLARIS = 7,
  /** None: the datagram is dropped (RFC 5722 section 3, RFC 8200 section 4.5;
      Linux since 4.19, for IPv4 too).  An exact duplicate is no overlap. */
  TCPFLOW_FRAG_POLICY_RFC5722 = 8
} tcpflow_frag_policy;

/** @brief How many policies this header names.  @since 0.1 */
#define TCPFLOW_FRAG_POLICY_COUNT 9

/** @brief What is odd about a fragment or its datagram: bits.  @since 0.1 */
typedef enum tcpflow_frag_anomaly {
  /** Fragments overlap. */
  TCPFLOW_FRAG_ANOMALY_OVERLAP = 1 << 0,
  /** The octets that two of them have in common are not the same.  Known once
      the datagram is complete. */
  TCPFLOW_FRAG_ANOMALY_CONFLICT = 1 << 1,
  /** A fragment came twice: same place, same length. */
  TCPFLOW_FRAG_ANOMALY_DUPLICATE = 1 << 2,
  /** TCP, and the first fragment does not hold all 20 octets of its fixed
      header; or a fragment that starts inside of them (RFC 1858, RFC 3128). */
  TCPFLOW_FRAG_ANOMALY_TINY = 1 << 3,
  /** The datagram would exceed what its length field can say. */
  TCPFLOW_FRAG_ANOMALY_TOO_LONG = 1 << 4,
  /** The length of a fragment that is not the last one is no multiple of 8. */
  TCPFLOW_FRAG_ANOMALY_UNEVEN = 1 << 5,
  /** Two last fragments with different ends.  The first one counts. */
  TCPFLOW_FRAG_ANOMALY_TWO_ENDS = 1 << 6,
  /** Data behind the end.  It is left out. */
  TCPFLOW_FRAG_ANOMALY_BEYOND_END = 1 << 7,
  /** IPv6: the fragments announce different headers.  That of the first
      counts (RFC 8200 section 4.5). */
  TCPFLOW_FRAG_ANOMALY_PROTOCOL = 1 << 8,
  /** IPv4: Don't Fragment is set. */
  TCPFLOW_FRAG_ANOMALY_DONT_FRAGMENT = 1 << 9,
  /** A fragment without data. */
  TCPFLOW_FRAG_ANOMALY_EMPTY = 1 << 10,
  /** A fragment whose IP length is not that of its frame: 0, or beyond. */
  TCPFLOW_FRAG_ANOMALY_BAD_LENGTH = 1 << 11,
  /** IPv4: a wrong header checksum; where they are verified. */
  TCPFLOW_FRAG_ANOMALY_BAD_CHECKSUM = 1 << 12,
  /** More fragments than allowed. */
  TCPFLOW_FRAG_ANOMALY_TOO_MANY = 1 << 13,
  /** Some fragments say "not ECN-capable", others "congestion experienced"
      (RFC 3168 section 5.3). */
  TCPFLOW_FRAG_ANOMALY_ECN = 1 << 14,
  /** The capture does not hold all octets of a fragment. */
  TCPFLOW_FRAG_ANOMALY_CUT = 1 << 15
} tcpflow_frag_anomaly;

/** @brief How many anomalies this header names, from bit 0 on.  @since 0.1 */
#define TCPFLOW_FRAG_ANOMALY_COUNT 16

/** @brief Why a fragment, or a datagram with all its fragments, was dropped.
 *  @since 0.1 */
typedef enum tcpflow_frag_reason {
  /** It was not. */
  TCPFLOW_FRAG_REASON_NONE = 0,
  /** Datagram: fragments overlap, or disagree on the end, and the policy is
      #TCPFLOW_FRAG_POLICY_RFC5722. */
  TCPFLOW_FRAG_REASON_OVERLAP = 1,
  /** Fragment: its datagram was dropped before. */
  TCPFLOW_FRAG_REASON_ABANDONED = 2,
  /** Datagram: it was not complete in time. */
  TCPFLOW_FRAG_REASON_TIMEOUT = 3,
  /** Datagram: it was the oldest, and its room was needed. */
  TCPFLOW_FRAG_REASON_EVICTED = 4,
  /** Datagram: more fragments than allowed. */
  TCPFLOW_FRAG_REASON_TOO_MANY = 5,
  /** Datagram: all the memory that is allowed does not hold it. */
  TCPFLOW_FRAG_REASON_NO_ROOM = 6,
  /** Fragment or complete datagram: it exceeds what the length field can say
      (the "ping of death"). */
  TCPFLOW_FRAG_REASON_TOO_LONG = 7,
  /** Fragment: nothing in it. */
  TCPFLOW_FRAG_REASON_EMPTY = 8,
  /** Fragment: not a multiple of 8 octets, and the policy is
      #TCPFLOW_FRAG_POLICY_RFC5722.  The others count what is. */
  TCPFLOW_FRAG_REASON_UNEVEN = 9,
  /** Fragment: its IP length is not that of its frame. */
  TCPFLOW_FRAG_REASON_BAD_LENGTH = 10,
  /** Fragment: wrong header checksum, where they are verified. */
  TCPFLOW_FRAG_REASON_BAD_CHECKSUM = 11,
  /** Fragment: all of it lies behind the end. */
  TCPFLOW_FRAG_REASON_BEYOND_END = 12,
  /** Datagrams that were held when the reassembler was cleared. */
  TCPFLOW_FRAG_REASON_FLUSHED = 13
} tcpflow_frag_reason;

/** @brief How many reasons this header names.  @since 0.1 */
#define TCPFLOW_FRAG_REASON_COUNT 14

/** @brief What became of a packet.  @since 0.1 */
typedef enum tcpflow_frag_outcome {
  /** It is no fragment, or too little of its headers is there to tell. */
  TCPFLOW_FRAG_NOT_A_FRAGMENT = 0,
  /** Its datagram waits for more. */
  TCPFLOW_FRAG_HELD = 1,
  /** It completed a datagram. */
  TCPFLOW_FRAG_COMPLETE = 2,
  /** It was dropped, alone or with its datagram. */
  TCPFLOW_FRAG_DROPPED = 3
} tcpflow_frag_outcome;

/**
 * @brief What tcpflow_frag_feed() found.
 * @since 0.1  Members are appended; `size` tells the library which exist.
 */
typedef struct tcpflow_frag_result {
  /** Set by tcpflow_frag_result_init(). */
  size_t size;
  /** A #tcpflow_frag_outcome. */
  uint32_t outcome;
  /** Dropped: a #tcpflow_frag_reason. */
  uint32_t reason;
  /** #tcpflow_frag_anomaly bits of the fragment and of its datagram so far. */
  uint32_t anomalies;
  /** Fragments of the datagram so far, duplicates included. */
  uint32_t fragments;
  /** When the first of them came. */
  tcpflow_time first_time;
} tcpflow_frag_result;

/**
 * @brief Unsets a result.
 * @param[out] result The result; call this once before it is first used.
 * @since 0.1
 */
static inline void tcpflow_frag_result_init(tcpflow_frag_result *result) {
  tcpflow_sized_init(result, sizeof(*result));
}

/** @brief A datagram was given up, with what there was of it.  @since 0.1 */
typedef struct tcpflow_frag_drop_event {
  /** When; the time of the fragment or of the call that brought it. */
  tcpflow_time time;
  /** When its first fragment came. */
  tcpflow_time first_time;
  /** Version, addresses, VLAN, tunnel, scope; the ports are 0. */
  const tcpflow_tuple *ends;
  /** Its identification. */
  uint32_t id;
  /** What it carries, as its first fragment to come says. */
  uint32_t protocol;
  /** Fragments that came. */
  uint32_t fragments;
  /** #tcpflow_frag_anomaly bits. */
  uint32_t anomalies;
  /** A #tcpflow_frag_reason. */
  uint32_t reason;
  /** 0. */
  uint32_t reserved;
} tcpflow_frag_drop_event;

/**
 * @brief A datagram whose policy is asked for.
 *
 * The library's, and there for the call alone.
 * @since 0.1  Members are appended.
 */
typedef struct tcpflow_frag_query {
  /** When its first fragment came. */
  tcpflow_time time;
  /** Version, addresses, VLAN, tunnel, scope; the ports are 0. */
  const tcpflow_tuple *ends;
  /** Its identification. */
  uint32_t id;
  /** What it carries, as that fragment says. */
  uint32_t protocol;
} tcpflow_frag_query;

/**
 * @brief What the reassembler asks and tells.  Members left NULL are skipped.
 * @since 0.1  Members are appended; `size` tells the library which exist.
 */
typedef struct tcpflow_frag_callbacks {
  /** Set by tcpflow_frag_callbacks_init(). */
  size_t size;
  /** Chooses the policy of a datagram whose first fragment has come.  Answers a
      #tcpflow_frag_policy; anything else is the default. */
  int (*choose_policy)(const tcpflow_frag_query *query, void *user);
  /** A datagram was given up.  Answers 0 to go on; any other value makes the
      call answer #TCPFLOW_ERR_CALLBACK. */
  int (*on_drop)(const tcpflow_frag_drop_event *event, void *user);
} tcpflow_frag_callbacks;

/**
 * @brief Unsets every callback.
 * @param[out] callbacks The table; call this before setting a member.
 * @since 0.1
 */
static inline void
tcpflow_frag_callbacks_init(tcpflow_frag_callbacks *callbacks) {
  tcpflow_sized_init(callbacks, sizeof(*callbacks));
}

/** @brief How fragments are put together.  @since 0.1 */
typedef struct tcpflow_frag_config {
  /** Set by tcpflow_frag_config_init(). */
  size_t size;
  /** Secret of the hash, as in tcpflow_tracker_config; a tracker uses its own.
      Default: 0. */
  uint8_t hash_key[16];
  /** Datagrams held at a time, dropped ones that are remembered included; 1 to
      2^24.  Beyond that the oldest goes.  Default 16,384. */
  uint64_t max_datagrams;
  /** Memory of these datagrams, everything counted.  Beyond that the oldest
      goes.  Default 32 MiB. */
  uint64_t max_bytes;
  /** Fragments of one datagram, duplicates included; 2 to 65,535.  Default
      2,048: the smallest MTU on the Internet cuts the longest datagram into
      1,366 (RFC 791 section 3.2). */
  uint32_t max_fragments;
  /** A #tcpflow_frag_policy.  Default #TCPFLOW_FRAG_POLICY_BSD: most stacks
      that accept overlaps descend from it, and Suricata, Snort and, for two
      fragments, Wireshark read a datagram this way. */
  uint32_t policy_ipv4;
  /** The same for IPv6.  Default #TCPFLOW_FRAG_POLICY_RFC5722. */
  uint32_t policy_ipv6;
  /** Non-zero: IPv4 fragments with a wrong header checksum are dropped, as a
      host does.  Default 0, because captures on a host hold checksums that its
      network card had yet to fill in. */
  uint32_t verify_checksums;
  /** How long a datagram may take, from the first fragment to come.  Default 60
      s (RFC 8200 section 4.5, RFC 1122 section 3.3.2).  Some hosts give up
      earlier, Linux after 30 s; to wait as long as any host does means to see
      all that any of them accepts. */
  tcpflow_time timeout_ns;
} tcpflow_frag_config;

/**
 * @brief Sets the defaults.
 * @param[out] config The configuration.
 * @param[in]  size   Its `sizeof`.
 * @since 0.1
 */
TCPFLOW_API void tcpflow_frag_config_defaults(tcpflow_frag_config *config,
                                              size_t size) TCPFLOW_NONNULL(1);

/**
 * @brief Sets the defaults.
 * @param[out] config The configuration; call this before setting a member.
 * @since 0.1
 */
static inline void tcpflow_frag_config_init(tcpflow_frag_config *config) {
  tcpflow_frag_config_defaults(config, sizeof(*config));
}

/**
 * @brief Creates a reassembler that holds nothing.
 * @param[out] out       The reassembler; untouched unless 0 is returned.
 * @param[in]  config    Copied.  NULL: the defaults.
 * @param[in]  callbacks Copied.  NULL: none.
 * @param[in]  mem       Copied.  NULL: malloc(3) and friends.
 * @param[in]  user      Handed to every callback; never dereferenced.
 * @retval TCPFLOW_OK          Release @p *out with tcpflow_frag_del().
 * @retval TCPFLOW_ERR_NOMEM   Nothing was kept.
 * @retval TCPFLOW_ERR_INVALID @p mem lacks a function, or @p config is out of
 *                             its ranges.
 * @retval TCPFLOW_ERR_VERSION A struct has no stamp, or sets a member that
 *                             this library does not know.
 * @since 0.1
 */
TCPFLOW_API int tcpflow_frag_new(tcpflow_frag **out,
                                 const tcpflow_frag_config *config,
                                 const tcpflow_frag_callbacks *callbacks,
                                 const tcpflow_mem *mem, void *user)
  TCPFLOW_NONNULL(1) TCPFLOW_NODISCARD;

/**
 * @brief Releases a reassembler, with what it holds and without telling.
 * @param[in] frag May be NULL.  Not to be called inside a callback.
 * @since 0.1
 */
TCPFLOW_API void tcpflow_frag_del(tcpflow_frag *frag);

/**
 * @brief Takes a fragment in, and hands a datagram out if that completes it.
 *
 * A datagram is told apart by its addresses, identification, VLAN, tunnel and
 * scope, and in IPv4 by its protocol.  An atomic fragment (RFC 6946) is a whole
 * datagram and no fragment.
 *
 * What a fragment covers is what its header says.  Where the capture does not
 * hold all of it, the datagram completes all the same: @p datagram->length is
 * its length on the wire, and @p datagram->captured ends before the first octet
 * that is not known, even if later ones are.
 *
 * The header is that of the fragment that has octet 0, as if it had never been
 * cut: length, fragment field and, in IPv4, checksum are right; IPv6 lacks the
 * fragment header (RFC 8200 section 4.5).  Where any fragment says "congestion
 * experienced", the datagram does (RFC 3168 section 5.3).
 *
 * A datagram can be a fragment again, of a datagram that a tunnel carries; so
 * what is complete is decoded and fed until nothing comes of it:
 * @code
 * tcpflow_packet_decode(&packet, &frame, NULL);
 * while (tcpflow_frag_feed(frag, &packet, &result, &datagram) == TCPFLOW_OK &&
 *        result.outcome == TCPFLOW_FRAG_COMPLETE) {
 *   tcpflow_packet_decode(&packet, &datagram, NULL);
 * }
 * @endcode
 * Each turn uses up a datagram that was held, so the loop ends.
 * @param[in,out] frag     The reassembler.
 * @param[in]     packet   A decoded packet whose bytes are still there, those
 *                         of the last datagram allowed; of any kind.
 * @param[out]    result   An initialized result.
 * @param[out]    datagram If a datagram is complete: link
 *                         #TCPFLOW_LINK_IPV4 or #TCPFLOW_LINK_IPV6; time,
 *                         number and handle of @p packet; its scope, VLAN and
 *                         tunnel.  The bytes are @p frag's, and there until @p
 *                         frag completes another datagram, be it to drop it, or
 *                         is released.  Untouched otherwise.
 * @retval TCPFLOW_OK           Done, whatever the packet is.
 * @retval TCPFLOW_ERR_NOMEM    The packet was not looked at; only time may have
 *                              passed.
 * @retval TCPFLOW_ERR_CALLBACK A callback asked to stop; done all the same.
 * @retval TCPFLOW_ERR_STATE    Called inside a callback.
 * @retval TCPFLOW_ERR_VERSION  @p packet or @p result was not initialized.
 * @rfc{791,3.2} @rfc{815,3}
 * @rfc{8200,4.5} @rfc{5722,3}
 * @since 0.1
 */
TCPFLOW_API int
tcpflow_frag_feed(tcpflow_frag *frag, const tcpflow_packet *packet,
                  tcpflow_frag_result *result, tcpflow_frame *datagram)
  TCPFLOW_NONNULL(1, 2, 3, 4) TCPFLOW_NODISCARD;

/**
 * @brief Says what time it is, and drops what took too long.
 * @param[in,out] frag The reassembler.
 * @param[in]     now  Capture time; a time before the latest one is taken as
 *                     that.
 * @retval TCPFLOW_OK           Done.
 * @retval TCPFLOW_ERR_CALLBACK A callback asked to stop; done all the same.
 * @retval TCPFLOW_ERR_STATE    Called inside a callback.
 * @since 0.1
 */
TCPFLOW_API int tcpflow_frag_advance(tcpflow_frag *frag, tcpflow_time now)
  TCPFLOW_NONNULL(1);

/**
 * @brief Says when the next datagram will have taken too long.
 * @param[in] frag The reassembler.
 * @return That time; #TCPFLOW_TIME_NONE if nothing is held, or for ever.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API tcpflow_time tcpflow_frag_deadline(const tcpflow_frag *frag)
  TCPFLOW_NONNULL(1);

/**
 * @brief Drops all that is held (#TCPFLOW_FRAG_REASON_FLUSHED), oldest first.
 * @param[in,out] frag The reassembler; it can be fed on.
 * @retval TCPFLOW_OK           Done.
 * @retval TCPFLOW_ERR_CALLBACK A callback asked to stop; done all the same.
 * @retval TCPFLOW_ERR_STATE    Called inside a callback.
 * @since 0.1
 */
TCPFLOW_API int tcpflow_frag_flush(tcpflow_frag *frag) TCPFLOW_NONNULL(1);

/** @brief What a reassembler has done so far.  @since 0.1 */
typedef struct tcpflow_frag_stats {
  /** Set by tcpflow_frag_stats_init(). */
  size_t size;
  /** Fragments fed. */
  uint64_t fragments;
  /** Datagrams begun. */
  uint64_t datagrams;
  /** Datagrams completed. */
  uint64_t completed;
  /** Of them, those with octets that the capture does not hold. */
  uint64_t completed_cut;
  /** Datagrams dropped, by #tcpflow_frag_reason.  There is room for more. */
  uint64_t datagrams_dropped[32];
  /** Fragments dropped that no datagram had taken in, likewise. */
  uint64_t fragments_dropped[32];
  /** How many datagrams had each anomaly, and how many fragments dropped alone,
      by bit number of #tcpflow_frag_anomaly.  There is room for more. */
  uint64_t anomalies[32];
  /** Datagrams held now, dropped ones that are remembered included. */
  uint64_t held;
  /** Their memory. */
  uint64_t held_memory;
  /** Calls that answered #TCPFLOW_ERR_NOMEM. */
  uint64_t nomem;
} tcpflow_frag_stats;

/**
 * @brief Unsets the figures.
 * @param[out] stats The figures; call this once before they are first used.
 * @since 0.1
 */
static inline void tcpflow_frag_stats_init(tcpflow_frag_stats *stats) {
  tcpflow_sized_init(stats, sizeof(*stats));
}

/**
 * @brief Reads the figures.
 * @param[in]  frag  The reassembler.
 * @param[out] stats Initialized figures.
 * @retval TCPFLOW_OK          Read.
 * @retval TCPFLOW_ERR_VERSION @p stats were not initialized.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API int tcpflow_frag_get_stats(const tcpflow_frag *frag,
                                       tcpflow_frag_stats *stats)
  TCPFLOW_NONNULL(1, 2);

TCPFLOW_END_DECLS

#endif /* TCPFLOW_FRAG_H */
