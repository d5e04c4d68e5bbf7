/*
 * tests/fuzz/mangle.c - captures, damaged in every way: what exercise.h demands
 * holds for all of it.
 *
 * Every frame is cut at every length, twice: with the length that it had on the
 * wire, and with none beyond the cut.  Each frame that is shaped like no frame
 * before it (link type, layers, kinds of options) has each bit of its first
 * octets turned, and its line of text is damaged; all frames get some random
 * damage.  The octets end at a page that may not be touched, or, with -m, in a
 * block of just their size, for valgrind.
 *
 * Arguments: captures; without any, those in $srcdir/data.  -f N: at most N
 * frames of each file.  -s N: another seed.
 * -r N: random damages of a frame.  -t N: cuts of a frame that is like another
 * (0: all).  -b N: octets of a new shape whose bits are turned.
 * -l N: lines are damaged of each N-th new shape.  -m: blocks.  -k: go on after
 * a violation, and tell each kind of it three times.
 */
#include <dirent.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "fuzz/exercise.h"
#include "oracle/capture.h"
#include "unit/guard.h"

#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifdef SANITIZED
#include <sanitizer/common_interface_defs.h>
#endif

enum {
  ROOM = 1 << 17,    /* The longest frame; what is longer is cut. */
  SHAPES = 1 << 16,  /* Slots of the table of shapes. */
  SHAPE_CUTS = 2048, /* Cuts near the front that are all made. */
  SECONDS = 60       /* No frame takes longer, with all its damages. */
};

typedef struct wishes {
  uint64_t frames;
  uint64_t seed;
  uint32_t random;
  uint32_t cuts;
  uint32_t flipped;
  uint32_t lines;
  int blocks;
} wishes;

typedef struct mangle {
  wishes wish;
  exercise all;
  guard room;
  uint64_t random;
  uint64_t shapes[SHAPES];
  uint64_t files;
  uint64_t originals;
  uint64_t news;
  uint64_t cuts;
  uint64_t flips;
  uint64_t damages;
} mangle;

/* What is being done, for whoever has to repeat it. */
static struct {
  const char *path;
  uint64_t frame;
  const char *damage;
  tcpflow_frame bytes;
} current;

static void tell_current(void) {
  fprintf(stderr, "%s, frame %" PRIu64 ", %s: link %u, captured %u of %u\n",
          current.path, current.frame, current.damage,
          (unsigned)current.bytes.link, (unsigned)current.bytes.captured,
          (unsigned)current.bytes.length);
  for (uint32_t i = 0; i < current.bytes.captured && i < 2048; i++) {
    fprintf(stderr, "%02x%s", current.bytes.bytes[i], i % 32 == 31 ? "\n" : "");
  }
  fputc('\n', stderr);
}

/* Ends the program all the same; what it says first is worth the risk. */
static void on_signal(int number) {
  signal(number, SIG_DFL);
  fprintf(stderr, "signal %d\n", number);
  tell_current();
  raise(number);
}

static struct {
  const char *what;
  uint64_t times;
} violations[64];

static void on_violation(const char *what) {
  const size_t room = sizeof(violations) / sizeof(violations[0]);
  size_t i = 0;

  while (i + 1 < room && violations[i].what != NULL &&
         strcmp(violations[i].what, what) != 0) {
    i++;
  }
  violations[i].what = what;
  if (++violations[i].times <= 3) {
    fprintf(stderr, "violated: %s\n", what);
    tell_current();
  }
}

static uint64_t count_violations(void) {
  uint64_t all = 0;

  for (size_t i = 0; i < sizeof(violations) / sizeof(violations[0]); i++) {
    if (violations[i].times > 0) {
      printf("%" PRIu64 " times violated: %s\n", violations[i].times,
             violations[i].what);
    }
    all += violations[i].times;
  }
  return all;
}

static void watch_signals(void) {
#ifdef SANITIZED
  __sanitizer_set_death_callback(tell_current);
#else
  signal(SIGSEGV, on_signal);
  signal(SIGBUS, on_signal);
#endif
  signal(SIGABRT, on_signal);
  signal(SIGALRM, on_signal);
}

/* xorshift64*: the same everywhere. */
static uint64_t draw(mangle *m, uint64_t below) {
  m->random ^= m->random >> 12;
  m->random ^= m->random << 25;
  m->random ^= m->random >> 27;
  return (m->random * UINT64_C(2685821657736338717) >> 11) % below;
}

static void run_at(mangle *m, const tcpflow_frame *frame, const uint8_t *bytes,
                   const char *damage, tcpflow_packet *packet) {
  tcpflow_frame copy = *frame;

  copy.bytes = frame->captured == 0 ? NULL : bytes;
  current.damage = damage;
  current.bytes = copy;
  exercise_frame(&m->all, &copy);
  if (packet != NULL) {
    exercise_decode(&m->all, &copy, packet);
  }
}

/* Puts the octets where the first one too many is caught. */
static void run(mangle *m, const tcpflow_frame *frame, const char *damage,
                tcpflow_packet *packet) {
  if (m->wish.blocks) {
    uint8_t *const block = malloc(frame->captured > 0 ? frame->captured : 1);
    guard_check(block != NULL, "malloc");
    if (frame->captured > 0) {
      memcpy(block, frame->bytes, frame->captured);
    }
    run_at(m, frame, block, damage, packet);
    free(block);
    return;
  }
  uint8_t *const at = m->room.bytes + ROOM - frame->captured;
  if (frame->captured > 0) {
    memcpy(at, frame->bytes, frame->captured);
  }
  run_at(m, frame, at, damage, packet);
}

static void cut_at(mangle *m, const tcpflow_frame *frame, uint32_t captured,
                   const tcpflow_packet *whole) {
  tcpflow_packet packet;
  tcpflow_frame cut = *frame;

  cut.captured = captured;
  run(m, &cut, "cut", &packet);
  exercise_compare(&packet, whole);
  cut.length = captured;
  run(m, &cut, "cut, and short", NULL);
  m->cuts += 2;
}

/* Every cut; of a frame like another, and in a long payload, a random one
   now and then. */
static void cut(mangle *m, const tcpflow_frame *frame,
                const tcpflow_packet *whole, int is_new) {
  const uint32_t wanted =
    is_new || m->wish.cuts == 0 ? UINT32_MAX : m->wish.cuts;
  const uint32_t end = frame->captured;

  if (wanted >= end && end <= SHAPE_CUTS) {
    for (uint32_t i = 0; i <= end; i++) {
      cut_at(m, frame, i, whole);
    }
    return;
  }
  const uint32_t front = wanted < SHAPE_CUTS ? 0 : SHAPE_CUTS;
  for (uint32_t i = 0; i < front; i++) {
    cut_at(m, frame, i, whole);
  }
  const uint32_t rest = wanted < SHAPE_CUTS ? wanted : 64;
  for (uint32_t i = 0; i < rest; i++) {
    cut_at(m, frame, (uint32_t)draw(m, (uint64_t)end + 1), whole);
  }
}

static void flip(mangle *m, const tcpflow_frame *frame, uint8_t *scratch) {
  const uint32_t wanted = m->wish.flipped;
  const uint32_t end = frame->captured < wanted ? frame->captured : wanted;
  tcpflow_frame turned = *frame;

  turned.bytes = scratch;
  for (uint32_t bit = 0; bit < end * 8; bit++) {
    scratch[bit / 8] ^= (uint8_t)(1U << bit % 8);
    run(m, &turned, "a bit turned", NULL);
    scratch[bit / 8] ^= (uint8_t)(1U << bit % 8);
    m->flips++;
  }
}

/* A number that lengths, counts and offsets are sensitive to. */
static uint8_t odd_octet(mangle *m) {
  static const uint8_t odd[] = {0, 1, 0x7f, 0x80, 0xff, 4, 6, 0x45, 0x60};

  return draw(m, 2) == 0 ? odd[draw(m, sizeof(odd))] : (uint8_t)draw(m, 256);
}

static uint32_t change_one(mangle *m, uint8_t *scratch, uint32_t size) {
  const uint32_t near_front = size < 128 ? size : 128;
  const uint32_t at =
    (uint32_t)draw(m, draw(m, 4) == 0 ? (uint64_t)size : near_front);
  const uint32_t from = (uint32_t)draw(m, size);
  const uint32_t rest = size - (at > from ? at : from);
  const uint32_t count = (uint32_t)draw(m, (uint64_t)rest < 40 ? rest : 40);

  switch (draw(m, 4)) {
  case 0: /* Octets from elsewhere. */
    memmove(scratch + at, scratch + from, count);
    return size;
  case 1: /* Octets left out. */
    memmove(scratch + at, scratch + at + (size - at) / 2,
            size - at - (size - at) / 2);
    return draw(m, 4) == 0 ? size - (size - at) / 2 : size;
  default:
    scratch[at] = odd_octet(m);
    return size;
  }
}

/* A few changes at once, at a random length. */
static void damage(mangle *m, const tcpflow_frame *frame, uint8_t *scratch) {
  tcpflow_frame other = *frame;

  for (uint32_t turn = 0; turn < m->wish.random && frame->captured > 0;
       turn++) {
    uint32_t size = frame->captured;
    memcpy(scratch, frame->bytes, size);
    for (uint64_t changes = 1 + draw(m, 4); changes > 0 && size > 0;
         changes--) {
      size = change_one(m, scratch, size);
    }
    other.bytes = scratch;
    other.captured = size;
    other.length = size + (uint32_t)(draw(m, 3) == 0 ? draw(m, 2000) : 0);
    if (draw(m, 16) == 0) {
      other.length = UINT32_MAX - (uint32_t)draw(m, 3);
    }
    run(m, &other, "random damage", NULL);
    m->damages++;
  }
}

static uint64_t mix(uint64_t hash, uint64_t value) {
  return (hash ^ value) * UINT64_C(1099511628211);
}

static uint64_t shape_of(const tcpflow_packet *packet) {
  uint64_t hash = mix(UINT64_C(14695981039346656037), packet->link);
  tcpflow_option_walk walk;
  tcpflow_option option;

  hash = mix(mix(hash, packet->kind), packet->findings);
  for (size_t i = 0; i < packet->layer_count; i++) {
    hash = mix(hash, packet->layer[i].type);
  }
  if (packet->kind == TCPFLOW_PACKET_TCP) {
    tcpflow_option_walk_init(&walk, packet->bytes + packet->tcp_offset + 20,
                             packet->options_length, packet->options_captured,
                             packet->flags);
    while (tcpflow_option_walk_next(&walk, &option)) {
      hash = mix(hash, option.kind * 256U + option.length);
    }
  }
  return hash | 1;
}

/* Whether no frame before was like it; a full table says no. */
static int is_new(mangle *m, uint64_t shape) {
  for (size_t i = 0; i < 64; i++) {
    uint64_t *const slot = &m->shapes[(shape + i) % SHAPES];
    if (*slot == shape) {
      return 0;
    }
    if (*slot == 0) {
      *slot = shape;
      return 1;
    }
  }
  return 0;
}

static void mangle_frame(mangle *m, const tcpflow_frame *given) {
  static uint8_t scratch[ROOM];
  tcpflow_frame frame = *given;
  tcpflow_packet whole;

  frame.captured = frame.captured > ROOM ? ROOM : frame.captured;
  m->random = mix(mix(m->wish.seed, frame.number), frame.captured) | 1;
  alarm(SECONDS);
  run(m, &frame, "whole", &whole);
  whole.bytes = frame.bytes;
  const int news = is_new(m, shape_of(&whole));
  cut(m, &frame, &whole, news);
  if (frame.captured > 0) {
    memcpy(scratch, frame.bytes, frame.captured);
  }
  if (news) {
    m->news++;
    flip(m, &frame, scratch);
    if (m->news % m->wish.lines == 0) {
      current.damage = "a damaged line";
      exercise_line(&m->all, &frame);
    }
  }
  damage(m, &frame, scratch);
  m->originals++;
  alarm(0);
}

static int mangle_capture(mangle *m, const char *path) {
  capture from;
  tcpflow_frame frame;

  if (capture_open(&from, path) != 0) {
    return -1;
  }
  current.path = path;
  while (capture_next(&from, &frame) && frame.number <= m->wish.frames) {
    current.frame = frame.number;
    mangle_frame(m, &frame);
  }
  capture_close(&from);
  m->files++;
  return 0;
}

static void mangle_file(mangle *m, const char *path) {
  if (mangle_capture(m, path) != 0) {
    fprintf(stderr, "%s: neither pcap nor pcapng: passed over\n", path);
  }
}

static void mangle_folder(mangle *m, const char *folder) {
  DIR *const dir = opendir(folder);
  char path[4096];

  guard_check(dir != NULL, folder);
  for (const struct dirent *entry; (entry = readdir(dir)) != NULL;) {
    const char *const dot = strrchr(entry->d_name, '.');
    if (dot != NULL && strncmp(dot, ".pcap", 5) == 0) {
      const int length =
        snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
      guard_check(length < (int)sizeof(path), "a path too long");
      mangle_file(m, path);
    }
  }
  closedir(dir);
}

static int read_wishes(wishes *wish, int argc, char **argv) {
  int option;

  while ((option = getopt(argc, argv, "b:f:l:s:r:t:mk")) != -1) {
    switch (option) {
    case 'b':
      wish->flipped = (uint32_t)strtoul(optarg, NULL, 10);
      break;
    case 'f':
      wish->frames = strtoull(optarg, NULL, 10);
      break;
    case 'l':
      wish->lines = (uint32_t)strtoul(optarg, NULL, 10) | (*optarg == '0');
      break;
    case 's':
      wish->seed = strtoull(optarg, NULL, 10);
      break;
    case 'r':
      wish->random = (uint32_t)strtoul(optarg, NULL, 10);
      break;
    case 't':
      wish->cuts = (uint32_t)strtoul(optarg, NULL, 10);
      break;
    case 'm':
      wish->blocks = 1;
      break;
    case 'k':
      exercise_violated = on_violation;
      break;
    default:
      return -1;
    }
  }
  return 0;
}

static void report(const mangle *m) {
  printf("%" PRIu64 " files, %" PRIu64 " frames of %" PRIu64 " shapes\n",
         m->files, m->originals, m->news);
  printf("%" PRIu64 " cuts, %" PRIu64 " bits turned, %" PRIu64
         " random damages\n",
         m->cuts, m->flips, m->damages);
  printf("%" PRIu64 " frames decoded, %" PRIu64 " packets, %" PRIu64
         " datagrams out of fragments\n",
         m->all.frames, m->all.packets, m->all.wholes);
  printf("%" PRIu64 " lines printed and read, %" PRIu64
         " damaged lines read, %" PRIu64 " octets of streams\n",
         m->all.lines, m->all.broken, m->all.octets);
}

int main(int argc, char **argv) {
  static mangle m;
  const char *const srcdir = getenv("srcdir");
  char folder[4096];

  m.wish = (wishes){.frames = UINT64_MAX,
                    .seed = 1,
                    .random = 20,
                    .cuts = 0,
                    .flipped = 200,
                    .lines = 1};
  if (read_wishes(&m.wish, argc, argv) != 0) {
    return EXIT_FAILURE;
  }
  watch_signals();
  m.room = guard_room(ROOM);
  exercise_begin(&m.all);
  if (optind == argc) { /* Seconds, and not minutes. */
    m.wish.flipped = 48;
    m.wish.random = 10;
    m.wish.lines = 16;
    snprintf(folder, sizeof(folder), "%s/data", srcdir == NULL ? "." : srcdir);
    mangle_folder(&m, folder);
  }
  for (int i = optind; i < argc; i++) {
    mangle_file(&m, argv[i]);
  }
  exercise_end(&m.all);
  report(&m);
  guard_free(&m.room);
  return count_violations() == 0 && m.originals > 0 ? EXIT_SUCCESS
                                                    : EXIT_FAILURE;
}
