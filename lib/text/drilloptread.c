/*
 * lib/text/drilloptread.c - TCP options, back from packetdrill's words.
 *
 * Room: text.  Includes: options, wire.
 */
#include "text/drill.h"

#include <string.h>

#include "text/drillforms.h"
#include "text/pattern.h"
#include "wire/bytes.h"

enum {
  DIGEST_SIZE = 16
};

static const char no_room[] = "more options than a TCP header holds";
static const char open_value[] = "an option with a value that is missing";

int tcpflow__drill_append(tcpflow__drill_list *list, const uint8_t *octets,
                          unsigned count) {
  if (count > TCPFLOW_OPTIONS_MAX - list->length) {
    return 0;
  }
  memcpy(list->octets + list->length, octets, count);
  list->length += count;
  return 1;
}

/* An option of COUNT octets of data. */
static const char *append_option(tcpflow__drill_list *list, uint8_t kind,
                                 const uint8_t *data, unsigned count) {
  const uint8_t head[] = {kind, (uint8_t)(count + 2)};

  return count <= TCPFLOW_OPTIONS_MAX &&
             tcpflow__drill_append(list, head, sizeof(head)) &&
             tcpflow__drill_append(list, data, count)
           ? NULL
           : no_room;
}

static const char *scan_sack(tcpflow__scan *scan, tcpflow_seq base,
                             tcpflow__drill_list *list) {
  uint8_t data[TCPFLOW_OPTIONS_MAX];
  unsigned size = 0;

  while (size + TCPFLOW__DRILL_BLOCK <= sizeof(data) &&
         tcpflow__scan_pattern(scan, " %4 : %4", data + size)) {
    for (unsigned i = 0; i < TCPFLOW__DRILL_BLOCK; i += 4) {
      tcpflow__store32(
        data + size + i,
        tcpflow_seq_add(base, tcpflow__fetch32(data + size + i)));
    }
    size += TCPFLOW__DRILL_BLOCK;
  }
  return size == 0 ? open_value
                   : append_option(list, TCPFLOW_OPTION_SACK, data, size);
}

/* Pairs of digits, perhaps none; START octets stand before them already. */
static const char *scan_blob(tcpflow__scan *scan, uint8_t kind,
                             const uint8_t *start, unsigned count,
                             tcpflow__drill_list *list) {
  uint8_t data[TCPFLOW_OPTIONS_MAX] = {0};

  memcpy(data, start, count);
  tcpflow__scan_spaces(scan);
  count +=
    (unsigned)tcpflow__scan_octets(scan, data + count, sizeof(data) - count);
  if (tcpflow__hex_value(tcpflow__scan_peek(scan)) < 16) {
    return "an odd number of hexadecimal digits";
  }
  return append_option(list, kind, data, count);
}

/* In a dialect the digest is computed, and the line does not tell it. */
static const char *scan_md5(tcpflow__scan *scan, tcpflow__drill_list *list) {
  static const uint8_t zeros[DIGEST_SIZE] = {0};

  tcpflow__scan_spaces(scan);
  if (tcpflow__scan_word(scan, "valid") ||
      tcpflow__scan_word(scan, "invalid")) {
    list->untold |= TCPFLOW_PACKETDRILL_UNTOLD_OPTIONS;
    return append_option(list, TCPFLOW_OPTION_MD5, zeros, sizeof(zeros));
  }
  return scan_blob(scan, TCPFLOW_OPTION_MD5, zeros, 0, list);
}

/* The order of the counters tells the kind. */
static const char *scan_accecn(tcpflow__scan *scan, tcpflow__drill_list *list) {
  uint8_t data[3 * TCPFLOW__DRILL_COUNTER];
  unsigned count = 0;
  uint64_t number;

  tcpflow__scan_spaces(scan);
  tcpflow__scan ahead = *scan;
  const unsigned order = tcpflow__scan_word(&ahead, "e1b") ? 1 : 0;

  while (count < 3 &&
         tcpflow__scan_word(scan, tcpflow__drill_counters[order][count])) {
    tcpflow__scan_spaces(scan);
    if (!tcpflow__scan_decimal(scan, 0xffffff, &number)) {
      return open_value;
    }
    data[count * TCPFLOW__DRILL_COUNTER] = (uint8_t)(number >> 16);
    data[count * TCPFLOW__DRILL_COUNTER + 1] = (uint8_t)(number >> 8 & 0xffU);
    data[count * TCPFLOW__DRILL_COUNTER + 2] = (uint8_t)(number & 0xffU);
    count++;
    tcpflow__scan_spaces(scan);
  }
  return count == 0 ? open_value
                    : append_option(list,
                                    order == 1 ? TCPFLOW_OPTION_ACCECN_1
                                               : TCPFLOW_OPTION_ACCECN_0,
                                    data, count * TCPFLOW__DRILL_COUNTER);
}

/* TS val ... ecr 0 */
static const char *scan_open_timestamps(tcpflow__scan *scan,
                                        tcpflow__drill_list *list) {
  static const char *const words[] = {"val", "ecr"};
  uint8_t data[8] = {0};
  uint64_t number;

  for (unsigned i = 0; i < 2; i++) {
    tcpflow__scan_spaces(scan);
    if (!tcpflow__scan_word(scan, words[i])) {
      return open_value;
    }
    tcpflow__scan_spaces(scan);
    if (tcpflow__scan_string(scan, "...")) {
      list->untold |= TCPFLOW_PACKETDRILL_UNTOLD_OPTIONS;
    } else if (tcpflow__scan_decimal(scan, UINT32_MAX, &number)) {
      tcpflow__store32(data + 4 * (size_t)i, (uint32_t)number);
    } else {
      return open_value;
    }
  }
  return append_option(list, TCPFLOW_OPTION_TIMESTAMPS, data, sizeof(data));
}

/* raw 0x0102: whole options, or octets that are none. */
static const char *scan_raw(tcpflow__scan *scan, tcpflow__drill_list *list) {
  uint8_t octets[TCPFLOW_OPTIONS_MAX];

  tcpflow__scan_spaces(scan);
  if (!tcpflow__scan_string(scan, "0x")) {
    return open_value;
  }
  const unsigned count =
    (unsigned)tcpflow__scan_octets(scan, octets, sizeof(octets));

  list->untold |= TCPFLOW_PACKETDRILL_UNTOLD_RAW;
  return count > 0 && tcpflow__drill_append(list, octets, count) ? NULL
                                                                 : no_room;
}

/* The option of one octet that the text goes on with; answers 0 if none. */
static int scan_octet(tcpflow__scan *scan, tcpflow__drill_list *list,
                      const char **problem) {
  const uint8_t nop = TCPFLOW_OPTION_NOP;
  const uint8_t eol = TCPFLOW_OPTION_EOL;

  if (tcpflow__scan_word(scan, "nop")) {
    *problem = tcpflow__drill_append(list, &nop, 1) ? NULL : no_room;
    return 1;
  }
  if (tcpflow__scan_word(scan, "eol")) {
    *problem = tcpflow__drill_append(list, &eol, 1) ? NULL : no_room;
    return 1;
  }
  return 0;
}

/* The same for an option of one form. */
static int scan_form(tcpflow__scan *scan, tcpflow__drill_list *list,
                     const char **problem) {
  uint8_t data[8];

  for (unsigned i = 0; i < TCPFLOW__DRILL_FORMS; i++) {
    if (tcpflow__scan_pattern(scan, tcpflow__drill_forms[i].form, data)) {
      *problem = append_option(list, tcpflow__drill_forms[i].kind, data,
                               tcpflow__drill_forms[i].size);
      return 1;
    }
  }
  return 0;
}

static const char *scan_special(tcpflow__scan *scan, tcpflow_seq base,
                                tcpflow__drill_list *list) {
  static const uint8_t magic[] = {TCPFLOW__DRILL_FAST_OPEN_MAGIC >> 8,
                                  TCPFLOW__DRILL_FAST_OPEN_MAGIC & 0xff};

  if (tcpflow__scan_word(scan, "sack")) {
    return scan_sack(scan, base, list);
  }
  if (tcpflow__scan_word(scan, "TS")) {
    return scan_open_timestamps(scan, list);
  }
  if (tcpflow__scan_word(scan, "md5")) {
    return scan_md5(scan, list);
  }
  if (tcpflow__scan_word(scan, "FO")) {
    return scan_blob(scan, TCPFLOW_OPTION_FAST_OPEN, magic, 0, list);
  }
  if (tcpflow__scan_word(scan, "FOEXP")) {
    return scan_blob(scan, TCPFLOW_OPTION_EXPERIMENT_2, magic, sizeof(magic),
                     list);
  }
  if (tcpflow__scan_word(scan, "ECN")) {
    return scan_accecn(scan, list);
  }
  return tcpflow__scan_word(scan, "raw") ? scan_raw(scan, list)
                                         : "an option that is not known";
}

static const char *scan_option(tcpflow__scan *scan, tcpflow_seq base,
                               tcpflow__drill_list *list) {
  const char *problem = NULL;

  tcpflow__scan_spaces(scan);
  if (!scan_octet(scan, list, &problem) && !scan_form(scan, list, &problem) &&
      !tcpflow__drill_scan_mptcp(scan, list, &problem)) {
    problem = scan_special(scan, base, list);
  }
  tcpflow__scan_spaces(scan);
  return problem;
}

const char *tcpflow__drill_scan_options(tcpflow__scan *scan,
                                        tcpflow_seq sack_base,
                                        tcpflow__drill_list *list) {
  const char *problem = NULL;

  tcpflow__scan_spaces(scan);
  if (tcpflow__scan_string(scan, "...")) {
    list->untold |= TCPFLOW_PACKETDRILL_UNTOLD_OPTIONS;
    tcpflow__scan_spaces(scan);
    return tcpflow__scan_char(scan, '>') ? NULL : "options without an end";
  }
  do {
    problem = scan_option(scan, sack_base, list);
  } while (problem == NULL && tcpflow__scan_char(scan, ','));
  if (problem != NULL) {
    return problem;
  }
  if (!tcpflow__scan_char(scan, '>')) {
    return "options without an end";
  }
  return list->length % 4 == 0 ? NULL
                               : "options that are no multiple of four octets";
}
