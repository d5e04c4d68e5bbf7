/*
 * lib/queue/queue.c - events that wait until the caller takes them.
 *
 * Room: queue.  Includes: base, conn's public face.  The callbacks that bring
 * them are in queue/listen.c.  Memory is let go once everything was taken and
 * more comes: until then, what was handed out stays.
 */
#include "queue/listen.h"

#define MAX_BYTES_DEFAULT (UINT64_C(64) << 20)

int tcpflow_queue_new(tcpflow_queue **out, uint64_t wanted, uint64_t max_bytes,
                      const tcpflow_mem *mem) {
  tcpflow_mem ours;
  const int error = tcpflow__mem_read(&ours, mem);

  if (error != TCPFLOW_OK || (wanted & ~TCPFLOW_EVENTS_ALL) != 0) {
    return TCPFLOW_ERR_INVALID;
  }
  tcpflow_queue *const queue = tcpflow__calloc(&ours, 1, sizeof(*queue));
  if (queue == NULL) {
    return TCPFLOW_ERR_NOMEM;
  }
  queue->arena.mem = ours;
  queue->arena.max = max_bytes == 0 ? MAX_BYTES_DEFAULT : max_bytes;
  tcpflow__queue_listen(&queue->callbacks, wanted);
  *out = queue;
  return TCPFLOW_OK;
}

void tcpflow_queue_del(tcpflow_queue *queue) {
  if (queue != NULL) {
    const tcpflow_mem mem = queue->arena.mem;
    tcpflow__arena_clear(&queue->arena);
    tcpflow__free(&mem, queue);
  }
}

const tcpflow_conn_callbacks *
tcpflow_queue_callbacks(const tcpflow_queue *queue) {
  return &queue->callbacks;
}

const tcpflow_event *tcpflow_queue_next(tcpflow_queue *queue) {
  tcpflow__queue_node *const taken = queue->first;

  if (taken == NULL) {
    return NULL;
  }
  queue->first = taken->next;
  /* Behind an end there may be no connection to ask. */
  if (queue->ends == 0) {
    taken->event.user_data = tcpflow_conn_user_data(taken->event.conn);
  }
  queue->ends -= taken->event.kind == TCPFLOW_EVENT_END;
  return &taken->event;
}

int tcpflow_queue_error(tcpflow_queue *queue) {
  const int error = queue->arena.error;

  queue->arena.error = TCPFLOW_OK;
  return error;
}
