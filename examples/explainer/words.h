/*
 * examples/explainer/words.h - everything the program says, by what it means.
 *
 * Each language has one table a topic.  A text is a template: {1} to {9} are
 * filled in by the caller, and a translation may use them in any order.  What
 * they stand for is seen best in the English table.
 */
#ifndef EXPLAINER_WORDS_H
#define EXPLAINER_WORDS_H

#include <tcpflow/tcpflow.h>

/* The first ordinals have words: first, second, ... */
#define ORDINALS_MAX 10

/* Labels and single words. */
enum name_word {
  NAME_ACK,
  NAME_ADDRESS,
  NAME_BYTE,
  NAME_BYTES,
  NAME_BYTES_SENT,
  NAME_CAPTURE_POINT,
  NAME_CLIENT,
  NAME_CLIENT_LABEL,
  NAME_CLOCKS,
  NAME_CLOSING,
  NAME_DATA,
  NAME_DATA_LABEL,
  NAME_FIELD,
  NAME_FIN_NUMBER,
  NAME_FIRST,
  NAME_FIRST_BYTE,
  NAME_FLAGS,
  NAME_FRAME,
  NAME_HALF_CLOSE,
  NAME_IN_BRACKETS,
  NAME_ISN,
  NAME_LAST_STATE,
  NAME_LENGTH,
  NAME_LINE,
  NAME_MEANING,
  NAME_MINUTES,
  NAME_MSS,
  NAME_NO,
  NAME_NO_FLAGS,
  NAME_NUMBERS,
  NAME_OPENING,
  NAME_OPTIONS,
  NAME_PATH,
  NAME_PORT,
  NAME_REMARKS,
  NAME_RESULT_LABEL,
  NAME_RTT,
  NAME_SACK,
  NAME_SCALING,
  NAME_SEGMENT,
  NAME_SEGMENTS,
  NAME_SEQ,
  NAME_SERVER,
  NAME_SERVER_LABEL,
  NAME_SIDES,
  NAME_STATES,
  NAME_STATE_OF,
  NAME_SYN_WINDOW,
  NAME_TIME,
  NAME_TIMESTAMPS,
  NAME_TOKEN_OF_SIDE,
  NAME_TSVAL,
  NAME_WINDOW,
  NAME_YES,
  NAME_COUNT
};

/* The facts in short. */
enum overview_word {
  OVERVIEW_DATA_MISSING,
  OVERVIEW_DATA_OF_SIDE,
  OVERVIEW_NO_OPENING,
  OVERVIEW_NO_TIMES,
  OVERVIEW_PATH_LOOPBACK,
  OVERVIEW_PATH_NAT_CLIENT,
  OVERVIEW_PATH_NAT_SERVER,
  OVERVIEW_PATH_PRIVATE,
  OVERVIEW_PATH_PUBLIC,
  OVERVIEW_PORT_CLIENT,
  OVERVIEW_PORT_CLIENT_SPEAKS,
  OVERVIEW_PORT_DYNAMIC,
  OVERVIEW_PORT_LINUX,
  OVERVIEW_PORT_SERVER,
  OVERVIEW_PORT_SERVER_SPEAKS,
  OVERVIEW_PORT_SERVICE,
  OVERVIEW_SIDE,
  OVERVIEW_SIDES_GUESSED,
  OVERVIEW_TIME_POINT,
  OVERVIEW_TIMES,
  OVERVIEW_TITLE,
  OVERVIEW_COUNT
};

/* One segment and its fields. */
enum step_word {
  STEP_ACK_NEXT,
  STEP_ACK_NONE,
  STEP_ACK_OF_DATA,
  STEP_ACK_OF_FIN,
  STEP_ACK_OF_SYN,
  STEP_ACK_OF_SYN_DATA,
  STEP_ACK_OF_SYN_ONLY,
  STEP_BROKEN_OPTION,
  STEP_DIRECTION,
  STEP_ECN_ACCURATE,
  STEP_ECN_AGREED,
  STEP_ECN_OFFERED,
  STEP_EOL,
  STEP_HAS_DATA,
  STEP_HEADING,
  STEP_HEADING_CLOSING,
  STEP_HEADING_OPENING,
  STEP_LEFT_OUT,
  STEP_MD5,
  STEP_MPTCP,
  STEP_MSS,
  STEP_NOP,
  STEP_NO_DATA,
  STEP_NO_OPTIONS,
  STEP_NO_OPTIONS_IN_SYN,
  STEP_OPTIONS_LENGTH,
  STEP_OPTIONS_ORDER,
  STEP_OTHER_OPTION,
  STEP_RELATIVE,
  STEP_SACK_AGREED,
  STEP_SACK_ALONE,
  STEP_SACK_BLOCKS,
  STEP_SACK_OFFERED,
  STEP_SEQ_NOT_PRINTED,
  STEP_SEQ_OF_ACK,
  STEP_SEQ_OF_DATA,
  STEP_SEQ_OF_FIN,
  STEP_SEQ_OF_FIN_UNKNOWN,
  STEP_SEQ_OF_RST,
  STEP_SEQ_OF_SYN,
  STEP_STATE_FIN_COMES,
  STEP_STATE_INFERRED,
  STEP_STATE_LISTEN,
  STEP_STATE_LISTEN_FOR_NOW,
  STEP_STATE_MOVE,
  STEP_STATE_SAME,
  STEP_STATE_UNSEEN,
  STEP_SYN_DATA,
  STEP_SYN_FOR_SERVICE,
  STEP_TFO_COOKIE,
  STEP_TFO_REQUEST,
  STEP_TIME_SINCE,
  STEP_TSECR_EARLIER,
  STEP_TSECR_NOTHING,
  STEP_TSECR_OF,
  STEP_TSVAL,
  STEP_TSVAL_TICKS,
  STEP_TTL,
  STEP_TTL_FRESH,
  STEP_TTL_OTHER,
  STEP_WINDOW_CLOSED,
  STEP_WINDOW_OF_SYN,
  STEP_WINDOW_OTHER_READING,
  STEP_WINDOW_OTHER_READING_TOO,
  STEP_WINDOW_SCALED,
  STEP_WINDOW_SCALED_TOO,
  STEP_WINDOW_UNCHANGED,
  STEP_WINDOW_UNKNOWN,
  STEP_WINDOW_UNSCALED,
  STEP_WSCALE,
  STEP_WSCALE_AGREED,
  STEP_WSCALE_ALONE,
  STEP_WSCALE_OFFERED,
  STEP_WSCALE_TOO_LARGE,
  STEP_COUNT
};

/* What the opening agreed upon. */
enum result_word {
  RESULT_CLOCKS,
  RESULT_MSS,
  RESULT_MSS_WITH_TIMESTAMPS,
  RESULT_NO_SACK,
  RESULT_NO_SCALING,
  RESULT_NO_TIMESTAMPS,
  RESULT_NUMBERS,
  RESULT_RTT,
  RESULT_RTT_UNKNOWN,
  RESULT_SACK,
  RESULT_SCALING,
  RESULT_TIMESTAMPS,
  RESULT_TITLE,
  RESULT_COUNT
};

/* Between the opening and the close. */
enum middle_word {
  MIDDLE_ARITHMETIC,
  MIDDLE_BYTES,
  MIDDLE_COUNTS,
  MIDDLE_DIRECTION,
  MIDDLE_EVENT,
  MIDDLE_EVENT_NO_DATA,
  MIDDLE_GAP_ACKED,
  MIDDLE_GAP_CLOSED,
  MIDDLE_GAP_CUT,
  MIDDLE_GAP_FLUSHED,
  MIDDLE_GAP_LIMIT,
  MIDDLE_GAP_TIMEOUT,
  MIDDLE_MISSING,
  MIDDLE_MORE_EVENTS,
  MIDDLE_ONE_SIDED,
  MIDDLE_RETRANSMISSIONS,
  MIDDLE_SEGMENTS,
  MIDDLE_SILENCE,
  MIDDLE_SILENCE_NO_TIME,
  MIDDLE_TIMESTAMP_MISSING,
  MIDDLE_TITLE,
  MIDDLE_COUNT
};

/* How it ended. */
enum ending_word {
  ENDING_NOTHING, /* No text: tables may hold it as "none". */
  ENDING_ABORTED_OPENING,
  ENDING_EVICTED,
  ENDING_FIN,
  ENDING_FIN_RESET,
  ENDING_FIRST,
  ENDING_FIRST_CROSSING,
  ENDING_HALF_CLOSE,
  ENDING_HALF_CLOSED,
  ENDING_HALF_CLOSE_DATA,
  ENDING_HALF_OPEN,
  ENDING_LAST_ACK_MISSING,
  ENDING_OPEN,
  ENDING_REFUSED,
  ENDING_RESET,
  ENDING_REUSED,
  ENDING_STATES,
  ENDING_TIMEOUT,
  ENDING_TIME_WAIT,
  ENDING_TIME_WAIT_BOTH,
  ENDING_TIME_WAIT_CLIENT,
  ENDING_TIME_WAIT_SERVER,
  ENDING_TITLE,
  ENDING_UNANSWERED,
  ENDING_COUNT
};

/* What is worth tuning in the SYN. */
enum tuning_word {
  TUNING_ECN_FINE,
  TUNING_ECN_NONE,
  TUNING_ECN_REFUSED,
  TUNING_EITHER_SIDE,
  TUNING_FAST_OPEN,
  TUNING_FAST_OPEN_RTT,
  TUNING_FAST_OPEN_ASKED,
  TUNING_FAST_OPEN_USED,
  TUNING_FINE,
  TUNING_INITIAL_FINE,
  TUNING_INITIAL_SMALL,
  TUNING_LIMIT,
  TUNING_LIMIT_UNKNOWN,
  TUNING_LOOK,
  TUNING_MSS_FINE,
  TUNING_MSS_NONE,
  TUNING_MSS_SMALL,
  TUNING_OPTIONAL,
  TUNING_SACK_FINE,
  TUNING_SACK_NONE,
  TUNING_SCALING_FINE,
  TUNING_SCALING_NONE,
  TUNING_SCALING_ZERO,
  TUNING_SYN_ACK_REPEATED,
  TUNING_SYN_REPEATED,
  TUNING_TIMESTAMPS_FINE,
  TUNING_TIMESTAMPS_NONE,
  TUNING_TITLE,
  TUNING_COUNT
};

/* The checklist. */
enum review_word {
  REVIEW_ACK,
  REVIEW_ANSWERS,
  REVIEW_CORE,
  REVIEW_HOW_TO_USE,
  REVIEW_NO_ACK,
  REVIEW_OPTIONS,
  REVIEW_QUESTIONS,
  REVIEW_SEQ,
  REVIEW_STATES,
  REVIEW_STEP,
  REVIEW_TITLE,
  REVIEW_WINDOW,
  REVIEW_COUNT
};

/* Questions; the answers have the same names. */
enum question_word {
  QUESTION_BYTES,
  QUESTION_CAPTURE_POINT,
  QUESTION_CROSSING,
  QUESTION_ESTABLISHED,
  QUESTION_LOST_ACK,
  QUESTION_REFUSED,
  QUESTION_RESET,
  QUESTION_SYN_WINDOW,
  QUESTION_THREE_CLOSE,
  QUESTION_TIME_WAIT,
  QUESTION_UNANSWERED,
  QUESTION_WHY_FOUR,
  QUESTION_WHY_PLUS_ONE,
  QUESTION_WHY_THREE,
  QUESTION_COUNT
};

/* What is said of all connections together. */
enum total_word {
  TOTAL_TITLE,
  TOTAL_COUNTED,
  TOTAL_OUTCOME,
  TOTAL_CONNECTIONS,
  TOTAL_FIN,
  TOTAL_RESET,
  TOTAL_REFUSED,
  TOTAL_UNANSWERED,
  TOTAL_OPEN,
  TOTAL_OTHER,
  TOTAL_STRAGGLERS,
  TOTAL_WITHOUT_FLOW,
  TOTAL_NOT_TCP,
  TOTAL_DAMAGED,
  TOTAL_FRAGMENTS,
  TOTAL_COUNT
};

/* A section's heading and its first words. */
struct titled {
  const char *title;
  const char *text;
};

struct language {
  const char *code; /* "en" */
  const char *between_sentences;
  const char *between_items;
  const char *full_stop;
  const char *markdown_field; /* {1} is the label, {2} the text. */
  const char *const *ordinals;
  const char *const *verdicts;       /* By bit. */
  const char *const *addresses;      /* By enum address_class. */
  const char *const *paths;          /* By enum path_kind. */
  const char *const *roles;          /* By enum role. */
  const char *const *capture_points; /* By enum capture_point. */
  const struct titled *openings;     /* By enum opening_kind. */
  const struct titled *closings;     /* By enum closing_kind. */
  const char *const *names;
  const char *const *overview;
  const char *const *steps;
  const char *const *results;
  const char *const *middle;
  const char *const *ending;
  const char *const *tuning;
  const char *const *review;
  const char *const *totals;
  const char *const *questions;
  const char *const *answers;
};

extern const struct language language_en;
extern const struct language language_zh;

/* A text of the page's language. */
#define NAME(page, word)        ((page)->words->names[NAME_##word])
#define OVERVIEW(page, word)    ((page)->words->overview[OVERVIEW_##word])
#define STEP(page, word)        ((page)->words->steps[STEP_##word])
#define RESULT(page, word)      ((page)->words->results[RESULT_##word])
#define MIDDLE(page, word)      ((page)->words->middle[MIDDLE_##word])
#define ENDING_TEXT(page, word) ((page)->words->ending[ENDING_##word])
#define TUNING(page, word)      ((page)->words->tuning[TUNING_##word])
#define REVIEW(page, word)      ((page)->words->review[REVIEW_##word])
#define TOTAL(page, word)       ((page)->words->totals[TOTAL_##word])
#define QUESTION(page, word)    ((page)->words->questions[QUESTION_##word])
#define ANSWER(page, word)      ((page)->words->answers[QUESTION_##word])

#endif
