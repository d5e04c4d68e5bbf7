/*
 * lib/track/resume.c - how far a frame that holds several packets was followed.
 *
 * Room: track.  Includes: wire.
 */
#include "track/resume.h"

#include "wire/bytes.h"

enum {
  FIELDS_SIZE = 48
};

static uint8_t *put64(uint8_t *to, uint64_t value) {
  tcpflow__store32(to, (uint32_t)(value >> 32));
  tcpflow__store32(to + 4, (uint32_t)(value & UINT32_MAX));
  return to + 8;
}

/* Of all that a frame is decoded from and told with, but its handle. */
static uint64_t digest_of(const tcpflow__sipkey *key,
                          const tcpflow_frame *frame) {
  uint8_t fields[FIELDS_SIZE];
  uint8_t *to = fields;

  to = put64(to, tcpflow__siphash13(key, frame->bytes, frame->captured));
  to = put64(to, (uint64_t)frame->time);
  to = put64(to, frame->number);
  to = put64(to, frame->scope);
  to = put64(to, (uint64_t)frame->length << 32 | frame->link);
  (void)put64(to, (uint64_t)frame->vlan << 32 | frame->tunnel);
  return tcpflow__siphash13(key, fields, sizeof(fields));
}

void tcpflow__resume_init(tcpflow__resume *resume,
                          const tcpflow__sipkey *secret) {
  static const uint8_t zero = 0;

  /* Of 0 and 1 octets: what no key of a flow has. */
  resume->key.k0 = tcpflow__siphash13(secret, &zero, 0);
  resume->key.k1 = tcpflow__siphash13(secret, &zero, 1);
  resume->digest = 0;
  resume->done = 0;
  resume->inner = 0;
}

static int is_set(const tcpflow__resume *resume) {
  return resume->done != 0 || resume->inner != 0;
}

void tcpflow__resume_note(tcpflow__resume *resume, const tcpflow_frame *frame) {
  if (is_set(resume)) {
    resume->digest = digest_of(&resume->key, frame);
  }
}

void tcpflow__resume_expect(tcpflow__resume *resume,
                            const tcpflow_frame *frame) {
  if (is_set(resume) && resume->digest != digest_of(&resume->key, frame)) {
    resume->done = 0;
    resume->inner = 0;
  }
}
