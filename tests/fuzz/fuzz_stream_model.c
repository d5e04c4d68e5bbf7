/*
 * tests/fuzz/fuzz_stream_model.c - reassembly equals the byte-array model, for
 * any run of calls, limits and failing allocations; and who keeps octets gets
 * them again.
 */
#include "property/stream_keeper.h"
#include "property/stream_model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  model_play(data, size);
  keeper_play(data, size);
  return 0;
}
