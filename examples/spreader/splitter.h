/*
 * examples/spreader/splitter.h - which worker gets a frame.
 *
 * All frames of a connection have to reach one tracker.  Its hash says which
 * one, and needs the packet decoded, down to the TCP header inside of whatever
 * tunnels.  Only the first fragment of a datagram has ports, so the fragments
 * wait here until they are whole; then all of them follow the connection to its
 * tracker, which puts them together once more and sees what is odd about them.
 */
#ifndef SPREADER_SPLITTER_H
#define SPREADER_SPLITTER_H

#include "worker.h"

typedef struct splitter splitter;

/* Spreads over COUNT workers; NULL: no memory. */
splitter *splitter_new(worker *workers, unsigned count, const uint8_t key[16]);

/* Releases a splitter, with the fragments that wait; it may be NULL. */
void splitter_del(splitter *s);

/* Hands a frame to the worker that it is for; 0: no memory. */
int splitter_feed(splitter *s, const tcpflow_frame *frame);

/* The latest time. */
tcpflow_time splitter_now(const splitter *s);

/* What the frames were, which no worker can count: those that are of no
   connection reach none. */
const tcpflow_tracker_stats *splitter_stats(const splitter *s);

#endif /* SPREADER_SPLITTER_H */
