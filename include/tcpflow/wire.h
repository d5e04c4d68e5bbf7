/**
 * @file tcpflow/wire.h
 * @brief Numbers as TCP writes them: flag bits and sequence arithmetic.
 *
 * Sequence numbers live on a circle of 2^32 (RFC 9293 section 3.4).  Comparing
 * them with `<` is the classic mistake; the functions here are the only place
 * where they are compared.
 */
#ifndef TCPFLOW_WIRE_H
#define TCPFLOW_WIRE_H

#include <tcpflow/base.h>

TCPFLOW_BEGIN_DECLS

/**
 * @brief The nine control bits, as they stand in octets 12 and 13 of the
 *        header.
 * @rfc{9293,3.1} AE is RFC 9768's name of the former NS bit.
 * @since 0.1
 */
typedef enum tcpflow_flag {
  TCPFLOW_FLAG_FIN = 0x001, /**< No more data from the sender. */
  TCPFLOW_FLAG_SYN = 0x002, /**< Synchronize sequence numbers. */
  TCPFLOW_FLAG_RST = 0x004, /**< Reset the connection. */
  TCPFLOW_FLAG_PSH = 0x008, /**< Push. */
  TCPFLOW_FLAG_ACK = 0x010, /**< The acknowledgment field is significant. */
  TCPFLOW_FLAG_URG = 0x020, /**< The urgent pointer is significant. */
  TCPFLOW_FLAG_ECE = 0x040, /**< ECN echo (RFC 3168). */
  TCPFLOW_FLAG_CWR = 0x080, /**< Congestion window reduced (RFC 3168). */
  TCPFLOW_FLAG_AE = 0x100   /**< Accurate ECN (RFC 9768). */
} tcpflow_flag;

/** @brief All nine flag bits.  @since 0.1 */
#define TCPFLOW_FLAGS_ALL 0x1ffU

/** @brief A sequence number: modulo 2^32.  @since 0.1 */
typedef uint32_t tcpflow_seq;

/**
 * @brief Steps forward on the circle.
 * @param[in] a A sequence number.
 * @param[in] n How many octets on.
 * @return (@p a + @p n) modulo 2^32.
 * @rfc{9293,3.4}
 * @since 0.1
 */
static inline tcpflow_seq tcpflow_seq_add(tcpflow_seq a, uint32_t n) {
  return (tcpflow_seq)(((uint64_t)a + n) & UINT32_MAX);
}

/**
 * @brief Measures the way forward from one number to another.
 * @param[in] from Where to start.
 * @param[in] to   Where to arrive.
 * @return (@p to - @p from) modulo 2^32.
 * @rfc{9293,3.4}
 * @since 0.1
 */
static inline uint32_t tcpflow_seq_distance(tcpflow_seq from, tcpflow_seq to) {
  return (uint32_t)((UINT64_C(0x100000000) + to - from) & UINT32_MAX);
}

/**
 * @brief Says whether a number comes before another.
 *
 * Numbers exactly 2^31 apart are each before the other: such a pair has no
 * order, and both answers are "old".
 * @param[in] a A sequence number.
 * @param[in] b Another.
 * @return Non-zero if the way from @p b forward to @p a is 2^31 or longer.
 * @rfc{9293,3.4}
 * @since 0.1
 */
static inline int tcpflow_seq_lt(tcpflow_seq a, tcpflow_seq b) {
  return tcpflow_seq_distance(b, a) >= UINT32_C(0x80000000);
}

/**
 * @brief Says whether a number comes before another or is the same.
 * @param[in] a A sequence number.
 * @param[in] b Another.
 * @return Non-zero if @p a equals @p b or tcpflow_seq_lt(@p a, @p b).
 * @rfc{9293,3.4}
 * @since 0.1
 */
static inline int tcpflow_seq_leq(tcpflow_seq a, tcpflow_seq b) {
  return a == b || tcpflow_seq_lt(a, b);
}

/**
 * @brief Counts the sequence numbers that a segment occupies: SEG.LEN.
 * @param[in] payload Octets of data.
 * @param[in] flags   #tcpflow_flag bits; SYN and FIN count one each.
 * @return @p payload + SYN + FIN.
 * @rfc{9293,3.3.1}
 * @since 0.1
 */
static inline uint32_t tcpflow_seq_len(uint32_t payload, unsigned flags) {
  return payload + ((flags & TCPFLOW_FLAG_SYN) != 0) +
         ((flags & TCPFLOW_FLAG_FIN) != 0);
}

/**
 * @brief Finds the 64-bit position that a sequence number stands for.
 *
 * A stream of any length is followed by keeping a position that is known, and
 * asking for the one nearest to it.
 * @param[in] near A position in the same count, whose low 32 bits are a
 *                 sequence number.
 * @param[in] seq  A sequence number.
 * @return The position with the low 32 bits @p seq that is less than 2^31
 *         ahead of @p near or at most 2^31 behind it; where that would be
 *         below 0, the one ahead.
 * @rfc{9293,3.4}
 * @since 0.1
 */
static inline uint64_t tcpflow_seq_unwrap(uint64_t near, tcpflow_seq seq) {
  const tcpflow_seq low = (tcpflow_seq)(near & UINT32_MAX);
  const uint32_t ahead = tcpflow_seq_distance(low, seq);
  const uint32_t behind = tcpflow_seq_distance(seq, low);

  if (ahead < UINT32_C(0x80000000) || near < behind) {
    return near + ahead;
  }
  return near - behind;
}

TCPFLOW_END_DECLS

#endif /* TCPFLOW_WIRE_H */
