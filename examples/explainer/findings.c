/*
 * examples/explainer/findings.c - what a story shows, as facts.
 */
#include "explainer/findings.h"

const struct step *find_role(struct step *const *steps, size_t count,
                             enum role role) {
  for (size_t i = 0; i < count; i++) {
    if (steps[i]->role == role) {
      return steps[i];
    }
  }
  return NULL;
}

const struct step *find_syn(const struct story *story, tcpflow_side side) {
  for (size_t i = 0; i < story->opening_count; i++) {
    const struct step *const step = story->opening[i];

    if (step->side == side && (step->flags & TCPFLOW_FLAG_SYN) != 0 &&
        step->role != ROLE_SYN_ODD) {
      return step;
    }
  }
  return NULL;
}

/* Do the steps have exactly these roles? */
static int has_roles(struct step *const *steps, size_t count,
                     const enum role *roles, size_t expected) {
  if (count != expected) {
    return 0;
  }
  for (size_t i = 0; i < count; i++) {
    if (steps[i]->role != roles[i]) {
      return 0;
    }
  }
  return 1;
}

int is_plain_opening(const struct story *story) {
  static const enum role roles[] = {ROLE_SYN, ROLE_SYN_ACK, ROLE_ACK_OF_SYN};

  return has_roles(story->opening, story->opening_count, roles, 3);
}

static int is_four(const struct story *story) {
  static const enum role roles[] = {ROLE_FIN, ROLE_ACK_OF_FIN, ROLE_FIN_SECOND,
                                    ROLE_LAST_ACK};

  return has_roles(story->closing, story->closing_count, roles, 4);
}

static int is_three(const struct story *story) {
  static const enum role roles[] = {ROLE_FIN, ROLE_FIN_ACK, ROLE_LAST_ACK};

  return has_roles(story->closing, story->closing_count, roles, 3);
}

int is_plain_closing(const struct story *story) {
  return is_four(story) || is_three(story);
}

static enum opening_kind find_failed_opening(const struct story *story) {
  if (find_role(story->opening, story->opening_count, ROLE_RST_REFUSES)) {
    return OPENING_REFUSED;
  }
  if (story->end.reason == TCPFLOW_END_RESET) {
    return OPENING_ABORTED;
  }
  return story->direction[TCPFLOW_SIDE_SERVER].syn_acks > 0
           ? OPENING_HALF
           : OPENING_UNANSWERED;
}

enum opening_kind find_opening(const struct story *story) {
  switch (story->info.open_kind) {
  case TCPFLOW_OPEN_MID_STREAM:
    return OPENING_MID_STREAM;
  case TCPFLOW_OPEN_FAST:
    return OPENING_FAST;
  case TCPFLOW_OPEN_SIMULTANEOUS:
    return OPENING_SIMULTANEOUS;
  case TCPFLOW_OPEN_UNKNOWN:
  case TCPFLOW_OPEN_THREE_WAY:
  case TCPFLOW_OPEN_SPLIT:
  case TCPFLOW_OPEN_SYN_ACK_FIRST:
  default:
    break;
  }
  if (!story->info.established) {
    return find_failed_opening(story);
  }
  if (story->info.open_kind == TCPFLOW_OPEN_SYN_ACK_FIRST) {
    return OPENING_NO_SYN;
  }
  if (find_syn(story, TCPFLOW_SIDE_SERVER) == NULL) {
    return OPENING_INCOMPLETE;
  }
  return is_plain_opening(story) ? OPENING_THREE_WAY : OPENING_WITH_REPEATS;
}

/* Both FINs are acknowledged: in which order did things happen? */
static enum closing_kind find_finished_closing(const struct story *story) {
  struct step *const *const steps = story->closing;
  const size_t count = story->closing_count;

  if (find_role(steps, count, ROLE_FIN_CROSSING) != NULL) {
    return CLOSING_SIMULTANEOUS;
  }
  if (find_role(steps, count, ROLE_FIN_ACK) != NULL) {
    return CLOSING_THREE;
  }
  return find_role(steps, count, ROLE_FIN_SECOND) != NULL ? CLOSING_FOUR
                                                          : CLOSING_OTHER;
}

enum closing_kind find_closing(const struct story *story) {
  const struct direction *const one = &story->direction[0];
  const struct direction *const two = &story->direction[1];

  if (story->end.reason == TCPFLOW_END_RESET) {
    return story->first_fin >= 0 ? CLOSING_FIN_RESET : CLOSING_RESET;
  }
  if (story->first_fin < 0) {
    return CLOSING_NONE;
  }
  if (!one->fin_sent || !two->fin_sent) {
    return CLOSING_HALF;
  }
  return one->fin_acked && two->fin_acked ? find_finished_closing(story)
                                          : CLOSING_UNFINISHED;
}

/* 1 if both SYNs have the option, 0 if one lacks it, -1 if one is missing. */
static int agreed(const struct story *story, uint32_t option) {
  const struct step *const one = find_syn(story, TCPFLOW_SIDE_CLIENT);
  const struct step *const two = find_syn(story, TCPFLOW_SIDE_SERVER);

  if ((one != NULL && (one->options.present & option) == 0) ||
      (two != NULL && (two->options.present & option) == 0)) {
    return 0;
  }
  return one != NULL && two != NULL ? 1 : -1;
}

int scaling_agreed(const struct story *story) {
  return agreed(story, TCPFLOW_HAS_WSCALE);
}

int sack_agreed(const struct story *story) {
  return agreed(story, TCPFLOW_HAS_SACK_PERMITTED);
}

int timestamps_agreed(const struct story *story) {
  return agreed(story, TCPFLOW_HAS_TIMESTAMPS);
}

/* Lines without times all have the same one. */
int has_times(const struct story *story) {
  return !story->from_text || story->info.last > story->info.first;
}

tcpflow_time handshake_rtt(const struct story *story) {
  const tcpflow_conn_info *const info = &story->info;

  if (info->rtt_server == TCPFLOW_TIME_NONE ||
      info->rtt_client == TCPFLOW_TIME_NONE || !has_times(story)) {
    return TCPFLOW_TIME_NONE;
  }
  return info->rtt_server + info->rtt_client;
}

enum capture_point find_capture_point(const struct story *story) {
  const tcpflow_time rtt = handshake_rtt(story);

  if (rtt == TCPFLOW_TIME_NONE || rtt == 0) {
    return CAPTURE_UNKNOWN;
  }
  if (rtt < 200000) {
    return CAPTURE_SHORT;
  }
  if (story->info.rtt_server <= rtt / 10) {
    return CAPTURE_NEAR_SERVER;
  }
  return story->info.rtt_client <= rtt / 10 ? CAPTURE_NEAR_CLIENT
                                            : CAPTURE_BETWEEN;
}

uint64_t count_sent(const struct story *story, tcpflow_side side, int *known) {
  const struct direction *const direction = &story->direction[side];

  *known = direction->iss_known && direction->fin_sent;
  /* The stream may have gone around the circle more than once. */
  if (direction->info.payload > UINT32_MAX) {
    *known = 0;
  }
  return *known ? tcpflow_seq_distance(direction->iss, direction->fin) - 1 : 0;
}

uint64_t count_missing(const struct story *story, tcpflow_side side) {
  const uint64_t *const gaps = story->direction[side].gaps;
  uint64_t sum = 0;

  for (unsigned reason = 0; reason < GAP_REASONS; reason++) {
    if (reason != TCPFLOW_GAP_CUT && reason != TCPFLOW_GAP_SKIPPED) {
      sum += gaps[reason];
    }
  }
  return sum;
}

int find_time_wait(const struct story *story) {
  const int client =
    story->end.state[TCPFLOW_SIDE_CLIENT] == TCPFLOW_STATE_TIME_WAIT;
  const int server =
    story->end.state[TCPFLOW_SIDE_SERVER] == TCPFLOW_STATE_TIME_WAIT;

  if (client && server) {
    return 2;
  }
  return client ? 0 : server ? 1 : -1;
}
