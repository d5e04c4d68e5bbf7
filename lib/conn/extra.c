/*
 * lib/conn/extra.c - what few connections need to remember.
 *
 * Room: conn.  Includes: base, segment, reasm.
 */
#include "conn/extra.h"

#include "base/mem.h"
#include "conn/candidates.h"

tcpflow__conn_extra *tcpflow__conn_extra_need(tcpflow_conn *conn) {
  if (conn->extra == NULL) {
    conn->extra =
      tcpflow__calloc(&conn->env->budget.mem, 1, sizeof(*conn->extra));
    conn->env->extras += conn->extra == NULL ? 0 : sizeof(*conn->extra);
  }
  return conn->extra;
}

tcpflow__past *tcpflow__conn_past_need(tcpflow_conn *conn) {
  tcpflow__conn_extra *const extra = tcpflow__conn_extra_need(conn);

  if (extra != NULL && extra->past == NULL) {
    extra->past =
      tcpflow__calloc(&conn->env->budget.mem, 2, sizeof(*extra->past));
    conn->env->extras += extra->past == NULL ? 0 : 2 * sizeof(*extra->past);
  }
  return extra == NULL ? NULL : extra->past;
}

static void clear_past(tcpflow__conn_env *env, tcpflow__past *past) {
  if (past != NULL) {
    tcpflow__past_clear(&past[0], &env->budget);
    tcpflow__past_clear(&past[1], &env->budget);
    tcpflow__leftover_shorten(&past[0].left, &env->budget, 0);
    tcpflow__leftover_shorten(&past[1].left, &env->budget, 0);
    env->extras -= 2 * sizeof(*past);
    tcpflow__free(&env->budget.mem, past);
  }
}

void tcpflow__conn_extra_clear(tcpflow_conn *conn) {
  if (conn->extra == NULL) {
    return;
  }
  tcpflow__candidates_clear(conn->env, &conn->extra->candidates);
  clear_past(conn->env, conn->extra->past);
  conn->env->extras -= sizeof(*conn->extra);
  tcpflow__free(&conn->env->budget.mem, conn->extra);
  conn->extra = NULL;
}
