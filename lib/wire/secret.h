/*
 * lib/wire/secret.h - comparing what nobody should guess octet by octet.
 *
 * Room: wire.  Includes: nothing of ours.
 */
#ifndef TCPFLOW__WIRE_SECRET_H
#define TCPFLOW__WIRE_SECRET_H

#include <stddef.h>
#include <stdint.h>

/* Whether SIZE octets are the same, in a time that does not tell where they
   first differ. */
static inline int tcpflow__same_secret(const uint8_t *a, const uint8_t *b,
                                       size_t size) {
  unsigned differ = 0;

  for (size_t i = 0; i < size; i++) {
    differ |= (unsigned)a[i] ^ b[i];
  }
  return differ == 0;
}

#endif /* TCPFLOW__WIRE_SECRET_H */
