/*
 * examples/explainer/words_en.h - the tables that words_en.c puts together.
 */
#ifndef EXPLAINER_WORDS_EN_H
#define EXPLAINER_WORDS_EN_H

#include "explainer/words.h"

extern const char *const names_en[NAME_COUNT];
extern const char *const overview_en[OVERVIEW_COUNT];
extern const char *const steps_en[STEP_COUNT];
extern const char *const results_en[RESULT_COUNT];
extern const char *const middle_en[MIDDLE_COUNT];
extern const char *const ending_en[ENDING_COUNT];
extern const char *const tuning_en[TUNING_COUNT];
extern const char *const review_en[REVIEW_COUNT];
extern const char *const totals_en[TOTAL_COUNT];
extern const char *const questions_en[QUESTION_COUNT];
extern const char *const answers_en[QUESTION_COUNT];

#endif
