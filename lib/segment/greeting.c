/*
 * lib/segment/greeting.c - the first two segments of a handshake, as they are
 * expected.
 *
 * Room: segment.  Includes: base, wire, options.  RFC 9293 section 3.5: a SYN
 * where nothing was before, and the SYN,ACK that acknowledges it.  Octets in
 * them (RFC 7413) and options that few connections have are left to judge().
 */
#include <string.h>

#include "segment/expected.h"

/* Those that say what a segment does; the others are of ECN. */
static const unsigned DOING = TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_ACK |
                              TCPFLOW_FLAG_FIN | TCPFLOW_FLAG_RST |
                              TCPFLOW_FLAG_PSH | TCPFLOW_FLAG_URG;

static bool is_well_formed(const tcpflow_segment *segment) {
  const tcpflow_options *const options = segment->options;

  return segment->payload_length == 0 &&
         segment->checksum != TCPFLOW_CHECKSUM_BAD &&
         segment->fragment_anomalies == 0 &&
         (options == NULL ||
          (options->flags == 0 && (options->present & TCPFLOW_HAS_OTHER) == 0));
}

/* Nothing was heard of either. */
static bool is_first(const tcpflow__endpoint *snd,
                     const tcpflow__endpoint *rcv) {
  return snd->state == TCPFLOW_STATE_UNKNOWN &&
         rcv->state == TCPFLOW_STATE_UNKNOWN && (snd->bits | rcv->bits) == 0;
}

/* A SYN waits for it, and it acknowledges that and nothing else. */
static bool is_answer(const tcpflow__endpoint *snd,
                      const tcpflow__endpoint *rcv,
                      const tcpflow_segment *segment) {
  const unsigned known = TCPFLOW__END_ISS | TCPFLOW__END_SYN;

  return snd->state == TCPFLOW_STATE_LISTEN &&
         rcv->state == TCPFLOW_STATE_SYN_SENT && snd->bits == 0 &&
         (rcv->bits &
          (known | TCPFLOW__END_SYN_DATA | TCPFLOW__END_SYN_ACKED)) == known &&
         segment->ack == rcv->snd_nxt &&
         segment->ack == tcpflow_seq_add(rcv->iss, 1);
}

static void judge(tcpflow__judgment *out, const tcpflow_segment *segment,
                  bool answer) {
  memset(out, 0, sizeof(*out));
  out->verdict = TCPFLOW_VERDICT_NEW_DATA |
                 (answer ? TCPFLOW_VERDICT_NEW_ACK : 0) |
                 tcpflow__segment_is_marked(segment);
  out->print = tcpflow__segment_print(segment);
  out->numbers = true;
  out->syn_first = true;
  out->ack = answer;
}

bool tcpflow__segment_is_greeting(tcpflow__judgment *out,
                                  const tcpflow__endpoint end[2],
                                  tcpflow_side sender,
                                  const tcpflow_segment *segment) {
  const tcpflow_side receiver = tcpflow_side_other(sender);
  const tcpflow__endpoint *const snd = &end[sender];
  const tcpflow__endpoint *const rcv = &end[receiver];
  const unsigned flags = segment->flags & DOING;
  const bool answer = flags == (TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_ACK);

  if (!is_well_formed(segment) ||
      !(answer ? is_answer(snd, rcv, segment)
               : flags == TCPFLOW_FLAG_SYN && is_first(snd, rcv))) {
    return false;
  }
  judge(out, segment, answer);
  out->scaling = (int8_t)tcpflow__endpoints_scaling(&end[0], &end[1]);
  if (answer) {
    tcpflow__judgment_add(out, sender, TCPFLOW_STIMULUS_SND_SYN_ACK, false);
    tcpflow__judgment_add(out, receiver, TCPFLOW_STIMULUS_RCV_SYN_ACK, false);
    tcpflow__judgment_add(out, receiver, TCPFLOW_STIMULUS_RCV_ACK_OF_SYN,
                          false);
  } else {
    tcpflow__judgment_add(out, sender, TCPFLOW_STIMULUS_SND_SYN, false);
    tcpflow__judgment_add(out, receiver, TCPFLOW_STIMULUS_RCV_SYN, false);
  }
  return true;
}
