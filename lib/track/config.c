/*
 * lib/track/config.c - what a tracker is told when it is made.
 *
 * Room: track.  Includes: base, decode, frag, conn.
 */
#include "track/fragments.h"

#include "base/mem.h"
#include "base/sized.h"
#include "decode/decode.h"
#include "track/lull.h"

#define KEY_FLAGS_ALL ((uint32_t)(TCPFLOW_KEY_VLAN | TCPFLOW_KEY_NO_TUNNEL))
#define FLOWS_LIMIT   (TCPFLOW__FLOWS_MAX - 1)

/* Memory of pieces that wait for octets: 65 full segments.  Where memory is
   bounded, none waits: it would be somebody's. */
#define PIECES_ASIDE  (UINT64_C(100) << 10)

TCPFLOW__NO_TAIL_PADDING(tcpflow_tracker_config, sleep_ns);
TCPFLOW__NO_TAIL_PADDING(tcpflow_tracker_stats, ended_by);

/* tracker.h gives the reasons. */
static const tcpflow_time default_timeouts[TCPFLOW_PHASE_COUNT] = {
  [TCPFLOW_PHASE_OPENING] = 120 * TCPFLOW_SECOND,
  [TCPFLOW_PHASE_ANSWERED] = 60 * TCPFLOW_SECOND,
  [TCPFLOW_PHASE_PICKED_UP] = 300 * TCPFLOW_SECOND,
  [TCPFLOW_PHASE_OPEN] = (2 * 3600 + 4 * 60) * TCPFLOW_SECOND,
  [TCPFLOW_PHASE_HALF_CLOSED] = (2 * 3600 + 4 * 60) * TCPFLOW_SECOND,
  [TCPFLOW_PHASE_CLOSING] = 240 * TCPFLOW_SECOND,
  [TCPFLOW_PHASE_RESET] = 0,
  [TCPFLOW_PHASE_ENDED] = 60 * TCPFLOW_SECOND,
};

static void set_defaults(tcpflow_tracker_config *config) {
  memset(config, 0, sizeof(*config));
  config->size = sizeof(*config);
  config->max_flows = UINT64_C(1) << 20;
  config->max_held_bytes = UINT64_C(256) << 20;
  config->sleep_ns = 600 * TCPFLOW_SECOND;
  memcpy(config->timeout_ns, default_timeouts, sizeof(default_timeouts));
}

void tcpflow_tracker_config_defaults(tcpflow_tracker_config *config,
                                     size_t size) {
  tcpflow_tracker_config ours;

  set_defaults(&ours);
  tcpflow_sized_init(config, size);
  tcpflow__sized_write(config, &ours, sizeof(ours));
}

static bool in_range(const tcpflow_tracker_config *config) {
  return config->max_flows >= 1 && config->max_flows <= FLOWS_LIMIT &&
         (config->key_flags & ~KEY_FLAGS_ALL) == 0;
}

/* A timeout of a phase that only a later release has. */
static bool has_unknown_phase(const tcpflow_tracker_config *config) {
  for (unsigned phase = TCPFLOW_PHASE_COUNT; phase < TCPFLOW_PHASE_ROOM;
       phase++) {
    if (config->timeout_ns[phase] != 0) {
      return true;
    }
  }
  return false;
}

static int read_config(tcpflow_tracker_config *ours,
                       const tcpflow_tracker_config *theirs) {
  set_defaults(ours);
  if (theirs == NULL) {
    return TCPFLOW_OK;
  }
  if (tcpflow__sized_read(ours, sizeof(*ours), theirs) != TCPFLOW_OK ||
      has_unknown_phase(ours)) {
    return TCPFLOW_ERR_VERSION;
  }
  return in_range(ours) ? TCPFLOW_OK : TCPFLOW_ERR_INVALID;
}

static int read_decode(tcpflow_decode_config *ours,
                       const tcpflow_decode_config *theirs) {
  *ours = tcpflow__decode_defaults;
  if (theirs == NULL) {
    return TCPFLOW_OK;
  }
  if (tcpflow__sized_read(ours, sizeof(*ours), theirs) != TCPFLOW_OK) {
    return TCPFLOW_ERR_VERSION;
  }
  return tcpflow__decode_config_valid(ours) ? TCPFLOW_OK : TCPFLOW_ERR_INVALID;
}

/* The phase RESET ends by the connection's own settings.  A record that was
   given back is late for anything: nobody follows a segment for it. */
static void set_timeouts(tcpflow_time timeout[TCPFLOW__PHASES],
                         const tcpflow_tracker_config *config) {
  for (unsigned phase = 0; phase < TCPFLOW__PHASES; phase++) {
    timeout[phase] = TCPFLOW_TIME_NONE;
  }
  memcpy(timeout, config->timeout_ns, TCPFLOW_PHASE_COUNT * sizeof(*timeout));
  timeout[TCPFLOW__PHASE_SPARE] = 0;
}

static tcpflow_time sooner(tcpflow_time a, tcpflow_time b) {
  return a < b ? a : b;
}

/* Openings are answered, and closings end, in no time: their timers need not be
   set anew for that.  Where nothing is known of a timer, it looks too late. */
static void set_looks(tcpflow_time look[TCPFLOW__PHASES],
                      const tcpflow_time timeout[TCPFLOW__PHASES]) {
  memcpy(look, timeout, TCPFLOW__PHASES * sizeof(*look));
  look[TCPFLOW_PHASE_OPENING] =
    sooner(timeout[TCPFLOW_PHASE_OPENING], timeout[TCPFLOW_PHASE_ANSWERED]);
  look[TCPFLOW_PHASE_CLOSING] =
    sooner(timeout[TCPFLOW_PHASE_CLOSING], timeout[TCPFLOW_PHASE_ENDED]);
  look[TCPFLOW__PHASE_SPARE] = TCPFLOW_TIME_NONE;
}

/* Of 2 and 3 octets, what no key of a flow has: it is in a checkpoint, from
   which nobody shall learn the secret of the hash. */
static tcpflow__sipkey past_key_of(const tcpflow__sipkey *secret) {
  static const uint8_t zeros[3] = {0, 0, 0};

  return (tcpflow__sipkey){tcpflow__siphash13(secret, zeros, 2),
                           tcpflow__siphash13(secret, zeros, 3)};
}

static void take_over(tcpflow_tracker *tracker,
                      const tcpflow_tracker_config *config) {
  tracker->env.budget.cap = config->max_held_bytes;
  tracker->max_flows = (uint32_t)config->max_flows;
  tcpflow__lull_init(&tracker->rounds, config->sleep_ns);
  tracker->max_memory =
    config->max_memory != 0 ? config->max_memory : UINT64_MAX;
  tracker->env.budget.shelf.most = config->max_memory != 0 ? 0 : PIECES_ASIDE;
  tracker->verify_checksums = config->verify_checksums != 0;
  tracker->choose_admission = config->choose_admission;
  set_timeouts(tracker->timeout, config);
  set_looks(tracker->look, tracker->timeout);
  tcpflow__hasher_init(&tracker->hasher, config->hash_key, config->key_flags);
  tcpflow__recent_init(&tracker->recent, &tracker->hasher);
  tracker->env.past.digests.key = past_key_of(&tracker->hasher.secret);
  tcpflow__resume_init(&tracker->resume, &tracker->hasher.secret);
}

int tcpflow__tracker_configure(tcpflow_tracker *tracker,
                               const tcpflow_tracker_config *config,
                               const tcpflow_conn_callbacks *callbacks,
                               const tcpflow_mem *mem, void *user) {
  tcpflow_tracker_config ours;
  int error = read_config(&ours, config);

  if (error == TCPFLOW_OK) {
    error =
      tcpflow__conn_env_init(&tracker->env, ours.conn, callbacks, mem, user);
  }
  if (error == TCPFLOW_OK) {
    error = read_decode(&tracker->decode, ours.decode);
  }
  if (error == TCPFLOW_OK) {
    take_over(tracker, &ours);
    error = tcpflow__fragments_init(tracker, &ours);
  }
  return error;
}
