/**
 * @file tcpflow/build.h
 * @brief Build: the way back from known fields to a frame of bytes.
 *
 * A builder writes into a buffer of the caller's, from its end towards its
 * front: the innermost part first, then every header in front of what is
 * already there.  Lengths, checksums and the numbers that announce the next
 * header come out right unless something else is asked for, so that a packet
 * can be wrong on purpose and in one place only.
 *
 * A step that cannot be done makes the builder fail; later steps then do
 * nothing, and tcpflow_builder_finish() tells why.
 *
 * @code
 * uint8_t room[2048];
 * tcpflow_builder builder;
 * tcpflow_frame frame;
 *
 * tcpflow_builder_init(&builder, room, sizeof(room));
 * tcpflow_builder_tcp(&builder, &tuple, &tcp);
 * tcpflow_builder_ip(&builder, &tuple, NULL);
 * tcpflow_builder_vlan(&builder, 0x8100, 7);
 * tcpflow_builder_link(&builder, TCPFLOW_LINK_ETHERNET, NULL);
 * error = tcpflow_builder_finish(&builder, &frame);
 * @endcode
 */
#ifndef TCPFLOW_BUILD_H
#define TCPFLOW_BUILD_H

#include <tcpflow/base.h>
#include <tcpflow/packet.h>
#include <tcpflow/wire.h>

TCPFLOW_BEGIN_DECLS

/** @brief What to write into a field that can be computed.  @since 0.1 */
typedef enum tcpflow_build_mode {
  /** What belongs there.  An IP length above 65,535 is written as 0, as
      segmentation offload does. */
  TCPFLOW_BUILD_RIGHT = 0,
  /** The value beside the mode. */
  TCPFLOW_BUILD_GIVEN,
  /** 0. */
  TCPFLOW_BUILD_ZERO,
  /** Checksums: neither right, nor 0, nor partial. */
  TCPFLOW_BUILD_WRONG,
  /** TCP checksum: the sum of the pseudo-header, as checksum offload leaves
      it. */
  TCPFLOW_BUILD_PARTIAL
} tcpflow_build_mode;

/**
 * @brief A TCP segment: header, options and payload.
 * @rfc{9293,3.1}
 * @since 0.1  Members are appended; `size` tells the library which exist.
 */
typedef struct tcpflow_build_tcp {
  /** Set by tcpflow_build_tcp_init(). */
  size_t size;
  /** Sequence number. */
  tcpflow_seq seq;
  /** Acknowledgment number. */
  tcpflow_seq ack;
  /** #tcpflow_flag bits. */
  uint16_t flags;
  /** Window, unscaled. */
  uint16_t window;
  /** Urgent pointer. */
  uint16_t urgent;
  /** For #TCPFLOW_BUILD_GIVEN. */
  uint16_t checksum;
  /** A #tcpflow_build_mode.  Octets that the frame does not hold count as 0. */
  uint8_t checksum_mode;
  /** #TCPFLOW_BUILD_RIGHT, _GIVEN or _ZERO. */
  uint8_t offset_mode;
  /** For #TCPFLOW_BUILD_GIVEN: 32-bit words, 0 to 15. */
  uint8_t data_offset;
  /** The three bits between data offset and AE. */
  uint8_t reserved_bits;
  /** Octets at @p options, 0 to 40; filled up with zeros to a multiple of
      four. */
  uint32_t options_length;
  /** The options as they stand in the header. */
  const uint8_t *options;
  /** @p payload_captured octets. */
  const uint8_t *payload;
  /** Octets of payload that the frame holds. */
  uint32_t payload_captured;
  /** Octets of payload that the wire had; less than @p payload_captured is
      taken as that. */
  uint32_t payload_length;
} tcpflow_build_tcp;

/**
 * @brief Unsets a segment: all fields 0, no options, no payload.
 * @param[out] tcp The segment; call this before setting a member.
 * @since 0.1
 */
static inline void tcpflow_build_tcp_init(tcpflow_build_tcp *tcp) {
  tcpflow_sized_init(tcp, sizeof(*tcp));
}

/**
 * @brief The fields of an IP header that are not addresses.
 * @since 0.1  Members are appended; `size` tells the library which exist.
 */
typedef struct tcpflow_build_ip {
  /** Set by tcpflow_build_ip_init(). */
  size_t size;
  /** For #TCPFLOW_BUILD_GIVEN: IPv4 total length, IPv6 payload length; the low
      16 bits. */
  uint32_t length;
  /** IPv6; the low 20 bits.  Default 0. */
  uint32_t flow_label;
  /** IPv4 identification.  Default 0. */
  uint16_t id;
  /** IPv4 flags and offset field as on the wire. Default 0x4000: do not
      fragment. */
  uint16_t fragment;
  /** IPv4, for #TCPFLOW_BUILD_GIVEN. */
  uint16_t checksum;
  /** IPv4: any #tcpflow_build_mode but _PARTIAL. */
  uint8_t checksum_mode;
  /** #TCPFLOW_BUILD_RIGHT, _GIVEN or _ZERO. */
  uint8_t length_mode;
  /** IPv4: #TCPFLOW_BUILD_RIGHT, _GIVEN or _ZERO. */
  uint8_t header_mode;
  /** IPv4, for #TCPFLOW_BUILD_GIVEN: IHL, 0 to 15. */
  uint8_t header_words;
  /** Time to live, hop limit.  Default 64. */
  uint8_t ttl;
  /** Type of service, traffic class.  Default 0. */
  uint8_t tos;
  /** IPv4: octets at @p options, 0 to 40; filled up with zeros to a multiple
      of four. */
  uint32_t options_length;
  /** IPv4 options as they stand in the header. */
  const uint8_t *options;
} tcpflow_build_ip;

/**
 * @brief Sets the defaults.
 * @param[out] ip   The fields.
 * @param[in]  size Their `sizeof`.
 * @since 0.1
 */
TCPFLOW_API void tcpflow_build_ip_defaults(tcpflow_build_ip *ip, size_t size)
  TCPFLOW_NONNULL(1);

/**
 * @brief Sets the defaults.
 * @param[out] ip The fields; call this before setting a member.
 * @since 0.1
 */
static inline void tcpflow_build_ip_init(tcpflow_build_ip *ip) {
  tcpflow_build_ip_defaults(ip, sizeof(*ip));
}

/**
 * @brief The fields of a link header; each link type uses some of them.
 *
 * Types that carry Ethernet, 802.11, PPP or LLC put such a header in front of
 * what is there first, unless it is one; it has the addresses of @p destination
 * and @p source and is plain otherwise.  Members that a type does not name are
 * not looked at:
 * - ETHERNET: destination, source, pad, number, length (802.3)
 * - DSA_TAG_*: destination, source, id (the tag, 32 bits), number
 * - NULL, LOOP: byte_order, family
 * - LINUX_SLL, LINUX_SLL2: packet_type, source, hardware, interface_index,
 *   number
 * - ENC: byte_order, family, id (SPI), flags
 * - PFLOG: family, length (as it says), extra (behind its 61 octets)
 * - NFLOG: byte_order, family, length (of the packet's attribute), extra
 *   (attributes in front of it)
 * - IPNET: family
 * - PPP, PPP_HDLC: form (#tcpflow_build_ppp), number
 * - PPP_DIRECTION, PPP_WITH_DIR: the same, packet_type (direction)
 * - PPP_ETHER: id, form, flags, length (as #TCPFLOW_LAYER_PPPOE)
 * - C_HDLC, C_HDLC_WITH_DIR: packet_type (direction), number
 * - FRELAY, FRELAY_WITH_DIR: packet_type (direction), id (the first octets of
 *   the address), form (#tcpflow_build_frelay), number (NLPID or EtherType)
 * - MFR: flags (the first 16 bits)
 * - SLIP: packet_type (direction), extra (compressed header)
 * - FDDI, TOKEN_RING: destination, source, flags (frame control), extra (route)
 * - ARCNET_BSD, ARCNET_LINUX: number (type), flags (fragment flag), form (1: a
 *   second flag behind one of all ones)
 * - IP_OVER_FC, FIREWIRE, IPOIB: number
 * - ATM_RFC1483, ATM_CLIP: form (#tcpflow_build_atm)
 * - SUNATM: flags (first octet; bits 0-3 are 1: LAN emulation), id (path and
 *   circuit)
 * - IEEE802_11: flags (frame control; 0: data), destination, source, id (QoS
 *   control), form (1: padded to 4 octets), trailer
 * - RADIOTAP: flags (the octet of Flags), length, extra (between the words of
 *   what is present and Flags), id (those words' first one, Flags excepted)
 * - PRISM: byte_order, number (message code)
 * - AVS: length, extra
 * - PPI, PKTAP: number (link type of what is behind), length, flags, extra
 * - ERF: number (type), extra (extension headers)
 * - ETHERNET_MPACKET: number (delimiter), extra (preamble)
 * - JUNIPER_*: flags, extra (extensions, written with their length if bit 7 of
 *   flags is set), trailer (the cookie), form (not 0: no header between the
 *   cookie and the packet)
 * - SYMANTEC, DOCSIS: number or flags (first octet), extra (extended header)
 * @since 0.1  Members are appended; `size` tells the library which exist.
 */
typedef struct tcpflow_build_link {
  /** Set by tcpflow_build_link_init(). */
  size_t size;
  /** Destination address. */
  uint8_t destination[6];
  /** Source address. */
  uint8_t source[6];
  /** SLL, SLL2: 0 to us, 4 sent by us, ...  Types with a direction: that. */
  uint16_t packet_type;
  /** Ethernet: not 0 fills the frame up to the 60 octets that the wire
      needs. */
  uint8_t pad;
  /** Types in the order of the machine: 0 little-endian, 1 big-endian. */
  uint8_t byte_order;
  /** The address family; 0: 2 for IPv4 and, for IPv6, 30 (NFLOG: 10, IPNET:
      26). */
  uint32_t family;
  /** SLL2. */
  uint32_t interface_index;
  /** A number that the header holds. */
  uint32_t id;
  /** Flag bits as on the wire; right-aligned. */
  uint32_t flags;
  /** For #TCPFLOW_BUILD_GIVEN: by which the header announces the next one. */
  uint32_t number;
  /** For #TCPFLOW_BUILD_GIVEN: what its length field says. */
  uint32_t length;
  /** ARPHRD_ number; 0: 1 (Ethernet). */
  uint16_t hardware;
  /** Which of its forms a header takes; 0: the usual one. */
  uint8_t form;
  /** #TCPFLOW_BUILD_RIGHT, _GIVEN or _ZERO. */
  uint8_t number_mode;
  /** #TCPFLOW_BUILD_RIGHT, _GIVEN or _ZERO. */
  uint8_t length_mode;
  /** 0. */
  uint8_t reserved[3];
  /** Octets at @p extra. */
  uint32_t extra_length;
  /** Octets at @p trailer. */
  uint32_t trailer_length;
  /** 0. */
  uint32_t reserved_too;
  /** The header's variable part, as on the wire. */
  const uint8_t *extra;
  /** Octets that belong behind all that the frame has so far. */
  const uint8_t *trailer;
} tcpflow_build_link;

/** @brief Forms of a Frame Relay header.  @since 0.1 */
typedef enum tcpflow_build_frelay {
  TCPFLOW_BUILD_FRELAY_2 = 0,          /**< An address of two octets. */
  TCPFLOW_BUILD_FRELAY_3 = 1,          /**< Of three, and padding. */
  TCPFLOW_BUILD_FRELAY_4 = 2,          /**< Of four. */
  TCPFLOW_BUILD_FRELAY_CISCO = 1 << 2, /**< Bit: an EtherType, no NLPID. */
  TCPFLOW_BUILD_FRELAY_SNAP = 1 << 3   /**< Bit: SNAP behind the NLPID. */
} tcpflow_build_frelay;

/** @brief What a circuit of ATM carries.  @since 0.1 */
typedef enum tcpflow_build_atm {
  TCPFLOW_BUILD_ATM_LLC = 0,  /**< LLC. */
  TCPFLOW_BUILD_ATM_RAW = 1,  /**< The packet itself. */
  TCPFLOW_BUILD_ATM_NLPID = 2 /**< 03 and an NLPID. */
} tcpflow_build_atm;

/**
 * @brief Unsets the fields: all 0.
 * @param[out] fields The fields; call this before setting a member.
 * @since 0.1
 */
static inline void tcpflow_build_link_init(tcpflow_build_link *fields) {
  tcpflow_sized_init(fields, sizeof(*fields));
}

/**
 * @brief The fields of a header between a link header and TCP; each layer uses
 *        some of them.
 *
 * Members that a layer does not name are not looked at:
 * - #TCPFLOW_LAYER_ETHERNET: destination, source, number, length (802.3)
 * - #TCPFLOW_LAYER_VLAN: id (all 16 bits), number, type
 * - #TCPFLOW_LAYER_LLC: form (#tcpflow_build_llc), id (OUI), number, extra (the
 *   whole header of the raw form)
 * - #TCPFLOW_LAYER_MPLS: id (label), flags (traffic class; bit 3 turns S
 *   around), sequence (time to live), type
 * - #TCPFLOW_LAYER_PSEUDOWIRE: flags (the first 16 bits), sequence
 * - #TCPFLOW_LAYER_PPPOE: id (session), flags (code), form (version and type;
 *   0: 0x11), length, type
 * - #TCPFLOW_LAYER_PPP: form (#tcpflow_build_ppp), number
 * - #TCPFLOW_LAYER_PBB: id (I-SID), flags (the octet in front of it), type
 * - #TCPFLOW_LAYER_VNTAG: id (all 32 bits), number, type
 * - #TCPFLOW_LAYER_ETAG: id (E-CID), sequence (ingress E-CID), flags (priority
 *   and DEI), number, type
 * - #TCPFLOW_LAYER_FABRICPATH: id (FTAG), sequence (time to live), type
 * - #TCPFLOW_LAYER_CISCO_METADATA: id (security group), length, number, extra
 *   (further options), type
 * - #TCPFLOW_LAYER_MACSEC: flags (TCI and AN), form (short length), sequence
 *   (packet number), number, extra (SCI), trailer (ICV), type
 * - #TCPFLOW_LAYER_HSR: id (the first 16 bits), sequence, number, type
 * - #TCPFLOW_LAYER_RTAG: sequence, number, type
 * - #TCPFLOW_LAYER_TRILL: id (egress and ingress nickname), extra (options,
 *   units of four octets), type
 * - #TCPFLOW_LAYER_AMSDU: destination, source, length; the next packet of the
 *   frame, which stands in front of it, may begin then
 * - #TCPFLOW_LAYER_UDP: port (destination 0: the registered one of what is
 *   behind), length, checksum
 * - #TCPFLOW_LAYER_GRE: flags (the first 16 bits; C, R, K, S, A say which
 *   fields there are), id (key; version 1: the call), sequence, number, length
 *   (version 1), checksum, extra (source route entries; version 1: the
 *   acknowledgment number)
 * - #TCPFLOW_LAYER_ERSPAN: form (0: type II, 1: type III), id (session), flags
 *   (VLAN; the frame type of type III in bits 16-20), sequence (index or
 *   timestamp), extra (type III: the 8 octets of a subheader)
 * - #TCPFLOW_LAYER_VXLAN: form (0: VXLAN, 1: VXLAN-GPE), id (VNI), flags (the
 *   first octet; 0: the usual ones), number (VXLAN-GPE)
 * - #TCPFLOW_LAYER_GENEVE: id (VNI), flags (the first two octets but the
 *   length), number, length (words), extra (options)
 * - #TCPFLOW_LAYER_NSH: id (service path), sequence (service index), flags (the
 *   first two octets but the length), number, length (words), extra (context
 *   headers)
 * - #TCPFLOW_LAYER_GTPU: form (0: version 1, 1: version 0), id (TEID), flags
 *   (E, S and PN), sequence, number (type of the first extension header),
 *   length, extra (extension headers)
 * - #TCPFLOW_LAYER_TEREDO: form (0: origin, 1: authentication), id (origin:
 *   address), number (origin: port), extra (authentication: client identifier)
 * - #TCPFLOW_LAYER_AYIYA: flags (the low halves of the first three octets, each
 *   in four bits; 0: 001), form (words of signature), sequence (epoch), number,
 *   extra (identity: a power of two of octets)
 * - #TCPFLOW_LAYER_L2TP: form (0: version 2, 1: version 3 over UDP, 2: version
 *   3 over IP), id (session; version 2: the tunnel in the upper half), flags
 *   (the first 16 bits but the version; L, S and O say which fields there are),
 *   sequence, length, extra (version 2: offset padding; version 3: cookie and
 *   sublayer)
 * - #TCPFLOW_LAYER_ETHERIP: flags (both octets; 0: version 3)
 * - #TCPFLOW_LAYER_ESP: id (SPI), sequence, number (next header), length
 *   (padding), trailer (integrity check value)
 * - #TCPFLOW_LAYER_CAPWAP: flags (the first 32 bits but the header length; T
 *   and the binding of an 802.11 frame are set), sequence (the second 32 bits),
 *   length (words), extra (optional headers)
 * - #TCPFLOW_LAYER_TZSP: form (type), number, extra (tags but the last one)
 * - #TCPFLOW_LAYER_ICMP, #TCPFLOW_LAYER_ICMPV6: number (type; usual:
 *   destination unreachable), flags (code), sequence (the 32 bits behind the
 *   checksum), id (how many octets of what the frame has so far are quoted; 0:
 *   all), checksum, length (length attribute; usual: none without a trailer),
 *   trailer (extension structure)
 *
 * @since 0.1  Members are appended; `size` tells the library which exist.
 */
typedef struct tcpflow_build_layer {
  /** Set by tcpflow_build_layer_init(). */
  size_t size;
  /** The number that names the network, label or session. */
  uint32_t id;
  /** Flag bits as on the wire; right-aligned. */
  uint32_t flags;
  /** Sequence number, or another number that counts packets or hops. */
  uint32_t sequence;
  /** For #TCPFLOW_BUILD_GIVEN: by which the header announces the next one. */
  uint32_t number;
  /** For #TCPFLOW_BUILD_GIVEN: what its length field says. */
  uint32_t length;
  /** The number that announces this header to the one in front of it, where
      there are several.  0: the usual one. */
  uint16_t type;
  /** For #TCPFLOW_BUILD_GIVEN. */
  uint16_t checksum;
  /** Which of its forms a header takes; 0: the usual one. */
  uint8_t form;
  /** #TCPFLOW_BUILD_RIGHT, _GIVEN or _ZERO. */
  uint8_t number_mode;
  /** #TCPFLOW_BUILD_RIGHT, _GIVEN or _ZERO. */
  uint8_t length_mode;
  /** Any #tcpflow_build_mode that the checksum of the layer can have. */
  uint8_t checksum_mode;
  /** Destination address. */
  uint8_t destination[6];
  /** Source address. */
  uint8_t source[6];
  /** Octets at @p extra. */
  uint32_t extra_length;
  /** Octets at @p trailer. */
  uint32_t trailer_length;
  /** The header's variable part, as on the wire. */
  const uint8_t *extra;
  /** Octets that belong behind all that the frame has so far. */
  const uint8_t *trailer;
  /** Source and destination port. */
  uint16_t port[2];
  /** 0. */
  uint32_t reserved;
} tcpflow_build_layer;

/** @brief Forms of an LLC header.  @since 0.1 */
typedef enum tcpflow_build_llc {
  TCPFLOW_BUILD_LLC_SNAP = 0, /**< aa aa 03, OUI, protocol identifier. */
  TCPFLOW_BUILD_LLC_SAP = 1,  /**< The SAP of IP, twice, and 03. */
  TCPFLOW_BUILD_LLC_RAW = 2   /**< The octets at @p extra. */
} tcpflow_build_llc;

/** @brief Forms of a PPP header: bits.  @since 0.1 */
typedef enum tcpflow_build_ppp {
  TCPFLOW_BUILD_PPP_HDLC = 1 << 0, /**< ff 03 in front. */
  TCPFLOW_BUILD_PPP_SHORT = 1 << 1 /**< A protocol of one octet. */
} tcpflow_build_ppp;

/**
 * @brief Unsets the fields: all 0.
 * @param[out] layer The fields; call this before setting a member.
 * @since 0.1
 */
static inline void tcpflow_build_layer_init(tcpflow_build_layer *layer) {
  tcpflow_sized_init(layer, sizeof(*layer));
}

/**
 * @brief A frame under construction: the caller's storage, of which the
 *        members are the library's business.
 * @since 0.1
 */
typedef struct tcpflow_builder {
  uint8_t *buffer;      /**< Private. */
  size_t capacity;      /**< Private. */
  size_t used;          /**< Private. */
  size_t absent;        /**< Private. */
  size_t tcp_used;      /**< Private. */
  size_t tcp_length;    /**< Private. */
  int error;            /**< Private. */
  uint32_t link;        /**< Private. */
  uint16_t ether_type;  /**< Private. */
  uint16_t checksum;    /**< Private. */
  uint8_t protocol;     /**< Private. */
  uint8_t sum_mode;     /**< Private. */
  uint16_t layer;       /**< Private. */
  size_t behind;        /**< Private. */
  size_t tcp_size;      /**< Private. */
  uint16_t port;        /**< Private. */
  uint8_t sum_protocol; /**< Private. */
  uint8_t reserved[21]; /**< Private. */
} tcpflow_builder;

/**
 * @brief Starts an empty frame.
 * @param[out] builder  The builder.
 * @param[in]  buffer   @p capacity octets, borrowed until the frame is no
 *                      longer used.
 * @param[in]  capacity Octets at @p buffer.
 * @since 0.1
 */
TCPFLOW_API void tcpflow_builder_init(tcpflow_builder *builder, uint8_t *buffer,
                                      size_t capacity) TCPFLOW_NONNULL(1, 2);

/**
 * @brief Counts octets that the wire had and the frame does not hold.
 *
 * They stand behind everything that the frame holds, as a capture's snaplen
 * leaves it; so this is a first step.  After a step that wrote something the
 * builder fails with #TCPFLOW_ERR_STATE.
 * @param[in,out] builder The builder.
 * @param[in]     count   How many.
 * @since 0.1
 */
TCPFLOW_API void tcpflow_builder_absent(tcpflow_builder *builder, size_t count)
  TCPFLOW_NONNULL(1);

/**
 * @brief Puts octets in front: a payload, or a header that no other step
 *        makes.
 *
 * What headers in front announce does not change; see
 * tcpflow_builder_announce().
 * @param[in,out] builder The builder.
 * @param[in]     bytes   @p count octets, copied.
 * @param[in]     count   How many.
 * @since 0.1
 */
TCPFLOW_API void tcpflow_builder_bytes(tcpflow_builder *builder,
                                       const uint8_t *bytes, size_t count)
  TCPFLOW_NONNULL(1);

/**
 * @brief Sets the numbers by which the next header tells what is behind it.
 * @param[in,out] builder    The builder.
 * @param[in]     protocol   For an IP or extension header: the protocol.
 * @param[in]     ether_type For a link header or a tag: the EtherType.
 * @since 0.1
 */
TCPFLOW_API void tcpflow_builder_announce(tcpflow_builder *builder,
                                          uint8_t protocol, uint16_t ether_type)
  TCPFLOW_NONNULL(1);

/**
 * @brief Puts a TCP segment in front.
 *
 * Its checksum is completed by the next tcpflow_builder_ip().  Options that
 * are too long, a value out of its range or an unknown mode make the builder
 * fail with #TCPFLOW_ERR_INVALID.  A payload that is not all captured needs an
 * empty frame, like tcpflow_builder_absent().
 * @param[in,out] builder The builder.
 * @param[in]     tuple   The ports; nothing else of it is used.
 * @param[in]     tcp     The segment.
 * @rfc{9293,3.1}
 * @since 0.1
 */
TCPFLOW_API void tcpflow_builder_tcp(tcpflow_builder *builder,
                                     const tcpflow_tuple *tuple,
                                     const tcpflow_build_tcp *tcp)
  TCPFLOW_NONNULL(1, 2, 3);

/**
 * @brief Puts an IPv6 extension header in front.
 *
 * The first two octets, next header and length, are made; the length unit is
 * eight octets, four for an authentication header (51).
 * @param[in,out] builder The builder.
 * @param[in]     type    Its protocol number: 0 hop-by-hop, 43 routing, 44
 *                        fragment, 51 authentication, 60 destination, ...
 * @param[in]     body    @p count octets that stand behind the first two;
 *                        copied.
 * @param[in]     count   How many, 0 to 2046; filled up with zeros to the
 *                        length unit, at least to 8 octets with the first two
 *                        (12 for authentication).
 * @rfc{8200,4}
 * @since 0.1
 */
TCPFLOW_API void tcpflow_builder_extension(tcpflow_builder *builder,
                                           uint8_t type, const uint8_t *body,
                                           size_t count) TCPFLOW_NONNULL(1);

/**
 * @brief Puts an IPv4 or IPv6 header in front.
 * @param[in,out] builder The builder.
 * @param[in]     tuple   Version and addresses; nothing else of it is used.
 *                        A version other than 4 and 6 makes the builder fail
 *                        with #TCPFLOW_ERR_INVALID.
 * @param[in]     ip      The other fields.  NULL: the defaults.
 * @rfc{791,3.1} @rfc{8200,3} @rfc{8200,8.1}
 * @since 0.1
 */
TCPFLOW_API void tcpflow_builder_ip(tcpflow_builder *builder,
                                    const tcpflow_tuple *tuple,
                                    const tcpflow_build_ip *ip)
  TCPFLOW_NONNULL(1, 2);

/**
 * @brief Puts a VLAN tag in front.
 * @param[in,out] builder The builder.
 * @param[in]     type    The EtherType that announces it: 0x8100, 0x88a8,
 *                        0x9100 or any other.
 * @param[in]     control Priority, DEI and VLAN identifier.
 * @since 0.1
 */
TCPFLOW_API void tcpflow_builder_vlan(tcpflow_builder *builder, uint16_t type,
                                      uint16_t control) TCPFLOW_NONNULL(1);

/**
 * @brief Puts a header in front that stands between a link header and TCP.
 *
 * It announces what is behind it, and is announced by what comes in front of
 * it.  An Ethernet header here is one that a tunnel or a pseudowire carries.
 * @param[in,out] builder The builder.
 * @param[in]     type    A #tcpflow_layer_type of those that
 *                        #tcpflow_build_layer lists; any other makes the
 *                        builder fail with #TCPFLOW_ERR_INVALID.
 * @param[in]     fields  Its fields.  NULL: all 0.
 * @since 0.1
 */
TCPFLOW_API void tcpflow_builder_layer(tcpflow_builder *builder,
                                       tcpflow_layer_type type,
                                       const tcpflow_build_layer *fields)
  TCPFLOW_NONNULL(1);

/**
 * @brief Puts a link header in front, or none for the raw IP types.
 * @param[in,out] builder The builder.
 * @param[in]     type    A #tcpflow_link; any other makes the builder fail
 *                        with #TCPFLOW_ERR_INVALID.
 * @param[in]     fields  Its fields.  NULL: all 0.
 * @since 0.1
 */
TCPFLOW_API void tcpflow_builder_link(tcpflow_builder *builder, uint32_t type,
                                      const tcpflow_build_link *fields)
  TCPFLOW_NONNULL(1);

/**
 * @brief Hands out the frame.
 *
 * A capture that was cut is made by lowering @p frame->captured afterwards.
 * @param[in]  builder The builder.
 * @param[out] frame   Bytes, captured and wire length, and link type
 *                     (#TCPFLOW_LINK_RAW without a link step); all other
 *                     members 0.  Untouched on error.  The bytes are in the
 *                     caller's buffer.
 * @retval TCPFLOW_OK          Done.
 * @retval TCPFLOW_ERR_LIMIT   The buffer is too small, or the frame is longer
 *                             than 4,294,967,295 octets.
 * @retval TCPFLOW_ERR_INVALID An argument of a step was out of its range.
 * @retval TCPFLOW_ERR_STATE   Absent octets in front of others.
 * @retval TCPFLOW_ERR_VERSION A struct uses members that this library does not
 *                             know, or has no stamp.
 * @since 0.1
 */
TCPFLOW_API int tcpflow_builder_finish(const tcpflow_builder *builder,
                                       tcpflow_frame *frame)
  TCPFLOW_NONNULL(1, 2) TCPFLOW_NODISCARD;

/** @brief Room that all headers of any link type fit into, with IPv6 and 40
 *         octets of options.  @since 0.1 */
#define TCPFLOW_BUILD_ROOM 512

/**
 * @brief Builds a whole frame in one go: TCP over IP over a link.
 *
 * Default fields everywhere else.  VLAN tags of @p tuple become 802.1Q tags
 * where the link type has room for them (Ethernet, SLL, SLL2).
 * @param[out] frame    As for tcpflow_builder_finish(); @p scope comes from
 *                      @p tuple.
 * @param[in]  buffer   @p capacity octets; #TCPFLOW_BUILD_ROOM are enough for
 *                      everything but the payload that the frame holds.
 * @param[in]  capacity Octets at @p buffer.
 * @param[in]  link     A #tcpflow_link.
 * @param[in]  tuple    Sender, receiver, scope and tags.
 * @param[in]  tcp      The segment, with options and payload.  A payload that
 *                      is on the wire only has @p payload_captured 0 and may
 *                      be longer than 65,535 octets: the IP length is 0 then.
 * @retval TCPFLOW_OK Done; otherwise the errors of tcpflow_builder_finish().
 * @since 0.1
 */
TCPFLOW_API int tcpflow_build_segment(tcpflow_frame *frame, uint8_t *buffer,
                                      size_t capacity, uint32_t link,
                                      const tcpflow_tuple *tuple,
                                      const tcpflow_build_tcp *tcp)
  TCPFLOW_NONNULL(1, 2, 5, 6) TCPFLOW_NODISCARD;

TCPFLOW_END_DECLS

#endif /* TCPFLOW_BUILD_H */
