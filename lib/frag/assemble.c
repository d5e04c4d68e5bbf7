/*
 * lib/frag/assemble.c - all fragments of a datagram become the datagram.
 *
 * Room: frag.  Includes: base, wire.  The header is that of the fragment that
 * has octet 0, without what only fragments have (RFC 791 section 3.2, RFC 8200
 * section 4.5).
 */
#include "frag/assemble.h"

#include "wire/bytes.h"
#include "wire/checksum.h"

#include <string.h>

enum {
  LENGTH_MAX = 65535,
  IPV6_SIZE = 40,
  IPV4_FLAGS_KEPT = 0xc000, /* The reserved bit, and DF. */
  ECN_NOT_ECT = 0,
  ECN_CE = 3,
  UNIT = 8
};

static bool settle(tcpflow__board *board, const tcpflow__pending *pending) {
  bool conflict = false;

  tcpflow__board_clear(board);
  for (const tcpflow__part *part = pending->first; part != NULL;
       part = part->next) {
    conflict |= tcpflow__board_lay(board, part, pending->facts.end,
                                   (tcpflow_frag_policy)pending->policy);
  }
  for (const tcpflow__part *part = pending->first; part != NULL;
       part = part->next) {
    tcpflow__board_fill(board, part, pending->facts.end);
  }
  return conflict;
}

/* Copies a run's octets, END the datagram's end.  Answers where the known ones
   end, which is the run's end if all are. */
static uint32_t copy_run(uint8_t *data, const tcpflow__run *run, uint32_t end) {
  const tcpflow__part *const part = run->owner;
  const uint32_t from = run->from * UNIT;
  const uint32_t behind = run->end * UNIT < end ? run->end * UNIT : end;
  const uint32_t known = part->start + part->captured;
  const uint32_t to = known < behind ? known : behind;

  if (to <= from) {
    return from;
  }
  memcpy(data + from, part->bytes + part->header_size + (from - part->start),
         to - from);
  return to;
}

/* Copies the data up to the first octet that is not known; answers where. */
static uint32_t copy_data(tcpflow__bench *bench, uint32_t header,
                          uint32_t end) {
  uint32_t at = 0;

  while (at < end) {
    const tcpflow__run run = tcpflow__board_run(&bench->board, at / UNIT);
    if (run.owner == NULL || run.from > at / UNIT) {
      return at;
    }
    const uint32_t behind = run.end * UNIT < end ? run.end * UNIT : end;
    const uint32_t to = copy_run(bench->bytes + header, &run, end);

    if (to < behind) {
      return to;
    }
    at = behind;
  }
  return end;
}

/* RFC 3168 section 5.3: congestion that one fragment met, the datagram met. */
static bool met_congestion(const tcpflow__pending *pending) {
  const uint32_t ecn = pending->facts.ecn;

  return (ecn >> ECN_CE & 1) != 0 && (ecn >> ECN_NOT_ECT & 1) == 0;
}

static void finish_ipv4(uint8_t *header, uint32_t size, uint32_t length,
                        bool congestion) {
  header[1] |= congestion ? ECN_CE : 0;
  tcpflow__store16(header + 2, (uint16_t)length);
  tcpflow__store16(header + 6,
                   (uint16_t)(tcpflow__fetch16(header + 6) & IPV4_FLAGS_KEPT));
  tcpflow__store16(header + 10, 0);
  tcpflow__store16(header + 10, (uint16_t)~tcpflow__sum_fold(
                                  tcpflow__sum_add(0, header, size)));
}

static void finish_ipv6(uint8_t *header, const tcpflow__part *part,
                        uint32_t length, bool congestion) {
  header[1] |= congestion ? ECN_CE << 4 : 0;
  tcpflow__store16(header + 4, (uint16_t)(length - IPV6_SIZE));
  header[part->next_at] = (uint8_t)part->protocol;
}

/* What the length field of this version counts. */
static uint32_t counted(const tcpflow__pending *pending, uint32_t length) {
  return pending->key.ends.version == 4 ? length : length - IPV6_SIZE;
}

tcpflow__assembled tcpflow__assemble(tcpflow__bench *bench,
                                     const tcpflow__pending *pending) {
  tcpflow__assembled result = {0, 0, settle(&bench->board, pending)};
  const tcpflow__part *const first = tcpflow__board_run(&bench->board, 0).owner;
  const uint32_t header = first->header_size;
  const uint32_t length = header + pending->facts.end;

  if (counted(pending, length) > LENGTH_MAX) {
    return result;
  }
  memcpy(bench->bytes, first->bytes, header);
  if (pending->key.ends.version == 4) {
    finish_ipv4(bench->bytes, header, length, met_congestion(pending));
  } else {
    finish_ipv6(bench->bytes, first, length, met_congestion(pending));
  }
  result.captured = header + copy_data(bench, header, pending->facts.end);
  result.length = length;
  return result;
}
