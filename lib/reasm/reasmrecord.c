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
#include "reasm/rest.h"

static const tcpflow__field members[] = {
  TCPFLOW__FIELD_OF(tcpflow__reasm, next),
  TCPFLOW__FIELD_OF(tcpflow__reasm, end),
  TCPFLOW__FIELD_LEFT_OUT(tcpflow__reasm, rest),
  TCPFLOW__FIELD_LEFT_OUT(tcpflow__reasm, off),
  TCPFLOW__FIELD_OF(tcpflow__reasm, doubtful),
  TCPFLOW__FIELD_OF(tcpflow__reasm, overlap),
};

static const tcpflow__field rest_members[] = {
  TCPFLOW__FIELD_LEFT_OUT(tcpflow__reasm_rest, tree),
  TCPFLOW__FIELD_OF(tcpflow__reasm_rest, gate),
  TCPFLOW__FIELD_OF(tcpflow__reasm_rest, give_up),
  TCPFLOW__FIELD_OF(tcpflow__reasm_rest, missing),
  TCPFLOW__FIELD_OF(tcpflow__reasm_rest, duplicate),
  TCPFLOW__FIELD_OF(tcpflow__reasm_rest, conflicting),
  TCPFLOW__FIELD_OF(tcpflow__reasm_rest, beyond_end),
  TCPFLOW__FIELD_LEFT_OUT(tcpflow__reasm_rest, pieces),
  TCPFLOW__FIELD_LEFT_OUT(tcpflow__reasm_rest, memory),
  TCPFLOW__FIELD_LEFT_OUT(tcpflow__reasm_rest, reached),
  TCPFLOW__FIELD_OF(tcpflow__reasm_rest, give_up_reason),
  TCPFLOW__FIELD_LEFT_OUT(tcpflow__reasm_rest, shared),
  TCPFLOW__FIELD_LEFT_OUT(tcpflow__reasm_rest, lent),
};

static const tcpflow__fields reasm_fields = TCPFLOW__FIELDS(members);
static const tcpflow__fields rest_fields = TCPFLOW__FIELDS(rest_members);

/* Whose rest it is. */
enum {
  REST_PLAIN, /* The shared one, */
  REST_GATED, /* and that behind a gate at 0. */
  REST_OWN    /* Its own, which follows. */
};

/* Offsets that put() takes. */
static const uint64_t OFFSET_MAX = UINT64_C(1) << 63;

bool tcpflow__reasm_record_covers(void) {
  return tcpflow__fields_cover(&reasm_fields, sizeof(tcpflow__reasm)) &&
         tcpflow__fields_cover(&rest_fields, sizeof(tcpflow__reasm_rest));
}

static void save_rest(const tcpflow__reasm_rest *rest,
                      tcpflow__record_writer *to) {
  if (!rest->shared) {
    tcpflow__record_number(to, REST_OWN, 1);
    tcpflow__record_object(to, &rest_fields, rest);
  } else {
    tcpflow__record_number(to, rest->gate == 0 ? REST_GATED : REST_PLAIN, 1);
  }
}

void tcpflow__piece_save(const tcpflow__piece *p, tcpflow__record_writer *to) {
  tcpflow__record_number(to, p->offset, 8);
  tcpflow__record_number(to, p->end - p->offset, 4);
  tcpflow__record_number(to, p->captured, 4);
  tcpflow__record_number(to, p->time, 8);
  tcpflow__record_number(to, p->number, 8);
  tcpflow__record_octets(to, p->bytes, p->captured);
}

void tcpflow__reasm_save(const tcpflow__reasm *r, tcpflow__record_writer *to) {
  tcpflow__record_object(to, &reasm_fields, r);
  save_rest(r->rest, to);
  tcpflow__record_number(to, r->rest->pieces, 4);
  for (const tcpflow__piece *p = tcpflow__pieces_last(&r->rest->tree);
       p != NULL; p = tcpflow__pieces_before(&r->rest->tree, p)) {
    tcpflow__record_number(to, p->size - p->captured, 4);
    tcpflow__piece_save(p, to);
  }
}

/* Do the numbers of a stream that holds nothing make sense? */
static bool is_sound(const tcpflow__reasm *r, const tcpflow__reasm_rest *rest) {
  return r->next <= OFFSET_MAX && r->next <= r->end &&
         rest->missing <= r->next && r->next <= rest->gate &&
         tcpflow__is_overlap(r->overlap) &&
         rest->give_up_reason <= TCPFLOW_GAP_SKIPPED && r->doubtful <= 1;
}

bool tcpflow__piece_take(tcpflow__record_reader *from,
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

/* Is there room for a piece with what it had beside its octets when it came?
   It is charged for that, as its memory was, so that behind a checkpoint no
   more fits than without one.  It is one piece, and stays that. */
static bool has_room(const tcpflow__reasm *r, const tcpflow__budget *budget,
                     const tcpflow__reasm_limits *limits,
                     const tcpflow__reasm_input *input) {
  const uint64_t cost =
    tcpflow__piece_cost((uint64_t)input->captured + budget->beside);
  const tcpflow__piece *const at =
    tcpflow__pieces_seek(&r->rest->tree, input->offset);

  return budget->beside == 0 ||
         (r->rest->memory + cost <= limits->max_memory &&
          budget->used + cost <= budget->cap &&
          (at == NULL || at->offset >= input->offset + input->length));
}

/* Puts a piece in that is no more than the stream can hold. */
static int put_piece(tcpflow__reasm *r, tcpflow__budget *budget,
                     const tcpflow__reasm_limits *limits,
                     tcpflow__reasm_input *input, uint64_t end) {
  const tcpflow__reasm_sink nobody = {NULL, NULL, NULL, NULL};
  const uint64_t next = r->next;

  if (!has_room(r, budget, limits, input)) {
    return TCPFLOW_ERR_LIMIT;
  }
  if (r->doubtful != 0 && input->offset == next && next == end) {
    return put_at_end(r, budget, limits, input);
  }
  if (input->offset < next || (input->offset == next && next < r->rest->gate)) {
    return TCPFLOW_ERR_INVALID;
  }
  if (tcpflow__reasm_put(r, budget, limits, input) != TCPFLOW_OK) {
    return TCPFLOW_ERR_NOMEM;
  }
  tcpflow__reasm_drain(r, budget, limits, input, &nobody);
  return r->next == next ? TCPFLOW_OK : TCPFLOW_ERR_LIMIT;
}

/* Reads whose rest it is, and that. */
static unsigned take_rest(tcpflow__record_reader *from,
                          tcpflow__reasm_rest *rest) {
  const unsigned whose = (unsigned)tcpflow__record_take(from, 1);

  *rest = *tcpflow__rest_shared(whose == REST_GATED);
  if (whose == REST_OWN) {
    tcpflow__record_into(from, &rest_fields, rest);
  }
  from->bad = from->bad || whose > REST_OWN;
  return whose;
}

/* The numbers of a rest that holds nothing. */
static void set_rest(tcpflow__reasm_rest *to, const tcpflow__reasm_rest *rest) {
  to->gate = rest->gate;
  to->give_up = rest->give_up;
  to->give_up_reason = rest->give_up_reason;
  to->missing = rest->missing;
  to->duplicate = rest->duplicate;
  to->conflicting = rest->conflicting;
  to->beyond_end = rest->beyond_end;
}

/* A stream that holds nothing.  What may be given up is so by what comes next,
   not by what is read; and what lies behind the end may be held until that is
   reached. */
static int set_stream(tcpflow__reasm *r, tcpflow__budget *budget,
                      const tcpflow__reasm *kept,
                      const tcpflow__reasm_rest *rest, unsigned whose) {
  if (whose == REST_OWN && tcpflow__rest_own(r, budget) != TCPFLOW_OK) {
    return TCPFLOW_ERR_NOMEM;
  }
  r->next = kept->next;
  r->end = UINT64_MAX;
  r->doubtful = kept->doubtful;
  r->overlap = kept->overlap;
  if (tcpflow__rest_is_shared(r)) {
    r->rest = tcpflow__rest_shared(whose == REST_GATED);
    return TCPFLOW_OK;
  }
  set_rest(r->rest, rest);
  r->rest->give_up = 0;
  return TCPFLOW_OK;
}

static int put_pieces(tcpflow__reasm *r, tcpflow__budget *budget,
                      const tcpflow__reasm_limits *limits,
                      tcpflow__record_reader *from, uint64_t end) {
  uint64_t pieces = tcpflow__record_take(from, 4);
  int error = TCPFLOW_OK;

  for (; pieces > 0 && error == TCPFLOW_OK; pieces--) {
    tcpflow__reasm_input input;

    budget->beside = (uint32_t)tcpflow__record_take(from, 4);
    error = tcpflow__piece_take(from, &input)
              ? put_piece(r, budget, limits, &input, end)
              : TCPFLOW_ERR_INVALID;
  }
  budget->beside = 0;
  return error == TCPFLOW_OK && from->bad ? TCPFLOW_ERR_INVALID : error;
}

int tcpflow__reasm_load(tcpflow__reasm *r, tcpflow__budget *budget,
                        const tcpflow__reasm_limits *limits,
                        tcpflow__record_reader *from) {
  tcpflow__reasm kept = *r;
  tcpflow__reasm_rest rest;
  unsigned whose;
  int error;

  tcpflow__record_into(from, &reasm_fields, &kept);
  whose = take_rest(from, &rest);
  if (from->bad || !is_sound(&kept, &rest)) {
    return TCPFLOW_ERR_INVALID;
  }
  error = set_stream(r, budget, &kept, &rest, whose);
  if (error == TCPFLOW_OK) {
    error = put_pieces(r, budget, limits, from, kept.end);
  }
  if (error != TCPFLOW_OK) {
    return error;
  }
  r->end = kept.end;
  if (!tcpflow__rest_is_shared(r)) {
    set_rest(r->rest, &rest);
  }
  return TCPFLOW_OK;
}
