/*
 * lib/text/extension.c - what stands between IP and TCP, as tcpdump writes it.
 *
 * Room: text.  Includes: decode, wire.  The headers of RFC 8200 section 4 and
 * RFC 4302, as decoding knows them.
 */
#include "text/extension.h"

#include "text/address.h"
#include "wire/bytes.h"

enum {
  HOP_BY_HOP = 0,
  TCP = 6,
  ROUTING = 43,
  FRAGMENT = 44,
  AH = 51,
  DESTINATION = 60,
  FRAGMENT_OFFSET = 0xfff8,
  IPV6_SIZE = 40
};

/* One header, and what is there of the datagram from it on. */
typedef struct header {
  unsigned type;
  const uint8_t *bytes;
  uint32_t there;  /* Captured octets. */
  uint32_t length; /* Octets by the IP header. */
} header;

/*
 * Octets of a header; 0: it is not one that is known, or it is cut.  tcpdump is
 * content with half of a fragment header.
 */
static uint32_t size_of(const header *one) {
  uint32_t size = 0;

  if (one->type == FRAGMENT) {
    return one->there < 4 ? 0 : 8;
  }
  if (one->there < 8) {
    return 0;
  }
  switch (one->type) {
  case HOP_BY_HOP:
  case ROUTING:
  case DESTINATION:
    size = (one->bytes[1] + 1U) * 8;
    break;
  case AH:
    size = (one->bytes[1] + 2U) * 4;
    size = size < 12 ? 0 : size;
    break;
  default:
    break;
  }
  return size > one->there ? 0 : size;
}

static const char *cut_name(unsigned type) {
  switch (type) {
  case HOP_BY_HOP:
    return " [|hbhopt]";
  case DESTINATION:
    return " [|dstopt]";
  case ROUTING:
    return " [|rt6]";
  case FRAGMENT:
    return " [|frag6]";
  case AH:
    return " [|ah]";
  default:
    return " [|ip6]";
  }
}

static void put_number(tcpflow__line *line, const char *name, uint64_t number) {
  tcpflow__put(line, name);
  tcpflow__put_decimal(line, number);
}

static void put_hex(tcpflow__line *line, const char *name, uint64_t number,
                    unsigned width) {
  tcpflow__put(line, name);
  tcpflow__put_hex(line, number, width);
}

static void put_addresses(tcpflow__line *line, const uint8_t *bytes) {
  for (unsigned i = 0; i < bytes[1] / 2U; i++) {
    put_number(line, ", [", i);
    tcpflow__put_char(line, ']');
    tcpflow__put_address(line, 6, bytes + 8 + 16 * i);
  }
  tcpflow__put(line, ") ");
}

/* RFC 8754 section 2. */
static int put_segments(tcpflow__line *line, const uint8_t *bytes) {
  put_number(line, ", last-entry=", bytes[4]);
  if (bytes[5] != 0) {
    put_hex(line, ", flags=0x", bytes[5], 1);
  }
  put_hex(line, ", tag=", tcpflow__fetch16(bytes + 6), 1);
  put_addresses(line, bytes);
  return 1;
}

/* Answers 0 if tcpdump gives up. */
static int put_routing(tcpflow__line *line, const uint8_t *bytes) {
  const uint32_t reserved = tcpflow__fetch32(bytes + 4);

  put_number(line, "RT6 (len=", bytes[1]);
  put_number(line, ", type=", bytes[2]);
  tcpflow__put(line, bytes[2] == 0 ? " [Deprecated]" : "");
  put_number(line, ", segleft=", bytes[3]);
  if (bytes[2] == 4) {
    return put_segments(line, bytes);
  }
  if (bytes[2] != 0 && bytes[2] != 2) {
    tcpflow__put(line, " (unknown type) (invalid)");
    return 0;
  }
  if (reserved != 0) {
    put_hex(line, ", rsv=0x", reserved, 1);
  }
  if (bytes[1] % 2 != 0) {
    put_number(line, " (invalid length ", bytes[1]);
    tcpflow__put(line, ") (invalid)");
    return 0;
  }
  put_addresses(line, bytes);
  return 1;
}

/* Answers 0 for a fragment in which TCP does not begin, or is not captured. */
static int put_fragment(tcpflow__line *line, const header *one) {
  const unsigned offset = tcpflow__fetch16(one->bytes + 2) & FRAGMENT_OFFSET;

  put_number(line, "frag (", offset);
  put_number(line, "|", one->length - 8);
  tcpflow__put(line, offset == 0 ? ") " : ")");
  return offset == 0 && one->there > 8;
}

static int put_ah(tcpflow__line *line, const uint8_t *bytes, uint32_t size) {
  put_hex(line, "AH(spi=0x", tcpflow__fetch32(bytes + 4), 8);
  put_hex(line, ",seq=0x", tcpflow__fetch32(bytes + 8), 1);
  tcpflow__put(line, ",icv=0x");
  tcpflow__put_octets(line, bytes + 12, size - 12);
  tcpflow__put(line, "): ");
  return 1;
}

static int put_header(tcpflow__line *line, const header *one, uint32_t size) {
  switch (one->type) {
  case HOP_BY_HOP:
    tcpflow__put(line, "HBH ");
    return 1;
  case DESTINATION:
    tcpflow__put(line, "DSTOPT ");
    return 1;
  case ROUTING:
    return put_routing(line, one->bytes);
  case FRAGMENT:
    return put_fragment(line, one);
  default:
    return put_ah(line, one->bytes, size);
  }
}

static header first_header(const tcpflow_packet *packet,
                           const tcpflow__extent *extent) {
  const uint8_t *const ip = packet->bytes + packet->ip_offset;
  const uint32_t there = extent->end - packet->ip_offset;
  const int old = packet->tuple.version == 4;
  const uint32_t size = old ? (ip[0] & 0xfU) * 4U : IPV6_SIZE;

  return (header){old ? ip[9] : ip[6], ip + size, there - size,
                  extent->length - size};
}

int tcpflow__put_extensions(tcpflow__line *line, const tcpflow_packet *packet,
                            const tcpflow__extent *extent) {
  header one = first_header(packet, extent);

  if (one.type == TCP) {
    return 1;
  }
  tcpflow__put_ends(line, &packet->tuple);
  tcpflow__put(line, ": ");
  while (one.type != TCP) {
    const uint32_t size = size_of(&one);

    if (size == 0) {
      tcpflow__put(line, cut_name(one.type));
      return 0;
    }
    if (!put_header(line, &one, size)) {
      return 0;
    }
    one = (header){one.bytes[0], one.bytes + size, one.there - size,
                   one.length - size};
  }
  return 1;
}
