/*
 * lib/options/multipath.c - the fields of Multipath TCP options.
 *
 * Room: options.  Includes: wire.  RFC 8684 section 3 and, for version 0, RFC
 * 6824 section 3.  The subtype is the first half of the first octet; what an
 * option has beyond its fixed fields is told by its length alone.
 */
#include "options/bodies.h"

enum {
  CAPABLE = 0,
  JOIN = 1,
  DSS = 2,
  ADD_ADDRESS = 3,
  REMOVE_ADDRESS = 4,
  PRIORITY = 5,
  FAIL = 6,
  FAST_CLOSE = 7,
  RESET = 8
};

static const uint8_t type_of_subtype[] = {
  [CAPABLE] = TCPFLOW_VALUE_MP_CAPABLE,
  [JOIN] = TCPFLOW_VALUE_MP_JOIN,
  [DSS] = TCPFLOW_VALUE_MP_DSS,
  [ADD_ADDRESS] = TCPFLOW_VALUE_MP_ADD_ADDRESS,
  [REMOVE_ADDRESS] = TCPFLOW_VALUE_MP_REMOVE_ADDRESS,
  [PRIORITY] = TCPFLOW_VALUE_MP_PRIORITY,
  [FAIL] = TCPFLOW_VALUE_MP_FAIL,
  [FAST_CLOSE] = TCPFLOW_VALUE_MP_FAST_CLOSE,
  [RESET] = TCPFLOW_VALUE_MP_RESET,
};

tcpflow_value_type tcpflow__multipath_type(const tcpflow__cursor *from) {
  const uint8_t *const first = tcpflow__cursor_peek(from, 1);

  if (first == NULL || first[0] >> 4 >= sizeof(type_of_subtype)) {
    return TCPFLOW_VALUE_MP_OTHER;
  }
  return (tcpflow_value_type)type_of_subtype[first[0] >> 4];
}

int tcpflow__multipath_is_type(const tcpflow_option_value *value) {
  if (value->type == TCPFLOW_VALUE_MP_OTHER) {
    return value->as.mp_other.subtype >= sizeof(type_of_subtype);
  }
  return value->type >= TCPFLOW_VALUE_MP_CAPABLE &&
         value->type < TCPFLOW_VALUE_MP_OTHER;
}

static void give_first(tcpflow__fields *to, unsigned subtype, unsigned bits) {
  tcpflow__give8(to, tcpflow__give_fit(to, subtype, 0xf) << 4 |
                       tcpflow__give_fit(to, bits, 0xf));
}

/* 4, 12, 20, 22 or 24 octets in all. */
static int take_capable(tcpflow_mp_capable_value *v, tcpflow__cursor *from) {
  const uint32_t size = tcpflow__cursor_left(from);

  if (size != 2 && size != 10 && size != 18 && size != 20 && size != 22) {
    return 0;
  }
  v->version = tcpflow__take8(from) & 0xfU;
  v->flags = tcpflow__take8(from);
  v->key_count = size >= 18 ? 2 : size == 10;
  v->has_data_length = size >= 20;
  v->has_checksum = size >= 22;
  v->key[0] = tcpflow__take64(from);
  v->key[1] = tcpflow__take64(from);
  v->data_length = tcpflow__take16(from);
  v->checksum = tcpflow__take16(from);
  return 1;
}

static void give_capable(tcpflow__fields *to,
                         const tcpflow_mp_capable_value *v) {
  tcpflow__give_check(to, v->key_count <= 2 &&
                            (!v->has_data_length || v->key_count == 2) &&
                            (!v->has_checksum || v->has_data_length));
  give_first(to, CAPABLE, v->version);
  tcpflow__give8(to, v->flags);
  for (unsigned i = 0; i < 2 && i < v->key_count; i++) {
    tcpflow__give64(to, v->key[i]);
  }
  if (v->has_data_length) {
    tcpflow__give16(to, v->data_length);
  }
  if (v->has_checksum) {
    tcpflow__give16(to, v->checksum);
  }
}

/* 12, 16 or 24 octets in all. */
static int take_join(tcpflow_mp_join_value *v, tcpflow__cursor *from) {
  const uint32_t size = tcpflow__cursor_left(from);

  if (size != 10 && size != 14 && size != 22) {
    return 0;
  }
  const uint8_t bits = tcpflow__take8(from);

  v->reserved = bits >> 1 & 7U;
  v->backup = bits & 1U;
  v->address_id = tcpflow__take8(from);
  if (size == 22) {
    v->step = TCPFLOW_MP_JOIN_ACK;
    tcpflow__take_copy(from, v->hmac, sizeof(v->hmac));
    return 1;
  }
  v->step = size == 10 ? TCPFLOW_MP_JOIN_SYN : TCPFLOW_MP_JOIN_SYN_ACK;
  if (size == 10) {
    v->token = tcpflow__take32(from);
  } else {
    tcpflow__take_copy(from, v->hmac, 8);
  }
  v->nonce = tcpflow__take32(from);
  return 1;
}

static void give_join(tcpflow__fields *to, const tcpflow_mp_join_value *v) {
  tcpflow__give_check(to, v->step >= TCPFLOW_MP_JOIN_SYN &&
                            v->step <= TCPFLOW_MP_JOIN_ACK);
  give_first(to, JOIN,
             tcpflow__give_fit(to, v->reserved, 7) << 1 |
               tcpflow__give_fit(to, v->backup, 1));
  tcpflow__give8(to, v->address_id);
  if (v->step == TCPFLOW_MP_JOIN_ACK) {
    tcpflow__give_bytes(to, v->hmac, sizeof(v->hmac));
    return;
  }
  if (v->step == TCPFLOW_MP_JOIN_SYN) {
    tcpflow__give32(to, v->token);
  } else {
    tcpflow__give_bytes(to, v->hmac, 8);
  }
  tcpflow__give32(to, v->nonce);
}

/* Octets that the acknowledgment and the mapping take, by the flags. */
static uint32_t dss_ack_size(unsigned flags) {
  if ((flags & TCPFLOW_MP_DSS_ACK) == 0) {
    return 0;
  }
  return (flags & TCPFLOW_MP_DSS_ACK_8) != 0 ? 8 : 4;
}

static uint32_t dss_mapping_size(unsigned flags) {
  if ((flags & TCPFLOW_MP_DSS_SEQ) == 0) {
    return 0;
  }
  return (flags & TCPFLOW_MP_DSS_SEQ_8) != 0 ? 8 + 4 + 2 : 4 + 4 + 2;
}

/* A checksum is there if it was agreed on, which the length tells. */
static int dss_size_fits(unsigned flags, uint32_t size) {
  const uint32_t least = 2 + dss_ack_size(flags) + dss_mapping_size(flags);

  return size == least ||
         ((flags & TCPFLOW_MP_DSS_SEQ) != 0 && size == least + 2);
}

static uint64_t take_4_or_8(tcpflow__cursor *from, int long_form) {
  return long_form ? tcpflow__take64(from) : tcpflow__take32(from);
}

static void give_4_or_8(tcpflow__fields *to, uint64_t v, int long_form) {
  if (long_form) {
    tcpflow__give64(to, v);
  } else {
    tcpflow__give_check(to, v <= UINT32_MAX);
    tcpflow__give32(to, (uint32_t)(v & UINT32_MAX));
  }
}

static int take_dss(tcpflow_mp_dss_value *v, tcpflow__cursor *from) {
  const uint32_t size = tcpflow__cursor_left(from);

  v->reserved = tcpflow__take8(from) & 0xfU;
  v->flags = tcpflow__take8(from);
  if (!dss_size_fits(v->flags, size)) {
    return 0;
  }
  if ((v->flags & TCPFLOW_MP_DSS_ACK) != 0) {
    v->ack = take_4_or_8(from, (v->flags & TCPFLOW_MP_DSS_ACK_8) != 0);
  }
  if ((v->flags & TCPFLOW_MP_DSS_SEQ) != 0) {
    v->seq = take_4_or_8(from, (v->flags & TCPFLOW_MP_DSS_SEQ_8) != 0);
    v->subflow_seq = tcpflow__take32(from);
    v->length = tcpflow__take16(from);
    v->has_checksum = tcpflow__cursor_left(from) == 2;
    v->checksum = tcpflow__take16(from);
  }
  return 1;
}

static void give_dss(tcpflow__fields *to, const tcpflow_mp_dss_value *v) {
  give_first(to, DSS, v->reserved);
  tcpflow__give8(to, v->flags);
  tcpflow__give_check(to,
                      !v->has_checksum || (v->flags & TCPFLOW_MP_DSS_SEQ) != 0);
  if ((v->flags & TCPFLOW_MP_DSS_ACK) != 0) {
    give_4_or_8(to, v->ack, (v->flags & TCPFLOW_MP_DSS_ACK_8) != 0);
  }
  if ((v->flags & TCPFLOW_MP_DSS_SEQ) != 0) {
    give_4_or_8(to, v->seq, (v->flags & TCPFLOW_MP_DSS_SEQ_8) != 0);
    tcpflow__give32(to, v->subflow_seq);
    tcpflow__give16(to, v->length);
    if (v->has_checksum) {
      tcpflow__give16(to, v->checksum);
    }
  }
}

/* An address of 4 or 16 octets, then a port or none, then 8 octets of HMAC or
   none: no two of the eight have the same length. */
static int take_add_address(tcpflow_mp_add_address_value *v,
                            tcpflow__cursor *from) {
  v->bits = tcpflow__take8(from) & 0xfU;
  v->address_id = tcpflow__take8(from);
  v->version = tcpflow__cursor_left(from) >= 16 ? 6 : 4;
  const uint32_t address = v->version == 6 ? 16 : 4;
  const uint32_t size = tcpflow__cursor_left(from);

  if (size != address && size != address + 2 && size != address + 8 &&
      size != address + 10) {
    return 0;
  }
  tcpflow__take_copy(from, v->address, address);
  v->has_port = (size - address) % 8 == 2;
  v->has_hmac = size - address >= 8;
  v->port = v->has_port ? tcpflow__take16(from) : 0;
  v->hmac = tcpflow__take64(from);
  return 1;
}

static void give_add_address(tcpflow__fields *to,
                             const tcpflow_mp_add_address_value *v) {
  tcpflow__give_check(to, v->version == 4 || v->version == 6);
  give_first(to, ADD_ADDRESS, v->bits);
  tcpflow__give8(to, v->address_id);
  tcpflow__give_bytes(to, v->address, v->version == 6 ? 16 : 4);
  if (v->has_port) {
    tcpflow__give16(to, v->port);
  }
  if (v->has_hmac) {
    tcpflow__give64(to, v->hmac);
  }
}

static int take_priority(tcpflow_mp_priority_value *v, tcpflow__cursor *from) {
  const uint32_t size = tcpflow__cursor_left(from);

  if (size != 1 && size != 2) {
    return 0;
  }
  const uint8_t bits = tcpflow__take8(from);

  v->reserved = bits >> 1 & 7U;
  v->backup = bits & 1U;
  v->has_address_id = size == 2;
  v->address_id = tcpflow__take8(from);
  return 1;
}

static void give_priority(tcpflow__fields *to,
                          const tcpflow_mp_priority_value *v) {
  give_first(to, PRIORITY,
             tcpflow__give_fit(to, v->reserved, 7) << 1 |
               tcpflow__give_fit(to, v->backup, 1));
  if (v->has_address_id) {
    tcpflow__give8(to, v->address_id);
  }
}

static int take_number(tcpflow_mp_number_value *v, tcpflow__cursor *from) {
  if (tcpflow__cursor_left(from) != 10) {
    return 0;
  }
  v->reserved = tcpflow__take16(from) & 0xfffU;
  v->number = tcpflow__take64(from);
  return 1;
}

static void give_number(tcpflow__fields *to, unsigned subtype,
                        const tcpflow_mp_number_value *v) {
  give_first(to, subtype, v->reserved >> 8);
  tcpflow__give8(to, v->reserved);
  tcpflow__give64(to, v->number);
}

static int take_reset(tcpflow_mp_reset_value *v, tcpflow__cursor *from) {
  if (tcpflow__cursor_left(from) != 2) {
    return 0;
  }
  v->flags = tcpflow__take8(from) & 0xfU;
  v->reason = tcpflow__take8(from);
  return 1;
}

/* AT_LEAST octets follow the subtype. */
static int take_other(tcpflow_mp_other_value *v, tcpflow__cursor *from,
                      uint32_t at_least) {
  if (tcpflow__cursor_left(from) < 1 + at_least) {
    return 0;
  }
  const uint8_t octet = tcpflow__take8(from);

  v->subtype = octet >> 4;
  v->bits = octet & 0xfU;
  v->octets = tcpflow__take_rest(from);
  return 1;
}

int tcpflow__multipath_take(tcpflow_option_value *value,
                            tcpflow__cursor *from) {
  switch (value->type) {
  case TCPFLOW_VALUE_MP_CAPABLE:
    return take_capable(&value->as.mp_capable, from);
  case TCPFLOW_VALUE_MP_JOIN:
    return take_join(&value->as.mp_join, from);
  case TCPFLOW_VALUE_MP_DSS:
    return take_dss(&value->as.mp_dss, from);
  case TCPFLOW_VALUE_MP_ADD_ADDRESS:
    return take_add_address(&value->as.mp_add_address, from);
  case TCPFLOW_VALUE_MP_PRIORITY:
    return take_priority(&value->as.mp_priority, from);
  case TCPFLOW_VALUE_MP_FAIL:
  case TCPFLOW_VALUE_MP_FAST_CLOSE:
    return take_number(&value->as.mp_number, from);
  case TCPFLOW_VALUE_MP_RESET:
    return take_reset(&value->as.mp_reset, from);
  default:
    return take_other(&value->as.mp_other, from,
                      value->type == TCPFLOW_VALUE_MP_REMOVE_ADDRESS);
  }
}

void tcpflow__multipath_give(tcpflow__fields *to,
                             const tcpflow_option_value *value) {
  switch (value->type) {
  case TCPFLOW_VALUE_MP_CAPABLE:
    give_capable(to, &value->as.mp_capable);
    break;
  case TCPFLOW_VALUE_MP_JOIN:
    give_join(to, &value->as.mp_join);
    break;
  case TCPFLOW_VALUE_MP_DSS:
    give_dss(to, &value->as.mp_dss);
    break;
  case TCPFLOW_VALUE_MP_ADD_ADDRESS:
    give_add_address(to, &value->as.mp_add_address);
    break;
  case TCPFLOW_VALUE_MP_PRIORITY:
    give_priority(to, &value->as.mp_priority);
    break;
  case TCPFLOW_VALUE_MP_FAIL:
    give_number(to, FAIL, &value->as.mp_number);
    break;
  case TCPFLOW_VALUE_MP_FAST_CLOSE:
    give_number(to, FAST_CLOSE, &value->as.mp_number);
    break;
  case TCPFLOW_VALUE_MP_RESET:
    give_first(to, RESET, value->as.mp_reset.flags);
    tcpflow__give8(to, value->as.mp_reset.reason);
    break;
  default:
    give_first(to,
               value->type == TCPFLOW_VALUE_MP_REMOVE_ADDRESS
                 ? REMOVE_ADDRESS
                 : value->as.mp_other.subtype,
               value->as.mp_other.bits);
    tcpflow__give_rest(to, &value->as.mp_other.octets);
    break;
  }
}
