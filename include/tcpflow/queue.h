/**
 * @file tcpflow/queue.h
 * @brief The pull face: what connections tell, one event after the other.
 *
 * A #tcpflow_queue listens in place of the caller, and keeps what it hears:
 *
 *     tcpflow_queue_new(&queue, TCPFLOW_EVENTS_ALL, 0, NULL);
 *     tcpflow_tracker_new(&tracker, NULL, tcpflow_queue_callbacks(queue), NULL,
 *                         queue);
 *     ...
 *     tcpflow_tracker_feed(tracker, &frame, 1, NULL);
 *     while ((event = tcpflow_queue_next(queue)) != NULL) { ... }
 *
 * What it hands out are copies: they need neither the caller's frames nor what
 * the library holds.  A queue belongs to one thread at a time.
 */
#ifndef TCPFLOW_QUEUE_H
#define TCPFLOW_QUEUE_H

#include <tcpflow/base.h>
#include <tcpflow/conn.h>

TCPFLOW_BEGIN_DECLS

/** @brief A queue of events, opaque.  @since 0.1 */
typedef struct tcpflow_queue tcpflow_queue;

/** @brief Which callback an event stands for.  @since 0.1 */
typedef enum tcpflow_event_kind {
  TCPFLOW_EVENT_NEW = 0,     /**< `as.begin` */
  TCPFLOW_EVENT_SEGMENT,     /**< `as.segment` */
  TCPFLOW_EVENT_STATE,       /**< `as.state` */
  TCPFLOW_EVENT_ESTABLISHED, /**< `as.established` */
  TCPFLOW_EVENT_DATA,        /**< `as.data` */
  TCPFLOW_EVENT_GAP,         /**< `as.gap` */
  TCPFLOW_EVENT_ANOMALY,     /**< `as.anomaly` */
  TCPFLOW_EVENT_END,         /**< `as.end` */
  TCPFLOW_EVENT_FLIP,        /**< `as.flip` */
  TCPFLOW_EVENT_ICMP,        /**< `as.icmp` */
  TCPFLOW_EVENT_URGENT,      /**< `as.urgent` */
  TCPFLOW_EVENT_CONFLICT,    /**< `as.conflict` */
  TCPFLOW_EVENT_RST_DATA,    /**< `as.rst_data` */
  TCPFLOW_EVENT_COUNT        /**< How many there are in this release. */
} tcpflow_event_kind;

/** @brief The bit of a kind of event in a set of them.  @since 0.1 */
#define TCPFLOW_EVENT_BIT(kind) (UINT64_C(1) << (kind))

/** @brief All kinds that this release has.  @since 0.1 */
#define TCPFLOW_EVENTS_ALL      (TCPFLOW_EVENT_BIT(TCPFLOW_EVENT_COUNT) - 1)

/**
 * @brief One event.
 *
 * Borrowed, with all it points at, until the next call that feeds, advances,
 * flushes or releases what fills the queue, that ends a connection of it, or
 * that releases the queue.
 * @since 0.1  Members are appended.
 */
typedef struct tcpflow_event {
  /** Which member of the union is set. */
  tcpflow_event_kind kind;
  /** Whose.  It may be asked as long as no end of it waits in the queue: with
      one frame at a time, up to its own end; then it is a name only. */
  tcpflow_conn *conn;
  /** What was attached to it: when the event is handed out if no end waits in
      the queue, else when it was told. */
  void *user_data;
  /**
   * The event, as its callback gets it, but for this: `cause` has its options,
   * and no `packet`; it has its payload in the `segment` of a segment's event
   * only, elsewhere tcpflow_segment::payload is NULL and `payload_captured` 0.
   */
  union {
    const tcpflow_new_event *begin;               /**< A connection begins. */
    const tcpflow_segment_event *segment;         /**< A segment. */
    const tcpflow_state_event *state;             /**< A move. */
    const tcpflow_established_event *established; /**< Both are open. */
    const tcpflow_data_event *data;               /**< Data in order. */
    const tcpflow_gap_event *gap;                 /**< Missing data. */
    const tcpflow_anomaly_event *anomaly;         /**< Something odd. */
    const tcpflow_end_event *end;                 /**< It is over. */
    const tcpflow_flip_event *flip;               /**< Roles change. */
    const tcpflow_icmp_event *icmp;               /**< An ICMP error. */
    const tcpflow_urgent_event *urgent;           /**< An urgent octet. */
    const tcpflow_conflict_event *conflict;       /**< Octets that differ. */
    const tcpflow_rst_data_event *rst_data;       /**< Payload of a RST. */
  } as;
  /** #TCPFLOW_EVENT_END: what the connection came to, as its callback could ask
      for it.  NULL for other events, whose connection can be asked. */
  const tcpflow_conn_info *info;
  /** Likewise, of its endpoints: two, by #tcpflow_side. */
  const tcpflow_endpoint_info *endpoint;
  /** Likewise, of its part in Multipath TCP. */
  const tcpflow_subflow_info *subflow;
} tcpflow_event;

/**
 * @brief Creates an empty queue.
 * @param[out] out       The queue; untouched unless 0 is returned.
 * @param[in]  wanted    #TCPFLOW_EVENT_BIT bits; #TCPFLOW_EVENT_END is always
 *                       told.
 * @param[in]  max_bytes Memory for what waits, copies included.  0: 64 MiB.
 *                       An end takes about 1 KiB, and one call may end many
 *                       connections: tcpflow_tracker_flush() ends all.
 * @param[in]  mem       Copied.  NULL: malloc(3) and friends.
 * @retval TCPFLOW_OK          Release @p *out with tcpflow_queue_del().
 * @retval TCPFLOW_ERR_NOMEM   Nothing was kept.
 * @retval TCPFLOW_ERR_INVALID @p mem lacks a function, or @p wanted has a bit
 *                             that this library does not know.
 * @since 0.1
 */
TCPFLOW_API int tcpflow_queue_new(tcpflow_queue **out, uint64_t wanted,
                                  uint64_t max_bytes, const tcpflow_mem *mem)
  TCPFLOW_NONNULL(1) TCPFLOW_NODISCARD;

/**
 * @brief Releases a queue with all that waits in it.
 *
 * What fills it must be released first.
 * @param[in] queue May be NULL.
 * @since 0.1
 */
TCPFLOW_API void tcpflow_queue_del(tcpflow_queue *queue);

/**
 * @brief What to give to tcpflow_tracker_new() or tcpflow_conn_new(), with the
 *        queue as `user`.
 * @param[in] queue The queue.
 * @return Valid as long as the queue.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API const tcpflow_conn_callbacks *
tcpflow_queue_callbacks(const tcpflow_queue *queue) TCPFLOW_NONNULL(1);

/**
 * @brief Takes the next event, in the order of telling.
 *
 * What is left when more is fed waits on, and counts against the queue's
 * memory.
 * @param[in,out] queue The queue.
 * @return NULL: that was all.
 * @since 0.1
 */
TCPFLOW_API const tcpflow_event *tcpflow_queue_next(tcpflow_queue *queue)
  TCPFLOW_NONNULL(1);

/**
 * @brief Says whether events were lost since this was asked last.
 *
 * Where an event does not fit, the telling stops: the call that feeds answers
 * #TCPFLOW_ERR_CALLBACK, what it had left to tell of that frame is lost, and
 * what came before waits in the queue.
 * @param[in,out] queue The queue.
 * @retval TCPFLOW_OK        None.
 * @retval TCPFLOW_ERR_NOMEM There was no memory.
 * @retval TCPFLOW_ERR_LIMIT `max_bytes` was reached.
 * @since 0.1
 */
TCPFLOW_API int tcpflow_queue_error(tcpflow_queue *queue) TCPFLOW_NONNULL(1);

TCPFLOW_END_DECLS

#endif /* TCPFLOW_QUEUE_H */
