/**
 * @file tcpflow/segment.h
 * @brief One TCP segment as numbers, and the word that says what it means.
 *
 * A #tcpflow_segment may come from a decoded packet, from a printed line, or
 * from the caller's own code: nothing behind it needs the packet's bytes but
 * the payload.  The verdict is a 64-bit word; every bit has its place from the
 * first release on.  tcpflow_verdict_name() names them.
 */
#ifndef TCPFLOW_SEGMENT_H
#define TCPFLOW_SEGMENT_H

#include <tcpflow/base.h>
#include <tcpflow/options.h>
#include <tcpflow/packet.h>
#include <tcpflow/wire.h>

TCPFLOW_BEGIN_DECLS

/**
 * @brief A TCP segment.
 * @since 0.1  Members are appended; `size` tells the library which exist.
 */
typedef struct tcpflow_segment {
  /** Set by tcpflow_segment_init(). */
  size_t size;
  /** When it was captured. */
  tcpflow_time time;
  /** @p payload_captured octets, borrowed; may be NULL if that is 0. */
  const uint8_t *payload;
  /** Its options, borrowed.  NULL: none. */
  const tcpflow_options *options;
  /** Where it was read from, borrowed.  NULL: nowhere. */
  const tcpflow_packet *packet;
  /** The caller's number of the frame. */
  uint64_t number;
  /** The caller's handle of the frame. */
  void *handle;
  /** SEG.SEQ. */
  tcpflow_seq seq;
  /** SEG.ACK; means something with ACK. */
  tcpflow_seq ack;
  /** Octets of data on the wire. */
  uint32_t payload_length;
  /** How many of them are at @p payload. */
  uint32_t payload_captured;
  /** #tcpflow_flag bits. */
  uint16_t flags;
  /** SEG.WND as on the wire, unscaled. */
  uint16_t window;
  /** SEG.UP; means something with URG. */
  uint16_t urgent;
  /** A #tcpflow_checksum. #TCPFLOW_CHECKSUM_NONE: not looked at. */
  uint8_t checksum;
  /** 0. */
  uint8_t reserved;
  /** Time to live; 0: not known. */
  uint8_t ip_ttl;
  /** Type of service; ECN in the low two bits. */
  uint8_t ip_tos;
  /** 4 or 6; 0: not known. */
  uint8_t ip_version;
  /** 0. */
  uint8_t reserved2;
  /** IPv4 identification; 0: not known. */
  uint32_t ip_id;
  /** #tcpflow_frag_anomaly bits of the fragments that it came in; 0 if it did
      not. */
  uint32_t fragment_anomalies;
  /** 0.  As many as leave no padding behind them. */
  uint32_t reserved1[sizeof(void *) == 8 ? 1 : 2];
} tcpflow_segment;

/**
 * @brief Unsets a segment.
 * @param[out] segment The segment; call this before setting a member.
 * @since 0.1
 */
static inline void tcpflow_segment_init(tcpflow_segment *segment) {
  tcpflow_sized_init(segment, sizeof(*segment));
}

/**
 * @brief Makes a segment of a decoded packet and parses its options.
 *
 * The checksum is not looked at; set `segment->checksum` from
 * tcpflow_packet_checksum() where it should be.
 * @param[out] segment An initialized segment.  It borrows @p packet, the bytes
 *                     of that, and @p options.
 * @param[out] options Initialized options; they are parsed into it.
 * @param[in]  packet  A packet of kind #TCPFLOW_PACKET_TCP.
 * @retval TCPFLOW_OK          Made.
 * @retval TCPFLOW_ERR_INVALID @p packet is of another kind.
 * @retval TCPFLOW_ERR_VERSION One of the three was not initialized.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API int tcpflow_segment_from_packet(tcpflow_segment *segment,
                                            tcpflow_options *options,
                                            const tcpflow_packet *packet)
  TCPFLOW_NONNULL(1, 2, 3);

/**
 * @brief What a segment means: a set of the bits below.
 *
 * "Sender" is who sent the segment, "receiver" is the other endpoint.  Bits
 * marked (reserved) have their place, and nothing sets them in this release.
 * An anomaly (anomaly.h) of the same name is told with the bit, where that is
 * odd: not every SYN with data is.
 * @since 0.1
 */
typedef uint64_t tcpflow_verdict;

/** @name What the segment carries
 * @{ */
/** @brief Data (or SYN or FIN) beyond all that the sender had sent. */
#define TCPFLOW_VERDICT_NEW_DATA                (UINT64_C(1) << 0)
/** @brief An ACK and nothing else: no data, SYN, FIN or RST. */
#define TCPFLOW_VERDICT_PURE_ACK                (UINT64_C(1) << 1)
/** @brief It starts beyond all that the sender had sent: something before it
 *         was lost, reordered or not captured. */
#define TCPFLOW_VERDICT_GAP_BEFORE              (UINT64_C(1) << 2)
/** @brief Sequence numbers that the sender had passed already. */
#define TCPFLOW_VERDICT_RETRANSMISSION          (UINT64_C(1) << 3)
/** @brief A retransmission of what the receiver had acknowledged. */
#define TCPFLOW_VERDICT_SPURIOUS_RETRANSMISSION (UINT64_C(1) << 4)
/** @brief A retransmission within 20 ms of the second duplicate ACK or a later
 *         one that asks for it. */
#define TCPFLOW_VERDICT_FAST_RETRANSMISSION     (UINT64_C(1) << 5)
/** @brief (reserved) A retransmission after a retransmission timeout. */
#define TCPFLOW_VERDICT_TIMEOUT_RETRANSMISSION  (UINT64_C(1) << 6)
/** @brief (reserved) A tail loss probe (RFC 8985 section 7). */
#define TCPFLOW_VERDICT_TAIL_LOSS_PROBE         (UINT64_C(1) << 7)
/** @brief It comes late, but so soon that the network must have reordered it:
 *         within the handshake's round trip, or 3 ms where that is unknown.  Or
 *         a SYN that comes behind what proved it. */
#define TCPFLOW_VERDICT_OUT_OF_ORDER            (UINT64_C(1) << 8)
/** @brief (reserved) Reordered by the evidence of timestamp or IP
 *         identification. */
#define TCPFLOW_VERDICT_REORDERED               (UINT64_C(1) << 9)
/** @brief (reserved) A retransmission of data that the capture had not seen. */
#define TCPFLOW_VERDICT_RETRANSMISSION_UNSEEN   (UINT64_C(1) << 10)
/** @brief Old data in front, new data behind. */
#define TCPFLOW_VERDICT_PARTIAL_OVERLAP         (UINT64_C(1) << 11)
/** @brief The very frame was captured before: by a mirror port, with and
 *         without a VLAN tag, or doubled by the network.  It counts for
 *         nothing. */
#define TCPFLOW_VERDICT_DUPLICATE_FRAME         (UINT64_C(1) << 12)
/** @brief Of another bit that is set, the evidence is weak: a duplicate frame
 *         without an IP identification. */
#define TCPFLOW_VERDICT_LOW_CONFIDENCE          (UINT64_C(1) << 13)
/** @} */

/** @name What it acknowledges
 * @{ */
/** @brief It acknowledges something for the first time. */
#define TCPFLOW_VERDICT_NEW_ACK                 (UINT64_C(1) << 14)
/** @brief A pure ACK that repeats number and window while data is in flight
 *         (RFC 5681 section 2). */
#define TCPFLOW_VERDICT_DUPLICATE_ACK           (UINT64_C(1) << 15)
/** @brief It acknowledges less than the sender had acknowledged. */
#define TCPFLOW_VERDICT_OLD_ACK                 (UINT64_C(1) << 16)
/** @brief It acknowledges what the receiver was not seen to send. */
#define TCPFLOW_VERDICT_ACK_UNSEEN              (UINT64_C(1) << 17)
/** @brief It acknowledges a part of the segment that went furthest. */
#define TCPFLOW_VERDICT_ACK_PARTIAL             (UINT64_C(1) << 18)
/** @brief (reserved) It acknowledges what was sent twice: no RTT can be told
 *         (Karn). */
#define TCPFLOW_VERDICT_ACK_AMBIGUOUS           (UINT64_C(1) << 19)
/** @brief Its first SACK block reports a duplicate (RFC 2883 section 4). */
#define TCPFLOW_VERDICT_DSACK                   (UINT64_C(1) << 20)
/** @brief A SACK block of what cannot have been received: empty, before the
 *         peer's SYN, beyond every window that was offered; or not the
 *         first one, and below the acknowledgment (RFC 2018 section 3). */
#define TCPFLOW_VERDICT_SACK_INVALID            (UINT64_C(1) << 21)
/** @brief A challenge ACK: it answers a RST that is not exact, a SYN in the
 *         connection, or an ACK that is not acceptable (RFC 5961 sections 3.2,
 *         4.2 and 5.2), and is no duplicate ACK. */
#define TCPFLOW_VERDICT_CHALLENGE_ACK           (UINT64_C(1) << 22)
/** @} */

/** @name Windows, probes, keep-alives
 * @{ */
/** @brief A pure ACK that only changes the window, or takes the octet that
 *         probed it. */
#define TCPFLOW_VERDICT_WINDOW_UPDATE           (UINT64_C(1) << 23)
/** @brief It offers no window: 0.  Not for SYN, FIN and RST. */
#define TCPFLOW_VERDICT_ZERO_WINDOW             (UINT64_C(1) << 24)
/** @brief Its data reaches the end of the receiver's window exactly. */
#define TCPFLOW_VERDICT_WINDOW_FULL             (UINT64_C(1) << 25)
/** @brief The window's right edge moved left, by more than its scale rounds off
 *         (RFC 9293 section 3.8.6, RFC 7323 section 2.4). */
#define TCPFLOW_VERDICT_WINDOW_SHRUNK           (UINT64_C(1) << 26)
/** @brief A keep-alive: one before SND.NXT, at most one octet, all that was
 *         sent is acknowledged, and nothing has come for 200 ms and a round
 *         trip, 0.9 s if it has an octet (RFC 9293 section 3.8.4).  The octet
 *         is not of the stream. */
#define TCPFLOW_VERDICT_KEEP_ALIVE              (UINT64_C(1) << 27)
/** @brief The answer to a keep-alive. */
#define TCPFLOW_VERDICT_KEEP_ALIVE_ACK          (UINT64_C(1) << 28)
/** @brief A probe of a closed window (RFC 9293 section 3.8.6.1). */
#define TCPFLOW_VERDICT_ZERO_WINDOW_PROBE       (UINT64_C(1) << 29)
/** @brief The answer to such a probe, the window still closed. */
#define TCPFLOW_VERDICT_ZERO_WINDOW_PROBE_ACK   (UINT64_C(1) << 30)
/** @} */

/** @name What is not acceptable, or odd
 * @{ */
/** @brief It ends before the receiver's window begins (RFC 9293 section
 *         3.10.7.4, first step). */
#define TCPFLOW_VERDICT_BEFORE_WINDOW           (UINT64_C(1) << 31)
/** @brief Its data reaches beyond every window that the receiver has offered;
 *         or it lies so far out that it has no effect. */
#define TCPFLOW_VERDICT_BEYOND_WINDOW           (UINT64_C(1) << 32)
/** @brief Its timestamp is older than one that the receiver got in order
 *         (RFC 7323 section 5.3), though its numbers are not old. */
#define TCPFLOW_VERDICT_PAWS                    (UINT64_C(1) << 33)
/** @brief Timestamps were negotiated, and it has none (RFC 7323 section
 *         3.2). */
#define TCPFLOW_VERDICT_TIMESTAMP_MISSING       (UINT64_C(1) << 34)
/** @brief A SYN, or SYN and ACK, sent again with the same number. */
#define TCPFLOW_VERDICT_SYN_RETRANSMISSION      (UINT64_C(1) << 35)
/** @brief A SYN, or SYN and ACK, with another number than the one that counted
 *         for its sender. */
#define TCPFLOW_VERDICT_SYN_OTHER_ISN           (UINT64_C(1) << 36)
/** @brief A SYN and ACK that does not acknowledge the peer's SYN. */
#define TCPFLOW_VERDICT_SYN_ACK_BAD_ACK         (UINT64_C(1) << 37)
/** @brief A SYN in a connection that is open already (RFC 9293 section
 *         3.10.7.4, fourth step). */
#define TCPFLOW_VERDICT_SYN_IN_CONNECTION       (UINT64_C(1) << 38)
/** @brief The ports of a finished connection are used again. */
#define TCPFLOW_VERDICT_PORT_REUSED             (UINT64_C(1) << 39)
/** @brief A SYN with data (RFC 7413). */
#define TCPFLOW_VERDICT_SYN_DATA                (UINT64_C(1) << 40)
/** @brief It acknowledges the data that came with the SYN. */
#define TCPFLOW_VERDICT_FAST_OPEN_ACCEPTED      (UINT64_C(1) << 41)
/** @brief It acknowledges the SYN and not the data that came with it. */
#define TCPFLOW_VERDICT_FAST_OPEN_IGNORED       (UINT64_C(1) << 42)
/** @brief A RST that ends the connection. */
#define TCPFLOW_VERDICT_RST_ACCEPTED            (UINT64_C(1) << 43)
/** @brief A RST in the window but not at its start: answered by a challenge
 *         ACK, and without effect (RFC 5961 section 3.2). */
#define TCPFLOW_VERDICT_RST_CHALLENGED          (UINT64_C(1) << 44)
/** @brief A RST outside the window: ignored. */
#define TCPFLOW_VERDICT_RST_OUT_OF_WINDOW       (UINT64_C(1) << 45)
/** @brief A RST that does not acknowledge the SYN it answers: ignored
 *         (RFC 9293 section 3.10.7.3). */
#define TCPFLOW_VERDICT_RST_UNACCEPTABLE        (UINT64_C(1) << 46)
/** @brief It shows that an earlier RST, or an ICMP error that had ended the
 *         opening, had no effect. */
#define TCPFLOW_VERDICT_RST_REVERSED            (UINT64_C(1) << 47)
/** @brief A FIN elsewhere than the sender's first one, which counts. */
#define TCPFLOW_VERDICT_FIN_MOVED               (UINT64_C(1) << 48)
/** @brief Data beyond the sender's FIN. */
#define TCPFLOW_VERDICT_BEYOND_FIN              (UINT64_C(1) << 49)
/** @brief It comes after a RST that counts, and does not show that the
 *         connection goes on. */
#define TCPFLOW_VERDICT_AFTER_RST               (UINT64_C(1) << 50)
/** @brief It comes after the connection has closed by FINs
 *         (tcpflow_conn_config::close_linger_ns); or it belongs to the
 *         connection that used the ports before.  It has no effect. */
#define TCPFLOW_VERDICT_AFTER_END               (UINT64_C(1) << 51)
/** @brief A combination of flags that no stack sends: two of SYN, FIN and RST,
 *         or none of SYN, RST and ACK. */
#define TCPFLOW_VERDICT_BAD_FLAGS               (UINT64_C(1) << 52)
/** @brief A malformed list of options. */
#define TCPFLOW_VERDICT_BAD_OPTIONS             (UINT64_C(1) << 53)
/** @brief A wrong checksum: the segment has no effect. */
#define TCPFLOW_VERDICT_BAD_CHECKSUM            (UINT64_C(1) << 54)
/** @brief The capture does not hold all of its data. */
#define TCPFLOW_VERDICT_PAYLOAD_CUT             (UINT64_C(1) << 55)
/** @brief Urgent data is announced (RFC 6093). */
#define TCPFLOW_VERDICT_URGENT                  (UINT64_C(1) << 56)
/** @brief More data than the receiver's MSS allows (segmentation offload, or
 *         a mistake). */
#define TCPFLOW_VERDICT_MSS_EXCEEDED            (UINT64_C(1) << 57)
/** @brief A router marked congestion: CE (RFC 3168 section 5). */
#define TCPFLOW_VERDICT_CE                      (UINT64_C(1) << 58)
/** @brief The connection was picked up with it, without a SYN. */
#define TCPFLOW_VERDICT_MID_STREAM              (UINT64_C(1) << 59)
/** @brief It proves something that the capture does not hold. */
#define TCPFLOW_VERDICT_INFERRED                (UINT64_C(1) << 60)
/** @brief There were several SYNs, or several SYN and ACKs, with different
 *         numbers: it tells which one counts, and that is not the one that had
 *         counted so far. */
#define TCPFLOW_VERDICT_INCARNATION_SELECTED    (UINT64_C(1) << 61)
/** @brief It shows that client and server had been taken for each other. */
#define TCPFLOW_VERDICT_ROLES_FLIPPED           (UINT64_C(1) << 62)
/** @} */

/** @brief How many bits of a verdict have a meaning, from bit 0 on.
 *  @since 0.1 */
#define TCPFLOW_VERDICT_COUNT                   63

TCPFLOW_END_DECLS

#endif /* TCPFLOW_SEGMENT_H */
