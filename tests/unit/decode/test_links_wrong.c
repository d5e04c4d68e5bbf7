/*
 * tests/unit/decode/test_links_wrong.c - headers in front of IP that are wrong,
 * rare, or lead elsewhere, octet by octet.
 *
 * Each row stands in front of the datagram of frames.h: 57 octets of IPv4.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "unit/decode/frames.h"

typedef struct row {
  const char *name;
  uint32_t link;
  const char *bytes;
  uint32_t size;
  int kind;
  uint32_t findings;
} row;

#define R(name, link, bytes, kind, findings)                                   \
  {                                                                            \
    name, TCPFLOW_LINK_##link, bytes, sizeof(bytes) - 1,                       \
      TCPFLOW_PACKET_##kind, findings                                          \
  }
#define BAD       TCPFLOW_FINDING_BAD_HEADER
#define ENCRYPTED TCPFLOW_FINDING_ENCRYPTED
#define BEYOND    TCPFLOW_FINDING_IP_LENGTH_BEYOND

#define MACS      "\0\0\0\0\0\1\0\0\0\0\0\2"
#define ETH(type) MACS type
#define SNAP      "\xaa\xaa\3\0\0\0\x08\0"
#define ADDRESSES "\0\0\0\0\0\1\0\0\0\0\0\2\0\0\0\0\0\3\0\0"
#define ZEROS_8   "\0\0\0\0\0\0\0\0"
#define ZEROS_16  ZEROS_8 ZEROS_8

static const row rows[] = {
  /* IEEE 802.3 and 802.2 */
  R("802.3, length right", ETHERNET, ETH("\0\x41") SNAP, TCP, 0),
  R("802.3, length beyond", ETHERNET, ETH("\x05\xdc") SNAP, TCP, BAD),
  R("802.3, no room for IP", ETHERNET, ETH("\0\x08") SNAP, MALFORMED, 0),
  R("802.3, no room for LLC", ETHERNET, ETH("\0\x02") SNAP, NOT_IP, 0),
  R("neither length nor type", ETHERNET, ETH("\x05\xdd") SNAP, NOT_IP, 0),
  R("Novell", ETHERNET, ETH("\0\x3c") "\xff\xff\0", NOT_IP, 0),
  R("LLC, other control", ETHERNET, ETH("\0\x41") "\xaa\xaa\xf3\0\0\0\x08\0",
    NOT_IP, 0),
  R("LLC, two SAPs", ETHERNET, ETH("\0\x41") "\xaa\x06\3\0\0\0\x08\0", NOT_IP,
    0),
  R("LLC, group and response", ETHERNET, ETH("\0\x3c") "\x07\x07\3", TCP, 0),
  R("SNAP, Cisco", ETHERNET, ETH("\0\x41") "\xaa\xaa\3\0\0\x0c\x20\0", NOT_IP,
    0),
  R("SNAP, bridged BPDU", ETHERNET, ETH("\0\x41") "\xaa\xaa\3\0\x80\xc2\0\x0e",
    NOT_IP, 0),
  R("NLPID, IS-IS", ETHERNET, ETH("\0\x3d") "\xfe\xfe\3\x83", NOT_IP, 0),
  R("NLPID, compressed", ETHERNET, ETH("\0\x3d") "\xfe\xfe\3\xb0", UNSUPPORTED,
    ENCRYPTED),
  R("tag, then a length", ETHERNET, ETH("\x81\0") "\0\1\0\x41" SNAP, TCP, 0),

  /* Bridges */
  R("MACsec, encrypted", ETHERNET, ETH("\x88\xe5") "\x0c\0\0\0\0\1\x08\0",
    UNSUPPORTED, ENCRYPTED),
  R("MACsec, changed", ETHERNET, ETH("\x88\xe5") "\x04\0\0\0\0\1\x08\0",
    UNSUPPORTED, ENCRYPTED),
  R("MACsec, version 1", ETHERNET, ETH("\x88\xe5") "\x80\0\0\0\0\1\x08\0",
    MALFORMED, BAD),
  R("MACsec, length of 64", ETHERNET, ETH("\x88\xe5") "\0\x40\0\0\0\1\x08\0",
    MALFORMED, BAD),
  R("MACsec, length beyond", ETHERNET, ETH("\x88\xe5") "\0\x3f\0\0\0\1\x08\0",
    TCP, BAD),
  R("MACsec, length right", ETHERNET, ETH("\x88\xe5") "\0\x3b\0\0\0\1\x08\0",
    TCP, 0),
  R("MetaData, length 0", ETHERNET, ETH("\x89\x09") "\1\0\0\1\0\x10\x08\0", TCP,
    BAD),
  R("MetaData, length 2", ETHERNET,
    ETH("\x89\x09") "\1\2\0\1\0\x10\0\0\0\0\0\0\0\0\x08\0", TCP, 0),
  R("Arista, 64 bits", ETHERNET, ETH("\xd2\x8b") "\0\1\0\x10" ZEROS_8 "\x08\0",
    TCP, 0),
  R("Arista, 48 bits", ETHERNET, ETH("\xd2\x8b") "\0\1\1\x21\0\0\0\0\0\0\x08\0",
    TCP, 0),
  R("Arista, other", ETHERNET, ETH("\xd2\x8b") "\0\2\1\x21\0\0\0\0\0\0\x08\0",
    NOT_IP, 0),
  R("TRILL, options", ETHERNET,
    ETH("\x22\xf3") "\0\x7f\0\1\0\2\0\0\0\0" ETH("\x08\0"), TCP, 0),

  /* MPLS and pseudowires */
  R("MPLS, associated channel", ETHERNET, ETH("\x88\x47") "\0\0\xd1\x40\x10",
    NOT_IP, 0),
  R("MPLS, IPv6 of IPv4", ETHERNET, ETH("\x88\x47") "\0\0\x21\x40", MALFORMED,
    TCPFLOW_FINDING_IP_BAD_VERSION),
  R("MPLS multicast", ETHERNET, ETH("\x88\x48") "\0\1\x01\x40", TCP, 0),
  R("pseudowire, first fragment", ETHERNET,
    ETH("\x88\x47") "\0\1\x01\x40\0\x40\0\1" ETH("\x08\0"), TCP, 0),
  R("pseudowire, other fragment", ETHERNET,
    ETH("\x88\x47") "\0\1\x01\x40\0\x80\0\1" ETH("\x08\0"), UNSUPPORTED, 0),
  R("pseudowire, a length", ETHERNET,
    ETH("\x88\x47") "\0\1\x01\x40\0\x3f\0\1" ETH("\x08\0"), TCP,
    BEYOND | TCPFLOW_FINDING_TCP_BAD_OFFSET_LONG),

  /* PPP */
  R("PPPoE, length right", ETHERNET, ETH("\x88\x64") "\x11\0\0\1\0\x3b\0\x21",
    TCP, 0),
  R("PPPoE, length beyond", ETHERNET, ETH("\x88\x64") "\x11\0\0\1\0\x3c\0\x21",
    TCP, BAD),
  R("PPPoE, length short", ETHERNET, ETH("\x88\x64") "\x11\0\0\1\0\x0a\0\x21",
    MALFORMED, 0),
  R("PPPoE, version 2", ETHERNET, ETH("\x88\x64") "\x21\0\0\1\0\x3b\0\x21", TCP,
    BAD),
  R("PPPoE, code", ETHERNET, ETH("\x88\x64") "\x11\x09\0\1\0\x3b\0\x21", NOT_IP,
    0),
  R("PPPoE, discovery", ETHERNET, ETH("\x88\x63") "\x11\x09\0\0\0\x3b\0\x21",
    NOT_IP, 0),
  R("PPP, IPCP", PPP, "\xff\3\x80\x21", NOT_IP, 0),
  R("PPP, compressed TCP", PPP, "\xff\3\0\x2d", UNSUPPORTED, ENCRYPTED),
  R("PPP, short compressed TCP", PPP, "\xff\3\x2d", UNSUPPORTED, ENCRYPTED),
  R("PPP, encrypted", PPP, "\xff\3\0\x53", UNSUPPORTED, ENCRYPTED),
  R("PPP, compressed", PPP, "\xff\3\0\xfd", UNSUPPORTED, ENCRYPTED),
  R("PPP, multilink", PPP, "\xff\3\0\x3d\xc0\0\0\1", UNSUPPORTED, 0),
  R("PPP, EtherType", PPP, "\xff\3\x08\0", TCP, 0),
  R("PPP, bridged", PPP, "\xff\3\0\x31\0\1" ETH("\x08\0"), TCP, 0),
  R("PPP, bridged LAN", PPP, "\xff\3\0\x31\x40\1\0\0\0\7" ETH("\x08\0"), TCP,
    0),
  R("PPP, bridged FDDI", PPP, "\xff\3\0\x31\0\4", NOT_IP, 0),
  R("PPP, received", PPP_DIRECTION, "\0\3\0\x21", TCP, 0),
  R("HDLC, Cisco", PPP_HDLC, "\x0f\0\x08\0", TCP, 0),
  R("HDLC, Cisco to all", PPP_HDLC, "\x8f\0\x08\0", TCP, 0),
  R("HDLC, no address", PPP_HDLC, "\0\x21", TCP, 0),
  R("Cisco, SLARP", C_HDLC, "\x0f\0\x80\x35", NOT_IP, 0),

  /* Frame Relay */
  R("Frame Relay, no address", FRELAY, "\x19\x41\3\xcc", MALFORMED, BAD),
  R("Frame Relay, five octets", FRELAY, "\x18\x40\2\2\1\3\xcc", MALFORMED, BAD),
  R("Frame Relay, signalling", FRELAY, "\0\1\3\x08\0", NOT_IP, 0),
  R("Frame Relay, padding", FRELAY, "\x18\x41\3\0\xcc", TCP, 0),
  R("Frame Relay, compressed", FRELAY, "\x18\x41\3\xb0", UNSUPPORTED,
    ENCRYPTED),
  R("Frame Relay, bridged", FRELAY,
    "\x18\x41\3\0\x80\0\x80\xc2\0\7" ETH("\x08\0"), TCP, 0),
  R("FRF.16, control", MFR, "\xe1\0\1\0", NOT_IP, 0),
  R("FRF.16, last fragment", MFR, "\x41\0\x18\x41\3\xcc", UNSUPPORTED, 0),
  R("FRF.16, first fragment", MFR, "\x81\0\x18\x41\3\xcc", TCP, 0),

  /* Cooked headers and logs */
  R("NULL, PPP", NULL, "\xff\3\0\x21", TCP, 0),
  R("NULL, EtherType", NULL, "\0\0\x08\0", TCP, 0),
  R("NULL, swapped EtherType", NULL, "\0\x08\0\0", TCP, 0),
  R("NULL, swapped halves", NULL, "\0\0\2\0", TCP, 0),
  R("SLL, Novell", LINUX_SLL, "\0\0\0\1\0\6" ZEROS_8 "\0\1", NOT_IP, 0),
  R("SLL, Ethernet", LINUX_SLL, "\0\0\0\1\0\6" ZEROS_8 "\0\3" ETH("\x08\0"),
    TCP, 0),
  R("SLL, PPP", LINUX_SLL, "\0\0\2\0\0\6" ZEROS_8 "\0\7\xff\3\0\x21", TCP, 0),
  R("SLL, Netlink", LINUX_SLL, "\0\0\3\x38\0\6" ZEROS_8 "\x08\0", NOT_IP, 0),
  R("SLL, a GRE interface", LINUX_SLL, "\0\0\3\x0a\0\4" ZEROS_8 "\x08\0", TCP,
    0),
  R("PFLOG, short", PFLOG, "\x2c\2" ZEROS_16 ZEROS_16 "\0\0\0\0\0\0\0\0\0\0",
    MALFORMED, BAD),
  R("PFLOG, other family", PFLOG,
    "\x3d\7" ZEROS_16 ZEROS_16 ZEROS_16 "\0\0\0\0\0\0\0\0\0\0\0\0\0\0", NOT_IP,
    0),
  R("NFLOG, version 1", NFLOG, "\2\1\0\0\x3d\0\x09\0", UNSUPPORTED, 0),
  R("NFLOG, bridge", NFLOG, "\7\0\0\0\x3d\0\x09\0", NOT_IP, 0),
  R("NFLOG, no attribute", NFLOG, "\2\0\0\0\3\0\x0a\0", MALFORMED, BAD),
  R("NFLOG, packet beyond", NFLOG, "\2\0\0\0\x3e\0\x09\0", TCP, BAD),
  R("NFLOG, attributes beyond", NFLOG, "\2\0\0\0\xff\xff\x0a\0", MALFORMED, 0),

  /* Other LANs */
  R("FDDI, management", FDDI, "\x41" MACS "\xaa\xaa\3", NOT_IP, 0),
  R("Token Ring, management", TOKEN_RING, "\x10\0" MACS, NOT_IP, 0),
  R("Token Ring, no route", TOKEN_RING,
    "\x10\x40\0\0\0\0\0\1\x80\0\0\0\0\2\0\0" SNAP, MALFORMED, BAD),
  R("ARCNET, a fragment", ARCNET_BSD, "\1\2\xd4\2\0\1", UNSUPPORTED, 0),
  R("ARCNET, the first fragment", ARCNET_BSD, "\1\2\xd4\1\0\1", TCP, 0),
  R("ARCNET, IPX", ARCNET_BSD, "\1\2\xfa\0\0\1", NOT_IP, 0),
  R("ARCNET, ARP", ARCNET_LINUX, "\1\2\0\0\xf1", NOT_IP, 0),
  R("ATM, 802.6", ATM_RFC1483, ZEROS_16 "\0\0\0\0" SNAP, TCP, 0),
  R("SunATM, signalling", SUNATM, "\6\0\0\5", NOT_IP, 0),
  R("SunATM, LAN emulation control", SUNATM, "\1\0\0\x40\xff\0" MACS, NOT_IP,
    0),

  /* 802.11 */
  R("802.11, beacon", IEEE802_11, "\x80\0\0\0" ADDRESSES, NOT_IP, 0),
  R("802.11, no data", IEEE802_11, "\x48\1\0\0" ADDRESSES, NOT_IP, 0),
  R("802.11, QoS without data", IEEE802_11, "\xc8\1\0\0" ADDRESSES "\0\0",
    NOT_IP, 0),
  R("802.11, protected", IEEE802_11, "\x08\x41\0\0" ADDRESSES, UNSUPPORTED,
    ENCRYPTED),
  R("802.11, version 1", IEEE802_11, "\x09\1\0\0" ADDRESSES SNAP, NOT_IP, 0),
  R("802.11, order without QoS", IEEE802_11, "\x08\x81\0\0" ADDRESSES SNAP, TCP,
    0),
  R("802.11, the bit of mesh outside", IEEE802_11,
    "\x88\2\0\0" ADDRESSES "\0\1" SNAP, TCP, 0),
  R("Radiotap, length 7", RADIOTAP, "\0\0\7\0\0\0\0\0\x08\1\0\0" ADDRESSES SNAP,
    MALFORMED, BAD),
  R("Radiotap, nothing present", RADIOTAP,
    "\0\0\x08\0\0\0\0\0\x08\1\0\0" ADDRESSES SNAP, TCP, 0),
  R("Radiotap, words beyond", RADIOTAP,
    "\0\0\x08\0\2\0\0\x80\x08\1\0\0" ADDRESSES SNAP, TCP, 0),
  R("Radiotap, flags beyond", RADIOTAP,
    "\0\0\x08\0\2\0\0\0\x08\1\0\0" ADDRESSES SNAP, TCP, 0),
  R("AVS, length 4", AVS, "\x80\x21\x10\1\0\0\0\4", MALFORMED, BAD),
  R("Prism, nothing in front", PRISM, "\x08\1\0\0" ADDRESSES SNAP, TCP, 0),
  R("Prism, AVS", PRISM, "\x80\x21\x10\2\0\0\0\x08\x08\1\0\0" ADDRESSES SNAP,
    TCP, 0),

  /* What a capture adds */
  R("PPI, length 7", PPI, "\0\0\7\0\1\0\0\0" ETH("\x08\0"), MALFORMED, BAD),
  R("PPI, other link type", PPI, "\0\0\x08\0\x93\0\0\0", UNSUPPORTED, 0),
  R("PPI, a field beyond", PPI,
    "\0\0\x0c\0\x69\0\0\0\2\0\xff\xff\x08\1\0\0" ADDRESSES SNAP, TCP, 0),
  R("PPI, aligned fields", PPI,
    "\0\1\x10\0\1\0\0\0\x03\0\1\0\0\0\0\0" ETH("\x08\0"), TCP, 0),
  R("PKTAP, short", PKTAP,
    "\x6b\0\0\0\1\0\0\0\1\0\0\0" ZEROS_16 ZEROS_16 ZEROS_16 ZEROS_16 ZEROS_16
      ZEROS_16,
    MALFORMED, BAD),
  R("PKTAP, no packet", PKTAP,
    "\x6c\0\0\0\0\0\0\0\1\0\0\0" ZEROS_16 ZEROS_16 ZEROS_16 ZEROS_16 ZEROS_16
      ZEROS_16,
    NOT_IP, 0),
  R("PKTAP, not at all", PKTAP_149, "\1\2\3\4\5\6\7\x08", UNSUPPORTED, 0),
  R("mPacket, continued", ETHERNET_MPACKET, "\x55\x55\x55\x55\x55\x55\x61\xe6",
    UNSUPPORTED, 0),
  R("DOCSIS, management", DOCSIS, "\xc2\0\0\x10\0\0", NOT_IP, 0),
  R("ERF, meta", ERF, ZEROS_8 "\x1b\0\0\x20\0\0\0\0", UNSUPPORTED, 0),
  R("Juniper, no magic", JUNIPER_ETHER, "MGX\1" ETH("\x08\0"), MALFORMED, BAD),
  R("Juniper, long cookie", JUNIPER_GGSN, "MGC\1\x54\0\0\0\0\0\0\0\0\0",
    MALFORMED, BAD),
  R("Juniper, other service", JUNIPER_GGSN, "MGC\1\1\0\7\0\0\0\0\0", NOT_IP, 0),
  R("Juniper, cell", JUNIPER_ATM1, "MGC\1\x80\0\0\0", NOT_IP, 0),
  R("Juniper, neither header nor IP", JUNIPER_ES, "MGC\1", NOT_IP, 0),
};

static tcpflow_packet decode_row(const row *r) {
  const tcpflow_tuple tuple = frames_tuple(4);
  tcpflow_builder builder;
  made_frame made;

  frames_begin(&made, &builder, 4);
  tcpflow_builder_ip(&builder, &tuple, NULL);
  tcpflow_builder_bytes(&builder, (const uint8_t *)r->bytes, r->size);
  frames_finish(&made, &builder);
  made.frame.link = r->link;
  return frames_decode(&made.frame);
}

static void links__wrong_or_rare__verdict(void **state) {
  int failed = 0;

  (void)state;
  for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
    const tcpflow_packet packet = decode_row(&rows[i]);

    if (packet.kind != rows[i].kind || packet.findings != rows[i].findings) {
      print_error("%s: kind %u, findings %x\n", rows[i].name,
                  (unsigned)packet.kind, (unsigned)packet.findings);
      failed = 1;
    }
  }
  assert_false(failed);
}

/* RFC 1144 section 3.2.3: the connection's number in place of the protocol. */
static void ppp__uncompressed_tcp__decoded(void **state) {
  static const uint8_t header[] = {0xff, 3, 0, 0x2f};
  const tcpflow_tuple tuple = frames_tuple(4);
  tcpflow_builder builder;
  made_frame made;

  (void)state;
  frames_begin(&made, &builder, 4);
  tcpflow_builder_ip(&builder, &tuple, NULL);
  tcpflow_builder_bytes(&builder, header, sizeof(header));
  frames_finish(&made, &builder);
  made.frame.link = TCPFLOW_LINK_PPP;
  frames_bytes(&made)[4 + 9] = 7;
  const tcpflow_packet packet = frames_decode(&made.frame);
  assert_int_equal(packet.kind, TCPFLOW_PACKET_TCP);
  assert_int_equal(packet.ip_protocol, 6);
  assert_int_equal(packet.seq, 1000);
}

/* The check sequence is no payload even if IP cannot tell. */
static void radiotap__check_sequence__left_out(void **state) {
  static const uint8_t check[4] = {1, 2, 3, 4};
  const tcpflow_tuple tuple = frames_tuple(4);
  tcpflow_build_link wifi;
  tcpflow_build_link fields;
  tcpflow_build_ip ip;
  tcpflow_builder builder;
  made_frame made;

  (void)state;
  tcpflow_build_ip_init(&ip);
  ip.length_mode = TCPFLOW_BUILD_ZERO;
  tcpflow_build_link_init(&wifi);
  wifi.trailer = check;
  wifi.trailer_length = sizeof(check);
  tcpflow_build_link_init(&fields);
  fields.flags = 0x10;
  frames_begin(&made, &builder, 4);
  tcpflow_builder_ip(&builder, &tuple, &ip);
  tcpflow_builder_link(&builder, TCPFLOW_LINK_IEEE802_11, &wifi);
  tcpflow_builder_link(&builder, TCPFLOW_LINK_RADIOTAP, &fields);
  frames_finish(&made, &builder);
  const tcpflow_packet packet = frames_decode(&made.frame);
  assert_int_equal(packet.kind, TCPFLOW_PACKET_TCP);
  assert_int_equal(packet.findings, TCPFLOW_FINDING_IP_LENGTH_ZERO);
  assert_int_equal(packet.payload_length, 5);
}

/* Labels have no end: the list of layers does. */
static void mpls__stack_without_bottom__unsupported(void **state) {
  static const uint8_t type[] = {0x88, 0x47};
  uint8_t bytes[14 + 4 * 64] = {0};
  tcpflow_frame frame = {.bytes = bytes,
                         .captured = sizeof(bytes),
                         .length = sizeof(bytes),
                         .link = TCPFLOW_LINK_ETHERNET};

  (void)state;
  memcpy(bytes + 12, type, sizeof(type));
  const tcpflow_packet packet = frames_decode(&frame);
  assert_int_equal(packet.kind, TCPFLOW_PACKET_UNSUPPORTED);
  assert_int_equal(packet.findings, TCPFLOW_FINDING_TOO_MANY_LAYERS);
  assert_int_equal(packet.layer_count, TCPFLOW_LAYERS_MAX);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(links__wrong_or_rare__verdict),
    cmocka_unit_test(ppp__uncompressed_tcp__decoded),
    cmocka_unit_test(radiotap__check_sequence__left_out),
    cmocka_unit_test(mpls__stack_without_bottom__unsupported),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
