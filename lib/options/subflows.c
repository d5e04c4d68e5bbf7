/*
 * lib/options/subflows.c - what is wrong with a Multipath TCP option.
 *
 * Room: options.  Includes: wire.  Each form of an option has its place in the
 * connection: RFC 8684 section 3.1 (MP_CAPABLE), 3.2 (MP_JOIN), 3.6
 * (MP_TCPRST); everything else travels in segments without SYN.
 */
#include "options/bodies.h"
#include "options/kinds.h"
#include "options/multipath.h"

/* MP_CAPABLE without keys or with one opens; with two it ends the handshake. */
static unsigned capable_place(const tcpflow_mp_capable_value *v) {
  return v->key_count == 2 ? TCPFLOW__PLACE_NOT_SYN : TCPFLOW__PLACE_SYN;
}

static unsigned join_place(const tcpflow_mp_join_value *v) {
  switch (v->step) {
  case TCPFLOW_MP_JOIN_SYN:
    return TCPFLOW__PLACE_FIRST;
  case TCPFLOW_MP_JOIN_SYN_ACK:
    return TCPFLOW__PLACE_SECOND;
  default:
    return TCPFLOW__PLACE_NOT_SYN;
  }
}

static unsigned place_of(const tcpflow_option_value *value) {
  switch (value->type) {
  case TCPFLOW_VALUE_MP_CAPABLE:
    return capable_place(&value->as.mp_capable);
  case TCPFLOW_VALUE_MP_JOIN:
    return join_place(&value->as.mp_join);
  case TCPFLOW_VALUE_MP_OTHER:
    return TCPFLOW__PLACE_ANY;
  default:
    return TCPFLOW__PLACE_NOT_SYN;
  }
}

/* RFC 6824 section 3.4.1: version 0 says which IP in the last four bits. */
static int contradicts(const tcpflow_mp_add_address_value *v) {
  return (v->bits == 4 || v->bits == 6) && v->bits != v->version;
}

static int is_bad_value(const tcpflow_option_value *value) {
  switch (value->type) {
  case TCPFLOW_VALUE_MP_CAPABLE:
    return value->as.mp_capable.version > 1;
  case TCPFLOW_VALUE_MP_ADD_ADDRESS:
    return contradicts(&value->as.mp_add_address);
  default:
    return 0;
  }
}

unsigned tcpflow__multipath_judge(const tcpflow_option *option,
                                  unsigned tcp_flags) {
  tcpflow__cursor from = {option->data, 0, option->data_length};
  tcpflow_option_value value;
  unsigned flags = 0;

  memset(&value, 0, sizeof(value));
  value.type = (uint16_t)tcpflow__multipath_type(&from);
  if (!tcpflow__multipath_take(&value, &from)) {
    return TCPFLOW_OPTION_FLAG_BAD_LENGTH;
  }
  if ((place_of(&value) & tcpflow__place_of_segment(tcp_flags)) == 0 ||
      (value.type == TCPFLOW_VALUE_MP_RESET &&
       (tcp_flags & TCPFLOW_FLAG_RST) == 0)) {
    flags |= TCPFLOW_OPTION_FLAG_WRONG_SEGMENT;
  }
  if (is_bad_value(&value)) {
    flags |= TCPFLOW_OPTION_FLAG_BAD_VALUE;
  }
  return flags;
}
