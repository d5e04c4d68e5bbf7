/*
 * lib/conn/synrecord.c - SYNs of which only the peer can say which one counts,
 * as octets, and back.
 *
 * Room: conn.  Includes: base, wire, segment.
 */
#include "conn/synrecord.h"

#include <string.h>

#include "conn/candidates.h"

static const tcpflow__field candidate_members[] = {
  TCPFLOW__FIELD_OF(tcpflow__candidate, time),
  TCPFLOW__FIELD_OF(tcpflow__candidate, isn),
  TCPFLOW__FIELD_OF(tcpflow__candidate, ack),
  TCPFLOW__FIELD_OF(tcpflow__candidate, ts_val),
  TCPFLOW__FIELD_OF(tcpflow__candidate, length),
  TCPFLOW__FIELD_OF(tcpflow__candidate, flags),
  TCPFLOW__FIELD_OF(tcpflow__candidate, window),
  TCPFLOW__FIELD_OF(tcpflow__candidate, mss),
  TCPFLOW__FIELD_OF(tcpflow__candidate, offers),
  TCPFLOW__FIELD_OF(tcpflow__candidate, wscale),
  TCPFLOW__FIELD_LEFT_OUT(tcpflow__candidate, again),
  TCPFLOW__FIELD_LEFT_OUT(tcpflow__candidate, challenged),
};

static const tcpflow__fields candidate_fields =
  TCPFLOW__FIELDS(candidate_members);

bool tcpflow__syns_record_covers(void) {
  return tcpflow__fields_cover(&candidate_fields, sizeof(tcpflow__candidate));
}

static void save_candidate(const tcpflow__syn *syn,
                           tcpflow__record_writer *to) {
  tcpflow__record_object(to, &candidate_fields, &syn->as);
  tcpflow__record_number(to, syn->as.again, 1);
  tcpflow__record_number(to, syn->as.challenged, 1);
  tcpflow__record_number(to, syn->side, 1);
  tcpflow__record_number(to, syn->settled, 1);
  tcpflow__record_number(to, syn->number, 8);
  tcpflow__record_number(to, syn->captured, 4);
  tcpflow__record_octets(to, syn->data, syn->captured);
}

void tcpflow__syns_save(const tcpflow__conn_extra *extra,
                        tcpflow__record_writer *to) {
  const tcpflow__candidates *const list = extra->candidates;
  const unsigned count = list == NULL ? 0 : list->count;

  tcpflow__record_number(to, count, 1);
  for (unsigned i = 0; i < count; i++) {
    save_candidate(&list->of[i], to);
  }
}

/* The octets of its data are borrowed. */
static bool read_candidate(tcpflow__syn *syn, const uint8_t **data,
                           tcpflow__record_reader *from) {
  memset(syn, 0, sizeof(*syn));
  tcpflow__record_into(from, &candidate_fields, &syn->as);
  syn->as.again = tcpflow__record_take(from, 1) != 0;
  syn->as.challenged = tcpflow__record_take(from, 1) != 0;
  syn->side = (uint8_t)tcpflow__record_take(from, 1);
  syn->settled = tcpflow__record_take(from, 1) != 0;
  syn->number = tcpflow__record_take(from, 8);
  syn->captured = (uint32_t)tcpflow__record_take(from, 4);
  *data = tcpflow__record_borrow(from, syn->captured);
  return !from->bad && syn->side <= TCPFLOW_SIDE_SERVER &&
         syn->captured <= syn->as.length &&
         syn->as.wscale <= TCPFLOW_WSCALE_MAX;
}

static int load_candidate(tcpflow_conn *conn, tcpflow__record_reader *from) {
  const uint8_t *data;
  tcpflow_segment segment;
  tcpflow__syn syn;

  if (!read_candidate(&syn, &data, from)) {
    return TCPFLOW_ERR_INVALID;
  }
  tcpflow_segment_init(&segment);
  segment.payload = data;
  segment.payload_captured = syn.captured;
  segment.number = syn.number;
  if (tcpflow__candidates_reserve(conn) != TCPFLOW_OK ||
      tcpflow__candidates_copy(conn, (tcpflow_side)syn.side, &segment, &syn) !=
        TCPFLOW_OK) {
    return TCPFLOW_ERR_NOMEM;
  }
  (void)tcpflow__candidates_add(conn, &syn);
  return TCPFLOW_OK;
}

int tcpflow__syns_load(tcpflow_conn *conn, tcpflow__record_reader *from) {
  uint64_t count = tcpflow__record_take(from, 1);

  for (; count > 0; count--) {
    const int error = load_candidate(conn, from);
    if (error != TCPFLOW_OK) {
      return error;
    }
  }
  return TCPFLOW_OK;
}
