/*
 * lib/conn/toldrecord.c - octets of a stream that were told, and back.
 *
 * Room: conn.  Includes: wire.
 */
#include "conn/toldrecord.h"

void tcpflow__told_save(uint64_t offset, const uint8_t *bytes, uint32_t length,
                        tcpflow__record_writer *to) {
  tcpflow__record_number(to, length, 4);
  if (length != 0) {
    tcpflow__record_number(to, offset, 8);
    tcpflow__record_octets(to, bytes, length);
  }
}

tcpflow_stream_data tcpflow__told_take(tcpflow__record_reader *from) {
  tcpflow_stream_data told = {.length = (size_t)tcpflow__record_take(from, 4)};

  if (told.length != 0) {
    told.offset = tcpflow__record_take(from, 8);
    told.bytes = tcpflow__record_borrow(from, told.length);
  }
  return told;
}
