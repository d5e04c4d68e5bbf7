/*
 * lib/reasm/append.h - octets behind all that a stream holds.
 *
 * Room: reasm.  Includes: base.
 */
#ifndef TCPFLOW__REASM_APPEND_H
#define TCPFLOW__REASM_APPEND_H

#include "reasm/reasm.h"

/*
 * Holds a whole input that comes behind the last piece, where a hole lies in
 * front of the first one, and there is room; or it is the first one.  Then it
 * does all that put() and drain() would do, which is to tell nothing.  False:
 * it is another one, or there is no memory; nothing changed.
 */
bool tcpflow__reasm_append(tcpflow__reasm *r, tcpflow__budget *budget,
                           const tcpflow__reasm_limits *limits,
                           tcpflow__reasm_input *input);

#endif /* TCPFLOW__REASM_APPEND_H */
