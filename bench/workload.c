/*
 * bench/workload.c - the packets that are measured: names and settings.
 *
 * All of it follows from fixed seeds.  A new kind of traffic is a function in
 * traffic.c and a row in the table here.
 */
#include "maker.h"

#include <stdlib.h>
#include <string.h>

enum {
  MSS = 1448 /* With timestamps, over IPv4 and Ethernet. */
};

static const struct {
  const char *name;
  void (*make)(maker *m);
  uint32_t flows;
  uint32_t size;
} kinds[] = {{"short", make_short, 64, 0}, {"bulk", make_bulk, 8, MSS},
             {"loss", make_loss, 32, MSS}, {"syn", make_syn, 1, 0},
             {"idle", make_idle, 1, 0},    {"many", make_many, 1000, 32},
             {"zipf", make_zipf, 1000, 32}};

static const struct {
  const char *name;
  unsigned bit;
} carriers[] = {{"-ipv6", CARRIER_IPV6},
                {"-vlan", CARRIER_VLAN},
                {"-vxlan", CARRIER_VXLAN},
                {"-gre", CARRIER_GRE},
                {"-fragments", CARRIER_FRAGMENTS}};

const char workload_names[] =
  "short  handshake, request, response, close; 64 connections at a time\n"
  "bulk   full segments, every second one acknowledged; 8 connections\n"
  "loss   2 % lost, 2 % overtaken, SACK blocks; 32 connections\n"
  "syn    a SYN from anywhere\n"
  "idle   one connection after the other opens, is asked, answers, is silent\n"
  "many   32 octets of each of 1,000 connections, one after the other\n"
  "zipf   the same of some much more often than of others\n"
  "with any of -ipv6, -vlan, -vxlan, -gre, -fragments behind, in this order,\n"
  "and any of ,flows=N ,size=OCTETS ,loss=PER_MILLE ,turns=N, with which short\n"
  "connections break off behind N of their 10 packets\n";

/* Takes WORD off the front of *TEXT, if it is there. */
static int take_word(const char **text, const char *word) {
  const size_t length = strlen(word);

  if (strncmp(*text, word, length) != 0) {
    return 0;
  }
  *text += length;
  return 1;
}

/* Takes WORD and a number from LEAST to MOST. */
static void take_number(const char **text, const char *word, uint32_t least,
                        uint32_t most, uint32_t *number) {
  const char *const before = *text;
  char *behind;

  if (!take_word(text, word)) {
    return;
  }
  const unsigned long value = strtoul(*text, &behind, 10);
  if (behind == *text || value < least || value > most) {
    *text = before; /* What is left over is an error. */
    return;
  }
  *text = behind;
  *number = (uint32_t)value;
}

/* Whether all of NAME was understood. */
static int read_settings(maker *m, const char *name) {
  for (size_t i = 0; i < sizeof(carriers) / sizeof(carriers[0]); i++) {
    m->carrier |= take_word(&name, carriers[i].name) ? carriers[i].bit : 0;
  }
  take_number(&name, ",flows=", 1, 1 << 26, &m->flows);
  take_number(&name, ",size=", 1, LONGEST - 1000, &m->size);
  take_number(&name, ",loss=", 0, 300, &m->loss);
  take_number(&name, ",turns=", 1, TURNS, &m->turns);
  return *name == '\0';
}

static void fill_noise(maker *m) {
  for (size_t i = 0; i < NOISE; i++) {
    m->noise[i] = (uint8_t)draw(m, 256);
  }
  memcpy(m->noise + NOISE, m->noise, sizeof(m->noise) - NOISE);
}

int workload_make(const char *name, size_t count, workload_sink *sink,
                  void *user) {
  static const maker fresh = {.loss = 20,
                              .turns = TURNS,
                              .random = UINT64_C(0x9e3779b97f4a7c15),
                              .now = 1700000000 * TCPFLOW_SECOND};
  maker *const m = malloc(sizeof(*m));
  size_t kind = 0;
  int error = -1;

  while (kind < sizeof(kinds) / sizeof(kinds[0]) &&
         !take_word(&name, kinds[kind].name)) {
    kind++;
  }
  if (kind < sizeof(kinds) / sizeof(kinds[0]) && m != NULL) {
    *m = fresh;
    m->sink = sink;
    m->user = user;
    m->left = count;
    m->flows = kinds[kind].flows;
    m->size = kinds[kind].size;
    if (read_settings(m, name)) {
      fill_noise(m);
      kinds[kind].make(m);
      error = m->error;
    }
  }
  free(m);
  return error;
}
