/*
 * guide_headers.c - what stands around a segment: tunnels, fragments,
 * signatures.  The guide quotes it.
 */
#include <stdio.h>
#include <string.h>
#include <tcpflow/tcpflow.h>

static const uint8_t secret[] = "secret";

/* A segment with room for a signature, inside of VXLAN. */
static int stack_headers(tcpflow_frame *frame, uint8_t *room, size_t size) {
  static const uint8_t signature[20] = {1, 1, 19, 18};
  const tcpflow_tuple inner = {.version = 4,
                               .port = {40000, 179},
                               .address = {{10, 0, 0, 1}, {10, 0, 0, 2}}};
  //! [stack]
  const tcpflow_tuple outer = {.version = 4,
                               .address = {{192, 0, 2, 1}, {192, 0, 2, 2}}};
  tcpflow_builder builder;
  tcpflow_build_tcp tcp;
  tcpflow_build_layer vxlan;
  tcpflow_build_tcp_init(&tcp);
  tcp.flags = TCPFLOW_FLAG_ACK;
  tcp.options = signature;
  tcp.options_length = sizeof(signature);
  tcpflow_build_layer_init(&vxlan);
  vxlan.id = 7;

  tcpflow_builder_init(&builder, room, size); /* From the inside out. */
  tcpflow_builder_tcp(&builder, &inner, &tcp);
  tcpflow_builder_ip(&builder, &inner, NULL);
  tcpflow_builder_layer(&builder, TCPFLOW_LAYER_ETHERNET, NULL);
  tcpflow_builder_layer(&builder, TCPFLOW_LAYER_VXLAN, &vxlan);
  tcpflow_builder_layer(&builder, TCPFLOW_LAYER_UDP, NULL);
  tcpflow_builder_ip(&builder, &outer, NULL);
  tcpflow_builder_vlan(&builder, 0x8100, 5);
  tcpflow_builder_link(&builder, TCPFLOW_LINK_ETHERNET, NULL);
  return tcpflow_builder_finish(&builder, frame);
  //! [stack]
}

/* Every header on the way, and who talks to whom on each level. */
static int see_through(const tcpflow_frame *frame) {
  //! [layers]
  char text[TCPFLOW_TEXT_TUPLE_MAX];
  tcpflow_packet packet;
  tcpflow_packet_init(&packet);
  int more = tcpflow_packet_decode(&packet, frame, NULL) == TCPFLOW_OK;
  while (more > 0) { /* Most frames hold one packet. */
    for (unsigned i = 0; i < packet.layer_count; i++) {
      tcpflow_tuple ends;
      uint64_t id;
      printf("%s", tcpflow_layer_name(packet.layer[i].type));
      if (tcpflow_packet_layer_ends(&packet, i, &ends)) {
        tcpflow_text_tuple(text, sizeof(text), &ends);
        printf(" %s", text);
      }
      if (tcpflow_packet_layer_id(&packet, i, &id)) {
        printf(" %u", (unsigned)id);
      }
      printf("\n");
    }
    if (packet.kind == TCPFLOW_PACKET_ICMP_ERROR && packet.quoted >= 8) {
      printf("type %u about seq %u\n", packet.icmp_type, packet.seq);
    }
    more = tcpflow_packet_next(&packet, frame, NULL);
  }
  //! [layers]
  return more;
}

/* Cuts an IPv4 datagram behind Ethernet and one tag in two, 48 octets of it in
   the first part. */
static void cut_in_two(const tcpflow_frame *frame, uint8_t *first,
                       uint8_t *last) {
  enum {
    FRONT = 18,
    HEADER = 20,
    CUT = 48
  };
  const uint32_t rest = frame->captured - FRONT - HEADER - CUT;

  memcpy(first, frame->bytes, FRONT + HEADER + CUT);
  memcpy(last, frame->bytes, FRONT + HEADER);
  memcpy(last + FRONT + HEADER, frame->bytes + FRONT + HEADER + CUT, rest);
  first[FRONT + 3] = HEADER + CUT;
  first[FRONT + 6] = 0x20; /* More of them. */
  last[FRONT + 3] = (uint8_t)(HEADER + rest);
  last[FRONT + 6] = 0;
  last[FRONT + 7] = CUT / 8;
  for (unsigned i = 10; i < 12; i++) {
    first[FRONT + i] = 0;
    last[FRONT + i] = 0;
  }
}

static void tell_segment(const tcpflow_packet *packet) {
  printf("%s: port %u to %u\n",
         tcpflow_packet_kind_name((tcpflow_packet_kind)packet->kind),
         packet->tuple.port[0], packet->tuple.port[1]);
}

/* A datagram may be a fragment itself, of a tunnel that was cut as well. */
static int put_together(tcpflow_frag *frag, const tcpflow_frame *frame) {
  //! [frag]
  tcpflow_packet packet;
  tcpflow_frag_result result;
  tcpflow_frame whole = *frame;
  int error = TCPFLOW_OK;
  tcpflow_packet_init(&packet);
  tcpflow_frag_result_init(&result);
  do {
    (void)tcpflow_packet_decode(&packet, &whole, NULL);
    error = tcpflow_frag_feed(frag, &packet, &result, &whole);
  } while (error == TCPFLOW_OK && result.outcome == TCPFLOW_FRAG_COMPLETE);
  if (error == TCPFLOW_OK && result.outcome == TCPFLOW_FRAG_NOT_A_FRAGMENT) {
    tell_segment(&packet);
  }
  //! [frag]
  return error;
}

static int put_fragments_together(const tcpflow_frame *frame) {
  uint8_t bytes[2][256];
  tcpflow_frag *frag = NULL;
  int error = tcpflow_frag_new(&frag, NULL, NULL, NULL, NULL);

  cut_in_two(frame, bytes[0], bytes[1]);
  for (unsigned i = 0; i < 2 && error == TCPFLOW_OK; i++) {
    tcpflow_frame piece = *frame;
    piece.bytes = bytes[i];
    piece.captured = piece.length = i == 0 ? 18 + 68 : frame->captured - 48;
    error = put_together(frag, &piece);
  }
  tcpflow_frag_del(frag);
  return error;
}

/* The key is the caller's. */
static int check_signature(const tcpflow_frame *frame) {
  //! [auth]
  uint8_t digest[16];
  tcpflow_packet packet;
  tcpflow_packet_init(&packet);
  (void)tcpflow_packet_decode(&packet, frame, NULL);
  if (tcpflow_md5_verify(&packet, secret, strlen("secret")) ==
        TCPFLOW_AUTH_BAD &&
      tcpflow_md5_digest(digest, &packet, secret, strlen("secret")) ==
        TCPFLOW_AUTH_OK) {
    printf("another signature than %02x%02x...\n", digest[0], digest[1]);
  }
  //! [auth]
  return packet.kind == TCPFLOW_PACKET_TCP ? 0 : TCPFLOW_ERR_INVALID;
}

int main(void) {
  uint8_t room[TCPFLOW_BUILD_ROOM];
  tcpflow_frame frame;
  int error = stack_headers(&frame, room, sizeof(room));

  if (error == TCPFLOW_OK) {
    error = see_through(&frame);
  }
  if (error == TCPFLOW_OK) {
    error = put_fragments_together(&frame);
  }
  if (error == TCPFLOW_OK) {
    error = check_signature(&frame);
  }
  if (error != TCPFLOW_OK) {
    fprintf(stderr, "guide_headers: %s\n", tcpflow_strerror(error));
  }
  return error != TCPFLOW_OK;
}
