/*
 * lib/base/error.c - the names of the errors.
 *
 * Room: base.  Includes: nothing of ours.  The switch has no default, so that
 * the compiler tells when an error has no name.
 */
#include <tcpflow/base.h>

const char *tcpflow_strerror(int error) {
  switch ((tcpflow_error)error) {
  case TCPFLOW_OK:
    return "no error";
  case TCPFLOW_ERR_INVALID:
    return "invalid argument";
  case TCPFLOW_ERR_STATE:
    return "not allowed in this state";
  case TCPFLOW_ERR_VERSION:
    return "struct not initialized, or newer than the library";
  case TCPFLOW_ERR_NOMEM:
    return "out of memory";
  case TCPFLOW_ERR_LIMIT:
    return "limit reached";
  case TCPFLOW_ERR_CALLBACK:
    return "stopped by a callback";
  }
  return "unknown error";
}
