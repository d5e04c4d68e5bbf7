/*
 * lib/options/classic.c - the fields of the older kinds of options.
 *
 * Room: options.  Includes: wire.  Reserved bits are fields like any other, or
 * an option that has them could not be put together again.
 */
#include "options/bodies.h"

/* A field of one, two or four octets and nothing else. */
static int take_number(tcpflow_option_value *value, tcpflow__cursor *from,
                       uint32_t size) {
  if (tcpflow__cursor_left(from) != size) {
    return 0;
  }
  value->as.number = size == 1   ? tcpflow__take8(from)
                     : size == 2 ? tcpflow__take16(from)
                                 : tcpflow__take32(from);
  return 1;
}

void tcpflow__sack_take(tcpflow_sack_value *sack, tcpflow__cursor *from) {
  while (sack->count < TCPFLOW_SACK_BLOCKS_MAX &&
         tcpflow__cursor_left(from) >= 8) {
    sack->block[sack->count].left = tcpflow__take32(from);
    sack->block[sack->count].right = tcpflow__take32(from);
    sack->count++;
  }
}

static int take_sack(tcpflow_option_value *value, tcpflow__cursor *from) {
  tcpflow__sack_take(&value->as.sack, from);
  return tcpflow__cursor_left(from) == 0;
}

static void give_sack(tcpflow__fields *to, const tcpflow_sack_value *sack) {
  tcpflow__give_check(to, sack->count <= TCPFLOW_SACK_BLOCKS_MAX);
  for (uint32_t i = 0; i < sack->count && i < TCPFLOW_SACK_BLOCKS_MAX; i++) {
    tcpflow__give32(to, sack->block[i].left);
    tcpflow__give32(to, sack->block[i].right);
  }
}

static int take_timestamps(tcpflow_option_value *value, tcpflow__cursor *from) {
  if (tcpflow__cursor_left(from) != 8) {
    return 0;
  }
  value->as.timestamps.val = tcpflow__take32(from);
  value->as.timestamps.ecr = tcpflow__take32(from);
  return 1;
}

/* RFC 1693 section 3.2: start, end, six bits of filler. */
static int take_partial_order(tcpflow_option_value *value,
                              tcpflow__cursor *from) {
  if (tcpflow__cursor_left(from) != 1) {
    return 0;
  }
  const uint8_t octet = tcpflow__take8(from);

  value->as.partial_order.start = octet >> 7;
  value->as.partial_order.end = octet >> 6 & 1U;
  value->as.partial_order.filler = octet & 0x3fU;
  return 1;
}

static void give_partial_order(tcpflow__fields *to,
                               const tcpflow_partial_order_value *order) {
  tcpflow__give8(to, tcpflow__give_fit(to, order->start, 1) << 7 |
                       tcpflow__give_fit(to, order->end, 1) << 6 |
                       tcpflow__give_fit(to, order->filler, 0x3f));
}

static int take_md5(tcpflow_option_value *value, tcpflow__cursor *from) {
  tcpflow_md5_value *const md5 = &value->as.md5;

  if (tcpflow__cursor_left(from) != sizeof(md5->digest)) {
    return 0;
  }
  tcpflow__take_copy(from, md5->digest, sizeof(md5->digest));
  return 1;
}

static int take_scps(tcpflow_option_value *value, tcpflow__cursor *from) {
  if (tcpflow__cursor_left(from) != 2) {
    return 0;
  }
  value->as.scps.flags = tcpflow__take8(from);
  value->as.scps.connection = tcpflow__take8(from);
  return 1;
}

static int take_snack(tcpflow_option_value *value, tcpflow__cursor *from) {
  if (tcpflow__cursor_left(from) < 4) {
    return 0;
  }
  value->as.snack.offset = tcpflow__take16(from);
  value->as.snack.size = tcpflow__take16(from);
  value->as.snack.bits = tcpflow__take_rest(from);
  return 1;
}

static void give_snack(tcpflow__fields *to, const tcpflow_snack_value *snack) {
  tcpflow__give16(to, snack->offset);
  tcpflow__give16(to, snack->size);
  tcpflow__give_rest(to, &snack->bits);
}

/* RFC 4782 section 3.2, figure 4. */
static int take_quick_start(tcpflow_option_value *value,
                            tcpflow__cursor *from) {
  tcpflow_quick_start_value *const quick = &value->as.quick_start;

  if (tcpflow__cursor_left(from) != 6) {
    return 0;
  }
  const uint8_t octet = tcpflow__take8(from);

  quick->reserved = octet >> 4;
  quick->rate = octet & 0xfU;
  quick->ttl_difference = tcpflow__take8(from);
  quick->nonce = tcpflow__take32(from);
  quick->reserved_end = quick->nonce & 3U;
  quick->nonce >>= 2;
  return 1;
}

static void give_quick_start(tcpflow__fields *to,
                             const tcpflow_quick_start_value *quick) {
  tcpflow__give8(to, tcpflow__give_fit(to, quick->reserved, 0xf) << 4 |
                       tcpflow__give_fit(to, quick->rate, 0xf));
  tcpflow__give8(to, quick->ttl_difference);
  tcpflow__give32(to, tcpflow__give_fit(to, quick->nonce, UINT32_C(0x3fffffff))
                          << 2 |
                        tcpflow__give_fit(to, quick->reserved_end, 3));
}

/* RFC 5482 section 3: the granularity is the first bit. */
static int take_user_timeout(tcpflow_option_value *value,
                             tcpflow__cursor *from) {
  if (tcpflow__cursor_left(from) != 2) {
    return 0;
  }
  const uint16_t field = tcpflow__take16(from);

  value->as.user_timeout.minutes = (uint8_t)(field >> 15);
  value->as.user_timeout.timeout = field & 0x7fffU;
  return 1;
}

static void give_user_timeout(tcpflow__fields *to,
                              const tcpflow_user_timeout_value *timeout) {
  tcpflow__give16(to,
                  (uint16_t)(tcpflow__give_fit(to, timeout->minutes, 1) << 15 |
                             tcpflow__give_fit(to, timeout->timeout, 0x7fff)));
}

static int take_ao(tcpflow_option_value *value, tcpflow__cursor *from) {
  if (tcpflow__cursor_left(from) < 2) {
    return 0;
  }
  value->as.ao.key_id = tcpflow__take8(from);
  value->as.ao.next_key_id = tcpflow__take8(from);
  value->as.ao.mac = tcpflow__take_rest(from);
  return 1;
}

static void give_ao(tcpflow__fields *to, const tcpflow_ao_value *ao) {
  tcpflow__give8(to, ao->key_id);
  tcpflow__give8(to, ao->next_key_id);
  tcpflow__give_rest(to, &ao->mac);
}

int tcpflow__classic_take(tcpflow_option_value *value, tcpflow__cursor *from) {
  switch (value->type) {
  case TCPFLOW_VALUE_EMPTY:
    return tcpflow__cursor_left(from) == 0;
  case TCPFLOW_VALUE_WSCALE:
  case TCPFLOW_VALUE_ALT_CHECKSUM:
    return take_number(value, from, 1);
  case TCPFLOW_VALUE_MSS:
    return take_number(value, from, 2);
  case TCPFLOW_VALUE_ECHO:
  case TCPFLOW_VALUE_CONNECTION_COUNT:
    return take_number(value, from, 4);
  case TCPFLOW_VALUE_SACK:
    return take_sack(value, from);
  case TCPFLOW_VALUE_TIMESTAMPS:
    return take_timestamps(value, from);
  case TCPFLOW_VALUE_PARTIAL_ORDER:
    return take_partial_order(value, from);
  case TCPFLOW_VALUE_MD5:
    return take_md5(value, from);
  case TCPFLOW_VALUE_SCPS:
    return take_scps(value, from);
  case TCPFLOW_VALUE_SNACK:
    return take_snack(value, from);
  case TCPFLOW_VALUE_QUICK_START:
    return take_quick_start(value, from);
  case TCPFLOW_VALUE_USER_TIMEOUT:
    return take_user_timeout(value, from);
  case TCPFLOW_VALUE_AO:
    return take_ao(value, from);
  default: /* RAW, SCPS_EXTENDED. */
    value->as.octets = tcpflow__take_rest(from);
    return 1;
  }
}

void tcpflow__classic_give(tcpflow__fields *to,
                           const tcpflow_option_value *value) {
  switch (value->type) {
  case TCPFLOW_VALUE_EMPTY:
    break;
  case TCPFLOW_VALUE_WSCALE:
  case TCPFLOW_VALUE_ALT_CHECKSUM:
    tcpflow__give8(to, tcpflow__give_fit(to, value->as.number, 0xff));
    break;
  case TCPFLOW_VALUE_MSS:
    tcpflow__give16(to,
                    (uint16_t)tcpflow__give_fit(to, value->as.number, 0xffff));
    break;
  case TCPFLOW_VALUE_ECHO:
  case TCPFLOW_VALUE_CONNECTION_COUNT:
    tcpflow__give32(to, value->as.number);
    break;
  case TCPFLOW_VALUE_SACK:
    give_sack(to, &value->as.sack);
    break;
  case TCPFLOW_VALUE_TIMESTAMPS:
    tcpflow__give32(to, value->as.timestamps.val);
    tcpflow__give32(to, value->as.timestamps.ecr);
    break;
  case TCPFLOW_VALUE_PARTIAL_ORDER:
    give_partial_order(to, &value->as.partial_order);
    break;
  case TCPFLOW_VALUE_MD5:
    tcpflow__give_bytes(to, value->as.md5.digest, 16);
    break;
  case TCPFLOW_VALUE_SCPS:
    tcpflow__give8(to, value->as.scps.flags);
    tcpflow__give8(to, value->as.scps.connection);
    break;
  case TCPFLOW_VALUE_SNACK:
    give_snack(to, &value->as.snack);
    break;
  case TCPFLOW_VALUE_QUICK_START:
    give_quick_start(to, &value->as.quick_start);
    break;
  case TCPFLOW_VALUE_USER_TIMEOUT:
    give_user_timeout(to, &value->as.user_timeout);
    break;
  case TCPFLOW_VALUE_AO:
    give_ao(to, &value->as.ao);
    break;
  default:
    tcpflow__give_rest(to, &value->as.octets);
    break;
  }
}
