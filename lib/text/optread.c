/*
 * lib/text/optread.c - a list of TCP options, back from text.
 *
 * Room: text.  Includes: options, wire.  The octets are such that writing them
 * gives the same text.  Where a text hides octets (an experiment's data, a bad
 * option's), they are 0, and as few as may be.
 */
#include "text/optread.h"

#include <string.h>

#include "text/optform.h"
#include "text/pattern.h"
#include "wire/bytes.h"

enum {
  NOT_SOFT = TCPFLOW_OPTIONS_MAX + 1,
  EXPERIMENT_FAST_OPEN = 0xf989
};

static const char too_many[] = "more options than a TCP header holds";
static const char not_an_option[] = "an option that cannot be read";

/* One option on its way into the list. */
typedef struct option {
  uint8_t data[TCPFLOW_OPTIONS_MAX];
  unsigned size;  /* Octets of data that the text shows. */
  unsigned claim; /* Octets that its length octet claims; 0: size + 2. */
} option;

static int sees(const tcpflow__scan *scan, const char *what) {
  tcpflow__scan at = *scan;

  tcpflow__scan_spaces(&at);
  return tcpflow__scan_string(&at, what);
}

static int sees_cut(const tcpflow__scan *scan) {
  return sees(scan, "[|tcp]");
}

static int sees_bad(const tcpflow__scan *scan) {
  return sees(scan, "[bad opt]");
}

static int scan_hex_data(tcpflow__scan *scan, option *one) {
  const size_t room = sizeof(one->data) - one->size;

  one->size +=
    (unsigned)tcpflow__scan_octets(scan, one->data + one->size, room);
  return 1;
}

static int scan_unknown(tcpflow__scan *scan, option *one) {
  tcpflow__scan_spaces(scan);
  (void)tcpflow__scan_char(scan, ':'); /* opt-9:1122, of older releases. */
  (void)tcpflow__scan_string(scan, "0x");
  (void)scan_hex_data(scan, one);
  one->claim = sees_cut(scan) ? one->size + 3 : 0;
  return 1;
}

static int scan_blocks(tcpflow__scan *scan, option *one) {
  while (one->size + 8 <= sizeof(one->data) &&
         tcpflow__scan_pattern(scan, "{%4:%4}", one->data + one->size)) {
    one->size += 8;
  }
  return 1;
}

static int scan_sack(tcpflow__scan *scan, option *one, int *soft) {
  uint64_t count;

  tcpflow__scan_spaces(scan);
  if (tcpflow__scan_string(scan, "invalid sack") ||
      tcpflow__scan_string(scan, "malformed sack")) {
    one->size = 1;
    *soft = 1;
    return 1;
  }
  (void)tcpflow__scan_word(scan, "sack"); /* Twice, in older releases. */
  tcpflow__scan_spaces(scan);
  if (!tcpflow__scan_decimal(scan, TCPFLOW_OPTIONS_MAX / 8, &count)) {
    return 0;
  }
  tcpflow__scan_spaces(scan);
  (void)scan_blocks(scan, one);
  one->claim = sees_cut(scan) ? 2 + 8 * (unsigned)count : 0;
  return 1;
}

/* With -M, tcpdump tells whether the digest is right, and not what it is. */
static int scan_md5(tcpflow__scan *scan, option *one) {
  const char *const digest = tcpflow__scan_find(scan, "check - ");

  tcpflow__scan_spaces(scan);
  if (digest != NULL) {
    scan->text = digest + strlen("check - ");
    (void)scan_hex_data(scan, one);
    return one->size == 16;
  }
  one->size = 16;
  (void)tcpflow__scan_char(scan, ':');
  return tcpflow__scan_word(scan, "valid") ||
         tcpflow__scan_string(scan, "(invalid)") ||
         tcpflow__scan_word(scan, "invalid") ||
         tcpflow__scan_octets(scan, one->data, 16) == 16;
}

static int scan_ao(tcpflow__scan *scan, option *one, int *soft) {
  if (sees(scan, "(invalid)")) {
    (void)tcpflow__scan_pattern(scan, " (invalid)", one->data);
    *soft = 1;
    return 1;
  }
  one->size += tcpflow__scan_pattern(scan, " keyid %1", one->data) ? 1 : 0;
  one->size +=
    tcpflow__scan_pattern(scan, " rnextkeyid %1", one->data + 1) ? 1 : 0;
  if (tcpflow__scan_pattern(scan, " mac 0x", one->data)) {
    (void)scan_hex_data(scan, one);
  }
  one->claim = sees_cut(scan) ? one->size + 3 : 0;
  if (sees_cut(scan) && one->size < 2) {
    one->claim = 4;
  }
  return one->size >= 2 || sees_cut(scan);
}

static int scan_cookie(tcpflow__scan *scan, option *one, int *soft) {
  tcpflow__scan_spaces(scan);
  if (tcpflow__scan_string(scan, "(invalid)") ||
      tcpflow__scan_word(scan, "invalid")) {
    one->data[one->size++] = 0;
    *soft = 1;
    return 1;
  }
  if (tcpflow__scan_word(scan, "cookiereq")) {
    return 1;
  }
  if (!tcpflow__scan_word(scan, "cookie")) {
    return 0;
  }
  tcpflow__scan_spaces(scan);
  return scan_hex_data(scan, one);
}

static int scan_experiment(tcpflow__scan *scan, option *one, int *soft) {
  uint64_t id;

  if (!tcpflow__scan_char(scan, '-')) {
    return 0;
  }
  one->size = 2;
  if (tcpflow__scan_word(scan, "tfo")) {
    tcpflow__store16(one->data, EXPERIMENT_FAST_OPEN);
    return scan_cookie(scan, one, soft);
  }
  if (!tcpflow__scan_hex(scan, &id) || id > UINT16_MAX) {
    return 0;
  }
  tcpflow__store16(one->data, (uint16_t)id);
  *soft = 1;
  return 1;
}

static int scan_whole_mptcp(tcpflow__scan *scan, unsigned flags, option *one) {
  uint8_t octets[TCPFLOW_OPTIONS_MAX] = {0};
  const unsigned size =
    tcpflow__scan_mptcp(scan, flags, octets, sizeof(octets));

  if (size < 2) {
    return 0;
  }
  one->size = size - 2;
  memcpy(one->data, octets + 2, one->size);
  return 1;
}

static int scan_special(tcpflow__scan *scan, unsigned kind, unsigned flags,
                        option *one, int *soft) {
  switch (kind) {
  case TCPFLOW_OPTION_SACK:
    return scan_sack(scan, one, soft);
  case TCPFLOW_OPTION_MD5:
    return scan_md5(scan, one);
  case TCPFLOW_OPTION_AO:
    return scan_ao(scan, one, soft);
  case TCPFLOW_OPTION_MPTCP:
    return scan_whole_mptcp(scan, flags, one);
  case TCPFLOW_OPTION_FAST_OPEN:
    return scan_cookie(scan, one, soft);
  default:
    return scan_experiment(scan, one, soft);
  }
}

/* The length that an option claims, where it is not the one of its kind. */
static void scan_claim(tcpflow__scan *scan, option *one) {
  uint64_t claim;
  tcpflow__scan at = *scan;

  if (tcpflow__scan_string(&at, "[len ") &&
      tcpflow__scan_decimal(&at, UINT8_MAX, &claim) &&
      tcpflow__scan_char(&at, ']')) {
    one->claim = (unsigned)claim;
    *scan = at;
  }
}

/* The data behind a name.  Nothing is shown of data that is bad or cut. */
static int scan_data(tcpflow__scan *scan, const tcpflow__option_form *form,
                     unsigned flags, option *one, int *soft) {
  const int whole = form != NULL && form->kind != TCPFLOW_OPTION_SACK &&
                    form->kind != TCPFLOW_OPTION_AO;

  if (sees_bad(scan)) {
    one->claim = 2;
    return 1;
  }
  if (whole && sees_cut(scan)) {
    one->claim = 3U + form->size;
    return 1;
  }
  if (form == NULL) {
    return scan_unknown(scan, one);
  }
  if (form->form == NULL) {
    return scan_special(scan, form->kind, flags, one, soft);
  }
  one->size = form->size;
  if (!tcpflow__scan_pattern(scan, form->form, one->data)) {
    return 0;
  }
  scan_claim(scan, one);
  return 1;
}

static const char *append(tcpflow__option_list *list, unsigned kind,
                          const option *one, int soft) {
  const unsigned start = list->length;
  const unsigned claim = one->claim == 0 ? one->size + 2 : one->claim;

  if (start + 2 + one->size > TCPFLOW_OPTIONS_MAX) {
    return too_many;
  }
  list->octets[start] = (uint8_t)kind;
  list->octets[start + 1] = (uint8_t)claim;
  memcpy(list->octets + start + 2, one->data, one->size);
  list->length = start + 2 + one->size;
  list->needed = start + claim > list->needed ? start + claim : list->needed;
  list->soft = soft ? start : list->soft;
  if (kind == TCPFLOW_OPTION_SACK && one->size >= 8 && list->sack_count < 4) {
    list->sacks[list->sack_count++] = start;
  }
  return NULL;
}

/* Behind an EOL the list may go on, so its length tells nothing. */
static const char *append_octet(tcpflow__option_list *list, unsigned kind) {
  if (list->length == TCPFLOW_OPTIONS_MAX) {
    return too_many;
  }
  list->octets[list->length++] = (uint8_t)kind;
  list->soft = kind == TCPFLOW_OPTION_EOL ? NOT_SOFT : list->soft;
  return NULL;
}

/* `[bad opt]` alone: a length below 2, of whatever kind; as the last octet of a
   full list, a kind that has no length at all. */
static const char *append_bad(tcpflow__option_list *list) {
  const option bad = {.size = 0, .claim = 1};

  return list->length == TCPFLOW_OPTIONS_MAX - 1
           ? append_octet(list, TCPFLOW_OPTION_SACK)
           : append(list, TCPFLOW_OPTION_SACK, &bad, 0);
}

/* A kind by name or number; FORM is NULL if it has no name. */
static int scan_kind(tcpflow__scan *scan, const tcpflow__option_form **form,
                     unsigned *kind) {
  uint64_t number;

  *form = tcpflow__option_form_scan(scan);
  if (*form != NULL) {
    *kind = (*form)->kind;
    return 1;
  }
  if ((!tcpflow__scan_string(scan, "unknown-") &&
       !tcpflow__scan_string(scan, "opt-")) ||
      !tcpflow__scan_decimal(scan, UINT8_MAX, &number)) {
    return 0;
  }
  *kind = (unsigned)number;
  return 1;
}

static const char *scan_option(tcpflow__scan *scan, unsigned flags,
                               tcpflow__option_list *list) {
  const tcpflow__option_form *form;
  option one = {{0}, 0, 0};
  unsigned kind;
  int soft = 0;

  if (!scan_kind(scan, &form, &kind)) {
    return not_an_option;
  }
  if (kind == TCPFLOW_OPTION_EOL || kind == TCPFLOW_OPTION_NOP) {
    return append_octet(list, kind);
  }
  return scan_data(scan, form, flags, &one, &soft)
           ? append(list, kind, &one, soft)
           : not_an_option;
}

/* Is the list over here? */
static int is_over(tcpflow__scan *scan, char close, tcpflow__list_end *end) {
  tcpflow__scan_spaces(scan);
  if (tcpflow__scan_string(scan, "[bad opt]")) {
    *end = TCPFLOW__LIST_BAD;
    return 1;
  }
  if (tcpflow__scan_string(scan, "[|tcp]")) {
    *end = TCPFLOW__LIST_CUT;
    return 1;
  }
  *end = TCPFLOW__LIST_WHOLE;
  return tcpflow__scan_char(scan, close);
}

/*
 * The text of some options leaves their length open; but the length of the list
 * is a multiple of four, and tells it.
 */
static void stretch(tcpflow__option_list *list) {
  const unsigned more = (4 - list->length % 4) % 4;

  if (list->soft == NOT_SOFT || more == 0 ||
      list->length + more > TCPFLOW_OPTIONS_MAX) {
    return;
  }
  const unsigned behind = list->soft + list->octets[list->soft + 1];

  memmove(list->octets + behind + more, list->octets + behind,
          list->length - behind);
  memset(list->octets + behind, 0, more);
  list->octets[list->soft + 1] = (uint8_t)(list->octets[list->soft + 1] + more);
  for (unsigned i = 0; i < list->sack_count; i++) {
    list->sacks[i] += list->sacks[i] >= behind ? more : 0;
  }
  list->length += more;
}

/* Options and commas between them, up to the end of the list. */
static const char *scan_list(tcpflow__scan *scan, char close, unsigned flags,
                             tcpflow__option_list *list) {
  while (!sees_bad(scan)) {
    const char *problem = NULL;

    if (is_over(scan, close, &list->end)) {
      return NULL;
    }
    problem = scan_option(scan, flags, list);
    if (problem != NULL || is_over(scan, close, &list->end)) {
      return problem;
    }
    if (!tcpflow__scan_char(scan, ',')) {
      return "a list of options without an end";
    }
    tcpflow__scan_spaces(scan);
  }
  list->end = TCPFLOW__LIST_BAD;
  return append_bad(list);
}

const char *tcpflow__scan_options(tcpflow__scan *scan, char close,
                                  unsigned flags, tcpflow__option_list *list) {
  *list = (tcpflow__option_list){.soft = NOT_SOFT};
  const char *const problem = scan_list(scan, close, flags, list);

  if (problem == NULL && list->end == TCPFLOW__LIST_WHOLE) {
    stretch(list);
  }
  return problem;
}

unsigned tcpflow__option_list_size(const tcpflow__option_list *list) {
  const unsigned size =
    list->needed > list->length ? list->needed : list->length;

  if (list->end == TCPFLOW__LIST_CUT || size > TCPFLOW_OPTIONS_MAX) {
    return TCPFLOW_OPTIONS_MAX;
  }
  return (size + 3) / 4 * 4;
}

int tcpflow__option_list_sack(const tcpflow__option_list *list,
                              tcpflow_seq *left) {
  if (list->sack_count == 0) {
    return 0;
  }
  *left = tcpflow__fetch32(list->octets + list->sacks[0] + 2);
  return 1;
}

void tcpflow__option_list_rebase(tcpflow__option_list *list, tcpflow_seq base) {
  for (unsigned i = 0; i < list->sack_count; i++) {
    uint8_t *const start = list->octets + list->sacks[i];

    for (unsigned j = 2;
         list->sacks[i] + j + 4 <= list->length && j + 4 <= start[1]; j += 4) {
      tcpflow__store32(start + j,
                       tcpflow_seq_add(tcpflow__fetch32(start + j), base));
    }
  }
}
