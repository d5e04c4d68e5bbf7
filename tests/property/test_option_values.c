/*
 * tests/property/test_option_values.c - what holds for all options and values.
 *
 * A list is put together as it was, whatever it is: every one of up to three
 * octets, and random ones up to 40.  The value of a whole option gives its
 * octets; the octets of a random value give the value.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include <tcpflow/option_values.h>

enum {
  ROUNDS = 200000,
  ENDS_WALK = TCPFLOW_OPTION_FLAG_NO_LENGTH |
              TCPFLOW_OPTION_FLAG_LENGTH_BELOW_2 | TCPFLOW_OPTION_FLAG_OVERRUN |
              TCPFLOW_OPTION_FLAG_CUT
};

/* Xorshift, 64 bits: the same lists in every run. */
static uint64_t dice;

static uint32_t roll(uint32_t sides) {
  dice ^= (dice & (UINT64_MAX >> 13)) << 13;
  dice ^= dice >> 7;
  dice ^= (dice & (UINT64_MAX >> 17)) << 17;
  return (uint32_t)(dice >> 32) % sides;
}

static uint64_t roll64(void) {
  const uint64_t high = roll(UINT32_MAX);

  return high << 32 | roll(UINT32_MAX);
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

/* Walks and copies: what was captured comes out again. */
static void check_replay(const uint8_t *bytes, size_t length, size_t captured) {
  tcpflow_options_builder b;
  tcpflow_option_walk walk;
  tcpflow_option option;

  tcpflow_options_builder_init(&b);
  tcpflow_option_walk_init(&walk, bytes, length, captured, 0);
  while (tcpflow_option_walk_next(&walk, &option)) {
    hold(tcpflow_options_builder_copy(&b, &option) == TCPFLOW_OK, bytes,
         captured);
  }
  hold(b.length == captured && memcmp(b.bytes, bytes, captured) == 0, bytes,
       captured);
}

static void copy__every_list_of_up_to_three_octets__same_octets(void **state) {
  (void)state;
  for (uint32_t all = 0; all < UINT32_C(1) << 24; all++) {
    const uint8_t bytes[3] = {(uint8_t)(all & 0xff), (uint8_t)(all >> 8 & 0xff),
                              (uint8_t)(all >> 16)};

    check_replay(bytes, 3, 3);
    if (all < 1U << 16) {
      check_replay(bytes, 2, 2);
      check_replay(bytes, 3, 2);
      check_replay(bytes, 40, 2);
    }
    if (all < 1U << 8) {
      check_replay(bytes, 1, 1);
      check_replay(bytes, 2, 1);
    }
  }
}

/* Lists that look like lists: most lengths fit. */
static void draw_list(uint8_t *bytes, size_t length) {
  for (size_t i = 0; i < length; i++) {
    bytes[i] = (uint8_t)roll(256);
  }
  for (size_t at = 0; at + 1 < length && roll(8) != 0;) {
    const uint32_t size = 2 + roll(12);

    bytes[at] = (uint8_t)(roll(4) == 0 ? roll(3) : roll(256));
    bytes[at + 1] = (uint8_t)size;
    at += bytes[at] < 2 ? 1 : size;
  }
}

static void copy__drawn_list__same_octets(void **state) {
  (void)state;
  for (int round = 0; round < ROUNDS; round++) {
    uint8_t bytes[TCPFLOW_OPTIONS_MAX];
    const size_t length = roll(TCPFLOW_OPTIONS_MAX + 1);

    draw_list(bytes, length);
    check_replay(bytes, length, length);
    check_replay(bytes, length, roll((uint32_t)length + 1));
  }
}

/* What a value says is what its option says. */
static void check_value(const uint8_t *bytes, size_t length,
                        unsigned tcp_flags) {
  tcpflow_option_walk walk;
  tcpflow_option option;
  tcpflow_option_value value;
  tcpflow_options_builder b;

  tcpflow_options_builder_init(&b);
  tcpflow_option_walk_init(&walk, bytes, length, length, tcp_flags);
  hold(tcpflow_option_walk_next(&walk, &option), bytes, length);
  const int whole = tcpflow_option_value_get(&value, &option);

  hold(whole ==
         ((value.flags & (ENDS_WALK | TCPFLOW_OPTION_FLAG_BAD_LENGTH)) == 0),
       bytes, length);
  hold(whole || value.type == TCPFLOW_VALUE_RAW, bytes, length);
  hold(tcpflow_options_builder_value(&b, &value) == TCPFLOW_OK, bytes, length);
  hold(b.length == length && memcmp(b.bytes, bytes, length) == 0, bytes,
       length);
}

/* Subtypes of Multipath TCP and identifiers of experiments are rare among all
   octets. */
static void draw_head(uint8_t *bytes) {
  static const uint8_t exids[][4] = {
    {0x00, 0xac},
    {0x0e, 0xd0},
    {0x45, 0x4e},
    {0xac, 0xc0},
    {0xac, 0xc1},
    {0xac, 0xce},
    {0xf9, 0x89},
    {0x75, 0xec, 0xff, 0xee},
    {0xe2, 0xd4, 0xc3, 0xd9},
  };

  if (bytes[0] == TCPFLOW_OPTION_MPTCP) {
    bytes[2] = (uint8_t)(roll(9) << 4 | roll(16));
  } else if (bytes[0] >= TCPFLOW_OPTION_EXPERIMENT_1) {
    memcpy(bytes + 2, exids[roll(sizeof(exids) / 4)], 4);
  }
}

static void value__every_kind_and_length__same_octets(void **state) {
  (void)state;
  for (unsigned kind = 2; kind < 256; kind++) {
    const int rounds = kind == TCPFLOW_OPTION_MPTCP || kind >= 253 ? 2000 : 20;

    for (size_t length = 2; length <= TCPFLOW_OPTIONS_MAX; length++) {
      for (int round = 0; round < rounds; round++) {
        uint8_t bytes[TCPFLOW_OPTIONS_MAX + 4];

        for (size_t i = 0; i < sizeof(bytes); i++) {
          bytes[i] = (uint8_t)(roll(3) == 0 ? 0 : roll(256));
        }
        bytes[0] = (uint8_t)kind;
        bytes[1] = (uint8_t)length;
        if (roll(4) != 0) {
          draw_head(bytes);
        }
        check_value(bytes, length, roll(TCPFLOW_FLAGS_ALL + 1));
      }
    }
  }
}

/* A value of kind 30, each field within its width. */
static void draw_multipath(tcpflow_option_value *v) {
  v->kind = TCPFLOW_OPTION_MPTCP;
  switch (roll(8)) {
  case 0: {
    tcpflow_mp_capable_value *const c = &v->as.mp_capable;

    v->type = TCPFLOW_VALUE_MP_CAPABLE;
    c->version = (uint8_t)roll(16);
    c->flags = (uint8_t)roll(256);
    c->key_count = (uint8_t)roll(3);
    c->key[0] = c->key_count > 0 ? roll64() : 0;
    c->key[1] = c->key_count > 1 ? roll64() : 0;
    c->has_data_length = c->key_count == 2 && roll(2) == 0;
    c->has_checksum = c->has_data_length && roll(2) == 0;
    c->data_length = (uint16_t)(c->has_data_length ? roll(65536) : 0);
    c->checksum = (uint16_t)(c->has_checksum ? roll(65536) : 0);
    break;
  }
  case 1: {
    tcpflow_mp_join_value *const j = &v->as.mp_join;

    v->type = TCPFLOW_VALUE_MP_JOIN;
    j->step = (uint8_t)(1 + roll(3));
    j->backup = (uint8_t)roll(2);
    j->reserved = (uint8_t)roll(8);
    j->address_id = (uint8_t)roll(256);
    j->token = j->step == 1 ? roll(UINT32_MAX) : 0;
    j->nonce = j->step < 3 ? roll(UINT32_MAX) : 0;
    for (unsigned i = 0; i < (j->step == 1   ? 0U
                              : j->step == 2 ? 8U
                                             : 20U);
         i++) {
      j->hmac[i] = (uint8_t)roll(256);
    }
    break;
  }
  case 2: {
    tcpflow_mp_dss_value *const d = &v->as.mp_dss;

    v->type = TCPFLOW_VALUE_MP_DSS;
    d->flags = (uint8_t)roll(256);
    d->reserved = (uint8_t)roll(16);
    if ((d->flags & TCPFLOW_MP_DSS_ACK) != 0) {
      d->ack =
        (d->flags & TCPFLOW_MP_DSS_ACK_8) != 0 ? roll64() : roll(UINT32_MAX);
    }
    if ((d->flags & TCPFLOW_MP_DSS_SEQ) != 0) {
      d->seq =
        (d->flags & TCPFLOW_MP_DSS_SEQ_8) != 0 ? roll64() : roll(UINT32_MAX);
      d->subflow_seq = roll(UINT32_MAX);
      d->length = (uint16_t)roll(65536);
      d->has_checksum = (uint8_t)roll(2);
      d->checksum = (uint16_t)(d->has_checksum ? roll(65536) : 0);
    }
    break;
  }
  case 3: {
    tcpflow_mp_add_address_value *const a = &v->as.mp_add_address;

    v->type = TCPFLOW_VALUE_MP_ADD_ADDRESS;
    a->version = roll(2) == 0 ? 4 : 6;
    a->bits = (uint8_t)roll(16);
    a->address_id = (uint8_t)roll(256);
    a->has_port = (uint8_t)roll(2);
    a->has_hmac = (uint8_t)roll(2);
    a->port = (uint16_t)(a->has_port ? roll(65536) : 0);
    a->hmac = a->has_hmac ? roll64() : 0;
    for (unsigned i = 0; i < (a->version == 4 ? 4U : 16U); i++) {
      a->address[i] = (uint8_t)roll(256);
    }
    break;
  }
  case 4:
    v->type = TCPFLOW_VALUE_MP_PRIORITY;
    v->as.mp_priority.backup = (uint8_t)roll(2);
    v->as.mp_priority.reserved = (uint8_t)roll(8);
    v->as.mp_priority.has_address_id = (uint8_t)roll(2);
    v->as.mp_priority.address_id =
      (uint8_t)(v->as.mp_priority.has_address_id ? roll(256) : 0);
    break;
  case 5:
    v->type = TCPFLOW_VALUE_MP_FAIL;
    v->as.mp_number.number = roll64();
    v->as.mp_number.reserved = (uint16_t)roll(0x1000);
    break;
  case 6:
    v->type = TCPFLOW_VALUE_MP_FAST_CLOSE;
    v->as.mp_number.number = roll64();
    v->as.mp_number.reserved = (uint16_t)roll(0x1000);
    break;
  default:
    v->type = TCPFLOW_VALUE_MP_RESET;
    v->as.mp_reset.flags = (uint8_t)roll(16);
    v->as.mp_reset.reason = (uint8_t)roll(256);
    break;
  }
}

static void draw_accecn(tcpflow_option_value *v) {
  tcpflow_accecn_value *const a = &v->as.accecn;
  const uint32_t form = roll(4);

  v->type = TCPFLOW_VALUE_ACCECN;
  v->kind = form < 2 ? (uint8_t)(172 + 2 * form) : 254;
  v->exid = form < 2 ? 0 : 0xacc0 + (form & 1);
  v->exid_length = form < 2 ? 0 : 2;
  a->order = form & 1;
  a->count = (uint8_t)roll(4);
  a->eceb = a->count > 1 ? roll(1 << 24) : 0;
  a->ee0b = a->count > (a->order == 0 ? 0 : 2) ? roll(1 << 24) : 0;
  a->ee1b = a->count > (a->order == 0 ? 2 : 0) ? roll(1 << 24) : 0;
}

/* Other values whose fields share octets. */
static void draw_plain(tcpflow_option_value *v) {
  switch (roll(6)) {
  case 0:
    v->kind = TCPFLOW_OPTION_QUICK_START;
    v->type = TCPFLOW_VALUE_QUICK_START;
    v->as.quick_start.nonce = roll(1 << 30);
    v->as.quick_start.rate = (uint8_t)roll(16);
    v->as.quick_start.reserved = (uint8_t)roll(16);
    v->as.quick_start.reserved_end = (uint8_t)roll(4);
    v->as.quick_start.ttl_difference = (uint8_t)roll(256);
    break;
  case 1:
    v->kind = TCPFLOW_OPTION_USER_TIMEOUT;
    v->type = TCPFLOW_VALUE_USER_TIMEOUT;
    v->as.user_timeout.minutes = (uint8_t)roll(2);
    v->as.user_timeout.timeout = (uint16_t)roll(1 << 15);
    break;
  case 2:
    v->kind = TCPFLOW_OPTION_POC_PROFILE;
    v->type = TCPFLOW_VALUE_PARTIAL_ORDER;
    v->as.partial_order.start = (uint8_t)roll(2);
    v->as.partial_order.end = (uint8_t)roll(2);
    v->as.partial_order.filler = (uint8_t)roll(64);
    break;
  case 3:
    v->kind = TCPFLOW_OPTION_EXPERIMENT_1;
    v->exid = TCPFLOW_EXID_TARR;
    v->exid_length = 2;
    v->type = TCPFLOW_VALUE_ACK_RATE;
    v->as.ack_rate.has_rate = (uint8_t)roll(2);
    v->as.ack_rate.rate = (uint8_t)(v->as.ack_rate.has_rate ? roll(128) : 0);
    v->as.ack_rate.reserved = (uint8_t)(v->as.ack_rate.has_rate ? roll(2) : 0);
    break;
  case 4:
    v->kind = TCPFLOW_OPTION_SACK;
    v->type = TCPFLOW_VALUE_SACK;
    v->as.sack.count = roll(5);
    for (unsigned i = 0; i < v->as.sack.count; i++) {
      v->as.sack.block[i].left = roll(UINT32_MAX);
      v->as.sack.block[i].right = roll(UINT32_MAX);
    }
    break;
  default:
    v->kind = TCPFLOW_OPTION_EXPERIMENT_2;
    v->exid = TCPFLOW_EXID_EDO;
    v->exid_length = 2;
    v->type = TCPFLOW_VALUE_EXTENDED_OFFSET;
    v->as.extended_offset.count = (uint8_t)roll(3);
    v->as.extended_offset.header_length =
      (uint16_t)(v->as.extended_offset.count > 0 ? roll(65536) : 0);
    v->as.extended_offset.segment_length =
      (uint16_t)(v->as.extended_offset.count > 1 ? roll(65536) : 0);
    break;
  }
}

static void value__drawn__same_value_out_of_its_octets(void **state) {
  (void)state;
  for (int round = 0; round < ROUNDS; round++) {
    static void (*const draw[])(tcpflow_option_value *) = {
      draw_multipath, draw_accecn, draw_plain};
    tcpflow_option_value one;
    tcpflow_option_value two;
    tcpflow_options_builder b;
    tcpflow_option_walk walk;
    tcpflow_option option;

    memset(&one, 0, sizeof(one));
    draw[roll(3)](&one);
    tcpflow_options_builder_init(&b);
    hold(tcpflow_options_builder_value(&b, &one) == TCPFLOW_OK, b.bytes,
         b.length);
    tcpflow_option_walk_init(&walk, b.bytes, b.length, b.length, 0);
    hold(tcpflow_option_walk_next(&walk, &option), b.bytes, b.length);
    hold(tcpflow_option_value_get(&two, &option), b.bytes, b.length);
    two.flags = 0;
    hold(memcmp(&one, &two, sizeof(one)) == 0, b.bytes, b.length);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup(copy__every_list_of_up_to_three_octets__same_octets,
                           set_up),
    cmocka_unit_test_setup(copy__drawn_list__same_octets, set_up),
    cmocka_unit_test_setup(value__every_kind_and_length__same_octets, set_up),
    cmocka_unit_test_setup(value__drawn__same_value_out_of_its_octets, set_up),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
