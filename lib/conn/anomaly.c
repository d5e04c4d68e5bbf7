/*
 * lib/conn/anomaly.c - what is odd, told on a log scale.
 *
 * Room: conn.  Includes: base, segment.  A broken or hostile peer can make
 * every segment odd; so each anomaly is told at its 1st, 10th, 100th, ...
 * occurrence.  Most connections have none and pay for a pointer.
 */
#include "conn/extra.h"
#include "conn/tell.h"

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
  tcpflow__conn_extra *const extra = tcpflow__conn_extra_need(conn);

  if (extra == NULL) {
    return 1;
  }
  if (extra->anomalies[anomaly] < UINT32_MAX) {
    extra->anomalies[anomaly]++;
  }
  return extra->anomalies[anomaly];
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

static void tell_word(tcpflow_conn *conn, const tcpflow__cause *cause,
                      uint64_t word, unsigned first) {
  for (unsigned i = first; word != 0;) {
    const unsigned step = (word & 0xffU) == 0 ? 8 : 1;

    if ((word & 1U) != 0) {
      tell_one(conn, cause, i);
    }
    word >>= step;
    i += step;
  }
}

void tcpflow__tell_noted(tcpflow_conn *conn, const tcpflow__cause *cause) {
  tcpflow__conn_env *const env = conn->env;
  const tcpflow__anomaly_set odd = env->odd;

  env->odd = (tcpflow__anomaly_set){{0, 0}};
  if (tcpflow__conn_ignored(conn)) {
    return; /* Its options were not read: what they lack says nothing. */
  }
  tell_word(conn, cause, odd.word[0], 0);
  tell_word(conn, cause, odd.word[1], 64);
}
