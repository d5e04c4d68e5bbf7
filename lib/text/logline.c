/*
 * lib/text/logline.c - logs of packet filters as tcpdump writes them.
 *
 * Room: text.  Includes: decode, wire.  NFLOG is Linux's, PFLOG OpenBSD's.
 */
#include "text/cookedline.h"
#include "text/labels.h"

enum {
  NFLOG_PAYLOAD = 9,
  PFLOG_MIN = 45, /* The least length that a header tells. */
  PFLOG_SIZE = 64,
  NO_SUBRULE = -1
};

/* Goes to what the payload record holds; the others are passed by.  Answers 0
   if one of them is cut. */
static int find_payload(tcpflow__view *view) {
  while (view->length > 0) {
    const uint8_t *const record = tcpflow__view_at(view, 0, 4);

    if (record == NULL) {
      return 0;
    }
    const uint32_t size = ((record[0] | (unsigned)record[1] << 8) + 3U) & ~3U;

    if ((size & 0xffffU) < 4 || tcpflow__view_at(view, 0, size) == NULL) {
      return 0;
    }
    if (record[2] == NFLOG_PAYLOAD && record[3] == 0) {
      tcpflow__view_skip(view, 4);
      return 1;
    }
    tcpflow__view_skip(view, size);
  }
  return 1;
}

static const char *family_name(unsigned family) {
  switch (family) {
  case 2:
    return "IPv4";
  case 10:
    return "IPv6";
  default:
    return "Unknown";
  }
}

uint32_t tcpflow__show_nflog(tcpflow__view *view) {
  const uint8_t *const head = tcpflow__view_at(view, 0, 4);
  tcpflow__line *const line = view->line;

  view->name = "nflog";
  if (head == NULL) {
    return tcpflow__view_cut(view);
  }
  if (head[1] != 0) {
    tcpflow__put_word(line, "version ", head[1]);
    return tcpflow__view_stop(view, " (unknown)");
  }
  if (view->link_header) {
    tcpflow__put_word(line, "version 0, resource ID ",
                      tcpflow__fetch16(head + 2));
    tcpflow__put(line, ", family ");
    tcpflow__put(line, family_name(head[0]));
    tcpflow__put_word(line, " (", head[0]);
    tcpflow__put_word(line, "), length ", view->length);
    tcpflow__put(line, ": ");
  }
  tcpflow__view_skip(view, 4);
  if (!find_payload(view)) {
    return tcpflow__view_cut(view);
  }
  switch (head[0]) {
  case 2:
    return TCPFLOW__SHOW_ETHER + 0x0800;
  case 10:
    return TCPFLOW__SHOW_ETHER + 0x86dd;
  default:
    return TCPFLOW__SHOW_LAYER + TCPFLOW_LAYER_NFLOG;
  }
}

/* tcpdump has no name for 3, and for 4 that of 3. */
static const tcpflow__label_row reason_rows[] = {
  {0, "0(match)"},          {1, "1(bad-offset)"},
  {2, "2(fragment)"},       {4, "3(short)"},
  {5, "5(memory)"},         {6, "6(bad-timestamp)"},
  {7, "7(congestion)"},     {8, "8(ip-option)"},
  {9, "9(proto-cksum)"},    {10, "10(state-mismatch)"},
  {11, "11(state-insert)"}, {12, "12(state-limit)"},
  {13, "13(src-limit)"},    {14, "14(synproxy)"},
};
static const tcpflow__labels reasons = {reason_rows, sizeof(reason_rows) /
                                                       sizeof(reason_rows[0])};

static const tcpflow__label_row action_rows[] = {
  {0, "pass"},  {1, "block"},          {2, "scrub"},   {4, "nat"},
  {5, "nonat"}, {6, "binat"},          {7, "nobinat"}, {8, "rdr"},
  {9, "nordr"}, {10, "synproxy-drop"},
};
static const tcpflow__labels actions = {action_rows, sizeof(action_rows) /
                                                       sizeof(action_rows[0])};

static const tcpflow__label_row way_rows[] = {
  {0, "in/out"}, {1, "in"}, {2, "out"}};
static const tcpflow__labels ways = {way_rows, 3};

/* A name, or that there is none. */
static void put_label(tcpflow__line *line, const tcpflow__labels *labels,
                      unsigned number) {
  const char *const name = tcpflow__label(labels, number, NULL);

  if (name != NULL) {
    tcpflow__put(line, name);
    return;
  }
  tcpflow__put_word(line, "unkn(", number);
  tcpflow__put_char(line, ')');
}

/* A name of at most 16 octets, ended by a 0 unless it has all of them. */
static void put_name(tcpflow__line *line, const uint8_t *name) {
  for (unsigned i = 0; i < 16 && name[i] != 0; i++) {
    const unsigned c = name[i] & 0x7fU;

    tcpflow__put(line, name[i] > 0x7f ? "M-" : "");
    tcpflow__put(line, c < 0x20 || c == 0x7f ? "^" : "");
    tcpflow__put_char(line, (char)(c < 0x20 || c == 0x7f ? c ^ 0x40U : c));
  }
}

static void put_rule(tcpflow__line *line, const uint8_t *head) {
  const uint32_t subrule = tcpflow__fetch32(head + 40);

  tcpflow__put_word(line, "rule ", tcpflow__fetch32(head + 36));
  if (subrule != (uint32_t)NO_SUBRULE) {
    tcpflow__put_char(line, '.');
    put_name(line, head + 20);
    tcpflow__put_word(line, ".", subrule);
  }
  tcpflow__put_char(line, '/');
  put_label(line, &reasons, head[3]);
}

static void put_pflog(tcpflow__line *line, const uint8_t *head) {
  put_rule(line, head);
  tcpflow__put(line, ": ");
  put_label(line, &actions, head[2]);
  tcpflow__put_char(line, ' ');
  put_label(line, &ways, head[60]);
  tcpflow__put(line, " on ");
  put_name(line, head + 4);
  tcpflow__put(line, ": ");
}

uint32_t tcpflow__show_pflog(tcpflow__view *view) {
  const uint8_t *const head = tcpflow__view_at(view, 0, PFLOG_SIZE);
  const uint32_t size = head == NULL ? 0 : (head[0] + 3U) & ~3U;

  view->name = "pflog";
  if (head == NULL) {
    return tcpflow__view_cut(view);
  }
  if (head[0] < PFLOG_MIN) {
    return tcpflow__view_stop(view, "[pflog: invalid header length!]");
  }
  if (tcpflow__view_at(view, 0, size) == NULL) {
    return tcpflow__view_cut(view);
  }
  if (view->link_header) {
    put_pflog(view->line, head);
  }
  tcpflow__view_skip(view, size);
  switch (head[1]) {
  case 2:
    return TCPFLOW__SHOW_ETHER + 0x0800;
  case 24:
  case 28:
  case 30:
    return TCPFLOW__SHOW_ETHER + 0x86dd;
  default:
    return TCPFLOW__SHOW_LAYER + TCPFLOW_LAYER_PFLOG;
  }
}
