/*
 * lib/text/absolute.c - numbers as they were on the wire.
 *
 * Room: text.  Includes: wire.  A line does not say whether it was printed with
 * -S.  Both readings are tried, and the one nearer to where the conversation
 * stands is taken: first numbers are random (RFC 9293 section 3.4.1), so the
 * other one is far away.
 */
#include "text/absolute.h"

#include <tcpflow/wire.h>

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

static int is_relative(const tcpflow__conversation *one, unsigned sender,
                       const tcpflow__words *words) {
  const unsigned other = 1 - sender;
  uint64_t absolute = 0;
  uint64_t relative = 0;

  if (!may_be_relative(one, words)) {
    return 0;
  }
  if (words->has_seq && one->known[sender]) {
    absolute += apart(words->seq, one->next[sender]);
    relative +=
      apart(tcpflow_seq_add(words->seq, one->first[sender]), one->next[sender]);
  }
  if (words->has_ack && one->known[other]) {
    absolute += apart(words->ack, one->next[other]);
    relative +=
      apart(tcpflow_seq_add(words->ack, one->first[other]), one->next[other]);
  }
  return relative == absolute ? one->told : relative < absolute;
}

static void expect(tcpflow__conversation *one, unsigned side,
                   tcpflow_seq number) {
  if (!one->known[side] || tcpflow_seq_lt(one->next[side], number)) {
    one->known[side] = 1;
    one->next[side] = number;
  }
}

/* What the segment tells of both sides. */
static void remember(tcpflow__conversation *one, unsigned sender,
                     const tcpflow__words *words, int guessed) {
  const unsigned other = 1 - sender;

  if ((words->flags & TCPFLOW_FLAG_SYN) != 0) {
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

/* Blocks lie near the acknowledgment (RFC 2018 section 4). */
static void mend_sack(const tcpflow__conversation *one, unsigned sender,
                      tcpflow__words *words, int relative) {
  const tcpflow_seq base = one->first[1 - sender];
  tcpflow_seq left;

  if ((words->flags & TCPFLOW_FLAG_ACK) == 0 || !one->begun ||
      !tcpflow__option_list_sack(&words->list, &left)) {
    return;
  }
  if (relative || apart(tcpflow_seq_add(left, base), words->ack) <
                    apart(left, words->ack)) {
    tcpflow__option_list_rebase(&words->list, base);
  }
}

void tcpflow__make_absolute(tcpflow__conversation *one, unsigned sender,
                            tcpflow__words *words) {
  const int begins = !may_be_relative(one, words);
  const int relative = is_relative(one, sender, words);
  const int guessed = !words->has_seq && !one->known[sender];

  if (relative) {
    words->seq = tcpflow_seq_add(words->seq, one->first[sender]);
    words->ack = tcpflow_seq_add(words->ack, one->first[1 - sender]);
  }
  if (!words->has_seq) {
    words->seq = guessed ? 0 : one->next[sender];
  }
  if (begins && (words->flags & TCPFLOW_FLAG_ACK) != 0) {
    tcpflow__conversation_begin(one, sender, words->seq, words->ack);
  } else if (!begins) {
    one->told = (uint8_t)relative;
  }
  remember(one, sender, words, guessed);
  mend_sack(one, sender, words, relative);
}
