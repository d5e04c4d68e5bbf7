/*
 * lib/options/layouts.c - the lists that most segments have, known by sight.
 *
 * Room: options.  Includes: base, wire.  A few compares of four octets take the
 * place of a walk.  Here stand only lists about which the walk has nothing to
 * say: whatever is the least bit odd is left to it.  That both agree is tested
 * with every octet of every layout changed to every value.
 */
#include "base/compiler.h"
#include "base/sized.h"
#include "options/offers.h"
#include "options/options.h"
#include "options/sacked.h"
#include "options/timestamps.h"
#include "wire/bytes.h"

/* What the layouts are made of, as they stand in four octets. */
#define NOP_NOP_SACK_OK UINT32_C(0x01010402)
#define SACK_OK_EOL     UINT32_C(0x04020000)

/* What all SYNs of today offer. */
#define OFFERED                                                                \
  ((uint32_t)(TCPFLOW_HAS_MSS | TCPFLOW_HAS_NOP | TCPFLOW_HAS_WSCALE))

/* [nop,nop,TS]. */
static inline int parse_timestamps(tcpflow_options *options,
                                   const uint8_t *bytes) {
  if (!tcpflow__options_are_timestamps(bytes)) {
    return 0;
  }
  tcpflow__timestamps_init(options);
  tcpflow__timestamps_take(options, bytes + 4);
  return 1;
}

/* [nop,nop,TS,nop,nop,sack] with one to three blocks: the ACKs behind a
   loss. */
static int parse_timestamps_sack(tcpflow_options *options, const uint8_t *bytes,
                                 size_t length, unsigned tcp_flags) {
  if ((tcp_flags & TCPFLOW_FLAG_SYN) != 0 ||
      !tcpflow__options_are_sacked(bytes, length)) {
    return 0;
  }
  tcpflow__sacked_init(options);
  return tcpflow__sacked_take(options, bytes, length);
}

/* [mss,sackOK,TS,nop,wscale]: the SYN of Linux and Android. */
static int parse_offers(tcpflow_options *options, const uint8_t *bytes,
                        unsigned tcp_flags) {
  if ((tcp_flags & TCPFLOW_FLAG_SYN) == 0 ||
      !tcpflow__options_are_offers(bytes)) {
    return 0;
  }
  tcpflow__offers_init(options);
  tcpflow__offers_take(options, bytes);
  return 1;
}

/* What stands behind [mss,nop,wscale] in other SYNs than those of Linux, in
   LENGTH octets from the first on; 0 in `present`: something else. */
static inline tcpflow_options parse_tail(const uint8_t *bytes, size_t length) {
  const uint32_t tail = tcpflow__fetch32(bytes + 8);
  tcpflow_options options = {.size = sizeof(options)};

  if (length == 12 && tail == NOP_NOP_SACK_OK) {
    options.present = OFFERED | TCPFLOW_HAS_SACK_PERMITTED;
    options.count = 6;
  } else if (length == 20 && tail == TCPFLOW__SACK_OK_TIMESTAMPS) {
    options.present =
      OFFERED | TCPFLOW_HAS_SACK_PERMITTED | TCPFLOW_HAS_TIMESTAMPS;
    options.count = 5;
    tcpflow__timestamps_take(&options, bytes + 12);
  } else if (length == 24 && tail == TCPFLOW__TIMESTAMPS_START &&
             tcpflow__fetch32(bytes + 20) == SACK_OK_EOL) {
    options.present = OFFERED | TCPFLOW_HAS_SACK_PERMITTED |
                      TCPFLOW_HAS_TIMESTAMPS | TCPFLOW_HAS_EOL;
    options.count = 8;
    tcpflow__timestamps_take(&options, bytes + 12);
  }
  return options;
}

/* [mss,nop,wscale,nop,nop,sackOK]: the SYN of Windows.
   [mss,nop,wscale,sackOK,TS]: FreeBSD.
   [mss,nop,wscale,nop,nop,TS,sackOK,eol]: macOS and iOS. */
static int parse_others_offers(tcpflow_options *options, const uint8_t *bytes,
                               size_t length, unsigned tcp_flags) {
  if ((tcp_flags & TCPFLOW_FLAG_SYN) == 0 || length < 12) {
    return 0;
  }
  const uint32_t mss = tcpflow__fetch32(bytes) ^ TCPFLOW__MSS_WITHOUT_VALUE;
  const uint32_t shift =
    tcpflow__fetch32(bytes + 4) ^ TCPFLOW__NOP_WSCALE_NO_VALUE;

  if (mss == 0 || mss > UINT16_MAX || shift > TCPFLOW_WSCALE_MAX) {
    return 0;
  }
  *options = parse_tail(bytes, length);
  options->mss = (uint16_t)mss;
  options->wscale = (uint8_t)shift;
  options->wscale_raw = (uint8_t)shift;
  return options->present != 0;
}

/* Answers whether it was one of the other layouts; if not, OPTIONS mean
   nothing. */
static int parse_layout(tcpflow_options *options, const uint8_t *bytes,
                        size_t length, unsigned tcp_flags) {
  if (length == 0) {
    *options = (tcpflow_options){.size = sizeof(*options)};
    return 1;
  }
  if (length == TCPFLOW__OFFERS_LENGTH &&
      parse_offers(options, bytes, tcp_flags)) {
    return 1;
  }
  return length > TCPFLOW__SACKED_LENGTH &&
         parse_timestamps_sack(options, bytes, length, tcp_flags);
}

/* [nop,nop,sack] with one to four blocks: the same without timestamps.  It is
   tried last, so that the others stay short. */
static int parse_sack(tcpflow_options *options, const uint8_t *bytes,
                      size_t length, unsigned tcp_flags) {
  if ((tcp_flags & TCPFLOW_FLAG_SYN) != 0 || length > 36 || length < 12 ||
      tcpflow__fetch32(bytes) != TCPFLOW__NOP_NOP_SACK + (length - 4) ||
      length % 8 != 4) {
    return 0;
  }
  *options = (tcpflow_options){.size = sizeof(*options),
                               .present = TCPFLOW_HAS_NOP | TCPFLOW_HAS_SACK,
                               .count = 3};
  return tcpflow__sacked_blocks(options, bytes + 4, (unsigned)(length - 4) / 8);
}

/* Kept apart, so that the commonest layout does not pay for the others. */
TCPFLOW__APART static void parse_other(tcpflow_options *options,
                                       const uint8_t *bytes, size_t length,
                                       size_t captured, unsigned tcp_flags) {
  if (captured < length ||
      (!parse_layout(options, bytes, length, tcp_flags) &&
       !parse_sack(options, bytes, length, tcp_flags) &&
       !parse_others_offers(options, bytes, length, tcp_flags))) {
    tcpflow__options_parse_walking(options, bytes, length, captured, tcp_flags);
  }
}

TCPFLOW__FLAT void parse(tcpflow_options *options, const uint8_t *bytes,
                         size_t length, size_t captured, unsigned tcp_flags) {
  if (length != 12 || captured < 12 || !parse_timestamps(options, bytes)) {
    parse_other(options, bytes, length, captured, tcp_flags);
  }
}

void tcpflow__options_parse(tcpflow_options *options, const uint8_t *bytes,
                            size_t length, size_t captured,
                            unsigned tcp_flags) {
  parse(options, bytes, length, captured, tcp_flags);
}

/* For values of another release, or a struct that is none. */
TCPFLOW__COLD static int parse_sized(tcpflow_options *options,
                                     const uint8_t *bytes, size_t length,
                                     size_t captured, unsigned tcp_flags) {
  tcpflow_options ours;

  if (tcpflow__sized_check(options) != TCPFLOW_OK) {
    return TCPFLOW_ERR_VERSION;
  }
  parse(&ours, bytes, length, captured, tcp_flags);
  tcpflow__sized_write(options, &ours, sizeof(ours));
  return TCPFLOW_OK;
}

int tcpflow_options_parse(tcpflow_options *options, const uint8_t *bytes,
                          size_t length, size_t captured, unsigned tcp_flags) {
  if (options->size != sizeof(*options)) {
    return parse_sized(options, bytes, length, captured, tcp_flags);
  }
  parse(options, bytes, length, captured, tcp_flags);
  return TCPFLOW_OK;
}
