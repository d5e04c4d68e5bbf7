/*
 * lib/conn/again.c - octets that a callback wants to be told again.
 *
 * Room: conn.  Includes: base, reasm, wire.  They lie beside what else is
 * remembered of what was told.  tell.c tells them: in front of what follows, or
 * by themselves where nothing follows right behind.
 */
#include "conn/again.h"

#include "conn/extra.h"
#include "conn/tell.h"
#include "conn/toldrecord.h"

tcpflow__leftover **tcpflow__again_of(const tcpflow_conn *conn,
                                      tcpflow_side side) {
  tcpflow__past *const past = tcpflow__conn_past(conn, side);

  return past == NULL ? NULL : &past->left;
}

/* What is kept of a side; NULL: nothing. */
static const tcpflow__leftover *left_of(const tcpflow_conn *conn,
                                        tcpflow_side side) {
  tcpflow__leftover **const left = tcpflow__again_of(conn, side);

  return left == NULL ? NULL : *left;
}

void tcpflow__again_shorten(tcpflow_conn *conn, tcpflow_side side,
                            size_t octets) {
  tcpflow__leftover **const left = tcpflow__again_of(conn, side);

  if (left != NULL) {
    tcpflow__leftover_shorten(left, &conn->env->budget, octets);
  }
}

/* Where a side's octets are kept from here on; NULL: no memory. */
static tcpflow__leftover **need_place(tcpflow_conn *conn, tcpflow_side side) {
  tcpflow__past *const past = tcpflow__conn_past_need(conn);

  if (past == NULL) {
    return NULL;
  }
  tcpflow__conn_mark(conn, TCPFLOW__CONN_KEEPS);
  return &past[side].left;
}

int tcpflow_conn_keep(tcpflow_conn *conn, tcpflow_side side, size_t octets) {
  tcpflow__conn_env *const env = conn->env;

  if (!tcpflow__is_side(side)) {
    return TCPFLOW_ERR_INVALID;
  }
  if (env->hearing.told == NULL || env->told_of != conn ||
      env->told_side != side) {
    return TCPFLOW_ERR_STATE;
  }
  return tcpflow__retell_keep(&env->hearing, need_place(conn, side),
                              &env->budget, env->limits.max_memory, octets);
}

void tcpflow__again_save(const tcpflow_conn *conn, tcpflow__record_writer *to) {
  for (unsigned side = 0; side < 2; side++) {
    const tcpflow__leftover *const left = left_of(conn, (tcpflow_side)side);

    if (left == NULL) {
      tcpflow__told_save(0, NULL, 0, to);
    } else {
      tcpflow__told_save(left->offset, left->bytes, left->length, to);
    }
  }
}

static int load_side(tcpflow_conn *conn, tcpflow_side side,
                     tcpflow__record_reader *from) {
  const tcpflow_stream_data told = tcpflow__told_take(from);
  tcpflow__past *past;

  if (told.length == 0) {
    return TCPFLOW_OK;
  }
  if (from->bad) {
    return TCPFLOW_ERR_INVALID;
  }
  past = tcpflow__conn_past_need(conn);
  if (past == NULL) {
    return TCPFLOW_ERR_NOMEM;
  }
  /* Who has less room than there was does without them. */
  return tcpflow__leftover_keep(&past[side].left, &conn->env->budget,
                                UINT32_MAX, &told,
                                told.length) == TCPFLOW_ERR_NOMEM
           ? TCPFLOW_ERR_NOMEM
           : TCPFLOW_OK;
}

int tcpflow__again_load(tcpflow_conn *conn, tcpflow__record_reader *from) {
  const int error = load_side(conn, TCPFLOW_SIDE_CLIENT, from);

  return error == TCPFLOW_OK ? load_side(conn, TCPFLOW_SIDE_SERVER, from)
                             : error;
}

static bool is_told(const tcpflow_conn *conn, tcpflow_side side) {
  const tcpflow__leftover *const left = left_of(conn, side);

  return left == NULL ||
         (left->offset <= conn->sides->stream[side].next &&
          left->length <= conn->sides->stream[side].next - left->offset);
}

bool tcpflow__again_is_sound(const tcpflow_conn *conn) {
  return is_told(conn, TCPFLOW_SIDE_CLIENT) &&
         is_told(conn, TCPFLOW_SIDE_SERVER);
}
