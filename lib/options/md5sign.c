/*
 * lib/options/md5sign.c - MD5 signatures of segments (RFC 2385 section 2).
 *
 * Room: options.  Includes: decode, wire.  In this order: pseudo-header, header
 * without options and with a checksum of 0, payload, key.
 */
#include "decode/pseudo.h"
#include "options/signed.h"
#include "wire/md5.h"
#include "wire/secret.h"

static void add_headers(tcpflow__md5 *md5, const tcpflow_packet *packet) {
  uint8_t pseudo[TCPFLOW__PSEUDO_MAX];
  uint8_t header[20];
  const uint32_t size =
    tcpflow__pseudo_octets(pseudo, packet->bytes + packet->ip_offset,
                           packet->ip_header_length, packet->tcp_length);

  tcpflow__signed_header(header, packet);
  tcpflow__md5_add(md5, pseudo, size);
  tcpflow__md5_add(md5, header, sizeof(header));
}

tcpflow_auth tcpflow_md5_digest(uint8_t *digest, const tcpflow_packet *packet,
                                const uint8_t *key, size_t key_length) {
  const tcpflow_auth there = tcpflow__signed_check(packet);
  tcpflow__md5 md5;

  if (there != TCPFLOW_AUTH_OK) {
    return there;
  }
  tcpflow__md5_init(&md5);
  add_headers(&md5, packet);
  tcpflow__md5_add(&md5,
                   packet->bytes + packet->tcp_offset + packet->header_length,
                   packet->tcp_length - packet->header_length);
  tcpflow__md5_add(&md5, key, key_length);
  tcpflow__md5_end(&md5, digest);
  return TCPFLOW_AUTH_OK;
}

tcpflow_auth tcpflow_md5_verify(const tcpflow_packet *packet,
                                const uint8_t *key, size_t key_length) {
  uint8_t digest[TCPFLOW__MD5_SIZE];
  const tcpflow_auth there =
    tcpflow_md5_digest(digest, packet, key, key_length);
  tcpflow_option option;

  if (there != TCPFLOW_AUTH_OK) {
    return there;
  }
  if (!tcpflow__signed_find(&option, packet, TCPFLOW_OPTION_MD5)) {
    return TCPFLOW_AUTH_ABSENT;
  }
  return tcpflow__same_secret(option.data, digest, sizeof(digest))
           ? TCPFLOW_AUTH_OK
           : TCPFLOW_AUTH_BAD;
}
