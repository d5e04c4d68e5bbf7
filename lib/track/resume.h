/*
 * lib/track/resume.h - how far a frame that holds several packets was followed.
 *
 * Room: track.  Includes: wire.  A call that stops between two packets of a
 * frame did not follow the frame; if it comes again, as the very next one, the
 * packets that were followed are passed over.  It is known again by what it is,
 * not by where it stands.  The key of the digest is made of the tracker's
 * secret, which it does not give away: it goes with a checkpoint.
 */
#ifndef TCPFLOW__TRACK_RESUME_H
#define TCPFLOW__TRACK_RESUME_H

#include <tcpflow/packet.h>

#include "wire/siphash.h"

typedef struct tcpflow__resume {
  tcpflow__sipkey key;
  uint64_t digest; /* Of the frame, if one of these is not 0: */
  uint32_t done;   /* Its packets that were followed. */
  uint32_t inner;  /* Of the next one, a fragment that makes a datagram: packets
                      of the datagram that were followed. */
} tcpflow__resume;

/* Nothing was followed so far. */
void tcpflow__resume_init(tcpflow__resume *resume,
                          const tcpflow__sipkey *secret);

/* The call stops at FRAME. */
void tcpflow__resume_note(tcpflow__resume *resume, const tcpflow_frame *frame);

/* FRAME is the next one to be followed. */
void tcpflow__resume_expect(tcpflow__resume *resume,
                            const tcpflow_frame *frame);

#endif /* TCPFLOW__TRACK_RESUME_H */
