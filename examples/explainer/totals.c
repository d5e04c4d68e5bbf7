/*
 * examples/explainer/totals.c - what is said of all connections together.
 */
#include "explainer/totals.h"

#include "explainer/values.h"

/* A sentence for what there is at least one of. */
struct note {
  uint64_t count;
  const char *text;
};

static void write_outcomes(struct page *page, const struct book *book) {
  static const int words[OUTCOME_COUNT] = {TOTAL_FIN,     TOTAL_RESET,
                                           TOTAL_REFUSED, TOTAL_UNANSWERED,
                                           TOTAL_OPEN,    TOTAL_OTHER};
  const char *cells[2 * (OUTCOME_COUNT + 1)] = {TOTAL(page, OUTCOME),
                                                TOTAL(page, CONNECTIONS)};
  size_t rows = 1;

  for (int outcome = 0; outcome < OUTCOME_COUNT; outcome++) {
    if (book->outcomes[outcome] > 0) {
      cells[2 * rows] = page->words->totals[words[outcome]];
      cells[2 * rows + 1] = say_count(page, book->outcomes[outcome]);
      rows++;
    }
  }
  page_table(page, cells, rows, 2);
}

static void write_notes(struct page *page, const struct note *notes,
                        size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (notes[i].count > 0) {
      page_item(page, 0,
                arena_fill(&page->arena, notes[i].text,
                           say_count(page, notes[i].count), NULL));
    }
  }
}

void write_totals(struct book *book) {
  struct page *const page = book->page;
  tcpflow_tracker_stats stats;

  tcpflow_tracker_stats_init(&stats);
  (void)tcpflow_tracker_get_stats(book->tracker, &stats);
  const uint64_t *const packets = stats.packets;
  const struct note notes[] = {
    {stats.stragglers, TOTAL(page, STRAGGLERS)},
    {stats.without_flow, TOTAL(page, WITHOUT_FLOW)},
    {packets[TCPFLOW_PACKET_NOT_TCP] + packets[TCPFLOW_PACKET_NOT_IP] +
       packets[TCPFLOW_PACKET_UNSUPPORTED],
     TOTAL(page, NOT_TCP)},
    {packets[TCPFLOW_PACKET_TRUNCATED] + packets[TCPFLOW_PACKET_MALFORMED] +
       stats.bad_offset,
     TOTAL(page, DAMAGED)},
    {packets[TCPFLOW_PACKET_FRAGMENT] + stats.first_fragments,
     TOTAL(page, FRAGMENTS)},
  };
  const size_t count = sizeof(notes) / sizeof(notes[0]);
  uint64_t sum = 0;

  for (size_t i = 0; i < count; i++) {
    sum += notes[i].count;
  }
  if (book->connections < 2 && sum == 0) {
    return;
  }
  page_heading(page, 1, TOTAL(page, TITLE));
  if (book->connections > book->max) {
    page_say(page, TOTAL(page, COUNTED), say_count(page, book->connections),
             say_count(page, book->max), NULL);
  }
  if (book->connections > 0) {
    write_outcomes(page, book);
  }
  write_notes(page, notes, count);
}
