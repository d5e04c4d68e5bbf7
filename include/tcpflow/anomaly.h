/**
 * @file tcpflow/anomaly.h
 * @brief What is odd about a connection: the list.
 */
#ifndef TCPFLOW_ANOMALY_H
#define TCPFLOW_ANOMALY_H

#include <tcpflow/base.h>

TCPFLOW_BEGIN_DECLS

/**
 * @brief What is odd: things that no well-behaved pair of endpoints and no
 *        good capture shows.
 *
 * The list holds what Zeek's weirds, Suricata's stream events and Snort's rules
 * of generator 129 can tell of TCP; a page of the manual says which is which.
 * It grows at its end; have a `default`.  In the order of a connection: the
 * header, the handshake, acknowledgments and timestamps, windows and data, the
 * close, RSTs, streams, the capture.  tcpflow_conn_callbacks::on_anomaly tells
 * each at its 1st, 10th, 100th, ... occurrence in a connection, and
 * tcpflow_anomaly_name() names it.
 * @since 0.1
 */
typedef enum tcpflow_anomaly {
  /** A combination of flags without sense: two of SYN, FIN and RST, or none
      of SYN, RST and ACK. */
  TCPFLOW_ANOMALY_BAD_FLAGS = 0,
  /** FIN, PSH and URG without ACK: the Christmas tree of a scan; or SYN, FIN
      and RST at once, with PSH or URG.  Told beside
      #TCPFLOW_ANOMALY_BAD_FLAGS. */
  TCPFLOW_ANOMALY_CHRISTMAS,
  /** No flag at all: the null scan.  Told beside
      #TCPFLOW_ANOMALY_BAD_FLAGS. */
  TCPFLOW_ANOMALY_NO_FLAGS,
  /** A malformed list of options. */
  TCPFLOW_ANOMALY_BAD_OPTIONS,
  /** An option twice in a segment. */
  TCPFLOW_ANOMALY_OPTION_DUPLICATE,
  /** An option in a segment that must not have it. */
  TCPFLOW_ANOMALY_OPTION_MISPLACED,
  /** SACK blocks or a timestamp that were not negotiated (RFC 2018 section 2,
      RFC 7323 section 3.2). */
  TCPFLOW_ANOMALY_OPTION_UNNEGOTIATED,
  /** A window scale above 14 (RFC 7323 section 2.3). */
  TCPFLOW_ANOMALY_WSCALE_RANGE,
  /** A wrong checksum. */
  TCPFLOW_ANOMALY_BAD_CHECKSUM,
  /** A SYN, and both ends have the same address and port: the LAND attack. */
  TCPFLOW_ANOMALY_SAME_ENDS,
  /** A SYN sent again with another number. */
  TCPFLOW_ANOMALY_SYN_OTHER_ISN,
  /** A SYN and ACK sent again with another number. */
  TCPFLOW_ANOMALY_SYN_ACK_OTHER_ISN,
  /** A SYN and ACK for another SYN. */
  TCPFLOW_ANOMALY_SYN_ACK_BAD_ACK,
  /** A SYN and ACK sent again, for another SYN than before. */
  TCPFLOW_ANOMALY_SYN_ACK_OTHER_ACK,
  /** A SYN and ACK to an endpoint that has not sent a SYN. */
  TCPFLOW_ANOMALY_SYN_ACK_UNSOLICITED,
  /** A SYN and ACK from the side that had sent the SYN. */
  TCPFLOW_ANOMALY_SYN_ACK_FROM_CLIENT,
  /** A SYN in an open connection. */
  TCPFLOW_ANOMALY_SYN_IN_CONNECTION,
  /** A SYN and ACK in an open connection that does not belong to it. */
  TCPFLOW_ANOMALY_SYN_ACK_IN_CONNECTION,
  /** A SYN in a connection that is closing, too old to begin a new one
      (RFC 9293 section 3.6.1). */
  TCPFLOW_ANOMALY_SYN_AFTER_FIN,
  /** A SYN after a RST. */
  TCPFLOW_ANOMALY_SYN_AFTER_RST,
  /** A SYN after a connection was picked up without one. */
  TCPFLOW_ANOMALY_SYN_AFTER_MID_STREAM,
  /** Data in a SYN, without a Fast Open option. */
  TCPFLOW_ANOMALY_SYN_DATA,
  /** More SYNs with different numbers than are remembered. */
  TCPFLOW_ANOMALY_SYN_FLOOD,
  /** More SYN and ACKs with different numbers than are remembered. */
  TCPFLOW_ANOMALY_SYN_ACK_FLOOD,
  /** A SYN with flags that do not belong there: URG, or PSH without data. */
  TCPFLOW_ANOMALY_SYN_BAROQUE,
  /** A SYN answered by a SYN. */
  TCPFLOW_ANOMALY_SPLIT_HANDSHAKE,
  /** SYNs that crossed: legal, and seldom seen. */
  TCPFLOW_ANOMALY_SIMULTANEOUS_OPEN,
  /** An answer to a SYN and ACK whose numbers do not fit. */
  TCPFLOW_ANOMALY_HANDSHAKE_BAD_ACK,
  /** The data of a SYN was not taken (RFC 7413). */
  TCPFLOW_ANOMALY_FAST_OPEN_IGNORED,
  /** Data from a side before the handshake allows it. */
  TCPFLOW_ANOMALY_DATA_BEFORE_OPEN,
  /** The ports of a connection that was not closed begin a new one. */
  TCPFLOW_ANOMALY_PORT_REUSED,
  /** The ports of a closed connection begin a new one before 2 MSL are over,
      and neither number nor timestamp allow it (RFC 6191). */
  TCPFLOW_ANOMALY_PORT_REUSED_EARLY,
  /** An ACK of what was not captured. */
  TCPFLOW_ANOMALY_ACK_UNSEEN,
  /** An ACK below what the receiver accepts (RFC 5961 section 5.2). */
  TCPFLOW_ANOMALY_ACK_TOO_OLD,
  /** A SACK block outside what was sent. */
  TCPFLOW_ANOMALY_SACK_INVALID,
  /** Numbers that cannot belong to the connection. */
  TCPFLOW_ANOMALY_NUMBERS_IMPOSSIBLE,
  /** A timestamp from the past (RFC 7323). */
  TCPFLOW_ANOMALY_PAWS,
  /** No timestamp although negotiated. */
  TCPFLOW_ANOMALY_TIMESTAMP_MISSING,
  /** A timestamp echo that the peer never sent. */
  TCPFLOW_ANOMALY_TIMESTAMP_ECHO_BAD,
  /** Data beyond the window. */
  TCPFLOW_ANOMALY_BEYOND_WINDOW,
  /** The window's right edge moved left (RFC 9293 section 3.8.6). */
  TCPFLOW_ANOMALY_WINDOW_SHRUNK,
  /** A window of 0 or next to nothing in the handshake's last segment or right
      behind it, although data waits. */
  TCPFLOW_ANOMALY_WINDOW_SLAM,
  /** Many tiny segments in a row. */
  TCPFLOW_ANOMALY_SMALL_SEGMENTS,
  /** Much data, and the peer acknowledges none of it although it speaks. */
  TCPFLOW_ANOMALY_DATA_WITHOUT_ACKS,
  /** Data beyond the FIN. */
  TCPFLOW_ANOMALY_BEYOND_FIN,
  /** A FIN at another place. */
  TCPFLOW_ANOMALY_FIN_MOVED,
  /** A FIN outside the window. */
  TCPFLOW_ANOMALY_FIN_OUT_OF_WINDOW,
  /** A FIN after a RST. */
  TCPFLOW_ANOMALY_FIN_AFTER_RST,
  /** Many FINs from a side. */
  TCPFLOW_ANOMALY_FIN_STORM,
  /** The connection closed, and data before its end is missing. */
  TCPFLOW_ANOMALY_CLOSED_WITH_HOLES,
  /** A RST in the window, not at its start. */
  TCPFLOW_ANOMALY_RST_CHALLENGED,
  /** A RST outside the window. */
  TCPFLOW_ANOMALY_RST_OUT_OF_WINDOW,
  /** A RST that answers another SYN. */
  TCPFLOW_ANOMALY_RST_UNACCEPTABLE,
  /** A RST that counts by its number, and acknowledges what was never sent. */
  TCPFLOW_ANOMALY_RST_BAD_ACK,
  /** A RST that counts, and looks forged: its time to live, IP identification
      or options are not those of its sender. */
  TCPFLOW_ANOMALY_RST_SUSPECT,
  /** A RST that had counted had no effect: its sender goes on.  Or an ICMP
      error that had ended the opening. */
  TCPFLOW_ANOMALY_RST_REVERSED,
  /** Data in a RST (RFC 9293 section 3.5.3). */
  TCPFLOW_ANOMALY_RST_DATA,
  /** Many RSTs from a side. */
  TCPFLOW_ANOMALY_RST_STORM,
  /** Data from the side that had sent a RST. */
  TCPFLOW_ANOMALY_DATA_AFTER_RST,
  /** Data to the side that had sent a RST, later than a round trip. */
  TCPFLOW_ANOMALY_DATA_AFTER_RST_RECEIVED,
  /** Urgent data (RFC 6093). */
  TCPFLOW_ANOMALY_URGENT,
  /** Data sent twice, and not the same. */
  TCPFLOW_ANOMALY_OVERLAP_CONFLICT,
  /** A hole was given up for want of room. */
  TCPFLOW_ANOMALY_HELD_LIMIT,
  /** The capture holds only part of the data. */
  TCPFLOW_ANOMALY_PAYLOAD_CUT,
  /** The capture's clock went backwards; the latest time is used. */
  TCPFLOW_ANOMALY_TIME_BACKWARDS,
  /** A frame was captured twice. */
  TCPFLOW_ANOMALY_DUPLICATE_FRAME,
  /** Only one direction was captured, though both speak. */
  TCPFLOW_ANOMALY_ONE_SIDED,
  /** Client and server had been taken for each other. */
  TCPFLOW_ANOMALY_ROLES_FLIPPED,
  /** The time to live of a side changed. */
  TCPFLOW_ANOMALY_TTL_CHANGED,
  /** An ICMP error quotes a segment that was not sent (RFC 5927). */
  TCPFLOW_ANOMALY_ICMP_IMPLAUSIBLE,
  /** It came in fragments that overlap. */
  TCPFLOW_ANOMALY_FRAGMENT_OVERLAP,
  /** It came in fragments that overlap and are not the same there. */
  TCPFLOW_ANOMALY_FRAGMENT_CONFLICT,
  /** Fragments split its TCP header (RFC 1858). */
  TCPFLOW_ANOMALY_FRAGMENT_TINY,
  /** It came in fragments that contradict themselves or each other in another
      way: lengths, ends, protocols, ECN. */
  TCPFLOW_ANOMALY_FRAGMENT_ODD,
  /** More urgent octets ahead of the stream than are remembered: one is
      forgotten, and stays in the stream (#tcpflow_urgent_event). */
  TCPFLOW_ANOMALY_URGENT_LOST,
  /** Octets that lie before the stream of a connection that was picked up
      without its SYN: they have no offset, and are not told. */
  TCPFLOW_ANOMALY_BEFORE_STREAM
} tcpflow_anomaly;

/** @brief How many anomalies this header names.  @since 0.1 */
#define TCPFLOW_ANOMALY_COUNT 76

TCPFLOW_END_DECLS

#endif /* TCPFLOW_ANOMALY_H */
