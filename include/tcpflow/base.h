/**
 * @file tcpflow/base.h
 * @brief What every other header stands on: errors, memory, time, size stamps,
 *        and the words that all of them share.
 *
 * Nothing here knows a packet.  Sides, states and what moves an endpoint from
 * one state to another are named here, because rooms that do not know each
 * other talk about them; state.h holds the diagram itself.
 */
#ifndef TCPFLOW_BASE_H
#define TCPFLOW_BASE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define TCPFLOW_BEGIN_DECLS extern "C" {
#define TCPFLOW_END_DECLS   }
#else
#define TCPFLOW_BEGIN_DECLS
#define TCPFLOW_END_DECLS
#endif

#if defined(__GNUC__)
#define TCPFLOW_API          __attribute__((visibility("default")))
#define TCPFLOW_NONNULL(...) __attribute__((nonnull(__VA_ARGS__)))
#define TCPFLOW_NODISCARD    __attribute__((warn_unused_result))
#else
#define TCPFLOW_API
#define TCPFLOW_NONNULL(...)
#define TCPFLOW_NODISCARD
#endif

TCPFLOW_BEGIN_DECLS

/**
 * @brief What a call can answer: 0, or the caller's trouble.
 *
 * Bytes of a packet are never an error: whatever is wrong with them is told in
 * the packet, in the segment's verdict or by an anomaly.  -1 to -99 are
 * mistakes in the call, -100 to -199 the environment, -200 the caller's own
 * wish.  Values are never reused.
 * @since 0.1
 */
typedef enum tcpflow_error {
  /** Done. */
  TCPFLOW_OK = 0,
  /** An argument is out of its documented range. */
  TCPFLOW_ERR_INVALID = -1,
  /** Not allowed now: inside a callback, or the object is finished. */
  TCPFLOW_ERR_STATE = -2,
  /** A size-stamped struct uses a member that this library does not know, or
      has no stamp. */
  TCPFLOW_ERR_VERSION = -3,
  /** The allocator said no; nothing changed. */
  TCPFLOW_ERR_NOMEM = -100,
  /** A configured cap, or the room in the caller's buffer, does not allow it;
      nothing changed. */
  TCPFLOW_ERR_LIMIT = -101,
  /** A callback asked to stop. */
  TCPFLOW_ERR_CALLBACK = -200
} tcpflow_error;

/**
 * @brief Names an error.
 * @param[in] error A #tcpflow_error, or any other number.
 * @return One lower-case English phrase without a full stop, in static
 *         storage; "unknown error" for a number that is none.
 * @since 0.1
 */
TCPFLOW_API const char *tcpflow_strerror(int error);

/**
 * @brief A point in time: nanoseconds since 1970-01-01T00:00:00Z on the clock
 *        of the capture.  Or a span between two: nanoseconds.
 *
 * The library reads no clock.  It only ever compares and subtracts times that
 * the caller gave, so any epoch does; only a printer shows dates.
 * @since 0.1
 */
typedef uint64_t tcpflow_time;

/** @brief No such time.  @since 0.1 */
#define TCPFLOW_TIME_NONE   UINT64_MAX

/** @brief Nanoseconds in a second, as a #tcpflow_time.  @since 0.1 */
#define TCPFLOW_SECOND      UINT64_C(1000000000)

/** @brief Nanoseconds in a millisecond, as a #tcpflow_time.  @since 0.1 */
#define TCPFLOW_MILLISECOND UINT64_C(1000000)

/**
 * @brief Where an object takes its memory from.
 *
 * All four are needed, with the contracts of their namesakes in the C library
 * (`malloc` may answer NULL; `free` takes NULL).  A library object copies the
 * table; @p user is handed through and never dereferenced.  The functions are
 * called only from inside a call into that object.
 * @since 0.1
 */
typedef struct tcpflow_mem {
  void *user;                               /**< Handed through. */
  void *(*malloc)(size_t size, void *user); /**< malloc(3). */
  void *(*calloc)(size_t count, size_t size, void *user); /**< calloc(3). */
  void *(*realloc)(void *ptr, size_t size, void *user);   /**< realloc(3). */
  void (*free)(void *ptr, void *user);                    /**< free(3). */
} tcpflow_mem;

/**
 * @brief Zeroes a size-stamped struct and stamps it.
 *
 * Every struct that the caller allocates and that may grow starts with
 * `size_t size`.  It holds `sizeof` as the caller's compiler saw it, so a
 * library of another release knows which members exist.  Each such struct has
 * an `_init()` of its own; call that one.
 * @param[out] object The struct; @p size octets are written.
 * @param[in]  size   Its `sizeof`, at least `sizeof(size_t)`.
 * @since 0.1
 */
TCPFLOW_API void tcpflow_sized_init(void *object, size_t size)
  TCPFLOW_NONNULL(1);

/**
 * @brief One of the two ends of a connection.
 *
 * The client is the side that opened it (the sender of the first SYN), as far
 * as is known; conn.h says how it is guessed where the capture began too late.
 * The values index arrays of two.
 * @since 0.1
 */
typedef enum tcpflow_side {
  TCPFLOW_SIDE_CLIENT = 0, /**< The opener. */
  TCPFLOW_SIDE_SERVER = 1  /**< The other one. */
} tcpflow_side;

/**
 * @brief Says who is at the other end.
 * @param[in] side A side.
 * @return The other side.
 * @since 0.1
 */
static inline tcpflow_side tcpflow_side_other(tcpflow_side side) {
  return side == TCPFLOW_SIDE_CLIENT ? TCPFLOW_SIDE_SERVER
                                     : TCPFLOW_SIDE_CLIENT;
}

/**
 * @brief Where an endpoint stands.
 * @rfc{9293,3.3.2}
 * @since 0.1
 */
typedef enum tcpflow_state {
  /** Nothing was seen that tells. */
  TCPFLOW_STATE_UNKNOWN = 0,
  /** No connection any more. */
  TCPFLOW_STATE_CLOSED = 1,
  /** A SYN is on its way to it. */
  TCPFLOW_STATE_LISTEN = 2,
  /** It sent a SYN. */
  TCPFLOW_STATE_SYN_SENT = 3,
  /** It sent and received a SYN; its own is not acknowledged. */
  TCPFLOW_STATE_SYN_RECEIVED = 4,
  /** Open: data may flow. */
  TCPFLOW_STATE_ESTABLISHED = 5,
  /** It sent its FIN first. */
  TCPFLOW_STATE_FIN_WAIT_1 = 6,
  /** That FIN was acknowledged. */
  TCPFLOW_STATE_FIN_WAIT_2 = 7,
  /** It received the peer's FIN first. */
  TCPFLOW_STATE_CLOSE_WAIT = 8,
  /** Both FINs crossed. */
  TCPFLOW_STATE_CLOSING = 9,
  /** It received a FIN, sent its own, and waits for the acknowledgment. */
  TCPFLOW_STATE_LAST_ACK = 10,
  /** Done; it waits for stragglers. */
  TCPFLOW_STATE_TIME_WAIT = 11
} tcpflow_state;

/** @brief How many states there are.  @since 0.1 */
#define TCPFLOW_STATE_COUNT 12

/**
 * @brief What happens to an endpoint, as far as the diagram cares.
 *
 * The numbers have been looked at before: "acknowledgment of our FIN" is a
 * stimulus of its own, so the table needs no conditions.
 * @since 0.1
 */
typedef enum tcpflow_stimulus {
  /** It sent a SYN without ACK. */
  TCPFLOW_STIMULUS_SND_SYN = 0,
  /** A SYN without ACK was sent to it. */
  TCPFLOW_STIMULUS_RCV_SYN,
  /** It sent SYN and ACK. */
  TCPFLOW_STIMULUS_SND_SYN_ACK,
  /** SYN and an ACK of its SYN came. */
  TCPFLOW_STIMULUS_RCV_SYN_ACK,
  /** An ACK of its SYN came. */
  TCPFLOW_STIMULUS_RCV_ACK_OF_SYN,
  /** It sent its FIN. */
  TCPFLOW_STIMULUS_SND_FIN,
  /** The peer's FIN is there, with all data before it.  An observer knows when
      the endpoint acknowledges it. */
  TCPFLOW_STIMULUS_RCV_FIN,
  /** An ACK of its FIN came. */
  TCPFLOW_STIMULUS_RCV_ACK_OF_FIN,
  /** It sent a RST that counts. */
  TCPFLOW_STIMULUS_SND_RST,
  /** A RST that counts was sent to it. */
  TCPFLOW_STIMULUS_RCV_RST,
  /** 2 MSL are over.  No capture shows it: what conn.h follows ends before. */
  TCPFLOW_STIMULUS_TIMEOUT,
  /** The capture begins (or began to matter) in the middle: the connection
      exists. */
  TCPFLOW_STIMULUS_PICK_UP,
  /** What had closed the connection, a RST or an ICMP error, had no effect, or
      its FIN was none: the segment at hand proves it.  It stands where it would
      without. */
  TCPFLOW_STIMULUS_RESUME,
  /** An ICMP error came while it opened (RFC 1122 section 4.2.3.9). */
  TCPFLOW_STIMULUS_RCV_ERROR
} tcpflow_stimulus;

/** @brief How many stimuli there are.  @since 0.1 */
#define TCPFLOW_STIMULUS_COUNT 14

TCPFLOW_END_DECLS

#endif /* TCPFLOW_BASE_H */
