/*
 * tests/fuzz/fuzz_options_walk.c - any octets as a list of options.
 *
 * Input: an octet of TCP flags, an octet that says how many octets of the list
 * the capture lacks, the list.  Holds: the walk ends, stays in bounds and
 * leaves no octet out; only the last option can end it; the parse says what the
 * walk says; the fast parse is the slow one; a list without damage is rebuilt
 * to the octet.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <tcpflow/options.h>

#include "options/options.h"

enum {
  ENDS_WALK = TCPFLOW_OPTION_FLAG_NO_LENGTH |
              TCPFLOW_OPTION_FLAG_LENGTH_BELOW_2 | TCPFLOW_OPTION_FLAG_OVERRUN |
              TCPFLOW_OPTION_FLAG_CUT
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct list {
  const uint8_t *bytes;
  size_t length;
  size_t captured;
  unsigned tcp_flags;
} list;

static void hold(int invariant) {
  if (!invariant) {
    abort();
  }
}

static void check_data(const list *l, const tcpflow_option *o) {
  const size_t head = o->kind < 2 || (o->flags & ENDS_WALK) != 0 ? 1 : 2;

  hold(o->data >= l->bytes + o->offset + head);
  hold(o->data + o->data_length <= l->bytes + l->captured);
  if (o->kind >= 2 && (o->flags & ENDS_WALK) == 0) {
    hold(o->data == l->bytes + o->offset + 2);
    hold(o->data_length + 2 == o->length);
  }
}

/* Rebuilds the list while walking; answers whether that is possible. */
static int rebuild(tcpflow_options_builder *builder, const tcpflow_option *o) {
  int error = TCPFLOW_OK;

  if ((o->flags & (ENDS_WALK | TCPFLOW_OPTION_FLAG_AFTER_EOL)) != 0) {
    return 0;
  }
  if (o->kind >= 2) {
    error =
      tcpflow_options_builder_raw(builder, o->kind, o->data, o->data_length);
    return error == TCPFLOW_OK;
  }
  for (unsigned i = 0; i <= o->data_length && error == TCPFLOW_OK; i++) {
    error = tcpflow_options_builder_raw(builder, o->kind, NULL, 0);
  }
  return error == TCPFLOW_OK;
}

/* Walks; answers the flags of all options together, and how many there were. */
static unsigned check_walk(const list *l, unsigned *count) {
  tcpflow_option_walk walk;
  tcpflow_option option;
  tcpflow_options_builder builder;
  unsigned flags = 0;
  size_t offset = 0;
  int whole = l->captured == l->length;
  int over = 0;

  tcpflow_options_builder_init(&builder);
  tcpflow_option_walk_init(&walk, l->bytes, l->length, l->captured,
                           l->tcp_flags);
  for (*count = 0; tcpflow_option_walk_next(&walk, &option); ++*count) {
    hold(!over);
    hold(option.offset == offset && option.kind == l->bytes[offset]);
    check_data(l, &option);
    over = option.kind == TCPFLOW_OPTION_EOL || (option.flags & ENDS_WALK) != 0;
    whole = rebuild(&builder, &option) && whole;
    flags |= option.flags;
    offset += option.length;
  }
  hold(*count <= l->captured);
  hold(over || offset == l->captured);
  if (whole) {
    hold(builder.length == l->length);
    hold(memcmp(builder.bytes, l->bytes, l->length) == 0);
  }
  return flags;
}

static void check_parse(const list *l, unsigned flags, unsigned count) {
  tcpflow_options slow;
  tcpflow_options fast;
  tcpflow_options open;

  memset(&fast, 0xa5, sizeof(fast));
  tcpflow__options_parse_walking(&slow, l->bytes, l->length, l->captured,
                                 l->tcp_flags);
  tcpflow__options_parse(&fast, l->bytes, l->length, l->captured, l->tcp_flags);
  tcpflow_options_init(&open);
  hold(tcpflow_options_parse(&open, l->bytes, l->length, l->captured,
                             l->tcp_flags) == TCPFLOW_OK);
  hold(memcmp(&slow, &fast, sizeof(slow)) == 0);
  hold(memcmp(&slow, &open, sizeof(slow)) == 0);
  hold(slow.flags ==
       (l->captured < l->length ? flags | TCPFLOW_OPTION_FLAG_CUT : flags));
  hold(slow.count == count);
  hold(slow.wscale <= TCPFLOW_WSCALE_MAX);
  hold(slow.sack_count <= TCPFLOW_SACK_BLOCKS_MAX);
  hold((slow.sack_count > 0) == ((slow.present & TCPFLOW_HAS_SACK) != 0));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 2 || size > 2 + 255) {
    return 0;
  }
  list l = {data + 2, size - 2, size - 2, data[0]};
  const size_t lacks = data[1] < l.length ? data[1] : l.length;
  unsigned count;

  /* What the capture lacks is not in the block that a sanitizer guards. */
  l.captured = l.length - lacks;
  uint8_t *bytes = malloc(l.captured > 0 ? l.captured : 1);
  if (bytes == NULL) {
    return 0;
  }
  memcpy(bytes, l.bytes, l.captured);
  l.bytes = bytes;

  const unsigned flags = check_walk(&l, &count);
  check_parse(&l, flags, count);
  free(bytes);
  return 0;
}
