/*
 * tests/fuzz/fuzz_option_values.c - any octets as options with values.
 *
 * Input: an octet of TCP flags, an octet that says how many octets of the list
 * the capture lacks, the list.  Holds: a whole option comes out of its value as
 * it was, and so does one of a wrong length; the list comes out of its options
 * as far as it was captured; what reads suboptions ends, in bounds.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <tcpflow/option_names.h>
#include <tcpflow/option_values.h>

enum {
  ENDS_WALK = TCPFLOW_OPTION_FLAG_NO_LENGTH |
              TCPFLOW_OPTION_FLAG_LENGTH_BELOW_2 | TCPFLOW_OPTION_FLAG_OVERRUN |
              TCPFLOW_OPTION_FLAG_CUT
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void hold(int invariant) {
  if (!invariant) {
    abort();
  }
}

static void check_octets(const tcpflow_octets *inner,
                         const tcpflow_octets *outer) {
  hold(inner->length == 0 ||
       (inner->bytes >= outer->bytes &&
        inner->bytes + inner->length <= outer->bytes + outer->length));
}

static void check_eno(const tcpflow_octets *eno) {
  tcpflow_eno_suboption all[256];
  tcpflow_options_builder b;
  size_t offset = 0;
  size_t count = 0;
  int damaged = 0;

  while (count < 256 && tcpflow_eno_next(eno, &offset, &all[count])) {
    check_octets(&all[count].data, eno);
    hold(all[count].id < 0x80 && !damaged);
    damaged = all[count].damaged;
    count++;
  }
  hold(count <= eno->length);
  /* The builder writes whatever is well-formed, if it fits. */
  tcpflow_options_builder_init(&b);
  const int error = tcpflow_options_builder_eno(&b, all, count);
  hold(damaged ? error == TCPFLOW_ERR_INVALID
               : error == TCPFLOW_OK || error == TCPFLOW_ERR_LIMIT);
  hold(error != TCPFLOW_OK || b.length <= eno->length + 2);
}

static void check_scps(const tcpflow_octets *scps) {
  tcpflow_scps_capability c;
  size_t offset = 0;
  size_t total = 0;
  int damaged = 0;

  while (tcpflow_scps_next(scps, &offset, &c)) {
    check_octets(&c.data, scps);
    hold(!damaged);
    damaged = c.damaged;
    total += c.data.length + (damaged ? 0U : 2U);
  }
  hold(total == scps->length);
}

/* A value that tells all of its option. */
static void check_build(const tcpflow_option *option,
                        const tcpflow_option_value *value,
                        const uint8_t *bytes) {
  const size_t length = option->kind == TCPFLOW_OPTION_EOL
                          ? 1U + option->data_length
                          : option->length;
  tcpflow_options_builder b;

  tcpflow_options_builder_init(&b);
  const int error = tcpflow_options_builder_value(&b, value);
  hold(error ==
       (length > TCPFLOW_OPTIONS_MAX ? TCPFLOW_ERR_LIMIT : TCPFLOW_OK));
  hold(error != TCPFLOW_OK ||
       (b.length == length && memcmp(b.bytes, bytes, length) == 0));
}

static void check_option(const tcpflow_option *option, const uint8_t *bytes) {
  tcpflow_option_value value;
  const int whole = tcpflow_option_value_get(&value, option);
  const unsigned bad =
    value.flags & (ENDS_WALK | TCPFLOW_OPTION_FLAG_BAD_LENGTH);

  hold(whole == (bad == 0));
  hold(value.kind == option->kind);
  hold((value.flags & option->flags) == option->flags);
  if ((value.flags & ENDS_WALK) == 0) {
    check_build(option, &value, bytes);
  }
  if (value.type == TCPFLOW_VALUE_ENO) {
    check_eno(&value.as.octets);
  } else if (value.type == TCPFLOW_VALUE_SCPS_EXTENDED) {
    check_scps(&value.as.octets);
  } else if (value.type == TCPFLOW_VALUE_SACK) {
    (void)tcpflow_sack_is_duplicate(value.as.sack.block, value.as.sack.count,
                                    value.as.sack.block[0].right);
  }
}

static void check_list(const uint8_t *bytes, size_t length, size_t captured,
                       unsigned tcp_flags) {
  tcpflow_option_walk walk;
  tcpflow_option option;
  tcpflow_options_builder b;
  int fits = 1;

  tcpflow_options_builder_init(&b);
  tcpflow_option_walk_init(&walk, bytes, length, captured, tcp_flags);
  while (tcpflow_option_walk_next(&walk, &option)) {
    check_option(&option, bytes + option.offset);
    fits = tcpflow_options_builder_copy(&b, &option) == TCPFLOW_OK && fits;
  }
  hold(fits == (captured <= TCPFLOW_OPTIONS_MAX));
  hold(!fits ||
       (b.length == captured && memcmp(b.bytes, bytes, captured) == 0));
}

static void check_layout(const uint8_t *bytes, size_t length, size_t captured) {
  char text[TCPFLOW_TEXT_LAYOUT_MAX];
  tcpflow_options_layout layout;

  tcpflow_options_layout_get(&layout, bytes, length, captured);
  hold(layout.count <= TCPFLOW_OPTIONS_MAX);
  hold(layout.padding < TCPFLOW_OPTIONS_MAX);
  hold(tcpflow_text_layout(text, sizeof(text), &layout,
                           TCPFLOW_LAYOUT_STYLE_P0F) < sizeof(text));
  hold(tcpflow_text_layout(text, sizeof(text), &layout,
                           TCPFLOW_LAYOUT_STYLE_JA4T) < sizeof(text));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 2 || size > 2 + 255) {
    return 0;
  }
  const size_t length = size - 2;
  const size_t captured = length - (data[1] < length ? data[1] : length);
  const unsigned tcp_flags = data[0];

  /* What the capture lacks is not in the block that a sanitizer guards. */
  uint8_t *bytes = malloc(captured > 0 ? captured : 1);
  if (bytes == NULL) {
    return 0;
  }
  memcpy(bytes, data + 2, captured);
  check_list(bytes, length, captured, tcp_flags);
  check_layout(bytes, length, captured);
  free(bytes);
  return 0;
}
