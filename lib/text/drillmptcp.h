/*
 * lib/text/drillmptcp.h - the bits of Multipath TCP options that packetdrill
 * has words for.
 *
 * Room: text.  Includes: nothing of ours.  RFC 8684 section 3.
 */
#ifndef TCPFLOW__TEXT_DRILLMPTCP_H
#define TCPFLOW__TEXT_DRILLMPTCP_H

enum {
  TCPFLOW__DRILL_CAPABLE = 0,
  TCPFLOW__DRILL_DSS = 2,
  TCPFLOW__DRILL_PRIORITY = 5,
  TCPFLOW__DRILL_FAIL = 6,
  TCPFLOW__DRILL_RESET = 8,
  TCPFLOW__DRILL_HMAC_SHA = 1,
  TCPFLOW__DRILL_DSS_ACK = 1,
  TCPFLOW__DRILL_DSS_ACK_8 = 2,
  TCPFLOW__DRILL_DSS_MAP = 4,
  TCPFLOW__DRILL_DSS_SEQ_8 = 8,
  TCPFLOW__DRILL_DSS_FIN = 16,
  TCPFLOW__DRILL_KEY = 8
};

#endif /* TCPFLOW__TEXT_DRILLMPTCP_H */
