/*
 * bench/packets.c - writes a workload as a capture to standard output, for
 * programs that read one from a pipe: packets WORKLOAD COUNT
 */
#include "workload.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* The file header of pcap with nanoseconds, in the machine's byte order. */
typedef struct file_header {
  uint32_t magic;
  uint16_t major;
  uint16_t minor;
  uint32_t zone;
  uint32_t accuracy;
  uint32_t snaplen;
  uint32_t link;
} file_header;

typedef struct record_header {
  uint32_t seconds;
  uint32_t nanoseconds;
  uint32_t captured;
  uint32_t length;
} record_header;

static int write_record(void *user, const tcpflow_frame *frame) {
  (void)user;
  if (frame == NULL) {
    return 0;
  }

  const record_header head = {(uint32_t)(frame->time / 1000000000),
                              (uint32_t)(frame->time % 1000000000),
                              frame->captured, frame->length};

  return fwrite(&head, sizeof(head), 1, stdout) != 1 ||
         fwrite(frame->bytes, 1, frame->captured, stdout) != frame->captured;
}

int main(int argc, char **argv) {
  const file_header head = {0xa1b23c4d, 2, 4, 0, 0, 262144, 1};

  if (argc != 3 || isatty(STDOUT_FILENO)) {
    fprintf(stderr, "usage: packets WORKLOAD COUNT | program\n%s",
            workload_names);
    return EXIT_FAILURE;
  }
  if (fwrite(&head, sizeof(head), 1, stdout) != 1 ||
      workload_make(argv[1], strtoul(argv[2], NULL, 10), write_record, NULL) !=
        0 ||
      fflush(stdout) != 0) {
    fprintf(stderr, "packets: cannot write %s\n", argv[1]);
    return EXIT_FAILURE;
  }
  return EXIT_SUCCESS;
}
