/*
 * lib/conn/rstpolicy.c - which RST ends a connection, by what its endpoints
 * run.
 *
 * Room: conn.  Includes: base, segment.  RFC 5961 section 3.2, and what systems
 * did before it.  The room below knows where a RST may lie; who takes it there
 * is told here.
 */
#include "conn/rstpolicy.h"

#include "conn/conn.h"
#include "segment/segment.h"

/* clang-format off */
static const uint8_t tastes[] = {
  [TCPFLOW_RST_RFC5961] = TCPFLOW__RST_LAST,
  [TCPFLOW_RST_RFC793] = TCPFLOW__RST_WINDOW,
  [TCPFLOW_RST_LINUX] = TCPFLOW__RST_SACK_EDGE,
  [TCPFLOW_RST_OLD_LINUX] = TCPFLOW__RST_WINDOW,
  [TCPFLOW_RST_BSD] = TCPFLOW__RST_NEXT,
  [TCPFLOW_RST_WINDOWS] = TCPFLOW__RST_NEXT,
  [TCPFLOW_RST_VISTA] = TCPFLOW__RST_NEXT,
  [TCPFLOW_RST_MACOS] = TCPFLOW__RST_NEXT,
  [TCPFLOW_RST_SOLARIS] = TCPFLOW__RST_WINDOW,
  [TCPFLOW_RST_IRIX] = TCPFLOW__RST_WINDOW,
  [TCPFLOW_RST_HPUX10] = TCPFLOW__RST_WINDOW,
  [TCPFLOW_RST_HPUX11] = TCPFLOW__RST_BEYOND,
  [TCPFLOW_RST_ANY] = TCPFLOW__RST_ANYWHERE,
};
/* clang-format on */

uint8_t tcpflow__rst_taste_of(unsigned policy) {
  return tastes[policy];
}

int tcpflow_conn_set_rst_policy(tcpflow_conn *conn, tcpflow_rst_policy policy) {
  if ((unsigned)policy > TCPFLOW_RST_ANY) {
    return TCPFLOW_ERR_INVALID;
  }
  if (conn->env->saving) {
    return TCPFLOW_ERR_STATE;
  }
  conn->rst_taste = tcpflow__rst_taste_of(policy) & 15U;
  return TCPFLOW_OK;
}
