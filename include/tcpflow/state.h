/**
 * @file tcpflow/state.h
 * @brief The state diagram of RFC 9293, Figure 5, as a function.
 *
 * Both endpoints of a connection are followed on this one table: a segment is
 * "sent" for one of them and "received" for the other.
 */
#ifndef TCPFLOW_STATE_H
#define TCPFLOW_STATE_H

#include <tcpflow/base.h>

TCPFLOW_BEGIN_DECLS

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
  /** All data and the FIN of the peer are there. */
  TCPFLOW_STIMULUS_RCV_FIN,
  /** An ACK of its FIN came. */
  TCPFLOW_STIMULUS_RCV_ACK_OF_FIN,
  /** It sent a RST that counts. */
  TCPFLOW_STIMULUS_SND_RST,
  /** A RST that counts was sent to it. */
  TCPFLOW_STIMULUS_RCV_RST,
  /** 2 MSL are over. */
  TCPFLOW_STIMULUS_TIMEOUT,
  /** The capture begins (or began to matter) in the middle: the connection
      exists. */
  TCPFLOW_STIMULUS_PICK_UP
} tcpflow_stimulus;

/** @brief How many stimuli there are.  @since 0.1 */
#define TCPFLOW_STIMULUS_COUNT 12

/**
 * @brief Follows an arrow of the diagram.
 * @param[in] from     Where the endpoint stands.
 * @param[in] stimulus What happens to it.
 * @return Where it stands then: @p from itself if there is no such arrow, or
 *         if an argument is out of range.
 * @rfc{9293,3.3.2}
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API tcpflow_state tcpflow_state_next(tcpflow_state from,
                                             tcpflow_stimulus stimulus);

/**
 * @brief Reads the words at an arrow of the diagram.
 * @param[in] from     Where the endpoint stands.
 * @param[in] stimulus What happens to it.
 * @return "cause / action" as in Figure 5; or our words for an arrow that an
 *         observer needs and the figure does not have, marked "(obs)"; or the
 *         words of RFC 9293 section 3.10.7.4 for one that only the text has,
 *         marked "(3.10.7.4)".  NULL if there is no such arrow.  In static
 *         storage.
 * @rfc{9293,3.3.2}
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API const char *tcpflow_state_arrow(tcpflow_state from,
                                            tcpflow_stimulus stimulus);

TCPFLOW_END_DECLS

#endif /* TCPFLOW_STATE_H */
