/*
 * lib/decode/link_radio.c - what a wireless card tells beside a frame of
 * 802.11: Radiotap, Prism, AVS.
 *
 * Room: decode.  Includes: wire.  Only two facts change what follows: whether a
 * check sequence is at the frame's end, and whether its header is padded.
 */
#include "decode/links.h"
#include "wire/bytes.h"

enum {
  RADIOTAP_SIZE = 8,
  RADIOTAP_PRESENT_AT = 4,
  RADIOTAP_TIME = 0x01, /* Bits of the first word of what is present. */
  RADIOTAP_FLAGS = 0x02,
  TIME_SIZE = 8,
  FLAG_CHECKED = 0x10,
  FLAG_PADDED = 0x20,
  CHECK_SIZE = 4,
  AVS_SIZE = 8,
  PRISM_SIZE = 144,
  PRISM_TYPE_1 = 0x44,
  PRISM_TYPE_2 = 0x41,
  MAGIC_SIZE = 4
};

#define RADIOTAP_MORE UINT32_C(0x80000000) /* Another word follows. */
#define AVS_MAGIC     UINT32_C(0x80211000) /* And the version. */

#define NEXT_WIFI     (TCPFLOW__NEXT_LINK + TCPFLOW_LINK_IEEE802_11)
#define NEXT_PADDED   (TCPFLOW__NEXT_OTHER + TCPFLOW_LAYER_IEEE802_11)

static uint32_t fetch16_little(const uint8_t *bytes) {
  return (uint32_t)bytes[1] << 8 | bytes[0];
}

/* Passes over the words that say what is present; answers the first one, 0 if
   they do not fit.  Each turn takes four octets. */
static uint32_t take_present(tcpflow__cursor *cursor) {
  const uint8_t *bytes = tcpflow__cursor_take(cursor, 4);
  const uint32_t first = bytes == NULL ? 0 : tcpflow__fetch32_little(bytes);

  while (bytes != NULL &&
         (tcpflow__fetch32_little(bytes) & RADIOTAP_MORE) != 0) {
    bytes = tcpflow__cursor_take(cursor, 4);
  }
  return bytes == NULL ? 0 : first;
}

/* The flags of a header of LENGTH octets; 0 if it has none.  Fields are aligned
   to their own size, from the start of the header. */
static uint8_t fetch_flags(const uint8_t *header, uint32_t length) {
  tcpflow__cursor cursor = {header, RADIOTAP_PRESENT_AT, length};
  const uint32_t present = take_present(&cursor);

  if ((present & RADIOTAP_FLAGS) == 0) {
    return 0;
  }
  if ((present & RADIOTAP_TIME) != 0) {
    const uint32_t padding = cursor.off % TIME_SIZE;

    (void)tcpflow__cursor_take(&cursor, TIME_SIZE + padding);
  }
  const uint8_t *const flags = tcpflow__cursor_take(&cursor, 1);

  return flags == NULL ? 0 : flags[0];
}

/* Keeps the check sequence at the frame's end out. */
static void drop_check(tcpflow__walk *walk) {
  const uint32_t left = tcpflow__walk_wire_left(walk);

  if (left >= CHECK_SIZE) {
    tcpflow__walk_narrow(walk, left - CHECK_SIZE);
  }
}

uint32_t tcpflow__step_radiotap(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_RADIOTAP, RADIOTAP_SIZE);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  const uint32_t length = fetch16_little(bytes + 2);
  if (length < RADIOTAP_SIZE) {
    return tcpflow__walk_stop_bad(walk);
  }
  if (!tcpflow__walk_skip(walk, length - RADIOTAP_SIZE)) {
    return TCPFLOW__NEXT_STOP;
  }
  const uint8_t flags = fetch_flags(bytes, length);

  if ((flags & FLAG_CHECKED) != 0) {
    drop_check(walk);
  }
  return (flags & FLAG_PADDED) != 0 ? NEXT_PADDED : NEXT_WIFI;
}

uint32_t tcpflow__step_avs(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_AVS, AVS_SIZE);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  const uint32_t length = tcpflow__fetch32(bytes + 4);

  if (length < AVS_SIZE) {
    return tcpflow__walk_stop_bad(walk);
  }
  return tcpflow__walk_skip(walk, length - AVS_SIZE) ? NEXT_WIFI
                                                     : TCPFLOW__NEXT_STOP;
}

static int is_prism(const uint8_t *bytes) {
  const uint32_t big = tcpflow__fetch32(bytes);
  const uint32_t little = tcpflow__fetch32_little(bytes);

  return big == PRISM_TYPE_1 || big == PRISM_TYPE_2 || little == PRISM_TYPE_1 ||
         little == PRISM_TYPE_2;
}

/* Drivers write AVS headers under this link type too, or none. */
uint32_t tcpflow__step_prism(tcpflow__walk *walk) {
  const uint8_t *const bytes = tcpflow__walk_peek(walk, MAGIC_SIZE);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  if ((tcpflow__fetch32(bytes) & ~UINT32_C(3)) == AVS_MAGIC) {
    return tcpflow__step_avs(walk);
  }
  if (!is_prism(bytes)) {
    return NEXT_WIFI;
  }
  return tcpflow__walk_enter(walk, TCPFLOW_LAYER_PRISM, PRISM_SIZE) == NULL
           ? TCPFLOW__NEXT_STOP
           : NEXT_WIFI;
}
