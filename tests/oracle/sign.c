/*
 * tests/oracle/sign.c - signs the segments of a capture that have an MD5
 * option, with a key of our own, and checks the signatures.
 *
 * usage: sign KEY IN.pcap OUT.pcap.  Says how many there are, signed or not.
 * For check-signatures-against-tcpdump only.
 */
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <tcpflow/tcpflow.h>

static unsigned long signed_count;
static unsigned long not_covered;

static void fail(const char *what) {
  fprintf(stderr, "sign: %s\n", what);
  exit(EXIT_FAILURE);
}

/* Where the digest stands; NULL: there is no well-formed MD5 option. */
static uint8_t *find_digest(uint8_t *bytes, const tcpflow_packet *packet) {
  tcpflow_option_walk walk;
  tcpflow_option option;

  tcpflow_option_walk_init(&walk, packet->bytes + packet->tcp_offset + 20,
                           packet->options_length, packet->options_captured,
                           packet->flags);
  while (tcpflow_option_walk_next(&walk, &option)) {
    if (option.kind == TCPFLOW_OPTION_MD5 && option.data_length == 16) {
      return bytes + (option.data - packet->bytes);
    }
  }
  return NULL;
}

static void sign(uint8_t *bytes, const tcpflow_packet *packet,
                 const char *key) {
  const uint8_t *const secret = (const uint8_t *)key;
  uint8_t *const place =
    packet->kind == TCPFLOW_PACKET_TCP ? find_digest(bytes, packet) : NULL;
  uint8_t digest[16];

  if (place == NULL) {
    return;
  }
  if (tcpflow_md5_digest(digest, packet, secret, strlen(key)) !=
      TCPFLOW_AUTH_OK) {
    not_covered++;
    return;
  }
  memcpy(place, digest, sizeof(digest));
  if (tcpflow_md5_verify(packet, secret, strlen(key)) != TCPFLOW_AUTH_OK) {
    fail("what was signed is not right");
  }
  signed_count++;
}

static void sign_all(pcap_t *in, pcap_dumper_t *out, const char *key) {
  static uint8_t copy[1 << 18];
  struct pcap_pkthdr *head;
  const u_char *bytes;
  tcpflow_packet packet;

  tcpflow_packet_init(&packet);
  while (pcap_next_ex(in, &head, &bytes) == 1 && head->caplen <= sizeof(copy)) {
    const tcpflow_frame frame = {.bytes = copy,
                                 .captured = head->caplen,
                                 .length = head->len,
                                 .link = (uint32_t)pcap_datalink(in)};

    memcpy(copy, bytes, head->caplen);
    if (tcpflow_packet_decode(&packet, &frame, NULL) != TCPFLOW_OK) {
      fail("cannot decode");
    }
    sign(copy, &packet, key);
    pcap_dump((u_char *)out, head, copy);
  }
}

int main(int argc, char **argv) {
  char problem[PCAP_ERRBUF_SIZE];
  pcap_t *const in = argc == 4 ? pcap_open_offline(argv[2], problem) : NULL;
  pcap_dumper_t *const out = in == NULL ? NULL : pcap_dump_open(in, argv[3]);

  if (out == NULL) {
    fail("usage: sign KEY IN OUT");
  }
  sign_all(in, out, argv[1]);
  pcap_dump_close(out);
  pcap_close(in);
  printf("%lu %lu\n", signed_count, not_covered);
  return EXIT_SUCCESS;
}
