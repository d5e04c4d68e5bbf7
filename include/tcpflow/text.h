/**
 * @file tcpflow/text.h
 * @brief tcpdump's notation, out and in, and the names of things.
 *
 * A #tcpflow_printer writes a packet as `tcpdump -nn` does.  A
 * #tcpflow_text_reader takes such lines, as people paste them, back into
 * frames that decode to the same packets.  Each belongs to one thread at a
 * time; both may be used inside the callbacks of other objects.
 */
#ifndef TCPFLOW_TEXT_H
#define TCPFLOW_TEXT_H

#include <tcpflow/base.h>
#include <tcpflow/conn.h>
#include <tcpflow/frag.h>
#include <tcpflow/packet.h>
#include <tcpflow/segment.h>
#include <tcpflow/state.h>
#include <tcpflow/stream.h>

TCPFLOW_BEGIN_DECLS

/** @name Names
 * Each answers a name in static storage, never NULL: "?" for a value that has
 * none.  All may be called from anywhere.
 * @{ */

/**
 * @brief Names a state as RFC 9293 spells it: `SYN-SENT`.
 * @param[in] state A state.
 * @return The name.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API const char *tcpflow_state_name(tcpflow_state state);

/**
 * @brief Names a stimulus: `rcv ACK of FIN`.
 * @param[in] stimulus A stimulus.
 * @return The name.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API const char *tcpflow_stimulus_name(tcpflow_stimulus stimulus);

/**
 * @brief Names a side: `client`, `server`.
 * @param[in] side A side.
 * @return The name.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API const char *tcpflow_side_name(tcpflow_side side);

/**
 * @brief Names one bit of a verdict: `zero-window-probe`.
 * @param[in] bit Its number, 0 to #TCPFLOW_VERDICT_COUNT - 1.
 * @return The name: the constant's, in lower case with hyphens.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API const char *tcpflow_verdict_name(unsigned bit);

/**
 * @brief Names an anomaly: `syn-other-isn`.
 * @param[in] anomaly An anomaly.
 * @return The name: the constant's, in lower case with hyphens.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API const char *tcpflow_anomaly_name(tcpflow_anomaly anomaly);

/**
 * @brief Names how a connection began: `three-way`.
 * @param[in] kind How.
 * @return The name.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API const char *tcpflow_open_kind_name(tcpflow_open_kind kind);

/**
 * @brief Names how a connection ended: `fin`.
 * @param[in] reason Why.
 * @return The name.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API const char *tcpflow_end_reason_name(tcpflow_end_reason reason);

/**
 * @brief Names a way of closing: `fin-client`.
 * @param[in] kind One of #tcpflow_close_kind.
 * @return The name.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API const char *tcpflow_close_kind_name(tcpflow_close_kind kind);

/**
 * @brief Names a phase: `half-closed`.
 * @param[in] phase One of #tcpflow_phase.
 * @return The name.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API const char *tcpflow_phase_name(tcpflow_phase phase);

/**
 * @brief Names a reason to take somebody for the client: `syn-ack`.
 * @param[in] basis One of #tcpflow_role_basis.
 * @return The name.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API const char *tcpflow_role_basis_name(tcpflow_role_basis basis);

/**
 * @brief Names a degree of certainty: `assumed`.
 * @param[in] proof One of #tcpflow_proof.
 * @return The name.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API const char *tcpflow_proof_name(tcpflow_proof proof);

/**
 * @brief Names an outcome of the negotiation of ECN: `accurate`.
 * @param[in] ecn One of #tcpflow_ecn.
 * @return The name.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API const char *tcpflow_ecn_name(tcpflow_ecn ecn);

/**
 * @brief Names a policy: `rfc5961`.
 * @param[in] policy One of #tcpflow_rst_policy.
 * @return The name.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API const char *tcpflow_rst_policy_name(tcpflow_rst_policy policy);

/**
 * @brief Names an overlap policy: `old-linux`.
 * @param[in] overlap One of #tcpflow_overlap.
 * @return The name.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API const char *tcpflow_overlap_name(tcpflow_overlap overlap);

/**
 * @brief Names an urgent policy: `out-of-band`.
 * @param[in] policy One of #tcpflow_urgent_policy.
 * @return The name.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API const char *
tcpflow_urgent_policy_name(tcpflow_urgent_policy policy);

/**
 * @brief Names when octets are told: `at-once`.
 * @param[in] delivery One of #tcpflow_delivery.
 * @return The name.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API const char *tcpflow_delivery_name(tcpflow_delivery delivery);

/**
 * @brief Names what an ICMP error says: `too-big`.
 * @param[in] kind One of #tcpflow_icmp_kind.
 * @return The name.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API const char *tcpflow_icmp_kind_name(tcpflow_icmp_kind kind);

/**
 * @brief Names what a connection is to Multipath TCP: `join`.
 * @param[in] kind One of #tcpflow_subflow_kind.
 * @return The name.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API const char *tcpflow_subflow_kind_name(tcpflow_subflow_kind kind);

/**
 * @brief Names why data is missing: `acked`.
 * @param[in] reason Why.
 * @return The name.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API const char *tcpflow_gap_reason_name(tcpflow_gap_reason reason);

/**
 * @brief Names how far decoding got: `not-tcp`.
 * @param[in] kind How far.
 * @return The name.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API const char *tcpflow_packet_kind_name(tcpflow_packet_kind kind);

/**
 * @brief Names one finding of the decoder: `ip-length-zero`.
 * @param[in] bit The number of its bit, 0 to #TCPFLOW_FINDING_COUNT - 1.
 * @return The name: the constant's, in lower case with hyphens.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API const char *tcpflow_finding_name(unsigned bit);

/**
 * @brief Names what a checksum says: `partial`.
 * @param[in] checksum What it says.
 * @return The name.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API const char *tcpflow_checksum_name(tcpflow_checksum checksum);

/**
 * @brief Names a link type: `linux-sll`.
 * @param[in] link A #tcpflow_link, or any other number.
 * @return The name: the constant's, in lower case with hyphens.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API const char *tcpflow_link_name(uint32_t link);

/**
 * @brief Names a header that was crossed: `ipv6-extension`.
 * @param[in] type A #tcpflow_layer_type.
 * @return The name: the constant's, in lower case with hyphens.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API const char *tcpflow_layer_name(unsigned type);

/**
 * @brief Names a way in which packets travel in others: `ip-in-ip`.
 * @param[in] tunnel A #tcpflow_tunnel.
 * @return The name: the constant's, in lower case with hyphens.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API const char *tcpflow_tunnel_name(unsigned tunnel);

/**
 * @brief Names what became of a fragment: `not-a-fragment`.
 * @param[in] outcome A #tcpflow_frag_outcome.
 * @return The name: the constant's, in lower case with hyphens.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API const char *tcpflow_frag_outcome_name(unsigned outcome);

/**
 * @brief Names why a fragment or its datagram was dropped: `timeout`.
 * @param[in] reason A #tcpflow_frag_reason.
 * @return The name: the constant's, in lower case with hyphens.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API const char *tcpflow_frag_reason_name(unsigned reason);

/**
 * @brief Names one anomaly of a fragment or its datagram: `too-long`.
 * @param[in] bit The number of its bit, 0 to #TCPFLOW_FRAG_ANOMALY_COUNT - 1.
 * @return The name: the constant's, in lower case with hyphens.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API const char *tcpflow_frag_anomaly_name(unsigned bit);

/**
 * @brief Names whose octets count where fragments overlap: `bsd-right`.
 * @param[in] policy A #tcpflow_frag_policy.
 * @return The name: the constant's, in lower case with hyphens.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API const char *tcpflow_frag_policy_name(unsigned policy);

/**
 * @brief Names a kind of option as tcpdump does: `mss`, `sackOK`.
 * @param[in] kind A #tcpflow_option_kind, or any other octet.
 * @return The name; "unknown" for a kind that tcpdump does not name.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API const char *tcpflow_option_name(uint8_t kind);
/** @} */

/** @brief Room that a line fits into, its 0 included, unless it tells long
 *         lists of IPv6 options, routes or authentication values.
 *  @since 0.1 */
#define TCPFLOW_TEXT_LINE_MAX    8192

/** @brief Room that any address fits into, its 0 included.  @since 0.1 */
#define TCPFLOW_TEXT_ADDRESS_MAX 46

/** @brief Room that any tuple fits into, its 0 included.  @since 0.1 */
#define TCPFLOW_TEXT_TUPLE_MAX   112

/**
 * @brief Writes flags as tcpdump does: `S.`, `FP.`, `none`.
 * @param[out] buffer   The text; ends with a 0.
 * @param[in]  capacity Octets at @p buffer, 16 are enough; what does not fit is
 *                      left out.
 * @param[in]  flags    #tcpflow_flag bits.
 * @return Octets that the whole text takes, without its 0.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API size_t tcpflow_text_flags(char *buffer, size_t capacity,
                                      unsigned flags) TCPFLOW_NONNULL(1);

/**
 * @brief Writes an address: `192.0.2.1`, `2001:db8::1` (RFC 5952).
 * @param[out] buffer   The text; ends with a 0.
 * @param[in]  capacity Octets at @p buffer, #TCPFLOW_TEXT_ADDRESS_MAX are
 *                      enough; what does not fit is left out.
 * @param[in]  version  4 or 6.
 * @param[in]  address  4 or 16 octets, network order.
 * @return Octets that the whole text takes, without its 0.
 * @rfc{5952,4}
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API size_t tcpflow_text_address(char *buffer, size_t capacity,
                                        unsigned version,
                                        const uint8_t *address)
  TCPFLOW_NONNULL(1, 4);

/**
 * @brief Writes who talks to whom as tcpdump does:
 *        `192.0.2.1.40000 > 198.51.100.1.80`.
 * @param[out] buffer   The text; ends with a 0.
 * @param[in]  capacity Octets at @p buffer, #TCPFLOW_TEXT_TUPLE_MAX are enough;
 *                      what does not fit is left out.
 * @param[in]  tuple    Version, addresses and ports; nothing else of it is
 *                      written.
 * @return Octets that the whole text takes, without its 0.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API size_t tcpflow_text_tuple(char *buffer, size_t capacity,
                                      const tcpflow_tuple *tuple)
  TCPFLOW_NONNULL(1, 3);

/** @brief How a line begins: tcpdump's `-t` flags.  @since 0.1 */
typedef enum tcpflow_time_style {
  TCPFLOW_TIME_STYLE_CLOCK = 0, /**< `16:29:59.847444`: time of day. */
  TCPFLOW_TIME_STYLE_OMITTED,   /**< `-t`: none. */
  TCPFLOW_TIME_STYLE_EPOCH,     /**< `-tt`: seconds since 1970. */
  TCPFLOW_TIME_STYLE_DELTA,     /**< `-ttt`: since the line before. */
  TCPFLOW_TIME_STYLE_DATE,      /**< `-tttt`: date and time of day. */
  TCPFLOW_TIME_STYLE_SINCE      /**< `-ttttt`: since the first line. */
} tcpflow_time_style;

/** @brief How lines look.  @since 0.1 */
typedef struct tcpflow_printer_config {
  /** Set by tcpflow_printer_config_init(). */
  size_t size;
  /** How a line begins, a #tcpflow_time_style. */
  uint32_t time;
  /** Non-zero: nine decimals.  Default: six. */
  uint32_t nanoseconds;
  /** `-S`: absolute sequence numbers.  Default 0. */
  uint32_t absolute;
  /** Without `-S`: connections whose first numbers are remembered.  Beyond it
      the oldest is forgotten.  Default 65536. */
  uint32_t max_flows;
  /** 0. */
  uint64_t reserved;
  /** `-v`: the fields of IP headers, and checksums.  Default 0. */
  uint32_t verbose;
  /** `-e`: link headers.  Default 0. */
  uint32_t link_header;
} tcpflow_printer_config;

/**
 * @brief Sets the defaults.
 * @param[out] config The configuration.
 * @param[in]  size   Its `sizeof`.
 * @since 0.1
 */
TCPFLOW_API void tcpflow_printer_config_defaults(tcpflow_printer_config *config,
                                                 size_t size)
  TCPFLOW_NONNULL(1);

/**
 * @brief Sets the defaults.
 * @param[out] config The configuration; call this before setting a member.
 * @since 0.1
 */
static inline void tcpflow_printer_config_init(tcpflow_printer_config *config) {
  tcpflow_printer_config_defaults(config, sizeof(*config));
}

/** @brief A writer of lines, opaque: it remembers times and first numbers.
 *  @since 0.1 */
typedef struct tcpflow_printer tcpflow_printer;

/**
 * @brief Creates a printer.
 * @param[out] out    The printer; untouched unless 0 is returned.
 * @param[in]  config Copied.  NULL: the defaults.
 * @param[in]  mem    Copied.  NULL: malloc(3) and friends.
 * @retval TCPFLOW_OK          Release @p *out with tcpflow_printer_del().
 * @retval TCPFLOW_ERR_NOMEM   Nothing was kept.
 * @retval TCPFLOW_ERR_INVALID @p mem lacks a function, or @p config is out of
 *                             its ranges.
 * @retval TCPFLOW_ERR_VERSION @p config has no stamp, or sets a member that
 *                             this library does not know.
 * @since 0.1
 */
TCPFLOW_API int tcpflow_printer_new(tcpflow_printer **out,
                                    const tcpflow_printer_config *config,
                                    const tcpflow_mem *mem)
  TCPFLOW_NONNULL(1) TCPFLOW_NODISCARD;

/**
 * @brief Releases a printer.
 * @param[in] printer May be NULL.
 * @since 0.1
 */
TCPFLOW_API void tcpflow_printer_del(tcpflow_printer *printer);

/**
 * @brief Sets the time zone of the lines to come: the library knows none.
 * @param[in,out] printer The printer.
 * @param[in]     seconds East of Greenwich.
 * @since 0.1
 */
TCPFLOW_API void tcpflow_printer_set_zone(tcpflow_printer *printer,
                                          int32_t seconds) TCPFLOW_NONNULL(1);

/**
 * @brief Writes a packet as tcpdump does, without the payload's own protocol.
 *
 * The line is that of tcpdump 4.99.3 up to `length N`, with its words for what
 * is cut or broken: a list of options whose lengths are wrong is printed as
 * tcpdump walks it.  Where it is otherwise, tcpdump is wrong or knows less: see
 * @ref tcpdump_page.
 *
 * Under `-v`, and for tunnels whose outer headers tcpdump puts on a line of
 * their own, the text holds newlines between its lines.
 * @param[in,out] printer  The printer.
 * @param[in]     packet   A decoded packet that holds TCP, or was cut or broken
 *                         on the way to it.
 * @param[out]    buffer   The line, ends with a 0, no newline at its end.
 * @param[in]     capacity Octets at @p buffer; #TCPFLOW_TEXT_LINE_MAX nearly
 *                         always do.  What does not fit is left out.
 * @param[out]    length   Octets that the whole line takes, without its 0.
 *                         NULL: not wanted.
 * @retval TCPFLOW_OK          Written.
 * @retval TCPFLOW_ERR_INVALID A packet of another kind:
 *                             #TCPFLOW_PACKET_NOT_TCP, #TCPFLOW_PACKET_NOT_IP,
 *                             #TCPFLOW_PACKET_UNSUPPORTED,
 *                             #TCPFLOW_PACKET_ICMP_ERROR; nothing was written
 *                             or remembered.
 * @retval TCPFLOW_ERR_NOMEM   Without `-S`: the connection could not be
 *                             remembered; nothing was written.
 * @since 0.1
 */
TCPFLOW_API int tcpflow_printer_line(tcpflow_printer *printer,
                                     const tcpflow_packet *packet, char *buffer,
                                     size_t capacity, size_t *length)
  TCPFLOW_NONNULL(1, 2, 3) TCPFLOW_NODISCARD;

/** @brief What a line of text turned out to be.  @since 0.1 */
typedef enum tcpflow_text_result {
  /** A TCP packet: the frame is set. */
  TCPFLOW_TEXT_PACKET = 0,
  /** Nothing: empty, a Markdown fence or rule. */
  TCPFLOW_TEXT_BLANK,
  /** Not tcpdump's. */
  TCPFLOW_TEXT_PROSE,
  /** tcpdump's, but not a TCP packet (ARP, UDP, its summary), or a line before
      the one that tells of it: the IP header of `-v`, what a tunnel carries. */
  TCPFLOW_TEXT_OTHER,
  /** It begins as a TCP packet's line does, and cannot be read:
      tcpflow_text_reader_problem() says why. */
  TCPFLOW_TEXT_BROKEN
} tcpflow_text_result;

/** @brief How lines are read.  @since 0.1 */
typedef struct tcpflow_text_reader_config {
  /** Set by tcpflow_text_reader_config_init(). */
  size_t size;
  /** Connections whose first numbers are remembered, to read relative ones.
      Default 65536. */
  uint32_t max_flows;
  /** Host names that are remembered; a line with one more is
   *  #TCPFLOW_TEXT_BROKEN.  Default 65536. */
  uint32_t max_hosts;
} tcpflow_text_reader_config;

/**
 * @brief Sets the defaults.
 * @param[out] config The configuration.
 * @param[in]  size   Its `sizeof`.
 * @since 0.1
 */
TCPFLOW_API void
tcpflow_text_reader_config_defaults(tcpflow_text_reader_config *config,
                                    size_t size) TCPFLOW_NONNULL(1);

/**
 * @brief Sets the defaults.
 * @param[out] config The configuration; call this before setting a member.
 * @since 0.1
 */
static inline void
tcpflow_text_reader_config_init(tcpflow_text_reader_config *config) {
  tcpflow_text_reader_config_defaults(config, sizeof(*config));
}

/** @brief A reader of lines, opaque.  @since 0.1 */
typedef struct tcpflow_text_reader tcpflow_text_reader;

/**
 * @brief Creates a reader.
 * @param[out] out    The reader; untouched unless 0 is returned.
 * @param[in]  config Copied.  NULL: the defaults.
 * @param[in]  mem    Copied.  NULL: malloc(3) and friends.
 * @retval TCPFLOW_OK          Release @p *out with tcpflow_text_reader_del().
 * @retval TCPFLOW_ERR_NOMEM   Nothing was kept.
 * @retval TCPFLOW_ERR_INVALID @p mem lacks a function, or @p config is out of
 *                             its ranges.
 * @retval TCPFLOW_ERR_VERSION @p config has no stamp, or sets a member that
 *                             this library does not know.
 * @since 0.1
 */
TCPFLOW_API int tcpflow_text_reader_new(
  tcpflow_text_reader **out, const tcpflow_text_reader_config *config,
  const tcpflow_mem *mem) TCPFLOW_NONNULL(1) TCPFLOW_NODISCARD;

/**
 * @brief Releases a reader.
 * @param[in] reader May be NULL.
 * @since 0.1
 */
TCPFLOW_API void tcpflow_text_reader_del(tcpflow_text_reader *reader);

/**
 * @brief Reads one line.
 *
 * Takes what tcpdump prints and what becomes of it on its way through web pages
 * and notes: with or without date, any `-t` style, missing commas, relative
 * numbers (given back as absolute ones where the SYN was read), `seq a:b`, host
 * and service names, IPv6, a payload's summary behind the length, prompts,
 * quotes, list marks and Markdown around the line.
 *
 * Of `-v` and `-e`, on one line or on several: type of service, time to live,
 * identification, fragment bits, IPv4 options, flow label and the checksums as
 * they were, and VLAN tags, which become the frame's.  Of a tunnel the
 * innermost segment is read and the headers around it are left out.  What an
 * ICMP error quotes is #TCPFLOW_TEXT_OTHER.
 *
 * The frame is of #TCPFLOW_LINK_RAW; it holds the headers, and its `length`
 * counts the payload that the line tells of.  Options are rebuilt in their
 * order, broken ones too; what a line hides (the data of an unknown experiment,
 * headers between IP and TCP, the payload) is 0 or left out, and a list that is
 * no multiple of four octets is filled up; `-v` tells the length that it had.
 * A pure ACK prints no sequence number; it gets the one at which its sender is
 * expected to go on, or 0.
 *
 * A line without a date gives a time of 1970-01-01 and, past midnight, of the
 * next days; one without a time follows the line before by 0 ns.  Dates are
 * taken for UTC.  Times that begin at exactly 0 are differences, as with `-ttt`
 * and `-ttttt`.
 *
 * A host name gives an address out of 240.0.0.0/4 or of 2001:db8::/32; ask
 * tcpflow_text_reader_host() for it.
 * @param[in,out] reader The reader.
 * @param[in]     line   @p length octets; a newline at the end does not matter.
 * @param[in]     length How many; lines need no 0.
 * @param[out]    result What it is.
 * @param[out]    frame  The frame, if @p *result is #TCPFLOW_TEXT_PACKET;
 *                       otherwise untouched.  Its bytes are the reader's, valid
 *                       until the next call.  `number` counts lines from 1.
 * @retval TCPFLOW_OK        Read, whatever it is.
 * @retval TCPFLOW_ERR_NOMEM A connection or name could not be remembered; the
 *                           line was not read.
 * @since 0.1
 */
TCPFLOW_API int tcpflow_text_reader_line(tcpflow_text_reader *reader,
                                         const char *line, size_t length,
                                         tcpflow_text_result *result,
                                         tcpflow_frame *frame)
  TCPFLOW_NONNULL(1, 2, 4, 5);

/**
 * @brief Says what is wrong with the latest line.
 * @param[in] reader The reader.
 * @return An English phrase for #TCPFLOW_TEXT_BROKEN, #TCPFLOW_TEXT_OTHER and
 *         #TCPFLOW_TEXT_PROSE; an empty one otherwise.  In static storage.
 * @since 0.1
 */
TCPFLOW_API const char *
tcpflow_text_reader_problem(const tcpflow_text_reader *reader)
  TCPFLOW_NONNULL(1);

/**
 * @brief Gives back the host name that an address stands for.
 * @param[in] reader  The reader.
 * @param[in] version 4 or 6.
 * @param[in] address 4 or 16 octets, network order.
 * @return The name as it was read; NULL if the address was one itself.  Valid
 *         as long as the reader.
 * @since 0.1
 */
TCPFLOW_API const char *
tcpflow_text_reader_host(const tcpflow_text_reader *reader, unsigned version,
                         const uint8_t *address) TCPFLOW_NONNULL(1, 3);

TCPFLOW_END_DECLS

#endif /* TCPFLOW_TEXT_H */
