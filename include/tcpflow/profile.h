/**
 * @file tcpflow/profile.h
 * @brief What other tools would say of a connection: Zeek's conn.log,
 *        Wireshark's completeness.
 *
 * A profile is fed with the events of one connection and says what the tool
 * would; where the tool is wrong by the RFCs, the profile is, too.  It takes no
 * memory beside the caller's struct, and all of these functions may be called
 * inside the callbacks.
 */
#ifndef TCPFLOW_PROFILE_H
#define TCPFLOW_PROFILE_H

#include <tcpflow/base.h>
#include <tcpflow/conn.h>

TCPFLOW_BEGIN_DECLS

/**
 * @brief The field `conn_state` of Zeek's conn.log.
 *
 * The sender of the first segment is Zeek's originator, unless the ports say
 * otherwise.
 * @since 0.1
 */
typedef enum tcpflow_zeek_state {
  TCPFLOW_ZEEK_OTH = 0, /**< Anything else: picked up, and not closed. */
  TCPFLOW_ZEEK_S0,      /**< A SYN, and no answer. */
  TCPFLOW_ZEEK_S1,      /**< Established, not closed. */
  TCPFLOW_ZEEK_SF,      /**< Both closed. */
  TCPFLOW_ZEEK_REJ,     /**< Rejected. */
  TCPFLOW_ZEEK_S2,      /**< Only the originator has closed. */
  TCPFLOW_ZEEK_S3,      /**< Only the responder has closed. */
  TCPFLOW_ZEEK_RSTO,    /**< The originator has reset it. */
  TCPFLOW_ZEEK_RSTR,    /**< The responder has reset it. */
  TCPFLOW_ZEEK_RSTOS0,  /**< The originator: SYN, then RST; no answer seen. */
  TCPFLOW_ZEEK_RSTRH,   /**< The responder: SYN and ACK, then RST; no SYN
                             seen. */
  TCPFLOW_ZEEK_SH,      /**< The originator: SYN, then FIN; no answer seen. */
  TCPFLOW_ZEEK_SHR      /**< The responder: SYN and ACK, then FIN; no SYN
                             seen. */
} tcpflow_zeek_state;

/**
 * @brief Names it: `RSTOS0`.
 * @param[in] state A state.
 * @return The name; "?" for a number that is none.  In static storage.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API const char *tcpflow_zeek_state_name(tcpflow_zeek_state state);

/**
 * @brief What Zeek would have seen of a connection so far.
 *
 * One a connection, in the caller's memory: for example what
 * tcpflow_conn_set_user_data() attaches.  It needs no release.  It has no
 * pointers and may be copied as it is; its octets mean something to the same
 * release on the same kind of machine only.  A checkpoint does not hold it: who
 * wants to go on with it writes it down beside that, by
 * tcpflow_conn_get_tuple().  The rules are those of Zeek 5 to 8.
 * @since 0.1
 */
typedef struct tcpflow_zeek {
  /** Set by tcpflow_zeek_init(). */
  size_t size;
  /** The library's, with room to grow: its size stays within a major
      version. */
  uint64_t internal[44];
} tcpflow_zeek;

/** @brief How a profile works: bits.  @since 0.1 */
typedef enum tcpflow_zeek_flag {
  /** The ports of servers that Zeek knows say nothing, as with `zeek -b`. */
  TCPFLOW_ZEEK_NO_PORTS = 1 << 0
} tcpflow_zeek_flag;

/**
 * @brief Begins a connection; call it in its `new`.
 * @param[out] zeek  The profile.
 * @param[in]  size  Its `sizeof`.
 * @param[in]  event The event.
 * @param[in]  flags #tcpflow_zeek_flag bits.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API void tcpflow_zeek_begin(tcpflow_zeek *zeek, size_t size,
                                    const tcpflow_new_event *event,
                                    uint32_t flags) TCPFLOW_NONNULL(1, 3);

/**
 * @brief Begins a connection; call it in its `new`.
 * @param[out] zeek  The profile.
 * @param[in]  event The event.
 * @param[in]  flags #tcpflow_zeek_flag bits.
 * @callbacksafe
 * @since 0.1
 */
static inline void tcpflow_zeek_init(tcpflow_zeek *zeek,
                                     const tcpflow_new_event *event,
                                     uint32_t flags) {
  tcpflow_zeek_begin(zeek, sizeof(*zeek), event, flags);
}

/**
 * @brief Takes a segment into account; call it in every `segment`.
 * @param[in,out] zeek  The profile.
 * @param[in]     event The event.  Octets of IP are counted if its segment
 *                      knows its packet.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API void tcpflow_zeek_segment(tcpflow_zeek *zeek,
                                      const tcpflow_segment_event *event)
  TCPFLOW_NONNULL(1, 2);

/**
 * @brief Takes data in order into account; call it in every `data`.  It only
 *        matters for the duration.
 * @param[in,out] zeek  The profile.
 * @param[in]     event The event.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API void tcpflow_zeek_data(tcpflow_zeek *zeek,
                                   const tcpflow_data_event *event)
  TCPFLOW_NONNULL(1, 2);

/**
 * @brief Takes missing data into account; call it in every `gap`.
 * @param[in,out] zeek  The profile.
 * @param[in]     event The event.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API void tcpflow_zeek_gap(tcpflow_zeek *zeek,
                                  const tcpflow_gap_event *event)
  TCPFLOW_NONNULL(1, 2);

/**
 * @brief Client and server change places; call it in `flip`.
 *
 * The originator stays who he is; only the names of the sides change.
 * @param[in,out] zeek The profile.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API void tcpflow_zeek_flip(tcpflow_zeek *zeek) TCPFLOW_NONNULL(1);

/** @brief Room for a history, with the 0 behind it.  A longer one is cut.
 *  @since 0.1 */
#define TCPFLOW_ZEEK_HISTORY_MAX 64

/**
 * @brief The fields of Zeek's conn.log.
 *
 * Arrays have the originator first.
 * @since 0.1  Members are appended; `size` tells the library which exist.
 */
typedef struct tcpflow_zeek_summary {
  /** Set by tcpflow_zeek_summary_init(). */
  size_t size;
  /** `ts`: of the first segment. */
  tcpflow_time first;
  /** `duration`, in ns.  If it is 0, Zeek leaves it and `orig_bytes` and
      `resp_bytes` out. */
  tcpflow_time duration;
  /** `orig_bytes`, `resp_bytes`: by sequence numbers, not by what was seen. */
  uint64_t bytes[2];
  /** `orig_pkts`, `resp_pkts`. */
  uint64_t packets[2];
  /** `orig_ip_bytes`, `resp_ip_bytes`. */
  uint64_t ip_bytes[2];
  /** `missed_bytes`. */
  uint64_t missed_bytes;
  /** `conn_state`. */
  tcpflow_zeek_state state;
  /** Who is Zeek's originator. */
  tcpflow_side originator;
  /** `history`. */
  char history[TCPFLOW_ZEEK_HISTORY_MAX];
} tcpflow_zeek_summary;

/**
 * @brief Unsets a summary.
 * @param[out] summary The summary; call this once before it is first used.
 * @since 0.1
 */
static inline void tcpflow_zeek_summary_init(tcpflow_zeek_summary *summary) {
  tcpflow_sized_init(summary, sizeof(*summary));
}

/**
 * @brief Says what Zeek would write.
 * @param[in]  zeek    The profile.
 * @param[out] summary An initialized summary.
 * @retval TCPFLOW_OK          Read.
 * @retval TCPFLOW_ERR_VERSION @p zeek was not begun, or @p summary was not
 *                             initialized.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API int tcpflow_zeek_get_summary(const tcpflow_zeek *zeek,
                                         tcpflow_zeek_summary *summary)
  TCPFLOW_NONNULL(1, 2);

/** @brief Wireshark's `tcp.completeness`: bits.  @since 0.1 */
typedef enum tcpflow_completeness {
  TCPFLOW_COMPLETENESS_SYN = 1 << 0,     /**< A SYN was seen. */
  TCPFLOW_COMPLETENESS_SYN_ACK = 1 << 1, /**< A SYN and ACK. */
  TCPFLOW_COMPLETENESS_ACK = 1 << 2,     /**< An ACK. */
  TCPFLOW_COMPLETENESS_DATA = 1 << 3,    /**< Data. */
  TCPFLOW_COMPLETENESS_FIN = 1 << 4,     /**< A FIN. */
  TCPFLOW_COMPLETENESS_RST = 1 << 5      /**< A RST. */
} tcpflow_completeness;

/**
 * @brief Adds a segment to what Wireshark calls the completeness of a
 *        conversation.
 * @param[in] completeness Of the segments before; 0 at first.
 * @param[in] segment      An initialized segment.
 * @return #tcpflow_completeness bits, and above them some of the library's own.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API uint32_t tcpflow_completeness_add(uint32_t completeness,
                                              const tcpflow_segment *segment)
  TCPFLOW_NONNULL(2);

/**
 * @brief Writes it as Wireshark's `tcp.completeness.str` does: a letter each
 *        for RST, FIN, data, ACK, SYN and ACK, SYN, or a middle dot.
 * @param[out] text         Always ended by a 0 if @p size is not 0.
 * @param[in]  size         Its room; 13 is enough.
 * @param[in]  completeness #tcpflow_completeness bits.
 * @return The length of the whole, without the 0.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API size_t tcpflow_text_completeness(char *text, size_t size,
                                             uint32_t completeness);

TCPFLOW_END_DECLS

#endif /* TCPFLOW_PROFILE_H */
