/*
 * examples/explainer/main.c - explain: tells what every TCP connection of a
 * capture, or of tcpdump's lines, did, step by step.
 */
#include "common.h"
#include "explainer/book.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char program[] = "explain";

static const char help[] =
  "usage: explain [options] FILE|-\n"
  "Explains the TCP connections of a capture, or of lines that tcpdump printed:\n"
  "every step of the handshake and of the close, field by field.\n"
  "  --lang en|zh      the language; default: what the locale says\n"
  "  --format FORMAT   text, markdown or checklist; default: text\n"
  "  --max N           explain at most N connections and count the others;\n"
  "                    default: 20\n"
  "  --help, --version\n";

struct options {
  const struct language *language;
  enum page_format format;
  uint64_t max;
  const char *name; /* Of the file. */
};

static void usage(FILE *out, int status) {
  fputs(help, out);
  exit(status);
}

static const struct language *guess_language(void) {
  static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

  for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
    const char *const value = getenv(names[i]);

    if (value != NULL && *value != '\0') {
      return strncmp(value, "zh", 2) == 0 ? &language_zh : &language_en;
    }
  }
  return &language_en;
}

static const struct language *read_language(const char *code) {
  if (strcmp(code, language_en.code) == 0) {
    return &language_en;
  }
  if (strcmp(code, language_zh.code) != 0) {
    usage(stderr, 2);
  }
  return &language_zh;
}

static enum page_format read_format(const char *name) {
  static const char *const names[] = {"text", "markdown", "checklist"};

  for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
    if (strcmp(name, names[i]) == 0) {
      return (enum page_format)i;
    }
  }
  usage(stderr, 2);
  return FORMAT_TEXT;
}

static uint64_t read_count(const char *text) {
  char *end;
  const unsigned long long value = strtoull(text, &end, 10);

  if (text[0] < '0' || text[0] > '9' || *end != '\0') {
    usage(stderr, 2);
  }
  return value;
}

static void take_option(struct options *options, int option,
                        const char *value) {
  switch (option) {
  case 'l':
    options->language = read_language(value);
    break;
  case 'f':
    options->format = read_format(value);
    break;
  case 'm':
    options->max = read_count(value);
    break;
  case 'h':
    usage(stdout, 0);
    break;
  case 'v':
    printf("explain (libtcpflow) %s\n", tcpflow_version(NULL));
    exit(0);
  default:
    usage(stderr, 2);
  }
}

static void read_options(struct options *options, int argc, char **argv) {
  static const struct option known[] = {
    {"lang", required_argument, NULL, 'l'},
    {"format", required_argument, NULL, 'f'},
    {"max", required_argument, NULL, 'm'},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'v'},
    {NULL, 0, NULL, 0},
  };
  int option;

  while ((option = getopt_long(argc, argv, "", known, NULL)) != -1) {
    take_option(options, option, optarg);
  }
  if (optind + 1 != argc) {
    usage(stderr, 2);
  }
  options->name = argv[optind];
}

/* What came before a damage is explained, and so is what was still open. */
static int explain_all(struct book *book, const char *name, source *from) {
  tcpflow_frame frame;
  uint64_t line;
  int error = TCPFLOW_OK;
  int more = 0;

  while (error == TCPFLOW_OK && (more = source_next(from, &frame)) > 0) {
    book->liner.original = source_line(from, &line);
    if (line > 0) {
      frame.number = line; /* What people look for in a text. */
    }
    error = book_read(book, &frame);
  }
  if (error == TCPFLOW_OK) {
    error = book_finish(book);
  }
  if (error != TCPFLOW_OK) {
    complain(program, name, tcpflow_strerror(error));
  } else if (more == 0 && book->connections == 0) {
    complain(program, name, "it holds no TCP connection");
    error = TCPFLOW_ERR_INVALID;
  }
  return error == TCPFLOW_OK && more == 0 && source_broken_lines(from) == 0;
}

static int explain(const struct options *options, source *from) {
  const tcpflow_text_reader *const text = source_text(from);
  struct page page = {.out = stdout,
                      .format = options->format,
                      .words = options->language,
                      .local_times = text == NULL};
  struct book book;
  const int error = book_open(&book, &page, options->max, text);

  if (error != TCPFLOW_OK) {
    complain(program, options->name, tcpflow_strerror(error));
  }
  const int done =
    error == TCPFLOW_OK && explain_all(&book, options->name, from);
  book_close(&book);
  return done;
}

int main(int argc, char **argv) {
  struct options options = {.language = guess_language(), .max = 20};

  tzset();
  read_options(&options, argc, argv);
  source *const from = source_open(program, options.name);
  if (from == NULL) {
    return 1;
  }
  source_tell_skipped(from);
  const int done = explain(&options, from);
  source_close(from);
  return finish_output(program) && done ? 0 : 1;
}
