/*
 * lib/base/sized.c - structs that a caller of another release allocated.
 *
 * Room: base.  Includes: nothing of ours.  Stamps are read with memcpy(3): the
 * pointer's type is lost on the way here, and so is the proof of alignment.
 */
#include "base/sized.h"

#include <string.h>

static size_t read_stamp(const void *object) {
  size_t stamp;

  memcpy(&stamp, object, sizeof(stamp));
  return stamp;
}

static void write_stamp(void *object, size_t stamp) {
  memcpy(object, &stamp, sizeof(stamp));
}

static size_t smaller(size_t a, size_t b) {
  return a < b ? a : b;
}

void tcpflow_sized_init(void *object, size_t size) {
  memset(object, 0, size);
  write_stamp(object, size);
}

int tcpflow__sized_check(const void *theirs) {
  const size_t size = read_stamp(theirs);

  return size < sizeof(size_t) || size > TCPFLOW__SIZED_MAX
           ? TCPFLOW_ERR_VERSION
           : TCPFLOW_OK;
}

static int is_zero(const uint8_t *bytes, size_t from, size_t to) {
  for (size_t i = from; i < to; i++) {
    if (bytes[i] != 0) {
      return 0;
    }
  }
  return 1;
}

int tcpflow__sized_read(void *ours, size_t ours_size, const void *theirs) {
  if (tcpflow__sized_check(theirs) != TCPFLOW_OK ||
      !is_zero(theirs, ours_size, read_stamp(theirs))) {
    return TCPFLOW_ERR_VERSION;
  }
  memset(ours, 0, ours_size);
  memcpy(ours, theirs, smaller(read_stamp(theirs), ours_size));
  write_stamp(ours, ours_size);
  return TCPFLOW_OK;
}

void tcpflow__sized_write(void *theirs, const void *ours, size_t ours_size) {
  const size_t size = read_stamp(theirs);

  memset(theirs, 0, size);
  memcpy(theirs, ours, smaller(size, ours_size));
  write_stamp(theirs, size);
}
