/*
 * examples/explainer/agreement.c - the result of the opening.
 */
#include "explainer/sections.h"

#include "explainer/findings.h"
#include "explainer/values.h"
#include "explainer/windows.h"

#include <stdlib.h>

static void write_round_trip(struct page *page, const struct story *story) {
  const tcpflow_time rtt = handshake_rtt(story);
  const enum capture_point point = find_capture_point(story);

  if (rtt == TCPFLOW_TIME_NONE) {
    page_field(page, 0, NAME(page, RTT), RESULT(page, RTT_UNKNOWN));
    return;
  }
  page_field(page, 0, NAME(page, RTT),
             arena_fill(&page->arena, RESULT(page, RTT),
                        say_duration(page, rtt),
                        say_duration(page, story->info.rtt_server),
                        say_duration(page, story->info.rtt_client), NULL));
  if (point != CAPTURE_UNKNOWN) {
    page_field(page, 0, NAME(page, CAPTURE_POINT),
               page->words->capture_points[point]);
  }
}

static void write_numbers(struct page *page, const struct story *story) {
  const struct direction *const client = &story->direction[0];
  const struct direction *const server = &story->direction[1];

  if (!client->iss_known || !server->iss_known) {
    return;
  }
  page_field(
    page, 0, NAME(page, NUMBERS),
    arena_fill(&page->arena, RESULT(page, NUMBERS),
               say_number(page, client->iss), say_number(page, server->iss),
               say_number(page, tcpflow_seq_add(client->iss, 1)),
               say_number(page, tcpflow_seq_add(server->iss, 1)), NULL));
}

/* How much data fits into one segment towards a side. */
static unsigned segment_limit(const struct story *story, tcpflow_side to) {
  const struct step *const syn = find_syn(story, to);
  const unsigned standard = story->tuple.version == 4 ? 536 : 1220;
  const int has_mss =
    syn != NULL && (syn->options.present & TCPFLOW_HAS_MSS) != 0;
  const unsigned mss = has_mss ? syn->options.mss : standard;

  return timestamps_agreed(story) == 1 && mss > 12 ? mss - 12 : mss;
}

static void write_segment_sizes(struct page *page, const struct story *story) {
  if (find_syn(story, TCPFLOW_SIDE_CLIENT) == NULL ||
      find_syn(story, TCPFLOW_SIDE_SERVER) == NULL) {
    return;
  }
  page_field(page, 0, "MSS",
             arena_fill(&page->arena,
                        timestamps_agreed(story) == 1
                          ? RESULT(page, MSS_WITH_TIMESTAMPS)
                          : RESULT(page, MSS),
                        say_bytes(page, segment_limit(story, 0)),
                        say_bytes(page, segment_limit(story, 1)), NULL));
}

static void write_agreed(struct page *page, const char *label, int agreed,
                         const char *yes, const char *no) {
  if (agreed >= 0) {
    page_field(page, 0, label, agreed ? yes : no);
  }
}

static void write_scaling(struct page *page, const struct story *story) {
  const char *const yes =
    arena_fill(&page->arena, RESULT(page, SCALING),
               say_count(page, UINT64_C(1) << window_shift(story, 0)),
               say_count(page, UINT64_C(1) << window_shift(story, 1)), NULL);

  write_agreed(page, NAME(page, SCALING), scaling_agreed(story), yes,
               RESULT(page, NO_SCALING));
}

/* Clocks of two hosts are rarely so close to each other. */
static void write_clocks(struct page *page, const struct story *story) {
  const struct step *const client = find_syn(story, TCPFLOW_SIDE_CLIENT);
  const struct step *const server = find_syn(story, TCPFLOW_SIDE_SERVER);

  if (timestamps_agreed(story) != 1) {
    return;
  }
  const int32_t apart = (int32_t)tcpflow_seq_distance(client->options.ts_val,
                                                      server->options.ts_val);
  if (apart > -1000 && apart < 1000) {
    page_field(page, 0, NAME(page, CLOCKS),
               arena_fill(&page->arena, RESULT(page, CLOCKS),
                          say_count(page, (uint64_t)labs((long)apart)), NULL));
  }
}

void write_agreement(struct page *page, const struct story *story) {
  if (!story->info.established ||
      story->info.open_kind == TCPFLOW_OPEN_MID_STREAM) {
    return;
  }
  page_heading(page, 3, RESULT(page, TITLE));
  write_round_trip(page, story);
  write_numbers(page, story);
  write_segment_sizes(page, story);
  write_scaling(page, story);
  write_agreed(page, "SACK", sack_agreed(story), RESULT(page, SACK),
               RESULT(page, NO_SACK));
  write_agreed(page, NAME(page, TIMESTAMPS), timestamps_agreed(story),
               RESULT(page, TIMESTAMPS), RESULT(page, NO_TIMESTAMPS));
  write_clocks(page, story);
}
