/*
 * tests/property/test_options.c - what holds for all lists of options.
 *
 * Every list of up to three octets is walked; longer ones are drawn at random,
 * from a fixed seed, together with what a parse must find in them.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include <tcpflow/options.h>

#include "options/options.h"

enum {
  SYN = TCPFLOW_FLAG_SYN,
  ACK = TCPFLOW_FLAG_ACK,
  ENDS_WALK = TCPFLOW_OPTION_FLAG_NO_LENGTH |
              TCPFLOW_OPTION_FLAG_LENGTH_BELOW_2 | TCPFLOW_OPTION_FLAG_OVERRUN |
              TCPFLOW_OPTION_FLAG_CUT,
  ROUNDS = 200000
};

/* Xorshift, 64 bits: the same lists in every run. */
static uint64_t dice;

static uint32_t roll(uint32_t sides) {
  dice ^= (dice & (UINT64_MAX >> 13)) << 13;
  dice ^= dice >> 7;
  dice ^= (dice & (UINT64_MAX >> 17)) << 17;
  return (uint32_t)(dice >> 32) % sides;
}

static int set_up(void **state) {
  (void)state;
  dice = UINT64_C(0x9e3779b97f4a7c15);
  return 0;
}

/* cmocka's assertions are too slow for millions of them. */
static void hold(int invariant, const uint8_t *bytes, size_t length) {
  if (invariant) {
    return;
  }
  for (size_t i = 0; i < length; i++) {
    print_error("%02x ", bytes[i]);
  }
  fail_msg("does not hold for this list");
}

/* The walk ends, and its options lie one behind the other, up to the end. */
static void check_walk(const uint8_t *bytes, size_t length,
                       unsigned tcp_flags) {
  tcpflow_option_walk walk;
  tcpflow_option option;
  size_t offset = 0;
  size_t count = 0;
  int over = 0;

  tcpflow_option_walk_init(&walk, bytes, length, length, tcp_flags);
  while (tcpflow_option_walk_next(&walk, &option)) {
    hold(!over && option.offset == offset, bytes, length);
    hold(option.data + option.data_length <= bytes + length, bytes, length);
    over = option.kind == TCPFLOW_OPTION_EOL || (option.flags & ENDS_WALK) != 0;
    offset += option.length;
    count++;
  }
  hold(count <= length && (over || offset == length), bytes, length);
}

static void walk__every_list_of_up_to_three_octets__ends(void **state) {
  (void)state;
  for (uint32_t all = 0; all < UINT32_C(1) << 24; all++) {
    const uint8_t bytes[3] = {(uint8_t)(all & 0xff), (uint8_t)(all >> 8 & 0xff),
                              (uint8_t)(all >> 16)};

    check_walk(bytes, 3, SYN);
    if (all < 1U << 16) {
      check_walk(bytes, 2, SYN);
      check_walk(bytes, 2, ACK);
    }
    if (all < 1U << 8) {
      check_walk(bytes, 1, ACK);
    }
  }
}

/* What the fast parse knows by sight, and some that it does not. */
typedef struct layout {
  uint8_t length;
  uint8_t bytes[TCPFLOW_OPTIONS_MAX];
} layout;

static const layout layouts[] = {
  {0, {0}},
  /* [nop,nop,TS val 0x01020304 ecr 0x05060708] */
  {12, {1, 1, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8}},
  /* [mss 1460,sackOK,TS,nop,wscale 7] */
  {20, {2, 4, 5, 180, 4, 2, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8, 1, 3, 3, 7}},
  /* [nop,nop,TS,nop,nop,sack 1], 2, 3 */
  {24,
   {1, 1, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8, 1, 1, 5, 10, 0, 0, 0, 1, 0, 0, 0, 2}},
  {32, {1, 1, 8, 10, 1, 2, 3, 4, 5,   6,   7,   8,   1, 1, 5, 18,
        0, 0, 0, 1,  0, 0, 0, 2, 255, 255, 255, 255, 0, 0, 0, 0}},
  {40, {1, 1, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8, 1, 1, 5, 26, 0, 0, 0, 1,
        0, 0, 0, 2,  0, 0, 0, 5, 0, 0, 0, 7, 0, 0, 0, 9,  0, 0, 0, 10}},
  /* [nop,nop,TS,nop,nop,sack 1 {1:0x80000001}] */
  {24, {1, 1, 8, 10, 1, 2, 3, 4, 5,   6, 7, 8,
        1, 1, 5, 10, 0, 0, 0, 1, 128, 0, 0, 1}},
  /* [nop,nop,sack 1], 2, 3, 4 */
  {12, {1, 1, 5, 10, 0, 0, 0, 1, 0, 0, 0, 2}},
  {20, {1, 1, 5, 18, 0, 0, 0, 1, 0, 0, 0, 2, 255, 255, 255, 255, 0, 0, 0, 0}},
  {28, {1, 1, 5, 26, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0,
        0, 5, 0, 0,  0, 7, 0, 0, 0, 9, 0, 0, 0, 10}},
  {36, {1, 1, 5, 34, 0, 0, 0, 1, 0, 0,  0, 2, 0, 0,  0, 5, 0, 0,
        0, 7, 0, 0,  0, 9, 0, 0, 0, 10, 0, 0, 0, 20, 0, 0, 0, 30}},
  /* [nop,nop,sack 1 {1:0x80000001}] */
  {12, {1, 1, 5, 10, 0, 0, 0, 1, 128, 0, 0, 1}},
  /* [mss 1460,nop,wscale 8,nop,nop,sackOK] */
  {12, {2, 4, 5, 180, 1, 3, 3, 8, 1, 1, 4, 2}},
  /* [mss 1460,nop,wscale 6,sackOK,TS] */
  {20, {2, 4, 5, 180, 1, 3, 3, 6, 4, 2, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8}},
  /* [mss 1460,nop,wscale 6,nop,nop,TS,sackOK,eol] */
  {24,
   {2, 4, 5, 180, 1, 3, 3, 6, 1, 1, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8, 4, 2, 0, 0}},
};

enum {
  LAYOUTS = sizeof(layouts) / sizeof(layouts[0])
};

static void check_fast(const uint8_t *bytes, size_t length, size_t captured,
                       unsigned tcp_flags) {
  tcpflow_options fast;
  tcpflow_options slow;

  memset(&fast, 0xa5, sizeof(fast));
  memset(&slow, 0x5a, sizeof(slow));
  tcpflow__options_parse(&fast, bytes, length, captured, tcp_flags);
  tcpflow__options_parse_walking(&slow, bytes, length, captured, tcp_flags);
  hold(memcmp(&fast, &slow, sizeof(fast)) == 0, bytes, length);
}

static void parse__any_octets__fast_is_walking(void **state) {
  (void)state;
  for (int round = 0; round < ROUNDS; round++) {
    const layout *like = &layouts[roll(LAYOUTS)];
    const size_t length = roll(4) == 0 ? roll(41) : like->length;
    const size_t captured = roll(8) == 0 ? roll(41) : length;
    uint8_t bytes[TCPFLOW_OPTIONS_MAX];

    memcpy(bytes, like->bytes, sizeof(bytes));
    for (uint32_t changes = roll(4) == 0 ? 40 : roll(5); changes > 0;
         changes--) {
      bytes[roll(TCPFLOW_OPTIONS_MAX)] = (uint8_t)roll(256);
    }
    check_fast(bytes, length, captured, roll(2) == 0 ? SYN : ACK);
  }
}

static void
parse__layout_with_any_octet_changed__fast_is_walking(void **state) {
  (void)state;
  for (size_t i = 0; i < LAYOUTS; i++) {
    for (size_t at = 0; at < layouts[i].length; at++) {
      for (unsigned octet = 0; octet < 256; octet++) {
        layout changed = layouts[i];

        changed.bytes[at] = (uint8_t)octet;
        check_fast(changed.bytes, changed.length, changed.length, ACK);
        check_fast(changed.bytes, changed.length, changed.length, SYN);
        check_fast(changed.bytes, changed.length, at, SYN | ACK);
      }
    }
  }
}

/* A list under construction, with what a parse must find in it. */
typedef struct drawn {
  tcpflow_options_builder list;
  tcpflow_options expected;
} drawn;

static int is_good(const tcpflow_options *options, uint32_t bit,
                   size_t data_length, size_t right) {
  return (options->present & bit) == 0 && data_length == right;
}

static uint32_t number(const uint8_t *p) {
  return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 |
         p[3];
}

/* The first MSS, wscale, ... that is as long as it should be. */
static void expect_small(tcpflow_options *e, uint8_t kind, const uint8_t *data,
                         size_t length) {
  if (kind == 2 && is_good(e, TCPFLOW_HAS_MSS, length, 2)) {
    e->present |= TCPFLOW_HAS_MSS;
    e->mss = (uint16_t)(data[0] << 8 | data[1]);
    e->flags |= e->mss == 0 ? TCPFLOW_OPTION_FLAG_BAD_VALUE : 0;
  } else if (kind == 3 && is_good(e, TCPFLOW_HAS_WSCALE, length, 1)) {
    e->present |= TCPFLOW_HAS_WSCALE;
    e->wscale_raw = data[0];
    e->wscale = data[0] > 14 ? 14 : data[0];
  } else if (kind == 4 && is_good(e, TCPFLOW_HAS_SACK_PERMITTED, length, 0)) {
    e->present |= TCPFLOW_HAS_SACK_PERMITTED;
  } else if (kind == 8 && is_good(e, TCPFLOW_HAS_TIMESTAMPS, length, 8)) {
    e->present |= TCPFLOW_HAS_TIMESTAMPS;
    e->ts_val = number(data);
    e->ts_ecr = number(data + 4);
  }
}

static void expect_sack(tcpflow_options *e, const uint8_t *data,
                        size_t length) {
  if ((e->present & TCPFLOW_HAS_SACK) != 0 || length == 0 || length > 32 ||
      length % 8 != 0) {
    return;
  }
  e->present |= TCPFLOW_HAS_SACK;
  e->sack_count = (uint8_t)(length / 8);
  for (size_t i = 0; i < e->sack_count; i++) {
    e->sack[i].left = number(data + 8 * i);
    e->sack[i].right = number(data + 8 * i + 4);
  }
}

static void draw_option(drawn *d) {
  static const uint8_t kinds[] = {1, 1, 2, 3, 4, 5, 8, 30, 34, 200};
  static const uint8_t lengths[] = {0, 0, 2, 1, 0, 8, 8, 4, 8, 3};
  const uint32_t which = roll(sizeof(kinds));
  const uint8_t kind = kinds[which];
  size_t length = roll(6) == 0 ? roll(20) : lengths[which];
  uint8_t data[32];

  for (size_t i = 0; i < sizeof(data); i++) {
    data[i] = (uint8_t)roll(256);
  }
  if (kind == 5 && roll(2) == 0) {
    length = 8 * (1 + roll(4));
  }
  length = kind == 1 ? 0 : length;
  if (tcpflow_options_builder_raw(&d->list, kind, data, length) != TCPFLOW_OK) {
    return;
  }
  d->expected.count++;
  if (kind == 1 || kind >= 30) {
    d->expected.present |= kind == 1 ? TCPFLOW_HAS_NOP : TCPFLOW_HAS_OTHER;
  }
  expect_small(&d->expected, kind, data, length);
  if (kind == 5) {
    expect_sack(&d->expected, data, length);
  }
}

static drawn draw(void) {
  drawn d;

  memset(&d, 0, sizeof(d));
  tcpflow_options_builder_init(&d.list);
  tcpflow_options_init(&d.expected);
  for (uint32_t n = roll(10); n > 0; n--) {
    draw_option(&d);
  }
  return d;
}

/* The flags are the business of the unit tests. */
static void parse__drawn_list__values_as_drawn(void **state) {
  (void)state;
  for (int round = 0; round < ROUNDS; round++) {
    drawn d = draw();
    tcpflow_options parsed;

    tcpflow__options_parse(&parsed, d.list.bytes, d.list.length, d.list.length,
                           ACK);
    d.expected.flags = parsed.flags;
    hold(memcmp(&parsed, &d.expected, sizeof(parsed)) == 0, d.list.bytes,
         d.list.length);
  }
}

static void walk_and_raw__drawn_list__same_octets(void **state) {
  (void)state;
  for (int round = 0; round < ROUNDS; round++) {
    drawn d = draw();
    tcpflow_option_walk walk;
    tcpflow_option o;
    tcpflow_options_builder again;

    if (roll(2) == 0) {
      tcpflow_options_builder_pad(&d.list, (uint8_t)roll(2));
    }
    tcpflow_options_builder_init(&again);
    tcpflow_option_walk_init(&walk, d.list.bytes, d.list.length, d.list.length,
                             ACK);
    while (tcpflow_option_walk_next(&walk, &o)) {
      const unsigned times = o.kind == TCPFLOW_OPTION_EOL ? o.data_length : 0;

      for (unsigned i = 0; i <= times; i++) {
        hold(tcpflow_options_builder_raw(
               &again, o.kind, o.kind < 2 ? NULL : o.data,
               o.kind < 2 ? 0 : o.data_length) == TCPFLOW_OK,
             d.list.bytes, d.list.length);
      }
    }
    hold(again.length == d.list.length &&
           memcmp(again.bytes, d.list.bytes, again.length) == 0,
         d.list.bytes, d.list.length);
  }
}

static int build(tcpflow_options_builder *b, const tcpflow_options *v) {
  int error = TCPFLOW_OK;

  tcpflow_options_builder_init(b);
  if ((v->present & TCPFLOW_HAS_MSS) != 0) {
    error |= tcpflow_options_builder_mss(b, v->mss);
  }
  if ((v->present & TCPFLOW_HAS_WSCALE) != 0) {
    error |= tcpflow_options_builder_wscale(b, v->wscale_raw);
  }
  if ((v->present & TCPFLOW_HAS_SACK_PERMITTED) != 0) {
    error |= tcpflow_options_builder_sack_permitted(b);
  }
  if ((v->present & TCPFLOW_HAS_TIMESTAMPS) != 0) {
    error |= tcpflow_options_builder_timestamps(b, v->ts_val, v->ts_ecr);
  }
  if ((v->present & TCPFLOW_HAS_SACK) != 0) {
    error |= tcpflow_options_builder_sack(b, v->sack, v->sack_count);
  }
  return error;
}

/* parse(build(values)) == values, for values that a parse can give. */
static void parse_and_build__drawn_list__same_values(void **state) {
  (void)state;
  for (int round = 0; round < ROUNDS; round++) {
    const drawn d = draw();
    tcpflow_options_builder b;
    tcpflow_options one;
    tcpflow_options two;

    tcpflow__options_parse(&one, d.list.bytes, d.list.length, d.list.length,
                           SYN);
    hold(build(&b, &one) == TCPFLOW_OK, d.list.bytes, d.list.length);
    tcpflow__options_parse(&two, b.bytes, b.length, b.length, SYN);
    hold((two.present | TCPFLOW_HAS_NOP | TCPFLOW_HAS_OTHER) ==
           (one.present | TCPFLOW_HAS_NOP | TCPFLOW_HAS_OTHER),
         d.list.bytes, d.list.length);
    one.present = two.present;
    one.flags = two.flags;
    one.count = two.count;
    hold(memcmp(&one, &two, sizeof(one)) == 0, d.list.bytes, d.list.length);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup(walk__every_list_of_up_to_three_octets__ends,
                           set_up),
    cmocka_unit_test_setup(parse__any_octets__fast_is_walking, set_up),
    cmocka_unit_test_setup(
      parse__layout_with_any_octet_changed__fast_is_walking, set_up),
    cmocka_unit_test_setup(parse__drawn_list__values_as_drawn, set_up),
    cmocka_unit_test_setup(walk_and_raw__drawn_list__same_octets, set_up),
    cmocka_unit_test_setup(parse_and_build__drawn_list__same_values, set_up),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
