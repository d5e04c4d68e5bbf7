/*
 * examples/ahead.h - the first frames of a source, read before the others are
 * needed, to see whether its checksums say anything.
 */
#ifndef EXAMPLES_AHEAD_H
#define EXAMPLES_AHEAD_H

#include "common.h"

typedef struct ahead ahead;

/* Reads frames ahead; NULL: there is no memory, and none was read.  Give it to
   free(). */
ahead *ahead_read(source *from);

/*
 * Is a segment with a wrong checksum one that its receiver has dropped?  No, if
 * half of these were acknowledged and had not come again, or if more than one
 * of ten is wrong.
 */
int ahead_has_right_sums(const ahead *early);

/* As source_next(), beginning with what was read ahead; EARLY may be NULL. */
int ahead_next(ahead *early, source *from, tcpflow_frame *frame);

#endif /* EXAMPLES_AHEAD_H */
