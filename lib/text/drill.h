/*
 * lib/text/drill.h - what the parts of packetdrill's notation share.
 *
 * Room: text.  Includes: base/mem.h, decode, options.
 */
#ifndef TCPFLOW__TEXT_DRILL_H
#define TCPFLOW__TEXT_DRILL_H

#include <tcpflow/options.h>
#include <tcpflow/packetdrill.h>

#include "base/mem.h"
#include "text/forge.h"
#include "text/line.h"
#include "text/scan.h"

enum {
  TCPFLOW__DRILL_LOCAL = 0, /* Indexes of tuples and first numbers. */
  TCPFLOW__DRILL_REMOTE = 1,
  TCPFLOW__DRILL_TEXT_MAX = 2048 /* A line without its comments. */
};

struct tcpflow_packetdrill {
  tcpflow_mem mem;
  tcpflow_packetdrill_config config;
  tcpflow_seq isn[2];  /* What 0 stands for. */
  uint8_t known[2];    /* It was configured, or a packet told it. */
  uint8_t begun;       /* A packet was written; its times: */
  uint64_t first;      /* Microseconds. */
  uint64_t previous;   /* Microseconds. */
  tcpflow_time clock;  /* Since the script's 0, of the latest line read. */
  uint64_t lines;      /* Read so far. */
  uint32_t untold;     /* Of the latest line. */
  const char *problem; /* Likewise. */
  enum {
    TCPFLOW__DRILL_SCRIPT = 0,
    TCPFLOW__DRILL_COMMENT,
    TCPFLOW__DRILL_CODE,
    TCPFLOW__DRILL_COMMAND
  } inside; /* What the latest line ended in. */
  uint8_t frame[TCPFLOW__FORGE_MAX];
  char text[TCPFLOW__DRILL_TEXT_MAX];
};

/* A list of options on its way in. */
typedef struct tcpflow__drill_list {
  uint8_t octets[TCPFLOW_OPTIONS_MAX];
  unsigned length;
  uint32_t untold; /* tcpflow_packetdrill_untold bits. */
} tcpflow__drill_list;

/* Appends octets; answers 0 if there is no room. */
int tcpflow__drill_append(tcpflow__drill_list *list, const uint8_t *octets,
                          unsigned count);

/* A segment as a line tells it: numbers as they are written. */
typedef struct tcpflow__drill_segment {
  unsigned flags;
  tcpflow_seq seq;
  tcpflow_seq ack;
  uint32_t payload;
  uint16_t window;
  uint16_t urgent;
  uint8_t absolute; /* The sequence number does not count from the first. */
  uint8_t has_ack;
  uint8_t has_ends;    /* Ports, and if the version is not 0, addresses. */
  tcpflow_tuple ends;  /* Index 0 is the sender. */
  tcpflow_build_ip ip; /* Defaults but for what the line tells. */
  tcpflow__drill_list list;
} tcpflow__drill_segment;

/*
 * Reads what stands behind the direction; SACK blocks count from SACK_BASE.
 * Answers NULL, or an English phrase: what is wrong, or for *OTHER that it is
 * another protocol.
 */
const char *tcpflow__drill_scan(tcpflow__scan text, tcpflow_seq sack_base,
                                tcpflow__drill_segment *segment, int *other);

/* Parts of it, in their order.  Each answers NULL, or what is wrong, and takes
   nothing if it is not there: headers that the segment travels in; something of
   IP; the ends. */
const char *tcpflow__drill_skip_prefixes(tcpflow__scan *scan);
const char *tcpflow__drill_scan_ip(tcpflow__scan *scan,
                                   tcpflow__drill_segment *segment);
const char *tcpflow__drill_scan_ends(tcpflow__scan *scan,
                                     tcpflow__drill_segment *segment);

/* Does the text go on with another protocol? */
int tcpflow__drill_is_other(tcpflow__scan text);

/* Reads a list of options from behind its `<` to behind its `>`.  Answers NULL,
   or what is wrong. */
const char *tcpflow__drill_scan_options(tcpflow__scan *scan,
                                        tcpflow_seq sack_base,
                                        tcpflow__drill_list *list);

/* Writes the list of a packet, with its brackets.  Answers
   tcpflow_packetdrill_untold bits. */
uint32_t tcpflow__drill_put_options(tcpflow__line *line,
                                    const tcpflow_packet *packet,
                                    tcpflow_seq sack_base);

/* Writes a Multipath TCP option; answers 0, and nothing is written, if there
   are no words for it. */
int tcpflow__drill_put_mptcp(tcpflow__line *line, const tcpflow_option *option,
                             unsigned flags);

/* Reads one.  Answers 0 if the text does not begin with one of its words; then
   nothing is taken.  Otherwise *PROBLEM may say what is wrong. */
int tcpflow__drill_scan_mptcp(tcpflow__scan *scan, tcpflow__drill_list *list,
                              const char **problem);

#endif /* TCPFLOW__TEXT_DRILL_H */
