/*
 * lib/decode/link_capture.c - headers that say of which link type the frame
 * behind them is, or that stand in front of Ethernet.
 *
 * Room: decode.  Includes: wire.
 */
#include "decode/links.h"
#include "wire/bytes.h"

enum {
  PPI_SIZE = 8,
  PPI_MOST = 65532,
  PPI_ALIGNED = 0x01,
  PPI_FIELD_SIZE = 4,
  PPI_WIFI_COMMON = 2,
  PPI_WIFI_COMMON_SIZE = 20,
  PPI_WIFI_FLAGS_AT = 8,
  PPI_WIFI_CHECKED = 0x01,
  CHECK_SIZE = 4,
  PKTAP_SIZE = 108,
  PKTAP_NUMBERS_SIZE = 12,
  PKTAP_PACKET = 1,
  PKTAP_MOST = 4096, /* That is believed where another format may stand. */
  NETANALYZER_SIZE = 4,
  NETANALYZER_PREAMBLE = 8,
  PREAMBLE = 0x55,
  PREAMBLE_MOST = 16, /* The octets of a preamble, and more. */
  MPACKET_EXPRESS = 0xd5,
  SYMANTEC_SIZE = 44,
  DOCSIS_SIZE = 6,
  DOCSIS_TYPE = 0xc0, /* 0: a packet. */
  DOCSIS_EXTENDED = 0x01
};

#define NEXT_ETHERNET (TCPFLOW__NEXT_LINK + TCPFLOW_LINK_ETHERNET)

static uint32_t fetch16_little(const uint8_t *bytes) {
  return (uint32_t)bytes[1] << 8 | bytes[0];
}

/* Takes a field; answers its length, padding included, or 0 at the end. */
static uint32_t take_field(tcpflow__cursor *cursor, uint32_t unit,
                           uint32_t *type) {
  const uint8_t *const bytes = tcpflow__cursor_take(cursor, PPI_FIELD_SIZE);

  if (bytes == NULL) {
    return 0;
  }
  *type = fetch16_little(bytes);
  const uint32_t length = fetch16_little(bytes + 2);

  return (length + unit - 1) / unit * unit;
}

/* Whether the fields of a PPI header say that a frame of 802.11 has its check
   sequence.  Each turn takes four octets at least. */
static int has_check(const uint8_t *header, uint32_t size) {
  const uint32_t unit = (header[1] & PPI_ALIGNED) != 0 ? 4 : 1;
  tcpflow__cursor cursor = {header, PPI_SIZE, size};
  uint32_t type = 0;
  uint32_t length = take_field(&cursor, unit, &type);

  while (length != 0) {
    const uint8_t *const field = tcpflow__cursor_take(&cursor, length);

    if (field == NULL) {
      return 0;
    }
    if (type == PPI_WIFI_COMMON && length == PPI_WIFI_COMMON_SIZE) {
      return (field[PPI_WIFI_FLAGS_AT] & PPI_WIFI_CHECKED) != 0;
    }
    length = take_field(&cursor, unit, &type);
  }
  return 0;
}

uint32_t tcpflow__step_ppi(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_PPI, PPI_SIZE);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  const uint32_t size = fetch16_little(bytes + 2);
  if (size < PPI_SIZE || size > PPI_MOST) {
    return tcpflow__walk_stop_bad(walk);
  }
  if (!tcpflow__walk_skip(walk, size - PPI_SIZE)) {
    return TCPFLOW__NEXT_STOP;
  }
  const uint32_t link = tcpflow__fetch32_little(bytes + 4);
  const uint32_t left = tcpflow__walk_wire_left(walk);

  if (link == TCPFLOW_LINK_IEEE802_11 && left >= CHECK_SIZE &&
      has_check(bytes, size)) {
    tcpflow__walk_narrow(walk, left - CHECK_SIZE);
  }
  return tcpflow__next_link(walk, link);
}

/* All numbers are little-endian. */
uint32_t tcpflow__step_pktap(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_PKTAP, PKTAP_SIZE);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  const uint32_t size = tcpflow__fetch32_little(bytes);

  if (size < PKTAP_SIZE) {
    return tcpflow__walk_stop_bad(walk);
  }
  if (!tcpflow__walk_skip(walk, size - PKTAP_SIZE)) {
    return TCPFLOW__NEXT_STOP;
  }
  return tcpflow__fetch32_little(bytes + 4) == PKTAP_PACKET
           ? tcpflow__next_link(walk, tcpflow__fetch32_little(bytes + 8))
           : tcpflow__walk_stop(walk, TCPFLOW_PACKET_NOT_IP, 0);
}

/* macOS writes PKTAP under a number that is free for any use (DLT_USER2). */
uint32_t tcpflow__step_pktap_or_other(tcpflow__walk *walk) {
  const uint8_t *const bytes = tcpflow__walk_peek(walk, PKTAP_NUMBERS_SIZE);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  const uint32_t size = tcpflow__fetch32_little(bytes);

  return size < PKTAP_SIZE || size > PKTAP_MOST ||
             tcpflow__fetch32_little(bytes + 4) > PKTAP_PACKET
           ? tcpflow__walk_stop(walk, TCPFLOW_PACKET_UNSUPPORTED, 0)
           : tcpflow__step_pktap(walk);
}

uint32_t tcpflow__step_netanalyzer(tcpflow__walk *walk) {
  return tcpflow__walk_enter(walk, TCPFLOW_LAYER_CAPTURE, NETANALYZER_SIZE) ==
             NULL
           ? TCPFLOW__NEXT_STOP
           : NEXT_ETHERNET;
}

uint32_t tcpflow__step_netanalyzer_whole(tcpflow__walk *walk) {
  return tcpflow__walk_enter(walk, TCPFLOW_LAYER_CAPTURE,
                             NETANALYZER_SIZE + NETANALYZER_PREAMBLE) == NULL
           ? TCPFLOW__NEXT_STOP
           : NEXT_ETHERNET;
}

/* IEEE 802.3 clause 99.3: the delimiters of a first fragment. */
static int starts_fragment(uint8_t delimiter) {
  return delimiter == 0xe6 || delimiter == 0x4c || delimiter == 0x7f ||
         delimiter == 0xb3;
}

/* How long the preamble is, which may be shorter than sent. */
static uint32_t preamble_size(const uint8_t *bytes, uint32_t most) {
  uint32_t size = 0;

  while (size < most && bytes[size] == PREAMBLE) {
    size++;
  }
  return size;
}

/* The preamble may begin in the middle of an octet. */
uint32_t tcpflow__step_mpacket(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_CAPTURE, 1);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  const uint32_t left = tcpflow__cursor_left(&walk->cursor);
  const uint32_t size =
    preamble_size(bytes + 1, left < PREAMBLE_MOST ? left : PREAMBLE_MOST);
  const uint8_t *const rest = tcpflow__walk_take(walk, size + 1);

  if (rest == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  return rest[size] == MPACKET_EXPRESS || starts_fragment(rest[size])
           ? NEXT_ETHERNET
           : tcpflow__walk_stop(walk, TCPFLOW_PACKET_UNSUPPORTED, 0);
}

uint32_t tcpflow__step_symantec(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_CAPTURE, SYMANTEC_SIZE);

  return bytes == NULL
           ? TCPFLOW__NEXT_STOP
           : tcpflow__walk_announce(walk, tcpflow__fetch16(bytes + 6));
}

/* The header ends with a check sequence; an extended header stands in front of
   that, and its length in the second octet. */
uint32_t tcpflow__step_docsis(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_DOCSIS, DOCSIS_SIZE);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  if ((bytes[0] & DOCSIS_TYPE) != 0) {
    return tcpflow__walk_stop(walk, TCPFLOW_PACKET_NOT_IP, 0);
  }
  return tcpflow__walk_skip(walk,
                            (bytes[0] & DOCSIS_EXTENDED) != 0 ? bytes[1] : 0U)
           ? NEXT_ETHERNET
           : TCPFLOW__NEXT_STOP;
}
