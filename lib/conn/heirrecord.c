/*
 * lib/conn/heirrecord.c - what a connection has of the one before, as octets,
 * and back.
 *
 * Room: conn.  Includes: base, wire, segment.
 */
#include "conn/heirrecord.h"

#include <string.h>

#include "conn/candidates.h"
#include "conn/synrecord.h"

static const tcpflow__field former_members[] = {
  TCPFLOW__FIELD_OF(tcpflow__former, until),
  TCPFLOW__FIELDS_OF(tcpflow__former, first, 2),
  TCPFLOW__FIELDS_OF(tcpflow__former, nxt, 2),
  TCPFLOW__FIELD_LEFT_OUT(tcpflow__former, known),
};

static const tcpflow__fields former_fields = TCPFLOW__FIELDS(former_members);

bool tcpflow__former_record_covers(void) {
  return tcpflow__fields_cover(&former_fields, sizeof(tcpflow__former));
}

void tcpflow__former_save(const tcpflow__former *former,
                          tcpflow__record_writer *to) {
  tcpflow__record_object(to, &former_fields, former);
  tcpflow__record_number(to, former->known[0], 1);
  tcpflow__record_number(to, former->known[1], 1);
}

void tcpflow__former_load(tcpflow__former *former,
                          tcpflow__record_reader *from) {
  tcpflow__record_into(from, &former_fields, former);
  former->known[0] = tcpflow__record_take(from, 1) != 0;
  former->known[1] = tcpflow__record_take(from, 1) != 0;
}

void tcpflow__heir_save(const tcpflow__conn_extra *heir,
                        tcpflow__record_writer *to) {
  tcpflow__record_number(to, heir->reuse, 1);
  tcpflow__former_save(&heir->former, to);
  tcpflow__syns_save(heir, to);
}

/* At most the SYN of the client: the segment answers or follows it. */
static bool is_heirloom(const tcpflow__candidates *list) {
  return list == NULL ||
         (list->count == 1 && list->of[0].side == TCPFLOW_SIDE_CLIENT &&
          !list->of[0].settled);
}

static int load_heirloom(tcpflow_conn *conn, tcpflow__record_reader *from) {
  tcpflow__conn_extra *const extra = tcpflow__conn_extra_need(conn);
  int error;

  if (extra == NULL) {
    return TCPFLOW_ERR_NOMEM;
  }
  extra->reuse = (uint8_t)tcpflow__record_take(from, 1);
  tcpflow__former_load(&extra->former, from);
  error = tcpflow__syns_load(conn, from);
  if (error != TCPFLOW_OK) {
    return error;
  }
  return !from->bad && extra->reuse < TCPFLOW_ANOMALY_COUNT &&
             is_heirloom(extra->candidates)
           ? TCPFLOW_OK
           : TCPFLOW_ERR_INVALID;
}

/* By a connection without anything else. */
int tcpflow__heir_load(tcpflow__conn_env *env, tcpflow__conn_extra **heir,
                       tcpflow__record_reader *from) {
  tcpflow__sides sides;
  tcpflow_conn conn;
  int error;

  memset(&sides, 0, sizeof(sides));
  memset(&conn, 0, sizeof(conn));
  conn.env = env;
  conn.sides = &sides;
  error = load_heirloom(&conn, from);
  if (error != TCPFLOW_OK) {
    tcpflow__conn_extra_clear(&conn);
    return error;
  }
  *heir = conn.extra;
  return TCPFLOW_OK;
}
