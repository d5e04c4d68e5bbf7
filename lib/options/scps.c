/*
 * lib/options/scps.c - the extended capabilities of SCPS-TP.
 *
 * Room: options.  Includes: wire.  CCSDS 714.0-B, 3.2.5: an octet says whose
 * capability follows, the next one how long it is, in its first four bits and
 * in units of two octets.
 */
#include "options/bodies.h"

int tcpflow_scps_next(const tcpflow_octets *scps, size_t *offset,
                      tcpflow_scps_capability *capability) {
  tcpflow__cursor from = {scps->bytes, 0, (uint32_t)(scps->length & UINT8_MAX)};

  if (*offset >= from.end) {
    return 0;
  }
  from.off = (uint32_t)*offset;
  const tcpflow__cursor before = from;
  const uint8_t *const head = tcpflow__cursor_take(&from, 2);
  const uint32_t size = head == NULL ? 0 : (head[1] >> 4) * 2U;

  memset(capability, 0, sizeof(*capability));
  if (head == NULL || size > tcpflow__cursor_left(&from)) {
    from = before;
    capability->damaged = 1;
    capability->data = tcpflow__take_rest(&from);
    *offset = from.off;
    return 1;
  }
  capability->space = head[0];
  capability->bits = head[1] & 0xfU;
  capability->data.length = size;
  capability->data.bytes = size > 0 ? tcpflow__cursor_take(&from, size) : NULL;
  *offset = from.off;
  return 1;
}
