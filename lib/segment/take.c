/*
 * lib/segment/take.c - the numbers of both endpoints after a segment that they
 * expect.
 *
 * Room: segment.  Includes: base, wire, options.  What apply() would do of such
 * a segment, without asking what else it could be.
 */
#include "segment/expected.h"
#include "segment/taken.h"
#include "segment/usual.h"

/* It is the first; a storm of them is far. */
static void take_fin(tcpflow__endpoint *snd, const tcpflow_segment *segment) {
  snd->fin = tcpflow_seq_add(segment->seq, segment->payload_length);
  snd->fin_other = snd->fin;
  snd->nxt_start = segment->seq;
  snd->nxt_time = segment->time;
  snd->snd_nxt = tcpflow_seq_add(snd->fin, 1);
  if (snd->fins < UINT8_MAX) {
    snd->fins++;
  }
  tcpflow__endpoint_set(snd, TCPFLOW__END_FIN);
}

/* The ACK of a SYN,ACK: the first window with a place. */
static void take_third(tcpflow__endpoint *snd, tcpflow__endpoint *rcv,
                       const tcpflow_segment *segment) {
  tcpflow__endpoint_set(rcv, TCPFLOW__END_SYN_ACKED);
  tcpflow__note_ecn_ack(snd, segment);
  if (!tcpflow__endpoint_has(snd, TCPFLOW__END_WINDOW)) {
    tcpflow__endpoint_set(snd, TCPFLOW__END_WINDOW);
    snd->rcv_edge = segment->ack;
  }
}

/* RFC 9293 section 3.6: what an ACK says of FINs. */
static void take_fins(tcpflow__endpoint end[2],
                      const tcpflow__judgment *judgment) {
  for (unsigned i = 0; i < judgment->count; i++) {
    const tcpflow__happening *const at = &judgment->happening[i];

    if (at->stimulus == TCPFLOW_STIMULUS_RCV_FIN) {
      tcpflow__endpoint_set(&end[!at->side], TCPFLOW__END_FIN_RCVD);
    } else if (at->stimulus == TCPFLOW_STIMULUS_RCV_ACK_OF_FIN) {
      tcpflow__endpoint_set(&end[at->side], TCPFLOW__END_FIN_ACKED);
    }
  }
}

void tcpflow__segment_take_turn(tcpflow__endpoint end[2], tcpflow_side sender,
                                const tcpflow_segment *segment,
                                const tcpflow__judgment *judgment) {
  tcpflow__endpoint *const snd = &end[sender];
  tcpflow__endpoint *const rcv = &end[tcpflow_side_other(sender)];

  tcpflow__take_count(snd, segment);
  if (segment->payload_length != 0) {
    tcpflow__take_octets(snd, segment);
  }
  if (judgment->fin_first) {
    take_fin(snd, segment);
  }
  if (judgment->scaling < 0 && judgment->in_order) {
    tcpflow__note_flight(snd, rcv, snd->snd_nxt);
  }
  tcpflow__take_number(snd, rcv, segment);
  if (judgment->third) {
    take_third(snd, rcv, segment);
  }
  tcpflow__take_offer(snd, segment,
                      tcpflow__usual_window(snd, segment, judgment->scaling));
  if (judgment->in_order) {
    tcpflow__take_stamp(snd, segment);
  }
  take_fins(end, judgment);
}

/* --- a SYN, or a SYN,ACK --- */

/* RFC 3168 section 6.1.1, RFC 9768 section 3.1: nothing was said before. */
static uint16_t ecn_of(const tcpflow_segment *segment) {
  const unsigned flags = tcpflow__segment_ecn(segment);

  return (uint16_t)((segment->flags & TCPFLOW_FLAG_ACK) != 0
                      ? flags << TCPFLOW__ECN_OF_ANSWER |
                          TCPFLOW__ECN_HAS_ANSWER
                      : flags << TCPFLOW__ECN_OF_SYN | TCPFLOW__ECN_HAS_SYN);
}

/* The window of a SYN is not scaled (RFC 7323 section 2.2); without an ACK it
   has no place. */
static void take_first_window(tcpflow__endpoint *snd,
                              const tcpflow_segment *segment) {
  snd->window_raw = segment->window;
  snd->window = segment->window;
  if ((segment->flags & TCPFLOW_FLAG_ACK) != 0) {
    snd->rcv_edge = tcpflow_seq_add(segment->ack, segment->window);
    tcpflow__endpoint_set(snd, TCPFLOW__END_WINDOW);
  }
}

/* As in apply.c: some send no time in a SYN. */
static void take_first_stamp(tcpflow__endpoint *snd,
                             const tcpflow_segment *segment) {
  const tcpflow_options *const options = segment->options;

  if (options != NULL && (options->present & TCPFLOW_HAS_TIMESTAMPS) != 0 &&
      options->ts_val != 0) {
    tcpflow__take_stamp(snd, segment);
    tcpflow__endpoint_set(snd, TCPFLOW__END_TS_RECENT);
  }
}

void tcpflow__segment_take_greeting(tcpflow__endpoint end[2],
                                    tcpflow_side sender,
                                    const tcpflow_segment *segment) {
  tcpflow__endpoint *const snd = &end[sender];
  tcpflow__endpoint *const rcv = &end[tcpflow_side_other(sender)];

  tcpflow__take_count(snd, segment);
  snd->jumps = 0;
  snd->ecn = ecn_of(segment);
  tcpflow__take_syn(snd, segment);
  if ((segment->flags & TCPFLOW_FLAG_ACK) != 0) {
    tcpflow__take_number(snd, rcv, segment);
    tcpflow__endpoint_set(rcv, TCPFLOW__END_SYN_ACKED);
  }
  take_first_window(snd, segment);
  take_first_stamp(snd, segment);
}
