/**
 * @file tcpflow/stream.h
 * @brief Reassembly: pieces of a byte stream come in any order, bytes and
 *        holes go out in order.
 *
 * A stream is one direction.  It knows 64-bit offsets and nothing of TCP:
 * offset 0 is the first octet.  Data that is in order is handed on without a
 * copy; what comes early is held until the hole before it is filled, or is
 * known to stay.  Octets that overlap and differ are taken by a policy
 * (#tcpflow_overlap), usually from whoever came first; what was told never
 * changes.  A #tcpflow_stream belongs to one thread at a time; distinct ones
 * share nothing.
 */
#ifndef TCPFLOW_STREAM_H
#define TCPFLOW_STREAM_H

#include <tcpflow/base.h>

TCPFLOW_BEGIN_DECLS

/** @brief A stream under reassembly, opaque.  @since 0.1 */
typedef struct tcpflow_stream tcpflow_stream;

/** @brief Why bytes are missing for good.  @since 0.1 */
typedef enum tcpflow_gap_reason {
  /** The receiver acknowledged them: it has them, the capture has not. */
  TCPFLOW_GAP_ACKED = 0,
  /** They were captured in part only (snaplen). */
  TCPFLOW_GAP_CUT,
  /** A cap was reached while waiting for them. */
  TCPFLOW_GAP_LIMIT,
  /** They did not come in time. */
  TCPFLOW_GAP_TIMEOUT,
  /** The connection ended without them. */
  TCPFLOW_GAP_CLOSED,
  /** The caller gave up waiting. */
  TCPFLOW_GAP_FLUSHED,
  /** The caller did not want them. */
  TCPFLOW_GAP_SKIPPED
} tcpflow_gap_reason;

/**
 * @brief Who wins where segments overlap and differ: what an operating system
 *        does with octets that wait behind a hole.
 *
 * RFC 9293 section 3.4 leaves it open, so each system did what was easy, and
 * who sends different octets twice can show a monitor another stream than the
 * receiver gets.  What was told never changes.  doc/streams.md has the table.
 * @since 0.1
 */
typedef enum tcpflow_overlap {
  TCPFLOW_OVERLAP_FIRST = 0, /**< What came first stays.  The default. */
  TCPFLOW_OVERLAP_LAST,      /**< What came last counts. */
  TCPFLOW_OVERLAP_LINUX,     /**< Linux since 2.4. */
  TCPFLOW_OVERLAP_OLD_LINUX, /**< Linux before. */
  TCPFLOW_OVERLAP_BSD,       /**< 4.4BSD and its children; AIX, VMS. */
  TCPFLOW_OVERLAP_MACOS,     /**< As BSD. */
  TCPFLOW_OVERLAP_WINDOWS,   /**< Windows up to XP; as BSD. */
  TCPFLOW_OVERLAP_W2K3,      /**< Windows Server 2003; as BSD. */
  TCPFLOW_OVERLAP_VISTA,     /**< Windows since Vista; as FIRST. */
  TCPFLOW_OVERLAP_HPUX10,    /**< HP-UX up to 10.2. */
  TCPFLOW_OVERLAP_HPUX11,    /**< HP-UX 11; as Solaris. */
  TCPFLOW_OVERLAP_IRIX,      /**< IRIX 6; as HP-UX 10. */
  TCPFLOW_OVERLAP_SOLARIS,   /**< Solaris 9 and later. */
  TCPFLOW_OVERLAP_PROXY,     /**< A proxy that takes what comes first. */
  TCPFLOW_OVERLAP_COUNT      /**< How many there are in this release. */
} tcpflow_overlap;

/**
 * @brief How a caller keeps its own buffers for the library.
 *
 * With it, octets that come early are not copied: the library asks the caller
 * to keep the buffer that they lie in.
 * @since 0.1
 */
typedef struct tcpflow_hold {
  /** Keeps @p length octets at @p bytes, which lie in what @p handle stands for
      (tcpflow_segment::handle, tcpflow_stream_piece::handle), where they are
      until release() gets what this answers.  NULL: it cannot; they are copied.
      It runs while a piece is added, and must not call back.  It is only asked
      where @p handle is not NULL, and by a tracker never of a datagram that
      came in fragments: that does not lie in a frame. */
  void *(*hold)(void *handle, const uint8_t *bytes, size_t length, void *user);
  /** Lets go of what hold() answered, once. */
  void (*release)(void *held, void *user);
  /** Handed to both; never dereferenced. */
  void *user;
} tcpflow_hold;

/** @brief Octets in order.  Borrowed: dies with the callback.  @since 0.1 */
typedef struct tcpflow_stream_data {
  /** Of the first octet. */
  uint64_t offset;
  /** @p length octets: in the caller's own packet, or held ones. */
  const uint8_t *bytes;
  /** At least 1. */
  size_t length;
  /** Non-zero if they had come early and were held. */
  int held;
  /** Non-zero, of a connection with #TCPFLOW_DELIVERY_ACKED only: its receiver
      was not seen to acknowledge all of them. */
  int unacknowledged;
  /** When they were captured: of the segment that brought them, which may not
      be the one that completes the order.  Where one covered more than eight
      that were held, they are one with it from then on, and it is the first of
      them. */
  tcpflow_time time;
  /** The caller's number of its frame. */
  uint64_t number;
  /** How many of the first ones were told before, and kept since
      (tcpflow_conn_keep(), tcpflow_stream_keep()).  All that is said above of
      where octets come from is of those behind; where there are none, @p time
      is #TCPFLOW_TIME_NONE and @p number `UINT64_MAX`. */
  size_t kept;
} tcpflow_stream_data;

/** @brief Octets that never come.  Borrowed, as above.  @since 0.1 */
typedef struct tcpflow_stream_gap {
  uint64_t offset;           /**< Of the first missing octet. */
  uint64_t length;           /**< At least 1. */
  tcpflow_gap_reason reason; /**< Why. */
} tcpflow_stream_gap;

/**
 * @brief Octets that came twice, and not the same.  Borrowed, as above.
 * @since 0.1
 */
typedef struct tcpflow_stream_conflict {
  /** Of the first octet that overlaps. */
  uint64_t offset;
  /** Octets that overlap. */
  size_t length;
  /** What had come first, @p length octets.  NULL: only digests were kept
      (tcpflow_stream_config::max_tail_digests), and show that some of these
      octets differ. */
  const uint8_t *first;
  /** What came now, @p length octets. */
  const uint8_t *second;
  /** Non-zero: the second ones count (#tcpflow_overlap), and the first ones are
      forgotten.  0: the other way round. */
  int replaced;
  /** Non-zero: the first ones were told already, and count. */
  int delivered;
  /** When the first ones were captured; #TCPFLOW_TIME_NONE: not known, as
      where they were delivered. */
  tcpflow_time first_time;
  /** The caller's number of their frame; UINT64_MAX likewise. */
  uint64_t first_number;
} tcpflow_stream_conflict;

/**
 * @brief What a stream tells.  Members left NULL are skipped.
 *
 * A callback returns 0 to go on; any other value stops the telling: the call
 * in progress finishes its work silently and answers #TCPFLOW_ERR_CALLBACK.
 * Of the functions of the same stream only those that are marked as safe in a
 * callback may be called inside one; others would answer #TCPFLOW_ERR_STATE.
 * @since 0.1  Members are appended; `size` tells the library which exist.
 */
typedef struct tcpflow_stream_callbacks {
  size_t size; /**< Set by tcpflow_stream_callbacks_init(). */
  int (*on_data)(tcpflow_stream *stream, const tcpflow_stream_data *event,
                 void *user); /**< The next octets. */
  int (*on_gap)(tcpflow_stream *stream, const tcpflow_stream_gap *event,
                void *user); /**< The next octets are missing. */
  int (*on_conflict)(tcpflow_stream *stream,
                     const tcpflow_stream_conflict *event,
                     void *user); /**< Inconsistent overlap. */
} tcpflow_stream_callbacks;

/**
 * @brief Unsets every callback.
 * @param[out] callbacks The table; call this before setting a member.
 * @since 0.1
 */
static inline void
tcpflow_stream_callbacks_init(tcpflow_stream_callbacks *callbacks) {
  tcpflow_sized_init(callbacks, sizeof(*callbacks));
}

/** @brief How much a stream may hold.  @since 0.1 */
typedef struct tcpflow_stream_config {
  /** Set by tcpflow_stream_config_init(). */
  size_t size;
  /** Memory for octets that came early, overhead included; above 2^32 - 1 it
      counts as that. Default 1 MiB.  0: none is held. */
  uint64_t max_held_bytes;
  /** Separate pieces held; above 2^32 - 1 it counts as that.  Default 4096.
      0: none is held. */
  uint64_t max_held_pieces;
  /** Copied.  NULL, the default: octets that come early are copied. */
  const tcpflow_hold *hold;
  /** A #tcpflow_overlap.  Default #TCPFLOW_OVERLAP_FIRST. */
  uint32_t overlap;
  /** Non-zero: nothing is told beyond where tcpflow_stream_gate() opens it; all
      that comes is held until then.  Default 0. */
  uint32_t gated;
  /** How many of the octets told last are remembered, so that a later piece
      that says something else of them is a conflict; above 2^30 it counts as
      that.  They take half as much memory again, and all in all at most half of
      @p max_held_bytes: without room, or memory, they are forgotten.  Default
      0. */
  uint64_t max_tail_bytes;
  /** Of how many ranges, of up to 512 octets each, that were told last digests
      are kept: 8 octets each.  Then a later piece that says something else of
      a range that it has all of is a conflict
      (tcpflow_stream_conflict::first is NULL), also before the octets that @p
      max_tail_bytes keeps.  Above 2^20 it counts as that.  They are bounded,
      and forgotten, like those.  Default 0. */
  uint64_t max_tail_digests;
  /** Secret of the digests.  Fill it with random octets wherever strangers
      choose the pieces.  Default: 0. */
  uint8_t hash_key[16];
} tcpflow_stream_config;

/**
 * @brief Sets the defaults.
 * @param[out] config The configuration.
 * @param[in]  size   Its `sizeof`.
 * @since 0.1
 */
TCPFLOW_API void tcpflow_stream_config_defaults(tcpflow_stream_config *config,
                                                size_t size) TCPFLOW_NONNULL(1);

/**
 * @brief Sets the defaults.
 * @param[out] config The configuration; call this before setting a member.
 * @since 0.1
 */
static inline void tcpflow_stream_config_init(tcpflow_stream_config *config) {
  tcpflow_stream_config_defaults(config, sizeof(*config));
}

/**
 * @brief Creates an empty stream.
 * @param[out] out       The stream; untouched unless 0 is returned.
 * @param[in]  config    Copied.  NULL: the defaults.
 * @param[in]  callbacks Copied.  NULL: none.
 * @param[in]  mem       Copied.  NULL: malloc(3) and friends.
 * @param[in]  user      Handed to every callback; never dereferenced.
 * @retval TCPFLOW_OK          Release @p *out with tcpflow_stream_del().
 * @retval TCPFLOW_ERR_NOMEM   Nothing was kept.
 * @retval TCPFLOW_ERR_INVALID @p mem lacks a function.
 * @retval TCPFLOW_ERR_VERSION @p config or @p callbacks has no stamp, or uses
 *                             what this library does not know.
 * @since 0.1
 */
TCPFLOW_API int tcpflow_stream_new(tcpflow_stream **out,
                                   const tcpflow_stream_config *config,
                                   const tcpflow_stream_callbacks *callbacks,
                                   const tcpflow_mem *mem, void *user)
  TCPFLOW_NONNULL(1) TCPFLOW_NODISCARD;

/**
 * @brief Releases a stream with all it holds, silently.
 *
 * Inside a callback of the same stream it does nothing.
 * @param[in] stream May be NULL.
 * @since 0.1
 */
TCPFLOW_API void tcpflow_stream_del(tcpflow_stream *stream);

/**
 * @brief Adds a piece.
 *
 * What is in order is told at once, with all that was held behind it.  What is
 * early is copied, in O(log pieces).  In-order octets are never refused; where
 * a cap leaves no room for early ones, the oldest hole is given up
 * (#TCPFLOW_GAP_LIMIT), and the next one, until they fit or are in order.
 *
 * Octets that were told are not replaced, and those that are held by the
 * stream's #tcpflow_overlap only.  Those that were not captured are not held: a
 * later piece may supply them until the gap is told.
 * @param[in,out] stream   The stream.
 * @param[in]     offset   Of the piece's first octet.
 * @param[in]     bytes    @p captured octets, borrowed for the call.
 * @param[in]     length   Octets of the piece.
 * @param[in]     captured How many of them are there, at most @p length; the
 *                         rest is a hole of reason #TCPFLOW_GAP_CUT.
 * @retval TCPFLOW_OK           Added.
 * @retval TCPFLOW_ERR_NOMEM    Nothing changed.
 * @retval TCPFLOW_ERR_INVALID  @p captured exceeds @p length, @p length exceeds
 *                              2^32 - 1, the piece reaches beyond offset 2^63,
 *                              or @p bytes is NULL though @p captured is not 0.
 * @retval TCPFLOW_ERR_CALLBACK A callback asked to stop; the piece was added.
 * @retval TCPFLOW_ERR_STATE    Called inside a callback of this stream.
 * @since 0.1
 */
TCPFLOW_API int tcpflow_stream_add(tcpflow_stream *stream, uint64_t offset,
                                   const uint8_t *bytes, size_t length,
                                   size_t captured) TCPFLOW_NONNULL(1);

/** @brief Octets of a stream, and where they come from.  @since 0.1 */
typedef struct tcpflow_stream_piece {
  /** Set by tcpflow_stream_piece_init(). */
  size_t size;
  /** Of the first octet. */
  uint64_t offset;
  /** @p captured octets, borrowed for the call. */
  const uint8_t *bytes;
  /** Octets of the piece. */
  size_t length;
  /** How many of them are there, at most @p length; the rest is a hole of
      reason #TCPFLOW_GAP_CUT. */
  size_t captured;
  /** When they came.  Told with them. */
  tcpflow_time time;
  /** The caller's number of their frame.  Told with them. */
  uint64_t number;
  /** What tcpflow_hold::hold() gets. */
  void *handle;
  /** 0. */
  uintptr_t reserved;
} tcpflow_stream_piece;

/**
 * @brief Unsets a piece.
 * @param[out] piece The piece; call this before setting a member.
 * @since 0.1
 */
static inline void tcpflow_stream_piece_init(tcpflow_stream_piece *piece) {
  tcpflow_sized_init(piece, sizeof(*piece));
}

/**
 * @brief Adds a piece, as tcpflow_stream_add() does, with its origin.
 * @param[in,out] stream The stream.
 * @param[in]     piece  Borrowed for the call.
 * @return As tcpflow_stream_add().
 * @retval TCPFLOW_ERR_VERSION @p piece was not initialized, or sets a member
 *                             that this library does not know.
 * @since 0.1
 */
TCPFLOW_API int tcpflow_stream_add_piece(tcpflow_stream *stream,
                                         const tcpflow_stream_piece *piece)
  TCPFLOW_NONNULL(1, 2);

/**
 * @brief Lets a gated stream tell what lies before an offset.
 *
 * As a receiver does by acknowledging it: what is behind may still be replaced
 * by the stream's #tcpflow_overlap.  Where a cap leaves no room for what waits,
 * the gate gives way.
 * @param[in,out] stream The stream.
 * @param[in]     offset Where it opens to; never back.  UINT64_MAX: for good.
 * @retval TCPFLOW_OK           Done.
 * @retval TCPFLOW_ERR_CALLBACK A callback asked to stop; done all the same.
 * @retval TCPFLOW_ERR_STATE    Called inside a callback of this stream.
 * @since 0.1
 */
TCPFLOW_API int tcpflow_stream_gate(tcpflow_stream *stream, uint64_t offset)
  TCPFLOW_NONNULL(1);

/**
 * @brief Keeps the last octets that a callback is told, to be told again.
 *
 * For a reader of messages that finds the beginning of one at the end of what
 * it is told.  The octets come again in front of those that follow them, in one
 * piece and in one event (tcpflow_stream_data::kept), and can be kept again.
 * Where nothing follows in one piece they come once more by themselves, and
 * then they cannot be kept again: in front of a gap, of octets that follow
 * others which a callback did not want to hear, at the end of the stream, with
 * tcpflow_stream_flush(), and where there is no room for more.  Where
 * tcpflow_stream_finish() puts the end behind what was told already, they come
 * with the next call.
 *
 * They are copied, and tcpflow_stream_config::max_held_bytes bounds them, too.
 * @param[in,out] stream The stream, inside of its
 *                       tcpflow_stream_callbacks::on_data.
 * @param[in]     octets How many, of the end of the event's octets.  Of several
 *                       calls the last one counts; 0: none.
 * @retval TCPFLOW_OK          They will be.
 * @retval TCPFLOW_ERR_LIMIT   There is no room; nothing is kept.
 * @retval TCPFLOW_ERR_NOMEM   There is no memory; nothing is kept.
 * @retval TCPFLOW_ERR_INVALID There are not as many.
 * @retval TCPFLOW_ERR_STATE   This is no callback of data, or these octets are
 *                             told by themselves.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API int tcpflow_stream_keep(tcpflow_stream *stream, size_t octets)
  TCPFLOW_NONNULL(1);

/**
 * @brief Changes who wins where pieces overlap from now on.
 * @param[in,out] stream  The stream.
 * @param[in]     overlap The policy.
 * @retval TCPFLOW_OK          Done.
 * @retval TCPFLOW_ERR_INVALID @p overlap is none.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API int tcpflow_stream_set_overlap(tcpflow_stream *stream,
                                           tcpflow_overlap overlap)
  TCPFLOW_NONNULL(1);

/**
 * @brief Looks at octets that are held, or were told and are remembered.
 * @param[in]  stream The stream.
 * @param[in]  offset Of the first octet wanted.
 * @param[out] found  From there on, those that came together; borrowed until
 *                    the stream is next changed.  Of those that were told,
 *                    time (#TCPFLOW_TIME_NONE) and number (UINT64_MAX) are
 *                    not known.  Untouched if 0 is
 *                    returned.
 * @return How many octets that are, @p found->length; 0: that octet is neither
 *         held nor remembered.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API size_t tcpflow_stream_peek(const tcpflow_stream *stream,
                                       uint64_t offset,
                                       tcpflow_stream_data *found)
  TCPFLOW_NONNULL(1, 3);

/**
 * @brief Sets where the stream ends.  The first call counts.
 *
 * Octets at that offset and beyond are dropped from then on.
 * @param[in,out] stream The stream.
 * @param[in]     offset The offset behind the last octet.
 * @retval TCPFLOW_OK          Set, or the same as before.
 * @retval TCPFLOW_ERR_INVALID It was set elsewhere, lies before octets that
 *                             were told or held, or beyond 2^63; nothing
 *                             changed.
 * @retval TCPFLOW_ERR_STATE   Called inside a callback of this stream.
 * @since 0.1
 */
TCPFLOW_API int tcpflow_stream_finish(tcpflow_stream *stream, uint64_t offset)
  TCPFLOW_NONNULL(1);

/**
 * @brief Gives up waiting for the holes before an offset.
 *
 * Tells them as gaps, and the octets held between and directly behind them.
 * The last gap reaches up to that offset even where nothing is held behind it,
 * but not beyond the end.
 * @param[in,out] stream The stream.
 * @param[in]     offset Where waiting goes on; what was told stays told.
 * @param[in]     reason Why.
 * @retval TCPFLOW_OK           Done.
 * @retval TCPFLOW_ERR_INVALID  @p offset lies beyond 2^63, or @p reason is
 *                              none; nothing changed.
 * @retval TCPFLOW_ERR_CALLBACK A callback asked to stop; done all the same.
 * @retval TCPFLOW_ERR_STATE    Called inside a callback of this stream.
 * @since 0.1
 */
TCPFLOW_API int tcpflow_stream_skip(tcpflow_stream *stream, uint64_t offset,
                                    tcpflow_gap_reason reason)
  TCPFLOW_NONNULL(1);

/**
 * @brief Gives up all holes: up to the last octet held, or the end if that is
 *        known.
 *
 * Octets that were kept (tcpflow_stream_keep()) are told by themselves.
 * @param[in,out] stream The stream.
 * @param[in]     reason Why.
 * @retval TCPFLOW_OK           Done.
 * @retval TCPFLOW_ERR_INVALID  @p reason is none; nothing changed.
 * @retval TCPFLOW_ERR_CALLBACK A callback asked to stop; done all the same.
 * @retval TCPFLOW_ERR_STATE    Called inside a callback of this stream.
 * @since 0.1
 */
TCPFLOW_API int tcpflow_stream_flush(tcpflow_stream *stream,
                                     tcpflow_gap_reason reason)
  TCPFLOW_NONNULL(1);

/**
 * @brief What a stream has done so far.  @since 0.1
 *
 * delivered + missing = next, always.
 */
typedef struct tcpflow_stream_info {
  /** Set by tcpflow_stream_info_init(). */
  size_t size;
  /** The offset that is waited for. */
  uint64_t next;
  /** Where the stream ends; UINT64_MAX: unknown. */
  uint64_t end;
  /** Octets told as data. */
  uint64_t delivered;
  /** Octets told as gaps. */
  uint64_t missing;
  /** Octets that came to where octets are held, or to what was told already,
      be it as a gap. */
  uint64_t duplicate;
  /** Of those, octets in overlaps that differed; stays at 2^32 - 1. */
  uint64_t conflicting;
  /** Octets beyond the end, dropped; stays at 2^32 - 1. */
  uint64_t beyond_end;
  /** Octets held now. */
  uint64_t held_bytes;
  /** Pieces held now. */
  uint64_t held_pieces;
  /** What they cost, overhead included. */
  uint64_t held_memory;
} tcpflow_stream_info;

/**
 * @brief Unsets the figures.
 * @param[out] info The figures; call this once before they are first used.
 * @since 0.1
 */
static inline void tcpflow_stream_info_init(tcpflow_stream_info *info) {
  tcpflow_sized_init(info, sizeof(*info));
}

/**
 * @brief Reads the figures.
 * @param[in]  stream The stream.
 * @param[out] info   Initialized figures.
 * @retval TCPFLOW_OK          Read.
 * @retval TCPFLOW_ERR_VERSION @p info was not initialized.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API int tcpflow_stream_get_info(const tcpflow_stream *stream,
                                        tcpflow_stream_info *info)
  TCPFLOW_NONNULL(1, 2);

TCPFLOW_END_DECLS

#endif /* TCPFLOW_STREAM_H */
