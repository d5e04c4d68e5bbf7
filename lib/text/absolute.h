/*
 * lib/text/absolute.h - numbers as they were on the wire.
 *
 * Room: text.  Includes: wire.
 */
#ifndef TCPFLOW__TEXT_ABSOLUTE_H
#define TCPFLOW__TEXT_ABSOLUTE_H

#include "text/relative.h"
#include "text/words.h"

/*
 * Makes the numbers of a line absolute, and remembers them: the segment was
 * sent by SENDER of the conversation.  A line that prints none (a pure ACK)
 * gets the sequence number at which the sender is expected to go on.  *TOLD
 * says whether the numbers of the line before were relative, and then whether
 * these were.
 */
void tcpflow__make_absolute(tcpflow__conversation *one, unsigned sender,
                            tcpflow__words *words, int *told);

#endif /* TCPFLOW__TEXT_ABSOLUTE_H */
