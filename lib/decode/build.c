/*
 * lib/decode/build.c - a frame grows from its end to its front.
 *
 * Room: decode.  Includes: wire.  Written backwards, each header finds the
 * length and the number of what it carries already known, so any stack of
 * headers is a sequence of independent steps, and nothing is moved.
 */
#include <tcpflow/build.h>

#include "decode/builder.h"
#include "decode/steps.h"
#include "wire/bytes.h"

#include <string.h>

enum {
  TAG_INNER = 0x1000,
  TAG_OUTER = 0x10000000
};

void tcpflow__builder_fail(tcpflow_builder *builder, int error) {
  if (builder->error == TCPFLOW_OK) {
    builder->error = error;
  }
}

uint8_t *tcpflow__builder_push(tcpflow_builder *builder, size_t size) {
  if (builder->error != TCPFLOW_OK) {
    return NULL;
  }
  if (size > builder->capacity - builder->used ||
      size > UINT32_MAX - (builder->used + builder->absent)) {
    tcpflow__builder_fail(builder, TCPFLOW_ERR_LIMIT);
    return NULL;
  }
  builder->used += size;
  return builder->buffer + (builder->capacity - builder->used);
}

void tcpflow__builder_append(tcpflow_builder *builder, const uint8_t *bytes,
                             size_t size) {
  const size_t used = builder->used - builder->behind;

  if (builder->absent != 0 && builder->behind == 0 &&
      size <= UINT32_MAX - (used + builder->absent)) {
    builder->absent += size;
    return;
  }
  uint8_t *const front = tcpflow__builder_push(builder, size);
  if (front == NULL || size == 0) {
    return;
  }
  builder->tcp_used += builder->tcp_used != 0 ? size : 0;
  memmove(front, front + size, used);
  if (bytes == NULL) {
    memset(front + used, 0, size);
  } else {
    memcpy(front + used, bytes, size);
  }
}

void tcpflow_builder_init(tcpflow_builder *builder, uint8_t *buffer,
                          size_t capacity) {
  *builder = (tcpflow_builder){
    .buffer = buffer, .capacity = capacity, .link = TCPFLOW_LINK_RAW};
}

void tcpflow_builder_absent(tcpflow_builder *builder, size_t count) {
  if (count == 0) {
    return;
  }
  if (builder->used != 0) {
    tcpflow__builder_fail(builder, TCPFLOW_ERR_STATE);
  } else if (count > UINT32_MAX - builder->absent) {
    tcpflow__builder_fail(builder, TCPFLOW_ERR_LIMIT);
  } else {
    builder->absent += count;
  }
}

void tcpflow_builder_bytes(tcpflow_builder *builder, const uint8_t *bytes,
                           size_t count) {
  uint8_t *const to = tcpflow__builder_push(builder, count);

  if (to != NULL && count != 0) {
    memcpy(to, bytes, count);
  }
}

void tcpflow_builder_announce(tcpflow_builder *builder, uint8_t protocol,
                              uint16_t ether_type) {
  builder->protocol = protocol;
  builder->ether_type = ether_type;
  builder->layer = 0;
  builder->port = 0;
}

void tcpflow_builder_vlan(tcpflow_builder *builder, uint16_t type,
                          uint16_t control) {
  const tcpflow_build_layer fields = {
    .size = sizeof(fields), .id = control, .type = type};

  tcpflow_builder_layer(builder, TCPFLOW_LAYER_VLAN, &fields);
}

int tcpflow_builder_finish(const tcpflow_builder *builder,
                           tcpflow_frame *frame) {
  if (builder->error != TCPFLOW_OK) {
    return builder->error;
  }
  *frame = (tcpflow_frame){
    .bytes = builder->buffer + (builder->capacity - builder->used),
    .captured = (uint32_t)builder->used,
    .length = (uint32_t)(builder->used + builder->absent),
    .link = builder->link};
  return TCPFLOW_OK;
}

/* The inner tag lies behind the outer one, so it is put in front first. */
static void add_tags(tcpflow_builder *builder, uint32_t link, uint32_t vlan) {
  if (link != TCPFLOW_LINK_ETHERNET && link != TCPFLOW_LINK_LINUX_SLL &&
      link != TCPFLOW_LINK_LINUX_SLL2) {
    return;
  }
  if ((vlan & TAG_INNER) != 0) {
    tcpflow_builder_vlan(builder, TCPFLOW__ETHER_VLAN, vlan & 0xfffU);
  }
  if ((vlan & TAG_OUTER) != 0) {
    tcpflow_builder_vlan(builder, TCPFLOW__ETHER_VLAN, vlan >> 16 & 0xfffU);
  }
}

int tcpflow_build_segment(tcpflow_frame *frame, uint8_t *buffer,
                          size_t capacity, uint32_t link,
                          const tcpflow_tuple *tuple,
                          const tcpflow_build_tcp *tcp) {
  tcpflow_builder builder;

  tcpflow_builder_init(&builder, buffer, capacity);
  tcpflow_builder_tcp(&builder, tuple, tcp);
  tcpflow_builder_ip(&builder, tuple, NULL);
  add_tags(&builder, link, tuple->vlan);
  tcpflow_builder_link(&builder, link, NULL);

  const int error = tcpflow_builder_finish(&builder, frame);
  if (error == TCPFLOW_OK) {
    frame->scope = tuple->scope;
  }
  return error;
}
