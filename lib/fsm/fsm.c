/*
 * lib/fsm/fsm.c - the state diagram of RFC 9293, Figure 5: one row, one arrow.
 *
 * Room: fsm.  Includes: base.  No sequence number, packet or clock gets here:
 * the segment room has found the segment acceptable and has split it into
 * stimuli, in the order of RFC 9293 section 3.10.7.4: RST, SYN, ACK, FIN.  So
 * no row needs a condition.  doc/fsm2dot.c draws the figure of the manual from
 * these rows.
 */
#include "fsm/arrows.h"

/* clang-format off */
/*
 * The label is the figure's "cause / action".  An observer sees one half of it,
 * and that half is the stimulus.  Note 2 of the figure needs no row: the ACK of
 * our FIN is delivered before the peer's FIN.
 *
 * (obs) is an arrow that the figure does not have and an observer needs:
 *   - a passive OPEN cannot be seen, so the SYN that goes to an endpoint tells;
 *   - the capture may begin behind the SYN, or anywhere in the connection;
 *   - in a simultaneous open one SYN has passed the observer before its
 *     receiver sent its own; what tells that it arrived is the SYN,ACK;
 *   - an ICMP error ends an opening (RFC 1122 section 4.2.3.9, RFC 5461).
 *
 * (3.10.7.4) is an arrow of that section's eighth step that the figure leaves
 * out.  A FIN that comes with the SYN, as RFC 7413 allows, takes it.
 */
#define FSM_ARROWS(A)                                                          \
  /* from        stimulus        to            label                       */  \
  A(UNKNOWN,      SND_SYN,        SYN_SENT,     "active OPEN / snd SYN")       \
  A(UNKNOWN,      RCV_SYN,        LISTEN,       "passive OPEN (obs)")          \
  A(UNKNOWN,      SND_SYN_ACK,    SYN_RECEIVED, "SYN not captured (obs)")      \
  A(UNKNOWN,      PICK_UP,        ESTABLISHED,  "picked up mid-stream (obs)")  \
  A(LISTEN,       SND_SYN_ACK,    SYN_RECEIVED, "rcv SYN / snd SYN,ACK")       \
  A(LISTEN,       SND_SYN,        SYN_SENT,     "SEND / snd SYN")              \
  A(SYN_SENT,     RCV_SYN,        SYN_RECEIVED, "rcv SYN / snd SYN,ACK")       \
  A(SYN_SENT,     SND_SYN_ACK,    SYN_RECEIVED, "SYNs crossed (obs)")          \
  A(SYN_SENT,     RCV_SYN_ACK,    ESTABLISHED,  "rcv SYN,ACK / snd ACK")       \
  A(SYN_SENT,     RCV_ERROR,      CLOSED,       "ICMP error (obs)")            \
  A(SYN_RECEIVED, RCV_ERROR,      CLOSED,       "ICMP error (obs)")            \
  A(SYN_RECEIVED, RCV_ACK_OF_SYN, ESTABLISHED,  "rcv ACK of SYN / x")          \
  A(SYN_RECEIVED, SND_FIN,        FIN_WAIT_1,   "CLOSE / snd FIN")             \
  A(SYN_RECEIVED, RCV_FIN,        CLOSE_WAIT,   "rcv FIN / snd ACK (3.10.7.4)")\
  A(ESTABLISHED,  SND_FIN,        FIN_WAIT_1,   "CLOSE / snd FIN")             \
  A(ESTABLISHED,  RCV_FIN,        CLOSE_WAIT,   "rcv FIN / snd ACK")           \
  A(FIN_WAIT_1,   RCV_ACK_OF_FIN, FIN_WAIT_2,   "rcv ACK of FIN / x")          \
  A(FIN_WAIT_1,   RCV_FIN,        CLOSING,      "rcv FIN / snd ACK")           \
  A(CLOSE_WAIT,   SND_FIN,        LAST_ACK,     "CLOSE / snd FIN")             \
  A(FIN_WAIT_2,   RCV_FIN,        TIME_WAIT,    "rcv FIN / snd ACK")           \
  A(CLOSING,      RCV_ACK_OF_FIN, TIME_WAIT,    "rcv ACK of FIN / x")          \
  A(LAST_ACK,     RCV_ACK_OF_FIN, CLOSED,       "rcv ACK of FIN / x")          \
  A(TIME_WAIT,    TIMEOUT,        CLOSED,       "Timeout=2MSL / delete TCB")
/* clang-format on */

#define TO(from, stimulus, to, label)                                          \
  [TCPFLOW_STATE_##from][TCPFLOW_STIMULUS_##stimulus] = TCPFLOW_STATE_##to,
#define LABEL(from, stimulus, to, label)                                       \
  [TCPFLOW_STATE_##from][TCPFLOW_STIMULUS_##stimulus] = (label),

/* Zero is UNKNOWN, to which no arrow leads; here it means "no arrow".  Two rows
   for one cell do not compile. */
const uint8_t tcpflow__arrow_to[TCPFLOW_STATE_COUNT][TCPFLOW_STIMULUS_COUNT] = {
  FSM_ARROWS(TO)};
static const char
  *const arrow_label[TCPFLOW_STATE_COUNT][TCPFLOW_STIMULUS_COUNT] = {
    FSM_ARROWS(LABEL)};

static int is_in_range(tcpflow_state from, tcpflow_stimulus stimulus) {
  return (unsigned)from < TCPFLOW_STATE_COUNT &&
         (unsigned)stimulus < TCPFLOW_STIMULUS_COUNT;
}

/*
 * The arrows that the figure leaves out "for legibility" (notes 1 and 3) lead
 * from every state to LISTEN, TIME-WAIT or CLOSED, depending on what happened
 * before; section 3.10.7.4 ends nearly all of them in CLOSED.  Of the
 * connection that we watch nothing is left in any case.
 */
static int is_reset(tcpflow_stimulus stimulus) {
  return stimulus == TCPFLOW_STIMULUS_SND_RST ||
         stimulus == TCPFLOW_STIMULUS_RCV_RST;
}

tcpflow_state tcpflow_state_next(tcpflow_state from,
                                 tcpflow_stimulus stimulus) {
  if (!is_in_range(from, stimulus)) {
    return from;
  }
  if (is_reset(stimulus)) {
    return TCPFLOW_STATE_CLOSED;
  }
  return (tcpflow_state)tcpflow__state_after((uint8_t)from, (uint8_t)stimulus);
}

const char *tcpflow_state_arrow(tcpflow_state from, tcpflow_stimulus stimulus) {
  if (!is_in_range(from, stimulus)) {
    return NULL;
  }
  if (!is_reset(stimulus)) {
    return arrow_label[from][stimulus];
  }
  if (from == TCPFLOW_STATE_CLOSED) {
    return NULL;
  }
  return stimulus == TCPFLOW_STIMULUS_SND_RST ? "snd RST / delete TCB"
                                              : "rcv RST / delete TCB";
}
