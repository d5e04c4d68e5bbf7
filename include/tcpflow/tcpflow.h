/**
 * @file tcpflow/tcpflow.h
 * @brief All of libtcpflow.
 *
 * From the ground up:
 *
 * | header          | what it is about                                        |
 * | --------------- | ------------------------------------------------------- |
 * | base.h          | errors, memory, time, size stamps; sides, states        |
 * | version.h       | which release this is                                   |
 * | wire.h          | flag bits, sequence arithmetic                          |
 * | packet.h        | a captured frame becomes a packet of known fields       |
 * | build.h         | and the other way round                                 |
 * | frag.h          | fragments of IP datagrams become datagrams              |
 * | options.h       | TCP options: walk, parse, build                         |
 * | option_values.h | the value of every kind of option, and its encoder      |
 * | auth.h          | signed segments: MD5 signatures, TCP-AO                 |
 * | state.h         | the state diagram of RFC 9293, Figure 5                 |
 * | segment.h       | one segment as numbers, and the verdict on it           |
 * | stream.h        | bytes in any order in, bytes in order out               |
 * | facts.h         | how a connection opened, who is who, how it closed      |
 * | anomaly.h       | what is odd about it                                    |
 * | conn.h          | one connection: two endpoints and their callbacks       |
 * | tracker.h       | many connections: flow table, timers, caps              |
 * | queue.h         | the events of connections, taken in a loop              |
 * | packetdrill.h   | packetdrill's notation, out and in                      |
 * | text.h          | tcpdump's notation out and in, names of things          |
 * | profile.h       | what Zeek and Wireshark would say of a connection       |
 * | option_names.h  | names of what stands in options, fingerprints           |
 *
 * Conventions that hold everywhere:
 *
 * - Bytes of a packet are never an error.  A function that returns `int`
 *   answers #TCPFLOW_OK or a negative #tcpflow_error, and an error means that
 *   the caller or the environment is in trouble and that nothing changed,
 *   unless its description says otherwise.  The few that answer a question
 *   say so: 0 is no, anything else is yes, in members too.
 * - Pointers are not NULL unless the description allows it.
 * - Input is borrowed for the call.  What a callback is given dies with it.
 * - `_new` makes an object and `_del` releases it (NULL is fine); `_init`
 *   prepares the caller's own storage, which needs no release.
 * - A struct whose first member is `size` is stamped by its `_init` before
 *   anything else is done with it; it grows with the library.
 * - One object belongs to one thread at a time; distinct objects share nothing.
 *   There is no global state.
 * - Inside a callback, only functions that are marked callbacksafe (in the
 *   manual: "May be called") may be called for the object that calls back, or
 *   for the tracker it belongs to.  Others answer #TCPFLOW_ERR_STATE.  Any
 *   function may be called for another object, or for none.
 * - Names of constants, states and variables are those of the RFCs.
 * - `rfc{N,S}` in a description: it obeys section S of RFC N.
 */
#ifndef TCPFLOW_TCPFLOW_H
#define TCPFLOW_TCPFLOW_H

#include <tcpflow/anomaly.h>
#include <tcpflow/auth.h>
#include <tcpflow/base.h>
#include <tcpflow/build.h>
#include <tcpflow/conn.h>
#include <tcpflow/facts.h>
#include <tcpflow/frag.h>
#include <tcpflow/option_names.h>
#include <tcpflow/option_values.h>
#include <tcpflow/options.h>
#include <tcpflow/packet.h>
#include <tcpflow/packetdrill.h>
#include <tcpflow/profile.h>
#include <tcpflow/queue.h>
#include <tcpflow/segment.h>
#include <tcpflow/state.h>
#include <tcpflow/stream.h>
#include <tcpflow/text.h>
#include <tcpflow/tracker.h>
#include <tcpflow/version.h>
#include <tcpflow/wire.h>

#endif /* TCPFLOW_TCPFLOW_H */
