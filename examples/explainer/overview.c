/*
 * examples/explainer/overview.c - a connection in short.
 */
#include "explainer/sections.h"

#include "explainer/findings.h"
#include "explainer/network.h"
#include "explainer/values.h"

static enum address_class find_class(const struct story *story,
                                     tcpflow_side side) {
  return story->host[side] != NULL
           ? ADDRESS_NAME
           : classify_address(story->tuple.version, story->tuple.address[side]);
}

static const char *explain_client_port(struct page *page, unsigned port) {
  const char *const number = say_number(page, port);

  if (port >= 49152) {
    return arena_fill(&page->arena, OVERVIEW(page, PORT_DYNAMIC), number, NULL);
  }
  return arena_fill(&page->arena,
                    port >= 32768 ? OVERVIEW(page, PORT_LINUX)
                                  : OVERVIEW(page, PORT_CLIENT),
                    number, NULL);
}

static const char *explain_server_port(struct page *page, uint16_t port) {
  const struct service *const service = find_service(port);
  const char *const number = say_number(page, port);

  if (service == NULL) {
    return arena_fill(&page->arena, OVERVIEW(page, PORT_SERVER), number, NULL);
  }
  return arena_fill(
    &page->arena,
    service->speaker == SPEAKER_SERVER   ? OVERVIEW(page, PORT_SERVER_SPEAKS)
    : service->speaker == SPEAKER_CLIENT ? OVERVIEW(page, PORT_CLIENT_SPEAKS)
                                         : OVERVIEW(page, PORT_SERVICE),
    number, service->name, NULL);
}

static const char *say_class(struct page *page, const struct story *story,
                             tcpflow_side side) {
  const enum address_class class = find_class(story, side);

  return arena_fill(&page->arena, page->words->addresses[class],
                    name_address_rfc(story->tuple.version, class), NULL);
}

static void write_side(struct page *page, const struct story *story,
                       tcpflow_side side) {
  const uint16_t port = story->tuple.port[side];

  page_field(
    page, 0,
    side == TCPFLOW_SIDE_CLIENT ? NAME(page, CLIENT_LABEL)
                                : NAME(page, SERVER_LABEL),
    arena_fill(&page->arena, OVERVIEW(page, SIDE),
               say_endpoint(page, story, side), say_class(page, story, side),
               side == TCPFLOW_SIDE_CLIENT ? explain_client_port(page, port)
                                           : explain_server_port(page, port),
               NULL));
}

static int is_inside(enum address_class class) {
  return class == ADDRESS_PRIVATE || class == ADDRESS_SHARED;
}

/* What the two addresses say of the way between them; NULL: nothing. */
static const char *explain_path(struct page *page, const struct story *story) {
  const enum address_class client = find_class(story, TCPFLOW_SIDE_CLIENT);
  const enum address_class server = find_class(story, TCPFLOW_SIDE_SERVER);

  if (client == ADDRESS_PUBLIC) {
    return server == ADDRESS_PUBLIC ? OVERVIEW(page, PATH_PUBLIC)
           : is_inside(server)      ? OVERVIEW(page, PATH_NAT_SERVER)
                                    : NULL;
  }
  if (is_inside(client)) {
    return server == ADDRESS_PUBLIC ? OVERVIEW(page, PATH_NAT_CLIENT)
           : is_inside(server)      ? OVERVIEW(page, PATH_PRIVATE)
                                    : NULL;
  }
  return client == ADDRESS_LOOPBACK && server == ADDRESS_LOOPBACK
           ? OVERVIEW(page, PATH_LOOPBACK)
           : NULL;
}

/* Lines without a date are given the first days of 1970. */
static const char *say_date(struct page *page, tcpflow_time time) {
  const struct tm date = page_date(page, time);

  return date.tm_year < 80
           ? ""
           : arena_printf(&page->arena, "%04d-%02d-%02d ", date.tm_year + 1900,
                          date.tm_mon + 1, date.tm_mday);
}

static void write_time(struct page *page, const struct story *story) {
  const tcpflow_time first = story->info.first;
  const tcpflow_time last = story->info.last;

  if (!has_times(story)) {
    page_field(page, 0, NAME(page, TIME), OVERVIEW(page, NO_TIMES));
    return;
  }
  page_field(page, 0, NAME(page, TIME),
             arena_fill(&page->arena,
                        first == last ? OVERVIEW(page, TIME_POINT)
                                      : OVERVIEW(page, TIMES),
                        say_date(page, first), say_clock(page, first),
                        say_clock(page, last), say_duration(page, last - first),
                        NULL));
}

static const char *say_data(struct page *page, const struct story *story,
                            tcpflow_side side) {
  const struct direction *const direction = &story->direction[side];
  const uint64_t missing = count_missing(story, side);

  return arena_fill(
    &page->arena,
    missing == 0 ? OVERVIEW(page, DATA_OF_SIDE) : OVERVIEW(page, DATA_MISSING),
    say_side(page, side), say_bytes(page, direction->info.payload),
    say_segments(page, direction->segments), say_bytes(page, missing), NULL);
}

static void write_data(struct page *page, const struct story *story) {
  page_field(page, 0, NAME(page, DATA_LABEL),
             page_add(page, say_data(page, story, TCPFLOW_SIDE_CLIENT),
                      say_data(page, story, TCPFLOW_SIDE_SERVER)));
}

void write_summaries(struct page *page, const struct story *story) {
  const char *const opening = say_opening_summary(page, story);
  const char *const closing = say_closing_summary(page, story);

  if (story->info.open_kind == TCPFLOW_OPEN_MID_STREAM) {
    page_field(page, 0, NAME(page, OPENING), OVERVIEW(page, NO_OPENING));
  } else if (*opening != '\0') {
    page_field(page, 0, NAME(page, OPENING), opening);
  }
  if (*closing != '\0') {
    page_field(page, 0, NAME(page, CLOSING), closing);
  }
}

void write_overview(struct page *page, const struct story *story) {
  const char *const path = explain_path(page, story);

  page_heading(page, 1,
               arena_fill(&page->arena, OVERVIEW(page, TITLE),
                          say_count(page, story->number),
                          say_endpoint(page, story, TCPFLOW_SIDE_CLIENT),
                          say_endpoint(page, story, TCPFLOW_SIDE_SERVER),
                          NULL));
  write_side(page, story, TCPFLOW_SIDE_CLIENT);
  write_side(page, story, TCPFLOW_SIDE_SERVER);
  if (path != NULL) {
    page_field(page, 0, NAME(page, PATH), path);
  }
  if (story->info.open_kind == TCPFLOW_OPEN_MID_STREAM) {
    page_field(page, 0, NAME(page, SIDES), OVERVIEW(page, SIDES_GUESSED));
  }
  write_time(page, story);
  write_data(page, story);
  write_summaries(page, story);
}
