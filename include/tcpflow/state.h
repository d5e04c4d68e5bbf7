/**
 * @file tcpflow/state.h
 * @brief The state diagram of RFC 9293, Figure 5, as a function.
 *
 * Both endpoints of a connection are followed on this one table: a segment is
 * "sent" for one of them and "received" for the other.  The states and stimuli
 * themselves (#tcpflow_state, #tcpflow_stimulus) are words of base.h.
 */
#ifndef TCPFLOW_STATE_H
#define TCPFLOW_STATE_H

#include <tcpflow/base.h>

TCPFLOW_BEGIN_DECLS

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
