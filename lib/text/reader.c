/*
 * lib/text/reader.c - lines of tcpdump's, back into frames.
 *
 * Room: text.  Includes: base, decode.  A line is tidied; its addresses are
 * found, and so the text before and behind them; the words behind them are
 * read; then it gets a time, numbers and headers.  Whatever may need memory
 * comes before whatever is remembered, so that a line that could not be read
 * can be read again.
 */
#include <tcpflow/text.h>

#include <string.h>

#include "base/mem.h"
#include "base/sized.h"
#include "text/absolute.h"
#include "text/address.h"
#include "text/ends.h"
#include "text/forge.h"
#include "text/heads.h"
#include "text/hosts.h"
#include "text/linekind.h"
#include "text/services.h"
#include "text/tidy.h"

TCPFLOW__NO_TAIL_PADDING(tcpflow_text_reader_config, max_hosts);

struct tcpflow_text_reader {
  tcpflow_mem mem;
  tcpflow__relative relative;
  tcpflow__hosts hosts;
  tcpflow__timeline timeline;
  uint64_t lines; /* Read so far. */
  tcpflow__heads heads;
  const char *problem; /* Of the latest line. */
  uint8_t frame[TCPFLOW__FORGE_MAX];
  char tidy[TCPFLOW__TIDY_MAX];
};

void tcpflow_text_reader_config_defaults(tcpflow_text_reader_config *config,
                                         size_t size) {
  const tcpflow_text_reader_config ours = {sizeof(ours), 65536, 65536};

  tcpflow_sized_init(config, size);
  tcpflow__sized_write(config, &ours, sizeof(ours));
}

/* More hosts than this would run out of the block of addresses. */
#define HOSTS_MOST UINT32_C(0x0ffffff0)

static int read_config(tcpflow_text_reader_config *ours,
                       const tcpflow_text_reader_config *theirs) {
  if (theirs == NULL) {
    tcpflow_text_reader_config_init(ours);
    return TCPFLOW_OK;
  }
  const int error = tcpflow__sized_read(ours, sizeof(*ours), theirs);

  if (error != TCPFLOW_OK) {
    return error;
  }
  return ours->max_flows > 0 && ours->max_hosts <= HOSTS_MOST
           ? TCPFLOW_OK
           : TCPFLOW_ERR_INVALID;
}

int tcpflow_text_reader_new(tcpflow_text_reader **out,
                            const tcpflow_text_reader_config *config,
                            const tcpflow_mem *mem) {
  tcpflow_text_reader_config wanted;
  tcpflow_mem ours;
  int error = read_config(&wanted, config);

  if (error == TCPFLOW_OK) {
    error = tcpflow__mem_read(&ours, mem);
  }
  if (error != TCPFLOW_OK) {
    return error;
  }
  tcpflow_text_reader *const reader =
    tcpflow__calloc(&ours, 1, sizeof(*reader));
  if (reader == NULL) {
    return TCPFLOW_ERR_NOMEM;
  }
  reader->mem = ours;
  reader->problem = "";
  tcpflow__relative_init(&reader->relative, &reader->mem, wanted.max_flows);
  tcpflow__hosts_init(&reader->hosts, &reader->mem, wanted.max_hosts);
  *out = reader;
  return TCPFLOW_OK;
}

void tcpflow_text_reader_del(tcpflow_text_reader *reader) {
  if (reader == NULL) {
    return;
  }
  const tcpflow_mem mem = reader->mem;

  tcpflow__relative_free(&reader->relative);
  tcpflow__hosts_free(&reader->hosts);
  tcpflow__free(&mem, reader);
}

const char *tcpflow_text_reader_problem(const tcpflow_text_reader *reader) {
  return reader->problem;
}

const char *tcpflow_text_reader_host(const tcpflow_text_reader *reader,
                                     unsigned version, const uint8_t *address) {
  return tcpflow__hosts_name(&reader->hosts, version, address);
}

/* The innermost of the headers that are named: IP, IP6, ethertype IPv6. */
static unsigned version_of_words(tcpflow__scan text) {
  unsigned version = 0;

  while ((text.text = tcpflow__scan_find(&text, "IP")) != NULL) {
    (void)tcpflow__scan_string(&text, "IP");
    (void)tcpflow__scan_char(&text, 'v');
    if (tcpflow__scan_peek(&text) == '6') {
      version = 6;
    } else if (tcpflow__scan_peek(&text) == ' ' ||
               tcpflow__scan_peek(&text) == '4') {
      version = 4;
    }
  }
  return version;
}

/* A name has the other end's version; of two names, the header's tells. */
static unsigned find_version(const tcpflow_text_reader *reader,
                             const tcpflow__ends *ends,
                             const unsigned version[2]) {
  if (version[0] != 0 || version[1] != 0) {
    return version[0] != 0 ? version[0] : version[1];
  }
  const unsigned told = version_of_words(ends->before);

  if (told != 0) {
    return told;
  }
  return reader->heads.any && reader->heads.ip.version == 6 ? 6 : 4;
}

/* Answers TCPFLOW_ERR_NOMEM, or TCPFLOW_OK; then *PROBLEM may say why not. */
static int name_host(tcpflow_text_reader *reader, tcpflow__scan name,
                     unsigned version, uint8_t *address, const char **problem) {
  uint32_t number;
  const int error = tcpflow__hosts_number(&reader->hosts, name, &number);

  if (error == TCPFLOW_ERR_LIMIT) {
    *problem = "more host names than are remembered";
    return TCPFLOW_OK;
  }
  if (error == TCPFLOW_OK) {
    tcpflow__host_address(number, version, address);
  }
  return error;
}

/* The same; sets addresses and ports. */
static int find_tuple(tcpflow_text_reader *reader, const tcpflow__ends *ends,
                      tcpflow_tuple *tuple, const char **problem) {
  unsigned version[2];

  *tuple = (tcpflow_tuple){.scope = 0};
  for (unsigned i = 0; i < 2; i++) {
    version[i] = tcpflow__scan_address(ends->host[i], tuple->address[i]);
    if (!tcpflow__scan_port(ends->port[i], &tuple->port[i])) {
      *problem = "a port that is no number and no known service";
      return TCPFLOW_OK;
    }
  }
  if (version[0] != 0 && version[1] != 0 && version[0] != version[1]) {
    *problem = "an IPv4 address and an IPv6 address";
    return TCPFLOW_OK;
  }
  tuple->version = (uint8_t)find_version(reader, ends, version);
  for (unsigned i = 0; i < 2 && *problem == NULL; i++) {
    if (version[i] == 0 &&
        name_host(reader, ends->host[i], tuple->version, tuple->address[i],
                  problem) != TCPFLOW_OK) {
      return TCPFLOW_ERR_NOMEM;
    }
  }
  return TCPFLOW_OK;
}

/* What the lines of a packet told up to its addresses. */
typedef struct story {
  tcpflow__heads heads; /* The reader's, once the packet was read. */
  tcpflow__moment when;
  tcpflow__ip_words ip;
} story;

/* Answers TCPFLOW_ERR_NOMEM, or TCPFLOW_OK; then the reader has a problem, or
   the frame is set. */
static int read_packet(tcpflow_text_reader *reader, const tcpflow__ends *ends,
                       const story *told, tcpflow__words *words,
                       tcpflow_frame *frame) {
  const char *problem = NULL;
  tcpflow_tuple tuple;
  int fresh;

  if (find_tuple(reader, ends, &tuple, &problem) != TCPFLOW_OK) {
    return TCPFLOW_ERR_NOMEM;
  }
  if (problem != NULL) {
    reader->problem = problem;
    return TCPFLOW_OK;
  }
  tcpflow__conversation *const one =
    tcpflow__relative_get(&reader->relative, &tuple, &fresh);
  if (one == NULL) {
    return TCPFLOW_ERR_NOMEM;
  }
  const tcpflow_time time =
    tcpflow__timeline_at(&reader->timeline, &told->when);

  tcpflow__make_absolute(one, tcpflow__conversation_side(&tuple), words,
                         &reader->relative.told);
  problem = tcpflow__forge(reader->frame, &tuple, &told->ip, words, frame);
  if (problem != NULL) {
    reader->problem = problem;
    return TCPFLOW_OK;
  }
  frame->time = time;
  frame->number = reader->lines + 1;
  return TCPFLOW_OK;
}

/* A line without a TCP packet; answers what it is. */
static tcpflow_text_result read_other_line(tcpflow_text_reader *reader,
                                           tcpflow__scan line, int other) {
  const tcpflow__line_kind kind =
    other ? TCPFLOW__LINE_KIND_OTHER : tcpflow__kind_of_line(line);

  tcpflow__heads_add(&reader->heads, line);
  switch (kind) {
  case TCPFLOW__LINE_KIND_BLANK:
    return TCPFLOW_TEXT_BLANK;
  case TCPFLOW__LINE_KIND_HEAD:
    reader->problem = "the first of two lines of -v";
    return TCPFLOW_TEXT_OTHER;
  case TCPFLOW__LINE_KIND_OTHER:
    reader->problem = "not a TCP packet";
    return TCPFLOW_TEXT_OTHER;
  case TCPFLOW__LINE_KIND_PROSE:
  default:
    reader->problem = "not a line of tcpdump's";
    return TCPFLOW_TEXT_PROSE;
  }
}

/* What can be said of a shape without reading on; NULL: nothing. */
static const char *problem_of_shape(tcpflow__line_shape shape) {
  switch (shape) {
  case TCPFLOW__SHAPE_CUT:
    return "a TCP header that was not all captured";
  case TCPFLOW__SHAPE_QUIET:
    return "no flags: it was printed with -q";
  case TCPFLOW__SHAPE_NONE:
  case TCPFLOW__SHAPE_FLAGS:
  case TCPFLOW__SHAPE_OLD:
  case TCPFLOW__SHAPE_SHORT:
  case TCPFLOW__SHAPE_OTHER:
  default:
    return NULL;
  }
}

/* A line that tells sender and receiver of TCP. */
static int read_segment(tcpflow_text_reader *reader, const tcpflow__ends *ends,
                        tcpflow__line_shape shape, tcpflow_text_result *result,
                        tcpflow_frame *frame) {
  story told = {.heads = reader->heads};
  const int quoted =
    tcpflow__heads_end(&told.heads, ends->before, &told.when, &told.ip);
  const char *problem = problem_of_shape(shape);
  tcpflow__words words;
  int error = TCPFLOW_OK;

  if (problem == NULL) {
    problem = tcpflow__scan_words(ends->behind, shape, &words);
  }
  if (quoted || problem != NULL) {
    reader->problem = quoted ? "quoted in an ICMP error" : problem;
  } else {
    error = read_packet(reader, ends, &told, &words, frame);
  }
  if (error == TCPFLOW_OK) {
    *result =
      reader->problem[0] == '\0' ? TCPFLOW_TEXT_PACKET : TCPFLOW_TEXT_BROKEN;
    *result = quoted ? TCPFLOW_TEXT_OTHER : *result;
    reader->heads = told.heads;
  }
  return error;
}

static int read_line(tcpflow_text_reader *reader, tcpflow__scan line,
                     tcpflow_text_result *result, tcpflow_frame *frame) {
  tcpflow__ends ends;
  const tcpflow__line_shape shape = tcpflow__find_ends(line, &ends);

  if (shape == TCPFLOW__SHAPE_NONE || shape == TCPFLOW__SHAPE_OTHER) {
    *result = read_other_line(reader, line, shape == TCPFLOW__SHAPE_OTHER);
    return TCPFLOW_OK;
  }
  return read_segment(reader, &ends, shape, result, frame);
}

int tcpflow_text_reader_line(tcpflow_text_reader *reader, const char *line,
                             size_t length, tcpflow_text_result *result,
                             tcpflow_frame *frame) {
  int error = TCPFLOW_OK;

  reader->problem = "";
  if (tcpflow__is_fence(line, length)) {
    *result = TCPFLOW_TEXT_BLANK;
  } else {
    const size_t count = tcpflow__tidy(reader->tidy, line, length);

    error =
      read_line(reader, (tcpflow__scan){reader->tidy, reader->tidy + count},
                result, frame);
  }
  reader->lines += error == TCPFLOW_OK;
  return error;
}
