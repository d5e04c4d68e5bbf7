/*
 * tests/script/flow_packet.c - a packet line of a .flow script becomes a
 * frame.
 *
 * Numbers are those of packetdrill: relative to the initial sequence number of
 * the side that counts them, so that a SYN is `0:0(0)` and data begins at 1.
 */
#include "script/flow_packet.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A line on its way to a frame. */
typedef struct line {
  const char *at; /* What is still to be read. */
  const flow_ends *ends;
  tcpflow_side sender;
  uint16_t flags;
  tcpflow_build_tcp tcp;
  tcpflow_build_ip ip;
  tcpflow_options_builder options;
  uint32_t absent; /* Octets of data that the capture lost. */
  bool is_quote;   /* An ICMP error quotes it. */
  tcpflow_build_layer icmp;
  bool quoted;
  uint8_t data[65536];
} line;

uint8_t flow_pattern(tcpflow_side side, uint32_t offset) {
  return (uint8_t)((side == TCPFLOW_SIDE_CLIENT ? 'a' : 'A') + offset % 26);
}

static void skip_blanks(line *l) {
  l->at += strspn(l->at, " \t");
}

/* Takes a word if it is next, with the blanks around it. */
static bool take(line *l, const char *word) {
  const size_t length = strlen(word);

  skip_blanks(l);
  if (strncmp(l->at, word, length) != 0) {
    return false;
  }
  l->at += length;
  skip_blanks(l);
  return true;
}

/* Takes a number, which may be negative: it counts on the circle. */
static bool take_number(line *l, uint32_t *number) {
  char *end;
  const long long value = strtoll(l->at, &end, 10);

  if (end == l->at || value < -0x80000000LL || value > 0xffffffffLL) {
    return false;
  }
  *number = (uint32_t)(value & 0xffffffffLL);
  l->at = end;
  return true;
}

static bool take_number16(line *l, uint16_t *number) {
  uint32_t value;

  if (!take_number(l, &value) || value > UINT16_MAX) {
    return false;
  }
  *number = (uint16_t)value;
  return true;
}

/* Takes a relative number of one side's, gives the absolute one. */
static bool take_seq(line *l, tcpflow_side side, tcpflow_seq *seq) {
  uint32_t relative;

  if (!take_number(l, &relative)) {
    return false;
  }
  *seq = tcpflow_seq_add(l->ends->isn[side], relative);
  return true;
}

/* tcpdump's letters. */
static bool take_flags(line *l) {
  static const char letters[] = "FSRP.UEWe"; /* In the order of their bits. */

  if (take(l, "none")) {
    return true;
  }
  for (; *l->at != '\0' && *l->at != ' '; l->at++) {
    const char *letter = strchr(letters, *l->at);
    if (letter == NULL) {
      return false;
    }
    l->flags = (uint16_t)(l->flags | 1U << (letter - letters));
  }
  return true;
}

/* `FIRST:LAST(LENGTH)`. */
static bool take_range(line *l) {
  tcpflow_seq last;

  if (!take_seq(l, l->sender, &l->tcp.seq) || !take(l, ":") ||
      !take_seq(l, l->sender, &last) || !take(l, "(") ||
      !take_number(l, &l->tcp.payload_length) || !take(l, ")")) {
    return false;
  }
  return l->tcp.payload_length < sizeof(l->data) &&
         tcpflow_seq_add(l->tcp.seq, l->tcp.payload_length) == last;
}

/* `sack N {LEFT:RIGHT}...`; the numbers are the peer's. */
static bool take_sack(line *l) {
  const tcpflow_side peer = tcpflow_side_other(l->sender);
  tcpflow_sack_block blocks[TCPFLOW_SACK_BLOCKS_MAX];
  uint32_t count;

  if (!take_number(l, &count) || count > TCPFLOW_SACK_BLOCKS_MAX) {
    return false;
  }
  for (uint32_t i = 0; i < count; i++) {
    if (!take(l, "{") || !take_seq(l, peer, &blocks[i].left) || !take(l, ":") ||
        !take_seq(l, peer, &blocks[i].right) || !take(l, "}")) {
      return false;
    }
  }
  return tcpflow_options_builder_sack(&l->options, blocks, count) == 0;
}

/* `TS val N ecr N`; these are as they stand, not relative. */
static bool take_timestamps(line *l) {
  uint32_t val;
  uint32_t ecr;

  return take(l, "val") && take_number(l, &val) && take(l, "ecr") &&
         take_number(l, &ecr) &&
         tcpflow_options_builder_timestamps(&l->options, val, ecr) == 0;
}

/* `raw KIND HEX`: any option; HEX may be missing. */
static bool take_raw(line *l) {
  uint8_t data[TCPFLOW_OPTIONS_MAX];
  size_t length = 0;
  uint16_t kind;
  unsigned octet;

  if (!take_number16(l, &kind) || kind > UINT8_MAX) {
    return false;
  }
  skip_blanks(l);
  while (length < sizeof(data) && sscanf(l->at, "%2x", &octet) == 1) {
    data[length] = (uint8_t)octet;
    length++;
    l->at += 2;
  }
  return tcpflow_options_builder_raw(&l->options, (uint8_t)kind, data,
                                     length) == 0;
}

static bool take_option(line *l) {
  uint16_t number;

  if (take(l, "mss")) {
    return take_number16(l, &number) &&
           tcpflow_options_builder_mss(&l->options, number) == 0;
  }
  if (take(l, "wscale")) {
    return take_number16(l, &number) && number <= UINT8_MAX &&
           tcpflow_options_builder_wscale(&l->options, (uint8_t)number) == 0;
  }
  if (take(l, "sackOK")) {
    return tcpflow_options_builder_sack_permitted(&l->options) == 0;
  }
  if (take(l, "TS")) {
    return take_timestamps(l);
  }
  if (take(l, "sack")) {
    return take_sack(l);
  }
  if (take(l, "raw")) {
    return take_raw(l);
  }
  if (take(l, "nop")) {
    return tcpflow_options_builder_raw(&l->options, 1, NULL, 0) == 0;
  }
  return take(l, "eol") &&
         tcpflow_options_builder_raw(&l->options, 0, NULL, 0) == 0;
}

/* What stands behind `<`: options, as tcpdump lists them, up to `>`. */
static bool take_options(line *l) {
  do {
    if (!take_option(l)) {
      return false;
    }
  } while (take(l, ","));
  return take(l, ">");
}

/* What stands behind the opening quotation mark. */
static bool take_quoted(line *l) {
  const size_t length = strcspn(l->at, "\"");

  if (length != l->tcp.payload_length || l->at[length] != '"') {
    return false;
  }
  memcpy(l->data, l->at, length);
  l->at += length + 1;
  l->quoted = true;
  return true;
}

/* `sum bad`, `sum partial`, `sum zero`. */
static bool take_checksum(line *l) {
  if (take(l, "bad")) {
    l->tcp.checksum_mode = TCPFLOW_BUILD_WRONG;
    return true;
  }
  if (take(l, "partial")) {
    l->tcp.checksum_mode = TCPFLOW_BUILD_PARTIAL;
    return true;
  }
  l->tcp.checksum_mode = TCPFLOW_BUILD_ZERO;
  return take(l, "zero");
}

/* `id N`, `ttl N`, `ce`: what the IP header has. */
static bool take_ip_field(line *l) {
  uint16_t number;

  if (take(l, "id")) {
    return take_number16(l, &l->ip.id);
  }
  if (take(l, "ttl")) {
    l->ip.ttl = take_number16(l, &number) ? (uint8_t)number : 0;
    return l->ip.ttl != 0;
  }
  l->ip.tos = 3;
  return take(l, "ce");
}

/* `icmp TYPE CODE`, `mtu N`, `quote N`: an error that quotes the packet. */
static bool take_icmp(line *l) {
  uint32_t type = 0;
  uint32_t code = 0;

  if (take(l, "mtu")) {
    return take_number(l, &l->icmp.sequence);
  }
  if (take(l, "quote")) {
    uint32_t octets = 0;
    const bool good = take_number(l, &octets);
    l->icmp.id = octets + (l->ends->tuple.version == 6 ? 40 : 20);
    return good;
  }
  if (!take(l, "icmp") || !take_number(l, &type)) {
    return false;
  }
  skip_blanks(l);
  l->is_quote = true;
  l->icmp.number_mode = TCPFLOW_BUILD_GIVEN;
  const bool good = take_number(l, &code);
  l->icmp.number = type;
  l->icmp.flags = (uint16_t)code;
  return good;
}

/* One of the fields that may stand behind the range. */
static bool take_field(line *l) {
  if (take_icmp(l)) {
    return true;
  }
  if (take(l, "ack")) {
    return take_seq(l, tcpflow_side_other(l->sender), &l->tcp.ack);
  }
  if (take(l, "win")) {
    return take_number16(l, &l->tcp.window);
  }
  if (take(l, "urg")) {
    return take_number16(l, &l->tcp.urgent);
  }
  if (take(l, "<")) {
    return take_options(l);
  }
  if (take(l, "\"")) {
    return take_quoted(l);
  }
  if (take(l, "lost")) {
    return take_number(l, &l->absent) && l->absent <= l->tcp.payload_length;
  }
  if (take(l, "sum")) {
    return take_checksum(l);
  }
  return take_ip_field(l);
}

/* Data that the line does not quote, by its place in the stream. */
static void fill(line *l) {
  const uint32_t relative =
    tcpflow_seq_distance(l->ends->isn[l->sender], l->tcp.seq);
  const bool syn = (l->flags & TCPFLOW_FLAG_SYN) != 0;

  for (uint32_t i = 0; i < l->tcp.payload_length; i++) {
    l->data[i] =
      flow_pattern(l->sender, (relative + 25 + syn + i) & UINT32_MAX);
  }
}

/* The tuple as a packet has it: sender first. */
static tcpflow_tuple sender_first(const flow_ends *ends, tcpflow_side sender) {
  tcpflow_tuple tuple = ends->tuple;

  if (sender == TCPFLOW_SIDE_SERVER) {
    for (int i = 0; i < 2; i++) {
      tuple.port[i] = ends->tuple.port[1 - i];
      memcpy(tuple.address[i], ends->tuple.address[1 - i], 16);
    }
  }
  return tuple;
}

/* The error comes from the address to which the packet was sent. */
static void put_error(tcpflow_builder *builder, const line *l) {
  const bool v6 = l->ends->tuple.version == 6;
  const tcpflow_tuple back =
    sender_first(l->ends, tcpflow_side_other(l->sender));
  tcpflow_build_ip ip;

  tcpflow_build_ip_init(&ip);
  tcpflow_builder_layer(builder, v6 ? TCPFLOW_LAYER_ICMPV6 : TCPFLOW_LAYER_ICMP,
                        &l->icmp);
  tcpflow_builder_ip(builder, &back, &ip);
}

static bool build(flow_packet *packet, line *l) {
  const tcpflow_tuple tuple = sender_first(l->ends, l->sender);
  tcpflow_builder builder;

  if (!l->quoted) {
    fill(l);
  }
  l->tcp.flags = l->flags;
  l->tcp.options = l->options.bytes;
  l->tcp.options_length = l->options.length;
  l->tcp.payload = l->data;
  l->tcp.payload_captured = l->tcp.payload_length - l->absent;
  packet->quoted = l->quoted;

  tcpflow_builder_init(&builder, packet->storage, sizeof(packet->storage));
  tcpflow_builder_tcp(&builder, &tuple, &l->tcp);
  tcpflow_builder_ip(&builder, &tuple, &l->ip);
  if (l->is_quote) {
    put_error(&builder, l);
  }
  return tcpflow_builder_finish(&builder, &packet->frame) == TCPFLOW_OK;
}

const char *flow_packet_read(flow_packet *packet, const flow_ends *ends,
                             tcpflow_side sender, const char *text) {
  static line l; /* Large, and one at a time. */

  memset(&l, 0, sizeof(l));
  l.at = text;
  l.ends = ends;
  l.sender = sender;
  tcpflow_build_tcp_init(&l.tcp);
  tcpflow_build_ip_init(&l.ip);
  tcpflow_build_layer_init(&l.icmp);
  tcpflow_options_builder_init(&l.options);
  l.tcp.window = 65535;

  if (!take_flags(&l)) {
    return "flags are letters out of FSRP.UEWe, or none";
  }
  skip_blanks(&l);
  if (!take_range(&l)) {
    return "after the flags comes FIRST:LAST(LENGTH)";
  }
  skip_blanks(&l);
  while (*l.at != '\0') {
    if (!take_field(&l)) {
      return "a field is unknown, or its value is out of range";
    }
    skip_blanks(&l);
  }
  return build(packet, &l) ? NULL : "no such packet can be built";
}

bool flow_endpoint_read(tcpflow_tuple *tuple, tcpflow_side side,
                        const char *text) {
  const char *dot = strrchr(text, '.');
  char address[64];
  uint8_t *octets = tuple->address[side];

  if (dot == NULL || (size_t)(dot - text) >= sizeof(address)) {
    return false;
  }
  memcpy(address, text, (size_t)(dot - text));
  address[dot - text] = '\0';
  tuple->port[side] = (uint16_t)atoi(dot + 1);
  tuple->version = strchr(address, ':') != NULL ? 6 : 4;
  return inet_pton(tuple->version == 6 ? AF_INET6 : AF_INET, address, octets) ==
         1;
}
