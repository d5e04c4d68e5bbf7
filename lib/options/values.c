/*
 * lib/options/values.c - the values of a list of options.
 *
 * Room: options.  Includes: base, wire.  What an option is, and what is wrong
 * with it, has been said by the walk; here its value is taken, if its length is
 * right and no option of its kind was taken before.
 */
#include <tcpflow/options.h>

#include "base/sized.h"
#include "options/options.h"
#include "wire/bytes.h"

TCPFLOW__NO_TAIL_PADDING(tcpflow_options, sack);

/* Of such an option there is no value to take. */
enum {
  NO_VALUE = TCPFLOW_OPTION_FLAG_NO_LENGTH |
             TCPFLOW_OPTION_FLAG_LENGTH_BELOW_2 | TCPFLOW_OPTION_FLAG_OVERRUN |
             TCPFLOW_OPTION_FLAG_CUT | TCPFLOW_OPTION_FLAG_BAD_LENGTH
};

static uint32_t bit_of_kind(uint8_t kind) {
  if (kind <= TCPFLOW_OPTION_SACK) {
    return UINT32_C(1) << kind;
  }
  return kind == TCPFLOW_OPTION_TIMESTAMPS ? TCPFLOW_HAS_TIMESTAMPS
                                           : TCPFLOW_HAS_OTHER;
}

/* RFC 7323 section 2.3: a shift above 14 is logged, and 14 used. */
static void take_wscale(tcpflow_options *options, uint8_t shift) {
  options->wscale_raw = shift;
  options->wscale = shift < TCPFLOW_WSCALE_MAX ? shift : TCPFLOW_WSCALE_MAX;
}

/* The kind's rule, 10 to 34 octets in steps of 8, is what keeps it in bounds;
   the loop's own bound holds even if the rule is changed. */
static void take_sack(tcpflow_options *options, const tcpflow_option *option) {
  const unsigned count = option->data_length / 8U;

  for (unsigned i = 0; i < count && i < TCPFLOW_SACK_BLOCKS_MAX; i++) {
    options->sack[i].left = tcpflow__fetch32(option->data + 8 * i);
    options->sack[i].right = tcpflow__fetch32(option->data + 8 * i + 4);
    options->sack_count++;
  }
}

static void take_value(tcpflow_options *options, const tcpflow_option *option) {
  switch (option->kind) {
  case TCPFLOW_OPTION_MSS:
    options->mss = tcpflow__fetch16(option->data);
    break;
  case TCPFLOW_OPTION_WSCALE:
    take_wscale(options, option->data[0]);
    break;
  case TCPFLOW_OPTION_SACK:
    take_sack(options, option);
    break;
  case TCPFLOW_OPTION_TIMESTAMPS:
    options->ts_val = tcpflow__fetch32(option->data);
    options->ts_ecr = tcpflow__fetch32(option->data + 4);
    break;
  default:
    break;
  }
}

/* Each SACK block is a value of its own: of an option that the capture cuts,
   the whole ones are taken.  One without blocks is none. */
static int has_value(const tcpflow_option *option) {
  if (option->kind == TCPFLOW_OPTION_SACK) {
    return (option->flags & NO_VALUE & ~(unsigned)TCPFLOW_OPTION_FLAG_CUT) ==
             0 &&
           option->data_length >= 8;
  }
  return (option->flags & NO_VALUE) == 0;
}

/* An option that is not typed is present in any shape: there is no value that
   its presence would promise. */
static void take(tcpflow_options *options, const tcpflow_option *option) {
  const uint32_t bit = bit_of_kind(option->kind);

  options->flags |= option->flags;
  options->count++;
  if (bit == TCPFLOW_HAS_EOL || bit == TCPFLOW_HAS_OTHER) {
    options->present |= bit;
    return;
  }
  if (!has_value(option) || (options->present & bit) != 0) {
    return;
  }
  options->present |= bit;
  take_value(options, option);
}

void tcpflow__options_parse_walking(tcpflow_options *options,
                                    const uint8_t *bytes, size_t length,
                                    size_t captured, unsigned tcp_flags) {
  tcpflow_option_walk walk;
  tcpflow_option option;

  *options = (tcpflow_options){.size = sizeof(*options)};
  tcpflow_option_walk_init(&walk, bytes, length, captured, tcp_flags);
  while (tcpflow_option_walk_next(&walk, &option)) {
    take(options, &option);
  }
  /* The capture may end between two options, where none can tell. */
  if (walk.captured < walk.length) {
    options->flags |= TCPFLOW_OPTION_FLAG_CUT;
  }
}
