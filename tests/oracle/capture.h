/*
 * tests/oracle/capture.h - the frames of a pcap or pcapng file, for tests.
 *
 * libpcap stops at the first interface of another link type, translates link
 * types, and may be missing; these readers take every frame as the file has it.
 * A file that ends early or contradicts itself ends there, without an error.
 */
#ifndef TCPFLOW_TESTS_CAPTURE_H
#define TCPFLOW_TESTS_CAPTURE_H

#include <tcpflow/packet.h>

enum {
  CAPTURE_INTERFACES = 64
};

/* What a file says once for many frames. */
typedef struct capture_interface {
  uint32_t link;
  uint32_t snaplen;  /* 0: no limit. */
  uint64_t per_tick; /* Nanoseconds of a tick; 0: a tick is less than one. */
  uint64_t ticks;    /* Ticks of a nanosecond, if there is more than one. */
} capture_interface;

typedef struct capture {
  uint8_t *bytes; /* The whole file. */
  size_t size;
  size_t at;       /* The next record or block. */
  int big;         /* Numbers are big-endian. */
  int blocks;      /* It is a pcapng. */
  size_t extra;    /* Octets behind the head of a pcap record. */
  uint32_t minor;  /* The second number of a pcap's version. */
  uint64_t number; /* Of the latest frame. */
  size_t interfaces;
  capture_interface interface[CAPTURE_INTERFACES];
} capture;

/* Reads a file into memory.  0: it is there, and is a pcap or a pcapng. */
int capture_open(capture *from, const char *path);

/* The next frame; 0: that was all.  Its bytes are the capture's. */
int capture_next(capture *from, tcpflow_frame *frame);

void capture_close(capture *from);

#endif /* TCPFLOW_TESTS_CAPTURE_H */
