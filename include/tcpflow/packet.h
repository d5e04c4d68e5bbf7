/**
 * @file tcpflow/packet.h
 * @brief Decode: a frame of captured bytes becomes a packet of known fields.
 *
 * Decoding never fails, allocates or copies payload.  A #tcpflow_packet says
 * how far it got (#tcpflow_packet_kind) and what was odd on the way
 * (#tcpflow_finding).  Two lengths are kept apart from the first byte on: what
 * was on the wire, and how much of that the capture holds.
 */
#ifndef TCPFLOW_PACKET_H
#define TCPFLOW_PACKET_H

#include <tcpflow/base.h>
#include <tcpflow/wire.h>

TCPFLOW_BEGIN_DECLS

/**
 * @brief What the first bytes of a frame are: LINKTYPE_ numbers as capture
 *        files hold them.
 *
 * What libpcap's pcap_datalink() answers does as well.  Numbers that are not listed here are allowed: such a frame is decoded to
 * #TCPFLOW_PACKET_UNSUPPORTED.
 * @since 0.1
 */
typedef enum tcpflow_link {
  TCPFLOW_LINK_NULL = 0,        /**< BSD loopback: 4 octets, host order. */
  TCPFLOW_LINK_ETHERNET = 1,    /**< Ethernet, with 802.1Q tags or without. */
  TCPFLOW_LINK_RAW_12 = 12,     /**< Raw IP as some systems number it (DLT). */
  TCPFLOW_LINK_RAW_14 = 14,     /**< Raw IP as OpenBSD numbers it (DLT). */
  TCPFLOW_LINK_RAW = 101,       /**< Raw IPv4 or IPv6, told by its version. */
  TCPFLOW_LINK_LOOP = 108,      /**< OpenBSD loopback: 4 octets, big-endian. */
  TCPFLOW_LINK_LINUX_SLL = 113, /**< Linux "cooked" capture. */
  TCPFLOW_LINK_IPV4 = 228,      /**< Raw IPv4. */
  TCPFLOW_LINK_IPV6 = 229,      /**< Raw IPv6. */
  TCPFLOW_LINK_LINUX_SLL2 = 276 /**< Linux "cooked" capture, version 2. */
} tcpflow_link;

/**
 * @brief One captured frame: what the caller hands in.
 *
 * Arrays of it make a batch, so it does not grow; clear it with `= {0}` and
 * the members that are reserved stay 0.
 * @since 0.1
 */
typedef struct tcpflow_frame {
  /** When it was captured. */
  tcpflow_time time;
  /** @p captured octets, borrowed for the call.  NULL only if @p captured is
      0. */
  const uint8_t *bytes;
  /** Octets at @p bytes. */
  uint32_t captured;
  /** Octets that the frame had on the wire.  Less than @p captured: taken as
      @p captured, and told. */
  uint32_t length;
  /** A #tcpflow_link, or any other LINKTYPE_. */
  uint32_t link;
  /** 0. */
  uint32_t reserved0;
  /** The caller's own part of the flow key (an interface, a customer); 0 if
      there is none. */
  uint64_t scope;
  /** The caller's number of the frame; told in events. */
  uint64_t number;
  /** The caller's handle of the frame; handed through. */
  void *handle;
  /** 0. */
  uint64_t reserved1;
} tcpflow_frame;

/**
 * @brief Who talks to whom: the exact identity of a flow.
 *
 * In a packet, index 0 is the sender and 1 the receiver; in a connection, 0 is
 * the client and 1 the server (#tcpflow_side).  It has no padding, so two that
 * name the same ends in the same order may be compared with memcmp(3).
 * tcpflow_flow_hash() does not mind the order.
 * @since 0.1
 */
typedef struct tcpflow_tuple {
  /** From the frame. */
  uint64_t scope;
  /** VLAN identifiers: the outer one in bits 16-27, the inner one in bits
      0-11, a present tag marked by bit 28 and bit 12; of more than two, the
      outermost and the innermost.  0: untagged. */
  uint32_t vlan;
  /** Which tunnel; 0 outside of any. */
  uint32_t tunnel;
  /** TCP ports. */
  uint16_t port[2];
  /** 4 or 6: which IP. */
  uint8_t version;
  /** 0. */
  uint8_t reserved[3];
  /** Network order.  IPv4: the first 4 octets, the others 0. */
  uint8_t address[2][16];
} tcpflow_tuple;

/** @brief How far decoding got.  @since 0.1 */
typedef enum tcpflow_packet_kind {
  /** All 20 octets of a TCP header are there and every TCP member is set. */
  TCPFLOW_PACKET_TCP = 0,
  /** A fragment of an IP datagram that cannot be read as TCP by itself.  The
      first fragment with a whole TCP header is #TCPFLOW_PACKET_TCP with
      #TCPFLOW_FINDING_FIRST_FRAGMENT. */
  TCPFLOW_PACKET_FRAGMENT,
  /** IP that carries something else. */
  TCPFLOW_PACKET_NOT_TCP,
  /** A link payload other than IP. */
  TCPFLOW_PACKET_NOT_IP,
  /** The capture ends inside a header. */
  TCPFLOW_PACKET_TRUNCATED,
  /** A header contradicts itself or the length of what it stands in. */
  TCPFLOW_PACKET_MALFORMED,
  /** A link type or a header that is not known here, or deeper nesting than
      configured. */
  TCPFLOW_PACKET_UNSUPPORTED
} tcpflow_packet_kind;

/** @brief What is odd about a packet: bits.  @since 0.1 */
typedef enum tcpflow_finding {
  /** The capture holds less than the frame had on the wire. */
  TCPFLOW_FINDING_CUT = 1 << 0,
  /** More captured than on the wire. */
  TCPFLOW_FINDING_LONG_CAPTURE = 1 << 1,
  /** Octets follow the IP datagram (the padding of short Ethernet frames). */
  TCPFLOW_FINDING_PADDING = 1 << 2,
  /** The IP length says 0, as segmentation offload leaves it; the frame's
      length was used. */
  TCPFLOW_FINDING_IP_LENGTH_ZERO = 1 << 3,
  /** The IP length exceeds what the frame had on the wire. */
  TCPFLOW_FINDING_IP_LENGTH_BEYOND = 1 << 4,
  /** The version is not what the link header announced. */
  TCPFLOW_FINDING_IP_BAD_VERSION = 1 << 5,
  /** IPv4: a header length below 20 or beyond the datagram. */
  TCPFLOW_FINDING_IP_BAD_HEADER_LENGTH = 1 << 6,
  /** A total length that does not cover the IP header. */
  TCPFLOW_FINDING_IP_BAD_LENGTH = 1 << 7,
  /** TCP read from the first fragment of a datagram. */
  TCPFLOW_FINDING_FIRST_FRAGMENT = 1 << 8,
  /** The IP payload is shorter than a TCP header. */
  TCPFLOW_FINDING_TCP_SHORT = 1 << 9,
  /** Data offset below 5. */
  TCPFLOW_FINDING_TCP_BAD_OFFSET_SHORT = 1 << 10,
  /** Data offset beyond the IP payload. */
  TCPFLOW_FINDING_TCP_BAD_OFFSET_LONG = 1 << 11,
  /** The capture ends inside the TCP options. */
  TCPFLOW_FINDING_OPTIONS_CUT = 1 << 12,
  /** IPv4 options, or IPv6 extension headers. */
  TCPFLOW_FINDING_IP_OPTIONS = 1 << 13,
  /** Their lengths are wrong. */
  TCPFLOW_FINDING_IP_BAD_OPTIONS = 1 << 14,
  /** More VLAN tags than allowed. */
  TCPFLOW_FINDING_TOO_MANY_TAGS = 1 << 15,
  /** More IPv6 extension headers than allowed. */
  TCPFLOW_FINDING_TOO_MANY_EXTENSIONS = 1 << 16,
  /** Reserved bits of the TCP header are not 0. */
  TCPFLOW_FINDING_RESERVED_BITS = 1 << 17,
  /** An IPv6 jumbogram, or BIG TCP. */
  TCPFLOW_FINDING_JUMBO = 1 << 18,
  /** Source and destination are one and the same address and port. */
  TCPFLOW_FINDING_SAME_ENDS = 1 << 19
} tcpflow_finding;

/** @brief How many findings this header names, from bit 0 on.  @since 0.1 */
#define TCPFLOW_FINDING_COUNT 20

/** @brief What a checksum says.  @since 0.1 */
typedef enum tcpflow_checksum {
  /** It is right. */
  TCPFLOW_CHECKSUM_OK = 0,
  /** It is wrong. */
  TCPFLOW_CHECKSUM_BAD,
  /** It covers the pseudo-header only: the sender's network card was to
      complete it. */
  TCPFLOW_CHECKSUM_PARTIAL,
  /** The field is 0 and that is not right. */
  TCPFLOW_CHECKSUM_ABSENT,
  /** The capture does not hold all the octets. */
  TCPFLOW_CHECKSUM_UNCOVERED,
  /** A fragment: it covers other packets too. */
  TCPFLOW_CHECKSUM_FRAGMENT,
  /** There is no TCP header to have one. */
  TCPFLOW_CHECKSUM_NONE
} tcpflow_checksum;

/** @brief A header that was crossed.  @since 0.1 */
typedef enum tcpflow_layer_type {
  TCPFLOW_LAYER_NULL = 1,     /**< NULL or LOOP. */
  TCPFLOW_LAYER_ETHERNET = 2, /**< Ethernet II. */
  TCPFLOW_LAYER_VLAN = 3,     /**< One 802.1Q or 802.1ad tag (TCI and type). */
  TCPFLOW_LAYER_SLL = 4,      /**< Linux cooked capture. */
  TCPFLOW_LAYER_SLL2 = 5,     /**< Linux cooked capture, version 2. */
  TCPFLOW_LAYER_IPV4 = 6,     /**< IPv4. */
  TCPFLOW_LAYER_IPV6 = 7,     /**< IPv6. */
  TCPFLOW_LAYER_IPV6_EXTENSION = 8, /**< One IPv6 extension header. */
  TCPFLOW_LAYER_TCP = 9,            /**< TCP. */
  TCPFLOW_LAYER_AH = 10 /**< IP authentication header, in IPv4 or IPv6. */
} tcpflow_layer_type;

/** @brief Where a header stands.  @since 0.1 */
typedef struct tcpflow_layer {
  uint16_t type;     /**< A #tcpflow_layer_type. */
  uint16_t reserved; /**< 0. */
  uint32_t offset;   /**< From the start of the frame. */
} tcpflow_layer;

/** @brief How many layers a packet can list.  @since 0.1 */
#define TCPFLOW_LAYERS_MAX 24

/**
 * @brief A decoded packet.
 *
 * Members are set as far as @p kind says; those behind a count are set up to
 * that count only.  Offsets count from @p bytes.  The packet borrows the
 * frame's bytes and is valid as long as they are.
 * @since 0.1  Members are appended; `size` tells the library which exist.
 */
typedef struct tcpflow_packet {
  /** Set by tcpflow_packet_init(). */
  size_t size;
  /** Of the frame. */
  tcpflow_time time;
  /** Of the frame, borrowed. */
  const uint8_t *bytes;
  /** Of the frame. */
  uint64_t number;
  /** Of the frame. */
  void *handle;
  /** Octets at @p bytes. */
  uint32_t captured;
  /** Octets on the wire. */
  uint32_t length;
  /** Of the frame. */
  uint32_t link;
  /** #tcpflow_finding bits. */
  uint32_t findings;
  /** A #tcpflow_packet_kind. */
  uint8_t kind;
  /** Layers listed, outermost first. */
  uint8_t layer_count;
  /** VLAN tags crossed. */
  uint8_t tag_count;
  /** What the (last) IP header carries; 6 is TCP. */
  uint8_t ip_protocol;
  /** What the link header announced; 0 for raw IP. */
  uint16_t ether_type;
  /** Time to live, hop limit. */
  uint8_t ip_ttl;
  /** Type of service, traffic class; ECN in the low two bits (RFC 3168 section
      5). */
  uint8_t ip_tos;
  /** IPv4 identification, IPv6 fragment identification; 0 where there is
      none. */
  uint32_t ip_id;
  /** IPv6; 0 otherwise. */
  uint32_t ip_flow_label;
  /** IPv4 flags and offset field as on the wire; IPv6: the fragment header's
      offset, reserved and M bits as on the wire; 0 where there is none. */
  uint16_t ip_fragment;
  /** Octets, with options or extension headers. */
  uint16_t ip_header_length;
  /** Where the IP header starts. */
  uint32_t ip_offset;
  /** Octets of the datagram on the wire, header included, after the repairs
      that @p findings tell. */
  uint32_t ip_length;
  /** Where the TCP header starts; 0 if none was found. Set as well, like @p
      tcp_length, if the header is not all there (cut, too short, or split
      between fragments); the ports are known then if 4 octets of it are. */
  uint32_t tcp_offset;
  /** Octets of the segment on the wire: header and payload. */
  uint32_t tcp_length;
  /** Sender and receiver. */
  tcpflow_tuple tuple;
  /** Sequence number. */
  tcpflow_seq seq;
  /** Acknowledgment number, significant with ACK. */
  tcpflow_seq ack;
  /** #tcpflow_flag bits. */
  uint16_t flags;
  /** Window, unscaled. */
  uint16_t window;
  /** As on the wire. */
  uint16_t checksum;
  /** Urgent pointer, significant with URG. */
  uint16_t urgent;
  /** Octets: data offset times 4, as on the wire. */
  uint8_t header_length;
  /** The three bits between data offset and AE. */
  uint8_t reserved_bits;
  /** Octets of options, 0 to 40.  They stand at @p tcp_offset + 20. */
  uint8_t options_length;
  /** How many of them the capture holds. */
  uint8_t options_captured;
  /** Where the payload starts. */
  uint32_t payload_offset;
  /** Octets of payload on the wire. */
  uint32_t payload_length;
  /** How many of them the capture holds. */
  uint32_t payload_captured;
  /** Headers crossed. */
  tcpflow_layer layer[TCPFLOW_LAYERS_MAX];
} tcpflow_packet;

/**
 * @brief Unsets a packet.
 * @param[out] packet The packet; call this once before it is first used.
 * @since 0.1
 */
static inline void tcpflow_packet_init(tcpflow_packet *packet) {
  tcpflow_sized_init(packet, sizeof(*packet));
}

/** @brief How far decoding may go.  @since 0.1 */
typedef struct tcpflow_decode_config {
  size_t size;             /**< Set by tcpflow_decode_config_init(). */
  uint32_t max_tags;       /**< VLAN tags, 0 to 16.  Default 8. */
  uint32_t max_extensions; /**< IPv6 extension headers, 0 to 16.  Default 8. */
} tcpflow_decode_config;

/**
 * @brief Sets the defaults.
 * @param[out] config  The configuration.
 * @param[in]  size    Its `sizeof`.
 * @since 0.1
 */
TCPFLOW_API void tcpflow_decode_config_defaults(tcpflow_decode_config *config,
                                                size_t size) TCPFLOW_NONNULL(1);

/**
 * @brief Sets the defaults.
 * @param[out] config The configuration; call this before setting a member.
 * @since 0.1
 */
static inline void tcpflow_decode_config_init(tcpflow_decode_config *config) {
  tcpflow_decode_config_defaults(config, sizeof(*config));
}

/**
 * @brief Decodes a frame down to TCP.
 *
 * Costs no allocation and reads nothing beyond the captured octets, whatever
 * they say.  Any frame is decoded; @p kind and @p findings tell the outcome.
 * @param[out] packet An initialized packet; every member it has is set or, if
 *                    @p kind says so, meaningless.
 * @param[in]  frame  The frame; its bytes stay borrowed by @p packet.
 * @param[in]  config NULL: the defaults.
 * @retval TCPFLOW_OK          Decoded.
 * @retval TCPFLOW_ERR_INVALID @p config is out of its ranges.
 * @retval TCPFLOW_ERR_VERSION @p packet was not initialized.
 * @rfc{9293,3.1}
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API int tcpflow_packet_decode(tcpflow_packet *packet,
                                      const tcpflow_frame *frame,
                                      const tcpflow_decode_config *config)
  TCPFLOW_NONNULL(1, 2);

/**
 * @brief Checks the TCP checksum.
 *
 * Takes time in proportion to the payload; decoding does not do it unasked.
 * @param[in] packet A decoded packet whose bytes are still there.
 * @return What the checksum says.
 * @rfc{9293,3.1} MUST-3
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API tcpflow_checksum
tcpflow_packet_checksum(const tcpflow_packet *packet) TCPFLOW_NONNULL(1);

TCPFLOW_END_DECLS

#endif /* TCPFLOW_PACKET_H */
