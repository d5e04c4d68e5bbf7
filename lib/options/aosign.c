/*
 * lib/options/aosign.c - what TCP-AO covers, and whether its code is right.
 *
 * Room: options.  Includes: decode, wire.  RFC 5925 section 5.1: the sequence
 * number extension, the pseudo-header, the header with all options or with
 * TCP-AO alone, the payload; the checksum and the code itself count as 0.
 */
#include <string.h>

#include "decode/pseudo.h"
#include "options/signed.h"
#include "wire/bytes.h"
#include "wire/secret.h"

enum {
  TCP_HEADER = 20,
  OPTION_HEAD = 4, /* Kind, length, KeyID, RNextKeyID. */
  HEAD_MAX = 4 + TCPFLOW__PSEUDO_MAX + TCP_HEADER + TCPFLOW_OPTIONS_MAX
};

_Static_assert(sizeof(((tcpflow_ao_message *)0)->head) == HEAD_MAX,
               "the longest head fits exactly");

/* Options as they are covered, the code zeroed; answers how many octets. */
static size_t add_options(uint8_t *to, const tcpflow_packet *packet,
                          const tcpflow_option *ao, int with_options) {
  const uint8_t *const list = packet->bytes + packet->tcp_offset + TCP_HEADER;
  const size_t from = with_options ? 0 : ao->offset;
  const size_t size = with_options ? packet->options_length : ao->length;

  memcpy(to, list + from, size);
  memset(to + (ao->offset - from) + OPTION_HEAD, 0,
         (size_t)ao->length - OPTION_HEAD);
  return size;
}

static void fill(tcpflow_ao_message *message, const tcpflow_packet *packet,
                 const tcpflow_option *ao, int with_options) {
  size_t size = 4;

  size += tcpflow__pseudo_octets(message->head + size,
                                 packet->bytes + packet->ip_offset,
                                 packet->ip_header_length, packet->tcp_length);
  tcpflow__signed_header(message->head + size, packet);
  size += TCP_HEADER;
  size += add_options(message->head + size, packet, ao, with_options);
  message->piece[0].bytes = message->head;
  message->piece[0].length = size;
  message->piece[1].bytes =
    packet->bytes + packet->tcp_offset + packet->header_length;
  message->piece[1].length = packet->tcp_length - packet->header_length;
  message->key_id = ao->data[0];
  message->next_key_id = ao->data[1];
  message->mac.bytes = ao->data + 2;
  message->mac.length = (size_t)ao->length - OPTION_HEAD;
}

tcpflow_auth tcpflow_ao_message_get(tcpflow_ao_message *message,
                                    const tcpflow_packet *packet, uint32_t sne,
                                    int with_options) {
  const tcpflow_auth there = tcpflow__signed_check(packet);
  tcpflow_option ao;

  if (there != TCPFLOW_AUTH_OK) {
    return there;
  }
  if (!tcpflow__signed_find(&ao, packet, TCPFLOW_OPTION_AO)) {
    return TCPFLOW_AUTH_ABSENT;
  }
  memset(message, 0, sizeof(*message));
  tcpflow__store32(message->head, sne);
  fill(message, packet, &ao, with_options);
  return TCPFLOW_AUTH_OK;
}

tcpflow_auth tcpflow_ao_verify(const tcpflow_packet *packet, uint32_t sne,
                               int with_options, tcpflow_ao_mac mac,
                               void *user) {
  tcpflow_ao_message message;
  uint8_t expected[TCPFLOW_OPTIONS_MAX] = {0};
  const tcpflow_auth there =
    tcpflow_ao_message_get(&message, packet, sne, with_options);

  if (there != TCPFLOW_AUTH_OK) {
    return there;
  }
  if (message.mac.length == 0) {
    return TCPFLOW_AUTH_BAD;
  }
  if (mac(&message, expected, message.mac.length, user) != 0) {
    return TCPFLOW_AUTH_NO_KEY;
  }
  return tcpflow__same_secret(message.mac.bytes, expected, message.mac.length)
           ? TCPFLOW_AUTH_OK
           : TCPFLOW_AUTH_BAD;
}
