/*
 * lib/decode/build_links.h - what the builders of link headers share.
 *
 * Room: decode.  Includes: decode/builder.h, decode/steps.h.
 */
#ifndef TCPFLOW__DECODE_BUILD_LINKS_H
#define TCPFLOW__DECODE_BUILD_LINKS_H

#include "decode/builder.h"
#include "decode/steps.h"

#include <stddef.h>

/* Writes a link header in front. */
typedef void tcpflow__put_link(tcpflow_builder *builder,
                               const tcpflow_build_link *fields);

typedef struct tcpflow__link_put {
  uint32_t type;
  tcpflow__put_link *put;
} tcpflow__link_put;

/* How a link type is written; NULL if a file does not know it.  build_link.c
   has the first, the others stand beside what they find. */
tcpflow__put_link *tcpflow__find_link_plain(uint32_t type);
tcpflow__put_link *tcpflow__find_link_wan(uint32_t type);
tcpflow__put_link *tcpflow__find_link_lan(uint32_t type);
tcpflow__put_link *tcpflow__find_link_wifi(uint32_t type);
tcpflow__put_link *tcpflow__find_link_capture(uint32_t type);
tcpflow__put_link *tcpflow__find_link_juniper(uint32_t type);

/* The row of TYPE among COUNT rows; NULL if it has none. */
tcpflow__put_link *tcpflow__find_link_put(const tcpflow__link_put *rows,
                                          size_t count, uint32_t type);

#define TCPFLOW__FIND_LINK_PUT(rows, type)                                     \
  tcpflow__find_link_put(rows, sizeof(rows) / sizeof((rows)[0]), type)

/* Puts SIZE zeros in front; NULL: the builder failed. */
uint8_t *tcpflow__builder_zeros(tcpflow_builder *builder, size_t size);

/* Puts a plain header of that kind in front, unless it stands there. */
void tcpflow__need_ethernet(tcpflow_builder *builder,
                            const tcpflow_build_link *fields);
void tcpflow__need_llc(tcpflow_builder *builder);
void tcpflow__need_ppp(tcpflow_builder *builder,
                       const tcpflow_build_link *fields);
void tcpflow__need_wifi(tcpflow_builder *builder,
                        const tcpflow_build_link *fields);

/* RIGHT, unless FIELDS ask for another number. */
static inline uint16_t tcpflow__link_number(const tcpflow_build_link *fields,
                                            uint16_t right) {
  return tcpflow__builder_choose(fields->number_mode, right,
                                 (uint16_t)(fields->number & 0xffffU));
}

/* RIGHT, unless FIELDS ask for another length. */
static inline uint16_t tcpflow__link_length(const tcpflow_build_link *fields,
                                            size_t right) {
  return tcpflow__builder_choose(fields->length_mode,
                                 (uint16_t)(right & 0xffffU),
                                 (uint16_t)(fields->length & 0xffffU));
}

/* The address family of what is behind; IPV6: as the system numbers it. */
static inline uint32_t tcpflow__link_family(const tcpflow_builder *builder,
                                            const tcpflow_build_link *fields,
                                            uint32_t ipv6) {
  if (fields->family != 0) {
    return fields->family;
  }
  return builder->ether_type == TCPFLOW__ETHER_IPV6 ? ipv6 : 2;
}

#endif /* TCPFLOW__DECODE_BUILD_LINKS_H */
