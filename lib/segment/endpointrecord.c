/*
 * lib/segment/endpointrecord.c - an endpoint as octets, and back.
 *
 * Room: segment.  Includes: base, wire.  A new member goes to the table: in
 * the order of the struct, and as LEFT_OUT if a monitor that restarts can do
 * without it.
 */
#include "segment/endpointrecord.h"

#include <tcpflow/options.h>

static const tcpflow__field members[] = {
  TCPFLOW__FIELD_OF(tcpflow__endpoint, iss),
  TCPFLOW__FIELD_OF(tcpflow__endpoint, fin),
  TCPFLOW__FIELD_OF(tcpflow__endpoint, retransmissions),
  TCPFLOW__FIELD_OF(tcpflow__endpoint, ecn),
  TCPFLOW__FIELD_OF(tcpflow__endpoint, fins),
  TCPFLOW__FIELD_OF(tcpflow__endpoint, resets),
  TCPFLOW__FIELD_OF(tcpflow__endpoint, rare),
  TCPFLOW__FIELD_OF(tcpflow__endpoint, state),
  TCPFLOW__FIELD_OF(tcpflow__endpoint, proof),
  TCPFLOW__FIELD_OF(tcpflow__endpoint, ip_ttl),
  TCPFLOW__FIELD_OF(tcpflow__endpoint, segments),
  TCPFLOW__FIELD_OF(tcpflow__endpoint, nxt_time),
  TCPFLOW__FIELD_OF(tcpflow__endpoint, ack_time),
  TCPFLOW__FIELD_OF(tcpflow__endpoint, ts_time),
  TCPFLOW__FIELD_OF(tcpflow__endpoint, payload),
  TCPFLOW__FIELD_OF(tcpflow__endpoint, window_max),
  TCPFLOW__FIELD_OF(tcpflow__endpoint, dup_acks),
  TCPFLOW__FIELD_OF(tcpflow__endpoint, small),
  TCPFLOW__FIELD_OF(tcpflow__endpoint, base),
  TCPFLOW__FIELD_OF(tcpflow__endpoint, snd_una),
  TCPFLOW__FIELD_OF(tcpflow__endpoint, snd_nxt),
  TCPFLOW__FIELD_OF(tcpflow__endpoint, nxt_start),
  TCPFLOW__FIELD_OF(tcpflow__endpoint, rcv_edge),
  TCPFLOW__FIELD_OF(tcpflow__endpoint, ts_recent),
  TCPFLOW__FIELD_OF(tcpflow__endpoint, ts_first),
  TCPFLOW__FIELD_OF(tcpflow__endpoint, bits),
  TCPFLOW__FIELD_OF(tcpflow__endpoint, mss),
  TCPFLOW__FIELD_OF(tcpflow__endpoint, window_raw),
  TCPFLOW__FIELD_OF(tcpflow__endpoint, window_shift),
  TCPFLOW__FIELD_OF(tcpflow__endpoint, wscale),
};
static const tcpflow__fields endpoint_fields = TCPFLOW__FIELDS(members);

bool tcpflow__endpoint_record_covers(void) {
  return tcpflow__fields_cover(&endpoint_fields, sizeof(tcpflow__endpoint));
}

void tcpflow__endpoint_save(const tcpflow__endpoint *end,
                            tcpflow__record_writer *to) {
  tcpflow__record_object(to, &endpoint_fields, end);
}

bool tcpflow__endpoint_load(tcpflow__endpoint *end,
                            tcpflow__record_reader *from) {
  tcpflow__endpoint read = *end;

  tcpflow__record_into(from, &endpoint_fields, &read);
  if (from->bad || read.state >= TCPFLOW_STATE_COUNT ||
      read.wscale > TCPFLOW_WSCALE_MAX ||
      read.window_shift > TCPFLOW_WSCALE_MAX ||
      read.wscale_least > TCPFLOW_WSCALE_MAX) {
    return false;
  }
  *end = read;
  return true;
}
