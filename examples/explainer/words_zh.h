/*
 * examples/explainer/words_zh.h - the tables that words_zh.c puts together.
 */
#ifndef EXPLAINER_WORDS_ZH_H
#define EXPLAINER_WORDS_ZH_H

#include "explainer/words.h"

extern const char *const names_zh[NAME_COUNT];
extern const char *const overview_zh[OVERVIEW_COUNT];
extern const char *const steps_zh[STEP_COUNT];
extern const char *const results_zh[RESULT_COUNT];
extern const char *const middle_zh[MIDDLE_COUNT];
extern const char *const ending_zh[ENDING_COUNT];
extern const char *const tuning_zh[TUNING_COUNT];
extern const char *const review_zh[REVIEW_COUNT];
extern const char *const totals_zh[TOTAL_COUNT];
extern const char *const questions_zh[QUESTION_COUNT];
extern const char *const answers_zh[QUESTION_COUNT];

#endif
