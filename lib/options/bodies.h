/*
 * lib/options/bodies.h - what stands behind the kind, length and experiment of
 * an option: by type of value.
 *
 * Room: options.  Includes: wire.  A taker looks at how many octets there are
 * and takes them all, or answers 0 and has taken whatever it likes.  A giver
 * writes what its taker takes; there is one for each type, so that both are
 * inverse to each other.
 */
#ifndef TCPFLOW__OPTIONS_BODIES_H
#define TCPFLOW__OPTIONS_BODIES_H

#include <tcpflow/option_values.h>

#include "options/fields.h"

/* Kinds that the RFCs of last century define, and their like. */
int tcpflow__classic_take(tcpflow_option_value *value, tcpflow__cursor *from);
void tcpflow__classic_give(tcpflow__fields *to,
                           const tcpflow_option_value *value);

/* Whole SACK blocks, as many as there are; four at most. */
void tcpflow__sack_take(tcpflow_sack_value *sack, tcpflow__cursor *from);

/* Multipath TCP.  _is_type() says whether the value has the type that its
   subtype is read as. */
tcpflow_value_type tcpflow__multipath_type(const tcpflow__cursor *from);
int tcpflow__multipath_is_type(const tcpflow_option_value *value);
int tcpflow__multipath_take(tcpflow_option_value *value, tcpflow__cursor *from);
void tcpflow__multipath_give(tcpflow__fields *to,
                             const tcpflow_option_value *value);

/* Younger kinds, experiments and squatters. */
int tcpflow__modern_take(tcpflow_option_value *value, tcpflow__cursor *from);
void tcpflow__modern_give(tcpflow__fields *to,
                          const tcpflow_option_value *value);

/* Takes the identifier of an experiment, which sets exid and exid_length, and
   answers the type of what follows.  There are two octets at least. */
tcpflow_value_type tcpflow__experiment_take(tcpflow_option_value *value,
                                            tcpflow__cursor *from);

/* Whether a value has the type that its identifier is read as. */
int tcpflow__experiment_is_type(const tcpflow_option_value *value);

#endif /* TCPFLOW__OPTIONS_BODIES_H */
