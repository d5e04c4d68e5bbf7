/*
 * lib/text/drillforms.h - packetdrill's words for TCP options.
 *
 * Room: text.  Includes: options.
 */
#ifndef TCPFLOW__TEXT_DRILLFORMS_H
#define TCPFLOW__TEXT_DRILLFORMS_H

#include <tcpflow/options.h>

enum {
  TCPFLOW__DRILL_FORMS = 4,
  TCPFLOW__DRILL_BLOCK = 8,               /* Octets of a SACK block. */
  TCPFLOW__DRILL_COUNTER = 3,             /* Of a counter of Accurate ECN. */
  TCPFLOW__DRILL_FAST_OPEN_MAGIC = 0xf989 /* RFC 6994 section 3. */
};

/* Options that have one form only; pattern.h says how it is read. */
typedef struct tcpflow__drill_form {
  uint8_t kind;
  uint8_t size; /* Octets of data. */
  const char *form;
} tcpflow__drill_form;

extern const tcpflow__drill_form tcpflow__drill_forms[TCPFLOW__DRILL_FORMS];

/* Accurate ECN's counters in the order of each kind (RFC 9768 section
   3.2.3). */
extern const char *const tcpflow__drill_counters[2][3];

#endif /* TCPFLOW__TEXT_DRILLFORMS_H */
