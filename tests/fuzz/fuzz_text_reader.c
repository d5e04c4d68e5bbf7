/*
 * tests/fuzz/fuzz_text_reader.c - any text: reading stays inside the line, what
 * is read is TCP, and its line, read again, is the same line.
 *
 * Input: text.
 */
#include "unit/text/round.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The line in a block of its own size, so that a sanitizer sees the first octet
   too many. */
static tcpflow_text_result read_line(tcpflow_text_reader *reader,
                                     const uint8_t *line, size_t length,
                                     tcpflow_frame *frame) {
  tcpflow_text_result result;
  char *const copy = malloc(length > 0 ? length : 1);

  round_must(copy != NULL, "no memory");
  if (length > 0) {
    memcpy(copy, line, length);
  }
  round_must(tcpflow_text_reader_line(reader, copy, length, &result, frame) ==
               TCPFLOW_OK,
             "reading failed");
  free(copy);
  if (result == TCPFLOW_TEXT_PACKET) {
    round_check_frame(frame);
  }
  round_must((tcpflow_text_reader_problem(reader)[0] == '\0') ==
               (result == TCPFLOW_TEXT_PACKET || result == TCPFLOW_TEXT_BLANK),
             "a result and no problem, or the other way round");
  return result;
}

/* A line by itself, so that no line before makes its numbers relative. */
static void check_alone(const uint8_t *line, size_t length) {
  tcpflow_text_reader *reader = NULL;
  tcpflow_frame frame;
  round_trip trip;

  round_must(tcpflow_text_reader_new(&reader, NULL, NULL) == TCPFLOW_OK,
             "no memory");
  if (read_line(reader, line, length, &frame) == TCPFLOW_TEXT_PACKET) {
    round_begin(&trip, TCPFLOW_TIME_STYLE_EPOCH, 1);
    const int back = round_go(&trip, &frame);

    if (round_is_told(trip.line) && (!back || !round_is_same(&trip))) {
      fprintf(stderr, "%s\n%s\n", trip.line, trip.again);
      abort();
    }
    round_end(&trip);
  }
  tcpflow_text_reader_del(reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  tcpflow_text_reader *reader = NULL;
  tcpflow_frame frame;

  round_must(tcpflow_text_reader_new(&reader, NULL, NULL) == TCPFLOW_OK,
             "no memory");
  while (size > 0) {
    const uint8_t *const end = memchr(data, '\n', size);
    const size_t length = end == NULL ? size : (size_t)(end - data) + 1;

    (void)read_line(reader, data, length, &frame);
    check_alone(data, length);
    data += length;
    size -= length;
  }
  tcpflow_text_reader_del(reader);
  return 0;
}
