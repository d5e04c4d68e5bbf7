/*
 * lib/options/eno.c - the suboptions of TCP-ENO.
 *
 * Room: options.  Includes: wire.  RFC 8547 section 4.1: the first bit of an
 * octet is v.  Without it, the octet is a suboption.  With it and a value below
 * 0x20, it is the length, less 1, of the data of the next one; otherwise a
 * suboption whose data go on up to the end of the option.
 */
#include "options/bodies.h"

enum {
  V = 0x80,
  FIRST_TEP = 0x20, /* Below: a global suboption, or a length. */
  LENGTH_MAX = 32
};

static int is_length(uint8_t octet) {
  return (octet & V) != 0 && (octet & 0x7fU) < FIRST_TEP;
}

/* One whose data are as long as the octet in front of it says.  If it is
   ill-formed, nothing behind it can be told apart. */
static void next_measured(tcpflow__cursor *from,
                          tcpflow_eno_suboption *suboption) {
  const tcpflow__cursor before = *from;
  const uint32_t size = (tcpflow__take8(from) & 0x1fU) + 1;
  const uint8_t *const id = tcpflow__cursor_take(from, 1);
  const uint8_t *const data = tcpflow__cursor_take(from, size);

  if (id == NULL || data == NULL || (id[0] & V) == 0 || is_length(id[0])) {
    *from = before;
    suboption->damaged = 1;
    suboption->data = tcpflow__take_rest(from);
    return;
  }
  suboption->id = id[0] & 0x7fU;
  suboption->has_data = 1;
  suboption->data.bytes = data;
  suboption->data.length = size;
}

static void next_plain(tcpflow__cursor *from,
                       tcpflow_eno_suboption *suboption) {
  const uint8_t octet = tcpflow__take8(from);
  const tcpflow_octets none = {NULL, 0};

  suboption->id = octet & 0x7fU;
  suboption->has_data = octet >> 7;
  suboption->data = (octet & V) != 0 ? tcpflow__take_rest(from) : none;
}

int tcpflow_eno_next(const tcpflow_octets *eno, size_t *offset,
                     tcpflow_eno_suboption *suboption) {
  tcpflow__cursor from = {eno->bytes, 0, (uint32_t)(eno->length & UINT8_MAX)};

  if (*offset >= from.end) {
    return 0;
  }
  from.off = (uint32_t)*offset;
  memset(suboption, 0, sizeof(*suboption));
  if (is_length(from.base[from.off])) {
    next_measured(&from, suboption);
  } else {
    next_plain(&from, suboption);
  }
  *offset = from.off;
  return 1;
}

/* Only the last one can have data without a length, and so none or very many of
   them. */
static int are_sound_data(const tcpflow_octets *data, int last) {
  if (data->length > 0 && data->bytes == NULL) {
    return 0;
  }
  return last || (data->length >= 1 && data->length <= LENGTH_MAX);
}

/* Whether it can stand where it does. */
static int is_sound(const tcpflow_eno_suboption *suboption, int last) {
  if (suboption->damaged || suboption->id >= V) {
    return 0;
  }
  return !suboption->has_data ||
         (suboption->id >= FIRST_TEP && are_sound_data(&suboption->data, last));
}

static void give_suboption(tcpflow__fields *to,
                           const tcpflow_eno_suboption *suboption, int last) {
  if (!suboption->has_data) {
    tcpflow__give8(to, suboption->id);
    return;
  }
  if (!last) {
    tcpflow__give8(to, V | (unsigned)((suboption->data.length - 1) & 0x1fU));
  }
  tcpflow__give8(to, V | suboption->id);
  tcpflow__give_rest(to, &suboption->data);
}

/* Of all of them: a mistake is one, whether or not there is room. */
static int are_sound(const tcpflow_eno_suboption *suboptions, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (!is_sound(&suboptions[i], i + 1 == count)) {
      return 0;
    }
  }
  return 1;
}

int tcpflow_options_builder_eno(tcpflow_options_builder *builder,
                                const tcpflow_eno_suboption *suboptions,
                                size_t count) {
  tcpflow__fields to = {.error = TCPFLOW_OK};

  tcpflow__give_check(
    &to, count == 0 || (suboptions != NULL && are_sound(suboptions, count)));
  for (size_t i = 0; i < count && to.error == TCPFLOW_OK; i++) {
    give_suboption(&to, &suboptions[i], i + 1 == count);
  }
  if (to.error != TCPFLOW_OK) {
    return to.error;
  }
  return tcpflow_options_builder_raw(builder, TCPFLOW_OPTION_ENO, to.bytes,
                                     to.length);
}
