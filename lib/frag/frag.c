/*
 * lib/frag/frag.c - a reassembler is made, asked, told the time, released.
 *
 * Room: frag.  Includes: base, wire, decode.
 */
#include "frag/frag.h"

#include "base/mem.h"
#include "base/sized.h"

#include <string.h>

TCPFLOW__NO_TAIL_PADDING(tcpflow_frag_config, timeout_ns);
TCPFLOW__NO_TAIL_PADDING(tcpflow_frag_stats, nomem);
TCPFLOW__NO_TAIL_PADDING(tcpflow_frag_result, first_time);
TCPFLOW__NO_TAIL_PADDING(tcpflow_frag_callbacks, on_drop);

#define DATAGRAMS_LIMIT (UINT64_C(1) << 24)
#define BYTES_LEAST     UINT64_C(1024)
#define FRAGMENTS_LEAST 2U
#define FRAGMENTS_LIMIT 65535U

_Static_assert(sizeof(tcpflow__pending) <= 1024, "room for one at least");

/* --- configured --- */

static void set_defaults(tcpflow_frag_config *config) {
  memset(config, 0, sizeof(*config));
  config->size = sizeof(*config);
  config->max_datagrams = 16384;
  config->max_bytes = UINT64_C(32) << 20;
  config->max_fragments = 2048;
  config->policy_ipv4 = TCPFLOW_FRAG_POLICY_BSD;
  config->policy_ipv6 = TCPFLOW_FRAG_POLICY_RFC5722;
  config->timeout_ns = 60 * TCPFLOW_SECOND;
}

void tcpflow_frag_config_defaults(tcpflow_frag_config *config, size_t size) {
  tcpflow_frag_config ours;

  set_defaults(&ours);
  tcpflow_sized_init(config, size);
  tcpflow__sized_write(config, &ours, sizeof(ours));
}

static bool in_range(const tcpflow_frag_config *config) {
  return config->max_datagrams >= 1 &&
         config->max_datagrams <= DATAGRAMS_LIMIT &&
         config->max_bytes >= BYTES_LEAST &&
         config->max_fragments >= FRAGMENTS_LEAST &&
         config->max_fragments <= FRAGMENTS_LIMIT &&
         config->policy_ipv4 < TCPFLOW_FRAG_POLICY_COUNT &&
         config->policy_ipv6 < TCPFLOW_FRAG_POLICY_COUNT;
}

/* The default stands for itself nowhere else. */
static void resolve_policies(tcpflow_frag_config *config) {
  if (config->policy_ipv4 == TCPFLOW_FRAG_POLICY_DEFAULT) {
    config->policy_ipv4 = TCPFLOW_FRAG_POLICY_BSD;
  }
  if (config->policy_ipv6 == TCPFLOW_FRAG_POLICY_DEFAULT) {
    config->policy_ipv6 = TCPFLOW_FRAG_POLICY_RFC5722;
  }
}

static int read_config(tcpflow_frag_config *ours,
                       const tcpflow_frag_config *theirs) {
  set_defaults(ours);
  if (theirs == NULL) {
    return TCPFLOW_OK;
  }
  if (tcpflow__sized_read(ours, sizeof(*ours), theirs) != TCPFLOW_OK) {
    return TCPFLOW_ERR_VERSION;
  }
  resolve_policies(ours);
  return in_range(ours) ? TCPFLOW_OK : TCPFLOW_ERR_INVALID;
}

static int read_callbacks(tcpflow_frag_callbacks *ours,
                          const tcpflow_frag_callbacks *theirs) {
  tcpflow_frag_callbacks_init(ours);
  return theirs == NULL ? TCPFLOW_OK
                        : tcpflow__sized_read(ours, sizeof(*ours), theirs);
}

/* --- made and released --- */

static int set_up(tcpflow_frag *frag, const tcpflow_frag_config *config,
                  const tcpflow_frag_callbacks *callbacks,
                  const tcpflow_mem *mem) {
  int error = read_config(&frag->config, config);

  if (error == TCPFLOW_OK) {
    error = read_callbacks(&frag->callbacks, callbacks);
  }
  if (error == TCPFLOW_OK) {
    error = tcpflow__store_init(&frag->store, mem, frag->config.hash_key);
  }
  return error;
}

int tcpflow_frag_new(tcpflow_frag **out, const tcpflow_frag_config *config,
                     const tcpflow_frag_callbacks *callbacks,
                     const tcpflow_mem *mem, void *user) {
  tcpflow_frag *frag;
  tcpflow_mem ours;
  int error = tcpflow__mem_read(&ours, mem);

  if (error != TCPFLOW_OK) {
    return error;
  }
  frag = (tcpflow_frag *)tcpflow__calloc(&ours, 1, sizeof(*frag));
  if (frag == NULL) {
    return TCPFLOW_ERR_NOMEM;
  }
  error = set_up(frag, config, callbacks, &ours);
  if (error != TCPFLOW_OK) {
    tcpflow__free(&ours, frag);
    return error;
  }
  frag->user = user;
  *out = frag;
  return TCPFLOW_OK;
}

void tcpflow_frag_del(tcpflow_frag *frag) {
  /* Inside a callback the reassembler is still at work: rather leak. */
  if (frag == NULL || frag->telling) {
    return;
  }
  const tcpflow_mem mem = frag->store.mem;
  tcpflow__store_clear(&frag->store);
  tcpflow__free(&mem, frag);
}

/* --- datagrams that are given up --- */

static void tell_drop(tcpflow_frag *frag, const tcpflow__pending *pending,
                      tcpflow_frag_reason reason) {
  const tcpflow_frag_drop_event event = {frag->now,
                                         pending->first_time,
                                         &pending->key.ends,
                                         pending->key.id,
                                         pending->protocol,
                                         pending->facts.parts,
                                         pending->facts.anomalies,
                                         (uint32_t)reason,
                                         0};

  frag->stats.datagrams_dropped[reason]++;
  if (frag->callbacks.on_drop == NULL) {
    return;
  }
  frag->telling = true;
  frag->stopped |= frag->callbacks.on_drop(&event, frag->user) != 0;
  frag->telling = false;
}

void tcpflow__frag_drop(tcpflow_frag *frag, tcpflow__pending *pending,
                        tcpflow_frag_reason reason) {
  if (!pending->dropped) {
    tell_drop(frag, pending, reason);
  }
  tcpflow__store_remove(&frag->store, pending);
}

void tcpflow__frag_condemn(tcpflow_frag *frag, tcpflow__pending *pending,
                           tcpflow_frag_reason reason) {
  tell_drop(frag, pending, reason);
  pending->dropped = true;
  tcpflow__store_strip(&frag->store, pending);
}

bool tcpflow__frag_is_late(const tcpflow_frag *frag,
                           const tcpflow__pending *pending) {
  return frag->now - pending->first_time >= frag->config.timeout_ns &&
         frag->config.timeout_ns != TCPFLOW_TIME_NONE;
}

void tcpflow__frag_pass(tcpflow_frag *frag, tcpflow_time now, uint64_t looks) {
  if (now > frag->now) {
    frag->now = now;
  }
  for (; looks > 0; looks--) {
    tcpflow__pending *const oldest = frag->store.oldest;
    if (oldest == NULL || oldest->complete ||
        !tcpflow__frag_is_late(frag, oldest)) {
      return;
    }
    tcpflow__frag_drop(frag, oldest, TCPFLOW_FRAG_REASON_TIMEOUT);
  }
}

/* --- told --- */

/* Begins a call that may call the user.  TCPFLOW_OK or TCPFLOW_ERR_STATE. */
static int enter(tcpflow_frag *frag) {
  if (frag->telling) {
    return TCPFLOW_ERR_STATE;
  }
  frag->stopped = false;
  tcpflow__frag_settle(frag);
  return TCPFLOW_OK;
}

static int leave(const tcpflow_frag *frag) {
  return frag->stopped ? TCPFLOW_ERR_CALLBACK : TCPFLOW_OK;
}

/* A packet and a result of another release are copied in and out. */
static int take_any(tcpflow_frag *frag, const tcpflow_packet *packet,
                    tcpflow_frag_result *result, tcpflow_frame *datagram) {
  tcpflow_frag_result ours;
  tcpflow_packet whole;
  int error;

  if (tcpflow__sized_check(result) != TCPFLOW_OK ||
      tcpflow__sized_read(&whole, sizeof(whole), packet) != TCPFLOW_OK) {
    return TCPFLOW_ERR_VERSION;
  }
  tcpflow_frag_result_init(&ours);
  error = tcpflow__frag_take(frag, &whole, &ours, datagram);
  if (error != TCPFLOW_ERR_NOMEM) {
    tcpflow__sized_write(result, &ours, sizeof(ours));
  }
  return error;
}

int tcpflow_frag_feed(tcpflow_frag *frag, const tcpflow_packet *packet,
                      tcpflow_frag_result *result, tcpflow_frame *datagram) {
  int error = enter(frag);

  if (error == TCPFLOW_OK) {
    error = take_any(frag, packet, result, datagram);
    frag->stats.nomem += error == TCPFLOW_ERR_NOMEM;
  }
  return error;
}

int tcpflow_frag_advance(tcpflow_frag *frag, tcpflow_time now) {
  const int error = enter(frag);

  if (error != TCPFLOW_OK) {
    return error;
  }
  tcpflow__frag_pass(frag, now, UINT64_MAX);
  return leave(frag);
}

int tcpflow_frag_flush(tcpflow_frag *frag) {
  const int error = enter(frag);

  if (error != TCPFLOW_OK) {
    return error;
  }
  while (frag->store.oldest != NULL) {
    tcpflow__frag_drop(frag, frag->store.oldest, TCPFLOW_FRAG_REASON_FLUSHED);
  }
  return leave(frag);
}

/* --- counted --- */

void tcpflow__frag_count(tcpflow_frag *frag, uint32_t before, uint32_t now) {
  for (unsigned i = 0; i < TCPFLOW_FRAG_ANOMALY_COUNT; i++) {
    frag->stats.anomalies[i] += ((now & ~before) >> i & 1) != 0;
  }
}

/* --- asked --- */

tcpflow_time tcpflow_frag_deadline(const tcpflow_frag *frag) {
  const tcpflow__pending *oldest = frag->store.oldest;
  const tcpflow_time timeout = frag->config.timeout_ns;

  while (oldest != NULL && oldest->complete) {
    oldest = oldest->newer;
  }
  return oldest == NULL || timeout >= TCPFLOW_TIME_NONE - oldest->first_time
           ? TCPFLOW_TIME_NONE
           : oldest->first_time + timeout;
}

int tcpflow_frag_get_stats(const tcpflow_frag *frag,
                           tcpflow_frag_stats *stats) {
  const int error = tcpflow__sized_check(stats);
  tcpflow_frag_stats ours = frag->stats;

  if (error != TCPFLOW_OK) {
    return error;
  }
  ours.held = frag->store.count;
  ours.held_memory = frag->store.memory;
  for (const tcpflow__pending *p = frag->done; p != NULL; p = p->done) {
    ours.held--;
    ours.held_memory -= p->memory;
  }
  tcpflow__sized_write(stats, &ours, sizeof(ours));
  return TCPFLOW_OK;
}
