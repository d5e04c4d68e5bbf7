/*
 * lib/reasm/reasmrecord.h - one direction as octets, and back.
 *
 * Room: reasm.  Includes: base, wire.
 */
#ifndef TCPFLOW__REASM_REASMRECORD_H
#define TCPFLOW__REASM_REASMRECORD_H

#include "reasm/pieces.h"
#include "reasm/reasm.h"
#include "wire/record.h"

/* For tests: does the table name every member? */
bool tcpflow__reasm_record_covers(void);

/* Writes a piece; and reads one as input, whose octets are those of the record.
   False: it is none. */
void tcpflow__piece_save(const tcpflow__piece *p, tcpflow__record_writer *to);
bool tcpflow__piece_take(tcpflow__record_reader *from,
                         tcpflow__reasm_input *input);

/* Writes a stream, with all that it holds; not between put() and drain(). */
void tcpflow__reasm_save(const tcpflow__reasm *r, tcpflow__record_writer *to);

/*
 * Reads what was written over an initialized stream, whose `off` is set as it
 * shall be.  TCPFLOW_OK; TCPFLOW_ERR_NOMEM; TCPFLOW_ERR_LIMIT if it holds more
 * than the limits or the budget allow; or TCPFLOW_ERR_INVALID if it is none.
 * Whatever is answered, the stream is to be cleared some time.
 */
int tcpflow__reasm_load(tcpflow__reasm *r, tcpflow__budget *budget,
                        const tcpflow__reasm_limits *limits,
                        tcpflow__record_reader *from);

#endif /* TCPFLOW__REASM_REASMRECORD_H */
