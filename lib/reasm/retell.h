/*
 * lib/reasm/retell.h - octets are told, and again with what follows them.
 *
 * Room: reasm.  Includes: base.  Whoever hears octets may keep the last of
 * them.  The owner of a stream has the callback, and a pointer to what is kept.
 */
#ifndef TCPFLOW__REASM_RETELL_H
#define TCPFLOW__REASM_RETELL_H

#include "reasm/leftover.h"

/* What a callback hears at the moment. */
typedef struct tcpflow__hearing {
  const tcpflow_stream_data *told; /* NULL: nothing that can be kept. */
  size_t keep; /* How many of it stay, where some were kept before. */
} tcpflow__hearing;

/* To whom octets are told. */
typedef struct tcpflow__retell {
  tcpflow__leftover **left; /* What is kept. */
  tcpflow__budget *budget;
  tcpflow__hearing *hearing;
  void (*tell)(void *user, const tcpflow_stream_data *data);
  bool (*listens)(void *user); /* Is more wanted? */
  void *user;
  uint32_t max; /* Octets kept, at most. */
} tcpflow__retell;

/* Octets that may be kept, while nothing is. */
static inline void tcpflow__retell_plain(const tcpflow__retell *to,
                                         const tcpflow_stream_data *data) {
  to->hearing->told = data;
  to->tell(to->user, data);
  to->hearing->told = NULL;
}

/* Tells octets, in front of them what is kept.  They are wanted. */
void tcpflow__retell_next(const tcpflow__retell *to,
                          const tcpflow_stream_data *next);

/* Tells what is kept by itself: nothing follows it in one piece. */
void tcpflow__retell_left(const tcpflow__retell *to);

/* From within the callback: the last OCTETS of what it hears shall come again.
   left: what is kept; NULL: there is no memory for it.  TCPFLOW_OK,
   TCPFLOW_ERR_STATE, TCPFLOW_ERR_INVALID, TCPFLOW_ERR_LIMIT or
   TCPFLOW_ERR_NOMEM. */
int tcpflow__retell_keep(tcpflow__hearing *hearing, tcpflow__leftover **left,
                         tcpflow__budget *budget, uint32_t max, size_t octets);

#endif /* TCPFLOW__REASM_RETELL_H */
