/*
 * lib/reasm/adopt.h - a piece that was made elsewhere becomes a stream's.
 *
 * Room: reasm.  Includes: base.
 */
#ifndef TCPFLOW__REASM_ADOPT_H
#define TCPFLOW__REASM_ADOPT_H

#include "reasm/pieces.h"
#include "reasm/reasm.h"

/*
 * Holds a piece, as if it had been put; the next drain() tells it.  Between a
 * put() and its drain() only where the input is neither noted nor disputed, and
 * swallows nothing.  False: some of its octets are held or were told, or there
 * is no room; then it is the caller's still.
 */
bool tcpflow__reasm_adopt(tcpflow__reasm *r, tcpflow__budget *budget,
                          const tcpflow__reasm_limits *limits,
                          tcpflow__piece *p);

#endif /* TCPFLOW__REASM_ADOPT_H */
