/*
 * examples/explainer/windows.h - what the numbers of a step mean.
 */
#ifndef EXPLAINER_WINDOWS_H
#define EXPLAINER_WINDOWS_H

#include "explainer/page.h"
#include "explainer/story.h"

/* The window that a step offers, in bytes, and why so many. */
const char *explain_window(struct page *page, const struct story *story,
                           const struct step *step);

/* What a maximum segment size tells of the path. */
const char *explain_mss(struct page *page, const struct story *story,
                        unsigned mss);

/* The shift that a side's windows are scaled by; 0 where none was agreed. */
unsigned window_shift(const struct story *story, tcpflow_side side);

#endif
