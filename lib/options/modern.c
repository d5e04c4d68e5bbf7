/*
 * lib/options/modern.c - the fields of younger kinds, experiments, squatters.
 *
 * Room: options.  Includes: wire.  Some have a kind of their own and are also
 * an experiment: Fast Open (RFC 7413), AccECN (RFC 9768), ENO (RFC 8547).  What
 * follows is the same.
 */
#include "options/bodies.h"

/* RFC 7413 section 4.1.1: 4 to 16 octets, an even number; none is a request. */
static int take_cookie(tcpflow_option_value *value, tcpflow__cursor *from) {
  const uint32_t size = tcpflow__cursor_left(from);

  if (size != 0 && (size < 4 || size > 16 || size % 2 != 0)) {
    return 0;
  }
  value->as.octets = tcpflow__take_rest(from);
  return 1;
}

static int accecn_order(const tcpflow_option_value *value) {
  return value->kind == TCPFLOW_OPTION_ACCECN_1 ||
         (value->exid_length != 0 && value->exid == TCPFLOW_EXID_ACCECN_1);
}

/* RFC 9768 section 3.2.3: the shorter forms leave out counters at the end. */
static int take_accecn(tcpflow_option_value *value, tcpflow__cursor *from) {
  tcpflow_accecn_value *const v = &value->as.accecn;
  const uint32_t size = tcpflow__cursor_left(from);

  if (size > 9 || size % 3 != 0) {
    return 0;
  }
  v->order = (uint8_t)accecn_order(value);
  v->count = (uint8_t)(size / 3);
  *(v->order == 0 ? &v->ee0b : &v->ee1b) = tcpflow__take24(from);
  v->eceb = tcpflow__take24(from);
  *(v->order == 0 ? &v->ee1b : &v->ee0b) = tcpflow__take24(from);
  return 1;
}

/* Kind or experiment tell the order; the value's own says nothing to a
   reader. */
static void give_accecn(tcpflow__fields *to,
                        const tcpflow_option_value *value) {
  const tcpflow_accecn_value *const v = &value->as.accecn;
  const int order = accecn_order(value);

  tcpflow__give_check(to, v->count <= 3);
  if (v->count > 0) {
    tcpflow__give24(to, order == 0 ? v->ee0b : v->ee1b);
  }
  if (v->count > 1) {
    tcpflow__give24(to, v->eceb);
  }
  if (v->count > 2) {
    tcpflow__give24(to, order == 0 ? v->ee1b : v->ee0b);
  }
}

static int take_extended_offset(tcpflow_extended_offset_value *v,
                                tcpflow__cursor *from) {
  const uint32_t size = tcpflow__cursor_left(from);

  if (size != 0 && size != 2 && size != 4) {
    return 0;
  }
  v->count = (uint8_t)(size / 2);
  v->header_length = tcpflow__take16(from);
  v->segment_length = tcpflow__take16(from);
  return 1;
}

static void give_extended_offset(tcpflow__fields *to,
                                 const tcpflow_extended_offset_value *v) {
  tcpflow__give_check(to, v->count <= 2);
  if (v->count > 0) {
    tcpflow__give16(to, v->header_length);
  }
  if (v->count > 1) {
    tcpflow__give16(to, v->segment_length);
  }
}

static int take_ack_rate(tcpflow_ack_rate_value *v, tcpflow__cursor *from) {
  if (tcpflow__cursor_left(from) > 1) {
    return 0;
  }
  v->has_rate = tcpflow__cursor_left(from) == 1;
  v->rate = tcpflow__take8(from);
  v->reserved = v->rate & 1U;
  v->rate >>= 1;
  return 1;
}

static void give_ack_rate(tcpflow__fields *to,
                          const tcpflow_ack_rate_value *v) {
  if (v->has_rate) {
    tcpflow__give8(to, tcpflow__give_fit(to, v->rate, 0x7f) << 1 |
                         tcpflow__give_fit(to, v->reserved, 1));
  }
}

static int take_probe(tcpflow_riverbed_probe_value *v, tcpflow__cursor *from) {
  if (tcpflow__cursor_left(from) < 1) {
    return 0;
  }
  const uint8_t octet = tcpflow__take8(from);

  v->version = (octet & 1U) != 0 ? 1 : 2;
  v->version_bits = v->version == 1 ? octet & 0xfU : 0;
  v->type = v->version == 1 ? octet >> 4 : octet >> 1;
  v->octets = tcpflow__take_rest(from);
  return 1;
}

static void give_probe(tcpflow__fields *to,
                       const tcpflow_riverbed_probe_value *v) {
  tcpflow__give_check(to, v->version == 1 || v->version == 2);
  if (v->version == 1) {
    tcpflow__give8(to, tcpflow__give_fit(to, v->type, 0xf) << 4 |
                         tcpflow__give_fit(to, v->version_bits, 0xf));
  } else {
    tcpflow__give8(to, tcpflow__give_fit(to, v->type, 0x7f) << 1);
  }
  tcpflow__give_rest(to, &v->octets);
}

static int take_transparency(tcpflow_riverbed_transparency_value *v,
                             tcpflow__cursor *from) {
  const uint32_t size = tcpflow__cursor_left(from);

  if (size != 14 && size != 16) {
    return 0;
  }
  v->flags = tcpflow__take16(from);
  tcpflow__take_copy(from, v->source, sizeof(v->source));
  tcpflow__take_copy(from, v->destination, sizeof(v->destination));
  v->source_port = tcpflow__take16(from);
  v->destination_port = tcpflow__take16(from);
  v->has_client_port = size == 16;
  v->client_port = tcpflow__take16(from);
  return 1;
}

static void give_transparency(tcpflow__fields *to,
                              const tcpflow_riverbed_transparency_value *v) {
  tcpflow__give16(to, v->flags);
  tcpflow__give_bytes(to, v->source, sizeof(v->source));
  tcpflow__give_bytes(to, v->destination, sizeof(v->destination));
  tcpflow__give16(to, v->source_port);
  tcpflow__give16(to, v->destination_port);
  if (v->has_client_port) {
    tcpflow__give16(to, v->client_port);
  }
}

int tcpflow__modern_take(tcpflow_option_value *value, tcpflow__cursor *from) {
  switch (value->type) {
  case TCPFLOW_VALUE_FAST_OPEN:
    return take_cookie(value, from);
  case TCPFLOW_VALUE_ACCECN:
    return take_accecn(value, from);
  case TCPFLOW_VALUE_EXTENDED_OFFSET:
    return take_extended_offset(&value->as.extended_offset, from);
  case TCPFLOW_VALUE_ACK_RATE:
    return take_ack_rate(&value->as.ack_rate, from);
  case TCPFLOW_VALUE_RIVERBED_PROBE:
    return take_probe(&value->as.riverbed_probe, from);
  case TCPFLOW_VALUE_RIVERBED_TRANSPARENCY:
    return take_transparency(&value->as.riverbed_transparency, from);
  default: /* ENO. */
    value->as.octets = tcpflow__take_rest(from);
    return 1;
  }
}

void tcpflow__modern_give(tcpflow__fields *to,
                          const tcpflow_option_value *value) {
  switch (value->type) {
  case TCPFLOW_VALUE_ACCECN:
    give_accecn(to, value);
    break;
  case TCPFLOW_VALUE_EXTENDED_OFFSET:
    give_extended_offset(to, &value->as.extended_offset);
    break;
  case TCPFLOW_VALUE_ACK_RATE:
    give_ack_rate(to, &value->as.ack_rate);
    break;
  case TCPFLOW_VALUE_RIVERBED_PROBE:
    give_probe(to, &value->as.riverbed_probe);
    break;
  case TCPFLOW_VALUE_RIVERBED_TRANSPARENCY:
    give_transparency(to, &value->as.riverbed_transparency);
    break;
  default: /* FAST_OPEN, ENO. */
    tcpflow__give_rest(to, &value->as.octets);
    break;
  }
}
