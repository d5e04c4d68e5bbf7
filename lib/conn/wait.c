/*
 * lib/conn/wait.c - what a connection waits for.
 *
 * Room: conn.  Includes: base.
 */
#include "conn/wait.h"

#include "base/mem.h"

tcpflow__wait *tcpflow__wait_need(tcpflow_conn *conn) {
  tcpflow__conn_env *const env = conn->env;

  if (conn->wait == NULL) {
    conn->wait = tcpflow__calloc(&env->budget.mem, 1, sizeof(*conn->wait));
    if (conn->wait == NULL) {
      return NULL;
    }
    conn->wait->looked = TCPFLOW_TIME_NONE;
    env->extras += sizeof(*conn->wait);
  }
  return conn->wait;
}

void tcpflow__wait_clear(tcpflow_conn *conn) {
  if (conn->wait != NULL) {
    conn->env->extras -= sizeof(*conn->wait);
    tcpflow__free(&conn->env->budget.mem, conn->wait);
    conn->wait = NULL;
  }
}
