/*
 * lib/text/rateline.c - modulation and bandwidth of 802.11n and 802.11ac, as
 * radiotap tells and tcpdump writes them.
 *
 * Room: text.  Includes: nothing of ours.
 */
#include "text/wlanline.h"

/* A number of tenths. */
void tcpflow__put_rate(tcpflow__line *line, unsigned tenths) {
  tcpflow__put_decimal(line, tenths / 10);
  tcpflow__put_word(line, ".", tenths % 10);
  tcpflow__put(line, " Mb/s ");
}

/* IEEE 802.11-2020 clause 19.5: bits of a symbol; it takes 4 us, or 3.6. */
static void put_mcs_rate(tcpflow__line *line, unsigned index, int wide,
                         int quick) {
  static const uint16_t bits[8] = {26, 52, 78, 104, 156, 208, 234, 260};
  static const uint16_t wide_bits[8] = {54, 108, 162, 216, 324, 432, 486, 540};

  if (index < 32) {
    const unsigned all =
      (wide ? wide_bits : bits)[index % 8] * (index / 8 + 1U);

    tcpflow__put_rate(line, quick ? (all * 100 + 18) / 36 : (all * 10 + 2) / 4);
  }
}

static void put_mcs_bands(tcpflow__line *line, unsigned known, unsigned flags) {
  static const char *const bands[] = {"20 MHz ", "40 MHz ", "20 MHz (L) ",
                                      "20 MHz (U) "};

  if ((known & 1U) != 0) {
    tcpflow__put(line, bands[flags & 3U]);
  }
  if ((known & 4U) != 0) {
    tcpflow__put(line, (flags & 4U) != 0 ? "short GI " : "long GI ");
  }
  if ((known & 8U) != 0) {
    tcpflow__put(line, (flags & 8U) != 0 ? "greenfield " : "mixed ");
  }
  if ((known & 0x10U) != 0) {
    tcpflow__put(line, (flags & 0x10U) != 0 ? "LDPC FEC " : "BCC FEC ");
  }
  if ((known & 0x20U) != 0 && (flags & 0x60U) != 0) {
    tcpflow__put_word(line, "RX-STBC", flags >> 5 & 3U);
    tcpflow__put_char(line, ' ');
  }
}

void tcpflow__put_mcs(tcpflow__line *line, const uint8_t *field) {
  const unsigned known = field[0];
  const unsigned flags = field[1];

  if ((known & 2U) != 0) {
    if ((known & 1U) != 0) {
      put_mcs_rate(line, field[2], (flags & 3U) == 1,
                   (known & 4U) != 0 && (flags & 4U) != 0);
    }
    tcpflow__put_word(line, "MCS ", field[2]);
    tcpflow__put_char(line, ' ');
  }
  put_mcs_bands(line, known, flags);
}

static const char *vht_band(unsigned bits) {
  static const char *const names[26] = {
    "20 MHz",        "40 MHz",        "20 MHz (L)",    "20 MHz (U)",
    "80 MHz",        "80 MHz (L)",    "80 MHz (U)",    "80 MHz (LL)",
    "80 MHz (LU)",   "80 MHz (UL)",   "80 MHz (UU)",   "160 MHz",
    "160 MHz (L)",   "160 MHz (U)",   "160 MHz (LL)",  "160 MHz (LU)",
    "160 MHz (UL)",  "160 MHz (UU)",  "160 MHz (LLL)", "160 MHz (LLU)",
    "160 MHz (LUL)", "160 MHz (UUU)", "160 MHz (ULL)", "160 MHz (ULU)",
    "160 MHz (UUL)", "160 MHz (UUU)"};

  return bits < 26 ? names[bits] : NULL;
}

/* Known bits: 0x04 guard interval, 0x40 bandwidth. */
void tcpflow__put_vht(tcpflow__line *line, const uint8_t *field) {
  const unsigned known = (field[0] | (unsigned)field[1] << 8);
  const unsigned bits = field[3] & 0x1fU;

  for (unsigned i = 0; i < 4; i++) {
    if ((field[4 + i] & 0xfU) != 0) {
      tcpflow__put_word(line, "User ", i);
      tcpflow__put_word(line, " MCS ", field[4 + i] >> 4);
      tcpflow__put(line,
                   (field[8] >> i & 1U) != 0 ? " LDPC FEC " : " BCC FEC ");
    }
  }
  if ((known & 0x40U) != 0 && vht_band(bits) != NULL) {
    tcpflow__put(line, vht_band(bits));
    tcpflow__put_char(line, ' ');
  } else if ((known & 0x40U) != 0) {
    tcpflow__put_word(line, "unknown (", bits);
    tcpflow__put(line, ") ");
  }
  if ((known & 4U) != 0) {
    tcpflow__put(line, (field[2] & 4U) != 0 ? "short GI " : "long GI ");
  }
}
