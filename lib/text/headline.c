/*
 * lib/text/headline.c - a line up to the TCP ports: link layer and IP.
 *
 * Room: text.  Includes: decode, wire.  A packet that is cut or broken before
 * TCP is told in tcpdump's words, from `[|ether]` to `bad-hlen 16`.
 */
#include "text/headline.h"

#include "text/address.h"
#include "text/extension.h"
#include "wire/bytes.h"

enum {
  ETHER_IPV4 = 0x0800,
  ETHER_IPV6 = 0x86dd,
  IPV6_SIZE = 40,
  IPV4_SIZE = 20,
  PROTOCOL_TCP = 6,
  FRAGMENT_OFFSET = 0x1fff
};

/* 0: the header does not say. */
static uint32_t length_of_header(const tcpflow_packet *packet) {
  const uint8_t *const ip = packet->bytes + packet->ip_offset;

  if (packet->tuple.version == 4) {
    return tcpflow__fetch16(ip + 2);
  }
  const uint32_t payload = tcpflow__fetch16(ip + 4);

  return payload == 0 ? 0 : payload + IPV6_SIZE;
}

tcpflow__extent tcpflow__extent_of(const tcpflow_packet *packet) {
  const uint32_t wire = packet->length - packet->ip_offset;
  const uint32_t there = packet->captured - packet->ip_offset;
  const uint32_t claimed = length_of_header(packet);
  const uint32_t length = claimed == 0 ? packet->ip_length : claimed;

  return (tcpflow__extent){length, length > wire ? length - wire : 0,
                           packet->ip_offset +
                             (length < there ? length : there)};
}

void tcpflow__put_ends(tcpflow__line *line, const tcpflow_tuple *tuple) {
  tcpflow__put_address(line, tuple->version, tuple->address[0]);
  tcpflow__put(line, " > ");
  tcpflow__put_address(line, tuple->version, tuple->address[1]);
}

int tcpflow__put_empty_frame(tcpflow__line *line,
                             const tcpflow_packet *packet) {
  if (packet->captured > 0) {
    return 1;
  }
  tcpflow__put(line, packet->length > 0
                       ? "[Invalid header: caplen==0]"
                       : "[Invalid header: caplen==0, len==0]");
  return 0;
}

/* What a header that is cut is called. */
static const char *cut_link_name(uint32_t link) {
  switch (link) {
  case TCPFLOW_LINK_ETHERNET:
    return " [|ether]";
  case TCPFLOW_LINK_NULL:
  case TCPFLOW_LINK_LOOP:
    return " [|null]";
  case TCPFLOW_LINK_LINUX_SLL:
    return " [|sll]";
  case TCPFLOW_LINK_LINUX_SLL2:
    return " [|sll2]";
  default:
    return "";
  }
}

/* Behind the last header that was whole stands an IPv4 header that is not. */
static void put_cut_ipv4(tcpflow__line *line, const tcpflow_packet *packet,
                         uint32_t offset) {
  const unsigned version =
    offset < packet->captured ? packet->bytes[offset] >> 4 : 0;

  if (offset >= packet->captured) {
    tcpflow__put(line, " [|ip]");
  } else if (version == 4) {
    tcpflow__put(line, "IP  [|ip]");
  } else if (version == 6) {
    tcpflow__put(line, "IP6, wrong link-layer encapsulation (invalid)");
  } else {
    tcpflow__put(line, "IP");
    tcpflow__put_decimal(line, version);
    tcpflow__put(line, " (invalid)");
  }
}

static void put_cut_ipv6(tcpflow__line *line, const tcpflow_packet *packet,
                         uint32_t offset) {
  if (packet->captured - offset < IPV6_SIZE) {
    tcpflow__put(line, " [|ip6]");
    return;
  }
  tcpflow__put(line, "IP6 version error: ");
  tcpflow__put_decimal(line, packet->bytes[offset] >> 4);
  tcpflow__put(line, " != 6");
}

/* Raw IP: nothing but the version tells what it is. */
static void put_cut_raw(tcpflow__line *line, const tcpflow_packet *packet) {
  const unsigned version = packet->bytes[0] >> 4;

  if (packet->link == TCPFLOW_LINK_IPV6) {
    put_cut_ipv6(line, packet, 0);
  } else if (packet->link == TCPFLOW_LINK_IPV4 || version == 4) {
    put_cut_ipv4(line, packet, 0);
  } else if (version == 6) {
    put_cut_ipv6(line, packet, 0);
  } else {
    tcpflow__put(line, "unknown ip ");
    tcpflow__put_decimal(line, version);
  }
}

/* Octets of the last header; only link headers are asked for. */
static uint32_t size_of_layer(unsigned type) {
  switch (type) {
  case TCPFLOW_LAYER_ETHERNET:
    return 14;
  case TCPFLOW_LAYER_SLL:
    return 16;
  case TCPFLOW_LAYER_SLL2:
    return 20;
  case TCPFLOW_LAYER_IPV4:
  case TCPFLOW_LAYER_IPV6:
    return 0; /* It was entered, and is the one that is wrong. */
  default:
    return 4;
  }
}

/* No IP header could be read. */
static void put_before_ip(tcpflow__line *line, const tcpflow_packet *packet) {
  if (packet->layer_count == 0) {
    const char *const name = cut_link_name(packet->link);

    tcpflow__put(line, name);
    if (name[0] == '\0') {
      put_cut_raw(line, packet);
    }
    return;
  }
  const tcpflow_layer *const last = &packet->layer[packet->layer_count - 1];
  const uint32_t offset = last->offset + size_of_layer(last->type);

  if (packet->ether_type == ETHER_IPV4 || last->type == TCPFLOW_LAYER_IPV4) {
    put_cut_ipv4(line, packet, offset);
  } else if (packet->ether_type == ETHER_IPV6 ||
             last->type == TCPFLOW_LAYER_IPV6) {
    put_cut_ipv6(line, packet, offset);
  } else {
    tcpflow__put(line, " [|vlan]");
  }
}

/*
 * The cooked header tells the interface by its number, and only the host that
 * captured knows the name; tcpdump elsewhere prints `?` likewise.
 */
static void put_cooked(tcpflow__line *line, const tcpflow_packet *packet) {
  static const char *const directions[] = {"In ", "B  ", "M  ", "P  ", "Out"};

  if (packet->link != TCPFLOW_LINK_LINUX_SLL2 || packet->layer_count == 0) {
    return;
  }
  const unsigned type = packet->bytes[packet->layer[0].offset + 10];

  tcpflow__put(line, "?     ");
  tcpflow__put(line, type < sizeof(directions) / sizeof(directions[0])
                       ? directions[type]
                       : "?  ");
  tcpflow__put_char(line, ' ');
}

static void put_missing(tcpflow__line *line, const tcpflow_packet *packet,
                        const tcpflow__extent *extent) {
  const int old = packet->tuple.version == 4;

  if (extent->missing == 0) {
    return;
  }
  tcpflow__put(line, old ? "truncated-ip - " : "truncated-ip6 - ");
  tcpflow__put_decimal(line, extent->missing);
  tcpflow__put(line, old ? " bytes missing! " : " bytes missing!");
}

/* Answers 0 if the lengths in the header are wrong. */
static int put_ipv4(tcpflow__line *line, const tcpflow_packet *packet,
                    const tcpflow__extent *extent) {
  const uint32_t header = packet->ip_header_length;
  const uint32_t there = extent->end - packet->ip_offset;

  tcpflow__put(line, "IP ");
  if (header < IPV4_SIZE) {
    tcpflow__put(line, "bad-hlen ");
    tcpflow__put_decimal(line, header);
    return 0;
  }
  put_missing(line, packet, extent);
  if (extent->length < header) {
    tcpflow__put(line, "bad-len ");
    tcpflow__put_decimal(line, length_of_header(packet));
    return 0;
  }
  if ((packet->ip_fragment & FRAGMENT_OFFSET) != 0) {
    tcpflow__put_ends(line, &packet->tuple);
    tcpflow__put(line, ": ip-proto-");
    tcpflow__put_decimal(line, packet->ip_protocol);
    return 0;
  }
  if (there < header) {
    tcpflow__put(line, " [remaining caplen(");
    tcpflow__put_decimal(line, there);
    tcpflow__put(line, ") < header length(");
    tcpflow__put_decimal(line, header);
    tcpflow__put(line, ")] [|ip]");
    return 0;
  }
  return 1;
}

static int put_ipv6(tcpflow__line *line, const tcpflow_packet *packet,
                    const tcpflow__extent *extent) {
  tcpflow__put(line, "IP6 ");
  put_missing(line, packet, extent);
  return 1;
}

int tcpflow__put_headline(tcpflow__line *line, const tcpflow_packet *packet,
                          const tcpflow__extent *extent) {
  put_cooked(line, packet);
  if (packet->tuple.version == 0) {
    put_before_ip(line, packet);
    return 0;
  }
  return (packet->tuple.version == 4 ? put_ipv4(line, packet, extent)
                                     : put_ipv6(line, packet, extent)) &&
         tcpflow__put_extensions(line, packet, extent);
}
