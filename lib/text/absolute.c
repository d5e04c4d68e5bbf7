/*
 * lib/text/absolute.c - numbers as they were on the wire.
 *
 * Room: text.  Includes: wire.  A line does not say whether it was printed with
 * -S.  Both readings are tried, and the one nearer to where the conversation
 * stands is taken: first numbers are random (RFC 9293 section 3.4.1), so the
 * other one is far away.  Where they are not, in made-up text, neither may be
 * far; then a line is read as the line before was.
 */
#include "text/absolute.h"

#include <tcpflow/wire.h>

/* More than is in flight, but on the longest and fastest paths. */
#define FAR (UINT32_C(1) << 24)

/* How far apart two numbers are, whichever comes first. */
static uint32_t apart(tcpflow_seq a, tcpflow_seq b) {
  const uint32_t ahead = tcpflow_seq_distance(a, b);
  const uint32_t behind = tcpflow_seq_distance(b, a);

  return ahead < behind ? ahead : behind;
}

/* Segments without ACK are never relative, and SYNs with it begin anew. */
static int may_be_relative(const tcpflow__conversation *one,
                           const tcpflow__words *words) {
  return one->begun && (words->flags & TCPFLOW_FLAG_ACK) != 0 &&
         (words->flags & TCPFLOW_FLAG_SYN) == 0;
}

/* Relative numbers count from the first one on; only keep-alives lie one before
   it (RFC 9293 section 3.8.4), and what was late when a capture began a little
   more; another number has to speak for that. */
static uint64_t unlikely(uint32_t number, int alone) {
  if (number <= UINT32_C(0x80000000) || number == UINT32_MAX) {
    return 0;
  }
  return alone ? FAR + UINT64_C(1) : FAR / 16;
}

/* Half the distance is needed to change one's mind. */
static int is_relative(const tcpflow__conversation *one, unsigned sender,
                       const tcpflow__words *words, int told) {
  const unsigned other = 1 - sender;
  const int has_seq = words->has_seq && one->known[sender];
  uint64_t absolute = 0;
  uint64_t relative = 0;

  if (!may_be_relative(one, words)) {
    return 0;
  }
  if (has_seq) {
    absolute += apart(words->seq, one->next[sender]);
    relative +=
      apart(tcpflow_seq_add(words->seq, one->first[sender]), one->next[sender]);
  }
  if (words->has_ack && one->known[other]) {
    absolute += apart(words->ack, one->next[other]);
    relative +=
      apart(tcpflow_seq_add(words->ack, one->first[other]), one->next[other]) +
      unlikely(words->ack, !has_seq);
  }
  if (told) {
    return absolute > FAR || relative <= 2 * absolute;
  }
  return relative <= FAR && 2 * relative < absolute;
}

static void expect(tcpflow__conversation *one, unsigned side,
                   tcpflow_seq number) {
  if (!one->known[side] || tcpflow_seq_lt(one->next[side], number)) {
    one->known[side] = 1;
    one->next[side] = number;
  }
}

/* One that begins another connection, not the same one sent again. */
static int is_new_syn(const tcpflow__conversation *one, unsigned sender,
                      const tcpflow__words *words) {
  return (words->flags & TCPFLOW_FLAG_SYN) != 0 &&
         !(one->known[sender] && apart(words->seq, one->next[sender]) <= FAR);
}

/* What the segment tells of both sides. */
static void remember(tcpflow__conversation *one, unsigned sender,
                     const tcpflow__words *words, int guessed) {
  const unsigned other = 1 - sender;

  if (is_new_syn(one, sender, words)) {
    one->known[sender] = 0;
    one->known[other] &= (words->flags & TCPFLOW_FLAG_ACK) != 0;
  }
  if (!guessed) {
    expect(one, sender,
           tcpflow_seq_add(words->seq,
                           tcpflow_seq_len(words->payload, words->flags)));
  }
  if ((words->flags & TCPFLOW_FLAG_ACK) != 0 && words->has_ack) {
    expect(one, other, words->ack);
  }
}

/*
 * Blocks lie near the acknowledgment (RFC 2018 section 4).  The line that
 * begins a conversation has relative blocks although its other numbers are not;
 * so nothing but the distance tells, and it has to be a clear one.
 */
static int has_relative_sack(const tcpflow__conversation *one, unsigned sender,
                             const tcpflow__words *words, int told) {
  const tcpflow_seq base = one->first[1 - sender];
  tcpflow_seq left;

  if (!tcpflow__option_list_sack(&words->list, &left)) {
    return 0;
  }
  const uint32_t absolute = apart(left, words->ack);
  const uint32_t relative = apart(tcpflow_seq_add(left, base), words->ack);

  return told ? relative < absolute
              : relative < absolute / 16 && absolute > UINT16_MAX;
}

static void add_first(const tcpflow__conversation *one, unsigned sender,
                      tcpflow__words *words) {
  words->seq = tcpflow_seq_add(words->seq, one->first[sender]);
  words->ack = tcpflow_seq_add(words->ack, one->first[1 - sender]);
}

/* A number that is not printed is the next one, or unknown. */
static void expect_seq(const tcpflow__conversation *one, unsigned sender,
                       tcpflow__words *words) {
  if (!words->has_seq) {
    words->seq = one->known[sender] ? one->next[sender] : 0;
  }
}

void tcpflow__make_absolute(tcpflow__conversation *one, unsigned sender,
                            tcpflow__words *words, int *told) {
  const int has_ack = (words->flags & TCPFLOW_FLAG_ACK) != 0;
  const int begins = !may_be_relative(one, words);
  const int guessed = !words->has_seq && !one->known[sender];
  int relative = 0;

  if (!begins) {
    relative = is_relative(one, sender, words, *told);
    *told = relative;
  }
  if (relative) {
    add_first(one, sender, words);
  }
  expect_seq(one, sender, words);
  if (begins && has_ack) {
    tcpflow__conversation_begin(one, sender, words->seq, words->ack);
  }
  remember(one, sender, words, guessed);
  if (has_ack && (relative || has_relative_sack(one, sender, words, *told))) {
    tcpflow__option_list_rebase(&words->list, one->first[1 - sender]);
  }
}
