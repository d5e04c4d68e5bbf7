/*
 * lib/text/drillprint.c - a packet as a line of a packetdrill script.
 *
 * Room: text.  Includes: decode, wire.
 */
#include "text/drill.h"

#include <string.h>

#include <tcpflow/wire.h>

/* A SYN that is nearer to the first number belongs to the same connection: sent
   again, or somewhere in the window. */
#define FAR          (UINT32_C(1) << 24)

#define MICROSECONDS UINT64_C(1000000)

static int is_end(const tcpflow_tuple *a, unsigned i, const tcpflow_tuple *b,
                  unsigned j) {
  return a->port[i] == b->port[j] &&
         memcmp(a->address[i], b->address[j], sizeof(a->address[i])) == 0;
}

/* Which end sent it; -1: neither. */
static int find_side(const tcpflow_tuple *ends, const tcpflow_tuple *packet) {
  if (ends->version == 0) {
    return TCPFLOW__DRILL_REMOTE;
  }
  if (ends->version != packet->version) {
    return -1;
  }
  for (int side = 0; side < 2; side++) {
    if (is_end(ends, (unsigned)side, packet, 0) &&
        is_end(ends, 1U - (unsigned)side, packet, 1)) {
      return side;
    }
  }
  return -1;
}

static void adopt_ends(tcpflow_packetdrill *script,
                       const tcpflow_tuple *packet) {
  tcpflow_tuple *const ends = &script->config.tuple;

  if (ends->version != 0) {
    return;
  }
  *ends = *packet;
  for (unsigned i = 0; i < 2; i++) {
    ends->port[i] = packet->port[1 - i];
    memcpy(ends->address[i], packet->address[1 - i], sizeof(ends->address[i]));
  }
}

static void set_first(tcpflow_packetdrill *script, unsigned side,
                      tcpflow_seq number) {
  script->isn[side] = number;
  script->known[side] = 1;
}

static int is_near(tcpflow_seq a, tcpflow_seq b) {
  return tcpflow_seq_distance(a, b) <= FAR || tcpflow_seq_distance(b, a) <= FAR;
}

static void note_numbers(tcpflow_packetdrill *script, unsigned side,
                         const tcpflow_packet *packet) {
  const unsigned other = 1 - side;
  const int has_ack = (packet->flags & TCPFLOW_FLAG_ACK) != 0;
  const int syn = (packet->flags & TCPFLOW_FLAG_SYN) != 0;

  if (syn &&
      !(script->known[side] && is_near(packet->seq, script->isn[side]))) {
    set_first(script, side, packet->seq);
    script->known[other] &= (uint8_t)has_ack;
  } else if (!script->known[side]) {
    set_first(script, side, tcpflow_seq_add(packet->seq, UINT32_MAX));
  }
  if (has_ack && !script->known[other]) {
    set_first(script, other, tcpflow_seq_add(packet->ack, UINT32_MAX));
  }
}

/* Up to six digits behind the point, zeros at the end left out. */
static void put_seconds(tcpflow__line *line, uint64_t microseconds) {
  uint64_t rest = microseconds % MICROSECONDS;
  unsigned digits = 6;

  tcpflow__put_decimal(line, microseconds / MICROSECONDS);
  if (rest == 0) {
    return;
  }
  for (; rest % 10 == 0; rest /= 10) {
    digits--;
  }
  tcpflow__put_char(line, '.');
  tcpflow__put_padded(line, rest, digits);
}

/* packetdrill's clock has microseconds, and never goes back. */
static void put_time(tcpflow_packetdrill *script, tcpflow__line *line,
                     tcpflow_time time) {
  uint64_t now = time / 1000;

  if (!script->begun) {
    script->begun = 1;
    script->first = now;
    script->previous = now;
  }
  now = now < script->previous ? script->previous : now;
  if (script->config.time == TCPFLOW_PACKETDRILL_TIME_RELATIVE) {
    tcpflow__put_char(line, '+');
    put_seconds(line, now - script->previous);
  } else if (script->config.time == TCPFLOW_PACKETDRILL_TIME_ABSOLUTE) {
    put_seconds(line, now - script->first);
  }
  tcpflow__put(
    line, script->config.time == TCPFLOW_PACKETDRILL_TIME_OMITTED ? "" : " ");
  script->previous = now;
}

/* ECN by its name where the other six bits are 0 (RFC 3168 section 5). */
static void put_tos(tcpflow__line *line, unsigned tos) {
  static const char *const ecn[] = {"", "ect1", "ect0", "ce"};

  if (tos < sizeof(ecn) / sizeof(ecn[0])) {
    tcpflow__put(line, ecn[tos]);
  } else {
    tcpflow__put(line, "tos 0x");
    tcpflow__put_hex(line, tos, 2);
  }
}

static void put_ip(tcpflow__line *line, const tcpflow_packet *packet) {
  const unsigned tos = packet->ip_tos;
  const uint32_t label = packet->ip_flow_label;
  const int square = tos < 4 && label == 0;

  if (tos == 0 && label == 0) {
    return;
  }
  tcpflow__put_char(line, square ? '[' : '(');
  put_tos(line, tos);
  if (label != 0) {
    tcpflow__put(line, tos == 0 ? "flowlabel 0x" : ",flowlabel 0x");
    tcpflow__put_hex(line, label, 5);
  }
  tcpflow__put(line, square ? "] " : ") ");
}

static void put_flag_letters(tcpflow__line *line, unsigned flags) {
  static const struct {
    unsigned flag;
    char name;
  } letters[] = {
    {TCPFLOW_FLAG_FIN, 'F'}, {TCPFLOW_FLAG_SYN, 'S'}, {TCPFLOW_FLAG_RST, 'R'},
    {TCPFLOW_FLAG_PSH, 'P'}, {TCPFLOW_FLAG_ACK, '.'}, {TCPFLOW_FLAG_URG, 'U'},
    {TCPFLOW_FLAG_ECE, 'E'}, {TCPFLOW_FLAG_CWR, 'W'}, {TCPFLOW_FLAG_AE, 'A'},
  };

  if ((flags & TCPFLOW_FLAGS_ALL) == 0) {
    tcpflow__put_char(line, '-');
  }
  for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++) {
    if ((flags & letters[i].flag) != 0) {
      tcpflow__put_char(line, letters[i].name);
    }
  }
}

static void put_numbers(const tcpflow_packetdrill *script, unsigned side,
                        tcpflow__line *line, const tcpflow_packet *packet) {
  const tcpflow_seq seq = tcpflow_seq_distance(script->isn[side], packet->seq);

  tcpflow__put_char(line, ' ');
  tcpflow__put_decimal(line, seq);
  tcpflow__put_char(line, ':');
  tcpflow__put_decimal(line, tcpflow_seq_add(seq, packet->payload_length));
  tcpflow__put_char(line, '(');
  tcpflow__put_decimal(line, packet->payload_length);
  tcpflow__put_char(line, ')');
  if ((packet->flags & TCPFLOW_FLAG_ACK) != 0) {
    tcpflow__put(line, " ack ");
    tcpflow__put_decimal(
      line, tcpflow_seq_distance(script->isn[1 - side], packet->ack));
  }
  tcpflow__put(line, " win ");
  tcpflow__put_decimal(line, packet->window);
  if ((packet->flags & TCPFLOW_FLAG_URG) != 0) {
    tcpflow__put(line, " urg ");
    tcpflow__put_decimal(line, packet->urgent);
  }
}

int tcpflow_packetdrill_print(tcpflow_packetdrill *script,
                              const tcpflow_packet *packet, char *buffer,
                              size_t capacity, size_t *length) {
  tcpflow__line line = {buffer, capacity, 0};
  const int side = packet->kind == TCPFLOW_PACKET_TCP
                     ? find_side(&script->config.tuple, &packet->tuple)
                     : -1;

  if (side < 0) {
    return TCPFLOW_ERR_INVALID;
  }
  adopt_ends(script, &packet->tuple);
  note_numbers(script, (unsigned)side, packet);
  put_time(script, &line, packet->time);
  tcpflow__put(&line, side == TCPFLOW__DRILL_REMOTE ? "< " : "> ");
  if (script->config.ip != 0) {
    put_ip(&line, packet);
  }
  put_flag_letters(&line, packet->flags);
  put_numbers(script, (unsigned)side, &line, packet);
  script->untold =
    tcpflow__drill_put_options(&line, packet, script->isn[1 - side]);
  script->untold |=
    packet->reserved_bits != 0 ? TCPFLOW_PACKETDRILL_UNTOLD_RESERVED : 0U;
  script->problem = "";
  const size_t whole = tcpflow__line_end(&line);
  if (length != NULL) {
    *length = whole;
  }
  return TCPFLOW_OK;
}
