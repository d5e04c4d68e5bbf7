/*
 * tests/oracle/option_values.c - the values of options, one list a line.
 *
 * Each line of the input has the TCP flags, the acknowledgment number, how many
 * octets the list has, and those that were captured, in hexadecimal; "-" if
 * there are none.  Each line of the output has NAME=VALUE for every field that
 * check-options-against-tshark compares, in the order of the list; names are
 * those of tshark's fields without what they have in common.  For tests only.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tcpflow/tcpflow.h>

static void number(const char *name, uint64_t value) {
  printf(" %s=%" PRIu64, name, value);
}

static void octets(const char *name, const uint8_t *bytes, size_t length) {
  printf(" %s=", name);
  for (size_t i = 0; i < length; i++) {
    printf("%02x", bytes[i]);
  }
}

static void some_octets(const char *name, const tcpflow_octets *o) {
  if (o->length > 0) {
    octets(name, o->bytes, o->length);
  }
}

static void address(const tcpflow_mp_add_address_value *a) {
  char text[TCPFLOW_TEXT_ADDRESS_MAX];

  tcpflow_text_address(text, sizeof(text), a->version, a->address);
  printf(" mptcp.ipv%u=%s", (unsigned)a->version, text);
}

static void sack(const tcpflow_sack_value *s, tcpflow_seq ack) {
  for (uint32_t i = 0; i < s->count; i++) {
    number("sack_le", s->block[i].left);
    number("sack_re", s->block[i].right);
  }
  if (tcpflow_sack_is_duplicate(s->block, s->count, ack)) {
    number("sack.dsack_le", s->block[0].left);
    number("sack.dsack_re", s->block[0].right);
  }
}

static void capable(const tcpflow_mp_capable_value *c) {
  number("mptcp.version", c->version);
  number("mptcp.checksumreq.flags", c->flags >> 7);
  if (c->key_count > 0) {
    number("mptcp.sendkey", c->key[0]);
  }
  if (c->key_count > 1) {
    number("mptcp.recvkey", c->key[1]);
  }
  if (c->has_data_length) {
    number("mptcp.datalvllen", c->data_length);
  }
  if (c->has_checksum) {
    printf(" mptcp.checksum=0x%04x", c->checksum);
  }
}

static uint64_t first_8(const uint8_t *bytes) {
  uint64_t value = 0;

  for (unsigned i = 0; i < 8; i++) {
    value = value << 8 | bytes[i];
  }
  return value;
}

static void join(const tcpflow_mp_join_value *j) {
  if (j->step != TCPFLOW_MP_JOIN_ACK) {
    number("mptcp.backup.flag", j->backup);
    number("mptcp.addrid", j->address_id);
  }
  if (j->step == TCPFLOW_MP_JOIN_SYN) {
    number("mptcp.recvtok", j->token);
  } else if (j->step == TCPFLOW_MP_JOIN_SYN_ACK) {
    number("mptcp.sendtrunchmac", first_8(j->hmac));
  } else {
    octets("mptcp.sendhmac", j->hmac, sizeof(j->hmac));
  }
  if (j->step != TCPFLOW_MP_JOIN_ACK) {
    number("mptcp.sendrand", j->nonce);
  }
}

static void dss(const tcpflow_mp_dss_value *d) {
  number("mptcp.datafin.flag", (d->flags & TCPFLOW_MP_DSS_FIN) != 0);
  number("mptcp.dseqn8.flag", (d->flags & TCPFLOW_MP_DSS_SEQ_8) != 0);
  number("mptcp.dseqnpresent.flag", (d->flags & TCPFLOW_MP_DSS_SEQ) != 0);
  number("mptcp.dataack8.flag", (d->flags & TCPFLOW_MP_DSS_ACK_8) != 0);
  number("mptcp.dataackpresent.flag", (d->flags & TCPFLOW_MP_DSS_ACK) != 0);
  if ((d->flags & TCPFLOW_MP_DSS_ACK) != 0) {
    number("mptcp.rawdataack", d->ack);
  }
  if ((d->flags & TCPFLOW_MP_DSS_SEQ) != 0) {
    number("mptcp.rawdataseqno", d->seq);
    number("mptcp.subflowseqno", d->subflow_seq);
    number("mptcp.datalvllen", d->length);
  }
  if (d->has_checksum) {
    printf(" mptcp.checksum=0x%04x", d->checksum);
  }
}

static void add_address(const tcpflow_mp_add_address_value *a) {
  number("mptcp.addrid", a->address_id);
  address(a);
  if (a->has_port) {
    number("mptcp.port", a->port);
  }
  if (a->has_hmac) {
    number("mptcp.addaddrtrunchmac", a->hmac);
  }
}

static void multipath(const tcpflow_option_value *v) {
  switch (v->type) {
  case TCPFLOW_VALUE_MP_CAPABLE:
    capable(&v->as.mp_capable);
    break;
  case TCPFLOW_VALUE_MP_JOIN:
    join(&v->as.mp_join);
    break;
  case TCPFLOW_VALUE_MP_DSS:
    dss(&v->as.mp_dss);
    break;
  case TCPFLOW_VALUE_MP_ADD_ADDRESS:
    add_address(&v->as.mp_add_address);
    break;
  case TCPFLOW_VALUE_MP_REMOVE_ADDRESS:
    for (size_t i = 0; i < v->as.mp_other.octets.length; i++) {
      number("mptcp.addrid", v->as.mp_other.octets.bytes[i]);
    }
    break;
  case TCPFLOW_VALUE_MP_PRIORITY:
    number("mptcp.backup.flag", v->as.mp_priority.backup);
    if (v->as.mp_priority.has_address_id) {
      number("mptcp.addrid", v->as.mp_priority.address_id);
    }
    break;
  case TCPFLOW_VALUE_MP_FAIL:
    number("mptcp.rawdataseqno", v->as.mp_number.number);
    break;
  case TCPFLOW_VALUE_MP_FAST_CLOSE:
    number("mptcp.recvkey", v->as.mp_number.number);
    break;
  case TCPFLOW_VALUE_MP_RESET:
    number("mptcp.flag_T.flag", v->as.mp_reset.flags & 1U);
    printf(" mptcp.rst_reason=0x%02x", v->as.mp_reset.reason);
    break;
  default:
    break;
  }
}

static void accecn(const tcpflow_accecn_value *a) {
  const unsigned first = a->order == 0 ? 0 : 2;

  if (a->count > first) {
    number("acc_ecn.ee0b", a->ee0b);
  }
  if (a->count > 1) {
    number("acc_ecn.eceb", a->eceb);
  }
  if (a->count > 2 - first) {
    number("acc_ecn.ee1b", a->ee1b);
  }
}

static void plain(const tcpflow_option_value *v) {
  switch (v->type) {
  case TCPFLOW_VALUE_MSS:
    number("mss_val", v->as.number);
    break;
  case TCPFLOW_VALUE_WSCALE:
    number("wscale.shift", v->as.number);
    break;
  case TCPFLOW_VALUE_TIMESTAMPS:
    number("timestamp.tsval", v->as.timestamps.val);
    number("timestamp.tsecr", v->as.timestamps.ecr);
    break;
  case TCPFLOW_VALUE_ECHO:
    number("echo_value", v->as.number);
    break;
  case TCPFLOW_VALUE_CONNECTION_COUNT:
    number("cc_value", v->as.number);
    break;
  case TCPFLOW_VALUE_MD5:
    octets("md5.digest", v->as.md5.digest, sizeof(v->as.md5.digest));
    break;
  case TCPFLOW_VALUE_SCPS:
    printf(" scps.vector=0x%02x", v->as.scps.flags);
    number("scps.binding", v->as.scps.connection);
    break;
  case TCPFLOW_VALUE_SNACK:
    number("snack.offset", v->as.snack.offset);
    number("snack.size", v->as.snack.size);
    break;
  case TCPFLOW_VALUE_QUICK_START:
    number("qs.rate", v->as.quick_start.rate);
    number("qs.ttl_diff", v->as.quick_start.ttl_difference);
    break;
  case TCPFLOW_VALUE_USER_TIMEOUT:
    number("user_to_granularity", v->as.user_timeout.minutes);
    number("user_to_val", v->as.user_timeout.timeout);
    break;
  case TCPFLOW_VALUE_AO:
    number("ao.keyid", v->as.ao.key_id);
    number("ao.rnextkeyid", v->as.ao.next_key_id);
    some_octets("ao.mac", &v->as.ao.mac);
    break;
  default:
    break;
  }
}

static void option(const tcpflow_option *o, tcpflow_seq ack) {
  tcpflow_option_value v;

  number("kind", o->kind);
  (void)tcpflow_option_value_get(&v, o);
  if (v.exid_length != 0) {
    printf(" experimental.exid=0x%04" PRIx32,
           v.exid_length == 2 ? v.exid : v.exid >> 16);
  }
  if (o->kind == TCPFLOW_OPTION_MPTCP && o->data_length > 0 &&
      (o->flags & TCPFLOW_OPTION_FLAG_LENGTH_BELOW_2) == 0) {
    number("mptcp.subtype", o->data[0] >> 4);
  }
  switch (v.type) {
  case TCPFLOW_VALUE_SACK:
    sack(&v.as.sack, ack);
    break;
  case TCPFLOW_VALUE_FAST_OPEN:
    some_octets("tfo.cookie", &v.as.octets);
    break;
  case TCPFLOW_VALUE_ACCECN:
    accecn(&v.as.accecn);
    break;
  default:
    plain(&v);
    multipath(&v);
    break;
  }
}

static size_t read_octets(uint8_t *bytes, const char *text) {
  size_t n = 0;

  for (; text[0] != '-' && text[2 * n] != '\0' && n < 40; n++) {
    unsigned octet;

    if (sscanf(text + 2 * n, "%2x", &octet) != 1) {
      exit(EXIT_FAILURE);
    }
    bytes[n] = (uint8_t)octet;
  }
  return n;
}

static void list(const uint8_t *bytes, size_t length, size_t captured,
                 unsigned flags, tcpflow_seq ack) {
  tcpflow_option_walk walk;
  tcpflow_option o;
  unsigned all = 0;

  tcpflow_option_walk_init(&walk, bytes, length, captured, flags);
  while (tcpflow_option_walk_next(&walk, &o)) {
    option(&o, ack);
    all |= o.flags;
  }
  for (unsigned bit = 0; bit < TCPFLOW_OPTION_FLAG_COUNT; bit++) {
    if ((all >> bit & 1) != 0) {
      printf(" flag=%s", tcpflow_option_flag_name(bit));
    }
  }
  putchar('\n');
}

int main(void) {
  char line[256];

  while (fgets(line, sizeof(line), stdin) != NULL) {
    unsigned flags;
    unsigned ack;
    unsigned length;
    char text[128];
    uint8_t bytes[40];

    if (sscanf(line, "%x %u %u %100s", &flags, &ack, &length, text) != 4) {
      return EXIT_FAILURE;
    }
    list(bytes, length, read_octets(bytes, text), flags & TCPFLOW_FLAGS_ALL,
         ack);
  }
  return ferror(stdout) ? EXIT_FAILURE : EXIT_SUCCESS;
}
