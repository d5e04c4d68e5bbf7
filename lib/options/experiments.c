/*
 * lib/options/experiments.c - whose experiment an option of kind 253 or 254 is.
 *
 * Room: options.  Includes: wire.  RFC 6994 section 3: an identifier has 16 or
 * 32 bits, and only who knows it knows how many.  The long ones come first,
 * since their first half might be one of the short ones.
 */
#include "options/bodies.h"

static int is_long(uint32_t exid) {
  return exid == TCPFLOW_EXID_SMC_R ||
         exid == (uint32_t)TCPFLOW_EXID_TS_INTERVAL;
}

static tcpflow_value_type type_of(uint32_t exid) {
  switch (exid) {
  case TCPFLOW_EXID_TARR:
    return TCPFLOW_VALUE_ACK_RATE;
  case TCPFLOW_EXID_EDO:
    return TCPFLOW_VALUE_EXTENDED_OFFSET;
  case TCPFLOW_EXID_ENO:
    return TCPFLOW_VALUE_ENO;
  case TCPFLOW_EXID_ACCECN_0:
  case TCPFLOW_EXID_ACCECN_1:
  case TCPFLOW_EXID_ACCECN:
    return TCPFLOW_VALUE_ACCECN;
  case TCPFLOW_EXID_FAST_OPEN:
    return TCPFLOW_VALUE_FAST_OPEN;
  case TCPFLOW_EXID_SMC_R:
    return TCPFLOW_VALUE_EMPTY;
  default:
    return TCPFLOW_VALUE_RAW;
  }
}

tcpflow_value_type tcpflow__experiment_take(tcpflow_option_value *value,
                                            tcpflow__cursor *from) {
  const uint8_t *const four = tcpflow__cursor_peek(from, 4);

  if (four != NULL && is_long(tcpflow__fetch32(four))) {
    value->exid = tcpflow__take32(from);
    value->exid_length = 4;
  } else {
    value->exid = tcpflow__take16(from);
    value->exid_length = 2;
  }
  return type_of(value->exid);
}

int tcpflow__experiment_is_type(const tcpflow_option_value *value) {
  return value->exid_length == (is_long(value->exid) ? 4 : 2) &&
         value->type == type_of(value->exid);
}
