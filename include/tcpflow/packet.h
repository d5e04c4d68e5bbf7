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

#include <string.h>

#include <tcpflow/base.h>
#include <tcpflow/wire.h>

TCPFLOW_BEGIN_DECLS

/**
 * @brief What the first bytes of a frame are: LINKTYPE_ numbers as capture
 *        files hold them.
 *
 * What libpcap's pcap_datalink() answers does as well.  Numbers that are not
 * listed here are allowed: such a frame is decoded to
 * #TCPFLOW_PACKET_UNSUPPORTED.
 * @since 0.1
 */
typedef enum tcpflow_link {
  TCPFLOW_LINK_NULL = 0,       /**< BSD loopback: 4 octets, host order. */
  TCPFLOW_LINK_ETHERNET = 1,   /**< Ethernet, 802.3 and 802.2 as well. */
  TCPFLOW_LINK_TOKEN_RING = 6, /**< IEEE 802.5. */
  TCPFLOW_LINK_ARCNET_BSD = 7, /**< ARCNET without a packet type octet. */
  TCPFLOW_LINK_SLIP = 8,       /**< SLIP, with the 16 octets of BSD. */
  TCPFLOW_LINK_PPP = 9,        /**< PPP, with HDLC framing or without. */
  TCPFLOW_LINK_FDDI = 10,      /**< FDDI. */
  TCPFLOW_LINK_ATM_11 = 11,    /**< ATM_RFC1483 as libpcap numbers it (DLT). */
  TCPFLOW_LINK_RAW_12 = 12,    /**< Raw IP as some systems number it (DLT). */
  TCPFLOW_LINK_RAW_14 = 14,    /**< Raw IP as OpenBSD numbers it (DLT). */
  TCPFLOW_LINK_ATM_CLIP_19 = 19,  /**< ATM_CLIP as libpcap numbers it (DLT). */
  TCPFLOW_LINK_PPP_HDLC = 50,     /**< PPP in HDLC-like framing (RFC 1662). */
  TCPFLOW_LINK_PPP_ETHER = 51,    /**< PPPoE session, no Ethernet header. */
  TCPFLOW_LINK_SYMANTEC = 99,     /**< Symantec's Enterprise Firewall. */
  TCPFLOW_LINK_ATM_RFC1483 = 100, /**< LLC or raw IP over ATM (RFC 2684). */
  TCPFLOW_LINK_RAW = 101,         /**< Raw IPv4 or IPv6, told by its version. */
  TCPFLOW_LINK_C_HDLC = 104,      /**< Cisco PPP with HDLC framing. */
  TCPFLOW_LINK_IEEE802_11 = 105,  /**< IEEE 802.11. */
  TCPFLOW_LINK_ATM_CLIP = 106,    /**< Classical IP over ATM of Linux. */
  TCPFLOW_LINK_FRELAY = 107,      /**< Frame Relay (RFC 2427). */
  TCPFLOW_LINK_LOOP = 108,       /**< OpenBSD loopback: 4 octets, big-endian. */
  TCPFLOW_LINK_ENC = 109,        /**< OpenBSD IPsec: 12 octets, host order. */
  TCPFLOW_LINK_LINUX_SLL = 113,  /**< Linux "cooked" capture. */
  TCPFLOW_LINK_PFLOG = 117,      /**< OpenBSD packet filter log. */
  TCPFLOW_LINK_PRISM = 119,      /**< Prism header, then 802.11. */
  TCPFLOW_LINK_IP_OVER_FC = 122, /**< IP over Fibre Channel (RFC 2625). */
  TCPFLOW_LINK_SUNATM = 123,     /**< ATM as SunATM captures it. */
  TCPFLOW_LINK_RADIOTAP = 127,   /**< Radiotap, then 802.11. */
  TCPFLOW_LINK_ARCNET_LINUX = 129,     /**< ARCNET as Linux captures it. */
  TCPFLOW_LINK_JUNIPER_MLPPP = 130,    /**< Juniper: multilink PPP. */
  TCPFLOW_LINK_JUNIPER_MLFR = 131,     /**< Juniper: multilink Frame Relay. */
  TCPFLOW_LINK_JUNIPER_ES = 132,       /**< Juniper: encryption services. */
  TCPFLOW_LINK_JUNIPER_GGSN = 133,     /**< Juniper: GGSN. */
  TCPFLOW_LINK_JUNIPER_MFR = 134,      /**< Juniper: FRF.16. */
  TCPFLOW_LINK_JUNIPER_ATM2 = 135,     /**< Juniper: ATM, second card. */
  TCPFLOW_LINK_JUNIPER_SERVICES = 136, /**< Juniper: adaptive services. */
  TCPFLOW_LINK_JUNIPER_ATM1 = 137,     /**< Juniper: ATM, first card. */
  TCPFLOW_LINK_FIREWIRE = 138,         /**< Apple's IP over IEEE 1394. */
  TCPFLOW_LINK_DOCSIS = 143,           /**< DOCSIS frames. */
  TCPFLOW_LINK_PKTAP_149 = 149,       /**< PKTAP as macOS numbers it (USER2). */
  TCPFLOW_LINK_AVS = 163,             /**< AVS header, then 802.11. */
  TCPFLOW_LINK_JUNIPER_MONITOR = 164, /**< Juniper: passive monitoring. */
  TCPFLOW_LINK_PPP_DIRECTION = 166,   /**< PPP, its address a direction. */
  TCPFLOW_LINK_JUNIPER_PPPOE = 167,   /**< Juniper: PPPoE. */
  TCPFLOW_LINK_JUNIPER_PPPOE_ATM = 168, /**< Juniper: PPPoE over ATM. */
  TCPFLOW_LINK_JUNIPER_ETHER = 178,     /**< Juniper: Ethernet. */
  TCPFLOW_LINK_JUNIPER_PPP = 179,       /**< Juniper: PPP. */
  TCPFLOW_LINK_JUNIPER_FRELAY = 180,    /**< Juniper: Frame Relay. */
  TCPFLOW_LINK_JUNIPER_CHDLC = 181,     /**< Juniper: Cisco HDLC. */
  TCPFLOW_LINK_MFR = 182,               /**< Multilink Frame Relay (FRF.16). */
  TCPFLOW_LINK_PPI = 192,          /**< Per-Packet Information, then any DLT. */
  TCPFLOW_LINK_ERF = 197,          /**< Endace record, then what it says. */
  TCPFLOW_LINK_PPP_WITH_DIR = 204, /**< PPP, a direction octet in front. */
  TCPFLOW_LINK_C_HDLC_WITH_DIR = 205, /**< C_HDLC, a direction octet first. */
  TCPFLOW_LINK_FRELAY_WITH_DIR = 206, /**< Frame Relay, the same. */
  TCPFLOW_LINK_MPLS = 219,            /**< A label stack, then any packet. */
  TCPFLOW_LINK_IPNET = 226,           /**< Solaris ipnet. */
  TCPFLOW_LINK_IPV4 = 228,            /**< Raw IPv4. */
  TCPFLOW_LINK_IPV6 = 229,            /**< Raw IPv6. */
  TCPFLOW_LINK_NFLOG = 239,           /**< Linux netfilter log. */
  TCPFLOW_LINK_NETANALYZER = 240,     /**< 4 octets, then Ethernet with FCS. */
  TCPFLOW_LINK_NETANALYZER_WHOLE = 241, /**< The same with the preamble. */
  TCPFLOW_LINK_IPOIB = 242, /**< IP over InfiniBand, as on the wire. */
  TCPFLOW_LINK_PKTAP = 258, /**< Apple's, then any DLT. */
  TCPFLOW_LINK_ETHERNET_MPACKET = 274, /**< IEEE 802.3br mPackets. */
  TCPFLOW_LINK_LINUX_SLL2 = 276,   /**< Linux "cooked" capture, version 2. */
  TCPFLOW_LINK_DSA_TAG_BRCM = 281, /**< Broadcom switch tag in Ethernet. */
  TCPFLOW_LINK_DSA_TAG_BRCM_PREPEND = 282, /**< The same, in front of it. */
  TCPFLOW_LINK_DSA_TAG_DSA = 284, /**< Marvell switch tag in Ethernet. */
  TCPFLOW_LINK_DSA_TAG_EDSA = 285 /**< The same with an EtherType. */
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
  /** VLAN tags that the network card took off and told beside the frame, in
      the form of #tcpflow_tuple; they count as the outer ones.  0: none. */
  uint32_t vlan;
  /** The caller's own part of the flow key (an interface, a customer); 0 if
      there is none. */
  uint64_t scope;
  /** The caller's number of the frame; told in events. */
  uint64_t number;
  /** The caller's handle of the frame; handed through. */
  void *handle;
  /** The tunnel that the frame came out of, in the form of #tcpflow_tuple; one
      inside the frame takes its place.  0: none. */
  uint32_t tunnel;
  /** 0. */
  uint32_t reserved;
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
      outermost and the innermost.  An Ethernet frame in a tunnel belongs to
      another network: its tags take the place of those in front of the tunnel.
      0: untagged. */
  uint32_t vlan;
  /** Which virtual network: of the innermost tunnel with a number that both
      directions share, its #tcpflow_tunnel in bits 24-31 and the number in bits
      0-23 (VXLAN, GENEVE: VNI; NVGRE: VSID).  0: none; keys, sessions and
      endpoint identifiers that name one direction are not part of a flow's
      identity. */
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
  /** A fragment of an IP datagram that cannot be read as TCP by itself, which
      the IP members describe.  The first fragment with a whole TCP header is
      #TCPFLOW_PACKET_TCP with #TCPFLOW_FINDING_FIRST_FRAGMENT; one in which a
      tunnel begins stays a fragment, and the whole datagram leads into the
      tunnel. */
  TCPFLOW_PACKET_FRAGMENT,
  /** IP that carries something else. */
  TCPFLOW_PACKET_NOT_TCP,
  /** A link payload other than IP. */
  TCPFLOW_PACKET_NOT_IP,
  /** The capture ends inside a header. */
  TCPFLOW_PACKET_TRUNCATED,
  /** A header contradicts itself or the length of what it stands in. */
  TCPFLOW_PACKET_MALFORMED,
  /** A link type or a header that is not known here, is switched off or
      encrypted, or deeper nesting than configured. */
  TCPFLOW_PACKET_UNSUPPORTED,
  /** An ICMP or ICMPv6 error that quotes a TCP segment.  The IP and TCP members
      are those of the quoted headers, as far as @p quoted says; the sender of
      the error is found by its layer.  Lengths are what the quoted headers say,
      and may be more than the frame has.  An error that quotes anything else
      is #TCPFLOW_PACKET_NOT_TCP, with the IP members of the error itself. */
  TCPFLOW_PACKET_ICMP_ERROR
} tcpflow_packet_kind;

/**
 * @brief What is odd about a packet: bits.
 *
 * Padding, lengths and options of IP and jumbograms are told of the innermost
 * datagram alone, the one that ip_length describes; all others of whatever was
 * crossed.
 * @since 0.1
 */
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
  /** The capture, or what an ICMP error quotes, ends inside the TCP options. */
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
  TCPFLOW_FINDING_SAME_ENDS = 1 << 19,
  /** More tunnels inside each other than allowed. */
  TCPFLOW_FINDING_TOO_MANY_TUNNELS = 1 << 20,
  /** More headers than a packet can list. */
  TCPFLOW_FINDING_TOO_MANY_LAYERS = 1 << 21,
  /** A link, tag or tunnel header that contradicts itself or the length of what
      it stands in. */
  TCPFLOW_FINDING_BAD_HEADER = 1 << 22,
  /** What it carries is encrypted (MACsec, 802.11, ESP) or compressed. */
  TCPFLOW_FINDING_ENCRYPTED = 1 << 23,
  /** It goes through a tunnel that is switched off. */
  TCPFLOW_FINDING_TUNNEL_OFF = 1 << 24,
  /** The frame holds more packets than this one; see tcpflow_packet_next(). */
  TCPFLOW_FINDING_AGGREGATE = 1 << 25,
  /** The frame holds more than 64 packets in one A-MSDU; the rest is not looked
      at. */
  TCPFLOW_FINDING_TOO_MANY_PACKETS = 1 << 26
} tcpflow_finding;

/** @brief How many findings this header names, from bit 0 on.  @since 0.1 */
#define TCPFLOW_FINDING_COUNT 27

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
  TCPFLOW_LAYER_ETHERNET = 2, /**< Ethernet II or 802.3. */
  TCPFLOW_LAYER_VLAN = 3,     /**< One 802.1Q or 802.1ad tag (TCI and type). */
  TCPFLOW_LAYER_SLL = 4,      /**< Linux cooked capture. */
  TCPFLOW_LAYER_SLL2 = 5,     /**< Linux cooked capture, version 2. */
  TCPFLOW_LAYER_IPV4 = 6,     /**< IPv4. */
  TCPFLOW_LAYER_IPV6 = 7,     /**< IPv6. */
  TCPFLOW_LAYER_IPV6_EXTENSION = 8, /**< One IPv6 extension header. */
  TCPFLOW_LAYER_TCP = 9,            /**< TCP. */
  TCPFLOW_LAYER_AH = 10,    /**< IP authentication header, in IPv4 or IPv6. */
  TCPFLOW_LAYER_LLC = 11,   /**< IEEE 802.2, with SNAP if it announces it. */
  TCPFLOW_LAYER_MPLS = 12,  /**< One entry of an MPLS label stack. */
  TCPFLOW_LAYER_PPPOE = 13, /**< PPPoE session header. */
  TCPFLOW_LAYER_PPP = 14,   /**< PPP, up to its protocol field. */
  TCPFLOW_LAYER_CHDLC = 15, /**< Cisco HDLC. */
  TCPFLOW_LAYER_FRAME_RELAY = 16,    /**< Frame Relay, up to its NLPID. */
  TCPFLOW_LAYER_PBB = 17,            /**< 802.1ah I-TAG, up to its I-SID. */
  TCPFLOW_LAYER_VNTAG = 18,          /**< Cisco VN-Tag. */
  TCPFLOW_LAYER_ETAG = 19,           /**< 802.1BR E-Tag. */
  TCPFLOW_LAYER_FABRICPATH = 20,     /**< Cisco FabricPath. */
  TCPFLOW_LAYER_CISCO_METADATA = 21, /**< Cisco MetaData. */
  TCPFLOW_LAYER_MACSEC = 22,         /**< MACsec SecTAG. */
  TCPFLOW_LAYER_PSEUDOWIRE = 23,     /**< Pseudowire control word. */
  TCPFLOW_LAYER_IEEE802_11 = 24,     /**< 802.11. */
  TCPFLOW_LAYER_AMSDU = 25,          /**< One subframe of an A-MSDU. */
  TCPFLOW_LAYER_RADIOTAP = 26,       /**< Radiotap. */
  TCPFLOW_LAYER_PRISM = 27,          /**< Prism. */
  TCPFLOW_LAYER_AVS = 28,            /**< AVS. */
  TCPFLOW_LAYER_PPI = 29,            /**< PPI. */
  TCPFLOW_LAYER_PKTAP = 30,          /**< PKTAP. */
  TCPFLOW_LAYER_PFLOG = 31,          /**< PFLOG. */
  TCPFLOW_LAYER_NFLOG = 32,          /**< NFLOG. */
  TCPFLOW_LAYER_ENC = 33,            /**< ENC. */
  TCPFLOW_LAYER_IPNET = 34,          /**< IPNET. */
  TCPFLOW_LAYER_SLIP = 35,           /**< SLIP. */
  TCPFLOW_LAYER_FDDI = 36,           /**< FDDI. */
  TCPFLOW_LAYER_TOKEN_RING = 37,     /**< Token Ring. */
  TCPFLOW_LAYER_ARCNET = 38,         /**< ARCNET. */
  TCPFLOW_LAYER_FIBRE_CHANNEL = 39,  /**< IP over Fibre Channel. */
  TCPFLOW_LAYER_IPOIB = 40,          /**< IP over InfiniBand. */
  TCPFLOW_LAYER_SWITCH_TAG = 41,     /**< DSA, EDSA or Broadcom tag. */
  TCPFLOW_LAYER_ERF = 42,            /**< ERF record header. */
  TCPFLOW_LAYER_CAPTURE = 43,  /**< Another header that the capture adds. */
  TCPFLOW_LAYER_ATM = 44,      /**< ATM as SunATM captures it, or 802.6. */
  TCPFLOW_LAYER_HSR = 45,      /**< HSR tag (IEC 62439-3). */
  TCPFLOW_LAYER_RTAG = 46,     /**< 802.1CB redundancy tag. */
  TCPFLOW_LAYER_TRILL = 47,    /**< TRILL (RFC 6325). */
  TCPFLOW_LAYER_FIREWIRE = 48, /**< IP over IEEE 1394. */
  TCPFLOW_LAYER_DOCSIS = 49,   /**< DOCSIS. */
  TCPFLOW_LAYER_UDP = 64,      /**< UDP in front of a tunnel. */
  TCPFLOW_LAYER_GRE = 65,      /**< GRE, version 0 or 1. */
  TCPFLOW_LAYER_ERSPAN = 66,   /**< ERSPAN header of type II or III. */
  TCPFLOW_LAYER_VXLAN = 67,    /**< VXLAN or VXLAN-GPE. */
  TCPFLOW_LAYER_GENEVE = 68,   /**< GENEVE. */
  TCPFLOW_LAYER_GTPU = 69,     /**< GTP-U with its extension headers. */
  TCPFLOW_LAYER_TEREDO = 70,   /**< One Teredo indication. */
  TCPFLOW_LAYER_AYIYA = 71,    /**< AYIYA. */
  TCPFLOW_LAYER_NSH = 72,      /**< NSH (RFC 8300). */
  TCPFLOW_LAYER_L2TP = 73,     /**< L2TP version 2 or 3 data. */
  TCPFLOW_LAYER_ETHERIP = 74,  /**< EtherIP (RFC 3378). */
  TCPFLOW_LAYER_ESP = 75,      /**< ESP with NULL encryption. */
  TCPFLOW_LAYER_CAPWAP = 76,   /**< CAPWAP data. */
  TCPFLOW_LAYER_TZSP = 77,     /**< TZSP. */
  TCPFLOW_LAYER_ICMP = 80,     /**< ICMP error. */
  TCPFLOW_LAYER_ICMPV6 = 81    /**< ICMPv6 error. */
} tcpflow_layer_type;

/** @brief Where a header stands.  @since 0.1 */
typedef struct tcpflow_layer {
  uint16_t type;     /**< A #tcpflow_layer_type. */
  uint16_t reserved; /**< 0. */
  uint32_t offset;   /**< From the start of the frame. */
} tcpflow_layer;

/** @brief How many layers a packet can list.  @since 0.1 */
#define TCPFLOW_LAYERS_MAX 32

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
  /** Octets at @p bytes. */
  uint32_t captured;
  /** Octets on the wire. */
  uint32_t length;
  /** Of the frame. */
  uint32_t link;
  /** #tcpflow_finding bits. */
  uint32_t findings;
  /** Of the frame. */
  uint64_t number;
  /** Of the frame. */
  void *handle;
  /** A #tcpflow_packet_kind. */
  uint8_t kind;
  /** Layers listed, outermost first. */
  uint8_t layer_count;
  /** VLAN tags crossed, of the network that tcpflow_tuple::vlan is about. */
  uint8_t tag_count;
  /** What the (last) IP header carries; 6 is TCP. */
  uint8_t ip_protocol;
  /** What the link header announced; 0 for raw IP. */
  uint16_t ether_type;
  /** Octets, with options or extension headers. */
  uint16_t ip_header_length;
  /** Where the IP header starts. */
  uint32_t ip_offset;
  /** Where the TCP header starts; 0 if none was found. Set as well, like @p
      tcp_length, if the header is not all there (cut, too short, or split
      between fragments); the ports are known then if 4 octets of it are. */
  uint32_t tcp_offset;
  /** Octets of the datagram on the wire, header included, after the repairs
      that @p findings tell. */
  uint32_t ip_length;
  /** Octets of the segment on the wire: header and payload. */
  uint32_t tcp_length;
  /** Sender and receiver. */
  tcpflow_tuple tuple;
  /** Sequence number. */
  tcpflow_seq seq;
  /** Acknowledgment number, significant with ACK. */
  tcpflow_seq ack;
  /** Octets of payload on the wire. */
  uint32_t payload_length;
  /** How many of them the capture holds. */
  uint32_t payload_captured;
  /** #tcpflow_flag bits. */
  uint16_t flags;
  /** Window, unscaled. */
  uint16_t window;
  /** Urgent pointer, significant with URG. */
  uint16_t urgent;
  /** As on the wire. */
  uint16_t checksum;
  /** Time to live, hop limit. */
  uint8_t ip_ttl;
  /** Type of service, traffic class; ECN in the low two bits (RFC 3168 section
      5). */
  uint8_t ip_tos;
  /** IPv4 flags and offset field as on the wire; IPv6: the fragment header's
      offset, reserved and M bits as on the wire; 0 where there is none. */
  uint16_t ip_fragment;
  /** IPv4 identification, IPv6 fragment identification; 0 where there is
      none. */
  uint32_t ip_id;
  /** Octets: data offset times 4, as on the wire. */
  uint8_t header_length;
  /** Octets of options, 0 to 40.  They stand at @p tcp_offset + 20. */
  uint8_t options_length;
  /** How many of them the capture holds. */
  uint8_t options_captured;
  /** The three bits between data offset and AE. */
  uint8_t reserved_bits;
  /** Where the payload starts. */
  uint32_t payload_offset;
  /** IPv6; 0 otherwise. */
  uint32_t ip_flow_label;
  /** ICMP error: the MTU that "fragmentation needed" or "packet too big" tells;
      0 otherwise. */
  uint32_t icmp_mtu;
  /** ICMP error: its type. */
  uint8_t icmp_type;
  /** ICMP error: its code. */
  uint8_t icmp_code;
  /** ICMP error: octets of the TCP header that are quoted and captured, 4 to
      60.  From 4 on the ports are set, from 8 on @p seq, from 12 on @p ack,
      from 14 on flags and offset, from 16 on the window, from 20 on all.  0 in
      other packets. */
  uint8_t quoted;
  /** Tunnels crossed. */
  uint8_t tunnel_count;
  /** Where the frame's next packet starts, if there is one
      (#TCPFLOW_FINDING_AGGREGATE). */
  uint32_t next_offset;
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

/**
 * @brief Ways in which a packet travels inside another.
 *
 * The numbers are those of bits in tcpflow_decode_config::tunnels.
 * @since 0.1
 */
typedef enum tcpflow_tunnel {
  TCPFLOW_TUNNEL_NONE = 0,         /**< None. */
  TCPFLOW_TUNNEL_IP_IN_IP = 1,     /**< IPv4 or IPv6 in IPv4 or IPv6. */
  TCPFLOW_TUNNEL_GRE = 2,          /**< GRE, with ERSPAN and NVGRE. */
  TCPFLOW_TUNNEL_VXLAN = 3,        /**< UDP 4789 and 8472. */
  TCPFLOW_TUNNEL_VXLAN_GPE = 4,    /**< UDP 4790. */
  TCPFLOW_TUNNEL_GENEVE = 5,       /**< UDP 6081. */
  TCPFLOW_TUNNEL_GTPU = 6,         /**< UDP 2152 and 3386. */
  TCPFLOW_TUNNEL_TEREDO = 7,       /**< UDP 3544. */
  TCPFLOW_TUNNEL_AYIYA = 8,        /**< UDP 5072. */
  TCPFLOW_TUNNEL_NSH = 9,          /**< NSH in Ethernet, GRE or VXLAN-GPE. */
  TCPFLOW_TUNNEL_L2TP = 10,        /**< UDP 1701, and IP protocol 115. */
  TCPFLOW_TUNNEL_MPLS_IN_UDP = 11, /**< UDP 6635. */
  TCPFLOW_TUNNEL_ETHERIP = 12,     /**< IP protocols 97 and 143. */
  TCPFLOW_TUNNEL_ESP_NULL = 13,    /**< ESP with NULL encryption; off unless
                                       asked for. */
  TCPFLOW_TUNNEL_CAPWAP = 14,      /**< UDP 5247. */
  TCPFLOW_TUNNEL_TZSP = 15,        /**< UDP 37008. */
  TCPFLOW_TUNNEL_GRE_IN_UDP = 16,  /**< UDP 4754 (RFC 8086). */
  TCPFLOW_TUNNEL_MPLS_IN_IP = 17   /**< IP protocol 137 (RFC 4023). */
} tcpflow_tunnel;

/**
 * @brief Says which kind of tunnel a virtual network is of.
 * @param[in] tuple The tuple.
 * @return A #tcpflow_tunnel; #TCPFLOW_TUNNEL_NONE: no virtual network.
 * @callbacksafe
 * @since 0.1
 */
static inline unsigned tcpflow_tuple_tunnel(const tcpflow_tuple *tuple) {
  return tuple->tunnel >> 24;
}

/**
 * @brief Says the number of a virtual network.
 * @param[in] tuple The tuple.
 * @return 24 bits; 0 is a number too, if tcpflow_tuple_tunnel() is not 0.
 * @callbacksafe
 * @since 0.1
 */
static inline uint32_t tcpflow_tuple_network(const tcpflow_tuple *tuple) {
  return tuple->tunnel & UINT32_C(0xffffff);
}

/**
 * @brief Says the identifier of a VLAN.
 * @param[in] tuple The tuple.
 * @param[in] which 0: of the outer tag; 1: of the inner one.
 * @return 0 to 4095; -1: there is no such tag.
 * @callbacksafe
 * @since 0.1
 */
static inline int tcpflow_tuple_vlan(const tcpflow_tuple *tuple,
                                     unsigned which) {
  const uint32_t tag = which == 0 ? tuple->vlan >> 16 : tuple->vlan & 0xffffU;

  return which < 2 && (tag >> 12 & 1U) != 0 ? (int)(tag & 0xfffU) : -1;
}

/**
 * @brief Turns a tuple around: who was the receiver is the sender.
 * @param[in] tuple The tuple.
 * @return The same ends in the other order.
 * @callbacksafe
 * @since 0.1
 */
static inline tcpflow_tuple tcpflow_tuple_swap(const tcpflow_tuple *tuple) {
  tcpflow_tuple swapped = *tuple;

  memcpy(swapped.address[0], tuple->address[1], sizeof(swapped.address[0]));
  memcpy(swapped.address[1], tuple->address[0], sizeof(swapped.address[1]));
  swapped.port[0] = tuple->port[1];
  swapped.port[1] = tuple->port[0];
  return swapped;
}

/**
 * @brief Compares two tuples.
 *
 * So a caller with a table of flows learns who sent a packet:
 * @code
 * tcpflow_conn_get_tuple(conn, &tuple);
 * const int same = tcpflow_tuple_same(&tuple, &packet.tuple);
 * const tcpflow_side sender =
 *   same > 0 ? TCPFLOW_SIDE_CLIENT : TCPFLOW_SIDE_SERVER;
 * @endcode
 * @param[in] a One.
 * @param[in] b The other one.
 * @retval 1  The same ends in the same order.
 * @retval -1 The same ends, turned around.
 * @retval 0  Not the same ends.
 * @callbacksafe
 * @since 0.1
 */
static inline int tcpflow_tuple_same(const tcpflow_tuple *a,
                                     const tcpflow_tuple *b) {
  const tcpflow_tuple swapped = tcpflow_tuple_swap(b);

  if (memcmp(a, b, sizeof(*a)) == 0) {
    return 1;
  }
  return memcmp(a, &swapped, sizeof(*a)) == 0 ? -1 : 0;
}

/** @brief How many further ports a configuration can name.  @since 0.1 */
#define TCPFLOW_TUNNEL_PORTS_MAX 8

/** @brief A UDP port that carries a tunnel.  @since 0.1 */
typedef struct tcpflow_tunnel_port {
  uint16_t port;   /**< Source or destination.  0: none. */
  uint16_t tunnel; /**< A #tcpflow_tunnel that travels in UDP. */
} tcpflow_tunnel_port;

/** @brief How far decoding may go.  @since 0.1 */
typedef struct tcpflow_decode_config {
  /** Set by tcpflow_decode_config_init(). */
  size_t size;
  /** VLAN tags, 0 to 16.  Default 8. */
  uint32_t max_tags;
  /** IPv6 extension headers of one datagram, 0 to 16.  Default 8. */
  uint32_t max_extensions;
  /** Tunnels inside each other, 0 to 16.  Default 8. */
  uint32_t max_tunnels;
  /** ESP with NULL encryption: octets of its integrity check value, 0 to 64.
      Default 12. */
  uint32_t esp_icv_length;
  /** Tunnels to enter: bit n stands for #tcpflow_tunnel n.  Default: all but
      #TCPFLOW_TUNNEL_ESP_NULL.  Tunnels that a later release knows are entered
      unless their bit is cleared. */
  uint64_t tunnels;
  /** Ports beside the registered ones; these come first.  Default: none. */
  tcpflow_tunnel_port port[TCPFLOW_TUNNEL_PORTS_MAX];
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
 * @brief Decodes the next packet of the same frame.
 *
 * Some frames hold more than one (an 802.11 A-MSDU); decoding a frame gives the
 * first one, and the finding #TCPFLOW_FINDING_AGGREGATE if there are more.
 * @param[in,out] packet A packet of @p frame; becomes the next one, or stays
 *                       untouched if there is none.
 * @param[in]     frame  The frame that it was decoded from.
 * @param[in]     config As for tcpflow_packet_decode().
 * @retval 1                   There was one.
 * @retval 0                   There was none.
 * @retval TCPFLOW_ERR_INVALID @p config is out of its ranges; nothing changed.
 * @retval TCPFLOW_ERR_VERSION @p packet was not initialized, or @p config has
 *                             no stamp or sets a member that this library does
 *                             not know; nothing changed.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API int tcpflow_packet_next(tcpflow_packet *packet,
                                    const tcpflow_frame *frame,
                                    const tcpflow_decode_config *config)
  TCPFLOW_NONNULL(1, 2);

/**
 * @brief Tells the ends of one IP header that was crossed, an outer one too.
 * @param[in]  packet A decoded packet whose bytes are still there.
 * @param[in]  index  Which layer, below @p layer_count.
 * @param[out] ends   Version and addresses, and the ports if the next layer is
 *                    UDP or TCP, extension and authentication headers left
 *                    out; all other members 0.  Untouched if 0 is
 *                    returned.
 * @return Non-zero if the layer is IPv4 or IPv6.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API int tcpflow_packet_layer_ends(const tcpflow_packet *packet,
                                          unsigned index, tcpflow_tuple *ends)
  TCPFLOW_NONNULL(1, 3);

/**
 * @brief Tells the number by which a layer names its network or session.
 *
 * VLAN, E-Tag and PBB: the identifier; MPLS: the label; PPPoE, L2TP, ERSPAN:
 * the session; GRE: the key (version 1: the call); VXLAN, GENEVE: the VNI;
 * GTP-U: the TEID; NSH: the service path; ESP, AH: the SPI; MACsec: the SCI.  0
 * is a number like any other.
 * @param[in]  packet A decoded packet whose bytes are still there.
 * @param[in]  index  Which layer, below @p layer_count.
 * @param[out] id     The number.  Untouched if 0 is returned.
 * @return Non-zero if the layer has one and the capture holds it.
 * @callbacksafe
 * @since 0.1
 */
TCPFLOW_API int tcpflow_packet_layer_id(const tcpflow_packet *packet,
                                        unsigned index, uint64_t *id)
  TCPFLOW_NONNULL(1, 3);

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
