/**
 * @file tcpflow/options.h
 * @brief TCP options: walk any list, parse it into values, build one.
 *
 * There is one walker, and it never fails: a malformed list is walked up to
 * its damage, the damage is told, and the good options before it are kept, as
 * the kernels of BSD and Linux do.
 */
#ifndef TCPFLOW_OPTIONS_H
#define TCPFLOW_OPTIONS_H

#include <tcpflow/base.h>
#include <tcpflow/packet.h>
#include <tcpflow/wire.h>

TCPFLOW_BEGIN_DECLS

/** @brief Octets that a TCP header has for options.  @since 0.1 */
#define TCPFLOW_OPTIONS_MAX     40

/** @brief SACK blocks that fit into them.  @since 0.1 */
#define TCPFLOW_SACK_BLOCKS_MAX 4

/** @brief The largest window scale shift.  @rfc{7323,2.3}  @since 0.1 */
#define TCPFLOW_WSCALE_MAX      14

/**
 * @brief Kinds of options: IANA's registry, and squatters that are seen.
 * @since 0.1
 */
typedef enum tcpflow_option_kind {
  TCPFLOW_OPTION_EOL = 0,            /**< End of the list (RFC 9293). */
  TCPFLOW_OPTION_NOP = 1,            /**< Padding (RFC 9293). */
  TCPFLOW_OPTION_MSS = 2,            /**< Maximum segment size (RFC 9293). */
  TCPFLOW_OPTION_WSCALE = 3,         /**< Window scale (RFC 7323). */
  TCPFLOW_OPTION_SACK_PERMITTED = 4, /**< SACK permitted (RFC 2018). */
  TCPFLOW_OPTION_SACK = 5,           /**< SACK blocks (RFC 2018). */
  TCPFLOW_OPTION_ECHO = 6,           /**< Echo (RFC 1072, obsolete). */
  TCPFLOW_OPTION_ECHO_REPLY = 7,     /**< Echo reply (RFC 1072, obsolete). */
  TCPFLOW_OPTION_TIMESTAMPS = 8,     /**< Timestamps (RFC 7323). */
  TCPFLOW_OPTION_POC_PERMITTED = 9,  /**< Partial order (RFC 1693, obsolete). */
  TCPFLOW_OPTION_POC_PROFILE = 10,   /**< Partial order (RFC 1693, obsolete). */
  TCPFLOW_OPTION_CC = 11,            /**< T/TCP (RFC 1644, obsolete). */
  TCPFLOW_OPTION_CC_NEW = 12,        /**< T/TCP (RFC 1644, obsolete). */
  TCPFLOW_OPTION_CC_ECHO = 13,       /**< T/TCP (RFC 1644, obsolete). */
  TCPFLOW_OPTION_ALT_CHECKSUM_REQUEST = 14, /**< RFC 1146, obsolete. */
  TCPFLOW_OPTION_ALT_CHECKSUM_DATA = 15,    /**< RFC 1146, obsolete. */
  TCPFLOW_OPTION_SKEETER = 16,              /**< Skeeter. */
  TCPFLOW_OPTION_BUBBA = 17,                /**< Bubba. */
  TCPFLOW_OPTION_TRAILER_CHECKSUM = 18,     /**< Trailer checksum. */
  TCPFLOW_OPTION_MD5 = 19,                  /**< MD5 signature (RFC 2385). */
  TCPFLOW_OPTION_SCPS = 20,  /**< SCPS capabilities (CCSDS 714). */
  TCPFLOW_OPTION_SNACK = 21, /**< Selective negative ACK (CCSDS 714). */
  TCPFLOW_OPTION_RECORD_BOUNDARY = 22,    /**< CCSDS 714. */
  TCPFLOW_OPTION_CORRUPTION = 23,         /**< CCSDS 714. */
  TCPFLOW_OPTION_SNAP = 24,               /**< SNAP. */
  TCPFLOW_OPTION_COMPRESSION_FILTER = 26, /**< TCP compression filter. */
  TCPFLOW_OPTION_QUICK_START = 27,    /**< Quick-Start response (RFC 4782). */
  TCPFLOW_OPTION_USER_TIMEOUT = 28,   /**< User timeout (RFC 5482). */
  TCPFLOW_OPTION_AO = 29,             /**< Authentication (RFC 5925). */
  TCPFLOW_OPTION_MPTCP = 30,          /**< Multipath TCP (RFC 8684). */
  TCPFLOW_OPTION_SQUAT_31 = 31,       /**< Used without being assigned. */
  TCPFLOW_OPTION_SQUAT_32 = 32,       /**< Used without being assigned. */
  TCPFLOW_OPTION_SQUAT_33 = 33,       /**< Used without being assigned. */
  TCPFLOW_OPTION_FAST_OPEN = 34,      /**< Fast open cookie (RFC 7413). */
  TCPFLOW_OPTION_ENO = 69,            /**< Encryption negotiation (RFC 8547). */
  TCPFLOW_OPTION_SQUAT_70 = 70,       /**< Used without being assigned. */
  TCPFLOW_OPTION_RIVERBED_PROBE = 76, /**< Squatted by Riverbed. */
  TCPFLOW_OPTION_SQUAT_77 = 77,       /**< Used without being assigned. */
  TCPFLOW_OPTION_RIVERBED_TRANSPARENCY = 78, /**< Squatted by Riverbed. */
  TCPFLOW_OPTION_SQUAT_79 = 79,      /**< Used without being assigned. */
  TCPFLOW_OPTION_ACCECN_0 = 172,     /**< Accurate ECN, order 0 (RFC 9768). */
  TCPFLOW_OPTION_ACCECN_1 = 174,     /**< Accurate ECN, order 1 (RFC 9768). */
  TCPFLOW_OPTION_EXPERIMENT_1 = 253, /**< Shared experiments (RFC 6994). */
  TCPFLOW_OPTION_EXPERIMENT_2 = 254  /**< Shared experiments (RFC 6994). */
} tcpflow_option_kind;

/** @brief What is wrong or odd about one option, or a list: bits. @since 0.1 */
typedef enum tcpflow_option_flag {
  /** The list ends where the length octet should stand.  Ends the walk. */
  TCPFLOW_OPTION_FLAG_NO_LENGTH = 1 << 0,
  /** A length of 0 or 1.  Ends the walk. */
  TCPFLOW_OPTION_FLAG_LENGTH_BELOW_2 = 1 << 1,
  /** It claims more than the list holds. Ends the walk. */
  TCPFLOW_OPTION_FLAG_OVERRUN = 1 << 2,
  /** The capture ends inside it; what it would have said is not known.  Ends
      the walk.  For a list: some of it was not captured. */
  TCPFLOW_OPTION_FLAG_CUT = 1 << 3,
  /** Not a length that its kind, or its subtype of Multipath TCP, can have; the
      value is not taken. */
  TCPFLOW_OPTION_FLAG_BAD_LENGTH = 1 << 4,
  /** Its kind was there before; the first one with a right length counts.  Not
      for kinds that may stand several times (MPTCP, experiments). */
  TCPFLOW_OPTION_FLAG_DUPLICATE = 1 << 5,
  /** Not allowed in a segment with these flags (an MSS without SYN); it has no
      effect. */
  TCPFLOW_OPTION_FLAG_WRONG_SEGMENT = 1 << 6,
  /** The octets behind the end of the list are not all 0. */
  TCPFLOW_OPTION_FLAG_AFTER_EOL = 1 << 7,
  /** The RFC that defines it is obsolete or historic. */
  TCPFLOW_OPTION_FLAG_OBSOLETE = 1 << 8,
  /** Its number is used without having been assigned. */
  TCPFLOW_OPTION_FLAG_SQUAT = 1 << 9,
  /** Nobody is known to use its number. */
  TCPFLOW_OPTION_FLAG_UNKNOWN = 1 << 10,
  /** A value outside its range: a shift above 14 (14 is used), an MSS of 0, a
      SACK block that is empty or turned around, a SACK without blocks, an
      MP_CAPABLE of a version above 1, an ADD_ADDR of another IP than
      it says. */
  TCPFLOW_OPTION_FLAG_BAD_VALUE = 1 << 11,
  /** It stands beside one that excludes it: an MD5 signature and TCP-AO in one
      segment, which is to be dropped (RFC 5925 section 2.2). */
  TCPFLOW_OPTION_FLAG_CONFLICT = 1 << 12
} tcpflow_option_flag;

/** @brief One option as it stands in the list.  @since 0.1 */
typedef struct tcpflow_option {
  /** A #tcpflow_option_kind, or any other octet. */
  uint8_t kind;
  /** Octets it takes, kind and length included; as claimed, if @p flags tell
      that this is wrong.  EOL and NOP: 1. */
  uint8_t length;
  /** Of its kind octet, from the start of the list. */
  uint8_t offset;
  /** Octets at @p data: what was captured of it. */
  uint8_t data_length;
  /** #tcpflow_option_flag bits. */
  uint32_t flags;
  /** Its value, borrowed; the octets behind the length.  For an EOL, and for
      one whose length is below 2: all the octets behind, up to the end. */
  const uint8_t *data;
} tcpflow_option;

/**
 * @brief Where a walk stands: the caller's storage, of which the members are
 *        the library's business.
 *
 * It holds no pointer but the list's, so it may be copied; a copy walks on by
 * itself.
 * @since 0.1
 */
typedef struct tcpflow_option_walk {
  const uint8_t *bytes; /**< Private. */
  uint64_t seen[4];     /**< Private. */
  uint16_t tcp_flags;   /**< Private. */
  uint8_t length;       /**< Private. */
  uint8_t captured;     /**< Private. */
  uint8_t offset;       /**< Private. */
  uint8_t place;        /**< Private. */
  uint8_t reserved[2];  /**< Private. */
} tcpflow_option_walk;

/**
 * @brief Starts a walk.
 * @param[out] walk      The walk.
 * @param[in]  bytes     @p captured octets; borrowed while walking.
 * @param[in]  length    Octets of the list on the wire; above 40 is taken
 *                       as 255 at most (lists are not limited to a header).
 * @param[in]  captured  Octets at @p bytes; more than @p length is taken as
 *                       @p length.
 * @param[in]  tcp_flags #tcpflow_flag bits of the segment, to tell options that
 *                       do not belong in it.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API void tcpflow_option_walk_init(tcpflow_option_walk *walk,
                                          const uint8_t *bytes, size_t length,
                                          size_t captured, unsigned tcp_flags)
  TCPFLOW_NONNULL(1);

/**
 * @brief Starts a walk over the options of a packet.
 * @param[out] walk   The walk.
 * @param[in]  packet A decoded packet whose bytes are still there; the list of
 *                    one without a TCP header is empty.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API void tcpflow_option_walk_packet(tcpflow_option_walk *walk,
                                            const tcpflow_packet *packet)
  TCPFLOW_NONNULL(1, 2);

/**
 * @brief Takes the next option.
 *
 * Every NOP and the EOL are options of their own.  The walk ends after an EOL,
 * after an option that ends it (see #tcpflow_option_flag), and at the end of
 * the list or of what was captured of it: at most as many turns as octets.  A
 * capture that ends exactly between two options ends the walk without an
 * option to tell it; tcpflow_options_parse() tells it all the same.
 * @param[in,out] walk   The walk.
 * @param[out]    option The option; untouched when the list is over.
 * @return Non-zero if there was one.
 * @rfc{9293,3.1} MUST-5, MUST-6, MUST-7
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API int tcpflow_option_walk_next(tcpflow_option_walk *walk,
                                         tcpflow_option *option)
  TCPFLOW_NONNULL(1, 2);

/** @brief Which options a list has: bits of @p present.  @since 0.1 */
typedef enum tcpflow_options_present {
  /** An end of list. */
  TCPFLOW_HAS_EOL = 1 << 0,
  /** Padding. */
  TCPFLOW_HAS_NOP = 1 << 1,
  /** @p mss. */
  TCPFLOW_HAS_MSS = 1 << 2,
  /** @p wscale. */
  TCPFLOW_HAS_WSCALE = 1 << 3,
  /** SACK permitted. */
  TCPFLOW_HAS_SACK_PERMITTED = 1 << 4,
  /** @p sack. */
  TCPFLOW_HAS_SACK = 1 << 5,
  /** @p ts_val, @p ts_ecr. */
  TCPFLOW_HAS_TIMESTAMPS = 1 << 6,
  /** Options that this parse does not type; walk the list to see them. */
  TCPFLOW_HAS_OTHER = 1 << 7
} tcpflow_options_present;

/** @brief One SACK block: [left, right).  @rfc{2018,3}  @since 0.1 */
typedef struct tcpflow_sack_block {
  tcpflow_seq left;  /**< First sequence number of the block. */
  tcpflow_seq right; /**< The one behind its last. */
} tcpflow_sack_block;

/**
 * @brief The values of a list of options.
 *
 * A value is set only if its bit in @p present is; otherwise it is 0.
 * @since 0.1  Members are appended; `size` tells the library which exist.
 */
typedef struct tcpflow_options {
  /** Set by tcpflow_options_init(). */
  size_t size;
  /** #tcpflow_options_present bits.  An option that does not belong in its
      segment is present, too. */
  uint32_t present;
  /** All #tcpflow_option_flag bits of the walk. */
  uint32_t flags;
  /** Octets. */
  uint16_t mss;
  /** Shift, 0 to 14. */
  uint8_t wscale;
  /** Shift as it was sent. */
  uint8_t wscale_raw;
  /** Blocks in @p sack, 0 to 4. */
  uint8_t sack_count;
  /** Options walked, NOP and EOL included. */
  uint8_t count;
  /** 0. */
  uint16_t reserved;
  /** TSval. */
  uint32_t ts_val;
  /** TSecr; means something only with ACK. */
  uint32_t ts_ecr;
  /** SACK blocks.  Of an option that the capture cuts, the whole ones. */
  tcpflow_sack_block sack[TCPFLOW_SACK_BLOCKS_MAX];
} tcpflow_options;

/**
 * @brief Unsets the values.
 * @param[out] options The values; call this once before they are first used.
 * @since 0.1
 */
static inline void tcpflow_options_init(tcpflow_options *options) {
  tcpflow_sized_init(options, sizeof(*options));
}

/**
 * @brief Walks a list and takes the values.
 * @param[out] options   Initialized values; every member they have is set.
 * @param[in]  bytes     As for tcpflow_option_walk_init().
 * @param[in]  length    As for tcpflow_option_walk_init().
 * @param[in]  captured  As for tcpflow_option_walk_init().
 * @param[in]  tcp_flags As for tcpflow_option_walk_init().
 * @retval TCPFLOW_OK          Parsed, whatever the octets are.
 * @retval TCPFLOW_ERR_VERSION @p options were not initialized.
 * @rfc{9293,3.2} @rfc{7323,2.2} @rfc{7323,3.2} @rfc{2018,3}
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API int tcpflow_options_parse(tcpflow_options *options,
                                      const uint8_t *bytes, size_t length,
                                      size_t captured, unsigned tcp_flags)
  TCPFLOW_NONNULL(1);

/**
 * @brief A list of options under construction: the caller's storage.
 * @since 0.1
 */
typedef struct tcpflow_options_builder {
  uint8_t bytes[TCPFLOW_OPTIONS_MAX]; /**< The list so far. */
  uint8_t length;                     /**< Octets of it, 0 to 40. */
  uint8_t reserved[7];                /**< 0. */
} tcpflow_options_builder;

/**
 * @brief Empties the list.
 * @param[out] builder The builder.
 * @since 0.1
 */
TCPFLOW_API void tcpflow_options_builder_init(tcpflow_options_builder *builder)
  TCPFLOW_NONNULL(1);

/**
 * @brief Appends any option, as octets.
 * @param[in,out] builder The builder.
 * @param[in]     kind    Its kind.  EOL and NOP are one octet and take no
 *                        data.
 * @param[in]     data    @p length octets behind the length octet; NULL if
 *                        there are none.
 * @param[in]     length  Octets of @p data.
 * @retval TCPFLOW_OK          Appended.
 * @retval TCPFLOW_ERR_LIMIT   It does not fit into 40 octets; nothing changed.
 * @retval TCPFLOW_ERR_INVALID EOL or NOP with data, or @p data is NULL and
 *                             @p length is not 0.
 * @since 0.1
 */
TCPFLOW_API int tcpflow_options_builder_raw(tcpflow_options_builder *builder,
                                            uint8_t kind, const uint8_t *data,
                                            size_t length)
  TCPFLOW_NONNULL(1) TCPFLOW_NODISCARD;

/**
 * @brief Appends an option of a walk exactly as it stood.
 *
 * Options that end a walk are written as damaged as they are, with everything
 * behind them.  So a list that was captured whole comes out of a walk, option
 * by option, as it went in, whatever its octets are.
 * @param[in,out] builder The builder.
 * @param[in]     option  An option of a walk, whose list is still there.
 * @retval TCPFLOW_OK          Appended.
 * @retval TCPFLOW_ERR_LIMIT   It does not fit into 40 octets; nothing changed.
 * @retval TCPFLOW_ERR_INVALID It has data, and @p data is NULL.
 * @since 0.1
 */
TCPFLOW_API int tcpflow_options_builder_copy(tcpflow_options_builder *builder,
                                             const tcpflow_option *option)
  TCPFLOW_NONNULL(1, 2) TCPFLOW_NODISCARD;

/**
 * @brief Appends a maximum segment size.
 * @param[in,out] builder The builder.
 * @param[in]     mss     Octets.
 * @retval TCPFLOW_OK        Appended.
 * @retval TCPFLOW_ERR_LIMIT No room; nothing changed.
 * @rfc{9293,3.7.1}
 * @since 0.1
 */
TCPFLOW_API int tcpflow_options_builder_mss(tcpflow_options_builder *builder,
                                            uint16_t mss)
  TCPFLOW_NONNULL(1) TCPFLOW_NODISCARD;

/**
 * @brief Appends a window scale.
 * @param[in,out] builder The builder.
 * @param[in]     shift   The shift; above 14 is written as it is.
 * @retval TCPFLOW_OK        Appended.
 * @retval TCPFLOW_ERR_LIMIT No room; nothing changed.
 * @rfc{7323,2.2}
 * @since 0.1
 */
TCPFLOW_API int tcpflow_options_builder_wscale(tcpflow_options_builder *builder,
                                               uint8_t shift)
  TCPFLOW_NONNULL(1) TCPFLOW_NODISCARD;

/**
 * @brief Appends SACK-permitted.
 * @param[in,out] builder The builder.
 * @retval TCPFLOW_OK        Appended.
 * @retval TCPFLOW_ERR_LIMIT No room; nothing changed.
 * @rfc{2018,2}
 * @since 0.1
 */
TCPFLOW_API int
tcpflow_options_builder_sack_permitted(tcpflow_options_builder *builder)
  TCPFLOW_NONNULL(1) TCPFLOW_NODISCARD;

/**
 * @brief Appends SACK blocks.
 * @param[in,out] builder The builder.
 * @param[in]     blocks  @p count blocks.
 * @param[in]     count   1 to 4.
 * @retval TCPFLOW_OK          Appended.
 * @retval TCPFLOW_ERR_LIMIT   No room; nothing changed.
 * @retval TCPFLOW_ERR_INVALID @p count is out of range.
 * @rfc{2018,3}
 * @since 0.1
 */
TCPFLOW_API int tcpflow_options_builder_sack(tcpflow_options_builder *builder,
                                             const tcpflow_sack_block *blocks,
                                             size_t count)
  TCPFLOW_NONNULL(1, 2) TCPFLOW_NODISCARD;

/**
 * @brief Appends timestamps.
 * @param[in,out] builder The builder.
 * @param[in]     ts_val  TSval.
 * @param[in]     ts_ecr  TSecr.
 * @retval TCPFLOW_OK        Appended.
 * @retval TCPFLOW_ERR_LIMIT No room; nothing changed.
 * @rfc{7323,3.2}
 * @since 0.1
 */
TCPFLOW_API int
tcpflow_options_builder_timestamps(tcpflow_options_builder *builder,
                                   uint32_t ts_val, uint32_t ts_ecr)
  TCPFLOW_NONNULL(1) TCPFLOW_NODISCARD;

/**
 * @brief Fills the list up to a multiple of four octets, as a header needs it.
 * @param[in,out] builder The builder.
 * @param[in]     pad     #TCPFLOW_OPTION_NOP: fills with NOP.  Anything else:
 *                        with #TCPFLOW_OPTION_EOL.
 * @since 0.1
 */
TCPFLOW_API void tcpflow_options_builder_pad(tcpflow_options_builder *builder,
                                             uint8_t pad) TCPFLOW_NONNULL(1);

TCPFLOW_END_DECLS

#endif /* TCPFLOW_OPTIONS_H */
