/*
 * guide_flows.c - connections in the caller's own table, with the caller's own
 * memory, spread over several workers.  The guide quotes it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tcpflow/tcpflow.h>

/* What the program is fed with. */
static const char *const lines[] = {
  "0.000 IP 192.0.2.1.40000 > 198.51.100.1.80: Flags [S], seq 1000, "
  "win 64240, options [mss 1460,nop,wscale 7], length 0",
  "0.020 IP 198.51.100.1.80 > 192.0.2.1.40000: Flags [S.], seq 5000, "
  "ack 1001, win 65160, options [mss 1460,nop,wscale 7], length 0",
  "0.021 IP 192.0.2.1.40000 > 198.51.100.1.80: Flags [.], ack 5001, "
  "win 502, length 0",
  "0.022 IP 192.0.2.1.40000 > 198.51.100.1.80: Flags [R.], seq 1001, "
  "ack 5001, win 0, length 0",
  /* The same ports again: the next connection. */
  "9.000 IP 192.0.2.1.40000 > 198.51.100.1.80: Flags [S], seq 900000, "
  "win 64240, options [mss 1460,nop,wscale 7], length 0",
  /* Ports that do not tell who is the client; the SYN comes late. */
  "20.000 IP 192.0.2.2.50001 > 192.0.2.1.50000: Flags [P.], seq 7001:7006, "
  "ack 3001, win 502, length 5",
  "20.001 IP 192.0.2.2.50001 > 192.0.2.1.50000: Flags [S.], seq 7000, "
  "ack 3001, win 65160, options [mss 1460], length 0"};

/* An ICMP error answers this one of them. */
enum {
  REFUSED = 4
};

//! [memory]
/* Memory with a cap of its own: the size stands in front of each block. */
typedef struct pool {
  size_t used;
  size_t cap;
} pool;

typedef union block {
  size_t size;
  max_align_t align;
} block;

static void *pool_realloc(void *ptr, size_t size, void *user) {
  pool *p = user;
  block *old = ptr != NULL ? (block *)ptr - 1 : NULL;
  const size_t old_size = old != NULL ? old->size : 0;

  if (size > p->cap - (p->used - old_size)) {
    return NULL;
  }
  block *b = realloc(old, sizeof(block) + size);
  if (b == NULL) {
    return NULL;
  }
  p->used = p->used - old_size + size;
  b->size = size;
  return b + 1;
}

static void *pool_malloc(size_t size, void *user) {
  return pool_realloc(NULL, size, user);
}

static void *pool_calloc(size_t count, size_t size, void *user) {
  if (size != 0 && count > SIZE_MAX / size) {
    return NULL;
  }
  void *ptr = pool_realloc(NULL, count * size, user);
  return ptr != NULL ? memset(ptr, 0, count * size) : NULL;
}

static void pool_free(void *ptr, void *user) {
  if (ptr != NULL) {
    ((pool *)user)->used -= ((block *)ptr - 1)->size;
    free((block *)ptr - 1);
  }
}
//! [memory]

//! [table]
/* A flow table of the caller's own; a list is enough here. */
typedef struct flow {
  struct flow *next;
  tcpflow_tuple tuple; /* Client first. */
  tcpflow_conn *conn;
} flow;

typedef struct flow_table {
  flow *first;
  const tcpflow_mem *mem;
} flow_table;

static int same_end(const tcpflow_tuple *a, int i, const tcpflow_tuple *b,
                    int j) {
  return a->port[i] == b->port[j] &&
         memcmp(a->address[i], b->address[j], sizeof(a->address[i])) == 0;
}

/* Finds a packet's flow and who sent it. */
static flow *find(const flow_table *table, const tcpflow_tuple *packet,
                  tcpflow_side *sender) {
  for (flow *f = table->first; f != NULL; f = f->next) {
    for (int side = 0; side < 2; side++) {
      if (same_end(&f->tuple, side, packet, 0) &&
          same_end(&f->tuple, 1 - side, packet, 1)) {
        *sender = (tcpflow_side)side;
        return f;
      }
    }
  }
  return NULL;
}

/* Turns a packet's tuple, sender first, into a connection's, client first. */
static tcpflow_tuple client_first(const tcpflow_tuple *packet,
                                  tcpflow_side sender) {
  tcpflow_tuple tuple = *packet;
  for (int i = 0; i < 2 && sender == TCPFLOW_SIDE_SERVER; i++) {
    tuple.port[i] = packet->port[1 - i];
    memcpy(tuple.address[i], packet->address[1 - i], 16);
  }
  return tuple;
}
//! [table]

static int on_state(tcpflow_conn *conn, const tcpflow_state_event *event,
                    void *user) {
  (void)conn;
  (void)user;
  printf("%s: %s -> %s\n", tcpflow_side_name(event->side),
         tcpflow_state_name(event->from), tcpflow_state_name(event->to));
  return 0;
}

static int on_icmp(tcpflow_conn *conn, const tcpflow_icmp_event *event,
                   void *user) {
  (void)conn;
  (void)user;
  printf("%s: its segment brought the ICMP error %s\n",
         tcpflow_side_name(event->side), tcpflow_icmp_kind_name(event->kind));
  return 0;
}

static int on_end(tcpflow_conn *conn, const tcpflow_end_event *event,
                  void *user) {
  (void)conn;
  (void)user;
  printf("end: %s\n", tcpflow_close_kind_name(event->kind));
  return 0;
}

//! [role]
/* The guess was wrong: client and server have changed places, and the table
   has to know it. */
static int on_flip(tcpflow_conn *conn, const tcpflow_flip_event *event,
                   void *user) {
  flow *f = user;

  (void)conn;
  f->tuple = *event->tuple;
  printf("flip: port %u is the client's\n",
         (unsigned)f->tuple.port[TCPFLOW_SIDE_CLIENT]);
  return 0;
}

/* Makes the connection that a packet begins, and says who sent the packet. */
static int make_conn(flow *f, const tcpflow_packet *packet,
                     const tcpflow_mem *mem, tcpflow_side *sender) {
  tcpflow_conn_callbacks callbacks;
  tcpflow_role_basis basis;
  tcpflow_conn *conn;
  const tcpflow_side guess = tcpflow_conn_guess_sender(
    packet->flags, packet->tuple.port[0], packet->tuple.port[1], &basis);
  const tcpflow_tuple tuple = client_first(&packet->tuple, guess);

  tcpflow_conn_callbacks_init(&callbacks);
  callbacks.on_state = on_state;
  callbacks.on_icmp = on_icmp;
  callbacks.on_end = on_end;
  callbacks.on_flip = on_flip;
  int error = tcpflow_conn_new(&conn, NULL, &callbacks, &tuple, mem, f);
  if (error != 0) {
    return error;
  }
  error = tcpflow_conn_set_role(conn, basis);
  if (error != 0) {
    tcpflow_conn_del(conn);
    return error;
  }
  f->tuple = tuple;
  f->conn = conn;
  *sender = guess;
  return 0;
}
//! [role]

//! [claims]
/* The next connection of the same ports takes the place of the one before. */
static int replace_conn(flow *f, const tcpflow_packet *packet,
                        const tcpflow_segment *segment, const tcpflow_mem *mem,
                        tcpflow_side *sender) {
  const flow former = *f;
  const tcpflow_side sender_then = *sender;

  int error = make_conn(f, packet, mem, sender);
  if (error != 0) {
    return error;
  }
  error = tcpflow_conn_succeed(f->conn, former.conn, sender_then, segment);
  if (error != 0) {
    tcpflow_conn_del(f->conn);
    *f = former;
    return error;
  }
  error = tcpflow_conn_end(former.conn, segment->time, TCPFLOW_END_REUSED);
  tcpflow_conn_del(former.conn);
  return error;
}
//! [claims]

//! [conn]
static flow *begin(flow_table *table, const tcpflow_packet *packet,
                   tcpflow_side *sender) {
  flow *f = calloc(1, sizeof(*f));

  if (f == NULL || make_conn(f, packet, table->mem, sender) != 0) {
    free(f);
    return NULL;
  }
  f->next = table->first;
  table->first = f;
  return f;
}

static int follow_segment(flow_table *table, const tcpflow_packet *packet) {
  tcpflow_options options;
  tcpflow_segment segment;
  tcpflow_side sender = TCPFLOW_SIDE_CLIENT;

  tcpflow_options_init(&options);
  tcpflow_segment_init(&segment);
  int error = tcpflow_segment_from_packet(&segment, &options, packet);
  if (error != 0) {
    return error;
  }
  flow *f = find(table, &packet->tuple, &sender);
  if (f == NULL) {
    f = begin(table, packet, &sender);
  } else if (tcpflow_conn_claims(f->conn, sender, &segment) ==
             TCPFLOW_CLAIM_SUCCESSOR) {
    error = replace_conn(f, packet, &segment, table->mem, &sender);
  }
  if (error != 0 || f == NULL) {
    return f == NULL ? TCPFLOW_ERR_NOMEM : error;
  }
  return tcpflow_conn_feed(f->conn, sender, &segment);
}
//! [conn]

//! [icmp]
/* An ICMP error quotes a segment of the connection that it is about: the
   packet's tuple is that segment's. */
static int follow_error(const flow_table *table, const tcpflow_packet *packet) {
  tcpflow_side quoted = TCPFLOW_SIDE_CLIENT;
  const flow *f = find(table, &packet->tuple, &quoted);

  if (f == NULL || packet->quoted < 8) {
    return 0; /* Nobody's, or without a sequence number. */
  }
  return tcpflow_conn_feed_icmp(f->conn, quoted, packet);
}

static int follow(flow_table *table, const tcpflow_frame *frame) {
  tcpflow_packet packet;

  tcpflow_packet_init(&packet);
  const int error = tcpflow_packet_decode(&packet, frame, NULL);
  if (error != 0) {
    return error;
  }
  switch (packet.kind) {
  case TCPFLOW_PACKET_TCP:
    return follow_segment(table, &packet);
  case TCPFLOW_PACKET_ICMP_ERROR:
    return follow_error(table, &packet);
  default:
    return 0;
  }
}
//! [icmp]

//! [threads]
/* Which of several workers, each with a tracker of its own, takes a frame: both
   directions of a connection come to the same one. */
static unsigned worker_of(const tcpflow_frame *frame, unsigned workers) {
  static const uint8_t key[16] = {0}; /* Random where strangers send. */
  tcpflow_packet packet;

  tcpflow_packet_init(&packet);
  if (tcpflow_packet_decode(&packet, frame, NULL) != TCPFLOW_OK ||
      packet.kind != TCPFLOW_PACKET_TCP) {
    return 0; /* For its statistics. */
  }
  return (unsigned)(tcpflow_flow_hash(&packet.tuple, key, 0) % workers);
}
//! [threads]

/* "Port unreachable" comes back: the error that the frame's receiver sends. */
static int refuse(flow_table *table, const tcpflow_frame *frame) {
  uint8_t buffer[256];
  tcpflow_builder builder;
  tcpflow_packet packet;
  tcpflow_build_layer icmp;
  tcpflow_build_ip ip;
  tcpflow_frame answer;

  tcpflow_packet_init(&packet);
  int error = tcpflow_packet_decode(&packet, frame, NULL);
  if (error != 0) {
    return error;
  }
  const tcpflow_tuple back = client_first(&packet.tuple, TCPFLOW_SIDE_SERVER);
  tcpflow_build_tcp tcp;
  tcpflow_build_tcp_init(&tcp);
  tcp.seq = packet.seq;
  tcp.flags = packet.flags;
  tcpflow_build_ip_init(&ip);
  tcpflow_build_layer_init(&icmp);
  icmp.flags = 3; /* The code. */
  tcpflow_builder_init(&builder, buffer, sizeof(buffer));
  tcpflow_builder_tcp(&builder, &packet.tuple, &tcp);
  tcpflow_builder_ip(&builder, &packet.tuple, &ip);
  tcpflow_builder_layer(&builder, TCPFLOW_LAYER_ICMP, &icmp);
  tcpflow_builder_ip(&builder, &back, &ip);
  error = tcpflow_builder_finish(&builder, &answer);
  if (error != 0) {
    return error;
  }
  answer.time = frame->time + TCPFLOW_SECOND / 1000;
  return follow(table, &answer);
}

static int run(tcpflow_text_reader *reader, flow_table *table) {
  int error = 0;

  for (size_t i = 0; i < sizeof(lines) / sizeof(*lines) && error == 0; i++) {
    tcpflow_text_result result;
    tcpflow_frame frame;
    error = tcpflow_text_reader_line(reader, lines[i], strlen(lines[i]),
                                     &result, &frame);
    if (error == 0 && result == TCPFLOW_TEXT_PACKET) {
      printf("packet %zu, for worker %u of 4\n", i + 1, worker_of(&frame, 4));
      error = follow(table, &frame);
      if (error == 0 && i == REFUSED) {
        error = refuse(table, &frame);
      }
    }
  }
  return error;
}

int main(void) {
  pool p = {.used = 0, .cap = 1 << 20};
  const tcpflow_mem mem = {&p, pool_malloc, pool_calloc, pool_realloc,
                           pool_free};
  tcpflow_text_reader *reader;
  flow_table table = {NULL, &mem};

  int error = tcpflow_text_reader_new(&reader, NULL, &mem);
  if (error == 0) {
    error = run(reader, &table);
    tcpflow_text_reader_del(reader);
  }
  while (table.first != NULL) {
    flow *f = table.first;
    table.first = f->next;
    tcpflow_conn_del(f->conn); /* Tells its `end`, if it has not ended. */
    free(f);
  }
  printf("%zu octets are still in use\n", p.used);
  if (error != 0) {
    fprintf(stderr, "guide_flows: %s\n", tcpflow_strerror(error));
  }
  return error != 0 || p.used != 0;
}
