/*
 * lib/text/optprint.c - a list of TCP options as tcpdump writes it.
 *
 * Room: text.  Includes: wire.  tcpdump goes on behind the octets that it took
 * of an option, not behind those that the option claims to have; so a list with
 * a wrong length reads differently from there on, and the walk of the options
 * room, which is right, would print another line.  This is the one place that
 * does not use it.
 */
#include "text/optprint.h"

#include <tcpflow/options.h>

#include "text/optform.h"
#include "text/pattern.h"
#include "wire/bytes.h"

enum {
  EXPERIMENT_FAST_OPEN = 0xf989 /* RFC 7413 appendix A. */
};

/* How an option, or a step of writing it, ends. */
typedef enum ending {
  DONE,
  BAD,     /* The list is too short for it. */
  CUT,     /* The capture ends before its length. */
  CUT_DATA /* The capture ends in its data. */
} ending;

/* Where the writing of a list stands. */
typedef struct state {
  tcpflow__line *line;
  const tcpflow__option_source *source;
  const uint8_t *at; /* The next octet. */
  size_t there;      /* Octets that can be read from there on. */
  unsigned left;     /* Octets of the list from there on. */
} state;

/* May COUNT octets be read? */
static ending check(const state *st, unsigned count) {
  if (count > st->left) {
    return BAD;
  }
  return count > st->there ? CUT_DATA : DONE;
}

/* tcpdump steps over some octets without asking whether they were captured. */
static void advance(state *st, unsigned count) {
  const size_t step = count < st->there ? count : st->there;

  st->at += step;
  st->there -= step;
  st->left -= count;
}

/* Octets in hexadecimal, as far as they were captured. */
static ending put_hex_data(const state *st, unsigned from, unsigned size) {
  for (unsigned i = from; i < size; i++) {
    if (check(st, i + 1) != DONE) {
      return check(st, i + 1);
    }
    tcpflow__put_octets(st->line, st->at + i, 1);
  }
  return DONE;
}

static ending put_unknown(const state *st, unsigned size) {
  tcpflow__put(st->line, size > 0 ? " 0x" : "");
  return put_hex_data(st, 0, size);
}

static ending put_sack(const state *st, unsigned size) {
  const tcpflow_seq base = st->source->sack_base;

  if (size % 8 != 0) {
    tcpflow__put(st->line, " invalid sack");
    return DONE;
  }
  tcpflow__put_char(st->line, ' ');
  tcpflow__put_decimal(st->line, size / 8);
  tcpflow__put_char(st->line, ' ');
  for (unsigned i = 0; i < size; i += 8) {
    if (check(st, i + 8) != DONE) {
      return check(st, i + 8);
    }
    tcpflow__put_char(st->line, '{');
    tcpflow__put_decimal(
      st->line, tcpflow_seq_distance(base, tcpflow__fetch32(st->at + i)));
    tcpflow__put_char(st->line, ':');
    tcpflow__put_decimal(
      st->line, tcpflow_seq_distance(base, tcpflow__fetch32(st->at + i + 4)));
    tcpflow__put_char(st->line, '}');
  }
  return DONE;
}

/* Neither tcpdump without -M nor this library has the secret. */
static ending put_md5(const state *st) {
  tcpflow__put(st->line, st->source->whole
                           ? " shared secret not supplied with -M, "
                           : " snaplen too short, ");
  tcpflow__put(st->line, "can't check - ");
  tcpflow__put_octets(st->line, st->at, 16);
  return DONE;
}

static ending put_ao(const state *st, unsigned size) {
  if (size < 2) {
    tcpflow__put(st->line, " (invalid)");
    return DONE;
  }
  if (check(st, 1) != DONE) {
    return check(st, 1);
  }
  tcpflow__put_pattern(st->line, " keyid %1", st->at);
  if (check(st, 2) != DONE) {
    return check(st, 2);
  }
  tcpflow__put_pattern(st->line, " rnextkeyid %1", st->at + 1);
  tcpflow__put(st->line, size > 2 ? " mac 0x" : "");
  return put_hex_data(st, 2, size);
}

/* RFC 7413 section 4.1.1: 4 to 16 octets, an even number. */
static void put_cookie(const state *st, const uint8_t *cookie, unsigned size) {
  if (size == 0) {
    tcpflow__put(st->line, " cookiereq");
  } else if (size % 2 != 0 || size < 4 || size > 16) {
    tcpflow__put(st->line, " (invalid)");
  } else {
    tcpflow__put(st->line, " cookie ");
    tcpflow__put_octets(st->line, cookie, size);
  }
}

static ending put_fast_open(const state *st, unsigned size) {
  tcpflow__put_char(st->line, ' ');
  put_cookie(st, st->at, size);
  return DONE;
}

static ending put_experiment(const state *st, unsigned size) {
  if (size < 2) {
    return BAD;
  }
  const unsigned id = tcpflow__fetch16(st->at);

  tcpflow__put_char(st->line, '-');
  if (id == EXPERIMENT_FAST_OPEN) {
    tcpflow__put(st->line, "tfo");
    put_cookie(st, st->at + 2, size - 2);
  } else {
    tcpflow__put_hex(st->line, id, 4);
  }
  return DONE;
}

/* Kinds whose octets must all be there before anything is written. */
static ending put_whole(const state *st, unsigned kind, unsigned size) {
  if (check(st, size) != DONE) {
    return check(st, size);
  }
  switch (kind) {
  case TCPFLOW_OPTION_MD5:
    return put_md5(st);
  case TCPFLOW_OPTION_FAST_OPEN:
    return put_fast_open(st, size);
  case TCPFLOW_OPTION_EXPERIMENT_2:
    return put_experiment(st, size);
  default:
    return tcpflow__put_mptcp(st->line, st->at - 2, size + 2, st->source->flags)
             ? DONE
             : BAD;
  }
}

static ending put_data(const state *st, const tcpflow__option_form *form,
                       unsigned kind, unsigned size) {
  if (form == NULL) {
    return put_unknown(st, size);
  }
  if (form->form != NULL) {
    if (check(st, form->size) == DONE) {
      tcpflow__put_pattern(st->line, form->form, st->at);
    }
    return check(st, form->size);
  }
  switch (kind) {
  case TCPFLOW_OPTION_SACK:
    return put_sack(st, size);
  case TCPFLOW_OPTION_AO:
    return put_ao(st, size);
  case TCPFLOW_OPTION_MD5:
    return put_whole(st, kind, form->size);
  default:
    return put_whole(st, kind, size);
  }
}

static void put_name(const state *st, const tcpflow__option_form *form,
                     unsigned kind) {
  if (form != NULL) {
    tcpflow__put(st->line, form->name);
    return;
  }
  tcpflow__put(st->line, "unknown-");
  tcpflow__put_decimal(st->line, kind);
}

/* An option that has a length octet; the kind octet is taken. */
static ending put_long(state *st, unsigned kind) {
  const tcpflow__option_form *const form = tcpflow__option_form_of(kind);

  if (st->there == 0) {
    return CUT;
  }
  const unsigned length = *st->at;

  if (length < 2 || length > st->left + 1) {
    return BAD;
  }
  advance(st, 1);
  put_name(st, form, kind);
  const ending end = put_data(st, form, kind, length - 2);
  if (end != DONE) {
    return end;
  }
  const unsigned taken =
    form != NULL && (form->form != NULL || kind == TCPFLOW_OPTION_MD5)
      ? form->size
      : length - 2;

  advance(st, taken);
  if (taken + 2 != length) {
    tcpflow__put(st->line, "[len ");
    tcpflow__put_decimal(st->line, length);
    tcpflow__put_char(st->line, ']');
  }
  return DONE;
}

/* The next option; *LAST is set if it ends the list. */
static ending put_option(state *st, int *last) {
  if (st->there == 0) {
    return CUT;
  }
  const unsigned kind = *st->at;

  advance(st, 1);
  *last = kind == TCPFLOW_OPTION_EOL;
  if (kind == TCPFLOW_OPTION_EOL || kind == TCPFLOW_OPTION_NOP) {
    tcpflow__put(st->line, tcpflow__option_form_of(kind)->name);
    return DONE;
  }
  return put_long(st, kind);
}

/* tcpdump closes some of these, each with another bracket. */
static void put_ending(tcpflow__line *line, ending end, int first) {
  tcpflow__put(line, end == BAD ? "[bad opt]" : " [|tcp]");
  if (!first && end != CUT) {
    tcpflow__put_char(line, end == BAD ? ']' : '>');
  }
}

int tcpflow__put_options(tcpflow__line *line,
                         const tcpflow__option_source *source) {
  state st = {line, source, source->octets, source->there, source->length};
  int last = 0;

  tcpflow__put_char(line, '[');
  for (int first = 1; st.left > 0 && !last; first = 0) {
    tcpflow__put(line, first ? "" : ",");
    const ending end = put_option(&st, &last);

    if (end != DONE) {
      put_ending(line, end, first);
      return 0;
    }
  }
  tcpflow__put_char(line, ']');
  return 1;
}
