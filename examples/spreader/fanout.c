/*
 * examples/spreader/fanout.c - a socket for each worker, among which Linux
 * spreads the frames: packet(7), PACKET_FANOUT.
 *
 * Both directions of a connection, and all fragments, have to come out of one
 * socket.  PACKET_FANOUT_HASH takes ports in, which fragments of IPv6 and what
 * is in tunnels over UDP do not have, or not the same ones both ways.  So a
 * program of our own looks at the addresses alone: exclusive-or of both, which
 * is the same both ways.  What goes astray is an ICMP error of a router on the
 * way, which is of other addresses than the connection that it is about; and
 * between two addresses all is one worker's.
 */
#define _GNU_SOURCE /* recvmmsg(2) */

#include "live.h"

#include "common.h"

#ifdef __linux__

#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum {
  FRAMES = 32,
  FRAME_OCTETS = 1 << 16
};

#define NET(offset) ((uint32_t)SKF_NET_OFF + (offset))
#define LOAD(at)    BPF_STMT(BPF_LD | BPF_W | BPF_ABS, NET(at))
#define INTO_X      BPF_STMT(BPF_MISC | BPF_TAX, 0)
#define XOR_X       BPF_STMT(BPF_ALU | BPF_XOR | BPF_X, 0)
/* Adds what stands there to the sum in X. */
#define FOLD(at)    LOAD(at), XOR_X, INTO_X

/* Answers a number; the kernel takes it modulo the sockets.  The middle of the
   product depends on all bits of the sum. */
static struct sock_filter by_addresses[] = {
  BPF_STMT(BPF_LD | BPF_H | BPF_ABS, (uint32_t)SKF_AD_OFF + SKF_AD_PROTOCOL),
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_IP, 0, 5),
  LOAD(12),
  INTO_X,
  LOAD(16),
  XOR_X,
  BPF_STMT(BPF_JMP | BPF_JA, 24),
  BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ETH_P_IPV6, 1, 0),
  BPF_STMT(BPF_RET | BPF_K, 0),
  LOAD(8),
  INTO_X,
  FOLD(12),
  FOLD(16),
  FOLD(20),
  FOLD(24),
  FOLD(28),
  FOLD(32),
  LOAD(36),
  XOR_X,
  BPF_STMT(BPF_ALU | BPF_MUL | BPF_K, 0x9e3779b1),
  BPF_STMT(BPF_ALU | BPF_RSH | BPF_K, 16),
  BPF_STMT(BPF_RET | BPF_A, 0),
};

/* What comes before the socket is in the group is of no worker. */
static void drain(int socket) {
  char octet;

  while (recv(socket, &octet, 1, MSG_DONTWAIT) >= 0) {
  }
}

static int join(int s, unsigned index, unsigned group, unsigned count) {
  const struct sockaddr_ll address = {.sll_family = AF_PACKET,
                                      .sll_protocol = htons(ETH_P_ALL),
                                      .sll_ifindex = (int)index};
  struct fanout_args fanout = {.id = (uint16_t)group,
                               .type_flags = PACKET_FANOUT_CBPF,
                               .max_num_members = count};
  const struct sock_fprog program = {.len = sizeof(by_addresses) /
                                            sizeof(by_addresses[0]),
                                     .filter = by_addresses};

  return bind(s, (const struct sockaddr *)&address, sizeof(address)) == 0 &&
         setsockopt(s, SOL_PACKET, PACKET_FANOUT, &fanout, sizeof(fanout)) ==
           0 &&
         setsockopt(s, SOL_PACKET, PACKET_FANOUT_DATA, &program,
                    sizeof(program)) == 0;
}

/* On a loopback interface each frame goes out and comes in. */
static void ignore_echo(int s, const char *interface) {
#ifdef PACKET_IGNORE_OUTGOING
  const int on = 1;
  struct ifreq request = {0};

  strncpy(request.ifr_name, interface, sizeof(request.ifr_name) - 1);
  if (ioctl(s, SIOCGIFFLAGS, &request) == 0 &&
      (request.ifr_flags & IFF_LOOPBACK) != 0) {
    (void)setsockopt(s, SOL_PACKET, PACKET_IGNORE_OUTGOING, &on, sizeof(on));
  }
#else
  (void)s;
  (void)interface;
#endif
}

/* Times of the kernel, tags that the card took off, and a look at the clock ten
   times a second. */
static int prepare(int s) {
  const int on = 1;
  const int room = 1 << 24;
  const struct timeval patience = {.tv_usec = 100000};

  (void)setsockopt(s, SOL_SOCKET, SO_RCVBUF, &room, sizeof(room));
  return setsockopt(s, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof(on)) == 0 &&
         setsockopt(s, SOL_PACKET, PACKET_AUXDATA, &on, sizeof(on)) == 0 &&
         setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) ==
           0;
}

int fanout_open(const char *program, const char *interface, worker *workers,
                unsigned count) {
  const unsigned index = if_nametoindex(interface);

  for (unsigned i = 0; index != 0 && i < count; i++) {
    workers[i].socket = socket(AF_PACKET, SOCK_RAW, 0);
    if (workers[i].socket < 0 || !prepare(workers[i].socket) ||
        !join(workers[i].socket, index, (unsigned)getpid() & 0xffffU, count)) {
      complain(program, interface, strerror(errno));
      return 0;
    }
    ignore_echo(workers[i].socket, interface);
  }
  if (index == 0) {
    complain(program, interface, strerror(errno));
    return 0;
  }
  for (unsigned i = 0; i < count; i++) {
    drain(workers[i].socket);
  }
  return 1;
}

void fanout_close(worker *workers, unsigned count) {
  for (unsigned i = 0; i < count; i++) {
    if (workers[i].socket >= 0) {
      (void)close(workers[i].socket);
    }
  }
}

/* --- a worker's thread --- */

typedef struct inbox {
  struct mmsghdr message[FRAMES];
  struct iovec part[FRAMES];
  _Alignas(struct cmsghdr) char control[FRAMES][256];
  tcpflow_frame frame[FRAMES];
  uint8_t octets[FRAMES][FRAME_OCTETS];
} inbox;

static void clear_inbox(inbox *in) {
  for (unsigned i = 0; i < FRAMES; i++) {
    in->part[i] = (struct iovec){in->octets[i], FRAME_OCTETS};
    in->message[i] =
      (struct mmsghdr){.msg_hdr = {.msg_iov = &in->part[i],
                                   .msg_iovlen = 1,
                                   .msg_control = in->control[i],
                                   .msg_controllen = sizeof(in->control[i])}};
  }
}

/* The tag that the card took off, in the form of tcpflow_tuple::vlan; the
   length on the wire. */
static void read_aux(tcpflow_frame *frame, const struct tpacket_auxdata *aux) {
  frame->length = aux->tp_len;
  if ((aux->tp_status & TP_STATUS_VLAN_VALID) != 0) {
    frame->vlan = 1U << 28 | (aux->tp_vlan_tci & 0xfffU) << 16;
  }
}

static void read_control(tcpflow_frame *frame, struct msghdr *head) {
  for (struct cmsghdr *c = CMSG_FIRSTHDR(head); c != NULL;
       c = CMSG_NXTHDR(head, c)) {
    struct tpacket_auxdata aux;
    struct timespec when;

    if (c->cmsg_level == SOL_PACKET && c->cmsg_type == PACKET_AUXDATA) {
      memcpy(&aux, CMSG_DATA(c), sizeof(aux));
      read_aux(frame, &aux);
    } else if (c->cmsg_level == SOL_SOCKET && c->cmsg_type == SO_TIMESTAMPNS) {
      memcpy(&when, CMSG_DATA(c), sizeof(when));
      frame->time =
        (tcpflow_time)when.tv_sec * TCPFLOW_SECOND + (tcpflow_time)when.tv_nsec;
    }
  }
}

static void take(worker *w, inbox *in, unsigned count) {
  for (unsigned i = 0; i < count; i++) {
    in->frame[i] = (tcpflow_frame){.bytes = in->octets[i],
                                   .captured = in->message[i].msg_len,
                                   .length = in->message[i].msg_len,
                                   .link = TCPFLOW_LINK_ETHERNET,
                                   .number = w->frames + i + 1};
    read_control(&in->frame[i], &in->message[i].msg_hdr);
  }
  worker_feed(w, in->frame, count);
}

static void count_dropped(worker *w) {
  struct tpacket_stats stats = {0};
  socklen_t size = sizeof(stats);

  if (getsockopt(w->socket, SOL_PACKET, PACKET_STATISTICS, &stats, &size) ==
      0) {
    w->dropped = stats.tp_drops;
  }
}

void *fanout_follow(void *argument) {
  worker *const w = argument;
  inbox *const in = malloc(sizeof(*in));

  while (in != NULL && !live_over() && w->error == TCPFLOW_OK) {
    clear_inbox(in);
    const int count =
      recvmmsg(w->socket, in->message, FRAMES, MSG_WAITFORONE, NULL);
    if (count > 0) {
      take(w, in, (unsigned)count);
    } else if (errno == EAGAIN || errno == EINTR) {
      (void)tcpflow_tracker_advance(w->tracker, live_clock());
    } else {
      break; /* The interface is gone. */
    }
  }
  if (in == NULL) {
    w->error = TCPFLOW_ERR_NOMEM;
  }
  count_dropped(w);
  worker_end(w, live_clock());
  free(in);
  return NULL;
}

#else /* Not Linux. */

int fanout_open(const char *program, const char *interface, worker *workers,
                unsigned count) {
  (void)workers;
  (void)count;
  complain(program, interface, "only Linux spreads the frames of an interface");
  return 0;
}

void *fanout_follow(void *w) {
  return w;
}

void fanout_close(worker *workers, unsigned count) {
  (void)workers;
  (void)count;
}

#endif
