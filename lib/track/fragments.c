/*
 * lib/track/fragments.c - how a tracker has fragments put together.
 *
 * Room: track.  Includes: base, decode, frag.  A fragment that completes a
 * datagram stands for it: the datagram is decoded and followed as one packet at
 * that moment.  Its bytes belong to the reassembler, and so they are there
 * until the next fragment.
 */
#include "track/fragments.h"

#include "base/sized.h"
#include "decode/decode.h"

/* Fragmented datagrams inside each other.  Each costs what a fragment costs,
   and decode lets no more than 16 tunnels lie inside each other either. */
#define DATAGRAMS_DEEP 16U

/* --- callbacks: the user's own, while the tracker is at work --- */

static int choose_policy(const tcpflow_frag_query *query, void *user) {
  tcpflow_tracker *const tracker = (tcpflow_tracker *)user;
  int answer;

  tracker->env.telling = true;
  answer = tracker->frag_callbacks.choose_policy(query, tracker->env.user);
  tracker->env.telling = false;
  return answer;
}

static int on_drop(const tcpflow_frag_drop_event *event, void *user) {
  tcpflow_tracker *const tracker = (tcpflow_tracker *)user;

  tracker->env.telling = true;
  tracker->env.stopped |=
    tracker->frag_callbacks.on_drop(event, tracker->env.user) != 0;
  tracker->env.telling = false;
  return 0;
}

/* --- made --- */

static int read_config(tcpflow_frag_config *ours,
                       const tcpflow_tracker_config *config) {
  tcpflow_frag_config_init(ours);
  if (config->frag != NULL &&
      tcpflow__sized_read(ours, sizeof(*ours), config->frag) != TCPFLOW_OK) {
    return TCPFLOW_ERR_VERSION;
  }
  memcpy(ours->hash_key, config->hash_key, sizeof(ours->hash_key));
  if (config->verify_checksums != 0) {
    ours->verify_checksums = 1;
  }
  return TCPFLOW_OK;
}

static int read_callbacks(tcpflow_frag_callbacks *ours,
                          const tcpflow_frag_callbacks *theirs) {
  tcpflow_frag_callbacks_init(ours);
  return theirs == NULL ? TCPFLOW_OK
                        : tcpflow__sized_read(ours, sizeof(*ours), theirs);
}

int tcpflow__fragments_init(tcpflow_tracker *tracker,
                            const tcpflow_tracker_config *config) {
  tcpflow_frag_callbacks callbacks;
  tcpflow_frag_config ours;

  tracker->frag_due = TCPFLOW_TIME_NONE;
  if (read_config(&ours, config) != TCPFLOW_OK ||
      read_callbacks(&tracker->frag_callbacks, config->frag_callbacks) !=
        TCPFLOW_OK) {
    return TCPFLOW_ERR_VERSION;
  }
  if (config->ignore_fragments != 0) {
    return TCPFLOW_OK;
  }
  tcpflow_frag_callbacks_init(&callbacks);
  if (tracker->frag_callbacks.choose_policy != NULL) {
    callbacks.choose_policy = choose_policy;
  }
  if (tracker->frag_callbacks.on_drop != NULL) {
    callbacks.on_drop = on_drop;
  }
  return tcpflow_frag_new(&tracker->frag, &ours, &callbacks,
                          &tracker->env.budget.mem, tracker);
}

/* --- fed --- */

/* Fragments of what cannot lead to TCP would only take room. */
bool tcpflow__fragments_wants(const tcpflow_tracker *tracker,
                              const tcpflow_packet *packet) {
  tcpflow__fragment fragment;

  return tracker->frag != NULL && tcpflow__fragment_read(&fragment, packet) &&
         tcpflow__protocol_leads_to_tcp(
           &tracker->decode, fragment.key.ends.version, fragment.protocol);
}

/* Feeds one fragment, which may stand in scratch.datagram. */
static int feed_one(tcpflow_tracker *tracker, const tcpflow_packet *packet,
                    tcpflow__fragments_result *result) {
  tcpflow_packet *const whole = &tracker->scratch.datagram.packet;
  tcpflow_frame *const datagram = &tracker->scratch.whole;
  tcpflow_frag_result taken;
  const int error = tcpflow__frag_take(tracker->frag, packet, &taken, datagram);

  result->complete =
    error == TCPFLOW_OK && taken.outcome == TCPFLOW_FRAG_COMPLETE;
  if (result->complete) {
    result->anomalies |= taken.anomalies;
    whole->size = sizeof(*whole);
    tcpflow__packet_decode(whole, datagram, &tracker->decode);
  }
  return error;
}

int tcpflow__fragments_feed(tcpflow_tracker *tracker,
                            const tcpflow_packet *packet,
                            tcpflow__fragments_result *result) {
  const tcpflow_packet *const whole = &tracker->scratch.datagram.packet;
  int error;

  *result = (tcpflow__fragments_result){false, 0};
  error = feed_one(tracker, packet, result);
  for (unsigned deep = 1; deep < DATAGRAMS_DEEP && result->complete &&
                          tcpflow__fragments_wants(tracker, whole);
       deep++) {
    error = feed_one(tracker, whole, result);
  }
  return error;
}

void tcpflow__fragments_done(tcpflow_tracker *tracker, int error) {
  if (error == TCPFLOW_OK) {
    tcpflow__frag_settle(tracker->frag);
  } else {
    tcpflow__frag_undo(tracker->frag);
  }
  tracker->frag_due = tcpflow_frag_deadline(tracker->frag);
}

/* --- time --- */

void tcpflow__fragments_pass(tcpflow_tracker *tracker, uint64_t looks) {
  if (tracker->frag != NULL) {
    tcpflow__frag_pass(tracker->frag, tracker->now, looks);
    tracker->frag_due = tcpflow_frag_deadline(tracker->frag);
  }
}

void tcpflow__fragments_flush(tcpflow_tracker *tracker) {
  if (tracker->frag != NULL) {
    (void)tcpflow_frag_flush(tracker->frag);
    tracker->frag_due = TCPFLOW_TIME_NONE;
  }
}
