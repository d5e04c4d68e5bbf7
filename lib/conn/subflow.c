/*
 * lib/conn/subflow.c - what a connection is to Multipath TCP.
 *
 * Room: conn.  Includes: base, wire, options, segment.  RFC 8684 sections 3.1
 * and 3.2, and RFC 6824 for version 0.  A connection begins with MP_CAPABLE and
 * has a key on either side; a further subflow begins with MP_JOIN and names the
 * connection by a token, a digest of the key of the one it is sent to.
 */
#include "conn/subflow.h"

#include <string.h>

#include <tcpflow/option_values.h>

#include "base/sized.h"
#include "conn/extra.h"
#include "conn/visit.h"
#include "wire/bytes.h"
#include "wire/sha.h"

TCPFLOW__NO_TAIL_PADDING(tcpflow_subflow_info, backup);

/* What is known.  Those of a side are shifted by it. */
enum {
  KNOWN_KEY = 1 << 0,
  KNOWN_SYN = 1 << 2, /* It has sent a SYN, or SYN and ACK, with the option. */
  KNOWN_NONE = 1 << 4 /* It has sent one without. */
};

/* A client that has not shown its key in so many segments was not captured when
   it did (RFC 8684 section 3.1: in the third one, and in those with data until
   one is acknowledged). */
enum {
  TRIES = 16
};

static bool knows(const tcpflow__subflow *subflow, unsigned what,
                  tcpflow_side side) {
  return (subflow->known & what << side) != 0;
}

static void learn(tcpflow__subflow *subflow, unsigned what, tcpflow_side side) {
  subflow->known = (uint8_t)(subflow->known | what << side);
}

/* The first option of either kind.  False: there is none. */
static bool find_option(tcpflow_option_value *value,
                        const tcpflow_segment *segment) {
  tcpflow_option_walk walk;
  tcpflow_option option;

  if (segment->packet == NULL) {
    return false;
  }
  tcpflow_option_walk_packet(&walk, segment->packet);
  while (tcpflow_option_walk_next(&walk, &option)) {
    if (option.kind == TCPFLOW_OPTION_MPTCP &&
        tcpflow_option_value_get(value, &option) &&
        (value->type == TCPFLOW_VALUE_MP_CAPABLE ||
         value->type == TCPFLOW_VALUE_MP_JOIN)) {
      return true;
    }
  }
  return false;
}

static bool has_others(const tcpflow_segment *segment) {
  return segment->options != NULL &&
         (segment->options->present & TCPFLOW_HAS_OTHER) != 0;
}

int tcpflow__subflow_prepare(tcpflow_conn *conn, const tcpflow__visit *v) {
  const tcpflow_segment *const segment = v->cause.segment;
  tcpflow_option_value value;

  if ((segment->flags & TCPFLOW_FLAG_SYN) == 0 || !has_others(segment) ||
      conn->extra != NULL || !find_option(&value, segment)) {
    return TCPFLOW_OK;
  }
  return tcpflow__conn_extra_need(conn) != NULL ? TCPFLOW_OK
                                                : TCPFLOW_ERR_NOMEM;
}

static void take_key(tcpflow__subflow *subflow, tcpflow_side side,
                     uint64_t key) {
  subflow->key[side] = key;
  learn(subflow, KNOWN_KEY, side);
}

/* MP_CAPABLE in a SYN, or SYN and ACK: a key or none. */
static void take_capable(tcpflow__subflow *subflow, tcpflow_side side,
                         const tcpflow_mp_capable_value *value) {
  subflow->kind = TCPFLOW_SUBFLOW_FIRST;
  subflow->version = value->version;
  subflow->flags[side] = value->flags;
  if (value->key_count == 1) {
    take_key(subflow, side, value->key[0]);
  }
}

static void take_join(tcpflow__subflow *subflow, tcpflow_side side,
                      const tcpflow_mp_join_value *value) {
  subflow->kind = TCPFLOW_SUBFLOW_JOIN;
  subflow->nonce[side] = value->nonce;
  subflow->address[side] = value->address_id;
  subflow->backup[side] = value->backup;
  if (value->step == TCPFLOW_MP_JOIN_SYN) {
    subflow->token = value->token;
  }
}

/* A SYN tells; one that comes again without the option gives up (RFC 8684
   section 3.7). */
static void take_syn(tcpflow_conn *conn, const tcpflow__visit *v) {
  const tcpflow_side side = v->cause.sender;
  tcpflow__subflow *const subflow = &conn->extra->subflow;
  tcpflow_option_value value;

  subflow->known &= (uint8_t) ~(unsigned)(KNOWN_NONE << side);
  if (!has_others(v->cause.segment) || !find_option(&value, v->cause.segment)) {
    learn(subflow, KNOWN_NONE, side);
    return;
  }
  learn(subflow, KNOWN_SYN, side);
  if (value.type == TCPFLOW_VALUE_MP_CAPABLE) {
    take_capable(subflow, side, &value.as.mp_capable);
  } else {
    take_join(subflow, side, &value.as.mp_join);
  }
}

/* The third segment has both keys, and in version 1 the client's for the first
   time. */
static void take_keys(tcpflow_conn *conn, const tcpflow__visit *v) {
  const tcpflow_side side = v->cause.sender;
  tcpflow__subflow *const subflow = &conn->extra->subflow;
  tcpflow_option_value value;

  subflow->tries++;
  if (!find_option(&value, v->cause.segment) ||
      value.type != TCPFLOW_VALUE_MP_CAPABLE ||
      value.as.mp_capable.key_count != 2) {
    return;
  }
  take_key(subflow, side, value.as.mp_capable.key[0]);
  take_key(subflow, tcpflow_side_other(side), value.as.mp_capable.key[1]);
}

/* Might it have the keys that are missing? */
static bool may_have_keys(const tcpflow__subflow *subflow,
                          const tcpflow__visit *v) {
  return subflow->kind == TCPFLOW_SUBFLOW_FIRST && v->judgment.numbers &&
         !knows(subflow, KNOWN_KEY, v->cause.sender) &&
         subflow->tries < TRIES && has_others(v->cause.segment);
}

void tcpflow__subflow_note(tcpflow_conn *conn, const tcpflow__visit *v) {
  const bool again =
    (v->judgment.verdict & TCPFLOW_VERDICT_SYN_RETRANSMISSION) != 0;

  if (conn->extra == NULL) {
    return;
  }
  if ((v->cause.segment->flags & TCPFLOW_FLAG_SYN) == 0) {
    if (may_have_keys(&conn->extra->subflow, v)) {
      take_keys(conn, v);
    }
    return;
  }
  if (v->judgment.syn_first && !v->judgment.ack) {
    memset(&conn->extra->subflow, 0, sizeof(conn->extra->subflow));
  }
  if (v->judgment.numbers || again) {
    take_syn(conn, v);
  }
}

/* The client asked, and the server answered without: plain TCP. */
static bool falls_back(const tcpflow__subflow *subflow) {
  return subflow->kind != TCPFLOW_SUBFLOW_NONE &&
         (subflow->known & (KNOWN_NONE | KNOWN_NONE << 1)) != 0;
}

bool tcpflow__subflow_shares(const tcpflow_conn *conn) {
  return conn->extra != NULL &&
         conn->extra->subflow.kind != TCPFLOW_SUBFLOW_NONE &&
         !falls_back(&conn->extra->subflow);
}

/* RFC 8684 section 3.2: the most significant 32 bits of the digest. */
static uint32_t token_of(uint64_t key, unsigned version) {
  uint32_t digest[TCPFLOW__SHA256_WORDS];
  uint8_t octets[8];

  tcpflow__store32(octets, (uint32_t)(key >> 32));
  tcpflow__store32(octets + 4, (uint32_t)(key & UINT32_MAX));
  if (version == 0) {
    tcpflow__sha1(digest, octets, sizeof(octets));
  } else {
    tcpflow__sha256(digest, octets, sizeof(octets));
  }
  return digest[0];
}

static void describe_side(tcpflow_subflow_info *info,
                          const tcpflow__subflow *subflow, tcpflow_side side) {
  info->key_known[side] = knows(subflow, KNOWN_KEY, side);
  info->key[side] = subflow->key[side];
  info->flags[side] = subflow->flags[side];
  if (info->key_known[side]) {
    info->token[side] = token_of(subflow->key[side], subflow->version);
    info->token_known[side] = 1;
  }
  if (subflow->kind == TCPFLOW_SUBFLOW_JOIN) {
    info->join_seen[side] = knows(subflow, KNOWN_SYN, side);
    info->nonce[side] = subflow->nonce[side];
    info->address_id[side] = subflow->address[side];
    info->backup[side] = subflow->backup[side];
  }
}

static void describe(tcpflow_subflow_info *info,
                     const tcpflow__subflow *subflow) {
  info->kind = (tcpflow_subflow_kind)subflow->kind;
  info->version =
    subflow->kind == TCPFLOW_SUBFLOW_FIRST ? subflow->version : -1;
  info->fallback = falls_back(subflow);
  describe_side(info, subflow, TCPFLOW_SIDE_CLIENT);
  describe_side(info, subflow, TCPFLOW_SIDE_SERVER);
  if (subflow->kind == TCPFLOW_SUBFLOW_JOIN &&
      knows(subflow, KNOWN_SYN, TCPFLOW_SIDE_CLIENT)) {
    info->token[TCPFLOW_SIDE_SERVER] = subflow->token;
    info->token_known[TCPFLOW_SIDE_SERVER] = 1;
  }
}

int tcpflow_conn_get_subflow(const tcpflow_conn *conn,
                             tcpflow_subflow_info *info) {
  tcpflow_subflow_info ours;

  if (tcpflow__sized_check(info) != TCPFLOW_OK) {
    return TCPFLOW_ERR_VERSION;
  }
  memset(&ours, 0, sizeof(ours));
  ours.version = -1;
  if (conn->extra != NULL) {
    describe(&ours, &conn->extra->subflow);
  }
  tcpflow__sized_write(info, &ours, sizeof(ours));
  return TCPFLOW_OK;
}

/* KNOWN_ bits stand in pairs, the client's below the server's. */
static uint8_t swap_pairs(uint8_t bits) {
  const unsigned client = bits & 0x55U;
  const unsigned server = bits & 0xaaU;

  return (uint8_t)(client << 1 | server >> 1);
}

static void swap_octets(uint8_t pair[2]) {
  const uint8_t first = pair[0];

  pair[0] = pair[1];
  pair[1] = first;
}

void tcpflow__subflow_flip(tcpflow__subflow *subflow) {
  const uint64_t key = subflow->key[0];
  const uint32_t nonce = subflow->nonce[0];

  subflow->key[0] = subflow->key[1];
  subflow->key[1] = key;
  subflow->nonce[0] = subflow->nonce[1];
  subflow->nonce[1] = nonce;
  swap_octets(subflow->flags);
  swap_octets(subflow->address);
  swap_octets(subflow->backup);
  subflow->known = swap_pairs(subflow->known);
}
