/*
 * lib/decode/tags.c - tags that bridges put between the addresses of a frame
 * and its EtherType.
 *
 * Room: decode.  Includes: wire.  An EtherType announces the tag, and another
 * one stands at its end.
 */
#include "decode/steps.h"
#include "wire/bytes.h"

enum {
  VLAN_SIZE = 4,
  VNTAG_SIZE = 6,
  ETAG_SIZE = 8,
  HSR_SIZE = 6,
  RTAG_SIZE = 6,
  METADATA_SIZE = 8, /* The least, and the unit. */
  ARISTA_SIZE = 4,
  ARISTA_TIMESTAMP = 1,
  ARISTA_64_BITS = 1,
  ARISTA_48_BITS = 2
};

/* The first tag is the outer one, unless the network card took one off; the
   last one stays as the inner one. */
static void note_tag(tcpflow_packet *packet, uint16_t control) {
  const uint32_t mark = UINT32_C(0x1000) | (control & 0xfffU);

  packet->tag_count++;
  if (packet->tuple.vlan == 0) {
    packet->tuple.vlan = mark << 16;
  } else {
    packet->tuple.vlan = (packet->tuple.vlan & UINT32_C(0xffff0000)) | mark;
  }
}

uint32_t tcpflow__step_vlan(tcpflow__walk *walk) {
  if (walk->packet->tag_count >= walk->config->max_tags) {
    return tcpflow__walk_stop(walk, TCPFLOW_PACKET_UNSUPPORTED,
                              TCPFLOW_FINDING_TOO_MANY_TAGS);
  }
  const uint8_t *const bytes =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_VLAN, VLAN_SIZE);
  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  note_tag(walk->packet, tcpflow__fetch16(bytes));
  return tcpflow__next_type(walk, tcpflow__fetch16(bytes + 2));
}

/* A tag of SIZE octets, of which the last two are the type. */
static uint32_t cross(tcpflow__walk *walk, tcpflow_layer_type type,
                      uint32_t size) {
  const uint8_t *const bytes = tcpflow__walk_enter(walk, type, size);

  return bytes == NULL
           ? TCPFLOW__NEXT_STOP
           : tcpflow__next_type(walk, tcpflow__fetch16(bytes + size - 2));
}

uint32_t tcpflow__step_vntag(tcpflow__walk *walk) {
  return cross(walk, TCPFLOW_LAYER_VNTAG, VNTAG_SIZE);
}

/* IEEE 802.1BR clause 7.5. */
uint32_t tcpflow__step_etag(tcpflow__walk *walk) {
  return cross(walk, TCPFLOW_LAYER_ETAG, ETAG_SIZE);
}

/* IEC 62439-3 clause 5.7. */
uint32_t tcpflow__step_hsr(tcpflow__walk *walk) {
  return cross(walk, TCPFLOW_LAYER_HSR, HSR_SIZE);
}

/* IEEE 802.1CB clause 7.8. */
uint32_t tcpflow__step_rtag(tcpflow__walk *walk) {
  return cross(walk, TCPFLOW_LAYER_RTAG, RTAG_SIZE);
}

/* The length counts units of 8 octets and includes the type.  Devices write 1,
   which is the least that a header of a security group can have. */
uint32_t tcpflow__step_metadata(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_CISCO_METADATA, METADATA_SIZE);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  const uint32_t size =
    bytes[1] == 0 ? METADATA_SIZE : (uint32_t)bytes[1] * METADATA_SIZE;

  walk->packet->findings |= bytes[1] == 0 ? TCPFLOW_FINDING_BAD_HEADER : 0U;
  return tcpflow__walk_skip(walk, size - METADATA_SIZE)
           ? tcpflow__next_type(walk, tcpflow__fetch16(bytes + size - 2))
           : TCPFLOW__NEXT_STOP;
}

/* Arista's time stamps: subtype, version, time, and then the type. */
uint32_t tcpflow__step_arista(tcpflow__walk *walk) {
  const uint8_t *const bytes =
    tcpflow__walk_enter(walk, TCPFLOW_LAYER_CAPTURE, ARISTA_SIZE);

  if (bytes == NULL) {
    return TCPFLOW__NEXT_STOP;
  }
  const unsigned format = bytes[3] >> 4;

  if (tcpflow__fetch16(bytes) != ARISTA_TIMESTAMP ||
      (format != ARISTA_64_BITS && format != ARISTA_48_BITS)) {
    return tcpflow__walk_stop(walk, TCPFLOW_PACKET_NOT_IP, 0);
  }
  const uint32_t size = format == ARISTA_64_BITS ? 8 : 6;
  const uint8_t *const rest = tcpflow__walk_take(walk, size + 2);

  return rest == NULL ? TCPFLOW__NEXT_STOP
                      : tcpflow__next_type(walk, tcpflow__fetch16(rest + size));
}
