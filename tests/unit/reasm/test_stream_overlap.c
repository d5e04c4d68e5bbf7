/*
 * tests/unit/reasm/test_stream_overlap.c - lib/reasm/stream.c: who wins, who
 * keeps the octets, where they come from, and when they are told.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <tcpflow/stream.h>

#include "unit/failmem.h"

/* What a stream told: its octets, where each came from, and its conflicts. */
typedef struct listener {
  char octets[128];
  char from[128]; /* The number of the piece, as one digit. */
  size_t length;
  char conflicts[128]; /* "10:ab/cd! ": "!" if the second ones count. */
  const uint8_t *last; /* The bytes of the last event. */
  int held;            /* That event's. */
  tcpflow_time time;
} listener;

static int on_data(tcpflow_stream *stream, const tcpflow_stream_data *event,
                   void *user) {
  listener *const me = user;

  (void)stream;
  assert_true(me->length + event->length < sizeof(me->octets));
  memcpy(me->octets + me->length, event->bytes, event->length);
  memset(me->from + me->length, '0' + (int)event->number, event->length);
  me->length += event->length;
  me->last = event->bytes;
  me->held = event->held;
  me->time = event->time;
  return 0;
}

static int on_conflict(tcpflow_stream *stream,
                       const tcpflow_stream_conflict *event, void *user) {
  listener *const me = user;
  const size_t used = strlen(me->conflicts);

  (void)stream;
  snprintf(me->conflicts + used, sizeof(me->conflicts) - used,
           "%u:%.*s/%.*s%s ", (unsigned)event->offset, (int)event->length,
           (const char *)event->first, (int)event->length,
           (const char *)event->second, event->replaced ? "!" : "");
  return 0;
}

static tcpflow_stream *make(listener *me, const tcpflow_stream_config *config,
                            const tcpflow_mem *mem) {
  tcpflow_stream_callbacks callbacks;
  tcpflow_stream *stream = NULL;

  memset(me, 0, sizeof(*me));
  tcpflow_stream_callbacks_init(&callbacks);
  callbacks.on_data = on_data;
  callbacks.on_conflict = on_conflict;
  assert_int_equal(tcpflow_stream_new(&stream, config, &callbacks, mem, me),
                   TCPFLOW_OK);
  return stream;
}

static tcpflow_stream *make_with_policy(listener *me, tcpflow_overlap overlap) {
  tcpflow_stream_config config;

  tcpflow_stream_config_init(&config);
  config.overlap = overlap;
  return make(me, &config, NULL);
}

/* Adds a piece with a number; its time is ten times that. */
static int add(tcpflow_stream *stream, uint64_t offset, const char *text,
               uint64_t number) {
  tcpflow_stream_piece piece;

  tcpflow_stream_piece_init(&piece);
  piece.offset = offset;
  piece.bytes = (const uint8_t *)text;
  piece.length = strlen(text);
  piece.captured = piece.length;
  piece.time = 10 * number;
  piece.number = number;
  return tcpflow_stream_add_piece(stream, &piece);
}

static tcpflow_stream_info info_of(const tcpflow_stream *stream) {
  tcpflow_stream_info info;

  tcpflow_stream_info_init(&info);
  assert_int_equal(tcpflow_stream_get_info(stream, &info), TCPFLOW_OK);
  return info;
}

/* --- who wins --- */

/* "abcdef" at 10, capitals somewhere about it, then all before 20. */
typedef struct contest {
  unsigned from;
  const char *now;
  const char *if_old;
  const char *if_new;
  const char *winner; /* As in test_overlap.c. */
} contest;

static const contest contests[] = {
  {12, "XY", "..........abcdef....", "..........abXYef....", "ONOOOOOOOOOOOO"},
  {13, "XYZ", "..........abcdef....", "..........abcXYZ....", "ONOOOOOOOOOOOO"},
  {14, "WXYZ", "..........abcdefYZ..", "..........abcdWXYZ..",
   "ONOOOOOOOONONO"},
  {10, "XY", "..........abcdef....", "..........XYcdef....", "ONOOOOOOOOOOOO"},
  {10, "UVWXYZ", "..........abcdef....", "..........UVWXYZ....",
   "ONONOOOOOONONO"},
  {10, "TUVWXYZ", "..........abcdefZ...", "..........TUVWXYZ...",
   "ONNNOOOOONNNNO"},
  {8, "WXYZ", "........WXabcdef....", "........WXYZcdef....", "ONNNNNNNONONOO"},
  {9, "TUVWXYZ", ".........Tabcdef....", ".........TUVWXYZ....",
   "ONNNNNNNONNNNO"},
  {8, "QRSTUVWXYZ", "........QRabcdefYZ..", "........QRSTUVWXYZ..",
   "ONNNNNNNONNNNO"},
};

static void play(const contest *c, tcpflow_overlap overlap) {
  const char *const told = c->winner[overlap] == 'N' ? c->if_new : c->if_old;
  listener me;
  char conflicts[sizeof(me.conflicts)];
  tcpflow_stream *const stream = make_with_policy(&me, overlap);

  assert_int_equal(add(stream, 10, "abcdef", 1), TCPFLOW_OK);
  assert_int_equal(add(stream, c->from, c->now, 2), TCPFLOW_OK);
  assert_int_equal(me.length, 0);
  assert_non_null(strchr(me.conflicts, '/'));
  assert_int_equal(strchr(me.conflicts, '!') != NULL,
                   c->winner[overlap] == 'N');
  /* What agrees with all that is held takes nothing from it. */
  memcpy(conflicts, me.conflicts, sizeof(conflicts));
  assert_int_equal(add(stream, 0, told, 3), TCPFLOW_OK);
  assert_string_equal(me.conflicts, conflicts);
  assert_string_equal(me.octets, told);
  for (size_t i = 0; i < me.length; i++) {
    const char by = told[i] == '.' ? '3' : told[i] < 'a' ? '2' : '1';

    assert_int_equal(me.from[i], by);
  }
  assert_int_equal(info_of(stream).held_memory, 0);
  tcpflow_stream_del(stream);
}

static void overlap__every_policy_and_geometry__by_the_table(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof(contests) / sizeof(contests[0]); i++) {
    for (int overlap = 0; overlap < TCPFLOW_OVERLAP_COUNT; overlap++) {
      play(&contests[i], (tcpflow_overlap)overlap);
    }
  }
}

static void overlap__told_octets__never_change(void **state) {
  listener me;

  (void)state;
  for (int overlap = 0; overlap < TCPFLOW_OVERLAP_COUNT; overlap++) {
    tcpflow_stream *const stream =
      make_with_policy(&me, (tcpflow_overlap)overlap);

    assert_int_equal(add(stream, 0, "abcd", 1), TCPFLOW_OK);
    assert_int_equal(add(stream, 0, "WXYZef", 2), TCPFLOW_OK);
    assert_string_equal(me.octets, "abcdef");
    tcpflow_stream_del(stream);
  }
}

/* A retransmission that agrees is no matter for a policy: nothing is held
   twice, and the first origin stays. */
static void overlap__the_same_octets__no_contest(void **state) {
  listener me;
  tcpflow_stream *const stream = make_with_policy(&me, TCPFLOW_OVERLAP_LAST);

  (void)state;
  assert_int_equal(add(stream, 5, "fgh", 1), TCPFLOW_OK);
  assert_int_equal(add(stream, 3, "defghi", 2), TCPFLOW_OK);
  assert_string_equal(me.conflicts, "");
  assert_int_equal(add(stream, 0, "abc", 3), TCPFLOW_OK);
  assert_string_equal(me.octets, "abcdefghi");
  assert_string_equal(me.from, "333221112");
  tcpflow_stream_del(stream);
}

/* Each held segment is judged as it still stands, on its own. */
static void overlap__over_two_segments__judged_one_by_one(void **state) {
  listener me;
  tcpflow_stream *const stream = make_with_policy(&me, TCPFLOW_OVERLAP_BSD);

  (void)state;
  assert_int_equal(add(stream, 2, "cdef", 1), TCPFLOW_OK);
  assert_int_equal(add(stream, 8, "ijkl", 2), TCPFLOW_OK);
  /* Over the end of the first, over the begin of the second. */
  assert_int_equal(add(stream, 4, "UVWXYZ", 3), TCPFLOW_OK);
  assert_string_equal(me.conflicts, "4:ef/UV 8:ij/YZ! ");
  assert_int_equal(add(stream, 0, "ab", 4), TCPFLOW_OK);
  assert_string_equal(me.octets, "abcdefWXYZkl");
  tcpflow_stream_del(stream);
}

/* A policy that a callback sets counts from the next piece on. */
static void set_overlap__between_pieces__from_the_next_on(void **state) {
  listener me;
  tcpflow_stream *const stream = make_with_policy(&me, TCPFLOW_OVERLAP_FIRST);

  (void)state;
  assert_int_equal(add(stream, 1, "bc", 1), TCPFLOW_OK);
  assert_int_equal(add(stream, 1, "XY", 2), TCPFLOW_OK);
  assert_int_equal(tcpflow_stream_set_overlap(stream, TCPFLOW_OVERLAP_LAST),
                   TCPFLOW_OK);
  assert_int_equal(add(stream, 2, "Z", 3), TCPFLOW_OK);
  assert_int_equal(add(stream, 0, "a", 4), TCPFLOW_OK);
  assert_string_equal(me.octets, "abZ");
  assert_int_equal(tcpflow_stream_set_overlap(stream, TCPFLOW_OVERLAP_COUNT),
                   TCPFLOW_ERR_INVALID);
  tcpflow_stream_del(stream);
}

static void new__no_policy__invalid(void **state) {
  tcpflow_stream_config config;
  tcpflow_stream *stream = NULL;

  (void)state;
  tcpflow_stream_config_init(&config);
  config.overlap = TCPFLOW_OVERLAP_COUNT;
  assert_int_equal(tcpflow_stream_new(&stream, &config, NULL, NULL, NULL),
                   TCPFLOW_ERR_INVALID);
  assert_null(stream);
}

/* A contested piece takes all its memory, or changes nothing. */
static void add__contested_and_no_memory__nothing_changed(void **state) {
  (void)state;
  for (size_t n = 1; n < 8; n++) {
    failmem fm = {.fail_at = 0};
    const tcpflow_mem mem = failmem_table(&fm);
    tcpflow_stream_config config;
    listener me;
    int error;

    tcpflow_stream_config_init(&config);
    config.overlap = TCPFLOW_OVERLAP_LAST;
    tcpflow_stream *const stream = make(&me, &config, &mem);
    assert_int_equal(add(stream, 2, "cdef", 1), TCPFLOW_OK);
    assert_int_equal(add(stream, 8, "ijkl", 2), TCPFLOW_OK);
    const size_t blocks = fm.live_blocks;
    fm.fail_at = fm.requests + n;
    error = add(stream, 3, "X", 3);
    if (error != TCPFLOW_OK) {
      assert_int_equal(error, TCPFLOW_ERR_NOMEM);
      assert_int_equal(fm.live_blocks, blocks);
      assert_string_equal(me.conflicts, "");
      fm.fail_at = 0;
      assert_int_equal(add(stream, 3, "X", 3), TCPFLOW_OK);
    }
    fm.fail_at = 0;
    assert_string_equal(me.conflicts, "3:d/X! ");
    assert_int_equal(add(stream, 0, "ab", 4), TCPFLOW_OK);
    assert_memory_equal(me.octets, "abcXef", 7);
    assert_string_equal(me.from, "441311");
    tcpflow_stream_del(stream);
    assert_int_equal(fm.live_blocks, 0);
  }
}

/* --- who keeps them --- */

/* A buffer that counts who holds it. */
typedef struct buffer {
  const char *text;
  int held;
  int all;     /* How often it was held at all. */
  bool refuse; /* It cannot be held. */
} buffer;

static void *hold(void *handle, const uint8_t *bytes, size_t length,
                  void *user) {
  buffer *const b = handle;

  (void)user;
  assert_true(bytes >= (const uint8_t *)b->text);
  assert_true(bytes + length <= (const uint8_t *)b->text + strlen(b->text));
  if (b->refuse) {
    return NULL;
  }
  b->held++;
  b->all++;
  return b;
}

static void release(void *held, void *user) {
  buffer *const b = held;

  (void)user;
  assert_true(b->held > 0);
  b->held--;
}

static tcpflow_stream *make_keeping(listener *me, tcpflow_overlap overlap,
                                    const tcpflow_mem *mem) {
  const tcpflow_hold keeper = {hold, release, me};
  tcpflow_stream_config config;

  tcpflow_stream_config_init(&config);
  config.hold = &keeper;
  config.overlap = overlap;
  return make(me, &config, mem);
}

static int add_buffer(tcpflow_stream *stream, uint64_t offset, buffer *b) {
  tcpflow_stream_piece piece;

  tcpflow_stream_piece_init(&piece);
  piece.offset = offset;
  piece.bytes = (const uint8_t *)b->text;
  piece.length = strlen(b->text);
  piece.captured = piece.length;
  piece.handle = b;
  return tcpflow_stream_add_piece(stream, &piece);
}

static void hold__early__told_from_where_they_are(void **state) {
  buffer late = {.text = "abc"};
  buffer early = {.text = "defg"};
  listener me;
  tcpflow_stream *const stream = make_keeping(&me, TCPFLOW_OVERLAP_FIRST, NULL);

  (void)state;
  assert_int_equal(add_buffer(stream, 3, &early), TCPFLOW_OK);
  assert_int_equal(early.held, 1);
  assert_true(info_of(stream).held_memory > 4);
  assert_int_equal(add_buffer(stream, 0, &late), TCPFLOW_OK);
  assert_int_equal(late.all, 0);
  assert_string_equal(me.octets, "abcdefg");
  assert_ptr_equal(me.last, early.text);
  assert_int_equal(me.held, 1);
  assert_int_equal(early.held, 0);
  assert_int_equal(info_of(stream).held_memory, 0);
  tcpflow_stream_del(stream);
}

static void hold__one_piece_about_another__held_twice(void **state) {
  buffer inner = {.text = "cd"};
  buffer outer = {.text = "bcde"};
  listener me;
  tcpflow_stream *const stream = make_keeping(&me, TCPFLOW_OVERLAP_FIRST, NULL);

  (void)state;
  assert_int_equal(add_buffer(stream, 2, &inner), TCPFLOW_OK);
  assert_int_equal(add_buffer(stream, 1, &outer), TCPFLOW_OK);
  assert_int_equal(inner.held, 1);
  assert_int_equal(outer.held, 2);
  tcpflow_stream_del(stream);
  assert_int_equal(inner.held, 0);
  assert_int_equal(outer.held, 0);
}

static void hold__replaced__let_go(void **state) {
  buffer old = {.text = "bcde"};
  buffer now = {.text = "BCDEF"};
  listener me;
  tcpflow_stream *const stream = make_keeping(&me, TCPFLOW_OVERLAP_LAST, NULL);

  (void)state;
  assert_int_equal(add_buffer(stream, 1, &old), TCPFLOW_OK);
  assert_int_equal(add_buffer(stream, 1, &now), TCPFLOW_OK);
  assert_int_equal(old.held, 0);
  assert_int_equal(now.held, 1);
  assert_string_equal(me.conflicts, "1:bcde/BCDE! ");
  tcpflow_stream_del(stream);
  assert_int_equal(now.held, 0);
}

/* The part in front and the part behind stay where they are: one is the
   caller's, and one a copy. */
static void hold__its_middle_is_taken__both_ends_stay(void **state) {
  buffer old = {.text = "bcdef"};
  buffer now = {.text = "D"};
  buffer first = {.text = "a"};
  listener me;
  tcpflow_stream *const stream = make_keeping(&me, TCPFLOW_OVERLAP_LAST, NULL);

  (void)state;
  assert_int_equal(add_buffer(stream, 1, &old), TCPFLOW_OK);
  assert_int_equal(add_buffer(stream, 3, &now), TCPFLOW_OK);
  assert_int_equal(add_buffer(stream, 0, &first), TCPFLOW_OK);
  assert_string_equal(me.octets, "abcDef");
  assert_int_equal(old.held, 0);
  assert_int_equal(now.held, 0);
  tcpflow_stream_del(stream);
}

static void hold__refused__copied(void **state) {
  buffer early = {.text = "bc", .refuse = true};
  buffer first = {.text = "a"};
  listener me;
  tcpflow_stream *const stream = make_keeping(&me, TCPFLOW_OVERLAP_FIRST, NULL);

  (void)state;
  assert_int_equal(add_buffer(stream, 1, &early), TCPFLOW_OK);
  assert_int_equal(add_buffer(stream, 0, &first), TCPFLOW_OK);
  assert_string_equal(me.octets, "abc");
  assert_ptr_not_equal(me.last, early.text);
  tcpflow_stream_del(stream);
}

/* Without a handle there is nothing to keep. */
static void hold__no_handle__copied_and_not_asked(void **state) {
  listener me;
  tcpflow_stream *const stream = make_keeping(&me, TCPFLOW_OVERLAP_FIRST, NULL);

  (void)state;
  assert_int_equal(add(stream, 1, "bc", 1), TCPFLOW_OK);
  assert_int_equal(add(stream, 0, "a", 2), TCPFLOW_OK);
  assert_string_equal(me.octets, "abc");
  tcpflow_stream_del(stream);
}

static void hold__no_memory_for_the_place__let_go(void **state) {
  failmem fm = {.fail_at = 0};
  const tcpflow_mem mem = failmem_table(&fm);
  buffer inner = {.text = "cd"};
  buffer outer = {.text = "bcde"};
  listener me;
  tcpflow_stream *const stream = make_keeping(&me, TCPFLOW_OVERLAP_FIRST, &mem);

  (void)state;
  assert_int_equal(add_buffer(stream, 2, &inner), TCPFLOW_OK);
  for (size_t n = 1; n <= 2; n++) {
    fm.fail_at = fm.requests + n;
    assert_int_equal(add_buffer(stream, 1, &outer), TCPFLOW_ERR_NOMEM);
    assert_int_equal(outer.held, 0);
  }
  fm.fail_at = 0;
  assert_int_equal(add_buffer(stream, 1, &outer), TCPFLOW_OK);
  tcpflow_stream_del(stream);
  assert_int_equal(outer.held, 0);
  assert_int_equal(fm.live_blocks, 0);
}

static void new__half_a_keeper__invalid(void **state) {
  tcpflow_hold keeper = {hold, NULL, NULL};
  tcpflow_stream_config config;
  tcpflow_stream *stream = NULL;

  (void)state;
  tcpflow_stream_config_init(&config);
  config.hold = &keeper;
  assert_int_equal(tcpflow_stream_new(&stream, &config, NULL, NULL, NULL),
                   TCPFLOW_ERR_INVALID);
  keeper = (tcpflow_hold){NULL, release, NULL};
  assert_int_equal(tcpflow_stream_new(&stream, &config, NULL, NULL, NULL),
                   TCPFLOW_ERR_INVALID);
  assert_null(stream);
}

/* --- where they come from --- */

static void add_piece__origin__told_with_the_octets(void **state) {
  listener me;
  tcpflow_stream *const stream = make(&me, NULL, NULL);

  (void)state;
  assert_int_equal(add(stream, 3, "de", 4), TCPFLOW_OK);
  assert_int_equal(add(stream, 0, "abc", 7), TCPFLOW_OK);
  assert_string_equal(me.from, "77744");
  assert_int_equal(me.time, 40);
  tcpflow_stream_del(stream);
}

static void add_piece__unset__version_error(void **state) {
  const tcpflow_stream_piece unset = {.size = 0};
  tcpflow_stream_piece later;
  listener me;
  tcpflow_stream *const stream = make(&me, NULL, NULL);

  (void)state;
  assert_int_equal(tcpflow_stream_add_piece(stream, &unset),
                   TCPFLOW_ERR_VERSION);
  tcpflow_stream_piece_init(&later);
  later.length = 1;
  later.captured = 2;
  later.bytes = (const uint8_t *)"ab";
  assert_int_equal(tcpflow_stream_add_piece(stream, &later),
                   TCPFLOW_ERR_INVALID);
  tcpflow_stream_del(stream);
}

static void peek__held_and_not__what_is_there(void **state) {
  tcpflow_stream_data found = {.offset = 77};
  listener me;
  tcpflow_stream *const stream = make(&me, NULL, NULL);

  (void)state;
  assert_int_equal(add(stream, 3, "defg", 5), TCPFLOW_OK);
  assert_int_equal(tcpflow_stream_peek(stream, 0, &found), 0);
  assert_int_equal(tcpflow_stream_peek(stream, 2, &found), 0);
  assert_int_equal(tcpflow_stream_peek(stream, 7, &found), 0);
  assert_int_equal(tcpflow_stream_peek(stream, UINT64_MAX, &found), 0);
  assert_int_equal(found.offset, 77);
  assert_int_equal(tcpflow_stream_peek(stream, 5, &found), 2);
  assert_int_equal(found.offset, 5);
  assert_int_equal(found.length, 2);
  assert_memory_equal(found.bytes, "fg", 2);
  assert_int_equal(found.number, 5);
  assert_int_equal(found.time, 50);
  tcpflow_stream_del(stream);
}

/* --- when they are told --- */

static tcpflow_stream *make_gated(listener *me, tcpflow_overlap overlap) {
  tcpflow_stream_config config;

  tcpflow_stream_config_init(&config);
  config.gated = 1;
  config.overlap = overlap;
  return make(me, &config, NULL);
}

static void gate__in_order__waits_for_it(void **state) {
  listener me;
  tcpflow_stream *const stream = make_gated(&me, TCPFLOW_OVERLAP_FIRST);

  (void)state;
  assert_int_equal(add(stream, 0, "abcd", 1), TCPFLOW_OK);
  assert_int_equal(me.length, 0);
  assert_int_equal(tcpflow_stream_gate(stream, 3), TCPFLOW_OK);
  assert_string_equal(me.octets, "abc");
  assert_int_equal(tcpflow_stream_gate(stream, 2), TCPFLOW_OK);
  assert_int_equal(add(stream, 4, "ef", 2), TCPFLOW_OK);
  assert_int_equal(tcpflow_stream_gate(stream, UINT64_MAX), TCPFLOW_OK);
  assert_string_equal(me.octets, "abcdef");
  assert_int_equal(add(stream, 6, "gh", 3), TCPFLOW_OK);
  assert_string_equal(me.octets, "abcdefgh");
  tcpflow_stream_del(stream);
}

/* As with a receiver that has not acknowledged: the next octets can still be
   replaced. */
static void gate__what_waits__can_be_replaced(void **state) {
  listener me;
  tcpflow_stream *const stream = make_gated(&me, TCPFLOW_OVERLAP_LAST);

  (void)state;
  assert_int_equal(add(stream, 0, "abcd", 1), TCPFLOW_OK);
  assert_int_equal(tcpflow_stream_gate(stream, 2), TCPFLOW_OK);
  assert_int_equal(add(stream, 0, "WXYZ", 2), TCPFLOW_OK);
  assert_string_equal(me.conflicts, "2:cd/YZ! ");
  assert_int_equal(tcpflow_stream_gate(stream, 4), TCPFLOW_OK);
  assert_string_equal(me.octets, "abYZ");
  tcpflow_stream_del(stream);
}

/* No octet is lost for want of room, but it is told too early. */
static void gate__no_room_for_what_waits__gives_way(void **state) {
  tcpflow_stream_config config;
  listener me;

  (void)state;
  tcpflow_stream_config_init(&config);
  config.gated = 1;
  config.max_held_pieces = 2;
  tcpflow_stream *const stream = make(&me, &config, NULL);
  assert_int_equal(add(stream, 0, "ab", 1), TCPFLOW_OK);
  assert_int_equal(add(stream, 2, "cd", 2), TCPFLOW_OK);
  assert_int_equal(me.length, 0);
  assert_int_equal(add(stream, 4, "ef", 3), TCPFLOW_OK);
  assert_string_equal(me.octets, "ab");
  assert_int_equal(tcpflow_stream_gate(stream, 6), TCPFLOW_OK);
  assert_string_equal(me.octets, "abcdef");
  assert_int_equal(info_of(stream).missing, 0);
  tcpflow_stream_del(stream);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(overlap__every_policy_and_geometry__by_the_table),
    cmocka_unit_test(overlap__told_octets__never_change),
    cmocka_unit_test(overlap__the_same_octets__no_contest),
    cmocka_unit_test(overlap__over_two_segments__judged_one_by_one),
    cmocka_unit_test(set_overlap__between_pieces__from_the_next_on),
    cmocka_unit_test(new__no_policy__invalid),
    cmocka_unit_test(add__contested_and_no_memory__nothing_changed),
    cmocka_unit_test(hold__early__told_from_where_they_are),
    cmocka_unit_test(hold__one_piece_about_another__held_twice),
    cmocka_unit_test(hold__replaced__let_go),
    cmocka_unit_test(hold__its_middle_is_taken__both_ends_stay),
    cmocka_unit_test(hold__refused__copied),
    cmocka_unit_test(hold__no_handle__copied_and_not_asked),
    cmocka_unit_test(hold__no_memory_for_the_place__let_go),
    cmocka_unit_test(new__half_a_keeper__invalid),
    cmocka_unit_test(add_piece__origin__told_with_the_octets),
    cmocka_unit_test(add_piece__unset__version_error),
    cmocka_unit_test(peek__held_and_not__what_is_there),
    cmocka_unit_test(gate__in_order__waits_for_it),
    cmocka_unit_test(gate__what_waits__can_be_replaced),
    cmocka_unit_test(gate__no_room_for_what_waits__gives_way),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
