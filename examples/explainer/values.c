/*
 * examples/explainer/values.c - numbers, times and names as people read them.
 */
#include "explainer/values.h"

#include "explainer/findings.h"

#include <inttypes.h>
#include <string.h>

#define MICROSECOND UINT64_C(1000)

const char *say_number(struct page *page, uint64_t number) {
  return arena_printf(&page->arena, "%" PRIu64, number);
}

const char *say_count(struct page *page, uint64_t count) {
  const char *text = "";

  while (count >= 1000) {
    text =
      arena_printf(&page->arena, ",%03u%s", (unsigned)(count % 1000), text);
    count /= 1000;
  }
  return arena_printf(&page->arena, "%u%s", (unsigned)count, text);
}

const char *say_bytes(struct page *page, uint64_t bytes) {
  return arena_fill(&page->arena,
                    bytes == 1 ? NAME(page, BYTE) : NAME(page, BYTES),
                    say_count(page, bytes), NULL);
}

const char *say_segments(struct page *page, uint64_t segments) {
  return arena_fill(&page->arena,
                    segments == 1 ? NAME(page, SEGMENT) : NAME(page, SEGMENTS),
                    say_count(page, segments), NULL);
}

/* 3.6 of 3,737,600 and 2^20, rounded to the nearer tenth. */
static const char *say_tenths(struct page *page, uint64_t number, uint64_t unit,
                              const char *name) {
  const uint64_t whole = number / unit;
  const uint64_t tenths = ((number % unit) * 10 + unit / 2) / unit;

  return arena_printf(&page->arena, "%" PRIu64 ".%" PRIu64 " %s",
                      whole + tenths / 10, tenths % 10, name);
}

const char *say_size(struct page *page, uint64_t bytes) {
  static const char *const units[] = {"KiB", "MiB", "GiB"};
  const char *const exact = say_bytes(page, bytes);
  size_t unit = 0;

  if (bytes < 4096) {
    return exact;
  }
  while (unit < 2 && bytes >> (10 * (unit + 2)) != 0) {
    unit++;
  }
  return arena_fill(
    &page->arena, NAME(page, IN_BRACKETS), exact,
    say_tenths(page, bytes, UINT64_C(1) << (10 * (unit + 1)), units[unit]),
    NULL);
}

/* 1.086 of 1,086 and 1,000: up to three decimals, no idle zeros. */
static const char *say_thousandths(struct page *page, uint64_t whole,
                                   unsigned thousandths, const char *unit) {
  unsigned digits = thousandths == 0 ? 0 : 3;

  while (digits > 0 && thousandths % 10 == 0) {
    thousandths /= 10;
    digits--;
  }
  if (digits == 0) {
    return arena_printf(&page->arena, "%" PRIu64 " %s", whole, unit);
  }
  return arena_printf(&page->arena, "%" PRIu64 ".%0*u %s", whole, (int)digits,
                      thousandths, unit);
}

static const char *say_scaled(struct page *page, uint64_t ns, uint64_t unit,
                              const char *name) {
  return say_thousandths(page, ns / unit, (unsigned)(ns % unit / (unit / 1000)),
                         name);
}

const char *say_duration(struct page *page, tcpflow_time duration) {
  if (duration < MICROSECOND) {
    return arena_printf(&page->arena, "%" PRIu64 " ns", duration);
  }
  if (duration < TCPFLOW_MILLISECOND) {
    return say_scaled(page, duration, MICROSECOND, "µs");
  }
  if (duration < TCPFLOW_SECOND) {
    return say_scaled(page, duration, TCPFLOW_MILLISECOND, "ms");
  }

  const char *const exact = say_scaled(page, duration, TCPFLOW_SECOND, "s");
  const uint64_t seconds = duration / TCPFLOW_SECOND;
  if (seconds < 120) {
    return exact;
  }
  return arena_fill(&page->arena, NAME(page, IN_BRACKETS), exact,
                    arena_fill(&page->arena, NAME(page, MINUTES),
                               say_count(page, seconds / 60),
                               say_count(page, seconds % 60), NULL),
                    NULL);
}

const char *say_clock(struct page *page, tcpflow_time time) {
  const struct tm date = page_date(page, time);

  return arena_printf(&page->arena, "%02d:%02d:%02d.%06u", date.tm_hour,
                      date.tm_min, date.tm_sec,
                      (unsigned)(time % TCPFLOW_SECOND / MICROSECOND));
}

const char *say_rate(struct page *page, uint64_t bytes, tcpflow_time duration) {
  static const struct {
    uint64_t bits;
    const char *name;
  } units[] = {{UINT64_C(1000000000), "Gbit/s"},
               {UINT64_C(1000000), "Mbit/s"},
               {UINT64_C(1000), "kbit/s"}};
  const double seconds = (double)duration / (double)TCPFLOW_SECOND;
  const uint64_t rate = (uint64_t)((double)bytes * 8 / seconds);
  size_t unit = 0;

  while (unit < 2 && rate < units[unit].bits) {
    unit++;
  }
  return say_tenths(page, rate, units[unit].bits, units[unit].name);
}

const char *say_side(struct page *page, tcpflow_side side) {
  return side == TCPFLOW_SIDE_CLIENT ? NAME(page, CLIENT) : NAME(page, SERVER);
}

const char *say_direction(struct page *page, tcpflow_side from) {
  return arena_printf(&page->arena, "%s → %s", say_side(page, from),
                      say_side(page, tcpflow_side_other(from)));
}

const char *say_address(struct page *page, const struct story *story,
                        tcpflow_side side) {
  char address[64];

  if (story->host[side] != NULL) {
    return story->host[side];
  }
  tcpflow_text_address(address, sizeof(address), story->tuple.version,
                       story->tuple.address[side]);
  return arena_printf(&page->arena, "%s", address);
}

const char *say_endpoint(struct page *page, const struct story *story,
                         tcpflow_side side) {
  const char *const address = say_address(page, story, side);

  return arena_printf(&page->arena,
                      strchr(address, ':') == NULL ? "%s:%u" : "[%s]:%u",
                      address, story->tuple.port[side]);
}

const char *say_flags(struct page *page, unsigned flags) {
  static const struct {
    unsigned flag;
    const char *name;
  } names[] = {{TCPFLOW_FLAG_SYN, "SYN"}, {TCPFLOW_FLAG_FIN, "FIN"},
               {TCPFLOW_FLAG_RST, "RST"}, {TCPFLOW_FLAG_PSH, "PSH"},
               {TCPFLOW_FLAG_URG, "URG"}, {TCPFLOW_FLAG_ACK, "ACK"},
               {TCPFLOW_FLAG_ECE, "ECE"}, {TCPFLOW_FLAG_CWR, "CWR"},
               {TCPFLOW_FLAG_AE, "AE"}};
  const char *text = "";

  for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
    if ((flags & names[i].flag) != 0) {
      text = arena_printf(&page->arena, "%s%s%s", text,
                          *text == '\0' ? "" : "+", names[i].name);
    }
  }
  return *text == '\0' ? NAME(page, NO_FLAGS) : text;
}

const char *say_main_flags(struct page *page, unsigned flags) {
  return say_flags(page, flags & (TCPFLOW_FLAG_SYN | TCPFLOW_FLAG_FIN |
                                  TCPFLOW_FLAG_RST | TCPFLOW_FLAG_ACK));
}

const char *say_place(struct page *page, const struct story *story,
                      uint64_t number) {
  return arena_fill(&page->arena,
                    story->from_text ? NAME(page, LINE) : NAME(page, FRAME),
                    say_count(page, number), NULL);
}

const char *say_line(const struct story *story, const struct step *step) {
  const char *const line = step->line == NULL ? "" : step->line;
  const char *const space = strchr(line, ' ');

  return has_times(story) || space == NULL ? line : space + 1;
}

const char *say_verdict(struct page *page, tcpflow_verdict verdict) {
  const char *text = "";

  for (unsigned bit = 0; bit < TCPFLOW_VERDICT_COUNT; bit++) {
    if (((verdict >> bit) & 1) != 0) {
      text = arena_printf(&page->arena, "%s%s%s", text,
                          *text == '\0' ? "" : page->words->between_items,
                          page->words->verdicts[bit]);
    }
  }
  return text;
}

const char *say_ordinal(struct page *page, size_t number) {
  return number >= 1 && number <= ORDINALS_MAX
           ? page->words->ordinals[number - 1]
           : say_number(page, number);
}
