/*
 * lib/wire/record.c - objects as octets that another machine reads back.
 *
 * Room: wire.  Includes: base.
 */
#include "wire/record.h"

#include <string.h>

#include "wire/siphash.h"

#define DIGEST_OCTETS 8U

/* --- tables --- */

static size_t kept_octets(const tcpflow__field *field) {
  return field->size == 0 ? 0 : field->octets;
}

bool tcpflow__fields_cover(const tcpflow__fields *fields, size_t size) {
  size_t end = 0;

  for (size_t i = 0; i < fields->count; i++) {
    const tcpflow__field *const field = &fields->field[i];
    const size_t align = field->size == 0 ? 8 : field->size;
    if (field->at < end || field->at - end >= align) {
      return false;
    }
    end = (size_t)field->at + field->octets;
  }
  return end <= size && size - end < 8;
}

static size_t fields_octets(const tcpflow__fields *fields) {
  size_t octets = 0;

  for (size_t i = 0; i < fields->count; i++) {
    octets += kept_octets(&fields->field[i]);
  }
  return octets;
}

/* --- members: numbers of this machine, in a struct --- */

static uint64_t load_member(const uint8_t *at, unsigned size) {
  uint8_t one;
  uint16_t two;
  uint32_t four;
  uint64_t eight;

  switch (size) {
  case 1:
    memcpy(&one, at, sizeof(one));
    return one;
  case 2:
    memcpy(&two, at, sizeof(two));
    return two;
  case 4:
    memcpy(&four, at, sizeof(four));
    return four;
  default:
    memcpy(&eight, at, sizeof(eight));
    return eight;
  }
}

static void store_member(uint8_t *at, uint64_t number, unsigned size) {
  const uint8_t one = (uint8_t)number;
  const uint16_t two = (uint16_t)number;
  const uint32_t four = (uint32_t)number;

  switch (size) {
  case 1:
    memcpy(at, &one, sizeof(one));
    break;
  case 2:
    memcpy(at, &two, sizeof(two));
    break;
  case 4:
    memcpy(at, &four, sizeof(four));
    break;
  default:
    memcpy(at, &number, sizeof(number));
    break;
  }
}

/* --- writing --- */

/* Each block's digest is the key of the next one's. */
static uint64_t digest_block(uint64_t before, const uint8_t *block,
                             size_t length) {
  const tcpflow__sipkey key = {before, 0};

  return tcpflow__siphash13(&key, block, length);
}

static void hand_on(tcpflow__record_writer *to) {
  to->digest = digest_block(to->digest, to->block, to->used);
  if (!to->stopped && to->put(to->block, to->used, to->user) != 0) {
    to->stopped = true;
  }
  to->used = 0;
}

void tcpflow__record_begin(tcpflow__record_writer *to, tcpflow__record_put put,
                           void *user) {
  to->put = put;
  to->user = user;
  to->digest = 0;
  to->used = 0;
  to->stopped = false;
}

void tcpflow__record_octets(tcpflow__record_writer *to, const void *octets,
                            size_t length) {
  const uint8_t *from = octets;

  while (length > 0) {
    const size_t room = TCPFLOW__RECORD_BLOCK - to->used;
    const size_t part = length < room ? length : room;

    memcpy(to->block + to->used, from, part);
    to->used += (uint32_t)part;
    from += part;
    length -= part;
    if (to->used == TCPFLOW__RECORD_BLOCK) {
      hand_on(to);
    }
  }
}

void tcpflow__record_number(tcpflow__record_writer *to, uint64_t number,
                            unsigned octets) {
  uint8_t bytes[8];

  for (unsigned i = 0; i < octets; i++) {
    bytes[i] = (uint8_t)(number >> 8 * i);
  }
  tcpflow__record_octets(to, bytes, octets);
}

void tcpflow__record_object(tcpflow__record_writer *to,
                            const tcpflow__fields *fields, const void *object) {
  tcpflow__record_number(to, fields_octets(fields), 2);
  for (size_t i = 0; i < fields->count; i++) {
    const tcpflow__field *const field = &fields->field[i];
    const uint8_t *const at = (const uint8_t *)object + field->at;

    for (size_t n = 0; n < kept_octets(field); n += field->size) {
      tcpflow__record_number(to, load_member(at + n, field->size), field->size);
    }
  }
}

bool tcpflow__record_end(tcpflow__record_writer *to) {
  uint8_t bytes[DIGEST_OCTETS];

  if (to->used != 0) {
    hand_on(to);
  }
  for (unsigned i = 0; i < DIGEST_OCTETS; i++) {
    bytes[i] = (uint8_t)(to->digest >> 8 * i);
  }
  if (!to->stopped && to->put(bytes, sizeof(bytes), to->user) != 0) {
    to->stopped = true;
  }
  return !to->stopped;
}

/* --- reading --- */

static uint64_t digest_all(const uint8_t *octets, size_t length) {
  uint64_t digest = 0;

  while (length > 0) {
    const size_t part =
      length < TCPFLOW__RECORD_BLOCK ? length : TCPFLOW__RECORD_BLOCK;

    digest = digest_block(digest, octets, part);
    octets += part;
    length -= part;
  }
  return digest;
}

bool tcpflow__record_open(tcpflow__record_reader *from, const void *octets,
                          size_t length) {
  tcpflow__record_reader digest;

  from->at = octets;
  from->left = 0;
  from->bad = true;
  if (length < DIGEST_OCTETS) {
    return false;
  }
  digest.at = from->at + (length - DIGEST_OCTETS);
  digest.left = DIGEST_OCTETS;
  digest.bad = false;
  if (tcpflow__record_take(&digest, DIGEST_OCTETS) !=
      digest_all(octets, length - DIGEST_OCTETS)) {
    return false;
  }
  from->left = length - DIGEST_OCTETS;
  from->bad = false;
  return true;
}

const uint8_t *tcpflow__record_borrow(tcpflow__record_reader *from,
                                      size_t length) {
  const uint8_t *const at = from->at;

  if (from->bad || length > from->left) {
    from->bad = true;
    return NULL;
  }
  from->at += length;
  from->left -= length;
  return at;
}

uint64_t tcpflow__record_take(tcpflow__record_reader *from, unsigned octets) {
  const uint8_t *const at = tcpflow__record_borrow(from, octets);
  uint64_t number = 0;

  for (unsigned i = 0; at != NULL && i < octets; i++) {
    number |= (uint64_t)at[i] << 8 * i;
  }
  return number;
}

/* Reads a member if all of it is there. */
static void take_field(tcpflow__record_reader *from,
                       const tcpflow__field *field, void *object) {
  uint8_t *const at = (uint8_t *)object + field->at;

  if (from->left < kept_octets(field)) {
    from->left = 0;
    return;
  }
  for (size_t n = 0; n < kept_octets(field); n += field->size) {
    store_member(at + n, tcpflow__record_take(from, field->size), field->size);
  }
}

void tcpflow__record_into(tcpflow__record_reader *from,
                          const tcpflow__fields *fields, void *object) {
  const size_t length = (size_t)tcpflow__record_take(from, 2);
  tcpflow__record_reader inner = {tcpflow__record_borrow(from, length), length,
                                  false};

  if (inner.at == NULL) {
    return;
  }
  for (size_t i = 0; i < fields->count; i++) {
    take_field(&inner, &fields->field[i], object);
  }
}
