/*
 * tests/oracle/option_cells.c - what stands in options, by tshark's names.
 */
#include "oracle/option_cells.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const char *before;

static void number(const char *name, uint64_t value) {
  printf("%s%s:%" PRIu64, before, name, value);
  before = "|";
}

static void octets(const char *name, const uint8_t *bytes, size_t length) {
  printf("%s%s:", before, name);
  for (size_t i = 0; i < length; i++) {
    printf("%02x", bytes[i]);
  }
  before = "|";
}

static void address(const char *name, unsigned version, const uint8_t *bytes) {
  char text[TCPFLOW_TEXT_ADDRESS_MAX];

  tcpflow_text_address(text, sizeof(text), version, bytes);
  printf("%s%s:%s", before, name, text);
  before = "|";
}

static void print_mp_capable(const tcpflow_mp_capable_value *value) {
  number("mptcp.version", value->version);
  number("mptcp.flags", value->flags);
  if (value->key_count > 0) {
    number("mptcp.sendkey", value->key[0]);
  }
  if (value->key_count > 1) {
    number("mptcp.recvkey", value->key[1]);
  }
  if (value->has_data_length) {
    number("mptcp.datalvllen", value->data_length);
  }
  if (value->has_checksum) {
    number("mptcp.checksum", value->checksum);
  }
}

/* tshark takes the subtype in. */
static void print_join_head(const tcpflow_mp_join_value *value) {
  number("mptcp.flags", 0x10U | (unsigned)value->reserved << 1 | value->backup);
  number("mptcp.backup.flag", value->backup);
  number("mptcp.addrid", value->address_id);
}

static void print_mp_join(const tcpflow_mp_join_value *value) {
  uint64_t hmac = 0;

  switch (value->step) {
  case TCPFLOW_MP_JOIN_SYN:
    print_join_head(value);
    number("mptcp.recvtok", value->token);
    number("mptcp.sendrand", value->nonce);
    break;
  case TCPFLOW_MP_JOIN_SYN_ACK:
    for (size_t i = 0; i < 8; i++) {
      hmac = hmac << 8 | value->hmac[i];
    }
    print_join_head(value);
    number("mptcp.sendtrunchmac", hmac);
    number("mptcp.sendrand", value->nonce);
    break;
  default:
    octets("mptcp.sendhmac", value->hmac, sizeof(value->hmac));
    break;
  }
}

static void print_mp_dss(const tcpflow_mp_dss_value *value) {
  number("mptcp.flags", value->flags);
  if ((value->flags & TCPFLOW_MP_DSS_ACK) != 0) {
    number("mptcp.rawdataack", value->ack);
  }
  if ((value->flags & TCPFLOW_MP_DSS_SEQ) != 0) {
    number("mptcp.rawdataseqno", value->seq);
    number("mptcp.subflowseqno", value->subflow_seq);
    number("mptcp.datalvllen", value->length);
  }
  if (value->has_checksum) {
    number("mptcp.checksum", value->checksum);
  }
}

static void print_mp_address(const tcpflow_mp_add_address_value *value) {
  number("mptcp.addrid", value->address_id);
  address(value->version == 4 ? "mptcp.ipv4" : "mptcp.ipv6", value->version,
          value->address);
  if (value->has_port) {
    number("mptcp.port", value->port);
  }
  if (value->has_hmac) {
    number("mptcp.addaddrtrunchmac", value->hmac);
  }
}

static void print_mp_other(const tcpflow_option_value *value) {
  const tcpflow_mp_other_value *const other = &value->as.mp_other;

  for (size_t i = 0; value->type == TCPFLOW_VALUE_MP_REMOVE_ADDRESS &&
                     i < other->octets.length;
       i++) {
    number("mptcp.addrid", other->octets.bytes[i]);
  }
}

static void print_multipath(const tcpflow_option_value *value) {
  switch (value->type) {
  case TCPFLOW_VALUE_MP_CAPABLE:
    print_mp_capable(&value->as.mp_capable);
    break;
  case TCPFLOW_VALUE_MP_JOIN:
    print_mp_join(&value->as.mp_join);
    break;
  case TCPFLOW_VALUE_MP_DSS:
    print_mp_dss(&value->as.mp_dss);
    break;
  case TCPFLOW_VALUE_MP_ADD_ADDRESS:
    print_mp_address(&value->as.mp_add_address);
    break;
  case TCPFLOW_VALUE_MP_PRIORITY:
    number("mptcp.flags", 0x50U |
                            (unsigned)value->as.mp_priority.reserved << 1 |
                            value->as.mp_priority.backup);
    number("mptcp.backup.flag", value->as.mp_priority.backup);
    if (value->as.mp_priority.has_address_id) {
      number("mptcp.addrid", value->as.mp_priority.address_id);
    }
    break;
  case TCPFLOW_VALUE_MP_FAIL:
    number("mptcp.rawdataseqno", value->as.mp_number.number);
    break;
  case TCPFLOW_VALUE_MP_FAST_CLOSE:
    number("mptcp.recvkey", value->as.mp_number.number);
    break;
  case TCPFLOW_VALUE_MP_RESET:
    number("mptcp.flags", 0x80U | value->as.mp_reset.flags);
    number("mptcp.rst_reason", value->as.mp_reset.reason);
    break;
  default:
    print_mp_other(value);
    break;
  }
}

static void print_accecn(const tcpflow_accecn_value *value) {
  const char *const names[] = {"acc_ecn.ee0b", "acc_ecn.eceb", "acc_ecn.ee1b"};
  const uint32_t numbers[] = {value->ee0b, value->eceb, value->ee1b};

  for (unsigned i = 0; i < value->count; i++) {
    const unsigned at = value->order == 0 ? i : 2 - i;
    number(names[at], numbers[at]);
  }
}

static void print_scps(const tcpflow_option_value *value) {
  switch (value->type) {
  case TCPFLOW_VALUE_SCPS:
    number("scps.vector", value->as.scps.flags);
    number("scps.binding", value->as.scps.connection);
    break;
  case TCPFLOW_VALUE_SNACK:
    number("snack.offset", value->as.snack.offset);
    number("snack.size", value->as.snack.size);
    break;
  default:
    break;
  }
}

static void print_transparency(const tcpflow_option_value *value) {
  const tcpflow_riverbed_transparency_value *const way =
    &value->as.riverbed_transparency;

  address("rvbd.trpy.src.ip", 4, way->source);
  address("rvbd.trpy.dst.ip", 4, way->destination);
  number("rvbd.trpy.src.port", way->source_port);
  number("rvbd.trpy.dst.port", way->destination_port);
}

static void print_value(const tcpflow_option_value *value) {
  switch (value->type) {
  case TCPFLOW_VALUE_ECHO:
    number("echo_value", value->as.number);
    break;
  case TCPFLOW_VALUE_CONNECTION_COUNT:
    number("cc_value", value->as.number);
    break;
  case TCPFLOW_VALUE_MD5:
    octets("md5.digest", value->as.md5.digest, 16);
    break;
  case TCPFLOW_VALUE_AO:
    number("ao.keyid", value->as.ao.key_id);
    number("ao.rnextkeyid", value->as.ao.next_key_id);
    octets("ao.mac", value->as.ao.mac.bytes, value->as.ao.mac.length);
    break;
  case TCPFLOW_VALUE_QUICK_START:
    number("qs.rate", value->as.quick_start.rate);
    number("qs.ttl_diff", value->as.quick_start.ttl_difference);
    break;
  case TCPFLOW_VALUE_USER_TIMEOUT:
    number("user_to_granularity", value->as.user_timeout.minutes);
    number("user_to_val", value->as.user_timeout.timeout);
    break;
  case TCPFLOW_VALUE_FAST_OPEN:
    if (value->as.octets.length > 0) {
      octets("tfo.cookie", value->as.octets.bytes, value->as.octets.length);
    }
    break;
  case TCPFLOW_VALUE_ACCECN:
    print_accecn(&value->as.accecn);
    break;
  case TCPFLOW_VALUE_RIVERBED_TRANSPARENCY:
    print_transparency(value);
    break;
  default:
    print_scps(value);
    print_multipath(value);
    break;
  }
}

void print_option_cells(const tcpflow_packet *packet) {
  tcpflow_option_walk walk;
  tcpflow_option option;
  tcpflow_option_value value;

  before = "";
  tcpflow_option_walk_init(&walk, packet->bytes + packet->tcp_offset + 20,
                           packet->options_length, packet->options_captured,
                           packet->flags);
  while (tcpflow_option_walk_next(&walk, &option)) {
    if (!tcpflow_option_value_get(&value, &option)) {
      continue;
    }
    if (value.exid_length == 2) {
      number("experimental.exid", value.exid);
    }
    print_value(&value);
  }
}
