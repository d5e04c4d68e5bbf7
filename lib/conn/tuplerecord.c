/*
 * lib/conn/tuplerecord.c - who a connection is between, as octets, and back.
 *
 * Room: conn.  Includes: base, wire.
 */
#include "conn/tuplerecord.h"

#include <string.h>

#include "conn/shortends.h"

static const tcpflow__field tuple_members[] = {
  TCPFLOW__FIELD_OF(tcpflow_tuple, scope),
  TCPFLOW__FIELD_OF(tcpflow_tuple, vlan),
  TCPFLOW__FIELD_OF(tcpflow_tuple, tunnel),
  TCPFLOW__FIELDS_OF(tcpflow_tuple, port, 2),
  TCPFLOW__FIELD_OF(tcpflow_tuple, version),
  TCPFLOW__FIELD_LEFT_OUT(tcpflow_tuple, reserved),
  TCPFLOW__FIELDS_OF(tcpflow_tuple, address, 32),
};

static const tcpflow__fields tuple_fields = TCPFLOW__FIELDS(tuple_members);

bool tcpflow__tuple_record_covers(void) {
  return tcpflow__fields_cover(&tuple_fields, sizeof(tcpflow_tuple));
}

void tcpflow__tuple_save(const tcpflow_tuple *tuple,
                         tcpflow__record_writer *to) {
  tcpflow__record_object(to, &tuple_fields, tuple);
}

bool tcpflow__tuple_load(tcpflow_tuple *tuple, tcpflow__record_reader *from) {
  memset(tuple, 0, sizeof(*tuple));
  tcpflow__record_into(from, &tuple_fields, tuple);
  return !from->bad && (tuple->version == 6 ||
                        (tuple->version == 4 &&
                         (tcpflow__ends_behind(tuple->address[0]) |
                          tcpflow__ends_behind(tuple->address[1])) == 0));
}
