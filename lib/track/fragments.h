/*
 * lib/track/fragments.h - how a tracker has fragments put together.
 *
 * Room: track.  Includes: base, decode, frag.
 */
#ifndef TCPFLOW__TRACK_FRAGMENTS_H
#define TCPFLOW__TRACK_FRAGMENTS_H

#include "track/tracker.h"

/* Makes tracker->frag, unless fragments are ignored; the rest of the tracker is
   configured.  Answers as tcpflow_tracker_new() does. */
int tcpflow__fragments_init(tcpflow_tracker *tracker,
                            const tcpflow_tracker_config *config);

/* Shall the packet be fed to what puts fragments together? */
bool tcpflow__fragments_wants(const tcpflow_tracker *tracker,
                              const tcpflow_packet *packet);

/* What became of a fragment. */
typedef struct tcpflow__fragments_result {
  bool complete;      /* It is in scratch: `whole`, and decoded `datagram`. */
  uint32_t anomalies; /* tcpflow_frag_anomaly bits, of all that it was in. */
} tcpflow__fragments_result;

/*
 * Feeds a fragment; where that makes a datagram which is a fragment itself (of
 * a tunnel), feeds that too.  TCPFLOW_OK or TCPFLOW_ERR_NOMEM.
 * tcpflow__fragments_done() must follow.
 */
int tcpflow__fragments_feed(tcpflow_tracker *tracker,
                            const tcpflow_packet *packet,
                            tcpflow__fragments_result *result);

/* Keeps what feeding did if ERROR, of what followed, is TCPFLOW_OK; otherwise
   the fragment was not fed, and is fed again. */
void tcpflow__fragments_done(tcpflow_tracker *tracker, int error);

/* Drops what took too long: LOOKS datagrams at most. */
void tcpflow__fragments_pass(tcpflow_tracker *tracker, uint64_t looks);

/* Drops all. */
void tcpflow__fragments_flush(tcpflow_tracker *tracker);

#endif /* TCPFLOW__TRACK_FRAGMENTS_H */
