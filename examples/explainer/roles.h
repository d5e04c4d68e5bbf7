/*
 * examples/explainer/roles.h - what a segment does for the opening or close.
 */
#ifndef EXPLAINER_ROLES_H
#define EXPLAINER_ROLES_H

#include "explainer/story.h"

/* Updates both directions of the story by a segment, and says in the step what
 * it acknowledges and which role it plays.  The step's own fields are set. */
void play_role(struct story *story, struct step *step);

#endif
