/*
 * bench/counters.c - time on the processor, and what it counts.
 */
#define _GNU_SOURCE

#include "counters.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

#ifdef __linux__
#include <linux/perf_event.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#endif

static uint64_t start_ns;
static int file[COUNTERS] = {-1, -1, -1};

static uint64_t clock_ns(clockid_t clock) {
  struct timespec now = {0, 0};

  (void)clock_gettime(clock, &now);
  return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

uint64_t wall_ns(void) {
  return clock_ns(CLOCK_MONOTONIC);
}

#ifdef __linux__

static int open_one(uint64_t config) {
  struct perf_event_attr attr;

  memset(&attr, 0, sizeof(attr));
  attr.size = sizeof(attr);
  attr.type = PERF_TYPE_HARDWARE;
  attr.config = config;
  attr.disabled = 1;
  attr.exclude_kernel = 1;
  attr.exclude_hv = 1;
  return (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, 0);
}

int counters_open(void) {
  file[COUNTER_INSTRUCTIONS] = open_one(PERF_COUNT_HW_INSTRUCTIONS);
  file[COUNTER_MISSES] = open_one(PERF_COUNT_HW_CACHE_MISSES);
  return file[COUNTER_INSTRUCTIONS] >= 0;
}

static void start_one(int fd) {
  if (fd >= 0) {
    (void)ioctl(fd, PERF_EVENT_IOC_RESET, 0);
    (void)ioctl(fd, PERF_EVENT_IOC_ENABLE, 0);
  }
}

static void stop_one(int fd, uint64_t *total) {
  uint64_t count = 0;

  if (fd >= 0) {
    (void)ioctl(fd, PERF_EVENT_IOC_DISABLE, 0);
    if (read(fd, &count, sizeof(count)) == (ssize_t)sizeof(count)) {
      *total += count;
    }
  }
}

#else

int counters_open(void) {
  return 0;
}

static void start_one(int fd) {
  (void)fd;
}

static void stop_one(int fd, uint64_t *total) {
  (void)fd;
  (void)total;
}

#endif

void counters_start(void) {
  start_one(file[COUNTER_INSTRUCTIONS]);
  start_one(file[COUNTER_MISSES]);
  start_ns = clock_ns(CLOCK_PROCESS_CPUTIME_ID);
}

void counters_stop(uint64_t total[COUNTERS]) {
  total[COUNTER_NS] += clock_ns(CLOCK_PROCESS_CPUTIME_ID) - start_ns;
  stop_one(file[COUNTER_INSTRUCTIONS], &total[COUNTER_INSTRUCTIONS]);
  stop_one(file[COUNTER_MISSES], &total[COUNTER_MISSES]);
}
