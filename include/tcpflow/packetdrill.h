/**
 * @file tcpflow/packetdrill.h
 * @brief packetdrill's notation of TCP segments, out and in.
 *
 * A #tcpflow_packetdrill is one connection as a script of packetdrill sees it:
 * a local end, whose host the script tests, and a remote end, which the script
 * plays.  It writes a decoded packet as the line of a script, and takes the
 * segments of a script back into frames:
 *
 * @code
 * +0 < S 0:0(0) win 32792 <mss 1000,sackOK,nop,nop,nop,wscale 7>
 * +0 > S. 0:0(0) ack 1 win 65535 <mss 1460,nop,nop,sackOK,nop,wscale 8>
 * +0.1 < . 1:1(0) ack 1 win 257
 * @endcode
 *
 * Sequence numbers count from the first one of each end.  One object belongs to
 * one thread at a time; it may be used inside the callbacks of other objects.
 */
#ifndef TCPFLOW_PACKETDRILL_H
#define TCPFLOW_PACKETDRILL_H

#include <tcpflow/base.h>
#include <tcpflow/packet.h>
#include <tcpflow/text.h>

TCPFLOW_BEGIN_DECLS

/** @brief How the time of a line is written.  @since 0.1 */
typedef enum tcpflow_packetdrill_time {
  TCPFLOW_PACKETDRILL_TIME_RELATIVE = 0, /**< `+0.1`: since the line before. */
  TCPFLOW_PACKETDRILL_TIME_ABSOLUTE,     /**< `0.1`: since the first line. */
  TCPFLOW_PACKETDRILL_TIME_OMITTED       /**< None. */
} tcpflow_packetdrill_time;

/**
 * @brief What a line does not tell: bits.
 *
 * Scripts leave open what they do not check, and packets may hold what the
 * notation has no words for.
 * @since 0.1
 */
typedef enum tcpflow_packetdrill_untold {
  /** Read: no `win`; the frame has 0. */
  TCPFLOW_PACKETDRILL_UNTOLD_WINDOW = 1 << 0,
  /** Read: `<...>`, or an option whose value is left open (`md5 valid`, `TS val
      ...`); the frame has none, or a value of 0.  Written: the capture does not
      hold all options. */
  TCPFLOW_PACKETDRILL_UNTOLD_OPTIONS = 1 << 1,
  /** Read: `[ect01]`; the frame has ECT(0). */
  TCPFLOW_PACKETDRILL_UNTOLD_ECN = 1 << 2,
  /** Read: `...(0)`; the frame has the end's first number. */
  TCPFLOW_PACKETDRILL_UNTOLD_SEQ = 1 << 3,
  /** Read: `*` for the time, or none; the frame has that of the line before. */
  TCPFLOW_PACKETDRILL_UNTOLD_TIME = 1 << 4,
  /** Written: the three reserved bits of the TCP header are not 0. */
  TCPFLOW_PACKETDRILL_UNTOLD_RESERVED = 1 << 5,
  /** Written and read: there are octets of options that packetdrill has no word
      for; they stand as `raw 0x...`, which it does not understand. */
  TCPFLOW_PACKETDRILL_UNTOLD_RAW = 1 << 6
} tcpflow_packetdrill_untold;

/** @brief A connection of a script.  @since 0.1 */
typedef struct tcpflow_packetdrill_config {
  /** Set by tcpflow_packetdrill_config_init(). */
  size_t size;
  /** Index 0 is the local end, 1 the remote one.  Version 0, the default: the
      receiver of the first packet that is written is the local end; lines
      cannot be read before. */
  tcpflow_tuple tuple;
  /** The numbers that the script's 0 stands for, in the order of the tuple.
      Default 0. */
  tcpflow_seq isn[2];
  /** Reading: the time that the script's 0 stands for.  Default 0. */
  tcpflow_time start;
  /** Writing: how a line begins, a #tcpflow_packetdrill_time. */
  uint32_t time;
  /** Writing, not 0: what is not 0 of type of service and flow label, as
      `[ect0]`, `(tos 0x12)`, `(flowlabel 0x12345)`.  Default 0. */
  uint32_t ip;
  /** Writing: bits 0 and 1 say that @p isn is known, in the order of the tuple;
      one that is not is taken from the packets.  Default 0. */
  uint32_t isn_known;
  /** 0. */
  uint32_t reserved;
} tcpflow_packetdrill_config;

/**
 * @brief Sets the defaults.
 * @param[out] config The configuration.
 * @param[in]  size   Its `sizeof`.
 * @since 0.1
 */
TCPFLOW_API void
tcpflow_packetdrill_config_defaults(tcpflow_packetdrill_config *config,
                                    size_t size) TCPFLOW_NONNULL(1);

/**
 * @brief Sets the defaults.
 * @param[out] config The configuration; call this before setting a member.
 * @since 0.1
 */
static inline void
tcpflow_packetdrill_config_init(tcpflow_packetdrill_config *config) {
  tcpflow_packetdrill_config_defaults(config, sizeof(*config));
}

/** @brief One connection in packetdrill's notation, opaque.  @since 0.1 */
typedef struct tcpflow_packetdrill tcpflow_packetdrill;

/**
 * @brief Begins a connection.
 * @param[out] out    The connection; untouched unless 0 is returned.
 * @param[in]  config Copied.  NULL: the defaults.
 * @param[in]  mem    Copied.  NULL: malloc(3) and friends.
 * @retval TCPFLOW_OK          Release @p *out with tcpflow_packetdrill_del().
 * @retval TCPFLOW_ERR_NOMEM   Nothing was kept.
 * @retval TCPFLOW_ERR_INVALID @p mem lacks a function, or @p config is out of
 *                             its ranges.
 * @retval TCPFLOW_ERR_VERSION @p config has no stamp, or sets a member that
 *                             this library does not know.
 * @since 0.1
 */
TCPFLOW_API int tcpflow_packetdrill_new(
  tcpflow_packetdrill **out, const tcpflow_packetdrill_config *config,
  const tcpflow_mem *mem) TCPFLOW_NONNULL(1) TCPFLOW_NODISCARD;

/**
 * @brief Releases a connection.
 * @param[in] script May be NULL.
 * @since 0.1
 */
TCPFLOW_API void tcpflow_packetdrill_del(tcpflow_packetdrill *script);

/**
 * @brief Writes a packet as a line of a script.
 *
 * Flags stand in packetdrill's order, `FSRP.UEWA`; the three bits of Accurate
 * ECN are letters always, which packetdrill reads as well as a digit.  Numbers
 * count from the SYN's; of an end whose SYN was not seen, from the one before
 * its first.  A SYN far from what came before begins another connection.
 * Packets out of the order of their times are written as of the same time.
 * @param[in,out] script   The connection.
 * @param[in]     packet   A decoded packet of kind #TCPFLOW_PACKET_TCP.
 * @param[out]    buffer   The line, ends with a 0, no newline.
 * @param[in]     capacity Octets at @p buffer; #TCPFLOW_TEXT_LINE_MAX always
 *                         do.  What does not fit is left out.
 * @param[out]    length   Octets that the whole line takes, without its 0.
 *                         NULL: not wanted.
 * @retval TCPFLOW_OK          Written; tcpflow_packetdrill_untold_bits() says
 *                             what is not.
 * @retval TCPFLOW_ERR_INVALID A packet of another kind, or of another
 *                             connection; nothing was written or remembered.
 * @since 0.1
 */
TCPFLOW_API int tcpflow_packetdrill_print(tcpflow_packetdrill *script,
                                          const tcpflow_packet *packet,
                                          char *buffer, size_t capacity,
                                          size_t *length)
  TCPFLOW_NONNULL(1, 2, 3) TCPFLOW_NODISCARD;

/**
 * @brief Reads one line of a script.
 *
 * A segment is a time (`+0.1`, `0.1`, `*`, a range, or none), a direction (`<`
 * from the remote end, `>` from the local one), and what packetdrill's grammar
 * allows behind that: encapsulating headers, which are left out, `[ect0]`,
 * `(tos 0x12)`, ports, flags with letters or the digit of Accurate ECN,
 * numbers, `win`, `urg` and options; of the dialects, an absolute number
 * (`0:0(0)!`), `/udp(1 > 2)`, AccECN (`ECN e0b 1 ceb 0 e1b 1`) and Multipath
 * TCP with numbers.  Everything else of a script is skipped, on several lines
 * too: system calls, commands, code, comments.  The time of every line
 * counts.
 *
 * The frame is of #TCPFLOW_LINK_RAW; it holds the headers, and its `length`
 * counts the payload.
 * @param[in,out] script The connection.
 * @param[in]     line   @p length octets; a newline at the end does not matter.
 * @param[in]     length How many; lines need no 0.
 * @param[out]    result #TCPFLOW_TEXT_PACKET; #TCPFLOW_TEXT_BLANK for an empty
 *                       line or a comment; #TCPFLOW_TEXT_OTHER for the rest of
 *                       a script and for other protocols; #TCPFLOW_TEXT_BROKEN
 *                       for a segment that cannot be read: it is against the
 *                       grammar, or refers to a value that the line does not
 *                       tell.
 * @param[out]    frame  The frame, if @p *result is #TCPFLOW_TEXT_PACKET;
 *                       otherwise untouched.  Its bytes are the connection's,
 *                       valid until the next call.  `number` counts lines from
 *                       1.
 * @retval TCPFLOW_OK        Read, whatever it is;
 *                           tcpflow_packetdrill_untold_bits()
 *                           says what the line leaves open.
 * @retval TCPFLOW_ERR_STATE The ends are not known yet.
 * @since 0.1
 */
TCPFLOW_API int tcpflow_packetdrill_read(tcpflow_packetdrill *script,
                                         const char *line, size_t length,
                                         tcpflow_text_result *result,
                                         tcpflow_frame *frame)
  TCPFLOW_NONNULL(1, 2, 4, 5) TCPFLOW_NODISCARD;

/**
 * @brief Says what the latest line that was written or read does not tell.
 * @param[in] script The connection.
 * @return #tcpflow_packetdrill_untold bits.
 * @since 0.1
 */
TCPFLOW_API uint32_t tcpflow_packetdrill_untold_bits(
  const tcpflow_packetdrill *script) TCPFLOW_NONNULL(1);

/**
 * @brief Says what is wrong with the latest line that was read.
 * @param[in] script The connection.
 * @return An English phrase for #TCPFLOW_TEXT_BROKEN and #TCPFLOW_TEXT_OTHER;
 *         an empty one otherwise.  In static storage.
 * @since 0.1
 */
TCPFLOW_API const char *
tcpflow_packetdrill_problem(const tcpflow_packetdrill *script)
  TCPFLOW_NONNULL(1);

TCPFLOW_END_DECLS

#endif /* TCPFLOW_PACKETDRILL_H */
