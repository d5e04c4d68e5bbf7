/*
 * lib/decode/build_links.c - the step that puts a link header in front.
 *
 * Room: decode.  Includes: base/sized.h.  Each family of link types knows its
 * own; the first one that knows a type writes it.
 */
#include "decode/build_links.h"
#include "base/sized.h"

typedef tcpflow__put_link *find_link(uint32_t type);

static find_link *const families[] = {
  tcpflow__find_link_plain,   tcpflow__find_link_wan,
  tcpflow__find_link_lan,     tcpflow__find_link_wifi,
  tcpflow__find_link_capture, tcpflow__find_link_juniper};

tcpflow__put_link *tcpflow__find_link_put(const tcpflow__link_put *rows,
                                          size_t count, uint32_t type) {
  for (size_t i = 0; i < count; i++) {
    if (rows[i].type == type) {
      return rows[i].put;
    }
  }
  return NULL;
}

static tcpflow__put_link *find_any(uint32_t type) {
  tcpflow__put_link *put = NULL;

  for (size_t i = 0; put == NULL && i < sizeof(families) / sizeof(families[0]);
       i++) {
    put = families[i](type);
  }
  return put;
}

/* What a header that comes in front may need to know. */
static uint16_t layer_of(uint32_t type) {
  switch (type) {
  case TCPFLOW_LINK_ETHERNET:
    return TCPFLOW_LAYER_ETHERNET;
  case TCPFLOW_LINK_IEEE802_11:
    return TCPFLOW_LAYER_IEEE802_11;
  case TCPFLOW_LINK_PPP:
  case TCPFLOW_LINK_PPP_HDLC:
    return TCPFLOW_LAYER_PPP;
  case TCPFLOW_LINK_C_HDLC:
    return TCPFLOW_LAYER_CHDLC;
  case TCPFLOW_LINK_FRELAY:
    return TCPFLOW_LAYER_FRAME_RELAY;
  default:
    return TCPFLOW_LAYER_CAPTURE;
  }
}

void tcpflow_builder_link(tcpflow_builder *builder, uint32_t type,
                          const tcpflow_build_link *fields) {
  tcpflow_build_link ours = {.size = sizeof(ours)};
  tcpflow__put_link *const put = find_any(type);
  const int error = fields == NULL
                      ? TCPFLOW_OK
                      : tcpflow__sized_read(&ours, sizeof(ours), fields);

  if (error != TCPFLOW_OK || put == NULL) {
    tcpflow__builder_fail(builder,
                          error != TCPFLOW_OK ? error : TCPFLOW_ERR_INVALID);
    return;
  }
  put(builder, &ours);
  builder->link = type;
  builder->layer = layer_of(type);
  builder->tcp_used = 0;
}
