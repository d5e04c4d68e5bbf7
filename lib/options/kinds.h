/*
 * lib/options/kinds.h - what is known about each kind of option.
 *
 * Room: options.  Includes: nothing of ours.  One table answers which lengths a
 * kind can have, in which segments it may stand and whether its number is
 * still, or was ever, assigned.  A kind that nobody is known to use has an
 * entry of zeros.
 */
#ifndef TCPFLOW__OPTIONS_KINDS_H
#define TCPFLOW__OPTIONS_KINDS_H

#include <tcpflow/options.h>

/* Where an option may stand: bits. */
typedef enum tcpflow__option_place {
  TCPFLOW__PLACE_FIRST = 1,   /* SYN without ACK. */
  TCPFLOW__PLACE_SECOND = 2,  /* SYN with ACK. */
  TCPFLOW__PLACE_NOT_SYN = 4, /* Any other. */
  TCPFLOW__PLACE_SYN = 3,
  TCPFLOW__PLACE_LATER = 6,
  TCPFLOW__PLACE_ANY = 7
} tcpflow__option_place;

/* The one place that a segment with these flags is. */
static inline unsigned tcpflow__place_of_segment(unsigned tcp_flags) {
  if ((tcp_flags & TCPFLOW_FLAG_SYN) == 0) {
    return TCPFLOW__PLACE_NOT_SYN;
  }
  return (tcp_flags & TCPFLOW_FLAG_ACK) != 0 ? TCPFLOW__PLACE_SECOND
                                             : TCPFLOW__PLACE_FIRST;
}

/* The lengths of a kind are min, min + step, ... up to max, and also `also`. */
typedef struct tcpflow__option_rule {
  uint8_t min;    /* Octets, kind and length included; 0: unknown kind. */
  uint8_t max;    /* Octets; 255 where nothing but the list bounds it. */
  uint8_t step;   /* At least 1. */
  uint8_t also;   /* One more length that is allowed, or 0. */
  uint8_t not_in; /* tcpflow__option_place bits: where it must not stand. */
  uint8_t many;   /* Non-zero: may stand several times in one list. */
  uint16_t flags; /* TCPFLOW_OPTION_FLAG_OBSOLETE or _SQUAT, or 0. */
} tcpflow__option_rule;

/* One rule for every octet. */
extern const tcpflow__option_rule tcpflow__option_rules[256];

/* Whether an option of this kind can have LENGTH octets. */
static inline int tcpflow__option_length_ok(const tcpflow__option_rule *rule,
                                            unsigned length) {
  if (rule->min == 0 || length == rule->min || length == rule->also) {
    return 1;
  }
  return length > rule->min && length <= rule->max &&
         (length - rule->min) % rule->step == 0;
}

#endif /* TCPFLOW__OPTIONS_KINDS_H */
