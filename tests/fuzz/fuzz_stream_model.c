/*
 * tests/fuzz/fuzz_stream_model.c - reassembly equals the byte-array model, for
 * any run of calls, limits and failing allocations.
 */
#include "property/stream_model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  model_play(data, size);
  return 0;
}
