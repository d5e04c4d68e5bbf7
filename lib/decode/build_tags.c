/*
 * lib/decode/build_tags.c - tags that bridges put into an Ethernet frame.
 *
 * Room: decode.  Includes: wire.  The mirror of lib/decode/tags.c and
 * lib/decode/bridges.c: each tag is announced by an EtherType and ends with
 * one, unless an Ethernet header follows.
 */
#include "decode/builder.h"
#include "decode/steps.h"
#include "wire/bytes.h"

#include <string.h>

enum {
  VLAN_SIZE = 4,
  PBB_SIZE = 4,
  VNTAG_SIZE = 6,
  ETAG_SIZE = 8,
  FABRICPATH_SIZE = 2,
  HSR_SIZE = 6,
  RTAG_SIZE = 6,
  TRILL_SIZE = 6,
  METADATA_SIZE = 8,
  METADATA_GROUP_TAG = 1, /* The type of the option. */
  MACSEC_SIZE = 6
};

void tcpflow__put_vlan(tcpflow_builder *builder,
                       const tcpflow_build_layer *fields) {
  const uint16_t number = tcpflow__builder_number(builder, fields);
  uint8_t *const bytes = tcpflow__builder_push(builder, VLAN_SIZE);

  if (bytes == NULL) {
    return;
  }
  tcpflow__store16(bytes, (uint16_t)(fields->id & 0xffffU));
  tcpflow__store16(bytes + 2, number);
  builder->ether_type = tcpflow__builder_type(fields, TCPFLOW__ETHER_VLAN);
}

/* IEEE 802.1Q clause 9.7; the customer's addresses behind it are a header of
   their own here. */
void tcpflow__put_pbb(tcpflow_builder *builder,
                      const tcpflow_build_layer *fields) {
  uint8_t *const bytes = tcpflow__builder_push(builder, PBB_SIZE);

  if (bytes == NULL) {
    return;
  }
  tcpflow__store32(bytes,
                   fields->flags << 24 | (fields->id & UINT32_C(0xffffff)));
  builder->ether_type = tcpflow__builder_type(fields, TCPFLOW__ETHER_PBB);
}

void tcpflow__put_vntag(tcpflow_builder *builder,
                        const tcpflow_build_layer *fields) {
  const uint16_t number = tcpflow__builder_number(builder, fields);
  uint8_t *const bytes = tcpflow__builder_push(builder, VNTAG_SIZE);

  if (bytes == NULL) {
    return;
  }
  tcpflow__store32(bytes, fields->id);
  tcpflow__store16(bytes + 4, number);
  builder->ether_type = tcpflow__builder_type(fields, TCPFLOW__ETHER_VNTAG);
}

/* IEEE 802.1BR clause 7.5: an E-CID has 14 bits in the middle of the tag and
   its upper 8 bits at the end. */
void tcpflow__put_etag(tcpflow_builder *builder,
                       const tcpflow_build_layer *fields) {
  const uint16_t number = tcpflow__builder_number(builder, fields);
  uint8_t *const bytes = tcpflow__builder_push(builder, ETAG_SIZE);

  if (bytes == NULL) {
    return;
  }
  tcpflow__store16(bytes, (uint16_t)((fields->flags & 0xfU) << 12 |
                                     (fields->sequence & 0xfffU)));
  tcpflow__store16(bytes + 2, (uint16_t)(fields->id & 0x3fffU));
  bytes[4] = (uint8_t)(fields->sequence >> 12 & 0xffU);
  bytes[5] = (uint8_t)(fields->id >> 14 & 0xffU);
  tcpflow__store16(bytes + 6, number);
  builder->ether_type = tcpflow__builder_type(fields, TCPFLOW__ETHER_ETAG);
}

void tcpflow__put_fabricpath(tcpflow_builder *builder,
                             const tcpflow_build_layer *fields) {
  uint8_t *const bytes = tcpflow__builder_push(builder, FABRICPATH_SIZE);

  if (bytes == NULL) {
    return;
  }
  tcpflow__store16(
    bytes, (uint16_t)((fields->id & 0x3ffU) << 6 | (fields->sequence & 0x3fU)));
  builder->ether_type =
    tcpflow__builder_type(fields, TCPFLOW__ETHER_FABRICPATH);
}

/* IEC 62439-3 clause 5.7. */
void tcpflow__put_hsr(tcpflow_builder *builder,
                      const tcpflow_build_layer *fields) {
  const uint16_t number = tcpflow__builder_number(builder, fields);
  uint8_t *const bytes = tcpflow__builder_push(builder, HSR_SIZE);

  if (bytes == NULL) {
    return;
  }
  tcpflow__store16(bytes, (uint16_t)(fields->id & 0xffffU));
  tcpflow__store16(bytes + 2, (uint16_t)(fields->sequence & 0xffffU));
  tcpflow__store16(bytes + 4, number);
  builder->ether_type = tcpflow__builder_type(fields, TCPFLOW__ETHER_HSR);
}

/* IEEE 802.1CB clause 7.8. */
void tcpflow__put_rtag(tcpflow_builder *builder,
                       const tcpflow_build_layer *fields) {
  const uint16_t number = tcpflow__builder_number(builder, fields);
  uint8_t *const bytes = tcpflow__builder_push(builder, RTAG_SIZE);

  if (bytes == NULL) {
    return;
  }
  tcpflow__store16(bytes, 0);
  tcpflow__store16(bytes + 2, (uint16_t)(fields->sequence & 0xffffU));
  tcpflow__store16(bytes + 4, number);
  builder->ether_type = tcpflow__builder_type(fields, TCPFLOW__ETHER_RTAG);
}

/* RFC 6325 section 3. */
void tcpflow__put_trill(tcpflow_builder *builder,
                        const tcpflow_build_layer *fields) {
  const uint32_t options = fields->extra_length / 4;

  tcpflow_builder_bytes(builder, fields->extra, (size_t)options * 4);
  uint8_t *const bytes = tcpflow__builder_push(builder, TRILL_SIZE);
  if (bytes == NULL) {
    return;
  }
  tcpflow__store16(bytes, (uint16_t)((options & 0x1fU) << 6 | 0x3fU));
  tcpflow__store32(bytes + 2, fields->id);
  builder->ether_type = tcpflow__builder_type(fields, TCPFLOW__ETHER_TRILL);
}

/* The length counts units of 8 octets, the EtherType included. */
void tcpflow__put_metadata(tcpflow_builder *builder,
                           const tcpflow_build_layer *fields) {
  const uint16_t number = tcpflow__builder_number(builder, fields);
  const size_t size = METADATA_SIZE + (size_t)fields->extra_length;
  uint8_t *const bytes = tcpflow__builder_push(builder, size);

  if (bytes == NULL) {
    return;
  }
  bytes[0] = 1;
  bytes[1] = (uint8_t)(tcpflow__builder_size(fields, size / 8) & 0xffU);
  tcpflow__store16(bytes + 2, METADATA_GROUP_TAG);
  tcpflow__store16(bytes + 4, (uint16_t)(fields->id & 0xffffU));
  if (fields->extra_length != 0) {
    memcpy(bytes + 6, fields->extra, fields->extra_length);
  }
  tcpflow__store16(bytes + size - 2, number);
  builder->ether_type = tcpflow__builder_type(fields, TCPFLOW__ETHER_METADATA);
}

/* IEEE 802.1AE clause 9.  The EtherType of what is protected is part of what
   is protected; nothing is encrypted here, whatever the flags say. */
void tcpflow__put_macsec(tcpflow_builder *builder,
                         const tcpflow_build_layer *fields) {
  const size_t size = MACSEC_SIZE + (size_t)fields->extra_length;
  uint8_t number[2];

  tcpflow__store16(number, tcpflow__builder_number(builder, fields));
  tcpflow_builder_bytes(builder, number, sizeof(number));
  tcpflow__builder_append(builder, fields->trailer, fields->trailer_length);

  uint8_t *const bytes = tcpflow__builder_push(builder, size);
  if (bytes == NULL) {
    return;
  }
  bytes[0] = (uint8_t)(fields->flags & 0xffU);
  bytes[1] = fields->form;
  tcpflow__store32(bytes + 2, fields->sequence);
  if (fields->extra_length != 0) {
    memcpy(bytes + MACSEC_SIZE, fields->extra, fields->extra_length);
  }
  builder->ether_type = tcpflow__builder_type(fields, TCPFLOW__ETHER_MACSEC);
}
