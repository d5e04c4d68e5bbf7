/*
 * examples/explainer/roles.c - what a segment does for the opening or close.
 *
 * The library follows the states; here the segments get the names that people
 * give to them: "the second FIN, with the ACK of the first".
 */
#include "explainer/roles.h"

static int has(const struct step *step, unsigned flags) {
  return (step->flags & flags) != 0;
}

static struct direction *own(struct story *story, const struct step *step) {
  return &story->direction[step->side];
}

static struct direction *other(struct story *story, const struct step *step) {
  return &story->direction[tcpflow_side_other(step->side)];
}

/* Finds out whether the SYN or the FIN of the other side is acknowledged, and
   whether for the first time. */
static void note_acknowledgment(struct story *story, struct step *step) {
  struct direction *const peer = other(story, step);

  if (!has(step, TCPFLOW_FLAG_ACK)) {
    return;
  }
  if (peer->iss_known && !peer->syn_acked &&
      tcpflow_seq_lt(peer->iss, step->ack)) {
    peer->syn_acked = 1;
    step->acks_syn = 1;
  }
  if (peer->fin_sent && !peer->fin_acked &&
      tcpflow_seq_lt(peer->fin, step->ack)) {
    peer->fin_acked = 1;
    step->acks_fin = 1;
  }
}

/* A SYN is sent again after about a second (RFC 6298 section 2). */
static int is_copy(const struct direction *mine, const struct step *step) {
  return step->time < mine->syn_time + TCPFLOW_SECOND / 4;
}

static enum role find_syn_role(struct story *story, const struct step *step) {
  const struct direction *const mine = own(story, step);
  const int with_ack = has(step, TCPFLOW_FLAG_ACK);
  const int again = (with_ack ? mine->syn_acks : mine->syns) > 0;
  const int odd = (step->verdict & (TCPFLOW_VERDICT_SYN_OTHER_ISN |
                                    TCPFLOW_VERDICT_SYN_ACK_BAD_ACK)) != 0;

  if (odd) {
    return ROLE_SYN_ODD;
  }
  if (again && is_copy(mine, step)) {
    return ROLE_SYN_COPY;
  }
  if (again) {
    return with_ack ? ROLE_SYN_ACK_AGAIN : ROLE_SYN_AGAIN;
  }
  if (with_ack) {
    return mine->syns > 0 ? ROLE_SYN_ACK_CROSSING : ROLE_SYN_ACK;
  }
  return other(story, step)->syns > 0 ? ROLE_SYN_CROSSING : ROLE_SYN;
}

static void note_syn_time(struct story *story, const struct step *step) {
  if (step->side != TCPFLOW_SIDE_CLIENT || has(step, TCPFLOW_FLAG_ACK)) {
    return;
  }
  if (story->direction[TCPFLOW_SIDE_CLIENT].syns == 0) {
    story->syn_first = step->time;
  }
  story->syn_last = step->time;
}

static void note_syn(struct story *story, struct step *step) {
  struct direction *const mine = own(story, step);

  step->role = find_syn_role(story, step);
  mine->syn_time = step->time;
  if (step->role == ROLE_SYN_COPY) {
    return;
  }
  note_syn_time(story, step);
  if (has(step, TCPFLOW_FLAG_ACK)) {
    mine->syn_acks++;
  } else {
    mine->syns++;
  }
  if (step->role != ROLE_SYN_ODD && !mine->iss_known) {
    mine->iss_known = 1;
    mine->iss = step->seq;
  }
}

static enum role find_fin_role(struct story *story, const struct step *step) {
  const struct direction *const peer = other(story, step);

  if (own(story, step)->fin_sent) {
    return ROLE_FIN_AGAIN;
  }
  if (!peer->fin_sent) {
    return ROLE_FIN;
  }
  if (step->acks_fin) {
    return ROLE_FIN_ACK;
  }
  return peer->fin_acked ? ROLE_FIN_SECOND : ROLE_FIN_CROSSING;
}

static void note_fin(struct story *story, struct step *step) {
  struct direction *const mine = own(story, step);

  step->role = find_fin_role(story, step);
  if (mine->fin_sent) {
    return;
  }
  mine->fin_sent = 1;
  mine->fin =
    tcpflow_seq_add(step->seq, tcpflow_seq_len(step->payload, step->flags) - 1);
  if (story->first_fin < 0) {
    story->first_fin = (int)step->side;
  }
}

static enum role find_rst_role(struct story *story, const struct step *step) {
  if ((step->verdict & TCPFLOW_VERDICT_RST_ACCEPTED) == 0) {
    return ROLE_RST_IGNORED;
  }
  if (story->first_fin >= 0) {
    return ROLE_RST_CLOSES;
  }
  return other(story, step)->syns > 0 && own(story, step)->syn_acks == 0 &&
             step->before[TCPFLOW_SIDE_CLIENT] == TCPFLOW_STATE_SYN_SENT
           ? ROLE_RST_REFUSES
           : ROLE_RST_ABORTS;
}

/* Does it only repeat what was acknowledged before? */
static int repeats_ack(const struct direction *peer, const struct step *step) {
  return peer->fin_acked && step->payload == 0 &&
         step->ack == tcpflow_seq_add(peer->fin, 1);
}

static enum role find_ack_role(struct story *story, const struct step *step) {
  const struct direction *const mine = own(story, step);

  if ((step->verdict & TCPFLOW_VERDICT_MID_STREAM) != 0) {
    return ROLE_PICK_UP;
  }
  if (step->acks_fin) {
    return mine->fin_sent && mine->fin_acked ? ROLE_LAST_ACK : ROLE_ACK_OF_FIN;
  }
  if (step->acks_syn) {
    return step->payload > 0 ? ROLE_DATA_OF_SYN : ROLE_ACK_OF_SYN;
  }
  if ((step->verdict & TCPFLOW_VERDICT_INFERRED) != 0) {
    return ROLE_PROVES;
  }
  return repeats_ack(other(story, step), step) ? ROLE_ACK_AGAIN : ROLE_OTHER;
}

void play_role(struct story *story, struct step *step) {
  note_acknowledgment(story, step);
  if (has(step, TCPFLOW_FLAG_RST)) {
    step->role = find_rst_role(story, step);
  } else if (has(step, TCPFLOW_FLAG_SYN)) {
    note_syn(story, step);
  } else if (has(step, TCPFLOW_FLAG_FIN)) {
    note_fin(story, step);
  } else {
    step->role = find_ack_role(story, step);
  }
}
