/*
 * lib/reasm/takein.h - taking an arrival in, where there is room for it.
 *
 * Room: reasm.  Includes: base.
 */
#ifndef TCPFLOW__REASM_TAKEIN_H
#define TCPFLOW__REASM_TAKEIN_H

#include "reasm/hold.h"

/* Of nothing. */
static const tcpflow__survey tcpflow__no_survey = {.differs = NULL};

/* Whether there is room, once what OLD counts is gone.  What takes nothing
   fits even where the limits were lowered.  The pieces that go for what comes
   are no longer counted when it is; their memory is there until then. */
bool tcpflow__takein_fits(const tcpflow__reasm *r,
                          const tcpflow__budget *budget,
                          const tcpflow__reasm_limits *limits,
                          const tcpflow__survey *need,
                          const tcpflow__survey *old);

/* Takes the arrival in, now that there is room.  On an error nothing has
   changed. */
int tcpflow__takein(tcpflow__reasm *r, tcpflow__budget *budget,
                    const tcpflow__arrival *in, const tcpflow__survey *need);

#endif /* TCPFLOW__REASM_TAKEIN_H */
