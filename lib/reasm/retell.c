/*
 * lib/reasm/retell.c - octets are told, and again with what follows them.
 *
 * Room: reasm.  Includes: base.  Kept octets are shortened when the callback
 * has returned, because it looks at them.
 */
#include "reasm/retell.h"

void tcpflow__retell_left(const tcpflow__retell *to) {
  if (*to->left == NULL || !to->listens(to->user)) {
    return;
  }

  const tcpflow_stream_data all = tcpflow__leftover_all(*to->left);
  to->tell(to->user, &all);
  tcpflow__leftover_shorten(to->left, to->budget, 0);
}

void tcpflow__retell_next(const tcpflow__retell *to,
                          const tcpflow_stream_data *next) {
  tcpflow_stream_data joined;

  if (*to->left == NULL) {
    tcpflow__retell_plain(to, next);
    return;
  }
  if (!tcpflow__leftover_join(to->left, to->budget, to->max, next, &joined)) {
    tcpflow__retell_left(to);
    if (to->listens(to->user)) {
      tcpflow__retell_plain(to, next);
    }
    return;
  }
  to->hearing->keep = 0;
  tcpflow__retell_plain(to, &joined);
  tcpflow__leftover_shorten(to->left, to->budget, to->hearing->keep);
}

int tcpflow__retell_keep(tcpflow__hearing *hearing, tcpflow__leftover **left,
                         tcpflow__budget *budget, uint32_t max, size_t octets) {
  if (hearing->told == NULL) {
    return TCPFLOW_ERR_STATE;
  }
  if (octets > hearing->told->length) {
    return TCPFLOW_ERR_INVALID;
  }
  if (hearing->told->kept != 0) {
    hearing->keep = octets;
    return TCPFLOW_OK;
  }
  return left == NULL
           ? TCPFLOW_ERR_NOMEM
           : tcpflow__leftover_keep(left, budget, max, hearing->told, octets);
}
