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

/* Where an option may stand. */
typedef enum tcpflow__option_place {
  TCPFLOW__PLACE_ANY = 0,
  TCPFLOW__PLACE_SYN,    /* Only in segments with SYN. */
  TCPFLOW__PLACE_NOT_SYN /* Only in segments without SYN. */
} tcpflow__option_place;

/* The lengths of a kind are min, min + step, ... up to max, and also `also`. */
typedef struct tcpflow__option_rule {
  uint8_t min;    /* Octets, kind and length included; 0: unknown kind. */
  uint8_t max;    /* Octets; 255 where nothing but the list bounds it. */
  uint8_t step;   /* At least 1. */
  uint8_t also;   /* One more length that is allowed, or 0. */
  uint8_t place;  /* A tcpflow__option_place. */
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
