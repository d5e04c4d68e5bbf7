/*
 * lib/conn/sound.h - does what was read of a connection go together?
 *
 * Room: conn.  Includes: base, segment, reasm.
 */
#ifndef TCPFLOW__CONN_SOUND_H
#define TCPFLOW__CONN_SOUND_H

#include "conn/extra.h"
#include "conn/wait.h"

/* Do its numbers and states, and the doubt that was read with them?  now: no
   time in them can be later. */
bool tcpflow__conn_is_sound(const tcpflow_conn *conn,
                            const tcpflow__doubt *doubt, tcpflow_time now);

/* Does what was read last, its extra and its streams, go with them? */
bool tcpflow__conn_is_whole(const tcpflow_conn *conn);

#endif /* TCPFLOW__CONN_SOUND_H */
