/*
 * tests/oracle/capture.c - reads pcap and pcapng.
 *
 * pcap: https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap-03.html, with
 * the longer records that Kuznetzov's libpcap wrote.  pcapng:
 * draft-ietf-opsawg-pcapng: section, interface, enhanced, simple and the
 * obsolete packet block; all others are passed over.
 */
#include "oracle/capture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  FILE_HEAD = 24,
  RECORD_HEAD = 16,
  BLOCK_HEAD = 8,
  BLOCK_MIN = 12,
  MAGIC_MICRO = 0x1a2b3c4d,
  SECTION = 0x0a0d0d0a,
  INTERFACE = 1,
  OLD_PACKET = 2,
  SIMPLE = 3,
  ENHANCED = 6
};

#define PCAP_MICRO    UINT32_C(0xa1b2c3d4)
#define PCAP_NANO     UINT32_C(0xa1b23c4d)
#define PCAP_MODIFIED UINT32_C(0xa1b2cd34)
#define FRAME_MAX     UINT32_C(0x4000000)

static uint32_t fetch(const capture *from, const uint8_t *bytes, size_t count) {
  uint32_t value = 0;

  for (size_t i = 0; i < count; i++) {
    value = value << 8 | bytes[from->big ? i : count - 1 - i];
  }
  return value;
}

static uint32_t fetch32(const capture *from, const uint8_t *bytes) {
  return fetch(from, bytes, 4);
}

static size_t left(const capture *from) {
  return from->size - from->at;
}

static int read_file(capture *from, FILE *file) {
  size_t room = 1 << 16;

  from->bytes = malloc(room);
  while (from->bytes != NULL) {
    from->size += fread(from->bytes + from->size, 1, room - from->size, file);
    if (from->size < room) {
      return ferror(file) ? -1 : 0;
    }
    room *= 2;
    uint8_t *const more = realloc(from->bytes, room);
    if (more == NULL) {
      return -1;
    }
    from->bytes = more;
  }
  return -1;
}

static int open_pcap(capture *from, uint32_t magic) {
  if (from->size < FILE_HEAD) {
    return -1;
  }
  from->extra = magic == PCAP_MODIFIED ? 8 : 0;
  from->minor = fetch(from, from->bytes + 6, 2);
  from->interfaces = 1;
  /* The upper bits tell of a frame check sequence. */
  from->interface[0] =
    (capture_interface){fetch32(from, from->bytes + 20) & UINT32_C(0x0fffffff),
                        0, magic == PCAP_NANO ? 1 : 1000, 0};
  from->at = FILE_HEAD;
  return 0;
}

static int is_pcap(uint32_t magic) {
  return magic == PCAP_MICRO || magic == PCAP_NANO || magic == PCAP_MODIFIED;
}

static int recognize(capture *from) {
  if (from->size < 4) {
    return -1;
  }
  if (fetch32(from, from->bytes) == SECTION) {
    from->blocks = 1;
    return 0;
  }
  for (from->big = 0; from->big < 2; from->big++) {
    if (is_pcap(fetch32(from, from->bytes))) {
      return open_pcap(from, fetch32(from, from->bytes));
    }
  }
  return -1;
}

int capture_open(capture *from, const char *path) {
  FILE *const file = fopen(path, "rb");

  *from = (capture){0};
  if (file == NULL) {
    return -1;
  }
  const int result = read_file(from, file) == 0 ? recognize(from) : -1;
  fclose(file);
  if (result != 0) {
    capture_close(from);
  }
  return result;
}

void capture_close(capture *from) {
  free(from->bytes);
  *from = (capture){0};
}

static int fill(capture *from, tcpflow_frame *frame, const uint8_t *bytes,
                uint32_t captured, uint32_t length) {
  *frame = (tcpflow_frame){.bytes = bytes,
                           .captured = captured,
                           .length = length,
                           .link = frame->link,
                           .time = frame->time,
                           .number = ++from->number};
  return 1;
}

/* Before version 2.3 the two lengths stood the other way around, and in 2.3
   they may. */
static int is_turned(const capture *from, uint32_t first, uint32_t second) {
  return from->minor < 3 || (from->minor == 3 && first > second);
}

static int next_record(capture *from, tcpflow_frame *frame) {
  const size_t head = RECORD_HEAD + from->extra;

  if (left(from) < head) {
    return 0;
  }
  const uint8_t *const bytes = from->bytes + from->at;
  const uint32_t first = fetch32(from, bytes + 8);
  const uint32_t second = fetch32(from, bytes + 12);
  const int turned = is_turned(from, first, second);
  const uint32_t captured = turned ? second : first;
  if (captured > left(from) - head || captured > FRAME_MAX) {
    return 0;
  }
  from->at += head + captured;
  frame->link = from->interface[0].link;
  frame->time =
    (tcpflow_time)(fetch32(from, bytes) * UINT64_C(1000000000) +
                   fetch32(from, bytes + 4) * from->interface[0].per_tick);
  return fill(from, frame, bytes + head, captured, turned ? first : second);
}

/* if_tsresol: a power of 10, or of 2; what is no power of 10 up to 9 is counted
   as ticks of a second. */
static void set_resolution(capture_interface *interface, uint8_t octet) {
  uint64_t ticks = 1;

  for (unsigned i = 0; i < (octet & 0x7fU) && i < 32; i++) {
    ticks *= (octet & 0x80U) != 0 ? 2 : i < 18 ? 10 : 1;
  }
  interface->per_tick =
    UINT64_C(1000000000) % ticks == 0 ? UINT64_C(1000000000) / ticks : 0;
  interface->ticks = ticks;
}

static void read_interface(capture *from, const uint8_t *body, size_t size) {
  if (from->interfaces == CAPTURE_INTERFACES || size < 8) {
    return;
  }
  capture_interface *const interface = &from->interface[from->interfaces++];
  *interface =
    (capture_interface){fetch(from, body, 2), fetch32(from, body + 4), 1000, 0};
  for (size_t at = 8; size - at >= 4;) {
    const uint32_t length = fetch(from, body + at + 2, 2);
    if (fetch(from, body + at, 2) == 9 && length == 1 && size - at >= 5) {
      set_resolution(interface, body[at + 4]);
    }
    const size_t step = 4 + (length + 3U) / 4 * 4;
    if (step > size - at) {
      return;
    }
    at += step;
  }
}

static tcpflow_time time_of(const capture *from, const uint8_t *bytes,
                            const capture_interface *interface) {
  const uint64_t ticks =
    (uint64_t)fetch32(from, bytes) << 32 | fetch32(from, bytes + 4);

  if (interface->per_tick != 0) {
    return (tcpflow_time)(ticks * interface->per_tick);
  }
  return (tcpflow_time)(ticks / interface->ticks * UINT64_C(1000000000));
}

/* A packet block of either kind: 20 octets, then the frame. */
static int read_packet(capture *from, tcpflow_frame *frame, const uint8_t *body,
                       size_t size, size_t id_size) {
  if (size < 20) {
    return 0;
  }
  const uint32_t id = fetch(from, body, id_size);
  const uint32_t captured = fetch32(from, body + 12);
  if (captured > size - 20 || id >= from->interfaces) {
    return 0;
  }
  frame->link = from->interface[id].link;
  frame->time = time_of(from, body + 4, &from->interface[id]);
  return fill(from, frame, body + 20, captured, fetch32(from, body + 16));
}

static int read_simple(capture *from, tcpflow_frame *frame, const uint8_t *body,
                       size_t size) {
  if (size < 4 || from->interfaces == 0) {
    return 0;
  }
  const uint32_t length = fetch32(from, body);
  const uint32_t snaplen = from->interface[0].snaplen;
  uint32_t captured = (uint32_t)size - 4;
  captured = captured > length ? length : captured;
  captured = snaplen != 0 && captured > snaplen ? snaplen : captured;
  frame->link = from->interface[0].link;
  return fill(from, frame, body + 4, captured, length);
}

/* Whether the block held a frame. */
static int read_block(capture *from, tcpflow_frame *frame, uint32_t type,
                      const uint8_t *body, size_t size) {
  switch (type) {
  case SECTION:
    from->interfaces = 0;
    return 0;
  case INTERFACE:
    read_interface(from, body, size);
    return 0;
  case OLD_PACKET:
    return read_packet(from, frame, body, size, 2);
  case ENHANCED:
    return read_packet(from, frame, body, size, 4);
  case SIMPLE:
    return read_simple(from, frame, body, size);
  default:
    return 0;
  }
}

static int next_block_frame(capture *from, tcpflow_frame *frame) {
  while (left(from) >= BLOCK_MIN) {
    const uint8_t *const bytes = from->bytes + from->at;
    const uint32_t type = fetch32(from, bytes);
    if (type == SECTION) {
      from->big = 0;
      from->big = fetch32(from, bytes + BLOCK_HEAD) != MAGIC_MICRO;
    }
    const uint32_t length = fetch32(from, bytes + 4);
    if (length < BLOCK_MIN || length > left(from)) {
      return 0;
    }
    from->at +=
      (length + 3U) / 4 * 4 <= left(from) ? (length + 3U) / 4 * 4 : left(from);
    if (read_block(from, frame, type, bytes + BLOCK_HEAD, length - BLOCK_MIN)) {
      return 1;
    }
  }
  return 0;
}

int capture_next(capture *from, tcpflow_frame *frame) {
  *frame = (tcpflow_frame){0};
  return from->blocks ? next_block_frame(from, frame)
                      : next_record(from, frame);
}
