/*
 * bench/harness.h - what every program that is measured does besides: read a
 * capture from standard input into memory, go over it several times, and say
 * how long each pass took and what it found.
 *
 * It is C and C++, and it knows no library, so that all of them are measured in
 * the same way.  A program says one line:
 *
 *   NAME PACKETS TCP SUM NANOSECONDS...
 *
 * with the packets of one pass, the TCP segments among them, the sum of what
 * they say, and the time of each pass.  Two programs that read the same fields
 * say the same SUM: of each segment its sequence and acknowledgment number and
 * its window, and of its options MSS, shift, both timestamps and the edges of
 * all SACK blocks, in 64 bits.
 */
#ifndef TCPFLOW_BENCH_HARNESS_H
#define TCPFLOW_BENCH_HARNESS_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#ifdef __GLIBC__
#include <malloc.h>
#endif

typedef struct harness_packet {
  const uint8_t *bytes;
  uint64_t time; /* Nanoseconds. */
  uint32_t captured;
  uint32_t length;
} harness_packet;

typedef struct harness_packets {
  harness_packet *packet;
  size_t count;
  uint8_t *file; /* The capture as it was read. */
  size_t size;
} harness_packets;

typedef struct harness_found {
  uint64_t tcp;
  uint64_t sum;
} harness_found;

/* Goes over all packets once. */
typedef void harness_pass(const harness_packets *packets, harness_found *found);

static inline void harness_must(int good, const char *what) {
  if (!good) {
    fprintf(stderr, "%s\n", what);
    exit(EXIT_FAILURE);
  }
}

/* Reads all of standard input. */
static inline void harness_read(harness_packets *packets) {
  size_t room = 0;
  size_t n = 1;

  while (n != 0) {
    if (packets->size == room) {
      room = room == 0 ? (size_t)1 << 20 : room * 2;
      packets->file = (uint8_t *)realloc(packets->file, room);
      harness_must(packets->file != NULL, "no memory");
    }
    n = fread(packets->file + packets->size, 1, room - packets->size, stdin);
    packets->size += n;
  }
}

/* Finds the packets in it.  It comes from the machine that reads it. */
static inline void harness_index(harness_packets *packets) {
  size_t room = 0;
  size_t at = 24;
  uint32_t head[4];

  while (at < packets->size && packets->size - at >= sizeof(head)) {
    memcpy(head, packets->file + at, sizeof(head));
    at += sizeof(head);
    harness_must(head[2] <= packets->size - at, "the capture is cut");
    if (packets->count == room) {
      room = room == 0 ? 1024 : room * 2;
      packets->packet = (harness_packet *)realloc(
        packets->packet, room * sizeof(packets->packet[0]));
      harness_must(packets->packet != NULL, "no memory");
    }
    harness_packet *const packet = &packets->packet[packets->count++];
    packet->bytes = packets->file + at;
    packet->time = (uint64_t)head[0] * 1000000000 + head[1];
    packet->captured = head[2];
    packet->length = head[3];
    at += head[2];
  }
}

/* Time on the processor: what other programs do there does not count. */
static inline int64_t harness_now(void) {
  struct timespec now;

  harness_must(clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now) == 0, "no clock");
  return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Memory that a pass gives back is kept for the next one, as it is where a
   program has been at work for a while: handing out pages is the kernel's
   time. */
static inline void harness_keep_memory(void) {
#ifdef __GLIBC__
  harness_must(mallopt(M_MMAP_THRESHOLD, 1 << 30) == 1 &&
                 mallopt(M_TRIM_THRESHOLD, 1 << 30) == 1,
               "no mallopt");
#endif
}

/* Goes over standard input once, and then as often as PASSES says, and tells
   how long each of those took. */
static inline void harness_run(const char *name, const char *passes,
                               harness_pass *pass) {
  harness_packets packets = {NULL, 0, NULL, 0};
  harness_found found = {0, 0};
  const long count = strtol(passes, NULL, 10);
  int64_t *const took =
    (int64_t *)calloc(count > 0 ? (size_t)count : 1, sizeof(int64_t));

  harness_must(took != NULL, "no memory");
  harness_keep_memory();
  harness_read(&packets);
  harness_index(&packets);
  for (long i = -1; i < count; i++) {
    const int64_t start = harness_now();
    found.tcp = 0;
    found.sum = 0;
    pass(&packets, &found);
    if (i >= 0) {
      took[i] = harness_now() - start;
    }
  }
  printf("%s %zu %llu %llu", name, packets.count, (unsigned long long)found.tcp,
         (unsigned long long)found.sum);
  for (long i = 0; i < count; i++) {
    printf(" %lld", (long long)took[i]);
  }
  printf("\n");
  free(took);
  free(packets.packet);
  free(packets.file);
}

#endif /* TCPFLOW_BENCH_HARNESS_H */
