/*
 * examples/explainer/values.h - numbers, times and names as people read them.
 *
 * Every string lives as long as the chapter.
 */
#ifndef EXPLAINER_VALUES_H
#define EXPLAINER_VALUES_H

#include "explainer/page.h"
#include "explainer/story.h"

/* 3,737,600 */
const char *say_count(struct page *page, uint64_t count);

/* 3147299277: numbers that are looked for in a line have no commas. */
const char *say_number(struct page *page, uint64_t number);

/* 3,737,600 bytes */
const char *say_bytes(struct page *page, uint64_t bytes);

/* 12 segments */
const char *say_segments(struct page *page, uint64_t segments);

/* 3,737,600 bytes (3.6 MiB) */
const char *say_size(struct page *page, uint64_t bytes);

/* 37 µs; 1.086 ms; 312.276 s (5 min 12 s) */
const char *say_duration(struct page *page, tcpflow_time duration);

/* 16:29:59.847444, in the page's time zone. */
const char *say_clock(struct page *page, tcpflow_time time);

/* 58.3 Mbit/s: so many bytes in every so many nanoseconds. */
const char *say_rate(struct page *page, uint64_t bytes, tcpflow_time duration);

/* client; server */
const char *say_side(struct page *page, tcpflow_side side);

/* client → server */
const char *say_direction(struct page *page, tcpflow_side from);

/* 192.0.2.1; host.example */
const char *say_address(struct page *page, const struct story *story,
                        tcpflow_side side);

/* 192.0.2.1:80; [2001:db8::1]:80 */
const char *say_endpoint(struct page *page, const struct story *story,
                         tcpflow_side side);

/* SYN+ACK; FIN+ACK+PSH */
const char *say_flags(struct page *page, unsigned flags);

/* SYN-SENT; not known yet */
const char *say_state(struct page *page, tcpflow_state state);

/* The same without what makes no difference to the handshake or the close. */
const char *say_main_flags(struct page *page, unsigned flags);

/* frame 7; line 7 */
const char *say_place(struct page *page, const struct story *story,
                      uint64_t number);

/* The line of a step as tcpdump prints it; without a time if there was none. */
const char *say_line(const struct story *story, const struct step *step);

/* retransmission, fast retransmission */
const char *say_verdict(struct page *page, tcpflow_verdict verdict);

/* first, second; 第一, 第二 */
const char *say_ordinal(struct page *page, size_t number);

#endif
