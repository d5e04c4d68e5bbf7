/* tests/unit/track/test_hash.c - mirror of lib/track/hash.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "track/hash.h"
#include "unit/track/traffic.h"

/* 00 01 02 ... 0f, the key of SipHash's own test vectors. */
static const uint8_t *counting_key(void) {
  static uint8_t key[16];

  for (uint8_t i = 0; i < 16; i++) {
    key[i] = i;
  }
  return key;
}

/* 10.0.0.1.40000 > 192.168.0.1.443 */
static tcpflow_tuple ipv4(void) {
  tcpflow_tuple tuple = tuple_of(1);

  tuple.port[0] = 40000;
  return tuple;
}

/* 2001:db8::1.40000 > 2001:db8::2.443 */
static tcpflow_tuple ipv6(void) {
  static const uint8_t prefix[4] = {0x20, 0x01, 0x0d, 0xb8};
  tcpflow_tuple tuple;

  memset(&tuple, 0, sizeof(tuple));
  tuple.version = 6;
  memcpy(tuple.address[0], prefix, 4);
  memcpy(tuple.address[1], prefix, 4);
  tuple.address[0][15] = 1;
  tuple.address[1][15] = 2;
  tuple.port[0] = 40000;
  tuple.port[1] = 443;
  return tuple;
}

/* The values come from an independent SipHash-1-3 over the documented
   octets. */
static void flow_hash__known_tuples__pinned_values(void **state) {
  static const uint8_t zero[16] = {0};
  tcpflow_tuple four = ipv4();
  const tcpflow_tuple six = ipv6();

  (void)state;
  /* 0a000001 c0a80001 9c40 01bb */
  assert_true(tcpflow_flow_hash(&four, counting_key(), 0) ==
              UINT64_C(0x15b48b22ca5a9cab));
  assert_true(tcpflow_flow_hash(&four, zero, 0) ==
              UINT64_C(0x7de92ad93ca0e889));
  assert_true(tcpflow_flow_hash(&six, counting_key(), 0) ==
              UINT64_C(0x41fa8e5a2e7fcbdf));

  four.scope = UINT64_C(0x0102030405060708);
  four.tunnel = 9;
  four.vlan = UINT32_C(1) << 28 | 7U << 16;
  assert_true(tcpflow_flow_hash(&four, counting_key(), 0) ==
              UINT64_C(0x3d950b93c734bd52));
  assert_true(tcpflow_flow_hash(&four, counting_key(), TCPFLOW_KEY_VLAN) ==
              UINT64_C(0x7f138801ed55d6ea));
}

/* Where the virtual network does not count, octets stand for one of 0, and for
   nothing where the short form does. */
static void flow_hash__no_tunnel__that_of_none(void **state) {
  const uint32_t both = TCPFLOW_KEY_NO_TUNNEL | TCPFLOW_KEY_VLAN;
  tcpflow_tuple with = ipv4();
  tcpflow_tuple without = ipv4();

  (void)state;
  with.tunnel = UINT32_C(0x05000009);
  assert_false(tcpflow_flow_hash(&with, counting_key(), 0) ==
               tcpflow_flow_hash(&without, counting_key(), 0));
  assert_true(tcpflow_flow_hash(&with, counting_key(), TCPFLOW_KEY_NO_TUNNEL) ==
              UINT64_C(0x15b48b22ca5a9cab));
  with.vlan = 5;
  without.vlan = 5;
  assert_true(tcpflow_flow_hash(&with, counting_key(), both) ==
              tcpflow_flow_hash(&without, counting_key(), TCPFLOW_KEY_VLAN));
}

/* A record of OTHER is met by the tuple of KEY if that is its key, too, and who
   sent it is who the key says; but one that talks to itself may be anybody. */
static void check_meets(const tcpflow__key *key, const tcpflow__ends *ends,
                        const tcpflow_tuple *other) {
  tcpflow__key others;

  tcpflow__key_init(&others, key->hasher, other);
  const bool is =
    tcpflow__key_is(key, ends, others.swapped) && !tcpflow__ends_are_one(ends);
  const int sent = is ? key->swapped != others.swapped : -1;

  assert_int_equal(tcpflow__ends_sender_long(ends, key->hasher, key->tuple),
                   sent);
  if (key->plain) {
    const bool odd = (ends->vlan & key->hasher->odd_mask) != 0;
    assert_int_equal(tcpflow__ends_sender(ends, key->hasher, key->tuple),
                     odd ? -1 : sent);
  }
  if (tcpflow__tuple_form(key->hasher, key->tuple) == 6 &&
      ends->vlan == TCPFLOW__ENDS_SIX) {
    assert_int_equal(tcpflow__ends_sender_six(ends, key->tuple), sent);
  }
}

/* Is it, by a tuple as by what a record has of it? */
static bool is_key_of(const tcpflow__key *key, const tcpflow_tuple *other,
                      bool swapped) {
  const bool is = tcpflow__key_is_of(key, other, swapped);
  tcpflow_tuple place;
  tcpflow__ends ends;

  memset(&ends, 0xa5, sizeof(ends));
  tcpflow__ends_set(&ends, other, &place);
  assert_int_equal(tcpflow__key_is(key, &ends, swapped), is);
  check_meets(key, &ends, other);
  return is;
}

static void key_is__no_tunnel__other_networks_the_same_flow(void **state) {
  tcpflow_tuple tuple = ipv4();
  tcpflow_tuple other = ipv4();
  tcpflow__hasher hasher;
  tcpflow__key key;

  (void)state;
  tcpflow__hasher_init(&hasher, counting_key(), TCPFLOW_KEY_NO_TUNNEL);
  tuple.tunnel = UINT32_MAX;
  tcpflow__key_init(&key, &hasher, &tuple);
  assert_true(is_key_of(&key, &other, key.swapped));
  other.scope = 1;
  assert_false(is_key_of(&key, &other, key.swapped));
}

static void flow_hash__equal_addresses__the_lower_port_first(void **state) {
  tcpflow_tuple tuple = ipv4();

  (void)state;
  memcpy(tuple.address[1], tuple.address[0], 16);
  assert_true(tcpflow_flow_hash(&tuple, counting_key(), 0) ==
              UINT64_C(0x81c5e02436cc9905));
}

/* A tuple with every octet from the dice, of few values so that ends meet. */
static tcpflow_tuple any_tuple(uint64_t *seed) {
  tcpflow_tuple tuple;

  memset(&tuple, 0, sizeof(tuple));
  tuple.version = dice(seed) % 2 == 0 ? 4 : 6;
  for (unsigned i = 0; i < 16; i++) {
    if (tuple.version == 6 || i < 4) {
      tuple.address[0][i] = (uint8_t)(dice(seed) % 2);
      tuple.address[1][i] = (uint8_t)(dice(seed) % 2);
    }
  }
  tuple.port[0] = (uint16_t)(dice(seed) % 3);
  tuple.port[1] = (uint16_t)(dice(seed) % 3);
  tuple.scope = dice(seed) % 4 == 0;
  tuple.vlan = dice(seed) % 4 == 0;
  tuple.tunnel = dice(seed) % 4 == 0;
  return tuple;
}

static void flow_hash__other_direction__the_same(void **state) {
  uint64_t seed = 11;

  (void)state;
  for (unsigned i = 0; i < 5000; i++) {
    const tcpflow_tuple there = any_tuple(&seed);
    const tcpflow_tuple back = tuple_back(&there);
    const uint32_t flags = i % 2 == 0 ? 0 : TCPFLOW_KEY_VLAN;
    assert_true(tcpflow_flow_hash(&there, counting_key(), flags) ==
                tcpflow_flow_hash(&back, counting_key(), flags));
  }
}

static uint8_t *put(uint8_t *out, uint64_t value, unsigned octets) {
  for (unsigned i = octets; i-- > 0;) {
    *out++ = (uint8_t)(value >> (8 * i));
  }
  return out;
}

static int compare_ends(const tcpflow_tuple *tuple, unsigned a, unsigned b) {
  const int order = memcmp(tuple->address[a], tuple->address[b], 16);

  return order != 0 ? order : tuple->port[a] - tuple->port[b];
}

/* The octets that are documented, one after the other. */
static size_t put_documented(uint8_t *out, const tcpflow_tuple *tuple,
                             uint32_t vlan) {
  const unsigned low = compare_ends(tuple, 0, 1) > 0;
  const bool plain = (tuple->scope | vlan | tuple->tunnel) == 0;
  const size_t size = plain && tuple->version == 4 ? 4 : 16;
  uint8_t *at = out;

  memcpy(at, tuple->address[low], size);
  memcpy(at + size, tuple->address[1 - low], size);
  at = put(at + 2 * size, tuple->port[low], 2);
  at = put(at, tuple->port[1 - low], 2);
  if (!plain) {
    at = put(at, tuple->version, 1);
    at = put(at, 0, 3);
    at = put(at, tuple->scope, 8);
    at = put(at, vlan, 4);
    at = put(at, tuple->tunnel, 4);
  }
  return (size_t)(at - out);
}

static void flow_hash__any_tuple__siphash_of_the_octets(void **state) {
  const tcpflow__sipkey key = tcpflow__sipkey_read(counting_key());
  uint64_t seed = 13;

  (void)state;
  for (unsigned i = 0; i < 20000; i++) {
    const bool tagged = i % 2 == 0;
    tcpflow_tuple tuple = any_tuple(&seed);
    uint8_t octets[56];
    tuple.scope = tuple.scope == 0 ? 0 : dice(&seed);
    tuple.tunnel = tuple.tunnel == 0 ? 0 : (uint32_t)dice(&seed);
    tuple.vlan = tuple.vlan == 0 ? 0 : (uint32_t)dice(&seed);
    tuple.port[i % 3 == 0] = (uint16_t)dice(&seed);
    tuple.address[i % 5 == 0][i % 4] = (uint8_t)dice(&seed);

    const size_t size = put_documented(octets, &tuple, tagged ? tuple.vlan : 0);
    assert_true(tcpflow_flow_hash(&tuple, counting_key(),
                                  tagged ? TCPFLOW_KEY_VLAN : 0) ==
                tcpflow__siphash13(&key, octets, size));
  }
}

static bool same_but_order(const tcpflow_tuple *a, const tcpflow_tuple *b) {
  const tcpflow_tuple back = tuple_back(b);

  return memcmp(a, b, sizeof(*a)) == 0 || memcmp(a, &back, sizeof(*a)) == 0;
}

/* Two tuples have one key if they are one flow, and only then. */
static void key_is__any_tuples__as_their_members(void **state) {
  uint64_t seed = 12;
  tcpflow__hasher plain;
  tcpflow__hasher tagged;
  unsigned same = 0;

  (void)state;
  tcpflow__hasher_init(&plain, counting_key(), 0);
  tcpflow__hasher_init(&tagged, counting_key(), TCPFLOW_KEY_VLAN);
  for (unsigned i = 0; i < 200000; i++) {
    tcpflow_tuple a = any_tuple(&seed);
    tcpflow_tuple b = i % 4 == 0 ? tuple_back(&a) : any_tuple(&seed);
    tcpflow__key key_a;
    tcpflow__key key_b;

    if (i % 8 == 0) {
      b.vlan ^= 1;
    }
    tcpflow__key_init(&key_a, &tagged, &a);
    tcpflow__key_init(&key_b, &tagged, &b);
    assert_int_equal(is_key_of(&key_a, &b, key_b.swapped),
                     same_but_order(&a, &b));
    tcpflow__key_init(&key_a, &plain, &a);
    tcpflow__key_init(&key_b, &plain, &b);
    const bool is = is_key_of(&key_a, &b, key_b.swapped);
    a.vlan = 0;
    b.vlan = 0;
    assert_int_equal(is, same_but_order(&a, &b));
    if (is) {
      assert_int_equal(key_a.hash, key_b.hash);
      same++;
    }
  }
  assert_true(same > 50000);
}

static void flow_hash__each_member__counts(void **state) {
  const tcpflow_tuple base = ipv6();
  const uint64_t hash =
    tcpflow_flow_hash(&base, counting_key(), TCPFLOW_KEY_VLAN);

  (void)state;
  for (size_t i = 0; i < sizeof(base); i++) {
    tcpflow_tuple other = base;
    if (i >= offsetof(tcpflow_tuple, reserved) &&
        i < offsetof(tcpflow_tuple, reserved) + sizeof(base.reserved)) {
      continue;
    }
    ((uint8_t *)&other)[i] ^= 1;
    assert_false(tcpflow_flow_hash(&other, counting_key(), TCPFLOW_KEY_VLAN) ==
                 hash);
  }
}

static void key_is__each_member_differs__another_flow(void **state) {
  tcpflow_tuple tuple = ipv6();
  tcpflow__hasher hasher;
  tcpflow__key key;

  (void)state;
  tcpflow__hasher_init(&hasher, counting_key(), TCPFLOW_KEY_VLAN);
  tcpflow__key_init(&key, &hasher, &tuple);
  assert_true(is_key_of(&key, &tuple, key.swapped));
  for (size_t i = 0; i < sizeof(tuple); i++) {
    tcpflow_tuple other = tuple;
    const bool reserved =
      i >= offsetof(tcpflow_tuple, reserved) &&
      i < offsetof(tcpflow_tuple, reserved) + sizeof(tuple.reserved);
    ((uint8_t *)&other)[i] ^= 1;
    assert_int_equal(is_key_of(&key, &other, key.swapped), reserved);
  }
}

static void key_init__hash__the_upper_half(void **state) {
  const tcpflow_tuple tuple = ipv4();
  tcpflow__hasher hasher;
  tcpflow__key key;

  (void)state;
  tcpflow__hasher_init(&hasher, counting_key(), 0);
  tcpflow__key_init(&key, &hasher, &tuple);
  assert_int_equal(key.hash, 0x15b48b22);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(flow_hash__known_tuples__pinned_values),
    cmocka_unit_test(flow_hash__no_tunnel__that_of_none),
    cmocka_unit_test(key_is__no_tunnel__other_networks_the_same_flow),
    cmocka_unit_test(flow_hash__equal_addresses__the_lower_port_first),
    cmocka_unit_test(flow_hash__other_direction__the_same),
    cmocka_unit_test(flow_hash__any_tuple__siphash_of_the_octets),
    cmocka_unit_test(flow_hash__each_member__counts),
    cmocka_unit_test(key_is__any_tuples__as_their_members),
    cmocka_unit_test(key_is__each_member_differs__another_flow),
    cmocka_unit_test(key_init__hash__the_upper_half),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
