/*
 * examples/explainer/book.c - all connections of an input, a chapter each.
 */
#include "explainer/book.h"

#include "explainer/sections.h"
#include "explainer/totals.h"

static void write_ready_chapters(struct book *book) {
  while (book->first != NULL && book->first->ended) {
    struct story *const story = book->first;

    write_chapter(book->page, story);
    fflush(book->page->out);
    arena_clear(&book->page->arena);
    book->first = story->next;
    if (book->first == NULL) {
      book->end = &book->first;
    }
    story_del(story);
  }
}

static void copy_hosts(const struct book *book, struct story *story) {
  if (book->liner.text == NULL) {
    return;
  }
  story->from_text = 1;
  for (int side = 0; side < 2; side++) {
    const char *const name = tcpflow_text_reader_host(
      book->liner.text, story->tuple.version, story->tuple.address[side]);

    story->host[side] = name == NULL ? NULL : must_copy(name);
  }
}

static int on_new(tcpflow_conn *conn, const tcpflow_new_event *event,
                  void *user) {
  struct book *const book = user;

  book->connections++;
  if (book->connections > book->max) {
    return 0;
  }
  struct story *const story = story_new(book->connections, event);
  copy_hosts(book, story);
  *book->end = story;
  book->end = &story->next;
  tcpflow_conn_set_user_data(conn, story);
  return 0;
}

static int on_segment(tcpflow_conn *conn, const tcpflow_segment_event *event,
                      void *user) {
  struct book *const book = user;
  struct story *const story = tcpflow_conn_user_data(conn);

  if (story != NULL) {
    story_segment(story, event, liner_print, &book->liner);
  }
  return 0;
}

static int on_state(tcpflow_conn *conn, const tcpflow_state_event *event,
                    void *user) {
  struct story *const story = tcpflow_conn_user_data(conn);

  (void)user;
  if (story != NULL) {
    story_state(story, event);
  }
  return 0;
}

static int on_gap(tcpflow_conn *conn, const tcpflow_gap_event *event,
                  void *user) {
  struct story *const story = tcpflow_conn_user_data(conn);

  (void)user;
  if (story != NULL) {
    story_gap(story, event);
  }
  return 0;
}

static enum outcome find_outcome(const tcpflow_conn *conn,
                                 const tcpflow_end_event *event) {
  tcpflow_conn_info info;

  tcpflow_conn_info_init(&info);
  (void)tcpflow_conn_get_info(conn, &info);
  if (event->reason == TCPFLOW_END_FIN) {
    return OUTCOME_FIN;
  }
  if (event->reason == TCPFLOW_END_RESET) {
    return !info.established && event->side == TCPFLOW_SIDE_SERVER
             ? OUTCOME_REFUSED
             : OUTCOME_RESET;
  }
  if (!info.established) {
    return OUTCOME_UNANSWERED;
  }
  return event->reason == TCPFLOW_END_FLUSHED ? OUTCOME_OPEN : OUTCOME_OTHER;
}

static int on_end(tcpflow_conn *conn, const tcpflow_end_event *event,
                  void *user) {
  struct book *const book = user;
  struct story *const story = tcpflow_conn_user_data(conn);

  book->outcomes[find_outcome(conn, event)]++;
  if (story != NULL) {
    story_end(story, conn, event);
  }
  write_ready_chapters(book);
  return 0;
}

/* A RST is the end: a page has no way to take back what it has said. */
static int open_tracker(struct book *book,
                        const tcpflow_conn_callbacks *callbacks) {
  tcpflow_tracker_config config;
  tcpflow_conn_config conn;

  tcpflow_conn_config_init(&conn);
  conn.reset_linger_ns = 0;
  tcpflow_tracker_config_init(&config);
  config.conn = &conn;
  return tcpflow_tracker_new(&book->tracker, &config, callbacks, NULL, book);
}

int book_open(struct book *book, struct page *page, uint64_t max,
              const tcpflow_text_reader *text) {
  tcpflow_conn_callbacks callbacks;

  *book = (struct book){.page = page, .max = max};
  book->end = &book->first;
  tcpflow_conn_callbacks_init(&callbacks);
  callbacks.on_new = on_new;
  callbacks.on_segment = on_segment;
  callbacks.on_state = on_state;
  callbacks.on_gap = on_gap;
  callbacks.on_end = on_end;
  const int error = liner_open(&book->liner, text);
  if (error != TCPFLOW_OK) {
    return error;
  }
  return open_tracker(book, &callbacks);
}

int book_read(struct book *book, const tcpflow_frame *frame) {
  return tcpflow_tracker_feed(book->tracker, frame, 1, NULL);
}

int book_finish(struct book *book) {
  const int error = tcpflow_tracker_flush(book->tracker);

  if (error == TCPFLOW_OK) {
    write_totals(book);
    arena_clear(&book->page->arena);
  }
  return error;
}

void book_close(struct book *book) {
  tcpflow_tracker_del(book->tracker);
  liner_close(&book->liner);
}
