/*
 * lib/base/version.c - which release the program runs with.
 *
 * Room: base.  Includes: nothing of ours.  A function, because the macros of
 * the header are frozen into the caller when it is compiled.
 */
#include <tcpflow/version.h>

const char *tcpflow_version(uint32_t *number) {
  if (number != NULL) {
    *number = TCPFLOW_VERSION_NUMBER;
  }
  return TCPFLOW_VERSION_STRING;
}
