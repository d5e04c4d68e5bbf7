/*
 * lib/text/labels.h - tcpdump's names of the numbers in headers.
 *
 * Room: text.  Includes: nothing of ours.
 */
#ifndef TCPFLOW__TEXT_LABELS_H
#define TCPFLOW__TEXT_LABELS_H

#include <stdint.h>

typedef struct tcpflow__label_row {
  uint32_t number;
  const char *name;
} tcpflow__label_row;

typedef struct tcpflow__labels {
  const tcpflow__label_row *row;
  unsigned count;
} tcpflow__labels;

extern const tcpflow__labels tcpflow__ether_types;
extern const tcpflow__labels tcpflow__ip_protocols;
extern const tcpflow__labels tcpflow__ppp_protocols;
extern const tcpflow__labels tcpflow__llc_points;

/* The name of a number; OTHER if it has none. */
const char *tcpflow__label(const tcpflow__labels *labels, uint32_t number,
                           const char *other);

#endif /* TCPFLOW__TEXT_LABELS_H */
