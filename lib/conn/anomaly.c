/*
 * lib/conn/anomaly.c - what is odd, told on a log scale.
 *
 * Room: conn.  Includes: base, segment.  A broken or hostile peer can make
 * every segment odd; so each anomaly is told at its 1st, 10th, 100th, ...
 * occurrence.  Most connections have none and pay for a pointer.
 */
#include "base/mem.h"
#include "conn/tell.h"

/* How often each has occurred in a connection. */
struct tcpflow__anomaly_counts {
  uint32_t count[TCPFLOW_ANOMALY_COUNT];
};

_Static_assert(TCPFLOW_ANOMALY_COUNT <= 32, "anomalies_now has 32 bits");

/* n: 1 or more. */
static bool is_power_of_ten(uint32_t n) {
  while (n % 10 == 0) {
    n /= 10;
  }
  return n == 1;
}

/*
 * The how many-th is it?  Without memory for the count, every one is told: too
 * much said is the lesser evil.
 */
static uint32_t count_one(tcpflow_conn *conn, unsigned anomaly) {
  const tcpflow_mem *const mem = &conn->env->budget.mem;
  uint32_t *count;

  if (conn->anomalies == NULL) {
    conn->anomalies = tcpflow__calloc(mem, 1, sizeof(*conn->anomalies));
  }
  if (conn->anomalies == NULL) {
    return 1;
  }
  count = &conn->anomalies->count[anomaly];
  if (*count < UINT32_MAX) {
    (*count)++;
  }
  return *count;
}

static void tell_one(tcpflow_conn *conn, const tcpflow__cause *cause,
                     unsigned anomaly) {
  tcpflow__conn_env *const env = conn->env;
  const tcpflow_anomaly_event event = {cause->time, cause->segment,
                                       (tcpflow_anomaly)anomaly, cause->sender,
                                       count_one(conn, anomaly)};

  if (env->callbacks.on_anomaly == NULL || env->stopped ||
      tcpflow__conn_is(conn, TCPFLOW__CONN_IGNORED) ||
      !is_power_of_ten(event.count)) {
    return;
  }
  env->telling = true;
  if (env->callbacks.on_anomaly(conn, &event, env->user) != 0) {
    env->stopped = true;
  }
  env->telling = false;
}

void tcpflow__tell_anomalies(tcpflow_conn *conn, const tcpflow__cause *cause) {
  const uint32_t now = conn->anomalies_now;

  if (now == 0) {
    return;
  }
  conn->anomalies_now = 0;
  for (unsigned i = 0; i < TCPFLOW_ANOMALY_COUNT; i++) {
    if ((now >> i & 1U) != 0) {
      tell_one(conn, cause, i);
    }
  }
}
