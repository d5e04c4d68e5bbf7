/*
 * lib/options/offers.h - [mss,sackOK,TS,nop,wscale], the list that most SYNs
 * have.
 *
 * Room: options.  Includes: base, wire.  Linux and Android begin with it, and
 * answer with it.  As with timestamps.h, whoever reads many SYNs keeps options
 * that say so, in which only the values change.
 */
#ifndef TCPFLOW__OPTIONS_OFFERS_H
#define TCPFLOW__OPTIONS_OFFERS_H

#include "options/timestamps.h"

/* Octets of the list. */
#define TCPFLOW__OFFERS_LENGTH       20

/* What it is made of, as it stands in four octets. */
#define TCPFLOW__MSS_WITHOUT_VALUE   UINT32_C(0x02040000)
#define TCPFLOW__SACK_OK_TIMESTAMPS  UINT32_C(0x0402080a)
#define TCPFLOW__NOP_WSCALE_NO_VALUE UINT32_C(0x01030300)

/* What it has. */
#define TCPFLOW__OFFERS_PRESENT                                                \
  ((uint32_t)(TCPFLOW_HAS_MSS | TCPFLOW_HAS_SACK_PERMITTED |                   \
              TCPFLOW_HAS_TIMESTAMPS | TCPFLOW_HAS_NOP | TCPFLOW_HAS_WSCALE))

/* Is it that list, in a SYN, with values about which the walk has nothing to
   say?  BYTES has its length. */
TCPFLOW__FLAT bool tcpflow__options_are_offers(const uint8_t *bytes) {
  const uint32_t mss = tcpflow__fetch32(bytes) ^ TCPFLOW__MSS_WITHOUT_VALUE;
  const uint32_t shift =
    tcpflow__fetch32(bytes + 16) ^ TCPFLOW__NOP_WSCALE_NO_VALUE;

  return tcpflow__fetch32(bytes + 4) == TCPFLOW__SACK_OK_TIMESTAMPS &&
         mss != 0 && mss <= UINT16_MAX && shift <= TCPFLOW_WSCALE_MAX;
}

/* All of the list but the values, which are 0. */
TCPFLOW__FLAT void tcpflow__offers_init(tcpflow_options *options) {
  *options = (tcpflow_options){
    .size = sizeof(*options), .present = TCPFLOW__OFFERS_PRESENT, .count = 5};
}

/* The values of a list. */
TCPFLOW__FLAT void tcpflow__offers_take(tcpflow_options *options,
                                        const uint8_t *bytes) {
  options->mss = tcpflow__fetch16(bytes + 2);
  options->wscale = bytes[19];
  options->wscale_raw = bytes[19];
  tcpflow__timestamps_take(options, bytes + 8);
}

#endif /* TCPFLOW__OPTIONS_OFFERS_H */
