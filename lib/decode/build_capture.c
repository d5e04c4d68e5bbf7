/*
 * lib/decode/build_capture.c - headers that say of which link type the frame
 * behind them is, and other headers that a capture adds.
 *
 * Room: decode.  Includes: wire.  The mirror of lib/decode/link_capture.c,
 * link_nflog.c and link_erf.c.
 */
#include "decode/build_links.h"
#include "decode/steps.h"
#include "wire/bytes.h"

#include <string.h>

enum {
  PFLOG_SIZE = 61,
  NFLOG_SIZE = 4,
  ATTRIBUTE_SIZE = 4,
  ATTRIBUTE_PACKET = 9,
  FAMILY_IPV6 = 30,
  FAMILY_IPV6_LINUX = 10,
  PPI_SIZE = 8,
  PKTAP_SIZE = 108,
  PKTAP_PACKET = 1,
  NETANALYZER_SIZE = 4,
  PREAMBLE = 0x55,
  PREAMBLE_SIZE = 7,
  DELIMITER = 0xd5,
  SYMANTEC_SIZE = 44,
  DOCSIS_SIZE = 4,
  DOCSIS_CHECK_SIZE = 2,
  DOCSIS_EXTENDED = 0x01,
  ERF_SIZE = 16,
  ERF_ETHERNET = 2,
  ERF_ETHERNET_SIZE = 2,
  ERF_EXTENDED = 0x80,
  ERF_EXTENSION_SIZE = 8
};

static void store16_little(uint8_t *p, uint32_t v) {
  p[0] = (uint8_t)(v & 0xffU);
  p[1] = (uint8_t)(v >> 8 & 0xffU);
}

/* The length leaves out what aligns the packet behind the header. */
static void put_pflog(tcpflow_builder *builder,
                      const tcpflow_build_link *fields) {
  const size_t size = PFLOG_SIZE + (size_t)fields->extra_length;
  const uint32_t family = tcpflow__link_family(builder, fields, FAMILY_IPV6);
  uint8_t *const bytes = tcpflow__builder_zeros(builder, (size + 3) / 4 * 4);

  if (bytes == NULL) {
    return;
  }
  bytes[0] = (uint8_t)(tcpflow__link_length(fields, size) & 0xffU);
  bytes[1] = (uint8_t)(family & 0xffU);
  if (fields->extra_length != 0) {
    memcpy(bytes + PFLOG_SIZE, fields->extra, fields->extra_length);
  }
}

/* The packet is the last attribute, padded like the others. */
static void put_nflog(tcpflow_builder *builder,
                      const tcpflow_build_link *fields) {
  const uint32_t family =
    tcpflow__link_family(builder, fields, FAMILY_IPV6_LINUX);
  const uint32_t inside = tcpflow__builder_length(builder);
  const uint16_t length =
    tcpflow__link_length(fields, (size_t)inside + ATTRIBUTE_SIZE);

  tcpflow__builder_append(builder, NULL, (4 - inside % 4) % 4);
  uint8_t *const attribute = tcpflow__builder_push(builder, ATTRIBUTE_SIZE);

  if (attribute == NULL) {
    return;
  }
  if (fields->byte_order != 0) {
    tcpflow__store16(attribute, length);
    tcpflow__store16(attribute + 2, ATTRIBUTE_PACKET);
  } else {
    store16_little(attribute, length);
    store16_little(attribute + 2, ATTRIBUTE_PACKET);
  }
  tcpflow_builder_bytes(builder, fields->extra, fields->extra_length);
  uint8_t *const bytes = tcpflow__builder_zeros(builder, NFLOG_SIZE);
  if (bytes != NULL) {
    bytes[0] = (uint8_t)(family & 0xffU);
  }
}

/* libpcap numbers raw IP in its own way, and so do these headers. */
static uint32_t inner_link(const tcpflow_builder *builder,
                           const tcpflow_build_link *fields) {
  if (fields->number_mode != TCPFLOW_BUILD_RIGHT) {
    return fields->number_mode == TCPFLOW_BUILD_GIVEN ? fields->number : 0;
  }
  return builder->link == TCPFLOW_LINK_RAW ? TCPFLOW_LINK_RAW_12
                                           : builder->link;
}

static void put_ppi(tcpflow_builder *builder,
                    const tcpflow_build_link *fields) {
  const size_t size = PPI_SIZE + (size_t)fields->extra_length;
  const uint32_t link = inner_link(builder, fields);

  tcpflow_builder_bytes(builder, fields->extra, fields->extra_length);
  uint8_t *const bytes = tcpflow__builder_zeros(builder, PPI_SIZE);
  if (bytes != NULL) {
    bytes[1] = (uint8_t)(fields->flags & 0xffU);
    store16_little(bytes + 2, tcpflow__link_length(fields, size));
    tcpflow__store32_little(bytes + 4, link);
  }
}

static void put_pktap(tcpflow_builder *builder,
                      const tcpflow_build_link *fields) {
  const size_t size = PKTAP_SIZE + (size_t)fields->extra_length;
  const uint32_t link = inner_link(builder, fields);

  tcpflow_builder_bytes(builder, fields->extra, fields->extra_length);
  uint8_t *const bytes = tcpflow__builder_zeros(builder, PKTAP_SIZE);
  if (bytes != NULL) {
    tcpflow__store32_little(bytes, tcpflow__link_length(fields, size));
    tcpflow__store32_little(bytes + 4, PKTAP_PACKET);
    tcpflow__store32_little(bytes + 8, link);
    tcpflow__store32_little(bytes + 36, fields->flags);
  }
}

static void put_preamble(tcpflow_builder *builder, uint8_t delimiter,
                         uint32_t size) {
  uint8_t *const bytes = tcpflow__builder_push(builder, (size_t)size + 1);

  if (bytes != NULL) {
    memset(bytes, PREAMBLE, size);
    bytes[size] = delimiter;
  }
}

static void put_netanalyzer(tcpflow_builder *builder,
                            const tcpflow_build_link *fields) {
  tcpflow__need_ethernet(builder, fields);
  (void)tcpflow__builder_zeros(builder, NETANALYZER_SIZE);
}

static void put_netanalyzer_whole(tcpflow_builder *builder,
                                  const tcpflow_build_link *fields) {
  tcpflow__need_ethernet(builder, fields);
  put_preamble(builder, DELIMITER, PREAMBLE_SIZE);
  (void)tcpflow__builder_zeros(builder, NETANALYZER_SIZE);
}

static void put_mpacket(tcpflow_builder *builder,
                        const tcpflow_build_link *fields) {
  const uint8_t delimiter =
    (uint8_t)(tcpflow__link_number(fields, DELIMITER) & 0xffU);

  tcpflow__need_ethernet(builder, fields);
  if (fields->extra_length == 0) {
    put_preamble(builder, delimiter, PREAMBLE_SIZE);
    return;
  }
  put_preamble(builder, delimiter, 0);
  tcpflow_builder_bytes(builder, fields->extra, fields->extra_length);
}

static void put_symantec(tcpflow_builder *builder,
                         const tcpflow_build_link *fields) {
  const uint16_t number = tcpflow__link_number(fields, builder->ether_type);
  uint8_t *const bytes = tcpflow__builder_zeros(builder, SYMANTEC_SIZE);

  if (bytes != NULL) {
    tcpflow__store16(bytes + 6, number);
  }
}

static void put_docsis(tcpflow_builder *builder,
                       const tcpflow_build_link *fields) {
  tcpflow__need_ethernet(builder, fields);
  const uint32_t length =
    tcpflow__builder_length(builder) + fields->extra_length;

  (void)tcpflow__builder_zeros(builder, DOCSIS_CHECK_SIZE);
  tcpflow_builder_bytes(builder, fields->extra, fields->extra_length);
  uint8_t *const bytes = tcpflow__builder_push(builder, DOCSIS_SIZE);
  if (bytes != NULL) {
    bytes[0] = (uint8_t)((fields->flags & 0xfeU) |
                         (fields->extra_length != 0 ? DOCSIS_EXTENDED : 0U));
    bytes[1] = (uint8_t)(fields->extra_length & 0xffU);
    tcpflow__store16(bytes + 2, tcpflow__link_length(fields, length));
  }
}

/* Every extension says in its first bit whether one more follows. */
static void put_erf_extensions(tcpflow_builder *builder,
                               const tcpflow_build_link *fields) {
  const size_t count = fields->extra_length / ERF_EXTENSION_SIZE;

  for (size_t i = count; i > 0; i--) {
    tcpflow_builder_bytes(builder, fields->extra + (i - 1) * ERF_EXTENSION_SIZE,
                          ERF_EXTENSION_SIZE);
    uint8_t *const first =
      builder->buffer + (builder->capacity - builder->used);
    if (builder->error == TCPFLOW_OK) {
      first[0] = (uint8_t)((first[0] & 0x7fU) | (i < count ? 0x80U : 0U));
    }
  }
}

static void put_erf(tcpflow_builder *builder,
                    const tcpflow_build_link *fields) {
  const uint16_t type = tcpflow__link_number(fields, ERF_ETHERNET);

  if (type == ERF_ETHERNET) {
    tcpflow__need_ethernet(builder, fields);
  }
  const uint32_t wire = tcpflow__builder_length(builder);
  if (type == ERF_ETHERNET) {
    (void)tcpflow__builder_zeros(builder, ERF_ETHERNET_SIZE);
  }
  put_erf_extensions(builder, fields);
  uint8_t *const bytes = tcpflow__builder_zeros(builder, ERF_SIZE);
  if (bytes == NULL) {
    return;
  }
  bytes[8] =
    (uint8_t)((type & 0x7fU) | (fields->extra_length != 0 ? ERF_EXTENDED : 0U));
  tcpflow__store16(bytes + 10,
                   (uint16_t)(tcpflow__builder_length(builder) & 0xffffU));
  tcpflow__store16(bytes + 14, (uint16_t)(wire & 0xffffU));
}

static const tcpflow__link_put rows[] = {
  {TCPFLOW_LINK_PFLOG, put_pflog},
  {TCPFLOW_LINK_NFLOG, put_nflog},
  {TCPFLOW_LINK_PPI, put_ppi},
  {TCPFLOW_LINK_PKTAP, put_pktap},
  {TCPFLOW_LINK_PKTAP_149, put_pktap},
  {TCPFLOW_LINK_NETANALYZER, put_netanalyzer},
  {TCPFLOW_LINK_NETANALYZER_WHOLE, put_netanalyzer_whole},
  {TCPFLOW_LINK_ETHERNET_MPACKET, put_mpacket},
  {TCPFLOW_LINK_SYMANTEC, put_symantec},
  {TCPFLOW_LINK_DOCSIS, put_docsis},
  {TCPFLOW_LINK_ERF, put_erf},
};

tcpflow__put_link *tcpflow__find_link_capture(uint32_t type) {
  return TCPFLOW__FIND_LINK_PUT(rows, type);
}
