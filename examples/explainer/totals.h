/*
 * examples/explainer/totals.h - what is said of all connections together.
 */
#ifndef EXPLAINER_TOTALS_H
#define EXPLAINER_TOTALS_H

#include "explainer/book.h"

/* Writes the table of outcomes, if there is more than one connection, and what
 * belongs to none. */
void write_totals(struct book *book);

#endif
