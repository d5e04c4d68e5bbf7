/*
 * examples/explainer/liner.h - prints packets as tcpdump does, with the names
 * that the text gave to hosts.
 */
#ifndef EXPLAINER_LINER_H
#define EXPLAINER_LINER_H

#include <tcpflow/tcpflow.h>

struct liner {
  tcpflow_printer *printer;
  const tcpflow_text_reader *text; /* Knows the names; NULL for a capture. */
  const char *original;            /* The line that was read; NULL likewise. */
  char buffer[TCPFLOW_TEXT_LINE_MAX];
};

/* Answers a tcpflow_error. */
int liner_open(struct liner *liner, const tcpflow_text_reader *text);

void liner_close(struct liner *liner);

/* A line that the caller frees; `maker` is a struct liner. */
char *liner_print(void *maker, const tcpflow_packet *packet);

#endif
