/*
 * lib/conn/heir.h - what a connection leaves to the next one of its ports.
 *
 * Room: conn.  Includes: base, segment.  The SYN that begins the new one may
 * have been captured in the old one; and segments of the old one may come late,
 * and must not disturb the new one.
 */
#ifndef TCPFLOW__CONN_HEIR_H
#define TCPFLOW__CONN_HEIR_H

#include "conn/extra.h"
#include "conn/visit.h"

/*
 * What the old connection leaves to the one that the segment begins: for
 * tcpflow__conn_inherit(), or tcpflow__heir_del().  Before the old one ends.
 * env: of the new one.  linger: how long segments of the old one may be late.
 * NULL: no memory.
 */
tcpflow__conn_extra *tcpflow__heir_new(tcpflow__conn_env *env,
                                       const tcpflow_conn *former,
                                       tcpflow_side sender,
                                       const tcpflow_segment *segment,
                                       tcpflow_time linger);

/* Nobody takes it; heir may be NULL. */
void tcpflow__heir_del(tcpflow__conn_env *env, tcpflow__conn_extra *heir);

/* A connection that was not fed takes it. */
void tcpflow__conn_inherit(tcpflow_conn *conn, tcpflow__conn_extra *heir);

/* Before the first segment is judged: the SYN that was captured before. */
bool tcpflow__heir_seed(tcpflow_conn *conn, tcpflow_time now);

/* Behind that: what the SYN did comes first. */
void tcpflow__heir_seeded(tcpflow_conn *conn, tcpflow__visit *v);

/* Does the segment belong to the connection before? */
bool tcpflow__heir_is_former(const tcpflow_conn *conn, const tcpflow__visit *v);

#endif /* TCPFLOW__CONN_HEIR_H */
