/*
 * lib/conn/ecn.c - what became of ECN in the handshake.
 *
 * Room: conn.  Includes: segment.  RFC 3168 section 6.1.1 and RFC 9768 section
 * 3.1, Table 2.  AE, CWR and ECE are read as one number of three bits.
 */
#include "conn/ecn.h"

enum {
  NONE = 0,    /* Asks for nothing; refuses. */
  AGREES = 1,  /* ECE alone agrees to RFC 3168, */
  ASKS = 3,    /* and with CWR asks for it. */
  ACCURATE = 7 /* Asks for RFC 9768. */
};

static unsigned flags_at(const tcpflow__endpoint *end, unsigned place) {
  return (unsigned)end->ecn >> place & TCPFLOW__ECN_FLAGS;
}

static bool has(const tcpflow__endpoint *end, unsigned bit) {
  return (end->ecn & bit) != 0;
}

/* RFC 9768 section 3.1.3: what is neither nothing nor RFC 3168 asks for at
   least as much as RFC 9768; and AE with ECE, which was the answer of RFC 3540
   and is reserved, agrees to it. */
static tcpflow_ecn outcome_of_accurate(unsigned answer) {
  switch (answer) {
  case NONE:
    return TCPFLOW_ECN_REFUSED;
  case AGREES:
    return TCPFLOW_ECN_CLASSIC;
  case ACCURATE:
    return TCPFLOW_ECN_BROKEN;
  default:
    return TCPFLOW_ECN_ACCURATE;
  }
}

/* RFC 3168 section 6.1.1: ECE without CWR, whatever the third bit is. */
static tcpflow_ecn outcome_of_classic(unsigned answer) {
  switch (answer & ASKS) {
  case AGREES:
    return TCPFLOW_ECN_CLASSIC;
  case ASKS:
    return TCPFLOW_ECN_BROKEN;
  default:
    return TCPFLOW_ECN_REFUSED;
  }
}

/* The answer was sent again without, and the ACK of it does not count as RFC
   9768 would have it: the client got that one. */
static bool gave_up(const tcpflow__endpoint *asker,
                    const tcpflow__endpoint *answerer) {
  return has(answerer, TCPFLOW__ECN_GAVE_UP) &&
         has(asker, TCPFLOW__ECN_HAS_ACK) &&
         flags_at(asker, TCPFLOW__ECN_OF_ACK) == NONE;
}

static tcpflow_ecn outcome(const tcpflow__endpoint *asker,
                           const tcpflow__endpoint *answerer) {
  const unsigned asked = flags_at(asker, TCPFLOW__ECN_OF_SYN);
  const unsigned answer = flags_at(answerer, TCPFLOW__ECN_OF_ANSWER);
  tcpflow_ecn found;

  if (!has(answerer, TCPFLOW__ECN_HAS_ANSWER)) {
    return tcpflow__endpoint_has(answerer, TCPFLOW__END_SYN_ACKED)
             ? TCPFLOW_ECN_UNKNOWN
             : TCPFLOW_ECN_REFUSED;
  }
  found =
    asked == ASKS ? outcome_of_classic(answer) : outcome_of_accurate(answer);
  return found == TCPFLOW_ECN_ACCURATE && gave_up(asker, answerer)
           ? TCPFLOW_ECN_REFUSED
           : found;
}

tcpflow_ecn tcpflow__conn_ecn(const tcpflow_conn *conn) {
  const tcpflow__endpoint *const client = &conn->end[TCPFLOW_SIDE_CLIENT];
  const tcpflow__endpoint *const server = &conn->end[TCPFLOW_SIDE_SERVER];

  if (!has(client, TCPFLOW__ECN_HAS_SYN)) {
    return TCPFLOW_ECN_UNKNOWN;
  }
  if (flags_at(client, TCPFLOW__ECN_OF_SYN) == NONE) {
    return TCPFLOW_ECN_NOT_ASKED;
  }
  return outcome(client, server);
}
