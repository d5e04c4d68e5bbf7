/*
 * lib/options/value.c - one option's value, out of its octets and into them.
 *
 * Room: options.  Includes: wire.  The kind, or what stands in front of the
 * rest (an experiment's identifier, a subtype), tells the type of the value,
 * and the type tells the fields.  A walk has said what is wrong with the
 * option.
 */
#include <tcpflow/option_values.h>

#include "options/bodies.h"

/* Of such an option there is no value to take. */
enum {
  NO_VALUE = TCPFLOW_OPTION_FLAG_NO_LENGTH |
             TCPFLOW_OPTION_FLAG_LENGTH_BELOW_2 | TCPFLOW_OPTION_FLAG_OVERRUN |
             TCPFLOW_OPTION_FLAG_CUT | TCPFLOW_OPTION_FLAG_BAD_LENGTH
};

/* The others are RAW, which is 0. */
static const uint8_t type_of_kind[256] = {
  [TCPFLOW_OPTION_EOL] = TCPFLOW_VALUE_EOL,
  [TCPFLOW_OPTION_NOP] = TCPFLOW_VALUE_EMPTY,
  [TCPFLOW_OPTION_MSS] = TCPFLOW_VALUE_MSS,
  [TCPFLOW_OPTION_WSCALE] = TCPFLOW_VALUE_WSCALE,
  [TCPFLOW_OPTION_SACK_PERMITTED] = TCPFLOW_VALUE_EMPTY,
  [TCPFLOW_OPTION_SACK] = TCPFLOW_VALUE_SACK,
  [TCPFLOW_OPTION_ECHO] = TCPFLOW_VALUE_ECHO,
  [TCPFLOW_OPTION_ECHO_REPLY] = TCPFLOW_VALUE_ECHO,
  [TCPFLOW_OPTION_TIMESTAMPS] = TCPFLOW_VALUE_TIMESTAMPS,
  [TCPFLOW_OPTION_POC_PERMITTED] = TCPFLOW_VALUE_EMPTY,
  [TCPFLOW_OPTION_POC_PROFILE] = TCPFLOW_VALUE_PARTIAL_ORDER,
  [TCPFLOW_OPTION_CC] = TCPFLOW_VALUE_CONNECTION_COUNT,
  [TCPFLOW_OPTION_CC_NEW] = TCPFLOW_VALUE_CONNECTION_COUNT,
  [TCPFLOW_OPTION_CC_ECHO] = TCPFLOW_VALUE_CONNECTION_COUNT,
  [TCPFLOW_OPTION_ALT_CHECKSUM_REQUEST] = TCPFLOW_VALUE_ALT_CHECKSUM,
  [TCPFLOW_OPTION_MD5] = TCPFLOW_VALUE_MD5,
  [TCPFLOW_OPTION_SCPS] = TCPFLOW_VALUE_SCPS,
  [TCPFLOW_OPTION_SNACK] = TCPFLOW_VALUE_SNACK,
  [TCPFLOW_OPTION_RECORD_BOUNDARY] = TCPFLOW_VALUE_EMPTY,
  [TCPFLOW_OPTION_CORRUPTION] = TCPFLOW_VALUE_EMPTY,
  [TCPFLOW_OPTION_QUICK_START] = TCPFLOW_VALUE_QUICK_START,
  [TCPFLOW_OPTION_USER_TIMEOUT] = TCPFLOW_VALUE_USER_TIMEOUT,
  [TCPFLOW_OPTION_AO] = TCPFLOW_VALUE_AO,
  [TCPFLOW_OPTION_FAST_OPEN] = TCPFLOW_VALUE_FAST_OPEN,
  [TCPFLOW_OPTION_ENO] = TCPFLOW_VALUE_ENO,
  [TCPFLOW_OPTION_RIVERBED_PROBE] = TCPFLOW_VALUE_RIVERBED_PROBE,
  [TCPFLOW_OPTION_RIVERBED_TRANSPARENCY] = TCPFLOW_VALUE_RIVERBED_TRANSPARENCY,
  [TCPFLOW_OPTION_ACCECN_0] = TCPFLOW_VALUE_ACCECN,
  [TCPFLOW_OPTION_ACCECN_1] = TCPFLOW_VALUE_ACCECN,
};

/* The type of what follows; of an experiment, the identifier is taken. */
static tcpflow_value_type take_type(tcpflow_option_value *value,
                                    tcpflow__cursor *from) {
  switch (value->kind) {
  case TCPFLOW_OPTION_MPTCP:
    return tcpflow__multipath_type(from);
  case TCPFLOW_OPTION_EXPERIMENT_1:
  case TCPFLOW_OPTION_EXPERIMENT_2:
    return tcpflow__experiment_take(value, from);
  case TCPFLOW_OPTION_SCPS:
    /* CCSDS 714.0-B, 3.2.5: the other option of the same kind is longer. */
    return tcpflow__cursor_left(from) == 2 ? TCPFLOW_VALUE_SCPS
                                           : TCPFLOW_VALUE_SCPS_EXTENDED;
  default:
    return (tcpflow_value_type)type_of_kind[value->kind];
  }
}

static int take_body(tcpflow_option_value *value, tcpflow__cursor *from) {
  if (value->type < TCPFLOW_VALUE_MP_CAPABLE) {
    return tcpflow__classic_take(value, from);
  }
  if (value->type <= TCPFLOW_VALUE_MP_OTHER) {
    return tcpflow__multipath_take(value, from);
  }
  return tcpflow__modern_take(value, from);
}

/* An end of list is one wherever the capture ends. */
static void take_raw(tcpflow_option_value *value, tcpflow__cursor *from) {
  memset(&value->as, 0, sizeof(value->as));
  value->type =
    value->kind == TCPFLOW_OPTION_EOL ? TCPFLOW_VALUE_EOL : TCPFLOW_VALUE_RAW;
  value->as.octets = tcpflow__take_rest(from);
}

/* Each block of a SACK is a value of its own. */
static int is_cut_sack(const tcpflow_option *option) {
  return option->kind == TCPFLOW_OPTION_SACK &&
         (option->flags & NO_VALUE) == TCPFLOW_OPTION_FLAG_CUT;
}

int tcpflow_option_value_get(tcpflow_option_value *value,
                             const tcpflow_option *option) {
  tcpflow__cursor from = {option->data, 0, option->data_length};

  memset(value, 0, sizeof(*value));
  value->kind = option->kind;
  value->flags = option->flags;
  if (is_cut_sack(option)) {
    value->type = TCPFLOW_VALUE_SACK;
    tcpflow__sack_take(&value->as.sack, &from);
    return 0;
  }
  if ((option->flags & NO_VALUE) != 0) {
    take_raw(value, &from);
    return 0;
  }
  value->type = (uint16_t)take_type(value, &from);
  tcpflow__cursor body = from;

  if (take_body(value, &body)) {
    return 1;
  }
  take_raw(value, &from);
  value->flags |= TCPFLOW_OPTION_FLAG_BAD_LENGTH;
  return 0;
}

_Static_assert(sizeof(((tcpflow_option_value *)NULL)->as) ==
                 sizeof(((tcpflow_option_value *)NULL)->as.reserved),
               "what is cleared is all of it");

static int is_experiment(uint8_t kind) {
  return kind == TCPFLOW_OPTION_EXPERIMENT_1 ||
         kind == TCPFLOW_OPTION_EXPERIMENT_2;
}

/* Whether an option of its kind can be read as a value of its type.  Any kind
   can have octets. */
static int is_type_of_kind(const tcpflow_option_value *value) {
  if (!is_experiment(value->kind) && value->exid_length != 0) {
    return 0;
  }
  if (value->type == TCPFLOW_VALUE_RAW) {
    return 1;
  }
  if (is_experiment(value->kind)) {
    return tcpflow__experiment_is_type(value);
  }
  if (value->kind == TCPFLOW_OPTION_MPTCP) {
    return tcpflow__multipath_is_type(value);
  }
  return value->type == type_of_kind[value->kind] ||
         (value->kind == TCPFLOW_OPTION_SCPS &&
          value->type == TCPFLOW_VALUE_SCPS_EXTENDED);
}

static void give_exid(tcpflow__fields *to, const tcpflow_option_value *value) {
  switch (value->exid_length) {
  case 0:
    break;
  case 2:
    tcpflow__give16(to, (uint16_t)tcpflow__give_fit(to, value->exid, 0xffff));
    break;
  case 4:
    tcpflow__give32(to, value->exid);
    break;
  default:
    to->error = TCPFLOW_ERR_INVALID;
    break;
  }
}

static void give_body(tcpflow__fields *to, const tcpflow_option_value *value) {
  if (value->type < TCPFLOW_VALUE_MP_CAPABLE) {
    tcpflow__classic_give(to, value);
  } else if (value->type <= TCPFLOW_VALUE_MP_OTHER) {
    tcpflow__multipath_give(to, value);
  } else {
    tcpflow__modern_give(to, value);
  }
}

/* The padding behind it has no length octet. */
static int append_end(tcpflow_options_builder *builder,
                      const tcpflow_octets *padding) {
  const tcpflow_option end = {.kind = TCPFLOW_OPTION_EOL,
                              .length = 1,
                              .data_length = (uint8_t)padding->length,
                              .data = padding->bytes};

  if (padding->length > TCPFLOW_OPTIONS_MAX) {
    return TCPFLOW_ERR_LIMIT;
  }
  return tcpflow_options_builder_copy(builder, &end);
}

int tcpflow_options_builder_value(tcpflow_options_builder *builder,
                                  const tcpflow_option_value *value) {
  tcpflow__fields to = {.error = TCPFLOW_OK};

  if (!is_type_of_kind(value)) {
    return TCPFLOW_ERR_INVALID;
  }
  if (value->type == TCPFLOW_VALUE_EOL) {
    return append_end(builder, &value->as.octets);
  }
  give_exid(&to, value);
  give_body(&to, value);
  if (to.error != TCPFLOW_OK) {
    return to.error;
  }
  return tcpflow_options_builder_raw(builder, value->kind, to.bytes, to.length);
}
