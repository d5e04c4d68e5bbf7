/*
 * examples/explainer/findings.h - what a story shows, as facts and as phrases.
 *
 * Several sections need the same finding; here each is found once.
 */
#ifndef EXPLAINER_FINDINGS_H
#define EXPLAINER_FINDINGS_H

#include "explainer/page.h"
#include "explainer/story.h"

/* How the opening went. */
enum opening_kind {
  OPENING_THREE_WAY,    /* SYN, SYN+ACK, ACK and nothing else. */
  OPENING_WITH_REPEATS, /* The same, with segments sent again. */
  OPENING_SIMULTANEOUS, /* Both sent a SYN. */
  OPENING_FAST,         /* Data in the SYN was accepted. */
  OPENING_INCOMPLETE,   /* Some of its segments were not captured. */
  OPENING_NO_SYN,       /* The capture begins with the SYN+ACK. */
  OPENING_MID_STREAM,   /* The capture begins later. */
  OPENING_REFUSED,      /* A RST answered the SYN. */
  OPENING_UNANSWERED,   /* Nothing did. */
  OPENING_HALF,         /* SYN and SYN+ACK, never completed. */
  OPENING_ABORTED,      /* A RST before it was complete. */
  OPENING_COUNT
};

/* How the close went. */
enum closing_kind {
  CLOSING_NONE,         /* It did not close in the capture. */
  CLOSING_FOUR,         /* FIN, ACK, FIN, ACK. */
  CLOSING_THREE,        /* FIN, FIN+ACK, ACK. */
  CLOSING_SIMULTANEOUS, /* FINs that crossed. */
  CLOSING_OTHER,        /* Both FINs acknowledged, in another way. */
  CLOSING_HALF,         /* One FIN only. */
  CLOSING_UNFINISHED,   /* Both FINs, not both acknowledged. */
  CLOSING_RESET,        /* A RST in an open connection. */
  CLOSING_FIN_RESET,    /* A RST after a FIN. */
  CLOSING_COUNT
};

enum opening_kind find_opening(const struct story *story);
enum closing_kind find_closing(const struct story *story);

/* Is the opening, or the close, just its segments in the usual order, nothing
 * sent twice? */
int is_plain_opening(const struct story *story);
int is_plain_closing(const struct story *story);

/* The first step of the list with a role; NULL if there is none. */
const struct step *find_role(struct step *const *steps, size_t count,
                             enum role role);

/* The SYN, or SYN+ACK, that a side sent first; NULL if it was not captured. */
const struct step *find_syn(const struct story *story, tcpflow_side side);

/* SYN → SYN+ACK → ACK */
const char *say_opening_summary(struct page *page, const struct story *story);
const char *say_closing_summary(struct page *page, const struct story *story);

/* Did both SYNs offer it?  -1: not both were captured. */
int scaling_agreed(const struct story *story);
int sack_agreed(const struct story *story);
int timestamps_agreed(const struct story *story);

/* The handshake's round trip; TCPFLOW_TIME_NONE if it is not known, or the
 * times of the lines are none. */
tcpflow_time handshake_rtt(const struct story *story);

/* Do the frames have times?  Lines of text may have none. */
int has_times(const struct story *story);

/* Where the capture was taken, by the two halves of that. */
enum capture_point {
  CAPTURE_UNKNOWN,
  CAPTURE_NEAR_SERVER,
  CAPTURE_NEAR_CLIENT,
  CAPTURE_BETWEEN,
  CAPTURE_SHORT, /* Everything is close together. */
  CAPTURE_COUNT
};
enum capture_point find_capture_point(const struct story *story);

/* Octets of data that a side sent, by the numbers alone; 0 and *known 0 if its
 * SYN or its FIN is missing. */
uint64_t count_sent(const struct story *story, tcpflow_side side, int *known);

/* Octets that the capture lacks, but for those that it cut or that are text. */
uint64_t count_missing(const struct story *story, tcpflow_side side);

/* The side that has to wait in TIME-WAIT; -1: none, 2: both. */
int find_time_wait(const struct story *story);

#endif
