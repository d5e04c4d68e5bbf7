/* tests/unit/queue/test_copies.c - mirror of lib/queue/copies.c. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "queue/copies.h"
#include "unit/failmem.h"

static tcpflow__arena arena_of(failmem *fm) {
  return (tcpflow__arena){.mem = failmem_table(fm), .max = UINT64_MAX};
}

/* A segment with all that one can have. */
static tcpflow_segment segment_of(const tcpflow_options *options,
                                  const tcpflow_packet *packet) {
  static const uint8_t payload[3] = {'a', 'b', 'c'};
  tcpflow_segment segment;

  tcpflow_segment_init(&segment);
  segment.options = options;
  segment.packet = packet;
  segment.payload = payload;
  segment.payload_captured = 3;
  segment.payload_length = 5;
  segment.seq = 77;
  return segment;
}

static void copy__nothing_there__stays_nothing(void **state) {
  failmem fm = {0};
  tcpflow__arena arena = arena_of(&fm);
  tcpflow__copied_cause latest = {NULL, {0}};
  const uint8_t *bytes = NULL;
  const tcpflow_tuple *tuple = NULL;
  const tcpflow_segment *segment = NULL;

  (void)state;
  assert_true(tcpflow__copy_octets(&arena, &bytes, 3));
  assert_true(tcpflow__copy_tuple(&arena, &tuple));
  assert_true(tcpflow__copy_segment(&arena, &segment));
  assert_true(tcpflow__copy_cause(&arena, &latest, &segment));
  assert_null(bytes);
  assert_null(tuple);
  assert_null(segment);
  assert_int_equal(fm.requests, 0);
}

static void copy_tuple__original_changes__copy_does_not(void **state) {
  failmem fm = {0};
  tcpflow__arena arena = arena_of(&fm);
  tcpflow_tuple original = {.port = {1, 2}};
  const tcpflow_tuple *tuple = &original;

  (void)state;
  assert_true(tcpflow__copy_tuple(&arena, &tuple));
  original.port[0] = 9;
  assert_int_equal(tuple->port[0], 1);
  tcpflow__arena_clear(&arena);
}

static void copy_segment__all_parts__own_ones(void **state) {
  failmem fm = {0};
  tcpflow__arena arena = arena_of(&fm);
  tcpflow_packet packet;
  tcpflow_options options;
  tcpflow_segment original;
  const tcpflow_segment *segment = &original;

  (void)state;
  tcpflow_packet_init(&packet);
  tcpflow_options_init(&options);
  options.mss = 1460;
  original = segment_of(&options, &packet);
  assert_true(tcpflow__copy_segment(&arena, &segment));
  options.mss = 0;
  assert_ptr_not_equal(segment, &original);
  assert_int_equal(segment->seq, 77);
  assert_int_equal(segment->options->mss, 1460);
  assert_ptr_not_equal(segment->payload, original.payload);
  assert_memory_equal(segment->payload, "abc", 3);
  assert_int_equal(segment->payload_length, 5);
  assert_null(segment->packet);
  tcpflow__arena_clear(&arena);
}

static void copy_cause__same_segment_again__one_copy(void **state) {
  failmem fm = {0};
  tcpflow__arena arena = arena_of(&fm);
  tcpflow__copied_cause latest = {NULL, {0}};
  const tcpflow_segment original = segment_of(NULL, NULL);
  const tcpflow_segment *first = &original;
  const tcpflow_segment *second = &original;

  (void)state;
  assert_true(tcpflow__copy_cause(&arena, &latest, &first));
  assert_true(tcpflow__copy_cause(&arena, &latest, &second));
  assert_ptr_equal(first, second);
  assert_null(first->payload);
  assert_int_equal(first->payload_captured, 0);
  assert_int_equal(first->payload_length, 5);
  tcpflow__arena_clear(&arena);
}

/* Whoever feeds may keep all segments in one place, and number none. */
static void copy_cause__another_in_the_same_place__another_copy(void **state) {
  failmem fm = {0};
  tcpflow__arena arena = arena_of(&fm);
  tcpflow__copied_cause latest = {NULL, {0}};
  tcpflow_options options;
  tcpflow_segment place;
  const tcpflow_segment *copy[3] = {&place, &place, &place};

  (void)state;
  tcpflow_options_init(&options);
  place = segment_of(&options, NULL);
  assert_true(tcpflow__copy_cause(&arena, &latest, &copy[0]));
  place.seq++;
  assert_true(tcpflow__copy_cause(&arena, &latest, &copy[1]));
  options.ts_val++;
  assert_true(tcpflow__copy_cause(&arena, &latest, &copy[2]));
  assert_int_equal(copy[0]->seq, 77);
  assert_int_equal(copy[1]->seq, 78);
  assert_ptr_not_equal(copy[1], copy[2]);
  assert_int_equal(copy[1]->options->ts_val, 0);
  assert_int_equal(copy[2]->options->ts_val, 1);
  tcpflow__arena_clear(&arena);
}

static void copy_packet__frame_is_gone__octets_stay(void **state) {
  failmem fm = {0};
  tcpflow__arena arena = arena_of(&fm);
  uint8_t frame[4] = {1, 2, 3, 4};
  tcpflow_packet original;
  const tcpflow_packet *packet = &original;

  (void)state;
  tcpflow_packet_init(&original);
  original.bytes = frame;
  original.captured = 4;
  original.icmp_code = 4;
  assert_true(tcpflow__copy_packet(&arena, &packet));
  memset(frame, 0, sizeof(frame));
  original.icmp_code = 0;
  assert_int_equal(packet->icmp_code, 4);
  assert_memory_equal(packet->bytes, "\1\2\3\4", 4);
  tcpflow__arena_clear(&arena);
}

/* Runs one of the copies where nothing can be had any more from the n-th octet
   on; true: it has found room. */
typedef bool copy_something(tcpflow__arena *arena, tcpflow_segment *segment,
                            tcpflow_packet *packet);

static bool some_segment(tcpflow__arena *arena, tcpflow_segment *segment,
                         tcpflow_packet *packet) {
  const tcpflow_segment *at = segment;

  (void)packet;
  return tcpflow__copy_segment(arena, &at);
}

static bool some_cause(tcpflow__arena *arena, tcpflow_segment *segment,
                       tcpflow_packet *packet) {
  tcpflow__copied_cause latest = {NULL, {0}};
  const tcpflow_segment *at = segment;
  const bool good = tcpflow__copy_cause(arena, &latest, &at);

  (void)packet;
  assert_true(good == (latest.copy != NULL));
  return good;
}

static bool some_packet(tcpflow__arena *arena, tcpflow_segment *segment,
                        tcpflow_packet *packet) {
  const tcpflow_packet *at = packet;

  (void)segment;
  return tcpflow__copy_packet(arena, &at);
}

static void copy__no_room__says_so(void **state) {
  static copy_something *const copies[] = {some_segment, some_cause,
                                           some_packet};
  static const uint8_t frame[40] = {0};

  (void)state;
  for (size_t i = 0; i < sizeof(copies) / sizeof(*copies); i++) {
    bool good = false;
    for (uint64_t max = 0; !good; max += 16) {
      failmem fm = {0};
      tcpflow__arena arena = arena_of(&fm);
      tcpflow_options options;
      tcpflow_packet packet;
      tcpflow_segment segment;
      tcpflow_options_init(&options);
      tcpflow_packet_init(&packet);
      packet.bytes = frame;
      packet.captured = sizeof(frame);
      segment = segment_of(&options, &packet);
      arena.max = max;
      good = copies[i](&arena, &segment, &packet);
      assert_int_equal(arena.error, good ? TCPFLOW_OK : TCPFLOW_ERR_LIMIT);
      assert_true(max < 4096);
      tcpflow__arena_clear(&arena);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(copy__nothing_there__stays_nothing),
    cmocka_unit_test(copy_tuple__original_changes__copy_does_not),
    cmocka_unit_test(copy_segment__all_parts__own_ones),
    cmocka_unit_test(copy_cause__same_segment_again__one_copy),
    cmocka_unit_test(copy_cause__another_in_the_same_place__another_copy),
    cmocka_unit_test(copy_packet__frame_is_gone__octets_stay),
    cmocka_unit_test(copy__no_room__says_so),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
