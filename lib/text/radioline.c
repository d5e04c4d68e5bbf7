/*
 * lib/text/radioline.c - what a capture tells of the radio, as tcpdump writes
 * it: radiotap, Prism, AVS, PPI.
 *
 * Room: text.  Includes: decode, wire.  Radiotap (https://www.radiotap.org) is
 * little-endian; a bit of its first words announces each field, and fields are
 * aligned from the start of the header.
 */
#include "text/shows.h"
#include "text/wlanline.h"

enum {
  BIT_NAMESPACE = 29, /* The fields start anew. */
  BIT_VENDOR = 30,
  BIT_EXTENDED = 31,
  FLAG_CHECK = 0x10,
  FLAG_PADDED = 0x20,
  FIELDS = 22
};

/* Where the fields stand. */
typedef struct fields {
  const uint8_t *bytes; /* The header. */
  uint32_t at;
  uint32_t size;
  unsigned flags;
} fields;

static const struct {
  uint8_t size; /* 0: not known to tcpdump. */
  uint8_t align;
} shapes[FIELDS] = {{8, 8}, {1, 1}, {1, 1}, {4, 2}, {2, 2}, {1, 1},
                    {1, 1}, {2, 2}, {2, 2}, {2, 2}, {1, 1}, {1, 1},
                    {1, 1}, {1, 1}, {2, 2}, {0, 1}, {0, 1}, {0, 1},
                    {8, 4}, {3, 1}, {8, 4}, {12, 2}};

static unsigned fetch16(const uint8_t *p) {
  return p[0] | (unsigned)p[1] << 8;
}

static void put_signed(tcpflow__line *line, int number, const char *unit) {
  if (number < 0) {
    tcpflow__put_char(line, '-');
  }
  tcpflow__put_decimal(line, (uint64_t)(number < 0 ? -number : number));
  tcpflow__put(line, unit);
}

static int octet_of(uint8_t octet) {
  return octet < 128 ? octet : octet - 256;
}

static void put_flags(tcpflow__line *line, unsigned flags) {
  tcpflow__put(line, (flags & 1U) != 0 ? "cfp " : "");
  tcpflow__put(line, (flags & 2U) != 0 ? "short preamble " : "");
  tcpflow__put(line, (flags & 4U) != 0 ? "wep " : "");
  tcpflow__put(line, (flags & 8U) != 0 ? "fragmented " : "");
  tcpflow__put(line, (flags & 0x40U) != 0 ? "bad-fcs " : "");
}

/* Bits: 0x10 turbo, 0x20 CCK, 0x40 OFDM, 0x80 2 GHz, 0x100 5 GHz, 0x400 dynamic
   CCK-OFDM, 0x4000 half rate, 0x8000 quarter rate. */
static void put_channel(tcpflow__line *line, unsigned frequency,
                        unsigned flags) {
  const unsigned two = flags & 0x80U;
  const unsigned five = flags & 0x100U;

  tcpflow__put_decimal(line, frequency);
  tcpflow__put(line, " MHz");
  if (five != 0 && (flags & 0x40U) != 0) {
    tcpflow__put(line, " 11a");
    tcpflow__put(line, (flags & 0x4000U) != 0   ? "/10Mhz"
                       : (flags & 0x8000U) != 0 ? "/5Mhz"
                                                : "");
  } else if (two != 0 && (flags & 0x440U) != 0) {
    tcpflow__put(line, " 11g");
  } else if (two != 0 && (flags & 0x20U) != 0) {
    tcpflow__put(line, " 11b");
  }
  tcpflow__put(line, (flags & 0x10U) != 0 ? " Turbo " : " ");
}

/* Fields of one number and a word. */
static void put_plain(tcpflow__line *line, unsigned bit, const uint8_t *field) {
  static const char *const words[14] = {"",
                                        "",
                                        "",
                                        "",
                                        "",
                                        "dBm signal ",
                                        "dBm noise ",
                                        " sq ",
                                        " tx power ",
                                        "dB tx attenuation ",
                                        "dBm tx power ",
                                        "",
                                        "dB signal ",
                                        "dB noise "};

  switch (bit) {
  case 5:
  case 6:
  case 10:
    put_signed(line, octet_of(field[0]), words[bit]);
    break;
  case 7:
    put_signed(line, (int)fetch16(field), words[bit]);
    break;
  case 8:
  case 9:
    put_signed(line, -(int)fetch16(field), words[bit]);
    break;
  case 12:
  case 13:
    put_signed(line, field[0], words[bit]);
    break;
  default:
    break;
  }
}

static void put_speed(tcpflow__line *line, unsigned rate) {
  if (rate >= 0x80 && rate <= 0x8f) {
    tcpflow__put_word(line, "MCS ", rate & 0x7fU);
    tcpflow__put_char(line, ' ');
  } else {
    tcpflow__put_rate(line, rate * 5);
  }
}

static void put_time(tcpflow__line *line, const uint8_t *field) {
  const uint64_t low = tcpflow__fetch32_little(field);

  tcpflow__put_decimal(line, low | (uint64_t)tcpflow__fetch32_little(field + 4)
                                     << 32);
  tcpflow__put(line, "us tsft ");
}

static void put_field(tcpflow__line *line, fields *all, unsigned bit,
                      const uint8_t *field) {
  switch (bit) {
  case 0:
    put_time(line, field);
    break;
  case 1:
    all->flags = field[0];
    put_flags(line, field[0]);
    break;
  case 2:
    put_speed(line, field[0]);
    break;
  case 3:
    put_channel(line, fetch16(field), fetch16(field + 2));
    break;
  case 4:
    tcpflow__put_word(line, "fhset ", field[0]);
    tcpflow__put_word(line, " fhpat ", field[1]);
    tcpflow__put_char(line, ' ');
    break;
  case 11:
    tcpflow__put_word(line, "antenna ", field[0]);
    tcpflow__put_char(line, ' ');
    break;
  case 18:
    put_channel(line, fetch16(field + 4), fetch16(field));
    break;
  case 19:
    tcpflow__put_mcs(line, field);
    break;
  case 21:
    tcpflow__put_vht(line, field);
    break;
  default:
    put_plain(line, bit, field);
    break;
  }
}

/* Answers 0 if the rest cannot be read: it is cut, or a field is not known. */
static int take_field(const tcpflow__view *view, fields *all, unsigned bit,
                      unsigned number) {
  if (bit >= FIELDS || shapes[bit].size == 0) {
    tcpflow__put_word(view->line, "[bit ", number);
    tcpflow__put(view->line, "] ");
    return 0;
  }
  const uint32_t align = shapes[bit].align;
  const uint32_t at = (all->at + align - 1) / align * align;

  if (at > all->size || shapes[bit].size > all->size - at) {
    (void)tcpflow__view_cut(view);
    return 0;
  }
  put_field(view->line, all, bit, all->bytes + at);
  all->at = at + shapes[bit].size;
  return 1;
}

/* The fields of one word of bits.  Answers 0 if that was the last one to be
   read. */
static int take_word(const tcpflow__view *view, fields *all, uint32_t word,
                     unsigned base) {
  for (unsigned bit = 0; bit < BIT_NAMESPACE; bit++) {
    if ((word >> bit & 1) != 0 &&
        !take_field(view, all, base + bit, base + bit)) {
      return 0;
    }
  }
  return (word >> BIT_VENDOR & 1) == 0;
}

/* Octets of the words; 0: they do not fit into the header. */
static uint32_t words_size(const uint8_t *bytes, uint32_t size) {
  uint32_t at = 4;

  while (size - at >= 4) {
    const uint32_t word = tcpflow__fetch32_little(bytes + at);

    at += 4;
    if ((word >> BIT_EXTENDED & 1) == 0) {
      return at;
    }
  }
  return 0;
}

static void put_fields(const tcpflow__view *view, fields *all) {
  unsigned base = 0;
  uint32_t word = UINT32_C(1) << BIT_EXTENDED;

  for (uint32_t at = 4; (word >> BIT_EXTENDED & 1) != 0; at += 4) {
    const uint32_t before = word;

    word = tcpflow__fetch32_little(all->bytes + at);
    base = at == 4 || (before >> BIT_NAMESPACE & 1) != 0 ? 0 : base + 32;
    if (!take_word(view, all, word, base)) {
      return;
    }
  }
}

uint32_t tcpflow__show_radiotap(tcpflow__view *view) {
  const uint8_t *const start = tcpflow__view_at(view, 0, 8);
  const uint32_t size = start == NULL ? 0 : fetch16(start + 2);
  const uint8_t *const bytes = tcpflow__view_at(view, 0, size);

  view->name = "802.11_radio";
  if (start == NULL || bytes == NULL || size < 8 ||
      words_size(bytes, size) == 0) {
    return tcpflow__view_cut(view);
  }
  fields all = {bytes, words_size(bytes, size), size, 0};

  put_fields(view, &all);
  tcpflow__view_skip(view, size);
  return tcpflow__show_wlan_frame(view, (all.flags & FLAG_PADDED) != 0,
                                  (all.flags & FLAG_CHECK) != 0 ? 4 : 0);
}

uint32_t tcpflow__show_avs(tcpflow__view *view) {
  const uint8_t *const head = tcpflow__view_at(view, 0, 8);
  const uint32_t size = head == NULL ? 0 : tcpflow__fetch32(head + 4);

  view->name = "802.11_radio_avs";
  if (head == NULL || tcpflow__view_at(view, 0, size) == NULL) {
    return tcpflow__view_cut(view);
  }
  tcpflow__view_skip(view, size);
  return tcpflow__show_wlan(view);
}

/* Some systems put an AVS header where they announce Prism's. */
uint32_t tcpflow__show_prism(tcpflow__view *view) {
  const uint8_t *const head = tcpflow__view_at(view, 0, 4);
  const uint32_t word = head == NULL ? 0 : tcpflow__fetch32(head);

  view->name = "prism";
  if (word >= UINT32_C(0x80211001) && word <= UINT32_C(0x80211003)) {
    return tcpflow__show_avs(view);
  }
  if (head == NULL || tcpflow__view_at(view, 0, 144) == NULL) {
    return tcpflow__view_cut(view);
  }
  tcpflow__view_skip(view, 144);
  return tcpflow__show_wlan(view);
}
