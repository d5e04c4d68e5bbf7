/* tests/unit/text/test_wirenames.c - mirror of lib/text/wirenames.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <ctype.h>
#include <string.h>

#include <tcpflow/text.h>

typedef struct row {
  uint32_t value;
  const char *constant;
} row;

/* A constant in lower case with hyphens. */
static void expect_name(const char *name, const char *constant) {
  size_t i = 0;

  for (; constant[i] != '\0'; i++) {
    assert_int_equal(
      name[i], constant[i] == '_' ? '-' : tolower((unsigned char)constant[i]));
  }
  assert_int_equal(name[i], '\0');
}

/* Values of ROWS have their names, and all others below 1000 have none. */
#define EXPECT_NAMES(function, rows)                                           \
  do {                                                                         \
    for (uint32_t value = 0; value < 1000; value++) {                          \
      const char *const constant =                                             \
        constant_of(rows, sizeof(rows) / sizeof((rows)[0]), value);            \
      if (constant == NULL) {                                                  \
        assert_string_equal(function(value), "?");                             \
      } else {                                                                 \
        expect_name(function(value), constant);                                \
      }                                                                        \
    }                                                                          \
    assert_string_equal(function(UINT32_MAX), "?");                            \
  } while (0)

static const char *constant_of(const row *rows, size_t count, uint32_t value) {
  for (size_t i = 0; i < count; i++) {
    if (rows[i].value == value) {
      return rows[i].constant;
    }
  }
  return NULL;
}

static uint32_t number_of_bit(uint32_t bit) {
  uint32_t number = 0;

  while (bit >> number != 1) {
    number++;
  }
  return number;
}

#define LINK(name)                                                             \
  { TCPFLOW_LINK_##name, #name }

static void link_name__every_one__the_constants_own(void **state) {
  static const row rows[] = {
    LINK(NULL),
    LINK(ETHERNET),
    LINK(TOKEN_RING),
    LINK(ARCNET_BSD),
    LINK(SLIP),
    LINK(PPP),
    LINK(FDDI),
    LINK(ATM_11),
    LINK(RAW_12),
    LINK(RAW_14),
    LINK(ATM_CLIP_19),
    LINK(PPP_HDLC),
    LINK(PPP_ETHER),
    LINK(SYMANTEC),
    LINK(ATM_RFC1483),
    LINK(RAW),
    LINK(C_HDLC),
    LINK(IEEE802_11),
    LINK(ATM_CLIP),
    LINK(FRELAY),
    LINK(LOOP),
    LINK(ENC),
    LINK(LINUX_SLL),
    LINK(PFLOG),
    LINK(PRISM),
    LINK(IP_OVER_FC),
    LINK(SUNATM),
    LINK(RADIOTAP),
    LINK(ARCNET_LINUX),
    LINK(JUNIPER_MLPPP),
    LINK(JUNIPER_MLFR),
    LINK(JUNIPER_ES),
    LINK(JUNIPER_GGSN),
    LINK(JUNIPER_MFR),
    LINK(JUNIPER_ATM2),
    LINK(JUNIPER_SERVICES),
    LINK(JUNIPER_ATM1),
    LINK(FIREWIRE),
    LINK(DOCSIS),
    LINK(PKTAP_149),
    LINK(AVS),
    LINK(JUNIPER_MONITOR),
    LINK(PPP_DIRECTION),
    LINK(JUNIPER_PPPOE),
    LINK(JUNIPER_PPPOE_ATM),
    LINK(JUNIPER_ETHER),
    LINK(JUNIPER_PPP),
    LINK(JUNIPER_FRELAY),
    LINK(JUNIPER_CHDLC),
    LINK(MFR),
    LINK(PPI),
    LINK(ERF),
    LINK(PPP_WITH_DIR),
    LINK(C_HDLC_WITH_DIR),
    LINK(FRELAY_WITH_DIR),
    LINK(MPLS),
    LINK(IPNET),
    LINK(IPV4),
    LINK(IPV6),
    LINK(NFLOG),
    LINK(NETANALYZER),
    LINK(NETANALYZER_WHOLE),
    LINK(IPOIB),
    LINK(PKTAP),
    LINK(ETHERNET_MPACKET),
    LINK(LINUX_SLL2),
    LINK(DSA_TAG_BRCM),
    LINK(DSA_TAG_BRCM_PREPEND),
    LINK(DSA_TAG_DSA),
    LINK(DSA_TAG_EDSA),
  };

  (void)state;
  EXPECT_NAMES(tcpflow_link_name, rows);
}

#define LAYER(name)                                                            \
  { TCPFLOW_LAYER_##name, #name }

static void layer_name__every_one__the_constants_own(void **state) {
  static const row rows[] = {
    LAYER(NULL),
    LAYER(ETHERNET),
    LAYER(VLAN),
    LAYER(SLL),
    LAYER(SLL2),
    LAYER(IPV4),
    LAYER(IPV6),
    LAYER(IPV6_EXTENSION),
    LAYER(TCP),
    LAYER(AH),
    LAYER(LLC),
    LAYER(MPLS),
    LAYER(PPPOE),
    LAYER(PPP),
    LAYER(CHDLC),
    LAYER(FRAME_RELAY),
    LAYER(PBB),
    LAYER(VNTAG),
    LAYER(ETAG),
    LAYER(FABRICPATH),
    LAYER(CISCO_METADATA),
    LAYER(MACSEC),
    LAYER(PSEUDOWIRE),
    LAYER(IEEE802_11),
    LAYER(AMSDU),
    LAYER(RADIOTAP),
    LAYER(PRISM),
    LAYER(AVS),
    LAYER(PPI),
    LAYER(PKTAP),
    LAYER(PFLOG),
    LAYER(NFLOG),
    LAYER(ENC),
    LAYER(IPNET),
    LAYER(SLIP),
    LAYER(FDDI),
    LAYER(TOKEN_RING),
    LAYER(ARCNET),
    LAYER(FIBRE_CHANNEL),
    LAYER(IPOIB),
    LAYER(SWITCH_TAG),
    LAYER(ERF),
    LAYER(CAPTURE),
    LAYER(ATM),
    LAYER(HSR),
    LAYER(RTAG),
    LAYER(TRILL),
    LAYER(FIREWIRE),
    LAYER(DOCSIS),
    LAYER(UDP),
    LAYER(GRE),
    LAYER(ERSPAN),
    LAYER(VXLAN),
    LAYER(GENEVE),
    LAYER(GTPU),
    LAYER(TEREDO),
    LAYER(AYIYA),
    LAYER(NSH),
    LAYER(L2TP),
    LAYER(ETHERIP),
    LAYER(ESP),
    LAYER(CAPWAP),
    LAYER(TZSP),
    LAYER(ICMP),
    LAYER(ICMPV6),
  };

  (void)state;
  EXPECT_NAMES(tcpflow_layer_name, rows);
}

#define TUNNEL(name)                                                           \
  { TCPFLOW_TUNNEL_##name, #name }

static void tunnel_name__every_one__the_constants_own(void **state) {
  static const row rows[] = {
    TUNNEL(NONE),       TUNNEL(IP_IN_IP),   TUNNEL(GRE),    TUNNEL(VXLAN),
    TUNNEL(VXLAN_GPE),  TUNNEL(GENEVE),     TUNNEL(GTPU),   TUNNEL(TEREDO),
    TUNNEL(AYIYA),      TUNNEL(NSH),        TUNNEL(L2TP),   TUNNEL(MPLS_IN_UDP),
    TUNNEL(ETHERIP),    TUNNEL(ESP_NULL),   TUNNEL(CAPWAP), TUNNEL(TZSP),
    TUNNEL(GRE_IN_UDP), TUNNEL(MPLS_IN_IP),
  };

  (void)state;
  EXPECT_NAMES(tcpflow_tunnel_name, rows);
}

#define OUTCOME(name)                                                          \
  { TCPFLOW_FRAG_##name, #name }

static void frag_outcome_name__every_one__the_constants_own(void **state) {
  static const row rows[] = {
    OUTCOME(NOT_A_FRAGMENT),
    OUTCOME(HELD),
    OUTCOME(COMPLETE),
    OUTCOME(DROPPED),
  };

  (void)state;
  EXPECT_NAMES(tcpflow_frag_outcome_name, rows);
}

#define REASON(name)                                                           \
  { TCPFLOW_FRAG_REASON_##name, #name }

static void frag_reason_name__every_one__the_constants_own(void **state) {
  static const row rows[] = {
    REASON(NONE),       REASON(OVERLAP),    REASON(ABANDONED),
    REASON(TIMEOUT),    REASON(EVICTED),    REASON(TOO_MANY),
    REASON(NO_ROOM),    REASON(TOO_LONG),   REASON(EMPTY),
    REASON(UNEVEN),     REASON(BAD_LENGTH), REASON(BAD_CHECKSUM),
    REASON(BEYOND_END), REASON(FLUSHED),
  };

  (void)state;
  EXPECT_NAMES(tcpflow_frag_reason_name, rows);
}

#define ANOMALY(name)                                                          \
  { number_of_bit(TCPFLOW_FRAG_ANOMALY_##name), #name }

static void frag_anomaly_name__every_one__the_constants_own(void **state) {
  const row rows[] = {
    ANOMALY(OVERLAP),       ANOMALY(CONFLICT),   ANOMALY(DUPLICATE),
    ANOMALY(TINY),          ANOMALY(TOO_LONG),   ANOMALY(UNEVEN),
    ANOMALY(TWO_ENDS),      ANOMALY(BEYOND_END), ANOMALY(PROTOCOL),
    ANOMALY(DONT_FRAGMENT), ANOMALY(EMPTY),      ANOMALY(BAD_LENGTH),
    ANOMALY(BAD_CHECKSUM),  ANOMALY(TOO_MANY),   ANOMALY(ECN),
    ANOMALY(CUT),
  };

  (void)state;
  EXPECT_NAMES(tcpflow_frag_anomaly_name, rows);
}

#define POLICY(name)                                                           \
  { TCPFLOW_FRAG_POLICY_##name, #name }

static void frag_policy_name__every_one__the_constants_own(void **state) {
  static const row rows[] = {
    POLICY(DEFAULT), POLICY(FIRST),     POLICY(LAST),
    POLICY(BSD),     POLICY(BSD_RIGHT), POLICY(LINUX),
    POLICY(WINDOWS), POLICY(SOLARIS),   POLICY(RFC5722),
  };

  (void)state;
  EXPECT_NAMES(tcpflow_frag_policy_name, rows);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(link_name__every_one__the_constants_own),
    cmocka_unit_test(layer_name__every_one__the_constants_own),
    cmocka_unit_test(tunnel_name__every_one__the_constants_own),
    cmocka_unit_test(frag_outcome_name__every_one__the_constants_own),
    cmocka_unit_test(frag_reason_name__every_one__the_constants_own),
    cmocka_unit_test(frag_anomaly_name__every_one__the_constants_own),
    cmocka_unit_test(frag_policy_name__every_one__the_constants_own),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
