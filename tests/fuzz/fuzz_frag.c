/*
 * tests/fuzz/fuzz_frag.c - reassembly equals the model, for any fragments,
 * policies, caps, times and failing allocations.
 */
#include "property/frag_model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  model_play(data, size);
  return 0;
}
