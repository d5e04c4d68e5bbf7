/*
 * examples/explainer/network.c - what addresses, ports and sizes tell.
 */
#include "explainer/network.h"

#include <stddef.h>
#include <string.h>

struct prefix {
  uint8_t bits;
  uint8_t class;
  uint8_t octets[16];
};

/* The first prefix that fits counts. */
static const struct prefix prefixes4[] = {
  {8, ADDRESS_SPECIAL, {0}},
  {8, ADDRESS_PRIVATE, {10}},
  {10, ADDRESS_SHARED, {100, 64}},
  {8, ADDRESS_LOOPBACK, {127}},
  {16, ADDRESS_LINK_LOCAL, {169, 254}},
  {12, ADDRESS_PRIVATE, {172, 16}},
  {24, ADDRESS_DOCUMENTATION, {192, 0, 2}},
  {16, ADDRESS_PRIVATE, {192, 168}},
  {15, ADDRESS_BENCHMARK, {198, 18}},
  {24, ADDRESS_DOCUMENTATION, {198, 51, 100}},
  {24, ADDRESS_DOCUMENTATION, {203, 0, 113}},
  {4, ADDRESS_MULTICAST, {224}},
  {4, ADDRESS_SPECIAL, {240}},
};

static const struct prefix prefixes6[] = {
  {128, ADDRESS_LOOPBACK, {[15] = 1}},
  {128, ADDRESS_SPECIAL, {0}},
  {48, ADDRESS_BENCHMARK, {0x20, 0x01, 0x00, 0x02}},
  {32, ADDRESS_DOCUMENTATION, {0x20, 0x01, 0x0d, 0xb8}},
  {20, ADDRESS_DOCUMENTATION, {0x3f, 0xff}},
  {7, ADDRESS_PRIVATE, {0xfc}},
  {10, ADDRESS_LINK_LOCAL, {0xfe, 0x80}},
  {8, ADDRESS_MULTICAST, {0xff}},
};

static int has_prefix(const uint8_t *address, const struct prefix *prefix) {
  const size_t whole = prefix->bits / 8;
  const unsigned rest = prefix->bits % 8;

  if (memcmp(address, prefix->octets, whole) != 0) {
    return 0;
  }
  return rest == 0 ||
         (address[whole] ^ prefix->octets[whole]) >> (8 - rest) == 0;
}

enum address_class classify_address(unsigned version, const uint8_t *address) {
  const struct prefix *const prefixes = version == 4 ? prefixes4 : prefixes6;
  const size_t count = version == 4 ? sizeof(prefixes4) / sizeof(prefixes4[0])
                                    : sizeof(prefixes6) / sizeof(prefixes6[0]);

  for (size_t i = 0; i < count; i++) {
    if (has_prefix(address, &prefixes[i])) {
      return (enum address_class)prefixes[i].class;
    }
  }
  return ADDRESS_PUBLIC;
}

const char *name_address_rfc(unsigned version, enum address_class class) {
  static const char *const names[ADDRESS_COUNT][2] = {
    [ADDRESS_PRIVATE] = {"RFC 1918", "RFC 4193"},
    [ADDRESS_SHARED] = {"RFC 6598", NULL},
    [ADDRESS_LINK_LOCAL] = {"RFC 3927", "RFC 4291"},
    [ADDRESS_DOCUMENTATION] = {"RFC 5737", "RFC 3849"},
    [ADDRESS_BENCHMARK] = {"RFC 2544", "RFC 5180"},
  };
  const char *const name = names[class][version == 4 ? 0 : 1];

  return name == NULL ? "" : name;
}

static const struct service services[] = {
  {7, "echo", SPEAKER_CLIENT},
  {9, "discard", SPEAKER_CLIENT},
  {13, "daytime", SPEAKER_SERVER},
  {19, "chargen", SPEAKER_SERVER},
  {21, "FTP", SPEAKER_SERVER},
  {22, "SSH", SPEAKER_UNKNOWN},
  {23, "Telnet", SPEAKER_UNKNOWN},
  {25, "SMTP", SPEAKER_SERVER},
  {53, "DNS", SPEAKER_CLIENT},
  {80, "HTTP", SPEAKER_CLIENT},
  {88, "Kerberos", SPEAKER_CLIENT},
  {110, "POP3", SPEAKER_SERVER},
  {143, "IMAP", SPEAKER_SERVER},
  {179, "BGP", SPEAKER_UNKNOWN},
  {389, "LDAP", SPEAKER_CLIENT},
  {443, "HTTPS", SPEAKER_CLIENT},
  {445, "SMB", SPEAKER_CLIENT},
  {465, "SMTPS", SPEAKER_CLIENT},
  {587, "SMTP submission", SPEAKER_SERVER},
  {636, "LDAPS", SPEAKER_CLIENT},
  {853, "DNS over TLS", SPEAKER_CLIENT},
  {873, "rsync", SPEAKER_UNKNOWN},
  {993, "IMAPS", SPEAKER_CLIENT},
  {995, "POP3S", SPEAKER_CLIENT},
  {1080, "SOCKS", SPEAKER_CLIENT},
  {1433, "SQL Server", SPEAKER_CLIENT},
  {1521, "Oracle", SPEAKER_CLIENT},
  {1883, "MQTT", SPEAKER_CLIENT},
  {2049, "NFS", SPEAKER_CLIENT},
  {2181, "ZooKeeper", SPEAKER_CLIENT},
  {2379, "etcd", SPEAKER_CLIENT},
  {3306, "MySQL", SPEAKER_SERVER},
  {3389, "RDP", SPEAKER_CLIENT},
  {5432, "PostgreSQL", SPEAKER_CLIENT},
  {5672, "AMQP", SPEAKER_CLIENT},
  {5900, "VNC", SPEAKER_SERVER},
  {6379, "Redis", SPEAKER_CLIENT},
  {6443, "Kubernetes API", SPEAKER_CLIENT},
  {8080, "HTTP", SPEAKER_CLIENT},
  {8443, "HTTPS", SPEAKER_CLIENT},
  {9092, "Kafka", SPEAKER_CLIENT},
  {9200, "Elasticsearch", SPEAKER_CLIENT},
  {11211, "memcached", SPEAKER_CLIENT},
  {27017, "MongoDB", SPEAKER_CLIENT},
};

const struct service *find_service(uint16_t port) {
  for (size_t i = 0; i < sizeof(services) / sizeof(services[0]); i++) {
    if (services[i].port == port) {
      return &services[i];
    }
  }
  return NULL;
}

unsigned header_octets(unsigned version) {
  return version == 4 ? 40 : 60;
}

enum path_kind classify_mtu(unsigned mtu) {
  static const struct {
    unsigned mtu;
    enum path_kind kind;
  } known[] = {
    {576, PATH_DEFAULT4},   {1280, PATH_MINIMUM6},  {1420, PATH_WIREGUARD},
    {1450, PATH_OVERLAY},   {1460, PATH_GCP},       {1476, PATH_TUNNEL},
    {1480, PATH_TUNNEL},    {1492, PATH_PPPOE},     {1500, PATH_ETHERNET},
    {9000, PATH_JUMBO},     {9001, PATH_JUMBO},     {16384, PATH_LOOPBACK},
    {65535, PATH_LOOPBACK}, {65536, PATH_LOOPBACK},
  };

  for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
    if (known[i].mtu == mtu) {
      return known[i].kind;
    }
  }
  if (mtu < 1280) {
    return PATH_SMALL;
  }
  return mtu < 1500 ? PATH_BELOW : PATH_LARGE;
}

unsigned guess_initial_ttl(unsigned ttl) {
  return ttl <= 32 ? 32 : ttl <= 64 ? 64 : ttl <= 128 ? 128 : 255;
}
