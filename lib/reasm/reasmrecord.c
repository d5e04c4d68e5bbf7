/*
 * lib/reasm/reasmrecord.c - one direction as octets, and back.
 *
 * Room: reasm.  Includes: base, wire.  What is held is put in anew, piece by
 * piece, as it came from the network once: so whatever the octets say, the
 * stream that comes out of them is a sound one.  The last piece comes first:
 * where a range without octets follows another piece, that one would be made to
 * reach further.
 */
#include "reasm/reasmrecord.h"

#include "reasm/overlap.h"
#include "reasm/pieces.h"

static const tcpflow__field members[] = {
  TCPFLOW__FIELD_LEFT_OUT(tcpflow__reasm, root),
  TCPFLOW__FIELD_OF(tcpflow__reasm, next),
  TCPFLOW__FIELD_OF(tcpflow__reasm, end),
  TCPFLOW__FIELD_OF(tcpflow__reasm, gate),
  TCPFLOW__FIELD_OF(tcpflow__reasm, give_up),
  TCPFLOW__FIELD_OF(tcpflow__reasm, missing),
  TCPFLOW__FIELD_OF(tcpflow__reasm, duplicate),
  TCPFLOW__FIELD_OF(tcpflow__reasm, conflicting),
  TCPFLOW__FIELD_OF(tcpflow__reasm, beyond_end),
  TCPFLOW__FIELD_LEFT_OUT(tcpflow__reasm, pieces),
  TCPFLOW__FIELD_LEFT_OUT(tcpflow__reasm, memory),
  TCPFLOW__FIELD_LEFT_OUT(tcpflow__reasm, reached),
  TCPFLOW__FIELD_OF(tcpflow__reasm, give_up_reason),
  TCPFLOW__FIELD_LEFT_OUT(tcpflow__reasm, off),
  TCPFLOW__FIELD_OF(tcpflow__reasm, doubtful),
  TCPFLOW__FIELD_OF(tcpflow__reasm, overlap),
};
static const tcpflow__fields reasm_fields = TCPFLOW__FIELDS(members);

/* Offsets that put() takes. */
static const uint64_t OFFSET_MAX = UINT64_C(1) << 63;

bool tcpflow__reasm_record_covers(void) {
  return tcpflow__fields_cover(&reasm_fields, sizeof(tcpflow__reasm));
}

static const tcpflow__piece *before(const tcpflow__reasm *r,
                                    const tcpflow__piece *p) {
  return p->offset == 0 ? NULL : tcpflow__pieces_floor(r->root, p->offset - 1);
}

void tcpflow__reasm_save(const tcpflow__reasm *r, tcpflow__record_writer *to) {
  tcpflow__record_object(to, &reasm_fields, r);
  tcpflow__record_number(to, r->pieces, 4);
  for (const tcpflow__piece *p = tcpflow__pieces_last(r->root); p != NULL;
       p = before(r, p)) {
    tcpflow__record_number(to, p->offset, 8);
    tcpflow__record_number(to, p->end - p->offset, 4);
    tcpflow__record_number(to, p->captured, 4);
    tcpflow__record_number(to, p->time, 8);
    tcpflow__record_number(to, p->number, 8);
    tcpflow__record_octets(to, p->bytes, p->captured);
  }
}

/* Do the numbers of a stream that holds nothing make sense? */
static bool is_sound(const tcpflow__reasm *r) {
  return r->next <= OFFSET_MAX && r->next <= r->end && r->missing <= r->next &&
         r->next <= r->gate && tcpflow__is_overlap(r->overlap) &&
         r->give_up_reason <= TCPFLOW_GAP_SKIPPED && r->doubtful <= 1;
}

static bool take_piece(tcpflow__record_reader *from,
                       tcpflow__reasm_input *input) {
  input->offset = tcpflow__record_take(from, 8);
  input->length = (uint32_t)tcpflow__record_take(from, 4);
  input->captured = (uint32_t)tcpflow__record_take(from, 4);
  input->time = tcpflow__record_take(from, 8);
  input->number = tcpflow__record_take(from, 8);
  input->handle = NULL;
  input->chain = NULL;
  input->early = false;
  input->noted = false;
  input->disputed = false;
  input->bytes = tcpflow__record_borrow(from, input->captured);
  return !from->bad && input->captured <= input->length && input->length > 0 &&
         input->offset <= OFFSET_MAX - input->length;
}

/* A piece that no hole is before, because it lies behind a doubtful end that
   was reached.  It is held if there is room, as it was before; where the stream
   is off, only its place. */
static int put_at_end(tcpflow__reasm *r, tcpflow__budget *budget,
                      const tcpflow__reasm_limits *limits,
                      const tcpflow__reasm_input *input) {
  const bool off = r->off;
  tcpflow__reasm_input piece = *input;

  piece.captured = off ? 0 : piece.captured;
  r->off = false;
  r->end = r->next;
  const int error = tcpflow__reasm_put_beyond(r, budget, limits, &piece);

  r->end = UINT64_MAX;
  r->off = off;
  return error;
}

/* Puts a piece in that is no more than the stream can hold. */
static int put_piece(tcpflow__reasm *r, tcpflow__budget *budget,
                     const tcpflow__reasm_limits *limits,
                     tcpflow__reasm_input *input, uint64_t end) {
  const tcpflow__reasm_sink nobody = {NULL, NULL, NULL, NULL};
  const uint64_t next = r->next;

  if (r->doubtful != 0 && input->offset == next && next == end) {
    return put_at_end(r, budget, limits, input);
  }
  if (input->offset < next || (input->offset == next && next < r->gate)) {
    return TCPFLOW_ERR_INVALID;
  }
  if (tcpflow__reasm_put(r, budget, limits, input) != TCPFLOW_OK) {
    return TCPFLOW_ERR_NOMEM;
  }
  tcpflow__reasm_drain(r, budget, limits, input, &nobody);
  return r->next == next ? TCPFLOW_OK : TCPFLOW_ERR_LIMIT;
}

int tcpflow__reasm_load(tcpflow__reasm *r, tcpflow__budget *budget,
                        const tcpflow__reasm_limits *limits,
                        tcpflow__record_reader *from) {
  tcpflow__reasm kept = *r;

  tcpflow__record_into(from, &reasm_fields, &kept);
  uint64_t pieces = tcpflow__record_take(from, 4);
  if (from->bad || !is_sound(&kept)) {
    return TCPFLOW_ERR_INVALID;
  }
  *r = kept;
  /* What may be given up is so by what comes next, not by what is read; and
     what lies behind the end may be held until that is reached. */
  r->give_up = 0;
  r->end = UINT64_MAX;

  for (; pieces > 0; pieces--) {
    tcpflow__reasm_input input;
    const int error = take_piece(from, &input)
                        ? put_piece(r, budget, limits, &input, kept.end)
                        : TCPFLOW_ERR_INVALID;
    if (error != TCPFLOW_OK) {
      return error;
    }
  }
  r->give_up = kept.give_up;
  r->end = kept.end;
  r->duplicate = kept.duplicate;
  r->conflicting = kept.conflicting;
  r->beyond_end = kept.beyond_end;
  return TCPFLOW_OK;
}
