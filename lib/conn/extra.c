/*
 * lib/conn/extra.c - what few connections need to remember.
 *
 * Room: conn.  Includes: base, segment, reasm.
 */
#include "conn/extra.h"

#include "base/mem.h"
#include "conn/candidates.h"
#include "reasm/tail.h"

tcpflow__conn_extra *tcpflow__conn_extra_need(tcpflow_conn *conn) {
  if (conn->extra == NULL) {
    conn->extra =
      tcpflow__calloc(&conn->env->budget.mem, 1, sizeof(*conn->extra));
    conn->env->extras += conn->extra == NULL ? 0 : sizeof(*conn->extra);
  }
  return conn->extra;
}

void tcpflow__conn_extra_clear(tcpflow_conn *conn) {
  if (conn->extra == NULL) {
    return;
  }
  tcpflow__candidates_clear(conn->env, &conn->extra->candidates);
  tcpflow__tail_clear(&conn->extra->tail[0], &conn->env->budget);
  tcpflow__tail_clear(&conn->extra->tail[1], &conn->env->budget);
  conn->env->extras -= sizeof(*conn->extra);
  tcpflow__free(&conn->env->budget.mem, conn->extra);
  conn->extra = NULL;
}
