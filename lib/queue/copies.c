/*
 * lib/queue/copies.c - copies of what events point at.
 *
 * Room: queue.  Includes: base, segment.  Even octets of the caller's own frame
 * are copied: those of a datagram that came in fragments look the same here,
 * and die with it.
 */
#include "queue/copies.h"

#include <string.h>

bool tcpflow__copy_octets(tcpflow__arena *arena, const uint8_t **bytes,
                          size_t length) {
  if (*bytes == NULL || length == 0) {
    return true;
  }
  *bytes = tcpflow__arena_copy(arena, *bytes, length);
  return *bytes != NULL;
}

bool tcpflow__copy_tuple(tcpflow__arena *arena, const tcpflow_tuple **tuple) {
  if (*tuple == NULL) {
    return true;
  }
  *tuple = tcpflow__arena_copy(arena, *tuple, sizeof(**tuple));
  return *tuple != NULL;
}

/* The head and the options of a segment; NULL: no room. */
static tcpflow_segment *copy_head(tcpflow__arena *arena,
                                  const tcpflow_segment *segment) {
  tcpflow_segment *const copy =
    tcpflow__arena_copy(arena, segment, sizeof(*segment));

  if (copy == NULL) {
    return NULL;
  }
  copy->packet = NULL;
  if (segment->options != NULL) {
    copy->options =
      tcpflow__arena_copy(arena, segment->options, sizeof(*segment->options));
  }
  return segment->options != NULL && copy->options == NULL ? NULL : copy;
}

bool tcpflow__copy_segment(tcpflow__arena *arena,
                           const tcpflow_segment **segment) {
  tcpflow_segment *copy;

  if (*segment == NULL) {
    return true;
  }
  copy = copy_head(arena, *segment);
  if (copy == NULL ||
      !tcpflow__copy_octets(arena, &copy->payload, copy->payload_captured)) {
    return false;
  }
  *segment = copy;
  return true;
}

/* A caller may use one buffer for all its segments, and number none. */
static bool is_latest(const tcpflow__copied_cause *latest,
                      const tcpflow_segment *cause) {
  if (latest->copy == NULL ||
      memcmp(&latest->segment, cause, sizeof(*cause)) != 0) {
    return false;
  }
  return cause->options == NULL || memcmp(latest->copy->options, cause->options,
                                          sizeof(*cause->options)) == 0;
}

bool tcpflow__copy_cause(tcpflow__arena *arena, tcpflow__copied_cause *latest,
                         const tcpflow_segment **cause) {
  if (*cause == NULL) {
    return true;
  }
  if (!is_latest(latest, *cause)) {
    tcpflow_segment *const copy = copy_head(arena, *cause);
    latest->copy = copy;
    if (copy == NULL) {
      return false;
    }
    memcpy(&latest->segment, *cause, sizeof(latest->segment));
    copy->payload = NULL;
    copy->payload_captured = 0;
  }
  *cause = latest->copy;
  return true;
}

bool tcpflow__copy_packet(tcpflow__arena *arena,
                          const tcpflow_packet **packet) {
  tcpflow_packet *const copy =
    tcpflow__arena_copy(arena, *packet, sizeof(**packet));

  *packet = copy;
  return copy != NULL &&
         tcpflow__copy_octets(arena, &copy->bytes, copy->captured);
}
