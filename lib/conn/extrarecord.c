/*
 * lib/conn/extrarecord.c - what few connections remember, as octets, and back.
 *
 * Room: conn.  Includes: base, wire, segment.  Anomalies are counted by number,
 * for there will be more of them.
 */
#include "conn/extrarecord.h"

#include "conn/again.h"
#include "conn/far.h"
#include "conn/heirrecord.h"
#include "conn/retold.h"
#include "conn/synrecord.h"
#include "conn/urgent.h"

static const tcpflow__field extra_members[] = {
  TCPFLOW__FIELD_LEFT_OUT(tcpflow__conn_extra, anomalies),
  TCPFLOW__FIELDS_OF(tcpflow__conn_extra, timeout, TCPFLOW__TIMED_PHASES),
  TCPFLOW__FIELDS_OF(tcpflow__conn_extra, skip, 2),
  TCPFLOW__FIELD_LEFT_OUT(tcpflow__conn_extra, subflow),
  TCPFLOW__FIELD_LEFT_OUT(tcpflow__conn_extra, candidates),
  TCPFLOW__FIELD_LEFT_OUT(tcpflow__conn_extra, past),
  TCPFLOW__FIELD_LEFT_OUT(tcpflow__conn_extra, far),
  TCPFLOW__FIELD_LEFT_OUT(tcpflow__conn_extra, former),
  TCPFLOW__FIELDS_OF(tcpflow__conn_extra, beside, 4),
  TCPFLOW__FIELDS_OF(tcpflow__conn_extra, incarnations, 2),
  TCPFLOW__FIELD_OF(tcpflow__conn_extra, crossing),
  TCPFLOW__FIELD_OF(tcpflow__conn_extra, reuse),
  TCPFLOW__FIELD_OF(tcpflow__conn_extra, own_timeouts),
  TCPFLOW__FIELDS_OF(tcpflow__conn_extra, urgents, 2),
  TCPFLOW__FIELDS_OF(tcpflow__conn_extra, urgent[0], TCPFLOW__URGENT_MARKS),
  TCPFLOW__FIELDS_OF(tcpflow__conn_extra, urgent[1], TCPFLOW__URGENT_MARKS),
};

static const tcpflow__field subflow_members[] = {
  TCPFLOW__FIELDS_OF(tcpflow__subflow, key, 2),
  TCPFLOW__FIELD_OF(tcpflow__subflow, token),
  TCPFLOW__FIELDS_OF(tcpflow__subflow, nonce, 2),
  TCPFLOW__FIELD_OF(tcpflow__subflow, kind),
  TCPFLOW__FIELD_OF(tcpflow__subflow, version),
  TCPFLOW__FIELDS_OF(tcpflow__subflow, flags, 2),
  TCPFLOW__FIELDS_OF(tcpflow__subflow, address, 2),
  TCPFLOW__FIELDS_OF(tcpflow__subflow, backup, 2),
  TCPFLOW__FIELD_OF(tcpflow__subflow, known),
  TCPFLOW__FIELD_OF(tcpflow__subflow, tries),
};

static const tcpflow__fields extra_fields = TCPFLOW__FIELDS(extra_members);
static const tcpflow__fields subflow_fields = TCPFLOW__FIELDS(subflow_members);

bool tcpflow__extra_record_covers(void) {
  return tcpflow__fields_cover(&extra_fields, sizeof(tcpflow__conn_extra)) &&
         tcpflow__fields_cover(&subflow_fields, sizeof(tcpflow__subflow));
}

/* --- counts of anomalies --- */

static void save_anomalies(const tcpflow__conn_extra *extra,
                           tcpflow__record_writer *to) {
  unsigned kinds = 0;

  for (unsigned i = 0; i < TCPFLOW_ANOMALY_COUNT; i++) {
    kinds += extra->anomalies[i] != 0;
  }
  tcpflow__record_number(to, kinds, 2);
  for (unsigned i = 0; i < TCPFLOW_ANOMALY_COUNT; i++) {
    if (extra->anomalies[i] != 0) {
      tcpflow__record_number(to, i, 2);
      tcpflow__record_number(to, extra->anomalies[i], 4);
    }
  }
}

/* Those that are not known here are forgotten. */
static void load_anomalies(tcpflow__conn_extra *extra,
                           tcpflow__record_reader *from) {
  for (uint64_t kinds = tcpflow__record_take(from, 2); kinds > 0; kinds--) {
    const uint64_t kind = tcpflow__record_take(from, 2);
    const uint32_t count = (uint32_t)tcpflow__record_take(from, 4);

    if (kind < TCPFLOW_ANOMALY_COUNT) {
      extra->anomalies[kind] = count;
    }
  }
  if (extra->reuse >= TCPFLOW_ANOMALY_COUNT) {
    extra->reuse = 0;
  }
}

/* --- all of it --- */

void tcpflow__extra_save(const tcpflow_conn *conn, tcpflow__record_writer *to) {
  const tcpflow__conn_extra *const extra = conn->extra;

  tcpflow__record_number(to, extra != NULL, 1);
  if (extra == NULL) {
    return;
  }
  tcpflow__record_object(to, &extra_fields, extra);
  tcpflow__record_object(to, &subflow_fields, &extra->subflow);
  tcpflow__former_save(&extra->former, to);
  tcpflow__syns_save(extra, to);
  save_anomalies(extra, to);
  tcpflow__retold_save(conn, to);
  tcpflow__again_save(conn, to);
  tcpflow__far_save(conn, to);
}

static bool is_subflow(const tcpflow__subflow *subflow) {
  return subflow->kind <= TCPFLOW_SUBFLOW_JOIN;
}

int tcpflow__extra_load(tcpflow_conn *conn, tcpflow__record_reader *from) {
  tcpflow__conn_extra *extra;
  int error;

  if (tcpflow__record_take(from, 1) == 0) {
    return TCPFLOW_OK;
  }
  extra = tcpflow__conn_extra_need(conn);
  if (extra == NULL) {
    return TCPFLOW_ERR_NOMEM;
  }
  tcpflow__record_into(from, &extra_fields, extra);
  tcpflow__record_into(from, &subflow_fields, &extra->subflow);
  tcpflow__former_load(&extra->former, from);
  if (from->bad || !is_subflow(&extra->subflow) ||
      !tcpflow__urgent_is_sound(conn)) {
    return TCPFLOW_ERR_INVALID;
  }
  error = tcpflow__syns_load(conn, from);
  load_anomalies(extra, from);
  tcpflow__retold_load(conn, from);
  if (error == TCPFLOW_OK) {
    error = tcpflow__again_load(conn, from);
  }
  return error == TCPFLOW_OK ? tcpflow__far_load(conn, from) : error;
}
