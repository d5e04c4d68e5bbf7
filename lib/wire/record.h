/*
 * lib/wire/record.h - objects as octets that another machine reads back.
 *
 * Room: wire.  Includes: base.  A table says which members of a struct are
 * kept; they are written one after the other, least octet first, behind the
 * length of them all.  A later release appends members to the table: a reader
 * that has fewer passes over the rest, and one that has more keeps its own
 * values for them.  At the end stands a digest, so damage is found before a
 * single number is believed.  It is no signature.
 */
#ifndef TCPFLOW__WIRE_RECORD_H
#define TCPFLOW__WIRE_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A member: OCTETS octets, as unsigned numbers of SIZE, 1, 2, 4 or 8.  SIZE 0:
   it is not kept. */
typedef struct tcpflow__field {
  uint16_t at;
  uint16_t octets;
  uint8_t size;
} tcpflow__field;

#define TCPFLOW__FIELDS_OF(type, member, n)                                    \
  {                                                                            \
    offsetof(type, member), sizeof(((type *)0)->member),                       \
      sizeof(((type *)0)->member) / (n)                                        \
  }
#define TCPFLOW__FIELD_OF(type, member) TCPFLOW__FIELDS_OF(type, member, 1)
#define TCPFLOW__FIELD_LEFT_OUT(type, member)                                  \
  { offsetof(type, member), sizeof(((type *)0)->member), 0 }

/* A table, which has fewer than 65536 octets of members. */
typedef struct tcpflow__fields {
  const tcpflow__field *field;
  size_t count;
} tcpflow__fields;

#define TCPFLOW__FIELDS(table)                                                 \
  { (table), sizeof(table) / sizeof((table)[0]) }

/* For tests: are the members in the order of the struct, with no more between
   them, and behind the last one, than alignment to 8 octets asks for? */
bool tcpflow__fields_cover(const tcpflow__fields *fields, size_t size);

/* Octets that are digested, and handed on, together. */
#define TCPFLOW__RECORD_BLOCK 512U

/* Where octets go; answers 0 to go on. */
typedef int (*tcpflow__record_put)(const void *octets, size_t length,
                                   void *user);

typedef struct tcpflow__record_writer {
  tcpflow__record_put put;
  void *user;
  uint64_t digest;
  uint32_t used;
  bool stopped; /* put() has asked for that. */
  uint8_t block[TCPFLOW__RECORD_BLOCK];
} tcpflow__record_writer;

void tcpflow__record_begin(tcpflow__record_writer *to, tcpflow__record_put put,
                           void *user);

/* Writes the low OCTETS octets, 1 to 8. */
void tcpflow__record_number(tcpflow__record_writer *to, uint64_t number,
                            unsigned octets);

/* Writes octets as they are. */
void tcpflow__record_octets(tcpflow__record_writer *to, const void *octets,
                            size_t length);

/* Writes an object, its length before it. */
void tcpflow__record_object(tcpflow__record_writer *to,
                            const tcpflow__fields *fields, const void *object);

/* Writes the digest.  False: put() has asked to stop, some time before. */
bool tcpflow__record_end(tcpflow__record_writer *to);

/* What is left to be read.  Behind the end, and after anything that does not
   fit, everything reads as 0, and `bad` is set. */
typedef struct tcpflow__record_reader {
  const uint8_t *at;
  size_t left;
  bool bad;
} tcpflow__record_reader;

/* False: the digest is wrong, there is nothing to be read. */
bool tcpflow__record_open(tcpflow__record_reader *from, const void *octets,
                          size_t length);

uint64_t tcpflow__record_take(tcpflow__record_reader *from, unsigned octets);

/* Borrows LENGTH octets; NULL: there are fewer. */
const uint8_t *tcpflow__record_borrow(tcpflow__record_reader *from,
                                      size_t length);

/* Reads an object over OBJECT. */
void tcpflow__record_into(tcpflow__record_reader *from,
                          const tcpflow__fields *fields, void *object);

#endif /* TCPFLOW__WIRE_RECORD_H */
